/** Addresses that send, by blocklist. */
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { Part, Soft } from '../places/Parts.tsx';
import place from '../places/Places.module.css';
import css from './Mail.module.css';
import { type AskedFacts, AsOf, NotYet, newestAt, State } from './MailParts.tsx';
import { type ListTable, listTable } from './mail-tables.ts';

export function Blocklists({ plans, seen, asking }: { plans: readonly PlannedCheck[] } & AskedFacts) {
  const table = listTable(plans, seen);
  const at = newestAt(plans, seen);
  return (
    <Part title="Blocklists" aside={at !== null && <AsOf at={at} />}>
      {plans.length === 0 && <Soft>No blocklist is asked. Name the addresses that send under “outbound” of the entry, and they are.</Soft>}
      {plans.length > 0 && !table && <NotYet asking={asking} />}
      {table && <ListGrid table={table} />}
    </Part>
  );
}

function ListGrid({ table }: { table: ListTable }) {
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Address or domain</th>
            {table.lists.map((list) => (
              <th key={list} scope="col">
                {list}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.about}>
              <th scope="row" className={css.short}>
                {row.about}
              </th>
              {row.cells.map((cell, index) => (
                <td key={table.lists[index]}>
                  {cell ? <State standing={cell.state} word={cell.word} /> : <span className={place.soft}>not asked</span>}
                  {cell?.text && <span className={css.value}>{cell.text}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The matrix link x prefix: columns are circuits, rows address ranges. A dead range over a circuit that is up has a look of its own. */
import { standingWord } from '../../shared/health/standing.ts';
import type { Standing } from '../../shared/model/words.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { select } from '../state/view.ts';
import css from './Matrix.module.css';
import type { Cell, CellLook, Matrix, Traffic } from './matrix.ts';
import { PlaceLink, Soft } from './Parts.tsx';

export function PrefixMatrix({ matrix }: { matrix: Matrix }) {
  const { links, rows } = matrix;
  if (rows.length === 0)
    return (
      <Soft>
        No address range is written for this site. Add your allocations under “prefixes”, each with the links in “via” and a few
        representatives.
      </Soft>
    );
  const outside = rows.some((row) => row.outside !== null);
  return (
    <div className={css.scroll}>
      <table className={css.matrix}>
        <thead>
          <tr>
            <th scope="col" className={css.corner}>
              Address range
            </th>
            {links.map((link) => (
              <th key={link.id} scope="col">
                <span className={css.link}>
                  <StandingMark standing={link.standing} silent />
                  <PlaceLink place={{ kind: 'link', id: link.id }}>{link.name}</PlaceLink>
                </span>
                <span className={css.soft}>circuit {standingWord[link.standing]}</span>
              </th>
            ))}
            <th scope="col">Traffic</th>
            {outside && <th scope="col">Seen from outside</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <button type="button" className={css.name} onClick={() => select(row.id)}>
                  {row.name}
                </button>
                {row.cidr && <span className={css.soft}>{row.cidr}</span>}
              </th>
              {row.cells.map((cell, index) => {
                const name = links[index]?.name ?? '';
                return cell ? <MatrixCell key={cell.link} cell={cell} link={name} range={row.name} /> : <Blank key={links[index]?.id} />;
              })}
              <td>
                <span className={css.traffic}>
                  <StandingMark standing={row.traffic.standing} silent />
                  {trafficText(row.traffic)}
                </span>
              </td>
              {outside && (
                <td>
                  {row.outside && (
                    <span className={css.outside}>
                      <StandingMark standing={row.outside.standing} />
                      {row.outside.text}
                    </span>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "3 of 3 answer". */
function trafficText({ standing, dead, all }: Traffic): string {
  if (all === 0) return 'not checked';
  if (standing === 'ok' || standing === 'degraded' || standing === 'down') return `${all - dead} of ${all} answer`;
  return standingWord[standing];
}

/** The shape of a cell: that of the standing which a person should see first. */
const shapeOf: Record<CellLook, Standing> = {
  fine: 'ok',
  'no-traffic': 'down',
  'some-traffic': 'degraded',
  poor: 'degraded',
  'circuit-down': 'down',
  'carried-elsewhere': 'unreachable',
  planned: 'maintenance',
  'not-known': 'unknown',
};

function MatrixCell({ cell, link, range }: { cell: Cell; link: string; range: string }) {
  const { look, circuit, traffic } = cell;
  return (
    <td
      className={css.cell}
      data-look={look}
      title={`${link}, ${range}: circuit ${standingWord[circuit]}, traffic ${standingWord[traffic.standing]}`}
    >
      <span className={css.inner}>
        <StandingMark standing={shapeOf[look]} silent />
        {cell.text}
      </span>
    </td>
  );
}

function Blank() {
  return (
    <td className={css.blank}>
      <span className="visually-hidden">not carried here</span>
      <span aria-hidden>·</span>
    </td>
  );
}

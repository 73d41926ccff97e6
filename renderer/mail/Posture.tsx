/** What the world can look up of a mail domain, line by line, and when that changed. */
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { Part, Soft } from '../places/Parts.tsx';
import place from '../places/Places.module.css';
import { engine } from '../state/connect.ts';
import css from './Mail.module.css';
import { type AskedFacts, AsOf, NotYet, newestAt, State } from './MailParts.tsx';
import { type Drift, postureRows } from './mail-tables.ts';

export function Posture({ plans, seen, asking }: { plans: readonly PlannedCheck[] } & AskedFacts) {
  const drift = useDrift(plans.map((plan) => plan.subject.id));
  const rows = postureRows(plans, seen, drift.changes);
  const at = newestAt(plans, seen);
  return (
    <Part title="DNS records and what the world sees" aside={at !== null && <AsOf at={at} />}>
      {plans.length === 0 && (
        <Soft>The records are not checked. They are once the entry names its servers, unless “records” is false.</Soft>
      )}
      {plans.length > 0 && !rows && <NotYet asking={asking} />}
      {rows && rows.length > 0 && (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Of</th>
                <th scope="col">State</th>
                <th scope="col">What is there</th>
                <th scope="col">Changed</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row" className={css.short}>
                    {row.aspect}
                  </th>
                  <td>{row.about}</td>
                  <td>
                    <State standing={row.state} word={row.word} />
                  </td>
                  <td>
                    {row.text}
                    {row.value !== '' && row.value !== row.text && <span className={css.value}>{row.value}</span>}
                  </td>
                  <td className={css.short}>
                    {row.changedAt === null ? <span className={place.soft}>–</span> : <Time at={row.changedAt} format="stamp" />}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {plans.length > 0 && <Changes drift={drift} />}
    </Part>
  );
}

const mostDrift = 8;
const driftRead = 300;
const driftRefreshMs = 30_000;

/** When what the world sees changed, from the timeline, newest first. */
function useDrift(subjects: readonly string[]) {
  const asked = useAsk(
    subjects.length === 0 ? null : `drift ${subjects.join(' ')}`,
    () => engine.events({ before: null, limit: driftRead, kinds: ['observed'], subjects: [...subjects], text: null, from: null, to: null }),
    { everyMs: driftRefreshMs },
  );
  const changes = (asked.value ?? []).flatMap((event): Drift[] =>
    event.kind === 'observed' ? [{ id: event.id, at: event.at, code: event.payload.code, text: event.payload.text }] : [],
  );
  return { ...asked, changes };
}

function Changes({ drift }: { drift: ReturnType<typeof useDrift> }) {
  const { changes } = drift;
  return (
    <>
      <h4 className={place.small}>Changes</h4>
      {drift.failure && (
        <Notice tone="warn" actions={<Button onClick={drift.again}>Try again</Button>}>
          The changes cannot be shown. {drift.failure}
        </Notice>
      )}
      {drift.value && changes.length === 0 && <Soft>None has been seen.</Soft>}
      <ol className={place.rows}>
        {changes.slice(0, mostDrift).map((it) => (
          <li key={it.id}>
            <span className={place.soft}>
              <Time at={it.at} format="stamp" />
            </span>{' '}
            {it.text}
          </li>
        ))}
      </ol>
      {changes.length > mostDrift && <Soft>and {changes.length - mostDrift} more in the timeline</Soft>}
    </>
  );
}

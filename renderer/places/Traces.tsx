/** The last trace that came through beside the last that did not, of whatever goes over a link; where it dies is marked. */
import { Route } from 'lucide-react';
import { useState } from 'react';
import type { LiveTables } from '../../shared/live.ts';
import type { Subject } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { humanLatency } from '../../shared/time.ts';
import { type Hop, type Trace, whereItDies } from '../../shared/trace.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { newestOf } from '../detail/SubjectEvents.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { checksOf, standingOfRecord } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { say } from '../state/view.ts';
import { Part, Soft } from './Parts.tsx';
import { lossText } from './smoke-shape.ts';
import css from './Traces.module.css';
import { traceRows } from './trace-rows.ts';
import { useDerived } from './use-derived.ts';

interface Target {
  check: string;
  subject: string;
  label: string;
  standing: Standing;
}
/** What can be traced over a link: representatives of the ranges that it carries, then its own gateway; what fails stands first. */
function targetsOf(tables: LiveTables, link: string): Target[] {
  const prefixes = Object.values(tables.subjects).filter((it) => it.kind === 'prefix' && it.dependsOn.flat().includes(link));
  const targets = [...prefixes.map((it) => it.id), link].flatMap((subject) =>
    checksOf(tables, subject).flatMap((check): Target[] => {
      const plan = tables.plans[check];
      const record = tables.checks[check];
      if (plan?.type !== 'icmp') return [];
      const name = subject === link ? 'gateway' : (tables.subjects[subject]?.name ?? subject);
      return [{ check, subject, label: `${name} · ${plan.target}`, standing: record ? standingOfRecord(record) : 'pending' }];
    }),
  );
  return targets.sort((a, b) => Number(b.standing === 'down') - Number(a.standing === 'down'));
}

export function Traces({ link }: { link: Subject }) {
  const targets = useDerived((tables) => targetsOf(tables, link.id));
  const [chosen, setChosen] = useState<string | null>(null);
  // It stays where it is while another target fails, so that what is being read does not jump.
  const target = targets.find((it) => it.check === chosen) ?? targets[0];
  return (
    <Part title="Traces">
      {!target && <Soft>There is nothing to trace: neither this link nor a range that it carries has an address that is pinged.</Soft>}
      {target && (
        <>
          <label className={css.choose}>
            Way to
            <select value={target.check} onChange={(event) => setChosen(event.target.value)}>
              {targets.map((it) => (
                <option key={it.check} value={it.check}>
                  {it.label}
                  {it.standing === 'down' ? ' (down)' : ''}
                </option>
              ))}
            </select>
          </label>
          <TracePair key={target.check} target={target} onTouch={() => setChosen(target.check)} />
        </>
      )}
    </Part>
  );
}

const noTrace = 'No trace yet. One is made when this fails, or when you ask for it.';

function TracePair({ target, onTouch }: { target: Target; onTouch(): void }) {
  const newest = useLive((live) => newestOf(live.tables.events, target.subject, 'traced'));
  const asked = useAsk(`traces ${target.check}`, () => engine.lastTraces({ check: target.check }), { version: newest });
  const [tracing, setTracing] = useState(false);
  const good = asked.value?.good ?? null;
  const bad = asked.value?.bad ?? null;
  const start = async () => {
    onTouch();
    setTracing(true);
    const reply = await engine.trace({ check: target.check });
    setTracing(false);
    if (!reply.ok) say(`The way could not be followed. ${reply.failure.text}`, 'bad');
    else {
      say(`Traced: ${reply.value.text}.`);
      asked.again();
    }
  };
  const rows = traceRows(good, bad);
  return (
    <>
      <div className={css.line}>
        <p className={css.verdict} data-bad={bad !== null && (good === null || bad.at > good.at) ? true : undefined}>
          {bad ? `The last one that failed: ${whereItDies(bad, good)}.` : good ? 'No trace of it has failed.' : asked.value ? noTrace : ''}
        </p>
        <Button icon={<Route />} busy={tracing} onClick={() => void start()}>
          {tracing ? 'Following the way…' : 'Trace now'}
        </Button>
      </div>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          The traces cannot be shown. {asked.failure}
        </Notice>
      )}
      {!asked.value && !asked.failure && <Soft>Reading the traces…</Soft>}
      {rows.length > 0 && (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">Hop</th>
                <th scope="col">
                  <TraceHead title="Last that came through" trace={good} />
                </th>
                <th scope="col">
                  <TraceHead title="Last that failed" trace={bad} />
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.at} data-dies={row.dies || undefined}>
                  <th scope="row">{row.at}</th>
                  <td>
                    <HopText hop={row.good} />
                  </td>
                  <td data-differs={row.differs || undefined} data-beyond={row.beyond || undefined}>
                    {row.beyond && !row.bad?.address ? <span className={css.soft}>silent</span> : <HopText hop={row.bad} />}
                    {row.differs && <span className={css.note}>another router</span>}
                    {row.dies && (
                      <span className={css.dies}>
                        <StandingMark standing="down" silent /> dies behind this
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function TraceHead({ title, trace }: { title: string; trace: Trace | null }) {
  return (
    <>
      {title}
      <span className={css.soft}> {trace ? <Time at={trace.at} format="stamp" /> : '· none yet'}</span>
    </>
  );
}

function HopText({ hop }: { hop: Hop | null }) {
  if (!hop) return null;
  if (hop.address === null) return <span className={css.soft}>no answer</span>;
  const lost = hop.lossPercent !== null && hop.lossPercent > 0;
  return (
    <span className={css.hop}>
      <span>{hop.address}</span>
      {hop.name && <strong>{hop.name}</strong>}
      {hop.ms !== null && <span className={css.soft}>{humanLatency(hop.ms)}</span>}
      {lost && <span className={css.note}>{lossText(hop.lossPercent ?? 0)} lost</span>}
      {hop.refuses && <span className={css.note}>knows no way on</span>}
    </span>
  );
}

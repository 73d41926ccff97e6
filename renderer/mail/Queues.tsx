/** The mail queue: how long it was over time, and for whom and why its mail waits now. */
import { useState } from 'react';
import { capital } from '../../shared/alerting/names.ts';
import { delaySentence } from '../../shared/checks/queue.ts';
import { rateWords } from '../../shared/checks/queue-delay.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { SpanKey } from '../charts/axis.ts';
import { HistoryPanel } from '../charts/HistoryPanel.tsx';
import { Time } from '../components/Time.tsx';
import { Part, Soft } from '../places/Parts.tsx';
import css from './Mail.module.css';
import { type AskedFacts, NotYet, useChosen, Verdict } from './MailParts.tsx';
import { queueFacts } from './mail-facts.ts';

export function Queues({ plans, seen, asking }: { plans: readonly PlannedCheck[] } & AskedFacts) {
  const { plan, choices } = useChosen(plans);
  const [span, setSpan] = useState<SpanKey>('24h');
  const facts = plan ? queueFacts(seen[plan.id]) : null;
  const delay = facts && delaySentence(facts);
  const rate = facts?.ratePerMinute === undefined ? null : rateWords(facts.ratePerMinute);
  return (
    <Part title="Queue" aside={choices}>
      {!plan && (
        <Soft>
          Nobody looks into the queue. Say under “queue” of the entry where its list comes from: over ssh, from this computer, or from a
          URL.
        </Soft>
      )}
      {plan && (
        <>
          <Verdict plan={plan} />
          {(delay || rate) && <p>{[delay && `${capital(delay)}.`, rate && `The queue has ${rate}.`].filter(Boolean).join(' ')}</p>}
          <HistoryPanel plan={plan} span={span} onSpan={setSpan} />
          {!facts && <NotYet asking={asking} />}
          {facts && ((facts.domains?.length ?? 0) > 0 || (facts.reasons?.length ?? 0) > 0) && (
            <div className={css.pair}>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th scope="col">Waits for</th>
                    <th scope="col" className={css.number}>
                      Messages
                    </th>
                    <th scope="col" className={css.number}>
                      Oldest
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {facts.domains?.map((it) => (
                    <tr key={it.domain}>
                      <th scope="row">{it.domain}</th>
                      <td className={css.number}>{it.count}</td>
                      <td className={css.number}>
                        <Time at={it.oldestAt} format="since" />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th scope="col">Because</th>
                    <th scope="col" className={css.number}>
                      Messages
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {facts.reasons?.map((it) => (
                    <tr key={it.text}>
                      <th scope="row">{it.text}</th>
                      <td className={css.number}>{it.count}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Part>
  );
}

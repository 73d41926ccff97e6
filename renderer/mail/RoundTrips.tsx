/** The round trips of test messages: the newest one step by step, and how long they took over time. */
import { useState } from 'react';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { SpanKey } from '../charts/axis.ts';
import { HistoryPanel } from '../charts/HistoryPanel.tsx';
import { Part, Soft } from '../places/Parts.tsx';
import place from '../places/Places.module.css';
import { useZone } from '../state/live.ts';
import css from './Mail.module.css';
import { type AskedFacts, NotYet, useChosen, Verdict } from './MailParts.tsx';
import { tripFacts } from './mail-facts.ts';
import { tripOthers, tripSteps } from './mail-tables.ts';

export function RoundTrips({ plans, seen, asking }: { plans: readonly PlannedCheck[] } & AskedFacts) {
  const { plan, choices } = useChosen(plans);
  const zone = useZone();
  const [span, setSpan] = useState<SpanKey>('24h');
  const facts = plan ? tripFacts(seen[plan.id]) : null;
  const steps = facts ? tripSteps(facts) : [];
  const others = facts ? tripOthers(facts, zone) : [];
  return (
    <Part title="Round trip" aside={choices}>
      {!plan && (
        <Soft>
          No test message is sent. Give the entry a test mailbox in the inventory (mailbox: an address and the name of the secret with its
          password), and one goes round every few minutes.
        </Soft>
      )}
      {plan && (
        <>
          <Verdict plan={plan} />
          <HistoryPanel plan={plan} span={span} onSpan={setSpan} />
          <h4 className={place.small}>The newest message, step by step</h4>
          {!facts && <NotYet asking={asking} />}
          {facts && steps.length === 0 && <Soft>The newest one was not handed in.</Soft>}
          <ol className={css.hops}>
            {steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one message, in their order
              <li key={index} className={css.hop}>
                <b>{step.took || '–'}</b>
                <span className={place.text}>{step.text}</span>
              </li>
            ))}
          </ol>
          {others.length > 0 && (
            <ul className={place.rows}>
              {others.map((text) => (
                <li key={text} className={place.soft}>
                  {text}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Part>
  );
}

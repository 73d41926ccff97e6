/** What the parts of a mail domain's page share. */
import { useState } from 'react';
import type { SeenFacts } from '../../shared/contract.ts';
import { standingWord } from '../../shared/health/standing.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { Soft } from '../places/Parts.tsx';
import place from '../places/Places.module.css';
import { checkLabel } from '../state/derive.ts';
import { useCheck } from '../state/live.ts';
import { select } from '../state/view.ts';
import css from './Mail.module.css';
import type { Seen } from './mail-facts.ts';

/** What the probes of the page saw, and whether it is being asked for. */
export interface AskedFacts {
  seen: Seen;
  asking: boolean;
}

export function State({ standing, word }: { standing: Standing; word?: string }) {
  return (
    <span className={css.state} data-standing={standing}>
      <StandingMark standing={standing} silent />
      {word ?? standingWord[standing]}
    </span>
  );
}

/** Said where the engine was started after the newest probe. */
export const NotYet = ({ asking }: { asking: boolean }) => (
  <Soft>{asking ? 'Reading what the probes saw…' : 'Nothing has been seen since Nightdesk was started. The next look appears here.'}</Soft>
);

/** One of several checks of a kind, each with its chart. */
export function useChosen(plans: readonly PlannedCheck[]) {
  const [chosen, setChosen] = useState<string | null>(null);
  const plan = plans.find((it) => it.id === chosen) ?? plans[0];
  const choices = plans.length > 1 && (
    <fieldset className={place.spans} aria-label="Check">
      {plans.map((it) => (
        <button key={it.id} type="button" className={place.span} aria-pressed={it.id === plan?.id} onClick={() => setChosen(it.id)}>
          {checkLabel(it)}
        </button>
      ))}
    </fieldset>
  );
  return { plan, choices };
}

/** What a check says now; a click shows it on the desk. */
export function Verdict({ plan }: { plan: PlannedCheck }) {
  const text = useCheck(plan.id)?.state.verdict?.text;
  return (
    <p>
      <button type="button" className={place.link} onClick={() => select(plan.subject.id, plan.id)}>
        {checkLabel(plan)}
      </button>{' '}
      {text ?? 'no result yet'}
    </p>
  );
}

export function newestAt(plans: readonly PlannedCheck[], seen: Record<string, SeenFacts | null>): number | null {
  const times = plans.flatMap((plan) => seen[plan.id]?.at ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

export const AsOf = ({ at }: { at: number }) => (
  <span className={place.soft}>
    as of <Time at={at} format="stamp" />
  </span>
);

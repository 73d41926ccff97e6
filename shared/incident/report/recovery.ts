/** How it came back: which part of what, when. */
import { checkLabel } from '../../alerting/names.ts';
import { clean, listOf } from '../../text.ts';
import { MINUTE } from '../../time.ts';
import type { Spell } from '../spells.ts';
import type { StepFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

/** Recoveries of one thing within this time are one step. */
const togetherMs = MINUTE;
const mostSteps = 500;

interface Back {
  check: string;
  /** Its last recovery; null = it is still out, or nobody knows. */
  at: number | null;
  evidence: string[];
}

/** When a check was back for good. What came and went in between is no recovery. */
function lastOf(check: string, spells: readonly Spell[]): Back {
  const end = spells.reduce((a, b) => ((b.to ?? Number.POSITIVE_INFINITY) >= (a.to ?? Number.POSITIVE_INFINITY) ? b : a));
  const isBack = end.end === 'recovered' && end.to !== null;
  return { check, at: isBack ? end.to : null, evidence: isBack ? end.evidence.slice(-1) : [] };
}

export function recoverySteps(context: Context): StepFact[] {
  const backs = [...context.byCheck].map(([check, spells]) => lastOf(check, spells));
  const byThing = Map.groupBy(backs, (it) => context.subjectOf(it.check));
  const steps: StepFact[] = [];
  for (const [id, all] of byThing) {
    const thing = context.thing(id);
    const back = all.filter((it) => it.at !== null).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    let done = 0;
    while (done < back.length) {
      const first = (back[done] as Back).at ?? 0;
      const step = back.slice(done).filter((it) => (it.at ?? 0) <= first + togetherMs);
      done += step.length;
      // It is back with the last of them: said sooner, it would be well before it was.
      const at = step.at(-1)?.at ?? first;
      steps.push({
        at,
        thing,
        back: done,
        of: all.length,
        what: thing.kind === 'prefix' ? 'addresses' : 'checks',
        full: done === all.length,
        all: false,
        thingsBack: 0,
        thingsOf: byThing.size,
        text: clean(
          listOf(
            step.map(({ check }) => {
              const plan = context.plans.get(check);
              return plan ? checkLabel(plan) : check;
            }),
            6,
          ),
          300,
        ),
        evidence: keys(step.flatMap((it) => it.evidence)),
      });
    }
  }
  steps.sort((a, b) => a.at - b.at);
  let whole = 0;
  for (const step of steps) {
    if (step.full) whole += 1;
    step.thingsBack = whole;
    step.all = whole === byThing.size;
  }
  return steps.filter((step) => step.evidence.length > 0).slice(0, mostSteps);
}

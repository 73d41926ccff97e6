/** What all kinds of affected things have in common: what it is, when it was hit, for how long, and how much of that was planned. */
import { workOn } from '../planned.ts';
import type { Spell } from '../spells.ts';
import { merge, overlap, type Stretch, sumOf } from '../stretches.ts';
import type { StretchFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

export const mostStretches = 50;

/** @param stretches at least one, by time and apart from each other */
export function shape(context: Context, id: string, stretches: readonly Stretch[], level: Spell['level'], more: string[]) {
  const { input, facts } = context;
  const first = stretches[0] as Stretch;
  const last = stretches.at(-1) as Stretch;
  const works = workOn(facts.works, id);
  return {
    ...context.thing(id),
    from: first.from,
    to: last.to,
    lastedMs: Math.max(0, sumOf(stretches, input.to)),
    times: stretches.length,
    stretches: stretches
      .slice(0, mostStretches)
      .map((it): StretchFact => ({ from: it.from, to: it.to, level, evidence: keys(it.evidence) })),
    plannedMs: works.length === 0 ? 0 : Math.max(0, sumOf(overlap(stretches, merge(works)), input.to)),
    evidence: keys([...stretches.flatMap((it) => it.evidence), ...more]),
  };
}

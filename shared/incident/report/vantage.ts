/** What was seen from outside, and what from inside: a service that works inside and cannot be reached is another fault than one that is down. */
import type { PlannedCheck } from '../../model/plan.ts';
import { coverageKey } from '../evidence.ts';
import type { ReportFacts } from './schema.ts';
import type { SaidFact } from './schema-parts.ts';
import { byKind, type Context, keys } from './things.ts';
import { workedThroughout } from './ways.ts';

/** They look from within the machine, or are called from there. */
const within: ReadonlySet<string> = new Set(['inside', 'push']);
const isInside = (plan: PlannedCheck): boolean => (plan.vantage as string) !== 'desk' || within.has(plan.type);
/** What people write of the two sides is theirs; it is only found by its words, never judged. */
const ofSides = /\b(inside|internal|internally|outside|external|externally)\b/i;
const mostThings = 200;

type Side = ReportFacts['vantage']['inside']['things'][number];

export function vantageFacts(context: Context, said: readonly SaidFact[]): ReportFacts['vantage'] {
  const { facts, input } = context;
  const ids = new Set([...context.bySubject.keys(), ...facts.scope.behind.keys()]);
  // What carries a service is where the inside of it is looked at.
  for (const id of [...ids]) for (const host of context.subjects.get(id)?.hosts ?? []) ids.add(host);
  const known = [...ids]
    .filter((id) => context.subjects.has(id))
    .map(context.thing)
    .sort(byKind);
  const side = (inside: boolean): Side[] =>
    known
      .flatMap((thing): Side[] => {
        const plans = context.plansOf(thing.id).filter((plan) => isInside(plan) === inside);
        if (plans.length === 0) return [];
        const spells = plans.flatMap((plan) => context.troubled.get(plan.id) ?? []);
        const bad = spells.filter((spell) => spell.level !== 'unknown');
        if (bad.length > 0) return [{ ...thing, state: 'failed', evidence: keys(bad.flatMap((spell) => spell.evidence)) }];
        const worked = spells.length === 0 && plans.every((plan) => workedThroughout(context, plan));
        const evidence = spells.length > 0 ? keys(spells.flatMap((spell) => spell.evidence)) : [coverageKey(plans.slice(0, 50))];
        return [{ ...thing, state: worked ? 'worked' : 'not-known', evidence }];
      })
      .slice(0, mostThings);
  return {
    outside: { things: side(false) },
    inside: { watched: input.plans.some(isInside), things: side(true) },
    said: said.filter((it) => ofSides.test(it.text)).slice(0, 20),
  };
}

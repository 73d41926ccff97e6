/** How sure the best explanation is, and why no surer. Pure. */
import { subjectIdOf } from '../alerting/names.ts';
import type { Doubt } from './cause.ts';
import type { Seen } from './hypothesis.ts';
import { fewestChecks, isFirm, near, shares } from './likelihood.ts';
import type { Topology } from './topology.ts';
import type { Diagnosis } from './types.ts';
import type { Scored } from './weigh.ts';

export interface Confidence {
  confidence: Diagnosis['confidence'];
  doubt: Doubt | null;
  /** What comes nearest and says something else. */
  rival: Scored | null;
}

/**
 * Sure only where nothing else comes near, nothing contradicts it, it leaves nothing of the alert, and one thing is named.
 * Unsure where fewer than two checks speak, something else is about as likely, or as much speaks against it as for it.
 * @param scored best first, at least one
 */
export function confidenceOf(scored: readonly Scored[], seen: Seen, topology: Topology): Confidence {
  const [best, ...others] = scored;
  if (!best) return { confidence: 'unsure', doubt: 'few', rival: null };
  const rivals = others.filter((it) => !isSame(it, best));
  const rival = rivals.find((it) => it.share >= Math.max(shares.shown, best.share * shares.rival)) ?? null;
  const made = (confidence: Diagnosis['confidence'], doubt: Doubt | null): Confidence => ({ confidence, doubt, rival });
  const known = new Set(best.explains);
  const left = seen.failing.reduce((sum, id) => sum + (known.has(id) ? 0 : 1), 0);
  const explained = seen.failing.length - left;

  if (speaking(best, seen, topology) < fewestChecks) return made('unsure', 'few');
  if (best.contradicts.length > 0 && best.contradicts.length * 3 > best.explains.length) return made('unsure', 'contradicted');
  if (left > explained) return made('unsure', 'rest');
  const strangers = rivals.filter((it) => !isWithin(it, best) && !isWithin(best, it));
  const nearest = strangers[0]?.share ?? 0;
  if (nearest >= best.share * near || 1 - sumOf(strangers) < shares.likely) return made('unsure', 'near');
  if (best.contradicts.length > 0) return made('likely', 'contradicted');
  if (left > 0) return made('likely', 'rest');
  if (best.cause.culprits.length > 1) return made('likely', 'which');
  if (1 - sumOf(rivals) < shares.sure) return made('likely', hasUnseen(best, seen) ? 'unseen' : 'near');
  // That several things have it in common is all that is seen of it.
  if (best.cause.kind === 'dependency' && !best.explains.some((id) => best.cause.culprits.includes(subjectIdOf(id))))
    return made('likely', 'near');
  return made('sure', null);
}

const sumOf = (all: readonly Scored[]): number => all.reduce((sum, it) => sum + it.share, 0);

/** Checks of which something is known, among those that the explanation speaks of and those of what stands next to it. */
function speaking({ expectations, fallen }: Scored, { of }: Seen, topology: Topology): number {
  const known = new Set([...expectations.keys()].filter((id) => of.has(id)));
  const subjects = new Set(fallen);
  for (const id of expectations.keys()) subjects.add(subjectIdOf(id));
  for (const id of subjects) {
    if (known.size >= fewestChecks) break;
    for (const near of [id, ...topology.needs(id).flat(), ...topology.children(id)])
      for (const plan of topology.checksOf(near)) if (of.has(plan.id)) known.add(plan.id);
  }
  return known.size;
}

const hasUnseen = ({ expectations }: Scored, { of }: Seen): boolean =>
  [...expectations].some(([id, wanted]) => isFirm(wanted) && !of.has(id));

/** A program of one check and that check: two words for one thing. */
const isSame = (a: Scored, b: Scored): boolean =>
  (a.cause.kind === 'check' || b.cause.kind === 'check') && a.expectations.size === b.expectations.size && isWithin(a, b);

/** Wider or narrower, but no other story: all that the one speaks of the other does too, and what is seen fits both alike. */
const isWithin = (inner: Scored, outer: Scored): boolean =>
  inner.explains.length === outer.explains.length &&
  inner.contradicts.length === outer.contradicts.length &&
  [...inner.expectations.keys()].every((id) => outer.expectations.has(id));

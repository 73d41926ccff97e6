/**
 * Weighs what could be broken against what is seen: naive Bayes over causes. Each cause says of every check whether it would fail, and how;
 * each sign makes it more or less likely; the prior prefers the simpler one. Signs that say nothing count nothing. Pure.
 */
import type { PlannedCheck } from '../model/plan.ts';
import { hypothesesOf } from './candidates.ts';
import type { Doubt, Weighed } from './cause.ts';
import { confidenceOf } from './confidence.ts';
import type { Hypothesis, Seen } from './hypothesis.ts';
import { atOnceMs, byChance, earlierMs, explainedFrom, isFirm, likelihood, otherAlert, sameWeight, wayEnds } from './likelihood.ts';
import { type Manner, mannerOf } from './signs.ts';
import { keyOf as addressKey, topologyOf } from './topology.ts';
import type { Diagnosis, DiagnosisInput, WayEnd } from './types.ts';

/** Best first, at most five; `failing`: the checks of the alert that fail now. */
export interface Ranking {
  ranked: Weighed[];
  failing: string[];
  /** Of those ranked: the best that says something else and comes near enough to be told. */
  runnerUp: Weighed | null;
  confidence: Diagnosis['confidence'];
  /** Null only where it is sure. */
  doubt: Doubt | null;
}

const mostRanked = 5;

/** A hypothesis with its weight: the natural logarithm of a likelihood. */
export interface Scored extends Hypothesis {
  weight: number;
  explains: string[];
  contradicts: string[];
  /** Its share of all, 0 to 1. */
  share: number;
}

/** @returns null where nothing of the alert fails now */
export function weigh(input: DiagnosisInput): Ranking | null {
  const { signs, alert } = input;
  const own = new Set([...alert.checks, ...alert.consequences]);
  const plans: PlannedCheck[] = [];
  const byId = new Map<string, PlannedCheck>();
  const of = new Map<string, Manner | 'passes'>();
  const failing: string[] = [];
  const atOnce = new Set<string>();
  const server = new Map<string, { key: string; address: string }>();
  for (const [id, sign] of signs) {
    plans.push(sign.plan);
    byId.set(id, sign.plan);
    if (sign.word === 'unknown') continue;
    if (sign.server !== undefined) server.set(id, { key: addressKey(sign.server), address: sign.server });
    if (sign.word === 'passes') of.set(id, 'passes');
    else if (own.has(id)) {
      of.set(id, mannerOf(sign));
      failing.push(id);
    } else if (sign.since === null || sign.since >= alert.firstAt - earlierMs) {
      of.set(id, mannerOf(sign));
      if (sign.since !== null && Math.abs(sign.since - alert.firstAt) <= atOnceMs) atOnce.add(id);
    }
  }
  if (failing.length === 0) return null;
  failing.sort();
  const seen: Seen = { of, failing, server, atOnce };
  const topology = topologyOf(input.graph, plans);
  const scored = shared(merged(distinct(hypothesesOf(topology, seen, byId).map((it) => score(it, seen, own, input.ways)))));
  const ranked = scored.slice(0, mostRanked).map((it): Weighed => weighedOf(it, failing));
  const { confidence, doubt, rival } = confidenceOf(scored, seen, topology);
  return { ranked, failing, runnerUp: rival ? weighedOf(rival, failing) : null, confidence, doubt };
}

const weighedOf = ({ cause, share, explains, contradicts }: Scored, failing: readonly string[]): Weighed => {
  const known = new Set(explains);
  return { cause, share, explains, contradicts, unexplained: failing.filter((id) => !known.has(id)) };
};

/** Only what it says of is looked at: all else weighs the same with every hypothesis. */
function score(it: Hypothesis, { of, atOnce }: Seen, own: ReadonlySet<string>, ways: readonly WayEnd[]): Scored {
  // Counted first and summed in one order: a sum of fractions depends on it, and a tie must not.
  const counts = new Map<number, number>();
  const count = (chance: number): unknown => counts.set(chance, (counts.get(chance) ?? 0) + 1);
  const others = { atOnce: 0, later: 0 };
  let isOwn = false;
  const explains: string[] = [];
  const contradicts: string[] = [];
  for (const [id, wanted] of it.expectations) {
    const word = of.get(id);
    if (word === undefined) continue;
    const chance = likelihood[wanted][word];
    if (word === 'passes') {
      count(chance / byChance.passes);
      if (isFirm(wanted)) contradicts.push(id);
      continue;
    }
    const isExplained = chance >= explainedFrom;
    if (isExplained) explains.push(id);
    if (own.has(id)) {
      count(chance / byChance.fails);
      isOwn ||= isExplained && isFirm(wanted);
    } else if (!isExplained) count(chance / byChance.passes);
    else if (isFirm(wanted)) others[atOnce.has(id) ? 'atOnce' : 'later'] += 1;
  }
  const seen = [...counts].sort(([a], [b]) => a - b).reduce((sum, [chance, times]) => sum + times * Math.log(chance), 0);
  const merit = others.later * Math.log(otherAlert.each) + others.atOnce * Math.log(otherAlert.atOnce);
  // One that says of nothing in this alert that it must fail is no explanation of it.
  const weight = isOwn
    ? Math.log(it.prior) + seen + Math.min(merit, Math.log(otherAlert.most)) + wayWeight(it, ways)
    : Number.NEGATIVE_INFINITY;
  return { ...it, weight, explains: explains.sort(), contradicts: contradicts.sort(), share: 0 };
}

/** Whether the ways to what it broke end in its network. Where they disagree they say nothing. */
function wayWeight({ cause: { kind, culprits }, fallen }: Hypothesis, ways: readonly WayEnd[]): number {
  if (kind !== 'link' && kind !== 'link-prefixes' && kind !== 'link-loss') return 0;
  let here = false;
  let elsewhere = false;
  for (const { subject, link } of ways) {
    if (link === null || !fallen.has(subject)) continue;
    if (culprits.includes(link)) here = true;
    else elsewhere = true;
  }
  return here === elsewhere ? 0 : Math.log(here ? wayEnds.here : wayEnds.elsewhere);
}

const keyOf = ({ cause: { kind, culprits, prefixes } }: Scored): string => `${kind} ${culprits.join(' ')} ${prefixes.join(' ')}`;
const compare = (a: Scored, b: Scored): number => b.weight - a.weight || (keyOf(a) < keyOf(b) ? -1 : 1);

/** Of hypotheses with the same cause the one that weighs most; best first. */
function distinct(all: readonly Scored[]): Scored[] {
  const best = new Map<string, Scored>();
  for (const it of all) {
    if (it.weight === Number.NEGATIVE_INFINITY) continue;
    const key = keyOf(it);
    const have = best.get(key);
    if (!have || it.weight > have.weight) best.set(key, it);
  }
  return [...best.values()].sort(compare);
}

/** Causes of one kind that explain the very same and weigh the same are one: it is one of them. @param all best first */
function merged(all: readonly Scored[]): Scored[] {
  const groups = Map.groupBy(all, ({ cause, explains, contradicts }) =>
    cause.kind === 'check' ? cause.culprits : `${cause.kind} ${cause.prefixes} ${explains} ${contradicts}`,
  );
  const found: Scored[] = [];
  for (const [first, ...more] of groups.values()) {
    if (!first) continue;
    const same = more.filter((it) => first.weight - it.weight < Math.log(sameWeight));
    found.push(...more.filter((it) => !same.includes(it)), together([first, ...same]));
  }
  return found.sort(compare);
}

function together(all: readonly [Scored, ...Scored[]]): Scored {
  const [first] = all;
  if (all.length === 1) return first;
  const culprits = all.flatMap(({ cause }) => cause.culprits).sort();
  const weight = first.weight + Math.log(all.reduce((sum, it) => sum + Math.exp(it.weight - first.weight), 0));
  const fallen = new Set(all.flatMap((it) => [...it.fallen]));
  return { ...first, cause: { ...first.cause, culprits }, weight, fallen };
}

/** @param all best first */
function shared(all: readonly Scored[]): Scored[] {
  const most = all[0]?.weight ?? 0;
  const sum = all.reduce((total, it) => total + Math.exp(it.weight - most), 0);
  return all.map((it) => ({ ...it, share: Math.exp(it.weight - most) / sum }));
}

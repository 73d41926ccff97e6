/** How circuits and address ranges can be broken. Pure. */
import type { Subject } from '../model/plan.ts';
import { causeOf, type Hypothesis, type Seen, spreading } from './hypothesis.ts';
import { onePrefix, rarer } from './likelihood.ts';
import type { Topology } from './topology.ts';

export const prefixHypothesis = (topology: Topology, { id }: Subject): Hypothesis[] => [
  spreading(topology, causeOf('prefix', id), [id], { how: 'dead', isWay: true }),
];

/** A circuit is down; down and still announced; up and dropping some of its ranges; losing packets of all or some of them. */
export function linkHypotheses(topology: Topology, { id }: Subject, seen: Seen): Hypothesis[] {
  const dead = { how: 'dead', isWay: true } as const;
  const down = causeOf('link', id);
  const found = [spreading(topology, down, [id], dead)];
  const ranges = topology.children(id).filter((child) => topology.subject(child)?.kind === 'prefix');
  const words = new Map(ranges.map((range) => [range, wordOf(topology, range, seen)]));
  const having = (...wanted: (RangeWord | undefined)[]): string[] => ranges.filter((range) => wanted.includes(words.get(range)));
  const silent = having('silent');
  if (silent.length > 0) {
    found.push(spreading(topology, down, [id, ...silent], { ...dead, rarer: rarer.announced }));
    found.push(dropping(topology, id, silent));
    const perhaps = having('silent', 'unknown');
    if (perhaps.length > silent.length) found.push(dropping(topology, id, perhaps, rarer.perhaps));
  }
  return [...found, ...losing(topology, id, having('lossy'), seen)];
}

function dropping(topology: Topology, link: string, ranges: readonly string[], less = 1): Hypothesis {
  const weight = ranges.length === 1 ? onePrefix : 1;
  return spreading(topology, causeOf('link-prefixes', link, ranges), ranges, { how: 'dead', isWay: true, rarer: weight * less });
}

type RangeWord = 'works' | 'silent' | 'lossy' | 'unknown';

/** What is seen of a range: by its own checks, or where those say nothing by what goes into it. */
function wordOf(topology: Topology, range: string, { of }: Seen): RangeWord {
  const own = topology.checksOf(range).flatMap((plan) => of.get(plan.id) ?? []);
  const words = own.length > 0 ? own : [...topology.goingTo(range), ...behind(topology, range)].flatMap((plan) => of.get(plan.id) ?? []);
  if (words.includes('passes') && !words.includes('lossy')) return 'works';
  if (words.includes('lossy')) return 'lossy';
  return words.some((word) => word === 'gone' || word === 'unclear') ? 'silent' : 'unknown';
}
const behind = (topology: Topology, range: string) =>
  topology.children(range).flatMap((id) => (topology.subject(id)?.kind === 'host' ? topology.checksOf(id) : []));

/** Packets get lost: pings tell, other checks may or may not. What has another circuit may ride on that. */
function losing(topology: Topology, link: string, lossy: readonly string[], { of }: Seen): Hypothesis[] {
  const own = topology.checksOf(link).filter((plan) => plan.type === 'icmp');
  const isLossy = own.some((plan) => of.get(plan.id) === 'lossy' || of.get(plan.id) === 'unclear');
  const found: Hypothesis[] = [];
  const all = softened(spreading(topology, causeOf('link-loss', link), [link], { how: 'dead', isWay: true }), topology);
  const ranges = topology.children(link).filter((child) => topology.subject(child)?.kind === 'prefix');
  const maybe = spreading(topology, causeOf('link-loss', link), ranges, { how: 'dead', isWay: true });
  for (const id of maybe.expectations.keys()) if (!all.expectations.has(id)) all.expectations.set(id, 'open');
  if (isLossy || own.length === 0) found.push(all);
  if (lossy.length === 0) return found;
  const some = { how: 'dead', isWay: true, rarer: rarer.loss } as const;
  found.push(softened(spreading(topology, causeOf('link-loss', link, lossy), lossy, some), topology));
  if (isLossy) {
    const both = softened(spreading(topology, causeOf('link-loss', link), [link, ...lossy], { how: 'dead', isWay: true }), topology);
    found.push(both);
  }
  return found;
}

function softened(hypothesis: Hypothesis, topology: Topology): Hypothesis {
  const pings = new Set(topology.plans.filter((plan) => plan.type === 'icmp').map((plan) => plan.id));
  for (const id of hypothesis.expectations.keys()) hypothesis.expectations.set(id, pings.has(id) ? 'lossy' : 'open');
  return hypothesis;
}

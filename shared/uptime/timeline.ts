/** Stretches of time as breakpoints: what uptime is reckoned with. Exact: whole milliseconds, no sampling. */
import type { OutageStretch, UptimeParts } from './report.ts';

export type Part = keyof UptimeParts;

/** From `at` on (epoch ms) it is so, until the next one. Sorted; neighbours differ. */
export type Timeline = readonly { at: number; part: Part }[];
export interface Stretch {
  from: number;
  to: number;
}
/** How many of several timelines stand in each part at a moment. */
export type Tally = Readonly<Record<Part, number>>;

const none = (): Record<Part, number> => ({ up: 0, degraded: 0, down: 0, unreachable: 0, maintenance: 0, unknown: 0 });

/** Collects breakpoints in ascending order; a later one of the same moment stands in for the earlier. */
function collector(): { add(at: number, part: Part): void; all: Timeline } {
  const all: { at: number; part: Part }[] = [];
  return {
    all,
    add(at, part) {
      if (all.at(-1)?.at === at) all.pop();
      if (all.at(-1)?.part !== part) all.push({ at, part });
    },
  };
}

/** The timeline of spells between two moments: unknown before the first. */
export function timelineOf(spells: readonly { at: number; part: Part }[], from: number, to: number): Timeline {
  const made = collector();
  made.add(from, 'unknown');
  for (const { at, part } of spells.toSorted((a, b) => a.at - b.at)) if (at < to) made.add(Math.max(at, from), part);
  return made.all;
}

/**
 * Several timelines as one.
 * @param timelines all beginning at the same moment
 * @param rule how the whole stands, from how many stand in which part, and from how each does
 */
export function combine(timelines: readonly Timeline[], rule: (tally: Tally, each: readonly Part[]) => Part): Timeline {
  const made = collector();
  const tally = none();
  const each: Part[] = new Array(timelines.length);
  const breaks = timelines.flatMap((timeline, index) => timeline.map(({ at, part }) => ({ at, part, index }))).sort((a, b) => a.at - b.at);
  for (let i = 0; i < breaks.length; ) {
    const { at } = breaks[i] as (typeof breaks)[number];
    for (let one = breaks[i]; one?.at === at; i += 1, one = breaks[i]) {
      const before = each[one.index];
      if (before) tally[before] -= 1;
      tally[one.part] += 1;
      each[one.index] = one.part;
    }
    made.add(at, rule(tally, each));
  }
  return made.all;
}

/** Lays stretches over a timeline: within them, a part is replaced as `within` says. @param stretches sorted, apart from each other */
export function overlay(timeline: Timeline, stretches: readonly Stretch[], within: (part: Part) => Part): Timeline {
  const begin = timeline[0]?.at;
  if (begin === undefined || stretches.length === 0) return timeline;
  const made = collector();
  const edges = stretches.flatMap(({ from, to }) => [
    { at: Math.max(from, begin), inside: true },
    { at: Math.max(to, begin), inside: false },
  ]);
  let part: Part = 'unknown';
  let inside = false;
  let next = 0;
  for (const edge of [...edges, { at: Number.POSITIVE_INFINITY, inside: false }]) {
    for (let one = timeline[next]; one && one.at < edge.at; next += 1, one = timeline[next]) {
      part = one.part;
      made.add(one.at, inside ? within(part) : part);
    }
    if (edge.at === Number.POSITIVE_INFINITY) break;
    inside = edge.inside;
    // A breakpoint of the same moment comes after this one and stands in for it.
    made.add(edge.at, inside ? within(part) : part);
  }
  return made.all;
}

/** Sorted stretches within [from, to), those that touch each other made one. */
export function union(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  const clipped = stretches
    .map((it) => ({ from: Math.max(it.from, from), to: Math.min(it.to, to) }))
    .filter((it) => it.from < it.to)
    .sort((a, b) => a.from - b.from);
  const found: Stretch[] = [];
  for (const it of clipped) {
    const last = found.at(-1);
    if (last && it.from <= last.to) last.to = Math.max(last.to, it.to);
    else found.push(it);
  }
  return found;
}

/** Adds a timeline up. The parts add up to `to` minus its begin exactly. */
export function sumOf(timeline: Timeline, to: number): { parts: UptimeParts; outages: number; longestOutageMs: number } {
  const parts = none();
  let outages = 0;
  let longestOutageMs = 0;
  timeline.forEach(({ at, part }, index) => {
    const ms = (timeline[index + 1]?.at ?? to) - at;
    parts[part] += ms;
    // The last breakpoint may lie on the end itself.
    if (part === 'down' && ms > 0) {
      outages += 1;
      longestOutageMs = Math.max(longestOutageMs, ms);
    }
  });
  return { parts, outages, longestOutageMs };
}

/** When a thing was down, degraded, or gone in part, apart from each other. @param parts timelines of what it is made of */
export function outagesOf(whole: Timeline, parts: readonly Timeline[], to: number): OutageStretch[] {
  const when = (part: OutageStretch['part'], rule: (whole: Part, gone: boolean) => boolean): OutageStretch[] => {
    const timeline = combine([whole, ...parts], (_, [first, ...others]) => (rule(first as Part, others.includes('down')) ? 'down' : 'up'));
    return timeline.flatMap(({ at, part: is }, index) => {
      const end = timeline[index + 1]?.at ?? to;
      return is === 'down' && end > at ? [{ from: at, to: end, part }] : [];
    });
  };
  return [
    ...when('down', (it) => it === 'down'),
    ...when('partial', (it, gone) => gone && (it === 'up' || it === 'degraded')),
    ...when('degraded', (it, gone) => !gone && it === 'degraded'),
  ].sort((a, b) => a.from - b.from);
}

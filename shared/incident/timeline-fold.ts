/** Lines of the table of what happened, and the ways to make many of them few. */
import { describeEvent, type EventNames } from '../model/describe-event.ts';
import type { NightEvent } from '../model/event.ts';
import { clean, count, listOf } from '../text.ts';
import { MINUTE, SECOND } from '../time.ts';
import { few } from './evidence.ts';
import { type Crowd, tellingOf } from './telling.ts';
import type { Times } from './times.ts';

/** More rows than this are read by nobody. */
export const mostRows = 200;

export interface Line {
  at: number;
  /** Last moment of a folded line. */
  until: number;
  label: string;
  text: string;
  by: string;
  evidence: string[];
  /** As in Telling. */
  crowd: Crowd | null;
  weight: 0 | 1 | 2;
  /** Of what people wrote the first to go. */
  isNote: boolean;
}

/** Puts events into words, each once: most of 100,000 are folded away before anybody reads them. */
export interface Teller {
  line: (event: NightEvent) => Line;
  label: (event: NightEvent) => string;
}

export function teller(names: EventNames): Teller {
  const lines = new Map<NightEvent, Line>();
  const labels = new Map<string, string>();
  return {
    line(event) {
      const known = lines.get(event);
      if (known) return known;
      const line = lineOf(event, names);
      lines.set(event, line);
      return line;
    },
    label(event) {
      const key = labelKey(event);
      const known = key === null ? undefined : labels.get(key);
      if (known !== undefined) return known;
      const { label } = describeEvent(event, names);
      if (key !== null) labels.set(key, label);
      return label;
    },
  };
}

/** Of the kinds that come in thousands: what their label hangs on. */
function labelKey(event: NightEvent): string | null {
  switch (event.kind) {
    case 'soft':
    case 'retry-ok':
    case 'stale':
    case 'fresh':
    case 'notify-failed':
    case 'alert-raised':
    case 'alert-recovered':
      return event.kind;
    case 'hard':
      // No string is made for each of them.
      return event.payload.covered === undefined ? event.payload.to : `${event.payload.covered} ${event.payload.to}`;
    case 'notified':
      return `notified ${event.payload.message}`;
    default:
      return null;
  }
}

function lineOf(event: NightEvent, names: EventNames): Line {
  const { label, text } = describeEvent(event, names);
  const { crowd, weight } = tellingOf(event, names);
  return {
    at: event.at,
    until: event.at,
    label,
    text,
    by: event.actor === 'engine' ? 'Nightdesk' : clean(event.actor, 80),
    evidence: [event.id],
    crowd,
    weight,
    isNote: event.kind === 'note' || (event.kind === 'logged' && event.payload.entry.type === 'note'),
  };
}

/** Of each thread with more than `keep` lines the first three and the last stay (one each where it must be shorter still). */
export function foldThreads(
  events: readonly NightEvent[],
  threads: ReadonlyMap<string | null, number[]>,
  keep: number,
  told: Teller,
  times: Times,
): Line[] {
  // By their place: sets of 100,000 objects are slow.
  const gone = new Uint8Array(events.length);
  const folded = new Map<number, Line>();
  for (const [name, thread] of threads) {
    if (name === null || thread.length <= keep) continue;
    const places = thread.slice(keep > 3 ? 3 : 1, -1);
    // Two lines say more than one that stands for them.
    if (places.length < (keep > 3 ? 2 : 3)) continue;
    const middle = places.map((index) => events[index] as NightEvent);
    const [first] = middle as [NightEvent];
    const last = middle.at(-1) as NightEvent;
    for (const index of places) gone[index] = 1;
    const line = told.line(first);
    folded.set(places[0] as number, {
      ...line,
      until: last.at,
      label: 'Again and again',
      text: `${whatIn(middle.map(told.label))} until ${times.cell(last.at)}; the first: ${clean(line.text, 300)}`,
      // Of many only the first and the last are cited.
      evidence: few([...middle.slice(0, 6), ...middle.slice(-6)].map((event) => event.id)),
      crowd: null,
    });
  }
  const lines: Line[] = [];
  for (const [index, event] of events.entries()) {
    const fold = gone[index] === 1 ? folded.get(index) : told.line(event);
    if (fold) lines.push(fold);
  }
  return lines;
}

/** So many alike make a crowd. */
const leastCrowd = 4;

/** What happened to several things within a minute, and alike, becomes one row at the time of the first. */
export function foldCrowds(lines: Line[], times: Times): Line[] {
  const crowds: Line[][] = [];
  const latest = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.crowd === null) continue;
    const key = `${line.label} ${line.crowd.key ?? ''}`;
    const crowd = latest.get(key);
    if (crowd?.[0] && line.at - crowd[0].at <= MINUTE) crowd.push(line);
    else {
      const begun = [line];
      latest.set(key, begun);
      crowds.push(begun);
    }
  }
  const replaced = new Map<Line, Line | null>();
  for (const crowd of crowds) {
    const names = [...new Set(crowd.map((line) => line.crowd?.name as string))];
    if (crowd.length < leastCrowd || names.length < 3) continue;
    const first = crowd[0] as Line;
    const seen = new Set(crowd.map((line) => line.crowd?.seen));
    const alike = seen.size === 1 && first.crowd?.seen ? `: ${first.crowd.seen}` : '';
    const until = (crowd.at(-1) as Line).at;
    const when = until - first.at >= SECOND ? ` until ${times.cell(until)}` : '';
    const text = clean(`${count(names.length, first.crowd?.noun ?? 'line')}${when} (${listOf(names, 5)})${alike}`, 1_000);
    for (const line of crowd) replaced.set(line, null);
    replaced.set(first, { ...first, until, text, evidence: crowd.flatMap((line) => line.evidence), crowd: null });
  }
  return lines.flatMap((line) => (replaced.has(line) ? (replaced.get(line) ?? []) : line));
}

/** The last resort: what turned the story, what people did and what alerts said stays longest; what goes is counted in one row. */
export function leaveOut(lines: Line[], times: Times, most: number, turns: ReadonlySet<string>): Line[] {
  if (lines.length <= most) return lines;
  const rank = (line: Line): number =>
    line.evidence.some((id) => turns.has(id)) ? 4 : line.weight < 2 ? line.weight : line.isNote ? 2 : 3;
  const kept = new Set<Line>();
  for (const level of [4, 3, 2, 1, 0]) {
    const those = lines.filter((line) => rank(line) === level);
    for (const line of spread(those, most - 1 - kept.size)) kept.add(line);
  }
  const gone = lines.filter((line) => !kept.has(line));
  const first = gone[0] as Line;
  const last = gone.at(-1) as Line;
  const row: Line = {
    ...first,
    label: 'Left out',
    text: `${count(gone.length, 'more line')} until ${times.cell(last.until)}: ${whatIn(gone.map((line) => line.label))}${most < mostRows ? '; the appendix says more' : ''}`,
    by: 'Nightdesk',
    evidence: few(gone.flatMap((line) => line.evidence)),
    crowd: null,
  };
  return lines.flatMap((line) => (line === first ? row : kept.has(line) ? line : []));
}

/** So many of them, from the first to the last, evenly: neither the beginning nor the end alone tells a story. */
function spread<T>(all: readonly T[], room: number): readonly T[] {
  if (all.length <= room) return all;
  if (room <= 1) return all.slice(0, Math.max(0, room));
  return Array.from({ length: room }, (_, index) => all[Math.round((index * (all.length - 1)) / (room - 1))] as T);
}

/** "12 × down, 12 × recovered and 20 × soft". */
function whatIn(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return listOf(
    [...counts].map(([label, n]) => `${n} × ${label.toLowerCase()}`),
    6,
  );
}

/** The table of what happened: everything that belongs to the story, long runs of the same folded into one row. */
import { describeEvent, type EventNames } from '../model/describe-event.ts';
import type { NightEvent } from '../model/event.ts';
import { clean, count, listOf } from '../text.ts';
import { MINUTE, SECOND } from '../time.ts';
import { belongsTo } from './belongs.ts';
import type { TableRow } from './draft.ts';
import { few } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { type Crowd, tellingOf } from './telling.ts';
import type { Times } from './times.ts';

/** More rows than this are read by nobody. */
export const mostRows = 200;

interface Line {
  at: number;
  /** Last moment of a folded line. */
  until: number;
  label: string;
  text: string;
  by: string;
  evidence: string[];
  /** As in Telling. */
  thread: string | null;
  crowd: Crowd | null;
  weight: 0 | 1 | 2;
}

/** A table that is read, not searched: longer ones say the rest in an appendix. */
export const mostRead = 40;

export interface Timeline {
  /** Time, event, by whom. */
  rows: TableRow[];
  /** All that was folded or left out of the rows, as far as anybody would read it; none where the rows say everything. */
  rest: TableRow[];
}

/**
 * @param most rows; what does not fit is folded, then left out: what people did and what turned the story stays longest
 * @returns with `most` below `mostRows` also the rest for an appendix, `mostRows` rows at most
 */
export function timelineOf(input: DraftInput, facts: IncidentFacts, names: EventNames, times: Times, most = mostRows): Timeline {
  const belongs = belongsTo(input, facts);
  const lines = input.events.filter((event) => event.at <= input.to && belongs(event)).map((event) => lineOf(event, names));
  const turns = turnsOf(facts);
  const write = (shown: readonly Line[]): TableRow[] =>
    shown.map((line) => ({ cells: [times.cell(line.at), `${line.label}: ${line.text}`, line.by], evidence: few(line.evidence) }));
  // Each way says less than the one before; the first that is short enough is taken.
  const ways = [() => foldCrowds(foldThreads(lines, 8, times), times), () => foldCrowds(foldThreads(lines, 3, times), times)];
  const folded = (room: number): Line[] => {
    let shown = lines;
    for (const fold of ways) {
      shown = fold();
      if (shown.length <= room) break;
    }
    return leaveOut(shown, times, room, turns);
  };
  const shown = folded(most);
  if (most >= mostRows || lines.length <= shown.length) return { rows: write(shown), rest: [] };
  const told = new Set(shown);
  return { rows: write(shown), rest: write((lines.length <= mostRows ? lines : folded(mostRows)).filter((line) => !told.has(line))) };
}

/** @returns at most `mostRows` rows: time, event, by whom */
export const timelineRows = (input: DraftInput, facts: IncidentFacts, names: EventNames, times: Times): TableRow[] =>
  timelineOf(input, facts, names, times).rows;

/** The lines at which the story turned: the first symptom, the alerts, who took it, the end. */
const turnsOf = ({ firstSymptom, detection, acknowledgement, recovery, works }: IncidentFacts): ReadonlySet<string> =>
  new Set(
    [
      firstSymptom?.evidence,
      detection?.evidence.slice(0, 1),
      acknowledgement?.evidence,
      recovery?.evidence,
      ...works.slice(0, 3).map((it) => [...it.evidence, ...(it.overrun?.evidence ?? [])]),
    ].flatMap((it) => it ?? []),
  );

function lineOf(event: NightEvent, names: EventNames): Line {
  const { label, text } = describeEvent(event, names);
  const { thread, crowd, weight } = tellingOf(event, names);
  return {
    at: event.at,
    until: event.at,
    label,
    text,
    by: event.actor === 'engine' ? 'Nightdesk' : clean(event.actor, 80),
    evidence: [event.id],
    thread,
    crowd,
    weight,
  };
}

/** Of each thread with more than `keep` lines the first three and the last stay (one each where it must be shorter still). */
function foldThreads(lines: Line[], keep: number, times: Times): Line[] {
  const replaced = new Map<Line, Line | null>();
  for (const [name, thread] of Map.groupBy(lines, (line) => line.thread)) {
    if (name === null || thread.length <= keep) continue;
    const middle = thread.slice(keep > 3 ? 3 : 1, -1);
    if (middle.length < 2) continue;
    const [first] = middle as [Line];
    const last = middle.at(-1) as Line;
    const text = `${whatIn(middle)} until ${times.cell(last.until)}; the first: ${clean(first.text, 300)}`;
    for (const line of middle) replaced.set(line, null);
    replaced.set(first, {
      ...first,
      until: last.until,
      label: 'Again and again',
      text,
      evidence: few(middle.flatMap((line) => line.evidence)),
      crowd: null,
    });
  }
  return lines.flatMap((line) => (replaced.has(line) ? (replaced.get(line) ?? []) : line));
}

/** So many alike make a crowd. */
const leastCrowd = 4;

/** What happened to several things within a minute, and alike, becomes one row at the time of the first. */
function foldCrowds(lines: Line[], times: Times): Line[] {
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
function leaveOut(lines: Line[], times: Times, most: number, turns: ReadonlySet<string>): Line[] {
  if (lines.length <= most) return lines;
  const rank = (line: Line): number => (line.evidence.some((id) => turns.has(id)) ? 3 : line.weight);
  const kept = new Set<Line>();
  for (const level of [3, 2, 1, 0]) {
    const those = lines.filter((line) => rank(line) === level);
    for (const line of spread(those, most - 1 - kept.size)) kept.add(line);
  }
  const gone = lines.filter((line) => !kept.has(line));
  const first = gone[0] as Line;
  const last = gone.at(-1) as Line;
  const row: Line = {
    ...first,
    label: 'Left out',
    text: `${count(gone.length, 'more line')} until ${times.cell(last.until)}: ${whatIn(gone)}`,
    by: 'Nightdesk',
    evidence: few(gone.flatMap((line) => line.evidence)),
    thread: null,
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
function whatIn(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { label } of lines) counts.set(label, (counts.get(label) ?? 0) + 1);
  return listOf(
    [...counts].map(([label, n]) => `${n} × ${label.toLowerCase()}`),
    6,
  );
}

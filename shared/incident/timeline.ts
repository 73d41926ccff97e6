/** The table of what happened: everything that belongs to the story, long runs of the same folded into one row. */
import type { EventNames } from '../model/describe-event.ts';
import type { NightEvent } from '../model/event.ts';
import { belongsTo } from './belongs.ts';
import type { TableRow } from './draft.ts';
import { few } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { namingsOf, turnsOfNaming } from './namings.ts';
import { threadOf, weightOf } from './telling.ts';
import { foldCrowds, foldThreads, type Line, leaveOut, mostRows, teller } from './timeline-fold.ts';
import type { Times } from './times.ts';

export { mostRows } from './timeline-fold.ts';

/** A table that is read, not searched: longer ones say the rest in an appendix. */
export const mostRead = 40;
/** So few are read in full. */
const fewRows = 15;

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
  // What people add when it is over belongs to its story as well.
  const isAfterword = (event: NightEvent): boolean =>
    !!input.incident && 'incident' in event.payload && event.payload.incident === input.incident.id;
  const all = input.events.filter((event) => (event.at <= input.to || isAfterword(event)) && belongs(event));
  const told = teller(names);
  const turns = turnsOf(input, facts);
  const write = (shown: readonly Line[]): TableRow[] =>
    shown.map((line) => ({ cells: [times.cell(line.at), `${line.label}: ${line.text}`, line.by], evidence: few(line.evidence) }));
  // Each way says less than the one before; the first that is short enough is taken.
  const waysOf = (events: readonly NightEvent[]): (() => Line[])[] => {
    const threads = once(() => Map.groupBy(events.keys(), (index) => threadOf(events[index] as NightEvent)));
    return [8, 3].map((keep) => once(() => foldCrowds(foldThreads(events, threads(), keep, told, times), times)));
  };
  const folded = (ways: readonly { lines: () => Line[]; enough: number }[], room: number): Line[] => {
    let shown: Line[] = [];
    for (const { lines, enough } of ways) {
      shown = lines();
      if (shown.length <= enough) break;
    }
    return leaveOut(shown, times, room, turns);
  };
  const upTo = (ways: (() => Line[])[], enough: number): { lines: () => Line[]; enough: number }[] =>
    ways.map((lines) => ({ lines, enough }));
  const whole = waysOf(all);
  if (most >= mostRows) return { rows: write(folded(upTo(whole, most), most)), rest: [] };
  // What is read and not searched leaves out retries and the like, unless there is little else.
  const telling = waysOf(all.filter((event) => weightOf(event) > 0 || event.kind === 'notified' || turns.has(event.id)));
  const shown = folded([...upTo(whole.slice(0, 1), fewRows), ...upTo(telling, most)], most);
  const known = new Set(shown);
  const rest = all.length <= mostRows ? all.map(told.line) : folded(upTo(whole, mostRows), mostRows);
  return { rows: write(shown), rest: write(rest.filter((line) => !known.has(line))) };
}

function once<T>(make: () => T): () => T {
  let made: { it: T } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

/** @returns at most `mostRows` rows: time, event, by whom */
export const timelineRows = (input: DraftInput, facts: IncidentFacts, names: EventNames, times: Times): TableRow[] =>
  timelineOf(input, facts, names, times).rows;

/** So many lines of what was named are turns. */
const mostNamings = 6;

/** The lines at which the story turned: the first symptom, the alerts, what was named, who took it, the end. */
const turnsOf = (
  input: DraftInput,
  { scope, firstSymptom, detection, acknowledgement, recovery, works }: IncidentFacts,
): ReadonlySet<string> =>
  new Set(
    [
      turnsOfNaming(namingsOf(input, scope))
        .slice(0, mostNamings)
        .map((it) => it.id),
      firstSymptom?.evidence,
      detection?.evidence.slice(0, 1),
      acknowledgement?.evidence,
      recovery?.evidence,
      ...works.slice(0, 3).map((it) => [...it.evidence, ...(it.overrun?.evidence ?? [])]),
    ].flatMap((it) => it ?? []),
  );

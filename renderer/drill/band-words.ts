/** The band over a drill in words and figures. Pure. */
import type { DrillLive, LiveTables } from '../../shared/live.ts';
import { clean, count } from '../../shared/text.ts';
import { clock, dayName, humanDuration, zoneName } from '../../shared/time.ts';
import { callHead } from './calls.ts';

export const speeds = [1, 10, 60] as const;

/** "Tuesday 16 June 2026" and "03:24:10 EDT". */
export const clockWords = (at: number, zone: string): { day: string; time: string } => ({
  day: dayName(at, zone),
  time: `${clock(at, zone)} ${zoneName(at, zone)}`,
});

/** How far the drill is, 0 to 1. */
export function progressOf({ start, end, at }: Pick<DrillLive, 'start' | 'end' | 'at'>): number {
  return end > start ? Math.min(1, Math.max(0, (at - start) / (end - start))) : 1;
}

/** What the clock of the drill does, for the eye and for a screen reader. It is said when it changes, so it holds nothing that ticks. */
export function stateWords({ state, speed }: Pick<DrillLive, 'state' | 'speed'>): string {
  switch (state) {
    case 'playing':
      return speed === 1 ? 'Playing, as fast as life' : `Playing, ${speed} times as fast as life`;
    case 'paused':
      return 'Paused';
    case 'jumping':
      return 'On to the next thing that happens…';
    case 'over':
      return 'The drill is over';
  }
}

export const actsWords = (acts: DrillLive['acts']): string => (acts === 'player' ? 'You act' : 'People of the script act');

/** "2 h 10 min to go", "over". */
export const leftWords = ({ end, at, state }: Pick<DrillLive, 'end' | 'at' | 'state'>): string =>
  state === 'over' || at >= end ? 'over' : `${humanDuration(Math.max(1_000, end - at))} to go`;

/** Whether what is written in it would be lost, so that leaving it is asked about. */
export const asksBeforeLeaving = (drill: Pick<DrillLive, 'acts' | 'state'> | undefined, what: 'finish' | 'again' | 'close'): boolean =>
  drill !== undefined && drill.acts === 'player' && !(what === 'finish' && drill.state === 'over');

/** Something that has happened, on the line from beginning to end. */
export interface Mark {
  key: string;
  /** 0 to 1. */
  place: number;
  kind: 'down' | 'degraded' | 'unknown' | 'over' | 'call';
  title: string;
}

/** What the player has seen so far, in order: never what is still to come. */
export function marksOf(drill: DrillLive, alerts: LiveTables['alerts']): Mark[] {
  const place = (at: number): number => progressOf({ ...drill, at });
  const all: Mark[] = [];
  for (const { id, severity, title, raisedAt, endedAt } of Object.values(alerts)) {
    all.push({ key: `${id} raised`, place: place(raisedAt), kind: severity, title: clean(title, 120) });
    if (endedAt !== null) all.push({ key: `${id} over`, place: place(endedAt), kind: 'over', title: `Over: ${clean(title, 120)}` });
  }
  for (const call of drill.calls) all.push({ key: call.id, place: place(call.at), kind: 'call', title: callHead(call) });
  return all.sort((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1));
}

/** Two of a kind closer than this are drawn as one: 1,000 px hold no more. */
const nearest = 0.004;

/** Those that can be told apart on the line. @param marks in order */
export function apart(marks: readonly Mark[]): Mark[] {
  const last = new Map<Mark['kind'], number>();
  return marks.filter(({ kind, place }) => {
    const before = last.get(kind);
    if (before !== undefined && place - before < nearest) return false;
    last.set(kind, place);
    return true;
  });
}

/** "5 alerts, 2 over, 3 calls": the same for a screen reader. */
export function marksText(marks: readonly Mark[]): string {
  const of = (...kinds: Mark['kind'][]): number => marks.filter((it) => kinds.includes(it.kind)).length;
  const parts = [
    of('down', 'degraded', 'unknown') > 0 && count(of('down', 'degraded', 'unknown'), 'alert'),
    of('over') > 0 && `${of('over')} over`,
    of('call') > 0 && count(of('call'), 'call'),
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'nothing has happened yet' : parts.join(', ');
}

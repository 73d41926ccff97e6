/** Planned work in words and lists: the first sentence of the screen, when something is, what can be done about it. Pure. */
import { DateTime } from 'luxon';
import type { WindowLive } from '../../shared/live.ts';
import { latestAt } from '../../shared/maintenance/calendar.ts';
import type { MaintenanceWindow, Occurrence } from '../../shared/model/maintenance.ts';
import { listOf } from '../../shared/text.ts';
import { clockShort, DAY, dayKey, humanDuration, zoneName } from '../../shared/time.ts';

/** "22:00" or, where another day is meant, "Wed 16 Dec 22:00"; another year is written. */
function pointText(at: number, zone: string, near: number): string {
  if (dayKey(at, zone) === dayKey(near, zone)) return clockShort(at, zone);
  const day = DateTime.fromMillis(at, { zone, locale: 'en-US' });
  return day.toFormat(day.year === DateTime.fromMillis(near, { zone }).year ? 'ccc d LLL HH:mm' : 'ccc d LLL yyyy HH:mm');
}

/** "today 22:00–23:00 PST", "Wed 16 Dec 22:00 – Thu 17 Dec 02:00 PST", "since 22:00 PST" and "from …" where the end is open. */
export function stretchText(from: number, to: number | null, zone: string, now: number): string {
  const today = dayKey(from, zone) === dayKey(now, zone);
  const begin = today ? `today ${clockShort(from, zone)}` : pointText(from, zone, now);
  if (to === null) return `${from <= now ? 'since' : 'from'} ${begin} ${zoneName(from, zone)}`;
  const sameDay = dayKey(from, zone) === dayKey(to, zone);
  // Over a change of the clocks both names are needed.
  const changes = zoneName(from, zone) !== zoneName(to, zone);
  const head = changes ? `${begin} ${zoneName(from, zone)}` : begin;
  return sameDay && !changes
    ? `${head}–${clockShort(to, zone)} ${zoneName(to, zone)}`
    : `${head} – ${sameDay ? clockShort(to, zone) : pointText(to, zone, from)} ${zoneName(to, zone)}`;
}

/** "23:30 PST", "Thu 17 Dec 02:00 PST". */
export const untilText = (at: number, zone: string, now: number): string => `${pointText(at, zone, now)} ${zoneName(at, zone)}`;

export interface WindowLists {
  /** Running now; those that overrun first. */
  running: WindowLive[];
  /** Has a next time; soonest first. */
  coming: WindowLive[];
  /** Its day is not fixed yet. */
  undecided: WindowLive[];
  /** It overran, what it affects is back, and nobody has said when it was done. */
  unfinished: WindowLive[];
}
export function listsOf(windows: readonly WindowLive[]): WindowLists {
  const lists: WindowLists = { running: [], coming: [], undecided: [], unfinished: [] };
  for (const it of windows) {
    if (it.running || it.overrunSince !== null) lists.running.push(it);
    else if (timeOf(it)) lists.coming.push(it);
    else if (isUndecided(it)) lists.undecided.push(it);
    else if (it.overran) lists.unfinished.push(it);
  }
  lists.running.sort(
    (a, b) => (a.overrunSince ?? Infinity) - (b.overrunSince ?? Infinity) || (a.running?.to ?? Infinity) - (b.running?.to ?? Infinity),
  );
  lists.coming.sort((a, b) => (timeOf(a)?.from ?? 0) - (timeOf(b)?.from ?? 0));
  lists.undecided.sort((a, b) => (a.name < b.name ? -1 : 1));
  return lists;
}

/** A flexible one that has not begun: it has no time of its own yet, only one within which it may begin. */
export const isWaiting = (it: MaintenanceWindow): boolean =>
  it.kind === 'flexible' && it.from !== null && it.startedAt === null && it.endedAt === null && it.cancelledAt === null;

/** The time that runs, or the next; of a flexible one that waits, when it may begin. Null = none, or its day is not fixed. */
export function timeOf(it: WindowLive): Occurrence | null {
  return it.running ?? it.next ?? (isWaiting(it) ? { window: it.id, from: it.from as number, to: it.to } : null);
}

export const isUndecided = (it: MaintenanceWindow): boolean =>
  it.kind !== 'recurring' && it.from === null && it.startedAt === null && it.cancelledAt === null && it.endedAt === null;

/** Since when, by plan, it should be over. */
const plannedEnd = (it: WindowLive): number => it.overrunSince ?? it.running?.to ?? 0;

export interface Headline {
  text: string;
  tone: 'late' | 'running' | 'calm';
}

/**
 * The first line of the screen.
 * @param nameOf name of a subject by its id
 */
export function headlineOf(lists: WindowLists, nameOf: (id: string) => string, zone: string, now: number): Headline {
  const late = lists.running.filter((it) => it.overrunSince !== null);
  const [worst] = late;
  if (worst) {
    const more = late.length > 1 ? `; ${late.length - 1} more ${late.length === 2 ? 'overruns' : 'overrun'} too` : '';
    const since = Math.max(0, now - plannedEnd(worst));
    return {
      text: `${worst.name} overruns: it should have been over at ${untilText(plannedEnd(worst), zone, now)}, ${lateText(since)} ago${more}`,
      tone: 'late',
    };
  }
  if (lists.running.length === 1 && lists.running[0]) {
    const it = lists.running[0];
    const what = it.affects.length > 0 ? ` on ${listOf(it.affects.map(nameOf), 2)}` : '';
    const end = it.running?.to ?? null;
    return {
      text:
        end === null
          ? `Planned work runs${what}, without a set end: ${it.name}`
          : `Planned work runs${what} until ${untilText(end, zone, now)}: ${it.name}`,
      tone: 'running',
    };
  }
  if (lists.running.length > 1) {
    const ends = lists.running.flatMap((it) => it.running?.to ?? []);
    const last = ends.length === lists.running.length ? `, the last until ${untilText(Math.max(...ends), zone, now)}` : '';
    return { text: `${lists.running.length} planned works run now${last}`, tone: 'running' };
  }
  const [first] = lists.coming;
  const next = first && timeOf(first);
  const open =
    lists.undecided.length > 0 ? `. ${lists.undecided.length === 1 ? 'One waits' : `${lists.undecided.length} wait`} for a day` : '';
  if (!next) return { text: `Nothing is planned${open}`, tone: 'calm' };
  const soon = next.from - now < 7 * DAY;
  return {
    text: `${soon ? 'Nothing runs now' : 'Nothing is planned this week'}. Next: ${first.name}, ${stretchText(next.from, next.to, zone, now)}${open}`,
    tone: 'calm',
  };
}
const lateText = (ms: number): string => (ms < 60_000 ? 'under a minute' : humanDuration(ms));

/** How a window stands, for its line in a list and the head of its details. */
export function stateText(it: WindowLive | MaintenanceWindow, zone: string, now: number): string {
  const live = 'running' in it ? it : null;
  if (live?.overrunSince != null)
    return `overruns since ${untilText(plannedEnd(live), zone, now)}, ${lateText(Math.max(0, now - plannedEnd(live)))}`;
  if (live?.running) {
    const { from, to } = live.running;
    return to === null
      ? `runs ${stretchText(from, null, zone, now)}, without a set end`
      : `runs until ${untilText(to, zone, now)}, ${lateText(to - now)} to go`;
  }
  if (it.cancelledAt !== null) return `called off ${atText(it.cancelledAt, zone, now)}`;
  if (it.endedAt !== null) {
    const planned = it.kind === 'flexible' && it.startedAt !== null && it.durationMs !== null ? it.startedAt + it.durationMs : it.to;
    const overBy = planned !== null && it.kind !== 'recurring' ? it.endedAt - planned : 0;
    return `finished ${atText(it.endedAt, zone, now)}${overBy >= 60_000 ? `, ${humanDuration(overBy)} later than planned` : ''}`;
  }
  if (isWaiting(it) && (it.to === null || it.to > now)) {
    return `begins with the first fault ${stretchText(it.from as number, it.to, zone, now)}${it.durationMs === null ? '' : `, takes ${humanDuration(it.durationMs)}`}`;
  }
  if (isWaiting(it)) return 'over: there was no fault';
  if (live?.next) return stretchText(live.next.from, live.next.to, zone, now);
  if (isUndecided(it)) return `day not fixed yet${it.durationMs === null ? '' : `, takes ${humanDuration(it.durationMs)}`}`;
  const end = latestAt(it, now)?.to ?? null;
  const unfinished = live?.overran ? '; it overran, and nobody has finished it' : '';
  return end === null ? 'over' : `over since ${untilText(end, zone, now)}${unfinished}`;
}
const atText = (at: number, zone: string, now: number): string =>
  `${dayKey(at, zone) === dayKey(now, zone) ? 'today at' : 'on'} ${untilText(at, zone, now)}`;

export type Act = 'start' | 'finish' | 'extend' | 'postpone' | 'cancel' | 'edit';

/** What can be asked for as a window stands now; the engine has the last word. */
export function actsOf(it: WindowLive | MaintenanceWindow): Act[] {
  const live = 'running' in it ? it : null;
  if (!live) return [];
  // Its time is over already: there is nothing left to call off.
  if (live.running === null && live.overrunSince !== null) return ['extend', 'finish'];
  if (live.running) return live.kind === 'open-ended' ? ['finish', 'extend', 'cancel'] : ['extend', 'finish', 'cancel'];
  const finish: Act[] = live.overran ? ['finish'] : [];
  if (it.kind === 'recurring') return [...finish, ...(editable(it) ? (['edit'] as const) : []), 'cancel'];
  if (live.overran) return finish;
  return ['postpone', 'start', ...(editable(it) ? (['edit'] as const) : []), 'cancel'];
}
/** Only a plan of the desk's own that has not begun can be written anew. */
const editable = (it: MaintenanceWindow): boolean => it.source === 'desk' && it.startedAt === null;

/** How long the work is planned to take, ms; null where nobody said. */
export function plannedLength(it: MaintenanceWindow, occurrence: Occurrence | null): number | null {
  if (it.durationMs !== null) return it.durationMs;
  const from = occurrence?.from ?? it.from;
  const to = occurrence?.to ?? it.to;
  return from !== null && to !== null ? to - from : null;
}

/** What lies on the calendar: the times of planned work, and those of routines in a lighter look. Pure. */
import type { MaintenanceCalendar } from '../../shared/contract.ts';
import type { WindowLive } from '../../shared/live.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { clockShort, dayKey } from '../../shared/time.ts';
import type { Entry } from './calendar-grid.ts';
import { isWaiting, stretchText } from './window-words.ts';

export interface CalendarEntry extends Entry {
  what: 'window' | 'routine';
  /** Of the window or the routine. */
  id: string;
  name: string;
  tone: 'late' | 'running' | 'planned' | 'waiting' | 'over' | 'routine';
  /** "22:00", or "24 times" where a day holds several. */
  short: string;
  /** All of its times with their zone, for the tooltip and for a screen reader. */
  full: string;
  openEnd: boolean;
}

/** A routine that comes on five days of the week says nothing about any of them: it stands beside the calendar. */
const mostDays = 24;

/** Routines of nearly every day of the month that is shown, by the first of their times. */
export function dailyRoutines(calendar: MaintenanceCalendar, zone: string): { id: string; name: string; times: string }[] {
  const byRoutine = Map.groupBy(calendar.routines, (it) => it.routine);
  return [...byRoutine].flatMap(([id, [first, ...more]]) => {
    const all = first ? [first, ...more] : [];
    const days = Map.groupBy(all, (it) => dayKey(it.at, zone));
    if (!first || days.size < mostDays) return [];
    const most = Math.max(...[...days.values()].map((it) => it.length));
    return [{ id, name: first.name, times: most === 1 ? clockShort(first.at, zone) : `${most} times a day` }];
  });
}

/**
 * @param live windows as they stand now, by id: they say what runs and what overruns
 * @param now the end of what has none is drawn here
 */
export function entriesOf(
  calendar: MaintenanceCalendar,
  live: Readonly<Record<string, WindowLive>>,
  zone: string,
  now: number,
): CalendarEntry[] {
  const windows = new Map<string, MaintenanceWindow>(calendar.windows.map((it) => [it.id, it]));
  const entries: CalendarEntry[] = [];
  for (const it of calendar.occurrences) {
    const window = windows.get(it.window) ?? live[it.window];
    if (!window) continue;
    const state = live[it.window];
    const current = state?.running?.from === it.from;
    const late = state?.overrunSince != null && (current || !state.running) && it.from <= now && (it.to === null || it.to <= now);
    const tone = late ? 'late' : current ? 'running' : it.to !== null && it.to <= now ? 'over' : 'planned';
    entries.push({
      key: `${it.window} ${it.from}`,
      what: 'window',
      id: it.window,
      name: window.name,
      from: it.from,
      to: late || it.to === null ? Math.max(now, it.from) : it.to,
      weight: window.kind === 'recurring' ? 1 : 0,
      tone,
      short: clockShort(it.from, zone),
      full: `${stretchText(it.from, it.to, zone, now)}${late ? ', overruns' : ''}`,
      openEnd: it.to === null || late,
    });
  }
  for (const it of new Map([...windows, ...Object.entries(live)]).values()) {
    if (!isWaiting(it)) continue;
    const time = { from: it.from as number, to: it.to ?? (it.from as number) };
    entries.push({
      key: `${it.id} waits`,
      what: 'window',
      id: it.id,
      name: it.name,
      ...time,
      weight: 0,
      tone: time.to <= now ? 'over' : 'waiting',
      short: clockShort(time.from, zone),
      full: `begins with the first fault ${stretchText(time.from, time.to, zone, now)}`,
      openEnd: false,
    });
  }
  const daily = new Set(dailyRoutines(calendar, zone).map(({ id }) => id));
  for (const it of calendar.routines) {
    if (daily.has(it.routine)) continue;
    entries.push({
      key: `${it.routine} ${it.at}`,
      what: 'routine',
      id: it.routine,
      name: it.name,
      from: it.at,
      to: it.to,
      weight: 2,
      tone: 'routine',
      short: clockShort(it.at, zone),
      full: `routine, ${stretchText(it.at, it.to, zone, now)}`,
      openEnd: false,
    });
  }
  return folded(entries, zone);
}

/** What comes several times on one day is one entry for that day: an hourly job would bury all others. */
function folded(entries: readonly CalendarEntry[], zone: string): CalendarEntry[] {
  const byDay = Map.groupBy(entries, (it) =>
    it.tone === 'late' || it.tone === 'running' ? it.key : `${it.what} ${it.id} ${dayKey(it.from, zone)}`,
  );
  return [...byDay].map(([key, [first, ...more]]): CalendarEntry => {
    const it = first as CalendarEntry;
    if (more.length === 0) return it;
    const times = more.length + 1;
    return { ...it, key, to: it.from, short: `${times} times`, full: `${it.full}, and ${more.length} more times that day` };
  });
}

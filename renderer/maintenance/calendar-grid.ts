/** The month as a calendar draws it: weeks that begin on Monday, in a zone, and bars over their days. Pure. */
import { DateTime } from 'luxon';

export interface Day {
  /** "2026-11-20". */
  key: string;
  /** Its first moment, epoch ms; a day of 23 or 25 hours has its own. */
  at: number;
  /** Its number in the month. */
  number: number;
  inMonth: boolean;
  today: boolean;
}
export interface Week {
  /** From the start of its Monday to the start of the next, epoch ms. */
  from: number;
  to: number;
  days: Day[];
}

/** "2026-11", the month of a moment in the zone. */
export const monthOf = (at: number, zone: string): string => DateTime.fromMillis(at, { zone }).toFormat('yyyy-MM');

/** The month so many months later (or earlier). */
export const moveMonth = (month: string, by: number): string =>
  DateTime.fromISO(`${month}-01`, { zone: 'utc' }).plus({ months: by }).toFormat('yyyy-MM');

/** The day so many days, or months, later; the 31st of a shorter month is its last. */
export const moveDay = (day: string, by: { days?: number; months?: number }): string =>
  DateTime.fromISO(day, { zone: 'utc' }).plus(by).toFormat('yyyy-MM-dd');

/** The Monday or the Sunday of a day's week. */
export const edgeOfWeek = (day: string, edge: 'first' | 'last'): string =>
  moveDay(day, { days: (edge === 'first' ? 1 : 7) - DateTime.fromISO(day, { zone: 'utc' }).weekday });

/** "November 2026". */
export const monthTitle = (month: string): string =>
  DateTime.fromISO(`${month}-01`, { zone: 'utc', locale: 'en-US' }).toFormat('LLLL yyyy');

/** The weeks that hold a month: four to six. */
export function weeksOf(month: string, zone: string, now: number): Week[] {
  const today = DateTime.fromMillis(now, { zone }).toFormat('yyyy-MM-dd');
  // Counted as plain dates: adding 24 hours would stumble over a change of the clocks.
  const end = `${moveMonth(month, 1)}-01`;
  const weeks: Week[] = [];
  for (let monday = edgeOfWeek(`${month}-01`, 'first'); monday < end; monday = moveDay(monday, { days: 7 })) {
    const days = Array.from({ length: 7 }, (_, index): Day => {
      const key = moveDay(monday, { days: index });
      return { key, at: startOf(key, zone), number: Number(key.slice(8)), inMonth: key.startsWith(month), today: key === today };
    });
    weeks.push({ from: startOf(monday, zone), to: startOf(moveDay(monday, { days: 7 }), zone), days });
  }
  return weeks;
}

/** The first moment of a day: where the clocks jump over midnight it is one o'clock. */
const startOf = (day: string, zone: string): number => DateTime.fromISO(day, { zone }).startOf('day').toMillis();

/** What lies on the calendar. */
export interface Entry {
  key: string;
  from: number;
  /** epoch ms; at or before `from` it is a point in time. */
  to: number;
  /** Goes before others where both begin on one day. */
  weight: number;
}
export interface Bar<E extends Entry> {
  entry: E;
  /** Column of its first day in this week, 0 = Monday. */
  column: number;
  /** How many days of this week it covers. */
  span: number;
  /** Which row below the number of the day. */
  lane: number;
  /** Whether it begins, and ends, in this week. */
  opens: boolean;
  closes: boolean;
}

/**
 * Lays entries over the days of a week: what begins earlier, then what covers more days, lies higher.
 * @param most lanes to be shown
 * @returns the bars, and per day how many entries found no lane
 */
export function barsOf<E extends Entry>(week: Week, entries: readonly E[], most: number): { bars: Bar<E>[]; hidden: number[] } {
  const columnOf = (at: number): number => {
    const column = week.days.findLastIndex((day) => day.at <= at);
    return Math.max(0, column);
  };
  const placed = entries
    // What ends at midnight does not touch the day that begins then.
    .map((entry) => ({ entry, last: Math.max(entry.from, entry.to - 1) }))
    .filter(({ entry, last }) => entry.from < week.to && last >= week.from)
    .map(({ entry, last }) => {
      const column = columnOf(entry.from);
      return { entry, column, span: columnOf(last) - column + 1, opens: entry.from >= week.from, closes: last < week.to };
    })
    .sort(
      (a, b) =>
        a.column - b.column ||
        b.span - a.span ||
        a.entry.weight - b.entry.weight ||
        a.entry.from - b.entry.from ||
        (a.entry.key < b.entry.key ? -1 : 1),
    );
  /** Per lane, the first column that is free. */
  const free: number[] = [];
  const hidden = week.days.map(() => 0);
  const bars: Bar<E>[] = [];
  for (const it of placed) {
    const found = free.findIndex((column) => column <= it.column);
    const lane = found === -1 ? free.length : found;
    if (lane >= most) {
      for (let column = it.column; column < it.column + it.span; column += 1) hidden[column] = (hidden[column] ?? 0) + 1;
      continue;
    }
    free[lane] = it.column + it.span;
    bars.push({ ...it, lane });
  }
  return { bars, hidden };
}

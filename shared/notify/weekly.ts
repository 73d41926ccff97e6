/** Weekly times of shifts and routes: "on these days from 18:00 to 08:00", read in a zone, right over changes of the clocks. */
import { DateTime } from 'luxon';
import { weekdays } from '../model/notify.ts';

export interface Weekly {
  days?: (typeof weekdays)[number][] | undefined;
  from?: string | undefined;
  to?: string | undefined;
}
export interface Stretch {
  /** Epoch ms; `to` is the first moment that is outside. */
  from: number;
  to: number;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The time that begins on a day (its midnight in the zone), or null where none does. A time that the clocks skip moves on with them: 02:30 is 03:30. */
function on(day: DateTime, { days, from = '00:00', to = '24:00' }: Weekly): Stretch | null {
  if (days && !days.includes(weekdays[day.weekday - 1] ?? 'mon')) return null;
  const start = minutesOf(from);
  const end = minutesOf(to);
  return { from: wallTime(day, start), to: wallTime(day, end > start ? end : end + 24 * 60) };
}

/** By the clock on the wall, not by the length of the day: 08:00 is 08:00 on a day of 23 hours too. */
function wallTime(day: DateTime, minutes: number): number {
  const { year, month, day: date } = day.plus({ days: Math.floor(minutes / 1_440) });
  const inDay = minutes % 1_440;
  return DateTime.fromObject({ year, month, day: date, hour: Math.floor(inDay / 60), minute: inDay % 60 }, { zone: day.zone }).toMillis();
}

/** @returns the times that touch a stretch (epoch ms), oldest first */
export function weeklyTimes(it: Weekly, zone: string, from: number, to: number): Stretch[] {
  const found: Stretch[] = [];
  // One over midnight began the day before.
  for (let day = DateTime.fromMillis(from, { zone }).startOf('day').minus({ days: 1 }); day.toMillis() <= to; day = day.plus({ days: 1 })) {
    const stretch = on(day, it);
    if (stretch && stretch.to > from && stretch.from <= to && stretch.to > stretch.from) found.push(stretch);
  }
  return found;
}

/** Whether it is that time now. */
export const isWeeklyTime = (it: Weekly, zone: string, now: number): boolean =>
  weeklyTimes(it, zone, now, now).some((stretch) => stretch.from <= now && now < stretch.to);

/** How often something comes, as the form offers it: a few plain choices, and the cron line itself for everything else. Pure. */

import { readTime } from './moments.ts';

export const repeats = ['daily', 'workdays', 'weekly', 'monthly', 'line'] as const;
export type Repeat = (typeof repeats)[number];

/** A repetition as the form holds it. `time` is "04:00"; `line` counts only where `repeat` is `line`. */
export interface Repetition {
  repeat: Repeat;
  /** 0 = Sunday, as cron counts. */
  weekday: number;
  /** Of the month. */
  day: number;
  time: string;
  line: string;
}

export const repeatLabels: Record<Repeat, string> = {
  daily: 'Every day',
  workdays: 'Monday to Friday',
  weekly: 'Every week',
  monthly: 'Every month',
  line: 'Another rhythm (cron line)',
};
/** Monday first, with cron's numbers. */
export const weekdays = [
  { number: 1, name: 'Monday' },
  { number: 2, name: 'Tuesday' },
  { number: 3, name: 'Wednesday' },
  { number: 4, name: 'Thursday' },
  { number: 5, name: 'Friday' },
  { number: 6, name: 'Saturday' },
  { number: 0, name: 'Sunday' },
] as const;

/** Sunday at 04:00, when most routines run. */
export const usual: Repetition = { repeat: 'weekly', weekday: 0, day: 1, time: '04:00', line: '' };

/** @returns the cron line, or null where the time is not one (an own line is given back as it was typed) */
export function cronOf(it: Repetition): string | null {
  if (it.repeat === 'line') return it.line.trim().replace(/\s+/g, ' ');
  const time = readTime(it.time);
  if (time === null) return null;
  const [hour, minute] = time.split(':').map(Number);
  const at = `${minute} ${hour}`;
  switch (it.repeat) {
    case 'daily':
      return `${at} * * *`;
    case 'workdays':
      return `${at} * * 1-5`;
    case 'weekly':
      return `${at} * * ${it.weekday}`;
    case 'monthly':
      return `${at} ${it.day} * *`;
  }
}

/** The plain choice that a cron line stands for; `line` where there is none. */
export function repetitionOf(cron: string): Repetition {
  const own: Repetition = { ...usual, repeat: 'line', line: cron };
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...rest] = cron.trim().split(/\s+/);
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (rest.length > 0 || month !== '*' || !/^\d+$/.test(hour) || !/^\d+$/.test(minute) || readTime(time) === null) return own;
  if (day === '*' && weekday === '*') return { ...own, repeat: 'daily', time };
  if (day === '*' && /^(1-5|mon-fri)$/i.test(weekday)) return { ...own, repeat: 'workdays', time };
  const number = weekdayNumber(weekday);
  if (day === '*' && number !== null) return { ...own, repeat: 'weekly', weekday: number, time };
  if (weekday === '*' && /^\d+$/.test(day) && Number(day) >= 1 && Number(day) <= 28)
    return { ...own, repeat: 'monthly', day: Number(day), time };
  return own;
}

/** "0" to "7" (7 is Sunday too), or "sun". */
function weekdayNumber(text: string): number | null {
  if (/^[0-7]$/.test(text)) return Number(text) % 7;
  return weekdays.find((it) => it.name.slice(0, 3).toLowerCase() === text.toLowerCase())?.number ?? null;
}

/** "1st", "22nd". */
export function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

/** Days and times as forms hold them ("2026-11-20", "22:00"), read and written in a zone, and lengths as people type them. Pure. */
import { DateTime } from 'luxon';
import { DAY, HOUR, humanDuration, MINUTE, SECOND } from '../../shared/time.ts';

export interface Moment {
  day: string;
  time: string;
}
export const noMoment: Moment = { day: '', time: '' };

/** A moment as the form shows it, to the minute. */
export function momentOf(at: number, zone: string): Moment {
  const it = DateTime.fromMillis(at, { zone });
  return { day: it.toFormat('yyyy-MM-dd'), time: it.toFormat('HH:mm') };
}

/** "22:00" from "22:00", "9:30", "2200" or "22.00"; null where it is no time of day. Twelve-hour clocks are refused: 12:30 would be a guess. */
export function readTime(text: string): string | null {
  const [, hour = '', minute = ''] = /^\s*(\d{1,2})[:.]?(\d{2})\s*$/.exec(text) ?? [];
  const time = `${hour.padStart(2, '0')}:${minute}`;
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? time : null;
}

export type ReadMoment = { at: number; hint: string | null } | { problem: string };

/**
 * Reads a day and a time in the zone. A time that the clocks jump over is refused; of a time that comes twice the first is meant, and
 * that is said.
 */
export function readMoment(it: Moment, zone: string): ReadMoment {
  if (it.day === '') return { problem: 'Choose the day.' };
  if (it.time.trim() === '') return { problem: 'Write the time, such as 22:00.' };
  const time = readTime(it.time);
  if (time === null) return { problem: 'Write the time as 22:00.' };
  const read = DateTime.fromISO(`${it.day}T${time}`, { zone });
  if (!read.isValid || !/^\d{4}-\d{2}-\d{2}$/.test(it.day)) return { problem: 'This is not a day.' };
  if (read.toFormat('HH:mm') !== time)
    return { problem: `There is no ${time} on this day: the clocks are put forward. Choose another time.` };
  const [first, second] = read.getPossibleOffsets();
  return {
    at: (first ?? read).toMillis(),
    hint: first && second ? `${time} comes twice on this day: the clocks are put back. The first is meant.` : null,
  };
}

/** The start of a day, or of the one after it, epoch ms; null where it is no day. */
export function dayEdge(day: string, zone: string, edge: 'start' | 'end'): number | null {
  const start = DateTime.fromISO(day, { zone });
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !start.isValid) return null;
  return start
    .plus({ days: edge === 'end' ? 1 : 0 })
    .startOf('day')
    .toMillis();
}

const units: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Reads "30", "30 min", "1 h 30 min", "1:30", "2 days"; a bare number means minutes. @returns ms, or null where it is none of these */
export function parseLength(text: string): number | null {
  const plain = text.trim().toLowerCase();
  const clock = /^(\d{1,3}):([0-5]\d)$/.exec(plain);
  if (clock) return Number(clock[1]) * HOUR + Number(clock[2]) * MINUTE || null;
  if (/^\d{1,6}$/.test(plain)) return Number(plain) * MINUTE || null;
  const parts = [...plain.matchAll(/(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)/g)];
  if (parts.length === 0 || plain.replace(/(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)/g, '').replace(/and|[\s,]/g, '') !== '') return null;
  let total = 0;
  for (const [, number, word = ''] of parts) {
    const unit = /^(s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?)$/.test(word) ? units[word.charAt(0)] : undefined;
    if (unit === undefined) return null;
    total += Number(number) * unit;
  }
  return Math.round(total) || null;
}

/** Writes a length so that parseLength reads it again: "1 h 30 min", "3 d 4 h 20 min". */
export function writeLength(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [name, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['min', MINUTE],
    ['s', SECOND],
  ] as const) {
    const whole = Math.floor(rest / size);
    if (whole > 0) parts.push(`${whole} ${name}`);
    rest -= whole * size;
  }
  return parts.join(' ') || humanDuration(ms);
}

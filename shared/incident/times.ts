/** How a draft writes times: 12 or 24 hours, the zone with each or once, the day only where there are several. */
import { DateTime } from 'luxon';
import { DAY, dayKey, dayName, dayShort, humanDuration, MINUTE, zoneName, zoneTitle } from '../time.ts';
import { spokenDuration } from './spoken.ts';

export interface Times {
  /** "at 05:12:10", or "on 20 November at 05:12:10". */
  when(at: number): string;
  /** "05:12:10", or "05:12:10 on 20 November": what stands behind "since" and "until". */
  moment(at: number): string;
  /** "at 05:12:10 PST", or "on 18 November 2026 at 05:12:10 PST" where it is another day than that of the draft. */
  exact(at: number): string;
  /** "from 05:12:10 to 05:26:40 (14 min)". */
  lasting(from: number, to: number): string;
  /** "05:12:10 to 05:26:40". */
  span(from: number, to: number): string;
  /** For a table: "05:12:10", or "2026-11-20 05:12:10". */
  cell(at: number): string;
  /** Head of that column: "Time (PST)". */
  column: string;
  /** "Friday 20 November 2026 · all times PST (UTC−8)". */
  title: string;
  /** "2026-11-20 05:12:10 PST". */
  stamp(at: number): string;
  /** "Friday 20 November 2026". */
  day(at: number): string;
  /** "14 min", or "14 minutes" for customers. */
  duration(ms: number): string;
}

export interface TimesStyle {
  clock?: '24h' | '12h';
  /** The zone stands with every time, not only in the head. */
  zoned?: boolean;
  /** For customers: no seconds, durations spelled out. */
  plain?: boolean;
}

/** @param all every moment that the draft may name, at least one */
export function timesOf(zone: string, from: number, to: number, all: readonly number[], style: TimesStyle = {}): Times {
  const { zoned = false, plain = false } = style;
  const clock = clockOf(zone, style);
  const least = all.reduce((a, b) => Math.min(a, b), from);
  const most = all.reduce((a, b) => Math.max(a, b), to);
  const oneDay = dayKey(least, zone) === dayKey(most, zone);
  // The clocks may change in the night of the incident; then 01:30 comes twice and each time says its zone.
  const oneZone = [...between(least, most)].every((at) => zoneName(at, zone) === zoneName(from, zone));
  const main = zoneName(from, zone);
  const mainDay = dayKey(from, zone);
  const named = (at: number): string => `${clock(at)} ${zoneName(at, zone)}`;
  const bare = (at: number): string => (oneZone && zoneName(at, zone) === main ? clock(at) : named(at));
  const hour = (at: number): string => (zoned ? named(at) : bare(at));
  const isToday = (at: number): boolean => oneDay && dayKey(at, zone) === mainDay;
  const short = (at: number): string => {
    const year = dayKey(at, zone).slice(0, 4);
    return `${dayShort(at, zone)}${zoned && year !== mainDay.slice(0, 4) ? ` ${year}` : ''}`;
  };
  const dated = (at: number): string => (isToday(at) ? bare(at) : `${short(at)} ${bare(at)}`);
  const span = (a: number, b: number): string => {
    const sameDay = dayKey(a, zone) === dayKey(b, zone);
    const sameZone = oneZone && zoneName(a, zone) === main && zoneName(b, zone) === main;
    return `${dated(a)} to ${sameDay ? bare(b) : dated(b)}${zoned && sameZone ? ` ${main}` : ''}`;
  };
  const duration = plain ? spokenDuration : humanDuration;
  const first = dayName(from, zone);
  const last = dayName(to, zone);
  return {
    when: (at) => (isToday(at) ? `at ${hour(at)}` : `on ${short(at)} at ${hour(at)}`),
    moment: (at) => (isToday(at) ? hour(at) : `${hour(at)} on ${short(at)}`),
    exact(at) {
      return `${isToday(at) ? '' : `on ${dayName(at, zone).replace(/^\S+ /, '')} `}at ${named(at)}`;
    },
    lasting(a, b) {
      if (!plain) return `from ${span(a, b)} (${duration(b - a)})`;
      // People reckon with the minutes that they read.
      const ms = minutesRead(a, b);
      if (ms <= 0) return `for less than a minute ${isToday(a) ? `at ${hour(a)}` : `on ${short(a)} at ${hour(a)}`}`;
      return `from ${span(a, b)} (${duration(ms)})`;
    },
    span,
    cell: (at) => (isToday(at) ? bare(at) : `${dayKey(at, zone)} ${bare(at)}`),
    column: `Time (${oneZone ? zoneName(from, zone) : zone})`,
    title: `${first === last ? first : `${first} to ${last}`} · ${oneZone ? `all times ${zoneTitle(from, zone)}` : `times in ${zone}, the zone stands with each`}`,
    stamp: (at) => `${dayKey(at, zone)} ${clockOf(zone, { ...style, plain: false })(at)} ${zoneName(at, zone)}`,
    day: (at) => dayName(at, zone),
    duration,
  };
}

/** How long it seems to who reads both times without their seconds, in ms. */
export const minutesRead = (from: number, to: number): number => (Math.floor(to / MINUTE) - Math.floor(from / MINUTE)) * MINUTE;

/** "05:12:10", "5:12:10 AM"; for customers without seconds. */
function clockOf(zone: string, { clock = '24h', plain = false }: TimesStyle): (at: number) => string {
  const format = clock === '12h' ? (plain ? 'h:mm a' : 'h:mm:ss a') : plain ? 'HH:mm' : 'HH:mm:ss';
  return (at) => DateTime.fromMillis(at, { zone }).setLocale('en-US').toFormat(format);
}

/** Moments close enough together to meet every change of the clocks; asking for each event would be slow. */
function* between(least: number, most: number): Generator<number> {
  for (let at = least; at < most; at += 30 * DAY) yield at;
  yield most;
}

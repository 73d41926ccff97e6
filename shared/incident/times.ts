/** How a draft writes times: the zone is named once where it is the same throughout, the day only where there are several. */
import { clock, DAY, dayKey, dayName, dayShort, humanDuration, stamp, zoneName, zoneTitle } from '../time.ts';

export interface Times {
  /** "at 05:12:10", or "on 20 November at 05:12:10". */
  when(at: number): string;
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
}

/** @param all every moment that the draft may name, at least one */
export function timesOf(zone: string, from: number, to: number, all: readonly number[]): Times {
  const least = all.reduce((a, b) => Math.min(a, b), from);
  const most = all.reduce((a, b) => Math.max(a, b), to);
  const oneDay = dayKey(least, zone) === dayKey(most, zone);
  // The clocks may change in the night of the incident; then 01:30 comes twice and each time says its zone.
  const oneZone = [...between(least, most)].every((at) => zoneName(at, zone) === zoneName(from, zone));
  const hour = (at: number): string => `${clock(at, zone)}${oneZone ? '' : ` ${zoneName(at, zone)}`}`;
  const moment = (at: number): string => (oneDay ? hour(at) : `${dayShort(at, zone)} ${hour(at)}`);
  const span = (a: number, b: number): string => `${moment(a)} to ${dayKey(a, zone) === dayKey(b, zone) ? hour(b) : moment(b)}`;
  const first = dayName(from, zone);
  const last = dayName(to, zone);
  return {
    when: (at) => (oneDay ? `at ${hour(at)}` : `on ${dayShort(at, zone)} at ${hour(at)}`),
    exact(at) {
      const sameDay = oneDay && dayKey(at, zone) === dayKey(from, zone);
      return `${sameDay ? '' : `on ${dayName(at, zone).replace(/^\S+ /, '')} `}at ${clock(at, zone)} ${zoneName(at, zone)}`;
    },
    lasting: (a, b) => `from ${span(a, b)} (${humanDuration(b - a)})`,
    span,
    cell: (at) => (oneDay ? hour(at) : `${dayKey(at, zone)} ${hour(at)}`),
    column: `Time (${oneZone ? zoneName(from, zone) : zone})`,
    title: `${first === last ? first : `${first} to ${last}`} · ${oneZone ? `all times ${zoneTitle(from, zone)}` : `times in ${zone}, the zone stands with each`}`,
    stamp: (at) => stamp(at, zone),
  };
}

/** Moments close enough together to meet every change of the clocks; asking for each event would be slow. */
function* between(least: number, most: number): Generator<number> {
  for (let at = least; at < most; at += 30 * DAY) yield at;
  yield most;
}

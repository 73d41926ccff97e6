/** A time zone as calendars want it written out (RFC 5545 section 3.6.5): every change of its clocks within a stretch of time. Pure. */
import { DateTime } from 'luxon';
import { DAY, MINUTE } from '../time.ts';

const mostChanges = 100;

/** @returns the lines of a VTIMEZONE for [from, to], epoch ms */
export function timeZone(zone: string, from: number, to: number): string[] {
  const offsetAt = (at: number): number => DateTime.fromMillis(at, { zone }).offset;
  const begin = { at: from, before: offsetAt(from), after: offsetAt(from) };
  const changes = [begin];
  let at = from;
  while (at < to && changes.length < mostChanges) {
    const next = Math.min(at + 7 * DAY, to);
    if (offsetAt(next) !== offsetAt(at)) {
      const change = changeBetween(offsetAt, at, next);
      changes.push({ at: change, before: offsetAt(change - 1), after: offsetAt(change) });
    }
    at = next;
  }
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${zone}`,
    ...changes.flatMap(({ at, before, after }) => {
      const kind = DateTime.fromMillis(at, { zone }).isInDST ? 'DAYLIGHT' : 'STANDARD';
      // Told in the local time that was in force before.
      const local = DateTime.fromMillis(at + before * MINUTE, { zone: 'UTC' }).toFormat("yyyyMMdd'T'HHmmss");
      return [`BEGIN:${kind}`, `DTSTART:${local}`, `TZOFFSETFROM:${offset(before)}`, `TZOFFSETTO:${offset(after)}`, `END:${kind}`];
    }),
    'END:VTIMEZONE',
  ];
}

/** The first minute with the later offset. */
function changeBetween(offsetAt: (at: number) => number, before: number, after: number): number {
  let [low, high] = [before, after];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === offsetAt(before)) low = middle;
    else high = middle;
  }
  return Math.round(high / MINUTE) * MINUTE;
}

function offset(minutes: number): string {
  const all = Math.abs(Math.round(minutes));
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(all / 60)).padStart(2, '0')}${String(all % 60).padStart(2, '0')}`;
}

/** Times of a drill file as moments: "03:24" is the first such time after the entry before it, in the zone of the organization. */
import { DateTime } from 'luxon';
import { DAY, HOUR, MINUTE, SECOND } from '../time.ts';

const units: Readonly<Record<string, number>> = { d: DAY, h: HOUR, m: MINUTE, s: SECOND };

/**
 * Reads one time.
 * @param after epoch ms of the entry before it (the start for the first)
 * @param zone IANA zone of the organization
 * @returns epoch ms; null where it makes no sense
 */
export function momentOf(text: string, { start, after, zone }: { start: number; after: number; zone: string }): number | null {
  if (text.startsWith('+')) {
    const parts = [...text.slice(1).matchAll(/(\d+)([dhms])/g)];
    if (parts.length === 0) return null;
    return parts.reduce((sum, [, n, unit]) => sum + Number(n) * (units[unit ?? ''] ?? 0), start);
  }
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!clock) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : at;
  }
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const from = DateTime.fromMillis(after, { zone });
  const same = from.set({ hour, minute, second, millisecond: 0 });
  // The hour that comes twice when clocks go back.
  const again = same.plus(HOUR);
  const today = [same, ...(again.hour === hour && again.minute === minute ? [again] : [])].find((it) => it.toMillis() >= after);
  const next = today ?? from.plus({ days: 1 }).set({ hour, minute, second, millisecond: 0 });
  return next.isValid ? next.toMillis() : null;
}

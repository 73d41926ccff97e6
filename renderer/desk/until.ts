/** How long an acknowledgement or a silence lasts: what a form offers, and the moment that stands for. Pure. */
import { fail, ok, type Result } from '../../shared/result.ts';
import { clockShort, DAY, dayKey, dayName, HOUR, MINUTE, parseIso, zoneName } from '../../shared/time.ts';

export type UntilChoice = 'none' | '30m' | '2h' | '8h' | 'morning' | 'custom';

const lengths: Partial<Record<UntilChoice, number>> = { '30m': 30 * MINUTE, '2h': 2 * HOUR, '8h': 8 * HOUR };
const longestMs = 366 * DAY;

/** 08:00 of the next day in the zone, epoch ms; right on days of 23 and 25 hours. */
export function tomorrowMorning(now: number, zone: string): number {
  // From noon, a day more or less an hour is always tomorrow.
  const noon = parseIso(`${dayKey(now, zone)}T12:00`, zone) ?? now;
  return parseIso(`${dayKey(noon + DAY, zone)}T08:00`, zone) ?? now + DAY;
}

/**
 * @param custom what the person typed for `custom`, such as "2026-11-20T23:30", read in the zone
 * @returns epoch ms, null for no end, or what is wrong in plain words
 */
export function untilOf(choice: UntilChoice, custom: string, now: number, zone: string): Result<number | null, string> {
  if (choice === 'none') return ok(null);
  if (choice === 'morning') return ok(tomorrowMorning(now, zone));
  const length = lengths[choice];
  if (length !== undefined) return ok(now + length);
  const at = parseIso(custom, zone);
  if (at === null) return fail('Say until when.');
  if (at <= now) return fail('That moment is over already.');
  if (at - now > longestMs) return fail('That is more than a year away.');
  return ok(at);
}

/** "today 23:30 PST", "Saturday 21 November 2026, 08:00 PST". */
export const untilText = (at: number, now: number, zone: string): string =>
  `${dayKey(at, zone) === dayKey(now, zone) ? 'today' : `${dayName(at, zone)},`} ${clockShort(at, zone)} ${zoneName(at, zone)}`;

/** Durations and zoned times. Inside everything is epoch milliseconds UTC; people always read a zone. */
import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const unitMs: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };
export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Reads a duration as written in an inventory: "250ms", "30s", "5m", "2h", "7d".
 * @returns milliseconds, or null when it is not of that form.
 */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text.trim());
  return match ? Math.round(Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0)) : null;
}

/** A duration in an inventory: text such as "30s" in, milliseconds out. */
export const durationSchema = (least = 1, most = 3650 * DAY) =>
  z
    .string('expected a duration such as "250ms", "30s", "5m", "2h" or "7d"')
    .regex(durationPattern, 'expected a duration such as "250ms", "30s", "5m", "2h" or "7d"')
    .refine(
      (text) => {
        const ms = parseDuration(text);
        return ms !== null && ms >= least && ms <= most;
      },
      `expected a duration from ${writeDuration(least)} to ${writeDuration(most)}`,
    )
    .transform((text) => parseDuration(text) as number);

/** Writes milliseconds the way parseDuration reads them, in the largest unit that stays whole. */
export function writeDuration(ms: number): string {
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

/** How long something took or lasts, for people, two units at most: "850 ms", "14 min", "2 d 4 h". */
export function humanDuration(ms: number): string {
  if (!(ms >= 1)) return '0 ms';
  if (ms < SECOND) return `${Math.floor(ms)} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  const pick = (big: number, bigName: string, small: number, smallName: string) => {
    const whole = Math.floor(ms / big);
    const rest = Math.floor((ms - whole * big) / small);
    return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
  };
  if (ms < 10 * MINUTE) return pick(MINUTE, 'min', SECOND, 's');
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return pick(HOUR, 'h', MINUTE, 'min');
  return pick(DAY, 'd', HOUR, 'h');
}

/** A latency for a tile: "3 ms", "0.4 ms", "1.9 s". */
export function humanLatency(ms: number): string {
  if (ms < 1) return `${Math.max(0.1, Math.round(ms * 10) / 10)} ms`;
  return Math.round(ms) < SECOND ? `${Math.round(ms)} ms` : `${(ms / SECOND).toFixed(1)} s`;
}

/** Whether a name is an IANA time zone that this computer knows ("Europe/Berlin", "UTC"). */
export const isZone = (name: string): boolean => IANAZone.isValidZone(name);

const at = (ms: number, zone: string): DateTime => DateTime.fromMillis(ms, { zone }).setLocale('en-US');

/** "05:39:12" in the zone. The zone must stand beside it on the screen: see zoneName. */
export const clock = (ms: number, zone: string): string => at(ms, zone).toFormat('HH:mm:ss');

/** "05:39" in the zone. */
export const clockShort = (ms: number, zone: string): string => at(ms, zone).toFormat('HH:mm');

/** The zone's short name at that moment: "PDT", "UTC", "UTC+2"; London in winter is "GMT". */
export function zoneName(ms: number, zone: string): string {
  // Asking takes 20 µs, and a report has thousands of times. Zones change their clocks at quarters of an hour.
  const key = `${zone} ${Math.floor(ms / (15 * MINUTE))}`;
  const known = zoneNames.get(key);
  if (known !== undefined) return known;
  const name = at(ms, zone)
    .toFormat('ZZZZ')
    .replace(/^GMT(?=[+-])/, 'UTC')
    .replace('-', '−');
  if (zoneNames.size >= mostZoneNames) zoneNames.clear();
  zoneNames.set(key, name);
  return name;
}
const zoneNames = new Map<string, string>();
const mostZoneNames = 5_000;

/** "2026-11-20 05:39:12 PST", complete and sortable. */
export const stamp = (ms: number, zone: string): string => `${at(ms, zone).toFormat('yyyy-MM-dd HH:mm:ss')} ${zoneName(ms, zone)}`;

/** "Friday 20 November 2026". */
export const dayName = (ms: number, zone: string): string => at(ms, zone).toFormat('cccc d LLLL yyyy');

/** "20 November", where the year is clear. */
export const dayShort = (ms: number, zone: string): string => at(ms, zone).toFormat('d LLLL');

/** "2026-11-20" in the zone; also tells whether two moments share a day there. */
export const dayKey = (ms: number, zone: string): string => at(ms, zone).toFormat('yyyy-MM-dd');

/** "EDT (UTC−4)", for the head of a report. */
export function zoneTitle(ms: number, zone: string): string {
  const short = zoneName(ms, zone);
  const offset = at(ms, zone).toFormat('Z').replace('-', '−');
  return short.startsWith('UTC') ? short : `${short} (UTC${offset})`;
}

/** Parses an ISO 8601 date, or date and time, with an offset or else in the given zone. @returns epoch ms or null. */
export function parseIso(text: string, zone: string): number | null {
  // luxon would put a time without a date on the day of today's clock.
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(text.trim())) return null;
  const parsed = DateTime.fromISO(text.trim(), { zone });
  return parsed.isValid ? parsed.toMillis() : null;
}

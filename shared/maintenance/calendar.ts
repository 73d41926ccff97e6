/** When planned work is in force. Times are epoch ms; a stretch holds its start and not its end. */
import type { MaintenanceWindow, Occurrence, Routine } from '../model/maintenance.ts';
import { HOUR } from '../time.ts';
import { cronLine } from './cron.ts';

/** So many times at most are given for one question: who asks for more gets the first ones. */
export const mostOccurrences = 2_000;

/**
 * The stretches of a window that touch [from, to), oldest first, never overlapping; those that began before are whole.
 * - fixed: as planned, or as it was started and finished by hand. Finishing after `to` stretches nothing: the overrun was not planned.
 * - flexible: once it has begun, for `durationMs` from there, even beyond its `to` (as in Nagios and Icinga: `to` bounds the begin).
 * - open-ended: until it is finished, or until `to` where somebody gave it an end since.
 * - recurring: at the times of its line within [window.from, window.to), without skipped ones; a time that would still run when the
 *   next one begins ends there.
 * Nothing goes on after `cancelledAt`. A window without a day has none.
 */
export function occurrencesOf(window: MaintenanceWindow, from: number, to: number, most = mostOccurrences): Occurrence[] {
  if (window.kind === 'recurring') return recurring(window, from, to, most);
  const only = single(window);
  return only && touches(only, from, to) && most > 0 ? [only] : [];
}

/** The stretch in force at a moment. */
export const runningAt = (window: MaintenanceWindow, now: number): Occurrence | null => occurrencesOf(window, now, now + 1, 1)[0] ?? null;

/** The next stretch that begins after a moment; null = none, or its day is not fixed, or it waits for a fault. */
export function nextAfter(window: MaintenanceWindow, now: number): Occurrence | null {
  if (window.kind !== 'recurring') {
    const only = single(window);
    return only && only.from > now ? only : null;
  }
  const start = seriesOf(window)?.after(now) ?? null;
  return start === null ? null : (occurrencesOf(window, start, start + 1, 1)[0] ?? null);
}

/** The stretch that began last, running or over. */
export function latestAt(window: MaintenanceWindow, now: number): Occurrence | null {
  if (window.kind !== 'recurring') {
    const only = single(window);
    return only && only.from <= now ? only : null;
  }
  const start = seriesOf(window)?.upTo(now) ?? null;
  return start === null ? null : (occurrencesOf(window, start, start + 1, 1)[0] ?? null);
}

/** Whether nothing of it is still to come. */
export function isOver(window: MaintenanceWindow, now: number): boolean {
  const { kind, startedAt, endedAt, cancelledAt, to } = window;
  if (cancelledAt !== null && cancelledAt <= now) return true;
  if (kind === 'recurring') return runningAt(window, now) === null && nextAfter(window, now) === null;
  if (endedAt !== null && endedAt <= now) return true;
  if (kind === 'flexible' && startedAt === null) return to !== null && to < now;
  const only = single(window);
  return only !== null && only.to !== null && only.to <= now;
}

/**
 * The next moment at which any of it begins or ends: until then nobody need look.
 * @returns at most an hour ahead; null = nothing is still to come
 */
export function nextChange(windows: readonly MaintenanceWindow[], routines: readonly Routine[], now: number): number | null {
  const moments = [
    ...windows.flatMap((it) =>
      isOver(it, now) ? [] : [runningAt(it, now)?.to, nextAfter(it, now)?.from, ...(it.kind === 'flexible' ? [it.from, it.to] : [])],
    ),
    ...routines.flatMap((it) => {
      const line = cronLine(it.cron, it.zone);
      const last = line?.upTo(now) ?? null;
      return [line?.after(now), last === null ? null : last + it.usuallyMs];
    }),
  ].filter((it) => typeof it === 'number' && it > now) as number[];
  return moments.length === 0
    ? null
    : Math.min(
        now + HOUR,
        moments.reduce((a, b) => Math.min(a, b)),
      );
}

const touches = (it: Occurrence, from: number, to: number): boolean => it.from < to && (it.to === null || it.to > from);

/** The one stretch of a window that does not recur. */
function single(window: MaintenanceWindow): Occurrence | null {
  const { id, kind, durationMs, startedAt, endedAt, cancelledAt } = window;
  const from = startedAt ?? (kind === 'flexible' ? null : window.from);
  if (from === null) return null;
  const forDuration = durationMs === null ? null : from + durationMs;
  const planned = kind === 'flexible' ? (forDuration ?? window.to) : kind === 'open-ended' ? window.to : (window.to ?? forDuration);
  const to = earliest(planned, endedAt, cancelledAt);
  return to !== null && to <= from ? null : { window: id, from, to };
}

const earliest = (...moments: (number | null)[]): number | null =>
  moments.reduce((least, it) => (least === null || (it !== null && it < least) ? it : least), null);

/** The starts of a recurring window that take place. */
function seriesOf(window: MaintenanceWindow): { after(moment: number): number | null; upTo(moment: number): number | null } | null {
  const { schedule, durationMs, from, to, cancelledAt } = window;
  const line = schedule && durationMs !== null ? cronLine(schedule.cron, schedule.zone) : null;
  if (!line) return null;
  const skipped = new Set(window.skipped);
  // Without a first day a series begins when it was planned: it must not make planned work of old outages.
  const first = from ?? window.createdAt;
  const end = Math.min(to ?? Number.POSITIVE_INFINITY, cancelledAt ?? Number.POSITIVE_INFINITY);
  return {
    after(moment) {
      let start = line.after(Math.max(moment, first - 1));
      while (start !== null && skipped.has(start)) start = line.after(start);
      return start !== null && start < end ? start : null;
    },
    upTo(moment) {
      let start = line.upTo(Math.min(moment, end - 1));
      while (start !== null && skipped.has(start)) start = line.upTo(start - 1);
      return start !== null && start >= first ? start : null;
    },
  };
}

function recurring(window: MaintenanceWindow, from: number, to: number, most: number): Occurrence[] {
  const series = seriesOf(window);
  if (!series || window.durationMs === null) return [];
  const ends = new Map(window.ends?.map((it) => [it.at, it.to]));
  const found: Occurrence[] = [];
  let start = series.upTo(from) ?? series.after(from);
  while (start !== null && start < to && found.length < most) {
    const next = series.after(start);
    const end = earliest(ends.get(start) ?? start + window.durationMs, next, window.cancelledAt) as number;
    if (end > start && end > from) found.push({ window: window.id, from: start, to: end });
    start = next;
  }
  return found;
}

/** Recurring jobs of the servers themselves, such as Sunday's log rotation: what they restart must be back in time. */
import { DateTime } from 'luxon';
import type { Related } from '../model/alert.ts';
import type { Routine } from '../model/maintenance.ts';
import { clean } from '../text.ts';
import { clockShort, MINUTE, zoneName } from '../time.ts';
import { mostOccurrences } from './calendar.ts';
import { cronLine } from './cron.ts';

/** One run: from its start until what it restarts must be back, epoch ms. */
interface RoutineRun {
  at: number;
  to: number;
}

/** The runs that touch [from, to), oldest first, 2,000 at most. */
export function routineRuns(routine: Routine, from: number, to: number): RoutineRun[] {
  const line = cronLine(routine.cron, routine.zone);
  const runs: RoutineRun[] = [];
  if (!line) return runs;
  const reach = from - routine.usuallyMs;
  for (let at = line.after(reach); at !== null && at < to && runs.length < mostOccurrences; at = line.after(at)) {
    runs.push({ at, to: at + routine.usuallyMs });
  }
  return runs;
}

/** Routines in force at a moment: from a start until `usuallyMs` after it. */
export function routinesAt(routines: readonly Routine[], now: number): Routine[] {
  return routines.filter((it) => {
    const at = cronLine(it.cron, it.zone)?.upTo(now) ?? null;
    return at !== null && now < at + it.usuallyMs;
  });
}

/** Clocks of servers are not quite ours, and a fault is seen at the next look only. */
const slackMs = MINUTE;

/**
 * The routine whose run explains a fault: one that restarts what failed, and ran when it failed.
 * @param subjects ids of what failed, with the hosts that carry it
 * @param firstAt first symptom, epoch ms
 * @returns of several the one that began last; null = none
 */
export function lateRoutine(routines: readonly Routine[], subjects: readonly string[], firstAt: number): Related | null {
  const runs = routines.flatMap((it) => {
    if (!it.restarts.some((id) => subjects.includes(id))) return [];
    const at = cronLine(it.cron, it.zone)?.upTo(firstAt + slackMs) ?? null;
    return at !== null && firstAt <= at + it.usuallyMs + slackMs ? [{ at, it }] : [];
  });
  const last = runs.reduce<(typeof runs)[number] | null>((best, run) => (best && best.at >= run.at ? best : run), null);
  if (!last) return null;
  const { at, it } = last;
  return {
    kind: 'routine',
    text: `${clean(it.name, 120)} (${weekday(at, it.zone)} ${clockShort(at, it.zone)} ${zoneName(at, it.zone)})`,
    at,
  };
}

const weekday = (at: number, zone: string): string => DateTime.fromMillis(at, { zone }).setLocale('en-US').toFormat('cccc');

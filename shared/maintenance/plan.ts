/** Planned work as people enter it: what a form may say, and how it becomes a window. */
import type { RequestFailure } from '../bind.ts';
import type { MaintenancePlan } from '../contract.ts';
import type { MaintenanceWindow } from '../model/maintenance.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean, listOf } from '../text.ts';
import { humanDuration, isZone, MINUTE } from '../time.ts';
import { longestMs } from './change.ts';
import { cronLine, cronProblem } from './cron.ts';

export { changeWindow } from './change.ts';
export { describeWindow } from './words.ts';

const farthestMs = 10 * longestMs;

const refuse = (code: string, text: string): RequestFailure => ({ code, text: `${text} Nothing was planned.` });

/**
 * Checks a form and makes the window of it; what does not belong to its kind is dropped.
 * A fixed one may lie in the past (it corrects uptime), an open-ended one may have begun there.
 * @param known whether an id is one of the inventory
 */
export function planWindow(
  plan: MaintenancePlan,
  { id, by, now, known }: { id: string; by: string; now: number; known(id: string): boolean },
): Result<MaintenanceWindow, RequestFailure> {
  const problem = timesProblem(plan, now) ?? subjectsProblem(plan, known);
  if (problem) return fail(problem);
  const { kind, durationMs } = plan;
  const times: Pick<MaintenanceWindow, 'from' | 'to' | 'durationMs' | 'schedule'> = {
    from: plan.from,
    to: kind === 'open-ended' ? null : plan.to,
    // How long a fixed one without a day takes is known before the day is.
    durationMs: kind === 'open-ended' || (kind === 'fixed' && plan.from !== null) ? null : durationMs,
    schedule: kind === 'recurring' && plan.schedule ? { cron: plan.schedule.cron.trim(), zone: plan.schedule.zone } : null,
  };
  return ok({
    id,
    name: clean(plan.name, 120),
    kind,
    ...times,
    affects: [...new Set(plan.affects)],
    spares: [...new Set(plan.spares)],
    reason: plan.reason,
    source: 'desk',
    by,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    cancelledAt: null,
    skipped: [],
  });
}

function subjectsProblem({ affects, spares }: MaintenancePlan, known: (id: string) => boolean): RequestFailure | null {
  const missing = [...new Set([...affects, ...spares])].filter((id) => !known(id));
  if (missing.length > 0)
    return refuse('no-such-subject', `There is nothing called ${listOf(missing.map(quoted))} in the inventory. Choose from the list.`);
  const both = affects.filter((id) => spares.includes(id));
  return both.length > 0
    ? refuse(
        'affected-and-spared',
        `${listOf(both.map(quoted))} cannot both be affected and keep working. Take it out of one of the lists.`,
      )
    : null;
}
const quoted = (id: string): string => `“${clean(id, 80)}”`;

function timesProblem(plan: MaintenancePlan, now: number): RequestFailure | null {
  const { kind, from, to, durationMs } = plan;
  for (const at of [from, to]) {
    if (at !== null && Math.abs(at - now) > farthestMs) return refuse('too-far', 'That is more than ten years away. Look at the year.');
  }
  if (from !== null && to !== null && kind !== 'open-ended') {
    if (to <= from) return refuse('ends-before-start', 'It ends before it starts. Give it a later end.');
    if (kind !== 'recurring' && to - from > longestMs)
      return refuse('too-long', 'It lasts more than 366 days. If its end is not known, choose an open-ended one.');
  }
  if (durationMs !== null && kind !== 'open-ended' && !(durationMs >= MINUTE && durationMs <= longestMs))
    return refuse('bad-duration', 'It must last at least a minute and at most 366 days.');
  switch (kind) {
    case 'fixed':
      if (from === null && to !== null) return refuse('no-start', 'It has an end and no start. Say when it starts, or leave the day open.');
      if (from !== null && to === null) return refuse('no-end', 'Say when it ends, or choose an open-ended one.');
      return null;
    case 'open-ended':
      return from !== null && now - from > longestMs ? refuse('too-long', 'It began more than 366 days ago. Give it a later start.') : null;
    case 'flexible':
      if (durationMs === null) return refuse('no-duration', 'Say how long it lasts once it has begun, such as 30 min.');
      if ((from === null) !== (to === null))
        return refuse('no-range', 'Say both: from when and until when it may begin. Or leave the day open.');
      return to !== null && to <= now
        ? refuse('in-the-past', 'It waits for a fault that is still to come, and its time is past. For work that was, choose a fixed one.')
        : null;
    case 'recurring':
      return seriesProblem(plan, now);
  }
}

function seriesProblem({ schedule, durationMs, from, to }: MaintenancePlan, now: number): RequestFailure | null {
  if (!schedule) return refuse('no-schedule', 'Say when it recurs, such as every Sunday at 04:00.');
  if (!isZone(schedule.zone)) return refuse('bad-schedule', 'Expected a time zone such as America/Los_Angeles.');
  const problem = cronProblem(schedule.cron, schedule.zone);
  if (problem) return refuse('bad-schedule', `Expected ${problem}.`);
  if (durationMs === null) return refuse('no-duration', 'Say how long each time lasts, such as 30 min.');
  if (to !== null && to <= now) return refuse('in-the-past', 'Its last day is past: it would never come again.');
  const gap = shortestGap(schedule, Math.max(from ?? now, now));
  return gap !== null && durationMs >= gap
    ? refuse(
        'too-long',
        `Each time would last until the next one begins (${humanDuration(gap)} later). Make it shorter, or recur less often.`,
      )
    : null;
}

/** Between two of the next times; null = there are no two. */
function shortestGap({ cron, zone }: { cron: string; zone: string }, from: number): number | null {
  const line = cronLine(cron, zone);
  let at = line?.after(from) ?? null;
  let shortest: number | null = null;
  for (let seen = 0; line && at !== null && seen < 60; seen += 1) {
    const next = line.after(at);
    if (next !== null) shortest = Math.min(shortest ?? next - at, next - at);
    at = next;
  }
  return shortest;
}

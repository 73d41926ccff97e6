/** When a plan that is still being written would come next. Pure. */
import type { MaintenancePlan } from '../../shared/contract.ts';
import { nextAfter } from '../../shared/maintenance/calendar.ts';
import type { MaintenanceWindow, Occurrence } from '../../shared/model/maintenance.ts';

/** @returns the next `most` times of a recurring one; fewer where the series ends before */
export function nextTimes(plan: Pick<MaintenancePlan, 'from' | 'to' | 'durationMs' | 'schedule'>, now: number, most = 3): Occurrence[] {
  const window: MaintenanceWindow = {
    ...plan,
    id: 'preview',
    name: '',
    kind: 'recurring',
    affects: [],
    spares: [],
    reason: '',
    source: 'desk',
    by: '',
    createdAt: now,
    startedAt: null,
    endedAt: null,
    cancelledAt: null,
    skipped: [],
  };
  const times: Occurrence[] = [];
  for (let after = now; times.length < most; ) {
    const next = nextAfter(window, after);
    if (!next) break;
    times.push(next);
    after = next.from;
  }
  return times;
}

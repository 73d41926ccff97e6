/** Planned work and routines as they are written in the inventory. */
import type { Inventory } from '../model/inventory.ts';
import type { MaintenanceWindow, Routine } from '../model/maintenance.ts';

/** @param zone of the organization, where the entry names none */
export function windowOf(it: Inventory['maintenance'][number], zone: string): MaintenanceWindow {
  const moment = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));
  const to = moment(it.to);
  return {
    id: it.id,
    name: it.name,
    kind: it.kind ?? (it.schedule ? 'recurring' : it.duration ? 'flexible' : it.from && !it.to ? 'open-ended' : 'fixed'),
    from: moment(it.from),
    to,
    durationMs: it.duration ?? null,
    schedule: it.schedule ? { cron: it.schedule, zone: it.timezone ?? zone } : null,
    affects: it.affects,
    spares: it.spares,
    reason: it.reason ?? '',
    source: 'inventory',
    by: 'inventory',
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    cancelledAt: null,
    skipped: [],
  };
}

/** @param zone of the organization, where the entry names none */
export const routineOf = (it: Inventory['routines'][number], zone: string): Routine => ({
  id: it.id,
  name: it.name,
  cron: it.schedule,
  zone: it.timezone ?? zone,
  usuallyMs: it.usually,
  restarts: it.restarts,
});

/** Planned work of the inventory, and what people did to it. */
import type { MaintenanceWindow } from '../model/maintenance.ts';

/** The times that a window of the inventory has in the file, as one text to compare. */
export const basisOf = ({ kind, from, to, durationMs, schedule }: MaintenanceWindow): string =>
  JSON.stringify([kind, from, to, durationMs, schedule?.cron ?? null, schedule?.zone ?? null]);

/**
 * Decides what applies. Windows of the desk's own apply as they are kept. For one of the inventory:
 * - what people did to it wins (started, finished, called off, postponed, extended), while name, lists and reason follow the file;
 * - until the file gives it other times than those the change was based on: then somebody planned it anew there, and the file wins;
 * - one that left the file stays as history if it has an end; what was not over is gone, as the file says.
 * @param kept the desk's own windows, and copies of the inventory's that were changed
 */
export function mergeWindows(fromInventory: readonly MaintenanceWindow[], kept: readonly MaintenanceWindow[]): MaintenanceWindow[] {
  const copies = new Map(kept.filter((it) => it.source === 'inventory').map((it) => [it.id, it]));
  const current = fromInventory.map((it) => {
    const copy = copies.get(it.id);
    copies.delete(it.id);
    if (copy?.basis !== basisOf(it)) return it;
    const { name, affects, spares, reason } = it;
    return { ...copy, name, affects, spares, reason };
  });
  const left = [...copies.values()].filter(hasEnd);
  const taken = new Set(current.map((it) => it.id));
  return [...current, ...left, ...kept.filter((it) => it.source === 'desk' && !taken.has(it.id))];
}

const hasEnd = ({ kind, startedAt, endedAt, cancelledAt, to }: MaintenanceWindow): boolean =>
  endedAt !== null || cancelledAt !== null || (startedAt !== null && (kind === 'flexible' || to !== null));

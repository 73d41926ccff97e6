/** What stands behind a sentence: its evidence in the order of the numbers, and the checks whose measurements belong to it. Pure. */
import type { Evidence } from '../../shared/incident/draft.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { NightEvent } from '../../shared/model/event.ts';

/** @param numbers as they stand at the sentence; those that lead nowhere are left out, and named */
export function evidenceFor(all: readonly Evidence[], numbers: readonly number[]): { found: Evidence[]; lost: number[] } {
  const found = numbers.flatMap((number) => all.find((it) => it.number === number) ?? []).sort((a, b) => a.number - b.number);
  const have = new Set(found.map((it) => it.number));
  return { found, lost: numbers.filter((number) => !have.has(number)) };
}

/** The lines of the timeline that evidence points at. */
export const eventsOf = (evidence: readonly Evidence[]): { id: string; at: number }[] =>
  evidence.flatMap(({ source }) => (source.kind === 'event' ? [{ id: source.event, at: source.at }] : []));

/** The checks that events and alerts are about, each once, in the order of the evidence. Coverage draws its own. */
export function checksBehind(
  evidence: readonly Evidence[],
  events: ReadonlyMap<string, NightEvent>,
  tables: Pick<LiveTables, 'alerts' | 'plans'>,
): string[] {
  const checks = evidence.flatMap(({ source }): string[] => {
    if (source.kind === 'backup') return [source.check];
    if (source.kind === 'alert') return tables.alerts[source.alert]?.checks.slice(0, 1) ?? [];
    const event = source.kind === 'event' ? events.get(source.event) : undefined;
    if (!event) return [];
    if ('check' in event.payload) return [event.payload.check];
    return 'checks' in event.payload && Array.isArray(event.payload.checks) ? event.payload.checks.slice(0, 1) : [];
  });
  return [...new Set(checks)].filter((check) => tables.plans[check] !== undefined);
}

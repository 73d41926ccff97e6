/** What several chosen alerts come to: a stretch of the list, who can be acknowledged, what would be silenced. Pure. */
import type { LiveTables } from '../../shared/live.ts';

type Alerts = LiveTables['alerts'];

/** The stretch of the list between the one chosen last and this one, both included; this one alone where there was none. */
export function rangeTo(order: readonly string[], anchor: string | null, to: string): string[] {
  const from = anchor === null ? -1 : order.indexOf(anchor);
  const end = order.indexOf(to);
  if (from < 0 || end < 0) return [to];
  return order.slice(Math.min(from, end), Math.max(from, end) + 1);
}

const isRunning = (alerts: Alerts, id: string): boolean => alerts[id]?.endedAt === null;

/** Of the chosen ones those that nobody has; where somebody has all of them, all of them, to be taken over. Ended ones are left out. */
export function forAcknowledging(chosen: readonly string[], alerts: Alerts): string[] {
  const running = chosen.filter((id) => isRunning(alerts, id));
  const free = running.filter((id) => !alerts[id]?.acknowledgement);
  return free.length > 0 ? free : running;
}

/** What the chosen alerts are about, each once. Ended ones are left out. */
export const subjectsToSilence = (chosen: readonly string[], alerts: Alerts): string[] => [
  ...new Set(chosen.filter((id) => isRunning(alerts, id)).flatMap((id) => alerts[id]?.subject.id ?? [])),
];

/** Open alerts as the tray, the badge and the title of the window say them. Pure. */
import type { OpenCounts } from '../../shared/contract.ts';

/** What the tray shows; null counts = nothing is watched at the moment. */
export type TrayStanding = 'ok' | 'degraded' | 'down' | 'unknown';

export const totalOf = ({ down, degraded, unknown }: OpenCounts): number => down + degraded + unknown;

/** The worst that is open. A desk that does not watch is never green. */
export function trayStanding(counts: OpenCounts | null): TrayStanding {
  if (!counts) return 'unknown';
  if (counts.down > 0) return 'down';
  if (counts.degraded > 0) return 'degraded';
  return counts.unknown > 0 ? 'unknown' : 'ok';
}

/** "2 down, 1 degraded, nobody has 2 of them". */
export function trayTooltip(counts: OpenCounts | null): string {
  if (!counts) return 'Nightdesk does not watch at the moment';
  const total = totalOf(counts);
  if (total === 0) return 'Nightdesk: no alert is open';
  const { down, degraded, unknown } = counts;
  const parts = [
    ...(down > 0 ? [`${down} down`] : []),
    ...(degraded > 0 ? [`${degraded} degraded`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ];
  const free = Math.max(0, total - counts.taken);
  const taken = total === 1 ? (free === 1 ? 'nobody has it' : 'somebody has it') : whoHas(free, total);
  return `${parts.join(', ')}, ${taken}`;
}

const whoHas = (free: number, total: number): string =>
  free === total ? 'nobody has any of them' : free === 0 ? 'somebody has each of them' : `nobody has ${free} of them`;

/** "(3) Nightdesk". */
export const windowTitle = (counts: OpenCounts | null): string => {
  const total = counts ? totalOf(counts) : 0;
  return total > 0 ? `(${total}) Nightdesk` : 'Nightdesk';
};

/** Smoke: what many pings of one probe say together. A median line, the sorted round trips as bands round it, loss as a colour (after SmokePing). Pure. */

/** One probe, or a stretch of probes in one. */
export interface SmokePoint {
  /** Epoch ms: of the probe, or the start of the stretch. */
  at: number;
  /** Probes in it. */
  n: number;
  /** Packets lost and sent, of all its probes together. */
  lost: number;
  sent: number;
  /** Round trips in ms, ascending: of the probe, or the usual ones of the stretch (see `usualOf`). Empty where nothing answered. */
  rtts: number[];
}

/** A probe with fewer packets has no smoke. */
export const leastPings = 10;

/** Shares of the round trips between which a band lies, outermost first: all of them, then the middle 80, 60, 40 and 20 per cent. */
const bandShares = [0, 0.1, 0.2, 0.3, 0.4] as const;

/**
 * The value below which a share of the values lies, interpolated between neighbours.
 * @param sorted ascending, not empty
 * @param share 0 to 1
 */
export function quantile(sorted: readonly number[], share: number): number {
  const place = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

export interface Smoke {
  /** Ms; null where nothing answered. */
  median: number | null;
  /** Always as many for any number of pings, outermost first, each within the one before; none where nothing answered. */
  bands: { low: number; high: number }[];
}

/** @param rtts ascending, ms */
export function smokeOf(rtts: readonly number[]): Smoke {
  if (rtts.length === 0) return { median: null, bands: [] };
  return {
    median: quantile(rtts, 0.5),
    bands: bandShares.map((share) => ({ low: quantile(rtts, share), high: quantile(rtts, 1 - share) })),
  };
}

/** Ranks that a stretch is told by: every twentieth part, so that the middle one is the median. */
const ranks = Array.from({ length: 21 }, (_, index) => index / 20);

/**
 * The usual round trips of several probes: at each rank the median of what the probes had there. The middle one is the median of
 * their medians, and a single slow probe among many leaves no smoke.
 * @param probes each ascending, ms; those without an answer count for nothing
 * @returns 21 values, ascending; none where nothing answered
 */
export function usualOf(probes: readonly (readonly number[])[]): number[] {
  const answered = probes.filter((rtts) => rtts.length > 0);
  if (answered.length === 0) return [];
  return ranks.map((share) =>
    quantile(
      answered.map((rtts) => quantile(rtts, share)).sort((a, b) => a - b),
      0.5,
    ),
  );
}

export type LossColour = 'green' | 'light-blue' | 'blue' | 'violet' | 'magenta' | 'orange' | 'red';

/** SmokePing's steps for 20 packets: up to so many lost, this colour. */
const lossSteps: readonly (readonly [most: number, colour: LossColour])[] = [
  [0, 'green'],
  [1, 'light-blue'],
  [2, 'blue'],
  [3, 'violet'],
  [5, 'magenta'],
  [10, 'orange'],
];

/**
 * The colour of a loss. Other numbers of packets are scaled to 20, rounded up: any loss at all is not green.
 * @returns null where nothing was sent
 */
export function lossColour(lost: number, sent: number): LossColour | null {
  if (!(sent > 0)) return null;
  const of20 = Math.ceil((lost * 20) / sent);
  return lossSteps.find(([most]) => of20 <= most)?.[1] ?? 'red';
}

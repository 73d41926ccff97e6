/** How levels, values and times stand in the file. Changing anything here needs a migration. */
import type { Level } from '../../shared/model/words.ts';
import type { StandingSpell } from '../../shared/uptime/compute.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;

/** Number of the UTC minute or hour that an epoch ms falls in. */
export const minuteOf = (at: number): number => Math.floor(at / minuteMs);
export const hourOf = (at: number): number => Math.floor(at / hourMs);

/** A level is kept as its place in this list: never reorder, only append. */
const stored = ['ok', 'degraded', 'down', 'unknown'] as const satisfies readonly Level[];
export const packLevel = (level: Level): number => stored.indexOf(level);
export const unpackLevel = (number: number): Level => stored[number] ?? 'unknown';

/** A standing is kept as its place in this list: never reorder, only append. */
const storedStandings = ['ok', 'degraded', 'down', 'unreachable', 'unknown'] as const satisfies readonly StandingSpell['standing'][];
export const packStanding = (standing: StandingSpell['standing']): number => storedStandings.indexOf(standing);
/** Null where the number stands for nothing. */
export const unpackStanding = (number: number): StandingSpell['standing'] | null => storedStandings[number] ?? null;

const most = 2 ** 50;
/**
 * Values (ms or %) are kept as whole thousandths: two or three bytes instead of eight, and finer than any probe measures.
 * What is not a finite number becomes null.
 */
export function packValue(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  // `+ 0` turns -0 into 0.
  return Math.max(-most, Math.min(most, Math.round(value * 1_000))) + 0;
}
export const unpackValue = (number: number | null): number | null => (number === null ? null : number / 1_000);

/** Chance that can be repeated: the same seed and the same words give the same numbers, whatever else is drawn in between. */

/** Numbers from 0 (included) to 1 (not included). */
export type Chance = () => number;

/** mulberry32: 32 bits of state, one number per call. Good enough for latencies, and nothing here is a secret. */
export function mulberry32(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 32 bits of some words (FNV-1a, mixed at the end as its low bits are not even). */
export function bitsOf(words: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) bits = Math.imul(bits ^ words.charCodeAt(i), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  return (bits ^ (bits >>> 13)) >>> 0;
}

/** A stream of its own for whatever the words name, so that no order of events changes what another one draws. */
export const chanceOf = (seed: number | string, words: string): Chance => mulberry32(bitsOf(`${seed}\n${words}`));

/** A number that belongs to some words for good: from `least` to `most`. */
export const fixedOf = (words: string, least: number, most: number): number => least + (bitsOf(words) / 4_294_967_296) * (most - least);

/** Round trips lie close above their best, and now and then far above it. @param best ms @returns ms, to the microsecond */
export function latencyOf(best: number, chance: Chance): number {
  const late = -Math.log(1 - chance());
  return Math.round(best * (1 + 0.06 * late) * 1_000) / 1_000;
}

/** What a storm of failing checks costs, as the benches tell it. */

/** 127.0.0.0/8 is all loopback: thousands of different addresses without a network. */
export const addressOf = (i: number): string => `127.${10 + Math.floor(i / 250)}.0.${1 + (i % 250)}`;

/** All checks changing at once, as the engine alone sees it. */
export interface Wave {
  /** From the first result to the last, ms. */
  spreadMs: number;
  /** From the last result until the delta with the alert is out, ms. */
  toDeltaMs: number;
  /** How many alerts were told of. */
  alerts: number;
  /** CPU of the engine until then, ms. */
  cpuMs: number;
  /** What seeing all checks together took (covers, alerts, notification) in all, and the longest time, ms. */
  settleMs: number;
  longestSettleMs: number;
  /** The tick of every second: staleness, one transaction. */
  tickMs: number;
  longestTickMs: number;
  deltas: number;
  deltaBytes: number;
  largestDeltaBytes: number;
}
export interface EngineStorm {
  checks: number;
  fail: Wave;
  recover: Wave;
  /** The second storm, with all code warm. */
  again: Wave;
  /** CPU per second while all of them stay down, ms. */
  downCpuMs: number;
}

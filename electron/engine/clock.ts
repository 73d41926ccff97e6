/** The only time there is in the engine. A drill passes another one in, and a night goes by in seconds. */
export interface Clock {
  /** Wall clock, epoch ms UTC. May jump. */
  now(): number;
  /** Monotonic ms, for durations and schedules. Never jumps. */
  monotonic(): number;
  /** Calls back once after `ms`. @returns what cancels it */
  after(ms: number, callback: () => void): () => void;
}

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

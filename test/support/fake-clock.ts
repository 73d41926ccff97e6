import type { Clock } from '../../electron/engine/clock.ts';

export interface FakeClock extends Clock {
  /** Lets time pass: timers fire in order, promises settle in between. */
  advance(ms: number): Promise<void>;
  /** The wall clock jumps; the monotonic one does not. */
  jump(ms: number): void;
  /** Both go on at once without a timer firing on time: the process was frozen. */
  freeze(ms: number): void;
}

/** A clock that only moves when it is told to. */
export function createFakeClock(start = Date.UTC(2026, 10, 20, 5, 0, 0)): FakeClock {
  let wall = start;
  let mono = 0;
  let order = 0;
  const timers: { at: number; order: number; callback: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 12; i++) await Promise.resolve();
  };
  return {
    now: () => wall,
    monotonic: () => mono,
    after(ms, callback) {
      const timer = { at: mono + Math.max(0, ms), order: order++, callback };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    async advance(ms) {
      const end = mono + ms;
      await settle();
      for (;;) {
        timers.sort((a, b) => a.at - b.at || a.order - b.order);
        const next = timers[0];
        if (!next || next.at > end) break;
        timers.shift();
        const step = Math.max(0, next.at - mono);
        mono += step;
        wall += step;
        next.callback();
        await settle();
      }
      wall += end - mono;
      mono = end;
    },
    jump(ms) {
      wall += ms;
    },
    freeze(ms) {
      wall += ms;
      mono += ms;
    },
  };
}

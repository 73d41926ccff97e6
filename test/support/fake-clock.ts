import { createVirtualClock, type VirtualClock } from '../../electron/drill/clock.ts';

export type FakeClock = VirtualClock;

/** A clock that only moves when it is told to. */
export const createFakeClock = (start = Date.UTC(2026, 10, 20, 5, 0, 0)): FakeClock =>
  createVirtualClock(start, async () => {
    // Chains of promises; nothing of the real world (files, workers) comes in between.
    for (let i = 0; i < 12; i++) await Promise.resolve();
  });

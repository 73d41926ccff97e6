/** The clock of drills and of tests. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../electron/drill/clock.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await null;
};
const clockAt = (start = 1_000) => createVirtualClock(start, settle);

describe('a clock that moves when it is told to', () => {
  it('fires timers in order, however they were set, and none that was cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ ms: fc.nat(50), cancelled: fc.boolean() }), { maxLength: 60 }), async (timers) => {
        const clock = clockAt();
        const fired: number[] = [];
        timers.forEach(({ ms, cancelled }, index) => {
          const cancel = clock.after(ms, () => fired.push(index));
          if (cancelled) cancel();
        });
        await clock.advance(50);
        const wanted = timers.map((it, index) => ({ ...it, index })).filter((it) => !it.cancelled);
        expect(fired).toEqual(wanted.sort((a, b) => a.ms - b.ms || a.index - b.index).map((it) => it.index));
      }),
    );
  });
  it('stands at the moment of each timer, and at the end afterwards', async () => {
    const clock = clockAt();
    const seen: number[] = [];
    const again = (): void => {
      seen.push(clock.now());
      clock.after(0.4, again);
    };
    clock.after(0.4, again);
    await clock.advance(2);
    expect(seen).toEqual([1_000, 1_000, 1_001, 1_001, 1_002]);
    expect([clock.now(), clock.monotonic()]).toEqual([1_002, 2]);
  });
  it('lets what a timer set off come to its end before the next', async () => {
    const clock = clockAt();
    const said: string[] = [];
    clock.after(1, async () => {
      await null;
      said.push('first');
    });
    clock.after(1, () => said.push('second'));
    await clock.advance(1);
    expect(said).toEqual(['first', 'second']);
  });
  it('knows sleep and a wall clock that was changed', async () => {
    const clock = clockAt();
    let firedAt = 0;
    clock.after(10, () => {
      firedAt = clock.monotonic();
    });
    clock.freeze(100);
    clock.jump(-500);
    expect([clock.now(), clock.monotonic(), firedAt]).toEqual([600, 100, 0]);
    await clock.advance(0);
    expect(firedAt).toBe(100);
  });
});

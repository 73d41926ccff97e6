import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScheduler, phaseOf } from '../../../electron/engine/scheduler.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const check = (id: string, intervalMs = 30_000, slotMs = 0) => ({ id, intervalMs, slotMs });

describe('scheduler', () => {
  it('gives every check one turn an interval', async () => {
    const clock = createFakeClock();
    const turns = new Map<string, number[]>();
    const scheduler = createScheduler(clock, (id) => void turns.set(id, [...(turns.get(id) ?? []), clock.monotonic()]));
    scheduler.replace(Array.from({ length: 50 }, (_, i) => check(`web${i}/http`)));
    await clock.advance(10 * 60_000);
    expect(turns.size).toBe(50);
    for (const times of turns.values()) {
      expect(times.length).toBeGreaterThanOrEqual(20);
      expect(times.length).toBeLessThanOrEqual(22);
      for (let i = 2; i < times.length; i++) expect((times[i] as number) - (times[i - 1] as number)).toBe(30_000);
    }
  });

  it('spreads a thousand checks without bursts', async () => {
    const clock = createFakeClock();
    const perSecond = new Map<number, number>();
    const scheduler = createScheduler(clock, () => {
      const second = Math.floor(clock.monotonic() / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    });
    scheduler.replace(Array.from({ length: 1_000 }, (_, i) => check(`host-${i}/tcp`)));
    await clock.advance(120_000);
    const steady = [...perSecond].filter(([second]) => second >= 60 && second < 120).map(([, n]) => n);
    expect(steady).toHaveLength(60);
    expect(Math.max(...steady)).toBeLessThan(70); // 33 on average
  });

  it('starts checks of a batched type in common slots', () => {
    const places = new Set(Array.from({ length: 300 }, (_, i) => phaseOf({ id: `h${i}/icmp`, slotMs: 5_000 }, 30_000)));
    expect([...places].sort((a, b) => a - b)).toEqual([0, 5_000, 10_000, 15_000, 20_000, 25_000]);
  });

  it('brings a retry forward and goes back to its own places', async () => {
    const clock = createFakeClock();
    const times: number[] = [];
    const scheduler = createScheduler(clock, () => void times.push(clock.monotonic()));
    scheduler.replace([check('a/tcp')]);
    await clock.advance(60_000);
    const before = times.length;
    scheduler.soon('a/tcp', 5_000);
    await clock.advance(5_000);
    expect(times).toHaveLength(before + 1);
    await clock.advance(120_000);
    const phase = phaseOf(check('a/tcp'), 30_000);
    for (const time of times.slice(before + 1)) expect(time % 30_000).toBe(phase);
  });

  it('keeps turns over a reload and forgets what is gone', async () => {
    const clock = createFakeClock();
    const seen: string[] = [];
    const scheduler = createScheduler(clock, (id) => void seen.push(id));
    scheduler.replace([check('a/tcp'), check('b/tcp')]);
    await clock.advance(60_000);
    seen.length = 0;
    scheduler.replace([check('b/tcp'), check('c/tcp')]);
    await clock.advance(30_000);
    expect(new Set(seen)).toEqual(new Set(['b/tcp', 'c/tcp']));
    expect(seen.filter((id) => id === 'b/tcp')).toHaveLength(1);
    scheduler.stop();
    seen.length = 0;
    await clock.advance(60_000);
    expect(seen).toEqual([]);
  });

  it('keeps its order through any sequence of changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            id: fc.integer({ min: 0, max: 20 }),
            soonMs: fc.integer({ min: 0, max: 40_000 }),
            waitMs: fc.integer({ min: 0, max: 20_000 }),
          }),
          { maxLength: 30 },
        ),
        async (steps) => {
          const clock = createFakeClock();
          let last = 0;
          const scheduler = createScheduler(clock, () => {
            expect(clock.monotonic()).toBeGreaterThanOrEqual(last);
            last = clock.monotonic();
          });
          const ids = new Set<string>();
          for (const step of steps) {
            if (step.soonMs % 3 === 0) ids.delete(`c${step.id}`);
            else ids.add(`c${step.id}`);
            scheduler.replace([...ids].map((id) => check(id, 7_000)));
            scheduler.soon(`c${step.id}`, step.soonMs);
            await clock.advance(step.waitMs);
          }
          const turned = new Set<string>();
          const all = createScheduler(clock, (id) => void turned.add(id));
          all.replace([...ids].map((id) => check(id, 7_000)));
          await clock.advance(14_000);
          expect(turned).toEqual(ids);
        },
      ),
      { numRuns: 50 },
    );
  });
});

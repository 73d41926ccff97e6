/** How long a queue takes to drain, estimated and in words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../electron/probes/queue.ts';
import { addSample, delayOf, delayWords, drainOf, growthOf, type QueueSample, rateWords } from '../../shared/checks/queue-delay.ts';
import type { QueueFacts } from '../../shared/checks/queue-facts.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
/** Looks a minute apart at a queue with so many waiting, of which so many have left since the look before. */
const looks = (...seen: [waiting: number, left: number | null][]): QueueSample[] =>
  seen.map(([waiting, left], index) => ({ at: now + index * MINUTE, waiting, backlog: waiting, left }));
const steady = (n: number, waiting: number, left: number) =>
  looks(...Array.from({ length: n }, (_, i): [number, number | null] => [waiting, i === 0 ? null : left]));

describe('words for delays', () => {
  it.each<[number, number | undefined, string | null]>([
    [1, 4, null],
    [1, 5, 'up to 5 minutes'],
    [4, 9, 'up to 10 minutes'],
    [6, 9, 'about 5 to 10 minutes'],
    [11, 58, 'about 10 to 60 minutes'],
    [75, 120, 'about 75 to 120 minutes'],
    [76, 118, 'about 75 to 120 minutes'],
    [30, 30, 'about 30 minutes'],
    [29.9, 30, 'about 25 to 30 minutes'],
    [61, 61, 'about 60 to 75 minutes'],
    [100, 200, 'about 1.5 to 3.5 hours'],
    [180, 180, 'about 3 hours'],
    [700, 800, 'about 11 to 14 hours'],
    [200, 30 * 60, 'about 3 to 30 hours'],
    [20, undefined, 'at least 20 minutes'],
    [4, undefined, null],
    [70, undefined, 'at least 60 minutes'],
    [200, undefined, 'at least 3 hours'],
    [200, 60 * 60, 'at least 3 hours'],
    [60 * 60, undefined, 'more than two days'],
    [60 * 60, 90 * 60, 'more than two days'],
  ])('%s to %s minutes', (from, to, words) => {
    expect(delayWords(from * MINUTE, to === undefined ? undefined : to * MINUTE)).toBe(words);
  });
  it('never promises less than the longest, nor more than the shortest', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1_500, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), (from, factor) => {
        const to = from * factor;
        const words = delayWords(from * MINUTE, to * MINUTE);
        if (words === null) {
          expect(to).toBeLessThan(5);
          return;
        }
        // Beyond two days only the least is told.
        if (words.startsWith('at least')) return;
        const numbers = [...words.matchAll(/[\d.]+/g)].map(([text]) => Number(text) * (words.includes('hours') ? 60 : 1));
        expect(numbers.at(-1)).toBeGreaterThanOrEqual(to - 1e-6);
        expect(words.startsWith('up to') ? 0 : numbers[0]).toBeLessThanOrEqual(words.includes(' to ') ? from + 1e-6 : to + 1e-6);
      }),
    );
  });
  it.each<[number, string | null]>([
    [0, null],
    [0.05, null],
    [-0.05, null],
    [0.5, '30 more an hour'],
    [-0.5, '30 fewer an hour'],
    [12.4, '12 more a minute'],
    [-3, '3 fewer a minute'],
  ])('%s a minute', (rate, words) => expect(rateWords(rate)).toBe(words));
});

describe('estimates', () => {
  it('growth needs two looks, and is taken over 15 minutes', () => {
    expect(growthOf([])).toBeUndefined();
    expect(growthOf(looks([5, null]))).toBeUndefined();
    expect(growthOf(looks([5, null], [25, 0]))).toBe(20);
    const jump = looks(...Array.from({ length: 40 }, (_, i): [number, number] => [i < 30 ? 1_000 : 1_000 + 10 * (i - 29), 0]));
    expect(growthOf(jump)).toBeCloseTo(100 / 15);
    expect(
      growthOf([
        { at: now, waiting: 1, backlog: 0, left: null },
        { at: now + 20 * MINUTE, waiting: 41, backlog: 0, left: 0 },
      ]),
    ).toBe(2);
    expect(
      growthOf([
        { at: now, waiting: 1, backlog: 0, left: null },
        { at: now + 20_000, waiting: 41, backlog: 0, left: 0 },
      ]),
    ).toBeUndefined();
  });
  it.each<[string, QueueSample[], { leastMs: number; mostMs: number | undefined } | undefined]>([
    ['nothing seen', [], undefined],
    ['too short', steady(9, 600, 6), undefined],
    ['steady', steady(12, 600, 6), { leastMs: 100 * MINUTE, mostMs: 100 * MINUTE }],
    ['nothing leaves', steady(12, 600, 0), undefined],
    ['too little waits', steady(12, 9, 6), undefined],
    ['not known what leaves', looks(...Array.from({ length: 12 }, (): [number, null] => [600, null])), undefined],
    [
      'faster and slower',
      looks([600, null], ...Array.from({ length: 12 }, (_, i): [number, number] => [600, i < 6 ? 8 : 5])),
      { leastMs: 75 * MINUTE, mostMs: 120 * MINUTE },
    ],
    [
      'it stopped',
      looks([600, null], ...Array.from({ length: 12 }, (_, i): [number, number] => [600, i < 6 ? 6 : 0])),
      { leastMs: 100 * MINUTE, mostMs: undefined },
    ],
  ])('%s', (_, samples, delay) => expect(delayOf(samples)).toEqual(delay));
  it('drain is what leaves, not what arrives less', () => {
    expect(drainOf(steady(12, 600, 6))).toBe(6);
    expect(drainOf(steady(1, 600, 6))).toBeUndefined();
    expect(
      drainOf([
        { at: now, waiting: 1, backlog: null, left: null },
        { at: now + MINUTE, waiting: 1, backlog: null, left: null },
      ]),
    ).toBeUndefined();
  });
  it('an hour is kept, and nothing from a time that has not come', () => {
    let samples: QueueSample[] = [];
    for (let i = 0; i < 500; i += 1) samples = addSample(samples, { at: now + i * 10_000, waiting: i, backlog: i, stayed: i });
    expect(samples.length).toBeLessThanOrEqual(90);
    expect(addSample(samples, { at: now, waiting: 1, backlog: 1, stayed: 1 })).toEqual([{ at: now, waiting: 1, backlog: 1, left: null }]);
    expect(addSample(samples, { at: now + 2 * HOUR * 3, waiting: 1, backlog: 1, stayed: 1 })).toHaveLength(1);
  });
  it('what left is what is no longer there; a list at work may show more than there was', () => {
    const first = addSample([], { at: now, waiting: 100, backlog: 80, stayed: null });
    expect(addSample(first, { at: now + MINUTE, waiting: 100, backlog: 90, stayed: 60 }).at(-1)?.left).toBe(20);
    expect(addSample(first, { at: now + MINUTE, waiting: 100, backlog: 90, stayed: 82 }).at(-1)?.left).toBe(0);
  });
  it.each<[string, QueueFacts, string | undefined, boolean]>([
    ['most for one domain', { total: 600, domains: [{ domain: 'example.org', count: 500, oldestAt: now }] }, 'example.org', true],
    ['most for one reason', { total: 600, reasons: [{ text: 'connection refused', count: 500 }] }, undefined, true],
    ['not tried yet', { total: 600, incoming: 200, active: 150, deferred: 250 }, undefined, true],
    [
      'many servers of others',
      { total: 600, deferred: 600, domains: [{ domain: 'a.example', count: 9, oldestAt: now }] },
      undefined,
      false,
    ],
    ['on hold', { total: 600, hold: 600 }, undefined, false],
  ])('a delay is told where mail is alike: %s', (_, facts, delayOf, told) => {
    const found = estimate(facts, steady(12, 600, 6));
    expect(found.delayMinMs !== undefined).toBe(told);
    expect(found.delayOf).toBe(delayOf);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels, timeTicks, valueTicks, writeMoment, writeTick, writeTime } from '../../../renderer/charts/axis.ts';
import { availabilityOf, merge, shadeOf, shapeHistory, writeAvailability } from '../../../renderer/charts/shape.ts';
import type { HistoryPoint } from '../../../shared/contract.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/time.ts';

const t0 = Date.UTC(2026, 10, 20, 12);
const result = (at: number, more: Partial<HistoryPoint> = {}): HistoryPoint => ({
  at,
  n: 1,
  ok: 1,
  degraded: 0,
  down: 0,
  unknown: 0,
  min: 10,
  avg: 10,
  p50: 10,
  p95: 10,
  max: 10,
  ...more,
});
const down = (at: number, n = 1): HistoryPoint => result(at, { n, ok: 0, down: n, min: null, avg: null, p50: null, p95: null, max: null });
const hour = { from: t0, to: t0 + HOUR };

describe('shapeHistory', () => {
  it('joins results that come on time', () => {
    const shaped = shapeHistory({ resolution: 'raw', points: [0, 30, 60].map((s) => result(t0 + s * SECOND)) }, hour, 30 * SECOND);
    expect(shaped.rows.map((row) => row.mid)).toEqual([10, 10, 10]);
    expect(shaped.stretches).toEqual([]);
    expect(shaped.availability).toBe(100);
  });

  it('breaks the line where nothing was measured', () => {
    const points = [result(t0), result(t0 + 10 * MINUTE)];
    const shaped = shapeHistory({ resolution: 'raw', points }, hour, 30 * SECOND);
    expect(shaped.rows.map((row) => row.mid)).toEqual([10, null, 10]);
    expect(shaped.strip.filter((cell) => cell.n > 0)).toHaveLength(2);
  });

  it('breaks the line at a probe that measured nothing, and shades it to the next result', () => {
    const points = [result(t0), down(t0 + 30 * SECOND), down(t0 + 60 * SECOND), result(t0 + 90 * SECOND)];
    const shaped = shapeHistory({ resolution: 'raw', points }, hour, 30 * SECOND);
    expect(shaped.rows.map((row) => row.mid)).toEqual([10, null, null, 10]);
    expect(shaped.stretches).toEqual([{ from: t0 + 30 * SECOND, to: t0 + 90 * SECOND, shade: 'down' }]);
    expect(shaped.availability).toBe(50);
  });

  it('does not let trouble reach over a gap, nor beyond the range', () => {
    const shaped = shapeHistory(
      { resolution: 'minute', points: [down(t0, 2), down(t0 + 20 * MINUTE, 2), down(t0 + HOUR - SECOND, 2)] },
      hour,
      30 * SECOND,
    );
    expect(shaped.stretches).toEqual([
      { from: t0, to: t0 + MINUTE, shade: 'down' },
      { from: t0 + 20 * MINUTE, to: t0 + 21 * MINUTE, shade: 'down' },
      { from: t0 + HOUR - SECOND, to: t0 + HOUR, shade: 'down' },
    ]);
  });

  it('leaves out what is outside the range and sorts the rest', () => {
    const shaped = shapeHistory(
      { resolution: 'raw', points: [result(t0 + HOUR), result(t0 + 5_000), result(t0), result(t0 - 1)] },
      hour,
      30 * SECOND,
    );
    expect(shaped.rows.map((row) => row.at)).toEqual([t0, t0 + 5_000]);
  });

  it('keeps every result and the extremes when it thins (property)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ value: fc.integer({ min: 0, max: 5_000 }), bad: fc.boolean() }), { minLength: 1, maxLength: 4_000 }),
        (drawn) => {
          const points = drawn.map(({ value, bad }, index) =>
            bad ? down(t0 + index * 900) : result(t0 + index * 900, { min: value, avg: value, p50: value, p95: value, max: value }),
          );
          const shaped = shapeHistory({ resolution: 'raw', points }, hour, SECOND);
          const rows = shaped.rows.filter((row) => row.point);
          expect(rows.length).toBeLessThanOrEqual(1_440);
          expect(rows.reduce((sum, row) => sum + (row.point?.n ?? 0), 0)).toBe(shaped.results);
          const good = points.flatMap((point) => point.max ?? []);
          expect(Math.max(0, ...rows.flatMap((row) => row.point?.max ?? []))).toBe(Math.max(0, ...good));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('says so when there is nothing', () => {
    const shaped = shapeHistory({ resolution: 'raw', points: [] }, hour, SECOND);
    expect(shaped).toMatchObject({ rows: [], availability: null, results: 0, measured: false });
    expect(shaped.strip).toHaveLength(120);
  });
});

describe('shades and availability', () => {
  it.each([
    [{ n: 4, degraded: 0, down: 2, unknown: 0 }, 'down'],
    [{ n: 4, degraded: 1, down: 1, unknown: 0 }, 'degraded'],
    [{ n: 4, degraded: 0, down: 1, unknown: 0 }, null],
    [{ n: 4, degraded: 0, down: 1, unknown: 2 }, 'unknown'],
    [{ n: 0, degraded: 0, down: 0, unknown: 0 }, null],
  ] as const)('%o is %s', (point, shade) => expect(shadeOf(point)).toBe(shade));

  it.each([
    [{ n: 100_000, down: 1, unknown: 0 }, '99.99 %'],
    [{ n: 2, down: 0, unknown: 1 }, '100 %'],
    [{ n: 3, down: 3, unknown: 0 }, '0 %'],
    [{ n: 8, down: 1, unknown: 0 }, '87.50 %'],
  ])('%o reads %s', (counts, text) => expect(writeAvailability(availabilityOf(counts) as number)).toBe(text));

  it('is not known where every result says nothing', () => expect(availabilityOf({ n: 2, down: 0, unknown: 2 })).toBeNull());

  it('merges by weight', () => {
    const merged = merge([
      result(t0, { n: 3, ok: 3, p50: 10, min: 5, max: 20 }),
      result(t0 + 1, { n: 1, p50: 50, min: 50, max: 50, p95: 50 }),
    ]);
    expect(merged).toMatchObject({ at: t0, n: 4, ok: 4, p50: 20, min: 5, max: 50, p95: 50 });
  });
});

describe('axes', () => {
  it.each([
    [0, 'ms', [0, 0.25]],
    [37, 'ms', [0, 10, 20, 30, 40]],
    [6_100, 'ms', [0, 2_000, 4_000, 6_000, 8_000]],
    [40, '%', [0, 25, 50, 75, 100]],
    [240, '%', [0, 100, 200, 300]],
  ] as const)('up to %d %s', (highest, unit, ticks) => {
    const got = valueTicks(highest, unit);
    expect(got.slice(0, ticks.length)).toEqual(ticks);
    expect(got[got.length - 1]).toBeGreaterThanOrEqual(highest);
    expect(got.length).toBeGreaterThan(1);
  });

  it('goes below 0 where values do: the light of optics', () => {
    expect(valueTicks(0, 'dBm', -7.2)).toEqual([-8, -6, -4, -2, 0]);
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e6, max: -1 }), (most, least) => {
        const [highest, lowest] = [most / 1_000, least / 1_000];
        const ticks = valueTicks(highest, 'dBm', lowest);
        expect(ticks[0]).toBeLessThanOrEqual(lowest);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(highest);
        expect(ticks.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  it('always starts at 0, covers the highest and stays readable (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (highest) => {
        const ticks = valueTicks(highest, 'ms');
        expect(ticks[0]).toBe(0);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(highest);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('puts time ticks on round times of the zone', () => {
    const ticks = timeTicks(t0, t0 + DAY, 'Asia/Kolkata');
    expect(ticks.map((tick) => writeTime(tick, DAY, 'Asia/Kolkata'))).toEqual(['20:00', '00:00', '04:00', '08:00', '12:00', '16:00']);
  });

  it('keeps days whole over a change of daylight saving', () => {
    const from = Date.UTC(2026, 9, 29, 12);
    const ticks = timeTicks(from, from + 7 * DAY, 'America/Los_Angeles');
    expect(ticks.map((tick) => writeTime(tick, DAY, 'America/Los_Angeles'))).toEqual(Array(7).fill('00:00'));
    expect(writeTime(ticks[0] as number, 7 * DAY, 'America/Los_Angeles')).toBe('Fri 30');
  });

  it.each([
    [0, 'ms', '0 ms'],
    [0.25, 'ms', '0.25 ms'],
    [1_500, 'ms', '1.5 s'],
    [75, '%', '75 %'],
    [-7.5, 'dBm', '-7.5 dBm'],
    [12, '', '12'],
  ] as const)('%d %s reads %s', (value, unit, text) => expect(writeTick(value, unit)).toBe(text));

  it('names the day only where it is another one', () => {
    expect(writeMoment(t0, t0 + HOUR, 'UTC')).toBe('12:00:00');
    expect(writeMoment(t0 - DAY, t0, 'UTC')).toBe('Thu 19 Nov 12:00');
  });
});

describe('labels of marks', () => {
  const plot = { from: 0, to: 400 };
  const at = (...xs: number[]) => xs.map((x) => ({ x, text: 'patches' }));
  it.each([
    ['alone', at(100), ['right']],
    ['at the right edge', at(390), ['left']],
    ['close together', at(100, 110), ['left', 'right']],
    ['with nowhere to go', at(5, 10, 15, 390, 395), [null, null, 'right', 'left', null]],
  ])('%s', (_name, marks, sides) => expect(placeLabels(marks, plot, 10).map((it) => (it.label ? it.side : null))).toEqual(sides));

  it('never lie over each other or leave the plot (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ x: fc.integer({ min: 0, max: 400 }), text: fc.string({ maxLength: 40 }) })), (marks) => {
        const spans = placeLabels(marks, plot, 5).flatMap((it) => {
          const width = (it.label?.length ?? 0) * 5;
          return it.label ? [it.side === 'right' ? { from: it.x, to: it.x + width } : { from: it.x - width, to: it.x }] : [];
        });
        spans.forEach((span, index) => {
          expect(span.from).toBeGreaterThanOrEqual(0);
          expect(span.to).toBeLessThanOrEqual(400);
          const next = spans[index + 1];
          if (next) expect(next.from).toBeGreaterThanOrEqual(span.to);
        });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnAt, highestOf, lossText, shapeSmoke, smokeSpans, summarizeSmoke, usualStep } from '../../../renderer/places/smoke-shape.ts';
import { lossColour, type SmokePoint } from '../../../shared/smoke.ts';
import { MINUTE } from '../../../shared/time.ts';

const range = { from: 0, to: 10 * MINUTE };
const y = (ms: number): number => 100 - ms;
const point = (minute: number, rtts: number[], lost = 0): SmokePoint => ({
  at: minute * MINUTE,
  n: 1,
  lost,
  sent: rtts.length + lost,
  rtts,
});
const even = Array.from({ length: 21 }, (_, index) => 10 + index);
const shape = (points: SmokePoint[]) => shapeSmoke(points, range, 100, y, MINUTE);

describe('smoke', () => {
  it('draws bands within each other and the median in the colour of its loss', () => {
    const { bands, medians, columns } = shape([point(0, even), point(1, even.slice(0, 17), 4)]);
    expect(columns.map((it) => [it.x, it.to, it.median, it.colour])).toEqual([
      [0, 10, 20, 'green'],
      [10, 20, 18, lossColour(4, 21)],
    ]);
    expect(bands).toHaveLength(5);
    expect(bands[0]).toBe('M0 70H10V90H0ZM10 74H20V90H10Z');
    expect(medians.map((it) => it.colour)).toEqual(['green', 'magenta']);
    expect(medians[0]?.path).toBe('M0 80H10');
  });

  it('joins neighbours, and nothing over a gap', () => {
    expect(shape([point(0, [5, 5]), point(1, [9, 9])]).joins).toBe('M10 95V91');
    expect(shape([point(0, [5, 5]), point(1, [5, 5]), point(6, [9, 9])]).joins).toBe('M10 95V95');
  });

  it('shows where packets went out and none came back', () => {
    const { silent, medians, bands } = shape([point(0, [5]), point(1, [], 20), point(2, [5])]);
    expect(silent).toEqual([{ x: 10, width: 10 }]);
    expect(medians).toEqual([{ colour: 'green', path: 'M0 95H10M20 95H30' }]);
    expect(bands[0]).toBe('M0 95H10V95H0ZM20 95H30V95H20Z');
  });

  it.each<[string, SmokePoint[], number]>([
    ['nothing', [], 0],
    ['medians alone', [point(0, [10, 10, 10])], 11],
    ['smoke that belongs to it', [point(0, [10, 10, 20])], 20],
    ['a few packets that are far away', [point(0, [10, 10, 900])], 40],
    ['one bad probe of many', [...Array.from({ length: 60 }, (_, index) => point(index, [10, 10, 12])), point(61, [10, 10, 900])], 12],
    ['nothing answered', [point(0, [], 20)], 0],
  ])('reaches as high as it must: %s', (_name, points, expected) => expect(highestOf(points)).toBeCloseTo(expected));

  it('knows the usual step', () => {
    expect(usualStep([])).toBeNull();
    expect(usualStep([point(0, []), point(1, []), point(2, []), point(9, [])])).toBe(MINUTE);
  });

  it('sums up', () => {
    const points = [point(0, [10, 12, 14]), point(1, [10], 9), point(2, [20], 1)];
    expect(summarizeSmoke(points)).toEqual({ probes: 3, sent: 15, lost: 10, lossPercent: (10 / 15) * 100, median: 12, worst: points[1] });
    expect(summarizeSmoke([])).toEqual({ probes: 0, sent: 0, lost: 0, lossPercent: 0, median: null, worst: null });
  });

  it.each([
    [0, '0 %'],
    [0.01, 'under 0.1 %'],
    [0.44, '0.4 %'],
    [9.96, '10 %'],
    [33.3, '33 %'],
  ])('writes a loss of %s as %s', (percent, text) => expect(lossText(percent)).toBe(text));

  it('finds the column under the cursor, or the nearest', () => {
    const { columns } = shape([point(0, [5]), point(6, [5])]);
    expect([-5, 3, 12, 58, 99].map((x) => columnAt(columns, x))).toEqual([0, 0, 0, 1, 1]);
    expect(columnAt([], 3)).toBeNull();
  });

  it('shows even a single probe in ten days', () => {
    const days = { from: 0, to: 10 * 24 * 60 * MINUTE };
    const narrow = shapeSmoke([point(0, [5]), point(1, [5]), point(10 * 24 * 60, [5])], days, 100, y, MINUTE).columns;
    expect(narrow.map((it) => [it.x, it.to])).toEqual([
      [0, 1.5],
      [0, 1.5],
      [98.5, 100],
    ]);
  });

  it('has the stretches of SmokePing', () => expect(smokeSpans.map((it) => it.key)).toEqual(['3h', '30h', '10d']));

  it('stays within the plot whatever comes', () => {
    const rtts = fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { maxLength: 20 }).map((all) => all.sort((a, b) => a - b));
    const probe = fc.record({ at: fc.integer({ min: -5 * MINUTE, max: 15 * MINUTE }), lost: fc.integer({ min: 0, max: 20 }), rtts });
    fc.assert(
      fc.property(fc.array(probe, { maxLength: 40 }), (all) => {
        const points = all.sort((a, b) => a.at - b.at).map((it) => ({ ...it, n: 1, sent: it.lost + it.rtts.length }));
        const { columns, bands, medians } = shape(points);
        for (const it of columns) expect(it.x >= 0 && it.x <= it.to && it.to <= 100).toBe(true);
        for (const path of [...bands, ...medians.map((it) => it.path)]) expect(path).not.toMatch(/NaN|undefined|Infinity/);
      }),
    );
  });
});

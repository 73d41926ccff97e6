import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInto } from '../../electron/probes/icmp.ts';
import { packPings, unpackPings } from '../../electron/store/ping-codec.ts';
import { icmp, summarize } from '../../shared/checks/icmp.ts';
import { leastPings, lossColour, quantile, smokeOf, usualOf } from '../../shared/smoke.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
/** But for what is lost in the last place of an interpolation. */
const ascending = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] as number) - 1e-9);
const rtts = fc.array(fc.double({ min: 0, max: 1_300, noNaN: true }), { maxLength: 40 });
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

describe('the colour of a loss, at 20 packets', () => {
  it.each([
    [0, 'green'],
    [1, 'light-blue'],
    [2, 'blue'],
    [3, 'violet'],
    [4, 'magenta'],
    [5, 'magenta'],
    [6, 'orange'],
    [10, 'orange'],
    [11, 'red'],
    [20, 'red'],
  ] as const)('%i lost is %s', (lost, colour) => expect(lossColour(lost, 20)).toBe(colour));
});

describe('the colour of a loss, at other numbers', () => {
  it.each([
    ['1 of 10 as 2 of 20', 1, 10, 'blue'],
    ['2 of 10 as 4 of 20', 2, 10, 'magenta'],
    ['5 of 10 as 10 of 20', 5, 10, 'orange'],
    ['6 of 10 as 12 of 20', 6, 10, 'red'],
    ['any loss at all is not green', 1, 20_000, 'light-blue'],
    ['rounded up', 16, 300, 'blue'],
    ['a third of a stretch', 100, 300, 'orange'],
    ['all of one', 1, 1, 'red'],
    ['none of one', 0, 1, 'green'],
    ['nothing sent is not known', 0, 0, null],
  ] as const)('%s', (_, lost, sent, colour) => expect(lossColour(lost, sent)).toBe(colour));
});

describe('bands', () => {
  it('lie round the median, each within the one before', () => {
    expect(smokeOf(upTo(21))).toEqual({
      median: 11,
      bands: [
        { low: 1, high: 21 },
        { low: 3, high: 19 },
        { low: 5, high: 17 },
        { low: 7, high: 15 },
        { low: 9, high: 13 },
      ],
    });
  });
  it.each([
    ['no answer', [], null, 0],
    ['one', [4], 4, 5],
    ['two', [2, 4], 3, 5],
    ['all alike', [3, 3, 3], 3, 5],
    ['one slow packet moves no median', [...Array(19).fill(1), 900], 1, 5],
  ])('of %s', (_, values, median, bands) => {
    const smoke = smokeOf(values as number[]);
    expect(smoke.median).toBe(median);
    expect(smoke.bands).toHaveLength(bands as number);
  });
  it('of anything', () => {
    fc.assert(
      fc.property(rtts, (values) => {
        const { median, bands } = smokeOf(sorted(values));
        if (values.length === 0) return;
        expect(ascending([...bands.map(({ low }) => low), median as number, ...bands.map(({ high }) => high).reverse()])).toBe(true);
        expect(bands[0]).toEqual({ low: Math.min(...values), high: Math.max(...values) });
      }),
    );
  });
});

describe('a stretch of probes', () => {
  it('is told by the median of their medians', () => {
    const usual = usualOf([upTo(21), upTo(21).map((ms) => ms + 10), upTo(21).map((ms) => ms + 500)]);
    expect(usual).toHaveLength(21);
    expect(quantile(usual, 0.5)).toBe(21);
    expect([usual[0], usual[20]]).toEqual([11, 31]);
  });
  it.each([
    ['none', [], 0],
    ['without an answer', [[], []], 0],
    ['one answered', [[], [5]], 21],
    ['of different lengths', [upTo(10), upTo(20)], 21],
  ])('%s', (_, probes, length) => expect(usualOf(probes as number[][])).toHaveLength(length as number));
  it('stays ascending and within what was seen', () => {
    fc.assert(
      fc.property(fc.array(rtts, { maxLength: 8 }), (probes) => {
        const usual = usualOf(probes.map(sorted));
        expect(ascending(usual)).toBe(true);
        const all = probes.flat();
        for (const value of usual) expect(value >= Math.min(...all) - 1e-9 && value <= Math.max(...all) + 1e-9).toBe(true);
      }),
    );
  });
});

describe('in the file', () => {
  it.each([
    ['to 20 µs, sorted', [0.31, 0.012, 12.345], { lost: 0, back: [0.02, 0.32, 12.34] }],
    ['lost ones counted', [1, null, null, 2], { lost: 2, back: [1, 2] }],
    ['all lost', [null, null], { lost: 2, back: [] }],
    ['longer than there is room for', [5_000], { lost: 0, back: [1_310.7] }],
    ['what is no number is lost', [Number.NaN, -1], { lost: 1, back: [0] }],
  ])('%s', (_, pings, { lost, back }) => {
    const packed = packPings(pings);
    expect(packed.lost).toBe(lost);
    expect(unpackPings(packed.rtts)).toEqual(back);
  });
  it('comes back within 10 µs', () => {
    fc.assert(
      fc.property(rtts, (values) => {
        const back = unpackPings(packPings(values).rtts);
        expect(back).toHaveLength(values.length);
        for (const [index, ms] of sorted(values).entries()) expect(Math.abs((back[index] as number) - ms)).toBeLessThanOrEqual(0.0101);
      }),
    );
  });
  it('reads any bytes', () => {
    expect(unpackPings(new Uint8Array([50, 0, 7]))).toEqual([1]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 99 }), (bytes) => unpackPings(bytes).length === bytes.length >> 1));
  });
});

it('is kept of probes with enough packets only, and 20 fit into a gateway’s time', () => {
  const pinged = (n: number) => icmp.pings(summarize(Array.from({ length: n }, () => 1)));
  expect([pinged(leastPings - 1), pinged(leastPings)?.length, icmp.pings({})]).toEqual([null, 10, null]);
  expect(fitInto(20, 7_000)).toEqual({ packets: 20, replyTimeoutMs: 1_000 });
});

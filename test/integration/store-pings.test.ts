/** Single round trips in a real file: written with their samples, read as finely as a chart shows them, gone with their samples. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistory } from '../../electron/store/history.ts';
import { pingReader } from '../../electron/store/read-pings.ts';
import { openStore, type Sample, type Store } from '../../electron/store/store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 10, 20);
const empty = { samples: [], events: [], states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] };
let now = start;
let store: Store;
let db: DatabaseSync;
beforeEach(() => {
  now = start;
  const opened = openStore({
    folder: temporaryFolder('pings'),
    now: () => now,
    retention: { rawMs: DAY, minutesMs: 90 * DAY, hoursMs: 900 * DAY },
  });
  if (!opened.ok) throw new Error(opened.failure.text);
  store = opened.value.store;
  db = new DatabaseSync(store.file, { readOnly: true });
});
afterEach(() => {
  db.close();
  store.close();
});
afterAll(removeTemporaryFolders);

const sample = (at: number, pings?: readonly (number | null)[], check = 'cox/gateway'): Sample => ({
  check,
  at,
  vantage: 'desk',
  value: 1,
  state: 'ok',
  detail: null,
  ...(pings && { pings }),
});
const write = (samples: Sample[]): void => expect(store.commit({ ...empty, samples })).toMatchObject({ ok: true });
const probes = (count: number, everyMs: number, pings: (index: number) => (number | null)[]): Sample[] =>
  Array.from({ length: count }, (_, index) => sample(start + index * everyMs, pings(index)));
const twenty = (ms: number, lost = 0): (number | null)[] => [...Array<number>(20 - lost).fill(ms), ...Array<null>(lost).fill(null)];
const rows = (): number => Number(db.prepare('SELECT count(*) AS n FROM pings').get()?.n);

describe('read', () => {
  it('probe by probe where they are few, both ends included, in order', () => {
    write([sample(start + 2, [3, null, 1]), sample(start, [2, 2, 2]), sample(start + 1), sample(start, [9], 'other/gateway')]);
    const read = pingReader(db);
    expect(read('cox/gateway', start, start + 2)).toEqual([
      { at: start, n: 1, lost: 0, sent: 3, rtts: [2, 2, 2] },
      { at: start + 2, n: 1, lost: 1, sent: 3, rtts: [1, 3] },
    ]);
    expect(read('cox/gateway', start + 1, start + 1)).toEqual([]);
    expect(read('nothing', 0, 9e15)).toEqual([]);
  });

  it('in stretches where they are many: loss counted, the median of medians', () => {
    // One probe in each hundred is slow and loses half.
    write(probes(5_000, 1_000, (index) => (index % 100 === 99 ? twenty(900, 10) : twenty(10 + (index % 3)))));
    const points = pingReader(db)('cox/gateway', start, start + DAY, 500);
    expect(points).toHaveLength(500);
    expect(points.reduce((sum, { n }) => sum + n, 0)).toBe(5_000);
    expect(points.reduce((sum, { lost }) => sum + lost, 0)).toBe(500);
    expect(points.every(({ sent, n }) => sent === 20 * n)).toBe(true);
    for (const { rtts } of points) {
      expect(rtts).toHaveLength(21);
      expect(rtts[10]).toBe(11);
    }
  });

  it('has a stretch without an answer, and none where nothing was probed', () => {
    write([...probes(800, 1_000, () => twenty(5, 20)), sample(start + 12 * HOUR, twenty(5))]);
    const points = pingReader(db)('cox/gateway', start, start + DAY, 100);
    expect(points).toHaveLength(3);
    expect(points[0]).toMatchObject({ at: start, rtts: [] });
    expect(points[0]?.lost).toBe(points[0]?.sent);
    expect(points.at(-1)).toMatchObject({ n: 1, lost: 0, rtts: { length: 21 } });
  });

  it('from the worker, quickly, however many there are', async () => {
    for (let part = 0; part < 10; part += 1)
      write(probes(10_000, 5_000, () => twenty(10)).map((it) => ({ ...it, at: it.at + part * 10_000 * 5_000 })));
    const history = openHistory({ file: store.file, workerUrl: new URL('../../electron/store/history-worker.ts', import.meta.url) });
    const begin = performance.now();
    const read = await history.smoke('cox/gateway', start, start + 30 * DAY);
    expect(read.ok && read.value.length).toBeGreaterThan(650);
    expect(read.ok && read.value.length).toBeLessThanOrEqual(700);
    expect(read.ok && read.value.reduce((sum, { n }) => sum + n, 0)).toBe(100_000);
    expect(performance.now() - begin).toBeLessThan(5_000);
    await history.close();
  });
});

describe('kept', () => {
  it('a second result of the same moment replaces the first', () => {
    write([sample(start, [1, 2])]);
    write([sample(start, [7, null])]);
    expect(pingReader(db)('cox/gateway', start, start)).toMatchObject([{ lost: 1, rtts: [7] }]);
  });

  it('as long as the samples, whole hours at a time', () => {
    write(probes(36 * 60, 60_000, () => twenty(10)));
    expect(rows()).toBe(36 * 60);
    now = start + 36 * HOUR;
    for (let step = 0; step < 200; step += 1) {
      const done = store.maintain();
      if (done.ok && !done.value.more) break;
    }
    expect(rows()).toBe(24 * 60);
    const kept = store.samples('cox/gateway', 0, now, 10_000);
    expect(kept).toHaveLength(24 * 60);
    expect(pingReader(db)('cox/gateway', 0, now, 10_000).map(({ at }) => at)).toEqual(kept.map(({ at }) => at));
  });

  it('no longer than a late sample, either', () => {
    write(probes(60, 60_000, () => twenty(10)));
    now = start + 3 * DAY;
    const settle = (): void => {
      for (let step = 0; step < 200; step += 1) {
        const done = store.maintain();
        if (done.ok && !done.value.more) break;
      }
    };
    settle();
    expect(rows()).toBe(0);
    write([sample(start + 5, twenty(10))]);
    expect(rows()).toBe(1);
    settle();
    expect(rows()).toBe(0);
  });

  it('not at all where the transaction fails', () => {
    const before = rows();
    const bad = { ...sample(start, twenty(1)), at: Number.NaN } as Sample;
    expect(store.commit({ ...empty, samples: [sample(start, twenty(1)), bad] }).ok).toBe(false);
    expect(rows()).toBe(before);
  });
});

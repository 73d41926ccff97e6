/** Roll-ups and retention on a real file: whatever came in, in whatever order, the sums are those of the samples. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { merge, mergeSpans, type Point, spanOf, summarize } from '../../electron/store/bucket.ts';
import { packValue, unpackValue } from '../../electron/store/codec.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { type Retention, type Sample, type Store, storeOn } from '../../electron/store/store.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { levels } from '../../shared/model/words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 10, 20);
const retention: Retention = { rawMs: 7 * DAY, minutesMs: 90 * DAY, hoursMs: 1_825 * DAY };

let folder = '';
let now = start;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
  now = start;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let nth = 0;
/** A store of its own, with its connection. */
function fresh() {
  nth += 1;
  const opened = openDatabase({ folder: join(folder, String(nth)), now });
  if (!opened.ok) throw new Error(opened.failure.text);
  // What a power cut would do is tested elsewhere; here speed counts.
  opened.value.db.exec('PRAGMA synchronous = OFF');
  return { db: opened.value.db, store: storeOn(opened.value, () => now, retention) };
}
const put = (store: Store, samples: Sample[]) => {
  const result = store.commit({ samples, events: [], states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] });
  if (!result.ok) throw new Error(result.failure.text);
};
const maintainAll = (store: Store): number => {
  for (let steps = 0; steps < 10_000; steps += 1) {
    const result = store.maintain();
    if (!result.ok) throw new Error(result.failure.text);
    if (!result.value.more) return steps;
  }
  throw new Error('maintenance never ends');
};
const rows = (db: ReturnType<typeof fresh>['db'], table: string) => db.prepare(`SELECT * FROM ${table}`).all();
const sample = (at: number, value: number | null = 1, state: Sample['state'] = 'ok', check = 'c'): Sample => ({
  check,
  at,
  vantage: 'desk',
  value,
  state,
  detail: null,
});

const point = fc.record({
  at: fc.integer({ min: 0, max: HOUR }),
  level: fc.constantFrom(...levels),
  value: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: null }),
}) satisfies fc.Arbitrary<Point>;
/** Distinct moments within five hours, each with a result. */
const someSamples = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: 0, max: 5 * HOUR - 1 }).map((ms) => start - 10 * HOUR + ms),
    value: fc.option(
      fc.integer({ min: 0, max: 60_000_000 }).map((n) => n / 1_000),
      { nil: null },
    ),
    state: fc.constantFrom(...levels),
    check: fc.constantFrom('a', 'b'),
  }),
  { minLength: 1, maxLength: 120, selector: ({ at, check }) => `${at} ${check}` },
);
const toSample = (it: { at: number; value: number | null; state: Sample['state']; check: string }): Sample => ({
  ...it,
  vantage: 'desk',
  detail: null,
});

describe('buckets', () => {
  test('values survive in thousandths', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        (value) => Math.abs((unpackValue(packValue(value)) as number) - value) <= 0.00051,
      ),
    );
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null]) expect(packValue(value)).toBe(null);
    expect(packValue(1e300)).toBe(2 ** 50);
  });

  test('summarize by the book', () => {
    const of = (...values: number[]) => summarize(values.map((value, at) => ({ at, level: 'ok', value })));
    expect(of(5)).toMatchObject({ valued: 1, min: 5, avg: 5, p50: 5, p95: 5, max: 5 });
    expect(of(3, 1, 2)).toMatchObject({ min: 1, avg: 2, p50: 2, p95: 3, max: 3 });
    expect(of(...Array.from({ length: 100 }, (_, i) => i + 1))).toMatchObject({ avg: 50.5, p50: 50, p95: 95, max: 100 });
    expect(summarize([{ at: 0, level: 'down', value: null }])).toEqual({
      ok: 0,
      degraded: 0,
      down: 1,
      unknown: 0,
      valued: 0,
      min: null,
      avg: null,
      p50: null,
      p95: null,
      max: null,
    });
  });

  test('merging two halves counts like the whole, and percentiles stay within', () => {
    fc.assert(
      fc.property(fc.array(point), fc.array(point), (a, b) => {
        const [merged, whole] = [merge(summarize(a), summarize(b)), summarize([...a, ...b])];
        for (const key of ['ok', 'degraded', 'down', 'unknown', 'valued', 'min', 'max'] as const) expect(merged[key]).toBe(whole[key]);
        if (whole.avg !== null) expect(merged.avg).toBeCloseTo(whole.avg, 2);
        if (whole.min === null || whole.max === null) return;
        for (const key of ['p50', 'p95'] as const) {
          expect(merged[key]).toBeGreaterThanOrEqual(whole.min - 1e-6);
          expect(merged[key]).toBeLessThanOrEqual(whole.max + 1e-6);
        }
      }),
    );
  });

  test('the gap of two spans is never shorter than the true one', () => {
    const times = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 }).map((all) => all.sort((x, y) => x - y));
    fc.assert(
      fc.property(times, times, (a, b) => {
        const merged = mergeSpans(spanOf(a), spanOf(b));
        const whole = spanOf([...a, ...b].sort((x, y) => x - y));
        expect(merged).toMatchObject({ first: whole.first, last: whole.last });
        expect(merged.gap).toBeGreaterThanOrEqual(whole.gap);
      }),
    );
  });
});

describe('rolling up', () => {
  test('sums of minutes and hours equal the samples, in any order of arrival, and doing it again changes nothing', () => {
    fc.assert(
      fc.property(someSamples, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 5 }), (some, dice, batches) => {
        const samples = some.map(toSample);
        const inOrder = fresh();
        put(
          inOrder.store,
          [...samples].sort((a, b) => a.at - b.at),
        );
        maintainAll(inOrder.store);

        const shuffled = fresh();
        const mixed = [...samples].sort(() => ((dice.next().value ?? 0) % 2) - 0.5);
        for (let i = 0; i < batches; i += 1) {
          put(
            shuffled.store,
            mixed.filter((_, index) => index % batches === i),
          );
          maintainAll(shuffled.store);
        }
        const label = (of: ReturnType<typeof fresh>, table: string) =>
          of.db
            .prepare(
              `SELECT check_id, ${table}.* FROM ${table} JOIN series ON series.id = series ORDER BY check_id, ${table === 'hours' ? 'hour' : 'minute'}`,
            )
            .all()
            .map(({ series: _, ...row }) => row);
        for (const table of ['minutes', 'hours']) expect(label(shuffled, table)).toEqual(label(inOrder, table));

        for (const table of ['minutes', 'hours']) {
          for (const check of ['a', 'b']) {
            const mine = samples.filter((one) => one.check === check);
            const sums = inOrder.db
              .prepare(`SELECT sum(ok) AS ok, sum(degraded) AS degraded, sum(down) AS down, sum(unknown) AS unknown, sum(valued) AS valued,
              min(coalesce(min, avg)) AS min, max(coalesce(max, avg)) AS max FROM ${table} WHERE series = (SELECT id FROM series WHERE check_id = ?)`)
              .get(check);
            const whole = summarize(mine.map((one) => ({ at: one.at, level: one.state, value: packValue(one.value) })));
            if (mine.length > 0)
              expect(sums).toMatchObject({
                ok: whole.ok,
                degraded: whole.degraded,
                down: whole.down,
                unknown: whole.unknown,
                valued: whole.valued,
                min: whole.min,
                max: whole.max,
              });
          }
        }
        const before = rows(inOrder.db, 'hours');
        inOrder.db.exec('INSERT INTO due SELECT series, hour FROM hours');
        maintainAll(inOrder.store);
        expect(rows(inOrder.db, 'hours')).toEqual(before);
        expect(rows(inOrder.db, 'due')).toEqual([]);
        inOrder.store.close();
        shuffled.store.close();
      }),
      { numRuns: 25 },
    );
  });

  test('an hour waits until it is over and its late results are in', () => {
    const { db, store } = fresh();
    put(store, [sample(start + 1_000)]);
    now = start + HOUR + 60_000;
    maintainAll(store);
    expect(rows(db, 'hours')).toHaveLength(0);
    now = start + HOUR + 91_000;
    maintainAll(store);
    expect(rows(db, 'hours')).toMatchObject([{ ok: 1, first: 1_000, last: 1_000, gap: 0 }]);
    store.close();
  });

  test('a late sample makes its hour anew; after its samples are gone it is added to what is there', () => {
    const { db, store } = fresh();
    put(store, [sample(start, 10), sample(start + 120_000, 20)]);
    now = start + 2 * HOUR;
    maintainAll(store);
    put(store, [sample(start + 60_000, 60, 'down')]);
    maintainAll(store);
    expect(rows(db, 'hours')).toMatchObject([{ ok: 2, down: 1, avg: 30_000, gap: 60_000 }]);

    now = start + 8 * DAY;
    maintainAll(store);
    expect(rows(db, 'samples')).toEqual([]);
    put(store, [sample(start + 180_000, 30), sample(start + 120_001, 40)]);
    expect(store.coverage(['c'], start, start + HOUR - 1).get('c')).toMatchObject({ n: 5, ok: 4, down: 1 });
    maintainAll(store);
    expect(rows(db, 'hours')).toMatchObject([{ ok: 4, down: 1, valued: 5, avg: 32_000, first: 0, last: 180_000 }]);
    expect(rows(db, 'minutes')).toMatchObject([{ ok: 1 }, { down: 1 }, { ok: 2, avg: 30_000 }, { ok: 1 }]);
    expect(rows(db, 'samples')).toEqual([]);
    store.close();
  });

  test('a sample for an hour that was just rolled up by the same process is not forgotten', () => {
    const { db, store } = fresh();
    put(store, [sample(start)]);
    now = start + 2 * HOUR;
    maintainAll(store);
    put(store, [sample(start + 1)]);
    expect(rows(db, 'due')).toHaveLength(1);
    maintainAll(store);
    expect(rows(db, 'hours')).toMatchObject([{ ok: 2 }]);
    store.close();
  });
});

describe('keeping', () => {
  test('each kind goes when its time is over, never before it is rolled up, in bounded steps', () => {
    const { db, store } = fresh();
    const first = start;
    // A busy check: every second for two hours; and a quiet one: every hour for 30 days.
    put(
      store,
      Array.from({ length: 7_200 }, (_, i) => sample(first + i * 1_000, i)),
    );
    put(
      store,
      Array.from({ length: 720 }, (_, i) => sample(first + i * HOUR, i, 'ok', 'quiet')),
    );
    now = first + 30 * DAY + 120_000;
    expect(maintainAll(store)).toBeGreaterThan(10);
    const oldest = (table: string, column: string) => Number(db.prepare(`SELECT min(${column}) AS n FROM ${table}`).get()?.n);
    expect(oldest('samples', 'at')).toBe(first + 23 * DAY);
    expect(Number(db.prepare('SELECT sum(ok) AS n FROM hours').get()?.n)).toBe(7_920);
    expect(Number(db.prepare('SELECT sum(ok) AS n FROM minutes').get()?.n)).toBe(7_920);

    now = first + 100 * DAY;
    maintainAll(store);
    expect(oldest('minutes', 'minute')).toBe((first + 10 * DAY) / 60_000);
    expect(rows(db, 'samples')).toEqual([]);
    expect(Number(db.prepare('SELECT sum(ok) AS n FROM hours').get()?.n)).toBe(7_920);
    now = first + 6 * 366 * DAY;
    maintainAll(store);
    expect([...rows(db, 'hours'), ...rows(db, 'minutes')]).toEqual([]);
    store.close();
  });

  test('of the timeline the lines of single results go with the minutes; everything else stays', () => {
    const { db, store } = fresh();
    const verdict = { state: 'down', reason: 'refused', text: 'connection refused' } as const;
    const about = { subject: { kind: 'host', id: 'web1' }, actor: 'engine' } as const;
    const events = Array.from({ length: 1_200 }, (_, i): NightEvent[] => {
      const at = start + i * 60_000;
      return [
        { id: `s${i}`, at, ...about, kind: 'soft', payload: { check: 'web1/tcp', level: 'down', attempt: 1, of: 3, verdict } },
        { id: `r${i}`, at, ...about, kind: 'retry-ok', payload: { check: 'web1/tcp', attempts: 1, verdict } },
        { id: `h${i}`, at, ...about, kind: 'hard', payload: { check: 'web1/tcp', from: 'ok', to: 'down', firstAt: at, verdict } },
        { id: `n${i}`, at, ...about, actor: 'Ada', kind: 'note', payload: { text: 'looking' } },
      ];
    }).flat();
    expect(store.commit({ samples: [], events, states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] }).ok).toBe(
      true,
    );
    const kinds = () =>
      db
        .prepare('SELECT kind, count(*) AS n FROM events GROUP BY kind ORDER BY kind')
        .all()
        .map((row) => [row.kind, row.n]);
    now = start + 89 * DAY;
    maintainAll(store);
    expect(kinds()).toEqual([
      ['hard', 1_200],
      ['note', 1_200],
      ['retry-ok', 1_200],
      ['soft', 1_200],
    ]);
    now = start + 90 * DAY + 600 * 60_000;
    expect(maintainAll(store)).toBeGreaterThan(1);
    expect(kinds()).toEqual([
      ['hard', 1_200],
      ['note', 1_200],
      ['retry-ok', 600],
      ['soft', 600],
    ]);
    now = start + 3_000 * DAY;
    maintainAll(store);
    expect(kinds()).toEqual([
      ['hard', 1_200],
      ['note', 1_200],
    ]);
    for (const kind of ['hard', 'note']) expect(() => db.exec(`DELETE FROM events WHERE kind = '${kind}'`)).toThrow('append-only');
    store.close();
  });

  test('kept for ever when so set, and a shorter time counts from the moment it is set', () => {
    const { db, store } = fresh();
    store.setRetention({ rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER });
    put(store, [sample(start)]);
    now = start + 3_000 * DAY;
    maintainAll(store);
    expect(rows(db, 'samples')).toHaveLength(1);
    store.setRetention(retention);
    maintainAll(store);
    expect(rows(db, 'samples')).toHaveLength(0);
    store.close();
  });

  test('the file gives room back, and its log stays small', () => {
    const { db, store } = fresh();
    const pages = () => Number(db.prepare('PRAGMA page_count').get()?.page_count);
    for (let i = 0; i < 40; i += 1)
      put(
        store,
        Array.from({ length: 1_500 }, (_, n) => ({ ...sample(start + (i * 1_500 + n) * 1_000, n, 'down'), detail: 'refused '.repeat(40) })),
      );
    const full = pages();
    now = start + 9 * DAY;
    maintainAll(store);
    expect(pages()).toBeLessThan(full / 2);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(db.prepare('PRAGMA quick_check').get()).toEqual({ quick_check: 'ok' });
    expect(db.prepare('PRAGMA journal_size_limit').get()).toEqual({ journal_size_limit: 33_554_432 });
    store.close();
  });
});

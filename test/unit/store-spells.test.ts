/** How checks stood over time, planned work, silences, gaps and changes: written, replaced, read, pruned. On a real file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Opened, openDatabase } from '../../electron/store/database.ts';
import type { Spell } from '../../electron/store/spells.ts';
import { type Batch, type Store, storeOn } from '../../electron/store/store.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { MaintenanceWindow, Silence } from '../../shared/model/maintenance.ts';
import { cpuMs } from '../support/cpu-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 10, 20);
const empty: Batch = {
  samples: [],
  events: [],
  states: [],
  alerts: [],
  spells: [],
  windows: [],
  silences: [],
  incidents: [],
  papers: [],
  documents: [],
};

let folder = '';
let now = start;
let db: Opened['db'];
let store: Store;
let nth = 0;
function renew() {
  nth += 1;
  const opened = openDatabase({ folder: join(folder, String(nth)), now });
  if (!opened.ok) throw new Error(opened.failure.text);
  db = opened.value.db;
  db.exec('PRAGMA synchronous = OFF');
  store = storeOn(opened.value, () => now, { rawMs: 7 * DAY, minutesMs: 90 * DAY, hoursMs: 1_825 * DAY });
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
  now = start;
  renew();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const put = (batch: Partial<Batch>) => {
  const result = store.commit({ ...empty, ...batch });
  if (!result.ok) throw new Error(result.failure.text);
};
const maintainAll = (): number => {
  for (let steps = 0; ; steps += 1) {
    const result = store.maintain();
    if (!result.ok) throw new Error(result.failure.text);
    if (!result.value.more) return steps;
  }
};
const standings = ['ok', 'degraded', 'down', 'unreachable', 'unknown'] as const;
/** "10 ok, 20 down" of one check. */
const spells = (text: string, check = 'c'): Spell[] =>
  text
    .split(', ')
    .filter((it) => it !== '')
    .map((it) => it.split(' '))
    .map(([at, standing]) => ({ check, at: Number(at), standing: standing as Spell['standing'] }));
const said = (check = 'c', from = 0, to = 1e9): string =>
  (store.spells([check], from, to).get(check) ?? []).map(({ at, standing }) => `${at} ${standing}`).join(', ');

describe('spells', () => {
  test.each<[string, string[], string]>([
    ['none', [], ''],
    ['one', ['10 ok'], '10 ok'],
    [
      'each standing',
      ['10 ok, 20 degraded, 30 down, 40 unreachable, 50 unknown'],
      '10 ok, 20 degraded, 30 down, 40 unreachable, 50 unknown',
    ],
    ['the same again is no row', ['10 ok, 20 ok, 30 ok'], '10 ok'],
    ['the same again in another batch', ['10 ok', '20 ok'], '10 ok'],
    ['back and forth', ['10 ok, 20 down', '30 ok'], '10 ok, 20 down, 30 ok'],
    ['from the first symptom: later rows are taken back', ['10 ok, 30 degraded, 40 ok', '20 down'], '10 ok, 20 down'],
    ['at the very same moment the last one counts', ['10 ok', '10 down'], '10 down'],
    ['the same moment within a batch', ['10 ok, 20 down, 20 degraded'], '10 ok, 20 degraded'],
    ['taken back to what held before: no row is left', ['10 ok, 20 down', '20 ok'], '10 ok'],
    ['taken back to the middle of what held before', ['10 ok, 20 down, 30 ok', '25 down'], '10 ok, 20 down'],
    ['before everything', ['10 ok, 20 down', '5 unknown'], '5 unknown'],
    ['ok before an ok', ['10 ok, 20 down', '5 ok'], '5 ok'],
    ['unreachable instead of down, afterwards', ['10 ok, 20 down', '20 unreachable'], '10 ok, 20 unreachable'],
  ])('%s', (_, batches, expected) => {
    for (const batch of batches) put({ spells: spells(batch) });
    expect(said()).toBe(expected);
  });

  test.each<[string, number, number, string]>([
    ['all of it', 0, 100, '10 ok, 20 down, 30 ok'],
    ['with the one in force at the beginning', 25, 100, '20 down, 30 ok'],
    ['beginning with a change', 20, 100, '20 down, 30 ok'],
    ['within one', 21, 29, '20 down'],
    ['both ends included', 10, 30, '10 ok, 20 down, 30 ok'],
    ['until before a change', 10, 29, '10 ok, 20 down'],
    ['after the last', 50, 60, '30 ok'],
    ['before the first', 0, 9, ''],
    ['before the first and into it', 5, 10, '10 ok'],
  ])('read %s', (_, from, to, expected) => {
    put({ spells: [...spells('10 ok, 20 down, 30 ok'), ...spells('1 down, 99 ok', 'b'), ...spells('15 unknown', 'd')] });
    expect(said('c', from, to)).toBe(expected);
  });

  test('every check asked for is answered; null asks for all there are', () => {
    put({ spells: [...spells('10 ok', 'b'), ...spells('20 down', 'a'), ...spells('10 ok, 20 down, 30 ok', 'ä/ß')] });
    expect(store.spells(['a', 'never'], 0, 100)).toEqual(
      new Map([
        ['a', [{ at: 20, standing: 'down' }]],
        ['never', []],
      ]),
    );
    expect([...store.spells(null, 25, 28).keys()]).toEqual(['a', 'b', 'ä/ß']);
    expect(store.spells([], 0, 100).size).toBe(0);
  });

  test('are those of a list that is written the slow way', () => {
    const some = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 20 }), fc.constantFrom(...standings)), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 4 }), (all, perBatch) => {
        store.close();
        renew();
        const lists: Record<string, { at: number; standing: Spell['standing'] }[]> = { a: [], b: [] };
        for (const [check, at, standing] of all) {
          const before = (lists[check] ?? []).filter((it) => it.at < at);
          lists[check] = before.at(-1)?.standing === standing ? before : [...before, { at, standing }];
        }
        for (let i = 0; i < all.length; i += perBatch)
          put({ spells: all.slice(i, i + perBatch).map(([check, at, standing]) => ({ check, at, standing })) });
        expect(Object.fromEntries(store.spells(['a', 'b'], 0, 20))).toEqual(lists);
        // No two in a row are alike: nothing is written that says nothing.
        for (const check of ['a', 'b']) expect(said(check)).not.toMatch(/(\b[a-z]+), \d+ \1\b/);
      }),
      { numRuns: 60 },
    );
  });

  test('a bad row is not known, rather than what held before it', () => {
    put({ spells: spells('10 ok, 20 down, 30 ok') });
    db.exec('UPDATE spells SET standing = 77 WHERE at = 20');
    expect(said()).toBe('10 ok, 20 unknown, 30 ok');
    expect(store.skipped()).toBe(1);
    expect(() => db.exec("UPDATE spells SET standing = 'down'")).toThrow();
  });

  test('a bug in one takes nothing of its batch into the file', () => {
    put({ spells: spells('10 ok') });
    const failed = store.commit({ ...empty, spells: [...spells('20 down'), { check: 'c', at: 1.5, standing: 'ok' }] });
    expect(failed.ok ? null : failed.failure.code).toBe('bug');
    expect(said()).toBe('10 ok');
  });

  test('5,000 of them, in a file that holds some already, take less than 300 ms', () => {
    const all = (at: number, standing: Spell['standing']): Spell[] =>
      Array.from({ length: 5_000 }, (_, n) => ({ check: `host-${n}.example.test/https`, at, standing }));
    for (let n = 0; n < 6; n += 1) put({ spells: all(start + n * 1_000, standings[n % 3] ?? 'ok') });
    const startedAt = cpuMs();
    put({ spells: all(start + 3_500, 'unreachable') });
    expect(cpuMs() - startedAt).toBeLessThan(300);
    const readAt = cpuMs();
    const read = store.spells(null, start + 3_200, start + 9_000);
    expect(cpuMs() - readAt).toBeLessThan(1_000);
    expect(read.size).toBe(5_000);
    expect(read.get('host-7.example.test/https')).toEqual([
      { at: start + 3_000, standing: 'ok' },
      { at: start + 3_500, standing: 'unreachable' },
    ]);
  });
});

describe('keeping spells', () => {
  test('older ones go with the hours; the one in force at the cut stays', () => {
    put({
      spells: [
        ...spells(`${start} ok, ${start + HOUR} down, ${start + 2 * HOUR} ok, ${start + 900 * DAY} down`),
        ...spells(`${start} ok`, 'quiet'),
        ...spells(`${start + 950 * DAY} ok`, 'young'),
      ],
    });
    const everything = () =>
      [...store.spells(null, 0, Number.MAX_SAFE_INTEGER)].map(([check, all]) => [check, all.map(({ at }) => (at - start) / HOUR)]);
    now = start + 1_825 * DAY;
    maintainAll();
    expect(everything()).toEqual([
      ['c', [0, 1, 2, 900 * 24]],
      ['quiet', [0]],
      ['young', [950 * 24]],
    ]);
    now = start + 1_825 * DAY + HOUR;
    maintainAll();
    expect(everything()).toEqual([
      ['c', [1, 2, 900 * 24]],
      ['quiet', [0]],
      ['young', [950 * 24]],
    ]);
    now = start + (1_825 + 10) * DAY;
    maintainAll();
    expect(everything()).toEqual([
      ['c', [2, 900 * 24]],
      ['quiet', [0]],
      ['young', [950 * 24]],
    ]);
    now = start + 9_000 * DAY;
    maintainAll();
    expect(everything()).toEqual([
      ['c', [900 * 24]],
      ['quiet', [0]],
      ['young', [950 * 24]],
    ]);
    expect(said('c', now - DAY, now)).toBe(`${start + 900 * DAY} down`);
  });

  test('in steps that are bounded, by checks and by spells', () => {
    const flapping = Array.from(
      { length: 7_000 },
      (_, n): Spell => ({ check: 'b/flaps', at: start + n * 1_000, standing: n % 2 ? 'down' : 'ok' }),
    );
    const many = Array.from({ length: 900 }, (_, n) => spells(`${start} ok, ${start + HOUR} down`, `a/${n}`)).flat();
    put({ spells: [...flapping, ...many] });
    now = start + 1_825 * DAY + 3 * HOUR;
    const count = () => Number(db.prepare('SELECT count(*) AS n FROM spells').get()?.n);
    let before = count();
    let steps = 0;
    for (let more = true; more; steps += 1) {
      const done = store.maintain();
      more = done.ok && done.value.more;
      expect(before - count()).toBeLessThanOrEqual(2_200);
      before = count();
    }
    expect(steps).toBeGreaterThan(6);
    expect(before).toBe(901);
    // And then there is nothing to do until the next hour.
    expect(maintainAll()).toBe(0);
    now += HOUR;
    expect(maintainAll()).toBeGreaterThan(0);
    expect(count()).toBe(901);
  });
});

describe('planned work and silences', () => {
  const work = (id: string, part: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
    id,
    name: id,
    kind: 'fixed',
    from: start,
    to: start + HOUR,
    durationMs: null,
    schedule: null,
    affects: ['web1'],
    spares: [],
    reason: 'new disks',
    source: 'desk',
    by: 'Ada',
    createdAt: start - DAY,
    startedAt: null,
    endedAt: null,
    cancelledAt: null,
    skipped: [],
    ...part,
  });
  const silence = (id: string, part: Partial<Silence> = {}): Silence => ({
    id,
    by: 'Ada',
    reason: 'known',
    subjects: ['web1'],
    at: start,
    until: start + HOUR,
    endedAt: null,
    ...part,
  });
  const ids = (all: { id: string }[]) => all.map(({ id }) => id);
  const weekly = { kind: 'recurring', schedule: { cron: '0 4 * * 0', zone: 'UTC' }, durationMs: HOUR, from: null, to: null } as const;

  test('come back as they were last written', () => {
    put({ windows: [work('A'), work('B', { ...weekly, skipped: [start] })], silences: [silence('S')] });
    const later = work('A', { to: start + 3 * HOUR, startedAt: start, endedAt: start + 2 * HOUR });
    put({ windows: [later], silences: [silence('S', { endedAt: start + 5 })] });
    expect(store.windows()).toEqual([later, work('B', { ...weekly, skipped: [start] })]);
    expect(store.silences(0)).toEqual([silence('S', { endedAt: start + 5 })]);
  });

  test.each<[string, Partial<MaintenanceWindow>, number | null]>([
    ['a fixed one ends at its end', {}, start + HOUR],
    ['a fixed one that was finished early', { endedAt: start + 5 }, start + 5],
    ['a fixed one that was finished late', { endedAt: start + 2 * HOUR }, start + 2 * HOUR],
    ['one that was called off', { cancelledAt: start - 7 }, start - 7],
    ['one without a day', { from: null, to: null }, null],
    ['an open-ended one', { kind: 'open-ended', to: null }, null],
    ['an open-ended one that was finished', { kind: 'open-ended', to: null, endedAt: start + 9 }, start + 9],
    ['a flexible one may begin at its last moment', { kind: 'flexible', durationMs: HOUR }, start + 2 * HOUR],
    ['an open-ended one that got an end', { kind: 'open-ended', to: start + DAY }, start + DAY],
    ['a flexible one that began late', { kind: 'flexible', durationMs: HOUR, startedAt: start + HOUR - 10 }, start + 2 * HOUR - 10],
    ['a flexible one that began early', { kind: 'flexible', durationMs: 5, startedAt: start + 10 }, start + HOUR],
    ['a flexible one that was finished', { kind: 'flexible', durationMs: HOUR, startedAt: start + 10, endedAt: start + 20 }, start + 20],
    ['a flexible one without a day', { kind: 'flexible', durationMs: HOUR, from: null, to: null }, null],
    ['a series', weekly, null],
    ['a series of which a time was finished', { ...weekly, endedAt: start }, null],
    ['a series that was called off', { ...weekly, cancelledAt: start + 4 }, start + 4],
    ['a series with an end: its last time may begin then', { ...weekly, to: start + DAY }, start + DAY + HOUR],
    [
      'a series whose last time was extended',
      { ...weekly, to: start + DAY, ends: [{ at: start + DAY - 1, to: start + 3 * DAY, finished: false }] },
      start + 3 * DAY,
    ],
    ['one of the inventory is needed as long as that names it', { source: 'inventory', endedAt: start + 5 }, null],
  ])('%s', (_, part, endsBy) => {
    put({ windows: [work('A', part)] });
    expect(ids(store.windows(start - DAY))).toEqual(['A']);
    if (endsBy === null) expect(ids(store.windows(Number.MAX_SAFE_INTEGER))).toEqual(['A']);
    else expect([ids(store.windows(endsBy)), ids(store.windows(endsBy + 1))]).toEqual([['A'], []]);
    // They stay for ever, whatever is asked for.
    now = start + 9_000 * DAY;
    maintainAll();
    expect(ids(store.windows())).toEqual(['A']);
  });

  test('silences: those in force and those that ended since a moment', () => {
    put({ silences: [silence('A'), silence('B', { until: start + DAY }), silence('C', { until: start + DAY, endedAt: start + 10 })] });
    expect(ids(store.silences(start))).toEqual(['A', 'B', 'C']);
    expect(ids(store.silences(start + 11))).toEqual(['A', 'B']);
    expect(ids(store.silences(start + HOUR))).toEqual(['A', 'B']);
    expect(ids(store.silences(start + HOUR + 1))).toEqual(['B']);
    expect(ids(store.silences(start + DAY + 1))).toEqual([]);
  });

  test('damaged ones are left out and counted', () => {
    put({ windows: [work('A'), work('B'), work('C')], silences: [silence('S'), silence('T')] });
    db.exec(
      `UPDATE windows SET body = '{not json' WHERE id = 'A'; UPDATE windows SET body = '{"id":"B"}' WHERE id = 'B'; UPDATE silences SET body = 'null' WHERE id = 'S'`,
    );
    expect(ids(store.windows())).toEqual(['C']);
    expect(ids(store.silences(0))).toEqual(['T']);
    expect(store.skipped()).toBe(3);
  });
});

describe('gaps and changes, as the timeline has them', () => {
  const gap = (id: string, from: number, to: number, at = to): NightEvent => ({
    id,
    at,
    kind: 'gap',
    subject: null,
    actor: 'engine',
    payload: { from, to, cause: 'asleep-or-frozen' },
  });
  test('gaps that touch a stretch, oldest first; a clock that went back too', () => {
    put({ events: [gap('1', 10, 20), gap('2', 30, 40), gap('3', 45, 60, 45)] });
    expect(store.gaps(0, 100)).toEqual([
      { from: 10, to: 20 },
      { from: 30, to: 40 },
      { from: 45, to: 60 },
    ]);
    expect(store.gaps(20, 30)).toEqual([]);
    expect(store.gaps(19, 31)).toEqual([
      { from: 10, to: 20 },
      { from: 30, to: 40 },
    ]);
    expect(store.gaps(50, 55)).toEqual([{ from: 45, to: 60 }]);
    db.exec(`INSERT INTO events (id, at, kind, actor, payload) VALUES ('9', 1, 'gap', 'engine', '{no')`);
    expect(store.gaps(50, 55)).toEqual([{ from: 45, to: 60 }]);
    expect(store.skipped()).toBe(1);
  });
  const setBack = (id: string, from: number, to: number): NightEvent =>
    ({ ...gap(id, from, to, from), payload: { from, to, cause: 'clock-jump' } }) as NightEvent;
  test.each<[string, NightEvent[], [number, number][]]>([
    ['a clock that was set back makes none: that time comes again', [setBack('1', 10, 20)], []],
    ['it ends one that reaches into that time', [gap('1', 5, 90), setBack('2', 10, 90)], [[5, 10]]],
    ['it undoes one within that time', [gap('1', 30, 40), setBack('2', 10, 50)], []],
    ['one before that time stays', [gap('1', 1, 5), setBack('2', 10, 50)], [[1, 5]]],
    [
      'a sleep after it is one',
      [gap('1', 5, 90), setBack('2', 10, 90), gap('3', 20, 30)],
      [
        [5, 10],
        [20, 30],
      ],
    ],
    ['whatever the ids say, what was written first comes first', [gap('9', 5, 90), setBack('1', 10, 90)], [[5, 10]]],
  ])('%s', (_name, events, expected) => {
    put({ events });
    expect(store.gaps(0, 100)).toEqual(expected.map(([from, to]) => ({ from, to })));
  });

  const change = (id: string, at: number, subject: string | null): NightEvent => ({
    id,
    at,
    kind: 'change',
    subject: subject === null ? null : { kind: 'host', id: subject },
    actor: 'Ada',
    payload: { text: `change ${id}` },
  });
  test('changes by when they were made, newest first, whenever they were entered', () => {
    put({ events: [change('1', 300, 'web1'), change('2', 100, 'web2'), change('3', 200, null), gap('4', 100, 200)] });
    const found = (from: number, to: number, subjects: string[] | null) => store.changes(from, to, subjects).map(({ id }) => id);
    expect(found(0, 1_000, null)).toEqual(['1', '3', '2']);
    expect(found(100, 200, null)).toEqual(['3', '2']);
    expect(found(0, 1_000, ['web1', 'web2'])).toEqual(['1', '2']);
    expect(found(0, 1_000, [])).toEqual([]);
    expect(store.changes(300, 300, ['web1'])).toEqual([{ id: '1', at: 300, subject: 'web1', text: 'change 1', by: 'Ada' }]);
  });

  test.each([
    ['changes', "SELECT * FROM events WHERE kind = 'change' AND at BETWEEN 1 AND 2", 'events_change'],
    ['gaps', "SELECT * FROM events WHERE kind = 'gap' AND payload ->> 'from' < 2 ORDER BY at, id", 'events_gap'],
  ])('%s are found by an index of their own, however long the timeline', (_, sql, index) => {
    expect(JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())).toContain(index);
  });
});

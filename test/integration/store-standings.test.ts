/** From a file of the second form to the third: what it tells of its checks becomes their first spells. Made by the old migrations. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../electron/store/database.ts';
import { start } from '../../electron/store/migrations/0001-start.ts';
import { lightEvents } from '../../electron/store/migrations/0002-light-events.ts';
import { openStore, openStoreToRead, type Store } from '../../electron/store/store.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 20, 3);
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };
let folder = '';
let store: Store | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
});
afterEach(() => {
  store?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Leaves a file of the second form. */
function old(fill: (db: DatabaseSync) => void): void {
  const opened = openDatabase({ folder, now, migrations: [start, lightEvents] });
  if (!opened.ok) throw new Error(opened.failure.text);
  fill(opened.value.db);
  opened.value.close();
}
function updated(): Store {
  const opened = openStore({ folder, now: () => now, retention: forever });
  if (!opened.ok) throw new Error(opened.failure.text);
  store = opened.value.store;
  return store;
}
const writer = (db: DatabaseSync) => {
  let id = 0;
  const event = (kind: string, at: number, payload: object | string) => {
    id += 1;
    return db
      .prepare("INSERT INTO events (id, at, kind, actor, payload) VALUES (?, ?, ?, 'engine', ?)")
      .run(String(id).padStart(6, '0'), at, kind, typeof payload === 'string' ? payload : JSON.stringify(payload));
  };
  const verdict = { state: 'down', reason: 'refused', text: 'x' };
  return {
    event,
    hard: (check: string, from: string, to: string, firstAt: number, at = firstAt + 20) =>
      event('hard', at, { check, from, to, firstAt, verdict }),
    state: (check: string, hard: string, at: number | null, staleSince: number | null = null, since = 1) =>
      db.prepare('INSERT INTO states VALUES (?, ?)').run(check, JSON.stringify({ hard, since, soft: null, verdict: null, at, staleSince })),
    /** A series with its first result rolled up, or still a sample. */
    first(check: string, at: number, rolled: boolean) {
      const series = Number(db.prepare("INSERT INTO series (check_id, vantage) VALUES (?, 'desk') RETURNING id").get(check)?.id);
      if (rolled)
        db.prepare(
          'INSERT INTO hours (series, hour, ok, degraded, down, unknown, valued, first, last, gap) VALUES (?, ?, 1, 0, 0, 0, 0, ?, ?, 0)',
        ).run(series, Math.floor(at / HOUR), at % HOUR, at % HOUR);
      else db.prepare('INSERT INTO samples VALUES (?, ?, 0, NULL, NULL)').run(series, at);
    },
  };
};

test('what events and states tell becomes spells, the old file is kept beside it', () => {
  old((db) => {
    const { event, hard, state, first } = writer(db);
    first('always-ok', 100, false);
    state('always-ok', 'ok', 900);
    first('rolled-up', 5 * HOUR + 7, true);
    state('rolled-up', 'ok', 6 * HOUR);
    first('went-down', 100, false);
    hard('went-down', 'ok', 'down', 300);
    hard('went-down', 'down', 'degraded', 400, 400);
    hard('went-down', 'degraded', 'ok', 500, 500);
    state('went-down', 'ok', 900);
    first('down-from-the-start', 100, false);
    hard('down-from-the-start', 'pending', 'down', 100);
    state('down-from-the-start', 'down', 900);
    first('went-grey', 100, false);
    event('stale', 300, { check: 'went-grey', lastAt: 200 });
    event('fresh', 400, { check: 'went-grey', goneMs: 100 });
    event('stale', 600, { check: 'went-grey', lastAt: 500 });
    state('went-grey', 'ok', 500, 600);
    first('came-back-quietly', 100, false);
    hard('came-back-quietly', 'ok', 'down', 200);
    event('stale', 600, { check: 'came-back-quietly', lastAt: 500 });
    state('came-back-quietly', 'down', 900);
    first('left', 100, false);
    hard('left', 'ok', 'down', 300);
    state('left', 'pending', null, null, 700);
    state('never-had-a-result', 'pending', null);
  });
  const spells = updated().spells(null, 0, now);
  const said = Object.fromEntries(
    [...spells].map(([check, all]) => [check, all.map(({ at, standing }) => `${at} ${standing}`).join(', ')]),
  );
  expect(said).toEqual({
    'always-ok': '100 ok',
    'rolled-up': `${5 * HOUR + 7} ok`,
    'went-down': '100 ok, 300 down, 400 degraded, 500 ok',
    'down-from-the-start': '100 down',
    'went-grey': '100 ok, 300 unknown, 400 ok, 600 unknown',
    'came-back-quietly': '100 ok, 200 down, 600 unknown, 900 down',
    left: '100 ok, 300 down, 700 unknown',
    'never-had-a-result': '1 unknown',
  });
  const [copy] = readdirSync(folder).filter((name) => name.includes('before-update') && name.endsWith('-v2'));
  const before = new DatabaseSync(join(folder, copy as string), { readOnly: true });
  expect(before.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 10 });
  expect(before.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'spells'").get()).toEqual({ n: 0 });
  before.close();
});

test('rows that make no sense do not stand in the way', () => {
  old((db) => {
    const { event, state } = writer(db);
    for (const payload of [
      '{not json',
      'null',
      '[]',
      '"text"',
      '{}',
      '{"check":7}',
      '{"check":"c","to":"fine","firstAt":5}',
      '{"check":"c","to":"down","firstAt":"now"}',
      '{"check":"c","to":"down","firstAt":1.5}',
    ])
      event('hard', 100, payload);
    event('fresh', 50, '{"check":"d"}');
    db.exec(
      "INSERT INTO states VALUES ('a', '{'), ('b', 'null'), ('e', '{}'), ('f', '{\"hard\":\"ok\",\"at\":\"x\",\"staleSince\":null}')",
    );
    state('g', 'ok', 70);
  });
  expect(Object.fromEntries(updated().spells(null, 0, now))).toEqual({ d: [{ at: 50, standing: 'ok' }], g: [{ at: 70, standing: 'ok' }] });
});

test('a long history is taken in within seconds', () => {
  old((db) => {
    const { event, hard, state, first } = writer(db);
    db.exec('BEGIN');
    for (let n = 0; n < 200; n += 1) {
      first(`c${n}`, 1, n % 2 === 0);
      state(`c${n}`, 'ok', 9_000_000);
    }
    for (let n = 0; n < 30_000; n += 1) {
      event('soft', n * 100, { check: `c${n % 200}` });
      hard(`c${n % 200}`, n % 400 < 200 ? 'ok' : 'down', n % 400 < 200 ? 'down' : 'ok', n * 100);
    }
    db.exec('COMMIT');
  });
  const startedAt = performance.now();
  const spells = updated().spells(null, 0, now);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect([...spells.values()].reduce((sum, all) => sum + all.length, 0)).toBeGreaterThan(29_000);
});

test('beside an engine of the older form nothing is changed, and it says what to do', () => {
  old(() => {});
  expect(openStoreToRead(folder)).toMatchObject({ ok: false, failure: { text: expect.stringContaining('older Nightdesk') } });
});

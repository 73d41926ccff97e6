/** What was acknowledged is on disk: through a full disk, through being killed in mid-write. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../electron/store/database.ts';
import { isFull, writeFailure } from '../../electron/store/failure.ts';
import { type Batch, openStore, type Store, storeOn } from '../../electron/store/store.ts';
import type { NightEvent } from '../../shared/model/event.ts';

const now = Date.UTC(2026, 10, 20, 3);
const retention = { rawMs: 7 * 86_400_000, minutesMs: 90 * 86_400_000, hoursMs: 1_825 * 86_400_000 };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
const note = (id: string, text: string): NightEvent => ({ id, at: now, kind: 'note', subject: null, actor: 'Ada', payload: { text } });
const samples = (first: number, count: number): Batch['samples'] =>
  Array.from({ length: count }, (_, i) => ({
    check: `tcp.host${i % 7}.main`,
    at: now + first + i,
    vantage: 'desk',
    value: i / 3,
    state: 'down',
    detail: 'refused: '.padEnd(200, 'x'),
  }));
const countAll = (store: Store) =>
  Array.from({ length: 7 }, (_, i) => store.samples(`tcp.host${i}.main`, 0, Number.MAX_SAFE_INTEGER, 1_000_000).length).reduce(
    (a, b) => a + b,
    0,
  );

describe('a disk without room', () => {
  test('is told as such, leaves nothing of the batch behind, and is over when there is room', () => {
    const opened = openDatabase({ folder, now });
    if (!opened.ok) throw new Error(opened.failure.text);
    const { db } = opened.value;
    const store = storeOn(opened.value, () => now, retention);
    expect(store.commit({ ...empty, samples: samples(0, 100), events: [note('01A', 'before')] }).ok).toBe(true);

    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
    db.exec(`PRAGMA max_page_count = ${pages + 5}`);
    const big = {
      ...empty,
      events: [note('01B', 'lost')],
      samples: [
        ...samples(1_000, 2_000),
        { check: 'tcp.new.main', at: now, vantage: 'desk', value: 1, state: 'ok' as const, detail: null },
      ],
    };
    const failed = store.commit(big);
    expect(failed.ok ? null : failed.failure.code).toBe('full');
    expect(countAll(store)).toBe(100);
    expect(store.eventsOf(['01A', '01B']).map((event) => event.id)).toEqual(['01A']);
    // A small write still fits.
    expect(store.commit({ ...empty, events: [note('01C', 'between')] }).ok).toBe(true);

    db.exec(`PRAGMA max_page_count = ${pages + 10_000}`);
    expect(store.commit(big)).toEqual({ ok: true, value: null });
    expect(countAll(store)).toBe(2_100);
    expect(store.samples('tcp.new.main', 0, now, 10)).toHaveLength(1);
    expect(store.eventsOf(['01A', '01B', '01C']).map((event) => event.id)).toEqual(['01A', '01B', '01C']);
    store.close();
  });

  test('codes tell failures apart, words do not', () => {
    const sqlite = (errcode: number) => Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode });
    const cases: [number, string][] = [
      [13, 'full'],
      [4874, 'full'],
      [10, 'io'],
      [778, 'io'],
      [1546, 'io'],
      [11, 'io'],
      [26, 'io'],
      [5, 'io'],
      [8, 'io'],
      [14, 'io'],
      [1, 'bug'],
      [19, 'bug'],
      [1555, 'bug'],
      [20, 'bug'],
      [21, 'bug'],
    ];
    for (const [errcode, code] of cases) expect([errcode, writeFailure(sqlite(errcode)).code]).toEqual([errcode, code]);
    expect(writeFailure(new Error('disk is full')).code).toBe('bug');
    expect(isFull(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toBe(true);
  });

  test('a bug in a batch is named so, and rolled back whole', () => {
    const opened = openStore({ folder, now: () => now, retention });
    if (!opened.ok) throw new Error(opened.failure.text);
    const { store } = opened.value;
    const bad = { check: 'tcp.host1.main', at: 1.5, vantage: 'desk', value: 1, state: 'ok' as const, detail: null };
    const failed = store.commit({ ...empty, events: [note('01A', 'with a bug')], samples: [...samples(0, 10), bad] });
    expect(failed.ok ? null : failed.failure.code).toBe('bug');
    expect(store.eventsOf(['01A'])).toEqual([]);
    expect(countAll(store)).toBe(0);
    // The series it met in the failed batch are met anew.
    expect(store.commit({ ...empty, samples: samples(0, 10) }).ok).toBe(true);
    expect(countAll(store)).toBe(10);
    store.close();
    expect(store.commit({ ...empty, events: [note('01Z', 'after the end')] }).ok).toBe(false);
    chmodSync(folder, 0o700);
  });
});

describe('killed while writing', () => {
  const storeUrl = new URL('../../electron/store/store.ts', import.meta.url).href;
  const child = `
    const { openStore } = await import(${JSON.stringify(storeUrl)});
    const [folder, start] = [process.argv[1], Number(process.argv[2])];
    const opened = openStore({ folder, now: () => ${now}, retention: ${JSON.stringify(retention)} });
    if (!opened.ok || opened.value.setAside) { console.log('FAILED', JSON.stringify(opened)); process.exit(1); }
    const { writeSync } = await import('node:fs');
    for (let n = start; ; n += 1) {
      const id = String(n).padStart(10, '0');
      const done = opened.value.store.commit({
        samples: Array.from({ length: 20 }, (_, i) => ({ check: 'tcp.host' + i + '.main', at: ${now} + n, vantage: 'desk', value: n, state: 'ok', detail: null })),
        events: [{ id, at: ${now} + n, kind: 'note', subject: null, actor: 'Ada', payload: { text: 'note ' + n } }],
        states: [], alerts: [], documents: [['newest', String(n)]],
        spells: [{ check: 'tcp.host0.main', at: ${now} + n, standing: n % 2 ? 'down' : 'ok' }],
        windows: [{ id: 'work-' + n, name: 'Work ' + n, kind: 'open-ended', from: n, to: null, durationMs: null, schedule: null, affects: [], spares: [],
          reason: '', source: 'desk', by: 'Ada', createdAt: n, startedAt: null, endedAt: null, cancelledAt: null, skipped: [] }],
        silences: [{ id: 'silence-' + n, by: 'Ada', reason: 'x', subjects: ['a'], at: n, until: ${now} + n, endedAt: null }],
      });
      if (n % 10 === 0) opened.value.store.maintain();
      writeSync(1, (done.ok ? n : 'FAILED ' + done.failure.text) + '\\n');
    }`;

  test('five times: nothing acknowledged is lost, no batch is there by halves, the file is sound', async () => {
    let acknowledged = 0;
    for (let round = 0; round < 5; round += 1) {
      const start = acknowledged + 1;
      const process_ = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', child, folder, String(start)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: process_.stdout });
      const ended = new Promise((resolve) => process_.on('exit', resolve));
      const enough = start + 40 + round * 37;
      for await (const line of lines) {
        expect(line).toMatch(/^\d+$/);
        acknowledged = Number(line);
        if (acknowledged === enough) process_.kill('SIGKILL');
      }
      await ended;
      expect(process_.signalCode).toBe('SIGKILL');

      const opened = openStore({ folder, now: () => now, retention });
      if (!opened.ok) throw new Error(opened.failure.text);
      const { store, setAside } = opened.value;
      expect(setAside).toBe(null);
      const written = Number(store.document('newest'));
      expect(written).toBeGreaterThanOrEqual(acknowledged);
      expect(store.eventsOf(Array.from({ length: written }, (_, i) => String(i + 1).padStart(10, '0')))).toHaveLength(written);
      for (const i of [0, 7, 19])
        expect(store.samples(`tcp.host${i}.main`, 0, now * 2, 1_000_000).map((sample) => sample.value)).toEqual(
          Array.from({ length: written }, (_, n) => n + 1),
        );
      expect(store.spells(['tcp.host0.main'], 0, now * 2).get('tcp.host0.main')).toEqual(
        Array.from({ length: written }, (_, n) => ({ at: now + n + 1, standing: n % 2 ? 'ok' : 'down' })),
      );
      expect([store.windows().length, store.silences(0).length]).toEqual([written, written]);
      acknowledged = written;
      store.close();
    }
    expect(acknowledged).toBeGreaterThan(500);
  });
});

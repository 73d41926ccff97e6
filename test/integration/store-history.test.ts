/** The history worker: a real thread beside a store that is being written. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HistoryReader, openHistory } from '../../electron/store/history.ts';
import { openStore, type Store } from '../../electron/store/store.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { plan as planOf } from '../support/plans.ts';
import { check, thing } from '../support/story.ts';

const workerUrl = new URL('../../electron/store/history-worker.ts', import.meta.url);
const now = Date.UTC(2026, 10, 20);
const DAY = 86_400_000;
let folder = '';
let store: Store;
let reader: HistoryReader | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
  const opened = openStore({ folder, now: () => now, retention: { rawMs: 7 * DAY, minutesMs: 90 * DAY, hoursMs: 1_825 * DAY } });
  if (!opened.ok) throw new Error(opened.failure.text);
  store = opened.value.store;
});
afterEach(async () => {
  await reader?.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const write = (from: number, count: number) => {
  const samples = Array.from({ length: count }, (_, i) => ({
    check: 'c',
    at: from + i * 1_000,
    vantage: 'desk',
    value: i,
    state: 'ok' as const,
    detail: null,
  }));
  expect(store.commit({ samples, events: [], states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] }).ok).toBe(true);
};
/** A worker that behaves as told. */
const rogue = (code: string) => {
  const file = join(folder, 'rogue.mjs');
  writeFileSync(file, `import { parentPort, threadId } from 'node:worker_threads';\n${code}`);
  return pathToFileURL(file);
};

test('answers what was just committed, many questions at once, each its own', async () => {
  reader = openHistory({ file: store.file, workerUrl });
  write(now, 100);
  const first = await reader.history('c', now, now + DAY);
  expect(first.ok && first.value.points.length).toBe(100);
  write(now + 200_000, 50);
  const many = await Promise.all([1, 2, 3, 4, 5].map((n) => (reader as HistoryReader).history('c', now, now + n * 1_000)));
  expect(many.map((one) => one.ok && one.value.points.length)).toEqual([2, 3, 4, 5, 6]);
  const all = await reader.history('c', now, now + DAY);
  expect(all.ok && all.value.points.length).toBe(150);
});

test('does not hold up the writer', async () => {
  reader = openHistory({ file: store.file, workerUrl });
  write(now - DAY, 80_000);
  let open = 5;
  const asked = Array.from({ length: open }, () =>
    (reader as HistoryReader).history('c', now - 90 * DAY, now).finally(() => {
      open -= 1;
    }),
  );
  let writes = 0;
  while (open > 0) {
    write(now + writes * 1_000_000, 1);
    writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(writes).toBeGreaterThan(1);
  for (const one of await Promise.all(asked)) expect(one.ok).toBe(true);
});

test('a draft is read beside the writer too, whatever its range', async () => {
  reader = openHistory({ file: store.file, workerUrl });
  const checks = Array.from({ length: 20 }, (_, i) => check(thing('host', `h${i}`), 'tcp'));
  const samples = checks.flatMap(({ id }) =>
    Array.from({ length: 4_000 }, (_, i) => ({
      check: id,
      at: now - DAY + i * 20_000,
      vantage: 'desk',
      value: i,
      state: 'ok' as const,
      detail: null,
    })),
  );
  expect(store.commit({ samples, events: [], states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] }).ok).toBe(true);
  const plan = planOf({ subjects: checks.map((it) => thing('host', it.subject.id)), checks });
  let writes = 0;
  let open = true;
  const made = reader.draft(plan, { alerts: null, from: now - 300 * DAY, to: now, title: null, zone: 'UTC' }, now).finally(() => {
    open = false;
  });
  while (open) {
    write(now + writes * 1_000_000, 1);
    writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(writes).toBeGreaterThan(1);
  expect(await made).toMatchObject({ ok: true, value: { markdown: expect.stringContaining('80000 of 80000 ok') } });
  expect(await reader.draft(plan, { alerts: ['gone'], from: null, to: null, title: null, zone: 'UTC' }, now)).toMatchObject({
    ok: false,
    failure: { code: 'no-such-alert' },
  });
});

test('uptime is made beside the writer from spells, gaps and planned work, and told as a table too', async () => {
  reader = openHistory({ file: store.file, workerUrl });
  const HOUR = 3_600_000;
  const from = now - 30 * DAY;
  const checks = Array.from({ length: 300 }, (_, i) => check(thing('host', `h${i}`), 'tcp'));
  // Each goes down for an hour every day, half of it within planned work; one stays as it is.
  const spells = checks.flatMap(({ id }, n) => [
    { check: id, at: from - DAY, standing: 'ok' as const },
    ...(n === 0
      ? []
      : Array.from({ length: 60 }, (_, i) => ({
          check: id,
          at: from + Math.floor(i / 2) * DAY + (i % 2) * HOUR,
          standing: i % 2 ? ('ok' as const) : ('down' as const),
        }))),
  ]);
  const work: MaintenanceWindow = {
    id: 'w',
    name: 'Log rotation',
    kind: 'recurring',
    from: null,
    to: null,
    durationMs: HOUR / 2,
    schedule: { cron: '0 0 * * *', zone: 'UTC' },
    affects: checks.map((it) => it.subject.id),
    spares: [],
    reason: '',
    source: 'desk',
    by: 'Ada',
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    cancelledAt: null,
    skipped: [],
  };
  const gap = {
    id: '01G',
    at: from + 12 * HOUR,
    kind: 'gap',
    subject: null,
    actor: 'engine',
    payload: { from: from + 10 * HOUR, to: from + 12 * HOUR, cause: 'not-running' },
  } as const;
  const samples = [{ check: 'h0/tcp', at: now, vantage: 'desk', value: 1, state: 'ok' as const, detail: null }];
  expect(store.commit({ samples, events: [gap], states: [], alerts: [], spells, windows: [work], silences: [], documents: [] }).ok).toBe(
    true,
  );
  const plan = planOf({ subjects: checks.map((it) => thing('host', it.subject.id)), checks });
  let writes = 0;
  let open = true;
  const asked = reader.uptime(plan, { from, to: now + DAY, subjects: null, zone: 'UTC' }, now).finally(() => {
    open = false;
  });
  while (open) {
    write(now + writes * 1_000_000, 1);
    writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(writes).toBeGreaterThan(1);
  const made = await asked;
  if (!made.ok) throw new Error(made.failure.text);
  const { report, csv, fileName } = made.value;
  expect([report.from, report.to, fileName]).toEqual([from, now, 'uptime 2026-10-21 to 2026-11-19.csv']);
  expect(report.lines).toHaveLength(600);
  expect(csv.trimEnd().split('\n')).toHaveLength(601);
  const parts = (id: string) => report.lines.find((line) => line.id === id)?.parts;
  expect(parts('h0/tcp')).toEqual({ up: 30 * DAY - 2 * HOUR, degraded: 0, down: 0, unreachable: 0, maintenance: 0, unknown: 2 * HOUR });
  expect(parts('h7')).toEqual({
    up: 29 * DAY + 4 * HOUR - 12 * HOUR,
    degraded: 0,
    down: 15 * HOUR,
    unreachable: 0,
    maintenance: 15 * HOUR,
    unknown: 2 * HOUR,
  });

  const some = await reader.uptime(plan, { from, to: now, subjects: ['h3'], zone: 'UTC' }, now);
  expect(some.ok && some.value.report.lines.map(({ id }) => id)).toEqual(['h3', 'h3/tcp']);
  for (const range of [
    { from: now, to: now },
    { from: now, to: from },
    { from: now + HOUR, to: now + DAY },
  ])
    expect(await reader.uptime(plan, { ...range, subjects: null, zone: 'UTC' }, now)).toMatchObject({
      ok: false,
      failure: { code: 'bad-range' },
    });
});

test('a crash fails the open questions and no others', async () => {
  reader = openHistory({
    file: store.file,
    workerUrl: rogue(
      `parentPort.on('message', ({ id, check }) => { if (check === 'crash') throw new Error('boom'); parentPort.postMessage({ id, ok: true, value: { resolution: 'raw', points: [] } }); });`,
    ),
  });
  const crashed = await reader.history('crash', 0, 1);
  expect(crashed).toMatchObject({ ok: false, failure: { code: 'worker' } });
  expect(await reader.history('fine', 0, 1)).toMatchObject({ ok: true });
});

test('a worker that never answers is given up', async () => {
  reader = openHistory({ file: store.file, workerUrl: rogue(`parentPort.on('message', () => { for (;;) {} });`), patienceMs: 300 });
  expect(await reader.history('c', 0, 1)).toMatchObject({ ok: false, failure: { code: 'worker' } });
});

test('a worker that nobody asks goes, and comes again', async () => {
  reader = openHistory({
    file: store.file,
    workerUrl: rogue(
      `parentPort.on('message', ({ id }) => parentPort.postMessage({ id, ok: true, value: { resolution: 'raw', points: [], started: threadId } }));`,
    ),
    idleMs: 30,
  });
  const first = await reader.history('c', 0, 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const second = await reader.history('c', 0, 1);
  expect(first.ok && second.ok).toBe(true);
  expect(second).not.toEqual(first);
});

test('a missing file is a failure, not a crash of ours; and closing answers everybody', async () => {
  reader = openHistory({ file: join(folder, 'none.db'), workerUrl });
  expect(await reader.history('c', 0, 1)).toMatchObject({ ok: false });
  const late = reader.history('c', 0, 1);
  await reader.close();
  expect(await late).toMatchObject({ ok: false, failure: { code: 'worker' } });
  expect(await reader.history('c', 0, 1)).toMatchObject({ ok: false, failure: { code: 'worker' } });
});

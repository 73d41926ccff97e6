/**
 * The engine alone in a storm: a real store, the real clock, probes that answer within the second by script. Run in a process of its own, with
 * the flags of the real one; prints its figures as JSON.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import { type Clock, systemClock } from '../../electron/engine/clock.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { probes as allProbes } from '../../electron/probes/index.ts';
import { openHistory } from '../../electron/store/history.ts';
import { openStore, storeFileName } from '../../electron/store/store.ts';
import type { Delta } from '../../shared/live.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';
import { addressOf, type EngineStorm, type Wave } from './storm-figures.ts';

const checks = 5_000;
/** 256 at a time: so they come in within about a second. */
const answerMs = 40;

/** The system's clock; counts what each kind of timer costs, by the name of what it calls. */
const spent = new Map<string, { ms: number; longest: number }>();
const clock: Clock = {
  ...systemClock,
  after: (ms, callback) =>
    systemClock.after(ms, () => {
      const begin = performance.now();
      callback();
      const took = performance.now() - begin;
      const had = spent.get(callback.name) ?? { ms: 0, longest: 0 };
      spent.set(callback.name, { ms: had.ms + took, longest: Math.max(had.longest, took) });
    }),
};

const folder = temporaryFolder('storm');
const file = join(folder, 'inventory.yaml');
const hosts = Array.from(
  { length: checks },
  (_, i) => `  - { id: h${i}, site: site, address: ${addressOf(i)}, checks: [{ type: tcp, port: 80 }] }`,
);
writeFileSync(
  file,
  `defaults: { interval: 10m, timeout: 5s, maxAttempts: 1 }\nsites: [{ id: site, name: San Diego }]\nhosts:\n${hosts.join('\n')}\n`,
);
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };
const opened = openStore({ folder, now: clock.now, retention: forever });
if (!opened.ok) throw new Error(opened.failure.text);
let up = true;
const probe = async (): Promise<unknown> => {
  await wait(answerMs);
  return up
    ? { address: '192.0.2.1', port: 80, connectMs: 3 }
    : { port: 80, failure: { code: 'refused', detail: 'connection refused on port 80' } };
};
const newUlid = monotonicFactory();
const engine = createEngine({
  version: 'bench',
  clock,
  newId: () => newUlid(clock.now()),
  store: opened.value.store,
  history: openHistory({
    file: join(folder, storeFileName),
    workerUrl: new URL('../../electron/store/history-worker.ts', import.meta.url),
  }),
  probes: { tcp: probe } as unknown as typeof allProbes,
  pinger: { name: 'fping', ping: async () => ({ ok: true, rttsMs: [1] }), close() {} },
  secret: () => undefined,
  inventoryFile: file,
  troubles: [],
});
await engine.start();
const { publisher } = engine;

const deltas: { at: number; delta: Delta }[] = [];
publisher.subscribe((delta) => void deltas.push({ at: clock.now(), delta }));
const ids = Object.keys(publisher.tables.checks);
const allAre = (level: string): boolean => ids.every((id) => publisher.tables.checks[id]?.state.hard === level);
const openAlerts = () => Object.values(publisher.tables.alerts).filter((it) => it.endedAt === null);
const until = async (what: string, holds: () => boolean): Promise<void> => {
  const end = clock.monotonic() + 60_000;
  while (!holds()) {
    if (clock.monotonic() > end) throw new Error(`not within a minute: ${what}`);
    await wait(20);
  }
};

/** Has all of them probed at once, and waits until what follows is out. */
async function wave(level: 'ok' | 'down'): Promise<Wave> {
  up = level === 'ok';
  spent.clear();
  deltas.length = 0;
  const before = process.cpuUsage();
  for (let from = 0; from < ids.length; from += 1_000) void engine.handlers.checkNow({ checks: ids.slice(from, from + 1_000) });
  const isDone = (): boolean => allAre(level) && (level === 'ok' ? openAlerts().length === 0 : openAlerts()[0]?.checks.length === checks);
  await until(`all ${level}`, isDone);
  const used = process.cpuUsage(before);
  await wait(1_500);
  const ats = ids.map((id) => publisher.tables.checks[id]?.state.at ?? 0);
  const lastAt = Math.max(...ats);
  const told = deltas.filter(({ delta }) => Object.keys(delta.put.alerts ?? {}).length > 0);
  const settle = spent.get('settleNow') ?? { ms: 0, longest: 0 };
  const tick = spent.get('tick') ?? { ms: 0, longest: 0 };
  const sizes = deltas.filter(({ at }) => at <= lastAt + 1_500).map(({ delta }) => JSON.stringify(delta).length);
  return {
    spreadMs: lastAt - Math.min(...ats),
    toDeltaMs: (told.at(-1)?.at ?? Number.NaN) - lastAt,
    alerts: new Set(told.flatMap(({ delta }) => Object.keys(delta.put.alerts ?? {}))).size,
    cpuMs: (used.user + used.system) / 1_000,
    settleMs: settle.ms,
    longestSettleMs: settle.longest,
    tickMs: tick.ms,
    longestTickMs: tick.longest,
    deltas: sizes.length,
    deltaBytes: sizes.reduce((sum, it) => sum + it, 0),
    largestDeltaBytes: Math.max(...sizes),
  };
}

await wave('ok');
const fail = await wave('down');
const recover = await wave('ok');
const again = await wave('down');
const restMs = 10_000;
const before = process.cpuUsage();
await wait(restMs);
const rest = process.cpuUsage(before);
const figures: EngineStorm = { checks, fail, recover, again, downCpuMs: (rest.user + rest.system) / restMs };
engine.stop();
removeTemporaryFolders();
process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
process.exit(0);

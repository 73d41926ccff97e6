/** The engine on real servers, a real store and the computer's own clock. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/engine/clock.ts';
import { createEngine, type Engine } from '../../electron/engine/engine.ts';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { choosePinger } from '../../electron/probes/choose-pinger.ts';
import { probes } from '../../electron/probes/index.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { openHistory } from '../../electron/store/history.ts';
import { openStoreToRead, storeOn } from '../../electron/store/store.ts';
import { standingOf } from '../../shared/health/step.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';
import { forever } from '../support/engine-rig.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';
import { freePort, type Nginx, removeFolder, scripted, startNginx, trickle, webFolder } from '../support/web-servers.ts';

const historyWorker = new URL('../../electron/store/history-worker.ts', import.meta.url);
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUps.splice(0).reverse()) await undo();
});
afterAll(removeTemporaryFolders);

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** Waits until it is true; says what it waited for when that does not come. */
async function until(what: string, isTrue: () => boolean, patienceMs = 15_000): Promise<void> {
  for (const end = performance.now() + patienceMs; !isTrue(); ) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
    await wait(20);
  }
}

/** An engine as the app opens it. */
async function open(inventory: string): Promise<{ engine: Engine; events: NightEvent[]; dataFolder: string; file: string }> {
  const folder = temporaryFolder('real');
  const dataFolder = join(folder, 'data');
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, inventory);
  const events: NightEvent[] = [];
  const opened = await openEngine({
    version: '1.2.3',
    dataFolder,
    inventoryFile: file,
    historyWorker,
    secret: () => undefined,
    secrets: () => [],
    onEvent: (event) => void events.push(event),
  });
  if (!opened.ok) throw new Error(opened.failure.text);
  const engine = opened.value;
  cleanUps.push(() => engine.stop());
  await engine.start();
  return { engine, events, dataFolder, file };
}
const standing = (engine: Engine, id: string) => standingOf(engine.publisher.tables.checks[id]?.state as never);
const of = (events: NightEvent[], kind: EventKind) => events.filter((event) => event.kind === kind);
const fast = 'defaults: { interval: 1s, retryInterval: 1s, timeout: 800ms, maxAttempts: 2 }';

describe('a real web server', () => {
  let folder: string;
  let port: number;
  let nginx: Nginx | undefined;
  const startIt = async () => {
    nginx = await startNginx(folder, `server { listen 127.0.0.1:${port}; location / { return 200 "welcome to the shop"; } }`, port);
  };
  beforeAll(async () => {
    folder = webFolder();
    port = await freePort();
    await startIt();
  });
  afterAll(async () => {
    await nginx?.stop();
    removeFolder(folder);
  });

  it('goes down, is taken on, comes back; all of it is on disk afterwards', async () => {
    const { engine, events, dataFolder } = await open(
      `${fast}\nhosts:\n  - id: shop\n    address: 127.0.0.1\n    checks:\n      - { type: http, url: "http://127.0.0.1:${port}/", contains: [welcome] }\n      - { type: tcp, port: ${port} }\n      - { type: icmp, packets: 1 }\n`,
    );
    await until('green', () => ['shop/http', 'shop/tcp', 'shop/icmp'].every((id) => standing(engine, id) === 'ok'));
    await nginx?.stop();
    await until('the alert', () => of(events, 'alert-raised').length === 1);
    await until('both checks in it', () => Object.values(engine.publisher.tables.alerts)[0]?.checks.length === 2);
    expect(standing(engine, 'shop/icmp')).toBe('ok');
    const [alert] = Object.values(engine.publisher.tables.alerts);
    expect(
      await engine.handlers.acknowledge({
        alerts: [alert?.id as string],
        by: 'Ada',
        comment: 'starting it again',
        sticky: false,
        until: null,
        takeOver: false,
      }),
    ).toEqual({
      ok: true,
      value: null,
    });
    expect(await engine.handlers.transcript({ check: 'shop/http' })).toMatchObject({
      ok: true,
      value: { newest: { verdict: { state: 'down', reason: 'refused' } } },
    });
    await startIt();
    await until('the recovery', () => of(events, 'alert-recovered').length === 1);
    expect(standing(engine, 'shop/http')).toBe('ok');
    const draft = await engine.handlers.draft({ alerts: [alert?.id as string], from: null, to: null, title: null, zone: 'UTC' });
    expect(draft).toMatchObject({ ok: true, value: { markdown: expect.stringContaining('starting it again') } });
    const history = await engine.handlers.history({ check: 'shop/http', from: Date.now() - 60_000, to: Date.now() });
    expect(history.ok && history.value.points.length).toBeGreaterThan(3);
    engine.stop();

    const kept = openStoreToRead(dataFolder);
    if (!kept.ok) throw new Error(kept.failure.text);
    expect(kept.value.recentEvents(1_000)).toEqual(events);
    expect(kept.value.loadAlerts(0)).toMatchObject([{ id: alert?.id, acknowledgement: { by: 'Ada' }, endedAt: expect.any(Number) }]);
    kept.value.close();
  });
});

describe('bad servers among good ones', () => {
  it('cost nobody else a turn', { timeout: 90_000 }, async () => {
    type Script = Parameters<typeof scripted>[0];
    /** A host with an address and a web server of its own. @returns its entry in the inventory */
    const host = async (id: string, address: string, script: Script | null, more = ''): Promise<string> => {
      let port = await freePort(address);
      if (script) {
        const server = await scripted(script, address);
        cleanUps.push(server.stop);
        port = server.port;
      }
      return `  - id: ${id}\n    address: ${address}\n    checks:\n      - { type: http, url: "http://${address}:${port}/" }\n${more}`;
    };
    const good: Script = (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'));
    const body: Script = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      trickle('z', 10)(socket);
    };
    const garbage: Script = (socket) => socket.once('data', () => socket.end('\x00\x01\x02 no http at all\r\n'));
    const hangsUp: Script = (socket) => socket.once('data', () => socket.resetAndDestroy());
    const block = Buffer.alloc(1 << 20, 'x');
    let sent = 0;
    const flood: Script = (socket) => {
      // A gigabyte, as fast as it is taken.
      let left = 1_024;
      const more = (): void => {
        while (left > 0 && !socket.destroyed) {
          left -= 1;
          sent += block.length;
          if (!socket.write(block)) return void socket.once('drain', more);
        }
        socket.end();
      };
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${1_024 * block.length}\r\n\r\n`);
        more();
      });
    };
    const bad = [() => {}, trickle('HTTP/1.1 200 OK\r\nX: y', 10), body, garbage, hangsUp, null];
    const hosts = [
      ...(await Promise.all(
        Array.from({ length: 10 }, (_, i) => host(`good${i}`, `127.0.0.${10 + i}`, good, '      - { type: icmp, packets: 1 }\n')),
      )),
      ...(await Promise.all(bad.flatMap((script, i) => [0, 1, 2].map((n) => host(`bad${i}-${n}`, `127.0.1.${10 * i + n + 1}`, script))))),
      await host('flood', '127.0.2.1', flood),
      // There is no such address: this computer says so without asking a name server.
      '  - id: nameless\n    address: "::1"\n    checks:\n      - { type: tcp, port: 25, family: 4 }\n',
    ];
    const { engine, events, dataFolder } = await open(`${fast}\nhosts:\n${hosts.join('')}`);
    const startedAt = Date.now();
    const before = process.memoryUsage.rss();
    await wait(15_000);
    const checks = engine.publisher.tables.checks;
    for (let i = 0; i < 10; i += 1)
      for (const type of ['http', 'icmp']) expect(`${type} ${standing(engine, `good${i}/${type}`)}`).toBe(`${type} ok`);
    for (const [i] of bad.entries())
      for (let n = 0; n < 3; n += 1) expect(`bad${i} ${standing(engine, `bad${i}-${n}/http`)}`).toBe(`bad${i} down`);
    expect(checks['nameless/tcp']?.state.verdict).toMatchObject({ state: 'down', reason: 'name-not-found' });
    expect(checks['flood/http']?.state.verdict).not.toBeNull();
    // Each probe of it takes what it needs (1 MiB and what is on its way), not the gigabyte.
    expect(sent / 15).toBeLessThan(40 * block.length);
    expect(of(events, 'probe-bug')).toEqual([]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000);
    engine.stop();

    const kept = openStoreToRead(dataFolder);
    if (!kept.ok) throw new Error(kept.failure.text);
    for (let i = 0; i < 10; i += 1) {
      const times = kept.value.samples(`good${i}/http`, startedAt, Date.now(), 1_000).map((sample) => sample.at);
      expect(times.length).toBeGreaterThanOrEqual(12);
      const longest = Math.max(...times.slice(1).map((at, n) => at - (times[n] as number)));
      // Due every second: twice that would be a turn that was lost.
      expect(longest).toBeLessThan(1_800);
    }
    expect(kept.value.samples('good0/http', startedAt, Date.now(), 1_000).every((sample) => sample.state === 'ok')).toBe(true);
    kept.value.close();
  });
});

describe('a disk that is full', () => {
  it('is said aloud, watching goes on, and all events are there when there is room again', { timeout: 60_000 }, async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as { port: number };
    const folder = temporaryFolder('full');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, `${fast}\nhosts:\n  - id: a\n    address: 127.0.0.1\n    checks:\n      - { type: tcp, port: ${port} }\n`);
    const opened = openDatabase({ folder, now: Date.now() });
    if (!opened.ok) throw new Error(opened.failure.text);
    const store = storeOn(opened.value, Date.now, forever);
    const events: NightEvent[] = [];
    let ids = 0;
    const { pinger } = await choosePinger();
    const engine = createEngine({
      version: '1.2.3',
      clock: systemClock,
      newId: () => `${Date.now().toString(36).padStart(10, '0')}${String(ids++).padStart(16, '0')}`,
      store,
      history: openHistory({ file: opened.value.file, workerUrl: historyWorker }),
      probes,
      pinger,
      secret: () => undefined,
      inventoryFile: file,
      troubles: [],
      onEvent: (event) => void events.push(event),
    });
    cleanUps.push(() => engine.stop());
    await engine.start();
    await until('green', () => standing(engine, 'a/tcp') === 'ok');

    // SQLite's own way to say that there is no more room.
    const pages = Number(opened.value.db.prepare('PRAGMA page_count').get()?.page_count);
    opened.value.db.exec(`PRAGMA max_page_count = ${pages}`);
    const text = 'x'.repeat(4_000);
    const replies = [];
    for (let i = 0; i < 20; i += 1) replies.push(await engine.handlers.note({ subject: null, by: 'Ada', text: `${i} ${text}` }));
    const refused = replies.filter((reply) => !reply.ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ failure: { code: 'not-saved', text: expect.stringContaining('disk is full') } });
    const saved = replies.length - refused.length;
    expect(of(events, 'note')).toHaveLength(saved);
    expect(engine.publisher.tables.desk.desk?.troubles).toMatchObject([{ code: 'store-full' }]);
    expect(of(events, 'store-write-failed').length).toBeGreaterThan(0);
    server.close();
    await until('the alert', () => of(events, 'alert-raised').length === 1);
    expect(standing(engine, 'a/tcp')).toBe('down');

    opened.value.db.exec('PRAGMA max_page_count = 4294967294');
    await until(
      'the recovery',
      () => of(events, 'store-write-recovered').length > 0 && engine.publisher.tables.desk.desk?.troubles.length === 0,
    );
    await wait(1_200);
    expect(store.recentEvents(1_000).map((event) => event.id)).toEqual(events.map((event) => event.id));
    expect(await engine.handlers.note({ subject: null, by: 'Ada', text })).toEqual({ ok: true, value: null });
  });
});

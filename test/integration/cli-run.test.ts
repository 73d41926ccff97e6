/** `nightdesk run`: a real process that is interrupted, killed, doubled, and given stores it cannot use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../electron/setup/build.ts';
import { openStoreToRead, storeFileName } from '../../electron/store/store.ts';
import { eventSchema, type NightEvent } from '../../shared/model/event.ts';
import { command, endCommands, startCommand } from '../support/cli.ts';
import { freePort, startTcp } from '../support/servers.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const cleanUps: (() => unknown)[] = [];
beforeAll(ensureBuilt, 180_000);
afterEach(async () => {
  for (const undo of cleanUps.splice(0).reverse()) await undo();
});
afterAll(() => {
  endCommands();
  removeTemporaryFolders();
});

const setUp = (port: number, more = '') => {
  const folder = temporaryFolder('run');
  const file = join(folder, 'inventory.yaml');
  writeFileSync(
    file,
    `defaults: { interval: 1s, retryInterval: 1s, timeout: 500ms, maxAttempts: 2 }\nhosts:\n  - id: a\n    address: 127.0.0.1\n    checks:\n      - { type: tcp, port: ${port} }\n${more}`,
  );
  return { folder, file, data: join(folder, 'data') };
};
const stored = (data: string): { events: NightEvent[]; samples: number } => {
  const opened = openStoreToRead(data);
  if (!opened.ok) throw new Error(opened.failure.text);
  const events = opened.value.recentEvents(10_000);
  const samples = opened.value.samples('a/tcp', 0, Number.MAX_SAFE_INTEGER, 100_000).length;
  opened.value.close();
  return { events, samples };
};

describe('run', () => {
  it.each([
    ['SIGINT', 1],
    ['SIGTERM', 1],
    ['SIGTERM', 2],
    ['SIGINT', 2],
  ] as const)('ends well at %s (%i times), everything written', async (signal, times) => {
    const { file, data } = setUp(await freePort());
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('alert-raised');
    const startedAt = performance.now();
    for (let i = 0; i < times; i += 1) engine.child.kill(signal);
    const said = await engine.ended;
    expect([said.code, said.signal, said.stderr]).toEqual([0, null, '']);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const events = engine.events();
    for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
    expect(events[0]?.kind).toBe('inventory-loaded');
    expect(events.at(-1)?.kind).toBe('engine-stopped');
    expect(stored(data).events).toEqual(events);
    // What people wrote and where they are: the folder is for its owner.
    expect(statSync(data).mode & 0o077).toBe(0);
  });

  it('ends at once though targets stall and many probes wait for their turn', async () => {
    const silent = await startTcp(() => {});
    cleanUps.push(silent.stop);
    const waiting = Array.from(
      { length: 60 },
      (_, i) => `      - { type: tcp, name: w${i}, port: ${silent.port}, expect: hello, interval: 30s, timeout: 20s }\n`,
    ).join('');
    const { file, data } = setUp(await freePort(), waiting);
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('engine-started');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(silent.connections()).toBeGreaterThan(3);
    const startedAt = performance.now();
    engine.child.kill('SIGTERM');
    expect((await engine.ended).code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('ends when nobody reads its lines any more', async () => {
    const { file, data } = setUp(await freePort());
    const shell = startCommand(['-c', '"$0" out/main/cli.js run "$1" --data "$2" | head -1', process.execPath, file, data], {
      program: ['/bin/sh'],
    });
    const said = await shell.ended;
    expect([said.code, said.stderr]).toEqual([0, '']);
    expect(
      said.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).toEqual(['inventory-loaded']);
    expect(stored(data).events.at(-1)?.kind).toBe('engine-stopped');
  });

  it('puts a changed inventory in force, and a broken one not', async () => {
    const server = await startTcp((socket) => socket.end());
    cleanUps.push(server.stop);
    const { file, data } = setUp(server.port);
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('engine-started');
    writeFileSync(file, 'hosts:\n  - id: a\n    checks: [{ type: nope }]\n');
    expect(await engine.event('inventory-rejected')).toMatchObject({ payload: { problems: [{ line: 3 }] } });
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(
        'checks: [{ type: nope }]',
        `address: 127.0.0.1\n    checks: [{ type: tcp, port: ${server.port} }, { type: tcp, name: two, port: ${server.port} }]`,
      ),
    );
    expect(await engine.event('inventory-loaded', 2)).toMatchObject({ payload: { checks: 2 } });
    engine.child.kill('SIGTERM');
    expect((await engine.ended).code).toBe(0);
  });
});

describe('kill -9 in the middle', () => {
  it('loses nothing that was told a second before, and raises no alert twice', { timeout: 60_000 }, async () => {
    const { file, data } = setUp(await freePort());
    const first = startCommand(['run', file, '--data', data]);
    const raised = await first.event('alert-raised');
    // Its own observations are written once a second.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const told = first.events();
    first.child.kill('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    expect(stored(data).events.slice(0, told.length)).toEqual(told);

    const second = startCommand(['run', file, '--data', data]);
    await second.event('engine-started');
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(second.events().filter((event) => ['alert-raised', 'hard', 'soft', 'stale', 'fresh'].includes(event.kind))).toEqual([]);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
    const opened = openStoreToRead(data);
    if (!opened.ok) throw new Error(opened.failure.text);
    const open = opened.value.loadAlerts(Number.MAX_SAFE_INTEGER);
    expect(open).toMatchObject([{ id: (raised.payload as { alert: string }).alert, endedAt: null }]);
    opened.value.close();
  });
});

describe('a data folder that cannot be used', () => {
  it('is held by another engine: named, and the other goes on', async () => {
    const { file, data } = setUp(await freePort());
    const first = startCommand(['run', file, '--data', data]);
    await first.event('engine-started');
    const second = await command(['run', file, '--data', data]);
    expect([second.code, second.stdout]).toEqual([2, '']);
    expect(second.stderr).toMatch(/^Another Nightdesk is already using this data folder\..*\n$/);
    await first.event('alert-raised');
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  });

  it('was written by a newer version: named, and not a byte of it is touched', async () => {
    const { file, data } = setUp(await freePort());
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('engine-started');
    engine.child.kill('SIGTERM');
    await engine.ended;
    const db = new DatabaseSync(join(data, storeFileName));
    db.exec('PRAGMA user_version = 999');
    db.close();
    const picture = () =>
      readdirSync(data)
        .filter((name) => name.startsWith(storeFileName))
        .map((name) => [name, readFileSync(join(data, name)).toString('base64')]);
    const before = picture();
    const said = await command(['run', file, '--data', data]);
    expect([said.code, said.stdout]).toEqual([2, '']);
    expect(said.stderr).toContain('written by a newer Nightdesk');
    expect(said.stderr).toContain('999');
    expect(picture()).toEqual(before);
    const draft = await command(['draft', '--data', data, '--from', '2026-01-01', '--to', '2026-01-02', '--out', join(data, 'out')]);
    expect([draft.code, draft.stderr]).toEqual([2, expect.stringContaining('newer Nightdesk')]);
    expect(picture()).toEqual(before);
  });

  it('holds a damaged store: it is set aside and said aloud, and watching begins', async () => {
    const { file, data } = setUp(await freePort());
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('engine-started');
    engine.child.kill('SIGTERM');
    await engine.ended;
    writeFileSync(join(data, storeFileName), Buffer.alloc(20_000, 'not a database '));
    const next = startCommand(['run', file, '--data', data]);
    const aside = await next.event('store-set-aside');
    expect(aside).toMatchObject({ payload: { file: expect.stringContaining('damaged'), why: expect.any(String) } });
    expect(readFileSync((aside.payload as { file: string }).file, 'latin1')).toMatch(/^not a database/);
    await next.event('alert-raised');
    next.child.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
    expect(stored(data).events.map((event) => event.kind)).toContain('store-set-aside');
  });

  it('is no folder, or cannot be written', async () => {
    const { folder, file } = setUp(await freePort());
    const inTheWay = join(folder, 'a-file');
    writeFileSync(inTheWay, '');
    for (const data of [inTheWay, join(inTheWay, 'below'), '/sys/nightdesk']) {
      const said = await command(['run', file, '--data', data]);
      expect([said.code, said.stdout]).toEqual([2, '']);
      expect(said.stderr).toMatch(/^.+\n$/);
      expect(said.stderr).not.toMatch(/^\s+at /m);
    }
  });
});

describe('through npm', () => {
  it('ends well when npm is told to end', { timeout: 60_000 }, async () => {
    const { file, data } = setUp(await freePort());
    const engine = startCommand(['run', '-s', 'nightdesk', '--', 'run', file, '--data', data], { program: ['npm'] });
    await engine.event('alert-raised');
    engine.child.kill('SIGTERM');
    await engine.ended;
    // npm has ended; so has the engine, well and soon: the folder is free and its last line is written.
    const free = async (): Promise<boolean> => {
      const again = spawn(process.execPath, ['out/main/cli.js', 'check', file, '--once'], { stdio: 'ignore' });
      await once(again, 'exit');
      return stored(data).events.at(-1)?.kind === 'engine-stopped';
    };
    for (let tries = 0; !(await free()); tries += 1) expect(tries).toBeLessThan(10);
  });
});

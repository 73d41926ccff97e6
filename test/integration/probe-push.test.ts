/** Heartbeats over real HTTP: the listener alone, and in the engine. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/engine/clock.ts';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { createPushListener } from '../../electron/engine/push-listener.ts';
import { standingOf } from '../../shared/health/step.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { freePort, startTcp } from '../support/servers.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUps.splice(0).reverse()) await undo();
});
afterAll(removeTemporaryFolders);
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function until(what: string, isTrue: () => boolean | Promise<boolean>, patienceMs = 8_000): Promise<void> {
  for (const end = performance.now() + patienceMs; !(await isTrue()); ) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
    await wait(20);
  }
}

const token = 'nightly-backup-0123456789abcdef';
const secrets: Record<string, string> = { backup: token, twin: token, other: 'another-token-0123456789', short: 'tiny' };

async function listener(documents = new Map<string, string>(), clock = systemClock, names = ['backup', 'other', 'short']) {
  const port = await freePort();
  const calls: string[] = [];
  const troubles: (string | null)[] = [];
  const made = createPushListener({
    clock,
    secret: (name) => secrets[name],
    document: { get: (key) => documents.get(key) ?? null, put: (key, text) => void documents.set(key, text) },
    onCall: (name) => void calls.push(name),
    onTrouble: (text) => void troubles.push(text),
  });
  cleanUps.push(() => made.stop());
  made.configure(`127.0.0.1:${port}`, names);
  await until('the listener', () => made.pushed('backup') !== null);
  return { made, port, calls, troubles, documents, url: `http://127.0.0.1:${port}` };
}

describe('the listener', () => {
  it.each([
    ['GET', '', undefined, 'ok', ''],
    ['POST', '', 'dumped 12 GB', 'ok', 'dumped 12 GB'],
    ['POST', '?status=warning&message=disk%20nearly%20full', 'body', 'warning', 'disk nearly full'],
    ['GET', '?status=critical&message=tape%20%1b%5b31mjam', undefined, 'critical', 'tape jam'],
    ['HEAD', '?status=ok', undefined, 'ok', ''],
  ])('takes %s %s', async (method, query, body, status, text) => {
    const { made, url, calls } = await listener();
    expect(made.pushed('backup')?.last).toBeNull();
    const reply = await fetch(`${url}/push/${token}${query}`, { method, ...(body !== undefined && { body }) });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toBe(method === 'HEAD' ? '' : 'ok\n');
    expect(made.pushed('backup')?.last).toMatchObject({ status, text });
    expect(Date.now() - (made.pushed('backup')?.last?.at ?? 0)).toBeLessThan(1_000);
    expect(made.pushed('other')?.last).toBeNull();
    expect(calls).toEqual(['backup']);
  });

  it('is called by curl, as a cron job does', async () => {
    const { made, url } = await listener();
    const { stdout } = await promisify(execFile)('curl', ['-fsS', '-m', '5', '--retry', '2', '--data-raw', 'done', `${url}/push/${token}`]);
    expect(stdout).toBe('ok\n');
    expect(made.pushed('backup')?.last).toMatchObject({ status: 'ok', text: 'done' });
  });

  it.each([
    ['a wrong token', '/push/nightly-backup-0123456789abcdee'],
    ['the beginning of one', '/push/nightly-backup-0123456789abcde'],
    ['no token', '/push/'],
    ['another path', `/pull/${token}`],
    ['more path', `/push/${token}/x`],
    ['the root', '/'],
    ['a token that is too short to be one', '/push/tiny'],
    ['the name of the secret', '/push/backup'],
    ['a very long one', `/push/${'x'.repeat(3_000)}`],
    ['a path of dots', '/push/../../etc/passwd'],
  ])('%s is not found, and changes nothing', async (_, path) => {
    const { made, url, calls } = await listener();
    for (const method of ['GET', 'POST', 'DELETE']) {
      const reply = await fetch(url + path, { method });
      expect([reply.status, await reply.text()]).toEqual([404, 'not found\n']);
    }
    expect(calls).toEqual([]);
    expect(made.pushed('backup')?.last).toBeNull();
  });

  it('refuses other methods, other statuses and long bodies', async () => {
    const { made, url } = await listener();
    expect((await fetch(`${url}/push/${token}`, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(`${url}/push/${token}?status=fine`)).status).toBe(400);
    expect((await fetch(`${url}/push/${token}`, { method: 'POST', body: 'x'.repeat(16_385) })).status).toBe(413);
    expect(made.pushed('backup')?.last).toBeNull();
    expect((await fetch(`${url}/push/${token}`, { method: 'POST', body: 'x'.repeat(16_384) })).status).toBe(200);
    expect(made.pushed('backup')?.last?.text.length).toBe(300);
  });

  it('serves two checks with one token, and says nothing of the check', async () => {
    const { made, url } = await listener(undefined, systemClock, ['backup', 'twin']);
    const reply = await fetch(`${url}/push/${token}`);
    expect([...reply.headers.keys()].sort()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'x-content-type-options',
    ]);
    expect(made.pushed('twin')?.last).not.toBeNull();
  });

  it('remembers over a restart: neither late nor green for that reason', async () => {
    const first = await listener();
    await fetch(`${first.url}/push/${token}?message=before`);
    const at = first.made.pushed('backup')?.last?.at;
    first.made.stop();
    expect(first.made.pushed('backup')).toBeNull();
    await wait(30);
    const second = await listener(first.documents);
    expect(second.made.pushed('backup')?.last).toEqual({ at, status: 'ok', text: 'before' });
    // Calls in between were heard by nobody.
    expect(second.made.pushed('backup')?.since).toBeGreaterThan(at as number);
    expect(JSON.stringify([...first.documents])).not.toContain(token);
  });

  it('is not fooled by broken documents', async () => {
    const { made } = await listener(
      new Map([
        ['push:backup', '{"since":"x"'],
        ['push:other', '{"since":5,"last":{"at":1,"status":"great","text":""}}'],
      ]),
    );
    expect(made.pushed('backup')?.last).toBeNull();
    expect(made.pushed('other')?.last).toBeNull();
  });

  it('begins to wait anew after a sleep, and for a check that comes back', async () => {
    const clock = createFakeClock();
    const { made } = await listener(undefined, clock);
    const since = made.pushed('backup')?.since as number;
    await clock.advance(3_600_000);
    expect(made.pushed('backup')?.since).toBe(since);
    made.missedTime();
    expect(made.pushed('backup')?.since).toBe(clock.now());
    await clock.advance(60_000);
    const { port } = await listener(undefined, clock);
    expect(port).toBeGreaterThan(0);
  });

  it('tells of many calls at most once a second, and the last one always', async () => {
    const clock = createFakeClock();
    const { made, url, calls } = await listener(undefined, clock);
    for (let i = 0; i < 30; i += 1) await fetch(`${url}/push/${token}?message=${i}`);
    expect(calls).toEqual(['backup']);
    await clock.advance(1_000);
    expect(calls).toEqual(['backup', 'backup']);
    expect(made.pushed('backup')?.last?.text).toBe('29');
    await clock.advance(10_000);
    expect(calls.length).toBe(2);
  });

  it('says when its port is taken, and opens it when it is free', async () => {
    const squatter = await startTcp(() => {});
    const clock = createFakeClock();
    const troubles: (string | null)[] = [];
    const made = createPushListener({
      clock,
      secret: (name) => secrets[name],
      document: { get: () => null, put: () => {} },
      onCall: () => {},
      onTrouble: (text) => void troubles.push(text),
    });
    cleanUps.push(() => made.stop());
    made.configure(`127.0.0.1:${squatter.port}`, ['backup']);
    await until('the trouble', () => troubles.at(-1) !== null && troubles.length > 1);
    expect(troubles.at(-1)).toContain(`another program has 127.0.0.1:${squatter.port}`);
    expect(made.pushed('backup')).toBeNull();
    await squatter.stop();
    await clock.advance(10_000);
    await until('the port', () => made.pushed('backup') !== null);
    expect(troubles.at(-1)).toBeNull();
  });

  it('ends slow callers after 5 s and takes at most 64 at once', { timeout: 20_000 }, async () => {
    const { url, port, made } = await listener();
    let ended = 0;
    // One after the other: more than fit into the queue of those to be accepted would come seconds later.
    for (let n = 0; n < 80; n += 1) {
      const socket = connect(port, '127.0.0.1');
      cleanUps.push(() => void socket.destroy());
      socket
        .on('error', () => {})
        .on('close', () => {
          ended += 1;
        });
      await once(socket, 'connect');
      socket.write(`POST /push/${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc`);
    }
    await until('those beyond 64 to be dropped', () => ended >= 16, 3_000);
    expect(ended).toBe(16);
    const begin = performance.now();
    await until('the others to be ended', () => ended === 80, 9_000);
    expect(performance.now() - begin).toBeLessThan(8_000);
    expect(made.pushed('backup')?.last).toBeNull();
    expect((await fetch(`${url}/push/${token}`)).status).toBe(200);
  });

  it('survives what is no HTTP', async () => {
    const { url, port } = await listener();
    for (const text of [
      '\x16\x03\x01\x02\x00\x01',
      'GET\r\n\r\n',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '\0'.repeat(1_000),
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      socket.end(text);
      await until('its end', () => socket.closed);
    }
    expect((await fetch(`${url}/push/${token}`)).status).toBe(200);
  });
});

describe('in the engine', () => {
  async function open(inventory: string, folder = temporaryFolder('push')) {
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, inventory);
    const opened = await openEngine({
      version: '1.2.3',
      dataFolder: join(folder, 'data'),
      inventoryFile: file,
      historyWorker: new URL('../../electron/store/history-worker.ts', import.meta.url),
      secret: (name) => secrets[name],
      secrets: () => Object.values(secrets),
    });
    if (!opened.ok) throw new Error(opened.failure.text);
    const engine = opened.value;
    cleanUps.push(() => engine.stop());
    await engine.start();
    const state = (id: string) => engine.publisher.tables.checks[id]?.state;
    return { engine, folder, state, standing: (id: string) => standingOf(state(id) as never) };
  }
  const inventory = (port: number, more = ''): string => `
desk: { push: { listen: "127.0.0.1:${port}" } }
defaults: { interval: 1h, retryInterval: 1h, maxAttempts: 1 }
hosts:
  - id: db1
    checks:
      - { type: push, token: backup, every: 1d, grace: 1h${more} }
      - { type: push, name: unset, token: nowhere, every: 1d }
`;

  it('a call makes the check run at once, and a restart keeps it', { timeout: 30_000 }, async () => {
    const port = await freePort();
    const first = await open(inventory(port));
    await until('the first look', () => first.state('db1/push')?.verdict?.reason === 'never-called', 10_000);
    await until('the other', () => first.state('db1/unset')?.verdict?.reason === 'no-secret', 10_000);
    const call = (query: string) => fetch(`http://127.0.0.1:${port}/push/${token}${query}`);
    await call('?message=all%20well');
    // The check itself comes round once an hour only.
    await until('the call on the screen', () => first.standing('db1/push') === 'ok', 3_000);
    expect(first.state('db1/push')?.verdict?.text).toContain('all well');
    await call('?status=critical&message=tape%20jam');
    await until('the problem', () => first.state('db1/push')?.verdict?.text === 'the job says critical: tape jam', 3_000);
    const transcript = await first.engine.handlers.transcript({ check: 'db1/push' });
    expect(JSON.stringify(transcript)).not.toContain(token);
    await call('');
    await until('the end of it', () => first.standing('db1/push') === 'ok', 3_000);
    first.engine.stop();

    const second = await open(inventory(port), first.folder);
    await until('a look after the restart', () => second.standing('db1/push') === 'ok', 10_000);
    expect(second.state('db1/push')?.verdict?.text).toMatch(/^called .+ ago$/);
  });

  it('a backup that waits for a call takes it too', { timeout: 30_000 }, async () => {
    const port = await freePort();
    const { state, standing } = await open(
      inventory(port).replace('checks:', 'address: 127.0.0.1\n    checks:\n      - { type: backup, source: push, token: other }'),
    );
    await until('the first look', () => state('db1/backup')?.verdict?.reason === 'never-called', 10_000);
    expect((await fetch(`http://127.0.0.1:${port}/push/${secrets.other}?message=12%20GB`)).status).toBe(200);
    await until('the call on the screen', () => standing('db1/backup') === 'ok', 3_000);
  });

  it('an inventory with such a check and no listener is refused', async () => {
    const { engine } = await open(inventory(1).replace(/^desk:.*$/m, ''));
    expect(engine.publisher.get('desk', 'desk')?.inventory.problems).toHaveLength(2);
    expect(engine.publisher.get('desk', 'desk')?.inventory.problems[0]).toMatchObject({
      line: 7,
      expected: expect.stringContaining('desk.push'),
    });
  });
});

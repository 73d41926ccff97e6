import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeRedis } from '../../electron/probes/redis.ts';
import { type RedisConfig, redis } from '../../shared/checks/redis.ts';
import { type Database, selfSigned, startRedis } from '../support/databases.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startTcp, tempFolder } from '../support/servers.ts';

let db: Database;
const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
const scripted = async (script: (socket: Socket) => void) => keep(await startTcp(script));
beforeAll(async () => {
  db = await startRedis([
    '--requirepass',
    'right-word',
    '--user',
    'noc',
    'on',
    '>right-word',
    '~*',
    '+@all',
    '--user',
    'peep',
    'on',
    '>right-word',
    '~*',
    '+get',
    '+ping',
  ]);
  await say(
    db.port,
    ['AUTH', 'right-word'],
    ['SET', 'answer', '42'],
    ['SET', 'hostile', '<b>\r\n\x1b[31mred'],
    ['SET', 'huge', 'a'.repeat(2_000_000)],
  );
});
afterAll(() => db?.stop());
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

/** Speaks to a server by itself, not by what is tested. */
async function say(port: number, ...commands: string[][]): Promise<void> {
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  for (const words of commands) {
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    await answered;
  }
  socket.destroy();
}

async function check(settings: Record<string, unknown>, options: { timeoutMs?: number; secrets?: Record<string, string> } = {}) {
  const config = redis.config.parse({ address: '127.0.0.1', port: db.port, ...settings }) as RedisConfig;
  const context = probeContext({ timeoutMs: options.timeoutMs ?? 3_000, secrets: options.secrets ?? { db: 'right-word' } });
  const begin = performance.now();
  const facts = await probeRedis(config, context);
  const tookMs = performance.now() - begin;
  expect(() => redis.observation.parse(facts)).not.toThrow();
  expect(context.lines.join('\n')).not.toMatch(/right-word|wrong-word/);
  const verdict = redis.judge(facts, config);
  return { facts, verdict, tookMs, lines: redis.facts(facts) };
}
const login = { passwordSecret: 'db' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a real Redis server', () => {
  it('answers, and wants a log-in', async () => {
    const { verdict, facts } = await check({});
    expect(verdict.state).toBe('ok');
    expect(facts.login).toBe('none');
    expect((await check({ role: 'replica' })).verdict).toMatchObject({ state: 'unknown', reason: 'not-logged-in' });
  });
  it('needs no log-in', async () => {
    const { port } = keep(await startRedis());
    const { verdict, facts } = await check({ port });
    expect(verdict).toMatchObject({ state: 'ok' });
    expect(facts).toMatchObject({ stage: 'done', product: 'Redis', role: 'primary', replicas: 0, loading: false, saved: true });
  });
  it.each([
    ['by password', login],
    ['as a user', { ...login, user: 'noc' }],
  ])('lets people in %s', async (_, settings) => {
    const { verdict, facts } = await check(settings);
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ stage: 'done', login: 'accepted' });
    expect(facts.memoryBytes).toBeGreaterThan(100_000);
  });
  it.each([
    ['the right value', { key: 'answer', expect: { equals: '42' } }, 'ok', 'ok'],
    ['a number within', { key: 'answer', expect: { min: 42, max: 42 } }, 'ok', 'ok'],
    ['a wrong value', { key: 'answer', expect: { equals: '43' } }, 'down', 'wrong-answer'],
    ['an absent key', { key: 'nothing' }, 'down', 'no-row'],
    ['a value beyond what is read', { key: 'huge' }, 'down', 'too-large'],
  ])('%s', async (_, settings, state, reason) => {
    expect((await check({ ...login, ...settings })).verdict).toMatchObject({ state, reason });
  });
  it('a value is cleaned, and told whole', async () => {
    const { facts } = await check({ ...login, key: 'hostile', expect: { contains: '\r\n' } });
    expect(facts).toMatchObject({ cell: '<b> red', matched: true });
  });
  it('an account that may read its key only', async () => {
    const { verdict, facts } = await check({ ...login, user: 'peep', key: 'answer', expect: { equals: '42' } });
    expect(verdict.state).toBe('ok');
    expect(facts.notKnown).toEqual(['state: the account may not use INFO']);
    expect((await check({ ...login, user: 'peep', role: 'primary' })).verdict).toMatchObject({ state: 'unknown', reason: 'role-unknown' });
  });
  it('over TLS, with a good certificate and with a wrong one', async () => {
    const folder = tempFolder();
    const pair = selfSigned(folder.path, 'db.example.net');
    const port = await freePort();
    const server = keep(
      await startRedis([
        '--tls-port',
        String(port),
        '--tls-cert-file',
        pair.cert,
        '--tls-key-file',
        pair.key,
        '--tls-ca-cert-file',
        pair.cert,
        '--tls-auth-clients',
        'no',
      ]),
    );
    expect(server.port).not.toBe(port);
    const good = await check({ port, tls: 'verify', serverName: 'db.example.net', caFile: pair.cert });
    expect(good.verdict.state).toBe('ok');
    expect(good.facts.protocol).toMatch(/^TLSv1\.[23]$/);
    expect((await check({ port, tls: 'verify' })).verdict).toMatchObject({ state: 'down', reason: 'certificate' });
    expect((await check({ port, tls: 'encrypt' })).verdict.state).toBe('ok');
    folder.remove();
  });
  it('memory runs out', async () => {
    const { port } = keep(await startRedis(['--maxmemory', '2mb', '--maxmemory-policy', 'noeviction']));
    await say(port, ['SET', 'a', 'x'.repeat(300_000)]);
    expect((await check({ port, memoryDegraded: 50 })).verdict).toMatchObject({ state: 'degraded', reason: 'memory' });
  });
  it('a replica: in step, then cut off from its primary; the primary misses it', async () => {
    const primary = await startRedis();
    started.push(primary);
    const copy = keep(await startRedis(['--replicaof', '127.0.0.1', String(primary.port)]));
    const settings = { port: copy.port, role: 'replica' };
    let seen = await check(settings);
    for (let tries = 0; tries < 50 && seen.verdict.state !== 'ok'; tries += 1) {
      await pause(200);
      seen = await check(settings);
    }
    expect(seen.verdict.state).toBe('ok');
    expect(seen.facts).toMatchObject({
      role: 'replica',
      readOnly: true,
      upstreams: [{ fetching: true, name: `127.0.0.1:${primary.port}` }],
    });
    expect((await check({ port: primary.port, replicas: 1 })).verdict.state).toBe('ok');
    expect((await check({ port: primary.port, replicas: 2 })).verdict).toMatchObject({ state: 'degraded', reason: 'replicas-missing' });
    expect((await check({ port: copy.port, role: 'primary' })).verdict).toMatchObject({ state: 'down', reason: 'wrong-role' });
    started.splice(started.indexOf(primary), 1);
    await primary.stop();
    await pause(300);
    expect((await check(settings)).verdict).toMatchObject({ state: 'down', reason: 'replication-stopped' });
  });
  it('a wrong password is tried three times, then no more; a changed secret is tried at once', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const { verdict, facts } = await check(login, { secrets: { db: 'wrong-word' } });
      expect(verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
      expect(facts).toMatchObject({ login: 'refused', refusals: round, serverError: { code: 'WRONGPASS' } });
    }
    const held = await check(login, { secrets: { db: 'wrong-word' } });
    expect(held.facts).toMatchObject({ login: 'held-back', refusals: 3 });
    expect(held.lines.find((line) => line.label === 'Log-ins refused')?.value).toContain('3 in a row');
    expect((await check(login)).verdict.state).toBe('ok');
  });
  it('stopped in its tracks (SIGSTOP): accepts, but never answers', async () => {
    process.kill(db.pid, 'SIGSTOP');
    try {
      expect((await check(login, { timeoutMs: 300 })).verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
    } finally {
      process.kill(db.pid, 'SIGCONT');
    }
    expect((await check(login)).verdict.state).toBe('ok');
  });
});

describe('servers that go wrong', () => {
  it('nobody listens', async () => {
    expect((await check({ port: await freePort() })).verdict).toMatchObject({ state: 'down', reason: 'refused' });
  });
  it.each([
    ['still loads its data', '-LOADING Redis is loading the dataset in memory\r\n', 'down', 'loading'],
    ['lets nobody in from here', '-DENIED Redis is running in protected mode\r\n', 'unknown', 'host-not-allowed'],
    ['another error', '-WHAT \x1b[31m<b>\r\n', 'down', 'server-error'],
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'down', 'protocol'],
    ['a list', '*1\r\n$1\r\na\r\n', 'down', 'protocol'],
    ['a line without end', `+${'x'.repeat(9_000)}`, 'down', 'protocol'],
    ['a value of a gigabyte', '$1000000000\r\nx', 'down', 'too-large'],
    ['a value of negative length', '$-7\r\n', 'down', 'protocol'],
  ])('%s', async (_, words, state, reason) => {
    const { port } = await scripted((socket) => socket.write(words));
    expect((await check({ port }, { timeoutMs: 800 })).verdict).toMatchObject({ state, reason });
  });
  it('hangs after the first answer', async () => {
    const { port } = await scripted((socket) => socket.write('-NOAUTH Authentication required.\r\n'));
    expect((await check({ ...login, port }, { timeoutMs: 300 })).verdict).toMatchObject({ state: 'down', reason: 'login-stalled' });
  });
  it('closes', async () => {
    const { port } = await scripted((socket) => socket.end());
    expect(['closed', 'reset']).toContain((await check({ port })).verdict.reason);
  });
});

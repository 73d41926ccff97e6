import type { Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probePostgres } from '../../electron/probes/postgres.ts';
import { type PostgresConfig, postgres } from '../../shared/checks/postgres.ts';
import { type Database, startPostgres, startPostgresReplica } from '../support/databases.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startTcp } from '../support/servers.ts';

let db: Database;
let replica: Database;
const started: Started[] = [];
const scripted = async (script: (socket: Socket) => void) => {
  const server = await startTcp(script);
  started.push(server);
  return server;
};
const run = async (port: number, ...lines: string[]): Promise<void> => {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: 'starter-word', database: 'postgres' });
  await client.connect();
  for (const line of lines) await client.query(line);
  await client.end();
};
beforeAll(async () => {
  db = await startPostgres({ tls: true });
  await run(
    db.port,
    "CREATE ROLE noc LOGIN PASSWORD 'right-word'",
    'GRANT pg_monitor TO noc',
    'CREATE TABLE orders (id int, note text)',
    "INSERT INTO orders VALUES (7, 'fine'), (8, '<b>' || chr(10) || chr(27) || '[31mred')",
    'GRANT ALL ON orders TO noc',
  );
  replica = await startPostgresReplica(db);
});
afterAll(async () => {
  await replica?.stop();
  await db?.stop();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function check(settings: Record<string, unknown>, options: { timeoutMs?: number; secrets?: Record<string, string> } = {}) {
  const config = postgres.config.parse({ address: '127.0.0.1', port: db.port, ...settings }) as PostgresConfig;
  const context = probeContext({ timeoutMs: options.timeoutMs ?? 4_000, secrets: options.secrets ?? { db: 'right-word' } });
  const begin = performance.now();
  const facts = await probePostgres(config, context);
  const tookMs = performance.now() - begin;
  expect(() => postgres.observation.parse(facts)).not.toThrow();
  expect(context.lines.join('\n')).not.toMatch(/right-word|wrong-word/);
  const verdict = postgres.judge(facts, config);
  return { facts, verdict, explanation: postgres.explain(facts, verdict, config), tookMs };
}
const login = { user: 'noc', passwordSecret: 'db' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a real PostgreSQL server', () => {
  it('answers; without a user nobody logs in', async () => {
    const { verdict, facts } = await check({});
    expect(verdict.state).toBe('ok');
    expect(facts.login).toBe('none');
    expect(facts.greetingMs).toBeGreaterThan(0);
  });
  it('lets an account in and tells its state', async () => {
    const { verdict, facts } = await check(login);
    expect(verdict).toMatchObject({ state: 'ok', reason: 'ok' });
    expect(facts).toMatchObject({
      stage: 'done',
      login: 'accepted',
      role: 'primary',
      readOnly: false,
      replicas: 1,
      connectionsLimit: 20,
      product: 'PostgreSQL',
    });
    expect(facts.version).toMatch(/^\d+\.\d+$/);
    expect(facts.connections).toBeGreaterThan(0);
    expect(facts.uptimeSeconds).toBeGreaterThanOrEqual(0);
  });
  it.each(['encrypt', 'verify'])('with TLS %s', async (tls) => {
    const { verdict, facts } = await check({ ...login, tls, serverName: 'db.example.net', caFile: `${db.path}/server.crt` });
    expect(verdict.state).toBe('ok');
    expect(facts.protocol).toMatch(/^TLSv1\.[23]$/);
  });
  it('sends no password where the certificate is not good', async () => {
    const { verdict, facts } = await check({ ...login, tls: 'verify' });
    expect(verdict).toMatchObject({ state: 'down', reason: 'certificate' });
    expect(facts.login).toBeUndefined();
  });
  it.each([
    ['equals', { equals: '7' }, 'ok', 'ok'],
    ['a number within', { min: 5, max: 9 }, 'ok', 'ok'],
    ['another text', { contains: '8' }, 'down', 'wrong-answer'],
  ])('a question, %s', async (_, expected, state, reason) => {
    const { verdict, facts } = await check({ ...login, query: 'SELECT id FROM orders ORDER BY id', expect: expected });
    expect(verdict).toMatchObject({ state, reason });
    expect(facts).toMatchObject({ rows: 2, cell: '7' });
  });
  it('what a table holds is cleaned', async () => {
    expect((await check({ ...login, query: 'SELECT note FROM orders WHERE id = 8' })).facts.cell).toBe('<b> red');
  });
  it('no row, NULL, a broken question', async () => {
    expect((await check({ ...login, query: 'SELECT id FROM orders WHERE id = 99', expect: { equals: '1' } })).verdict.reason).toBe(
      'no-row',
    );
    expect((await check({ ...login, query: 'SELECT NULL', expect: { equals: '1' } })).verdict.reason).toBe('wrong-answer');
    expect((await check({ ...login, query: 'SELEKT 1' })).verdict).toMatchObject({ state: 'down', reason: 'query-failed' });
  });
  it('a check changes nothing, even where its account may', async () => {
    expect((await check({ ...login, query: "INSERT INTO orders VALUES (1, 'x')" })).verdict).toMatchObject({
      state: 'down',
      reason: 'query-failed',
    });
    expect((await check({ ...login, query: 'SELECT count(*) FROM orders', expect: { equals: '2' } })).verdict.state).toBe('ok');
  });
  it('a question that takes too long is ended, on the server too', async () => {
    const slow = await check({ ...login, query: 'SELECT pg_sleep(30)' }, { timeoutMs: 600 });
    expect(['query-stalled', 'query-failed']).toContain(slow.verdict.reason);
    expect(slow.tookMs).toBeLessThan(1_000);
    await pause(700);
    const left = await check({
      ...login,
      query: "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid() AND state = 'active'",
    });
    expect(left.facts.cell).toBe('0');
  });
  it('a question with a flood of rows is not waited for; one huge cell is cut off', async () => {
    const rows = await check({ ...login, query: 'SELECT generate_series(1, 50000000)', expect: { equals: '1' } });
    expect(rows.tookMs).toBeLessThan(3_500);
    expect(rows.verdict.state === 'ok' || rows.verdict.reason === 'query-stalled').toBe(true);
    const cell = await check({ ...login, query: "SELECT repeat('a', 8000000)" });
    expect(cell.verdict).toMatchObject({ state: 'down', reason: 'too-large' });
  });
  it('a slot that nobody reads', async () => {
    await run(
      db.port,
      "SELECT pg_create_physical_replication_slot('left_behind', true)",
      'SELECT pg_switch_wal()',
      'CREATE TABLE filler AS SELECT generate_series(1, 20000) AS n',
      'SELECT pg_switch_wal()',
    );
    const { verdict, facts } = await check({ ...login, slotMegabytes: 1 });
    expect(facts.slots).toMatchObject([{ name: 'left_behind', active: false }]);
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'slot' });
    await run(db.port, "SELECT pg_drop_replication_slot('left_behind')");
    expect((await check({ ...login, slotMegabytes: 1 })).verdict.state).toBe('ok');
  });
  it('all connections are in use', async () => {
    const held = await Promise.all(
      Array.from({ length: 19 }, async () => {
        const client = new pg.Client({ host: '127.0.0.1', port: db.port, user: 'noc', password: 'right-word', database: 'postgres' });
        client.on('error', () => {});
        await client.connect().catch(() => {});
        return client;
      }),
    );
    const { verdict } = await check(login);
    expect(verdict).toMatchObject({ state: 'down', reason: 'too-many-connections' });
    await Promise.all(held.map((client) => client.end().catch(() => {})));
  });
  it('a wrong password is tried three times, then no more; a changed secret is tried at once', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const { verdict, facts } = await check(login, { secrets: { db: 'wrong-word' } });
      expect(verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
      expect(facts).toMatchObject({ login: 'refused', refusals: round, serverError: { code: '28P01' } });
    }
    const held = await check(login, { secrets: { db: 'wrong-word' } });
    expect(held.verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
    expect(held.facts).toMatchObject({ login: 'held-back', refusals: 3 });
    expect(held.facts.greetingMs).toBeGreaterThan(0);
    expect((await check(login)).verdict.state).toBe('ok');
  });
  it('stopped in its tracks (SIGSTOP): accepts, but never answers', async () => {
    process.kill(db.pid, 'SIGSTOP');
    try {
      for (const settings of [{}, login]) {
        const { verdict } = await check(settings, { timeoutMs: 400 });
        expect(verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
      }
    } finally {
      process.kill(db.pid, 'SIGCONT');
    }
    expect((await check(login)).verdict.state).toBe('ok');
  });
});

describe('a real replica', () => {
  const until = async (reason: string, settings: Record<string, unknown>) => {
    let seen = await check(settings);
    for (let tries = 0; tries < 40 && seen.verdict.reason !== reason; tries += 1) {
      await pause(150);
      seen = await check(settings);
    }
    return seen;
  };
  it('copies, is paused, falls behind, and catches up', async () => {
    const settings = { ...login, port: replica.port, role: 'replica', lagDegraded: '300ms', lagDown: '1h' };
    const good = await until('ok', settings);
    expect(good.verdict.state).toBe('ok');
    expect(good.facts).toMatchObject({ role: 'replica', readOnly: true, upstreams: [{ fetching: true, applying: true, lagMs: 0 }] });
    await run(replica.port, 'SELECT pg_wal_replay_pause()');
    const paused = await until('replication-stopped', settings);
    expect(paused.verdict).toMatchObject({ state: 'down', reason: 'replication-stopped' });
    await run(replica.port, 'SELECT pg_wal_replay_resume()');
    expect((await until('ok', settings)).verdict.state).toBe('ok');
    expect((await check({ ...settings, role: 'primary' })).verdict).toMatchObject({ state: 'down', reason: 'wrong-role' });
    expect((await check({ ...login, replicas: 2 })).verdict).toMatchObject({ state: 'degraded', reason: 'replicas-missing' });
  });
  it('without its primary it grows old', async () => {
    const primary = await startPostgres();
    const orphan = await startPostgresReplica(primary);
    started.push(orphan);
    const settings = { user: 'postgres', passwordSecret: 'db', port: orphan.port, role: 'replica', lagDegraded: '500ms' };
    await run(primary.port, 'CREATE TABLE t (n int)');
    await pause(300);
    await primary.stop();
    const options = { secrets: { db: 'starter-word' } };
    let seen = await check(settings, options);
    for (let tries = 0; tries < 30 && seen.verdict.reason !== 'replication-lag'; tries += 1) {
      await pause(200);
      seen = await check(settings, options);
    }
    expect(seen.verdict).toMatchObject({ state: 'degraded', reason: 'replication-lag' });
    expect(seen.facts.upstreams?.[0]).toMatchObject({ fetching: null, error: 'no stream from the primary' });
  });
});

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const errorMessage = (code: string, text: string): Buffer => message('E', Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`));

describe('servers that go wrong', () => {
  it.each([
    ['starting up', '57P03', 'down', 'starting'],
    ['full', '53300', 'down', 'too-many-connections'],
    ['no such database', '3D000', 'down', 'server-error'],
  ])('%s', async (_, code, state, reason) => {
    const { port } = await scripted((socket) => socket.once('data', () => socket.end(errorMessage(code, '<b>\x1b[31mno'))));
    const { verdict, facts } = await check({ ...login, port });
    expect(verdict).toMatchObject({ state, reason });
    expect(facts.serverError).toEqual({ code, text: '<b>no' });
  });
  it('nobody listens', async () => {
    expect((await check({ ...login, port: await freePort() })).verdict).toMatchObject({ state: 'down', reason: 'refused' });
  });
  it('accepts and never answers', async () => {
    const { port } = await scripted((socket) => socket.resume());
    for (const settings of [{}, login, { ...login, tls: 'encrypt' }])
      expect((await check({ ...settings, port }, { timeoutMs: 300 })).verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
  });
  it('greets and then hangs', async () => {
    const { port } = await scripted((socket) =>
      socket.once('data', () => socket.write(message('R', Buffer.from([0, 0, 0, 5, 1, 2, 3, 4])))),
    );
    expect((await check({ ...login, port }, { timeoutMs: 400 })).verdict).toMatchObject({ state: 'down', reason: 'login-stalled' });
  });
  it('wants the password in the clear: it is not sent', async () => {
    const heard: Buffer[] = [];
    const { port } = await scripted((socket) => {
      socket.on('data', (data) => heard.push(data));
      socket.once('data', () => socket.write(message('R', Buffer.from([0, 0, 0, 3]))));
    });
    const { verdict } = await check({ ...login, port }, { timeoutMs: 600 });
    expect(verdict).toMatchObject({ state: 'down', reason: 'protocol' });
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('right-word');
  });
  it('slips words in before the encryption', async () => {
    const { port } = await scripted((socket) => socket.once('data', () => socket.write('Sx')));
    expect((await check({ ...login, port, tls: 'encrypt' })).verdict).toMatchObject({ state: 'down', reason: 'protocol' });
  });
  it('offers no encryption where some is wanted', async () => {
    const { port } = await scripted((socket) => socket.once('data', () => socket.write('N')));
    expect((await check({ ...login, port, tls: 'encrypt' })).verdict).toMatchObject({ state: 'down', reason: 'tls' });
  });
  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a row that lies about its cells', message('D', Buffer.from([0x7f, 0xff, 0, 0, 0, 1]))],
    ['a message without length', Buffer.from([0x52, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['an unknown log-in', message('R', Buffer.from([0, 0, 0, 99]))],
    [
      'a log-in with endless rounds',
      Buffer.concat([
        message('R', Buffer.from('\0\0\0\nSCRAM-SHA-256\0\0', 'latin1')),
        message('R', Buffer.from('\0\0\0\vr=x,s=AAAA,i=999999999', 'latin1')),
      ]),
    ],
  ])('%s: a failure, and nothing thrown', async (_, words) => {
    const { port } = await scripted((socket) => socket.once('data', () => socket.write(words)));
    const { verdict, tookMs } = await check({ ...login, port }, { timeoutMs: 800 });
    expect(verdict.state).toBe('down');
    expect(tookMs).toBeLessThan(1_200);
  });
  it('a flood is cut off', async () => {
    const { port } = await scripted((socket) =>
      socket.once('data', () => {
        const more = Buffer.concat([Buffer.from([0x4e, 0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(200_000, 0x41)]);
        const pump = (): void => {
          while (!socket.destroyed && socket.write(more));
        };
        socket.on('drain', pump);
        pump();
      }),
    );
    const { verdict, tookMs } = await check({ ...login, port });
    expect(verdict).toMatchObject({ state: 'down', reason: 'too-large' });
    expect(tookMs).toBeLessThan(2_000);
  });
});

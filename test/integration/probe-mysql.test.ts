import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeMysql } from '../../electron/probes/mysql.ts';
import { type MysqlConfig, mysql } from '../../shared/checks/mysql.ts';
import { type Database, startMariadb } from '../support/databases.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startTcp } from '../support/servers.ts';

let db: Database;
const started: Started[] = [];
const scripted = async (script: (socket: Socket) => void) => {
  const server = await startTcp(script);
  started.push(server);
  return server;
};
beforeAll(async () => {
  db = await startMariadb(
    [
      "CREATE USER noc@'%' IDENTIFIED BY 'right-word';",
      "CREATE USER seer@'%' IDENTIFIED BY 'right-word';",
      "GRANT SELECT, SLAVE MONITOR ON *.* TO seer@'%';",
      'CREATE DATABASE shop;',
      'CREATE TABLE shop.orders (id INT, note TEXT);',
      "INSERT INTO shop.orders VALUES (7, 'fine'), (8, CONCAT('<b>', CHAR(10), CHAR(27), '[31mred'));",
      "GRANT SELECT, INSERT ON shop.* TO noc@'%';",
    ],
    [],
    true,
  );
});
afterAll(() => db?.stop());
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function check(settings: Record<string, unknown>, options: { timeoutMs?: number; secrets?: Record<string, string> } = {}) {
  const config = mysql.config.parse({ address: '127.0.0.1', port: db.port, ...settings }) as MysqlConfig;
  const context = probeContext({ timeoutMs: options.timeoutMs ?? 4_000, secrets: options.secrets ?? { db: 'right-word' } });
  const begin = performance.now();
  const facts = await probeMysql(config, context);
  const tookMs = performance.now() - begin;
  expect(() => mysql.observation.parse(facts)).not.toThrow();
  expect(context.lines.join('\n')).not.toMatch(/right-word|wrong-word/);
  const verdict = mysql.judge(facts, config);
  return { facts, verdict, explanation: mysql.explain(facts, verdict, config), tookMs, lines: context.lines };
}
const login = { user: 'noc', passwordSecret: 'db' };
const seer = { user: 'seer', passwordSecret: 'db' };

describe('a real MariaDB server', () => {
  it('greets; without a user nobody logs in', async () => {
    const { facts, verdict } = await check({});
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ product: 'MariaDB', login: 'none' });
    expect(facts.version).toMatch(/^1\d\.\d+/);
    expect(verdict.text).toContain('nobody logged in');
  });
  it('lets an account in and tells its state', async () => {
    const { facts, verdict } = await check(seer);
    expect(verdict).toMatchObject({ state: 'ok', reason: 'ok' });
    expect(facts).toMatchObject({ stage: 'done', login: 'accepted', role: 'primary', readOnly: false, upstreams: [] });
    expect(facts.connections).toBeGreaterThan(0);
    expect(facts.connectionsLimit).toBeGreaterThan(10);
    expect(facts.uptimeSeconds).toBeGreaterThanOrEqual(0);
  });
  it.each(['encrypt', 'verify'])('with TLS %s', async (tls) => {
    const settings = { ...seer, tls, serverName: 'db.example.net', caFile: `${db.path}/server.crt` };
    const { facts, verdict } = await check(settings);
    expect(verdict.state).toBe('ok');
    expect(facts.protocol).toMatch(/^TLSv1\.[23]$/);
  });
  it('sends no password where the certificate is not good', async () => {
    const { facts, verdict } = await check({ ...seer, tls: 'verify', serverName: 'other.example.net', caFile: `${db.path}/server.crt` });
    expect(verdict).toMatchObject({ state: 'down', reason: 'certificate' });
    expect(facts.login).toBeUndefined();
  });
  it.each([
    ['equals', { equals: '7' }, 'ok', 'ok'],
    ['a number within', { min: 5, max: 9 }, 'ok', 'ok'],
    ['a number outside', { max: 6 }, 'down', 'wrong-answer'],
    ['another text', { equals: '8' }, 'down', 'wrong-answer'],
  ])('a question, %s', async (_, expected, state, reason) => {
    const { verdict, facts } = await check({ ...login, query: 'SELECT id FROM shop.orders ORDER BY id', expect: expected });
    expect(verdict).toMatchObject({ state, reason });
    expect(facts).toMatchObject({ rows: 2, cell: '7' });
  });
  it('what a table holds is cleaned', async () => {
    const { facts } = await check({ ...login, database: 'shop', query: 'SELECT note FROM orders WHERE id = 8' });
    expect(facts.cell).toBe('<b> red');
  });
  it('no row, NULL, a broken question, one that is forbidden', async () => {
    const none = await check({ ...login, query: 'SELECT id FROM shop.orders WHERE id = 99', expect: { equals: '1' } });
    expect(none.verdict).toMatchObject({ state: 'down', reason: 'no-row' });
    const empty = await check({ ...login, query: 'SELECT NULL', expect: { equals: '1' } });
    expect(empty.verdict).toMatchObject({ state: 'down', reason: 'wrong-answer', text: 'the answer is NULL, expected "1"' });
    const broken = await check({ ...login, query: 'SELEKT 1' });
    expect(broken.verdict).toMatchObject({ state: 'down', reason: 'query-failed' });
    const forbidden = await check({ ...login, query: 'SELECT * FROM mysql.user' });
    expect(forbidden.verdict).toMatchObject({ state: 'down', reason: 'query-failed' });
  });
  it('a check changes nothing, even where its account may', async () => {
    const { verdict } = await check({ ...login, query: "INSERT INTO shop.orders VALUES (1, 'x')" });
    expect(verdict).toMatchObject({ state: 'down', reason: 'query-failed' });
    const left = await check({ ...login, query: 'SELECT COUNT(*) FROM shop.orders', expect: { equals: '2' } });
    expect(left.verdict.state).toBe('ok');
  });
  it('a question that takes too long is ended, on the server too', async () => {
    const slow = await check({ ...login, query: 'SELECT SLEEP(30)' }, { timeoutMs: 1_000 });
    expect(slow.verdict).toMatchObject({ state: 'down', reason: 'query-stalled' });
    expect(slow.tookMs).toBeLessThan(1_300);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const left = await check({ ...seer, query: "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP%30%'" });
    expect(Number(left.facts.cell)).toBeLessThanOrEqual(1);
  });
  it('a question with a flood of rows is not waited for; one huge cell is cut off', async () => {
    const rows = await check({ ...login, database: 'shop', query: 'SELECT seq FROM seq_1_to_5000000', expect: { equals: '1' } });
    expect(rows.verdict).toMatchObject({ state: 'ok' });
    expect(rows.tookMs).toBeLessThan(2_000);
    const cell = await check({ ...login, query: "SELECT REPEAT('a', 8000000)" });
    expect(cell.verdict).toMatchObject({ state: 'down', reason: 'too-large' });
  });
  it('must be a replica and is none; must be a primary', async () => {
    expect((await check({ ...seer, role: 'replica' })).verdict).toMatchObject({ state: 'down', reason: 'wrong-role' });
    expect((await check({ ...seer, role: 'primary' })).verdict.state).toBe('ok');
  });
  it('an account without the right to see replication: fine by itself, unknown where a replica is expected', async () => {
    const plain = await check(login);
    expect(plain.verdict.state).toBe('ok');
    expect(plain.facts.notKnown?.join()).toContain('replication');
    expect((await check({ ...login, role: 'replica' })).verdict).toMatchObject({ state: 'unknown', reason: 'role-unknown' });
  });
  it('a secret that is not set is no fault of the server', async () => {
    const { verdict, facts } = await check(login, { secrets: {} });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'no-secret' });
    expect(facts.version).toBeDefined();
  });
  it('a wrong password is tried three times, then no more; a changed secret is tried at once', async () => {
    const refusals = async (): Promise<number> =>
      Number(
        (
          await check({
            ...seer,
            query: "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'ACCESS_DENIED_ERRORS'",
          })
        ).facts.cell,
      );
    const before = await refusals();
    for (let round = 1; round <= 3; round += 1) {
      const { verdict, facts } = await check(login, { secrets: { db: 'wrong-word' } });
      expect(verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
      expect(facts).toMatchObject({ login: 'refused', refusals: round, serverError: { code: '1045' } });
    }
    expect(await refusals()).toBe(before + 3);
    const held = await check(login, { secrets: { db: 'wrong-word' } });
    expect(held.verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
    expect(held.facts).toMatchObject({ login: 'held-back', refusals: 3 });
    expect(held.facts.nextLoginMs).toBeGreaterThan(3_500_000);
    expect(held.facts.version).toBeDefined();
    expect(await refusals()).toBe(before + 3);
    expect((await check(login)).verdict.state).toBe('ok');
    expect((await check(login, { secrets: { db: 'wrong-word' } })).facts.refusals).toBe(1);
    await check(login);
  });
  it('stopped in its tracks (SIGSTOP): accepts, but never greets', async () => {
    process.kill(db.pid, 'SIGSTOP');
    try {
      const { verdict, tookMs } = await check(login, { timeoutMs: 500 });
      expect(verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
      expect(tookMs).toBeLessThan(800);
    } finally {
      process.kill(db.pid, 'SIGCONT');
    }
    expect((await check(login)).verdict.state).toBe('ok');
  });
});

describe('replication', () => {
  it('a replica that copies, falls behind, stops', async () => {
    const primary = await startMariadb(
      ["CREATE USER copy@'%' IDENTIFIED BY 'copy-word';", "GRANT REPLICATION SLAVE ON *.* TO copy@'%';", 'CREATE DATABASE shop;'],
      ['--server-id=1', '--log-bin=log'],
    );
    started.push(primary);
    const replica = await startMariadb(
      [
        "CREATE USER seer@'%' IDENTIFIED BY 'right-word';",
        "GRANT SELECT, SUPER, SLAVE MONITOR, REPLICATION SLAVE ADMIN ON *.* TO seer@'%';",
        `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${primary.port}, MASTER_USER='copy', MASTER_PASSWORD='copy-word', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1;`,
        'START SLAVE;',
      ],
      ['--server-id=2', '--read-only=1'],
    );
    started.push(replica);
    const settings = { ...seer, port: replica.port, role: 'replica' };
    const until = async (reason: string) => {
      let seen = await check(settings);
      for (let tries = 0; tries < 40 && seen.verdict.reason !== reason; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        seen = await check(settings);
      }
      return seen;
    };
    const good = await until('ok');
    expect(good.verdict).toMatchObject({ state: 'ok' });
    expect(good.facts).toMatchObject({
      role: 'replica',
      readOnly: true,
      upstreams: [{ name: '127.0.0.1', fetching: true, applying: true, lagMs: expect.any(Number) }],
    });
    expect((await check({ ...settings, role: 'primary' })).verdict).toMatchObject({ state: 'down', reason: 'wrong-role' });
    await primary.stop();
    started.splice(started.indexOf(primary), 1);
    const stopped = await until('replication-stopped');
    expect(stopped.verdict.state).toBe('down');
    expect(stopped.facts.upstreams?.[0]).toMatchObject({ fetching: false, applying: true });
    expect(stopped.facts.upstreams?.[0]?.error).toBeTruthy();
  });
});

const greetingOf = (payload: Buffer, sequence = 0): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
};
const errorPacket = (code: number, text: string): Buffer =>
  greetingOf(Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from(text)]));
const hello = (version = '8.0.40'): Buffer =>
  greetingOf(
    Buffer.concat([
      Buffer.from([10]),
      Buffer.from(`${version}\0`),
      Buffer.from([1, 0, 0, 0]),
      Buffer.from('abcdefgh\0'),
      Buffer.from([0xff, 0xf7, 0x21, 2, 0, 0xff, 0x81, 21]),
      Buffer.alloc(10),
      Buffer.from('ijklmnopqrst\0mysql_native_password\0'),
    ]),
  );

describe('servers that go wrong', () => {
  it.each([
    ['full', 1040, 'Too many connections', 'down', 'too-many-connections'],
    ['this computer is blocked', 1129, "Host '127.0.0.1' is blocked", 'unknown', 'host-blocked'],
    ['this computer is not allowed', 1130, "Host 'x' is not allowed", 'unknown', 'host-not-allowed'],
    ['something else', 1999, 'What', 'down', 'server-error'],
  ])('%s', async (_, code, text, state, reason) => {
    const { port } = await scripted((socket) => socket.end(errorPacket(code, text)));
    const { verdict, facts } = await check({ ...login, port });
    expect(verdict).toMatchObject({ state, reason });
    expect(facts.serverError).toEqual({ code: String(code), text });
  });
  it('nobody listens', async () => {
    expect((await check({ port: await freePort() })).verdict).toMatchObject({ state: 'down', reason: 'refused' });
  });
  it('accepts and never greets', async () => {
    const { port } = await scripted(() => {});
    expect((await check({ port }, { timeoutMs: 300 })).verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
  });
  it('greets and then hangs', async () => {
    const { port } = await scripted((socket) => socket.write(hello()));
    const { verdict, facts } = await check({ ...login, port }, { timeoutMs: 400 });
    expect(verdict).toMatchObject({ state: 'down', reason: 'login-stalled' });
    expect(facts).toMatchObject({ product: 'MySQL', version: '8.0.40' });
  });
  it('hangs up', async () => {
    const { port } = await scripted((socket) => socket.end());
    expect((await check({ port })).verdict).toMatchObject({ state: 'down', reason: 'closed' });
  });
  it.each([
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['SMTP', '220 mail.example.net ESMTP\r\n'],
    ['zeros', '\0'.repeat(100)],
    ['a version without end', Buffer.concat([greetingOf(Buffer.concat([Buffer.from([10]), Buffer.alloc(4_000, 0x61)]))])],
  ])('%s instead of a greeting', async (_, words) => {
    const { port } = await scripted((socket) => socket.write(words));
    expect((await check({ ...login, port }, { timeoutMs: 800 })).verdict).toMatchObject({ state: 'down', reason: 'protocol' });
  });
  it('hostile words in the greeting are cleaned', async () => {
    const { port } = await scripted((socket) => socket.write(hello('8.0\x1b[31m<b>\u202e')));
    const { facts } = await check({ port });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(facts.version).not.toMatch(/[\x00-\x1f\u202e]/);
  });
  it.each([
    ['packets that lie about their parts', (socket: Socket) => socket.write(greetingOf(Buffer.from([0xfe, 0x6d]), 2))],
    [
      'a field of endless length',
      (socket: Socket) => socket.write(greetingOf(Buffer.from([0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), 2)),
    ],
    ['packets out of order', (socket: Socket) => socket.write(Buffer.concat(Array<Buffer>(2_000).fill(greetingOf(Buffer.from([1]), 77))))],
    [
      'a log-in method nobody knows',
      (socket: Socket) => socket.write(greetingOf(Buffer.from('\xfe__proto__\0abcdefghijklmnopqrst\0', 'latin1'), 2)),
    ],
    [
      'a demand for the password in the clear',
      (socket: Socket) => socket.write(greetingOf(Buffer.from('\xfemysql_clear_password\0', 'latin1'), 2)),
    ],
    [
      'a demand for a file of this computer',
      (socket: Socket) =>
        socket.write(
          Buffer.concat([greetingOf(Buffer.from([0, 0, 0, 2, 0, 0, 0]), 2), greetingOf(Buffer.from('\xfb/etc/passwd', 'latin1'), 1)]),
        ),
    ],
  ])('%s: a failure, and nothing thrown', async (_, script) => {
    const heard: Buffer[] = [];
    const { port } = await scripted((socket) => {
      socket.write(hello());
      socket.on('data', (data) => {
        heard.push(data);
        if (heard.length === 1) script(socket);
      });
    });
    const { verdict } = await check({ ...login, port }, { timeoutMs: 800 });
    expect(verdict.state).toBe('down');
    expect(Buffer.concat(heard).toString('latin1')).not.toMatch(/right-word|root:x:/);
  });
  it('a flood after the log-in is cut off', async () => {
    const { port } = await scripted((socket) => {
      socket.write(hello());
      socket.once('data', () => {
        const more = Buffer.concat([Buffer.from([0xfe, 0xff, 0xff, 2]), Buffer.alloc(1_000_000)]);
        const pump = (): void => {
          while (!socket.destroyed && socket.write(more));
        };
        socket.on('drain', pump);
        pump();
      });
    });
    const { verdict, tookMs } = await check({ ...login, port });
    expect(verdict).toMatchObject({ state: 'down', reason: 'too-large' });
    expect(tookMs).toBeLessThan(2_000);
  });
  it('offers no encryption where some is wanted', async () => {
    const plain = Buffer.from(hello());
    const at = 4 + 1 + '8.0.40\0'.length + 13;
    plain.writeUInt16LE(plain.readUInt16LE(at) & ~0x0800, at);
    const { port } = await scripted((socket) => socket.write(plain));
    expect((await check({ ...login, port, tls: 'encrypt' })).verdict).toMatchObject({ state: 'down', reason: 'tls' });
  });
});

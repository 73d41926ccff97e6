import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountFor } from '../../electron/probes/login-guard.ts';
import { mostGreeting, readMysqlGreeting } from '../../electron/probes/mysql-greeting.ts';
import { readUpstreams } from '../../electron/probes/mysql-replication.ts';
import { readInfo, readReply, writeCommand } from '../../electron/probes/resp.ts';
import { readSshBanner } from '../../electron/probes/ssh-banner.ts';
import { type DatabaseFacts, databaseChanges, expectWords, meets } from '../../shared/checks/database-facts.ts';
import { type MysqlConfig, mysql } from '../../shared/checks/mysql.ts';
import { type PostgresConfig, postgres } from '../../shared/checks/postgres.ts';
import { type RedisConfig, type RedisFacts, redis } from '../../shared/checks/redis.ts';
import { type SshConfig, type SshFacts, ssh } from '../../shared/checks/ssh.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';

const address = '192.0.2.1';
const sentences = (said: { happened: string; means: string; todo: string }): void => {
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/);
};

describe('settings', () => {
  it('defaults', () => {
    expect(mysql.config.parse({ address })).toMatchObject({
      port: 3306,
      tls: 'off',
      role: 'any',
      lagDegraded: 30 * SECOND,
      lagDown: 10 * MINUTE,
      connectionsDegraded: 90,
    });
    expect(postgres.config.parse({ address })).toMatchObject({ port: 5432, database: 'postgres' });
    expect(redis.config.parse({ address })).toMatchObject({ port: 6379, memoryDegraded: 90 });
    expect(ssh.config.parse({ address })).toMatchObject({ port: 22, fingerprint: [] });
  });
  it.each([
    ['no way to expect', { expect: {} }],
    ['a range turned round', { expect: { min: 2, max: 1 } }],
    ['a password instead of the name of a secret', { user: 'noc', passwordSecret: 'P@ss word' }],
    ['an address that is an option', { address: '-h' }],
    ['a lag without unit', { lagDegraded: 30 }],
    ['an unknown kind of TLS', { tls: 'maybe' }],
  ])('%s is refused', (_, settings) => {
    expect(mysql.config.safeParse({ address, ...settings }).success).toBe(false);
  });
  const print = `SHA256:${'a'.repeat(43)}`;
  it.each([
    [print, true],
    [[print, print], true],
    ['SHA256:short', false],
    [`MD5:${'a'.repeat(43)}`, false],
    [[], false],
    [`${print}=`, false],
  ])('fingerprint %j', (fingerprint, good) => {
    expect(ssh.config.safeParse({ address, fingerprint }).success).toBe(good);
  });
});

describe('what is expected', () => {
  it.each([
    [{ equals: '7' }, '7', true],
    [{ equals: '7' }, '7 ', false],
    [{ contains: 'ok' }, 'all ok here', true],
    [{ contains: 'ok' }, 'OK', false],
    [{ min: 1, max: 5 }, '5', true],
    [{ min: 1 }, '0.99', false],
    [{ max: 5 }, '5.01', false],
    [{ max: 5 }, '-1e3', true],
    [{ max: 5 }, '', false],
    [{ max: 5 }, 'five', false],
    [{ max: 5 }, 'Infinity', false],
    [{ min: 0 }, 'NaN', false],
    [{ equals: '' }, '', true],
    [{ equals: '' }, null, false],
    [{ contains: 'a', max: 5 }, '3', false],
  ])('%j of %j: %s', (expected, value, good) => {
    expect(meets(expected, value)).toBe(good);
    expect(expectWords(expected).length).toBeGreaterThan(1);
  });
});

const greeted: DatabaseFacts = {
  stage: 'done',
  address,
  connectMs: 1,
  greetingMs: 2,
  loginMs: 3,
  totalMs: 12,
  product: 'MariaDB',
  version: '10.11.6',
  login: 'accepted',
  role: 'primary',
  readOnly: false,
  upstreams: [],
  connections: 12,
  connectionsLimit: 100,
  active: 1,
  uptimeSeconds: 4_000,
};
const copying = (up: Partial<NonNullable<DatabaseFacts['upstreams']>[number]> = {}): DatabaseFacts => ({
  ...greeted,
  role: 'replica',
  readOnly: true,
  upstreams: [{ name: 'db1', fetching: true, applying: true, lagMs: 0, ...up }],
});
const failing = (
  code: NonNullable<DatabaseFacts['failure']>['code'],
  stage: DatabaseFacts['stage'],
  more: DatabaseFacts = {},
): DatabaseFacts => ({ connectMs: 1, stage, failure: { code, detail: 'it failed' }, ...more });

describe('mysql', () => {
  const cases: [string, DatabaseFacts, Record<string, unknown>, string, string, string][] = [
    ['all well', greeted, {}, 'ok', 'ok', 'MariaDB 10.11.6 answers in 12 ms'],
    [
      'with an answer',
      { ...greeted, rows: 1, cell: '7', matched: true },
      { expect: { equals: '7' } },
      'ok',
      'ok',
      'MariaDB 10.11.6 answers in 12 ms, says "7"',
    ],
    ['nothing at all', {}, {}, 'unknown', 'no-result', 'nothing was tried'],
    ['half-way without a failure', { ...greeted, stage: 'state' }, {}, 'unknown', 'no-result', 'the check did not come to its end'],
    [
      'greeting only',
      { ...greeted, stage: 'greeting', login: 'none', totalMs: 2 },
      {},
      'ok',
      'ok',
      'greets as MariaDB 10.11.6 in 2 ms; nobody logged in',
    ],
    [
      'greeting only, but a role is asked for',
      { ...greeted, stage: 'greeting', login: 'none' },
      { role: 'replica' },
      'unknown',
      'not-logged-in',
      'greets, but what is asked for can be seen only by an account, and none is given',
    ],
    [
      'greeting only, but a question is asked',
      { ...greeted, stage: 'greeting', login: 'none' },
      { query: 'SELECT 1' },
      'unknown',
      'not-logged-in',
      'greets, but what is asked for can be seen only by an account, and none is given',
    ],
    ['refused connection', { failure: { code: 'refused', detail: 'no' } }, {}, 'down', 'refused', 'connection refused on port 3306'],
    ['no connection', { failure: { code: 'timeout', detail: 'no answer' } }, {}, 'down', 'timeout', 'no answer'],
    ['resolver silent', { failure: { code: 'resolver-failed', detail: 'no resolver' } }, {}, 'unknown', 'resolver-failed', 'no resolver'],
    [
      'no greeting',
      failing('timeout', 'greeting'),
      {},
      'down',
      'no-greeting',
      'port 3306 accepts connections, but the server says nothing',
    ],
    [
      'log-in hangs',
      failing('timeout', 'login'),
      {},
      'down',
      'login-stalled',
      'the server greets, but lets nobody in: the log-in got no answer',
    ],
    ['question hangs', failing('timeout', 'query'), {}, 'down', 'query-stalled', 'the question got no answer in time'],
    ['state hangs', failing('timeout', 'state'), {}, 'down', 'timeout', 'it failed'],
    [
      'question fails',
      failing('server-error', 'query', { serverError: { code: '1146', text: 'no such table' } }),
      {},
      'down',
      'query-failed',
      'it failed',
    ],
    [
      'password refused',
      failing('login-refused', 'login', { serverError: { code: '1045', text: 'no' } }),
      {},
      'down',
      'login-refused',
      'it failed',
    ],
    ['no secret', failing('no-secret', 'login'), {}, 'unknown', 'no-secret', 'it failed'],
    ['bad certificate', failing('certificate', 'tls'), {}, 'down', 'certificate', 'it failed'],
    [
      'full',
      failing('server-error', 'greeting', { serverError: { code: '1040', text: 'x' } }),
      {},
      'down',
      'too-many-connections',
      'takes no more connections: all are in use',
    ],
    [
      'blocked',
      failing('server-error', 'greeting', { serverError: { code: '1129', text: 'x' } }),
      {},
      'unknown',
      'host-blocked',
      'the server has blocked this computer after too many broken connections',
    ],
    ['90 % of the connections', { ...greeted, connections: 90 }, {}, 'degraded', 'connections', '90 of 100 connections are in use'],
    ['89 %', { ...greeted, connections: 89 }, {}, 'ok', 'ok', 'MariaDB 10.11.6 answers in 12 ms'],
    ['slow', greeted, { slowDegraded: '10ms' }, 'degraded', 'slow', 'takes 12 ms, more than 10 ms'],
    [
      'wrong answer',
      { ...greeted, rows: 1, cell: 'x', matched: false },
      { expect: { min: 5 } },
      'down',
      'wrong-answer',
      'the answer is "x", expected a number of at least 5',
    ],
    [
      'wrong answer counts before slowness',
      { ...greeted, rows: 1, cell: null, matched: false },
      { expect: { equals: '1' }, slowDegraded: '10ms' },
      'down',
      'wrong-answer',
      'the answer is NULL, expected "1"; also takes 12 ms, more than 10 ms',
    ],
    ['no row', { ...greeted, rows: 0 }, { expect: { equals: '1' } }, 'down', 'no-row', 'the question brings no row, expected "1"'],
    ['no row, and nothing is expected', { ...greeted, rows: 0 }, {}, 'ok', 'ok', 'MariaDB 10.11.6 answers in 12 ms'],
    ['a replica in step', copying(), { role: 'replica' }, 'ok', 'ok', 'MariaDB 10.11.6 answers in 12 ms, 0 ms behind'],
    ['a replica 29 s behind', copying({ lagMs: 29_000 }), {}, 'ok', 'ok', 'MariaDB 10.11.6 answers in 12 ms, 29 s behind'],
    ['a replica 30 s behind', copying({ lagMs: 30_000 }), {}, 'degraded', 'replication-lag', '30 s behind db1'],
    ['a replica 10 min behind', copying({ lagMs: 600_000 }), {}, 'down', 'replication-lag', '10 min behind db1'],
    [
      'a replica that does not fetch',
      copying({ fetching: false, lagMs: null, error: 'cannot connect' }),
      { role: 'replica' },
      'down',
      'replication-stopped',
      'does not fetch changes from db1: cannot connect',
    ],
    [
      'the same where any role will do',
      copying({ fetching: false, lagMs: null }),
      {},
      'degraded',
      'replication-stopped',
      'does not fetch changes from db1',
    ],
    [
      'a replica that does not apply',
      copying({ applying: false, lagMs: null }),
      { role: 'replica' },
      'down',
      'replication-stopped',
      'does not apply changes from db1',
    ],
    ['a lag that is not known is not ok', copying({ lagMs: null }), {}, 'unknown', 'lag-unknown', 'not known how far it is behind db1'],
    ['a replica that should be the primary', copying(), { role: 'primary' }, 'down', 'wrong-role', 'is a replica, expected a primary'],
    ['a primary that should be a replica', greeted, { role: 'replica' }, 'down', 'wrong-role', 'is a primary, expected a replica'],
    [
      'a primary that takes no changes',
      { ...greeted, readOnly: true },
      { role: 'primary' },
      'down',
      'read-only',
      'is read-only, expected a primary that takes changes',
    ],
    [
      'a role that cannot be seen',
      { ...greeted, role: undefined, upstreams: undefined, notKnown: ['replication: no right'] },
      { role: 'replica' },
      'unknown',
      'role-unknown',
      'not known whether it is a replica: replication: no right',
    ],
    [
      'the same where any role will do',
      { ...greeted, role: undefined, upstreams: undefined },
      {},
      'ok',
      'ok',
      'MariaDB 10.11.6 answers in 12 ms',
    ],
  ];
  it.each(cases)('%s', (_, facts, settings, state, reason, text) => {
    const config = mysql.config.parse({ address, user: 'noc', ...settings }) as MysqlConfig;
    const verdict = mysql.judge(facts, config);
    expect(verdict).toEqual({ state, reason, text });
    const said = mysql.explain(facts, verdict, config);
    sentences(said);
    expect(said.happened).toContain(text);
    for (const line of mysql.facts(facts)) expect(line.value).not.toBe('');
  });
});

describe('postgres', () => {
  const base = { ...greeted, product: 'PostgreSQL', version: '17.2' };
  it.each([
    ['a slot that is not read', [{ name: 's', active: false, bytes: 2e9 }], 'degraded', 'slot'],
    ['a slot that is read', [{ name: 's', active: true, bytes: 2e9 }], 'ok', 'ok'],
    ['a slot that holds back little', [{ name: 's', active: false, bytes: 1e9 }], 'ok', 'ok'],
    ['slots that cannot be seen', undefined, 'unknown', 'slots-unknown'],
  ])('%s', (_, slots, state, reason) => {
    const config = postgres.config.parse({ address, user: 'noc', slotMegabytes: 1_000 }) as PostgresConfig;
    const verdict = postgres.judge({ ...base, slots }, config);
    expect(verdict).toMatchObject({ state, reason });
    sentences(postgres.explain({ ...base, slots }, verdict, config));
  });
  it.each([
    ['53300', 'down', 'too-many-connections'],
    ['57P03', 'down', 'starting'],
    ['3D000', 'down', 'server-error'],
  ])('SQLSTATE %s', (code, state, reason) => {
    const config = postgres.config.parse({ address, user: 'noc' }) as PostgresConfig;
    expect(postgres.judge(failing('server-error', 'login', { serverError: { code, text: 'x' } }), config)).toMatchObject({ state, reason });
  });
  it.each([
    [1, 2, 'degraded', 'replicas-missing'],
    [2, 2, 'ok', 'ok'],
    [undefined, 2, 'unknown', 'replicas-unknown'],
  ])('%s of %s replicas', (replicas, wanted, state, reason) => {
    const config = postgres.config.parse({ address, user: 'noc', replicas: wanted }) as PostgresConfig;
    expect(postgres.judge({ ...base, replicas }, config)).toMatchObject({ state, reason });
  });
});

describe('redis', () => {
  const base: RedisFacts = {
    ...greeted,
    product: 'Redis',
    version: '7.4.0',
    connections: 3,
    connectionsLimit: 10_000,
    memoryBytes: 95,
    memoryLimit: 0,
    saved: true,
    loading: false,
  };
  it.each<[string, Partial<RedisFacts>, Record<string, unknown>, string, string]>([
    ['all well', {}, {}, 'ok', 'ok'],
    ['no limit of memory', { memoryBytes: 1e12 }, {}, 'ok', 'ok'],
    ['nearly full', { memoryLimit: 100, memoryPolicy: 'noeviction' }, {}, 'degraded', 'memory'],
    ['a full cache that throws away', { memoryLimit: 100, memoryPolicy: 'allkeys-lru' }, {}, 'ok', 'ok'],
    ['could not save', { saved: false }, {}, 'degraded', 'save-failed'],
    ['loading', { loading: true }, {}, 'down', 'loading'],
    ['key absent', { absent: true, rows: 0 }, { key: 'k' }, 'down', 'no-row'],
    ['value wrong', { rows: 1, cell: 'a', matched: false }, { key: 'k', expect: { equals: 'b' } }, 'down', 'wrong-answer'],
    ['loading counts before saving', { saved: false, loading: true }, {}, 'down', 'loading'],
  ])('%s', (_, facts, settings, state, reason) => {
    const config = redis.config.parse({ address, ...settings }) as RedisConfig;
    const verdict = redis.judge({ ...base, ...facts }, config);
    expect(verdict).toMatchObject({ state, reason });
    sentences(redis.explain({ ...base, ...facts }, verdict, config));
  });
});

it('a missing key is told once', () => {
  const config = redis.config.parse({ address, key: 'k', expect: { equals: '1' } }) as RedisConfig;
  expect(redis.judge({ ...greeted, absent: true, rows: 0 }, config).text).toBe('the key k is not there');
});

describe('changes of a database', () => {
  it.each<[string, DatabaseFacts, DatabaseFacts, string[]]>([
    ['nothing', greeted, { ...greeted, uptimeSeconds: 4_060 }, []],
    ['a restart', greeted, { ...greeted, uptimeSeconds: 3 }, ['restart']],
    ['an upgrade', greeted, { ...greeted, uptimeSeconds: 3, version: '11.4.2' }, ['restart', 'version']],
    ['a failover', greeted, copying(), ['role']],
    ['a lost replica', { ...greeted, replicas: 2 }, { ...greeted, replicas: 1 }, ['replicas']],
    ['a failure between tells nothing', greeted, failing('timeout', 'greeting'), []],
  ])('%s', (_, before, after, codes) => {
    expect(databaseChanges(before, after).map((change) => change.code)).toEqual(codes);
  });
});

describe('ssh', () => {
  const print = `SHA256:${'a'.repeat(43)}`;
  const other = `SHA256:${'b'.repeat(43)}`;
  const base: SshFacts = {
    address,
    connectMs: 1,
    bannerMs: 2,
    kexMs: 10,
    banner: 'SSH-2.0-OpenSSH_9.2p1',
    software: 'OpenSSH_9.2p1',
    protocol: '2.0',
    keyType: 'ssh-ed25519',
    fingerprint: print,
  };
  const late = { code: 'timeout', detail: 'late' } as const;
  it.each<[string, SshFacts, Record<string, unknown>, string, string]>([
    ['no pin', base, {}, 'ok', 'ok'],
    ['the pinned key', { ...base, pinned: true }, { fingerprint: print }, 'ok', 'ok'],
    ['another key', { ...base, fingerprint: other, pinned: false }, { fingerprint: print }, 'down', 'host-key-changed'],
    ['a pin that was not looked at is not ok', base, { fingerprint: print }, 'down', 'host-key-changed'],
    ['nothing at all', {}, {}, 'unknown', 'no-result'],
    ['no greeting', { connectMs: 1, failure: late }, {}, 'down', 'no-greeting'],
    ['no key exchange', { connectMs: 1, banner: 'SSH-2.0-x', failure: late }, {}, 'down', 'key-exchange-stalled'],
    [
      'a broken key exchange',
      { connectMs: 1, banner: 'SSH-2.0-x', failure: { code: 'protocol', detail: 'bad' } },
      {},
      'down',
      'key-exchange-failed',
    ],
    ['no connection', { failure: late }, {}, 'down', 'timeout'],
    ['refused', { failure: { code: 'refused', detail: 'no' } }, {}, 'down', 'refused'],
    ['resolver silent', { failure: { code: 'resolver-failed', detail: 'no' } }, {}, 'unknown', 'resolver-failed'],
    ['slow', base, { slowDegraded: '12ms' }, 'degraded', 'slow'],
    ['another program', base, { expect: 'dropbear' }, 'degraded', 'unexpected-banner'],
  ])('%s', (_, facts, settings, state, reason) => {
    const config = ssh.config.parse({ address, ...settings }) as SshConfig;
    const verdict = ssh.judge(facts, config);
    expect(verdict).toMatchObject({ state, reason });
    sentences(ssh.explain(facts, verdict, config));
  });
  it.each<[string, Partial<SshFacts>, string[]]>([
    ['nothing', {}, []],
    ['another key', { fingerprint: other }, ['host-key']],
    ['a key of another kind', { fingerprint: other, keyType: 'ssh-rsa' }, ['host-key-type']],
    ['another version', { software: 'OpenSSH_10' }, ['version']],
    ['no key seen', { fingerprint: undefined }, []],
  ])('changes: %s', (_, after, codes) => {
    expect(ssh.changes(base, { ...base, ...after }).map((change) => change.code)).toEqual(codes);
  });
});

describe('refused log-ins', () => {
  const at = (monotonic: number, secret: string | undefined) => ({ monotonic: () => monotonic, secret: () => secret });
  it('stops after three, goes on after an hour, and at once with another secret or an accepted log-in', () => {
    const who = 'mysql a@192.0.2.9:3306';
    const refuse = (now: number): number => {
      const account = accountFor(who, 's', at(now, 'one'));
      return account.ok ? account.value.refused() : -1;
    };
    expect([refuse(0), refuse(1), refuse(2), refuse(3)]).toEqual([1, 2, 3, -1]);
    const held = accountFor(who, 's', at(10, 'one'));
    expect(held).toMatchObject({ ok: false, failure: { code: 'login-refused', refusals: 3 } });
    expect(accountFor(who, 's', at(10, 'two')).ok).toBe(true);
    expect(refuse(HOUR + 2)).toBe(4);
    expect(refuse(HOUR + 3)).toBe(-1);
    const again = accountFor(who, 's', at(2 * HOUR + 2, 'one'));
    if (again.ok) again.value.accepted();
    expect(refuse(2 * HOUR + 3)).toBe(1);
  });
  it('keeps the oldest of at most 2,000 accounts', () => {
    for (let index = 0; index < 2_001; index += 1) {
      for (let round = 0; round < 3; round += 1) {
        const account = accountFor(`many ${index}`, 's', at(0, 'one'));
        if (account.ok) account.value.refused();
      }
    }
    expect(accountFor('many 0', 's', at(1, 'one')).ok).toBe(true);
    expect(accountFor('many 2000', 's', at(1, 'one')).ok).toBe(false);
  });
  it('a secret that is not set, and an account without one', () => {
    expect(accountFor('x', 's', at(0, undefined))).toMatchObject({ ok: false, failure: { code: 'no-secret' } });
    expect(accountFor('x', undefined, at(0, undefined)).ok).toBe(true);
  });
});

describe('replication of MySQL', () => {
  const row = (values: Record<string, string | null>) => new Map(Object.entries(values));
  it.each([
    [
      'MySQL 8.4',
      { source_host: 'db1', replica_io_running: 'Yes', replica_sql_running: 'Yes', seconds_behind_source: '4', channel_name: '' },
      { name: 'db1', fetching: true, applying: true, lagMs: 4_000 },
    ],
    [
      'MariaDB',
      {
        master_host: 'db1',
        slave_io_running: 'Connecting',
        slave_sql_running: 'Yes',
        seconds_behind_master: null,
        last_io_error: 'no way',
      },
      { name: 'db1', fetching: false, applying: true, lagMs: null, error: 'no way' },
    ],
    [
      'a named channel',
      { source_host: 'db1', channel_name: 'eu', replica_io_running: 'No', replica_sql_running: 'No', last_sql_error: 'dup' },
      { name: 'db1 (eu)', fetching: false, applying: false, lagMs: null, error: 'dup' },
    ],
    ['nonsense', { seconds_behind_source: '-5' }, { name: 'its primary', fetching: null, applying: null, lagMs: null }],
  ])('%s', (_, values, expected) => {
    expect(readUpstreams([row(values)])).toEqual([expected]);
  });
});

describe('readers of hostile bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 600 }).map((it) => Buffer.from(it));
  it('greetings of MySQL', () => {
    fc.assert(
      fc.property(bytes, (it) => void readMysqlGreeting(it)),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(bytes, (it) => {
        const packet = Buffer.concat([Buffer.from([it.length & 0xff, it.length >> 8, 0, 0, 10]), it]);
        const read = readMysqlGreeting(packet);
        if (read !== 'garbage' && 'need' in read) expect(read.need).toBeLessThanOrEqual(mostGreeting);
      }),
      { numRuns: 3_000 },
    );
  });
  it.each([
    ['5.5.5-10.11.6-MariaDB-0+deb12u1', 'MariaDB', '10.11.6'],
    ['11.4.2-MariaDB', 'MariaDB', '11.4.2'],
    ['8.4.3', 'MySQL', '8.4.3'],
    ['8.0.40-0ubuntu0.24.04.1', 'MySQL', '8.0.40-0ubuntu0.24.04.1'],
    ['5.5.5', 'MySQL', '5.5.5'],
  ])('version %s', (said, product, version) => {
    const body = Buffer.concat([Buffer.from([10]), Buffer.from(`${said}\0`), Buffer.alloc(40)]);
    const packet = Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
    expect(readMysqlGreeting(packet)).toMatchObject({ value: { product, version, encrypts: false } });
    expect(readMysqlGreeting(packet.subarray(0, 30))).toEqual({ need: packet.length });
  });
  it('answers of Redis: whole they are read, cut anywhere they ask for more and never for less', () => {
    const word = fc.string({ unit: 'binary', maxLength: 60 });
    const reply = fc.oneof(
      word.map((it) => `$${Buffer.byteLength(it)}\r\n${it}\r\n`),
      word.filter((it) => !it.includes('\r')).map((it) => `+${it}\r\n`),
      fc.constant('$-1\r\n'),
      fc.integer().map((it) => `:${it}\r\n`),
    );
    fc.assert(
      fc.property(reply, fc.nat(), (text, cut) => {
        const all = Buffer.from(text);
        expect(readReply(all)).toMatchObject({ used: all.length });
        const part = all.subarray(0, cut % all.length);
        const read = readReply(part);
        expect(read).toHaveProperty('need');
        if (read !== 'garbage' && 'need' in read) {
          expect(read.need).toBeGreaterThan(part.length);
          expect(read.need).toBeLessThanOrEqual(all.length);
        }
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(bytes, (it) => void readReply(it)),
      { numRuns: 3_000 },
    );
  });
  it('a key that holds a command stays a key', () => {
    expect(writeCommand(['GET', 'a\r\nFLUSHALL\r\n'])).toBe('*2\r\n$3\r\nGET\r\n$13\r\na\r\nFLUSHALL\r\n\r\n');
    expect(writeCommand(['GET', 'ü'])).toContain('$2\r\nü');
  });
  it('INFO', () => {
    expect([...readInfo('# Server\r\nredis_version:7.4.0\r\nnothing\r\n:x\r\n__proto__:1\r\n')]).toEqual([
      ['redis_version', '7.4.0'],
      ['__proto__', '1'],
    ]);
  });
  it.each([
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', { protocol: '2.0', software: 'OpenSSH_9.2p1 Debian-2', before: [] }],
    ['hello\nSSH-1.99-Cisco-1.25\n', { protocol: '1.99', software: 'Cisco-1.25', before: ['hello'] }],
  ])('banner %j', (text, expected) => {
    expect(readSshBanner(Buffer.from(text))).toMatchObject({ value: expected });
  });
  it.each(['SSH-2.0-\r\n', 'SSH-\n', 'SSH-2.0\n', 'x\n'.repeat(60), 'y'.repeat(2_000)])('no banner: %j', (text) => {
    expect(readSshBanner(Buffer.from(text))).toBe('garbage');
  });
  it('banners: never thrown, never too long', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          fc.string({ unit: 'binary' }).map((it) => Buffer.from(`SSH-2.0-${it}\n`)),
        ),
        (it) => {
          const read = readSshBanner(it);
          if (read !== 'garbage' && 'value' in read) expect(ssh.observation.safeParse({ ...read.value }).success).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

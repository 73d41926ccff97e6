import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { ObjectType } from 'net-snmp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeSnmp } from '../../electron/probes/snmp.ts';
import { comesAfter } from '../../electron/probes/snmp-agent.ts';
import { isSecuredAs } from '../../electron/probes/snmp-guard.ts';
import { measuredOf, numberOf, textOf, wholeOf } from '../../electron/probes/snmp-value.ts';
import { type SnmpConfig, snmp } from '../../shared/checks/snmp.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startUdp } from '../support/servers.ts';
import { startSnmpd } from '../support/udp-servers.ts';

const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

const secrets: Record<string, string> = {
  community: 'noc-reads-this',
  wrong: 'not-the-right-one',
  auth: 'authentication-1',
  priv: 'encryption-key-1',
  short: 'short',
};
const settings = [
  `rocommunity ${secrets.community} 127.0.0.1`,
  `createUser full SHA ${secrets.auth} AES ${secrets.priv}`,
  'rouser full authpriv',
  `createUser signed SHA-256 ${secrets.auth}`,
  'rouser signed authnopriv',
  `createUser md SHA-512 ${secrets.auth} AES ${secrets.priv}`,
  'rouser md authpriv',
  `createUser old MD5 ${secrets.auth} DES ${secrets.priv}`,
  'rouser old authpriv',
  'sysServices 72',
  // A number however it is told: text, and text with a unit.
  'extend number /bin/echo -7.21',
  'extend power /bin/echo -7.21 dBm',
  'extend words /bin/echo all well',
];
let agent: Awaited<ReturnType<typeof startSnmpd>>;
beforeAll(async () => {
  agent = await startSnmpd(settings);
});
afterAll(() => agent.stop());

async function check(
  given: Record<string, unknown>,
  options: { timeoutMs?: number; memory?: { value?: unknown }; secrets?: Record<string, string> } = {},
) {
  const config = snmp.config.parse({
    address: '127.0.0.1',
    port: agent.port,
    communitySecret: 'community',
    kind: 'host',
    ...given,
  }) as SnmpConfig;
  const context = probeContext({ timeoutMs: 4_000, secrets, ...options });
  const begin = performance.now();
  const facts = await probeSnmp(config, context);
  expect(() => snmp.observation.parse(facts)).not.toThrow();
  const verdict = snmp.judge(facts, config);
  expect(snmp.explain(facts, verdict, config).todo).not.toBe('');
  const lines = snmp.facts(facts);
  for (const secret of Object.values(secrets)) {
    if (secret.length > 5) expect(JSON.stringify([facts, verdict, lines, context.lines])).not.toContain(secret);
  }
  return { facts, verdict, lines, notes: context.lines, tookMs: performance.now() - begin };
}
const v3 = { version: '3', communitySecret: undefined, authSecret: 'auth', privSecret: 'priv' };
const sysContactNumber = '1.3.6.1.2.1.1.7.0';
/** Object id of the output of an `extend` line. */
const extended = (name: string): string =>
  `1.3.6.1.4.1.8072.1.3.2.3.1.1.${name.length}.${[...name].map((letter) => letter.charCodeAt(0)).join('.')}`;

describe('a real agent (snmpd)', () => {
  it.each([
    ['version 2c', {}],
    ['version 3, signed and encrypted', { ...v3, user: 'full' }],
    ['version 3, signed', { ...v3, user: 'signed', privSecret: undefined, authProtocol: 'sha256' }],
    ['version 3, SHA-512', { ...v3, user: 'md', authProtocol: 'sha512' }],
    ['version 3, MD5 and DES', { ...v3, user: 'old', authProtocol: 'md5', privProtocol: 'des' }],
  ])('%s: host, interface and value', async (_, login) => {
    const host = await check(login);
    expect(host.facts.failure).toBeUndefined();
    expect(['ok', 'degraded', 'down']).toContain(host.verdict.state);
    expect(host.facts.host?.memoryPercent).toBeGreaterThan(0);
    expect(host.facts.host?.load5).toBeGreaterThanOrEqual(0);
    expect(host.facts.host?.cores).toBeGreaterThan(0);
    expect(snmp.measure(host.facts)).toBe(host.facts.host?.memoryPercent);
    const lo = await check({ ...login, kind: 'interface', interface: 'lo' });
    expect(lo.verdict).toMatchObject({ state: 'ok', text: expect.stringContaining('lo is up') });
    expect(lo.facts.interface).toMatchObject({ name: 'lo', status: 1, admin: 1, counterBits: 64, noRates: 'first' });
    const value = await check({ ...login, kind: 'value', oid: sysContactNumber });
    expect(value.facts.value?.number).toBe(72);
  });

  it('agrees with this computer about memory and disks', async () => {
    const { facts } = await check({ ignoreDisks: ['/proc', '/sys', '/dev', '/run'] });
    const total = Number(/MemTotal:\s+(\d+)/.exec(execFileSync('cat', ['/proc/meminfo']).toString())?.[1]) * 1_024;
    expect(facts.host?.memoryBytes).toBe(total);
    const root = facts.host?.disks?.find((disk) => disk.mount === '/');
    if (root) {
      const df = execFileSync('df', ['-B1', '--output=size,used', '/']).toString();
      const [, size = 0, used = 0] = (/(\d+)\s+(\d+)\s*$/.exec(df) ?? []).map(Number);
      expect(root.bytes / size).toBeCloseTo(1, 2);
      expect(Math.abs(root.percent - (used / size) * 100)).toBeLessThan(3);
    } else expect(facts.host?.notKnown).toContain('disks');
  });

  it('tells rates from the second look on: what goes through lo', { timeout: 30_000 }, async () => {
    const memory = {};
    const asked = { kind: 'interface', interface: 'lo', speed: 1_000 };
    expect((await check(asked, { memory })).facts.interface?.noRates).toBe('first');
    expect((await check(asked, { memory })).facts.interface?.noRates).toBe('too-soon');
    const sink = keep(await startUdp(() => {}));
    const socket = createSocket('udp4');
    const end = performance.now() + 8_000;
    let sent = 0;
    while (performance.now() < end) {
      for (let i = 0; i < 10; i += 1) {
        socket.send(Buffer.alloc(1_000), sink.port, '127.0.0.1');
        sent += 1_000;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    socket.close();
    const { facts, verdict, lines } = await check(asked, { memory });
    const rate = facts.interface?.bitsPerSecond?.in as number;
    // Others use lo too, and the agent reads its counters every few seconds.
    expect(rate).toBeGreaterThan(((sent * 8) / 8) * 0.4);
    expect(snmp.measure(facts)).toBeCloseTo(rate / 1e7, 5);
    expect(verdict.text).toMatch(/^lo is up, .+ in, .+ out/);
    expect(lines.find((line) => line.label === 'Traffic')?.value).toContain('in ');
  });

  it('an agent that was restarted gives no rate', { timeout: 30_000 }, async () => {
    const other = await startSnmpd(settings);
    const memory = {};
    const asked = { port: other.port, kind: 'interface', interface: 'lo' };
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const before = (await check(asked, { memory })).facts;
    await other.stop();
    const again = keep(await startSnmpd(settings, other.port));
    expect(again.port).toBe(other.port);
    const { facts, verdict } = await check(asked, { memory });
    expect(facts.interface?.noRates).toBe('restarted');
    expect(facts.interface?.bitsPerSecond).toBeUndefined();
    expect(verdict.state).toBe('ok');
    expect(snmp.changes(before, { ...facts, agentUpSeconds: 0 })).toMatchObject([{ code: 'agent-restarted' }]);
  });

  it.each([
    ['by number', { interface: 1 }, 'ok', 'ok'],
    ['a name that is not there', { interface: 'xe-0/0/1' }, 'down', 'no-such-interface'],
    ['a number that is not there', { interface: 4_711 }, 'down', 'no-such-interface'],
  ])('an interface %s', async (_, given, state, reason) => {
    expect((await check({ kind: 'interface', ...given })).verdict).toMatchObject({ state, reason });
  });

  it('sees an interface that is down, and one that is switched off', async () => {
    const name = `nd${process.pid % 100_000}`;
    try {
      execFileSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`]);
      execFileSync('ip', ['link', 'set', name, 'up']);
      // A new agent, as one keeps its list of interfaces for a while.
      const fresh = keep(await startSnmpd(settings));
      expect((await check({ port: fresh.port, kind: 'interface', interface: name })).verdict).toMatchObject({
        state: 'down',
        reason: 'interface-down',
      });
      expect((await check({ port: fresh.port, kind: 'interface', interface: `${name}p` })).verdict).toMatchObject({
        state: 'down',
        reason: 'switched-off',
      });
    } finally {
      execFileSync('ip', ['link', 'del', name]);
    }
  });

  it.each([
    ['in its range', { oid: sysContactNumber, degradedAbove: 72, degradedBelow: 72, downAbove: 80 }, 'ok', 'ok'],
    ['too high', { oid: sysContactNumber, degradedAbove: 71 }, 'degraded', 'too-high'],
    ['far too high', { oid: sysContactNumber, degradedAbove: 10, downAbove: 71 }, 'down', 'too-high'],
    ['too low', { oid: `.${sysContactNumber}`, degradedBelow: 73 }, 'degraded', 'too-low'],
    ['far too low', { oid: sysContactNumber, scale: 0.1, downBelow: 7.3 }, 'down', 'too-low'],
    ['told as text', { oid: extended('number'), degradedBelow: -7 }, 'degraded', 'too-low'],
    ['told as text with its unit', { oid: extended('power'), label: 'receive power', unit: 'dBm', degradedBelow: -20 }, 'ok', 'ok'],
    ['no number', { oid: extended('words') }, 'unknown', 'no-number'],
    ['not there', { oid: '1.3.6.1.4.1.99999.1.0' }, 'unknown', 'no-such-value'],
    ['an Opaque float: load', { oid: '1.3.6.1.4.1.2021.10.1.6.1', degradedAbove: 10_000 }, 'ok', 'ok'],
  ])('a value %s', async (_, given, state, reason) => {
    const { verdict } = await check({ kind: 'value', ...given });
    expect(verdict).toMatchObject({ state, reason });
    if ('label' in given) expect(verdict.text).toBe('receive power is -7.21 dBm');
  });
});

describe('who is not let in', () => {
  it('a wrong community is silence', async () => {
    const { verdict, tookMs } = await check({ communitySecret: 'wrong' }, { timeoutMs: 500 });
    expect(verdict).toMatchObject({ state: 'down', reason: 'timeout' });
    expect(verdict.text).toContain('a wrong community looks the same');
    expect(tookMs).toBeLessThan(800);
  });

  it('a wrong password for encryption is silence too', async () => {
    const { verdict } = await check({ ...v3, user: 'full', privSecret: 'wrong' }, { timeoutMs: 600 });
    expect(verdict).toMatchObject({
      state: 'down',
      reason: 'timeout',
      text: expect.stringContaining('a wrong password for encryption looks the same'),
    });
  });

  it.each([
    ['a wrong password', { ...v3, user: 'full', authSecret: 'wrong' }],
    ['an unknown user', { ...v3, user: 'nobody' }],
    ['another protocol', { ...v3, user: 'full', authProtocol: 'sha256' }],
    ['an unknown user without passwords', { ...v3, user: 'nobody2', authSecret: undefined, privSecret: undefined }],
  ])('%s is refused, and after three times not tried any more', async (_, login) => {
    const given = { ...login, context: undefined, user: login.user };
    // Other rows try the same user; what counts is account and secret together.
    const count: (number | undefined)[] = [];
    for (let i = 0; i < 5; i += 1) {
      const { verdict, facts } = await check(given, { timeoutMs: 1_500 });
      expect(verdict).toMatchObject({ state: 'unknown' });
      if (verdict.reason === 'timeout') continue;
      expect(verdict.reason).toBe('login-refused');
      count.push(facts.refusals);
      if (i >= 3) expect(facts.nextLoginMs).toBeGreaterThan(3_500_000);
      if (i < 3) expect(facts.nextLoginMs).toBeUndefined();
    }
    expect(count).toEqual([1, 2, 3, 3, 3]);
    // A changed secret is tried at once.
    if (login.user === 'full') expect((await check({ ...v3, user: 'full' })).facts.failure).toBeUndefined();
  });

  it.each([
    ['not set', { communitySecret: 'nowhere' }],
    ['too short', { ...v3, user: 'full', authSecret: 'short' }],
    ['not set, for encryption', { ...v3, user: 'full', privSecret: 'nowhere' }],
  ])('a secret that is %s is named', async (_, given) => {
    expect((await check(given)).verdict).toMatchObject({ state: 'unknown', reason: 'no-secret' });
  });

  it('nothing listens', async () => {
    const port = await freePort();
    const { verdict, tookMs } = await check({ port });
    expect(verdict).toEqual({ state: 'down', reason: 'refused', text: `no SNMP agent listens on port ${port}` });
    expect(tookMs).toBeLessThan(1_000);
  });

  it('an agent that is stopped (SIGSTOP) times out', async () => {
    const frozen = keep(await startSnmpd(settings));
    process.kill(frozen.pid(), 'SIGSTOP');
    try {
      expect((await check({ port: frozen.port }, { timeoutMs: 500 })).verdict).toMatchObject({ state: 'down', reason: 'timeout' });
    } finally {
      process.kill(frozen.pid(), 'SIGCONT');
    }
  });
});

/** BER by hand, for agents that lie. */
const ber = (tag: number, ...parts: (Buffer | number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const whole = (value: number): Buffer => ber(2, [(value >> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
/** An agent of version 2c: is given the id of the question and its object ids, and says what to answer. */
interface Asked {
  id: number;
  oids: Buffer[];
  message: Buffer;
}
const oidBytes = (oid: string): Buffer => {
  const [a = 0, b = 0, ...rest] = oid.split('.').map(Number);
  const bytes = [a * 40 + b];
  for (const part of rest) {
    const septets = [part & 127];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) septets.unshift((left & 127) | 128);
    bytes.push(...septets);
  }
  return Buffer.from(bytes);
};
function readQuestion(message: Buffer): Asked {
  const next = (at: number): { tag: number; from: number; to: number } => {
    const first = message[at + 1] as number;
    const extra = first >= 128 ? first - 128 : 0;
    const length = extra > 0 ? message.readUIntBE(at + 2, extra) : first;
    return { tag: message[at] as number, from: at + 2 + extra, to: at + 2 + extra + length };
  };
  const version = next(next(0).from);
  const pdu = next(next(version.to).to);
  const id = next(pdu.from);
  const list = next(next(next(id.to).to).to);
  const oids: Buffer[] = [];
  for (let at = list.from; at < list.to; ) {
    const pair = next(at);
    const oid = next(pair.from);
    oids.push(message.subarray(oid.from, oid.to));
    at = pair.to;
  }
  return { id: message.readIntBE(id.from, id.to - id.from), oids, message };
}
const answering = (
  id: number,
  pairs: [oid: Buffer, value: Buffer][],
  change: { status?: number; community?: string; type?: number; version?: number } = {},
): Buffer =>
  ber(
    0x30,
    ber(2, [change.version ?? 1]),
    ber(4, Buffer.from(change.community ?? (secrets.community as string))),
    ber(
      change.type ?? 0xa2,
      whole(id),
      ber(2, [change.status ?? 0]),
      ber(2, [0]),
      ber(0x30, ...pairs.map(([oid, value]) => ber(0x30, ber(6, oid), value))),
    ),
  );
const liar = async (lie: (asked: Asked) => Buffer | Buffer[]) =>
  keep(
    await startUdp((message, send) => {
      for (const answer of [lie(readQuestion(message))].flat()) send(answer);
    }),
  );

describe('agents that lie', () => {
  const noise: [string, (asked: Asked) => Buffer | Buffer[]][] = [
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['the question thrown back', ({ message }) => message],
    [
      'another version',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, whole(1)]),
          { version: 0 },
        ),
    ],
    [
      'another community',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, whole(1)]),
          { community: 'public' },
        ),
    ],
    [
      'another object',
      ({ id }) =>
        answering(id, [
          [oidBytes('1.3.6.1.9'), whole(1)],
          [oidBytes('1.3.6.1.9.1'), whole(1)],
        ]),
    ],
    ['fewer objects', ({ id, oids }) => answering(id, [[oids[0] as Buffer, whole(1)]])],
    ['no objects', ({ id }) => answering(id, [])],
    [
      'an integer of no bytes',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, ber(2, [])]),
        ),
    ],
    [
      'an unknown type',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, ber(0x55, [1])]),
        ),
    ],
    [
      'an object id of no bytes',
      ({ id }) =>
        answering(id, [
          [Buffer.alloc(0), whole(1)],
          [Buffer.alloc(0), whole(1)],
        ]),
    ],
    [
      'a length beyond the end',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, Buffer.from([4, 0x84, 0x7f, 0xff, 0xff, 0xff])]),
        ),
    ],
    [
      'a report',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, whole(1)]),
          { type: 0xa8 },
        ),
    ],
    [
      'a trap',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, whole(1)]),
          { type: 0xa7 },
        ),
    ],
    ['a trap of version 1', ({ id }) => answering(id, [], { type: 0xa4 })],
    [
      'cut off',
      ({ id, oids }) =>
        answering(
          id,
          oids.map((oid) => [oid, whole(1)]),
        ).subarray(0, 40),
    ],
  ];
  it.each(noise)('%s: named, survived, in time', async (_, lie) => {
    const { port } = await liar(lie);
    const { verdict, tookMs } = await check({ port, kind: 'value', oid: sysContactNumber }, { timeoutMs: 400 });
    expect(['not-snmp', 'timeout', 'no-such-value', 'no-number']).toContain(verdict.reason);
    expect(verdict.state).not.toBe('ok');
    expect(tookMs).toBeLessThan(700);
  });

  it.each([
    ['a Counter64 of twenty bytes', ber(0x46, Buffer.alloc(20, 9))],
    ['a Counter64 of no bytes', ber(0x46, [])],
    ['the value that stands for none', ber(2, [0x7f, 0xff, 0xff, 0xff])],
    ['an Opaque float that is no number', ber(0x44, [0x9f, 0x78, 4, 0x7f, 0xc0, 0, 0])],
    ['bits', ber(3, [0, 0xff, 0xff])],
    ['an address', ber(0x40, [192, 0, 2, 1])],
    ['hostile text', ber(4, Buffer.from('\x1b[31m9\u202e'))],
    ['no such instance', ber(0x81, [])],
  ])('%s is no number', async (_, value) => {
    const { port } = await liar(({ id, oids }) =>
      answering(
        id,
        oids.map((oid, at) => [oid, at === 0 ? value : whole(100)]),
      ),
    );
    const { verdict } = await check({ port, kind: 'value', oid: sysContactNumber }, { timeoutMs: 500 });
    expect(verdict.state).toBe('unknown');
    expect(verdict.text).not.toContain('\x1b');
    expect(verdict.text).not.toContain('\u202e');
  });

  it('an error of the agent is told as one', async () => {
    const { port } = await liar(({ id, oids }) =>
      answering(
        id,
        oids.map((oid) => [oid, ber(5, [])]),
        { status: 5 },
      ),
    );
    const { facts } = await check({ port, kind: 'value', oid: sysContactNumber }, { timeoutMs: 500 });
    expect(facts.failure?.code).toBe('server-error');
  });

  it.each([
    ['tables that go in a circle', (_: number) => '1.3.6.1.2.1.31.1.1.1.1.5', 'protocol'],
    ['tables without an end', (asked: number) => `1.3.6.1.2.1.31.1.1.1.1.${asked + 1}`, /^(?:too-large|timeout)$/],
  ])('%s', { timeout: 20_000 }, async (_, next, code) => {
    let asked = 0;
    const { port } = await liar(({ id }) =>
      answering(
        id,
        Array.from({ length: 25 }, () => [oidBytes(next(asked++)), ber(4, Buffer.from('x'))]),
      ),
    );
    const { facts, verdict, tookMs } = await check({ port, kind: 'interface', interface: 'eth0' }, { timeoutMs: 8_000 });
    expect(facts.failure?.code).toMatch(code);
    expect(verdict.state).not.toBe('ok');
    expect(tookMs).toBeLessThan(8_400);
    expect(asked).toBeLessThan(12_000);
  });

  it('a flood is cut', async () => {
    const { port } = keep(
      await startUdp((_message, send) => {
        for (let i = 0; i < 5_000; i += 1) send(Buffer.alloc(1_400, i));
      }),
    );
    const { verdict, tookMs } = await check({ port }, { timeoutMs: 1_000 });
    expect(['not-snmp', 'too-large']).toContain(verdict.reason);
    expect(tookMs).toBeLessThan(1_500);
  });

  it.each([{}, { ...v3, user: 'fuzz' }])('any bytes are survived: %o', { timeout: 60_000 }, async (login) => {
    let mutate: (message: Buffer) => Buffer = (message) => message;
    const { port } = keep(await startUdp((message, send) => send(mutate(message))));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        fc.boolean(),
        fc.uint8Array({ maxLength: 80 }),
        async (edits, whollyNoise, bytes) => {
          mutate = (message) => {
            if (whollyNoise) return Buffer.from(bytes);
            const copy = Buffer.from(message);
            for (const [at, value] of edits) copy[Math.floor(at * copy.length)] = value;
            // As if it were the answer, or a report.
            const pdu = copy.findIndex((byte, at) => at > 10 && (byte === 0xa0 || byte === 0xa5));
            if (pdu >= 0) copy[pdu] = bytes.length % 2 ? 0xa2 : 0xa8;
            return copy;
          };
          const { verdict } = await check({ ...login, port, kind: 'value', oid: sysContactNumber }, { timeoutMs: 60 });
          expect(verdict.state).not.toBe('ok');
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe('what must be signed', () => {
  /** A message of version 3 with these flags around a PDU of this type. */
  const message = (flags: number, pdu: number): Buffer =>
    ber(
      0x30,
      ber(2, [3]),
      ber(0x30, whole(7), whole(65_507), ber(4, [flags]), ber(2, [3])),
      ber(4, ber(0x30, ber(4, [1, 2, 3]), ber(2, [1]), ber(2, [1]), ber(4, Buffer.from('full')), ber(4, []), ber(4, []))),
      (flags & 2) !== 0 ? ber(4, Buffer.alloc(16)) : ber(0x30, ber(4, [1]), ber(4, []), ber(pdu, whole(7))),
    );
  const full = { version: 3, auth: true, priv: true } as const;
  const signed = { version: 3, auth: true, priv: false } as const;
  const bare = { version: 3, auth: false, priv: false } as const;
  it.each([
    ['encrypted and signed', message(3, 0xa2), full, true],
    ['signed only, though it should be encrypted', message(1, 0xa2), full, false],
    ['neither, though it should be both', message(0, 0xa2), full, false],
    ['a bare report', message(0, 0xa8), full, true],
    ['a signed report', message(1, 0xa8), full, true],
    ['encrypted and not signed', message(2, 0xa2), full, false],
    ['signed', message(1, 0xa2), signed, true],
    ['not signed, though it should be', message(0, 0xa2), signed, false],
    ['encrypted, though nobody has a key', message(3, 0xa2), signed, false],
    ['bare', message(0, 0xa2), bare, true],
    ['signed, though nobody has a key', message(1, 0xa2), bare, false],
    ['version 2c in version 3', answering(1, []), full, false],
    ['version 3 in version 2c', message(0, 0xa2), { version: 1, auth: false, priv: false } as const, false],
    ['version 2c', answering(1, []), { version: 1, auth: false, priv: false } as const, true],
  ])('%s', (_, bytes, wanted, isRight) => {
    expect(isSecuredAs(bytes, wanted)).toBe(isRight);
  });
  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        isSecuredAs(Buffer.from(bytes), full);
        isSecuredAs(Buffer.concat([Buffer.from([0x30, bytes.length & 127, 2, 1, 3]), Buffer.from(bytes)]), full);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('values', () => {
  it.each([
    ['Integer', ObjectType.Integer, -5, -5n],
    ['Gauge', ObjectType.Gauge, 4_294_967_295, 4_294_967_295n],
    ['Counter64', ObjectType.Counter64, Buffer.from('0102', 'hex'), 258n],
    ['the largest Counter64', ObjectType.Counter64, Buffer.from('00ffffffffffffffff', 'hex'), 18_446_744_073_709_551_615n],
    ['a Counter64 that is too long', ObjectType.Counter64, Buffer.from('01ffffffffffffffff', 'hex'), undefined],
    ['text', ObjectType.OctetString, Buffer.from('5'), undefined],
    ['none', ObjectType.NoSuchInstance, null, undefined],
  ])('%s', (_, type, value, whole) => {
    const varbind = { oid: '1.3', type, value };
    expect(wholeOf(varbind)).toBe(whole);
    expect(numberOf(varbind)).toBe(whole === undefined ? undefined : Number(whole));
  });
  it.each([
    ['-7.21 dBm', -7.21],
    [' 21.5 °C ', 21.5],
    ['85%', 85],
    ['+3', 3],
    ['1e5', undefined],
    ['', undefined],
    ['12 34', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
  ])('text %j as a number', (text, number) => {
    expect(measuredOf({ oid: '1.3', type: ObjectType.OctetString, value: Buffer.from(text) })).toBe(number);
  });
  it('text is harmless', () => {
    expect(textOf({ oid: '1.3', type: ObjectType.OctetString, value: Buffer.from('\x1b[31mxe-0/0/1\0') })).toBe('xe-0/0/1');
  });
  it.each([
    ['1.3.6.1.10', '1.3.6.1.9', true],
    ['1.3.6.1.9', '1.3.6.1.10', false],
    ['1.3.6.1', '1.3.6.1', false],
    ['1.3.6.1.0', '1.3.6.1', true],
    ['1.3.6', '1.3.6.1', false],
  ])('%s after %s: %s', (oid, before, isAfter) => {
    expect(comesAfter(oid, before)).toBe(isAfter);
  });
});

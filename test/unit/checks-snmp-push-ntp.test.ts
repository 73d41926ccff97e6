import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfigSchemas, checks } from '../../shared/checks/index.ts';
import { type NtpConfig, type NtpFacts, ntp } from '../../shared/checks/ntp.ts';
import { type PushConfig, type PushFacts, push, readListen } from '../../shared/checks/push.ts';
import { type SnmpConfig, type SnmpFacts, snmp } from '../../shared/checks/snmp.ts';
import { humanBits } from '../../shared/checks/snmp-interface.ts';
import { type CounterSample, ratesOf } from '../../shared/checks/snmp-rates.ts';
import { type UdpConfig, type UdpFacts, udp } from '../../shared/checks/udp.ts';
import { inventorySchema } from '../../shared/model/inventory.ts';
import { planOf } from '../../shared/model/plan.ts';
import { failureCodes } from '../../shared/model/words.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

describe('ntp', () => {
  const config = ntp.config.parse({ address: '192.0.2.1' }) as NtpConfig;
  const good: NtpFacts = { address: '192.0.2.1', offsetMs: 2, delayMs: 10, stratum: 2, leap: 0 };
  it.each<[string, NtpFacts, Partial<Record<keyof NtpConfig, unknown>>, string, string]>([
    ['in step', good, {}, 'ok', 'ok'],
    ['at the limit', { ...good, offsetMs: 105, delayMs: 10 }, {}, 'unknown', 'imprecise'],
    ['beyond it for sure', { ...good, offsetMs: 106, delayMs: 10 }, {}, 'degraded', 'offset'],
    ['behind for sure', { ...good, offsetMs: -106, delayMs: 10 }, {}, 'degraded', 'offset'],
    ['far ahead', { ...good, offsetMs: 1_006, delayMs: 10 }, {}, 'down', 'offset'],
    ['a slow way may make the offset', { ...good, offsetMs: 150, delayMs: 300 }, {}, 'unknown', 'imprecise'],
    ['a slow way does not hide a large one', { ...good, offsetMs: 2_000, delayMs: 300 }, {}, 'down', 'offset'],
    ['leap 3', { ...good, leap: 3 }, {}, 'degraded', 'unsynchronized'],
    ['leap 3 and a wrong clock: not synchronized is said first', { ...good, leap: 3, offsetMs: 90_000 }, {}, 'degraded', 'unsynchronized'],
    ['a leap second announced', { ...good, leap: 1 }, {}, 'ok', 'ok'],
    ['stratum 16', { ...good, stratum: 16 }, {}, 'degraded', 'unsynchronized'],
    ['stratum 15', { ...good, stratum: 15 }, {}, 'ok', 'ok'],
    ['too many steps', { ...good, stratum: 5 }, { stratumDegraded: 5 }, 'degraded', 'stratum'],
    ['few enough steps', { ...good, stratum: 4 }, { stratumDegraded: 5 }, 'ok', 'ok'],
    ['RATE', { kiss: 'RATE', leap: 3, stratum: 0 }, {}, 'unknown', 'asked-too-often'],
    ['DENY', { kiss: 'DENY', leap: 3, stratum: 0 }, {}, 'down', 'turned-away'],
    ['INIT', { kiss: 'INIT', leap: 3, stratum: 0 }, {}, 'degraded', 'unsynchronized'],
    ['a kiss of no letters', { kiss: '', leap: 3, stratum: 0 }, {}, 'degraded', 'unsynchronized'],
    ['nothing known', {}, {}, 'unknown', 'no-result'],
    ['silence', { failure: { code: 'timeout', detail: 'no answer' } }, {}, 'down', 'timeout'],
    ['garbage', { failure: { code: 'protocol', detail: 'no NTP' } }, {}, 'down', 'not-ntp'],
    ['our resolver', { failure: { code: 'resolver-failed', detail: 'x' } }, {}, 'unknown', 'resolver-failed'],
  ])('%s', (_, facts, more, state, reason) => {
    const settings = { ...config, ...more } as NtpConfig;
    const verdict = ntp.judge(facts, settings);
    expect(verdict).toMatchObject({ state, reason });
    expect(ntp.explain(facts, verdict, settings).happened).toContain('192.0.2.1');
  });
});

describe('push', () => {
  const config = push.config.parse({ token: 'backup', every: '1d', grace: '1h' }) as PushConfig;
  const now = 1_800_000_000_000;
  const listening = { since: now - 30 * DAY, at: now };
  it.each<[string, PushFacts, string, string]>([
    ['just called', { ...listening, lastAt: now - 5 }, 'ok', 'ok'],
    ['called within its time', { ...listening, lastAt: now - 24 * HOUR }, 'ok', 'ok'],
    ['within the grace', { ...listening, lastAt: now - 25 * HOUR }, 'ok', 'ok'],
    ['a moment too late', { ...listening, lastAt: now - 25 * HOUR - 1 }, 'down', 'late'],
    ['a warning', { ...listening, lastAt: now - HOUR, status: 'warning', text: 'disk' }, 'degraded', 'reported-warning'],
    ['critical', { ...listening, lastAt: now - HOUR, status: 'critical' }, 'down', 'reported-critical'],
    ['critical, and then silence', { ...listening, lastAt: now - 26 * HOUR, status: 'critical' }, 'down', 'late'],
    ['never called, new', { since: now - HOUR, at: now }, 'unknown', 'never-called'],
    ['never called until the last moment', { since: now - 25 * HOUR, at: now }, 'unknown', 'never-called'],
    ['never called, long waited', { since: now - 25 * HOUR - 1, at: now }, 'down', 'never-came'],
    ['late, but nobody listened meanwhile', { since: now - HOUR, at: now, lastAt: now - 40 * HOUR }, 'unknown', 'missed-perhaps'],
    ['late, and listened long enough since', { since: now - 26 * HOUR, at: now, lastAt: now - 40 * HOUR }, 'down', 'late'],
    ['in time before a restart', { since: now - 5, at: now, lastAt: now - 20 * HOUR }, 'ok', 'ok'],
    ['nobody listens', { at: now }, 'unknown', 'not-listening'],
    ['no token', { failure: { code: 'no-secret', detail: 'the secret is not set' } }, 'unknown', 'no-secret'],
  ])('%s', (_, facts, state, reason) => {
    const verdict = push.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    expect(push.explain(facts, verdict, config).todo).not.toBe('');
  });
  it('says what the job said, and how late it is', () => {
    expect(push.judge({ ...listening, lastAt: now - 4 * MINUTE, status: 'ok', text: '12 GB' }, config, now).text).toBe(
      'called 4 min ago: 12 GB',
    );
    expect(push.judge({ ...listening, lastAt: now - 50 * HOUR }, config, now).text).toBe(
      'the last call came 2 d 2 h ago; expected every 1 d',
    );
  });
  it.each([
    ['127.0.0.1:8790', { host: '127.0.0.1', port: 8790 }],
    ['[::1]:8790', { host: '::1', port: 8790 }],
    ['0.0.0.0:1', { host: '0.0.0.0', port: 1 }],
    ['127.0.0.1', null],
    ['127.0.0.1:0', null],
    ['127.0.0.1:65536', null],
    ['256.0.0.1:80', null],
    ['::1:80', null],
    ['localhost:80', null],
    [':80', null],
    ['127.0.0.1:80/push', null],
  ])('listens on %s: %o', (text, place) => {
    expect(readListen(text)).toEqual(place);
    expect(inventorySchema.safeParse({ desk: { push: { listen: text } } }).success).toBe(place !== null);
  });
  it.each([
    ['nobody listens', {}, 1],
    ['somebody does', { push: { listen: '127.0.0.1:8790' } }, 0],
  ])('a plan where %s', (_, desk, problems) => {
    const inventory = inventorySchema.parse({ desk, hosts: [{ id: 'db1', checks: [{ type: 'push', token: 'backup', every: '1d' }] }] });
    expect(planOf(inventory).problems).toHaveLength(problems);
    expect(planOf(inventory).plan.checks[0]).toMatchObject({
      id: 'db1/push',
      target: 'a call every 1 d',
      config: { every: DAY, grace: 5 * MINUTE },
    });
  });
});

describe('udp', () => {
  const config = udp.config.parse({ address: '192.0.2.1', port: 27_015, send: 'x', expect: 'y' }) as UdpConfig;
  it.each<[string, UdpFacts, string, string]>([
    ['right', { ms: 3, matched: true, tries: 1 }, 'ok', 'ok'],
    ['wrong', { ms: 3, matched: false, reply: 'z' }, 'degraded', 'unexpected-reply'],
    ['refused', { failure: { code: 'refused', detail: 'x' } }, 'down', 'refused'],
    ['silent', { failure: { code: 'timeout', detail: 'x' } }, 'down', 'timeout'],
    ['nothing known', {}, 'unknown', 'no-result'],
    ['our fault', { failure: { code: 'permission', detail: 'x' } }, 'unknown', 'permission'],
  ])('%s', (_, facts, state, reason) => {
    expect(udp.judge(facts, config)).toMatchObject({ state, reason });
  });
});

describe('rates', () => {
  const sample = (seconds: number, octets: bigint | undefined, more: Partial<CounterSample> = {}): CounterSample => ({
    at: 1_000_000 + seconds * 1_000,
    upTicks: BigInt(50_000 + seconds * 100),
    discontinuity: 0n,
    index: 1,
    octets: { in: octets, out: octets },
    errors: { in: 0n, out: 0n },
    drops: { in: 0n, out: 0n },
    bits: 64,
    ...more,
  });
  const before = sample(0, 1_000n);
  const Mbit = 1e6;
  it.each<[string, CounterSample | undefined, CounterSample, number | undefined, string | undefined, number | undefined]>([
    ['the first look', undefined, sample(30, 5n), Mbit, 'first', undefined],
    ['30 s', before, sample(30, 31_000n), Mbit, undefined, 8_000],
    ['nothing went through', before, sample(30, 1_000n), Mbit, undefined, 0],
    ['beyond 2^53', sample(0, 2n ** 60n), sample(10, 2n ** 60n + 10_000n), Mbit, undefined, 8_000],
    ['a wrap of 64 bits', sample(0, 2n ** 64n - 5n), sample(30, 5n), Mbit, 'restarted', undefined],
    ['a wrap of 32 bits', sample(0, 2n ** 32n - 5n, { bits: 32 }), sample(30, 5n, { bits: 32 }), Mbit, 'restarted', undefined],
    ['32 bits at a slow line', sample(0, 0n, { bits: 32 }), sample(30, 30_000n, { bits: 32 }), 100 * Mbit, undefined, 8_000],
    ['32 bits at a fast line', sample(0, 0n, { bits: 32 }), sample(30, 30_000n, { bits: 32 }), 10_000 * Mbit, 'too-fast', undefined],
    ['32 bits, speed not known, long', sample(0, 0n, { bits: 32 }), sample(300, 5n, { bits: 32 }), undefined, 'too-fast', undefined],
    ['a reboot with counters that are higher already', before, sample(30, 9_000_000n, { upTicks: 100n }), Mbit, 'restarted', undefined],
    [
      'a reboot long ago: its clock is ahead, but not by what went by',
      before,
      sample(3_600, 9_000_000n, { upTicks: 60_000n }),
      Mbit,
      'restarted',
      undefined,
    ],
    ['sysUpTime wrapped', sample(0, 0n, { upTicks: 4_294_967_290n }), sample(30, 5n, { upTicks: 2_990n }), Mbit, 'restarted', undefined],
    ['counters were set back', before, sample(30, 31_000n, { discontinuity: 7n }), Mbit, 'restarted', undefined],
    ['too soon', before, sample(2, 31_000n), Mbit, 'too-soon', undefined],
    ['another interface', before, sample(30, 31_000n, { index: 2 }), Mbit, 'first', undefined],
    ['64-bit counters came up', { ...before, bits: 32 }, sample(30, 31_000n), Mbit, 'first', undefined],
    ['an agent without a clock', { ...before, upTicks: undefined }, sample(30, 31_000n, { upTicks: undefined }), Mbit, undefined, 8_000],
    ['the agent read a second later than we asked', before, sample(30, 32_000n, { upTicks: 53_100n }), Mbit, undefined, 8_000],
    [
      'this computer slept, so that our clock stood',
      before,
      { ...sample(3_600, 31_000n), at: before.at + 30_000 },
      Mbit,
      'restarted',
      undefined,
    ],
    ['not counted', before, { ...sample(30, undefined), errors: {}, drops: {} }, Mbit, 'not-counted', undefined],
  ])('%s', (_, was, is, speed, noRates, bits) => {
    const rates = ratesOf(was, is, speed);
    expect(rates.noRates).toBe(noRates);
    expect(rates.bitsPerSecond?.in).toBe(bits);
    expect(rates.bitsPerSecond?.out).toBe(bits);
  });
  it('errors and drops are told beside octets that are not', () => {
    const rates = ratesOf({ ...before, octets: {} }, { ...sample(10, undefined), errors: { in: 20n }, drops: { out: 5n } }, Mbit);
    expect(rates).toMatchObject({ bitsPerSecond: {}, errorsPerSecond: { in: 2 }, dropsPerSecond: { out: 0.5 } });
  });
  it('no counters whatever make a rate that is negative or no number', () => {
    const counter = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined });
    const any = fc.record({
      at: fc.double({ min: 0, max: 1e12, noNaN: true }),
      upTicks: counter,
      discontinuity: counter,
      index: fc.integer({ min: 1, max: 2 }),
      octets: fc.record({ in: counter, out: counter }),
      errors: fc.record({ in: counter, out: counter }),
      drops: fc.record({ in: counter, out: counter }),
      bits: fc.constantFrom(32 as const, 64 as const),
    });
    fc.assert(
      fc.property(any, any, fc.option(fc.double({ min: 1, max: 1e12, noNaN: true }), { nil: undefined }), (a, b, speed) => {
        const { bitsPerSecond, errorsPerSecond, dropsPerSecond } = ratesOf(a, b, speed);
        for (const it of [bitsPerSecond, errorsPerSecond, dropsPerSecond])
          for (const rate of [it?.in, it?.out]) if (rate !== undefined) expect(rate >= 0 && Number.isFinite(rate)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('snmp', () => {
  const base = { address: '192.0.2.1', communitySecret: 'c' };
  const asInterface = snmp.config.parse({ ...base, kind: 'interface', interface: 'xe-0/0/1' }) as SnmpConfig;
  const up = { index: 5, name: 'xe-0/0/1', status: 1, admin: 1, speed: 1e9 };
  it.each<[string, SnmpFacts, string, string]>([
    ['up', { interface: up }, 'ok', 'ok'],
    ['down', { interface: { ...up, status: 2 } }, 'down', 'interface-down'],
    ['switched off', { interface: { ...up, status: 2, admin: 2 } }, 'down', 'switched-off'],
    ['the layer below', { interface: { ...up, status: 7 } }, 'down', 'interface-down'],
    ['a card pulled out', { interface: { ...up, status: 6 } }, 'down', 'interface-down'],
    ['waiting', { interface: { ...up, status: 5 } }, 'degraded', 'dormant'],
    ['in a test', { interface: { ...up, status: 3 } }, 'unknown', 'no-status'],
    ['not known', { interface: { ...up, status: 4 } }, 'unknown', 'no-status'],
    ['a state nobody has heard of', { interface: { ...up, status: 77 } }, 'down', 'interface-down'],
    ['no state', { interface: { index: 5, name: 'x' } }, 'unknown', 'no-status'],
    ['not there', { noInterface: true }, 'down', 'no-such-interface'],
    ['errors', { interface: { ...up, errorsPerSecond: { in: 0, out: 1 } } }, 'degraded', 'errors'],
    ['hardly any errors', { interface: { ...up, errorsPerSecond: { in: 0.9 } } }, 'ok', 'ok'],
    ['drops', { interface: { ...up, dropsPerSecond: { in: 10 } } }, 'degraded', 'drops'],
    ['full', { interface: { ...up, bitsPerSecond: { in: 9e8, out: 1 } } }, 'degraded', 'full'],
    ['nearly full', { interface: { ...up, bitsPerSecond: { in: 8.9e8, out: 1 } } }, 'ok', 'ok'],
    ['busy, speed not known', { interface: { index: 5, status: 1, bitsPerSecond: { in: 9e12 } } }, 'ok', 'ok'],
  ])('an interface that is: %s', (_, facts, state, reason) => {
    const verdict = snmp.judge({ ms: 3, ...facts }, asInterface);
    expect(verdict).toMatchObject({ state, reason });
    expect(snmp.explain(facts, verdict, asInterface).happened).toContain('interface xe-0/0/1 of 192.0.2.1');
    expect(snmp.facts(facts).every(({ value }) => !/undefined|NaN/.test(value))).toBe(true);
  });
  it('writes what goes through', () => {
    const it = { ...up, bitsPerSecond: { in: 2.5e8, out: 1.234e6 } };
    expect(snmp.judge({ ms: 3, interface: it }, asInterface).text).toBe(
      'xe-0/0/1 is up, 250 Mbit/s in, 1.23 Mbit/s out, 25 % of its speed',
    );
    expect(snmp.judge({ ms: 3, interface: { ...up, errorsPerSecond: { in: 12.4 } } }, asInterface).text).toBe(
      'xe-0/0/1 is up with 12 broken packets per second',
    );
    expect(snmp.measure({ interface: it })).toBe(25);
    expect([0, 999, 1e3, 1.5e9].map(humanBits)).toEqual(['0 bit/s', '999 bit/s', '1 kbit/s', '1.5 Gbit/s']);
  });
  it.each<[string, SnmpFacts, string, string]>([
    ['a wrong user', { failure: { code: 'login-refused', detail: 'x' }, refusals: 1 }, 'unknown', 'login-refused'],
    ['silence', { failure: { code: 'timeout', detail: 'x' } }, 'down', 'timeout'],
    ['refused', { failure: { code: 'refused', detail: 'x' } }, 'down', 'refused'],
    ['garbage', { failure: { code: 'protocol', detail: 'x' } }, 'down', 'not-snmp'],
    ['too much', { failure: { code: 'too-large', detail: 'x' } }, 'unknown', 'too-large'],
    ['no secret', { failure: { code: 'no-secret', detail: 'x' } }, 'unknown', 'no-secret'],
    ['nothing', {}, 'unknown', 'no-result'],
  ])('%s', (_, facts, state, reason) => {
    expect(snmp.judge(facts, asInterface)).toMatchObject({ state, reason });
  });
  const asHost = snmp.config.parse({ ...base, kind: 'host' }) as SnmpConfig;
  const fine = { cores: 4, load5: 1, memoryPercent: 50, memoryBytes: 1e9, disks: [{ mount: '/', bytes: 1e12, percent: 60 }] };
  it.each<[string, SnmpFacts['host'], string, string]>([
    ['fine', fine, 'ok', 'ok'],
    ['a full disk', { ...fine, disks: [{ mount: '/', bytes: 1, percent: 95 }] }, 'down', 'disk-full'],
    ['a disk that fills', { ...fine, disks: [{ mount: '/', bytes: 1, percent: 85 }] }, 'degraded', 'disk-full'],
    ['memory', { ...fine, memoryPercent: 97 }, 'down', 'memory'],
    ['load', { ...fine, load5: 8 }, 'degraded', 'load'],
    ['load without cores', { ...fine, cores: undefined, load5: 800 }, 'ok', 'ok'],
    ['disks only', { disks: fine.disks, notKnown: ['load', 'memory'] }, 'ok', 'ok'],
    ['load only', { load5: 0.1, cores: 4, notKnown: ['memory', 'disks'] }, 'unknown', 'nothing-known'],
    ['nothing', {}, 'unknown', 'nothing-known'],
    ['no host', undefined, 'unknown', 'nothing-known'],
  ])('a host: %s', (_, host, state, reason) => {
    const verdict = snmp.judge({ ms: 3, ...(host && { host }) }, asHost);
    expect(verdict).toMatchObject({ state, reason });
    if (host?.notKnown) expect(verdict.text).toContain('not known: ');
  });
  it.each([
    ['a restart of the host', { host: { upSeconds: 9_000 } }, { host: { upSeconds: 5 } }, ['reboot']],
    [
      'of the agent alone',
      { agentUpSeconds: 9_000, host: { upSeconds: 9_000 } },
      { agentUpSeconds: 5, host: { upSeconds: 9_030 } },
      ['agent-restarted'],
    ],
    ['sysUpTime came round', { agentUpSeconds: 42_949_600 }, { agentUpSeconds: 5 }, []],
    ['a slower port', { interface: { index: 1, speed: 1e9 } }, { interface: { index: 1, speed: 1e8 } }, ['speed']],
    ['nothing', { agentUpSeconds: 5, interface: up }, { agentUpSeconds: 35, interface: up }, []],
  ])('tells of %s', (_, before, after, codes) => {
    expect(snmp.changes(before, after).map(({ code }) => code)).toEqual(codes);
  });
  it.each([
    ['no community', { communitySecret: undefined, kind: 'host' }],
    ['no user', { version: '3', kind: 'host' }],
    ['encryption without authentication', { version: '3', user: 'x', privSecret: 'p', kind: 'host' }],
    ['no interface', { kind: 'interface' }],
    ['no object id', { kind: 'value' }],
    ['an object id of letters', { kind: 'value', oid: 'ifDescr.1' }],
    ['a scale of 0', { kind: 'value', oid: '1.3.6.1', scale: 0 }],
    ['no kind', {}],
  ])('settings: %s is refused', (_, given) => {
    expect(snmp.config.safeParse({ ...base, ...given }).success).toBe(false);
  });
  it('a number that history cannot keep is no measure', () => {
    expect([1e12, -1e12, 1.8e19].map((number) => snmp.measure({ value: { number } }))).toEqual([1e12, -1e12, null]);
  });
  it('the unit is that of the value', () => {
    const value = snmp.config.parse({ ...base, kind: 'value', oid: '1.3.6.1', unit: 'dBm' }) as SnmpConfig;
    expect([snmp.unitOf(value), snmp.unitOf(asHost)]).toEqual(['dBm', '%']);
  });
});

it.each(['ntp', 'udp', 'push', 'snmp'] as const)('%s: every failure has a verdict that is not ok, and words', (type) => {
  const configs = {
    ntp: { address: '192.0.2.1' },
    udp: { address: '192.0.2.1', port: 1, send: 'x' },
    push: { token: 't', every: '1h' },
    snmp: { address: '192.0.2.1', communitySecret: 'c', kind: 'host' },
  };
  const config = checkConfigSchemas[type].parse(configs[type]);
  for (const code of failureCodes) {
    const facts = { failure: { code, detail: 'what went wrong' } };
    const verdict = checks[type].judge(facts as never, config as never, 0);
    expect(verdict.state).not.toBe('ok');
    const { means, todo } = checks[type].explain(facts as never, verdict, config as never);
    expect(means.length * todo.length).toBeGreaterThan(0);
  }
});

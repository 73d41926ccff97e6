import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataOf, decodeReply, valuesOf } from '../../electron/probes/dns-reply.ts';
import { resolversOf } from '../../electron/probes/dns-servers.ts';
import { readRdap } from '../../electron/probes/rdap.ts';
import { type DelegationConfig, type DelegationFacts, delegation, differencesOf } from '../../shared/checks/delegation.ts';
import { isWithin, newestSerial, readServer, serialBehind, serverName } from '../../shared/checks/dns-names.ts';
import { mismatchOf, mismatchText } from '../../shared/checks/dns-records.ts';
import { type DomainConfig, type DomainFacts, domain } from '../../shared/checks/domain.ts';
import { type PropagationConfig, type PropagationFacts, propagation, type ResolverFacts } from '../../shared/checks/propagation.ts';
import { type ZoneConfig, type ZoneFacts, type ZoneServer, zone } from '../../shared/checks/zone.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('serial numbers (RFC 1982)', () => {
  it.each([
    [1, 1, 0],
    [1, 3, 2],
    [3, 1, -2],
    [2026111901, 2026111903, 2],
    [4294967295, 0, 1],
    [0, 4294967295, -1],
    [4294967290, 5, 11],
    [0, 2 ** 31 - 1, 2 ** 31 - 1],
    [0, 2 ** 31, 2 ** 31],
    [2 ** 31, 0, 2 ** 31],
    [0, 2 ** 31 + 1, -(2 ** 31 - 1)],
  ])('%d is behind %d by %d', (serial, reference, behind) => {
    expect(serialBehind(serial, reference)).toBe(behind);
  });
  it('adding less than half the circle is always newer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (serial, more) => {
        const newer = (serial + more) % 2 ** 32;
        expect(serialBehind(serial, newer)).toBe(more);
        expect(serialBehind(newer, serial)).toBe(-more);
        expect(newestSerial([serial, newer])).toBe(newer);
        expect(newestSerial([newer, serial])).toBe(newer);
      }),
    );
  });
  it('there is no newest of none', () => expect(newestSerial([])).toBeUndefined());
});

describe('servers as written', () => {
  it.each([
    ['ns1.example.net', 'ns1.example.net', null],
    ['192.0.2.1', '192.0.2.1', null],
    ['192.0.2.1:5353', '192.0.2.1', 5353],
    ['2001:db8::1', '2001:db8::1', null],
    ['[2001:db8::1]:5353', '2001:db8::1', 5353],
    ['ns1.example.net:53', 'ns1.example.net', 53],
  ])('%s', (text, host, port) => {
    expect(readServer(text)).toEqual({ host, port });
    expect(serverName(host, port ?? 53)).toBe(port === 53 ? host : text);
  });
  it.each([
    '',
    ' ',
    '-h',
    'a b',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '192.0.2.1:',
    ':53',
    '[192.0.2.1]:53',
    '[2001:db8::1]',
    '2001:db8::1:53:x',
    'a:b:c',
    '10.0.0.300',
    '[::1]:53]',
    'a;b:53',
  ])('%j is none', (text) => expect(readServer(text)).toBeNull());
  it('whatever is taken can be asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 40 }),
          fc.ipV6().map((ip) => `[${ip}]:53`),
          fc.domain(),
        ),
        (text) => {
          const read = readServer(text);
          if (read) expect(read.host).toMatch(/^[a-zA-Z0-9:][a-zA-Z0-9.:-]*$/);
        },
      ),
    );
  });
  it.each([
    ['example.net', 'example.net', true],
    ['a.EXAMPLE.net.', 'example.net', true],
    ['badexample.net', 'example.net', false],
    ['net', 'example.net', false],
    ['anything.test', '.', true],
  ])('%s within %s: %s', (name, around, is) => expect(isWithin(name, around)).toBe(is));
  it('a resolver keeps its port', () => {
    expect(resolversOf('[2001:db8::1]:5353')).toEqual([{ address: '2001:db8::1', port: 5353 }]);
    expect(resolversOf('192.0.2.1')).toEqual([{ address: '192.0.2.1', port: 53 }]);
  });
});

describe('records held against what is expected', () => {
  it.each<[string, Parameters<typeof mismatchOf>, string | null]>([
    ['nothing expected', [{}, ['192.0.2.1'], 'A'], null],
    ['contained', [{ expect: ['192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'A'], null],
    ['not contained', [{ expect: ['192.0.2.3'] }, ['192.0.2.1'], 'A'], '192.0.2.3 is not among the answers'],
    ['equal in another order', [{ equals: ['192.0.2.2', '192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'A'], null],
    ['one too many', [{ equals: ['192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'A'], '192.0.2.2 is not expected'],
    ['one too few', [{ equals: ['192.0.2.1', '192.0.2.2'] }, ['192.0.2.1'], 'A'], '192.0.2.2 is not among the answers'],
    ['one of them', [{ oneOf: ['192.0.2.1', '192.0.2.2'] }, ['192.0.2.2'], 'A'], null],
    ['none of them', [{ oneOf: ['192.0.2.1'] }, ['192.0.2.9'], 'A'], '192.0.2.9 is not expected'],
    ['forms of IPv6', [{ equals: ['2001:DB8:0:0::1'] }, ['2001:db8::1'], 'AAAA'], null],
    ['names by case and dot', [{ equals: ['NS1.Example.net.'] }, ['ns1.example.net'], 'NS'], null],
    ['texts by the letter', [{ equals: ['V=spf1'] }, ['v=spf1'], 'TXT'], 'V=spf1 is not among the answers; v=spf1 is not expected'],
    ['MX by the host', [{ equals: ['mail.example.net'] }, ['10 mail.example.net'], 'MX'], null],
    ['MX with its number', [{ oneOf: ['20 mail.example.net'] }, ['10 mail.example.net'], 'MX'], '10 mail.example.net is not expected'],
  ])('%s', (_, args, wrong) => {
    expect(mismatchText(mismatchOf(...args))).toBe(wrong);
  });
});

const ok = (name: string, more: Partial<ZoneServer> = {}): ZoneServer => ({
  name,
  rcode: 'NOERROR',
  aa: true,
  serial: 7,
  behind: 0,
  ms: 2,
  ...more,
});
const gone = (name: string, code: 'timeout' | 'refused' | 'protocol' | 'resolver-failed' | 'no-gateway' | 'unreachable'): ZoneServer => ({
  name,
  failure: { code, detail: `detail of ${name}` },
});
const signature = (until: number, from = now - DAY) => ({ signature: { from, until } });

describe('zone', () => {
  const base = zone.config.parse({ zone: 'example.net' }) as ZoneConfig;
  const cases: [string, ZoneFacts, Partial<ZoneConfig>, string, string, string][] = [
    ['all well', { serial: 7, servers: [ok('ns1'), ok('ns2')] }, {}, 'ok', 'ok', '2 servers answer, all with serial 7'],
    ['nobody asked', {}, {}, 'unknown', 'no-result', 'no name server was asked'],
    ['no such zone', { failure: { code: 'name-not-found', detail: 'no zone' } }, {}, 'down', 'name-not-found', 'no zone'],
    ['resolver broken', { failure: { code: 'resolver-failed', detail: 'no resolver' } }, {}, 'unknown', 'resolver-failed', 'no resolver'],
    [
      'one fails and one is late',
      {
        serial: 2026111903,
        servers: [
          ok('ns1', { serial: 2026111903 }),
          { name: 'ns2', rcode: 'SERVFAIL' },
          ok('ns3', { serial: 2026111901, behind: 2, behindMs: HOUR }),
        ],
      },
      {},
      'degraded',
      'servfail',
      'ns2 answers SERVFAIL; serial 2026111901 at ns3 is 2 behind for 1 h',
    ],
    [
      'one late, not for long',
      { serial: 7, servers: [ok('ns1'), ok('ns2', { serial: 6, behind: 1, behindMs: MINUTE })] },
      {},
      'ok',
      'ok',
      '2 servers answer, serial 7, 1 server not there yet',
    ],
    [
      'exactly at the limit',
      { serial: 7, servers: [ok('ns1'), ok('ns2', { serial: 6, behind: 1, behindMs: 15 * MINUTE })] },
      {},
      'ok',
      'ok',
      '2 servers answer, serial 7, 1 server not there yet',
    ],
    [
      'late for too long',
      { serial: 7, servers: [ok('ns1'), ok('ns2', { serial: 6, behind: 1, behindMs: 2 * HOUR })] },
      { serialLagDown: HOUR },
      'down',
      'serial-behind',
      'serial 6 at ns2 is 1 behind for 2 h',
    ],
    [
      'ahead',
      { serial: 7, servers: [ok('ns1'), ok('ns2', { serial: 9, behind: -2, behindMs: HOUR })] },
      {},
      'degraded',
      'serial-ahead',
      'serial 9 at ns2 is 2 ahead for 1 h',
    ],
    ['one silent', { serial: 7, servers: [ok('ns1'), gone('ns2', 'timeout')] }, {}, 'degraded', 'no-answer', 'ns2 does not answer'],
    ['one refused', { serial: 7, servers: [ok('ns1'), gone('ns2', 'refused')] }, {}, 'degraded', 'refused', 'nothing answers on ns2'],
    [
      'one talks nonsense',
      { serial: 7, servers: [ok('ns1'), gone('ns2', 'protocol')] },
      {},
      'degraded',
      'not-dns',
      'ns2 answers with something that is not DNS',
    ],
    [
      'one unreachable',
      { serial: 7, servers: [ok('ns1'), gone('ns2', 'unreachable')] },
      {},
      'degraded',
      'unreachable',
      'ns2: detail of ns2',
    ],
    [
      'one that we cannot find',
      { serial: 7, servers: [ok('ns1'), gone('ns2', 'resolver-failed')] },
      {},
      'unknown',
      'resolver-failed',
      'ns2: detail of ns2',
    ],
    [
      'all silent',
      { servers: [gone('ns1', 'timeout'), gone('ns2', 'timeout')] },
      {},
      'down',
      'no-answer',
      'ns1 does not answer; ns2 does not answer',
    ],
    [
      'all fail in their own ways',
      { servers: [gone('ns1', 'timeout'), gone('ns2', 'refused')] },
      {},
      'down',
      'all-servers-fail',
      'ns1 does not answer; nothing answers on ns2',
    ],
    [
      'none can be found from here',
      { servers: [gone('ns1', 'resolver-failed'), gone('ns2', 'no-gateway')] },
      {},
      'unknown',
      'all-servers-fail',
      'ns1: detail of ns1; ns2: detail of ns2',
    ],
    [
      'one fails, the other is not known',
      { servers: [gone('ns1', 'timeout'), gone('ns2', 'no-gateway')] },
      {},
      'down',
      'all-servers-fail',
      'ns1 does not answer; ns2: detail of ns2',
    ],
    [
      'not in charge',
      { serial: 7, servers: [ok('ns1'), ok('ns2', { aa: false })] },
      {},
      'degraded',
      'lame',
      'ns2 does not answer for the zone itself (no AA flag)',
    ],
    [
      'no SOA',
      { serial: 7, servers: [ok('ns1'), { name: 'ns2', rcode: 'NOERROR', aa: true }] },
      {},
      'degraded',
      'no-soa',
      'ns2 has no SOA record of the zone',
    ],
    ['NXDOMAIN everywhere', { servers: [{ name: 'ns1', rcode: 'NXDOMAIN', aa: true }] }, {}, 'down', 'dns-error', 'ns1 answers NXDOMAIN'],
    [
      'hidden primary gone',
      { servers: [ok('ns1', { behind: undefined }), { ...gone('ns0', 'timeout'), hidden: true }] },
      {},
      'degraded',
      'no-answer',
      'ns0 does not answer',
    ],
    [
      'only the hidden primary works',
      { serial: 7, servers: [gone('ns1', 'timeout'), ok('ns0', { hidden: true })] },
      {},
      'down',
      'no-answer',
      'ns1 does not answer',
    ],
    [
      'slow',
      { serial: 7, servers: [ok('ns1'), ok('ns2', { ms: 900 })] },
      { slowDegraded: 500 },
      'degraded',
      'slow',
      'ns2 answers in 900 ms, more than 500 ms',
    ],
    [
      'signed well',
      { serial: 7, servers: [ok('ns1', signature(now + 9 * DAY))] },
      { signed: true },
      'ok',
      'ok',
      '1 server answers, all with serial 7',
    ],
    [
      'signature runs out soon',
      { serial: 7, servers: [ok('ns1', signature(now + 2 * DAY))] },
      { signed: true },
      'degraded',
      'signature-expires-soon',
      'the signature at ns1 expires in 2 d',
    ],
    [
      'signature below the down limit',
      { serial: 7, servers: [ok('ns1', signature(now + HOUR))] },
      { signed: true, signatureDown: DAY },
      'down',
      'signature-expires-soon',
      'the signature at ns1 expires in 1 h',
    ],
    [
      'signature expired at one',
      { serial: 7, servers: [ok('ns1', signature(now + 9 * DAY)), ok('ns2', signature(now - 2 * DAY))] },
      { signed: true },
      'degraded',
      'signature-expired',
      'the signature at ns2 expired 2 d ago',
    ],
    [
      'expired at all',
      { serial: 7, servers: [ok('ns1', signature(now))] },
      { signed: true },
      'down',
      'signature-expired',
      'the signature at ns1 expired 0 ms ago',
    ],
    [
      'not valid yet',
      { serial: 7, servers: [ok('ns1', signature(now + 9 * DAY, now + HOUR))] },
      { signed: true },
      'down',
      'signature-not-yet-valid',
      'the signature at ns1 is not valid yet',
    ],
    [
      'no signature',
      { serial: 7, servers: [ok('ns1', { signature: null })] },
      { signed: true },
      'down',
      'not-signed',
      'ns1 gives no signature',
    ],
    [
      'no signature where none is wanted',
      { serial: 7, servers: [ok('ns1', { signature: null })] },
      {},
      'ok',
      'ok',
      '1 server answers, all with serial 7',
    ],
    [
      'bogus',
      { serial: 7, servers: [ok('ns1')], validation: 'bogus' },
      { signed: true, resolver: '192.0.2.53' },
      'down',
      'bogus',
      '192.0.2.53 finds the signatures wrong',
    ],
    [
      'not validated',
      { serial: 7, servers: [ok('ns1')], validation: 'insecure' },
      { signed: true, resolver: '192.0.2.53' },
      'degraded',
      'not-validated',
      '192.0.2.53 does not see the zone as signed (no AD bit)',
    ],
    [
      'validation not known',
      { serial: 7, servers: [ok('ns1')], validationFailure: { code: 'timeout', detail: 'silence' } },
      { signed: true },
      'unknown',
      'validation-unknown',
      'whether the signatures hold is not known: silence',
    ],
    [
      'many at once are counted',
      { serial: 7, servers: [ok('ns0'), ...['ns1', 'ns2', 'ns3', 'ns4', 'ns5', 'ns6'].map((name) => gone(name, 'timeout'))] },
      {},
      'degraded',
      'no-answer',
      'ns1 does not answer; ns2 does not answer; ns3 does not answer; ns4 does not answer; 2 more',
    ],
  ];
  it.each(cases)('%s', (_, facts, settings, state, reason, text) => {
    const config = { ...base, ...settings };
    expect(zone.observation.safeParse(facts).success).toBe(true);
    const verdict = zone.judge(facts, config, now);
    expect(verdict).toEqual({ state, reason, text });
    const said = zone.explain(facts, verdict, config);
    for (const line of [said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/);
    expect(said.happened).toContain(text);
    for (const { label, value } of zone.facts(facts)) expect(label.length * value.length).toBeGreaterThan(0);
  });
  it('charts the server in the middle', () => {
    expect(zone.measure({ servers: [ok('a', { ms: 1 }), ok('b', { ms: 50 }), ok('c', { ms: 9 })] })).toBe(9);
    expect(zone.measure({})).toBeNull();
  });
  it('never says ok of servers that were not heard', () => {
    const server = fc.record({
      name: fc.constantFrom('a', 'b'),
      rcode: fc.option(fc.constantFrom('NOERROR', 'SERVFAIL'), { nil: undefined }),
      aa: fc.option(fc.boolean(), { nil: undefined }),
      serial: fc.option(fc.nat(9), { nil: undefined }),
      hidden: fc.constant(undefined),
    });
    fc.assert(
      fc.property(fc.array(server, { maxLength: 4 }), (servers) => {
        const { state } = zone.judge({ servers }, base, now);
        if (state === 'ok')
          expect(servers.length > 0 && servers.every((it) => it.aa && it.serial !== undefined && it.rcode !== 'SERVFAIL')).toBe(true);
      }),
    );
  });
});

describe('delegation', () => {
  const config = delegation.config.parse({ zone: 'example.net' }) as DelegationConfig;
  const glue = [{ name: 'ns1.example.net', addresses: ['192.0.2.1'] }];
  const parent = { name: 'a.nic', rcode: 'NOERROR', ns: ['ns1.example.net', 'ns2.other.net'], glue };
  const server = (name: string, more = {}) => ({
    name,
    rcode: 'NOERROR',
    aa: true,
    ns: ['NS1.example.net.', 'ns2.other.net'],
    ms: 3,
    ...more,
  });
  const right: DelegationFacts = { parents: [parent], servers: [server('ns1.example.net'), server('ns2.other.net')], addresses: glue };
  const cases: [string, DelegationFacts, string, string, string][] = [
    ['all well', right, 'ok', 'ok', 'the zone above and the zone itself name the same 2 servers'],
    ['nobody asked', {}, 'unknown', 'parent-silent', 'nobody was asked'],
    ['above not found', { failure: { code: 'resolver-failed', detail: 'no resolver' } }, 'unknown', 'resolver-failed', 'no resolver'],
    [
      'above silent',
      { parents: [{ name: 'a', failure: { code: 'timeout', detail: 'silence' } }] },
      'unknown',
      'parent-silent',
      'no server of the zone above tells anything (silence)',
    ],
    [
      'above refuses',
      { parents: [{ name: 'a', rcode: 'REFUSED' }] },
      'unknown',
      'parent-silent',
      'no server of the zone above tells anything (a answers REFUSED)',
    ],
    [
      'not delegated',
      { parents: [{ name: 'a', rcode: 'NXDOMAIN', ns: [] }] },
      'down',
      'not-delegated',
      'the zone above does not know example.net',
    ],
    [
      'one above does not know it',
      { ...right, parents: [parent, { name: 'b.nic', rcode: 'NXDOMAIN', ns: [] }] },
      'degraded',
      'parents-differ',
      'b.nic of the zone above does not know it',
    ],
    [
      'one above is silent',
      { ...right, parents: [parent, { name: 'b.nic', failure: { code: 'timeout', detail: 'silence' } }] },
      'ok',
      'ok',
      'the zone above and the zone itself name the same 2 servers',
    ],
    [
      'one lame',
      { ...right, servers: [server('ns1.example.net'), server('ns2.other.net', { aa: false })] },
      'degraded',
      'lame',
      'ns2.other.net does not answer for the zone itself',
    ],
    [
      'all lame',
      { ...right, servers: [server('ns1.example.net', { rcode: 'REFUSED' })] },
      'down',
      'lame',
      'no server that the zone above names is in charge: ns1.example.net answers REFUSED',
    ],
    [
      'one could not be looked up',
      {
        ...right,
        servers: [server('ns1.example.net'), { name: 'ns2.other.net', failure: { code: 'resolver-failed', detail: 'no resolver' } }],
      },
      'unknown',
      'servers-unknown',
      'ns2.other.net: no resolver',
    ],
    [
      'none could be looked up',
      { ...right, servers: [{ name: 'ns2.other.net', failure: { code: 'resolver-failed', detail: 'no resolver' } }] },
      'unknown',
      'servers-unknown',
      'ns2.other.net: no resolver',
    ],
    [
      'glue in another form',
      {
        ...right,
        parents: [{ ...parent, glue: [{ name: 'NS1.example.net', addresses: ['192.0.2.1', '2001:DB8:0::1'] }] }],
        addresses: [{ name: 'ns1.example.net', addresses: ['2001:db8::1', '192.0.2.1'] }],
      },
      'ok',
      'ok',
      'the zone above and the zone itself name the same 2 servers',
    ],
    [
      'glue wrong',
      { ...right, addresses: [{ name: 'ns1.example.net', addresses: ['192.0.2.9'] }] },
      'degraded',
      'glue-differs',
      'above ns1.example.net is 192.0.2.1, really it is 192.0.2.9',
    ],
    [
      'glue of a server without an address',
      { ...right, addresses: [{ name: 'ns1.example.net', addresses: [] }] },
      'degraded',
      'glue-differs',
      'above ns1.example.net is 192.0.2.1, which it is not',
    ],
    [
      'glue missing',
      { ...right, parents: [{ ...parent, glue: [] }] },
      'degraded',
      'glue-missing',
      'above no address stands for ns1.example.net',
    ],
    [
      'glue that cannot be held against anything',
      { ...right, addresses: [] },
      'ok',
      'ok',
      'the zone above and the zone itself name the same 2 servers',
    ],
  ];
  it.each(cases)('%s', (_, facts, state, reason, text) => {
    expect(delegation.observation.safeParse(facts).success).toBe(true);
    const verdict = delegation.judge(facts, config);
    expect(verdict).toEqual({ state, reason, text });
    const said = delegation.explain(facts, verdict, config);
    for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/);
  });
  it('tells when the zone above names others', () => {
    const after = { parents: [{ ...parent, ns: ['ns1.example.net', 'ns9.example.net'] }] };
    expect(delegation.changes(right, after)).toEqual([
      { code: 'delegation-changed', text: 'the zone above names other servers: ns9.example.net came, ns2.other.net went' },
    ]);
    expect(delegation.changes(right, right)).toEqual([]);
    expect(delegation.changes(right, { parents: [{ name: 'a', failure: { code: 'timeout', detail: '' } }] })).toEqual([]);
  });
  it('nothing differs from nothing', () => expect(differencesOf({}, 'example.net')).toBeNull());
  it('the root has no zone above', () => expect(delegation.config.safeParse({ zone: '.' }).success).toBe(false));
});

describe('propagation', () => {
  const base = propagation.config.parse({ query: 'a.example', equals: ['192.0.2.1'], resolvers: ['192.0.2.53'] }) as PropagationConfig;
  const all = (seen: number, old: [number, number | undefined][], failed = 0): PropagationFacts => ({
    resolvers: [
      ...Array.from({ length: seen }, (): ResolverFacts => ({ name: 's', outcome: 'seen', ttl: 9, rcode: 'NOERROR' })),
      ...old.map(([, ttl]): ResolverFacts => ({ name: 'o', outcome: 'old', ttl, rcode: 'NOERROR' })),
      ...Array.from(
        { length: failed },
        (): ResolverFacts => ({ name: 'f', outcome: 'failed', failure: { code: 'timeout', detail: 'silence' } }),
      ),
    ],
  });
  const cases: [string, PropagationFacts, Partial<PropagationConfig>, string, string][] = [
    ['all', all(3, []), {}, 'ok', 'seen by 3 of 3'],
    [
      '7 of 9',
      all(7, [
        [1, 2_400],
        [2, 60],
      ]),
      {},
      'degraded',
      'seen by 7 of 9, the rest expire in 40 min',
    ],
    ['time not known', all(1, [[1, undefined]]), {}, 'degraded', 'seen by 1 of 2'],
    ['none', all(0, [[1, 60]]), {}, 'degraded', 'seen by 0 of 1, the rest expires in 1 min'],
    ['none, with a limit', all(0, [[1, 60]]), { downBelow: 1 }, 'down', 'seen by 0 of 1, the rest expires in 1 min'],
    [
      'enough',
      all(8, [
        [1, 60],
        [2, 60],
      ]),
      { degradedBelow: 80 },
      'ok',
      'seen by 8 of 10, the rest expire in 1 min',
    ],
    ['one silent', all(2, [], 1), {}, 'unknown', 'seen by 2 of 3, no answer from f'],
    ['one silent, enough anyway', all(2, [], 1), { degradedBelow: 60 }, 'ok', 'seen by 2 of 3, no answer from f'],
    [
      'one silent, too few anyway',
      all(1, [[1, 60]], 1),
      { degradedBelow: 90 },
      'degraded',
      'seen by 1 of 3, the rest expires in 1 min, no answer from f',
    ],
    ['all silent', all(0, [], 3), { downBelow: 50 }, 'unknown', 'none of 3 resolvers has an answer'],
    ['nobody asked', {}, {}, 'unknown', 'nobody was asked'],
  ];
  it.each(cases)('%s', (_, facts, settings, state, text) => {
    const config = { ...base, ...settings };
    const verdict = propagation.judge(facts, config);
    expect(verdict).toMatchObject({ state, text });
    expect(propagation.explain(facts, verdict, config).happened).toContain(text);
    expect(propagation.facts(facts)).toHaveLength(facts.resolvers?.length ?? 0);
  });
  it('something must be expected, of resolvers with addresses', () => {
    expect(propagation.config.safeParse({ query: 'a.example', resolvers: ['192.0.2.53'] }).success).toBe(false);
    expect(propagation.config.safeParse({ query: 'a.example', equals: ['192.0.2.1'], resolvers: ['dns.example'] }).success).toBe(false);
    expect(propagation.config.safeParse({ query: 'a.example', oneOf: ['192.0.2.1'], resolvers: ['[2001:db8::1]:53'] }).success).toBe(true);
  });
});

describe('domain', () => {
  const config = domain.config.parse({ domain: 'example.net', url: 'https://rdap.example/' }) as DomainConfig;
  const good: DomainFacts = { registered: true, askedAt: now - HOUR, expiresAt: now + 100 * DAY, status: ['active'] };
  const cases: [string, DomainFacts, string, string][] = [
    ['well', good, 'ok', 'ok'],
    ['31 days', { ...good, expiresAt: now + 31 * DAY }, 'ok', 'ok'],
    ['30 days', { ...good, expiresAt: now + 30 * DAY }, 'degraded', 'expires-soon'],
    ['15 days', { ...good, expiresAt: now + 15 * DAY }, 'degraded', 'expires-soon'],
    ['14 days', { ...good, expiresAt: now + 14 * DAY }, 'down', 'expires-soon'],
    ['run out', { ...good, expiresAt: now }, 'down', 'expired'],
    ['not registered', { registered: false, askedAt: now }, 'down', 'not-registered'],
    ['held by the registrar', { ...good, status: ['client hold'] }, 'down', 'held'],
    ['held, in the words of EPP', { ...good, status: ['serverHold'] }, 'down', 'held'],
    ['to be bought back', { ...good, status: ['redemption period'] }, 'down', 'held'],
    ['locked is fine', { ...good, status: ['client transfer prohibited', 'server delete prohibited'] }, 'ok', 'ok'],
    ['renewal under way is fine', { ...good, status: ['auto renew period'] }, 'ok', 'ok'],
    ['no date', { ...good, expiresAt: undefined }, 'unknown', 'no-expiry'],
    ['nothing', {}, 'unknown', 'no-result'],
    ['failure alone says nothing of the domain', { failure: { code: 'refused', detail: 'refused' } }, 'unknown', 'refused'],
    ['failure after a good answer', { ...good, failure: { code: 'refused', detail: 'refused' } }, 'ok', 'ok'],
    ['failure for too long', { ...good, askedAt: now - 8 * DAY, failure: { code: 'refused', detail: 'refused' } }, 'unknown', 'old-answer'],
  ];
  it.each(cases)('%s', (_, facts, state, reason) => {
    expect(domain.observation.safeParse(facts).success).toBe(true);
    const verdict = domain.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    const said = domain.explain(facts, verdict, config);
    for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/);
  });
  it('tells what changed at the registry', () => {
    const before: DomainFacts = { ...good, registrar: 'One', nameServers: ['ns1.a', 'ns2.a'] };
    const after: DomainFacts = { ...good, registrar: 'Two', nameServers: ['NS2.a.', 'ns3.a'], expiresAt: now + 465 * DAY };
    expect(domain.changes(before, after).map(({ code }) => code)).toEqual(['registrar-changed', 'domain-renewed', 'name-servers-changed']);
    expect(domain.changes(before, { ...before, nameServers: ['ns2.a', 'NS1.a.'] })).toEqual([]);
    expect(domain.changes(before, {})).toEqual([]);
  });
  it.each([
    { domain: 'net', url: 'https://a.example/' },
    { domain: 'a b', url: 'https://a.example/' },
    { domain: 'a.net' },
    { domain: 'a.net', url: 'ftp://a.example/' },
    { domain: 'a.net', url: 'https://u:p@a.example/' },
    { domain: 'a.net', url: 'https://a.example/?x=1' },
  ])('%j is no setting', (settings) => expect(domain.config.safeParse(settings).success).toBe(false));
  it('reads any text without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readRdap(text, 'example.net')));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('roles', 'eventAction', 'eventDate', 'vcardArray', 'ldhName', 'delegationSigned'), tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('status', 'events', 'entities', 'nameservers', 'secureDNS', 'errorCode'), value),
        (more) => {
          const read = readRdap(JSON.stringify({ objectClassName: 'domain', ldhName: 'example.net', ...more }), 'example.net');
          if (read.ok) expect(domain.observation.safeParse(read.value.facts).success).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

/** What is in a message must come out as harmless text, soon, or not at all. */
function digest(message: Buffer): void {
  const begin = performance.now();
  const reply = decodeReply(message);
  if (reply) {
    for (const it of [...(reply.answers ?? []), ...(reply.authorities ?? []), ...(reply.additionals ?? [])])
      expect(dataOf(it)).toMatch(/^[^\p{Cc}\p{Bidi_Control}]{0,300}$/u);
    valuesOf(reply.answers, 'A');
  }
  expect(performance.now() - begin).toBeLessThan(250);
}

describe('DNS messages that somebody made up', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const record: fc.Arbitrary<packet.Answer> = fc.oneof(
    fc.record({ type: fc.constant('A' as const), name, ttl: fc.nat(), data: fc.ipV4() }),
    fc.record({ type: fc.constant('NS' as const), name, ttl: fc.nat(), data: name }),
    fc.record({ type: fc.constant('MX' as const), name, ttl: fc.nat(), data: fc.record({ preference: fc.nat(65_535), exchange: name }) }),
    fc.record({
      type: fc.constant('TXT' as const),
      name,
      ttl: fc.nat(),
      data: fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('SOA' as const),
      name,
      ttl: fc.nat(),
      data: fc.record({
        mname: name,
        rname: name,
        serial: fc.nat(),
        refresh: fc.nat(),
        retry: fc.nat(),
        expire: fc.nat(),
        minimum: fc.nat(),
      }),
    }),
    fc.record({
      type: fc.constant('SRV' as const),
      name,
      ttl: fc.nat(),
      data: fc.record({ port: fc.nat(65_535), target: name, priority: fc.nat(9), weight: fc.nat(9) }),
    }),
  );
  const message = fc
    .record({
      question: name,
      answers: fc.array(record, { maxLength: 5 }),
      authorities: fc.array(record, { maxLength: 3 }),
      additionals: fc.array(record, { maxLength: 3 }),
    })
    .map(({ question, answers, authorities, additionals }) =>
      packet.encode({
        type: 'response',
        id: 7,
        questions: [{ name: question, type: 'A', class: 'IN' }],
        answers,
        authorities,
        additionals,
      }),
    );

  it('whole ones are read', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        expect(decodeReply(bytes)).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });
  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => digest(Buffer.from(bytes))),
      { numRuns: 3_000 },
    );
  });
  it('cut off anywhere is not read', () => {
    fc.assert(
      fc.property(message, fc.nat(), (bytes, at) => {
        expect(decodeReply(bytes.subarray(0, at % bytes.length))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });
  it('with some bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 0xc0, 0xff, 63, 64), fc.integer({ min: 0, max: 255 }))), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(message, changes, (bytes, all) => {
        for (const [at, value] of all) bytes[at % bytes.length] = value;
        digest(bytes);
      }),
      { numRuns: 5_000 },
    );
  });

  /** One record of unknown type whose data is a chain of pointers, then as many records as fit whose names are its end. */
  function bomb(step: (at: number) => number): Buffer {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0x8000, 2);
    const chain = Buffer.alloc(16_000);
    const start = 12 + 11;
    for (let at = 2; at + 1 < chain.length; at += 2) chain.writeUInt16BE(0xc000 | step(start + at), at);
    const carrier = Buffer.alloc(11);
    carrier.writeUInt16BE(999, 1);
    carrier.writeUInt16BE(chain.length, 9);
    const end = start + chain.length - 2;
    const one = Buffer.alloc(14);
    one.writeUInt16BE(0xc000 | end, 0);
    one.writeUInt16BE(2, 2);
    one.writeUInt16BE(2, 10);
    one.writeUInt16BE(0xc000 | end, 12);
    const times = Math.floor((65_535 - start - chain.length) / one.length);
    head.writeUInt16BE(times + 1, 6);
    return Buffer.concat([head, carrier, chain, ...Array<Buffer>(times).fill(one)]);
  }
  it.each<[string, Buffer]>([
    ['a chain of pointers, asked for by thousands of names', bomb((at) => at - 2)],
    ['pointers to themselves', bomb((at) => at)],
    ['pointers forward', bomb((at) => at + 2)],
    ['nothing but pointers', Buffer.alloc(65_535, 0xc0)],
    ['nothing but labels', Buffer.alloc(65_535, 1)],
    ['the most records, none of them there', Buffer.from('000780000001ffffffffffff', 'hex')],
    ['64 KB of ones', Buffer.alloc(65_535, 0xff)],
  ])('%s', (_, bytes) => {
    const begin = performance.now();
    expect(decodeReply(bytes)).toBeNull();
    expect(performance.now() - begin).toBeLessThan(50);
  });
});

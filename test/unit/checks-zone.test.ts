/** Verdicts on the name servers of a zone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ZoneConfig, type ZoneFacts, type ZoneServer, zone } from '../../shared/checks/zone.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
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

describe('the server that is not right', () => {
  const base = zone.config.parse({ zone: 'example.net', signed: true }) as ZoneConfig;
  const fine = { ...ok('ns1', { address: '192.0.2.1' }), ...signature(now + 30 * DAY) };
  const late = { ...fine, name: 'ns2', address: '192.0.2.2', serial: 6, behind: 1, behindMs: HOUR };
  it.each<[string, ZoneFacts, string | undefined]>([
    ['none', { servers: [fine] }, undefined],
    ['the only one', { servers: [fine, late] }, '192.0.2.2'],
    ['with no address', { servers: [fine, { ...late, address: undefined }] }, undefined],
    ['two', { servers: [fine, late, { ...late, name: 'ns3', address: '192.0.2.3' }] }, undefined],
    ['and the zone as a whole', { servers: [fine, late], validation: 'bogus' }, undefined],
    ['all of them', { servers: [{ ...gone('ns1', 'timeout'), address: '192.0.2.1' }] }, undefined],
  ])('%s', (_, facts, wanted) => expect(zone.judge(facts, base, now).server).toBe(wanted));
});

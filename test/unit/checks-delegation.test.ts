/** Verdicts on a delegation. */
import { describe, expect, it } from 'vitest';
import { type DelegationConfig, type DelegationFacts, delegation, differencesOf } from '../../shared/checks/delegation.ts';

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

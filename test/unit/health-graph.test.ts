/** What depends on what, and which checks look beyond this network. */
import { describe, expect, it } from 'vitest';
import { type Graph, graphOf, isRemote, provesConnection } from '../../shared/health/reach.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { at, host, link, service } from '../support/reach-scene.ts';
import { check, thing } from '../support/story.ts';

describe('isRemote and provesConnection', () => {
  const web1 = host('web1');
  const table: [string, PlannedCheck, boolean, boolean][] = [
    ['an address elsewhere', check(web1, 'icmp', 'a', { config: { address: '192.0.2.1' } }), true, true],
    ['a name elsewhere', check(web1, 'tcp', 'a', { config: { address: 'web1.example.net' } }), true, true],
    ['127.0.0.1', check(web1, 'tcp', 'a', { config: { address: '127.0.0.1' } }), false, false],
    ['all of 127.0.0.0/8', check(web1, 'tcp', 'a', { config: { address: '127.8.9.10' } }), false, false],
    ['::1', check(web1, 'tcp', 'a', { config: { address: '::1' } }), false, false],
    ['::1 written out', check(web1, 'tcp', 'a', { config: { address: '0:0:0:0:0:0:0:1' } }), false, false],
    ['::ffff:127.0.0.1', check(web1, 'tcp', 'a', { config: { address: '::ffff:127.0.0.1' } }), false, false],
    ['::ffff:192.0.2.1', check(web1, 'tcp', 'a', { config: { address: '::ffff:192.0.2.1' } }), true, true],
    ['another IPv6 address', check(web1, 'tcp', 'a', { config: { address: '2001:db8::1' } }), true, true],
    ['0.0.0.0', check(web1, 'tcp', 'a', { config: { address: '0.0.0.0' } }), false, false],
    ['localhost', check(web1, 'tcp', 'a', { config: { address: 'LocalHost' } }), false, false],
    ['localhost with a dot', check(web1, 'tcp', 'a', { config: { address: 'localhost.' } }), false, false],
    ['a name under localhost', check(web1, 'tcp', 'a', { config: { address: 'app.localhost' } }), false, false],
    ['a name that only begins so', check(web1, 'tcp', 'a', { config: { address: 'localhost.example.net' } }), true, true],
    ['a URL elsewhere', check(web1, 'http', 'a', { config: { url: 'https://example.net/localhost' } }), true, true],
    ['a URL of this computer', check(web1, 'http', 'a', { config: { url: 'http://[::1]:8080/' } }), false, false],
    [
      'a URL elsewhere, answered here',
      check(web1, 'http', 'a', { config: { url: 'https://example.net/', address: '127.0.0.1' } }),
      false,
      false,
    ],
    ['load and disks of this computer', check(web1, 'host'), false, false],
    ['an SSH server elsewhere', check(web1, 'inside', 'a', { config: { address: '192.0.2.1' } }), true, true],
    ['a job that calls: its last call is no news', check(web1, 'push', 'a', { config: { token: 'a' } }), true, false],
    ['a registry, which is asked once a day', check(web1, 'domain', 'a', { config: { url: 'https://rdap.example/' } }), true, false],
    ['a looking glass', check(web1, 'visibility', 'a', { config: { url: 'https://stat.example/' } }), true, false],
    ['resolvers, which remember', check(web1, 'propagation', 'a', { config: {} }), true, false],
    ['name servers', check(web1, 'zone', 'a', { config: {} }), true, true],
    ['backups over SSH', check(web1, 'backup', 'a', { config: { source: 'ssh', address: '192.0.2.1' } }), true, true],
    ['backups on this computer', check(web1, 'backup', 'a', { config: { source: 'local', address: '192.0.2.1' } }), false, false],
    [
      'backups on this computer with a copy elsewhere',
      check(web1, 'backup', 'a', { config: { source: 'local', offsite: { address: '192.0.2.7' } } }),
      true,
      false,
    ],
    ['a backup job that calls', check(web1, 'backup', 'a', { config: { source: 'push', address: '192.0.2.1' } }), true, false],
    ['an anchor', check(thing('desk', 'desk'), 'icmp', 'a', { config: { address: '192.0.2.1' } }), false, false],
    [
      'the gateway of the network, which answers without a line too',
      check(web1, 'icmp', 'a', { config: { address: 'default-gateway' } }),
      true,
      false,
    ],
    ['a DNS server elsewhere', check(web1, 'dns', 'a', { config: { query: 'example.net', server: '192.0.2.53' } }), true, true],
    ['a DNS server on this computer', check(web1, 'dns', 'a', { config: { query: 'example.net', server: '127.0.0.1' } }), false, false],
    [
      'the resolver of this computer, which remembers answers',
      check(web1, 'dns', 'a', { config: { query: 'example.net', server: 'system' } }),
      true,
      false,
    ],
  ];
  it.each(table)('%s', (_what, plan, remote, proof) => {
    expect(isRemote(plan)).toBe(remote);
    expect(isRemote(plan)).toBe(remote);
    expect(provesConnection(plan)).toBe(proof);
  });
});

describe('graphOf', () => {
  const graph: Graph = graphOf([
    thing('site', 'sd'),
    at('sd', link('cox')),
    at('sd', link('he')),
    at('sd', service('shop', 'web1 web2', 'cox he', 'gone')),
    host('web1', 'web1 cox'),
    host('web2'),
  ]);
  it('counts the hosts of a service as one group of what it needs', () =>
    expect(graph.needs('shop')).toEqual([
      ['cox', 'he'],
      ['web1', 'web2'],
    ]));
  it('needs neither itself nor what is not there', () => expect(graph.needs('web1')).toEqual([['cox']]));
  it('knows who is at a site', () => expect(graph.at('sd')).toEqual(['cox', 'he', 'shop']));
  it('knows who needs whom', () => expect(graph.children('cox')).toEqual(['shop', 'web1']));
  it('has nothing to say of what it does not know', () => {
    expect(graph.subject('gone')).toBeUndefined();
    expect([graph.needs('gone'), graph.at('gone'), graph.children('gone')]).toEqual([[], [], []]);
  });
});

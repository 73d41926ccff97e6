/** What a failed parent covers, in any inventory of any size. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverProblems, graphOf } from '../../shared/health/reach.ts';
import { standingOf } from '../../shared/health/step.ts';
import type { Subject } from '../../shared/model/plan.ts';
import {
  CYCLE,
  chain,
  host,
  link,
  look,
  NOW,
  prefix,
  type Scene,
  service,
  shop,
  told,
  twoUplinks,
  type Word,
  words,
} from '../support/reach-scene.ts';
import { check, thing } from '../support/story.ts';

describe('what a failed parent covers', () => {
  const table: [string, Subject[], string, string[]][] = [
    ['nothing failed, nothing to say', chain, '', []],
    ['a problem whose parents work counts', chain, 'web1 down', ['web1 counts']],
    ['a parent that is down covers its child', chain, 'sw1 down, web1 down', ['sw1 counts', 'web1 unreachable by sw1']],
    [
      'grandchildren name the topmost that failed',
      chain,
      'cox down, router down, sw1 down, web1 down',
      ['cox counts', 'router unreachable by cox', 'sw1 unreachable by cox', 'web1 unreachable by cox'],
    ],
    ['a child that is ok stays ok', chain, 'sw1 down, web1 ok', ['sw1 counts']],
    ['a degraded child is a consequence too', chain, 'sw1 down, web1 degraded', ['sw1 counts', 'web1 unreachable by sw1']],
    ['and one of which nothing is known', chain, 'sw1 down, web1 unknown', ['sw1 counts', 'web1 unreachable by sw1']],
    ['and one without fresh data', chain, 'sw1 down, web1 stale-down', ['sw1 counts', 'web1 unreachable by sw1']],
    ['a degraded parent lets through', chain, 'sw1 degraded, web1 down', ['sw1 counts', 'web1 counts']],
    ['a parent of which nothing is known has not failed', chain, 'sw1 unknown, web1 down', ['sw1 counts', 'web1 counts']],
    ['a stale parent cannot vouch', chain, 'sw1 stale-down, web1 down', ['sw1 counts', 'web1 counts']],
    ['a pending parent neither', chain, 'sw1 pending, web1 down', ['web1 counts']],
    [
      'a parent without fresh data stands as what it needs',
      chain,
      'router down, sw1 stale, web1 down',
      ['router counts', 'web1 unreachable by router'],
    ],
    [
      'a parent without checks stands as what it needs',
      chain,
      'router down, sw1 -, web1 down',
      ['router counts', 'web1 unreachable by router'],
    ],
    ['a failed grandparent says nothing while the parent answers', chain, 'router down, web1 down', ['router counts', 'web1 counts']],
    ['what fails behind a parent without anything above', [host('sw1'), host('web1', 'sw1')], 'sw1 -, web1 down', ['web1 counts']],
    ['one of two uplinks is not enough', twoUplinks, 'cox down, router down', ['cox counts', 'router counts']],
    [
      'both uplinks are',
      twoUplinks,
      'cox down, he down, router down, web1 down',
      ['cox counts', 'he counts', 'router unreachable by cox from cox+he', 'web1 unreachable by cox from cox+he'],
    ],
    [
      'two uplinks of which one is only degraded',
      twoUplinks,
      'cox down, he degraded, router down',
      ['cox counts', 'he counts', 'router counts'],
    ],
    ['two uplinks of which one is stale', twoUplinks, 'cox down, he stale-down, router down', ['cox counts', 'he counts', 'router counts']],
    [
      'all of several needs: one that failed is enough',
      [host('a'), host('b'), host('web1', 'a', 'b')],
      'b down, web1 down',
      ['b counts', 'web1 unreachable by b'],
    ],
    [
      'all of several needs: every failed one is a root',
      [host('a'), host('b'), host('web1', 'a', 'b')],
      'a down, b down, web1 down',
      ['a counts', 'b counts', 'web1 unreachable by a from a+b'],
    ],
    [
      'a group and a single need: the group works, the single one failed',
      [link('cox'), link('he'), host('sw1'), host('web1', 'cox he', 'sw1')],
      'cox down, sw1 down, web1 down',
      ['cox counts', 'sw1 counts', 'web1 unreachable by sw1'],
    ],
    [
      'groups behind groups',
      [host('p1'), host('p2'), host('s1', 'p1 p2'), host('s2', 'p1 p2'), host('web1', 's1 s2')],
      'p1 down, p2 down, s1 down, s2 down, web1 down',
      ['p1 counts', 'p2 counts', 's1 unreachable by p1 from p1+p2', 's2 unreachable by p1 from p1+p2', 'web1 unreachable by p1 from p1+p2'],
    ],
    [
      'groups behind groups, of which one way is left',
      [host('p1'), host('p2'), host('s1', 'p1 p2'), host('s2', 'p1 p2'), host('web1', 's1 s2')],
      'p1 down, s1 down, web1 down',
      ['p1 counts', 's1 counts', 'web1 counts'],
    ],
    [
      'a prefix over two links, one down',
      [link('cox'), link('he'), prefix('net', 'cox he')],
      'cox down, net down',
      ['cox counts', 'net counts'],
    ],
    [
      'a prefix over two links, both down',
      [link('cox'), link('he'), prefix('net', 'cox he')],
      'cox down, he down, net down',
      ['cox counts', 'he counts', 'net unreachable by cox from cox+he'],
    ],
    [
      'a host in a prefix without representatives, whose links are down',
      [link('cox'), prefix('net', 'cox'), host('web1', 'net')],
      'cox down, net -, web1 down',
      ['cox counts', 'web1 unreachable by cox'],
    ],
    [
      'a prefix has failed with all of its representatives',
      [prefix('net', ''), host('web1', 'net')],
      'net/icmp-1 down, net/icmp-2 down, web1 down',
      ['net/icmp-1 counts', 'net/icmp-2 counts', 'web1 unreachable by net'],
    ],
    [
      'not with some',
      [prefix('net', ''), host('web1', 'net')],
      'net/icmp-1 down, net/icmp-2 ok, web1 down',
      ['net/icmp-1 counts', 'web1 counts'],
    ],
    ['a service behind one of its two hosts', shop, 'web1 down, shop down', ['web1 counts', 'shop counts']],
    [
      'a service behind both of its hosts',
      shop,
      'web1 down, web2 down, shop down',
      ['web1 counts', 'web2 counts', 'shop unreachable by web1 from web1+web2'],
    ],
    ['a service behind what it depends on', shop, 'db1 down, shop down', ['db1 counts', 'shop unreachable by db1']],
    [
      'a service behind hosts behind a link',
      [link('cox'), host('web1', 'cox'), host('web2', 'cox'), service('shop', 'web1 web2')],
      'cox down, web1 down, web2 down, shop down',
      ['cox counts', 'web1 unreachable by cox', 'web2 unreachable by cox', 'shop unreachable by cox'],
    ],
    [
      'a service without checks fails with all of its hosts',
      [host('db1'), host('db2'), service('database', 'db1 db2'), service('shop', '', 'database')],
      'db1 down, db2 down, database -, shop down',
      ['db1 counts', 'db2 counts', 'shop unreachable by db1 from db1+db2'],
    ],
    [
      'and not with one of them',
      [host('db1'), host('db2'), service('database', 'db1 db2'), service('shop', '', 'database')],
      'db1 down, database -, shop down',
      ['db1 counts', 'shop counts'],
    ],
    [
      'a service that works while its hosts do not answer pings lets through',
      [host('db1'), service('database', 'db1'), service('shop', '', 'database')],
      'db1 down, database ok, shop down',
      ['db1 counts', 'shop counts'],
    ],
    ['a site never fails by itself', [thing('site', 'sd'), host('web1', 'sd')], 'sd -, web1 down', ['web1 counts']],
    [
      'a host stands by its pings',
      chain,
      'sw1/icmp down, sw1/http down, web1 down',
      ['sw1 counts', 'sw1/http counts', 'web1 unreachable by sw1'],
    ],
    ['not by anything else of it', chain, 'sw1/icmp ok, sw1/http down, web1 down', ['sw1/http counts', 'web1 counts']],
    ['a host with two pings fails with both', chain, 'sw1/icmp down, sw1/icmp-v6 ok, web1 down', ['sw1 counts', 'web1 counts']],
    ['a host that drops pings but answered since is there', chain, 'sw1/icmp down, sw1/http ok, web1 down', ['sw1 counts', 'web1 counts']],
    [
      'an answer from before its pings failed proves nothing',
      chain,
      'sw1/icmp just-down, sw1/http ok-before, web1 just-down',
      ['sw1 counts', 'web1 unreachable by sw1'],
    ],
    [
      'nor does one from that very moment',
      chain,
      'sw1/icmp just-down, sw1/http ok-then, web1 just-down',
      ['sw1 counts', 'web1 unreachable by sw1'],
    ],
    [
      'a host without pings fails with all of its checks',
      chain,
      'sw1/http down, sw1/ssh down, web1 down',
      ['sw1/http counts', 'sw1/ssh counts', 'web1 unreachable by sw1'],
    ],
    ['not with some of them', chain, 'sw1/http down, sw1/ssh degraded, web1 down', ['sw1/http counts', 'sw1/ssh counts', 'web1 counts']],
    [
      'where pings cannot be sent, its other checks decide',
      chain,
      'sw1/icmp unknown, sw1/http down, web1 down',
      ['sw1 counts', 'sw1/http counts', 'web1 unreachable by sw1'],
    ],
    ['a full disk makes nothing unreachable', chain, 'sw1/host down, web1 down', ['sw1/host counts', 'web1 counts']],
    ['nor does one that is seen from inside', chain, 'sw1/inside down, web1 down', ['sw1/inside counts', 'web1 counts']],
    ['nor one that SNMP tells of', chain, 'sw1/snmp down, web1 down', ['sw1/snmp counts', 'web1 counts']],
    [
      'an agent that has gone with the rest is gone',
      chain,
      'sw1/snmp lost, sw1/ssh down, web1 down',
      ['sw1/snmp counts', 'sw1/ssh counts', 'web1 unreachable by sw1'],
    ],
    ['a late backup makes nothing unreachable', chain, 'sw1/backup down, web1 down', ['sw1/backup counts', 'web1 counts']],
    ['nor does a job that does not call', chain, 'sw1/push down, web1 down', ['sw1/push counts', 'web1 counts']],
    ['nor a zone, which others answer for', chain, 'sw1/zone down, web1 down', ['sw1/zone counts', 'web1 counts']],
    [
      'a job that called once does not show that its host is there',
      chain,
      'sw1/icmp down, sw1/push ok, web1 down',
      ['sw1 counts', 'web1 unreachable by sw1'],
    ],
    [
      'nor do name servers of its zone that answer',
      chain,
      'sw1/icmp down, sw1/zone ok, web1 down',
      ['sw1 counts', 'web1 unreachable by sw1'],
    ],
    [
      'a host that drops pings but let somebody in since is there',
      chain,
      'sw1/icmp down, sw1/inside ok, web1 down',
      ['sw1 counts', 'web1 counts'],
    ],
    ['a host with a database alone fails with it', chain, 'sw1/mysql down, web1 down', ['sw1/mysql counts', 'web1 unreachable by sw1']],
    ['not with its wrong answer', chain, 'sw1/mysql wrong, web1 down', ['sw1/mysql counts', 'web1 counts']],
    [
      'a prefix that the world still sees has failed all the same',
      [prefix('net', ''), host('web1', 'net')],
      'net/icmp down, net/visibility ok, web1 down',
      ['net counts', 'web1 unreachable by net'],
    ],
    [
      'a service that is made of a zone fails with it',
      [service('names', ''), service('shop', '', 'names')],
      'names/zone down, shop down',
      ['names/zone counts', 'shop unreachable by names'],
    ],
    ['a link stands by its gateway', chain, 'cox/gateway down, cox/http ok, router down', ['cox counts', 'router unreachable by cox']],
    ['whatever else fails there', chain, 'cox/gateway ok, cox/http down, router down', ['cox/http counts', 'router counts']],
    [
      'a link without a gateway stands by its pings',
      chain,
      'cox/icmp down, cox/http ok, router down',
      ['cox counts', 'router unreachable by cox'],
    ],
    ['what comes and goes behind a parent that does', chain, 'sw1 flapping, web1 flapping', ['sw1 counts', 'web1 unreachable by sw1']],
    ['what comes and goes behind a steady parent counts', chain, 'web1 flapping', ['web1 counts']],
    [
      'a child that is down behind a parent that comes and goes counts while that is up',
      chain,
      'sw1 flapping, web1 down',
      ['sw1 counts', 'web1 counts'],
    ],
  ];
  it.each(table)('%s', (_what, things, stand, expected) => expect(told(look({ things, stand }))).toEqual(expected));

  it('names the root as people do', () => {
    const things = [thing('link', 'cox', { name: 'Cox' }), host('web1', 'cox')];
    const { covered } = look({ things, stand: 'cox down, web1 down' });
    expect(covered.get('web1/icmp')?.cover).toEqual({ kind: 'unreachable', by: 'cox', name: 'Cox', always: false });
    expect(standingOf(words.down, covered.get('web1/icmp')?.cover)).toBe('unreachable');
  });
  it('says the same whichever problem is looked at first', () => {
    const stand = 'cox down, router down, sw1 down, web1 down';
    const forth = look({ things: chain, stand }).covered;
    const back = look({ things: chain.toReversed(), stand: stand.split(', ').toReversed().join(', ') }).covered;
    for (const [id, covered] of forth) expect(back.get(id)).toEqual(covered);
  });
});

describe('over any inventory', () => {
  /** Subjects that need only earlier ones, each with one state. */
  const scenes = fc.array(
    fc.record({
      needs: fc.array(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      word: fc.constantFrom(
        ...(Object.keys(words) as Word[]).filter((word) => word !== 'wrong'),
        'down' as const,
        'down' as const,
        '-' as const,
      ),
    }),
    { minLength: 1, maxLength: 14 },
  );
  const sceneOf = (made: { needs: number[][]; word: Word | '-' }[]): Scene => ({
    things: made.map(({ needs }, index) =>
      host(`h${index}`, ...(index === 0 ? [] : needs.map((group) => group.map((it) => `h${it % index}`).join(' ')))),
    ),
    stand: made.map(({ word }, index) => `h${index} ${word}`).join(', '),
  });

  it('covers nothing whose parents all work, and roots are failed things above that nothing failed covers', () => {
    fc.assert(
      fc.property(scenes, (made) => {
        const scene = sceneOf(made);
        const { covered } = look(scene);
        const wordOf = new Map(made.map(({ word }, index) => [`h${index}`, word]));
        const graph = graphOf(scene.things);
        for (const [id, { cover, roots, hold }] of covered) {
          const subject = id.split('/')[0] ?? '';
          const parents = graph.needs(subject).flat();
          if (parents.every((parent) => ['ok', 'degraded'].includes(wordOf.get(parent) ?? ''))) {
            expect(cover).toBeNull();
            expect(hold).toBe(false);
          }
          expect(roots.length).toBeGreaterThan(0);
          if (!cover) expect(roots).toEqual([subject]);
          else {
            expect(cover).toMatchObject({ kind: 'unreachable', by: roots[0], always: false });
            for (const root of roots) expect(['down', 'just-down', 'lost', 'flapping']).toContain(wordOf.get(root));
            for (const root of roots) if (wordOf.get(root)?.endsWith('down')) expect(covered.get(`${root}/icmp`)?.cover).toBeNull();
          }
        }
      }),
      { numRuns: 500 },
    );
  });
  it('ends: with all ok again, nothing is covered and nothing is remembered after a cycle', () => {
    fc.assert(
      fc.property(scenes, (made) => {
        const scene = sceneOf(made);
        const calm = { ...scene, stand: '' };
        const first = look(scene).memory;
        const second = look({ ...calm, memory: first, now: NOW + 1 }).memory;
        expect(look({ ...calm, memory: second, now: NOW + 1 + CYCLE }).memory).toEqual({ failed: new Set(), recovered: new Map() });
      }),
    );
  });
});

describe('size', () => {
  it('follows a chain of 10,000 to its top', () => {
    const things = Array.from({ length: 10_000 }, (_, index) => (index === 0 ? host('h0') : host(`h${index}`, `h${index - 1}`)));
    const checks = new Map(things.map((subject) => [subject.id, [{ plan: check(subject, 'icmp'), subject, state: words.down }]]));
    const { covered } = coverProblems({
      graph: graphOf(things),
      problems: [...checks.values()].flat().toReversed(),
      checksOf: (id) => checks.get(id) ?? [],
      cutOff: null,
      suspected: false,
      windows: [],
      routines: [],
      memory: { failed: new Set(), recovered: new Map() },
      now: NOW,
    });
    expect(covered.get('h9999/icmp')?.roots).toEqual(['h0']);
    expect(covered.size).toBe(10_000);
  });
  it('a circle does not hang it', () => {
    const things = [host('a', 'b'), host('b', 'c'), host('c', 'a'), host('d', 'a')];
    expect(look({ things, stand: 'a down, b down, c down, d down' }).covered.size).toBe(4);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckType, checks } from '../../shared/checks/index.ts';
import {
  type Covered,
  type CoverInput,
  type CoverMemory,
  coverProblems,
  type Graph,
  graphOf,
  isRemote,
  provesConnection,
  workedOn,
} from '../../shared/health/reach.ts';
import { type CheckState, pendingState, standingOf } from '../../shared/health/step.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { check, hard, thing, verdict } from '../support/story.ts';

const NOW = 10_000_000;
const CYCLE = 35_000;
const failing = NOW - 60_000;

/** States by a word. */
const words = {
  ok: { ...hard(verdict('ok')), at: NOW - 1_000 },
  down: { ...hard(verdict('down'), failing), at: NOW - 1_000 },
  'just-down': { ...hard(verdict('down'), NOW - 20_000), at: NOW },
  lost: { ...hard(verdict('down', 'timeout'), failing), at: NOW - 1_000 },
  wrong: { ...hard(verdict('down', 'wrong-answer'), failing), at: NOW - 1_000 },
  degraded: { ...hard(verdict('degraded'), failing), at: NOW - 1_000 },
  unknown: { ...hard(verdict('unknown'), failing), at: NOW - 1_000 },
  retried: { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'down', attempt: 1, firstAt: NOW - 1_000 } },
  'retried-unknown': { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'unknown', attempt: 1, firstAt: NOW - 1_000 } },
  'retried-degraded': { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'degraded', attempt: 1, firstAt: NOW - 1_000 } },
  /** Ok, but before others failed; its next look is due soon. */
  'ok-before': { ...hard(verdict('ok')), at: NOW - 25_000 },
  /** The same, and its next look is overdue. */
  'ok-long-before': { ...hard(verdict('ok')), at: NOW - 40_000 },
  /** Ok in the very moment in which others failed. */
  'ok-then': { ...hard(verdict('ok')), at: NOW - 20_000 },
  pending: pendingState(NOW - 500_000),
  'just-pending': pendingState(NOW - 20_000),
  stale: { ...hard(verdict('ok')), at: NOW - 100_000, staleSince: NOW - 10_000 },
  'stale-down': { ...hard(verdict('down'), failing), at: NOW - 100_000, staleSince: NOW - 10_000 },
  flapping: { ...hard(verdict('ok')), at: NOW - 1_000, flapping: { since: failing, percent: 40 } },
} satisfies Record<string, CheckState>;
type Word = keyof typeof words;

/** `host('web1', 'sw1', 'cox he')`: each text is a group of ids of which one is enough. */
const groups = (needs: string[]): string[][] => needs.map((group) => group.split(' '));
const host = (id: string, ...needs: string[]): Subject => thing('host', id, { dependsOn: groups(needs) });
const link = (id: string, ...needs: string[]): Subject => thing('link', id, { dependsOn: groups(needs) });
const prefix = (id: string, via: string): Subject => thing('prefix', id, { dependsOn: groups([via]) });
const service = (id: string, hosts: string, ...needs: string[]): Subject =>
  thing('service', id, { hosts: hosts === '' ? [] : hosts.split(' '), dependsOn: groups(needs) });
const at = (site: string, subject: Subject): Subject => ({ ...subject, site });

interface Scene extends Partial<Omit<CoverInput, 'graph' | 'problems' | 'checksOf'>> {
  things: Subject[];
  /** "cox down, web1/http retried": how the checks of subjects stand, or single ones. All others are ok. A subject without `/` has a ping. */
  stand: string;
}

/** Plays a scene: every subject has one ping (a link calls it gateway), and each check named with a `/`; `id -` has none. */
function look({ things, stand, ...more }: Scene): { covered: Map<string, Covered>; memory: CoverMemory } {
  const bySubject = new Map<string, { plan: PlannedCheck; subject: Subject; state: CheckState }[]>();
  for (const subject of things) bySubject.set(subject.id, []);
  const put = (id: string, name: string | undefined, state: CheckState): void => {
    const subject = things.find((it) => it.id === id) as Subject;
    const type = name === undefined || name.startsWith('icmp') ? 'icmp' : Object.hasOwn(checks, name) ? (name as CheckType) : 'http';
    const plan = check(subject, type, name ?? (subject.kind === 'link' ? 'gateway' : 'icmp'), { config: { address: '192.0.2.1' } });
    bySubject.get(id)?.push({ plan, subject, state });
  };
  const said = new Set<string>();
  for (const part of stand.split(', ').filter((it) => it !== '')) {
    const [what = '', word = ''] = part.split(' ');
    const [id = '', name] = what.split('/');
    said.add(id);
    if (word !== '-') put(id, name, words[word as Word]);
  }
  for (const { id } of things) if (!said.has(id)) put(id, undefined, words.ok);
  const all = [...bySubject.values()].flat();
  return coverProblems({
    graph: graphOf(things),
    problems: all.filter(({ state }) => (state.hard !== 'ok' && state.hard !== 'pending') || state.flapping),
    checksOf: (id) => bySubject.get(id) ?? [],
    cutOff: null,
    suspected: false,
    windows: [],
    routines: [],
    memory: { failed: new Set(), recovered: new Map() },
    now: NOW,
    ...more,
  });
}

/** "web1 unreachable by cox": every problem in words. One whose roots are the usual ones and that does not wait says no more. */
const told = ({ covered }: { covered: Map<string, Covered> }): string[] =>
  [...covered].map(([id, { cover, roots, hold }]) => {
    const name = id.replace(/\/(icmp|gateway)$/, '');
    const usual = cover?.kind === 'unreachable' ? cover.by : cover?.kind === 'cut-off' ? 'desk' : id.split('/')[0];
    const from = roots.join('+') === usual ? '' : ` from ${roots.join('+')}`;
    return `${name} ${cover ? `${cover.kind} by ${cover.by}${cover.always ? ' always' : ''}` : 'counts'}${from}${hold ? ' waits' : ''}`;
  });

const chain = [link('cox'), host('router', 'cox'), host('sw1', 'router'), host('web1', 'sw1')];
const twoUplinks = [link('cox'), link('he'), host('router', 'cox he'), host('web1', 'router')];
const shop = [host('web1'), host('web2'), host('db1'), service('shop', 'web1 web2', 'db1')];

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

describe('waiting for a parent', () => {
  const table: [string, Subject[], string, string[]][] = [
    ['a parent that is being retried', chain, 'sw1 retried, web1 down', ['web1 counts waits']],
    ['one whose retry says nothing either', chain, 'sw1 retried-unknown, web1 down', ['web1 counts waits']],
    ['one whose retry says degraded answers', chain, 'sw1 retried-degraded, web1 down', ['web1 counts']],
    ['one of two being retried is not enough', twoUplinks, 'cox retried, router down', ['router counts']],
    ['one failed and the other being retried', twoUplinks, 'cox down, he retried, router down', ['cox counts', 'router counts waits']],
    ['both being retried', twoUplinks, 'cox retried, he retried, router down', ['router counts waits']],
    [
      'a failed parent whose own parent is being retried: its children wait with it',
      chain,
      'router retried, sw1 down, web1 down',
      ['sw1 counts waits', 'web1 unreachable by sw1 waits'],
    ],
    ['a parent without checks whose parent is being retried', chain, 'router retried, sw1 -, web1 down', ['web1 counts waits']],
    ['both hosts of a service being retried', shop, 'web1 retried, web2 retried, shop down', ['shop counts waits']],
    ['a parent not looked at since, due soon', chain, 'sw1 ok-before, web1 just-down', ['web1 counts waits']],
    ['a parent not looked at since, overdue', chain, 'sw1 ok-long-before, web1 just-down', ['web1 counts']],
    ['a parent that was looked at since', chain, 'sw1 ok, web1 just-down', ['web1 counts']],
    ['a parent that was looked at in that moment', chain, 'sw1 ok-then, web1 just-down', ['web1 counts']],
    ['a parent whose results just stopped, as after a sleep', chain, 'sw1 stale, web1 just-down', ['web1 counts waits']],
    ['a new parent that had no result yet', chain, 'sw1 just-pending, web1 just-down', ['web1 counts waits']],
    [
      'two failed in a row behind one that is being retried: all wait with the first',
      chain,
      'cox retried, router down, sw1 down, web1 down',
      ['router counts waits', 'sw1 unreachable by router waits', 'web1 unreachable by router waits'],
    ],
    ['one looked at since, one not', twoUplinks, 'cox ok-before, he ok, router just-down', ['router counts']],
    [
      'one down, one not looked at since',
      twoUplinks,
      'cox just-down, he ok-before, router just-down',
      ['cox counts', 'router counts waits'],
    ],
    ['not behind what failed', chain, 'sw1 down, web1 down', ['sw1 counts', 'web1 unreachable by sw1']],
  ];
  it.each(table)('%s', (_what, things, stand, expected) => expect(told(look({ things, stand }))).toEqual(expected));

  it('a parent whose next look is far off is not waited for', () => {
    const things = [host('sw1'), host('web1', 'sw1')];
    const [sw1, web1] = things as [Subject, Subject];
    const slow = { plan: check(sw1, 'icmp', 'icmp', { intervalMs: 600_000 }), state: { ...words.ok, at: NOW - 300_000 } };
    const problem = { plan: check(web1, 'icmp'), subject: web1, state: words['just-down'] };
    const result = coverProblems({
      graph: graphOf(things),
      problems: [problem],
      checksOf: (id) => (id === 'sw1' ? [slow] : [problem]),
      cutOff: null,
      suspected: false,
      windows: [],
      routines: [],
      memory: { failed: new Set(), recovered: new Map() },
      now: NOW,
    });
    expect(result.covered.get('web1/icmp')).toEqual({ cover: null, roots: ['web1'], hold: false });
  });
});

describe('planned work, routines, a desk that is cut off', () => {
  const site = [thing('site', 'sd'), at('sd', link('cox')), at('sd', host('web1', 'cox')), host('far')];
  const work = (...affects: string[]) => [{ id: 'w1', name: 'Switch swap', affects }];
  const routine = (...restarts: string[]) => [{ id: 'r1', name: 'weekly log rotation', restarts }];
  const cutOff = { since: NOW - 5_000, anchors: ['desk/gateway'] };
  const table: [string, Scene, string[]][] = [
    ['work on the thing itself', { things: chain, stand: 'web1 down', windows: work('web1') }, ['web1 maintenance by w1 always']],
    [
      'work on a parent that is down',
      { things: chain, stand: 'sw1 down, web1 down', windows: work('sw1') },
      ['sw1 maintenance by w1 always', 'web1 maintenance by w1'],
    ],
    ['work on a parent that still answers', { things: chain, stand: 'web1 down', windows: work('sw1') }, ['web1 maintenance by w1']],
    ['work on a grandparent', { things: chain, stand: 'web1 down', windows: work('cox') }, ['web1 maintenance by w1']],
    [
      'work on one of two uplinks',
      { things: twoUplinks, stand: 'cox down, router down', windows: work('cox') },
      ['cox maintenance by w1 always', 'router counts'],
    ],
    ['work on both', { things: twoUplinks, stand: 'router down', windows: work('cox', 'he') }, ['router maintenance by w1']],
    [
      'work on one while the other has failed',
      { things: twoUplinks, stand: 'he down, router down', windows: work('cox') },
      ['he counts', 'router maintenance by w1'],
    ],
    ['work on one host of a service', { things: shop, stand: 'shop down', windows: work('web1') }, ['shop counts']],
    ['work on all hosts of a service', { things: shop, stand: 'shop down', windows: work('web1', 'web2') }, ['shop maintenance by w1']],
    ['work on what a service depends on', { things: shop, stand: 'shop degraded', windows: work('db1') }, ['shop maintenance by w1']],
    [
      'work at a whole site',
      { things: site, stand: 'cox down, web1 down', windows: work('sd') },
      ['cox maintenance by w1 always', 'web1 maintenance by w1 always'],
    ],
    ['work at a site does not cover others', { things: site, stand: 'far down', windows: work('sd') }, ['far counts']],
    [
      'work does not reach up',
      { things: chain, stand: 'sw1 down, web1 down', windows: work('web1') },
      ['sw1 counts', 'web1 maintenance by w1 always'],
    ],
    ['work on something that is not in the inventory', { things: chain, stand: 'web1 down', windows: work('gone') }, ['web1 counts']],
    ['work on something without checks', { things: chain, stand: 'sw1 -, web1 down', windows: work('sw1') }, ['web1 maintenance by w1']],
    [
      'the first of two windows counts',
      { things: chain, stand: 'web1 down', windows: [...work('web1'), { id: 'w2', name: 'Other', affects: ['web1'] }] },
      ['web1 maintenance by w1 always'],
    ],
    ['a routine that restarts it', { things: chain, stand: 'web1 down', routines: routine('web1') }, ['web1 routine by r1']],
    ['and what is reached only through it', { things: chain, stand: 'web1 down', routines: routine('sw1') }, ['web1 routine by r1']],
    ['a routine on one of two', { things: twoUplinks, stand: 'router down', routines: routine('cox') }, ['router counts']],
    [
      'a routine on one while the other is worked on',
      { things: twoUplinks, stand: 'router down', routines: routine('cox'), windows: work('he') },
      ['router routine by r1'],
    ],
    ['a routine says nothing of others', { things: chain, stand: 'sw1 down', routines: routine('web1') }, ['sw1 counts']],
    [
      'work comes before a routine',
      { things: chain, stand: 'web1 down', routines: routine('web1'), windows: work('web1') },
      ['web1 maintenance by w1 always'],
    ],
    [
      'work on a parent comes before a routine of its own',
      { things: chain, stand: 'web1 down', routines: routine('web1'), windows: work('sw1') },
      ['web1 maintenance by w1'],
    ],
    [
      'a routine comes before a failed parent',
      { things: chain, stand: 'sw1 down, web1 down', routines: routine('web1') },
      ['sw1 counts', 'web1 routine by r1'],
    ],
    [
      'work comes before a failed parent',
      { things: chain, stand: 'sw1 down, web1 down', windows: work('web1') },
      ['sw1 counts', 'web1 maintenance by w1 always'],
    ],
    [
      'cut off: all that is remote',
      { things: chain, stand: 'cox down, web1 down', cutOff },
      ['cox cut-off by desk always', 'web1 cut-off by desk always'],
    ],
    ['cut off comes before work', { things: chain, stand: 'web1 down', cutOff, windows: work('web1') }, ['web1 cut-off by desk always']],
    ['cut off leaves the computer itself alone', { things: [host('me')], stand: 'me/host down', cutOff }, ['me/host counts']],
    ['cut off leaves its anchors alone', { things: [thing('desk', 'desk')], stand: 'desk down', cutOff }, ['desk counts']],
    ['suspected: what is remote waits', { things: chain, stand: 'web1 down', suspected: true }, ['web1 counts waits']],
    ['suspected: the computer itself does not', { things: [host('me')], stand: 'me/host down', suspected: true }, ['me/host counts']],
    [
      'covered work waits for nothing',
      { things: chain, stand: 'web1 down', suspected: true, windows: work('web1') },
      ['web1 maintenance by w1 always'],
    ],
  ];
  it.each(table)('%s', (_what, scene, expected) => expect(told(look(scene))).toEqual(expected));

  it('workedOn names what is worked on directly, ok or not', () => {
    const covers = workedOn(graphOf(site), [{ id: 'w1', name: 'Power', affects: ['sd'] }]);
    expect([...covers.keys()].toSorted()).toEqual(['cox', 'sd', 'web1']);
    expect(covers.get('web1')).toEqual({ kind: 'maintenance', by: 'w1', name: 'Power', always: true });
    expect(workedOn(graphOf(site), [])).toEqual(new Map());
  });
});

describe('cool-down', () => {
  const down = 'sw1 down, web1 down';
  const back = 'sw1 ok, web1 down';
  const failedBefore = (): CoverMemory => look({ things: chain, stand: down }).memory;
  const later = (ms: number, memory: CoverMemory, stand = back) => look({ things: chain, stand, memory, now: NOW + ms });

  it('remembers parents that failed, not leaves', () => expect(failedBefore()).toEqual({ failed: new Set(['sw1']), recovered: new Map() }));
  it('covers children from the very look at which the parent is back', () =>
    expect(told(later(0, failedBefore()))).toEqual(['web1 unreachable by sw1']));

  const recovered = later(0, failedBefore()).memory;
  const table: [string, number, string, string[]][] = [
    ['for one cycle of the child', CYCLE - 1, back, ['web1 unreachable by sw1']],
    ['not longer', CYCLE, back, ['web1 counts']],
    ['also what fails only then', 10_000, 'web1 just-down', ['web1 unreachable by sw1']],
    ['not what is behind nothing that failed', 10_000, 'router down', ['router counts']],
    ['a parent that fails again starts anew', 10_000, down, ['sw1 counts', 'web1 unreachable by sw1']],
  ];
  it.each(table)('%s', (_what, ms, stand, expected) => expect(told(later(ms, recovered, stand))).toEqual(expected));

  it('forgets when it is over', () => {
    expect(recovered).toEqual({ failed: new Set(), recovered: new Map([['sw1', NOW]]) });
    expect(later(CYCLE - 1, recovered).memory).toBe(recovered);
    expect(later(CYCLE, recovered).memory).toEqual({ failed: new Set(), recovered: new Map() });
  });
  it('begins anew when the parent fails once more', () => {
    const again = later(10_000, recovered, down).memory;
    expect(again).toEqual({ failed: new Set(['sw1']), recovered: new Map() });
    expect(later(20_000, again).memory.recovered).toEqual(new Map([['sw1', NOW + 20_000]]));
  });
  it('a parent without checks has not come back while what it needs is out, whoever looks', () => {
    const things = [link('cox'), prefix('net', 'cox'), host('web1', 'net')];
    const { memory } = look({ things, stand: 'cox down, net -, web1 down' });
    expect(memory.failed).toEqual(new Set(['cox', 'net']));
    expect(look({ things, stand: 'cox down, net -, web1 ok', memory }).memory).toBe(memory);
  });
  it('is not made longer by a clock that goes back', () => {
    const earlier = look({ things: chain, stand: back, memory: recovered, now: NOW - 3_600_000 });
    expect(told(earlier)).toEqual(['web1 unreachable by sw1']);
    expect(earlier.memory.recovered.get('sw1')).toBe(NOW - 3_600_000);
  });
  it('holds for one of two that came back, while the other is still out', () => {
    const memory = { failed: new Set(['he']), recovered: new Map([['cox', NOW - 10_000]]) };
    expect(told(look({ things: twoUplinks, stand: 'he down, router down', memory }))).toEqual([
      'he counts',
      'router unreachable by cox from cox+he',
    ]);
  });
  it('goes down a chain: each level has a cycle of its own', () => {
    const memory = { failed: new Set(['router', 'sw1']), recovered: new Map([['cox', NOW - 10_000]]) };
    const first = look({ things: chain, stand: 'router down, sw1 down, web1 down', memory });
    expect(told(first)).toEqual(['router unreachable by cox', 'sw1 unreachable by cox', 'web1 unreachable by cox']);
    const second = look({ things: chain, stand: 'router down, sw1 down, web1 down', memory: first.memory, now: NOW + CYCLE });
    expect(told(second)).toEqual(['router counts', 'sw1 unreachable by router', 'web1 unreachable by router']);
  });
  it('a failed parent that nobody can see any more has not come back', () => {
    const gone = look({ things: chain, stand: 'sw1 stale-down, web1 down', memory: failedBefore() });
    expect(told(gone)).toEqual(['sw1 counts', 'web1 unreachable by sw1']);
    expect(gone.memory.failed).toEqual(new Set(['sw1']));
  });
  it('a parent that left the inventory is forgotten', () => {
    const things = chain.filter(({ id }) => id !== 'sw1');
    const result = look({ things, stand: 'web1 down', memory: failedBefore() });
    expect(told(result)).toEqual(['web1 counts']);
    expect(result.memory).toEqual({ failed: new Set(), recovered: new Map() });
  });
  it('a desk that is connected again gives all that is remote a cycle', () => {
    const cutOff = { since: NOW - 60_000, anchors: [] };
    const during = look({ things: chain, stand: 'web1 down', cutOff });
    const again = look({ things: chain, stand: 'web1 down', memory: during.memory });
    expect(told(again)).toEqual(['web1 cut-off by desk']);
    expect(told(look({ things: chain, stand: 'web1 down', memory: again.memory, now: NOW + CYCLE - 1 }))).toEqual(['web1 cut-off by desk']);
    expect(told(look({ things: chain, stand: 'web1 down', memory: again.memory, now: NOW + CYCLE }))).toEqual(['web1 counts']);
  });
  it('the memory stays the very same while nothing changes', () => {
    const memory = failedBefore();
    expect(look({ things: chain, stand: down, memory }).memory).toBe(memory);
  });
});

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

/** While a parent is being retried nothing behind it counts yet; once it is back there is a cool-down. */
import { describe, expect, it } from 'vitest';
import { type CoverMemory, coverProblems, graphOf } from '../../shared/health/reach.ts';
import type { Subject } from '../../shared/model/plan.ts';
import { CYCLE, chain, host, link, look, NOW, prefix, shop, told, twoUplinks, words } from '../support/reach-scene.ts';
import { check } from '../support/story.ts';

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

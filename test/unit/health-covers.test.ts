/** What planned work, routines and a desk that is cut off cover. */
import { describe, expect, it } from 'vitest';
import { graphOf, workedOn } from '../../shared/health/reach.ts';
import { at, chain, host, link, look, NOW, type Scene, shop, told, twoUplinks } from '../support/reach-scene.ts';
import { thing } from '../support/story.ts';

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

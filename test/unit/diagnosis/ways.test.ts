import { describe, expect, it } from 'vitest';
import { type Followed, followedOf, waysOf } from '../../../shared/diagnosis/ways.ts';
import { graphOf } from '../../../shared/health/graph.ts';
import type { Subject } from '../../../shared/model/plan.ts';
import { subject } from '../../support/plans.ts';

const link = (id: string, provider: string, site: string): Subject => subject({ id, kind: 'link', provider, site });
const at = (id: string, kind: Subject['kind'], site: string, ...needs: string[]): Subject =>
  subject({ id, kind, site, dependsOn: needs.map((it) => [it]) });
const subjects = [
  link('bluefin', 'Bluefin Carrier', 'norfolk'),
  link('meridian-n', 'Meridian Transit', 'norfolk'),
  link('meridian-e', 'Meridian Transit', 'elko'),
  link('twin-1', 'Twin', 'norfolk'),
  link('twin-2', 'Twin', 'norfolk'),
  at('range-a', 'prefix', 'norfolk', 'bluefin'),
  at('range-t', 'prefix', 'norfolk', 'twin-2'),
  at('web1', 'host', 'norfolk', 'range-t'),
  at('lone', 'host', 'norfolk'),
  at('far', 'host', 'elko'),
];
const graph = graphOf(subjects);
const links = subjects.filter((it) => it.kind === 'link');
const way = (id: string, network: string | null, moment = 10, reached = false): Followed => ({ subject: id, at: moment, reached, network });

describe('where ways end', () => {
  it.each<[string, Followed[], { subject: string; link: string | null }[]]>([
    ['in the network of the one link of that provider', [way('range-a', 'Bluefin Carrier')], [{ subject: 'range-a', link: 'bluefin' }]],
    ['in no network that the inventory knows', [way('range-a', null)], [{ subject: 'range-a', link: null }]],
    ['in our own network', [way('range-a', '192.0.2.0/24')], [{ subject: 'range-a', link: null }]],
    [
      'of several circuits of a provider in the one at its site',
      [way('far', 'Meridian Transit')],
      [{ subject: 'far', link: 'meridian-e' }],
    ],
    ['of several at its site in the one that it rides on', [way('range-t', 'Twin')], [{ subject: 'range-t', link: 'twin-2' }]],
    ['also through what it needs', [way('web1', 'Twin')], [{ subject: 'web1', link: 'twin-2' }]],
    ['of a link in itself', [way('twin-1', 'Twin')], [{ subject: 'twin-1', link: 'twin-1' }]],
    ['nowhere, where several would do', [way('lone', 'Twin')], []],
    ['nowhere, where it came through', [way('range-a', 'Bluefin Carrier', 10, true)], []],
    ['nowhere, where the newest came through', [way('range-a', 'Bluefin Carrier', 10), way('range-a', null, 20, true)], []],
    ['where the newest says', [way('range-a', null, 10), way('range-a', 'Bluefin Carrier', 20)], [{ subject: 'range-a', link: 'bluefin' }]],
    ['nowhere, where it was followed before', [way('range-a', 'Bluefin Carrier', 4)], []],
    ['nowhere without traces', [], []],
  ])('%s', (_, followed, expected) => {
    expect(waysOf(followed, links, graph, 5)).toEqual(expected);
  });
});

describe('what a trace says', () => {
  const hop = (n: number, address: string | null, name: string | null) => ({ at: n, address, name, lossPercent: 0, ms: 1 });
  const traced = (good: boolean, ...hops: ReturnType<typeof hop>[]) => ({
    subject: { kind: 'prefix' as const, id: 'range-a' },
    at: 7,
    payload: { alert: null, check: 'range-a/icmp', target: '192.0.2.1', text: '', hops, good },
  });
  it.each<[string, Parameters<typeof followedOf>[0], Followed | null]>([
    [
      'its last router that answered',
      traced(false, hop(1, '198.51.100.1', 'Bluefin'), hop(2, null, 'Meridian')),
      way('range-a', 'Bluefin', 7),
    ],
    ['nothing where none did', traced(false, hop(1, null, null)), null],
    ['nothing where there is none', traced(false), null],
    ['that it came through', traced(true), way('range-a', null, 7, true)],
    ['nothing of what is in no inventory', { ...traced(false, hop(1, '198.51.100.1', 'B')), subject: null }, null],
  ])('%s', (_, event, expected) => {
    expect(followedOf(event)).toEqual(expected);
  });
});

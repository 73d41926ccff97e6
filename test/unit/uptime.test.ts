/** Uptime of one check, and of things with several. */
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { checkOf, during, lineOf, report, thing, type World, words } from '../support/uptime-world.ts';

describe('one check', () => {
  const host = thing('host', 'web1');
  const world = (told: string, more: Partial<World> = {}): World => ({
    subjects: [host],
    checks: [checkOf('web1', 'host', 'http')],
    told: { 'web1/http': told },
    ...more,
  });
  const table: [string, World, string, number | null, number, number][] = [
    ['up throughout', world('1u'), 'up 10', 100, 0, 0],
    ['an outage', world('5u 3d 1u'), 'up 7 down 3', 70, 1, 3],
    ['two outages', world('1u 1d 1u 4d 1u'), 'up 5 down 5', 50, 2, 4],
    ['degraded counts as available', world('5u 5g'), 'up 5 degraded 5', 100, 0, 0],
    ['degraded and then down', world('2g 3d 1u'), 'up 5 degraded 2 down 3', 70, 1, 3],
    ['unreachable is not charged', world('5u 3r 1u'), 'up 7 unreachable 3', 100, 0, 0],
    ['unknown is not charged', world('5u 3k 1u'), 'up 7 unknown 3', 100, 0, 0],
    ['nothing is known', { ...world(''), told: {} }, 'unknown 10', null, 0, 0],
    ['unknown before the first', { ...world(''), told: { 'web1/http': '4k 1u' } }, 'up 6 unknown 4', 100, 0, 0],
    ['what was in force at the beginning', world('3d 1u', { from: 1 }), 'up 7 down 2', (7 / 9) * 100, 1, 2],
    ['still down at the end', world('8u 1d'), 'up 8 down 2', 80, 1, 2],
    ['after the range', world('12u 5d'), 'up 10', 100, 0, 0],
    ['nobody watched', world('1u', { gaps: [[2, 5]] }), 'up 7 unknown 3', 100, 0, 0],
    [
      'gaps that overlap',
      world('1u', {
        gaps: [
          [2, 5],
          [4, 6],
          [6, 7],
        ],
      }),
      'up 5 unknown 5',
      100,
      0,
      0,
    ],
    [
      'gaps beyond the range',
      world('1u', {
        gaps: [
          [-5, 1],
          [9, 20],
        ],
      }),
      'up 8 unknown 2',
      100,
      0,
      0,
    ],
    ['a gap within an outage', world('2u 6d 1u', { gaps: [[4, 5]] }), 'up 4 down 5 unknown 1', (4 / 9) * 100, 2, 3],
    ['planned work', world('2u 6d 1u', { windows: [during(1, 9, ['web1'])] }), 'up 4 maintenance 6', 100, 0, 0],
    ['it overran', world('2u 6d 1u', { windows: [during(1, 5, ['web1'])] }), 'up 4 down 3 maintenance 3', (4 / 7) * 100, 1, 3],
    ['degraded meanwhile is planned too', world('2u 6g 1u', { windows: [during(2, 8, ['web1'])] }), 'up 4 maintenance 6', 100, 0, 0],
    ['what is not known stays so', world('2u 6k 1u', { windows: [during(2, 8, ['web1'])] }), 'up 4 unknown 6', 100, 0, 0],
    [
      'nobody watched during work',
      world('2u 6d 1u', { windows: [during(2, 8, ['web1'])], gaps: [[3, 5]] }),
      'up 4 maintenance 4 unknown 2',
      100,
      0,
      0,
    ],
    ['work on something else', world('2u 6d 1u', { windows: [during(2, 8, ['web2'])] }), 'up 4 down 6', 40, 1, 6],
    [
      'entered after the fact, it corrects the past',
      world('2u 6d 1u', { windows: [during(2, 8, ['web1'], { createdAt: 99 * MINUTE })] }),
      'up 4 maintenance 6',
      100,
      0,
      0,
    ],
    ['work that was called off', world('2u 6d 1u', { windows: [during(2, 8, ['web1'], { cancelledAt: 0 })] }), 'up 4 down 6', 40, 1, 6],
    [
      'work called off in the middle',
      world('2u 6d 1u', { windows: [during(2, 8, ['web1'], { cancelledAt: 5 * MINUTE, endedAt: 5 * MINUTE })] }),
      'up 4 down 3 maintenance 3',
      (4 / 7) * 100,
      1,
      3,
    ],
    [
      'work that nobody finished yet',
      world('2u 8d', { windows: [during(2, 0, ['web1'], { kind: 'open-ended', to: null })] }),
      'up 2 maintenance 8',
      100,
      0,
      0,
    ],
    [
      'flexible work from the first fault',
      world('2u 8d', { windows: [during(0, 9, ['web1'], { kind: 'flexible', durationMs: 3 * MINUTE, startedAt: 2 * MINUTE })] }),
      'up 2 down 5 maintenance 3',
      (2 / 7) * 100,
      1,
      5,
    ],
    [
      'windows that overlap',
      world('2u 6d 1u', { windows: [during(2, 5, ['web1']), during(4, 8, ['web1'], { id: 'b' })] }),
      'up 4 maintenance 6',
      100,
      0,
      0,
    ],
    ['an empty range', world('5u 3d 1u', { from: 6, to: 6 }), '', null, 0, 0],
  ];
  it.each(table)('%s', (_name, it, expected, availability, outages, longest) => {
    for (const id of ['web1/http', 'web1']) {
      const line = lineOf(it, id);
      expect(words(line.parts)).toBe(expected);
      if (availability === null) expect(line.availability).toBeNull();
      else expect(line.availability).toBeCloseTo(availability, 9);
      expect([line.outages, line.longestOutageMs / MINUTE]).toEqual([outages, longest]);
    }
  });
});

describe('things with several checks', () => {
  const web1 = thing('host', 'web1');
  const web2 = thing('host', 'web2');
  const pinged = [checkOf('web1', 'host', 'icmp'), checkOf('web1', 'host', 'icmp', 'icmp-v6'), checkOf('web1', 'host', 'http')];
  const plain = [checkOf('web1', 'host', 'http'), checkOf('web1', 'host', 'tcp')];
  const prefix = thing('prefix', 'net', { site: 'sd' });
  const representatives = [checkOf('net', 'prefix', 'icmp', 'a'), checkOf('net', 'prefix', 'icmp', 'b')];
  const shop = thing('service', 'shop', { hosts: ['web1', 'web2'] });
  const carried = [checkOf('web1', 'host', 'icmp'), checkOf('web2', 'host', 'icmp')];
  const own = [checkOf('shop', 'service', 'http'), checkOf('shop', 'service', 'tls')];
  const carriers = { subjects: [web1, web2, shop], checks: carried };
  const sd = thing('site', 'sd');
  const at = { subjects: [sd, { ...web1, site: 'sd' }, { ...web2, site: 'sd' }], checks: carried };

  const table: [string, World, string, string][] = [
    [
      'a host is down when all its pings are',
      { subjects: [web1], checks: pinged, told: { 'web1/icmp': '5u 5d', 'web1/icmp-v6': '5u 5d', 'web1/http': '5u 5d' } },
      'web1',
      'up 5 down 5',
    ],
    [
      'degraded when one of its pings is',
      { subjects: [web1], checks: pinged, told: { 'web1/icmp': '5u 5d', 'web1/icmp-v6': '1u', 'web1/http': '1u' } },
      'web1',
      'up 5 degraded 5',
    ],
    [
      'degraded when it answers and its web server does not',
      { subjects: [web1], checks: pinged, told: { 'web1/icmp': '1u', 'web1/icmp-v6': '1u', 'web1/http': '5u 5d' } },
      'web1',
      'up 5 degraded 5',
    ],
    [
      'its pings decide',
      { subjects: [web1], checks: pinged, told: { 'web1/icmp': '5u 5d', 'web1/icmp-v6': '5u 5d', 'web1/http': '1u' } },
      'web1',
      'up 5 down 5',
    ],
    [
      'unreachable when its pings are',
      { subjects: [web1], checks: pinged, told: { 'web1/icmp': '5u 5r', 'web1/icmp-v6': '5u 5r', 'web1/http': '5u 5r' } },
      'web1',
      'up 5 unreachable 5',
    ],
    ['pings not known: the rest counts', { subjects: [web1], checks: pinged, told: { 'web1/http': '5u 5d' } }, 'web1', 'up 5 down 5'],
    [
      'without pings it is down when all checks are',
      { subjects: [web1], checks: plain, told: { 'web1/http': '5u 5d', 'web1/tcp': '6u 4d' } },
      'web1',
      'up 5 degraded 1 down 4',
    ],
    [
      'what is not known of one check says nothing',
      { subjects: [web1], checks: plain, told: { 'web1/http': '1u', 'web1/tcp': '5u 5k' } },
      'web1',
      'up 10',
    ],
    [
      'unknown when nothing is known of any',
      { subjects: [web1], checks: plain, told: { 'web1/http': '5u 5k', 'web1/tcp': '4u 6k' } },
      'web1',
      'up 5 unknown 5',
    ],
    [
      'a prefix with one representative gone',
      { subjects: [prefix], checks: representatives, told: { 'net/a': '5u 5d', 'net/b': '8u 2d' } },
      'net',
      'up 5 degraded 3 down 2',
    ],
    [
      'a service is as bad as its worst check',
      { subjects: [shop], checks: own, told: { 'shop/http': '5u 5d', 'shop/tls': '3u 7g' } },
      'shop',
      'up 3 degraded 2 down 5',
    ],
    [
      'also when one is not known',
      { subjects: [shop], checks: own, told: { 'shop/http': '1u', 'shop/tls': '3u 7k' } },
      'shop',
      'up 3 unknown 7',
    ],
    [
      'without checks it stands as its hosts do: one of two gone',
      { ...carriers, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' } },
      'shop',
      'up 5 degraded 5',
    ],
    ['both gone', { ...carriers, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '8u 2d' } }, 'shop', 'up 5 degraded 3 down 2'],
    [
      'one host is worked on: what is missing is planned',
      { ...carriers, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' }, windows: [during(5, 8, ['web1'])] },
      'shop',
      'up 5 degraded 2 maintenance 3',
    ],
    [
      'one is worked on, the other fails: that was not planned',
      { ...carriers, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '6u 4d' }, windows: [during(5, 10, ['web1'])] },
      'shop',
      'up 5 down 4 maintenance 1',
    ],
    [
      'both are worked on',
      { ...carriers, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '5u 5d' }, windows: [during(5, 10, ['web1', 'web2'])] },
      'shop',
      'up 5 maintenance 5',
    ],
    [
      'the service itself is worked on',
      { subjects: [shop], checks: own, told: { 'shop/http': '5u 5d', 'shop/tls': '1u' }, windows: [during(5, 10, ['shop'])] },
      'shop',
      'up 5 maintenance 5',
    ],
    [
      'so is it when all of its hosts are',
      {
        subjects: [web1, web2, shop],
        checks: own,
        told: { 'shop/http': '5u 5d', 'shop/tls': '1u' },
        windows: [during(5, 10, ['web1', 'web2'])],
      },
      'shop',
      'up 5 maintenance 5',
    ],
    [
      'not when one of them is',
      { subjects: [web1, web2, shop], checks: own, told: { 'shop/http': '5u 5d', 'shop/tls': '1u' }, windows: [during(5, 10, ['web1'])] },
      'shop',
      'up 5 down 5',
    ],
    [
      'what lies behind a host that is worked on',
      {
        subjects: [web1, { ...web2, dependsOn: [['web1']] }],
        checks: carried,
        told: { 'web2/icmp': '5u 5r' },
        windows: [during(5, 10, ['web1'])],
      },
      'web2',
      'up 5 maintenance 5',
    ],
    [
      'not behind one of two that stand in for each other',
      {
        subjects: [web1, { ...web2, dependsOn: [['web1', 'web3']] }],
        checks: carried,
        told: { 'web2/icmp': '5u 5d' },
        windows: [during(5, 10, ['web1'])],
      },
      'web2',
      'up 5 down 5',
    ],
    [
      'a site is degraded while something at it is not up',
      { ...at, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' } },
      'sd',
      'up 5 degraded 5',
    ],
    ['down when all of it is gone', { ...at, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '6u 4r' } }, 'sd', 'up 5 degraded 1 down 4'],
    [
      'not charged when nothing of it is down itself',
      { ...at, told: { 'web1/icmp': '5u 5r', 'web2/icmp': '5u 5r' } },
      'sd',
      'up 5 unreachable 5',
    ],
    [
      'work at one of its hosts is planned',
      { ...at, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' }, windows: [during(5, 10, ['web1'])] },
      'sd',
      'up 5 maintenance 5',
    ],
    [
      'work on the site covers all at it',
      { ...at, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' }, windows: [during(5, 10, ['sd'])] },
      'web1',
      'up 5 maintenance 5',
    ],
    ['a site without checks', { subjects: [sd], checks: [], told: {} }, 'sd', 'unknown 10'],
    [
      'a gap goes over everything',
      { ...at, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' }, gaps: [[4, 6]] },
      'sd',
      'up 4 degraded 4 unknown 2',
    ],
  ];
  it.each(table)('%s', (_name, world, id, expected) => {
    expect(words(lineOf(world, id).parts)).toBe(expected);
  });

  it('lists sites with what is at them, checks below, then the rest; the desk and what nobody checks are left out', () => {
    const world: World = {
      subjects: [thing('desk', 'desk'), web2, { ...shop, hosts: [] }, sd, { ...web1, site: 'sd' }],
      checks: [...carried, checkOf('desk', 'desk', 'icmp')],
      told: {},
    };
    expect(report(world).lines.map((it) => `${it.kind} ${it.id} ${it.site}`)).toEqual([
      'site sd sd',
      'host web1 sd',
      'check web1/icmp sd',
      'host web2 null',
      'check web2/icmp null',
    ]);
  });

  it('gives only the lines that are wanted, reckoned with everything', () => {
    const world: World = { ...carriers, told: { 'web1/icmp': '5u 5d', 'web2/icmp': '1u' }, only: ['shop'] };
    expect(report(world).lines.map((it) => `${it.id} ${words(it.parts)}`)).toEqual(['shop up 5 degraded 5']);
  });
});

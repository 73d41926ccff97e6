import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { SubjectKind } from '../../shared/model/words.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { type StandingSpell, type UptimeInput, uptimeOf } from '../../shared/uptime/compute.ts';
import type { UptimeLine, UptimeParts } from '../../shared/uptime/report.ts';
import { uptimeCsv } from '../../shared/uptime/to-csv.ts';
import { mailStack } from '../support/mail-legs.ts';
import { plannedCheck, subject } from '../support/plans.ts';

const standings = { u: 'ok', g: 'degraded', d: 'down', r: 'unreachable', k: 'unknown' } as const;
/** "5u 3d 2u" as minutes from 0: five up, three down, two up. */
function spells(text: string): StandingSpell[] {
  let at = 0;
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const spell = { at, standing: standings[word.slice(-1) as keyof typeof standings] };
      at += Number(word.slice(0, -1)) * MINUTE;
      return spell;
    });
}
/** Parts in minutes, only those that are there: "up 5 down 3". */
const words = (parts: UptimeParts): string =>
  Object.entries(parts)
    .filter(([, ms]) => ms > 0)
    .map(([part, ms]) => `${part} ${ms / MINUTE}`)
    .join(' ');

const thing = (kind: SubjectKind, id: string, more: Partial<Subject> = {}): Subject => subject({ kind, id, ...more });
const checkOf = (of: string, kind: SubjectKind, type: PlannedCheck['type'], name: string = type): PlannedCheck =>
  plannedCheck({ id: `${of}/${name}`, type, name, subject: { kind, id: of } });

const work: MaintenanceWindow = {
  id: 'work',
  name: 'Work',
  kind: 'fixed',
  from: 0,
  to: 0,
  durationMs: null,
  schedule: null,
  affects: [],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'ann',
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};
const during = (from: number, to: number, affects: string[], more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  ...work,
  from: from * MINUTE,
  to: to * MINUTE,
  affects,
  ...more,
});

interface World {
  subjects: Subject[];
  checks: PlannedCheck[];
  told: Record<string, string>;
  gaps?: [number, number][];
  windows?: MaintenanceWindow[];
  from?: number;
  to?: number;
  only?: string[];
}
const report = ({ subjects, checks, told, gaps = [], windows = [], from = 0, to = 10, only }: World) =>
  uptimeOf({
    plan: { subjects, checks },
    from: from * MINUTE,
    to: to * MINUTE,
    spells: new Map(Object.entries(told).map(([id, text]) => [id, spells(text)])),
    gaps: gaps.map(([a, b]) => ({ from: a * MINUTE, to: b * MINUTE })),
    windows,
    subjects: only ?? null,
  });
const lineOf = (world: World, id: string): UptimeLine => {
  const line = report(world).lines.find((it) => it.id === id);
  if (!line) throw new Error(`no line ${id}`);
  return line;
};

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

const millis = fc.integer({ min: -1_000, max: 11_000 });
const randomWorld: fc.Arbitrary<UptimeInput> = fc.record({
  plan: fc.constant({
    subjects: [
      thing('site', 'sd'),
      thing('link', 'up', { site: 'sd' }),
      thing('host', 'a', { site: 'sd', dependsOn: [['up']] }),
      thing('host', 'b'),
      thing('service', 's', { hosts: ['a', 'b'] }),
      thing('mail', 'm', { dependsOn: [['b', 'a']] }),
    ],
    checks: [
      checkOf('up', 'link', 'icmp'),
      checkOf('a', 'host', 'icmp'),
      checkOf('a', 'host', 'http'),
      checkOf('b', 'host', 'tcp'),
      checkOf('b', 'host', 'http'),
      checkOf('m', 'mail', 'tcp'),
      checkOf('m', 'mail', 'dns'),
    ],
  }),
  from: fc.integer({ min: 0, max: 4_000 }),
  to: fc.integer({ min: 3_000, max: 10_000 }),
  spells: fc
    .array(
      fc.tuple(
        fc.constantFrom('up/icmp', 'a/icmp', 'a/http', 'b/tcp', 'b/http', 'm/tcp', 'm/dns', 'gone/http'),
        fc.array(fc.record({ at: millis, standing: fc.constantFrom('ok', 'degraded', 'down', 'unreachable', 'unknown') }), {
          maxLength: 12,
        }),
      ),
      { maxLength: 12 },
    )
    .map((all) => new Map(all)),
  gaps: fc.array(fc.record({ from: millis, to: millis }), { maxLength: 4 }),
  windows: fc.array(
    fc
      .record({ from: millis, to: millis, affects: fc.subarray(['sd', 'up', 'a', 'b', 's', 'm', 'gone']), endedAt: fc.option(millis) })
      .map((it) => ({ ...work, ...it })),
    { maxLength: 4 },
  ),
}) as fc.Arbitrary<UptimeInput>;

const total = (parts: UptimeParts): number => Object.values(parts).reduce((a, b) => a + b, 0);

describe('uptimeOf', () => {
  it('adds up to the range exactly, line by line, whatever happened', () => {
    fc.assert(
      fc.property(randomWorld, (input) => {
        const { lines, from, to } = uptimeOf(input);
        expect(lines.length).toBeGreaterThan(6);
        for (const line of lines) {
          expect(total(line.parts)).toBe(to - from);
          for (const ms of Object.values(line.parts)) expect(Number.isInteger(ms) && ms >= 0).toBe(true);
          expect(line.longestOutageMs).toBeLessThanOrEqual(line.parts.down);
          expect(line.outages > 0).toBe(line.parts.down > 0);
          if (line.availability !== null) expect(line.availability).toSatisfy((it: number) => it >= 0 && it <= 100);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same as looking at every millisecond', () => {
    const small = randomWorld.map((it) => ({ ...it, to: it.from + 300 }));
    fc.assert(
      fc.property(small, (input) => {
        const whole = uptimeOf(input);
        for (const id of ['a', 's', 'm', 'sd', 'b/tcp']) {
          const slow: Record<string, number> = {};
          for (let at = input.from; at < input.to; at += 1) {
            const { parts } = uptimeOf({ ...input, from: at, to: at + 1, subjects: null }).lines.find((it) => it.id === id) as UptimeLine;
            for (const [part, ms] of Object.entries(parts)) slow[part] = (slow[part] ?? 0) + ms;
          }
          expect(whole.lines.find((it) => it.id === id)?.parts).toEqual(slow);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('takes seconds for a year of 1,000 checks', () => {
    const subjects = [...Array(10)].map((_, index) => thing('site', `s${index}`));
    const checks: PlannedCheck[] = [];
    const told = new Map<string, StandingSpell[]>();
    for (let n = 0; n < 250; n += 1) {
      subjects.push(thing('host', `h${n}`, { site: `s${n % 10}` }));
      for (const type of ['icmp', 'http', 'tcp', 'dns'] as const) {
        checks.push(checkOf(`h${n}`, 'host', type));
        told.set(
          `h${n}/${type}`,
          [...Array(100)].map((_, index) => ({
            at: index * 3 * DAY + n * MINUTE,
            standing: index % 2 === 0 ? ('ok' as const) : ('down' as const),
          })),
        );
      }
    }
    const gaps = [...Array(365)].map((_, day) => ({ from: day * DAY, to: day * DAY + HOUR }));
    const weekly: MaintenanceWindow = {
      ...work,
      kind: 'recurring',
      from: null,
      to: null,
      durationMs: HOUR,
      schedule: { cron: '0 4 * * *', zone: 'America/Los_Angeles' },
      affects: ['s1'],
    };
    const began = performance.now();
    const { lines } = uptimeOf({ plan: { subjects, checks }, from: 0, to: 365 * DAY, spells: told, gaps, windows: [weekly] });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(lines).toHaveLength(1_260);
    for (const line of lines) expect(total(line.parts)).toBe(365 * DAY);
  });

  it('lives through the upgrade that took two days', () => {
    const mst = (time: string): number => Date.parse(`2008-05-${time}-07:00`);
    const server = thing('host', 'plesk1');
    const sites = thing('service', 'customer-sites', { hosts: ['plesk1'] });
    const { lines } = uptimeOf({
      plan: { subjects: [server, sites], checks: [checkOf('plesk1', 'host', 'icmp'), checkOf('customer-sites', 'service', 'http')] },
      from: mst('14T00:00'),
      to: mst('16T00:00'),
      spells: new Map([
        [
          'plesk1/icmp',
          [
            { at: 0, standing: 'ok' },
            { at: mst('14T00:09'), standing: 'down' },
            { at: mst('14T05:16'), standing: 'ok' },
          ],
        ],
        [
          'customer-sites/http',
          [
            { at: 0, standing: 'ok' },
            { at: mst('14T00:09'), standing: 'down' },
            { at: mst('15T02:25'), standing: 'ok' },
          ],
        ],
      ]),
      gaps: [],
      windows: [{ ...work, from: mst('14T00:09'), to: mst('14T05:09'), affects: ['plesk1'] }],
    });
    const told = Object.fromEntries(lines.filter((it) => it.kind !== 'check').map((it) => [it.id, words(it.parts)]));
    expect(told).toEqual({ plesk1: 'up 2573 down 7 maintenance 300', 'customer-sites': 'up 1304 down 1276 maintenance 300' });
  });
});

describe('uptimeCsv', () => {
  const { lines } = report({
    subjects: [thing('site', 'sd', { name: '=HYPERLINK("http://evil")' }), thing('host', 'web1', { site: 'sd', name: 'Web, "one"' })],
    checks: [checkOf('web1', 'host', 'http')],
    told: { 'web1/http': '5u 3d 1g 1r' },
    windows: [during(7, 8, ['web1'])],
  });
  const csv = uptimeCsv({ from: 0, to: 10 * MINUTE, lines }, 'America/Los_Angeles');

  it('says the range with its zone in every line, planned apart from unplanned, minutes and per cent', () => {
    expect(csv.split('\r\n')).toEqual([
      '\ufefffrom,to,zone,site,kind,id,name,availability %,range min,up min,degraded min,down (unplanned) min,down (planned) min,unreachable min,not known min,up %,degraded %,down (unplanned) %,down (planned) %,unreachable %,not known %,outages (unplanned),longest outage min',
      `1969-12-31 16:00:00 PST,1969-12-31 16:10:00 PST,America/Los_Angeles,sd,site,sd,"'=HYPERLINK(""http://evil"")",75.0000,10.0,5.0,1.0,2.0,1.0,1.0,0.0,50.0000,10.0000,20.0000,10.0000,10.0000,0.0000,1,2.0`,
      '1969-12-31 16:00:00 PST,1969-12-31 16:10:00 PST,America/Los_Angeles,sd,host,web1,"Web, ""one""",75.0000,10.0,5.0,1.0,2.0,1.0,1.0,0.0,50.0000,10.0000,20.0000,10.0000,10.0000,0.0000,1,2.0',
      '1969-12-31 16:00:00 PST,1969-12-31 16:10:00 PST,America/Los_Angeles,sd,check,web1/http,HTTP,75.0000,10.0,5.0,1.0,2.0,1.0,1.0,0.0,50.0000,10.0000,20.0000,10.0000,10.0000,0.0000,1,2.0',
      '',
    ]);
  });

  it('leaves availability empty where nothing was known, and never rounds up to 100', () => {
    const line = lines[0] as UptimeLine;
    const unknown = uptimeCsv({ from: 0, to: 0, lines: [{ ...line, availability: null }] }, 'UTC').split('\r\n')[1] ?? '';
    expect(unknown).toMatch(/,,0\.0,/);
    expect(unknown).toMatch(/,,,,,,,1,2\.0$/);
    expect(uptimeCsv({ from: 0, to: 1, lines: [{ ...line, availability: 99.99999 }] }, 'UTC')).toContain(',99.9999,');
    expect(uptimeCsv({ from: 0, to: 1, lines: [{ ...line, availability: 100 }] }, 'UTC')).toContain(',100.0000,');
  });
});

describe('a mail stack', () => {
  const { entry, subjects, plans } = mailStack('m', 'example.net', ['receiving', 'sending', 'reading', 'records']);
  const well = Object.fromEntries(plans.map((plan) => [plan.id, '1u']));
  const world = (told: Record<string, string>, more: Partial<World> = {}): World => ({
    subjects,
    checks: plans,
    told: { ...well, ...told },
    ...more,
  });

  it('has a line for each leg, with its checks below', () => {
    const lines = report(world({})).lines;
    expect(lines.filter((it) => it.kind !== 'check').map((it) => it.id)).toEqual([
      'm',
      'm.receiving',
      'm.sending',
      'm.reading',
      'm.records',
    ]);
    expect(lines.filter((it) => it.id.startsWith('m.sending/')).map((it) => it.name)).toEqual([
      'submission',
      'submission over TLS',
      'blocklists',
    ]);
  });
  it.each<[name: string, world: World, id: string, expected: string]>([
    ['a leg is as bad as the worst of it', world({ 'm.reading/imap': '5u 5d' }), 'm.reading', 'up 5 down 5'],
    ['and no other leg is', world({ 'm.reading/imap': '5u 5d' }), 'm.sending', 'up 10'],
    ['the domain stands as its legs', world({ 'm.reading/imap': '5u 5d', 'm.sending/submission': '2g 1u' }), 'm', 'up 3 degraded 2 down 5'],
    ['exchangers stand in for each other', world({ 'm.receiving/smtp': '5u 5d' }), 'm.receiving', 'up 5 degraded 5'],
    [
      'until none is left',
      world({ 'm.receiving/smtp': '5u 5d', 'm.receiving/smtp-v6': '5u 5d', 'm.receiving/smtp-mx2': '7u 3d' }),
      'm',
      'up 5 degraded 2 down 3',
    ],
    ['nobody uses the records', world({ 'm.records/posture': '5u 5d' }), 'm', 'up 10'],
    ['but they are told', world({ 'm.records/posture': '5u 5d' }), 'm.records', 'up 5 down 5'],
    [
      'work on a leg is planned for the domain',
      world({ 'm.reading/imap': '5u 5d' }, { windows: [during(5, 10, ['m.reading'])] }),
      'm',
      'up 5 maintenance 5',
    ],
    [
      'work on the domain is planned for its legs',
      world({ 'm.reading/imap': '5u 5d' }, { windows: [during(5, 10, ['m'])] }),
      'm.reading',
      'up 5 maintenance 5',
    ],
    ['what is not known of a leg', world({ 'm.reading/imap': '5u 5k' }), 'm', 'up 5 unknown 5'],
    [
      'checks beside the legs count',
      world({ 'm/extra': '5u 5d' }, { checks: [...plans, checkOf(entry.id, 'mail', 'tcp', 'extra')] }),
      'm',
      'up 5 down 5',
    ],
    [
      'a domain without legs that are watched stands as its hosts',
      {
        subjects: [thing('host', 'web1'), { ...entry, hosts: ['web1'] }],
        checks: [checkOf('web1', 'host', 'icmp')],
        told: { 'web1/icmp': '5u 5d' },
      },
      'm',
      'up 5 down 5',
    ],
  ])('%s', (_name, it, id, expected) => {
    expect(words(lineOf(it, id).parts)).toBe(expected);
  });
});

describe('stretches of what has an SLA', () => {
  const of = (
    subjects: Subject[],
    checks: PlannedCheck[],
    given: Record<string, string>,
    detail: string[],
    windows: MaintenanceWindow[] = [],
  ) => {
    const report = uptimeOf({
      plan: { subjects, checks },
      from: 0,
      to: 10 * MINUTE,
      spells: new Map(Object.entries(given).map(([id, text]) => [id, spells(text)])),
      gaps: [],
      windows,
      detail,
    });
    return (id: string) =>
      report.lines.find((it) => it.id === id)?.stretches?.map((it) => `${it.from / MINUTE}-${it.to / MINUTE} ${it.part}`);
  };
  const [site, a, b] = [thing('site', 'sd'), thing('host', 'a', { site: 'sd' }), thing('host', 'b', { site: 'sd' })];
  const hosts = [checkOf('a', 'host', 'icmp'), checkOf('b', 'host', 'icmp')];
  it('of a site: gone altogether, gone in part, slow; planned work and what nobody knows is none', () => {
    const found = of([site, a, b], hosts, { 'a/icmp': '1u 4d 1k 4u', 'b/icmp': '3u 1d 1u 1k 2u 1g 1u' }, ['sd']);
    expect(found('sd')).toEqual(['1-3 partial', '3-4 down', '4-5 partial', '8-9 degraded']);
    expect(found('a')).toBeUndefined();
    const planned = of([site, a, b], hosts, { 'a/icmp': '1u 4d 5u', 'b/icmp': '10u' }, ['sd'], [during(0, 3, ['a'])]);
    expect(planned('sd')).toEqual(['3-5 partial']);
  });
  it('of a link: an address range that rides on it alone', () => {
    const link = thing('link', 'cox');
    const alone = thing('prefix', 'p1', { dependsOn: [['cox']] });
    const both = thing('prefix', 'p2', { dependsOn: [['cox', 'other']] });
    const checks = [checkOf('cox', 'link', 'icmp', 'gateway'), checkOf('p1', 'prefix', 'icmp'), checkOf('p2', 'prefix', 'icmp')];
    const found = of([link, alone, both], checks, { 'cox/gateway': '8u 2d', 'p1/icmp': '2u 3d 3u 2r', 'p2/icmp': '6u 1d 3u' }, ['cox']);
    expect(found('cox')).toEqual(['2-5 partial', '8-10 down']);
  });
});

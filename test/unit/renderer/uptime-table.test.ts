import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RangeChoice, rangeOf } from '../../../renderer/uptime/ranges.ts';
import {
  availabilityText,
  minutesText,
  partsText,
  type Row,
  rowsOf,
  type Sort,
  sectionsOf,
  shareText,
  summaryOf,
} from '../../../renderer/uptime/uptime-table.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import type { UptimeLine, UptimeParts } from '../../../shared/uptime/report.ts';

const la = 'America/Los_Angeles';
const at = (text: string): number => Date.parse(text);
const now = at('2026-11-20T05:39:00-08:00');

describe('the stretch that is asked for', () => {
  it.each<[string, RangeChoice, { first: string; last: string }, object]>([
    ['today', 'today', { first: '', last: '' }, { range: { from: at('2026-11-20T00:00:00-08:00'), to: now } }],
    ['7 days', '7d', { first: '', last: '' }, { range: { from: now - 7 * DAY, to: now } }],
    ['30 days', '30d', { first: '', last: '' }, { range: { from: now - 30 * DAY, to: now } }],
    [
      'this month, from before the clocks changed',
      'this-month',
      { first: '', last: '' },
      { range: { from: at('2026-11-01T00:00:00-07:00'), to: now } },
    ],
    [
      'last month',
      'last-month',
      { first: '', last: '' },
      { range: { from: at('2026-10-01T00:00:00-07:00'), to: at('2026-11-01T00:00:00-07:00') } },
    ],
    [
      'one day, of 25 hours',
      'custom',
      { first: '2026-11-01', last: '2026-11-01' },
      { range: { from: at('2026-11-01T00:00:00-07:00'), to: at('2026-11-02T00:00:00-08:00') } },
    ],
    [
      'until today ends now',
      'custom',
      { first: '2026-11-19', last: '2026-11-20' },
      { range: { from: at('2026-11-19T00:00:00-08:00'), to: now } },
    ],
    [
      'until next week ends now',
      'custom',
      { first: '2026-11-19', last: '2026-11-30' },
      { range: { from: at('2026-11-19T00:00:00-08:00'), to: now } },
    ],
    ['no first day', 'custom', { first: '', last: '2026-11-30' }, { problem: 'Choose the first day.', field: 'first' }],
    ['no last day', 'custom', { first: '2026-11-19', last: '' }, { problem: 'Choose the last day.', field: 'last' }],
    [
      'the last before the first',
      'custom',
      { first: '2026-11-19', last: '2026-11-18' },
      { problem: 'The last day is before the first.', field: 'last' },
    ],
    ['still to come', 'custom', { first: '2026-11-21', last: '2026-11-22' }, { problem: 'This day is still to come.', field: 'first' }],
    ['no day', 'custom', { first: '2026-02-30', last: '2026-11-22' }, { problem: 'Choose the first day.', field: 'first' }],
  ])('%s', (_name, choice, custom, wanted) => expect(rangeOf(choice, custom, la, now)).toEqual(wanted));
});

const whole = DAY;
const none: UptimeParts = { up: 0, degraded: 0, down: 0, unreachable: 0, maintenance: 0, unknown: 0 };
const line = (kind: UptimeLine['kind'], id: string, site: string | null, down = 0, change: Partial<UptimeLine> = {}): UptimeLine => ({
  kind,
  id,
  name: id,
  site,
  parts: { ...none, up: whole - down, down },
  availability: ((whole - down) / whole) * 100,
  outages: down > 0 ? 1 : 0,
  longestOutageMs: down,
  ...change,
});
const lines: UptimeLine[] = [
  line('site', 'sd', 'sd'),
  line('host', 'web10', 'sd', HOUR),
  line('check', 'web10/http', 'sd', HOUR),
  line('check', 'web10/icmp', 'sd', 2 * HOUR),
  line('host', 'web2', 'sd', 2 * HOUR, { outages: 5, longestOutageMs: 30 * MINUTE }),
  line('site', 'phx', 'phx', 3 * HOUR),
  line('host', 'db1', 'phx', 0, { availability: null }),
  line('host', 'db2', 'phx', 3 * HOUR),
  line('service', 'webmail', null, MINUTE),
  line('check', 'webmail/http', null, MINUTE),
];
const report = { from: 0, to: whole, lines };
const keys = (rows: Row[]) => rows.map((row) => `${row.kind === 'check' ? '  ' : ''}${row.key}`);
const rows = (sort: Sort, open: string[] = [], typed = '') => keys(rowsOf(report, sort, new Set(open), typed));

describe('rows', () => {
  it.each<[string, string[], string[]]>([
    ['as in the inventory', rows('inventory'), ['site sd', 'web10', 'web2', 'site phx', 'db1', 'db2', 'elsewhere', 'webmail']],
    [
      'worst first, within sites and sites too; the unknown last',
      rows('availability'),
      ['site phx', 'db2', 'db1', 'site sd', 'web2', 'web10', 'elsewhere', 'webmail'],
    ],
    ['by name, numbers as numbers', rows('name'), ['site phx', 'db1', 'db2', 'site sd', 'web2', 'web10', 'elsewhere', 'webmail']],
    ['most outages first', rows('outages').slice(-5), ['site sd', 'web2', 'web10', 'elsewhere', 'webmail']],
    ['longest outage first', rows('longest').slice(-5), ['site sd', 'web10', 'web2', 'elsewhere', 'webmail']],
    ['unfolded', rows('inventory', ['web10']).slice(0, 5), ['site sd', 'web10', '  web10/http', '  web10/icmp', 'web2']],
    [
      'unfolded and sorted',
      rows('availability', ['web10', 'gone']).slice(-5),
      ['web10', '  web10/icmp', '  web10/http', 'elsewhere', 'webmail'],
    ],
    ['with words', rows('inventory', [], 'db'), ['site phx', 'db1', 'db2']],
    ['with the name of a site: all that is there', rows('inventory', [], 'phx'), ['site phx', 'db1', 'db2']],
    ['with the name of a check', rows('inventory', [], 'icmp'), ['site sd', 'web10']],
    ['with words that nothing has', rows('inventory', [], 'mars'), []],
  ])('%s', (_name, got, wanted) => expect(got).toEqual(wanted));

  it('without sites need no head', () => {
    expect(keys(rowsOf({ lines: lines.slice(-2) }, 'availability', new Set(), ''))).toEqual(['webmail']);
  });
  it('know how many checks they hold', () => {
    expect(sectionsOf(lines).map((it) => [it.site?.id, it.things.map((thing) => thing.checks.length)])).toEqual([
      ['sd', [2, 0]],
      ['phx', [0, 0]],
      [undefined, [1]],
    ]);
  });
});

describe('numbers', () => {
  it.each<[string, string, string]>([
    ['all of it', availabilityText(100), '100 %'],
    ['a second of a year is not 100', availabilityText((1 - 1_000 / (365 * DAY)) * 100), '99.999 %'],
    ['rounded down', availabilityText(99.98299), '99.982 %'],
    ['none', availabilityText(0), '0.000 %'],
    ['not known', availabilityText(null), 'not known'],
    ['no part', shareText(0, DAY), '0 %'],
    ['the whole', shareText(DAY, DAY), '100 %'],
    ['a tiny part is not nothing', shareText(1, DAY), '<0.01 %'],
    ['nearly all is not all', shareText(DAY - 1, DAY), '99.99 %'],
    ['of an empty range', shareText(0, 0), '0 %'],
    ['minutes', minutesText(1_204 * MINUTE), '1,204 min'],
    ['less than one', minutesText(20_000), '<1 min'],
    ['none at all', minutesText(0), '0 min'],
    ['a bar in words', partsText({ parts: { ...none, up: DAY - HOUR, maintenance: HOUR } }, DAY), 'up 95.83 %, planned 4.16 %'],
  ])('%s', (_name, got, wanted) => expect(got).toBe(wanted));

  it('never claim 100 % of what was not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * DAY }), fc.integer({ min: 1, max: 400 * DAY }), (up, down) => {
        expect(availabilityText((up / (up + down)) * 100).startsWith('100')).toBe(false);
        expect(shareText(up, up + down)).not.toBe('100 %');
        expect(shareText(down, up + down)).not.toBe('0 %');
      }),
    );
  });
});

describe('the first sentence', () => {
  const thing = (change: Partial<UptimeParts>, name = 'db2', longestOutageMs = 0): UptimeLine =>
    line('host', name, null, 0, { parts: { ...none, ...change }, longestOutageMs });
  it.each<[string, UptimeLine[], string]>([
    ['nothing watched', [], 'Nothing is watched that has an uptime'],
    ['nobody watched', [thing({ unknown: DAY })], 'Nothing is known of this time: nobody watched'],
    ['all well', [thing({ up: DAY })], 'Nothing was down without a plan'],
    ['planned only', [thing({ up: DAY - HOUR, maintenance: HOUR })], 'Nothing was down without a plan; planned work took up to 1 h'],
    [
      'one was down',
      [thing({ up: DAY - HOUR, down: HOUR }, 'db2', 42 * MINUTE), thing({ up: DAY })],
      '1 of 2 things was down; the longest outage: db2, 42 min',
    ],
    [
      'several were',
      [thing({ down: HOUR }, 'db2', HOUR), thing({ down: HOUR }, 'web1', 20 * MINUTE)],
      '2 of 2 things were down; the longest outage: db2, 1 h',
    ],
  ])('%s', (_name, of, wanted) => expect(summaryOf({ from: 0, to: DAY, lines: of })).toBe(wanted));
});

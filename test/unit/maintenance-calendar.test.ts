import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOver, latestAt, nextAfter, nextChange, occurrencesOf, runningAt } from '../../shared/maintenance/calendar.ts';
import { cronLine, cronProblem } from '../../shared/maintenance/cron.ts';
import type { MaintenanceWindow, Routine } from '../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { cpuMs } from '../support/cpu-time.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string => (ms === null ? 'open' : new Date(ms).toISOString().slice(0, 16));

const base: MaintenanceWindow = {
  id: 'w',
  name: 'Mail maintenance',
  kind: 'fixed',
  from: null,
  to: null,
  durationMs: null,
  schedule: null,
  affects: ['mail1'],
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
const six = at('2026-12-16T06:00Z');
const seven = six + HOUR;
const fixed: MaintenanceWindow = { ...base, from: six, to: seven };
const flexible: MaintenanceWindow = { ...base, kind: 'flexible', from: six, to: seven, durationMs: 30 * MINUTE };
const open: MaintenanceWindow = { ...base, kind: 'open-ended', from: six };
const weekly = (cron: string, zone: string, more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  ...base,
  kind: 'recurring',
  durationMs: 30 * MINUTE,
  schedule: { cron, zone },
  ...more,
});
const spans = (window: MaintenanceWindow, from: string, to: string): string[] =>
  occurrencesOf(window, at(from), at(to)).map((it) => `${iso(it.from)} ${iso(it.to)}`);

describe('occurrencesOf, once', () => {
  const table: [string, MaintenanceWindow, string[]][] = [
    ['fixed', fixed, ['2026-12-16T06:00 2026-12-16T07:00']],
    ['fixed, started early by hand', { ...fixed, startedAt: six - 10 * MINUTE }, ['2026-12-16T05:50 2026-12-16T07:00']],
    ['fixed, finished early', { ...fixed, endedAt: six + 20 * MINUTE }, ['2026-12-16T06:00 2026-12-16T06:20']],
    [
      'fixed, finished after its time: the overrun was not planned',
      { ...fixed, endedAt: seven + HOUR },
      ['2026-12-16T06:00 2026-12-16T07:00'],
    ],
    ['called off before it began', { ...fixed, cancelledAt: six - HOUR }, []],
    [
      'called off while it ran',
      { ...fixed, cancelledAt: six + 5 * MINUTE, endedAt: six + 5 * MINUTE },
      ['2026-12-16T06:00 2026-12-16T06:05'],
    ],
    ['no day', { ...base, durationMs: 20 * MINUTE }, []],
    [
      'no day, started by hand: as long as it was said to take',
      { ...base, durationMs: 20 * MINUTE, startedAt: six },
      ['2026-12-16T06:00 2026-12-16T06:20'],
    ],
    ['no day and no length, started by hand', { ...base, startedAt: six }, ['2026-12-16T06:00 open']],
    ['flexible that waits', flexible, []],
    ['flexible that began', { ...flexible, startedAt: six + 10 * MINUTE }, ['2026-12-16T06:10 2026-12-16T06:40']],
    ['flexible that began late lasts beyond `to`', { ...flexible, startedAt: seven }, ['2026-12-16T07:00 2026-12-16T07:30']],
    ['flexible, finished early', { ...flexible, startedAt: six, endedAt: six + MINUTE }, ['2026-12-16T06:00 2026-12-16T06:01']],
    ['open-ended', open, ['2026-12-16T06:00 open']],
    ['open-ended, finished', { ...open, endedAt: seven }, ['2026-12-16T06:00 2026-12-16T07:00']],
    ['open-ended that was given an end', { ...open, to: seven }, ['2026-12-16T06:00 2026-12-16T07:00']],
    ['open-ended without a day', { ...open, from: null }, []],
  ];
  it.each(table)('%s', (_name, window, expected) => {
    expect(spans(window, '2026-12-16T00:00Z', '2026-12-17T00:00Z')).toEqual(expected);
  });

  it('knows the edges of the range: a stretch holds its start and not its end', () => {
    expect(occurrencesOf(fixed, seven, seven + 1)).toEqual([]);
    expect(occurrencesOf(fixed, seven - 1, seven)).toHaveLength(1);
    expect(occurrencesOf(fixed, six - 1, six)).toEqual([]);
    expect(occurrencesOf(open, seven + 300 * DAY, seven + 301 * DAY)).toHaveLength(1);
  });
});

describe('occurrencesOf, recurring', () => {
  const sundays = weekly('0 4 * * 0', 'America/Los_Angeles');
  const table: [string, MaintenanceWindow, string, string, string[]][] = [
    [
      'Sundays at 04:00 in Los Angeles',
      sundays,
      '2026-11-20',
      '2026-12-01',
      ['2026-11-22T12:00 2026-11-22T12:30', '2026-11-29T12:00 2026-11-29T12:30'],
    ],
    [
      'one that began before the range reaches in',
      sundays,
      '2026-11-22T12:10Z',
      '2026-11-22T12:20Z',
      ['2026-11-22T12:00 2026-11-22T12:30'],
    ],
    ['one that is over at its edge does not', sundays, '2026-11-22T12:30Z', '2026-11-23', []],
    [
      'called off for one day',
      weekly('0 4 * * 0', 'America/Los_Angeles', { skipped: [at('2026-11-22T12:00Z')] }),
      '2026-11-20',
      '2026-12-01',
      ['2026-11-29T12:00 2026-11-29T12:30'],
    ],
    [
      'a series with a first day',
      weekly('0 4 * * 0', 'America/Los_Angeles', { from: at('2026-11-23') }),
      '2026-11-20',
      '2026-12-01',
      ['2026-11-29T12:00 2026-11-29T12:30'],
    ],
    [
      'a series with a last day',
      weekly('0 4 * * 0', 'America/Los_Angeles', { to: at('2026-11-29T12:00Z') }),
      '2026-11-20',
      '2026-12-01',
      ['2026-11-22T12:00 2026-11-22T12:30'],
    ],
    [
      'called off altogether while it ran',
      weekly('0 4 * * 0', 'America/Los_Angeles', { cancelledAt: at('2026-11-22T12:10Z') }),
      '2026-11-20',
      '2026-12-01',
      ['2026-11-22T12:00 2026-11-22T12:10'],
    ],
    [
      'one time finished early',
      weekly('0 4 * * 0', 'America/Los_Angeles', { ends: [{ at: at('2026-11-22T12:00Z'), to: at('2026-11-22T12:05Z'), finished: true }] }),
      '2026-11-20',
      '2026-11-23',
      ['2026-11-22T12:00 2026-11-22T12:05'],
    ],
    [
      'one time extended',
      weekly('0 4 * * 0', 'America/Los_Angeles', { ends: [{ at: at('2026-11-22T12:00Z'), to: at('2026-11-22T15:00Z'), finished: false }] }),
      '2026-11-22T14:00Z',
      '2026-11-23',
      ['2026-11-22T12:00 2026-11-22T15:00'],
    ],
    [
      'longer than its period: each ends where the next begins',
      weekly('0 * * * *', 'UTC', { durationMs: 2 * HOUR }),
      '2026-11-20T01:30Z',
      '2026-11-20T03:00Z',
      ['2026-11-20T01:00 2026-11-20T02:00', '2026-11-20T02:00 2026-11-20T03:00'],
    ],
    [
      'an hour that does not exist is moved to the end of the gap, Los Angeles',
      weekly('30 2 * * *', 'America/Los_Angeles'),
      '2026-03-07',
      '2026-03-10',
      ['2026-03-07T10:30 2026-03-07T11:00', '2026-03-08T10:00 2026-03-08T10:30', '2026-03-09T09:30 2026-03-09T10:00'],
    ],
    [
      'an hour that does not exist is moved to the end of the gap, Berlin',
      weekly('30 2 * * *', 'Europe/Berlin'),
      '2026-03-28',
      '2026-03-31',
      ['2026-03-28T01:30 2026-03-28T02:00', '2026-03-29T01:00 2026-03-29T01:30', '2026-03-30T00:30 2026-03-30T01:00'],
    ],
    [
      'an hour that comes twice happens once, Los Angeles',
      weekly('30 1 * * *', 'America/Los_Angeles'),
      '2026-10-31',
      '2026-11-03',
      ['2026-10-31T08:30 2026-10-31T09:00', '2026-11-01T08:30 2026-11-01T09:00', '2026-11-02T09:30 2026-11-02T10:00'],
    ],
    [
      'an hour that comes twice happens once, Berlin',
      weekly('30 2 * * *', 'Europe/Berlin'),
      '2026-10-24',
      '2026-10-27',
      ['2026-10-24T00:30 2026-10-24T01:00', '2026-10-25T00:30 2026-10-25T01:00', '2026-10-26T01:30 2026-10-26T02:00'],
    ],
    [
      'several times a day are each moved',
      weekly('0 0,2 * * *', 'Europe/Berlin'),
      '2026-03-28T22:00Z',
      '2026-03-29T22:00Z',
      ['2026-03-28T23:00 2026-03-28T23:30', '2026-03-29T01:00 2026-03-29T01:30'],
    ],
    [
      'several times a day: what is moved onto another is one',
      weekly('0 2,3 * * *', 'Europe/Berlin'),
      '2026-03-28T22:00Z',
      '2026-03-29T22:00Z',
      ['2026-03-29T01:00 2026-03-29T01:30'],
    ],
    [
      'several times a day: the ambiguous one once',
      weekly('30 1,5 * * *', 'America/Los_Angeles'),
      '2026-11-01T07:00Z',
      '2026-11-02T07:00Z',
      ['2026-11-01T08:30 2026-11-01T09:00', '2026-11-01T13:30 2026-11-01T14:00'],
    ],
    [
      'the second Sunday of the month',
      weekly('0 4 * * 0#2', 'UTC'),
      '2026-11-01',
      '2027-01-01',
      ['2026-11-08T04:00 2026-11-08T04:30', '2026-12-13T04:00 2026-12-13T04:30'],
    ],
    ['30 February never comes', weekly('0 4 30 2 *', 'UTC'), '2026-01-01', '2036-01-01', []],
    [
      '29 February comes every four years',
      weekly('0 4 29 2 *', 'UTC'),
      '2026-01-01',
      '2033-01-01',
      ['2028-02-29T04:00 2028-02-29T04:30', '2032-02-29T04:00 2032-02-29T04:30'],
    ],
    ['a line that cannot be read', weekly('61 4 * * *', 'UTC'), '2026-01-01', '2027-01-01', []],
    ['a zone that does not exist', weekly('0 4 * * *', 'Mars/Olympus'), '2026-01-01', '2027-01-01', []],
    ['no duration', weekly('0 4 * * *', 'UTC', { durationMs: null }), '2026-01-01', '2026-01-03', []],
  ];
  it.each(table)('%s', (_name, window, from, to, expected) => {
    expect(spans(window, from, to)).toEqual(expected);
  });

  it('gives the first 2,000 of a line that runs every minute, wherever the range begins', () => {
    const minutely = weekly('* * * * *', 'America/Los_Angeles', { durationMs: 20_000 });
    const found = occurrencesOf(minutely, at('2026-01-01'), at('2027-01-01'));
    expect(found).toHaveLength(2_000);
    expect(found[0]?.from).toBe(at('2026-01-01'));
  });

  it('does not hang on lines that never come true', () => {
    const began = cpuMs();
    for (const cron of ['0 2 30 2 *', '0 2 31 2,4,6,9,11 *', '0-59 0-23 31 6 *', '0 2 31W 2 *']) {
      const never = weekly(cron, 'Europe/Berlin');
      for (let ask = 0; ask < 200; ask += 1) expect(nextAfter(never, six)).toBeNull();
      expect(isOver(never, six)).toBe(true);
      expect(cronProblem(cron, 'Europe/Berlin')).toContain('never');
    }
    expect(cpuMs() - began).toBeLessThan(2_000);
  });

  const zones = ['America/Los_Angeles', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'];
  const lines = ['30 2 * * *', '0 4 * * 0', '15 */3 * * *', '0 1,2,3 * * *', '30 1-3 * * 0,6', '0 0 1 * *', '0 4 * * 0#2', '*/20 * * * *'];
  it('is sorted, in range, without overlap and the same however it is cut, for any line and zone', () => {
    const range = fc.tuple(fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }), fc.integer({ min: 1, max: 6 * DAY }));
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.constantFrom(...zones),
        range,
        fc.integer({ min: 1, max: 19 }),
        (cron, zone, [from, length], minutes) => {
          const window = weekly(cron, zone, { durationMs: minutes * MINUTE });
          const found = occurrencesOf(window, from, from + length);
          found.forEach((one, index) => {
            expect(one.from).toBeLessThan(from + length);
            expect(one.to).toBeGreaterThan(from);
            expect((one.to as number) - one.from).toBe(minutes * MINUTE);
            const before = found[index - 1];
            if (before) expect(one.from).toBeGreaterThanOrEqual(before.to as number);
          });
          const middle = from + Math.floor(length / 2);
          const halves = [...occurrencesOf(window, from, middle), ...occurrencesOf(window, middle, from + length)];
          expect([...new Map(halves.map((one) => [one.from, one])).values()]).toEqual(found);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('looks back as it looks ahead', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.constantFrom(...zones),
        fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }),
        (cron, zone, moment) => {
          const line = cronLine(cron, zone);
          const before = line?.upTo(moment) as number;
          expect(before).toBeLessThanOrEqual(moment);
          expect(line?.after(before)).toBeGreaterThan(moment);
          expect(line?.after(before - 1)).toBe(before);
          expect(line?.upTo(before)).toBe(before);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('where it stands', () => {
  const sundays = weekly('0 4 * * 0', 'America/Los_Angeles');
  const sunday = at('2026-11-22T12:00Z');
  const ended = { ...fixed, endedAt: six + MINUTE };
  const table: [string, MaintenanceWindow, number, { running?: number; next?: number; latest?: number; over: boolean }][] = [
    ['fixed, before', fixed, six - 1, { next: six, over: false }],
    ['fixed, at its first moment', fixed, six, { running: six, latest: six, over: false }],
    ['fixed, at its end', fixed, seven, { latest: six, over: true }],
    ['fixed, finished', ended, six + MINUTE, { latest: six, over: true }],
    ['fixed, called off', { ...fixed, cancelledAt: six - HOUR }, six - MINUTE, { over: true }],
    ['no day', base, six, { over: false }],
    ['flexible that waits', flexible, six + MINUTE, { over: false }],
    ['flexible whose time ran out', flexible, seven + 1, { over: true }],
    ['flexible that runs', { ...flexible, startedAt: six }, six + MINUTE, { running: six, latest: six, over: false }],
    ['open-ended', open, seven + DAY, { running: six, latest: six, over: false }],
    ['recurring, between two', sundays, sunday - DAY, { next: sunday, latest: sunday - 7 * DAY, over: false }],
    ['recurring, in one', sundays, sunday + MINUTE, { running: sunday, next: sunday + 7 * DAY, latest: sunday, over: false }],
    [
      'recurring, the next one is called off',
      { ...sundays, skipped: [sunday] },
      sunday - DAY,
      { next: sunday + 7 * DAY, latest: sunday - 7 * DAY, over: false },
    ],
    ['recurring, in its last', { ...sundays, to: sunday + 1 }, sunday + MINUTE, { running: sunday, latest: sunday, over: false }],
    ['recurring, after its last', { ...sundays, to: sunday + 1 }, sunday + HOUR, { latest: sunday, over: true }],
    ['recurring, called off', { ...sundays, cancelledAt: sunday - HOUR }, sunday, { latest: sunday - 7 * DAY, over: true }],
  ];
  it.each(table)('%s', (_name, window, now, { running, next, latest, over }) => {
    expect(runningAt(window, now)?.from).toBe(running);
    expect(nextAfter(window, now)?.from).toBe(next);
    expect(latestAt(window, now)?.from).toBe(latest);
    expect(isOver(window, now)).toBe(over);
  });
});

describe('nextChange', () => {
  const routine: Routine = {
    id: 'logs',
    name: 'weekly log rotation',
    cron: '0 4 * * 0',
    zone: 'UTC',
    usuallyMs: 5 * MINUTE,
    restarts: ['web1'],
  };
  const sunday = at('2026-11-22T04:00Z');
  const table: [string, MaintenanceWindow[], Routine[], number, number | null][] = [
    ['nothing at all', [], [], six, null],
    ['only what is over', [fixed], [], seven + 1, null],
    ['no day', [base], [], six, null],
    ['far away: an hour at most', [fixed], [], six - DAY, six - DAY + HOUR],
    ['the start', [fixed], [], six - MINUTE, six],
    ['the end', [fixed], [], six, seven],
    ['a flexible one from when it may begin', [flexible], [], six - MINUTE, six],
    ['the first of several', [{ ...fixed, id: 'b', from: six + 9 * MINUTE }, flexible], [], six + MINUTE, six + 9 * MINUTE],
    ['a routine begins', [], [routine], sunday - 2 * MINUTE, sunday],
    ['a routine must be done', [], [routine], sunday, sunday + 5 * MINUTE],
  ];
  it.each(table)('%s', (_name, windows, routines, now, expected) => {
    expect(nextChange(windows, routines, now)).toBe(expected);
  });
});

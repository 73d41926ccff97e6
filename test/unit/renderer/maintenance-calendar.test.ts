import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dailyRoutines, entriesOf } from '../../../renderer/maintenance/calendar-entries.ts';
import {
  barsOf,
  type Entry,
  edgeOfWeek,
  monthOf,
  monthTitle,
  moveDay,
  moveMonth,
  weeksOf,
} from '../../../renderer/maintenance/calendar-grid.ts';
import type { MaintenanceCalendar } from '../../../shared/contract.ts';
import type { WindowLive } from '../../../shared/live.ts';
import type { MaintenanceWindow } from '../../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';

const la = 'America/Los_Angeles';
/** A moment in Los Angeles, written with its offset. */
const at = (text: string): number => Date.parse(text);
const now = at('2026-11-20T05:39:00-08:00');

describe('the weeks of a month', () => {
  it.each<[string, string, string, string, number]>([
    ['begins on a Sunday', '2026-11', '2026-10-26', '2026-12-06', 6],
    ['begins on a Monday and fills four weeks', '2027-02', '2027-02-01', '2027-02-28', 4],
    ['a leap year', '2028-02', '2028-01-31', '2028-03-05', 5],
    ['over the turn of the year', '2026-12', '2026-11-30', '2027-01-03', 5],
    ['six weeks', '2026-08', '2026-07-27', '2026-09-06', 6],
  ])('%s', (_name, month, first, last, weeks) => {
    const grid = weeksOf(month, la, now);
    const days = grid.flatMap((week) => week.days);
    expect([days[0]?.key, days.at(-1)?.key, grid.length]).toEqual([first, last, weeks]);
  });

  it('marks today in its zone, and what is outside of the month', () => {
    // In Los Angeles it is still the 19th, in Berlin the 20th.
    const early = at('2026-11-20T01:00:00+01:00');
    const today = (zone: string) =>
      weeksOf('2026-11', zone, early)
        .flatMap((week) => week.days)
        .filter((day) => day.today)
        .map((day) => day.key);
    expect([today(la), today('Europe/Berlin')]).toEqual([['2026-11-19'], ['2026-11-20']]);
    expect(weeksOf('2026-11', la, now)[0]?.days.map((day) => day.inMonth)).toEqual([false, false, false, false, false, false, true]);
  });

  it.each<[string, string, string, string, number]>([
    ['25 hours when clocks go back', '2026-11', la, '2026-11-01', 25],
    ['23 hours when clocks go forward', '2026-03', la, '2026-03-08', 23],
    ['23 hours where midnight itself is skipped', '2026-04', 'Africa/Cairo', '2026-04-24', 23],
    ['24 hours on any other day', '2026-11', la, '2026-11-20', 24],
    ['half-hour zones too', '2026-11', 'Asia/Kolkata', '2026-11-20', 24],
  ])('a day of %s', (_name, month, zone, key, hours) => {
    const days = weeksOf(month, zone, now).flatMap((week) => [...week.days, { key: '', at: week.to }]);
    const index = days.findIndex((day) => day.key === key);
    expect(((days[index + 1]?.at ?? 0) - (days[index]?.at ?? 0)) / HOUR).toBe(hours);
  });

  it('touches: every week ends where the next one begins, in every month and zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2000, max: 2040 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(la, 'Europe/Berlin', 'UTC', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Sao_Paulo'),
        (year, month, zone) => {
          const weeks = weeksOf(`${year}-${String(month).padStart(2, '0')}`, zone, now);
          const days = weeks.flatMap((week) => week.days);
          for (const [index, day] of days.entries()) if (index > 0) expect(day.at).toBeGreaterThan(days[index - 1]?.at ?? 0);
          for (const [index, week] of weeks.entries()) if (index > 0) expect(week.from).toBe(weeks[index - 1]?.to);
          expect(days.filter((day) => day.inMonth).map((day) => day.number)).toEqual(
            days.filter((day) => day.inMonth).map((_, index) => index + 1),
          );
        },
      ),
    );
  });
});

describe('moving about', () => {
  it.each<[string, string, string]>([
    ['a month on', moveMonth('2026-12', 1), '2027-01'],
    ['a month back', moveMonth('2026-01', -1), '2025-12'],
    ['a day over the end of a month', moveDay('2026-11-30', { days: 1 }), '2026-12-01'],
    ['a day over a change of the clocks', moveDay('2026-03-08', { days: 1 }), '2026-03-09'],
    ['a month from its 31st', moveDay('2027-01-31', { months: 1 }), '2027-02-28'],
    ['the Monday of a Sunday', edgeOfWeek('2026-11-22', 'first'), '2026-11-16'],
    ['the Sunday of a Monday', edgeOfWeek('2026-11-16', 'last'), '2026-11-22'],
    ['the month of a moment, in its zone', monthOf(at('2026-12-01T01:00:00Z'), la), '2026-11'],
    ['its title', monthTitle('2026-11'), 'November 2026'],
  ])('%s', (_name, got, wanted) => expect(got).toBe(wanted));
});

const entry = (key: string, from: string, to: string, weight = 0): Entry => ({ key, from: at(from), to: at(to), weight });
/** Monday 16 to Sunday 22 November. */
const week = weeksOf('2026-11', la, now)[3] as ReturnType<typeof weeksOf>[number];
const drawn = (entries: Entry[], most = 3, of = week) => {
  const { bars, hidden } = barsOf(of, entries, most);
  return {
    bars: bars.map(
      (bar) =>
        `${bar.entry.key} ${bar.column}+${bar.span} lane ${bar.lane}${bar.opens ? '' : ' from before'}${bar.closes ? '' : ' goes on'}`,
    ),
    hidden,
  };
};

describe('bars', () => {
  it.each<[string, Entry[], string[]]>([
    ['within a day', [entry('a', '2026-11-18T22:00:00-08:00', '2026-11-18T23:00:00-08:00')], ['a 2+1 lane 0']],
    ['over midnight', [entry('a', '2026-11-18T22:00:00-08:00', '2026-11-19T02:00:00-08:00')], ['a 2+2 lane 0']],
    [
      'until midnight does not touch the next day',
      [entry('a', '2026-11-18T22:00:00-08:00', '2026-11-19T00:00:00-08:00')],
      ['a 2+1 lane 0'],
    ],
    ['from midnight', [entry('a', '2026-11-18T00:00:00-08:00', '2026-11-18T01:00:00-08:00')], ['a 2+1 lane 0']],
    ['a point in time', [entry('a', '2026-11-18T22:00:00-08:00', '2026-11-18T22:00:00-08:00')], ['a 2+1 lane 0']],
    ['from the week before', [entry('a', '2026-11-15T22:00:00-08:00', '2026-11-17T02:00:00-08:00')], ['a 0+2 lane 0 from before']],
    ['into the week after', [entry('a', '2026-11-22T22:00:00-08:00', '2026-11-23T02:00:00-08:00')], ['a 6+1 lane 0 goes on']],
    ['over the whole week', [entry('a', '2026-11-01T22:00:00-08:00', '2026-11-30T02:00:00-08:00')], ['a 0+7 lane 0 from before goes on']],
    ['in another week: not drawn', [entry('a', '2026-11-23T00:00:00-08:00', '2026-11-23T02:00:00-08:00')], []],
    ['ended as the week began: not drawn', [entry('a', '2026-11-15T20:00:00-08:00', '2026-11-16T00:00:00-08:00')], []],
    [
      'two at once lie below each other, the longer one above',
      [
        entry('short', '2026-11-18T01:00:00-08:00', '2026-11-18T02:00:00-08:00'),
        entry('long', '2026-11-18T22:00:00-08:00', '2026-11-20T02:00:00-08:00'),
      ],
      ['long 2+3 lane 0', 'short 2+1 lane 1'],
    ],
    [
      'a lane is used again once it is free',
      [
        entry('a', '2026-11-16T01:00:00-08:00', '2026-11-17T02:00:00-08:00'),
        entry('b', '2026-11-17T01:00:00-08:00', '2026-11-17T02:00:00-08:00'),
        entry('c', '2026-11-18T01:00:00-08:00', '2026-11-18T02:00:00-08:00'),
      ],
      ['a 0+2 lane 0', 'b 1+1 lane 1', 'c 2+1 lane 0'],
    ],
    [
      'routines go below planned work of the same day',
      [
        entry('routine', '2026-11-18T04:00:00-08:00', '2026-11-18T04:10:00-08:00', 2),
        entry('work', '2026-11-18T22:00:00-08:00', '2026-11-18T23:00:00-08:00'),
      ],
      ['work 2+1 lane 0', 'routine 2+1 lane 1'],
    ],
  ])('%s', (_name, entries, wanted) => expect(drawn(entries).bars).toEqual(wanted));

  it('lie on their days when clocks change', () => {
    const back = weeksOf('2026-11', la, now)[0] as typeof week;
    // Sunday 1 November has 25 hours: 23:30 of it is still Sunday.
    const late = entry('late', '2026-11-01T23:30:00-08:00', '2026-11-01T23:59:00-08:00');
    const both = entry('both', '2026-11-01T01:30:00-07:00', '2026-11-01T01:30:00-08:00');
    expect(drawn([late, both], 3, back).bars).toEqual(['both 6+1 lane 0', 'late 6+1 lane 1']);
    const forward = weeksOf('2026-03', la, now)[1] as typeof week;
    // Sunday 8 March has 23 hours: half past midnight after it is Monday.
    expect(drawn([entry('a', '2026-03-08T23:30:00-07:00', '2026-03-09T00:30:00-07:00')], 3, forward).bars).toEqual([
      'a 6+1 lane 0 goes on',
    ]);
  });

  it('counts what finds no lane, on each day', () => {
    const many = Array.from({ length: 5 }, (_, index) => entry(`e${index}`, '2026-11-18T01:00:00-08:00', '2026-11-19T02:00:00-08:00'));
    expect(drawn(many).hidden).toEqual([0, 0, 2, 2, 0, 0, 0]);
  });

  it('never overlap, and none is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3 * DAY, max: 10 * DAY }), fc.integer({ min: 0, max: 9 * DAY })), { maxLength: 30 }),
        (stretches) => {
          const entries = stretches.map(([from, length], index) => ({
            key: `e${index}`,
            from: week.from + from,
            to: week.from + from + length,
            weight: 0,
          }));
          const { bars, hidden } = barsOf(week, entries, 3);
          const taken = new Set<string>();
          for (const bar of bars) {
            for (let column = bar.column; column < bar.column + bar.span; column += 1) {
              expect(column).toBeLessThan(7);
              expect(taken.has(`${bar.lane} ${column}`)).toBe(false);
              taken.add(`${bar.lane} ${column}`);
            }
          }
          const touching = entries.filter((it) => it.from < week.to && Math.max(it.from, it.to - 1) >= week.from);
          expect(bars.length).toBeLessThanOrEqual(touching.length);
          if (hidden.every((n) => n === 0)) expect(bars.length).toBe(touching.length);
        },
      ),
    );
  });
});

const window: MaintenanceWindow = {
  id: 'w1',
  name: 'Mail maintenance',
  kind: 'fixed',
  from: at('2026-12-16T22:00:00-08:00'),
  to: at('2026-12-16T23:00:00-08:00'),
  durationMs: null,
  schedule: null,
  affects: ['mail1'],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'Kim',
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};
const live = (change: Partial<WindowLive>): Record<string, WindowLive> => ({
  w1: { ...window, running: null, next: null, overrunSince: null, overran: false, ...change },
});
const calendar = (change: Partial<MaintenanceCalendar> = {}): MaintenanceCalendar => ({
  windows: [window],
  occurrences: [{ window: 'w1', from: window.from as number, to: window.to }],
  routines: [],
  ...change,
});
const brief = (list: ReturnType<typeof entriesOf>) => list.map((it) => `${it.name} ${it.tone} ${it.short}`);

describe('what lies on the calendar', () => {
  const during = (window.from as number) + 30 * MINUTE;
  const after = (window.to as number) + 3 * HOUR;
  it.each<[string, MaintenanceCalendar, Record<string, WindowLive>, number, string[]]>([
    ['work to come', calendar(), live({}), now, ['Mail maintenance planned 22:00']],
    [
      'work that runs',
      calendar(),
      live({ running: { window: 'w1', from: window.from as number, to: window.to } }),
      during,
      ['Mail maintenance running 22:00'],
    ],
    ['work that overruns', calendar(), live({ overrunSince: window.to }), after, ['Mail maintenance late 22:00']],
    ['work that is over', calendar(), {}, after, ['Mail maintenance over 22:00']],
    ['a time of a window that nobody knows any more', calendar({ windows: [] }), {}, now, []],
    [
      'an hourly routine is one entry a day',
      calendar({
        windows: [],
        occurrences: [],
        routines: [1, 2, 3, 30].map((hour) => ({
          routine: 'r',
          name: 'log rotation',
          at: at('2026-11-20T00:00:00-08:00') + hour * HOUR,
          to: at('2026-11-20T00:10:00-08:00') + hour * HOUR,
          restarts: [],
        })),
      }),
      {},
      now,
      ['log rotation routine 3 times', 'log rotation routine 06:00'],
    ],
    [
      'a flexible one waits within its two times',
      calendar({ windows: [{ ...window, kind: 'flexible', durationMs: 30 * MINUTE }], occurrences: [] }),
      {},
      now,
      ['Mail maintenance waiting 22:00'],
    ],
  ])('%s', (_name, given, windows, moment, wanted) => expect(brief(entriesOf(given, windows, la, moment))).toEqual(wanted));

  const daily = (name: string, days: number[], hours: number[]) =>
    days.flatMap((day) =>
      hours.map((hour) => {
        const from = at('2026-11-01T12:00:00-08:00') - 12 * HOUR + day * 24 * HOUR + hour * HOUR;
        return { routine: name, name, at: from, to: from + MINUTE, restarts: [] };
      }),
    );
  const month = Array.from({ length: 35 }, (_, day) => day);
  it.each<[string, MaintenanceCalendar['routines'], string[], number]>([
    ['every night stands beside the calendar', daily('rotation', month, [4]), ['rotation 04:00'], 0],
    ['every hour too', daily('backup', month, [1, 2, 3]), ['backup 3 times a day'], 0],
    [
      'so does one of workdays',
      daily(
        'sync',
        month.filter((day) => day % 7 < 5),
        [6],
      ),
      ['sync 06:00'],
      0,
    ],
    [
      'a weekly one lies on its days',
      daily(
        'reindex',
        month.filter((day) => day % 7 === 0),
        [4],
      ),
      [],
      5,
    ],
  ])('a routine of %s', (_name, routines, beside, on) => {
    const given = calendar({ windows: [], occurrences: [], routines });
    expect(dailyRoutines(given, la).map((it) => `${it.name} ${it.times}`)).toEqual(beside);
    expect(entriesOf(given, {}, la, now)).toHaveLength(on);
  });

  it('draws what overruns, and what has no end, until now', () => {
    const [late] = entriesOf(calendar(), live({ overrunSince: window.to }), la, after);
    expect([late?.to, late?.openEnd]).toEqual([after, true]);
    const open = calendar({ occurrences: [{ window: 'w1', from: window.from as number, to: null }] });
    expect(entriesOf(open, live({ running: { window: 'w1', from: window.from as number, to: null } }), la, after)[0]).toMatchObject({
      to: after,
      openEnd: true,
      tone: 'running',
    });
  });

  it('says all of it to who does not see it, with the zone', () => {
    expect(entriesOf(calendar(), {}, la, now)[0]?.full).toBe('Wed 16 Dec 22:00–23:00 PST');
  });
});

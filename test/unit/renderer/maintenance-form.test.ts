import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActForm, type ActKind, readAct, startAct } from '../../../renderer/maintenance/act-form.ts';
import { readChange } from '../../../renderer/maintenance/change-form.ts';
import { dayEdge, momentOf, parseLength, readMoment, writeLength } from '../../../renderer/maintenance/moments.ts';
import { pickSubjects } from '../../../renderer/maintenance/pick-subjects.ts';
import { emptyPlan, formOf, moveStart, type PlanForm, readPlan } from '../../../renderer/maintenance/plan-form.ts';
import { nextTimes } from '../../../renderer/maintenance/plan-preview.ts';
import { cronOf, ordinal, type Repetition, repetitionOf, usual } from '../../../renderer/maintenance/repetition.ts';
import type { WindowLive } from '../../../shared/live.ts';
import { planWindow } from '../../../shared/maintenance/plan.ts';
import type { Subject } from '../../../shared/model/plan.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';

const la = 'America/Los_Angeles';
const at = (text: string): number => Date.parse(text);
const now = at('2026-11-20T05:39:00-08:00');

describe('lengths as people type them', () => {
  it.each<[string, number | null]>([
    ['30', 30 * MINUTE],
    ['30 min', 30 * MINUTE],
    ['30m', 30 * MINUTE],
    ['1 h 30 min', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1.5 h', 90 * MINUTE],
    ['1:30', 90 * MINUTE],
    ['2 hours', 2 * HOUR],
    ['2 days and 4 hours', 2 * DAY + 4 * HOUR],
    ['90 s', 90_000],
    ['', null],
    ['0', null],
    ['soon', null],
    ['30 parsecs', null],
    ['-30 min', null],
    ['20-30 minutes', null],
    ['30 min 20', null],
  ])('%s', (text, ms) => expect(parseLength(text)).toBe(ms));

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 86_400 }), (seconds) => {
        expect(parseLength(writeLength(seconds * 1_000))).toBe(seconds * 1_000);
      }),
    );
  });
});

describe('days and times', () => {
  it.each<[string, { day: string; time: string }, ReturnType<typeof readMoment>]>([
    ['in winter', { day: '2026-12-16', time: '22:00' }, { at: at('2026-12-16T22:00:00-08:00'), hint: null }],
    ['in summer', { day: '2026-07-16', time: '22:00' }, { at: at('2026-07-16T22:00:00-07:00'), hint: null }],
    ['no day', { day: '', time: '22:00' }, { problem: 'Choose the day.' }],
    ['no time', { day: '2026-12-16', time: '' }, { problem: 'Write the time, such as 22:00.' }],
    ['a day that is none', { day: '2026-02-30', time: '22:00' }, { problem: 'This is not a day.' }],
    ['a time that is none', { day: '2026-12-16', time: '25:00' }, { problem: 'Write the time as 22:00.' }],
    ['a time of a twelve-hour clock', { day: '2026-12-16', time: '9 pm' }, { problem: 'Write the time as 22:00.' }],
    ['a time written short', { day: '2026-12-16', time: '930' }, { at: at('2026-12-16T09:30:00-08:00'), hint: null }],
    ['a time written with a dot', { day: '2026-12-16', time: '9.30' }, { at: at('2026-12-16T09:30:00-08:00'), hint: null }],
    [
      'a time that is skipped',
      { day: '2026-03-08', time: '02:30' },
      { problem: 'There is no 02:30 on this day: the clocks are put forward. Choose another time.' },
    ],
    [
      'a time that comes twice',
      { day: '2026-11-01', time: '01:30' },
      { at: at('2026-11-01T01:30:00-07:00'), hint: '01:30 comes twice on this day: the clocks are put back. The first is meant.' },
    ],
  ])('%s', (_name, moment, wanted) => expect(readMoment(moment, la)).toEqual(wanted));

  it('keeps the moment from the form to the engine and back', () => {
    const moment = at('2026-12-16T22:15:00-08:00');
    expect(readMoment(momentOf(moment, la), la)).toEqual({ at: moment, hint: null });
    expect([dayEdge('2026-11-01', la, 'start'), dayEdge('2026-11-01', la, 'end')]).toEqual([
      at('2026-11-01T00:00:00-07:00'),
      at('2026-11-02T00:00:00-08:00'),
    ]);
    expect(dayEdge('soon', la, 'end')).toBeNull();
  });
});

const form: PlanForm = {
  ...emptyPlan(['mail1'], '2026-12-16', la, now),
  name: 'Mail maintenance',
};
const read = (change: Partial<PlanForm>, when = now) => readPlan({ ...form, ...change }, la, la, when);
const moment = (day: string, time: string) => ({ day, time });

describe('a new plan', () => {
  it('begins at night on the day that was clicked, and at the next hour today', () => {
    expect([form.from, form.to]).toEqual([moment('2026-12-16', '22:00'), moment('2026-12-16', '23:00')]);
    expect(emptyPlan([], null, la, now)).toMatchObject({ from: moment('2026-11-20', '06:00'), to: moment('2026-11-20', '07:00') });
    expect(emptyPlan([], '2026-11-20', la, now).from.time).toBe('06:00');
  });

  it('of a series begins today or on that day: it must not call old outages planned', () => {
    expect([form.firstDay, emptyPlan([], null, la, now).firstDay]).toEqual(['2026-12-16', '2026-11-20']);
  });

  it('keeps its length when its start moves, and an end that was wrong as it is', () => {
    expect(moveStart(form, moment('2026-12-17', '23:30'), la).to).toEqual(moment('2026-12-18', '00:30'));
    expect(moveStart({ ...form, to: moment('', '') }, moment('2026-12-17', '23:30'), la).to).toEqual(moment('', ''));
    expect(moveStart({ ...form, to: moment('2026-12-15', '23:00') }, moment('2026-12-17', '23:30'), la).to).toEqual(
      moment('2026-12-15', '23:00'),
    );
  });
});

const recurring: Partial<PlanForm> = { kind: 'recurring', length: '30 min', firstDay: '' };

describe('what is sent', () => {
  it.each<[string, Partial<PlanForm>, object]>([
    [
      'fixed',
      {},
      { kind: 'fixed', from: at('2026-12-16T22:00:00-08:00'), to: at('2026-12-16T23:00:00-08:00'), durationMs: null, schedule: null },
    ],
    ['over midnight', { to: moment('2026-12-17', '02:00') }, { to: at('2026-12-17T02:00:00-08:00') }],
    [
      'over a change of the clocks',
      { from: moment('2026-10-31', '22:00'), to: moment('2026-11-01', '04:00') },
      { from: at('2026-10-31T22:00:00-07:00'), to: at('2026-11-01T04:00:00-08:00') },
    ],
    ['day not fixed yet', { dayOpen: true }, { from: null, to: null, durationMs: null }],
    ['day not fixed yet, length known', { dayOpen: true, length: '30 min' }, { from: null, to: null, durationMs: 30 * MINUTE }],
    ['flexible', { kind: 'flexible', length: '30' }, { kind: 'flexible', from: at('2026-12-16T22:00:00-08:00'), durationMs: 30 * MINUTE }],
    ['open-ended', { kind: 'open-ended' }, { kind: 'open-ended', from: at('2026-12-16T22:00:00-08:00'), to: null, durationMs: null }],
    [
      'recurring',
      recurring,
      { kind: 'recurring', from: null, to: null, durationMs: 30 * MINUTE, schedule: { cron: '0 4 * * 0', zone: la } },
    ],
    [
      'recurring, from a day to a day',
      { ...recurring, firstDay: '2026-12-01', lastDay: '2026-12-31' },
      { from: at('2026-12-01T00:00:00-08:00'), to: at('2027-01-01T00:00:00-08:00') },
    ],
    ['recurring, "day not fixed" of before has no meaning', { ...recurring, dayOpen: true }, { durationMs: 30 * MINUTE }],
    [
      'an own line',
      { ...recurring, repetition: { ...usual, repeat: 'line', line: ' 15  3 * * 1 ' } },
      { schedule: { cron: '15 3 * * 1', zone: la } },
    ],
    ['after the fact', { from: moment('2026-11-18', '22:00'), to: moment('2026-11-18', '23:00') }, { to: at('2026-11-18T23:00:00-08:00') }],
    ['trimmed', { name: '  Mail  ', reason: ' moved ' }, { name: 'Mail', reason: 'moved' }],
  ])('%s', (_name, change, wanted) => {
    const { plan, problems } = read(change);
    expect(problems).toEqual({});
    expect(plan).toMatchObject(wanted);
    // What the form lets through, the engine takes.
    const made = planWindow(plan as NonNullable<typeof plan>, { id: 'w', by: 'Kim', now, known: () => true });
    expect(made.ok).toBe(true);
  });
});

describe('what is wrong is said beside its field', () => {
  it.each<[string, Partial<PlanForm>, string, string, boolean]>([
    ['no name', { name: ' ' }, 'name', 'Say what is done, such as “Mail maintenance”.', false],
    [
      'an end before the start',
      { to: moment('2026-12-16', '21:00') },
      'to',
      'It ends before it begins. Give it a later end, or another day.',
      true,
    ],
    ['an end at the start', { to: moment('2026-12-16', '22:00') }, 'to', 'It ends when it begins. Give it a later end.', true],
    ['no end', { to: moment('2026-12-16', '') }, 'to', 'Write the time, such as 22:00.', false],
    ['half an end, still being typed', { to: moment('2026-12-16', '2') }, 'to', 'Write the time as 22:00.', false],
    ['an end that is no time', { to: moment('2026-12-16', '24:30') }, 'to', 'Write the time as 22:00.', true],
    ['no start', { from: moment('', '22:00') }, 'from', 'Choose the day.', false],
    [
      'a start that the clocks skip',
      { from: moment('2027-03-14', '02:30') },
      'from',
      'There is no 02:30 on this day: the clocks are put forward. Choose another time.',
      true,
    ],
    [
      'a year and more',
      { to: moment('2028-12-16', '23:00') },
      'to',
      'It lasts more than a year. Choose “Open-ended” if the end is not known.',
      true,
    ],
    ['flexible without a length', { kind: 'flexible' }, 'length', 'Say how long it takes, such as “30 min”.', false],
    ['flexible without day or length', { kind: 'flexible', dayOpen: true }, 'length', 'Say how long it takes, such as “30 min”.', false],
    ['a length that is none', { kind: 'flexible', length: 'a while' }, 'length', 'Write it as “30 min”, “1 h 30 min” or “2 h”.', true],
    ['half a minute', { ...recurring, length: '30 s' }, 'length', 'It takes at least a minute and at most a year.', true],
    [
      'flexible in the past',
      { kind: 'flexible', length: '30', from: moment('2026-11-18', '22:00'), to: moment('2026-11-18', '23:00') },
      'to',
      'This is past: a flexible one waits for a fault still to come. Choose “At a fixed time”.',
      true,
    ],
    [
      'a cron line of four fields',
      { ...recurring, repetition: { ...usual, repeat: 'line', line: '0 4 * *' } },
      'schedule',
      'Expected a cron line of five fields',
      false,
    ],
    [
      'a cron line that never comes',
      { ...recurring, repetition: { ...usual, repeat: 'line', line: '0 4 30 2 *' } },
      'schedule',
      'Expected a cron line that comes true',
      false,
    ],
    [
      'an empty cron line',
      { ...recurring, repetition: { ...usual, repeat: 'line', line: ' ' } },
      'schedule',
      'Write the line: minute, hour, day, month, weekday.',
      false,
    ],
    [
      'no time',
      { ...recurring, repetition: { ...usual, time: '' } },
      'schedule',
      'Write the time at which it begins, such as 04:00.',
      false,
    ],
    ['no time of day', { ...recurring, repetition: { ...usual, time: '4 am' } }, 'schedule', 'Write the time as 04:00.', true],
    [
      'a last day before the first',
      { ...recurring, firstDay: '2026-12-31', lastDay: '2026-12-01' },
      'lastDay',
      'The last day is before the first.',
      true,
    ],
    [
      'a last day that is past',
      { ...recurring, lastDay: '2026-11-01' },
      'lastDay',
      'The last day is past: it would never come again.',
      true,
    ],
    [
      'in both lists',
      { spares: ['web1', 'mail1'] },
      'spares',
      'The same thing cannot be affected and keep working: take it out of one of the two.',
      true,
    ],
  ])('%s', (_name, change, field, text, atOnce) => {
    const { plan, problems } = read(change);
    expect(plan).toBeNull();
    expect(Object.keys(problems)).toEqual([field]);
    const problem = problems[field as keyof typeof problems];
    expect(problem?.text.startsWith(text)).toBe(true);
    expect(problem?.atOnce).toBe(atOnce);
  });

  it('hints at what is right but should be known', () => {
    expect(read({ from: moment('2026-11-18', '22:00'), to: moment('2026-11-18', '23:00') }).hints.to).toContain('it corrects the uptime');
    expect(read({ from: moment('2026-11-20', '05:00'), to: moment('2026-11-20', '07:00') }).hints.from).toContain('It has begun already');
    expect(read({ kind: 'open-ended', from: moment('2026-11-20', '05:00') }).hints.from).toContain('counts as running');
    expect(read({ from: moment('2026-11-01', '01:30'), to: moment('2026-11-01', '05:00') }).hints.from).toContain('comes twice');
    expect(read({ affects: [] }).hints.affects).toContain('Nothing is chosen');
  });

  it('keeps the times of a series although its name is missing', () => {
    expect(read({ ...recurring, name: '' }).times?.schedule?.cron).toBe('0 4 * * 0');
    expect(read({ ...recurring, length: '' }).times).toBeNull();
  });
});

describe('how often it comes', () => {
  const cases: [string, Repetition, string][] = [
    ['every day', { ...usual, repeat: 'daily', time: '03:05' }, '5 3 * * *'],
    ['workdays', { ...usual, repeat: 'workdays' }, '0 4 * * 1-5'],
    ['Sundays', { ...usual, repeat: 'weekly', weekday: 0 }, '0 4 * * 0'],
    ['Saturdays', { ...usual, repeat: 'weekly', weekday: 6, time: '23:59' }, '59 23 * * 6'],
    ['the first', { ...usual, repeat: 'monthly', day: 1 }, '0 4 1 * *'],
  ];
  it.each(cases)('%s as a cron line, and back', (_name, repetition, cron) => {
    expect(cronOf(repetition)).toBe(cron);
    const back = repetitionOf(cron);
    expect(back.repeat).toBe(repetition.repeat);
    expect(cronOf(back)).toBe(cron);
  });

  it.each<[string, string]>([
    ['several hours', '0 2,14 * * *'],
    ['steps', '*/10 * * * *'],
    ['a month', '0 4 1 6 *'],
    ['day and weekday', '0 4 1 * 0'],
    ['the 31st', '0 4 31 * *'],
    ['the second Tuesday', '0 4 * * 2#2'],
    ['nonsense', 'tomorrow'],
  ])('stays a line: %s', (_name, cron) => expect(repetitionOf(cron)).toMatchObject({ repeat: 'line', line: cron }));

  it('knows other spellings', () => {
    expect(repetitionOf('0 4 * * 7')).toMatchObject({ repeat: 'weekly', weekday: 0 });
    expect(repetitionOf('0 4 * * sun')).toMatchObject({ repeat: 'weekly', weekday: 0 });
    expect(repetitionOf('00 04 * * mon-fri')).toMatchObject({ repeat: 'workdays', time: '04:00' });
    expect([1, 2, 3, 4, 11, 21, 22].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '21st', '22nd']);
  });

  it('shows the next three times, over a change of the clocks at the same hour', () => {
    const times = nextTimes(
      { from: null, to: null, durationMs: 30 * MINUTE, schedule: { cron: '0 4 * * 0', zone: la } },
      at('2026-10-20T00:00:00-07:00'),
    );
    expect(times.map((it) => it.from)).toEqual([
      at('2026-10-25T04:00:00-07:00'),
      at('2026-11-01T04:00:00-08:00'),
      at('2026-11-08T04:00:00-08:00'),
    ]);
    expect(times[0]?.to).toBe(at('2026-10-25T04:30:00-07:00'));
    const ending = nextTimes(
      { from: null, to: at('2026-10-31T00:00:00-07:00'), durationMs: 30 * MINUTE, schedule: { cron: '0 4 * * 0', zone: la } },
      at('2026-10-20T00:00:00-07:00'),
    );
    expect(ending).toHaveLength(1);
  });
});

const window: WindowLive = {
  id: 'w1',
  name: 'Mail maintenance',
  kind: 'fixed',
  from: at('2026-12-16T22:00:00-08:00'),
  to: at('2026-12-16T23:00:00-08:00'),
  durationMs: null,
  schedule: null,
  affects: ['mail1'],
  spares: ['web1'],
  reason: 'routine',
  source: 'desk',
  by: 'Kim',
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
  running: null,
  next: { window: 'w1', from: at('2026-12-16T22:00:00-08:00'), to: at('2026-12-16T23:00:00-08:00') },
  overrunSince: null,
  overran: false,
};
const weekly: WindowLive = {
  ...window,
  kind: 'recurring',
  from: null,
  to: at('2027-01-01T00:00:00-08:00'),
  durationMs: 30 * MINUTE,
  schedule: { cron: '0 4 * * 0', zone: la },
  next: { window: 'w1', from: at('2026-11-22T04:00:00-08:00'), to: at('2026-11-22T04:30:00-08:00') },
};
const undecided: WindowLive = { ...window, from: null, to: null, durationMs: 30 * MINUTE, next: null };
const running: WindowLive = { ...window, running: window.next, next: null };
const during = at('2026-12-16T22:30:00-08:00');

describe('changing a plan', () => {
  it.each<[string, WindowLive]>([
    ['fixed', window],
    ['recurring', weekly],
    ['day not fixed yet', undecided],
    ['open-ended', { ...window, kind: 'open-ended', to: null }],
    ['flexible', { ...window, kind: 'flexible', durationMs: 45 * MINUTE }],
  ])('%s comes back from the form as it was', (_name, it) => {
    const { plan } = readPlan(formOf(it, la), la, it.schedule?.zone ?? la, now);
    const { name, kind, from, to, durationMs, schedule, affects, spares, reason } = it;
    expect(plan).toEqual({ name, kind, from, to, durationMs, schedule, affects, spares, reason });
  });
});

describe('what is done with planned work', () => {
  const act = (kind: ActKind, it: WindowLive, change: Partial<ActForm> = {}, when = now) =>
    readAct(kind, { ...startAct(kind, it, la, when), ...change }, it, la, when);
  it.each<[string, ReturnType<typeof act>, object]>([
    ['start', act('start', window), { change: { kind: 'start' } }],
    ['finish', act('finish', running, {}, during), { change: { kind: 'finish' } }],
    ['call off', act('cancel', window), { change: { kind: 'cancel', at: null } }],
    ['call off this time only', act('cancel', weekly), { change: { kind: 'cancel', at: weekly.next?.from } }],
    ['call off the series', act('cancel', weekly, { scope: 'series' }), { change: { kind: 'cancel', at: null } }],
    [
      'extend by an hour, as it begins',
      act('extend', running, {}, during),
      { change: { kind: 'extend', to: at('2026-12-17T00:00:00-08:00') } },
    ],
    [
      'extend what overruns from now',
      act('extend', { ...window, next: null, overrunSince: window.to }, {}, at('2026-12-17T03:00:00-08:00')),
      { change: { kind: 'extend', to: at('2026-12-17T04:00:00-08:00') } },
    ],
    [
      'extend to before its end',
      act('extend', running, { to: moment('2026-12-16', '22:45') }, during),
      { change: null, problems: { to: 'This is not later than it ends now.' } },
    ],
    [
      'extend into the past',
      act('extend', running, { to: moment('2026-12-16', '22:15') }, during),
      { change: null, problems: { to: 'This is past. Choose an end that is still to come.' } },
    ],
    [
      'postpone by a day, as it begins',
      act('postpone', window),
      { change: { kind: 'postpone', from: at('2026-12-17T22:00:00-08:00'), to: at('2026-12-17T23:00:00-08:00') } },
    ],
    [
      'postpone without an end',
      act('postpone', { ...window, kind: 'open-ended', to: null }),
      { change: { kind: 'postpone', from: at('2026-12-17T22:00:00-08:00'), to: null } },
    ],
    [
      'postpone into the past',
      act('postpone', window, { from: moment('2026-11-01', '22:00') }),
      { change: null, problems: { from: 'This is past. Choose a time that is still to come.' } },
    ],
    [
      'postpone with the end before the start',
      act('postpone', window, { from: moment('2026-12-20', '22:00'), to: moment('2026-12-20', '21:00') }),
      { change: null, problems: { to: 'It ends before it begins. Give it a later end.' } },
    ],
    [
      'fix the day: nothing chosen yet',
      act('postpone', undecided),
      { change: null, problems: { from: 'Choose the day.', to: 'Choose the day.' } },
    ],
  ])('%s', (_name, got, wanted) => expect(got).toMatchObject(wanted));
});

describe('a change that we made', () => {
  it.each<[string, Parameters<typeof readChange>[0], ReturnType<typeof readChange>]>([
    ['now', { text: ' patches ', about: ['web1'], when: null }, { entry: { at: now, subject: 'web1', text: 'patches', by: null } }],
    [
      'earlier',
      { text: 'patches', about: [], when: moment('2026-11-19', '23:40') },
      { entry: { at: at('2026-11-19T23:40:00-08:00'), subject: null, text: 'patches', by: null } },
    ],
    [
      'this very minute',
      { text: 'patches', about: [], when: moment('2026-11-20', '05:39') },
      { entry: { at: now, subject: null, text: 'patches', by: null } },
    ],
    ['nothing said', { text: ' ', about: [], when: null }, { problems: { text: 'Say what was changed.' } }],
    [
      'still to come',
      { text: 'patches', about: [], when: moment('2026-11-21', '05:39') },
      { problems: { when: 'This is still to come. Plan work for what is not done yet.' } },
    ],
    ['no day', { text: 'patches', about: [], when: moment('', '05:39') }, { problems: { when: 'Choose the day.' } }],
  ])('%s', (_name, given, wanted) => expect(readChange(given, la, now)).toEqual(wanted));
});

describe('choosing things', () => {
  const subject = (id: string, kind: Subject['kind'], name = id, note = ''): Subject => ({
    id,
    kind,
    name,
    site: null,
    note,
    audience: name,
    dependsOn: [],
    hosts: [],
  });
  const all = [
    subject('desk', 'desk'),
    subject('web10', 'host'),
    subject('web2', 'host'),
    subject('sites', 'service', 'Web sites'),
    subject('sd', 'site', 'San Diego'),
    subject('db1', 'host', 'db1', 'behind web2'),
  ];
  it.each<[string, string, string[], string[]]>([
    ['nothing typed: services first, never the desk itself', '', [], ['sites', 'db1', 'web2', 'web10', 'sd']],
    ['the beginning of a name goes before its middle', 'web', [], ['sites', 'web2', 'web10', 'db1']],
    ['what is chosen is not offered again', 'web', ['web2'], ['sites', 'web10', 'db1']],
    ['every word counts', 'web site', [], ['sites']],
    ['by its kind', 'server', [], ['db1', 'web2', 'web10']],
    ['nothing fits', 'mars', [], []],
  ])('%s', (_name, typed, taken, wanted) => expect(pickSubjects(all, typed, taken).map((it) => it.id)).toEqual(wanted));
});

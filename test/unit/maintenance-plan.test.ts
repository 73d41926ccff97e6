import { describe, expect, it } from 'vitest';
import type { MaintenanceChange, MaintenancePlan } from '../../shared/contract.ts';
import { occurrencesOf } from '../../shared/maintenance/calendar.ts';
import { type ChangeContext, changeWindow } from '../../shared/maintenance/change.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import { planWindow } from '../../shared/maintenance/plan.ts';
import { describeWindow, scheduleWords } from '../../shared/maintenance/words.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

const at = (iso: string): number => Date.parse(iso);
const now = at('2026-11-20T09:00Z');
const pacific = 'America/Los_Angeles';
const form: MaintenancePlan = {
  name: 'Mail maintenance',
  kind: 'fixed',
  from: at('2026-12-17T06:00Z'),
  to: at('2026-12-17T07:00Z'),
  durationMs: null,
  schedule: null,
  affects: ['mail1', 'calendar'],
  spares: ['web1'],
  reason: 'routine maintenance',
};
const inventory = ['mail1', 'calendar', 'web1'];
const planned = (part: Partial<MaintenancePlan>) =>
  planWindow({ ...form, ...part }, { id: 'w1', by: 'ann', now, known: (id) => inventory.includes(id) });
const made = (part: Partial<MaintenancePlan>): MaintenanceWindow => {
  const result = planned(part);
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
};
const series: Partial<MaintenancePlan> = {
  kind: 'recurring',
  from: null,
  to: null,
  durationMs: 30 * MINUTE,
  schedule: { cron: '0 4 * * 0', zone: pacific },
};
const flexible: Partial<MaintenancePlan> = { kind: 'flexible', durationMs: 30 * MINUTE };
const open: Partial<MaintenancePlan> = { kind: 'open-ended', to: null };
const noDay: Partial<MaintenancePlan> = { from: null, to: null, durationMs: 25 * MINUTE };

describe('planWindow', () => {
  const good: [string, Partial<MaintenancePlan>, Partial<MaintenanceWindow>][] = [
    ['fixed', {}, { kind: 'fixed', from: form.from, to: form.to, createdAt: now, by: 'ann', source: 'desk', startedAt: null }],
    ['after the fact', { from: now - 2 * DAY, to: now - DAY }, { from: now - 2 * DAY, to: now - DAY, createdAt: now }],
    ['no day yet, with how long it takes', noDay, { from: null, to: null, durationMs: 25 * MINUTE }],
    ['flexible', flexible, { kind: 'flexible', durationMs: 30 * MINUTE }],
    ['flexible whose time has begun', { ...flexible, from: now - HOUR, to: now + HOUR }, { from: now - HOUR }],
    ['open-ended drops what does not belong to it', { ...open, to: form.to, durationMs: HOUR }, { to: null, durationMs: null }],
    ['open-ended that began an hour ago', { ...open, from: now - HOUR }, { from: now - HOUR }],
    ['recurring', series, { schedule: { cron: '0 4 * * 0', zone: pacific }, durationMs: 30 * MINUTE }],
    ['a fixed one has no schedule', { schedule: { cron: 'nonsense', zone: 'x' } }, { schedule: null }],
    ['ids twice', { affects: ['mail1', 'mail1'] }, { affects: ['mail1'] }],
    ['exactly 366 days', { from: now, to: now + 366 * DAY }, { to: now + 366 * DAY }],
    ['a hostile name becomes one line', { name: 'Mail\u202e\n\u001b[31mwork' }, { name: 'Mail work' }],
  ];
  it.each(good)('%s', (_name, part, expected) => {
    expect(made(part)).toMatchObject(expected);
  });

  const bad: [string, Partial<MaintenancePlan>, string, RegExp][] = [
    ['ends before it starts', { to: (form.from as number) - 1 }, 'ends-before-start', /ends before it starts/],
    ['ends when it starts', { to: form.from }, 'ends-before-start', /later end/],
    ['longer than 366 days', { from: now, to: now + 366 * DAY + 1 }, 'too-long', /366 days/],
    ['an end without a start', { from: null }, 'no-start', /no start/],
    ['a start without an end', { to: null }, 'no-end', /open-ended/],
    ['beyond ten years', { from: now + 4_000 * DAY, to: now + 4_001 * DAY }, 'too-far', /year/],
    ['flexible without a duration', { ...flexible, durationMs: null }, 'no-duration', /how long/],
    ['flexible with half a range', { ...flexible, to: null }, 'no-range', /both/],
    ['flexible in the past', { ...flexible, from: now - 2 * HOUR, to: now - HOUR }, 'in-the-past', /past/],
    ['half a minute', { ...flexible, durationMs: 30_000 }, 'bad-duration', /at least a minute/],
    ['recurring without a schedule', { ...series, schedule: null }, 'no-schedule', /Sunday/],
    ['recurring without a duration', { ...series, durationMs: null }, 'no-duration', /how long/],
    ['a minute that is none', { ...series, schedule: { cron: '61 4 * * 0', zone: pacific } }, 'bad-schedule', /five fields/],
    ['six fields', { ...series, schedule: { cron: '0 0 4 * * 0', zone: pacific } }, 'bad-schedule', /five fields/],
    ['words', { ...series, schedule: { cron: 'every sunday', zone: pacific } }, 'bad-schedule', /five fields/],
    ['never', { ...series, schedule: { cron: '0 4 30 2 *', zone: pacific } }, 'bad-schedule', /never/],
    ['an unknown zone', { ...series, schedule: { cron: '0 4 * * 0', zone: 'PST8' } }, 'bad-schedule', /time zone/],
    ['a series that is over', { ...series, to: now - DAY }, 'in-the-past', /never come again/],
    ['as long as its period: one of these weeks is an hour shorter', { ...series, durationMs: 7 * DAY }, 'too-long', /6 d 23 h later/],
    ['an unknown id is named', { affects: ['mail1', 'mial2'] }, 'no-such-subject', /“mial2”/],
    ['so is one that is spared', { spares: ['web9'] }, 'no-such-subject', /“web9”/],
    ['affected and spared', { spares: ['mail1'] }, 'affected-and-spared', /“mail1” cannot both/],
  ];
  it.each(bad)('refuses: %s', (_name, part, code, text) => {
    const result = planned(part);
    expect(result).toMatchObject({ ok: false, failure: { code, text: expect.stringMatching(text) } });
    if (!result.ok) expect(result.failure.text).toMatch(/ Nothing was planned\.$/);
  });
});

const six = form.from as number;
const seven = form.to as number;
const sunday = at('2026-11-22T12:00Z');
const change = (window: MaintenanceWindow, what: MaintenanceChange, moment: number, more: Partial<ChangeContext> = {}) =>
  changeWindow(window, what, { by: 'bob', reason: 'datacenter asked', now: moment, zone: pacific, ...more });

describe('changeWindow', () => {
  const start = { kind: 'start' } as const;
  const finish = { kind: 'finish' } as const;
  const cancel = { kind: 'cancel', at: null } as const;
  const done: [string, MaintenanceWindow, MaintenanceChange, number, Partial<MaintenanceWindow>, string, Partial<ChangeContext>?][] = [
    ['start before its time', made({}), start, six - HOUR, { startedAt: six - HOUR }, 'maintenance-started'],
    ['start one without a day', made(noDay), start, six, { startedAt: six }, 'maintenance-started'],
    ['start a flexible one', made(flexible), start, six - HOUR, { startedAt: six - HOUR }, 'maintenance-started'],
    ['finish', made({}), finish, six + 5 * MINUTE, { endedAt: six + 5 * MINUTE }, 'maintenance-ended finished 300000'],
    ['finish an open-ended one', made(open), finish, six + HOUR, { endedAt: six + HOUR }, 'maintenance-ended finished 3600000'],
    [
      'finish one that overruns',
      made({}),
      finish,
      seven + HOUR,
      { endedAt: seven + HOUR },
      'maintenance-ended finished 7200000',
      { overran: true },
    ],
    [
      'finish one time of a series',
      made(series),
      finish,
      sunday + MINUTE,
      { ends: [{ at: sunday, to: sunday + MINUTE, finished: true }], endedAt: null },
      'maintenance-ended finished 60000',
    ],
    ['cancel before it begins', made({}), cancel, six - HOUR, { cancelledAt: six - HOUR, endedAt: null }, 'called off'],
    [
      'cancel while it runs',
      made({}),
      cancel,
      six + MINUTE,
      { cancelledAt: six + MINUTE, endedAt: six + MINUTE },
      'maintenance-ended cancelled 60000',
    ],
    [
      'cancel one time of a series',
      made(series),
      { kind: 'cancel', at: sunday },
      now,
      { skipped: [sunday], cancelledAt: null },
      'does not take place on Sun 22 Nov 2026 04:00 PST',
    ],
    [
      'cancel the time of a series that runs',
      made(series),
      { kind: 'cancel', at: sunday },
      sunday + MINUTE,
      { ends: [{ at: sunday, to: sunday + MINUTE, finished: true }], cancelledAt: null },
      'maintenance-ended cancelled 60000',
    ],
    ['cancel a series', made(series), cancel, now, { cancelledAt: now }, 'called off, with all times to come'],
    [
      'postpone keeps the length',
      made({}),
      { kind: 'postpone', from: six + DAY, to: null },
      now,
      { from: six + DAY, to: seven + DAY },
      'postponed: Thu 17 Dec 2026 22:00 to 23:00 PST, instead of Wed 16 Dec 2026 22:00 to 23:00 PST',
    ],
    [
      'postpone with a new length',
      made({}),
      { kind: 'postpone', from: six + DAY, to: six + DAY + MINUTE },
      now,
      { from: six + DAY, to: six + DAY + MINUTE },
      'postponed: Thu 17 Dec 2026 22:00 to 22:01 PST, instead of Wed 16 Dec 2026 22:00 to 23:00 PST',
    ],
    [
      'move to an earlier day',
      made({}),
      { kind: 'postpone', from: six - DAY, to: null },
      now,
      { from: six - DAY },
      'moved: Tue 15 Dec 2026 22:00 to 23:00 PST, instead of Wed 16 Dec 2026 22:00 to 23:00 PST',
    ],
    [
      'fix the day of one that has none',
      made(noDay),
      { kind: 'postpone', from: six, to: null },
      now,
      { from: six, to: six + 25 * MINUTE },
      'its day is fixed: Wed 16 Dec 2026 22:00 to 22:25 PST',
    ],
    [
      'postpone an open-ended one',
      made(open),
      { kind: 'postpone', from: six + DAY, to: null },
      now,
      { from: six + DAY, to: null },
      'postponed: from Thu 17 Dec 2026 22:00 PST until it is finished, instead of from Wed 16 Dec 2026 22:00 PST until it is finished',
    ],
    [
      'extend',
      made({}),
      { kind: 'extend', to: seven + HOUR },
      six + MINUTE,
      { to: seven + HOUR },
      'extended to Thu 17 Dec 2026 00:00 PST, instead of Wed 16 Dec 2026 23:00 PST',
    ],
    [
      'extend one that has just overrun',
      made({}),
      { kind: 'extend', to: seven + HOUR },
      seven + MINUTE,
      { to: seven + HOUR },
      'extended to Thu 17 Dec 2026 00:00 PST, instead of Wed 16 Dec 2026 23:00 PST',
    ],
    [
      'extend one that is still to come',
      made({}),
      { kind: 'extend', to: seven + HOUR },
      now,
      { to: seven + HOUR },
      'extended to Thu 17 Dec 2026 00:00 PST, instead of Wed 16 Dec 2026 23:00 PST',
    ],
    [
      'extend a flexible one that runs',
      { ...made(flexible), startedAt: six },
      { kind: 'extend', to: seven },
      six + MINUTE,
      { durationMs: HOUR },
      'extended to Wed 16 Dec 2026 23:00 PST, instead of Wed 16 Dec 2026 22:30 PST',
    ],
    [
      'give an open-ended one an end',
      made(open),
      { kind: 'extend', to: seven },
      six + MINUTE,
      { to: seven },
      'is to end Wed 16 Dec 2026 23:00 PST',
    ],
    [
      'extend one time of a series',
      made(series),
      { kind: 'extend', to: sunday + HOUR },
      sunday + MINUTE,
      { ends: [{ at: sunday, to: sunday + HOUR, finished: false }] },
      'extended to Sun 22 Nov 2026 05:00 PST, instead of Sun 22 Nov 2026 04:30 PST',
    ],
    [
      'extend it again',
      { ...made(series), ends: [{ at: sunday, to: sunday + HOUR, finished: false }] },
      { kind: 'extend', to: sunday + 2 * HOUR },
      sunday + MINUTE,
      { ends: [{ at: sunday, to: sunday + 2 * HOUR, finished: false }] },
      'extended to Sun 22 Nov 2026 06:00 PST, instead of Sun 22 Nov 2026 05:00 PST',
    ],
  ];
  it.each(done)('%s', (_name, window, what, moment, expected, told, more) => {
    const result = change(window, what, moment, more);
    if (!result.ok) throw new Error(result.failure.text);
    expect(result.value.window).toMatchObject(expected);
    expect(result.value.window.basis).toBeUndefined();
    const [event, ...others] = result.value.events;
    expect(others).toEqual([]);
    expect(event).toMatchObject({ actor: 'bob', at: moment });
    const words =
      event?.kind === 'maintenance-changed'
        ? event.payload.what
        : event?.kind === 'maintenance-ended'
          ? `${event.kind} ${event.payload.how} ${event.payload.lastedMs}`
          : event?.kind;
    expect(words).toBe(told);
    // Whatever it was, what the person said of it is kept.
    expect(event?.payload).toMatchObject({ reason: 'datacenter asked' });
  });

  const finished = { ...made({}), endedAt: six + MINUTE };
  const cancelled = { ...made({}), cancelledAt: six - HOUR };
  const refused: [string, MaintenanceWindow, MaintenanceChange, number, string, RegExp][] = [
    ['start one that runs', made({}), start, six, 'running', /has begun already/],
    ['start one that is over', made({}), start, seven, 'over', /over since Wed 16 Dec 2026 23:00 PST/],
    ['start one that was called off', cancelled, start, six - MINUTE, 'cancelled', /called off Wed 16 Dec 2026 21:00 PST/],
    ['start a series', made(series), start, now, 'starts-by-itself', /schedule/],
    ['finish one that has not begun', made({}), finish, now, 'not-running', /nothing to finish/],
    ['finish one without a day', made(noDay), finish, now, 'not-running', /nothing to finish/],
    ['finish one that is over', made({}), finish, seven, 'over', /is over/],
    ['finish twice', finished, finish, six + HOUR / 2, 'over', /over since Wed 16 Dec 2026 22:01 PST/],
    ['finish a series between two times', made(series), finish, now, 'not-running', /does not run/],
    ['cancel what is over', made({}), cancel, seven, 'over', /is over/],
    ['cancel twice', cancelled, cancel, six, 'cancelled', /called off/],
    [
      'cancel a time that there is not',
      made(series),
      { kind: 'cancel', at: sunday + 1 },
      now,
      'no-such-time',
      /no time that begins Sun 22 Nov 2026 04:00 PST/,
    ],
    ['cancel a time that is over', made(series), { kind: 'cancel', at: sunday - 7 * DAY }, now, 'over', /over/],
    ['cancel a time twice', { ...made(series), skipped: [sunday] }, { kind: 'cancel', at: sunday }, now, 'cancelled', /already/],
    ['postpone one that runs', made({}), { kind: 'postpone', from: seven, to: null }, six, 'running', /extended or finished/],
    ['postpone one that is over', made({}), { kind: 'postpone', from: seven + DAY, to: null }, seven, 'over', /is over/],
    ['postpone into the past', made({}), { kind: 'postpone', from: now - 1, to: null }, now, 'in-the-past', /still to come/],
    [
      'postpone to an end before the start',
      made({}),
      { kind: 'postpone', from: six, to: six - 1 },
      now,
      'ends-before-start',
      /before it starts/,
    ],
    ['postpone to more than a year', made({}), { kind: 'postpone', from: six, to: six + 367 * DAY }, now, 'too-long', /366/],
    ['postpone a series', made(series), { kind: 'postpone', from: sunday + HOUR, to: null }, now, 'starts-by-itself', /single time/],
    [
      'fix the day of one whose length is not known',
      made({ from: null, to: null }),
      { kind: 'postpone', from: six, to: null },
      now,
      'no-end',
      /when it ends/,
    ],
    ['extend backwards', made({}), { kind: 'extend', to: seven - 1 }, six, 'backwards', /expected a later time/],
    ['extend to its end', made({}), { kind: 'extend', to: seven }, six, 'backwards', /expected a later time/],
    ['extend an overrun into the past', made({}), { kind: 'extend', to: seven + MINUTE }, seven + HOUR, 'in-the-past', /still to come/],
    ['extend what a person finished', finished, { kind: 'extend', to: seven + HOUR }, six + HOUR / 2, 'over', /is over/],
    ['extend what ran out weeks ago', made({}), { kind: 'extend', to: seven + 30 * DAY }, seven + 8 * DAY, 'over', /is over/],
    ['extend one without a day', made(noDay), { kind: 'extend', to: seven }, now, 'no-day', /not fixed/],
    ['extend by more than a year', made({}), { kind: 'extend', to: six + 367 * DAY }, six, 'too-long', /366/],
    ['extend a flexible one whose time ran out', made(flexible), { kind: 'extend', to: seven + 2 * HOUR }, seven + HOUR, 'over', /is over/],
  ];
  it.each(refused)('refuses to %s', (_name, window, what, moment, code, text) => {
    const result = change(window, what, moment);
    expect(result).toMatchObject({ ok: false, failure: { code, text: expect.stringMatching(text) } });
    if (!result.ok) expect(result.failure.text).toMatch(/ Nothing was changed\.$/);
  });

  it('names times in UTC where no zone is given', () => {
    const result = changeWindow(made({}), { kind: 'extend', to: seven + HOUR }, { by: 'bob', reason: '', now: six });
    expect(result).toMatchObject({ value: { events: [{ payload: { what: expect.stringContaining('08:00 UTC') } }] } });
  });
});

describe('mergeWindows', () => {
  const file: MaintenanceWindow = { ...made({}), id: 'mail-december', source: 'inventory', by: 'inventory', createdAt: 0 };
  const changed = (what: MaintenanceChange, moment: number): MaintenanceWindow => {
    const result = change(file, what, moment);
    if (!result.ok) throw new Error(result.failure.text);
    return result.value.window;
  };
  const postponed = changed({ kind: 'postpone', from: six + DAY, to: null }, now);
  const called = changed({ kind: 'cancel', at: null }, now);
  const started = changed({ kind: 'start' }, six - HOUR);
  const own = made({});
  const replanned = { ...file, to: seven + HOUR };
  const table: [string, MaintenanceWindow[], MaintenanceWindow[], Partial<MaintenanceWindow>[]][] = [
    ['the file alone', [file], [], [file]],
    ['the desk alone', [], [own], [own]],
    ['both', [file], [own], [file, own]],
    ['what people did wins', [file], [postponed], [{ id: file.id, from: six + DAY, source: 'inventory' }]],
    [
      'the file gives the lists and the name',
      [{ ...file, affects: ['web1'], name: 'New name' }],
      [postponed],
      [{ from: six + DAY, affects: ['web1'], name: 'New name' }],
    ],
    ['other times in the file win over what people did', [replanned], [postponed], [replanned]],
    ['also over a cancel', [replanned], [called], [replanned]],
    ['left the file: one that was called off is history', [], [called], [{ cancelledAt: now }]],
    ['left the file: one that was only postponed is gone', [], [postponed], []],
    ['left the file: one that has begun and has an end stays', [], [started], [{ startedAt: six - HOUR }]],
    ['left the file: one that began without an end is gone', [], [{ ...started, kind: 'open-ended', to: null }], []],
  ];
  it.each(table)('%s', (_name, inFile, kept, expected) => {
    const merged = mergeWindows(inFile, kept);
    expect(merged).toHaveLength(expected.length);
    expect(merged).toMatchObject(expected);
  });

  it('remembers what the first change was based on through later ones', () => {
    const again = change(postponed, { kind: 'extend', to: seven + 2 * DAY }, now);
    if (!again.ok) throw new Error(again.failure.text);
    expect(again.value.window.basis).toBe(postponed.basis);
    expect(mergeWindows([file], [again.value.window])).toMatchObject([{ from: six + DAY, to: seven + 2 * DAY }]);
  });
});

describe('describeWindow', () => {
  const table: [string, MaintenanceWindow, string][] = [
    ['fixed', made({}), 'Wed 16 Dec 2026 22:00 to 23:00 PST'],
    ['over midnight', made({ to: seven + 2 * HOUR }), 'Wed 16 Dec 2026 22:00 to Thu 17 Dec 2026 01:00 PST'],
    [
      'over a change of the clocks',
      made({ from: at('2027-03-14T09:30Z'), to: at('2027-03-14T10:30Z') }),
      'Sun 14 Mar 2027 01:30 PST to 03:30 PDT',
    ],
    ['started early and finished', { ...made({}), startedAt: six - HOUR, endedAt: six }, 'Wed 16 Dec 2026 21:00 to 22:00 PST'],
    ['no day', made(noDay), 'day not fixed yet, takes 25 min'],
    ['no day, no length', made({ from: null, to: null }), 'day not fixed yet'],
    ['flexible', made(flexible), '30 min from the first fault between Wed 16 Dec 2026 22:00 and 23:00 PST'],
    ['flexible that began', { ...made(flexible), startedAt: six }, 'Wed 16 Dec 2026 22:00 to 22:30 PST'],
    ['open-ended', made(open), 'from Wed 16 Dec 2026 22:00 PST until it is finished'],
    ['recurring', made(series), 'every Sunday 04:00 PST for 30 min'],
    [
      'recurring in another zone than the reader’s',
      made({ ...series, schedule: { cron: '0 4 * * 0', zone: 'UTC' } }),
      'every Sunday 04:00 UTC for 30 min',
    ],
    ['a series with an end', made({ ...series, to: at('2027-01-01T08:00Z') }), 'every Sunday 04:00 PST for 30 min, until Thu 31 Dec 2026'],
  ];
  it.each(table)('%s', (_name, window, expected) => {
    expect(describeWindow(window, pacific, now)).toBe(expected);
  });

  it('names the zone of a series in full where no moment says whether it is PST or PDT', () => {
    expect(describeWindow(made(series), 'UTC')).toBe('every Sunday 04:00 (America/Los_Angeles) for 30 min');
  });

  const lines: [string, string][] = [
    ['0 4 * * *', 'every day 04:00'],
    ['5 22 * * 1-5', 'Monday to Friday 22:05'],
    ['0 4 * * 7', 'every Sunday 04:00'],
    ['0 4 * * MON,wed,5', 'every Monday, Wednesday and Friday 04:00'],
    ['30 3 1 * *', 'on day 1 of every month 03:30'],
    ['0 22 * * 2#2', 'every second Tuesday of the month 22:00'],
    ['*/5 * * * *', 'by the cron line “*/5 * * * *”'],
    ['0 4 1 * 0', 'by the cron line “0 4 1 * 0”'],
    ['0 4 * 12 0', 'by the cron line “0 4 * 12 0”'],
  ];
  it.each(lines)('%s is %s', (cron, expected) => {
    expect(scheduleWords(cron)).toBe(expected);
  });
});

it('keeps a finished time of a series finished, and the others as planned', () => {
  const result = change(made(series), { kind: 'finish' }, sunday + 5 * MINUTE);
  if (!result.ok) throw new Error(result.failure.text);
  const lengths = occurrencesOf(result.value.window, now, now + 15 * DAY).map((it) => ((it.to as number) - it.from) / MINUTE);
  expect(lengths).toEqual([5, 30]);
});

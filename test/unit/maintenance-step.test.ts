import { describe, expect, it } from 'vitest';
import { changeWindow } from '../../shared/maintenance/change.ts';
import { relatedChanges } from '../../shared/maintenance/changes.ts';
import { reachedFrom } from '../../shared/maintenance/reached.ts';
import { lateRoutine, routineRuns, routinesAt } from '../../shared/maintenance/routines.ts';
import { emptyWindowMemory, stepWindows, type WindowMemory } from '../../shared/maintenance/step.ts';
import type { Change, MaintenanceWindow, Routine } from '../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { subject } from '../support/plans.ts';

const at = (iso: string): number => Date.parse(iso);
/** Mountain Standard Time: the night of the upgrade that took two days. */
const mst = (time: string): number => at(`2008-05-${time.replace(' ', 'T')}-07:00`);

const subjects = [
  subject({ kind: 'site', id: 'phx' }),
  subject({ id: 'plesk1', site: 'phx' }),
  subject({ id: 'web1' }),
  subject({ id: 'web2' }),
  subject({ id: 'behind', dependsOn: [['plesk1']] }),
  subject({ id: 'redundant', dependsOn: [['plesk1', 'web1']] }),
  subject({ kind: 'service', id: 'customer-sites', hosts: ['plesk1'] }),
  subject({ kind: 'service', id: 'shared', hosts: ['web1', 'web2'] }),
  subject({ kind: 'service', id: 'shop', dependsOn: [['customer-sites']] }),
];
const reached = reachedFrom(subjects);

describe('reachedFrom', () => {
  const table: [string, string[], string[]][] = [
    ['a host, what lies behind it, what it carries, and what needs that', ['plesk1'], ['plesk1', 'behind', 'customer-sites', 'shop']],
    ['a site with all at it', ['phx'], ['phx', 'plesk1', 'behind', 'customer-sites', 'shop']],
    ['one of two that stand in for each other', ['web1'], ['web1']],
    ['both of them', ['web1', 'plesk1'], ['web1', 'plesk1', 'behind', 'redundant', 'customer-sites', 'shop']],
    ['one of two hosts that carry a service', ['web2'], ['web2']],
    ['both hosts', ['web1', 'web2'], ['web1', 'web2', 'shared']],
    ['something that left the inventory', ['gone'], ['gone']],
    ['nothing', [], []],
  ];
  it.each(table)('%s', (_name, affects, expected) => {
    expect([...reached(affects)].sort()).toEqual([...expected].sort());
  });
});

const window: MaintenanceWindow = {
  id: 'upgrade',
  name: 'Server upgrade',
  kind: 'fixed',
  from: mst('14 00:09'),
  to: mst('14 05:09'),
  durationMs: null,
  schedule: null,
  affects: ['plesk1'],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'ann',
  createdAt: mst('13 12:00'),
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};

type Moment = [now: number, bad: Record<string, number>, windows?: MaintenanceWindow[]];
/** Plays moments one after the other. Windows that a step changed are kept, as the engine does. */
function play(first: MaintenanceWindow[], moments: Moment[], memory: WindowMemory = emptyWindowMemory) {
  let windows = first;
  let last = null as ReturnType<typeof stepWindows> | null;
  const lines: string[] = [];
  for (const [now, bad, given] of moments) {
    if (given) windows = given;
    last = stepWindows({ windows, before: memory, bad: new Map(Object.entries(bad)), reached, now });
    const { windows: changed } = last;
    windows = windows.map((it) => changed.find((one) => one.id === it.id) ?? it);
    // What is remembered lives through JSON.
    memory = JSON.parse(JSON.stringify(last.memory)) as WindowMemory;
    for (const { kind, at: when, payload } of last.events) {
      const more =
        kind === 'maintenance-ended'
          ? ` ${payload.how} ${payload.lastedMs / MINUTE}`
          : kind === 'maintenance-overrun'
            ? ` ${payload.subjects.toSorted().join(',')}`
            : '';
      lines.push(`${new Date(when).toISOString().slice(8, 16)} ${kind.slice(12)}${more}`);
    }
  }
  return { lines, windows, memory, running: last?.running.map((it) => it.id), overruns: last?.overruns.map((it) => it.subjects) };
}

describe('stepWindows', () => {
  const begin = window.from as number;
  const end = window.to as number;
  const down = { plesk1: begin + 2 * MINUTE };
  const finished = { ...window, endedAt: end - HOUR };
  const open: MaintenanceWindow = { ...window, kind: 'open-ended', to: null };
  const table: [string, MaintenanceWindow[], Moment[], { lines: string[]; running?: string[]; overruns?: string[][] }][] = [
    ['before its time', [window], [[begin - 1, {}]], { lines: [], running: [], overruns: [] }],
    [
      'it begins once',
      [window],
      [
        [begin + SECOND, {}],
        [begin + MINUTE, {}],
      ],
      { lines: ['14T07:09 started'], running: ['upgrade'] },
    ],
    [
      'it ends once, all is well',
      [window],
      [
        [begin, {}],
        [begin + HOUR, down],
        [end, {}],
        [end + MINUTE, {}],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300'], running: [], overruns: [] },
    ],
    [
      'told at its own time, however late the look',
      [window],
      [
        [begin + HOUR, {}],
        [end + HOUR, {}],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300'] },
    ],
    [
      'it overruns once',
      [window],
      [
        [begin, {}],
        [begin + HOUR, down],
        [end, down],
        [end + MINUTE, down],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun plesk1'], overruns: [['plesk1']] },
    ],
    [
      'what is reached through it counts',
      [window],
      [
        [begin, {}],
        [end, { 'customer-sites': begin + MINUTE, web1: begin }],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun customer-sites'] },
    ],
    [
      'a fault that began afterwards is no overrun',
      [window],
      [
        [begin, {}],
        [end, {}],
        [end + MINUTE, { plesk1: end + SECOND }],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300'], overruns: [] },
    ],
    [
      'a fault that got better only by a degree at the end is one',
      [window],
      [
        [begin, {}],
        [end - MINUTE, down],
        [end, { plesk1: end }],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun plesk1'] },
    ],
    [
      'it is over when all is back',
      [window],
      [
        [begin, {}],
        [end, down],
        [end + HOUR, {}],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun plesk1'], overruns: [] },
    ],
    [
      'until then it names what is left',
      [window],
      [
        [begin, {}],
        [end, { ...down, behind: begin }],
        [end + HOUR, { behind: begin }],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun behind,plesk1'], overruns: [['behind']] },
    ],
    [
      'finished by hand while something is down: told by the person, overrun by us',
      [window],
      [
        [begin, {}],
        [end - HOUR, down, [finished]],
      ],
      { lines: ['14T07:09 started', '14T11:09 overrun plesk1'] },
    ],
    [
      'finished by hand, all well',
      [window],
      [
        [begin, {}],
        [end - HOUR, {}, [finished]],
        [end, {}],
      ],
      { lines: ['14T07:09 started'], overruns: [] },
    ],
    [
      'called off while it ran',
      [window],
      [
        [begin, {}],
        [begin + HOUR, {}, [{ ...window, cancelledAt: begin + HOUR, endedAt: begin + HOUR }]],
      ],
      { lines: ['14T07:09 started'], running: [] },
    ],
    [
      'extended after its end: no second beginning, a second end',
      [window],
      [
        [begin, {}],
        [end, down],
        [end + MINUTE, down, [{ ...window, to: end + HOUR }]],
        [end + HOUR, down],
      ],
      {
        lines: [
          '14T07:09 started',
          '14T12:09 ended time 300',
          '14T12:09 overrun plesk1',
          '14T13:09 ended time 360',
          '14T13:09 overrun plesk1',
        ],
        overruns: [['plesk1']],
      },
    ],
    [
      'while it is extended it does not overrun',
      [window],
      [
        [begin, {}],
        [end, down],
        [end + MINUTE, down, [{ ...window, to: end + HOUR }]],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun plesk1'], running: ['upgrade'], overruns: [] },
    ],
    [
      'started by hand: the person told it',
      [{ ...window, startedAt: begin - HOUR }],
      [
        [begin - HOUR, {}],
        [end, {}],
      ],
      { lines: ['14T12:09 ended time 360'] },
    ],
    [
      'started by hand and past its end: an overrun like any other',
      [{ ...window, startedAt: begin - HOUR }],
      [
        [begin - HOUR, {}],
        [end, down],
      ],
      { lines: ['14T12:09 ended time 360', '14T12:09 overrun plesk1'] },
    ],
    [
      'open-ended goes on',
      [open],
      [
        [begin, {}],
        [begin + 3 * DAY, down],
      ],
      { lines: ['14T07:09 started'], running: ['upgrade'], overruns: [] },
    ],
    [
      'open-ended with an end given since',
      [open],
      [
        [begin, {}],
        [end, down, [{ ...open, to: end }]],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun plesk1'] },
    ],
    [
      'entered after the fact: no news',
      [{ ...window, createdAt: end + HOUR }],
      [[end + HOUR, down]],
      { lines: [], running: [], overruns: [] },
    ],
    [
      'entered while it runs: begins when it was entered',
      [{ ...window, createdAt: begin + HOUR }],
      [[begin + HOUR, {}]],
      { lines: ['14T08:09 started'] },
    ],
    [
      'the desk was off all the while and something is not back',
      [window],
      [
        [end + HOUR, down],
        [end + 2 * HOUR, down],
      ],
      { lines: ['14T13:09 overrun plesk1'], overruns: [['plesk1']] },
    ],
    ['an old one that nobody saw', [window], [[end + 3 * DAY, down]], { lines: [], overruns: [] }],
    [
      'a window that is gone takes its overrun along',
      [window],
      [
        [begin, {}],
        [end, down],
        [end + MINUTE, down, []],
      ],
      { lines: ['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun plesk1'], overruns: [] },
    ],
  ];
  it.each(table)('%s', (_name, windows, moments, { lines, running, overruns }) => {
    const played = play(windows, moments);
    expect(played.lines).toEqual(lines);
    if (running) expect(played.running).toEqual(running);
    if (overruns) expect(played.overruns).toEqual(overruns);
  });

  it('tells nothing again after a restart', () => {
    const before = play(
      [window],
      [
        [begin, {}],
        [begin + HOUR, down],
      ],
    );
    expect(play([window], [[begin + 2 * HOUR, down]], before.memory).lines).toEqual([]);
    const over = play([window], [[end, down]], before.memory);
    expect(play([window], [[end + MINUTE, down]], over.memory)).toMatchObject({ lines: [], overruns: [['plesk1']] });
  });

  it('a series begins, ends and overruns each time by itself', () => {
    const weekly: MaintenanceWindow = {
      ...window,
      kind: 'recurring',
      from: null,
      to: null,
      durationMs: 30 * MINUTE,
      schedule: { cron: '0 4 * * *', zone: 'UTC' },
    };
    const four = at('2008-05-15T04:00Z');
    const { lines, overruns } = play(
      [weekly],
      [
        [four, {}],
        [four + 30 * MINUTE, { plesk1: four + MINUTE }],
        [four + HOUR, {}],
        [four + DAY, {}],
        [four + DAY + 31 * MINUTE, {}],
      ],
    );
    expect(lines).toEqual([
      '15T04:00 started',
      '15T04:30 ended time 30',
      '15T04:30 overrun plesk1',
      '16T04:00 started',
      '16T04:30 ended time 30',
    ]);
    expect(overruns).toEqual([]);
  });

  it('lives through the upgrade that took two days', () => {
    // The server is off from 00:09; at 05:16 it answers without its data, and the sites have been down all the while.
    const off = { plesk1: mst('14 00:10'), 'customer-sites': mst('14 00:10') };
    const wrong = { 'customer-sites': mst('14 05:16') };
    const { lines, overruns, memory, windows } = play(
      [window],
      [
        [mst('14 00:09'), {}],
        [mst('14 00:11'), off],
        [mst('14 05:09'), off],
        [mst('14 05:17'), wrong],
        [mst('15 02:20'), wrong],
      ],
    );
    expect(lines).toEqual(['14T07:09 started', '14T12:09 ended time 300', '14T12:09 overrun customer-sites,plesk1']);
    expect(overruns).toEqual([['customer-sites']]);
    // Somebody says at last how long it will take, and then that it is done.
    const context = { by: 'ann', reason: '', now: mst('15 02:20'), zone: 'America/Phoenix', overruns: true };
    const extended = changeWindow(windows[0] as MaintenanceWindow, { kind: 'extend', to: mst('15 09:00') }, context);
    if (!extended.ok) throw new Error(extended.failure.text);
    expect(extended.value.events).toMatchObject([
      { payload: { what: 'extended to Thu 15 May 2008 09:00 MST, instead of Wed 14 May 2008 05:09 MST' } },
    ]);
    const late = play([extended.value.window], [[mst('15 02:26'), {}]], memory);
    expect(late).toMatchObject({ lines: [], running: ['upgrade'], overruns: [] });
  });
});

describe('flexible windows', () => {
  const six = at('2026-12-16T06:00Z');
  const seven = six + HOUR;
  const flexible: MaintenanceWindow = { ...window, kind: 'flexible', from: six, to: seven, durationMs: 30 * MINUTE, createdAt: six - DAY };
  const table: [string, MaintenanceWindow, number, Record<string, number>, number | null][] = [
    ['waits while all is well', flexible, six + MINUTE, {}, null],
    ['begins with the first fault, at its first symptom', flexible, six + 10 * MINUTE, { plesk1: six + 9 * MINUTE }, six + 9 * MINUTE],
    [
      'also of what is reached through it, the earliest',
      flexible,
      six + 10 * MINUTE,
      { plesk1: six + 9 * MINUTE, behind: six + 8 * MINUTE },
      six + 8 * MINUTE,
    ],
    ['not for a fault of something else', flexible, six + 10 * MINUTE, { web1: six + 9 * MINUTE }, null],
    ['not for a fault from before its time', flexible, six + 10 * MINUTE, { plesk1: six - MINUTE }, null],
    ['not before its time', flexible, six - MINUTE, { plesk1: six - 2 * MINUTE }, null],
    ['at its last moment', flexible, seven, { plesk1: seven }, seven],
    ['known only afterwards, begun within', flexible, seven + MINUTE, { plesk1: seven - SECOND }, seven - SECOND],
    ['not after its time', flexible, seven + MINUTE, { plesk1: seven + SECOND }, null],
    ['not when called off', { ...flexible, cancelledAt: six - HOUR }, six + 10 * MINUTE, { plesk1: six + MINUTE }, null],
    ['not a second time', { ...flexible, startedAt: six }, six + 40 * MINUTE, { plesk1: six + 39 * MINUTE }, null],
    ['not without a day', { ...flexible, from: null, to: null }, six, { plesk1: six }, null],
  ];
  it.each(table)('%s', (_name, it, now, bad, startedAt) => {
    const step = stepWindows({ windows: [it], before: emptyWindowMemory, bad: new Map(Object.entries(bad)), reached, now });
    expect(step.windows.map((one) => one.startedAt)).toEqual(startedAt === null ? [] : [startedAt]);
  });

  it('covers from the first symptom, lasts its time, and overruns', () => {
    const bad = { plesk1: six + 9 * MINUTE };
    const { lines, overruns } = play(
      [flexible],
      [
        [six + 10 * MINUTE, bad],
        [six + 11 * MINUTE, bad],
        [six + 39 * MINUTE, bad],
      ],
    );
    expect(lines).toEqual(['16T06:09 started', '16T06:39 ended time 30', '16T06:39 overrun plesk1']);
    expect(overruns).toEqual([['plesk1']]);
  });

  it('remembers of one of the inventory what the file said', () => {
    const step = stepWindows({
      windows: [{ ...flexible, source: 'inventory' }],
      before: emptyWindowMemory,
      bad: new Map([['plesk1', six]]),
      reached,
      now: six,
    });
    expect(step.windows[0]?.basis).toContain('flexible');
  });
});

describe('routines', () => {
  const routine: Routine = {
    id: 'logs',
    name: 'weekly log rotation',
    cron: '0 4 * * 0',
    zone: 'America/Los_Angeles',
    usuallyMs: 5 * MINUTE,
    restarts: ['web1', 'customer-sites'],
  };
  /** Sunday 17 April 2011, 04:00 PDT. */
  const four = at('2011-04-17T11:00Z');

  const force: [string, number, boolean][] = [
    ['before', four - 1, false],
    ['from its start', four, true],
    ['until its usual time is over', four + 5 * MINUTE - 1, true],
    ['then no longer', four + 5 * MINUTE, false],
    ['not on another day', four + DAY, false],
  ];
  it.each(force)('is in force: %s', (_name, now, expected) => {
    expect(routinesAt([routine], now)).toEqual(expected ? [routine] : []);
  });

  const late: [string, Routine[], string[], number, string | null][] = [
    ['the night the web server did not come back', [routine], ['web1'], four + 20 * SECOND, 'weekly log rotation (Sunday 04:00 PDT)'],
    ['a service that it restarts', [routine], ['customer-sites'], four + 20 * SECOND, 'weekly log rotation (Sunday 04:00 PDT)'],
    ['a minute early: clocks differ', [routine], ['web1'], four - MINUTE, 'weekly log rotation (Sunday 04:00 PDT)'],
    ['more than a minute early', [routine], ['web1'], four - MINUTE - SECOND, null],
    ['at the end of its time', [routine], ['web1'], four + 6 * MINUTE, 'weekly log rotation (Sunday 04:00 PDT)'],
    ['later', [routine], ['web1'], four + 6 * MINUTE + SECOND, null],
    ['something that it does not restart', [routine], ['mail1'], four, null],
    ['in winter', [routine], ['web1'], at('2026-11-22T12:00Z'), 'weekly log rotation (Sunday 04:00 PST)'],
    [
      'the later of two',
      [routine, { ...routine, name: 'cache clean-up', cron: '2 4 * * 0' }],
      ['web1'],
      four + 3 * MINUTE,
      'cache clean-up (Sunday 04:02 PDT)',
    ],
    ['a routine whose line cannot be read', [{ ...routine, cron: '99 4 * * 0' }], ['web1'], four, null],
    ['none', [], ['web1'], four, null],
  ];
  it.each(late)('%s', (_name, routines, ids, firstAt, text) => {
    expect(lateRoutine(routines, ids, firstAt)?.text ?? null).toBe(text);
  });

  it('lists the runs that touch a range', () => {
    expect(routineRuns(routine, four + MINUTE, four + 7 * DAY)).toEqual([{ at: four, to: four + 5 * MINUTE }]);
    expect(routineRuns(routine, four + 5 * MINUTE, four + 7 * DAY + 1)).toEqual([{ at: four + 7 * DAY, to: four + 7 * DAY + 5 * MINUTE }]);
    expect(routineRuns({ ...routine, cron: '* * * * *' }, 0, DAY * 400)).toHaveLength(2_000);
    expect(routineRuns({ ...routine, cron: '0 4 30 2 *' }, 0, DAY * 4_000)).toEqual([]);
  });
});

describe('relatedChanges', () => {
  const fault = at('2011-04-17T11:00Z');
  const change = (ago: number, part: Partial<Change> = {}): Change => ({
    id: `c${ago}`,
    at: fault - ago,
    subject: 'web1',
    text: 'security patches',
    by: 'ann',
    ...part,
  });
  const table: [string, Change[], string[]][] = [
    ['the patch of two days before', [change(2 * DAY + 3 * HOUR)], ['security patches on web1, 2 d before']],
    ['hours', [change(3 * HOUR + 5 * MINUTE)], ['security patches on web1, 3 h before']],
    ['minutes', [change(90 * SECOND)], ['security patches on web1, 1 min before']],
    ['at the same moment', [change(0)], ['security patches on web1, less than a minute before']],
    ['after the fault', [change(-1)], []],
    ['seven days', [change(7 * DAY)], ['security patches on web1, 7 d before']],
    ['longer ago', [change(7 * DAY + 1)], []],
    ['of something else', [change(DAY, { subject: 'mail1' })], []],
    ['of nothing in particular', [change(DAY, { subject: null })], []],
    [
      'newest first, three at most',
      [change(4 * DAY), change(DAY), change(3 * DAY), change(2 * DAY)],
      ['security patches on web1, 1 d before', 'security patches on web1, 2 d before', 'security patches on web1, 3 d before'],
    ],
    ['what names its place is not told twice', [change(DAY, { text: 'new disk in Web1' })], ['new disk in Web1, 1 d before']],
    ['hostile text becomes one line', [change(DAY, { text: 'a\n\u001b[31mb\u202e' })], ['a b on web1, 1 d before']],
  ];
  it.each(table)('%s', (_name, changes, expected) => {
    expect(relatedChanges(changes, ['web1', 'customer-sites'], fault).map((it) => it.text)).toEqual(expected);
  });

  it('calls things by their names', () => {
    expect(relatedChanges([change(DAY)], ['web1'], fault, () => 'Web server 1')[0]?.text).toBe(
      'security patches on Web server 1, 1 d before',
    );
  });
});

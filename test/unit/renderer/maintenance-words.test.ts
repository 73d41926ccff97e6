import { describe, expect, it } from 'vitest';
import { actsOf, headlineOf, listsOf, stateText, stretchText } from '../../../renderer/maintenance/window-words.ts';
import type { WindowLive } from '../../../shared/live.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';

const la = 'America/Los_Angeles';
const at = (text: string): number => Date.parse(text);
const now = at('2026-11-20T22:30:00-08:00');

describe('when something is', () => {
  it.each<[string, number, number | null, string]>([
    ['today', at('2026-11-20T23:00:00-08:00'), at('2026-11-20T23:30:00-08:00'), 'today 23:00–23:30 PST'],
    ['another day', at('2026-12-16T22:00:00-08:00'), at('2026-12-16T23:00:00-08:00'), 'Wed 16 Dec 22:00–23:00 PST'],
    ['over midnight', at('2026-12-16T22:00:00-08:00'), at('2026-12-17T02:00:00-08:00'), 'Wed 16 Dec 22:00 – Thu 17 Dec 02:00 PST'],
    ['another year', at('2027-01-05T22:00:00-08:00'), at('2027-01-05T23:00:00-08:00'), 'Tue 5 Jan 2027 22:00–23:00 PST'],
    [
      'over a change of the clocks',
      at('2027-03-14T01:00:00-08:00'),
      at('2027-03-14T04:00:00-07:00'),
      'Sun 14 Mar 2027 01:00 PST – 04:00 PDT',
    ],
    ['runs without an end', at('2026-11-20T22:00:00-08:00'), null, 'since today 22:00 PST'],
    ['to come without an end', at('2026-12-16T22:00:00-08:00'), null, 'from Wed 16 Dec 22:00 PST'],
  ])('%s', (_name, from, to, wanted) => expect(stretchText(from, to, la, now)).toBe(wanted));
});

const base: WindowLive = {
  id: 'w1',
  name: 'Mail maintenance',
  kind: 'fixed',
  from: at('2026-12-16T22:00:00-08:00'),
  to: at('2026-12-16T23:00:00-08:00'),
  durationMs: null,
  schedule: null,
  affects: ['mail1'],
  spares: ['web'],
  reason: '',
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
const running: WindowLive = {
  ...base,
  from: at('2026-11-20T22:00:00-08:00'),
  to: at('2026-11-20T23:30:00-08:00'),
  running: { window: 'w1', from: at('2026-11-20T22:00:00-08:00'), to: at('2026-11-20T23:30:00-08:00') },
  next: null,
};
const late: WindowLive = { ...running, id: 'w2', name: 'Server upgrade', running: null, overrunSince: at('2026-11-20T19:18:00-08:00') };
const open: WindowLive = {
  ...running,
  kind: 'open-ended',
  to: null,
  running: { window: 'w1', from: at('2026-11-20T22:00:00-08:00'), to: null },
};
const undecided: WindowLive = { ...base, id: 'w3', name: 'Security patch', from: null, to: null, durationMs: 30 * MINUTE, next: null };
const flexible: WindowLive = { ...base, kind: 'flexible', durationMs: 30 * MINUTE, next: null };
const soon: WindowLive = { ...base, next: { window: 'w1', from: at('2026-11-22T04:00:00-08:00'), to: at('2026-11-22T04:30:00-08:00') } };

describe('the first line of the screen', () => {
  it.each<[string, WindowLive[], string, 'late' | 'running' | 'calm']>([
    ['one runs', [running, base], 'Planned work runs on mail1 until 23:30 PST: Mail maintenance', 'running'],
    ['without an end', [open], 'Planned work runs on mail1, without a set end: Mail maintenance', 'running'],
    ['nothing affected by name', [{ ...running, affects: [] }], 'Planned work runs until 23:30 PST: Mail maintenance', 'running'],
    ['several run', [running, { ...running, id: 'w4' }], '2 planned works run now, the last until 23:30 PST', 'running'],
    ['several run, one without an end', [running, { ...open, id: 'w4' }], '2 planned works run now', 'running'],
    [
      'an overrun goes before all',
      [running, late],
      'Server upgrade overruns: it should have been over at 19:18 PST, 3 h 12 min ago',
      'late',
    ],
    [
      'two overrun',
      [late, { ...late, id: 'w5' }],
      'Server upgrade overruns: it should have been over at 19:18 PST, 3 h 12 min ago; 1 more overruns too',
      'late',
    ],
    ['nothing for weeks', [base], 'Nothing is planned this week. Next: Mail maintenance, Wed 16 Dec 22:00–23:00 PST', 'calm'],
    ['soon', [base, soon], 'Nothing runs now. Next: Mail maintenance, Sun 22 Nov 04:00–04:30 PST', 'calm'],
    ['one waits for a fault', [flexible], 'Nothing is planned this week. Next: Mail maintenance, Wed 16 Dec 22:00–23:00 PST', 'calm'],
    ['one waits for its day', [undecided], 'Nothing is planned. One waits for a day', 'calm'],
    ['nothing at all', [], 'Nothing is planned', 'calm'],
  ])('%s', (_name, windows, text, tone) => expect(headlineOf(listsOf(windows), (id) => id, la, now)).toEqual({ text, tone }));
});

describe('how one stands', () => {
  it.each<[string, WindowLive, string]>([
    ['runs', running, 'runs until 23:30 PST, 1 h to go'],
    ['runs without an end', open, 'runs since today 22:00 PST, without a set end'],
    ['overruns', late, 'overruns since 19:18 PST, 3 h 12 min'],
    ['comes', base, 'Wed 16 Dec 22:00–23:00 PST'],
    ['waits for a fault', flexible, 'begins with the first fault Wed 16 Dec 22:00–23:00 PST, takes 30 min'],
    ['waited in vain', { ...flexible, from: now - 2 * HOUR, to: now - HOUR }, 'over: there was no fault'],
    ['has no day', undecided, 'day not fixed yet, takes 30 min'],
    ['was called off', { ...base, next: null, cancelledAt: at('2026-11-20T20:00:00-08:00') }, 'called off today at 20:00 PST'],
    ['was finished in time', { ...running, running: null, endedAt: at('2026-11-20T22:20:00-08:00') }, 'finished today at 22:20 PST'],
    [
      'was finished late',
      { ...running, running: null, to: at('2026-11-20T18:00:00-08:00'), endedAt: at('2026-11-20T22:20:00-08:00') },
      'finished today at 22:20 PST, 4 h 20 min later than planned',
    ],
    ['ended by the clock', { ...running, running: null, to: at('2026-11-20T22:10:00-08:00') }, 'over since 22:10 PST'],
    [
      'overran, is back, and nobody finished it',
      { ...running, running: null, overran: true, to: at('2026-11-20T22:10:00-08:00') },
      'over since 22:10 PST; it overran, and nobody has finished it',
    ],
  ])('%s', (_name, window, wanted) => expect(stateText(window, la, now)).toBe(wanted));
});

describe('lists', () => {
  it('go by what runs, what comes and what has no day; an overrun first, the soonest first', () => {
    const overran: WindowLive = { ...running, id: 'w7', running: null, next: null, overran: true };
    const lists = listsOf([undecided, base, running, late, overran, { ...soon, id: 'w6' }]);
    expect(lists.running.map((it) => it.id)).toEqual(['w2', 'w1']);
    expect(lists.coming.map((it) => it.id)).toEqual(['w6', 'w1']);
    expect(lists.undecided.map((it) => it.id)).toEqual(['w3']);
    expect(lists.unfinished.map((it) => it.id)).toEqual(['w7']);
  });
});

describe('what can be done', () => {
  const weekly: WindowLive = {
    ...base,
    kind: 'recurring',
    from: null,
    to: null,
    durationMs: HOUR,
    schedule: { cron: '0 4 * * 0', zone: la },
  };
  it.each<[string, WindowLive, string]>([
    ['to come', base, 'postpone start edit cancel'],
    ['without a day', undecided, 'postpone start edit cancel'],
    ['from the inventory', { ...base, source: 'inventory' }, 'postpone start cancel'],
    ['runs', running, 'extend finish cancel'],
    ['runs without an end', open, 'finish extend cancel'],
    ['overruns', late, 'extend finish'],
    ['overran, and what it affects is back', { ...late, overrunSince: null, overran: true }, 'finish'],
    ['recurring, and its last time overran', { ...weekly, overran: true }, 'finish edit cancel'],
    ['recurring, between two times', weekly, 'edit cancel'],
    ['recurring, from the inventory', { ...weekly, source: 'inventory' }, 'cancel'],
    ['recurring, runs', { ...weekly, running: running.running }, 'extend finish cancel'],
  ])('%s', (_name, window, wanted) => expect(actsOf(window).join(' ')).toBe(wanted));

  it('is nothing once it is over', () => {
    const { running: _running, next: _next, overrunSince: _overrun, overran: _overran, ...over } = base;
    expect(actsOf(over)).toEqual([]);
  });
});

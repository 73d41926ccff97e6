import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { find } from '../../../renderer/desk/find.ts';
import {
  apart,
  asksBeforeLeaving,
  clockWords,
  leftWords,
  type Mark,
  marksOf,
  marksText,
  progressOf,
  stateWords,
} from '../../../renderer/drill/band-words.ts';
import { callHead, moreCalls, waitingCalls } from '../../../renderer/drill/calls.ts';
import { chosenOf, lastsWords, listed, sizeWords } from '../../../renderer/drill/drill-list.ts';
import { newsText, type RealNews, withNews, worstNews } from '../../../renderer/drill/real-news.ts';
import type { Announcement } from '../../../shared/contract.ts';
import { emptyTables } from '../../../shared/live.ts';
import type { DrillInfo } from '../../../shared/scenario/debrief.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import { callOf, drillEnd, drillOf, drillStart } from '../../support/drill-live.ts';
import { alertOf, thing } from '../../support/story.ts';

describe('the band', () => {
  it('tells the drill’s time with its day and zone', () => {
    expect(clockWords(drillStart, 'America/New_York')).toEqual({ day: 'Tuesday 16 June 2026', time: '03:00:00 EDT' });
    expect(clockWords(drillStart, 'UTC')).toEqual({ day: 'Tuesday 16 June 2026', time: '07:00:00 UTC' });
  });

  it.each([
    ['the beginning', drillStart, 0],
    ['before it', drillStart - HOUR, 0],
    ['half of it', drillStart + (drillEnd - drillStart) / 2, 0.5],
    ['the end', drillEnd, 1],
    ['after it', drillEnd + HOUR, 1],
  ])('knows how far it is: %s', (_what, at, part) => expect(progressOf({ start: drillStart, end: drillEnd, at })).toBe(part));
  it('has an end even where it has no length', () => expect(progressOf({ start: 5, end: 5, at: 5 })).toBe(1));

  it.each([
    ['playing', 1, 'Playing, as fast as life'],
    ['playing', 60, 'Playing, 60 times as fast as life'],
    ['paused', 10, 'Paused'],
    ['jumping', 10, 'On to the next thing that happens…'],
    ['over', 10, 'The drill is over'],
  ] as const)('says what its clock does: %s at %i', (state, speed, words) => expect(stateWords({ state, speed })).toBe(words));

  it.each([
    ['in the middle', drillOf({ at: drillEnd - 2 * HOUR - 10 * MINUTE }), '2 h 10 min to go'],
    ['in its last moment', drillOf({ at: drillEnd - 300 }), '1.0 s to go'],
    ['when it is over', drillOf({ at: drillEnd, state: 'over' }), 'over'],
    ['when it was ended early', drillOf({ state: 'over' }), 'over'],
  ])('says what is left: %s', (_what, drill, words) => expect(leftWords(drill)).toBe(words));

  it.each([
    ['a player who ends it early', drillOf(), 'finish', true],
    ['a player, at its end', drillOf({ state: 'over' }), 'finish', false],
    ['a player who plays it again', drillOf({ state: 'over' }), 'again', true],
    ['a player who closes it', drillOf(), 'close', true],
    ['who only watched', drillOf({ acts: 'script' }), 'close', false],
    ['before there is a drill', undefined, 'close', false],
  ] as const)('asks before something is lost: %s', (_what, drill, what, asks) => expect(asksBeforeLeaving(drill, what)).toBe(asks));
});

describe('marks on the line', () => {
  const web1 = thing('host', 'web1');
  const drill = drillOf({ calls: [callOf('c1', { at: drillStart + HOUR })] });
  const half = (drillEnd - drillStart) / 2;
  const open = alertOf(web1, { id: 'A1', raisedAt: drillStart + half });
  const ended = alertOf(web1, { id: 'A2', severity: 'degraded', title: 'Mail is slow', raisedAt: drillStart, endedAt: drillStart + half });

  it('stand where things happened, in order', () => {
    const marks = marksOf(drill, { A1: open, A2: ended });
    expect(marks.map(({ kind, place }) => [kind, place])).toEqual([
      ['degraded', 0],
      ['call', 0.16],
      ['down', 0.5],
      ['over', 0.5],
    ]);
    expect(marks.map((it) => it.title)).toEqual([
      'Mail is slow',
      'The phone rings: Bluefin Carrier, routing group',
      'web1 is down',
      'Over: Mail is slow',
    ]);
    expect(marksText(marks)).toBe('2 alerts, 1 over, 1 call');
  });
  it('say so where nothing has happened', () => expect(marksText(marksOf(drillOf(), {}))).toBe('nothing has happened yet'));
  it('clean what a file or a server says', () => {
    const [mark] = marksOf(drillOf(), { A1: { ...open, title: 'web1\u202e\u0007 is down' } });
    expect(mark?.title).toBe('web1 is down');
  });
  it('can always be told apart, and the first of each kind is there', () => {
    const kinds: Mark['kind'][] = ['down', 'degraded', 'unknown', 'over', 'call'];
    const some = fc.array(fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), kind: fc.constantFrom(...kinds) }), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(some, (drawn) => {
        const marks = drawn.map((it, index) => ({ ...it, key: String(index), title: '' })).sort((a, b) => a.place - b.place);
        const left = apart(marks);
        for (const kind of kinds) {
          const own = left.filter((it) => it.kind === kind);
          expect(own[0]).toBe(marks.find((it) => it.kind === kind));
          for (const [index, it] of own.entries())
            if (index > 0) expect(it.place - (own[index - 1]?.place ?? 0)).toBeGreaterThanOrEqual(0.004);
        }
      }),
    );
  });
});

describe('calls', () => {
  const calls = [
    callOf('a'),
    callOf('b', { logged: true }),
    callOf('c', { kind: 'customer-report', channel: null, who: '6 customers' }),
    callOf('d'),
  ];
  it('wait until they are written down or let go, newest first', () => {
    expect(waitingCalls(calls, new Set(['a'])).map((it) => it.id)).toEqual(['d', 'c']);
    expect(waitingCalls([], new Set())).toEqual([]);
  });
  it.each([
    [2, false, false, '2 earlier calls …'],
    [1, true, false, 'Show the newest only'],
    [1, false, true, '1 call not written down …'],
    [3, true, true, 'Hide them'],
  ])('%i more, open %s, over %s: %s', (hidden, isOpen, isOver, words) => expect(moreCalls(hidden, isOpen, isOver)).toBe(words));
  it.each([
    ['phone', 'Bluefin Carrier, routing group', 'The phone rings: Bluefin Carrier, routing group'],
    ['mail', 'Bluefin Carrier', 'A mail comes: Bluefin Carrier'],
    ['ticket', 'Bluefin Carrier', 'The ticket is answered: Bluefin Carrier'],
    ['chat', 'Remote hands', 'Somebody writes in the chat: Remote hands'],
    ['on-site', 'Remote hands', 'Somebody stands before you: Remote hands'],
    [null, '6 customers', 'Customers report it: 6 customers'],
    ['phone', 'Blue\u202efin', 'The phone rings: Blue fin'],
  ] as const)('%s: %s', (channel, who, words) => expect(callHead({ channel, who })).toBe(words));
});

describe('what is real', () => {
  const call = (alert: string, more: Partial<Announcement> = {}): Announcement => ({
    kind: 'raised',
    severity: 'down',
    title: `${alert} is down`,
    text: '',
    alert,
    ...more,
  });
  const heard = (...all: Announcement[]): RealNews[] => all.reduce<RealNews[]>(withNews, []);
  it.each<[string, Announcement[], string]>([
    ['one', [call('web1')], 'web1 is down.'],
    ['the worst of several', [call('web1'), call('web2', { severity: 'degraded' })], 'web1 is down. And 1 more real alert.'],
    ['the newest of those as bad', [call('web1'), call('web2'), call('web3')], 'web3 is down. And 2 more real alerts.'],
    ['told again', [call('web1'), call('web1', { kind: 'escalated', title: 'web1 is still down' })], 'web1 is still down.'],
    ['over before anybody looked', [call('web1'), call('web1', { kind: 'recovered', severity: 'ok' })], 'web1 is down (over by now).'],
    [
      'what is not over comes first',
      [call('web1'), call('mx', { severity: 'unknown' }), call('web1', { kind: 'recovered', severity: 'ok' })],
      'mx is down. And 1 more real alert.',
    ],
    ['open again', [call('web1'), call('web1', { kind: 'recovered' }), call('web1', { kind: 'again' })], 'web1 is down.'],
    ['a recovery of what was never told', [call('old', { kind: 'recovered', severity: 'ok' })], ''],
    ['hostile words', [call('web1', { title: 'web1\u202e\n is down' })], 'web1 is down.'],
  ])('%s', (_what, all, text) => expect(newsText(heard(...all))).toBe(text));
  it('leads to the alert that is told', () =>
    expect(worstNews(heard(call('web1'), call('web2', { severity: 'unknown' })))?.alert).toBe('web1'));
  it('keeps a bounded number, whatever a storm brings', () => {
    const all = heard(...Array.from({ length: 500 }, (_, index) => call(`web${index}`)));
    expect(all).toHaveLength(100);
    expect(all.at(-1)?.alert).toBe('web499');
  });
});

describe('the list of drills', () => {
  const info = (drill: string, name: string, more: Partial<DrillInfo> = {}): DrillInfo => ({
    drill,
    name,
    about: '',
    lastsMs: 6.25 * HOUR,
    faults: 2,
    checks: 86,
    ...more,
  });
  const all = [info('b.yaml', 'Mail cannot be read'), info('a.yaml', 'A site goes dark'), info('c.yaml', 'A site goes dark')];
  it('is in order of names', () => expect(listed(all).map((it) => it.drill)).toEqual(['a.yaml', 'c.yaml', 'b.yaml']));
  it('shows nothing of a file that would play tricks with the page', () => {
    expect(listed([info('a.yaml', 'x\u202ey', { about: 'z'.repeat(5_000) })])[0]).toMatchObject({ name: 'x y' });
    expect(listed([info('a.yaml', 'x', { about: 'z'.repeat(5_000) })])[0]?.about.length).toBe(600);
  });
  it.each([
    ['nothing chosen', null, 'b.yaml'],
    ['chosen', 'c.yaml', 'c.yaml'],
    ['chosen and gone', 'z.yaml', 'b.yaml'],
  ])('always has one chosen: %s', (_what, wanted, drill) => expect(chosenOf(all, wanted)?.drill).toBe(drill));
  it('has none chosen where there is none', () => expect(chosenOf([], 'a.yaml')).toBeUndefined());
  it.each([
    [{ lastsMs: 6.25 * HOUR, faults: 2, checks: 86 }, '6 h 15 min · 2 faults · 86 checks'],
    [{ lastsMs: DAY + 10 * HOUR, faults: 1, checks: 1 }, '1 d 10 h · 1 fault · 1 check'],
  ])('says how much it is: %o', (it_, words) => expect(sizeWords(it_)).toBe(words));
  it.each([
    [1, 'It takes 6 h 15 min.'],
    [10, '6 h 15 min take 37 min.'],
    [60, '6 h 15 min take 6 min 15 s.'],
  ])('says how long that is at %i times life', (speed, words) => expect(lastsWords(6.25 * HOUR, speed)).toBe(words));

  it.each([
    ['drill', ['drills'], ['Play a drill']],
    ['play a dr', ['drills'], ['Play a drill']],
    ['debr', ['debrief'], ['Debrief']],
    ['debr', ['drills'], []],
    ['drill', [], []],
    ['web', ['drills'], []],
  ] as const)('is found by "%s" where %o can be', (typed, offered, titles) => {
    expect(find(emptyTables(), typed, offered).map((it) => it.title)).toEqual(titles);
  });
});

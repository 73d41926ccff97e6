import { describe, expect, it } from 'vitest';
import {
  afterText,
  debriefText,
  deedText,
  documentScore,
  documentTone,
  stepsOf,
  summaryOf,
  timeText,
} from '../../../renderer/drill/debrief-words.ts';
import type { Debrief, DebriefDocument, FaultStory } from '../../../shared/scenario/debrief.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { drillEnd, drillStart } from '../../support/drill-live.ts';

const began = drillStart + 18 * MINUTE;
const fault = (more: Partial<FaultStory> = {}): FaultStory => ({
  what: 'Bluefin Carrier drops range A, range B and range C',
  from: began,
  to: began + 3 * HOUR,
  shownAt: began + 24 * SECOND,
  shownAs: 'Bluefin Carrier: 3 of 5 prefixes do not answer',
  namedAt: began + 48 * SECOND,
  namedAs: 'Bluefin Carrier at Norfolk carries nothing for 3 of 5 prefixes',
  acknowledgedAt: began + 6 * MINUTE,
  acknowledgedBy: 'Anna',
  overAt: began + 3 * HOUR + 40 * SECOND,
  ...more,
});
const document = (more: Partial<DebriefDocument> = {}): DebriefDocument => ({
  kind: 'post-mortem',
  by: 'player',
  stated: [{ fact: 'since 03:18', section: 'Summary', text: 'Since 03:18 EDT' }],
  missing: [],
  wrong: [],
  ...more,
});
const debrief = (more: Partial<Debrief> = {}): Debrief => ({
  name: 'An upstream drops three of our five address ranges',
  zone: 'America/New_York',
  start: drillStart,
  at: drillEnd,
  over: true,
  faults: [fault()],
  falseSentences: [],
  deeds: [],
  documents: [],
  ...more,
});
const words = (it: FaultStory, more: Partial<Debrief> = {}) =>
  stepsOf(it, debrief(more)).map(({ title, tone, time, note }) => [title, tone, time, note]);

describe('the moments of a fault', () => {
  it('with times, and how long each took', () => {
    expect(words(fault())).toEqual([
      ['Began', 'open', '03:18:00 EDT', 'until 06:18:00 EDT'],
      ['Shown', 'good', '03:18:24 EDT', 'after 24 s'],
      ['Taken', 'good', '03:24:00 EDT', 'by Anna, after 6 min'],
      ['Rightly named', 'good', '03:18:48 EDT', 'after 48 s'],
      ['Over', 'good', '06:18:40 EDT', '40 s after it was mended'],
    ]);
  });
  const unseen = fault({
    shownAt: null,
    shownAs: null,
    namedAt: null,
    namedAs: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    overAt: null,
  });
  it('what did not happen is bad news once the drill is over', () => {
    expect(words(unseen).map(([, tone, , note]) => [tone, note])).toEqual([
      ['open', 'until 06:18:00 EDT'],
      ['bad', 'never shown'],
      ['bad', 'nobody took it'],
      ['bad', 'never named'],
      ['bad', 'there was no alert'],
    ]);
  });
  it('and can still come while it goes on', () => {
    expect(
      words(unseen, { over: false })
        .slice(1)
        .map(([, tone, time, note]) => [tone, time, note]),
    ).toEqual(Array.from({ length: 4 }, () => ['open', null, 'not yet']));
  });
  it.each([
    ['a fault that lasts need not be over', fault({ to: null, overAt: null }), 'open', 'not within the drill'],
    ['its alert stayed', fault({ overAt: null }), 'bad', 'its alert did not end'],
    ['its alert ended first', fault({ overAt: began + 2 * HOUR }), 'good', '1 h before it was mended'],
    ['both at once', fault({ overAt: began + 3 * HOUR + 200 }), 'good', 'as soon as it was mended'],
  ])('%s', (_what, it_, tone, note) =>
    expect(
      words(it_)
        .at(-1)
        ?.filter((_, index) => index === 1 || index === 3),
    ).toEqual([tone, note]),
  );
  it.each([
    [0, 'at once'],
    [-5_000, 'at once'],
    [9_400, 'after 9.4 s'],
    [90 * MINUTE, 'after 1 h 30 min'],
  ])('%i ms later is "%s"', (ms, text) => expect(afterText(began, began + ms)).toBe(text));
  it('names the day where it is another one', () => {
    expect(timeText(drillStart + DAY, debrief())).toBe('Wednesday 17 June, 03:00:00 EDT');
  });
});

describe('the summary', () => {
  it('has good news alone where all went well', () => {
    expect(summaryOf(debrief({ documents: [document()] }))).toEqual({
      good: [
        'The fault was shown.',
        'The fault was taken by somebody.',
        'The fault was rightly named.',
        'No sentence of the desk was false.',
        '1 of 1 expected fact is stated.',
      ],
      bad: [],
    });
  });
  const half = debrief({
    faults: [fault(), fault({ shownAt: null, namedAt: null, acknowledgedAt: null })],
    falseSentences: [{ at: began, sentence: 'web1 is down' }],
    documents: [
      document({
        missing: ['until 06:18', 'Meridian Transit was fine'],
        wrong: [{ fact: 'mail', section: 'Impact', text: 'Mail failed' }],
      }),
    ],
  });
  it('tells what was missed', () => {
    expect(summaryOf(half)).toEqual({
      good: [
        '1 of 2 faults was shown.',
        '1 of 2 faults was taken by somebody.',
        '1 of 2 faults was rightly named.',
        '1 of 3 expected facts are stated.',
      ],
      bad: [
        '1 fault was never shown.',
        '1 fault was taken by nobody.',
        '1 fault was never rightly named.',
        '1 sentence of the desk named something that was not broken.',
        '2 facts are missing in the documents.',
        '1 statement in the documents is false.',
      ],
    });
  });
  it('does not hold against anybody what can still come', () => {
    expect(summaryOf({ ...half, over: false }).bad).toEqual([
      '1 sentence of the desk named something that was not broken.',
      '1 statement in the documents is false.',
    ]);
  });
  it('says nothing where nothing has happened', () => {
    expect(summaryOf(debrief({ faults: [], over: false }))).toEqual({ good: [], bad: [] });
  });
});

it.each([
  [{ stated: 12, missing: 2, wrong: 0 }, '12 of 14 facts stated, nothing false'],
  [{ stated: 0, missing: 1, wrong: 1 }, '0 of 1 fact stated, 1 false statement'],
  [{ stated: 0, missing: 0, wrong: 0 }, 'nothing is expected of it, nothing false'],
])('a document with %o', ({ stated, missing, wrong }, text) => {
  const found = (n: number) => Array.from({ length: n }, (_, index) => ({ fact: `${index}`, section: '', text: '' }));
  expect(documentScore({ stated: found(stated), missing: found(missing).map((it) => it.fact), wrong: found(wrong) })).toBe(text);
});

it.each([
  ['all is stated', { missing: [], wrong: [] }, true, 'good'],
  ['something is missing', { missing: ['x'], wrong: [] }, true, 'bad'],
  ['something is missing that can still be written', { missing: ['x'], wrong: [] }, false, 'open'],
  ['something is false', { missing: [], wrong: [{ fact: 'x', section: '', text: '' }] }, false, 'bad'],
] as const)('a document: %s', (_what, { missing, wrong }, over, tone) =>
  expect(documentTone({ missing: [...missing], wrong: [...wrong] }, over)).toBe(tone),
);

it.each([
  ['contact', 2, '2 contacts'],
  ['note', 1, '1 note'],
  ['follow-up', 3, '3 follow-ups'],
  ['change of an incident', 1, '1 change of an incident'],
  ['change of an incident', 4, '4 changes of an incident'],
  ['addition to an incident', 2, '2 additions to an incident'],
])('%s, %i times: %s', (kind, n, text) => expect(deedText({ kind, count: n })).toBe(text));

describe('as text', () => {
  const text = debriefText(
    debrief({
      deeds: [{ kind: 'note', count: 3, firstAt: began + MINUTE }],
      falseSentences: [{ at: began, sentence: 'web1\u202e is\ndown' }],
      documents: [
        document({ by: 'desk', missing: ['until 06:18'], wrong: [{ fact: 'mail failed', section: 'Impact', text: 'Mail failed.' }] }),
      ],
    }),
  );
  it('says first that it was a drill, and with each time its zone', () => {
    expect(text.split('\n').slice(0, 4)).toEqual([
      'DRILL. This was an exercise; nothing of it happened.',
      '',
      'Debrief: An upstream drops three of our five address ranges',
      'Tuesday 16 June 2026, 03:00:00 EDT to 09:15:00 EDT. All times in EDT (UTC−4).',
    ]);
  });
  it('holds everything of the screen, one thing a line', () => {
    for (const line of [
      '  Shown: 03:18:24 EDT (after 24 s) “Bluefin Carrier: 3 of 5 prefixes do not answer”',
      '  Taken: 03:24:00 EDT (by Anna, after 6 min)',
      '  03:18:00 EDT: “web1 is down”',
      '  3 notes, first 03:19:00 EDT',
      'Post-mortem (nobody wrote one: as Nightdesk would draft it): 1 of 2 facts stated, 1 false statement',
      '  False: mail failed (Impact: “Mail failed.”)',
      '  Missing: until 06:18',
      '  Stated: since 03:18 (Summary)',
    ])
      expect(text.split('\n')).toContain(line);
  });
  it('says that a drill goes on', () => expect(debriefText(debrief({ over: false }))).toContain('The drill goes on.'));
});

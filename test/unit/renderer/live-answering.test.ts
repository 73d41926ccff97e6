import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behindOf, escalationText, holdsText, ownText } from '../../../renderer/desk/alert-words.ts';
import { forAcknowledging, rangeTo, subjectsToSilence } from '../../../renderer/desk/choice.ts';
import { forever, isMuted, muteText } from '../../../renderer/desk/mute.ts';
import { tomorrowMorning, type UntilChoice, untilOf, untilText } from '../../../renderer/desk/until.ts';
import { emptyTables } from '../../../shared/live.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import { DAY, HOUR, MINUTE, parseIso, stamp } from '../../../shared/time.ts';
import { alertOf, check, thing } from '../../support/story.ts';

const zone = 'America/Los_Angeles';
const at = (text: string): number => parseIso(text, zone) ?? Number.NaN;
const now = at('2026-11-20T03:10');

describe('until when', () => {
  it.each<[string, UntilChoice, string, string | null]>([
    ['no end', 'none', '', null],
    ['30 min', '30m', '', '2026-11-20 03:40:00 PST'],
    ['2 h', '2h', '', '2026-11-20 05:10:00 PST'],
    ['8 h', '8h', '', '2026-11-20 11:10:00 PST'],
    ['tomorrow morning', 'morning', '', '2026-11-21 08:00:00 PST'],
    ['a moment of its own, in the zone', 'custom', '2026-11-20T23:30', '2026-11-20 23:30:00 PST'],
    ['another day', 'custom', '2026-12-16T06:00', '2026-12-16 06:00:00 PST'],
  ])('%s', (_what, choice, custom, expected) => {
    const read = untilOf(choice, custom, now, zone);
    expect(read.ok && (read.value === null ? null : stamp(read.value, zone))).toBe(expected);
  });
  it.each([
    ['nothing typed', '', 'Say until when.'],
    ['no date', 'soon', 'Say until when.'],
    ['a day that is none', '2026-02-30T10:00', 'Say until when.'],
    ['the past', '2026-11-20T03:09', 'That moment is over already.'],
    ['this very moment', '2026-11-20T03:10', 'That moment is over already.'],
    ['far too late', '2036-11-20T03:10', 'That is more than a year away.'],
  ])('refuses %s in plain words', (_what, custom, words) => {
    expect(untilOf('custom', custom, now, zone)).toEqual({ ok: false, failure: words });
  });
  it.each([
    ['in the evening', '2026-11-20T23:59', '2026-11-21 08:00:00 PST'],
    ['just after midnight', '2026-11-20T00:01', '2026-11-21 08:00:00 PST'],
    ['the night the clocks go back (25 h)', '2026-10-31T23:30', '2026-11-01 08:00:00 PST'],
    ['just after midnight of the long day', '2026-11-01T00:30', '2026-11-02 08:00:00 PST'],
    ['the night the clocks go forward (23 h)', '2026-03-07T23:30', '2026-03-08 08:00:00 PDT'],
    ['the last night of the year', '2026-12-31T22:00', '2027-01-01 08:00:00 PST'],
  ])('knows tomorrow morning %s', (_what, from, expected) => {
    expect(stamp(tomorrowMorning(at(from), zone), zone)).toBe(expected);
  });
  it('always finds the next day’s 08:00, at any moment, in any zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }),
        fc.constantFrom('UTC', 'America/Los_Angeles', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu'),
        (moment, where) => {
          const morning = tomorrowMorning(moment, where);
          expect(stamp(morning, where)).toMatch(/ 08:00:00 /);
          expect(morning - moment).toBeGreaterThan(6 * HOUR);
          expect(morning - moment).toBeLessThanOrEqual(34 * HOUR);
        },
      ),
    );
  });
  it('is written with its zone, and with the day where that is not today', () => {
    expect(untilText(now + HOUR, now, zone)).toBe('today 04:10 PST');
    expect(untilText(tomorrowMorning(now, zone), now, zone)).toBe('Saturday 21 November 2026, 08:00 PST');
  });
});

describe('choosing several alerts', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];
  it.each([
    ['downwards', 'b', 'd', ['b', 'c', 'd']],
    ['upwards', 'd', 'b', ['b', 'c', 'd']],
    ['the same one', 'c', 'c', ['c']],
    ['nothing chosen before', null, 'c', ['c']],
    ['the one before has left the list', 'gone', 'c', ['c']],
  ] as const)('Shift+click chooses a stretch: %s', (_what, anchor, to, expected) => {
    expect(rangeTo(order, anchor, to)).toEqual(expected);
  });

  const web1 = thing('host', 'web1');
  const web2 = thing('host', 'web2');
  const taken = { by: 'Kim', comment: 'on it', at: 0, sticky: false, until: null };
  const table = (all: Alert[]) => Object.fromEntries(all.map((alert) => [alert.id, alert]));
  const alerts = table([
    alertOf(web1, { id: 'free' }),
    alertOf(web1, { id: 'free too' }),
    alertOf(web2, { id: 'taken', acknowledgement: taken }),
    alertOf(web2, { id: 'over', endedAt: 5 }),
  ]);
  it.each([
    ['only those that nobody has', ['free', 'taken', 'free too'], ['free', 'free too']],
    ['all where somebody has each, to be taken over', ['taken'], ['taken']],
    ['not what is over', ['over', 'free'], ['free']],
    ['nothing when all is over', ['over'], []],
    ['not what has left the list', ['gone', 'free'], ['free']],
    ['nothing of nothing', [], []],
  ])('acknowledges %s', (_what, chosen, expected) => {
    expect(forAcknowledging(chosen, alerts)).toEqual(expected);
  });
  it.each([
    ['each thing once', ['free', 'free too', 'taken'], ['web1', 'web2']],
    ['not what is over', ['over'], []],
    ['not what has left the list', ['gone'], []],
  ])('silences %s', (_what, chosen, expected) => {
    expect(subjectsToSilence(chosen, alerts)).toEqual(expected);
  });
});

describe('the card of an alert', () => {
  it.each([
    [0, null],
    [1, 'told 2nd tier'],
    [2, 'told 3rd tier'],
    [3, 'told 4th tier'],
    [10, 'told 11th tier'],
    [11, 'told 12th tier'],
    [20, 'told 21st tier'],
  ])('after %i escalation steps says %s', (escalation, expected) => {
    expect(escalationText({ escalation })).toBe(expected);
  });
  it.each([
    ['plain, without end', false, null, null],
    ['sticky', true, null, 'until all is ok'],
    ['plain, with an end', false, now + 2 * HOUR, 'until 05:10 PST'],
    ['sticky, with an end', true, now + 2 * HOUR, 'until all is ok, at most until 05:10 PST'],
    ['an end on another day', false, now + DAY, 'until 21 November 03:10 PST'],
  ])('says how long it is taken: %s', (_what, sticky, until, expected) => {
    expect(holdsText({ sticky, until }, now, zone)).toBe(expected);
  });

  const cox = thing('link', 'cox', { name: 'Cox' });
  const web1 = thing('host', 'web1', { name: 'web1.example.net' });
  const plans = Object.fromEntries(
    [check(web1, 'icmp'), check(web1, 'http'), check(cox, 'icmp', 'gateway')].map((plan) => [plan.id, plan]),
  );
  const tables = { ...emptyTables(), subjects: { cox, web1 }, plans };
  const behind = (consequences: string[]) => behindOf(alertOf(cox, { consequences }), tables);
  it('folds what cannot be reached by thing', () => {
    expect(behind(['web1/icmp', 'web1/http'])).toEqual({
      summary: '2 checks of 1 thing behind it cannot be reached',
      lines: [{ subject: 'web1', name: 'web1.example.net', checks: 'Ping, HTTP' }],
      more: 0,
    });
  });
  it('counts nothing of the root itself, and knows things that have left the inventory by their ids', () => {
    expect(behind(['cox/gateway'])).toBeNull();
    expect(behind([])).toBeNull();
    expect(behind(['db9/tcp', 'web1/icmp'])).toMatchObject({
      summary: '2 checks of 2 things behind it cannot be reached',
      lines: [
        { name: 'db9', checks: 'tcp' },
        { name: 'web1.example.net', checks: 'Ping' },
      ],
    });
  });
  it.each([
    ['nothing beside it', 'Ping: no answer.', {}, 'Ping: no answer.'],
    [
      'what is behind it',
      'Ping: no answer. 2 checks of web1.example.net behind it cannot be reached.',
      { consequences: ['web1/icmp', 'web1/http'] },
      'Ping: no answer.',
    ],
    [
      'a change, which costs $&',
      'Ping: no answer. New card for $& on Cox, 2 d before.',
      { related: [{ kind: 'change' as const, text: 'new card for $& on Cox, 2 d before', at: 0 }] },
      'Ping: no answer.',
    ],
    [
      'words that only look so',
      'Ping: no answer. 2 checks of db9 behind it cannot be reached.',
      { consequences: ['web1/icmp'] },
      'Ping: no answer. 2 checks of db9 behind it cannot be reached.',
    ],
  ])('does not tell twice: %s', (_what, text, change, expected) => {
    expect(ownText(alertOf(cox, { text, ...change }), tables.subjects)).toBe(expected);
  });
  it('lists a hundred things of a storm and counts the others', () => {
    const many = behind(Array.from({ length: 5_000 }, (_, index) => `h${index % 2_500}/c${index}`));
    expect(many?.summary).toBe('5000 checks of 2500 things behind it cannot be reached');
    expect(many?.lines).toHaveLength(100);
    expect(many?.more).toBe(2_400);
  });
});

describe('muting', () => {
  it.each([
    ['it sounds', { sound: true, mutedUntil: null }, null],
    ['muted for an hour', { sound: true, mutedUntil: now + HOUR }, 'Muted until 04:10 PST'],
    ['over midnight the day is named', { sound: true, mutedUntil: now + DAY }, 'Muted until 21 November 03:10 PST'],
    ['until somebody unmutes', { sound: true, mutedUntil: forever }, 'Muted'],
    ['the hour is over', { sound: true, mutedUntil: now - MINUTE }, null],
    ['the hour is over just now', { sound: true, mutedUntil: now }, null],
    ['switched off in the settings', { sound: false, mutedUntil: null }, 'Sound is off'],
    ['off and muted', { sound: false, mutedUntil: now + HOUR }, 'Sound is off'],
  ])('%s', (_what, attention, expected) => {
    expect(muteText(attention, now, zone)).toBe(expected);
    if (attention.sound) expect(isMuted(attention.mutedUntil, now)).toBe(expected !== null);
  });
  it('lasts for ever as a date that can be written', () => {
    expect(Number.isNaN(new Date(forever).getTime())).toBe(false);
    expect(Number.isSafeInteger(forever)).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drafts } from '../../shared/incident/drafts/index.ts';
import { internalNames } from '../../shared/incident/drafts/public-words.ts';
import { cutAtWord } from '../../shared/incident/drafts/status-update.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import { spokenDuration, spokenNumber, spokenPercent } from '../../shared/incident/spoken.ts';
import { type TimesStyle, timesOf } from '../../shared/incident/times.ts';
import { documentKinds } from '../../shared/model/document.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { asked, mailWork, routineStory } from '../support/document-cases.ts';
import { textsOf } from '../support/document-reading.ts';
import { hostile } from '../support/hostile-text.ts';
import { upstreamStory } from '../support/report-cases.ts';

describe('numbers as people say them', () => {
  it.each<[number, string]>([
    [0, 'less than a second'],
    [Number.NaN, 'less than a second'],
    [SECOND, '1 second'],
    [59.6 * SECOND, '1 minute'],
    [92 * SECOND, '2 minutes'],
    [41 * MINUTE, '41 minutes'],
    [59.9 * MINUTE, '1 hour'],
    [3 * HOUR + 53 * MINUTE, '3 hours 53 minutes'],
    [26 * HOUR + 15 * MINUTE, '26 hours 15 minutes'],
    [51 * HOUR, '2 days 3 hours'],
    [4 * DAY, '4 days'],
    [75 * DAY, '75 days'],
  ])('%d ms is %s', (ms, words) => expect(spokenDuration(ms)).toBe(words));
  it.each<[number, string]>([
    [0, 'no'],
    [3, 'three'],
    [13, '13'],
  ])('%d is %s', (n, word) => expect(spokenNumber(n)).toBe(word));
  it.each<[number, string]>([
    [100, '100 %'],
    [0, '0 %'],
    [99.95, '99.95 %'],
    [99.476, '99.48 %'],
    // Rounded to 100 it would be no outage.
    [99.9987, '99.999 %'],
    [99.99991, '99.9999 %'],
    [40, '40 %'],
  ])('%d is %s', (percent, words) => expect(spokenPercent(percent)).toBe(words));
});

describe('times', () => {
  const noon = Date.parse('2026-11-20T12:05:10-08:00');
  const times = (style: TimesStyle, from = noon, to = noon + HOUR) => timesOf('America/Los_Angeles', from, to, [], style);
  it.each<[string, TimesStyle, string, string, string]>([
    ['24 h', {}, 'at 12:05:10', 'from 12:05:10 to 13:05:10 (1 h)', '2026-11-20 12:05:10 PST'],
    ['12 h', { clock: '12h' }, 'at 12:05:10 PM', 'from 12:05:10 PM to 1:05:10 PM (1 h)', '2026-11-20 12:05:10 PM PST'],
    ['each with its zone', { zoned: true }, 'at 12:05:10 PST', 'from 12:05:10 to 13:05:10 PST (1 h)', '2026-11-20 12:05:10 PST'],
    [
      'for customers',
      { zoned: true, plain: true, clock: '12h' },
      'at 12:05 PM PST',
      'from 12:05 PM to 1:05 PM PST (1 hour)',
      '2026-11-20 12:05:10 PM PST',
    ],
  ])('%s', (_name, style, when, lasting, stamp) => {
    const it = times(style);
    expect([it.when(noon), it.lasting(noon, noon + HOUR), it.stamp(noon)]).toEqual([when, lasting, stamp]);
  });
  it('midnight and noon of 12 hours', () => {
    const midnight = Date.parse('2026-11-20T00:00:00-08:00');
    expect(times({ clock: '12h', plain: true }, midnight).when(midnight)).toBe('at 12:00 AM');
  });
  it('a reader reckons with the minutes that stand there', () => {
    const it = times({ plain: true, zoned: true });
    expect(it.lasting(noon + 40 * SECOND, noon + 2 * MINUTE)).toBe('from 12:05 to 12:07 PST (2 minutes)');
    expect(it.lasting(noon, noon + 20 * SECOND)).toBe('for less than a minute at 12:05 PST');
  });
  it('another day, another year, and the night in which the clocks change', () => {
    const it = times({ zoned: true, plain: true });
    expect(it.moment(noon - 3 * DAY)).toBe('12:05 PST on 17 November');
    expect(it.when(noon + 60 * DAY)).toBe('on 19 January 2027 at 12:05 PST');
    const change = Date.parse('2026-11-01T01:30:00-07:00');
    const night = times({ zoned: true, plain: true }, change, change + HOUR);
    expect(night.lasting(change, change + HOUR)).toBe('from 01:30 PDT to 01:30 PST (1 hour)');
    expect(night.column).toBe('Time (America/Los_Angeles)');
  });
});

describe('cutAtWord', () => {
  it.each<[string, number, string]>([
    ['short', 10, 'short'],
    ['one two three', 9, 'one two…'],
    ['one, two three', 5, 'one…'],
    ['unbreakable', 5, 'unbr…'],
    ['🦊🦊🦊 🦊🦊', 5, '🦊🦊🦊…'],
  ])('%j to %d', (text, most, cut) => expect(cutAtWord(text, most)).toBe(cut));
  it('is never longer, counted in code points, and ends between words', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((it) => it.replaceAll(/\s/g, 'x')),
          { minLength: 2, maxLength: 60 },
        ),
        (words) => {
          const text = words.join(' ');
          const cut = cutAtWord(text, 80);
          expect([...cut].length).toBeLessThanOrEqual(80);
          if (cut !== text && cut.includes(' ')) expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true);
        },
      ),
    );
  });
});

describe('names that are nobody else’s business', () => {
  const input = upstreamStory();
  const isInternal = internalNames({ input: asked(input), facts: reportFacts(input) });
  it.each<[string, boolean]>([
    ['web1 is back', true],
    ['the fault was on WEB1.', true],
    ['(web1)', true],
    ['the web is back', false],
    ['Eastern dropped it', true],
    ['the eastern part', true],
    ['Kim restarted it', true],
    ['kimono shops', false],
    ['198.51.1.7 answers', true],
    ['2001:db8::7 answers', true],
    ['between 09:10:11 and 10:11:12', false],
    ['name service was down', false],
    ['at San Diego', false],
  ])('%j: %s', (text, internal) => expect(isInternal(text)).toBe(internal));
});

it('no hostile text comes through as it is, in any kind of document', () => {
  const kept = new Set([
    'kind',
    'id',
    'hosts',
    'dependsOn',
    'site',
    'check',
    'checks',
    'alert',
    'alerts',
    'subject',
    'type',
    'level',
    'state',
    'severity',
    'from',
    'to',
    'zone',
    'reason',
    'consequences',
    'message',
    'leg',
    'with',
    'channel',
    'direction',
    'incident',
    'status',
    'how',
    'window',
    'cause',
    'relation',
    'cron',
    'restarts',
    'month',
    'kinds',
    'currency',
    'affects',
    'spares',
    'subjects',
    'owed',
    'source',
    'clock',
    'part',
    'claimFrom',
    'per',
    'vantage',
  ]);
  const poisoned = <T>(value: T, poison: string, key = ''): T => {
    if (typeof value === 'string') return (kept.has(key) ? value : poison) as T;
    if (Array.isArray(value)) return value.map((it) => poisoned(it, poison, key)) as T;
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, poisoned(it, poison, name)])) as T;
    return value;
  };
  fc.assert(
    fc.property(hostile, (poison) => {
      for (const made of [asked(upstreamStory()), asked(routineStory()), mailWork()]) {
        // Names of checks are ids.
        const { options, zone, coverage, plans, ...rest } = made;
        const input = { ...poisoned(rest, poison), options, zone, coverage, plans };
        for (const kind of documentKinds)
          for (const { text } of textsOf(drafts[kind](input))) expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

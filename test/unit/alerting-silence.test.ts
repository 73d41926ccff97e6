import { describe, expect, it } from 'vitest';
import { addSilence, endSilence, expireSilences, silencedSubjects, silencedUntil } from '../../shared/alerting/silence.ts';
import { graphOf } from '../../shared/health/reach.ts';
import type { Silence } from '../../shared/model/maintenance.ts';
import { things } from '../support/night-desk.ts';
import { alertOf, thing } from '../support/story.ts';

const graph = graphOf(things);
const known = (id: string): boolean => graph.subject(id) !== undefined;
const context = { now: 1_000, newId: () => 'S1', known };
const said = { subjects: ['web1', 'sd', 'web1'], by: ' Kim ', reason: ' known fault ', until: 5_000 };
const silence: Silence = { id: 'S1', by: 'Kim', reason: 'known fault', subjects: ['web1', 'sd'], at: 1_000, until: 5_000, endedAt: null };

describe('addSilence', () => {
  it('is kept with its line', () => {
    expect(addSilence(said, context)).toEqual({
      ok: true,
      value: {
        silence,
        events: [
          {
            kind: 'silenced',
            at: 1_000,
            subject: null,
            actor: 'Kim',
            payload: { silence: 'S1', subjects: ['web1', 'sd'], until: 5_000, reason: 'known fault' },
          },
        ],
      },
    });
  });
  const refusals: [string, Partial<typeof said>, string, RegExp][] = [
    ['its end is past', { until: 999 }, 'bad-input', /over already/],
    ['it would be over at once', { until: 1_000 }, 'bad-input', /over already/],
    ['its end is no time', { until: Number.NaN }, 'bad-input', /over already/],
    ['nothing is chosen', { subjects: [] }, 'bad-input', /Choose what/],
    ['nobody says it', { by: ' ' }, 'bad-input', /who you are/],
    ['nothing is said', { reason: '' }, 'bad-input', /Say why/],
    [
      'something is not in the inventory',
      { subjects: ['web1', 'gone', 'lost'] },
      'no-such-subject',
      /“gone” and “lost” in the inventory\. Nothing was silenced/,
    ],
  ];
  it.each(refusals)('does nothing when %s', (_what, words, code, text) => {
    expect(addSilence({ ...said, ...words }, context)).toMatchObject({ ok: false, failure: { code, text: expect.stringMatching(text) } });
  });
});

describe('endSilence', () => {
  it('ends it before its time', () => {
    expect(endSilence(silence, { by: 'Sam', now: 2_000 })).toEqual({
      ok: true,
      value: {
        silence: { ...silence, endedAt: 2_000 },
        events: [
          {
            kind: 'silence-ended',
            at: 2_000,
            subject: null,
            actor: 'Sam',
            payload: { silence: 'S1', subjects: ['web1', 'sd'], why: 'person' },
          },
        ],
      },
    });
  });
  const refusals: [string, Silence | undefined, string, string][] = [
    ['there is none', undefined, 'Sam', 'silence-gone'],
    ['it was ended', { ...silence, endedAt: 1_500 }, 'Sam', 'silence-gone'],
    ['its time ran out', { ...silence, until: 2_000 }, 'Sam', 'silence-gone'],
    ['nobody says it', silence, ' ', 'bad-input'],
  ];
  it.each(refusals)('does nothing when %s', (_what, it, by, code) => {
    expect(endSilence(it, { by, now: 2_000 })).toMatchObject({ ok: false, failure: { code } });
  });
});

describe('expireSilences', () => {
  const rows: [string, Partial<Silence>, number, number][] = [
    ['not before its time', {}, 4_999, 0],
    ['at its time', {}, 5_000, 1],
    ['long after, as when nothing was running', {}, 900_000, 1],
    ['not one that was ended by hand', { endedAt: 3_000 }, 5_000, 0],
  ];
  it.each(rows)('%s', (_what, more, now, told) => {
    const events = expireSilences([{ ...silence, ...more }], now);
    expect(events).toHaveLength(told);
    if (told > 0) expect(events[0]).toMatchObject({ kind: 'silence-ended', at: 5_000, actor: 'engine', payload: { why: 'time' } });
  });
});

describe('silencedUntil', () => {
  const of = (subjects: string[], until = 5_000): Silence => ({ ...silence, subjects, until });
  const web1 = alertOf(thing('host', 'web1', { site: 'sd' }), { checks: ['web1/http'], consequences: ['db1/http'] });
  const site = alertOf(thing('site', 'sd'), { checks: ['web1/http', 'web2/http'] });
  const far = alertOf(thing('host', 'far1', { site: 'la' }), { checks: ['far1/http'] });
  const rows: [string, typeof web1, Silence[], number | null][] = [
    ['the root itself', web1, [of(['web1'])], 5_000],
    ['the site of the root', web1, [of(['sd'])], 5_000],
    ['an alert of a site, silenced', site, [of(['sd'])], 5_000],
    ['one failed thing of an alert of a site', site, [of(['web2'])], 5_000],
    ['another thing of the site', site, [of(['db1'])], null],
    ['another site', far, [of(['sd'])], null],
    ['a mere consequence', web1, [of(['db1'])], null],
    ['nothing', web1, [], null],
    ['the longest of several', web1, [of(['web1'], 3_000), of(['sd'], 8_000), of(['la'], 9_000)], 8_000],
    ['one that is over', web1, [of(['web1'], 2_000)], null],
    ['one that was ended', web1, [{ ...of(['web1']), endedAt: 1_500 }], null],
  ];
  it.each(rows)('%s', (_what, alert, silences, until) => {
    expect(silencedUntil(alert, silencedSubjects(silences, 2_000), graph)).toBe(until);
  });
  it('knows the thing of an alert that has left the inventory by its own name only', () => {
    const gone = alertOf(thing('host', 'gone', { site: 'sd' }), { checks: ['gone/http'] });
    expect(silencedUntil(gone, silencedSubjects([of(['sd'])], 2_000), graph)).toBeNull();
    expect(silencedUntil(gone, silencedSubjects([of(['gone'])], 2_000), graph)).toBe(5_000);
  });
});

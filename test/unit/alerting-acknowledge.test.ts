import { describe, expect, it } from 'vitest';
import { acknowledge, release } from '../../shared/alerting/acknowledge.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { MINUTE } from '../../shared/time.ts';
import { alertOf, thing } from '../support/story.ts';

const one = alertOf(thing('host', 'web1'), { openSince: 0, escalation: 2 });
const two = alertOf(thing('host', 'web2'));
const over = alertOf(thing('host', 'db1'), { endedAt: 50 });
const takenBy = (by: string, at: number, id = 'db2'): Alert =>
  alertOf(thing('host', id), { acknowledgement: { by, comment: 'mine', at, sticky: true, until: null }, openSince: 7, escalation: 1 });
const sams = takenBy('Sam', 0);
const known = Object.fromEntries(
  [one, two, over, sams, takenBy('Sam', 5 * MINUTE, 'db3'), takenBy('Lee', 9 * MINUTE, 'db4')].map((it) => [it.id, it]),
);
const now = 12 * MINUTE;
const said = { by: 'Kim', comment: 'on it' };

describe('acknowledge', () => {
  it('takes several on, each with its line', () => {
    const done = acknowledge(known, [one.id, two.id, one.id], { by: ' Kim ', comment: ' on it ', sticky: true, until: now + 1 }, now);
    expect(done).toEqual({
      ok: true,
      value: {
        alerts: [one, two].map((it) => ({
          ...it,
          acknowledgement: {
            by: 'Kim',
            comment: 'on it',
            at: now,
            sticky: true,
            until: now + 1,
            scope: { checks: it.checks, severity: it.severity },
          },
          updatedAt: now,
        })),
        events: [one, two].map((it) => ({
          kind: 'acknowledged',
          at: now,
          actor: 'Kim',
          subject: it.subject,
          payload: { alert: it.id, title: it.title, comment: 'on it', sticky: true, until: now + 1, from: null },
        })),
      },
    });
  });
  it('is plain and without an end where nothing else is said', () => {
    const done = acknowledge(new Map([[one.id, one]]), [one.id], said, now);
    expect(done.ok && done.value.alerts[0]?.acknowledgement).toMatchObject({
      by: 'Kim',
      comment: 'on it',
      at: now,
      sticky: false,
      until: null,
    });
  });
  it('takes over where that is meant, and says from whom', () => {
    const done = acknowledge(known, [one.id, sams.id], { ...said, takeOver: true }, now);
    expect(done.ok && done.value.alerts.map((it) => it.acknowledgement?.by)).toEqual(['Kim', 'Kim']);
    expect(done.ok && done.value.events.map((it) => it.kind === 'acknowledged' && it.payload.from)).toEqual([null, 'Sam']);
  });
  it("replaces one's own without being asked", () => {
    const done = acknowledge(known, [sams.id], { by: 'Sam', comment: 'still', until: now + 5 }, now);
    expect(done.ok && done.value.alerts[0]?.acknowledgement).toMatchObject({
      by: 'Sam',
      comment: 'still',
      at: now,
      sticky: false,
      until: now + 5,
    });
    expect(done.ok && done.value.events[0]?.payload).toMatchObject({ from: null });
  });
  it('of two windows at once lets one through', () => {
    const first = acknowledge(known, [one.id], said, now);
    const held = new Map(first.ok ? first.value.alerts.map((it) => [it.id, it]) : []);
    const second = acknowledge(held, [one.id], { by: 'Sam', comment: 'I take it' }, now + 2_000);
    expect(second).toMatchObject({ ok: false, failure: { code: 'already-taken' } });
  });

  const refusals: [string, string[], Parameters<typeof acknowledge>[2], string, RegExp][] = [
    ['one has ended', [one.id, over.id], said, 'alert-gone', /^“db1 is down” has ended meanwhile\. Nothing was acknowledged\.$/],
    ['one is not there', [one.id, 'A-none'], said, 'alert-gone', /no alert A-none/],
    ['a name of the language is asked for', ['__proto__', 'constructor'], said, 'alert-gone', /__proto__ and constructor/],
    ['nobody says it', [one.id], { ...said, by: '  ' }, 'bad-input', /who you are/],
    ['nothing is said', [one.id], { ...said, comment: ' ' }, 'bad-input', /what you do/],
    ['nothing is chosen', [], said, 'bad-input', /[Cc]hoose/],
    ['it would be over at once', [one.id], { ...said, until: now }, 'bad-input', /later time/],
    ['its end is past', [one.id], { ...said, until: now - 1 }, 'bad-input', /later time/],
    ['its end is no time', [one.id], { ...said, until: Number.NaN }, 'bad-input', /later time/],
    [
      'somebody has one of them',
      [one.id, sams.id],
      said,
      'already-taken',
      /^Sam has had “db2 is down” for 12 min\. Nothing was changed, and your text is still there: take it over, or leave it\.$/,
    ],
    [
      'several people have some',
      [sams.id, 'A-db3', 'A-db4'],
      said,
      'already-taken',
      /^Sam has had “db2 is down” and “db3 is down” for 12 min\. Lee has had “db4 is down” for 3 min\. Nothing was changed.*take them over/,
    ],
    ['one has ended and another is taken over', [sams.id, over.id], { ...said, takeOver: true }, 'alert-gone', /db1 is down/],
  ];
  it.each(refusals)('does nothing when %s', (_what, ids, words, code, text) => {
    const done = acknowledge(known, ids, words, now);
    expect(done.ok).toBe(false);
    if (!done.ok) {
      expect(done.failure.code).toBe(code);
      expect(done.failure.text).toMatch(text);
    }
  });
  it('names no more than ten', () => {
    const many = new Map([...Array(500).keys()].map((n) => [`A-h${n}`, takenBy('Sam', 0, `h${n}`)]));
    const done = acknowledge(many, [...many.keys()], said, now);
    expect(!done.ok && done.failure.text).toMatch(/and 490 more for 12 min/);
  });
});

describe('release', () => {
  it('gives it back: escalation begins anew', () => {
    expect(release(known, [sams.id], { by: ' Kim ', comment: ' not mine ' }, now)).toEqual({
      ok: true,
      value: {
        alerts: [{ ...sams, acknowledgement: null, openSince: now, escalation: 0, updatedAt: now }],
        events: [
          {
            kind: 'released',
            at: now,
            actor: 'Kim',
            subject: sams.subject,
            payload: { alert: sams.id, title: sams.title, comment: 'not mine' },
          },
        ],
      },
    });
  });
  const refusals: [string, string[], Parameters<typeof release>[2], string, RegExp][] = [
    ['nobody has it', [sams.id, one.id], said, 'not-taken', /^Nobody has “web1 is down”\. Nothing was given back\.$/],
    ['it has ended', [over.id], said, 'alert-gone', /has ended meanwhile\. Nothing was given back/],
    ['it is not there', ['A-none'], said, 'alert-gone', /no alert A-none/],
    ['nobody says it', [sams.id], { ...said, by: '' }, 'bad-input', /who you are/],
    ['nothing is said', [sams.id], { ...said, comment: '' }, 'bad-input', /Say why/],
    ['nothing is chosen', [], said, 'bad-input', /[Cc]hoose/],
  ];
  it.each(refusals)('does nothing when %s', (_what, ids, words, code, text) => {
    const done = release(known, ids, words, now);
    expect(done).toMatchObject({ ok: false, failure: { code, text: expect.stringMatching(text) } });
  });
});

import { describe, expect, it } from 'vitest';
import { incidentFacts } from '../../shared/incident/facts.ts';
import type { Spell } from '../../shared/incident/spells.ts';
import { merge, overlap, sumOf, without } from '../../shared/incident/stretches.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { mailCannotBeRead, upstreamDropsPrefixes, webServerDoesNotComeBack } from '../support/draft-cases.ts';
import { alertLines, alertOf, check, outage, story, thing, verdict } from '../support/story.ts';

describe('facts of real kinds of outages', () => {
  it('a web server that does not come back after its routine', () => {
    const input = webServerDoesNotComeBack();
    const begin = input.from + 10 * MINUTE;
    const facts = incidentFacts(input);
    expect(facts.firstSymptom).toMatchObject({ at: begin, check: 'web1/http', text: 'connection refused on port 443' });
    expect(input.events.find((event) => event.id === facts.firstSymptom?.evidence[0])?.kind).toBe('soft');
    expect(facts.detection?.at).toBe(begin + 20 * SECOND);
    expect(facts.acknowledgement).toMatchObject({ by: 'Kim', afterMs: 92 * SECOND });
    expect(facts.recovery?.at).toBe(begin + 41 * MINUTE + 5 * SECOND);
    expect(facts.lastedMs).toBe(41 * MINUTE + 5 * SECOND);
    expect([facts.failedChecks, facts.watched]).toEqual([['web1/http', 'web1/https', 'web-sites/http'], 8]);
    expect(facts.spells.map((spell) => spell.end)).toEqual(['recovered', 'recovered', 'recovered']);
    expect([facts.open, facts.closed, facts.elsewhere, facts.gaps]).toEqual([[], [], [], []]);
  });
  it('an upstream that drops prefixes while its circuit is well, still open', () => {
    const input = upstreamDropsPrefixes();
    const facts = incidentFacts(input);
    expect(facts.firstSymptom?.at).toBe(input.from + 10 * MINUTE);
    expect([facts.acknowledgement, facts.recovery]).toEqual([null, null]);
    expect(facts.open.map((alert) => alert.subject.id)).toEqual(['range-13', 'range-14', 'range-15']);
    expect([facts.failedChecks.length, facts.watched, facts.lastedMs]).toEqual([9, 17, 120 * MINUTE]);
    expect(facts.spells.every((spell) => spell.to === null && spell.end === 'open')).toBe(true);
  });
  it('mail that cannot be read while delivery works', () => {
    const facts = incidentFacts(mailCannotBeRead());
    expect(facts.failedChecks).toEqual(['mail-sd/imap-login', 'mail-sd/pop3-login']);
    expect([facts.lastedMs, facts.watched]).toEqual([180 * MINUTE, 5]);
  });
});

describe('facts at the edges', () => {
  const web1 = thing('host', 'web1');
  const web2 = thing('host', 'web2');
  const http = check(web1, 'http');
  const other = check(web2, 'http');
  const down = verdict('down', 'refused', 'connection refused');
  const base = { subjects: [web1, web2], plans: [http, other], from: 100 * MINUTE, to: 200 * MINUTE };
  const hardLine = (at: number, from: 'ok' | 'degraded' | 'down', to: 'ok' | 'degraded' | 'down'): EventDraft => ({
    at,
    kind: 'hard',
    subject: http.subject,
    actor: 'engine',
    payload: { check: http.id, from, to, firstAt: at, verdict: verdict(to, to, `now ${to}`) },
  });
  const spansOf = (spells: Spell[]) =>
    spells.map(({ level, from, to, end }) => [level, from / MINUTE, to === null ? null : to / MINUTE, end]);

  it('knows a problem that began before the events from its alert', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 10 * MINUTE, raisedAt: 11 * MINUTE });
    const facts = incidentFacts(story({ ...base, alerts: [alert], lines: [] }));
    expect(spansOf(facts.spells)).toEqual([['down', 10, null, 'open']]);
    expect(facts.detection?.evidence).toEqual(['alert:A-web1']);
    expect(facts.firstSymptom).toMatchObject({ at: 10 * MINUTE, evidence: ['alert:A-web1'] });
  });
  it('knows its recovery when only that lies in the range', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 10 * MINUTE, raisedAt: 11 * MINUTE, endedAt: 150 * MINUTE });
    const facts = incidentFacts(story({ ...base, alerts: [alert], lines: [hardLine(150 * MINUTE, 'down', 'ok')] }));
    expect(spansOf(facts.spells)).toEqual([['down', 10, 150, 'recovered']]);
    expect(facts.recovery).toEqual({ at: 150 * MINUTE, evidence: ['alert:A-web1'] });
  });
  it('cuts a problem that changes its level into spells that touch', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 110 * MINUTE, raisedAt: 110 * MINUTE, endedAt: 140 * MINUTE });
    const lines = [
      hardLine(110 * MINUTE, 'ok', 'degraded'),
      hardLine(120 * MINUTE, 'degraded', 'down'),
      hardLine(140 * MINUTE, 'down', 'ok'),
    ];
    expect(spansOf(incidentFacts(story({ ...base, alerts: [alert], lines })).spells)).toEqual([
      ['degraded', 110, 120, 'changed'],
      ['down', 120, 140, 'recovered'],
    ]);
  });
  it('takes an alert that ended after the range as open in it', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 110 * MINUTE, raisedAt: 111 * MINUTE, endedAt: 300 * MINUTE });
    const facts = incidentFacts(
      story({ ...base, alerts: [alert], lines: [...outage(http, 110 * MINUTE, null, down), ...alertLines(alert)] }),
    );
    expect([facts.recovery, facts.open.length, facts.lastedMs]).toEqual([null, 1, 90 * MINUTE]);
  });
  it('tells closed from recovered', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 110 * MINUTE, raisedAt: 111 * MINUTE, endedAt: 130 * MINUTE });
    const closing: EventDraft = {
      at: 130 * MINUTE,
      kind: 'alert-closed',
      subject: alert.subject,
      actor: 'engine',
      payload: { alert: alert.id, title: alert.title, why: 'it is no longer in the inventory' },
    };
    const facts = incidentFacts(
      story({ ...base, subjects: [web2], plans: [other], alerts: [alert], lines: [...outage(http, 110 * MINUTE, null, down), closing] }),
    );
    expect(spansOf(facts.spells)).toEqual([['down', 110, 130, 'closed']]);
    expect(facts.closed[0]?.why).toBe('it is no longer in the inventory');
    expect(facts.watched).toBe(2);
  });
  it('keeps what failed elsewhere apart', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 110 * MINUTE, raisedAt: 111 * MINUTE, endedAt: 130 * MINUTE });
    const facts = incidentFacts(
      story({
        ...base,
        alerts: [alert],
        lines: [...outage(http, 110 * MINUTE, 130 * MINUTE, down), ...outage(other, 112 * MINUTE, 125 * MINUTE, down)],
      }),
    );
    expect(facts.failedChecks).toEqual([http.id]);
    expect(facts.elsewhere.map((spell) => spell.check)).toEqual([other.id]);
  });
  it('finds no symptom in a failure that was over before the range', () => {
    const facts = incidentFacts(story({ ...base, lines: outage(http, 50 * MINUTE, 60 * MINUTE, down) }));
    expect([facts.spells, facts.elsewhere, facts.detection, facts.lastedMs]).toEqual([[], [], null, 100 * MINUTE]);
  });
  it('names what was not watched', () => {
    const lines: EventDraft[] = [
      {
        at: 120 * MINUTE,
        kind: 'gap',
        subject: null,
        actor: 'engine',
        payload: { from: 110 * MINUTE, to: 120 * MINUTE, cause: 'asleep-or-frozen' },
      },
      { at: 130 * MINUTE, kind: 'engine-crashed', subject: null, actor: 'desk', payload: { exit: 'signal 9' } },
      {
        at: 50 * MINUTE,
        kind: 'gap',
        subject: null,
        actor: 'engine',
        payload: { from: 40 * MINUTE, to: 50 * MINUTE, cause: 'not-running' },
      },
    ];
    expect(incidentFacts(story({ ...base, lines })).gaps.map(({ at, to, crashed }) => [at / MINUTE, to / MINUTE, crashed])).toEqual([
      [110, 120, false],
      [130, 130, true],
    ]);
  });
});

describe('stretches of time', () => {
  const at = (from: number, to: number | null) => ({ from, to, evidence: [`${from}`] });
  const bare = (all: { from: number; to: number | null }[]) => all.map(({ from, to }) => [from, to]);
  it('merge', () => {
    expect(bare(merge([at(5, 6), at(1, 3), at(3, 4), at(6, null), at(9, 10)]))).toEqual([
      [1, 4],
      [5, null],
    ]);
    expect(merge([])).toEqual([]);
  });
  it('overlap', () => {
    expect(bare(overlap([at(1, 4), at(8, null)], [at(2, 9)]))).toEqual([
      [2, 4],
      [8, 9],
    ]);
    expect(bare(overlap([at(1, null)], [at(3, null)]))).toEqual([[3, null]]);
    expect(overlap([at(1, 2)], [at(2, 3)])).toEqual([]);
  });
  const table: [string, [number, number | null][], [number, number | null][], [number, number | null][], number][] = [
    ['nothing taken away', [[1, 4]], [[5, 6]], [[1, 4]], 3],
    [
      'the middle',
      [[1, 10]],
      [[4, 6]],
      [
        [1, 4],
        [6, 10],
      ],
      7,
    ],
    [
      'the beginning and the end',
      [[1, 10]],
      [
        [0, 2],
        [9, 12],
      ],
      [[2, 9]],
      7,
    ],
    ['all of it', [[1, 10]], [[1, 10]], [], 0],
    ['what is not over lasts until the end', [[1, null]], [[5, null]], [[1, 5]], 4],
    [
      'several at once',
      [
        [1, 3],
        [5, 7],
        [9, null],
      ],
      [[2, 6]],
      [
        [1, 2],
        [6, 7],
        [9, null],
      ],
      13,
    ],
  ];
  it.each(table)('without: %s', (_what, of, others, left, ms) => {
    const rest = without(
      of.map(([a, b]) => at(a, b)),
      others.map(([a, b]) => at(a, b)),
      20,
    );
    expect(bare(rest)).toEqual(left);
    expect(sumOf(rest, 20)).toBe(ms);
  });
});

/** What the drills brought to light: parts that come back earlier, work that is called done after its overrun, legs that stand for their entry. */
import { describe, expect, it } from 'vitest';
import type { DraftInput } from '../../shared/incident/input.ts';
import { isSilent } from '../../shared/incident/report/silent.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { incidentOf, windowOf } from '../support/report-cases.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from '../support/story.ts';

const T = Date.parse('2026-11-15T12:00:00Z');
const down = verdict('down', 'timeout', 'no answer');
const dns = thing('service', 'dns', { name: 'DNS' });
const ns1 = check(dns, 'dns', 'ns1');
const ns2 = check(dns, 'dns', 'ns2');
const end = T + 6 * HOUR;
const alert = alertOf(dns, { title: 'DNS fails', checks: [ns1.id, ns2.id], firstAt: T, raisedAt: T + MINUTE, endedAt: T + 4 * HOUR });

function facts(more: Partial<DraftInput> & { lines: EventDraft[] }) {
  return reportFacts(
    story({
      from: T - HOUR,
      to: end,
      now: end,
      incident: incidentOf({ openedAt: T + 2 * MINUTE, alerts: [alert.id], resolvedAt: end }),
      alerts: [alert],
      subjects: [dns],
      plans: [ns1, ns2],
      coverage: { [ns1.id]: coverage(900, 500), [ns2.id]: coverage(900, 500) },
      ...more,
    }),
  );
}

describe('a part that comes back before the rest', () => {
  it.each<[string, number, number | null, number | null]>([
    ['hours earlier', 3 * HOUR, 4 * HOUR, 3 * HOUR],
    ['while the rest is still out', 3 * HOUR, null, 3 * HOUR],
    ['a minute earlier: at once', 4 * HOUR - MINUTE, 4 * HOUR, null],
  ])('%s', (_, first, last, expected) => {
    const over = last === null ? null : T + last;
    const it = { ...alert, endedAt: over };
    const lines = [...outage(ns1, T, T + first, down), ...outage(ns2, T, over, down), ...alertLines(it)];
    expect(facts({ alerts: [it], lines }).affected[0]?.partlyFrom).toBe(expected === null ? null : T + expected);
  });

  it('is none where not all of it was gone', () => {
    const own = { ...alert, checks: [ns2.id] };
    const lines = [...outage(ns2, T, T + 4 * HOUR, down), ...alertLines(own)];
    expect(facts({ alerts: [own], lines }).affected[0]).toMatchObject({ how: 'partly', partlyFrom: null });
  });
});

describe('planned work that overran and was then called done', () => {
  const work = windowOf({ id: 'W', name: 'Upgrade', from: T - 10 * MINUTE, to: T + HOUR, affects: ['dns'] });
  const engine = { subject: null, actor: 'engine' } as const;
  const ended = (at: number, how: 'time' | 'finished', actor: string): EventDraft => ({
    at,
    subject: null,
    actor,
    kind: 'maintenance-ended',
    payload: { window: 'W', name: 'Upgrade', how, lastedMs: at - (T - 10 * MINUTE), reason: how === 'time' ? '' : 'done' },
  });
  const raised = { ...alert, raisedAt: T + HOUR };
  const it_ = facts({
    windows: [work],
    alerts: [raised],
    lines: [
      {
        ...engine,
        at: T - 10 * MINUTE,
        kind: 'maintenance-started',
        payload: { window: 'W', name: 'Upgrade', to: T + HOUR, affects: ['dns'] },
      },
      ...outage(ns1, T, T + 4 * HOUR, down),
      ...outage(ns2, T, T + 4 * HOUR, down),
      ended(T + HOUR, 'time', 'engine'),
      { ...engine, at: T + HOUR, kind: 'maintenance-overrun', payload: { window: 'W', name: 'Upgrade', subjects: ['dns'] } },
      ...alertLines(raised),
      ended(T + 4 * HOUR + MINUTE, 'finished', 'Kim'),
    ],
  });

  it('is one piece of work, and its overrun is not planned', () => {
    expect(it_.work).toMatchObject([{ plannedTo: T + HOUR, to: T + 4 * HOUR, overrunMs: 3 * HOUR, how: 'done' }]);
    expect(it_.affected[0]?.plannedMs).toBe(HOUR);
  });

  it('had to be noticed from its planned end on, not before', () => {
    expect(it_.firstSymptom).toMatchObject({ at: T, planned: 'Upgrade', dueBackAt: T + HOUR });
    expect(it_.durations.toDetectMs).toBe(0);
  });
});

describe('a mail entry behind something that failed', () => {
  const server = thing('host', 'mail1');
  const ping = check(server, 'icmp');
  const entry = thing('mail', 'mail', { name: 'mail', hosts: ['mail1'], dependsOn: [['mail1']] });
  const leg = thing('mail', 'mail.reading', { dependsOn: [['mail1']], leg: { entry: 'mail', domain: 'example.net', leg: 'reading' } });
  const imap = check(leg, 'imap');
  const own = alertOf(server, {
    title: 'mail1 is down',
    checks: [ping.id],
    consequences: [imap.id],
    firstAt: T,
    raisedAt: T + MINUTE,
    endedAt: T + 4 * HOUR,
  });
  const lines = [...outage(ping, T, T + 4 * HOUR, down), ...outage(imap, T, T + 4 * HOUR + MINUTE, down), ...alertLines(own)];
  const it_ = facts({ alerts: [own], subjects: [server, entry, leg], plans: [ping, imap], coverage: {}, lines });

  it('is told by its legs', () => {
    expect(it_.affected.map(({ id }) => id).sort()).toEqual(['mail.reading', 'mail1']);
    expect([...it_.notAffected, ...it_.notKnown].map(({ id }) => id)).toEqual([]);
  });

  it('is over with the last result that saw it so', () => {
    expect(it_.recovery?.at).toBe(T + 4 * HOUR + MINUTE);
  });
});

it.each<[string, boolean]>([
  ['timeout', true],
  ['refused', true],
  ['', true],
  ['status', false],
  ['text-missing', false],
  ['login-refused', false],
])('whether %j says that nothing answered: %s', (reason, expected) => {
  expect(isSilent(reason)).toBe(expected);
});

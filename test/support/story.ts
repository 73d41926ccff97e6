/** Small builders for tests of the words: a few subjects, checks, states, and a night of events. */
import type { CheckState } from '../../shared/health/step.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { Coverage } from '../../shared/model/coverage.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { Level, SubjectKind, Verdict } from '../../shared/model/words.ts';
import { plannedCheck, subject } from './plans.ts';

export const thing = (kind: SubjectKind, id: string, more: Partial<Subject> = {}): Subject =>
  subject({ kind, id, audience: more.name ?? id, ...more });

/** A check of a subject: `check(web1, 'http')`, or with a name of its own `check(mail1, 'tcp', 'imap-login')`. */
export const check = (of: Subject, type: PlannedCheck['type'], name: string = type, more: Partial<PlannedCheck> = {}): PlannedCheck =>
  plannedCheck({ id: `${of.id}/${name}`, type, name, subject: { kind: of.kind, id: of.id }, target: `${of.id} ${name}`, ...more });

export const verdict = (state: Level, reason: string = state, text: string = reason): Verdict => ({ state, reason, text });

/** A hard state since a moment. */
export const hard = (of: Verdict, since = 0): CheckState => ({
  hard: of.state,
  since,
  soft: null,
  verdict: of,
  at: since,
  staleSince: null,
  history: '',
  flapping: null,
});
export const okState = hard(verdict('ok', 'ok', 'answers'));
export const stale = (state: CheckState, since: number): CheckState => ({ ...state, soft: null, staleSince: since });

export const coverage = (n: number, ok = n, longestGapMs = 31_000): Coverage => ({
  n,
  ok,
  degraded: 0,
  down: n - ok,
  unknown: 0,
  longestGapMs,
});

export const alertOf = (of: Subject, more: Partial<Alert> = {}): Alert => ({
  id: `A-${of.id}`,
  subject: { kind: of.kind, id: of.id },
  severity: 'down',
  title: `${of.name} is down`,
  text: '',
  checks: [],
  consequences: [],
  related: [],
  firstAt: 0,
  raisedAt: 0,
  updatedAt: 0,
  acknowledgement: null,
  openSince: null,
  escalation: 0,
  silencedUntil: null,
  endedAt: null,
  ...more,
});

/** Gives events the ids that a store would: ascending, in the order written. */
export const written = (drafts: EventDraft[]): NightEvent[] =>
  drafts.map((draft, index) => ({ ...draft, id: `E${String(index + 1).padStart(5, '0')}` }) as NightEvent);

/** The lines that a check leaves when it fails and comes back, as the engine writes them (20 s between attempts). */
export function outage(plan: PlannedCheck, from: number, to: number | null, seen: Verdict): EventDraft[] {
  const head = { subject: plan.subject, actor: 'engine' } as const;
  const level = seen.state as 'down';
  return [
    { ...head, at: from, kind: 'soft', payload: { check: plan.id, level, attempt: 1, of: 3, verdict: seen } },
    { ...head, at: from + 10_000, kind: 'soft', payload: { check: plan.id, level, attempt: 2, of: 3, verdict: seen } },
    { ...head, at: from + 20_000, kind: 'hard', payload: { check: plan.id, from: 'ok', to: level, firstAt: from, verdict: seen } },
    ...(to === null
      ? []
      : [
          {
            ...head,
            at: to,
            kind: 'hard',
            payload: { check: plan.id, from: level, to: 'ok', firstAt: to, verdict: verdict('ok', 'ok', 'answers') },
          } as const,
        ]),
  ];
}
/** The lines of an alert over that time. */
export function alertLines(alert: Alert): EventDraft[] {
  const head = { subject: alert.subject, actor: 'engine' } as const;
  const { id, title } = alert;
  return [
    {
      ...head,
      at: alert.raisedAt,
      kind: 'alert-raised',
      payload: { alert: id, title, severity: alert.severity, checks: alert.checks, consequences: alert.consequences.length },
    },
    ...(alert.acknowledgement
      ? [
          {
            ...head,
            at: alert.acknowledgement.at,
            actor: alert.acknowledgement.by,
            kind: 'acknowledged',
            payload: { alert: id, title, comment: alert.acknowledgement.comment, sticky: false, until: null, from: null },
          } as const,
        ]
      : []),
    ...(alert.endedAt === null
      ? []
      : [
          {
            ...head,
            at: alert.endedAt,
            kind: 'alert-recovered',
            payload: { alert: id, title, lastedMs: alert.endedAt - alert.firstAt },
          } as const,
        ]),
  ];
}

/** A draft's input around some alerts and events; events are put in order. */
export function story(part: Partial<Omit<DraftInput, 'events'>> & { lines: EventDraft[] }): DraftInput {
  const { lines, ...rest } = part;
  return {
    organization: { name: 'Example Hosting' },
    zone: 'UTC',
    from: 0,
    to: 3_600_000,
    now: rest.to ?? 3_600_000,
    title: null,
    alerts: [],
    subjects: [],
    plans: [],
    coverage: {},
    ...rest,
    events: written(lines.toSorted((a, b) => a.at - b.at)),
  };
}

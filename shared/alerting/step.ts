/**
 * Decides on the alert of one subject. Stages in a visible list, each of which adds to the decision and says why; grouping by root
 * cause, silences and escalation take their place in that list later.
 */
import type { CheckState } from '../health/step.ts';
import type { Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { severityOf } from '../model/words.ts';
import { listOf } from '../text.ts';
import { checkLabel } from './names.ts';
import { type Member, type Severity, severityOfMembers, textOfAlert, titleOf } from './words.ts';

export { acknowledge } from './acknowledge.ts';

export interface AlertInput {
  subject: Subject;
  /** The name of the subject's site, for titles such as "Cox at San Diego"; the site's id where left out. */
  siteName?: string;
  /** Every check of the subject. */
  checks: { plan: PlannedCheck; state: CheckState }[];
  /** The subject's open alert. */
  open: Alert | null;
  /** Epoch ms. */
  now: number;
  newId(): string;
}

/** What the stages have decided so far. */
interface Work {
  input: AlertInput;
  open: Alert | null;
  members: Member[];
  joined: string[];
  left: string[];
  life: 'none' | 'raise' | 'keep' | 'recover' | 'close';
  alert: Alert | null;
  events: EventDraft[];
}
type Stage = (work: Work) => { work: Work; reason: string };

/** Why a stage decided as it did: for the log, and for tests. */
export interface Decision {
  stage: StageName;
  reason: string;
}
export interface AlertStep {
  /** The alert as it is now (its very object where nothing changed), ended ones included; null where there is none. */
  alert: Alert | null;
  events: EventDraft[];
  decisions: Decision[];
}

/** Which checks belong into the alert: hard problems, and those in it of which nothing fresh is known. */
const scope: Stage = (work) => {
  const { checks } = work.input;
  const had = new Set(work.open?.checks ?? []);
  const members = checks.flatMap(({ plan, state }): Member[] => {
    const fresh = state.staleSince === null && state.hard !== 'pending';
    const problem = state.hard === 'ok' || state.hard === 'pending' ? null : state.hard;
    if (fresh) return problem ? [{ plan, level: problem, verdict: state.verdict, fresh }] : [];
    // No news is neither good nor bad: it takes nothing in and lets nothing go.
    return had.has(plan.id) ? [{ plan, level: problem ?? 'unknown', verdict: state.verdict, fresh }] : [];
  });
  const ids = new Set(members.map((it) => it.plan.id));
  const joined = [...ids].filter((id) => !had.has(id));
  const left = [...had].filter((id) => !ids.has(id));
  const held = members.filter((it) => !it.fresh).length;
  const reason = `${members.length} of ${checks.length} checks are hard and not ok${held > 0 ? `, ${held} of them held without fresh data` : ''}`;
  return { work: { ...work, members, joined, left }, reason };
};

/** Whether an alert begins, goes on or ends. */
const life: Stage = (work) => {
  const { open, members, input } = work;
  if (members.length > 0)
    return open
      ? { work: { ...work, life: 'keep' }, reason: 'some problem is left' }
      : { work: { ...work, life: 'raise' }, reason: 'the first hard problem' };
  if (!open) return { work: { ...work, life: 'none' }, reason: 'nothing is wrong' };
  const known = input.checks.some(({ plan }) => open.checks.includes(plan.id));
  return known
    ? { work: { ...work, life: 'recover' }, reason: 'every check of it is ok again' }
    : { work: { ...work, life: 'close' }, reason: 'none of its checks is watched any more' };
};

/** Makes the alert and tells what changed of it. */
const record: Stage = (work) => {
  const { input, open, members, joined, left } = work;
  const { now } = input;
  if (work.life === 'none') return { work, reason: 'nothing to record' };
  if (open && (work.life === 'recover' || work.life === 'close')) {
    const ended = work.life === 'recover' ? recoverAlert(open, now) : closeAlert(open, 'its checks are no longer in the inventory', now);
    return {
      work: { ...work, alert: ended.alert, events: [...work.events, ...ended.events] },
      reason: work.life === 'recover' ? 'recovered' : 'closed',
    };
  }
  const severity = severityOfMembers(members);
  const situation = {
    subject: input.subject,
    siteName: input.siteName ?? input.subject.site,
    members,
    working: input.checks
      .filter(({ state }) => state.hard === 'ok' && state.staleSince === null && state.soft === null)
      .map(({ plan }) => plan),
    total: input.checks.length,
  };
  const words = { severity, title: titleOf(situation), text: textOfAlert(situation), checks: members.map((it) => it.plan.id).sort() };
  const symptoms = input.checks.flatMap(({ plan, state }) =>
    words.checks.includes(plan.id) && state.hard !== 'ok' && state.hard !== 'pending' ? [state.since] : [],
  );
  const firstAt = Math.min(now, open?.firstAt ?? now, ...symptoms);
  const about = { at: now, subject: { kind: input.subject.kind, id: input.subject.id }, actor: 'engine' };
  if (!open) {
    const alert: Alert = {
      id: input.newId(),
      subject: about.subject,
      ...words,
      firstAt,
      raisedAt: now,
      updatedAt: now,
      acknowledgement: null,
      endedAt: null,
    };
    const event: EventDraft = {
      ...about,
      kind: 'alert-raised',
      payload: { alert: alert.id, title: alert.title, severity, checks: alert.checks },
    };
    return { work: { ...work, alert, events: [...work.events, event] }, reason: `raised as ${severity}` };
  }
  const scopeChanged = joined.length + left.length > 0 || severity !== open.severity;
  if (!scopeChanged && words.title === open.title && words.text === open.text)
    return { work: { ...work, alert: open }, reason: 'nothing changed' };
  const alert: Alert = { ...open, ...words, firstAt, updatedAt: now };
  if (!scopeChanged) return { work: { ...work, alert }, reason: 'only its words changed' };
  const event: EventDraft = { ...about, kind: 'alert-updated', payload: { alert: alert.id, title: alert.title, severity, joined, left } };
  return {
    work: { ...work, alert, events: [...work.events, event] },
    reason: `${joined.length} joined, ${left.length} left, ${open.severity} → ${severity}`,
  };
};

/** "I am on it" was said of less than what is wrong now: it has to be said again. */
const acknowledgement: Stage = (work) => {
  const { alert, open, input } = work;
  if (!alert || !open?.acknowledgement || work.life !== 'keep') return { work, reason: 'nothing to clear' };
  const worse = severityOf(alert.severity) > severityOf(open.severity);
  if (work.joined.length === 0 && !worse) return { work, reason: `kept: ${open.acknowledgement.by} has it and it did not grow` };
  const names = input.checks.filter(({ plan }) => work.joined.includes(plan.id)).map(({ plan }) => checkLabel(plan));
  const why = [
    ...(names.length > 0 ? [`${listOf(names)} joined`] : []),
    ...(worse ? [`it went from ${levelWord[open.severity]} to ${levelWord[alert.severity]}`] : []),
  ].join(' and ');
  const event: EventDraft = {
    at: input.now,
    subject: alert.subject,
    actor: 'engine',
    kind: 'acknowledgement-cleared',
    payload: { alert: alert.id, title: alert.title, why },
  };
  return { work: { ...work, alert: { ...alert, acknowledgement: null }, events: [...work.events, event] }, reason: `cleared: ${why}` };
};

const levelWord: Record<Severity, string> = { degraded: 'degraded', down: 'down', unknown: 'not known' };

/** In this order. Grouping by root cause comes after `scope`, silences and escalation after `acknowledgement`. */
export const stages = { scope, life, record, acknowledgement } as const satisfies Record<string, Stage>;
export type StageName = keyof typeof stages;

/** Takes the alert of one subject a step on. Call it whenever a hard state or staleness of one of its checks changed. */
export function stepAlert(input: AlertInput): AlertStep {
  const open = input.open?.endedAt === null ? input.open : null;
  let work: Work = { input, open, members: [], joined: [], left: [], life: 'none', alert: null, events: [] };
  const decisions: Decision[] = [];
  for (const [stage, decide] of Object.entries(stages) as [StageName, Stage][]) {
    const decided = decide(work);
    work = decided.work;
    decisions.push({ stage, reason: decided.reason });
  }
  return { alert: work.alert, events: work.events, decisions };
}

/** Ends an alert whose checks are all ok again. */
function recoverAlert(alert: Alert, now: number): { alert: Alert; events: EventDraft[] } {
  const payload = { alert: alert.id, title: alert.title, lastedMs: Math.max(0, now - alert.firstAt) };
  return {
    alert: { ...alert, endedAt: now, updatedAt: now },
    events: [{ at: now, subject: alert.subject, actor: 'engine', kind: 'alert-recovered', payload }],
  };
}

/**
 * Ends an alert of which nobody can say whether it recovered, as its subject or checks left the inventory.
 * @param why as it follows "closed:", such as "it is no longer in the inventory"
 */
export function closeAlert(alert: Alert, why: string, now: number): { alert: Alert; events: EventDraft[] } {
  const payload = { alert: alert.id, title: alert.title, why };
  return {
    alert: { ...alert, endedAt: now, updatedAt: now },
    events: [{ at: now, subject: alert.subject, actor: 'engine', kind: 'alert-closed', payload }],
  };
}

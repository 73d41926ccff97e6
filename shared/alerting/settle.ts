/**
 * Decides on all alerts together, from all problems of this moment. Stages in a visible list, each of which adds to the work and says
 * why. Pure: called with the same problems again, it changes nothing.
 */
import type { Acknowledgement, Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import { severityOf } from '../model/words.ts';
import { clean, count, listOf } from '../text.ts';
import { openAgain } from './acknowledge.ts';
import { deskOffline } from './desk-offline.ts';
import { adopt, consequences, gather, sameSiteAndMinute, sameSubject } from './grouping.ts';
import type { Severity } from './members.ts';
import { checkLabel, subjectIdOf } from './names.ts';
import { end, record } from './record.ts';
import { living, scope } from './scope.ts';
import { silencedSubjects, silencedUntil } from './silence.ts';
import type { Decision, Group, SettleInput, Work } from './work.ts';

export type { SettleInput } from './work.ts';

/** Writes what it decides into the work. @returns why */
type Stage = (work: Work) => string;

/** "I am on it" was said of something else than what is wrong now, or only for a while: it has to be said again. */
function acknowledgement(work: Work): string {
  const { now } = work.input;
  let cleared = 0;
  for (const group of living(work.groups)) {
    const { open, alert } = group;
    const ack = open?.acknowledgement;
    if (!open || !alert || !ack) continue;
    const why = ack.until !== null && ack.until <= now ? 'its time ran out' : whyCleared(work, group, open, alert, ack);
    if (why === null) continue;
    cleared += 1;
    group.alert = openAgain(alert, now);
    work.changed.add(group);
    work.events.push({
      at: now,
      subject: alert.subject,
      actor: 'engine',
      kind: 'acknowledgement-cleared',
      payload: { alert: alert.id, title: alert.title, why },
    });
    work.decisions.push({ stage: 'acknowledgement', alert: alert.id, reason: `cleared: ${why}` });
  }
  return `${cleared} cleared`;
}

/**
 * A scope that grew or got worse than it was when it was taken clears any; a plain one ends with any change of what is still wrong. What recovers leaves quietly: in
 * Nagios each check has an acknowledgement of its own, and calling somebody who is at work because half of it works again helps nobody.
 */
function whyCleared(work: Work, group: Group, open: Alert, alert: Alert, { sticky, scope }: Acknowledgement): string | null {
  const had = new Set([...open.checks, ...(scope?.checks ?? [])]);
  const joined = alert.checks.filter((id) => !had.has(id));
  // What turned out to be a mere consequence of the same alert is still in it.
  const left = open.checks.filter((id) => !group.roots.has(id) && !group.consequences.has(id));
  const worse = severityOf(alert.severity) > Math.max(severityOf(open.severity), scope ? severityOf(scope.severity) : 0);
  const changed = `it went from ${levelWord[open.severity]} to ${levelWord[alert.severity]}`;
  if (joined.length > 0 || worse)
    return [...(joined.length > 0 ? [`${namesOf(work, open, alert, joined)} joined`] : []), ...(worse ? [changed] : [])].join(' and ');
  if (sticky) return null;
  return alert.severity === open.severity || left.length > 0 ? null : changed;
}

const levelWord: Record<Severity, string> = { degraded: 'degraded', down: 'down', unknown: 'not known' };

/** Checks of a subject that was and is in it by what they check, others by subject. */
function namesOf({ input }: Work, open: Alert, alert: Alert, checks: readonly string[]): string {
  const ids = [...new Set(checks.map(subjectIdOf))];
  const [only] = ids;
  const isIn = (it: Alert): boolean => it.checks.some((id) => subjectIdOf(id) === only);
  if (ids.length !== 1 || only === undefined || !isIn(open) || !isIn(alert))
    return listOf(ids.map((id) => clean(input.graph.subject(id)?.name ?? id, 120)));
  const labels = new Map(input.checksOf(only).map(({ plan }) => [plan.id, checkLabel(plan)]));
  return listOf(checks.map((id) => labels.get(id) ?? id));
}

/** Nobody is told of it for a while; what is shown does not change. */
function silences(work: Work): string {
  const { input } = work;
  const silenced = silencedSubjects(input.silences, input.now);
  let silent = 0;
  for (const group of living(work.groups)) {
    const { alert } = group;
    if (!alert) continue;
    const until = silencedUntil(alert, silenced, input.graph);
    if (until !== null) silent += 1;
    if (until === alert.silencedUntil) continue;
    group.alert = { ...alert, silencedUntil: until, updatedAt: input.now };
    work.changed.add(group);
  }
  return `${count(silent, 'alert')} silenced`;
}

/** In this order. Escalation is counted where people are told (shared/notify). */
export const stages = {
  deskOffline,
  scope,
  sameSubject,
  adopt,
  sameSiteAndMinute,
  gather,
  consequences,
  record,
  end,
  acknowledgement,
  silences,
} as const satisfies Record<string, Stage>;

/**
 * Takes all alerts a step on. Call it whenever a problem, a cover, a silence or the plan changed, and when an acknowledgement or a
 * silence may have run out.
 * @returns changed, new and ended alerts only; what is told of them; and why
 */
export function settle(input: SettleInput): { alerts: Alert[]; events: EventDraft[]; decisions: Decision[] } {
  const work: Work = {
    input,
    problems: new Map(input.problems.map((it) => [it.plan.id, it])),
    groups: [],
    rootOf: new Map(),
    consequenceOf: new Map(),
    unplaced: new Map(),
    behind: [],
    changed: new Set(),
    events: [],
    decisions: [],
  };
  for (const [stage, decide] of Object.entries(stages) as [string, Stage][]) {
    const reason = decide(work);
    work.decisions.push({ stage, alert: null, reason });
  }
  return { alerts: [...work.changed].flatMap((it) => it.alert ?? []), events: work.events, decisions: work.decisions };
}

/** The sentence on top of every screen: what is broken and what is not, how long, and who has it. */
import { capital, checkLabel, checkOnSubject } from './alerting/names.ts';
import { worksSentence } from './alerting/words.ts';
import type { CheckState } from './health/step.ts';
import type { DeskLive, LiveTables } from './live.ts';
import type { Alert } from './model/alert.ts';
import type { PlannedCheck } from './model/plan.ts';
import { type Group, groupOf, groups, type Standing, severityOf } from './model/words.ts';
import { clean, count, listOf } from './text.ts';
import { humanDuration, SECOND } from './time.ts';

export interface Headline {
  standing: Standing;
  title: string;
  /** When it began, epoch ms; null where that has no meaning. */
  since: number | null;
  /** What is known to work meanwhile: "Ping and SSH answer, links and mail are fine". */
  works: string | null;
  /** Who has acknowledged it; null = nobody. Only alerts can be taken. */
  takenBy: string | null;
  /** Other open alerts. */
  more: number;
  /** Checks whose newest result was bad but is not hard yet. */
  retrying: number;
  /** What the sentence is about. */
  about: 'engine' | 'alert' | 'check' | 'data' | 'desk' | 'waiting' | 'nothing' | 'quiet';
}

/** The engine's beat comes every few seconds; after this it must be frozen or gone. */
export const silentAfterMs = 15 * SECOND;

interface Standings {
  all: { plan: PlannedCheck; state: CheckState | null }[];
  fine: PlannedCheck[];
  stale: { plan: PlannedCheck; since: number }[];
  waiting: PlannedCheck[];
  bad: { plan: PlannedCheck; state: CheckState }[];
  retrying: number;
}

function sort(tables: LiveTables): Standings {
  const all = Object.values(tables.plans).map((plan) => ({ plan, state: tables.checks[plan.id]?.state ?? null }));
  const found: Standings = { all, fine: [], stale: [], waiting: [], bad: [], retrying: 0 };
  for (const { plan, state } of all) {
    if (state && state.staleSince !== null) found.stale.push({ plan, since: state.at ?? state.staleSince });
    else if (!state || state.hard === 'pending') found.waiting.push(plan);
    else if (state.hard !== 'ok') found.bad.push({ plan, state });
    else if (state.soft === null) found.fine.push(plan);
    if (state?.soft && state.staleSince === null) found.retrying += 1;
  }
  return found;
}

/**
 * Says what matters most now. In this order: a silent engine, alerts (not taken, worst, longest), problems without an alert, missing
 * data, troubles of the desk itself, the wait for first results, quiet. Only what is fresh and ok is ever called fine.
 * @param now epoch ms of the wall clock where it is shown
 */
export function headline(tables: LiveTables, now: number): Headline {
  const desk = tables.desk.desk;
  const found = sort(tables);
  const open = Object.values(tables.alerts)
    .filter((alert) => alert.endedAt === null)
    .sort(byUrgency);
  const base = { since: null, works: null, takenBy: null, more: 0, retrying: found.retrying };

  if (!desk) return { ...base, standing: 'pending', title: 'Waiting for the watching process', about: 'engine' };
  if (now - desk.beatAt > silentAfterMs) {
    const title = `No news from the watching process for ${humanDuration(now - desk.beatAt)}`;
    return { ...base, standing: 'stale', title, since: desk.beatAt, more: open.length, about: 'engine' };
  }
  const alert = open[0];
  if (alert) {
    const works = whatWorks(found, alert, open);
    return {
      ...base,
      standing: alert.severity,
      title: alert.title,
      since: alert.firstAt,
      works,
      takenBy: alert.acknowledgement?.by ?? null,
      more: open.length - 1,
      about: 'alert',
    };
  }
  // Between a check going hard and its alert lies a moment; it must not be called quiet.
  const bad = found.bad.toSorted((a, b) => severityOf(levelOf(b.state)) - severityOf(levelOf(a.state)) || a.state.since - b.state.since)[0];
  if (bad) {
    const title = `${checkName(tables, bad.plan)}: ${clean(bad.state.verdict?.text ?? 'not ok', 120)}`;
    return {
      ...base,
      standing: levelOf(bad.state),
      title,
      since: bad.state.since,
      works: whatWorks(found, null, []),
      more: found.bad.length - 1,
      about: 'check',
    };
  }
  if (found.stale.length > 0) {
    const only = found.stale.length === 1 ? found.stale[0] : undefined;
    const title = `No fresh data from ${only ? checkName(tables, only.plan) : count(found.stale.length, 'check')}`;
    return {
      ...base,
      standing: 'stale',
      title,
      since: Math.min(...found.stale.map((it) => it.since)),
      works: whatWorks(found, null, []),
      about: 'data',
    };
  }
  const trouble = desk.troubles.toSorted((a, b) => a.since - b.since)[0];
  if (trouble) {
    return {
      ...base,
      standing: 'degraded',
      title: firstSentence(trouble.text),
      since: trouble.since,
      works: whatWorks(found, null, []),
      more: desk.troubles.length - 1,
      about: 'desk',
    };
  }
  const total = found.all.length;
  if (total === 0) return { ...base, standing: 'pending', title: 'Nothing is watched yet', about: 'nothing' };
  if (found.waiting.length > 0) {
    return {
      ...base,
      standing: 'pending',
      title: `Waiting for the first results (${total - found.waiting.length} of ${total})`,
      about: 'waiting',
    };
  }
  return { ...base, standing: 'ok', title: quiet(found, desk, now), about: 'quiet' };
}

/** "All quiet. 214 checks fine. Last trouble 2 d 4 h ago" */
function quiet(found: Standings, desk: DeskLive, now: number): string {
  const fine = found.fine.length > 0 ? ` ${count(found.fine.length, 'check')} fine.` : '';
  const last = desk.lastTroubleAt === null ? '' : ` Last trouble ${humanDuration(Math.max(SECOND, now - desk.lastTroubleAt))} ago.`;
  return `All quiet.${fine}${last}`.replace(/\.$/, '');
}

/** The line under (or beside) the title: "14 min · receiving and sending work · nobody has it yet · and 2 more problems". */
export function headlineLine(h: Headline, now: number): string {
  const showsAge = h.since !== null && h.about !== 'engine';
  const parts = [
    showsAge ? humanDuration(Math.max(SECOND, now - (h.since ?? now))) : null,
    h.works,
    h.about === 'alert' ? (h.takenBy === null ? 'nobody has it yet' : `${clean(h.takenBy, 80)} has it`) : null,
    h.more > 0
      ? h.about === 'engine'
        ? `${count(h.more, 'alert')} open when it was last heard`
        : `and ${count(h.more, 'more problem')}`
      : null,
    h.retrying > 0 && h.about !== 'engine' ? `${count(h.retrying, 'check')} ${h.retrying === 1 ? 'is' : 'are'} being retried` : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Not taken before taken, worse before less bad, longer before shorter. */
function byUrgency(a: Alert, b: Alert): number {
  const taken = Number(a.acknowledgement !== null) - Number(b.acknowledgement !== null);
  return taken || severityOf(b.severity) - severityOf(a.severity) || a.firstAt - b.firstAt || (a.id < b.id ? -1 : 1);
}

const groupWord: Record<Group, string> = { servers: 'servers', links: 'links', mail: 'mail' };

/** What is known to work: other checks of the same subject, the rest of its group, the other groups. */
function whatWorks(found: Standings, alert: Alert | null, open: Alert[]): string | null {
  const fine = new Set(found.fine.map((plan) => plan.id));
  const own = alert ? found.fine.filter((plan) => plan.subject.id === alert.subject.id) : [];
  const parts = own.length > 0 ? [worksSentence(own) as string] : [];
  const inTrouble = new Set(open.map((it) => it.subject.id));

  const names: string[] = [];
  for (const group of groups) {
    const plans = found.all.map(({ plan }) => plan).filter((plan) => groupOf(plan.subject.kind) === group);
    const others = plans.filter((plan) => plan.subject.id !== alert?.subject.id);
    // "The others are fine" would be misread where another of them has an alert of its own.
    if (others.length === 0 || !others.every((plan) => fine.has(plan.id)) || others.some((plan) => inTrouble.has(plan.subject.id)))
      continue;
    names.push(others.length === plans.length ? groupWord[group] : `other ${groupWord[group]}`);
  }
  if (names.length > 0) {
    // "mail is", "links are", "links and mail are".
    const verb = names.length === 1 && names[0]?.endsWith('mail') ? 'is' : 'are';
    parts.push(`${listOf(names)} ${verb} fine`);
  }
  return parts.length > 0 ? parts.join(', ') : null;
}

function checkName(tables: LiveTables, plan: PlannedCheck): string {
  const subject = tables.subjects[plan.subject.id];
  return subject ? checkOnSubject(checkLabel(plan), subject) : capital(checkLabel(plan));
}

const levelOf = (state: CheckState): 'degraded' | 'down' | 'unknown' =>
  state.hard === 'degraded' || state.hard === 'down' ? state.hard : 'unknown';

/** Troubles say what happened, what it means and what to do; the headline has room for the first. */
const firstSentence = (text: string): string => (/^.*?[.!?](?=\s|$)/.exec(clean(text, 400))?.[0] ?? clean(text, 400)).replace(/\.$/, '');

/** The sentence on top of every screen: what is broken and what is not, how long, and who has it. */
import { capital } from './alerting/names.ts';
import { byUrgency } from './alerting/urgency.ts';
import {
  behindAlert,
  checkName,
  knownToWork,
  overrunSentence,
  quietSentence,
  type Sorted,
  sortChecks,
  whatIsBehind,
  whatWorks,
  whenText,
  zoneOf,
} from './headline-words.ts';
import type { CheckState } from './health/step.ts';
import { leadOf } from './incidents/about.ts';
import type { DeskLive, LiveTables } from './live.ts';
import type { Alert } from './model/alert.ts';
import { type Standing, severityOf } from './model/words.ts';
import { clean, count, listOf } from './text.ts';
import { humanDuration, SECOND } from './time.ts';

export interface Headline {
  standing: Standing;
  title: string;
  /** When it began, epoch ms; null where that has no meaning. */
  since: number | null;
  /** How many things cannot be reached because of it. */
  behind: number;
  /** What may be behind it, where that is not sure and says more than the title. */
  perhaps: string | null;
  /** What is known to work meanwhile: "Ping and SSH answer, links and mail are fine". */
  works: string | null;
  /** Who has acknowledged it; null = nobody. Only alerts can be taken. */
  takenBy: string | null;
  /** Who leads the incident that it is part of; an incident acknowledges nothing by itself. */
  ledBy: string | null;
  /** Other open alerts. */
  more: number;
  /** Checks whose newest result was bad but is not hard yet. */
  retrying: number;
  /** What the sentence is about. */
  about: 'engine' | 'alert' | 'check' | 'data' | 'desk' | 'planned' | 'waiting' | 'nothing' | 'quiet';
  /** Id of the alert that it is about, or null. */
  alert: string | null;
}

/** The engine's beat comes every few seconds; after this it must be frozen or gone. */
export const silentAfterMs = 15 * SECOND;

/** A headline that says no more than its title. */
export const bareHeadline: Omit<Headline, 'standing' | 'title' | 'about'> = {
  since: null,
  behind: 0,
  perhaps: null,
  works: null,
  takenBy: null,
  ledBy: null,
  more: 0,
  retrying: 0,
  alert: null,
};

/**
 * Says what matters most now. In this order: a silent engine, a desk that is cut off, alerts (not taken, worst, widest, longest), planned work
 * that should be over, problems without an alert, missing data, troubles of the desk itself, the wait for first results, quiet. Only
 * what is fresh and ok is ever called fine, and what planned work covers is never the headline.
 * @param now epoch ms of the wall clock where it is shown
 */
export function headline(tables: LiveTables, now: number): Headline {
  const desk = tables.desk.desk;
  if (!desk) return { ...bareHeadline, standing: 'pending', title: 'Waiting for the watching process', about: 'engine' };
  const open = Object.values(tables.alerts)
    .filter((alert) => alert.endedAt === null)
    .sort(inOrder);
  if (now - desk.beatAt > silentAfterMs) {
    const title = `No news from the watching process for ${humanDuration(now - desk.beatAt)}`;
    return { ...bareHeadline, standing: 'stale', title, since: desk.beatAt, more: open.length, about: 'engine' };
  }
  if (desk.cutOffSince !== null) return cutOff(tables, desk.cutOffSince, open, now);
  const found = sortChecks(tables);
  const said =
    ofAlert(tables, found, open) ??
    ofOverrun(tables, found, now) ??
    ofBad(tables, found) ??
    ofUnreachable(tables, found) ??
    ofStale(tables, found) ??
    ofTrouble(tables, found, desk) ??
    ofCalm(tables, found, desk, now);
  return { ...said, retrying: found.retrying };
}

/** Nothing that is seen from here means anything now: no other alert, and nothing that "works". */
function cutOff(tables: LiveTables, since: number, open: readonly Alert[], now: number): Headline {
  const own = open.find((alert) => alert.subject.kind === 'desk');
  return {
    ...bareHeadline,
    standing: own?.severity ?? 'unknown',
    title: `This desk is offline since ${whenText(since, now, zoneOf(tables))}: nothing is known of what lies beyond it`,
    since,
    takenBy: own?.acknowledgement?.by ?? null,
    ledBy: own ? leadOf(tables.incidents, own.id) : null,
    more: open.length - (own ? 1 : 0),
    about: own ? 'alert' : 'desk',
    alert: own?.id ?? null,
  };
}

function ofAlert(tables: LiveTables, found: Sorted, open: readonly Alert[]): Headline | null {
  const alert = open[0];
  if (!alert) return null;
  const behind = whatIsBehind(alert);
  const isKnown = behind !== null && !behind.perhaps;
  return {
    ...bareHeadline,
    standing: alert.severity,
    title: isKnown ? behind.sentence : alert.title,
    since: alert.firstAt,
    behind: behindAlert(alert, tables).size,
    perhaps: behind?.perhaps ? behind.sentence : null,
    works: knownToWork(alert) ?? whatWorks(tables, found, alert, open),
    takenBy: alert.acknowledgement?.by ?? null,
    ledBy: leadOf(tables.incidents, alert.id),
    more: open.length - 1,
    about: 'alert',
    alert: alert.id,
  };
}

function ofOverrun(tables: LiveTables, found: Sorted, now: number): Headline | null {
  const late = Object.values(tables.windows).filter((window) => window.overrunSince !== null);
  const first = late.sort((a, b) => (a.overrunSince ?? 0) - (b.overrunSince ?? 0))[0];
  if (!first) return null;
  const title = overrunSentence(tables, found, first, now);
  return {
    ...bareHeadline,
    standing: 'degraded',
    title,
    since: first.overrunSince,
    works: whatWorks(tables, found, null, []),
    more: late.length - 1,
    about: 'planned',
  };
}

/** Between a check going hard and its alert lies a moment; it must not be called quiet. */
function ofBad(tables: LiveTables, found: Sorted): Headline | null {
  const bad = found.bad.toSorted((a, b) => severityOf(levelOf(b.state)) - severityOf(levelOf(a.state)) || a.state.since - b.state.since)[0];
  if (!bad) return null;
  const { flapping, hard } = bad.state;
  const name = checkName(tables, bad.plan);
  return {
    ...bareHeadline,
    standing: levelOf(bad.state),
    title:
      flapping && hard === 'ok'
        ? `${name} comes and goes`
        : `${name}: ${clean(bad.state.verdict?.title ?? bad.state.verdict?.text ?? 'not ok', 120)}`,
    since: flapping && hard === 'ok' ? flapping.since : bad.state.since,
    works: whatWorks(tables, found, null, []),
    more: found.bad.length - 1,
    about: 'check',
  };
}

/** What failed in front of them is over, or has no alert yet; they have not answered again. */
function ofUnreachable(tables: LiveTables, found: Sorted): Headline | null {
  if (found.unreachable.length === 0) return null;
  const things = new Set(found.unreachable.map((it) => it.plan.subject.id));
  const only = things.size === 1 ? found.unreachable[0] : undefined;
  const name = only && clean(tables.subjects[only.plan.subject.id]?.name ?? only.plan.subject.id, 120);
  const parents = new Map(found.unreachable.map(({ cover }) => [cover.by, clean(cover.name, 80)]));
  const behind = listOf([...new Set(parents.values())], 2);
  const [first = ''] = parents.keys();
  const start = isWord(tables.subjects[first]?.kind) ? capital(behind) : behind;
  const fine = new Set(found.fine.map(({ subject }) => subject.id));
  for (const { plan } of [...found.bad, ...found.unreachable]) fine.delete(plan.subject.id);
  const areBack = [...parents.keys()].every((id) => fine.has(id));
  const [are, them] = parents.size === 1 ? ['is', 'it'] : ['are', 'them'];
  const what = name ?? count(things.size, 'thing');
  return {
    ...bareHeadline,
    standing: 'unreachable',
    title: areBack
      ? `${start} ${are} back; ${what} behind ${them} ${things.size === 1 ? 'has' : 'have'} not been looked at again yet`
      : `${what} behind ${behind} cannot be reached`,
    since: Math.min(...found.unreachable.map((it) => it.state.since)),
    works: whatWorks(tables, found, null, []),
    about: 'check',
  };
}

/** Names of services and mail are words; those of machines and lines stand as they are written. */
const isWord = (kind: string | undefined): boolean => kind === 'service' || kind === 'mail';

function ofStale(tables: LiveTables, found: Sorted): Headline | null {
  if (found.stale.length === 0) return null;
  const only = found.stale.length === 1 ? found.stale[0] : undefined;
  return {
    ...bareHeadline,
    standing: 'stale',
    title: `No fresh data from ${only ? checkName(tables, only.plan) : count(found.stale.length, 'check')}`,
    since: Math.min(...found.stale.map((it) => it.since)),
    works: whatWorks(tables, found, null, []),
    about: 'data',
  };
}

function ofTrouble(tables: LiveTables, found: Sorted, desk: DeskLive): Headline | null {
  const trouble = desk.troubles.toSorted((a, b) => a.since - b.since)[0];
  if (!trouble) return null;
  return {
    ...bareHeadline,
    standing: 'degraded',
    title: firstSentence(trouble.text),
    since: trouble.since,
    works: whatWorks(tables, found, null, []),
    more: desk.troubles.length - 1,
    about: 'desk',
  };
}

function ofCalm(tables: LiveTables, found: Sorted, desk: DeskLive, now: number): Headline {
  const total = found.all.length;
  if (total === 0) return { ...bareHeadline, standing: 'pending', title: 'Nothing is watched yet', about: 'nothing' };
  if (found.waiting.length > 0) {
    const title = `Waiting for the first results (${total - found.waiting.length} of ${total})`;
    return { ...bareHeadline, standing: 'pending', title, about: 'waiting' };
  }
  return { ...bareHeadline, standing: 'ok', title: quietSentence(tables, found, desk, now), about: 'quiet' };
}

/** The line under (or beside) the title: "14 things behind it cannot be reached · 14 min · nobody has it yet · links are fine · and 2 more problems". */
export function headlineLine(h: Headline, now: number): string {
  const showsAge = h.since !== null && h.about !== 'engine';
  const parts = [
    h.behind > 0 ? `${count(h.behind, 'thing')} behind it cannot be reached` : null,
    showsAge ? humanDuration(Math.max(SECOND, now - (h.since ?? now))) : null,
    // Before what works, which may be long and is cut at the edge of the desk: that nobody has it calls for something.
    h.about === 'alert' ? whoHas(h.takenBy, h.ledBy) : null,
    h.perhaps === null ? null : `perhaps: ${h.perhaps}`,
    h.works,
    h.more > 0
      ? h.about === 'engine'
        ? `${count(h.more, 'alert')} open when it was last heard`
        : `and ${count(h.more, 'more problem')}`
      : null,
    h.retrying > 0 && h.about !== 'engine' ? `${count(h.retrying, 'check')} ${h.retrying === 1 ? 'is' : 'are'} being retried` : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** What calls for something in the words of who has an alert; set apart on the desk. */
export const notTaken = { byAnybody: 'nobody has it yet', byItsLead: 'not acknowledged yet' } as const;

/** "Kim has it", "Dana leads the incident, not acknowledged yet" (it escalates all the same), "nobody has it yet". */
export function whoHas(takenBy: string | null, ledBy: string | null): string {
  if (takenBy !== null) return `${clean(takenBy, 80)} has it`;
  return ledBy === null ? notTaken.byAnybody : `${clean(ledBy, 80)} leads the incident, ${notTaken.byItsLead}`;
}

/** Not taken before taken before silenced, then by urgency: the same order as the list of alerts. */
const inOrder = (a: Alert, b: Alert): number => restOf(a) - restOf(b) || byUrgency(a, b);
const restOf = (alert: Alert): number => (alert.acknowledgement !== null ? 1 : alert.silencedUntil !== null ? 2 : 0);

const levelOf = (state: CheckState): 'degraded' | 'down' | 'unknown' =>
  state.hard === 'degraded' || state.hard === 'down' ? state.hard : state.flapping ? 'degraded' : 'unknown';

/** Troubles say what happened, what it means and what to do; the headline has room for the first. */
const firstSentence = (text: string): string => (/^.*?[.!?](?=\s|$)/.exec(clean(text, 400))?.[0] ?? clean(text, 400)).replace(/\.$/, '');

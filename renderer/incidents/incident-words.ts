/** Incidents in words and lists: since when, what of it waits for whom, which come first. Pure. */
import { openDebts } from '../../shared/incidents/log.ts';
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventNames } from '../../shared/model/describe-event.ts';
import {
  type Incident,
  type IncidentSeverity,
  type IncidentStatus,
  incidentSeverities,
  incidentStatuses,
} from '../../shared/model/incident.ts';
import { clean, count } from '../../shared/text.ts';
import { DAY, humanDuration } from '../../shared/time.ts';
import { sinceText } from '../components/Time.tsx';
import { stretchText, untilText } from '../maintenance/window-words.ts';

export const statusTitles: Record<IncidentStatus, string> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  reported: 'Reported',
};
/** What each step says. */
export const statusHelp: Record<IncidentStatus, string> = {
  investigating: 'We look for the cause.',
  identified: 'We know what is wrong, or who has to mend it.',
  monitoring: 'It is mended, and we watch whether it holds.',
  resolved: 'It is over.',
  reported: 'The report is out.',
};
export const severityHelp: Record<IncidentSeverity, string> = {
  critical: 'Most customers, or a whole service, cannot work.',
  major: 'Many notice it.',
  minor: 'Few notice it.',
};

export const isOpen = (it: Incident): boolean => incidentStatuses.indexOf(it.status) < incidentStatuses.indexOf('resolved');

/** From when to when, as far as its alerts are known here. */
export interface Span {
  from: number;
  /** Null while it lasts. */
  to: number | null;
  /** Old alerts are not at hand: it may have begun earlier than `from` says. */
  sure: boolean;
}
export function spanOf(it: Incident, alerts: Readonly<Record<string, Pick<Alert, 'firstAt' | 'endedAt'>>>): Span {
  const known = it.alerts.flatMap((id) => alerts[id] ?? []);
  const sure = known.length === it.alerts.length || it.from !== null;
  const ended = known.length === it.alerts.length ? endOf(it, known) : (it.to ?? it.resolvedAt);
  return { from: beginningOf(it, known), to: isOpen(it) && it.to === null ? null : ended, sure };
}

/** "since 03:18 PST · 2 h 21 min", "today 03:18–07:05 PST · 3 h 47 min", "opened Mon 16 Nov 08:00 PST". */
export function spanText({ from, to, sure }: Span, zone: string, now: number): string {
  if (!sure) return `opened ${untilText(from, zone, now)}${to === null ? '' : `, resolved ${untilText(to, zone, now)}`}`;
  if (to === null) return `since ${untilText(from, zone, now)} · ${sinceText(from, now)}`;
  return `${stretchText(from, to, zone, now)} · ${humanDuration(to - from)}`;
}

export interface IncidentFact {
  key: string;
  text: string;
  /** `late`: somebody should have been back by now. */
  tone: 'late' | 'waits' | 'plain';
}

/** Longer than this one asks again. */
const patientMs = 60 * 60_000;

type NameOf = Pick<EventNames, 'byId'>;

const waitingText = (it: Incident['waiting'][number], names: NameOf, now: number): string =>
  `waiting for ${names.byId(it.with)} for ${sinceText(it.since, now)}`;

/** "RFO from Cox is owed, due Fri 27 Nov 23:59 PST"; "…, 2 d overdue". */
export function owedText(it: Incident['owed'][number], names: NameOf, zone: string, now: number): string {
  const what = `${clean(it.what, 200)} from ${names.byId(it.with)}`;
  if (it.dueAt === null) return `${what} is owed since ${untilText(it.since, zone, now)}`;
  return it.dueAt < now ? `${what} is ${sinceText(it.dueAt, now)} overdue` : `${what} is owed, due ${untilText(it.dueAt, zone, now)}`;
}
export const isLate = (it: Incident['owed'][number], now: number): boolean => it.dueAt !== null && it.dueAt < now;

export const progressText = ({ done, total, what }: NonNullable<Incident['progress']>): string => `${done} of ${total} ${clean(what, 200)}`;
export const customersText = (it: number): string => `${count(it, 'customer')} ${it === 1 ? 'has' : 'have'} reported it`;

/** What of an incident calls for somebody, and how far it is; the most urgent first. */
export function factsOf(it: Incident, names: NameOf, zone: string, now: number): IncidentFact[] {
  const facts: IncidentFact[] = [];
  for (const wait of it.waiting.filter((one) => one.endedAt === null))
    facts.push({ key: wait.id, text: waitingText(wait, names, now), tone: now - wait.since > patientMs ? 'late' : 'waits' });
  for (const { owed } of openDebts([it]))
    facts.push({ key: owed.id, text: owedText(owed, names, zone, now), tone: isLate(owed, now) ? 'late' : 'waits' });
  if (it.customers > 0) facts.push({ key: 'customers', text: customersText(it.customers), tone: 'plain' });
  if (it.progress) facts.push({ key: 'progress', text: progressText(it.progress), tone: 'plain' });
  return facts.sort((a, b) => Number(b.tone === 'late') - Number(a.tone === 'late'));
}

export type Group = 'open' | 'to-report' | 'owed' | 'done';
export const groupTitles: Record<Group, string> = {
  open: 'Open',
  'to-report': 'Resolved, the report is still to come',
  owed: 'Reported, and something is still owed to us',
  done: 'Reported',
};

const groupOf = (it: Incident): Group =>
  isOpen(it) ? 'open' : it.status === 'resolved' ? 'to-report' : it.owed.some((one) => one.receivedAt === null) ? 'owed' : 'done';

export type ListLine = { key: string; group: Group; count: number } | { key: string; incident: Incident };

/** The lines of the list: groups with their incidents, the worst open ones first, all others newest first. Merged ones are left out. */
export function linesOf(incidents: readonly Incident[]): ListLine[] {
  const rank = (it: Incident): number => incidentSeverities.indexOf(it.severity);
  const groups = Map.groupBy(
    incidents.filter((it) => it.mergedInto === null),
    groupOf,
  );
  return (Object.keys(groupTitles) as Group[]).flatMap((group) => {
    const own = groups.get(group) ?? [];
    if (own.length === 0) return [];
    own.sort(
      (a, b) => (group === 'open' ? rank(a) - rank(b) || a.openedAt - b.openedAt : b.openedAt - a.openedAt) || (a.id < b.id ? 1 : -1),
    );
    return [{ key: group, group, count: own.length }, ...own.map((incident) => ({ key: incident.id, incident }))];
  });
}

export interface ListHeadline {
  text: string;
  severity: IncidentSeverity | null;
}
/** The first line of the screen. */
export function headlineOf(incidents: readonly Incident[], names: NameOf, now: number): ListHeadline {
  const lines = linesOf(incidents).flatMap((line) => ('incident' in line ? [line.incident] : []));
  const open = lines.filter(isOpen);
  const debts = openDebts(lines);
  const late = debts.filter(({ owed }) => isLate(owed, now));
  const [first] = open;
  if (first) {
    const text =
      open.length === 1 ? clean(first.title, 200) : `${open.length} incidents are open, the worst is: ${clean(first.title, 160)}`;
    return { text, severity: first.severity };
  }
  const [debt] = late.length > 0 ? late : debts;
  const tail = debt
    ? `. ${clean(debt.owed.what, 100)} from ${names.byId(debt.owed.with)} is ${late.length > 0 ? 'overdue' : 'still owed'}${
        debts.length > 1 ? `, and ${debts.length - 1} more` : ''
      }`
    : '';
  return { text: `No incident is open${tail}`, severity: null };
}

/** A line that was dated back by less is not worth a second date. */
export const enteredText = (enteredAt: number, at: number, zone: string): string =>
  `entered later, ${untilText(enteredAt, zone, at)}${enteredAt - at > DAY ? `, ${humanDuration(enteredAt - at)} after it` : ''}`;

/** "2 alerts, 1 open", "no alert". */
export const alertsText = (all: number, open: number): string =>
  all === 0 ? 'no alert' : `${count(all, 'alert')}${open > 0 ? `, ${open} open` : ''}`;

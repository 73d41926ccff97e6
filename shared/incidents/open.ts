/** How an incident begins: from alerts, from a stretch of time, or by hand afterwards. */
import type { RequestFailure } from '../bind.ts';
import type { Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import type { Incident, IncidentSeverity } from '../model/incident.ts';
import { severityOf } from '../model/words.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean, count, listOf } from '../text.ts';
import { HOUR } from '../time.ts';

export interface Opening {
  /** null: named after the worst alert. */
  title: string | null;
  severity: IncidentSeverity;
  lead: string | null;
  alerts: readonly string[];
  subjects: readonly string[];
  from: number | null;
  to: number | null;
  by: string;
}

/** What is known where an incident is opened or changed. */
export interface Known {
  now: number;
  /** An alert of the last days, or of the store. */
  alert(id: string): Alert | undefined;
  /** The name of a subject of the inventory. */
  subject(id: string): string | undefined;
  /** The incident that an alert belongs to already. */
  incidentOf(alert: string): Incident | undefined;
}

/** Later than this it was written down afterwards. */
const afterwardsMs = HOUR;

/**
 * Opens an incident. An alert belongs to one incident at most.
 * @returns the incident and its event; or `alert-gone`, `in-another`, `no-such-subject`, `bad-range`, `nothing-chosen`
 */
export function openIncident(
  said: Opening,
  known: Known,
  id: string,
): Result<{ incident: Incident; events: EventDraft[] }, RequestFailure> {
  const found = alertsFor(said.alerts, known, null);
  if (!found.ok) return found;
  const alerts = found.value;
  const unknown = said.subjects.find((it) => known.subject(it) === undefined);
  if (unknown !== undefined) return refuse('no-such-subject', `There is nothing called “${clean(unknown, 80)}” in the inventory.`);
  const range = rangeProblem(said.from, said.to, known.now);
  if (range) return range;
  const title = clean(said.title ?? '', 200) || titleOf(alerts, said.subjects, known);
  if (title === '') return refuse('nothing-chosen', 'Choose an alert, or give it a title.');
  const { now } = known;
  const first = Math.min(said.from ?? now, ...alerts.map((it) => it.firstAt));
  const over = alerts.length > 0 ? alerts.every((it) => it.endedAt !== null) : said.to !== null;
  const incident: Incident = {
    id,
    title,
    severity: said.severity,
    lead: said.lead?.trim() || null,
    status: over ? 'resolved' : 'investigating',
    openedAt: now,
    openedBy: said.by,
    how: alerts.length > 0 ? 'alerts' : said.from !== null ? 'range' : 'hand',
    alerts: alerts.map((it) => it.id),
    subjects: [...new Set(said.subjects)],
    from: said.from,
    to: said.to,
    identifiedAt: null,
    resolvedAt: over ? (said.to ?? Math.max(...alerts.map((it) => it.endedAt ?? now))) : null,
    reportedAt: null,
    mergedInto: null,
    owed: [],
    waiting: [],
    customers: 0,
    progress: null,
  };
  const payload = { incident: id, title, severity: said.severity, alerts: incident.alerts, afterwards: now - first > afterwardsMs };
  return ok({ incident, events: [{ kind: 'incident-opened', at: now, subject: alerts[0]?.subject ?? null, actor: said.by, payload }] });
}

const refuse = (code: string, text: string): Result<never, RequestFailure> => fail({ code, text: `${text} Nothing was changed.` });

/** The alerts of some ids, none of which belongs to another incident. */
export function alertsFor(ids: readonly string[], known: Known, own: string | null): Result<Alert[], RequestFailure> {
  const alerts: Alert[] = [];
  for (const id of new Set(ids)) {
    const alert = known.alert(id);
    if (!alert) return refuse('alert-gone', 'An alert that was chosen is not there any more.');
    const other = known.incidentOf(id);
    if (other && other.id !== own)
      return refuse(
        'in-another',
        `“${clean(alert.title, 120)}” belongs to the incident “${clean(other.title, 120)}” already: merge the two, or take it out there.`,
      );
    alerts.push(alert);
  }
  return ok(alerts.sort((a, b) => a.firstAt - b.firstAt));
}

export function rangeProblem(from: number | null, to: number | null, now: number): Result<never, RequestFailure> | null {
  if (from !== null && from > now) return refuse('bad-range', 'It cannot begin in the future.');
  if (to !== null && to > now) return refuse('bad-range', 'It cannot have ended in the future.');
  if (to !== null && from === null) return refuse('bad-range', 'Say when it began, too.');
  return from !== null && to !== null && to <= from ? refuse('bad-range', 'The end must come after the beginning.') : null;
}

function titleOf(alerts: readonly Alert[], subjects: readonly string[], known: Known): string {
  const worst = alerts.toSorted((a, b) => severityOf(b.severity) - severityOf(a.severity) || a.firstAt - b.firstAt)[0];
  if (worst) return `${clean(worst.title, 160)}${alerts.length > 1 ? `, and ${count(alerts.length - 1, 'more problem')}` : ''}`;
  return subjects.length > 0 ? `Trouble with ${listOf(subjects.map((id) => clean(known.subject(id) ?? id, 80)))}` : '';
}

/** When it began: by the say of a person, else the first symptom of its alerts (not the moment that they went hard), else when it was opened. */
export const beginningOf = (incident: Pick<Incident, 'from' | 'openedAt'>, alerts: readonly Pick<Alert, 'firstAt'>[]): number =>
  incident.from ?? Math.min(incident.openedAt, ...alerts.map((it) => it.firstAt));

/** When it ended, epoch ms; null while it lasts. */
export function endOf(incident: Pick<Incident, 'to' | 'resolvedAt' | 'status'>, alerts: readonly Pick<Alert, 'endedAt'>[]): number | null {
  if (incident.to !== null) return incident.to;
  if (alerts.some((it) => it.endedAt === null)) return null;
  if (alerts.length > 0) return Math.max(...alerts.map((it) => it.endedAt ?? 0));
  return incident.resolvedAt;
}

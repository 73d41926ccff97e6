/** What people change of an incident; every change is an event. */
import type { RequestFailure } from '../bind.ts';
import type { EventDraft } from '../model/event.ts';
import { type Incident, type IncidentChange, incidentStatuses } from '../model/incident.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean, listOf } from '../text.ts';
import { storyIds } from './about.ts';
import { alertsFor, type Known, rangeProblem } from './open.ts';

/** Changed incidents and what is told of it. */
export type Changed = Result<{ incidents: Incident[]; events: EventDraft[] }, RequestFailure>;
interface Said {
  by: string;
  reason: string;
}
type Step<K extends IncidentChange['kind']> = (
  incident: Incident,
  change: Extract<IncidentChange, { kind: K }>,
  said: Said,
  known: Known & Others,
) => Changed;
interface Others {
  /** Another incident by its id. */
  incident(id: string): Incident | undefined;
}

const refuse = (code: string, text: string): Result<never, RequestFailure> => fail({ code, text: `${text} Nothing was changed.` });
const told = (incident: Incident, said: Said, now: number, what: string): EventDraft => ({
  kind: 'incident-changed',
  at: now,
  subject: null,
  actor: said.by,
  payload: { incident: incident.id, title: incident.title, what, reason: said.reason },
});
const changed = (incident: Incident, events: EventDraft[]): Changed => ok({ incidents: [incident], events });
const titlesOf = (ids: readonly string[], known: Known): string[] => ids.map((id) => clean(known.alert(id)?.title ?? 'an alert', 200));

const steps: { [K in IncidentChange['kind']]: Step<K> } = {
  title: (it, { title }, said, { now }) => {
    const next = clean(title, 200);
    return changed({ ...it, title: next }, [told({ ...it, title: next }, said, now, `was called “${it.title}”`)]);
  },
  severity: (it, { severity }, said, { now }) =>
    changed({ ...it, severity }, [told(it, said, now, `severity ${severity}, was ${it.severity}`)]),
  lead: (it, change, said, { now }) => {
    const lead = change.lead?.trim() || null;
    return changed({ ...it, lead }, [told(it, said, now, lead === null ? `${it.lead ?? 'nobody'} leads no longer` : `${lead} leads`)]);
  },
  status: (it, { status }, said, { now }) => {
    if (status === it.status) return refuse('same-status', `It is ${status} already.`);
    const back = incidentStatuses.indexOf(status) < incidentStatuses.indexOf('resolved') && it.resolvedAt !== null;
    const next: Incident = {
      ...it,
      status,
      identifiedAt: status === 'identified' ? (it.identifiedAt ?? now) : it.identifiedAt,
      // Reopened, it is not over: an end that somebody set by hand does not hold any more.
      resolvedAt: back ? null : status === 'resolved' || status === 'reported' ? (it.resolvedAt ?? now) : it.resolvedAt,
      reportedAt: status === 'reported' ? now : back ? null : it.reportedAt,
      to: back ? null : it.to,
    };
    const payload = { incident: it.id, title: it.title, from: it.status, to: status, reason: said.reason };
    return changed(next, [{ kind: 'incident-status', at: now, subject: null, actor: said.by, payload }]);
  },
  times: (it, { from, to }, said, { now }) => {
    const problem = rangeProblem(from, to, now);
    if (problem) return problem;
    const words = [
      from === null ? 'begins with its first symptom' : 'its beginning was set',
      to === null ? 'ends with its last recovery' : 'its end was set',
    ];
    return changed({ ...it, from, to }, [told(it, said, now, words.join(', '))]);
  },
  subjects: (it, { subjects }, said, known) => {
    const unknown = subjects.find((id) => known.subject(id) === undefined);
    if (unknown !== undefined) return refuse('no-such-subject', `There is nothing called “${clean(unknown, 80)}” in the inventory.`);
    const names = subjects.map((id) => clean(known.subject(id) ?? id, 80));
    return changed({ ...it, subjects: [...new Set(subjects)] }, [
      told(it, said, known.now, names.length > 0 ? `it is about ${listOf(names)}` : 'it names nothing by itself'),
    ]);
  },
  join: (it, { alerts }, said, known) => {
    const found = alertsFor(alerts, known, it.id);
    if (!found.ok) return found;
    const added = found.value.map((alert) => alert.id).filter((id) => !it.alerts.includes(id));
    if (added.length === 0) return refuse('already-in', 'It is part of this incident already.');
    const payload = { incident: it.id, title: it.title, alerts: added, titles: titlesOf(added, known) };
    return changed({ ...it, alerts: [...it.alerts, ...added] }, [
      { kind: 'incident-joined', at: known.now, subject: null, actor: said.by, payload },
    ]);
  },
  leave: (it, { alerts }, said, known) => {
    const gone = it.alerts.filter((id) => alerts.includes(id));
    if (gone.length === 0) return refuse('not-in', 'That is no part of this incident.');
    const payload = { incident: it.id, title: it.title, alerts: gone, titles: titlesOf(gone, known) };
    return changed({ ...it, alerts: it.alerts.filter((id) => !gone.includes(id)) }, [
      { kind: 'incident-left', at: known.now, subject: null, actor: said.by, payload },
    ]);
  },
  merge: (it, { into }, said, known) => {
    const other = known.incident(into);
    if (!other || other.id === it.id) return refuse('no-such-incident', 'There is no such other incident.');
    if (other.mergedInto !== null)
      return refuse('merged', `“${clean(other.title, 120)}” went on as part of another one itself: choose that one.`);
    const joined: Incident = {
      ...other,
      alerts: [...new Set([...other.alerts, ...it.alerts])],
      subjects: [...new Set([...other.subjects, ...it.subjects])],
      merged: [...storyIds(it), ...(other.merged ?? [])].slice(0, 200),
      // Whichever began first. Where one of the two goes by its alerts, both do.
      from: other.from !== null && it.from !== null ? Math.min(other.from, it.from) : null,
      owed: [...other.owed, ...it.owed].slice(0, 100),
      waiting: [...other.waiting, ...it.waiting].slice(0, 100),
      customers: other.customers + it.customers,
      progress: newer(other.progress, it.progress),
    };
    const payload = { incident: it.id, title: it.title, into: other.id, intoTitle: other.title };
    const gone: Incident = { ...it, mergedInto: other.id, alerts: [], owed: [], waiting: [] };
    return ok({ incidents: [gone, joined], events: [{ kind: 'incident-merged', at: known.now, subject: null, actor: said.by, payload }] });
  },
};

const newer = (a: Incident['progress'], b: Incident['progress']): Incident['progress'] => (a && b ? (a.at >= b.at ? a : b) : (a ?? b));

/**
 * Changes an incident.
 * @returns what changed and its events; or why not: `merged`, `same-status`, `bad-range`, `no-such-subject`, `alert-gone`, `in-another`,
 *   `already-in`, `not-in`, `no-such-incident`
 */
export function changeIncident(incident: Incident, change: IncidentChange, said: Said, known: Known & Others): Changed {
  if (incident.mergedInto !== null) {
    const into = known.incident(incident.mergedInto);
    return refuse('merged', `It goes on as part of “${clean(into?.title ?? 'another one', 120)}”: change that one.`);
  }
  return (steps[change.kind] as Step<IncidentChange['kind']>)(incident, change, said, known);
}

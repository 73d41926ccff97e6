/** The form of an incident: what it holds, what is wrong with it, and which changes it makes. Pure. */
import type { Incident, IncidentChange, IncidentSeverity } from '../../shared/model/incident.ts';
import { type Moment, momentOf, noMoment, readMoment } from '../maintenance/moments.ts';

export interface IncidentForm {
  title: string;
  severity: IncidentSeverity;
  lead: string;
  subjects: string[];
  /** `alerts`: as its alerts say; `said`: as a person says. */
  times: 'alerts' | 'said';
  from: Moment;
  /** Empty = it lasts, or ends as its alerts say. */
  to: Moment;
}

export const emptyForm = (lead: string): IncidentForm => ({
  title: '',
  severity: 'major',
  lead,
  subjects: [],
  times: 'alerts',
  from: noMoment,
  to: noMoment,
});

export const formOf = (it: Incident, zone: string): IncidentForm => ({
  title: it.title,
  severity: it.severity,
  lead: it.lead ?? '',
  subjects: it.subjects,
  times: it.from === null ? 'alerts' : 'said',
  from: it.from === null ? noMoment : momentOf(it.from, zone),
  to: it.to === null ? noMoment : momentOf(it.to, zone),
});

export interface ReadTimes {
  from: number | null;
  to: number | null;
  problems: { from?: string; to?: string };
  hints: { from?: string | null; to?: string | null };
}

const isEmpty = (it: Moment): boolean => it.day === '' && it.time.trim() === '';

/** @returns when it began and ended, epoch ms (null = as its alerts say), or what is wrong at which field */
export function readTimes(form: Pick<IncidentForm, 'times' | 'from' | 'to'>, zone: string, now: number): ReadTimes {
  if (form.times === 'alerts') return { from: null, to: null, problems: {}, hints: {} };
  const from = readMoment(form.from, zone);
  const to = isEmpty(form.to) ? null : readMoment(form.to, zone);
  const problems: ReadTimes['problems'] = {};
  if ('problem' in from) problems.from = from.problem;
  else if (from.at > now) problems.from = 'It cannot begin in the future.';
  if (to && 'problem' in to) problems.to = to.problem;
  else if (to && to.at > now) problems.to = 'It cannot have ended in the future.';
  else if (to && 'at' in from && to.at <= from.at) problems.to = 'The end must come after the beginning.';
  return {
    from: 'at' in from ? from.at : null,
    to: to && 'at' in to ? to.at : null,
    problems,
    hints: { from: 'at' in from ? from.hint : null, to: to && 'at' in to ? to.hint : null },
  };
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id) => b.includes(id));
/** The form holds minutes: a moment that was not touched is not a change. */
const sameMinute = (a: number | null, b: number | null): boolean =>
  a === b || (a !== null && b !== null && Math.floor(a / 60_000) === Math.floor(b / 60_000));

/** What the form changes of an incident, in the order in which it is sent; none where nothing was changed. */
export function changesOf(it: Incident, form: IncidentForm, times: Pick<ReadTimes, 'from' | 'to'>): IncidentChange[] {
  const changes: IncidentChange[] = [];
  const lead = form.lead.trim() || null;
  if (form.title.trim() !== it.title) changes.push({ kind: 'title', title: form.title });
  if (form.severity !== it.severity) changes.push({ kind: 'severity', severity: form.severity });
  if (lead !== it.lead) changes.push({ kind: 'lead', lead });
  if (!sameMinute(times.from, it.from) || !sameMinute(times.to, it.to)) changes.push({ kind: 'times', from: times.from, to: times.to });
  if (!same(form.subjects, it.subjects)) changes.push({ kind: 'subjects', subjects: form.subjects });
  return changes;
}

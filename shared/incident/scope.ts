/** Whose story an incident is: what failed itself, what failed only because of it, and what belongs to others. */
import { placesOf } from '../health/graph.ts';
import { reachedFrom } from '../maintenance/reached.ts';
import type { Alert } from '../model/alert.ts';
import type { NightEvent } from '../model/event.ts';
import type { DraftInput } from './input.ts';

export interface Scope {
  /** Ids of the alerts. */
  alerts: ReadonlySet<string>;
  /** Ids of what failed itself: the alerts' subjects, and those of their checks. */
  subjects: ReadonlySet<string>;
  /** Ids of checks that were in the alerts as what failed itself, at any time. */
  roots: ReadonlySet<string>;
  /** By check that failed only because something of this incident did: the alert. */
  consequences: ReadonlyMap<string, Alert>;
  /** By subject that is reached only through what failed: the alert. */
  behind: ReadonlyMap<string, Alert>;
  /** Ids of checks that are, or were, in an alert as what failed itself. */
  checksOf(alert: string): ReadonlySet<string>;
  /** Alerts that went on as part of another one: the event that says so, and whether that other one belongs to the incident. */
  merged: ReadonlyMap<string, { event: Extract<NightEvent, { kind: 'alert-merged' }>; within: boolean }>;
  /**
   * Whether a subject is a leg of a mail stack of which another leg failed: a check of it that could not look (a round trip that could not be
   * sent) has no story of its own.
   */
  isBeside(subject: string): boolean;
  subjectOf(check: string): string;
  /** Whether an alert that is no part of the incident names the check. */
  isOthers(check: string): boolean;
}

/** @param events those until the end of the range */
export function scopeOf(input: Pick<DraftInput, 'alerts' | 'subjects' | 'plans' | 'incident'>, events: readonly NightEvent[]): Scope {
  const alerts = new Set(input.alerts.map((alert) => alert.id));
  const planned = new Map(input.plans.map((plan) => [plan.id, plan.subject.id]));
  // Ids of checks begin with that of their subject; this still tells it when the check has left the plan.
  const subjectOf = (check: string): string => planned.get(check) ?? check.split('/')[0] ?? check;

  const checks = new Map<string, Set<string>>(input.alerts.map((alert) => [alert.id, new Set(alert.checks)]));
  const merged = new Map<string, { event: Extract<NightEvent, { kind: 'alert-merged' }>; within: boolean }>();
  const add = (alert: string, ids: readonly string[]): void => {
    const known = checks.get(alert);
    if (known) for (const id of ids) known.add(id);
    else checks.set(alert, new Set(ids));
  };
  for (const event of events) {
    if (event.kind === 'alert-raised') add(event.payload.alert, event.payload.checks);
    else if (event.kind === 'alert-updated') add(event.payload.alert, event.payload.joined);
    else if (event.kind === 'alert-merged') merged.set(event.payload.alert, { event, within: alerts.has(event.payload.into) });
  }
  const others = new Set([...checks].flatMap(([alert, ids]) => (alerts.has(alert) ? [] : [...ids])));
  const none: ReadonlySet<string> = new Set();
  const checksOf = (alert: string): ReadonlySet<string> => checks.get(alert) ?? none;

  const own = input.alerts.filter((alert) => !merged.get(alert.id)?.within);
  const byId = new Map(input.alerts.map((alert) => [alert.id, alert]));
  const roots = new Set(own.flatMap((alert) => [...checksOf(alert.id)]));
  const named = namedBy(input);
  const subjects = new Set([...own.map((alert) => alert.subject.id), ...[...roots].map(subjectOf), ...named]);

  const consequences = new Map<string, Alert>();
  for (const alert of own) {
    // Behind a desk that is cut off lies everything: that is not known, which is another thing than not reached.
    if (alert.subject.kind === 'desk') continue;
    for (const id of alert.consequences) if (!roots.has(id)) consequences.set(id, alert);
  }
  for (const [id, { event, within }] of merged) {
    const into = within && byId.get(event.payload.into);
    if (into) for (const check of checksOf(id)) if (!roots.has(check)) consequences.set(check, into);
  }
  const behind = new Map<string, Alert>();
  const reached = reachedFrom(input.subjects);
  for (const alert of own) {
    const failed = [...new Set([...checksOf(alert.id)].map(subjectOf))];
    for (const id of reached(failed)) if (!subjects.has(id) && !behind.has(id)) behind.set(id, alert);
  }
  for (const [id, alert] of consequences) if (!subjects.has(subjectOf(id))) behind.set(subjectOf(id), alert);
  const legs = new Map(input.subjects.flatMap(({ id, leg }) => (leg ? [[id, leg.entry] as const] : [])));
  const stacks = new Set([...roots].flatMap((check) => legs.get(subjectOf(check)) ?? []));
  return {
    alerts,
    subjects,
    roots,
    consequences,
    behind,
    checksOf,
    merged,
    isBeside: (subject) => !subjects.has(subject) && stacks.has(legs.get(subject) ?? ''),
    subjectOf,
    isOthers: (check) => others.has(check),
  };
}

/** What a person said the incident is about: of a site all that is there, of a mail entry its legs. */
function namedBy({ incident, subjects }: Pick<DraftInput, 'incident' | 'subjects'>): string[] {
  const said = new Set(incident?.subjects ?? []);
  if (said.size === 0) return [];
  return [...said, ...subjects.flatMap((it) => (placesOf(it).some((id) => said.has(id)) ? [it.id] : []))];
}

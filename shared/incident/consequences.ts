/** What failed only because something else did: told with that, and never counted as a failure of its own. */
import { placeOf } from '../alerting/names.ts';
import type { Alert } from '../model/alert.ts';
import { clean, count } from '../text.ts';
import type { Statement } from './draft.ts';
import { alertKey, few, namesList } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';

/** Ids of the subjects that could only not be reached, by alert. */
export function unreachedByAlert({ scope, consequences, blind }: IncidentFacts): Map<Alert, Set<string>> {
  const found = new Map<Alert, Set<string>>();
  const add = (alert: Alert | undefined, check: string): void => {
    const subject = scope.subjectOf(check);
    if (!alert || scope.subjects.has(subject)) return;
    found.set(alert, (found.get(alert) ?? new Set()).add(subject));
  };
  const unseeing = new Set(blind.map((spell) => spell.check));
  for (const [check, alert] of scope.consequences) if (!unseeing.has(check)) add(alert, check);
  for (const { check } of consequences) add(scope.consequences.get(check) ?? scope.behind.get(scope.subjectOf(check)), check);
  return found;
}

/**
 * "6 more things behind Cox at San Diego could not be reached: web sites of our customers, web1 …"
 * @param names of subjects by id, in reading order
 */
export function reachedStatements(
  input: DraftInput,
  facts: IncidentFacts,
  names: (ids: Iterable<string>) => string[],
): { statements: Statement[]; subjects: Set<string> } {
  const subjects = new Set<string>();
  const statements = [...unreachedByAlert(facts)].flatMap(([alert, all]): Statement[] => {
    // A thing behind two failures is told once.
    const ids = [...all].filter((id) => !subjects.has(id));
    if (ids.length === 0) return [];
    for (const id of ids) subjects.add(id);
    const text = `${count(ids.length, 'more thing')} behind ${rootOf(input, alert)} could not be reached: ${namesList(names(ids), 20)}.`;
    return [{ text, evidence: evidenceOf(input, alert) }];
  });
  return { statements, subjects };
}

/** "Cox at San Diego"; for an alert of a whole site what failed there. */
function rootOf(input: DraftInput, alert: Alert): string {
  const subject = input.subjects.find((it) => it.id === alert.subject.id);
  if (!subject) return clean(alert.subject.id, 120);
  if (subject.kind === 'site') return `what failed at ${clean(subject.name, 120)}`;
  return placeOf(subject, input.subjects.find((it) => it.id === subject.site)?.name ?? null);
}

/** The lines that say how much was unreachable because of the alert; its record where they are gone. */
function evidenceOf(input: DraftInput, alert: Alert): string[] {
  const lines = input.events.filter(
    (event) =>
      event.at <= input.to &&
      ((event.kind === 'alert-raised' && event.payload.alert === alert.id && event.payload.consequences > 0) ||
        (event.kind === 'alert-updated' && event.payload.alert === alert.id && event.payload.consequences.now > 0) ||
        (event.kind === 'alert-merged' && event.payload.into === alert.id)),
  );
  return lines.length > 0 ? few(lines.map((event) => event.id)) : [alertKey(alert.id)];
}

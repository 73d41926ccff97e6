/** What may have to do with the cause: the desk sees what fails and what came before, never why. */
import { capital } from '../alerting/names.ts';
import { placesOf } from '../health/graph.ts';
import type { Alert, Related } from '../model/alert.ts';
import type { NightEvent } from '../model/event.ts';
import { clean } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { Block, Statement } from './draft.ts';
import { alertKey } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import type { Times } from './times.ts';

const mostRelated = 10;
const mostNotes = 20;

/** People who wrote something down are quoted as what they are: people who said it. */
export function cause(input: DraftInput, facts: IncidentFacts, times: Times): Block[] {
  const near = nearOf(input, facts);
  const beside = besideStatements(input, facts, times, near);
  const notes = input.events.flatMap((event): Statement[] => {
    if (event.kind !== 'note' || event.at > input.to || !near(event)) return [];
    return [
      {
        text: `${clean(event.actor, 80)} wrote${about(input, event)} ${times.when(event.at)}: “${clean(event.payload.text, 1_000)}”`,
        evidence: [event.id],
      },
    ];
  });
  const gap: Block = {
    kind: 'gap',
    text: `What was the cause? The desk cannot know it.${beside.length > 0 ? ' What is listed here came at about that time, which does not make it the cause.' : ''}`,
  };
  const statements = [...beside.slice(0, mostRelated), ...notes.slice(0, mostNotes)];
  return statements.length > 0 ? [gap, { kind: 'list', statements }] : [gap];
}

const about = (input: DraftInput, { subject }: NightEvent): string =>
  subject ? ` on ${clean(input.subjects.find((it) => it.id === subject.id)?.name ?? subject.id, 120)}` : '';

/** Routines, changes and planned work that were there at about the time of the first symptom. */
function besideStatements(input: DraftInput, facts: IncidentFacts, times: Times, near: (event: NightEvent) => boolean): Statement[] {
  const begin = facts.firstSymptom?.at ?? facts.detection?.alerts[0]?.firstAt ?? null;
  const ago = (at: number): string => {
    if (begin === null) return '';
    return at === begin
      ? ', with the first symptom'
      : `, ${humanDuration(Math.abs(begin - at))} ${at < begin ? 'before' : 'after'} the first symptom`;
  };
  const changes = input.events.flatMap((event) => (event.kind === 'change' && event.at <= input.to && near(event) ? [event] : []));
  const found = changes.map((event) => ({
    at: event.at,
    text: `${clean(event.actor, 80)} made a change${about(input, event)} ${times.exact(event.at)}${ago(event.at)}: “${clean(event.payload.text, 500)}”`,
    evidence: [event.id],
  }));
  const told = new Set(changes.map((event) => event.at));
  const byText = new Map<string, { related: Related; alert: Alert }>();
  for (const alert of input.alerts)
    for (const related of alert.related) {
      const key = `${related.kind} ${related.at} ${related.text}`;
      // The line of the timeline says who made the change.
      if (!byText.has(key) && !(related.kind === 'change' && told.has(related.at))) byText.set(key, { related, alert });
    }
  for (const { related, alert } of byText.values()) {
    const what = clean(related.text, 300);
    const text = {
      routine: `${capital(what)} began ${times.exact(related.at)}${ago(related.at)}.`,
      maintenance: `Planned work stands beside it: “${what}”, ${times.exact(related.at)}${ago(related.at)}.`,
      change: `A change is on record: “${what}”, made ${times.exact(related.at)}${ago(related.at)}.`,
    }[related.kind];
    found.push({ at: related.at, text, evidence: [alertKey(alert.id)] });
  }
  return found.sort((a, b) => a.at - b.at).map(({ text, evidence }) => ({ text, evidence }));
}

/** Whether a line is about what failed, what carries it, what depends on it, its site, or the night as a whole. */
export function nearOf(input: DraftInput, { scope }: IncidentFacts): (event: NightEvent) => boolean {
  const ids = new Set<string>(scope.subjects);
  if (ids.size === 0) return () => true;
  for (const subject of input.subjects) {
    const needs = [...subject.hosts, ...subject.dependsOn.flat()];
    if (scope.subjects.has(subject.id)) for (const id of [...needs, ...placesOf(subject)]) ids.add(id);
    else if (needs.some((id) => scope.subjects.has(id))) ids.add(subject.id);
  }
  return (event) => event.subject === null || ids.has(event.subject.id);
}

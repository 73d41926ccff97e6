/** Which lines of the timeline belong to the story. */
import { placesOf } from '../health/graph.ts';
import { storyIds } from '../incidents/about.ts';
import type { NightEvent } from '../model/event.ts';
import type { Subject } from '../model/plan.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { tellings } from './telling.ts';

/** What is about its subjects, what carries or is carried by them, what was behind them, the desk itself, and words on the night as a whole. */
export function belongsTo(input: DraftInput, { scope, works }: IncidentFacts): (event: NightEvent) => boolean {
  if (input.alerts.length === 0) return () => true;
  const { alerts, subjects: ids } = scope;
  const needsOf = ({ hosts, dependsOn, leg }: Subject): string[] => [...hosts, ...dependsOn.flat(), ...(leg ? [leg.entry] : [])];
  const close = new Set<string>([...ids, ...scope.behind.keys()]);
  for (const subject of input.subjects) {
    if (ids.has(subject.id)) for (const id of needsOf(subject)) close.add(id);
    else if (needsOf(subject).some((id) => ids.has(id))) close.add(subject.id);
  }
  const windows = new Set(works.filter((work) => [...ids].some((id) => work.covers.has(id))).map((work) => work.window));
  const named = new Set(works.map((work) => work.window));
  // A silence or planned work on a whole site is about all that is there, on a mail entry about its legs.
  const places = new Set(input.subjects.flatMap((subject) => (ids.has(subject.id) ? placesOf(subject) : [])));
  const story = new Set(input.incident ? storyIds(input.incident) : []);
  const isNear = (id: string): boolean => ids.has(id) || places.has(id);

  const aboutSubject = ({ subject }: NightEvent): boolean => subject === null || subject.kind === 'desk' || close.has(subject.id);
  const unreached = (event: NightEvent): boolean => {
    if (!('check' in event.payload)) return false;
    const { check } = event.payload;
    return !scope.roots.has(check) && (scope.consequences.has(check) || scope.behind.has(scope.subjectOf(check)));
  };
  const whose = {
    night: () => true,
    incident: (event) => {
      if (!('incident' in event.payload)) return false;
      const { incident } = event.payload;
      if (incident === null) return aboutSubject(event);
      return input.incident ? story.has(incident) || ('into' in event.payload && story.has(event.payload.into)) : aboutSubject(event);
    },
    subject: aboutSubject,
    check: (event) => aboutSubject(event) && !unreached(event),
    alert: (event) =>
      ('alert' in event.payload && event.payload.alert !== null && alerts.has(event.payload.alert)) ||
      ('into' in event.payload && alerts.has(event.payload.into)) ||
      (event.subject !== null && ids.has(event.subject.id)),
    alerts: (event) => 'alerts' in event.payload && event.payload.alerts.some((id) => alerts.has(id)),
    subjects: (event) => 'subjects' in event.payload && Array.isArray(event.payload.subjects) && event.payload.subjects.some(isNear),
    window: (event) => {
      if (!('window' in event.payload)) return false;
      if ('affects' in event.payload && event.payload.affects.some(isNear)) return true;
      // Of work that no other line or record tells of, better one line too many.
      return windows.has(event.payload.window) || (!('affects' in event.payload) && !named.has(event.payload.window));
    },
  } satisfies Record<(typeof tellings)[keyof typeof tellings]['whose'], (event: NightEvent) => boolean>;
  return (event) => whose[tellings[event.kind].whose](event);
}

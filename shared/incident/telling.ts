/** How each kind of event is told in the table of a draft. Closed over all kinds: a new kind of event does not compile without its line. */
import type { EventNames } from '../model/describe-event.ts';
import type { EventKind, NightEvent } from '../model/event.ts';
import { clean } from '../text.ts';

type Of<K extends EventKind> = Extract<NightEvent, { kind: K }>;

/**
 * Whose story a line may belong to:
 * - `night`: everybody's.
 * - `subject`: that of its subject, and of what carries it or depends on it; everybody's where it has none.
 * - `check`: the same, but not where the check failed only because of something else.
 * - `alert`: that of its alert.
 * - `incident`: that of its incident; where it names none as `subject`.
 * - `alerts`: that of each alert it names; `subjects`: of each subject it names; `window`: of what the work affects.
 */
type Whose = 'night' | 'incident' | 'subject' | 'check' | 'alert' | 'alerts' | 'subjects' | 'window';

/** What happened to many things at about the same time may be folded together. */
export interface Crowd {
  name: string;
  noun: 'check' | 'alert' | 'message';
  seen: string | null;
  /** Only those of one key are folded together; left out = all of one kind. */
  key?: string;
}

interface Telling<K extends EventKind> {
  whose: Whose;
  /** What goes first when there is too much: 0 before 1 before 2, which is what people did. */
  weight: 0 | 1 | 2;
  /** Lines of one thread may be folded together; left out = never. */
  thread?: (event: Of<K>) => string;
  crowd?: (event: Of<K>, names: EventNames) => Crowd;
}

const ofCheck = (event: NightEvent & { payload: { check: string } }): string => `check:${event.payload.check}`;
const ofSubject = (event: NightEvent): string => `alert:${event.subject?.id}`;
const ofChannel = (event: NightEvent & { payload: { channel: string } }): string => `channel:${event.payload.channel}`;
const ofIncident = (event: NightEvent & { payload: { incident: string | null } }): string => `incident:${event.payload.incident}`;
const engine = () => 'engine';
const inventory = () => 'inventory';
const store = () => 'store';
const connection = () => 'connection';

const seen = (event: Of<'soft' | 'retry-ok' | 'hard'>, names: EventNames): Crowd => ({
  name: names.check(event.payload.check),
  noun: 'check',
  seen: event.payload.verdict.text,
});
const checkAlone = (event: NightEvent & { payload: { check: string } }, names: EventNames): Crowd => ({
  name: names.check(event.payload.check),
  noun: 'check',
  seen: null,
});
const alertAlone = (event: NightEvent & { payload: { title: string } }): Crowd => ({
  name: `“${event.payload.title}”`,
  noun: 'alert',
  seen: null,
});

/** One person's deed on many alerts at once; what others did or wrote stands apart. */
const commented = (event: Of<'acknowledged' | 'released'>): Crowd => ({
  ...alertAlone(event),
  seen: `“${event.payload.comment}”`,
  key: `${event.actor} ${event.payload.comment}`,
});

export const tellings: { [K in EventKind]: Telling<K> } = {
  'engine-started': { whose: 'night', weight: 0, thread: engine },
  'engine-stopped': { whose: 'night', weight: 0, thread: engine },
  'engine-crashed': { whose: 'night', weight: 1, thread: engine },
  gap: { whose: 'night', weight: 1, thread: () => 'gap' },
  'inventory-loaded': { whose: 'night', weight: 0, thread: inventory },
  'inventory-rejected': { whose: 'night', weight: 1, thread: inventory },
  'inventory-changed': { whose: 'subject', weight: 2 },
  soft: { whose: 'check', weight: 0, thread: ofCheck, crowd: seen },
  'retry-ok': { whose: 'check', weight: 0, thread: ofCheck, crowd: seen },
  hard: { whose: 'check', weight: 1, thread: ofCheck, crowd: seen },
  stale: { whose: 'check', weight: 0, thread: ofCheck, crowd: checkAlone },
  fresh: { whose: 'check', weight: 0, thread: ofCheck, crowd: checkAlone },
  observed: { whose: 'subject', weight: 1 },
  traced: { whose: 'alert', weight: 1, thread: (event) => `trace:${event.payload.target}` },
  'flapping-started': { whose: 'check', weight: 1, thread: ofCheck, crowd: checkAlone },
  'flapping-stopped': { whose: 'check', weight: 1, thread: ofCheck, crowd: checkAlone },
  'desk-cut-off': { whose: 'night', weight: 1, thread: connection },
  'desk-connected': { whose: 'night', weight: 1, thread: connection },
  'alert-raised': { whose: 'alert', weight: 1, thread: ofSubject, crowd: alertAlone },
  'alert-updated': { whose: 'alert', weight: 1, thread: ofSubject },
  // The turns of the story keep those that named it (namings.ts); how the desk came to it is read by few.
  diagnosed: { whose: 'alert', weight: 0, thread: (event) => `diagnosis:${event.payload.alert}` },
  'alert-merged': { whose: 'alert', weight: 1, thread: ofSubject, crowd: alertAlone },
  'alert-recovered': { whose: 'alert', weight: 1, thread: ofSubject, crowd: alertAlone },
  'alert-closed': { whose: 'alert', weight: 1 },
  acknowledged: { whose: 'alert', weight: 2, crowd: commented },
  released: { whose: 'alert', weight: 2, crowd: commented },
  'acknowledgement-cleared': { whose: 'alert', weight: 1, thread: ofSubject },
  silenced: { whose: 'subjects', weight: 2 },
  'silence-ended': { whose: 'subjects', weight: 1 },
  escalated: { whose: 'alert', weight: 1, thread: ofSubject },
  notified: {
    whose: 'alerts',
    weight: 0,
    thread: () => 'told',
    crowd: ({ payload: { to, channel } }) => ({ name: to === null ? channel : `${to} over ${channel}`, noun: 'message', seen: null }),
  },
  'notify-failed': { whose: 'night', weight: 1, thread: ofChannel },
  'notify-recovered': { whose: 'night', weight: 0, thread: ofChannel },
  'rota-hole': { whose: 'night', weight: 1, thread: (event) => `rota:${event.payload.rota}` },
  'maintenance-planned': { whose: 'window', weight: 2 },
  'maintenance-changed': { whose: 'window', weight: 2 },
  'maintenance-started': { whose: 'window', weight: 1 },
  'maintenance-ended': { whose: 'window', weight: 1 },
  'maintenance-overrun': { whose: 'window', weight: 1 },
  change: { whose: 'subject', weight: 2 },
  note: { whose: 'subject', weight: 2 },
  'incident-opened': { whose: 'incident', weight: 2 },
  'incident-changed': { whose: 'incident', weight: 1, thread: ofIncident },
  'incident-status': { whose: 'incident', weight: 2 },
  'incident-joined': { whose: 'incident', weight: 1, thread: ofIncident },
  'incident-left': { whose: 'incident', weight: 1, thread: ofIncident },
  'incident-merged': { whose: 'incident', weight: 2 },
  logged: { whose: 'incident', weight: 2 },
  drafted: { whose: 'incident', weight: 0, thread: ofIncident },
  exported: { whose: 'night', weight: 2 },
  'store-set-aside': { whose: 'night', weight: 1 },
  'store-write-failed': { whose: 'night', weight: 1, thread: store },
  'store-write-recovered': { whose: 'night', weight: 1, thread: store },
  'probe-bug': { whose: 'check', weight: 1, thread: ofCheck },
};

/** Lines of one thread may be folded together; null = never. */
export const threadOf = (event: NightEvent): string | null =>
  (tellings[event.kind] as Telling<EventKind>).thread?.(event as Of<EventKind>) ?? null;

/** What goes first when there is too much: 0 before 1 before 2. */
export const weightOf = (event: NightEvent): 0 | 1 | 2 => tellings[event.kind].weight;

/** How one event is told. */
export function tellingOf(event: NightEvent, names: EventNames): { whose: Whose; weight: 0 | 1 | 2; crowd: Crowd | null } {
  const { whose, weight, crowd } = tellings[event.kind] as Telling<EventKind>;
  const found = crowd?.(event as Of<EventKind>, names) ?? null;
  return { whose, weight, crowd: found && { ...found, name: clean(found.name, 200) } };
}

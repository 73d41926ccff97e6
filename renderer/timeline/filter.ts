/** What the timeline's filter lets through, here for events that come live; the engine filters older ones the same way. */
import { describeEvent, type EventNames } from '../../shared/model/describe-event.ts';
import { type EventKind, eventKinds, type NightEvent } from '../../shared/model/event.ts';
import { dayKey } from '../../shared/time.ts';
import type { TimelineFilter } from '../state/view.ts';

export const categories = ['alerts', 'checks', 'people', 'incidents', 'planned', 'told', 'desk'] as const;
export type Category = (typeof categories)[number];
export const categoryTitles: Record<Category, string> = {
  alerts: 'Alerts',
  checks: 'Checks',
  people: 'People',
  incidents: 'Incidents',
  planned: 'Planned work',
  told: 'Messages',
  desk: 'Nightdesk',
};

/** Which part of the filter each kind of event belongs to; closed, so that a new kind cannot be forgotten. */
const categoryOf: Record<EventKind, Category> = {
  'engine-started': 'desk',
  'engine-stopped': 'desk',
  'engine-crashed': 'desk',
  gap: 'desk',
  'inventory-loaded': 'desk',
  'inventory-rejected': 'desk',
  'inventory-changed': 'people',
  soft: 'checks',
  'retry-ok': 'checks',
  hard: 'checks',
  stale: 'checks',
  fresh: 'checks',
  observed: 'checks',
  traced: 'checks',
  'flapping-started': 'checks',
  'flapping-stopped': 'checks',
  'desk-cut-off': 'desk',
  'desk-connected': 'desk',
  'alert-raised': 'alerts',
  'alert-updated': 'alerts',
  'alert-recovered': 'alerts',
  'alert-closed': 'alerts',
  diagnosed: 'alerts',
  'alert-merged': 'alerts',
  acknowledged: 'people',
  released: 'people',
  'acknowledgement-cleared': 'alerts',
  silenced: 'people',
  'silence-ended': 'people',
  escalated: 'told',
  notified: 'told',
  'notify-failed': 'told',
  'notify-recovered': 'told',
  'rota-hole': 'told',
  'maintenance-planned': 'planned',
  'maintenance-changed': 'planned',
  'maintenance-started': 'planned',
  'maintenance-ended': 'planned',
  'maintenance-overrun': 'planned',
  change: 'people',
  note: 'people',
  'incident-opened': 'incidents',
  'incident-changed': 'incidents',
  'incident-status': 'incidents',
  'incident-joined': 'incidents',
  'incident-left': 'incidents',
  'incident-merged': 'incidents',
  logged: 'incidents',
  drafted: 'incidents',
  exported: 'incidents',
  'store-set-aside': 'desk',
  'store-write-failed': 'desk',
  'store-write-recovered': 'desk',
  'probe-bug': 'desk',
};

/** The kinds of some categories; null (all) for none or all of them. */
export function kindsOf(chosen: readonly Category[]): EventKind[] | null {
  if (chosen.length === 0 || chosen.length === categories.length) return null;
  return eventKinds.filter((kind) => chosen.includes(categoryOf[kind]));
}

/** The categories whose kinds are let through; none for "all". */
export const categoriesOf = (kinds: readonly EventKind[] | null): Category[] =>
  kinds === null ? [] : categories.filter((category) => kinds.some((kind) => categoryOf[kind] === category));

export function passes(event: NightEvent, filter: TimelineFilter, names: EventNames): boolean {
  if (filter.kinds && !filter.kinds.includes(event.kind)) return false;
  if (filter.subjects && !(event.subject && filter.subjects.includes(event.subject.id))) return false;
  const text = filter.text.trim().toLowerCase();
  if (text === '') return true;
  const words = describeEvent(event, names);
  return `${words.label} ${words.text} ${event.actor}`.toLowerCase().includes(text);
}

export type Line = { key: string; day: number } | { key: string; event: NightEvent };

/** Events, newest first, with a line before each new day of the zone. */
export function withDays(events: readonly NightEvent[], zone: string): Line[] {
  const lines: Line[] = [];
  let day = '';
  for (const event of events) {
    const key = dayKey(event.at, zone);
    if (key !== day) {
      day = key;
      // The id too: an event that is written late (a gap) may stand between two of another day.
      lines.push({ key: `${key} ${event.id}`, day: event.at });
    }
    lines.push({ key: event.id, event });
  }
  return lines;
}

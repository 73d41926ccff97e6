/** Which lines of the timeline stand on the page of an incident. */
import { type EventKind, eventKinds, type NightEvent, payloadSchemas } from '../model/event.ts';
import type { Incident } from '../model/incident.ts';

const kindsWith = (field: string): EventKind[] => eventKinds.filter((kind) => field in payloadSchemas[kind].shape);

/** Kinds that name their incident themselves. */
export const ownKinds: EventKind[] = kindsWith('incident');
/** Kinds that name alerts. */
export const alertKinds: EventKind[] = [...kindsWith('alert'), ...kindsWith('alerts')].filter((kind) => !ownKinds.includes(kind));

/** The incident's own id, and those of what went on as part of it. */
export const storyIds = (incident: Pick<Incident, 'id' | 'merged'>): string[] => [incident.id, ...(incident.merged ?? [])];

/** Its own lines and those of what was merged into it, and what happened to its alerts. */
export function isAbout(event: NightEvent, incident: Pick<Incident, 'id' | 'merged' | 'alerts'>): boolean {
  const { payload } = event;
  if ('incident' in payload) {
    const ids = storyIds(incident);
    return (payload.incident !== null && ids.includes(payload.incident)) || ('into' in payload && ids.includes(payload.into));
  }
  if ('alert' in payload && payload.alert !== null) return incident.alerts.includes(payload.alert);
  return 'alerts' in payload && payload.alerts.some((id) => incident.alerts.includes(id));
}

/**
 * Who leads what is being done about an alert: the lead of the incident that it is part of, while people work on it.
 * @returns null where there is none, nobody leads it, or it is called resolved
 */
export function leadOf(incidents: Readonly<Record<string, Incident>>, alert: string): string | null {
  for (const { alerts, lead, status, mergedInto } of Object.values(incidents))
    if (mergedInto === null && status !== 'resolved' && status !== 'reported' && alerts.includes(alert)) return lead;
  return null;
}

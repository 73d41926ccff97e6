/** One incident with all that its page shows: asked of the engine, and kept up with what comes live. */
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { DocumentInfo } from '../../shared/contract.ts';
import { isAbout } from '../../shared/incidents/about.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { newestEvents } from '../state/derive.ts';
import { useLive } from '../state/live.ts';

export interface IncidentStory {
  incident: Incident | null;
  /** Its alerts, the newest state of each; those that are not known any more are left out. */
  alerts: Alert[];
  /** As the engine answered, oldest first; what came since is in `live`. */
  events: readonly NightEvent[];
  live: readonly NightEvent[];
  documents: readonly DocumentInfo[];
  asking: boolean;
  failure: string | null;
  again(): void;
}

const nothing: never[] = [];
/** Documents change without an event while somebody writes in another window. */
const renewMs = 60_000;

export function useIncident(id: string): IncidentStory {
  const shown = useLive((live) => live.tables.incidents[id]);
  const drafted = useLive(
    (live) => newestEvents(live.tables.events).find((event) => event.kind === 'drafted' && event.payload.incident === id)?.id ?? null,
  );
  // What else belongs to it changes with these.
  const version = JSON.stringify([shown?.alerts ?? null, shown?.merged ?? null, drafted]);
  const asked = useAsk(`incident ${id}`, () => engine.incident({ incident: id }), { version, everyMs: renewMs });
  const incident = shown ?? asked.value?.incident ?? null;
  const live = useLive(
    useShallow((it) => (incident ? newestEvents(it.tables.events).filter((event) => isAbout(event, incident)) : (nothing as NightEvent[]))),
  );
  const ids = incident?.alerts ?? nothing;
  const liveAlerts = useLive(useShallow((it) => ids.flatMap((alert) => it.tables.alerts[alert] ?? [])));
  const alerts = useMemo(() => {
    const newest = new Map([...(asked.value?.alerts ?? []), ...liveAlerts].map((alert) => [alert.id, alert]));
    return ids.flatMap((alert) => newest.get(alert) ?? []);
  }, [asked.value, liveAlerts, ids]);
  return {
    incident,
    alerts,
    events: asked.value?.events ?? nothing,
    live,
    documents: asked.value?.documents ?? nothing,
    asking: asked.asking,
    failure: asked.failure,
    again: asked.again,
  };
}

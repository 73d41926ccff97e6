/** Incidents: what people take on as one story, its log, and what of it every window sees. */
import type { Handlers, Reply } from '../../shared/bind.ts';
import type { DocumentInfo, EngineContract } from '../../shared/contract.ts';
import { countGaps } from '../../shared/documents/gaps.ts';
import { alertKinds, isAbout, ownKinds, storyIds } from '../../shared/incidents/about.ts';
import { changeIncident } from '../../shared/incidents/change.ts';
import { addLog } from '../../shared/incidents/log.ts';
import { beginningOf, endOf, type Known, openIncident } from '../../shared/incidents/open.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, EventKind, NightEvent } from '../../shared/model/event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { fail, ok } from '../../shared/result.ts';
import { DAY, HOUR } from '../../shared/time.ts';
import type { KeptIncident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Decided, Journal } from './journal.ts';
import type { Publisher } from './publisher.ts';

type Wanted = 'openIncident' | 'changeIncident' | 'log' | 'incident' | 'incidents';

export interface Incidents {
  handlers: Pick<Handlers<EngineContract>, Wanted>;
  /** Takes in what was written with the journal: windows see it from now on. */
  keep(all: readonly KeptIncident[]): void;
  /** An alert that goes on as part of another one takes its incident with it. */
  settled(events: readonly (EventDraft | NightEvent)[]): void;
  get(id: string): Incident | null;
}

/** Windows see those that want something, and those of this time. */
const shownForMs = 30 * DAY;
const mostShown = 200;
const mostEvents = 2_000;
/** Lines are seldom dated back further before the beginning; those are looked for in another way. */
const datedBackMs = 7 * DAY;

/** Whether it still wants something of somebody. */
const isUnfinished = (it: Incident): boolean => it.status !== 'reported' || it.owed.some((owed) => owed.receivedAt === null);

export function createIncidents(options: {
  clock: Clock;
  newId: () => string;
  store: Pick<Store, 'alertsById' | 'incident' | 'incidents' | 'events' | 'toldBefore' | 'papers'>;
  journal: Pick<Journal, 'incident'>;
  /** Writes an event down and shows it. */
  tell(draft: EventDraft): void;
  publisher: Publisher;
  flush(): void;
  keepOnDisk(events: EventDraft[], decided?: Decided): Reply<null>;
}): Incidents {
  const { clock, newId, store, publisher } = options;
  /** The incident of each alert, for those that windows see. */
  const byAlert = new Map<string, string>();

  const alertsOf = (it: Incident): Alert[] => {
    const live = it.alerts.flatMap((id) => publisher.get('alerts', id) ?? []);
    if (live.length === it.alerts.length) return live;
    return [...store.alertsById(it.alerts.filter((id) => !publisher.get('alerts', id))), ...live];
  };
  const kept = (incident: Incident): KeptIncident => {
    const alerts = alertsOf(incident);
    return { incident, began: beginningOf(incident, alerts), ended: endOf(incident, alerts) };
  };
  const get = (id: string): Incident | null => publisher.get('incidents', id) ?? store.incident(id);

  const hide = (id: string): void => {
    publisher.drop('incidents', id);
    for (const [alert, of] of byAlert) if (of === id) byAlert.delete(alert);
  };
  const show = (incident: Incident): void => {
    for (const [alert, of] of byAlert) if (of === incident.id) byAlert.delete(alert);
    const old = incident.openedAt < clock.now() - shownForMs && (incident.resolvedAt ?? 0) < clock.now() - shownForMs;
    if (incident.mergedInto !== null || (old && !isUnfinished(incident))) {
      publisher.drop('incidents', incident.id);
      return;
    }
    publisher.put('incidents', incident.id, incident);
    for (const alert of incident.alerts) byAlert.set(alert, incident.id);
    const all = Object.values(publisher.tables.incidents);
    if (all.length <= mostShown) return;
    const first = all.toSorted((a, b) => Number(isUnfinished(a)) - Number(isUnfinished(b)) || a.openedAt - b.openedAt)[0];
    if (first && first.id !== incident.id) hide(first.id);
  };
  /** Also those that began "in the future": the clock may have been set back since. */
  const stored = (): Incident[] => store.incidents(0, Number.MAX_SAFE_INTEGER);
  for (const incident of stored().reverse()) show(incident);

  const known = (): Known & { incident(id: string): Incident | undefined } => {
    /** Read once for a request with a thousand alerts. */
    let older: Map<string, Incident> | undefined;
    const olderOf = (alert: string): Incident | undefined => {
      older ??= new Map(stored().flatMap((it) => (it.mergedInto === null ? it.alerts.map((id) => [id, it] as const) : [])));
      return older.get(alert);
    };
    return {
      now: clock.now(),
      alert: (id) => publisher.get('alerts', id) ?? store.alertsById([id])[0],
      subject: (id) => publisher.get('subjects', id)?.name,
      incidentOf: (alert) => {
        const id = byAlert.get(alert);
        return id === undefined ? olderOf(alert) : publisher.get('incidents', id);
      },
      incident: (id) => get(id) ?? undefined,
    };
  };
  const missing: Reply<never> = fail({ code: 'no-such-incident', text: 'There is no such incident any more. Nothing was changed.' });
  const write = (events: EventDraft[], incidents: readonly Incident[]): Reply<null> =>
    options.keepOnDisk(events, { incidents: incidents.map(kept) });

  return {
    get,
    keep(all) {
      for (const { incident } of all) show(incident);
    },
    settled(events) {
      for (const event of events) {
        if (event.kind !== 'alert-merged') continue;
        const id = byAlert.get(event.payload.alert);
        const incident = id === undefined ? undefined : publisher.get('incidents', id);
        const { into, intoTitle } = event.payload;
        if (!incident || incident.alerts.includes(into) || byAlert.has(into)) continue;
        const next = { ...incident, alerts: [...incident.alerts, into] };
        const payload = { incident: incident.id, title: incident.title, alerts: [into], titles: [intoTitle] };
        options.tell({ kind: 'incident-joined', at: clock.now(), subject: null, actor: 'engine', payload });
        options.journal.incident(kept(next));
        show(next);
      }
    },
    handlers: {
      openIncident(input) {
        const id = newId();
        const made = openIncident(input, known(), id);
        if (!made.ok) return made;
        const written = write(made.value.events, [made.value.incident]);
        return written.ok ? ok({ id }) : written;
      },
      changeIncident({ incident, by, reason, change }) {
        const found = get(incident);
        if (!found) return missing;
        const changed = changeIncident(found, change, { by, reason }, known());
        return changed.ok ? write(changed.value.events, changed.value.incidents) : changed;
      },
      log({ incident, by, at, entry }) {
        const found = incident === null ? null : get(incident);
        if (incident !== null && !found) return missing;
        const added = addLog(found, entry, { by, at }, { now: clock.now(), id: newId() });
        return added.ok ? write(added.value.events, added.value.incident ? [added.value.incident] : []) : added;
      },
      incident({ incident: id }) {
        options.flush();
        const incident = get(id);
        if (!incident) return missing;
        const alerts = alertsOf(incident);
        const { began, ended } = kept(incident);
        // Always with an end: with both ends the store goes by time, with one it walks a year of lines (130 ms for 600,000; 3 ms so).
        const read = (kinds: EventKind[], from: number, to: number | null, text: string | null): NightEvent[] =>
          store
            .events({
              before: null,
              limit: mostEvents,
              kinds,
              subjects: null,
              text,
              from: Math.max(0, from),
              to: to ?? Number.MAX_SAFE_INTEGER,
            })
            .filter((event) => isAbout(event, incident));
        // Each apart: neither a storm of alerts nor another long incident must push out what people wrote.
        const first = Math.max(0, Math.min(began, incident.openedAt) - datedBackMs);
        const events = [
          ...storyIds(incident).flatMap((own) => [
            ...store.toldBefore(first, own, mostEvents).filter((event) => isAbout(event, incident)),
            ...read(ownKinds, first, null, own),
          ]),
          ...read(alertKinds, began - HOUR, ended === null ? null : ended + HOUR, null),
        ];
        // A merging names two of its ids.
        const once = [...new Map(events.map((event) => [event.id, event])).values()]
          .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
          .slice(-mostEvents);
        const documents = storyIds(incident)
          .flatMap((own) => store.papers({ incident: own }))
          .map(
            (it): DocumentInfo => ({
              id: it.id,
              kind: it.kind,
              title: it.title,
              options: it.options,
              revision: it.revision,
              savedAt: it.savedAt,
              savedBy: it.savedBy,
              gaps: countGaps(it),
            }),
          );
        return ok({ incident, alerts, events: once, documents });
      },
      incidents({ from, to }) {
        options.flush();
        return ok(store.incidents(from, to));
      },
    },
  };
}

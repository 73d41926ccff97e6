/** A night of test/support/draft-cases.ts as a desk would have kept it: a real store in a folder. */
import { openStore, type Store } from '../../electron/store/store.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { plan as planOf } from './plans.ts';
import { incidentOf as anIncident } from './report-cases.ts';

const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

/** The incident of a night: taken on by Kim, over where its alerts are. */
export const incidentOf = (night: DraftInput, more: Partial<Incident> = {}): Incident =>
  anIncident({
    id: '01INCIDENT',
    title: 'Web sites were down',
    severity: 'major',
    lead: 'Kim',
    status: night.alerts.every((it) => it.endedAt !== null) ? 'resolved' : 'investigating',
    // Some minutes into it, as people do.
    openedAt: Math.min(...night.alerts.map((it) => it.firstAt)) + 180_000,
    alerts: night.alerts.map((it) => it.id),
    ...more,
  });

/** Keeps it: its lines, alerts and plan, a result of every check each 30 s (down while its alert was), the incident and planned work. */
export function keepNight(
  folder: string,
  night: DraftInput,
  { incidents = [] as Incident[], windows = [] as MaintenanceWindow[] } = {},
): Store {
  const opened = openStore({ folder, now: () => night.now, retention: forever });
  if (!opened.ok) throw new Error(opened.failure.text);
  const { store } = opened.value;
  const plan = planOf({ organization: { ...night.organization, timezone: night.zone }, subjects: night.subjects, checks: night.plans });
  const isDown = (check: string, at: number): boolean =>
    night.alerts.some((it) => it.checks.includes(check) && it.firstAt <= at && at < (it.endedAt ?? night.now));
  const samples = night.plans.flatMap((check) => {
    const all = [];
    for (let at = night.from; at <= night.to; at += 30_000) {
      const down = isDown(check.id, at);
      all.push({
        check: check.id,
        at,
        vantage: 'desk',
        value: down ? null : 12 + ((at / 30_000) % 7),
        state: down ? ('down' as const) : ('ok' as const),
        detail: null,
      });
    }
    return all;
  });
  const written = store.commit({
    samples,
    events: night.events,
    alerts: night.alerts,
    windows,
    incidents: incidents.map((incident) => {
      const own = night.alerts.filter((it) => incident.alerts.includes(it.id));
      return { incident, began: beginningOf(incident, own), ended: endOf(incident, own) };
    }),
    documents: [['plan', JSON.stringify(plan)]],
  });
  if (!written.ok) throw new Error(written.failure.text);
  return store;
}

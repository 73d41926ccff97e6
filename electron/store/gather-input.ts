/** Gathers what facts and drafts are made of from the store: all that people did, and of what checks did as much as it takes. */
import type { DraftInput } from '../../shared/incident/input.ts';
import { type MonthUptime, monthsOf } from '../../shared/incident/sla.ts';
import { storyIds } from '../../shared/incidents/about.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { type EventKind, eventKinds, type NightEvent } from '../../shared/model/event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { readUptime, type UptimeStore } from './make-uptime.ts';
import { toldKinds } from './migrations/0006-told-events.ts';
import type { StoreReader } from './store.ts';

export type InputStore = UptimeStore &
  Pick<
    StoreReader,
    'alerts' | 'alertsById' | 'events' | 'coverage' | 'windows' | 'toldEvents' | 'toldBefore' | 'countLight' | 'runs' | 'lastMeasured'
  >;

export interface About {
  alerts: Alert[];
  from: number;
  /** null = it lasts. */
  to: number | null;
  /** Not a minute more than that. */
  exact?: boolean;
  title: string | null;
  zone: string;
  incident?: Incident | null;
}

/** What people write a little after the last recovery often belongs to the story. */
const afterMs = 10 * MINUTE;
/** Changes and planned work are looked at for so long before. */
const earlierMs = 7 * DAY;
/** Far more than a person reads; the draft folds runs of the same anyway, and says where they begin. */
const mostEvents = 60_000;
/** So many lines of people and of planned work, weeks of a busy desk. */
const mostTold = 5_000;
/** More lines of single results than this are read for the beginning only; the rest is counted. */
const mostLight = 4_000;
const beginningMs = 15 * MINUTE;

const light: ReadonlySet<EventKind> = new Set(['soft', 'retry-ok', 'stale', 'fresh']);
const told: ReadonlySet<EventKind> = new Set(toldKinds);
/** What alerts and the desk itself did: told whole however much checks came and went. */
const machine = eventKinds.filter((kind) => !light.has(kind) && !told.has(kind) && kind !== 'hard');

/** Reads everything that facts and drafts are made of. @param now epoch ms */
export function gatherInput(store: InputStore, plan: Plan, about: About, now: number): DraftInput {
  const { alerts, from, title, zone, incident = null } = about;
  const to = about.to === null ? now : Math.min(now, about.exact ? about.to : about.to + afterMs);
  const checks = plan.checks.map((check) => check.id);
  const { events, cut, leftOut, earlier } = eventsOf(store, { from, to, now, incident });
  return {
    organization: plan.organization,
    zone,
    from,
    to,
    now,
    title: title || null,
    incident,
    alerts,
    events,
    eventsCut: cut,
    earlier,
    leftOut,
    subjects: plan.subjects,
    plans: plan.checks,
    coverage: Object.fromEntries(store.coverage(checks, from, to)),
    windows: mergeWindows(plan.maintenance ?? [], store.windows()),
    routines: plan.routines ?? [],
    seen: seenOf(store, plan, events, alerts, from, to),
    backups: backupsOf(store, plan, from),
    months: monthsIn(store, plan, from, to, now),
  };
}

function eventsOf(
  store: InputStore,
  { from, to, now, incident }: { from: number; to: number; now: number; incident: Incident | null },
): { events: NightEvent[]; cut: boolean; leftOut: number; earlier: NightEvent[] } {
  const begin = Math.max(0, from - HOUR);
  const read = (kinds: readonly EventKind[], until: number, limit: number): NightEvent[] =>
    store.events({ before: null, limit, kinds: [...kinds], subjects: null, text: null, from: begin, to: until }).reverse();
  const said = store.toldEvents(Math.max(0, from - earlierMs), Math.max(to, now), mostTold);
  const all = read([...machine, 'hard'], to, mostEvents);
  // Where checks came and went more often than that, what was told of it is read whole all the same.
  const cut = all.length === mostEvents;
  const lines = cut ? unique([...read(machine, to, mostEvents), ...all]) : all;
  const n = store.countLight(begin, to);
  const singles = read([...light], n > mostLight ? Math.min(to, from + beginningMs) : to, mostLight);
  const own = incident ? storyIds(incident) : [];
  // What was written after the end, or is dated before the beginning, belongs to the story where it says so.
  const isOwn = (event: NightEvent): boolean =>
    'incident' in event.payload && event.payload.incident !== null && own.includes(event.payload.incident);
  const within = said.filter((event) => (event.at >= begin && event.at <= to) || isOwn(event));
  const longAgo = own.flatMap((id) => store.toldBefore(from - earlierMs, id, mostTold)).filter(isOwn);
  return {
    events: inOrder(unique([...longAgo, ...lines, ...singles, ...within])),
    cut,
    leftOut: n - singles.length,
    earlier: said.filter((event) => event.at < begin && (event.kind === 'change' || event.kind.startsWith('maintenance-'))),
  };
}

const unique = (events: readonly NightEvent[]): NightEvent[] => [...new Map(events.map((event) => [event.id, event])).values()];

/** In the order in which they were written: a clock that jumps must not mix them up. What was dated back stands where it happened. */
function inOrder(events: NightEvent[]): NightEvent[] {
  const isBack = (event: NightEvent): boolean => event.kind === 'logged' && event.payload.enteredAt !== null;
  const straight = events.filter((event) => !isBack(event)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const back = events.filter(isBack).sort((a, b) => a.at - b.at);
  if (back.length === 0) return straight;
  const ordered: NightEvent[] = [];
  let next = 0;
  for (const event of straight) {
    for (let one = back[next]; one && one.at < event.at; next += 1, one = back[next]) ordered.push(one);
    ordered.push(event);
  }
  return [...ordered, ...back.slice(next)];
}

/** Of these the reason matters that they fail for: the wrong page is another thing than none, and a queue tells how late mail comes. */
const reasoned: ReadonlySet<string> = new Set(['http', 'dns', 'queue']);
const mostSeen = 20;
const mostRuns = 200;

function seenOf(store: InputStore, plan: Plan, events: readonly NightEvent[], alerts: readonly Alert[], from: number, to: number) {
  const failed = new Set(alerts.flatMap((alert) => alert.checks));
  for (const event of events) if (event.kind === 'hard' && event.payload.to !== 'ok') failed.add(event.payload.check);
  const rank = (check: PlannedCheck): number => (check.type === 'queue' ? 0 : check.subject.kind === 'host' ? 2 : 1);
  const chosen = plan.checks
    .filter((check) => reasoned.has(check.type) && failed.has(check.id))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, mostSeen);
  return Object.fromEntries(
    chosen.flatMap((check) => {
      const runs = store.runs(check.id, from, to, mostRuns);
      // Results are kept for a week; without them the hard states tell.
      return runs.length > 0 ? [[check.id, runs] as const] : [];
    }),
  );
}

const mostBackups = 200;

/** Backup checks measure the age of what could be restored, in hours. */
function backupsOf(store: InputStore, plan: Plan, from: number): DraftInput['backups'] {
  const checks = plan.checks.filter((check) => check.type === 'backup').slice(0, mostBackups);
  return Object.fromEntries(
    checks.flatMap((check) => {
      const last = store.lastMeasured(check.id, from);
      return last ? [[check.id, { at: last.at, newestAt: Math.round(last.at - last.value * HOUR) }] as const] : [];
    }),
  );
}

const mostMonths = 3;

/** Only where something has an SLA: a month of a thousand checks takes a while to read. */
function monthsIn(store: InputStore, plan: Plan, from: number, to: number, now: number): MonthUptime[] {
  const promised = plan.subjects.filter((it) => it.sla).map((it) => it.id);
  if (promised.length === 0 || to <= from) return [];
  return monthsOf(from, to, plan.organization.timezone, mostMonths).flatMap((month) =>
    month.from >= now
      ? []
      : [
          {
            ...month,
            report: readUptime(store, plan, { from: month.from, to: Math.min(month.to, now), subjects: promised, detail: promised }),
          },
        ],
  );
}

/**
 * Who is told what, and when: a pure state machine over plain JSON, in the manner of Alertmanager (group wait, interval, repeat). The
 * stages stand in `dispatch` in their order; each changes the copy it is given.
 */
import { behindOf } from '../alerting/behind.ts';
import { silencedSubjects, silencedUntil } from '../alerting/silence.ts';
import { behindSentence } from '../diagnosis/behind-words.ts';
import type { Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import type { Silence } from '../model/maintenance.ts';
import type { NotifyConfig } from '../model/notify.ts';
import { MINUTE } from '../time.ts';
import { takeSteps } from './escalate.ts';
import type { Item } from './message.ts';
import { dropGone, handOut, longestBackOffMs } from './outbox.ts';
import { tellRecoveries } from './recover.ts';
import { onCall } from './rota.ts';
import { type Places, routesAt } from './route.ts';
import { copyOf, type Delivery, type DispatchState, type Tracked } from './state.ts';
import { tellProblems } from './tell.ts';

export interface DispatchInput {
  /** Every alert that is open, and those that ended since the last time. One that is in neither counts as ended. */
  alerts: readonly Alert[];
  silences: readonly Silence[];
  config: NotifyConfig;
  graph: Places;
  /** Whether a check is still in the inventory. */
  isWatched(check: string): boolean;
  organization: { name: string; timezone: string };
  now: number;
  newId: () => string;
}
export interface Dispatched {
  state: DispatchState;
  /** To be sent now; each is settled by settleDelivery. */
  deliveries: Delivery[];
  events: EventDraft[];
  /** Alerts that went up the ladder, with how many steps they have taken. */
  escalated: { alert: string; step: number }[];
  /** Epoch ms when to ask again at the latest, whatever happens until then; null: nothing is waiting. */
  nextAt: number | null;
}

/** What the stages share. */
export interface Work extends DispatchInput {
  state: DispatchState;
  events: EventDraft[];
  escalated: Dispatched['escalated'];
  /** Open alerts that may be told of: neither silenced nor taken by anybody. */
  loud: { alert: Alert; tracked: Tracked; item: Item }[];
  zone: string;
  /** Asks to be called again. */
  wakeAt(at: number): void;
}

/** Decides who is told what at this moment. Deterministic: the same state and input say the same. */
export function dispatch(before: DispatchState, input: DispatchInput): Dispatched {
  const { config, now } = input;
  let nextAt: number | null = null;
  const work: Work = {
    ...input,
    state: copyOf(before, now, longestBackOffMs),
    events: [],
    escalated: [],
    loud: [],
    zone: input.organization.timezone,
    wakeAt: (at) => {
      nextAt = Math.min(nextAt ?? at, at);
    },
  };
  for (const id of Object.keys(work.state.routes)) if (!config.routes.some((it) => it.id === id)) delete work.state.routes[id];
  work.events.push(...dropGone(work.state, config, now));
  closeHoles(work);
  track(work);
  tellRecoveries(work);
  const routesOf = routesAt({ config, graph: input.graph, zone: work.zone, now });
  const routed = new Map(work.loud.map(({ alert }) => [alert.id, routesOf(alert)]));
  tellProblems(work, routed);
  takeSteps(work, routed);
  const out = handOut(work.state, now);
  if (out.nextAt !== null) work.wakeAt(out.nextAt);
  // Routes that hold only at some times of the week are looked at again.
  if (work.loud.length > 0 && config.routes.some((it) => it.when.length > 0)) work.wakeAt(now + MINUTE);
  return { state: work.state, deliveries: out.deliveries, events: work.events, escalated: work.escalated, nextAt };
}

/** A hole is told once; when somebody is on call again, the next one is another. */
function closeHoles({ state, config, zone, now }: Work): void {
  state.holes = state.holes.filter((id) => {
    const rota = config.rotas.find((it) => it.id === id);
    return rota !== undefined && onCall(rota, config, zone, now).person === null;
  });
}

/** Brings what is remembered of each alert up to date with how it stands. */
function track(work: Work): void {
  const { state, graph, now } = work;
  const open = new Map<string, Alert>();
  const ended = new Map<string, Alert>();
  for (const alert of work.alerts) (alert.endedAt === null ? open : ended).set(alert.id, alert);
  const silenced = silencedSubjects(work.silences, now);

  for (const alert of open.values()) {
    const openSince = alert.openSince ?? alert.raisedAt;
    const until = silencedUntil(alert, silenced, graph);
    if (until !== null) work.wakeAt(until);
    const had = state.alerts[alert.id];
    const tracked: Tracked = {
      ...(had ?? { said: {}, steps: {}, floor: alert.escalation, heard: {} }),
      title: alert.title,
      severity: alert.severity,
      subject: alert.subject,
      firstAt: alert.firstAt,
      openSince,
      freeSince: until !== null ? null : had ? (had.freeSince ?? now) : openSince,
      endedAt: null,
      into: null,
      closed: false,
    };
    if (had && had.openSince !== openSince) Object.assign(tracked, { steps: {}, floor: 0 });
    state.alerts[alert.id] = tracked;
    if (until === null && alert.acknowledgement === null) work.loud.push({ alert, tracked, item: itemOf(alert, openSince, graph) });
    // What waited to be said need not be said now; if it still is to be said later, it waits anew.
    else for (const said of Object.values(tracked.said)) said.newsSince = null;
  }

  let homes: Map<string, string> | null = null;
  for (const [id, tracked] of Object.entries(state.alerts)) {
    if (open.has(id) || tracked.endedAt !== null) continue;
    const alert = ended.get(id);
    homes ??= homesOf(open.values());
    const into = alert?.checks.map((check) => homes?.get(check)).find((home) => home !== undefined) ?? null;
    const isGone = tracked.subject.kind !== 'desk' && graph.subject(tracked.subject.id) === undefined;
    const closed = isGone || (alert !== undefined && alert.checks.length > 0 && !alert.checks.some(work.isWatched));
    Object.assign(tracked, { title: alert?.title ?? tracked.title, endedAt: alert?.endedAt ?? now, into, closed, said: {}, steps: {} });
  }
  // What went on in another alert ends with that one, and its people are told then.
  for (const tracked of Object.values(state.alerts)) {
    for (const seen = new Set<string>(); tracked.into !== null && !open.has(tracked.into) && !seen.has(tracked.into); ) {
      seen.add(tracked.into);
      const home: Tracked | undefined = state.alerts[tracked.into];
      tracked.endedAt = home?.endedAt ?? now;
      tracked.into = home?.into ?? null;
    }
  }
}

/** By check, the open alert that it is in, as its failure or as a mere consequence. */
function homesOf(open: Iterable<Alert>): Map<string, string> {
  const homes = new Map<string, string>();
  for (const alert of open) for (const check of [...alert.checks, ...alert.consequences]) homes.set(check, alert.id);
  return homes;
}

const itemOf = (alert: Alert, openSince: number, graph: Places): Item => ({
  id: alert.id,
  title: alert.title,
  text: alert.text,
  behind: behindSentence(alert),
  severity: alert.severity,
  subject: alert.subject,
  firstAt: alert.firstAt,
  endedAt: null,
  closed: false,
  openSince,
  consequences: behindOf(alert, graph.subject).length,
  related: alert.related.map((it) => it.text),
});

/**
 * Keeps where everything stands: takes runs in, judges them, steps states, writes them down and publishes them. What follows for all
 * of them together (covers, alerts) is the board's. All decisions are made by pure functions in shared/; this file only carries them out.
 */
import { checkOf } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/checks/types.ts';
import { connectionSchema, noConnection } from '../../shared/health/connection.ts';
import { graphOf, isRemote, provesConnection } from '../../shared/health/reach.ts';
import { age, type CheckState, type HealthEvent, pendingState, staleAfterMs, step } from '../../shared/health/step.ts';
import { sparkLength } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import type { Plan, PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { type Verdict, verdictSchema } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { DAY, SECOND } from '../../shared/time.ts';
import { createBoard, keptMemorySchema, type Seen } from './board.ts';
import type { Clock } from './clock.ts';
import type { Diagnoses } from './diagnoses.ts';
import type { Journal } from './journal.ts';
import type { Planned } from './planned.ts';
import type { Publisher } from './publisher.ts';
import type { Run } from './runner.ts';

/** One check under watch, with what is only kept in memory. */
export interface Watched extends Seen {
  value: number | null;
  spark: (number | null)[];
  newest: { run: Run; verdict: Verdict } | null;
  lastBad: { run: Run; verdict: Verdict } | null;
  /** Went grey without a word (start, sleep): a gap event already says it, so coming back needs no word either. */
  quietlyStale: boolean;
  /** A bug of its probe was told; once is enough until it works again. */
  bugTold: boolean;
  /** Since when results are due, epoch ms: a check that never had one is not stale before it had a chance. */
  dueSince: number;
}

export interface Remembered {
  states: Map<string, CheckState>;
  sparks: Map<string, (number | null)[]>;
  alerts: Alert[];
  events: NightEvent[];
  /** Text kept by key: `facts:<check>` holds the last facts of checks that look for changes. */
  document(key: string): string | null;
}

export interface Keeper {
  readonly watched: ReadonlyMap<string, Watched>;
  /** Open alerts by id. */
  readonly open: ReadonlyMap<string, Alert>;
  /** Since when the desk itself is cut off, epoch ms. */
  readonly cutOffSince: number | null;
  /** It is cut off, or that is being made sure of. */
  readonly isBlind: boolean;
  /** Puts a plan in force. @returns the ids of checks that look at something else now: what was seen before says nothing of it */
  apply(plan: Plan): string[];
  /** Takes a finished probe in. @returns after how many ms it should be probed again before its turn, or null */
  take(run: Run): number | null;
  /** Checks that tell whether a thing can be reached at all: of its parents, and the desk's own anchors. */
  tellersOf(it: Watched): Watched[];
  /** Some remote checks that were ok: if they still are, the desk is connected whatever its anchors say. */
  witnesses(): Watched[];
  /** Sees all checks together now, instead of within 100 ms. */
  settle(): void;
  /** The same, but only if a check changed: with thousands of problems a look that finds nothing new would be felt every second. */
  catchUp(): void;
  /** Greys what has no fresh data. */
  sweep(): void;
  /** Nothing was watched for a while: all that is too old goes grey at once, without a line each. */
  afterGap(): void;
  /** The wall clock went back: no result may seem to come from the future, or it would stay fresh for too long. */
  clampToNow(): void;
  /** Looks at what the clock alone changes, such as a window that begins. */
  tick(): void;
  /** Tells what was kept back until it is known whether it counts: the end has come. */
  tellAll(): void;
  /** Writes an event down and shows it. */
  tell(draft: EventDraft): void;
  /** Shows events and alerts that are on disk already. */
  show(events: NightEvent[], alerts: Alert[]): void;
}

const mostEventsShown = 500;
const mostEndedShown = 200;
const mostWitnesses = 3;
/** A parent is made sure of within this time, or the problem is told as it is. */
const untoldForMs = 30 * SECOND;
const bugWords = 'this check has a bug; its result is not known';

export function createKeeper(options: {
  clock: Clock;
  newId: () => string;
  planned: Planned;
  journal: Journal;
  publisher: Publisher;
  remembered: Remembered;
  /** Sees every new event. */
  onEvent?: ((event: NightEvent) => void) | undefined;
  /** Sees alerts that changed, what was told of them, and how they were before, by id. */
  onSettled: (alerts: readonly Alert[], events: readonly EventDraft[], before: ReadonlyMap<string, Alert>) => void;
  /** Looks at what is behind the alerts. */
  diagnoses: Pick<Diagnoses, 'stepped' | 'covered' | 'atItsEnd'>;
}): Keeper {
  const { clock, newId, journal, publisher, planned, remembered, onEvent, diagnoses } = options;
  const { now } = clock;
  const watched = new Map<string, Watched>();
  const bySubject = new Map<string, Watched[]>();
  const open = new Map<string, Alert>();
  const ended: Alert[] = [];
  const shownEvents: string[] = [];
  let flapping: Plan['flapping'] = { start: 20, stop: 5 };

  const showEvent = (event: NightEvent): void => {
    planned.notice(event);
    publisher.put('events', event.id, event);
    shownEvents.push(event.id);
    while (shownEvents.length > mostEventsShown) publisher.drop('events', shownEvents.shift() as string);
  };
  const tell = (draft: EventDraft): void => {
    const event = journal.event(draft);
    showEvent(event);
    onEvent?.(event);
  };

  const showAlert = (alert: Alert): void => {
    publisher.put('alerts', alert.id, alert);
    if (alert.endedAt === null) {
      open.set(alert.id, alert);
      return;
    }
    open.delete(alert.id);
    ended.push(alert);
    dropOldAlerts();
  };
  const dropOldAlerts = (): void => {
    while (ended.length > mostEndedShown || (ended[0]?.endedAt ?? now()) < now() - DAY)
      publisher.drop('alerts', (ended.shift() as Alert).id);
  };
  for (const event of remembered.events) showEvent(event);
  for (const alert of remembered.alerts.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))) showAlert(alert);

  const publish = (it: Watched): void =>
    publisher.put('checks', it.plan.id, { id: it.plan.id, state: it.state, cover: it.cover, value: it.value, spark: it.spark });

  const tellHealth = (it: Watched, events: HealthEvent[], at: number): void => {
    for (const { kind, ...rest } of events) {
      if (kind === 'fresh' && it.quietlyStale) continue;
      // A check's very first ok is no news; a first problem is.
      if (kind === 'hard' && 'to' in rest && rest.to === 'ok' && rest.from === 'pending') continue;
      const draft = { kind, at, subject: it.plan.subject, actor: 'engine', payload: { check: it.plan.id, ...rest } } as EventDraft;
      if (draft.kind !== 'hard') tell(draft);
      else if (draft.payload.to !== 'ok') untold.set(it.plan.id, [...(untold.get(it.plan.id) ?? []), draft]);
      else {
        tellHard(it.plan.id);
        tell(draft);
      }
    }
  };
  /** Problems that are not told yet: until all checks are looked at together nobody knows whether they count. */
  const untold = new Map<string, Extract<EventDraft, { kind: 'hard' }>[]>();
  const tellHard = (check: string): void => {
    const covered = watched.get(check)?.cover?.kind;
    for (const draft of untold.get(check) ?? []) tell(covered ? { ...draft, payload: { ...draft.payload, covered } } : draft);
    untold.delete(check);
  };
  const onLooked = (isHeld: (check: string) => boolean): void => {
    const at = now();
    for (const [check, [first]] of untold) if (!isHeld(check) || at - (first?.at ?? 0) > untoldForMs) tellHard(check);
  };

  const board = createBoard({
    clock,
    newId,
    journal,
    planned,
    watched,
    bySubject,
    open,
    siteName: (id) => publisher.get('subjects', id)?.name,
    connection: connectionSchema.safeParse(parseJson(remembered.document('connection'))).data ?? noConnection,
    memory: keptMemorySchema.safeParse(parseJson(remembered.document('reach'))).data ?? null,
    tell,
    showAlert,
    showCover(it) {
      publish(it);
      diagnoses.covered();
    },
    atItsEnd: diagnoses.atItsEnd,
    onLooked,
    onSettled: options.onSettled,
  });
  /** Others look at whether a check is hard, retried, flapping or without fresh data; nothing else of it concerns them. */
  const concerns = (a: CheckState, b: CheckState): boolean =>
    a.hard !== b.hard ||
    (a.soft === null) !== (b.soft === null) ||
    (a.flapping === null) !== (b.flapping === null) ||
    (a.staleSince === null) !== (b.staleSince === null);

  const lookForChanges = (it: Watched, facts: Facts, at: number): void => {
    const definition = checkOf(it.plan.type);
    if (!definition.changes || facts.failure) return;
    const key = `facts:${it.plan.id}`;
    const before = it.newest && !it.newest.run.facts.failure ? it.newest.run.facts : parseJson<Facts>(remembered.document(key));
    if (before) {
      for (const { code, text } of definition.changes(before, facts)) {
        tell({ kind: 'observed', at, subject: it.plan.subject, actor: 'engine', payload: { check: it.plan.id, code, text: clean(text) } });
      }
    }
    journal.document(key, JSON.stringify(facts));
  };

  const limitOf = (plan: PlannedCheck): number => staleAfterMs(plan.intervalMs, plan.timeoutMs);
  const setState = (it: Watched, state: CheckState): void => {
    const before = it.state;
    it.state = state;
    if (concerns(before, state)) board.touch(it);
    diagnoses.stepped(it.plan.id, before, state);
    journal.state(it.plan.id, state);
    publish(it);
  };

  /** What each check looked at when an earlier run had it: another inventory may give its id to something else. */
  const lookedAt = new Map(parseJson<Partial<Plan>>(remembered.document('plan'))?.checks?.map((it) => [it.id, looksAt(it)]));
  /** A check that was not watched until now, with what an earlier run knew of it: grey, and silently so, when that is too old. */
  const adopt = (plan: PlannedCheck, subject: Subject): Watched => {
    const at = now();
    const kept = remembered.states.get(plan.id);
    const other = kept !== undefined && (lookedAt.get(plan.id) ?? looksAt(plan)) !== looksAt(plan);
    const known = kept && notAfter(kept, at);
    const state = !known ? pendingState(at) : other ? { ...known, soft: null, staleSince: at } : age(known, at, at, limitOf(plan)).state;
    const spark = remembered.sparks.get(plan.id) ?? [];
    const quietlyStale = state.staleSince !== null;
    return {
      plan,
      subject,
      state,
      cover: null,
      spell: null,
      value: spark.at(-1) ?? null,
      spark,
      newest: null,
      lastBad: null,
      quietlyStale,
      bugTold: false,
      dueSince: at,
    };
  };
  /** A check that left the inventory begins anew when it comes back: its alert was closed, and nobody saw what happened meanwhile. */
  const forget = (id: string): void => {
    tellHard(id);
    remembered.states.delete(id);
    remembered.sparks.delete(id);
    journal.state(id, pendingState(now()));
    journal.document(`facts:${id}`, null);
    journal.spell({ check: id, at: now(), standing: 'unknown' });
  };

  return {
    watched,
    open,
    get cutOffSince() {
      return board.cutOffSince;
    },
    get isBlind() {
      return board.isBlind;
    },
    tell,
    settle: board.settle,
    catchUp: board.catchUp,
    tick: board.tick,
    tellAll() {
      for (const check of [...untold.keys()]) tellHard(check);
    },
    tellersOf(it) {
      const above = it.subject.dependsOn.flat().concat(isRemote(it.plan) ? ['desk'] : []);
      const way = (it.plan.through ?? []).flatMap((id) => watched.get(id) ?? bySubject.get(id) ?? []);
      return above.flatMap((id) => bySubject.get(id) ?? []).concat(way);
    },
    witnesses() {
      const found: Watched[] = [];
      for (const it of watched.values()) {
        if (it.state.hard !== 'ok' || it.state.soft || it.state.staleSince !== null || !provesConnection(it.plan)) continue;
        if (found.push(it) === mostWitnesses) break;
      }
      return found;
    },
    show(events, alerts) {
      for (const event of events) {
        showEvent(event);
        onEvent?.(event);
      }
      for (const alert of alerts) showAlert(alert);
    },

    apply(plan) {
      flapping = plan.flapping;
      const subjects = new Map(plan.subjects.map((subject) => [subject.id, subject]));
      const wanted = new Set(plan.checks.map((check) => check.id));
      for (const id of Object.keys(publisher.tables.subjects)) if (!subjects.has(id)) publisher.drop('subjects', id);
      for (const id of [...watched.keys()]) {
        if (wanted.has(id)) continue;
        watched.delete(id);
        forget(id);
        publisher.drop('checks', id);
        publisher.drop('plans', id);
      }
      for (const id of [...remembered.states.keys()]) if (!wanted.has(id)) forget(id);
      const changed: string[] = [];
      bySubject.clear();
      for (const subject of plan.subjects) {
        publisher.put('subjects', subject.id, subject);
        bySubject.set(subject.id, []);
      }
      for (const check of plan.checks) {
        const subject = subjects.get(check.subject.id) as Subject;
        const had = watched.get(check.id);
        // A check that did not change keeps its object, so that a probe under way still counts.
        const same = had && JSON.stringify(had.plan) === JSON.stringify(check);
        const other = had !== undefined && looksAt(had.plan) !== looksAt(check);
        const it: Watched = had ? Object.assign(had, { plan: same ? had.plan : check, subject }) : adopt(check, subject);
        watched.set(check.id, it);
        bySubject.get(subject.id)?.push(it);
        publisher.put('plans', check.id, check);
        publish(it);
        if (!other) continue;
        // What it saw so far was something else: grey until it has looked.
        changed.push(check.id);
        Object.assign(it, { newest: null, lastBad: null, quietlyStale: true });
        setState(it, { ...it.state, soft: null, staleSince: now() });
      }
      board.apply(graphOf(plan.subjects));
      return changed;
    },

    take(run) {
      const it = watched.get(run.check.id);
      // It left the inventory, or its settings changed, while it was being probed: the result is of something else.
      if (!it || it.plan !== run.check) return null;
      const at = now();
      const definition = checkOf(it.plan.type);
      let verdict: Verdict;
      let value: number | null = null;
      let bug = run.bug;
      let seen = run;
      try {
        verdict = verdictSchema.parse(definition.judge(run.facts, it.plan.config, at));
        value = definition.measure(run.facts);
        lookForChanges(it, run.facts, at);
      } catch (error) {
        bug = clean(error instanceof Error ? (error.stack ?? error.message) : String(error), 1_000);
        verdict = { state: 'unknown', reason: 'internal', text: bugWords };
        // Facts that the judge stumbled over are shown to nobody else.
        seen = { ...run, facts: { failure: { code: 'internal', detail: bugWords } } };
      }
      if (bug === null) it.bugTold = false;
      else if (!it.bugTold) {
        it.bugTold = true;
        tell({ kind: 'probe-bug', at, subject: it.plan.subject, actor: 'engine', payload: { check: it.plan.id, text: bug } });
      }

      // Behind something that has failed there is nothing to wait for.
      const maxAttempts = board.isBehindFailed(it.subject.id) ? 1 : it.plan.maxAttempts;
      const stepped = step(it.state, verdict, at, { maxAttempts, flapping });
      it.value = value;
      it.spark = [...it.spark.slice(1 - sparkLength), value];
      it.newest = { run: seen, verdict };
      if (verdict.state !== 'ok') it.lastBad = it.newest;
      tellHealth(it, stepped.events, at);
      it.quietlyStale = false;

      const detail = verdict.state === 'ok' ? null : `${verdict.reason}: ${verdict.text}`;
      const pings = bug === null ? definition.pings?.(run.facts) : null;
      journal.sample({
        check: it.plan.id,
        at: run.at,
        vantage: it.plan.vantage,
        value,
        state: verdict.state,
        detail,
        ...(pings && { pings }),
      });
      if (verdict.state === 'ok' && provesConnection(it.plan)) board.sawRemote(run.at);
      setState(it, stepped.state);
      return it.state.soft ? it.plan.retryIntervalMs : null;
    },

    sweep() {
      const at = now();
      dropOldAlerts();
      for (const it of watched.values()) {
        const aged = age(it.state, at, it.dueSince, limitOf(it.plan));
        if (aged.state === it.state) continue;
        tellHealth(it, aged.events, at);
        setState(it, aged.state);
      }
    },

    afterGap() {
      const at = now();
      for (const it of watched.values()) {
        it.dueSince = at;
        const aged = age(it.state, at, at, limitOf(it.plan));
        if (aged.state === it.state) continue;
        it.quietlyStale = true;
        setState(it, aged.state);
      }
    },

    clampToNow() {
      const at = now();
      for (const it of watched.values()) {
        it.dueSince = Math.min(it.dueSince, at);
        const state = notAfter(it.state, at);
        if (state !== it.state) setState(it, state);
      }
      board.wentBack();
    },
  };
}

/** What a check looks at and how; when it does so is another thing. */
const looksAt = ({ type, config, vantage }: PlannedCheck): string => JSON.stringify([type, config, vantage]);

/** A state no moment of which lies after `at`; the very same where none did. */
function notAfter(state: CheckState, at: number): CheckState {
  const { since, soft, staleSince } = state;
  if (Math.max(since, state.at ?? 0, soft?.firstAt ?? 0, staleSince ?? 0) <= at) return state;
  const back = (moment: number | null): number | null => (moment === null ? null : Math.min(moment, at));
  return {
    ...state,
    since: Math.min(since, at),
    at: back(state.at),
    soft: soft && { ...soft, firstAt: Math.min(soft.firstAt, at) },
    staleSince: back(staleSince),
  };
}

function parseJson<T>(text: string | null): T | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    // Written by a version that said it otherwise: there is nothing to compare with.
    return null;
  }
}

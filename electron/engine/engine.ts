/**
 * The engine: everything that watches, put together. It has no clock, no randomness and no probes of its own, so that the same
 * engine runs in the app, on the command line, in a drill and in a test.
 */
import { done, type Handlers, type Reply } from '../../shared/bind.ts';
import { checkOf } from '../../shared/checks/index.ts';
import type { Announcement, EngineContract, OpenCounts, SeenFacts, Transcript } from '../../shared/contract.ts';
import { graphOf } from '../../shared/health/reach.ts';
import { staleAfterMs } from '../../shared/health/step.ts';
import type { DeskTrouble, InventoryProblem } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import { problemLine } from '../../shared/model/inventory-problem.ts';
import { notifySchema } from '../../shared/model/notify.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import { describeRoutes } from '../../shared/notify/words.ts';
import { fail, ok } from '../../shared/result.ts';
import { count } from '../../shared/text.ts';
import { DAY, SECOND } from '../../shared/time.ts';
import { listDrills } from '../drill/list.ts';
import { type ReadInventory, readInventoryFile } from '../inventory/read.ts';
import { isStarter } from '../inventory/starter.ts';
import { watchInventory } from '../inventory/watch.ts';
import { addHost, addSite, applyEdit } from '../inventory/write.ts';
import type { Senders } from '../notify/index.ts';
import { createNotifier } from '../notify/notifier.ts';
import type { probes as allProbes } from '../probes/index.ts';
import type { Pinger } from '../probes/pinger.ts';
import type { TraceRoute } from '../probes/trace.ts';
import type { HistoryReader } from '../store/history.ts';
import type { Store, WriteFailure } from '../store/store.ts';
import { announcementsOf, countOpen } from './announce.ts';
import type { Clock } from './clock.ts';
import { createDiagnoses } from './diagnoses.ts';
import { discover } from './discover.ts';
import { documentHandlers } from './documents.ts';
import { createIncidents } from './incidents.ts';
import type { Decided } from './journal.ts';
import { createJournal } from './journal.ts';
import { createKeeper, type Watched } from './keeper.ts';
import { peopleHandlers } from './people.ts';
import { createPlanned } from './planned.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { createPushListener } from './push-listener.ts';
import { createRunner } from './runner.ts';
import { createScheduler } from './scheduler.ts';
import { createTracer } from './tracer.ts';

export interface EngineOptions {
  version: string;
  clock: Clock;
  /** ULIDs: rising within one run. */
  newId: () => string;
  store: Store;
  history: HistoryReader;
  probes: typeof allProbes;
  pinger: Pinger;
  /** Follows the way to an address; none where it is left out. */
  traceRoute?: TraceRoute;
  secret: (name: string) => string | undefined;
  inventoryFile: string;
  /** Troubles found before the engine was there (a store set aside, fping missing), with their events told by the caller. */
  troubles: Omit<DeskTrouble, 'since'>[];
  /** Sees every event as it is written down. */
  onEvent?: (event: NightEvent) => void;
  /** Takes secrets out of texts that came from outside. */
  redact?: (text: string) => string;
  /** Something wants a human: for notifications of the system, and sounds. */
  onAnnounce?: (announcements: Announcement[]) => void;
  onCounts?: (counts: OpenCounts) => void;
  /** A drill: its inventory stands in no file, its messages reach nobody real, and nothing is listened for. */
  drill?: { inventory: ReadInventory & { text: string }; senders: Senders };
  /** By which windows are told of changes, where it is another one than the engine's: of a drill at 60x they shall not hear 60 times as much. */
  publisherClock?: Pick<Clock, 'after'>;
  /** Where the drills lie that can be played; none where it is left out. */
  drillFolder?: string;
}

export interface Engine {
  /** Resolves when the inventory has been read and the watch has begun. */
  start(): Promise<void>;
  /** Ends all probes and writes what has gathered. */
  stop(): void;
  readonly publisher: Publisher;
  readonly handlers: Handlers<EngineContract>;
  /** Writes down an event that only the outside knows of, such as the crash of the engine before. */
  tell(draft: EventDraft): void;
}

const noNotify = notifySchema.parse({});
const tickMs = SECOND;
const beatEveryTicks = 5;
/** The wall clock and the ticks may differ by this much before it is called a gap. */
const gapMs = 10 * SECOND;

export function createEngine(options: EngineOptions): Engine {
  const { clock, store, newId, inventoryFile, drill } = options;
  /** Whatever is written or drafted says so. */
  const isDrill = drill !== undefined;
  const publisher = createPublisher(options.publisherClock ?? clock, newId());
  const journal = createJournal(store, newId);
  let organization: Plan['organization'] = { name: 'Nightdesk', timezone: 'UTC' };
  let inForce: Plan = {
    organization,
    subjects: [],
    checks: [],
    maintenance: [],
    routines: [],
    notify: noNotify,
    flapping: { start: 20, stop: 5 },
    networks: [],
  };
  let names: ReadonlyMap<string, string> = new Map();
  const zone = (): string => organization.timezone;
  const document = (key: string): string | null => store.document(key);
  const planned = createPlanned({
    now: clock.now,
    journal,
    publisher,
    zone,
    remembered: {
      windows: store.windows(),
      // One whose time ran out while nothing ran has not been told of yet.
      silences: store.silences(clock.now() - 366 * DAY).filter((it) => it.endedAt === null),
      changes: store.changes(clock.now() - 8 * DAY, clock.now(), null),
      document,
    },
  });
  const notifier = createNotifier({
    clock,
    newId,
    secret: options.secret,
    document: { get: document, put: journal.document },
    tell: (draft) => keeper.tell(draft),
    show: (channel) => publisher.put('channels', channel.id, channel),
    hide: (id) => publisher.drop('channels', id),
    ...(drill && { senders: drill.senders }),
    onEscalated(steps) {
      const alerts = steps.flatMap(({ alert: id, step }) => {
        const alert = keeper.open.get(id);
        return alert ? [{ ...alert, escalation: step }] : [];
      });
      for (const alert of alerts) journal.alert(alert);
      keeper.show([], alerts);
      options.onAnnounce?.(
        alerts.map((it) => ({ kind: 'escalated', severity: it.severity, title: it.title, text: it.text, alert: it.id })),
      );
    },
  });
  const tellNotifier = (ended: readonly Alert[] = []): void =>
    notifier.update([...keeper.open.values(), ...ended.filter((it) => it.endedAt !== null)], [...planned.silences.values()]);
  const recent = store.recentEvents(500);
  const diagnoses = createDiagnoses({
    clock,
    keeper: () => keeper,
    put(alert) {
      journal.alert(alert);
      keeper.show([], [alert]);
    },
    tell: (draft) => keeper.tell(draft),
    onChanged: () => tellNotifier(),
  });
  const keeper = createKeeper({
    clock,
    newId,
    journal,
    publisher,
    planned,
    diagnoses,
    onEvent: options.onEvent,
    onSettled(alerts, events, before) {
      if (alerts.length === 0) return;
      incidents.settled(events);
      diagnoses.settled();
      tellNotifier(alerts);
      tracer.settled(alerts);
      const announcements = announcementsOf(
        alerts.map((it) => keeper.open.get(it.id) ?? it),
        events,
        before,
      );
      if (announcements.length > 0) options.onAnnounce?.(announcements);
      options.onCounts?.(countOpen(keeper.open.values()));
    },
    remembered: {
      states: store.loadStates(),
      sparks: store.sparks(40),
      alerts: store.loadAlerts(clock.now() - DAY),
      events: recent,
      document,
    },
  });
  for (const event of recent) diagnoses.notice(event);
  const tracer = createTracer({
    clock,
    follow: options.traceRoute,
    watched: keeper.watched,
    networks: () => inForce.networks,
    document: { get: document, put: journal.document, keys: (prefix) => store.documentKeys(prefix) },
    tell(draft) {
      keeper.tell(draft);
      diagnoses.notice(draft);
    },
    onTrouble: (text) => trouble('trace', text),
  });
  const redact = options.redact ?? ((text: string) => text);
  const heartbeats = createPushListener({
    clock,
    secret: options.secret,
    document: { get: document, put: journal.document },
    onCall(name) {
      for (const { plan } of keeper.watched.values()) if (tokenOf(plan) === name) scheduler.soon(plan.id, 0);
    },
    onTrouble: (text) => trouble('push', text),
  });
  const { pushed } = heartbeats;
  const runner = createRunner({ clock, probes: options.probes, pinger: options.pinger, secret: options.secret, redact, pushed });
  const running = new Set<string>();
  const scheduler = createScheduler(clock, (id) => void probe(id));

  let stopped = false;
  /** Ends what was begun for a window and is still under way. */
  const closing = new AbortController();

  const tell: Engine['tell'] = (draft) => keeper.tell(draft);

  async function probe(id: string): Promise<void> {
    const it = keeper.watched.get(id);
    if (!it || running.has(id)) return;
    running.add(id);
    noticeGap();
    const before = gaps;
    const { plan } = it;
    const run = await runner.run(plan);
    running.delete(id);
    if (stopped) return;
    noticeGap();
    // Begun before a sleep and ended after it: nobody can say of when it tells. Its next turn is near.
    if (gaps !== before) return;
    const wasSoft = it.state.soft !== null;
    const again = keeper.take(run);
    // A first bad result: whatever it is reached through is asked at once, so that the right thing is named.
    if (again !== null && !wasSoft) for (const teller of keeper.tellersOf(it)) askSoon(teller);
    // An anchor fails: what answers from now on shows that the anchor is wrong and not the desk.
    if (again !== null && !wasSoft && it.subject.kind === 'desk')
      for (const witness of keeper.witnesses()) scheduler.soon(witness.plan.id, 0);
    if (again !== null) scheduler.soon(id, again);
    // Its settings changed meanwhile, so that this result did not count.
    else if (it.plan !== plan) scheduler.soon(id, 0);
  }

  /** Looked at within the last few seconds, it has said what it knows. */
  const askSoon = ({ plan, state }: Watched): void => {
    if (state.at === null || clock.now() - state.at > Math.min(plan.retryIntervalMs, 5 * SECOND)) scheduler.soon(plan.id, 0);
  };

  // --- the desk's own record ---------------------------------------------------------------------------------------------
  const startedAt = clock.now();
  const troubles = new Map<string, DeskTrouble>(options.troubles.map((trouble) => [trouble.code, { ...trouble, since: startedAt }]));
  let loadedAt = startedAt;
  let problems: InventoryProblem[] = [];
  let starter = false;
  let lastCompleteCycleAt: number | null = null;
  let lastTroubleAt: number | null = store.lastAlertEndedAt();

  const beat = (): void => {
    for (const id of Object.keys(publisher.tables.alerts))
      lastTroubleAt = Math.max(lastTroubleAt ?? 0, publisher.get('alerts', id)?.endedAt ?? 0) || null;
    publisher.put('desk', 'desk', {
      id: 'desk',
      organization,
      version: options.version,
      startedAt,
      inventory: { file: inventoryFile, loadedAt, problems, starter },
      lastCompleteCycleAt,
      beatAt: clock.now(),
      troubles: [...troubles.values()],
      lastTroubleAt,
      cutOffSince: keeper.cutOffSince,
      onCall: notifier.onCall(),
      routes: describeRoutes(inForce.notify, (id) => names.get(id), organization.timezone, clock.now()),
    });
  };
  const trouble = (code: string, text: string | null): void => {
    if (text === null) troubles.delete(code);
    else if (troubles.get(code)?.text !== text) troubles.set(code, { code, text, since: troubles.get(code)?.since ?? clock.now() });
    else return;
    beat();
  };

  // --- inventory ---------------------------------------------------------------------------------------------------------
  const deskEvent = { subject: null, actor: 'engine' } as const;
  /** The text in force; one and the same change comes from an edit in the window and from the watch. */
  let textInForce: string | null = null;
  /** One after the other, so that the newest content is the last one put in force. */
  let loading = Promise.resolve();
  const loadInventory = (): Promise<void> => {
    loading = loading.then(loadOnce);
    return loading;
  };
  const loadOnce = async (): Promise<void> => {
    const read = drill ? ok(drill.inventory) : await readInventoryFile(inventoryFile);
    if (stopped) return;
    if (read.ok && read.value.text === textInForce && problems.length === 0) return;
    if (!read.ok) {
      problems = read.failure;
      tell({ kind: 'inventory-rejected', at: clock.now(), ...deskEvent, payload: { file: inventoryFile, problems } });
      trouble('inventory', inventoryTrouble(inventoryFile, problems, keeper.watched.size > 0));
      beat();
      return;
    }
    const { plan } = read.value;
    textInForce = read.value.text;
    problems = [];
    troubles.delete('inventory');
    loadedAt = clock.now();
    organization = plan.organization;
    starter = isStarter(plan);
    const { raw, minutes, hours } = read.value.inventory.retention;
    store.setRetention({ rawMs: raw, minutesMs: minutes, hoursMs: hours });
    journal.document('plan', JSON.stringify(plan));
    inForce = plan;
    names = new Map(plan.subjects.map(({ id, name }) => [id, name]));
    planned.apply(plan);
    // A watchdog elsewhere must not take a drill for the desk.
    const graph = graphOf(plan.subjects);
    notifier.configure(drill ? { ...plan, notify: { ...plan.notify, heartbeat: undefined } } : plan, graph);
    diagnoses.apply(graph, plan.subjects);
    const changed = keeper.apply(plan);
    tellNotifier();
    scheduler.replace(plan.checks.map((check) => ({ id: check.id, intervalMs: check.intervalMs, slotMs: checkOf(check.type).slotMs })));
    for (const id of changed) scheduler.soon(id, 0);
    const tokens = plan.checks.flatMap((check) => tokenOf(check) ?? []);
    // Before the listener reads them: a heartbeat that was away begins anew.
    for (const key of store.documentKeys('push:')) if (!tokens.includes(key.slice(5))) journal.document(key, null);
    heartbeats.configure(drill ? null : (read.value.inventory.desk.push?.listen ?? null), tokens);
    tell({
      kind: 'inventory-loaded',
      at: clock.now(),
      ...deskEvent,
      payload: { file: inventoryFile, checks: plan.checks.length, subjects: plan.subjects.length },
    });
    beat();
  };
  let closeWatch = (): void => {};

  // --- the tick: write down, grey what is old, notice gaps, keep the store small ---------------------------------------------
  let ticks = 0;
  let lastNow = clock.now();
  let lastMonotonic = clock.monotonic();
  let cancelTick = (): void => {};
  /** How often time has jumped, in either direction. */
  let gaps = 0;
  /** What does not work now: writing what has gathered, or keeping the store small. Either can fail while the other works. */
  const failing = new Map<'commit' | 'maintain', WriteFailure>();

  const noteWrite = (what: 'commit' | 'maintain', failure: WriteFailure | null): void => {
    const failedBefore = failing.size > 0;
    if (failure) failing.set(what, failure);
    else failing.delete(what);
    const [first] = failing.values();
    if (first) {
      if (!failedBefore)
        tell({ kind: 'store-write-failed', at: clock.now(), ...deskEvent, payload: { code: first.code, text: first.text } });
      trouble('store-full', writeTrouble(first));
    } else if (failedBefore) {
      trouble('store-full', null);
      tell({ kind: 'store-write-recovered', at: clock.now(), ...deskEvent, payload: { lostSamples: journal.takeLostSamples() } });
    }
  };
  const flush = (): void => {
    keeper.catchUp();
    const written = journal.flush();
    noteWrite('commit', written.ok ? null : written.failure);
  };

  const noticeGap = (): void => {
    const now = clock.now();
    const monotonic = clock.monotonic();
    const wallMs = now - lastNow;
    const sinceTickMs = monotonic - lastMonotonic;
    const from = lastNow;
    lastNow = now;
    lastMonotonic = monotonic;
    if (wallMs < -gapMs || wallMs > gapMs || sinceTickMs > gapMs) heartbeats.missedTime();
    if (wallMs < 0) keeper.clampToNow();
    if (wallMs < -gapMs) {
      gaps += 1;
      tell({ kind: 'gap', at: now, ...deskEvent, payload: { from: now, to: from, cause: 'clock-jump' } });
      // A moment in the future would not look old for as long as the clock was set back.
      if (lastCompleteCycleAt !== null) lastCompleteCycleAt = Math.min(lastCompleteCycleAt, now);
      scheduler.catchUp();
    } else if (wallMs > gapMs || sinceTickMs > gapMs) {
      // Asleep, frozen or a clock set forward: whatever it was, nobody watched or nobody can say when.
      gaps += 1;
      tell({ kind: 'gap', at: now, ...deskEvent, payload: { from, to: now, cause: 'asleep-or-frozen' } });
      keeper.afterGap();
      scheduler.catchUp();
    }
  };
  /** A cycle is complete while every check has a result no older than its interval and time-out. */
  const cycleComplete = (now: number): boolean => {
    for (const { state, plan } of keeper.watched.values()) {
      if (state.at === null || now - state.at > plan.intervalMs + plan.timeoutMs) return false;
    }
    return keeper.watched.size > 0;
  };

  const tick = (): void => {
    if (stopped) return;
    noticeGap();
    keeper.sweep();
    keeper.tick();
    // Calls from elsewhere cannot reach a desk that is cut off.
    if (keeper.cutOffSince !== null) heartbeats.missedTime();
    tracer.tick();
    diagnoses.tick();
    flush();
    ticks += 1;
    if (ticks % beatEveryTicks === 0) {
      if (cycleComplete(clock.now())) lastCompleteCycleAt = clock.now();
      const maintained = store.maintain();
      noteWrite('maintain', maintained.ok ? null : maintained.failure);
      beat();
    }
    cancelTick = clock.after(tickMs, tick);
  };

  // --- what windows ask --------------------------------------------------------------------------------------------------------
  /** Takes in what people wrote: on disk first, then in every window, then answered. */
  const keep = (events: EventDraft[], decided: Decided = {}): Reply<null> => {
    const written = journal.writeNow(events, decided);
    if (!written.ok) {
      noteWrite('commit', written.failure);
      return fail({
        code: 'not-saved',
        text: `It could not be saved: ${written.failure.text}. Nothing was changed; try again when the disk takes data.`,
      });
    }
    planned.keepWindows(decided.windows ?? []);
    planned.keepSilences(decided.silences ?? []);
    incidents.keep(decided.incidents ?? []);
    keeper.show(written.value, [...(decided.alerts ?? [])]);
    // A window or a silence may cover what has an alert now; an alert that was taken is reminded of no more.
    keeper.settle();
    tellNotifier();
    options.onCounts?.(countOpen(keeper.open.values()));
    publisher.flush();
    return done();
  };
  const transcriptOf = (it: Watched, kept: Watched['newest']): Transcript | null => {
    if (!kept) return null;
    const definition = checkOf(it.plan.type);
    const { run, verdict } = kept;
    return {
      check: it.plan.id,
      at: run.at,
      durationMs: run.durationMs,
      verdict,
      explanation: definition.explain(run.facts, verdict, it.plan.config),
      facts: definition.facts(run.facts),
      lines: run.lines,
    };
  };
  const noCheck = (id: string): Reply<never> =>
    fail({ code: 'no-such-check', text: `There is no check "${id}" in the inventory any more.` });
  const notInDrill: Reply<never> = fail({
    code: 'drill',
    text: 'This is a drill: its inventory is not changed, and nothing real is asked.',
  });
  const edit = async (change: Parameters<typeof applyEdit>[1], what: string): Promise<Reply<null>> => {
    if (drill) return notInDrill;
    const edited = await applyEdit(inventoryFile, change);
    if (!edited.ok) return edited;
    tell({ kind: 'inventory-changed', at: clock.now(), ...deskEvent, payload: { what } });
    await loadInventory();
    return done();
  };

  const incidents = createIncidents({ clock, newId, store, journal, publisher, tell, flush, keepOnDisk: keep });

  const handlers: Handlers<EngineContract> = {
    snapshot: () => ok(publisher.snapshot()),
    ...incidents.handlers,
    ...documentHandlers({
      clock,
      newId,
      store,
      history: options.history,
      incidents,
      planned,
      plan: () => inForce,
      redact,
      isDrill,
      flush,
      keepOnDisk: keep,
    }),
    ...peopleHandlers({ clock, newId, store, publisher, planned, routines: () => inForce.routines, zone, flush, keep }),
    drills: async () => (options.drillFolder === undefined ? ok([]) : listDrills(options.drillFolder)),
    // Whoever plays a drill answers these two in its place.
    drill: () => notPlaying,
    debrief: () => notPlaying,
    testChannel: ({ channel }) => notifier.test(channel),
    async uptime(input) {
      flush();
      return options.history.uptime(inForce, { ...input, drill: isDrill }, clock.now());
    },
    transcript({ check }) {
      const it = keeper.watched.get(check);
      return it ? ok({ newest: transcriptOf(it, it.newest), lastBad: transcriptOf(it, it.lastBad) }) : noCheck(check);
    },
    facts({ checks }) {
      const seen = (id: string): SeenFacts | null => {
        const newest = keeper.watched.get(id)?.newest;
        return newest ? { at: newest.run.at, facts: newest.run.facts, verdict: newest.verdict } : null;
      };
      return ok(Object.fromEntries(checks.map((id) => [id, seen(id)])));
    },
    async history({ check, from, to }) {
      flush();
      return options.history.history(check, from, to);
    },
    async smoke({ check, from, to }) {
      flush();
      const read = await options.history.smoke(check, from, to);
      return read.ok ? ok({ points: read.value }) : read;
    },
    events(query) {
      flush();
      return ok(store.events(query));
    },
    alerts({ from, to }) {
      flush();
      return ok(store.alerts(from, to));
    },
    async draft(input) {
      flush();
      return options.history.draft(inForce, { ...input, drill: isDrill }, clock.now());
    },
    trace: ({ check }) => tracer.trace(check),
    lastTraces: ({ check }) => tracer.last(check),
    checkNow({ checks }) {
      const missing = checks.find((id) => !keeper.watched.has(id));
      if (missing !== undefined) return noCheck(missing);
      for (const id of checks) scheduler.soon(id, 0);
      return done();
    },
    discover: ({ address }) => (drill ? notInDrill : discover(address, { pinger: options.pinger, clock, signal: closing.signal })),
    addHost: (host) => edit((text) => addHost(text, host), `${host.name || host.id} added with ${count(host.checks.length, 'check')}`),
    addSite: (site) => edit((text) => addSite(text, site), `site ${site.name} added`),
  };

  return {
    publisher,
    handlers,
    tell,
    async start() {
      const last = store.lastSampleAt();
      if (last !== null && clock.now() - last > staleAfterMs(30 * SECOND, 10 * SECOND)) {
        tell({ kind: 'gap', at: clock.now(), ...deskEvent, payload: { from: last, to: clock.now(), cause: 'not-running' } });
      }
      // Watch first and read then: a change in between is not missed.
      if (!drill) closeWatch = watchInventory(inventoryFile, () => void loadInventory()).close;
      await loadInventory();
      keeper.afterGap();
      tell({ kind: 'engine-started', at: clock.now(), ...deskEvent, payload: { version: options.version, checks: keeper.watched.size } });
      // Alerts that are as they were change nothing, and are open all the same.
      options.onCounts?.(countOpen(keeper.open.values()));
      // An engine that dies again within its first second must have said that the one before it did.
      flush();
      options.onCounts?.(countOpen(keeper.open.values()));
      cancelTick = clock.after(tickMs, tick);
    },
    stop() {
      if (stopped) return;
      keeper.tellAll();
      tell({ kind: 'engine-stopped', at: clock.now(), ...deskEvent, payload: {} });
      stopped = true;
      closing.abort();
      cancelTick();
      closeWatch();
      scheduler.stop();
      runner.stop();
      tracer.stop();
      diagnoses.stop();
      notifier.stop();
      heartbeats.stop();
      journal.flush();
      publisher.stop();
      options.pinger.close();
      void options.history.close();
      store.close();
    },
  };
}

const notPlaying = fail({ code: 'no-drill', text: 'No drill is being played here.' });

/** The secret that is the token of the calls that a check waits for, by its name. */
const tokenOf = ({ type, config: { token, source } }: PlannedCheck): string | null =>
  typeof token === 'string' && (type === 'push' || (type === 'backup' && source === 'push')) ? token : null;

function inventoryTrouble(file: string, problems: InventoryProblem[], keepsLast: boolean): string {
  const place = problems[0] ? problemLine(problems[0]) : 'it cannot be read';
  const more = problems.length > 1 ? ` (and ${count(problems.length - 1, 'more problem')})` : '';
  return `The inventory ${file} has a mistake, ${place}${more}. ${keepsLast ? 'The last good one stays in force.' : 'Nothing is watched until it is mended.'}`;
}

const writeTrouble = (failure: WriteFailure): string =>
  failure.code === 'full'
    ? 'The disk is full: results are shown but not kept. Watching goes on; make room on the disk of the data folder.'
    : `The history cannot be written (${failure.text}). Watching goes on; look at the disk of the data folder.`;

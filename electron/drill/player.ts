/** Plays a drill through the real engine: only its probes, its clock and its ways to reach people are of another world. */
import { monotonicFactory } from 'ulid';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine/engine.ts';
import type { Senders } from '../notify/index.ts';
import type { Pinger } from '../probes/pinger.ts';
import { openDatabase, openInMemory } from '../store/database.ts';
import { historyReader } from '../store/read-history.ts';
import { pingReader } from '../store/read-pings.ts';
import { type Store, type StoreFailure, storeOn } from '../store/store.ts';
import { version } from '../version.ts';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { type DrillReaders, storeHistory } from './history.ts';
import { peopleOf, type Refused } from './people.ts';
import { chanceOf } from './random.ts';
import { type DrillMistakes, type ReadScenario, readScenario } from './read.ts';
import { createWorld, type World, worldProbe } from './world.ts';
import { answers } from './world-answers.ts';
import { isOf } from './world-faults.ts';
import { worldTrace } from './world-trace.ts';

export interface PlayOptions {
  /** So many times as fast as life; `max` (where left out): as fast as it goes. */
  speed?: number | 'max';
  onEvent?: (event: NightEvent) => void;
  /** Where its store lies; in memory alone where left out. */
  folder?: string;
}

/** A drill that has been played to its end, with all that its engine wrote down. */
export interface Played {
  read: ReadScenario;
  plan: Plan;
  store: Store;
  readers: DrillReaders;
  engine: Engine;
  /** As they stand at the end, oldest first. */
  incidents: Incident[];
  /** What of the script could not be done. */
  refused: Refused[];
  /** The end, epoch ms of the drill. */
  now: number;
  close(): void;
}
export type PlayFailure = { code: 'mistakes'; mistakes: DrillMistakes } | { code: 'store'; store: StoreFailure };

/** Reads a drill and plays it. */
export async function playScenario(file: string, options: PlayOptions = {}): Promise<Result<Played, PlayFailure>> {
  const read = await readScenario(file);
  return read.ok ? play(read.value, options) : fail({ code: 'mistakes', mistakes: read.failure });
}

const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };
/** At a speed of its own, time goes on in steps of so many real ms. */
const stepMs = 50;

/** Plays a drill that has been read. */
export async function play(read: ReadScenario, options: PlayOptions = {}): Promise<Result<Played, PlayFailure>> {
  const { scenario, inventory, start, end, spells, deeds } = read;
  const { plan } = inventory;
  const clock = createVirtualClock(start, settle);
  const { folder } = options;
  const opened = folder === undefined ? openInMemory(start) : openDatabase({ folder, now: start, isScratch: true });
  if (!opened.ok) return fail({ code: 'store', store: opened.failure });
  const { db } = opened.value;
  const store = storeOn(opened.value, clock.now, forever);
  const readers = { store, charts: { history: historyReader(db), pings: pingReader(db) } };
  const world = createWorld({ inventory: inventory.inventory, plan, spells, start, seed: scenario.seed });
  const newId = idsOf(clock, scenario.seed);
  /** What its engine says of its own end is no part of the story. */
  let isOver = false;
  const engine = createEngine({
    version,
    clock,
    newId,
    // What was written is read after the engine has ended, too.
    store: { ...store, close: () => {} },
    history: storeHistory(readers),
    probes: probesOf(world, clock, plan),
    pinger: noPinger,
    traceRoute: worldTrace(world, clock),
    secret: () => undefined,
    inventoryFile: read.file,
    troubles: [],
    drill: { inventory, senders: sendersOf(world, clock) },
    onEvent(event) {
      if (!isOver) options.onEvent?.(event);
    },
  });
  await engine.start();
  const people = peopleOf({ engine, now: clock.now, start, zone: plan.organization.timezone });
  const refused: Refused[] = [];
  const pace = paceOf(clock, options.speed ?? 'max');

  const turns = [
    ...deeds.map((it) => ({ at: it.at, deed: it.deed, wakeAt: null })),
    ...sleepsOf(read).map(({ from, to }) => ({ at: from, deed: null, wakeAt: to })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, deed, wakeAt } of turns) {
    await pace(at);
    if (wakeAt !== null) clock.freeze(Math.max(0, wakeAt - clock.now()));
    if (!deed) continue;
    await people.joinNew();
    const why = await people.act(deed);
    if (why !== null) refused.push({ at: clock.now(), kind: deed.kind, text: why });
  }
  await pace(end);
  await people.joinNew();
  await people.openForDrafts();
  // Brings what has gathered to the store.
  await engine.handlers.incidents({ from: 0, to: clock.now() });
  return ok({
    read,
    plan,
    store,
    readers,
    engine,
    incidents: store
      .incidents(0, clock.now())
      .filter((it) => it.mergedInto === null)
      .reverse(),
    refused,
    now: clock.now(),
    close() {
      isOver = true;
      engine.stop();
      store.close();
    },
  });
}

/** So many links have the longest chains of promises that a timer of the engine sets off, and some more. A turn of the event loop would cost more. */
const longestChain = 14;
async function settle(): Promise<void> {
  for (let i = 0; i < longestChain; i++) await null;
}

/** Ids as ULIDs are, by the clock and the seed of the drill. */
function idsOf(clock: VirtualClock, seed: number | string): () => string {
  const next = monotonicFactory(chanceOf(seed, 'ids'));
  return () => next(clock.now());
}

const probesOf = (world: World, clock: VirtualClock, plan: Plan): EngineOptions['probes'] => {
  const probe = worldProbe(world, clock, plan);
  return Object.fromEntries(Object.keys(answers).map((type) => [type, probe])) as unknown as EngineOptions['probes'];
};

/** Nobody pings in a drill; its probes know what a ping would see. */
const noPinger: Pinger = {
  name: 'fping',
  ping: async () => ({ ok: false, failure: { code: 'internal', detail: 'nothing is sent in a drill' } }),
  close() {},
};

/** Messages go nowhere; without a connection not even that. */
function sendersOf(world: World, clock: VirtualClock): Senders {
  const send = async () =>
    world.states.isOffline(world.momentAt(clock.now(), () => 0))
      ? fail({ code: 'unreachable', text: 'this computer is not connected', permanent: false })
      : ok({ reply: 'a drill: nothing was sent' });
  return { email: send, slack: send, teams: send, ntfy: send, webhook: send, pagerduty: send, command: send };
}

/** When the computer sleeps. */
function sleepsOf({ spells, end }: ReadScenario): { from: number; to: number }[] {
  return spells.flatMap((spell) => {
    if (!isOf('desk', spell) || spell.fault.mode !== 'asleep') return [];
    const { from, fault } = spell;
    const to = Math.min(spell.to, end);
    const { flap } = fault;
    if (!flap) return [{ from, to }];
    const rounds = Math.ceil((to - from) / flap.period);
    return Array.from({ length: rounds }, (_, round) => {
      const begin = from + round * flap.period;
      return { from: begin, to: Math.min(to, begin + flap.down * flap.period) };
    });
  });
}

/** Lets time pass until a moment of the drill. */
function paceOf(clock: VirtualClock, speed: number | 'max'): (until: number) => Promise<void> {
  if (speed === 'max') return (until) => clock.advance(Math.max(0, until - clock.now()));
  const base = { real: performance.now(), drill: clock.now() };
  return async (until) => {
    while (clock.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      const due = Math.min(until, base.drill + (performance.now() - base.real) * speed);
      await clock.advance(Math.max(0, due - clock.now()));
    }
  };
}

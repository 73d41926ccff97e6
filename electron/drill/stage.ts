/** Where a drill is played: the real engine; only its probes, its clock and its ways to reach people are of another world. */
import { monotonicFactory } from 'ulid';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Clock } from '../engine/clock.ts';
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
import { chanceOf } from './random.ts';
import type { ReadScenario } from './read.ts';
import { createWorld, type World, worldProbe } from './world.ts';
import { answers } from './world-answers.ts';
import { worldTrace } from './world-trace.ts';

export interface Stage {
  clock: VirtualClock;
  plan: Plan;
  store: Store;
  readers: DrillReaders;
  /** Not started yet. */
  engine: Engine;
  /** Ends the engine, and lets go of the store. */
  close(): void;
}

const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

/**
 * @param options.folder where its store lies; in memory alone where left out
 * @param options.publisherClock by which windows are told of changes; the drill's where left out
 */
export function setStage(
  read: ReadScenario,
  options: { folder?: string | undefined; publisherClock?: Pick<Clock, 'after'>; onEvent: (event: NightEvent) => void },
): Result<Stage, StoreFailure> {
  const { scenario, inventory, start, spells } = read;
  const { plan } = inventory;
  const { folder, publisherClock, onEvent } = options;
  const clock = createVirtualClock(start, settle);
  const opened = folder === undefined ? openInMemory(start) : openDatabase({ folder, now: start, isScratch: true });
  if (!opened.ok) return fail(opened.failure);
  const { db } = opened.value;
  const store = storeOn(opened.value, clock.now, forever);
  const readers = { store, charts: { history: historyReader(db), pings: pingReader(db) } };
  const world = createWorld({ inventory: inventory.inventory, plan, spells, start, seed: scenario.seed });
  /** What its engine says of its own end is no part of the story. */
  let isOver = false;
  const engine = createEngine({
    version,
    clock,
    newId: idsOf(clock, scenario.seed),
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
    ...(publisherClock && { publisherClock }),
    onEvent(event) {
      if (!isOver) onEvent(event);
    },
  });
  return ok({
    clock,
    plan,
    store,
    readers,
    engine,
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

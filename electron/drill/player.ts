/** Plays a whole drill with nobody at the screen: its people act as the script says. */
import type { NightEvent } from '../../shared/model/event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store, StoreFailure } from '../store/store.ts';
import type { DrillReaders } from './history.ts';
import type { Refused } from './people.ts';
import { type DrillMistakes, type ReadScenario, readScenario } from './read.ts';
import { openSession } from './session.ts';

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
  refused: readonly Refused[];
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

/** Plays a drill that has been read. */
export async function play(read: ReadScenario, options: PlayOptions = {}): Promise<Result<Played, PlayFailure>> {
  const { speed = 'max', onEvent, folder } = options;
  const opened = await openSession(read, { acts: 'script', onEvent, folder });
  if (!opened.ok) return fail({ code: 'store', store: opened.failure });
  const session = opened.value;
  if (speed === 'max') session.finish();
  else session.play(speed);
  await session.ended;
  const { plan, store, readers, engine, refused, close } = session;
  const now = session.now();
  const incidents = store
    .incidents(0, now)
    .filter((it) => it.mergedInto === null)
    .reverse();
  return ok({ read, plan, store, readers, engine, incidents, refused, now, close });
}

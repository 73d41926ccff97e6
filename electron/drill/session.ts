/** A drill that is being played: at a speed, standing still, jumping to what happens next, or as fast as it goes to its end. */
import type { Handlers, Reply } from '../../shared/bind.ts';
import type { EngineContract } from '../../shared/contract.ts';
import type { DrillLive } from '../../shared/live.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';
import { ok, type Result } from '../../shared/result.ts';
import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../engine/clock.ts';
import type { StoreFailure } from '../store/store.ts';
import { callsOf } from './calls.ts';
import { peopleOf, type Refused } from './people.ts';
import type { ReadScenario } from './read.ts';
import { type Acts, type Turn, turnsOf } from './script.ts';
import { handlersOf } from './session-handlers.ts';
import { type Stage, setStage } from './stage.ts';

/** Time as whoever watches lives through it. */
export interface RealTime {
  /** Monotonic ms. */
  now(): number;
  /** 0 = as soon as everything that waits has had its turn. */
  sleep(ms: number): Promise<void>;
  after: Clock['after'];
}

export interface SessionOptions {
  acts: Acts;
  /** Where its store lies; in memory alone where left out. */
  folder?: string | undefined;
  onEvent?: ((event: NightEvent) => void) | undefined;
  /** Windows follow it: how it stands is published, by real time. */
  isShown?: boolean;
  real?: RealTime;
}

export interface Session extends Omit<Stage, 'clock' | 'close'> {
  read: ReadScenario;
  /** Epoch ms of the drill. */
  now(): number;
  state(): DrillLive;
  /** What of the script could not be done so far. */
  refused: readonly Refused[];
  /** It stands still until the first of these. @param speed so many times as fast as life */
  play(speed: number): void;
  pause(): void;
  /** On, as fast as it goes, until something happens; then at the speed that it had. */
  jump(): void;
  /** On, as fast as it goes, to the end. */
  finish(): void;
  /** Writes a call down, in the log of the incident that is worked on, or of the night; dated when it came. */
  logCall(call: string, by: string): Promise<Reply<null>>;
  /** What windows ask: the engine's own requests, and those about the drill. */
  handlers: Handlers<EngineContract>;
  /** Resolves when it is over, or closed before. */
  ended: Promise<void>;
  close(): void;
}

/** At a speed of its own, time goes on in steps of so many real ms. */
const stepMs = 50;
/** A computer that slept, or was busy with something else, does not make up for it at once. */
const mostPerStepMs = SECOND;
/** As fast as it goes, it goes in slices of so much time of the drill ... */
const sliceMs = SECOND;
/** ... and whoever asks something gets a turn after so many real ms. */
const breathMs = 20;
/** What a jump stops at, besides faults and what others do. */
const stops: ReadonlySet<EventKind> = new Set<EventKind>([
  'alert-raised',
  'alert-updated',
  'alert-recovered',
  'maintenance-planned',
  'maintenance-changed',
  'maintenance-started',
  'maintenance-ended',
  'maintenance-overrun',
]);

const computersTime: RealTime = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms))),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Opens a drill that has been read, at its beginning; it stands still. */
export async function openSession(read: ReadScenario, options: SessionOptions): Promise<Result<Session, StoreFailure>> {
  const { acts, folder, isShown = false, real = computersTime } = options;
  const { scenario, start, end } = read;
  /** Since a jump began. */
  let hasHappened = false;
  const stage = setStage(read, {
    folder,
    ...(isShown && { publisherClock: real }),
    onEvent(event) {
      if (stops.has(event.kind)) hasHappened = true;
      options.onEvent?.(event);
    },
  });
  if (!stage.ok) return stage;
  const { clock, engine, plan } = stage.value;
  await engine.start();
  const people = peopleOf({ engine, now: clock.now, start, zone: plan.organization.timezone });
  const calls = callsOf(engine);
  const refused: Refused[] = [];
  const turns = turnsOf(read, acts);
  let turn = 0;

  let state: DrillLive['state'] = 'paused';
  let speed = 1;
  let goal: 'event' | 'end' = 'end';
  let closed = false;
  let wake = (): void => {};
  /** Resolves as soon as somebody wants something else of it. */
  const steered = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const live = (): DrillLive => ({
    id: 'drill',
    name: scenario.name,
    start,
    end,
    at: clock.now(),
    speed,
    state,
    acts,
    calls: calls.list(),
  });
  const show = (): void => {
    if (isShown && !closed) engine.publisher.put('drill', 'drill', live());
  };
  const become = (next: DrillLive['state']): void => {
    if (state === 'over' || closed) return;
    state = next;
    show();
    wake();
  };

  const take = async (it: Turn): Promise<void> => {
    hasHappened = true;
    if (it.what === 'sleep') clock.freeze(Math.max(0, it.wakeAt - clock.now()));
    if (it.what === 'call') calls.ring(it.deed, clock.now());
    if (it.what !== 'deed') return;
    if (acts === 'script') await people.joinNew();
    const why = await people.act(it.deed);
    if (why !== null) refused.push({ at: clock.now(), kind: it.deed.kind, text: why });
  };
  /** Lets time pass, and what is in store happen. @param goesOn asked again and again; it ends there when it says no */
  const pass = async (until: number, goesOn: () => boolean): Promise<void> => {
    let breathed = real.now();
    for (;;) {
      const next = turns[turn];
      const isDue = next !== undefined && next.at <= clock.now();
      if ((clock.now() >= until && !isDue) || !goesOn()) return;
      const to = Math.min(until, clock.now() + sliceMs, next?.at ?? until);
      await clock.advance(Math.max(0, to - clock.now()));
      if (next && next.at <= clock.now()) {
        turn += 1;
        // What people do is sent at once: the clock must not lag behind it.
        show();
        await take(next);
      }
      if (real.now() - breathed < breathMs) continue;
      show();
      await real.sleep(0);
      breathed = real.now();
    }
  };
  /** Parts of a ms that could not be played yet. */
  let owedMs = 0;
  let steppedAt = real.now();
  const step = async (): Promise<void> => {
    await Promise.race([real.sleep(stepMs), steered()]);
    const before = steppedAt;
    steppedAt = real.now();
    if (state !== 'playing' || closed) return;
    owedMs += Math.min(steppedAt - before, mostPerStepMs) * speed;
    const ms = Math.floor(owedMs);
    owedMs -= ms;
    await pass(Math.min(end, clock.now() + ms), () => state === 'playing' && !closed);
    show();
  };
  const setPace = (next: number): void => {
    speed = next;
    owedMs = 0;
    steppedAt = real.now();
    become('playing');
  };
  const rush = async (): Promise<void> => {
    await pass(end, () => state === 'jumping' && !closed && !(goal === 'event' && hasHappened));
    if (state === 'jumping' && clock.now() < end) setPace(speed);
  };
  const conclude = async (): Promise<void> => {
    // What was due at the very end, or while the computer slept.
    await clock.advance(0);
    if (acts === 'script') {
      await people.joinNew();
      await people.openForDrafts();
    }
    // Brings what has gathered to the store.
    await engine.handlers.incidents({ from: 0, to: clock.now() });
    become('over');
    engine.publisher.flush();
  };
  const run = async (): Promise<void> => {
    while (!closed && state !== 'over') {
      if (clock.now() >= end && turns[turn] === undefined) await conclude();
      else if (state === 'playing') await step();
      else if (state === 'jumping') await rush();
      else await steered();
    }
  };
  const ended = run();

  const rushTo = (it: typeof goal): void => {
    goal = it;
    hasHappened = false;
    become('jumping');
  };
  show();
  const session: Omit<Session, 'handlers'> = {
    ...stage.value,
    read,
    now: clock.now,
    state: live,
    refused,
    play: setPace,
    pause: () => become('paused'),
    jump: () => rushTo('event'),
    finish: () => rushTo('end'),
    async logCall(call, by) {
      const written = await calls.log(call, by);
      show();
      engine.publisher.flush();
      return written;
    },
    ended,
    close() {
      closed = true;
      wake();
      stage.value.close();
    },
  };
  return ok({ ...session, handlers: handlersOf(session) });
}

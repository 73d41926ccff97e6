/**
 * What the dispatcher remembers: who was told of what, what waits to be sent, how each channel does. Plain JSON, kept as a document of
 * the store, so that a restart neither repeats nor forgets.
 */
import { z } from 'zod';
import { messageSchema } from '../model/notify.ts';
import { subjectRefSchema } from '../model/words.ts';

const moment = z.number();
const severity = z.enum(['down', 'degraded', 'unknown']);

/** What a route has said of an alert. */
const saidSchema = z.object({
  /** The last message with it; null = none yet. */
  toldAt: moment.nullable(),
  /** Since when there is something to say of it. */
  newsSince: moment.nullable(),
  /** How it stood in the last message. */
  openSince: moment,
  severity,
  scope: z.int(),
});
/** Somebody who was told of an alert, or will be: recovery goes there. */
const heardSchema = z.object({
  channel: z.string(),
  person: z.string().nullable(),
  people: z.array(z.string()),
  /** Under which key. */
  key: z.string(),
  /** The channel took a message about it. */
  taken: z.boolean(),
});
const trackedSchema = z.object({
  title: z.string(),
  severity,
  subject: subjectRefSchema,
  firstAt: moment,
  openSince: moment,
  /** Since when it is not silenced; null = it is. */
  freeSince: moment.nullable(),
  /** Set when it has ended and somebody is yet to be told of that. */
  endedAt: moment.nullable(),
  /** It goes on as part of this alert. */
  into: z.string().nullable(),
  /** It ended as the thing left the inventory. */
  closed: z.boolean(),
  /** By route. */
  said: z.record(z.string(), saidSchema),
  /** Steps taken since openSince, by escalation; `floor` for those that are not listed. */
  steps: z.record(z.string(), z.int()),
  floor: z.int(),
  /** By lane. */
  heard: z.record(z.string(), heardSchema),
});
const deliverySchema = z.object({
  id: z.string(),
  channel: z.string(),
  /** Whose own address it goes to (email only); null: wherever the channel leads. */
  person: z.string().nullable(),
  /** Names of the people it is meant for; none: the channel as such. */
  people: z.array(z.string()),
  message: messageSchema,
  /** Ids of all alerts it is about. */
  about: z.array(z.string()),
  queuedAt: moment,
  /** Failed ones. */
  attempts: z.int(),
  /** Not before. */
  dueAt: moment,
  /** Handed out and not settled yet. */
  sending: z.boolean(),
});
/** One message on its way to one channel (and, by email, one person). */
export type Delivery = z.infer<typeof deliverySchema>;

const laneSchema = z.object({
  channel: z.string(),
  lastSentAt: moment.nullable(),
  /** The last message about a recovery. */
  recoveredAt: moment.nullable(),
  failing: z
    .object({
      since: moment,
      /** Of the last attempt. */
      at: moment,
      code: z.string(),
      text: z.string(),
      retryAt: moment.nullable(),
    })
    .nullable(),
  /** Messages that had to go unsent, as too many waited. */
  dropped: z.int(),
});

const stateSchema = z.object({
  alerts: z.record(z.string(), trackedSchema),
  /** When each route last spoke. */
  routes: z.record(z.string(), moment),
  /** Oldest first. */
  queue: z.array(deliverySchema),
  /** A channel, or a person's own address on one, by laneOf. */
  lanes: z.record(z.string(), laneSchema),
  /** Rotas whose hole has been told. */
  holes: z.array(z.string()),
});
export type DispatchState = z.infer<typeof stateSchema>;
export type Tracked = z.infer<typeof trackedSchema>;
export type Said = z.infer<typeof saidSchema>;

export const emptyDispatch: DispatchState = { alerts: {}, routes: {}, queue: [], lanes: {}, holes: [] };

/** Where a message goes: what fails, waits and is told together. Ids hold no slash. */
export const laneOf = ({ channel, person }: Pick<Delivery, 'channel' | 'person'>): string =>
  person === null ? channel : `${channel}/${person}`;

/** Takes up what was kept. What was under way then may not have arrived: it is sent again. Nothing, or nothing readable, begins anew. */
export function readDispatch(text: string | null): DispatchState {
  if (text === null) return emptyDispatch;
  try {
    const state = stateSchema.parse(JSON.parse(text));
    return { ...state, queue: state.queue.map((it) => ({ ...it, sending: false })) };
  } catch {
    // Damaged, or written by a version that said it otherwise: to be told twice is better than never.
    return emptyDispatch;
  }
}

const mapValues = <T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/**
 * A copy that may be changed. No moment in it lies in the future, where the clock was set back: else a route would be silent until then.
 * @param longest how far ahead a retry may lie, ms
 */
export function copyOf(state: DispatchState, now: number, longest: number): DispatchState {
  const past = (at: number): number => Math.min(at, now);
  const pastOr = (at: number | null): number | null => (at === null ? null : past(at));
  const soon = (at: number): number => Math.min(at, now + longest);
  return {
    alerts: mapValues(state.alerts, (it) => ({
      ...it,
      freeSince: pastOr(it.freeSince),
      said: mapValues(it.said, (said) => ({ ...said, toldAt: pastOr(said.toldAt), newsSince: pastOr(said.newsSince) })),
      steps: { ...it.steps },
      heard: mapValues(it.heard, (heard) => ({ ...heard })),
    })),
    routes: mapValues(state.routes, past),
    queue: state.queue.map((it) => ({ ...it, queuedAt: past(it.queuedAt), dueAt: soon(it.dueAt) })),
    lanes: mapValues(state.lanes, (it) => ({
      ...it,
      recoveredAt: pastOr(it.recoveredAt),
      failing: it.failing && {
        ...it.failing,
        at: past(it.failing.at),
        retryAt: it.failing.retryAt === null ? null : soon(it.failing.retryAt),
      },
    })),
    holes: [...state.holes],
  };
}

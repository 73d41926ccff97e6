/** What waits to be sent: bounded, retried with back-off, given up after a day; and what is told of that. */
import type { EventDraft } from '../model/event.ts';
import type { Message, NotifyConfig } from '../model/notify.ts';
import type { Result } from '../result.ts';
import { clean, count, listOf } from '../text.ts';
import { DAY, MINUTE, SECOND } from '../time.ts';
import { copyOf, type Delivery, type DispatchState, laneOf } from './state.ts';
import type { Target } from './targets.ts';

/** What came of a delivery: what the other side answered, or why it did not take it. */
export type Sent = Result<{ reply: string }, { code: string; text: string; permanent: boolean }>;

/** Waits before the next attempt; the last one for all that follow. */
const backOffMs = [15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE];
export const longestBackOffMs = 15 * MINUTE;
const giveUpAfterMs = DAY;
/** More than this is not kept for one channel: who has not heard the oldest by then is better served by the newest. */
const mostQueued = 200;

/**
 * Puts a message in the queue of a channel, and notes who hears of which alert.
 * @param state is changed
 */
export function enqueue(
  state: DispatchState,
  target: Target,
  message: Message,
  about: readonly string[],
  context: { now: number; newId: () => string },
): EventDraft[] {
  const { now } = context;
  const place = { channel: target.channel.id, person: target.person };
  const lane = laneOf(place);
  const known = state.lanes[lane] ?? { channel: place.channel, lastSentAt: null, recoveredAt: null, failing: null, dropped: 0 };
  state.lanes[lane] = known;
  const { failing } = known;
  // What is new tries a failing channel too, as its failure may be over or be that of one message; but not in a burst.
  const dueAt = failing ? Math.max(now, failing.at + (backOffMs[0] as number)) : now;
  state.queue.push({
    id: context.newId(),
    ...place,
    people: target.people,
    message,
    about: [...about],
    queuedAt: now,
    attempts: 0,
    dueAt,
    sending: false,
  });
  if (message.kind !== 'recovery') {
    for (const id of about) {
      const heard = state.alerts[id]?.heard;
      if (heard) heard[lane] = { ...place, people: target.people, key: message.key, taken: heard[lane]?.taken ?? false };
    }
  }
  return dropOldest(state, place.channel, now);
}

function dropOldest(state: DispatchState, channel: string, now: number): EventDraft[] {
  const waiting = state.queue.filter((it) => it.channel === channel);
  const events: EventDraft[] = [];
  for (const oldest of waiting.filter((it) => !it.sending).slice(0, Math.max(0, waiting.length - mostQueued))) {
    remove(state, oldest);
    const lane = state.lanes[laneOf(oldest)];
    if (!lane) continue;
    lane.dropped += 1;
    // Told at 1, 10, 100 …: a channel that is gone for days is no reason for a thousand lines.
    if (!Number.isInteger(Math.log10(lane.dropped))) continue;
    const text = `${count(lane.dropped, 'message')} had to be dropped unsent, as ${mostQueued} newer ones wait`;
    events.push(failed(oldest, { code: 'queue-full', text }, now, null));
  }
  return events;
}

/** Takes a delivery out that was not taken: who heard nothing else of these alerts is not told of their recovery either. */
function remove(state: DispatchState, delivery: Delivery): void {
  const lane = laneOf(delivery);
  state.queue = state.queue.filter((it) => it.id !== delivery.id);
  if (delivery.message.kind === 'recovery') return;
  const queued = queuedIn(state, lane);
  for (const id of delivery.about) {
    const heard = state.alerts[id]?.heard;
    if (heard?.[lane] && !heard[lane].taken && !queued.has(id)) delete heard[lane];
  }
}

/** Alerts of which a message that says what is wrong is still on its way. */
export const queuedIn = (state: DispatchState, lane: string): Set<string> =>
  new Set(state.queue.flatMap((it) => (it.message.kind !== 'recovery' && laneOf(it) === lane ? it.about : [])));

/** Takes out what waits for channels that there are no more. @param state is changed */
export function dropGone(state: DispatchState, { channels, people }: Pick<NotifyConfig, 'channels' | 'people'>, now: number): EventDraft[] {
  const there = new Set(channels.map((it) => it.id));
  const ways = new Set(channels.flatMap(({ id }) => [id, ...people.map((it) => laneOf({ channel: id, person: it.id }))]));
  const gone = state.queue.filter((it) => !ways.has(laneOf(it)));
  for (const it of gone) remove(state, it);
  for (const lane of Object.keys(state.lanes)) if (!ways.has(lane)) delete state.lanes[lane];
  return [...new Map(gone.map((it) => [it.channel, it])).values()].map((it) =>
    failed(
      it,
      { code: 'no-channel', text: `this ${there.has(it.channel) ? 'person' : 'channel'} is no longer in the inventory` },
      now,
      null,
    ),
  );
}

/**
 * Hands out what is due: one at a time for each lane, the least tried first, so that one message that is never taken does not stop others.
 * @param state is changed: what is handed out is marked, until it is settled
 * @returns the deliveries, and when the next one is due (null: none waits)
 */
export function handOut(state: DispatchState, now: number): { deliveries: Delivery[]; nextAt: number | null } {
  const busy = new Set(state.queue.filter((it) => it.sending).map(laneOf));
  const deliveries: Delivery[] = [];
  let nextAt: number | null = null;
  for (const it of [...state.queue].sort((a, b) => a.attempts - b.attempts)) {
    const lane = laneOf(it);
    if (it.sending || busy.has(lane)) continue;
    if (it.dueAt > now) {
      nextAt = Math.min(nextAt ?? it.dueAt, it.dueAt);
      continue;
    }
    busy.add(lane);
    it.sending = true;
    deliveries.push({ ...it });
  }
  return { deliveries, nextAt };
}

/**
 * Takes in what came of a delivery.
 * A failure is tried again after 15 s, 30 s, 1, 2, 5, 10 and then every 15 min, for a day, unless it is permanent.
 * @returns the new state, and lines for the timeline: told; not told (the first failure, and giving up); works again
 */
export function settleDelivery(
  before: DispatchState,
  { id }: Pick<Delivery, 'id'>,
  result: Sent,
  now: number,
): { state: DispatchState; events: EventDraft[] } {
  const state = copyOf(before, now, longestBackOffMs);
  const delivery = state.queue.find((it) => it.id === id);
  const lane = delivery && state.lanes[laneOf(delivery)];
  if (!delivery || !lane) return { state: before, events: [] };
  delivery.sending = false;
  if (result.ok) {
    state.queue = state.queue.filter((it) => it !== delivery);
    for (const alert of delivery.about) {
      const heard = state.alerts[alert]?.heard[laneOf(delivery)];
      if (heard && delivery.message.kind !== 'recovery') heard.taken = true;
    }
    return { state, events: [told(delivery, now), ...works(state, laneOf(delivery), now)] };
  }
  delivery.attempts += 1;
  const wait = backOffMs[delivery.attempts - 1] ?? longestBackOffMs;
  const retryAt = result.failure.permanent || now + wait - delivery.queuedAt > giveUpAfterMs ? null : now + wait;
  const first = lane.failing === null;
  lane.failing = { since: lane.failing?.since ?? now, at: now, code: result.failure.code, text: clean(result.failure.text), retryAt };
  if (retryAt === null) remove(state, delivery);
  else delivery.dueAt = retryAt;
  return { state, events: first || retryAt === null ? [failed(delivery, result.failure, now, retryAt)] : [] };
}

/** A test message came through: what waits for that channel is tried at once. */
export function settleTest(
  before: DispatchState,
  channel: string,
  title: string,
  now: number,
): { state: DispatchState; events: EventDraft[] } {
  const state = copyOf(before, now, longestBackOffMs);
  const lanes = Object.entries(state.lanes).filter(([, lane]) => lane.channel === channel);
  const event: EventDraft = {
    kind: 'notified',
    at: now,
    subject: null,
    actor: 'engine',
    payload: { channel, to: null, message: 'test', title, alerts: [] },
  };
  if (lanes.length === 0) state.lanes[channel] = { channel, lastSentAt: now, recoveredAt: null, failing: null, dropped: 0 };
  return { state, events: [event, ...lanes.flatMap(([lane]) => works(state, lane, now))] };
}

function works(state: DispatchState, name: string, now: number): EventDraft[] {
  const lane = state.lanes[name];
  if (!lane) return [];
  const { failing } = lane;
  Object.assign(lane, { lastSentAt: now, failing: null, dropped: 0 });
  if (!failing) return [];
  for (const it of state.queue) if (laneOf(it) === name) it.dueAt = Math.min(it.dueAt, now);
  return [
    {
      kind: 'notify-recovered',
      at: now,
      subject: null,
      actor: 'engine',
      payload: { channel: lane.channel, failedMs: Math.max(0, now - failing.since) },
    },
  ];
}

const told = ({ channel, people, message, about }: Delivery, now: number): EventDraft => ({
  kind: 'notified',
  at: now,
  subject: null,
  actor: 'engine',
  payload: { channel, to: people.length === 0 ? null : listOf(people), message: message.kind, title: message.title, alerts: about },
});

const failed = (
  { channel, message, attempts }: Delivery,
  { code, text }: { code: string; text: string },
  now: number,
  retryAt: number | null,
): EventDraft => ({
  kind: 'notify-failed',
  at: now,
  subject: null,
  actor: 'engine',
  payload: { channel, title: message.title, attempt: attempts, code, text: clean(text), retryAt },
});

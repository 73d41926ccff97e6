/**
 * Carries out what the dispatcher (shared/notify/dispatch.ts) decides: sends, a few at a time, keeps its memory in a document of the
 * store, and shows how the channels do. Decides nothing itself.
 */
import type { Reply } from '../../shared/bind.ts';
import type { Graph } from '../../shared/health/graph.ts';
import type { DeskLive } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { Silence } from '../../shared/model/maintenance.ts';
import type { Channel, ChannelLive, Message, NotifyConfig } from '../../shared/model/notify.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { dispatch } from '../../shared/notify/dispatch.ts';
import { channelsLive } from '../../shared/notify/live.ts';
import { testMessage } from '../../shared/notify/message.ts';
import { settleDelivery, settleTest } from '../../shared/notify/outbox.ts';
import { onCall } from '../../shared/notify/rota.ts';
import { type Delivery, readDispatch } from '../../shared/notify/state.ts';
import { nameOf } from '../../shared/notify/targets.ts';
import { fail, ok } from '../../shared/result.ts';
import { humanDuration, MINUTE } from '../../shared/time.ts';
import type { Clock } from '../engine/clock.ts';
import { createHeartbeat } from './heartbeat.ts';
import { senders as allSenders, type Senders } from './index.ts';
import type { SendContext, SendResult } from './types.ts';

type Configured = Pick<Plan, 'notify' | 'organization' | 'checks'>;

export interface NotifierOptions {
  clock: Clock;
  newId: () => string;
  secret: SendContext['secret'];
  /** Texts that outlive a restart, by key. */
  document: { get(key: string): string | null; put(key: string, text: string): void };
  tell: (event: EventDraft) => void;
  show: (channel: ChannelLive) => void;
  /** A channel that is there no more. */
  hide: (id: string) => void;
  /** Alerts that went up the ladder, with how many steps they have taken. */
  onEscalated: (steps: { alert: string; step: number }[]) => void;
  senders?: Senders;
}
export interface Notifier {
  configure(plan: Configured, graph: Pick<Graph, 'subject'>): void;
  /** @param alerts every alert that is open, and those that have just ended: one that is in neither counts as ended */
  update(alerts: readonly Alert[], silences: readonly Silence[]): void;
  /** Sends a test message. @returns what the other side answered, or why it did not take it */
  test(channel: string): Promise<Reply<{ reply: string; tookMs: number }>>;
  onCall(): DeskLive['onCall'];
  /** Ends timers and what is under way; what was not taken by then is sent after the next start. */
  stop(): void;
}

const documentKey = 'notify';
const mostAtOnce = 4;
/** A message that waited longer says so. */
const lateMs = 3 * MINUTE;
/** Timers are set no longer than this, as a wall clock may jump. */
const longestWaitMs = 5 * MINUTE;

export function createNotifier(options: NotifierOptions): Notifier {
  const { clock, newId, secret, document, tell, show, hide, onEscalated, senders = allSenders } = options;
  let state = readDispatch(document.get(documentKey));
  let kept = '';
  let plan: Configured | null = null;
  let graph: Pick<Graph, 'subject'> = { subject: () => undefined };
  let watched = new Set<string>();
  /** Null until it is first told: nobody knows what is open, so that nothing may count as ended. */
  let seen: { alerts: readonly Alert[]; silences: readonly Silence[] } | null = null;
  let cancel = (): void => {};
  let stopped = false;
  const closing = new AbortController();
  const ready: Delivery[] = [];
  let underWay = 0;
  const shown = new Map<string, string>();
  const heartbeat = createHeartbeat({ clock, secret, tell, show, hide });

  const keep = (): void => {
    const text = JSON.stringify(state);
    if (text !== kept) document.put(documentKey, text);
    kept = text;
  };
  const publish = ({ channels }: NotifyConfig): void => {
    const live = channelsLive(state, { channels });
    for (const channel of live) {
      const text = JSON.stringify(channel);
      if (shown.get(channel.id) === text) continue;
      shown.set(channel.id, text);
      show(channel);
    }
    const there = new Set(live.map((it) => it.id));
    for (const id of [...shown.keys()]) {
      if (there.has(id)) continue;
      shown.delete(id);
      hide(id);
    }
  };

  const run = (): void => {
    cancel();
    if (stopped || !plan || !seen) return;
    const now = clock.now();
    const { notify: config, organization } = plan;
    const decided = dispatch(state, { ...seen, config, graph, isWatched: (check) => watched.has(check), organization, now, newId });
    state = decided.state;
    // On disk with the next transaction, before anything of it can be answered.
    keep();
    ready.push(...decided.deliveries);
    if (decided.nextAt !== null) cancel = clock.after(Math.min(Math.max(0, decided.nextAt - now), longestWaitMs), run);
    for (const event of decided.events) tell(event);
    publish(config);
    if (decided.escalated.length > 0) onEscalated(decided.escalated);
    sendNext();
  };

  const sendNext = (): void => {
    while (!stopped && underWay < mostAtOnce) {
      const delivery = ready.shift();
      if (!delivery) return;
      underWay += 1;
      void deliver(delivery).finally(() => {
        underWay -= 1;
        sendNext();
      });
    }
  };
  const deliver = async (delivery: Delivery): Promise<void> => {
    const channel = plan?.notify.channels.find((it) => it.id === delivery.channel);
    const waited = clock.now() - delivery.queuedAt;
    const { message } = delivery;
    const late =
      waited < lateMs
        ? message
        : { ...message, text: `This message is ${humanDuration(waited)} late: it could not be sent before.\n${message.text}` };
    const result = channel
      ? await send(channel, late, delivery)
      : fail({ code: 'no-channel', text: 'this channel is no longer in the inventory', permanent: true });
    // What is cut short by stopping is sent after the next start.
    if (stopped) return;
    const settled = settleDelivery(state, delivery, result, clock.now());
    state = settled.state;
    for (const event of settled.events) tell(event);
    run();
  };
  const send = async (
    channel: Channel,
    message: Message,
    { id, person, people }: Pick<Delivery, 'id' | 'person' | 'people'>,
  ): Promise<SendResult> => {
    const context: SendContext = { secret, signal: closing.signal, to: addressesOf(channel, person), people, now: clock.now(), id };
    try {
      return await (senders[channel.type] as (channel: Channel, message: Message, context: SendContext) => Promise<SendResult>)(
        channel,
        message,
        context,
      );
    } catch (error) {
      // A bug of ours; its text may quote anything.
      console.error(error instanceof Error ? error.name : 'error', 'in the channel', channel.type);
      return fail({ code: 'internal', text: `the ${channel.type} channel has a bug`, permanent: false });
    }
  };
  const addressesOf = (channel: Channel, person: string | null): string[] => {
    if (channel.type !== 'email') return [];
    if (person === null) return channel.to;
    return (plan?.notify.people ?? []).flatMap((it) => (it.id === person && it.email !== undefined ? [it.email] : []));
  };

  return {
    configure(next, nextGraph) {
      plan = next;
      graph = nextGraph;
      watched = new Set(next.checks.map((it) => it.id));
      heartbeat.configure(next.notify.heartbeat ?? null);
      publish(next.notify);
      run();
    },
    update(alerts, silences) {
      seen = { alerts, silences };
      run();
    },
    async test(id) {
      const startedAt = clock.monotonic();
      const channel = plan?.notify.channels.find((it) => it.id === id);
      let result: SendResult | null;
      if (channel && plan) {
        const message = testMessage({ organization: plan.organization, now: clock.now() });
        // A channel that only serves people is tried with the first of them.
        const person =
          channel.type === 'email' && channel.to.length === 0
            ? plan.notify.people.find((it) => it.email !== undefined && it.channels.includes(id))
            : undefined;
        result = await send(channel, message, { id: newId(), person: person?.id ?? null, people: [] });
        if (result.ok && !stopped) {
          const settled = settleTest(state, id, message.title, clock.now());
          state = settled.state;
          for (const event of settled.events) tell(event);
          keep();
          publish(plan.notify);
          run();
        }
      } else result = id === 'heartbeat' ? await heartbeat.beatNow() : null;
      if (!result) return fail({ code: 'no-such-channel', text: `There is no channel "${id}" in the inventory.` });
      if (!result.ok) return fail({ code: result.failure.code, text: `The test message was not taken: ${result.failure.text}.` });
      return ok({ reply: result.value.reply, tookMs: Math.round(clock.monotonic() - startedAt) });
    },
    onCall() {
      if (!plan) return [];
      const { notify, organization } = plan;
      return notify.rotas.map((rota) => {
        const { person, until } = onCall(rota, notify, organization.timezone, clock.now());
        const phone = notify.people.find((it) => it.id === person)?.phone ?? null;
        return { rota: rota.id, name: rota.name ?? rota.id, person: person === null ? null : nameOf(notify, person), phone, until };
      });
    },
    stop() {
      stopped = true;
      cancel();
      heartbeat.stop();
      closing.abort();
    },
  };
}

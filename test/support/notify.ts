/** A desk that only notifies: alerts come and go, time passes, and everything that is sent is on record. */
import { graphOf } from '../../shared/health/graph.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { Silence } from '../../shared/model/maintenance.ts';
import { type Message, type NotifyConfig, notifySchema } from '../../shared/model/notify.ts';
import type { Subject } from '../../shared/model/plan.ts';
import { dispatch } from '../../shared/notify/dispatch.ts';
import { type Sent, settleDelivery } from '../../shared/notify/outbox.ts';
import { type Delivery, type DispatchState, emptyDispatch, readDispatch } from '../../shared/notify/state.ts';
import { subject } from './plans.ts';

/** Friday, 20 November 2026, 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 20, 12);

/** `notify` of an inventory as people write it. */
export const notifyOf = (written: Record<string, unknown>): NotifyConfig => notifySchema.parse(written);

export const alertOf = (part: Partial<Alert> & { id: string }): Alert => ({
  subject: { kind: 'host', id: part.id },
  severity: 'down',
  title: `${part.id} is down`,
  text: 'Ping: no answer to 5 pings.',
  checks: [`${part.subject?.id ?? part.id}/icmp`],
  consequences: [],
  related: [],
  firstAt: noon - 60_000,
  raisedAt: noon,
  updatedAt: noon,
  acknowledgement: null,
  openSince: part.raisedAt ?? noon,
  escalation: 0,
  silencedUntil: null,
  endedAt: null,
  ...part,
});

export interface SentMessage {
  /** Ms since noon. */
  at: number;
  channel: string;
  person: string | null;
  people: string[];
  message: Message;
  about: string[];
}

export interface NotifyDesk {
  readonly alerts: Map<string, Alert>;
  readonly silences: Silence[];
  /** Ids that have left the inventory. */
  readonly removed: Set<string>;
  readonly sent: SentMessage[];
  readonly events: EventDraft[];
  readonly escalated: { alert: string; step: number }[];
  /** Every message when it was first handed out. */
  readonly queued: Delivery[];
  readonly attempts: { at: number; channel: string; title: string }[];
  state: DispatchState;
  config: NotifyConfig;
  now: number;
  /** What a channel says to a delivery. */
  answer: (delivery: Delivery, now: number) => Sent;
  put(part: Partial<Alert> & { id: string }): void;
  change(id: string, part: Partial<Alert>): void;
  acknowledge(id: string): void;
  /** Its acknowledgement is cleared. */
  reopen(id: string): void;
  end(id: string): void;
  silence(subjects: string[], ms: number): void;
  /** Decides now, without letting time pass. */
  look(): void;
  /** Lets time pass, from one moment at which something is due to the next. */
  pass(ms: number): void;
  /** "+30 s problem slack: web1 is down", one for each message so far. */
  said(): string[];
}

const taken: Sent = { ok: true, value: { reply: 'ok' } };
export const refused = (permanent = false): Sent => ({
  ok: false,
  failure: { code: permanent ? 'http-404' : 'refused', text: 'connection refused', permanent },
});

/** @param plan which hosts there are, and where */
export function notifyDesk(
  written: Record<string, unknown>,
  plan: readonly (Partial<Subject> & { id: string })[] = [],
  zone = 'UTC',
): NotifyDesk {
  const known = new Map(plan.map((it) => [it.id, subject(it)]));
  let ids = 0;
  const desk: NotifyDesk = {
    alerts: new Map(),
    silences: [],
    removed: new Set(),
    sent: [],
    events: [],
    escalated: [],
    queued: [],
    attempts: [],
    state: emptyDispatch,
    config: notifyOf(written),
    now: noon,
    answer: () => taken,
    put(part) {
      desk.alerts.set(part.id, alertOf({ raisedAt: desk.now, openSince: desk.now, firstAt: desk.now - 60_000, ...part }));
      desk.look();
    },
    change(id, part) {
      desk.alerts.set(id, { ...(desk.alerts.get(id) as Alert), ...part });
      desk.look();
    },
    acknowledge: (id) => desk.change(id, { acknowledgement: { by: 'Ada', comment: 'on it', at: desk.now, sticky: false, until: null } }),
    reopen: (id) => desk.change(id, { acknowledgement: null, openSince: desk.now, escalation: 0 }),
    end: (id) => desk.change(id, { endedAt: desk.now }),
    silence(subjects, ms) {
      desk.silences.push({
        id: `s${desk.silences.length}`,
        by: 'Ada',
        reason: 'work',
        subjects,
        at: desk.now,
        until: desk.now + ms,
        endedAt: null,
      });
      desk.look();
    },
    look: () => void decide(),
    pass(ms) {
      const end = desk.now + ms;
      for (let nextAt = decide(); nextAt !== null && nextAt <= end; nextAt = decide()) {
        if (nextAt <= desk.now) throw new Error(`asked to be called again at once, at ${desk.now}`);
        desk.now = nextAt;
      }
      desk.now = end;
      decide();
      desk.state = readDispatch(JSON.stringify(desk.state));
    },
    said: () =>
      desk.sent.map(
        ({ at, channel, person, message }) =>
          `+${at / 1_000} s ${message.kind} ${person === null ? channel : `${channel}/${person}`}: ${message.title}`,
      ),
  };

  function decide(): number | null {
    for (const { subject: it } of desk.alerts.values()) if (!known.has(it.id)) known.set(it.id, subject(it));
    for (const id of desk.removed) known.delete(id);
    const graph = graphOf([...known.values()]);
    for (;;) {
      const input = {
        alerts: [...desk.alerts.values()],
        silences: desk.silences,
        config: desk.config,
        graph,
        isWatched: () => true,
        organization: { name: 'Example Hosting', timezone: zone },
        now: desk.now,
        newId: () => `D${++ids}`,
      };
      const decided = dispatch(desk.state, input);
      // Every step goes through the disk: what a restart would lose is lost in every test.
      desk.state = JSON.parse(JSON.stringify(decided.state));
      desk.events.push(...decided.events);
      desk.escalated.push(...decided.escalated);
      for (const [id, alert] of desk.alerts) if (alert.endedAt !== null) desk.alerts.delete(id);
      for (const { alert, step } of decided.escalated) {
        const it = desk.alerts.get(alert);
        if (it) desk.alerts.set(alert, { ...it, escalation: step });
      }
      if (decided.deliveries.length === 0) return decided.nextAt;
      for (const delivery of decided.deliveries) {
        const { channel, person, people, message, about } = delivery;
        if (!desk.queued.some((it) => it.id === delivery.id)) desk.queued.push(delivery);
        const result = desk.answer(delivery, desk.now);
        desk.attempts.push({ at: desk.now - noon, channel, title: message.title });
        if (result.ok) desk.sent.push({ at: desk.now - noon, channel, person, people, message, about });
        const settled = settleDelivery(desk.state, delivery, result, desk.now);
        desk.state = settled.state;
        desk.events.push(...settled.events);
      }
    }
  }
  return desk;
}

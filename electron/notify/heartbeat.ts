/** "The desk is alive", said to a watchdog elsewhere: it calls somebody when this stops. */
import type { EventDraft } from '../../shared/model/event.ts';
import type { ChannelLive, NotifyConfig } from '../../shared/model/notify.ts';
import type { Clock } from '../engine/clock.ts';
import { exchange } from './http.ts';
import type { SendContext, SendResult } from './types.ts';

type Config = NonNullable<NotifyConfig['heartbeat']>;

export interface Heartbeat {
  /** Begins, changes or (null) ends it. */
  configure(config: Config | null): void;
  /** Beats once, now, and says what was answered. Null: there is none. */
  beatNow(): Promise<SendResult | null>;
  stop(): void;
}

const id = 'heartbeat';

/** @param tell hears of the first failure and of the recovery, not of each beat */
export function createHeartbeat(options: {
  clock: Clock;
  secret: SendContext['secret'];
  tell: (event: EventDraft) => void;
  show: (channel: ChannelLive) => void;
  hide: (id: string) => void;
  call?: typeof exchange;
}): Heartbeat {
  const { clock, secret, tell, show, hide, call = exchange } = options;
  let config: Config | null = null;
  let cancel = (): void => {};
  let closing = new AbortController();
  let lastSentAt: number | null = null;
  let failing: ChannelLive['failing'] = null;
  const event = { subject: null, actor: 'engine' } as const;

  const publish = (): void => show({ id, type: 'heartbeat', name: 'Heartbeat', lastSentAt, failing });
  const beat = async ({ url, every }: Config): Promise<SendResult> => {
    const { signal } = closing;
    // GET: every watchdog takes it.
    const result = await call({ method: 'GET', url: { secret: url } }, { secret, signal });
    if (signal.aborted) return result;
    const now = clock.now();
    if (result.ok) {
      if (failing)
        tell({ kind: 'notify-recovered', at: now, ...event, payload: { channel: id, failedMs: Math.max(0, now - failing.since) } });
      lastSentAt = now;
      failing = null;
    } else {
      const { code, text } = result.failure;
      const retryAt = now + every;
      if (!failing)
        tell({
          kind: 'notify-failed',
          at: now,
          ...event,
          payload: { channel: id, title: 'the desk is alive', attempt: 1, code, text, retryAt },
        });
      failing = { since: failing?.since ?? now, code, text, retryAt, waiting: 0 };
    }
    publish();
    return result;
  };
  /** From beginning to beginning; one that takes long does not delay the next, but two are never under way. */
  const run = (it: Config): void => {
    let underWay = false;
    const tick = (): void => {
      cancel = clock.after(it.every, tick);
      if (underWay) return;
      underWay = true;
      void beat(it).finally(() => {
        underWay = false;
      });
    };
    tick();
  };
  const end = (): void => {
    cancel();
    closing.abort();
    closing = new AbortController();
  };
  return {
    configure(next) {
      if (JSON.stringify(next) === JSON.stringify(config)) return;
      end();
      config = next;
      failing = null;
      lastSentAt = null;
      if (!next) return hide(id);
      publish();
      run(next);
    },
    beatNow: () => (config ? beat(config) : Promise.resolve(null)),
    stop: end,
  };
}

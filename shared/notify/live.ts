/** How each channel is doing, as windows show it. */
import type { ChannelLive, NotifyConfig } from '../model/notify.ts';
import type { DispatchState } from './state.ts';

/** @returns one record for each channel of the inventory; a channel fails while any way over it does */
export const channelsLive = (state: DispatchState, config: Pick<NotifyConfig, 'channels'>): ChannelLive[] =>
  config.channels.map(({ id, type, name }) => {
    const lanes = Object.values(state.lanes).filter((it) => it.channel === id);
    const sent = lanes.flatMap((it) => it.lastSentAt ?? []);
    const [failing] = lanes.flatMap((it) => it.failing ?? []).sort((a, b) => a.since - b.since);
    const waiting = state.queue.filter((it) => it.channel === id).length;
    return {
      id,
      type,
      name: name ?? id,
      lastSentAt: sent.length === 0 ? null : Math.max(...sent),
      failing: failing ? { since: failing.since, code: failing.code, text: failing.text, retryAt: failing.retryAt, waiting } : null,
    };
  });

/** Recovery is told to whoever heard the alarm, and to nobody else: at once, whatever the hour, silenced or not. */
import { SECOND } from '../time.ts';
import type { Work } from './dispatch.ts';
import { type Item, messageOf } from './message.ts';
import { enqueue, queuedIn } from './outbox.ts';
import type { Tracked } from './state.ts';

/** When much recovers bit by bit, the first is told at once and what follows in bundles of this length. */
const bundleMs = 30 * SECOND;

export function tellRecoveries(work: Work): void {
  const { state, config, now } = work;
  const over = Object.entries(state.alerts).filter(([, it]) => it.endedAt !== null && it.into === null);
  const lanes = new Map<string, { over: [id: string, it: Tracked][]; queued: Set<string> }>();
  for (const [id, it] of over) {
    for (const [lane, heard] of Object.entries(it.heard)) {
      const isThere = config.channels.some((channel) => channel.id === heard.channel);
      const known = lanes.get(lane) ?? { over: [], queued: queuedIn(state, lane) };
      lanes.set(lane, known);
      // The alarm itself is on its way: first things first.
      if (isThere && known.queued.has(id)) continue;
      if (!isThere || !heard.taken) delete it.heard[lane];
      else known.over.push([id, it]);
    }
  }
  for (const [lane, { over: all }] of lanes) if (all.length > 0) tellLane(work, lane, all);
  for (const [id, it] of over) if (Object.keys(it.heard).length === 0) delete state.alerts[id];

  function tellLane(work: Work, lane: string, all: [string, Tracked][]): void {
    const told = state.lanes[lane]?.recoveredAt ?? null;
    if (told !== null && now - told < bundleMs) {
      work.wakeAt(told + bundleMs);
      return;
    }
    const heard = all[0]?.[1].heard[lane];
    const channel = config.channels.find((it) => it.id === heard?.channel);
    if (!heard || !channel) return;
    const people = [...new Set(all.flatMap(([, it]) => it.heard[lane]?.people ?? []))];
    const target = { channel, person: heard.person, people };
    // What only left the inventory is told apart from what recovered; PagerDuty knows no such difference.
    const keyOf = ([, it]: [string, Tracked]): string | boolean => (channel.type === 'pagerduty' ? (it.heard[lane]?.key ?? '') : it.closed);
    for (const some of Map.groupBy(all, keyOf).values()) {
      const [first] = some;
      const key = first?.[1].heard[lane]?.key ?? '';
      // Several alerts are one there: it is over when the last of them is.
      if (channel.type === 'pagerduty' && othersUnder(lane, key, new Set(some.map(([id]) => id)))) continue;
      const message = messageOf('recovery', key, some.map(itemOf), work);
      for (const [, it] of some) delete it.heard[lane];
      work.events.push(
        ...enqueue(
          state,
          target,
          message,
          some.map(([id]) => id),
          work,
        ),
      );
      const kept = state.lanes[lane];
      if (kept) kept.recoveredAt = now;
    }
  }
  function othersUnder(lane: string, key: string, these: ReadonlySet<string>): boolean {
    return Object.entries(state.alerts).some(([id, it]) => !these.has(id) && it.heard[lane]?.key === key);
  }
}

const itemOf = ([id, it]: [string, Tracked]): Item => ({
  id,
  title: it.title,
  text: '',
  behind: null,
  severity: it.severity,
  subject: it.subject,
  firstAt: it.firstAt,
  endedAt: it.endedAt,
  closed: it.closed,
  openSince: it.openSince,
  consequences: 0,
  related: [],
});

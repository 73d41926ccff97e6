/** Nobody has taken it for so long: the next ones are told. Each step once, until the alert is opened anew. */
import type { Route } from '../model/notify.ts';
import type { Work } from './dispatch.ts';
import type { Item } from './message.ts';
import { send } from './tell.ts';

/** @param routed the routes that take each loud alert now */
export function takeSteps(work: Work, routed: ReadonlyMap<string, readonly Route[]>): void {
  const { config, now } = work;
  for (const { id, steps } of config.escalations) {
    const climbing = new Map<string, { to: string[]; upTo: number; items: Item[] }>();
    for (const { alert, tracked, item } of work.loud) {
      if (!routed.get(alert.id)?.some((route) => route.escalation === id)) continue;
      // Silence holds the clock: what was silenced is escalated no sooner than if it had been raised at its end.
      const from = Math.max(tracked.openSince, tracked.freeSince ?? now);
      const done = tracked.steps[id] ?? tracked.floor;
      let upTo = done;
      while (upTo < steps.length && from + (steps[upTo]?.after ?? 0) <= now) upTo += 1;
      const next = steps[upTo];
      if (next) work.wakeAt(from + next.after);
      if (upTo === done) continue;
      tracked.steps[id] = upTo;
      const key = `${done}-${upTo}`;
      const same = climbing.get(key) ?? { to: steps.slice(done, upTo).flatMap((step) => step.to), upTo, items: [] };
      same.items.push(item);
      climbing.set(key, same);
    }
    for (const { to, upTo, items } of climbing.values()) {
      const names = send(work, to, 'escalation', items);
      for (const item of items) {
        const openMs = Math.max(0, now - item.openSince);
        work.escalated.push({ alert: item.id, step: upTo });
        const payload = { alert: item.id, title: item.title, step: upTo, to: names, openMs };
        work.events.push({ kind: 'escalated', at: now, subject: item.subject, actor: 'engine', payload });
      }
    }
  }
}

/** What is wrong, by route: the first message waits for company, later ones keep their distance, and a reminder follows as long as nobody has it. */
import type { Message, Route } from '../model/notify.ts';
import type { Work } from './dispatch.ts';
import { byUrgency, type Item, messageOf } from './message.ts';
import { enqueue } from './outbox.ts';
import { laneOf, type Said } from './state.ts';
import { nameOf, type Target, targetsOf } from './targets.ts';

/** So many alerts go to PagerDuty as one each in one burst; the rest as one together. */
const mostSingle = 20;

/** @param routed the routes that take each loud alert now */
export function tellProblems(work: Work, routed: ReadonlyMap<string, readonly Route[]>): void {
  for (const route of work.config.routes) {
    const group = work.loud.flatMap(({ alert, tracked, item }) => {
      if (routed.get(alert.id)?.includes(route)) {
        const scope = alert.checks.length + alert.consequences.length;
        const { openSince } = tracked;
        const said = tracked.said[route.id] ?? { toldAt: null, newsSince: null, openSince, severity: alert.severity, scope: 0 };
        tracked.said[route.id] = said;
        return [{ said, item, scope, openSince, news: newsOf(said, alert.severity, scope, openSince) }];
      }
      // It waited here, but this is no longer its route.
      const said = tracked.said[route.id];
      if (said) said.newsSince = null;
      return [];
    });
    speak(work, route, group);
  }
}

interface Member {
  said: Said;
  item: Item;
  scope: number;
  openSince: number;
  news: 'new' | 'changed' | null;
}

/** An acknowledgement that was cleared makes it new: nobody has it any more. */
function newsOf(said: Said, severity: Said['severity'], scope: number, openSince: number): Member['news'] {
  if (said.toldAt === null || said.openSince !== openSince) return 'new';
  return said.severity !== severity || scope > said.scope ? 'changed' : null;
}

function speak(work: Work, route: Route, group: readonly Member[]): void {
  const { state, now } = work;
  if (group.length === 0) return;
  let dueAt = Number.POSITIVE_INFINITY;
  let remind = false;
  for (const { said, news } of group) {
    said.newsSince = news === null ? null : (said.newsSince ?? now);
    const reminderAt = news === null ? (said.toldAt ?? now) + route.repeat : Number.POSITIVE_INFINITY;
    remind ||= reminderAt <= now;
    dueAt = Math.min(dueAt, reminderAt, (said.newsSince ?? Number.POSITIVE_INFINITY) + (news === 'new' ? route.wait : 0));
  }
  const lastAt = state.routes[route.id];
  if (lastAt !== undefined) dueAt = Math.max(dueAt, lastAt + route.interval);
  if (dueAt > now) {
    work.wakeAt(dueAt);
    return;
  }

  // A reminder names all that nobody has, so that the next one is for all of them again.
  const told = group.filter((it) => it.news !== null || remind);
  const kind = told.some((it) => it.news === 'new') ? 'problem' : told.some((it) => it.news === 'changed') ? 'update' : 'reminder';
  send(
    work,
    route.to,
    kind,
    told.map((it) => it.item),
  );
  for (const { said, item, scope, openSince } of told)
    Object.assign(said, { toldAt: now, newsSince: null, openSince, severity: item.severity, scope });
  state.routes[route.id] = now;
  work.wakeAt(now + route.repeat);
}

/** One message to everybody that these ids lead to, each once. @returns names of whom it goes to */
export function send(
  work: Work,
  to: readonly string[],
  kind: Exclude<Message['kind'], 'test' | 'recovery'>,
  items: readonly Item[],
): string[] {
  const { state, config, zone, now } = work;
  const { targets, holes } = targetsOf(to, config, zone, now);
  for (const { rota, instead } of holes) {
    if (state.holes.includes(rota.id)) continue;
    state.holes.push(rota.id);
    const payload = { rota: rota.id, name: rota.name ?? rota.id, instead: instead.map((id) => nameOf(config, id)) };
    work.events.push({ kind: 'rota-hole', at: now, subject: null, actor: 'engine', payload });
  }
  for (const target of targets) {
    for (const { key, items: some } of bundles(work, target, items))
      work.events.push(
        ...enqueue(
          state,
          target,
          messageOf(kind, key, some, work),
          some.map((it) => it.id),
          work,
        ),
      );
  }
  return [...new Set(targets.flatMap((it) => (it.people.length > 0 ? it.people : [it.channel.name ?? it.channel.id])))];
}

/** One message for all; but PagerDuty opens and resolves by key, so that it gets one for each alert, under the key it knows it by. */
function bundles({ state }: Work, target: Target, items: readonly Item[]): { key: string; items: Item[] }[] {
  const sorted = [...items].sort(byUrgency);
  if (target.channel.type !== 'pagerduty') return [{ key: sorted[0]?.id ?? '', items: sorted }];
  const lane = laneOf({ channel: target.channel.id, person: target.person });
  const byKey = new Map<string, Item[]>();
  let fresh = 0;
  let restKey = '';
  for (const item of sorted) {
    let key = state.alerts[item.id]?.heard[lane]?.key;
    if (key === undefined) {
      fresh += 1;
      if (fresh === mostSingle + 1) restKey = `rest-${item.id}`;
      key = fresh <= mostSingle ? item.id : restKey;
    }
    const same = byKey.get(key);
    if (same) same.push(item);
    else byKey.set(key, [item]);
  }
  return [...byKey].map(([key, some]) => ({ key, items: some }));
}

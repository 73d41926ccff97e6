/** Where the ways to what failed end, as traces told it: in whose network the last router that answers stands. Pure. */
import type { Graph } from '../health/graph.ts';
import type { NightEvent } from '../model/event.ts';
import type { Subject } from '../model/plan.ts';
import type { WayEnd } from './types.ts';

/** A way that was followed. */
export interface Followed {
  subject: string;
  /** Epoch ms. */
  at: number;
  /** It came through: nothing ends there. */
  reached: boolean;
  /** What the inventory calls the network of the last router that answered; null: nothing. */
  network: string | null;
}

/** @returns null where the trace says nothing: no router answered, or it is of nothing in the inventory */
export function followedOf({
  subject,
  at,
  payload: { good, hops },
}: Pick<Extract<NightEvent, { kind: 'traced' }>, 'subject' | 'at' | 'payload'>): Followed | null {
  const last = hops.findLast((hop) => hop.address !== null);
  return subject && (good || last) ? { subject: subject.id, at, reached: good, network: last?.name ?? null } : null;
}

/**
 * The newest of each subject counts, if it is not older than `since`.
 * @param followed oldest first @param links those of the inventory @param since epoch ms
 */
export function waysOf(followed: readonly Followed[], links: readonly Subject[], graph: Graph, since: number): WayEnd[] {
  const newest = new Map<string, Followed>();
  for (const it of followed) if (it.at >= since) newest.set(it.subject, it);
  return [...newest.values()].flatMap((it): WayEnd[] => {
    if (it.reached) return [];
    const link = linkOf(it, links, graph);
    return link === undefined ? [] : [{ subject: it.subject, link }];
  });
}

/** Providers have several circuits: it is the one that the thing rides on, or the one at its site. Undefined: that cannot be told. */
function linkOf({ network, subject }: Followed, links: readonly Subject[], graph: Graph): string | null | undefined {
  const named = network === null ? [] : links.filter((it) => (it.provider ?? it.name) === network);
  if (named.length <= 1) return named[0]?.id ?? null;
  const above = aboveOf(subject, graph);
  const ridden = named.filter((it) => above.has(it.id));
  const site = graph.subject(subject)?.site ?? null;
  const near = (ridden.length > 0 ? ridden : named).filter((it) => ridden.length === 1 || it.site === site);
  return near.length === 1 ? near[0]?.id : undefined;
}

/** A subject and all that it needs. */
function aboveOf(subject: string, graph: Graph): ReadonlySet<string> {
  const found = new Set([subject]);
  for (const id of found) for (const needed of graph.needs(id).flat()) found.add(needed);
  return found;
}

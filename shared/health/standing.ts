/** How a subject (host, link, mail leg …) stands, from how its checks stand. */
import type { Standing } from '../model/words.ts';

/** Worst first. Grey stands above green: one check without fresh data keeps the whole subject from being green. */
const order: readonly Standing[] = ['down', 'unreachable', 'degraded', 'unknown', 'stale', 'maintenance', 'pending', 'ok'];

/** @returns the standing that should be shown for all of them; `pending` where there is no check at all */
export function worstStanding(all: readonly Standing[]): Standing {
  return order.find((standing) => all.includes(standing)) ?? 'pending';
}

/** Not there at all, from where we look. */
const isGone = (standing: Standing): boolean => standing === 'down' || standing === 'unreachable';

/**
 * How something stands that several hosts carry together: down only when all of them are; while some still work it is degraded.
 * @param hosts how each of them stands
 */
export function carriedStanding(hosts: readonly Standing[]): Standing {
  const gone = hosts.filter(isGone).length;
  return gone > 0 && gone < hosts.length ? worstStanding(['degraded', ...hosts.filter((it) => !isGone(it))]) : worstStanding(hosts);
}

/** The word that stands beside colour and shape. */
export const standingWord: Record<Standing, string> = {
  ok: 'ok',
  degraded: 'degraded',
  down: 'down',
  unreachable: 'unreachable',
  maintenance: 'planned work',
  unknown: 'not known',
  stale: 'no fresh data',
  pending: 'waiting',
};

/**
 * Whether the desk itself is connected, by its anchors: its gateway, its resolver, far hosts. When all of them fail at once, what it
 * sees of everything else means nothing. Pure; `now` is an argument.
 */
import { z } from 'zod';
import type { EventDraft } from '../model/event.ts';
import { isNear } from './remote.ts';
import { cycleOf, type Judged } from './vitals.ts';

export const connectionSchema = z.object({
  /** `since`: when the last of the anchors began to fail, epoch ms: before that there still was a connection. `anchors`: check ids. */
  cutOff: z.object({ since: z.number(), anchors: z.array(z.string()) }).nullable(),
  /** It may be cut off, but that is still being made sure of. */
  suspected: z.boolean(),
  /** Ids of anchors that answered at least once. The others are no evidence: a mistyped or blocked one fails for ever. */
  everOk: z.array(z.string()),
});
export type Connection = z.infer<typeof connectionSchema>;

export const noConnection: Connection = { cutOff: null, suspected: false, everOk: [] };

export interface ConnectionInput {
  anchors: readonly Judged[];
  before: Connection;
  /** When a remote check was ok last, epoch ms (see provesConnection); whatever the anchors say, the desk was connected then. */
  lastRemoteOkAt: number | null;
  now: number;
}

/** What an anchor says. A degraded one answers, so there is a connection; `old` = nothing fresh. */
type Sign = 'connected' | 'failed' | 'retried' | 'old';

function signOf({ state: { hard, soft, staleSince } }: Judged): Sign {
  if (staleSince !== null) return 'old';
  if (soft) return soft.level === 'degraded' ? 'connected' : 'retried';
  if (hard === 'pending') return 'old';
  return hard === 'ok' || hard === 'degraded' ? 'connected' : 'failed';
}

/** First symptom of an anchor that fails. */
const firstAt = ({ state }: Judged): number => state.soft?.firstAt ?? state.since;

/** Its last look was before that moment, and its next one is not overdue: it may be cut off as well. */
const mayFail = ({ plan, state }: Judged, since: number, now: number): boolean =>
  state.at !== null && state.at < since && now <= state.at + cycleOf(plan);

/**
 * Takes one look at the anchors.
 * Cut off: every anchor that ever answered has failed hard (of the far ones, where there are any: a gateway still answers when the line
 * behind it is cut), and no remote check was ok since the last of them began to fail. A wrong or
 * blocked anchor must never hide a real outage, so any proof of a connection counts for more than all anchors. It ends with the first
 * anchor that answers or the first remote check that is ok; without fresh results it stays as it was.
 * @returns the connection, the very same while nothing changed, and what there is to tell
 */
export function stepConnection({ anchors, before, lastRemoteOkAt, now }: ConnectionInput): {
  connection: Connection;
  events: EventDraft[];
} {
  const everOk = anchors
    .filter(({ plan, state }) => before.everOk.includes(plan.id) || state.hard === 'ok' || state.hard === 'degraded')
    .map(({ plan }) => plan.id);
  const known = anchors.filter(({ plan }) => everOk.includes(plan.id));
  const far = known.filter(({ plan }) => !isNear(plan));
  const telling = far.length > 0 ? far : known;
  const cutOff = cutOffNow(telling, before.cutOff, lastRemoteOkAt, now);
  const connection: Connection = { cutOff, suspected: cutOff === null && isSuspected(telling, lastRemoteOkAt, now), everOk };
  return { connection: isSame(connection, before) ? before : connection, events: eventsOf(before.cutOff, cutOff, now) };
}

function cutOffNow(
  telling: readonly Judged[],
  before: Connection['cutOff'],
  lastRemoteOkAt: number | null,
  now: number,
): Connection['cutOff'] {
  if (telling.length === 0 || telling.some((it) => signOf(it) === 'connected')) return null;
  if (before) {
    // A clock that went back must not make it last longer.
    const since = Math.min(before.since, now);
    if (lastRemoteOkAt !== null && lastRemoteOkAt >= since) return null;
    return since === before.since ? before : { ...before, since };
  }
  if (!telling.every((it) => signOf(it) === 'failed')) return null;
  const since = Math.min(now, Math.max(...telling.map(firstAt)));
  return lastRemoteOkAt !== null && lastRemoteOkAt >= since ? null : { since, anchors: telling.map(({ plan }) => plan.id) };
}

/** Nothing answers, but not all of it is hard yet, or has been looked at since the first of them failed. */
function isSuspected(telling: readonly Judged[], lastRemoteOkAt: number | null, now: number): boolean {
  const bad = telling.filter((it) => signOf(it) === 'failed' || signOf(it) === 'retried');
  if (bad.length === 0) return false;
  const first = Math.min(...bad.map(firstAt));
  const last = Math.max(...bad.map(firstAt));
  const all = bad.length === telling.length;
  if (all ? bad.every((it) => signOf(it) === 'failed') : !telling.every((it) => bad.includes(it) || mayFail(it, first, now))) return false;
  return lastRemoteOkAt === null || lastRemoteOkAt < (all ? last : first);
}

function eventsOf(before: Connection['cutOff'], after: Connection['cutOff'], at: number): EventDraft[] {
  const head = { at, subject: { kind: 'desk', id: 'desk' }, actor: 'engine' } as const;
  if (!before && after) return [{ ...head, kind: 'desk-cut-off', payload: { since: after.since, anchors: after.anchors } }];
  if (before && !after) return [{ ...head, kind: 'desk-connected', payload: { from: Math.min(before.since, at), to: at } }];
  return [];
}

const isSame = (a: Connection, b: Connection): boolean =>
  a.cutOff === b.cutOff &&
  a.suspected === b.suspected &&
  a.everOk.length === b.everOk.length &&
  a.everOk.every((id, at) => id === b.everOk[at]);

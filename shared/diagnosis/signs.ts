/** What checks say now, as evidence of what is broken. Pure. */
import type { Cover } from '../health/cover.ts';
import { isRemote } from '../health/remote.ts';
import type { CheckState } from '../health/step.ts';
import type { PlannedCheck } from '../model/plan.ts';
import { MINUTE } from '../time.ts';
import type { Sign, Symptom } from './types.ts';

export interface Looked {
  plan: PlannedCheck;
  state: CheckState;
  cover: Cover | null;
}

interface SignOptions {
  /** First symptom of the alert that is to be explained, epoch ms: who has not looked since says nothing. */
  since: number;
  /** The desk's own connection is down: what is remote says nothing. */
  cutOff: boolean;
  now: number;
  /** When a check last saw something that is not right, epoch ms, where that is remembered. */
  badAt?: (check: string) => number | undefined;
}

/** What passes is called fine only when it has done so for as long. */
export const fineAfterMs = 10 * MINUTE;
const long = Number.NEGATIVE_INFINITY;

/** Reasons with which nothing at all came back: a machine or a line that is dead looks like this. */
const gone: ReadonlySet<string> = new Set(['no-reply', 'timeout', 'unreachable', 'no-answer']);
/** Something took the connection and then said nothing (more): a program that hangs looks like this, no dead machine does. */
const stalled: ReadonlySet<string> = new Set([
  'no-greeting',
  'stalled',
  'login-stalled',
  'key-exchange-stalled',
  'query-stalled',
  'mailbox-stalled',
]);
/** The machine answers, and nothing listens there or it hangs up. */
const refused: ReadonlySet<string> = new Set(['refused', 'reset', 'closed']);
const lossy: ReadonlySet<string> = new Set(['packet-loss', 'jitter', 'greeting-late']);

const isSlow = (reason: string): boolean => reason.split('-').some((word) => word === 'slow' || word === 'latency');

/** How a check fails, closer than its symptom: what fits a dead machine, a hanging one, a stopped program or a bad line. `unclear`: it comes and goes. */
export type Manner = 'gone' | 'stalled' | 'refused' | 'lossy' | 'wrong' | 'unclear';

/** A mail server that greeted and then gave no answer is there; a name server that gave none may not be. */
const isStall = (reason: string, type: PlannedCheck['type']): boolean => stalled.has(reason) || (type === 'smtp' && reason === 'no-answer');

export function mannerOf({ symptom, reason, plan }: Sign): Manner {
  if (symptom === null || reason === null) return symptom ?? 'unclear';
  if (symptom === 'gone') return isStall(reason, plan.type) ? 'stalled' : 'gone';
  return symptom === 'wrong' && refused.has(reason) ? 'refused' : symptom;
}

function symptomOf(reason: string): Symptom {
  if (gone.has(reason) || stalled.has(reason)) return 'gone';
  return lossy.has(reason) || isSlow(reason) ? 'lossy' : 'wrong';
}

/**
 * Turns states into signs.
 * A first bad result counts only where nothing answered at all: a single slow or odd answer is noise, two in a row are not. One that comes
 * and goes fails, whether it is up just now or not, and nothing is said of how: it would be another cause with every look.
 */
export function signsOf(checks: Iterable<Looked>, options: SignOptions): Map<string, Sign> {
  const signs = new Map<string, Sign>();
  for (const it of checks) signs.set(it.plan.id, signOf(it, options));
  return signs;
}

function signOf({ plan, state, cover }: Looked, { since, cutOff, now, badAt }: SignOptions): Sign {
  const { hard, soft, verdict, at, staleSince, flapping } = state;
  const silent: Sign = { plan, word: 'unknown', symptom: null, reason: null, since: null, at };
  // A result "from the future" (a clock that was set back) says nothing of now.
  if (verdict === null || at === null || at < since || at > now || staleSince !== null) return silent;
  if ((cutOff && isRemote(plan)) || (cover !== null && cover.kind !== 'unreachable')) return silent;
  const fails = (from: number): Sign => ({
    plan,
    word: 'fails',
    symptom: symptomOf(verdict.reason),
    reason: verdict.reason,
    ...(verdict.server !== undefined && { server: verdict.server }),
    since: from,
    at,
  });
  if (soft) {
    if (soft.level === 'unknown' || verdict.state === 'unknown') return silent;
    const symptom = symptomOf(verdict.reason);
    return soft.attempt > 1 || symptom === 'gone' ? fails(soft.firstAt) : silent;
  }
  if (hard === 'pending' || hard === 'unknown') return silent;
  if (flapping) return { plan, word: 'fails', symptom: null, reason: null, since: flapping.since, at };
  if (hard !== 'ok') return fails(state.since);
  // A soft problem leaves no letter in the history; of a hard one it is known when it ended.
  const last = Math.max(badAt?.(plan.id) ?? long, /[^o]/.test(state.history) ? state.since : long);
  return { ...silent, word: 'passes', ...(now - last < fineAfterMs && { badAt: last }) };
}

/** The soft/hard state machine of one check (Nagios, "State Types"): pure, `now` is an argument. */
import type { Level, Standing, Verdict } from '../model/words.ts';
import type { Cover } from './cover.ts';

/** Where one check stands. Plain data: stored, sent to windows, compared. */
export interface CheckState {
  /** The hard level; `pending` until the first ok or the first hard problem. */
  hard: Level | 'pending';
  /** When the hard level began, epoch ms. For a problem: its first symptom, not the moment it went hard. */
  since: number;
  /** A problem that is not hard yet (or a retry under way), with its attempt count. */
  soft: { level: Exclude<Level, 'ok'>; attempt: number; firstAt: number } | null;
  /** The newest verdict and when it was made, epoch ms. */
  verdict: Verdict | null;
  at: number | null;
  /** Results have stopped coming since this moment; what is shown is grey whatever `hard` says. */
  staleSince: number | null;
  /** The last hard levels by result, oldest first, one letter each; at most 21. Soft problems do not count (Nagios, "Detection and Handling of State Flapping"). */
  history: string;
  /** It comes and goes: since when, and how much, per cent. */
  flapping: { since: number; percent: number } | null;
}

/** What the state machine has to say for the timeline. */
export type HealthEvent =
  | { kind: 'soft'; level: Exclude<Level, 'ok'>; attempt: number; of: number; verdict: Verdict }
  | { kind: 'retry-ok'; attempts: number; verdict: Verdict }
  | { kind: 'hard'; from: Level | 'pending'; to: Level; firstAt: number; verdict: Verdict }
  | { kind: 'stale'; lastAt: number | null }
  | { kind: 'fresh'; goneMs: number }
  | { kind: 'flapping-started'; percent: number }
  | { kind: 'flapping-stopped'; percent: number };

/** What of a check's settings the state machine goes by. */
export interface StepRules {
  maxAttempts: number;
  /** Per cent of weighted changes at which flapping starts and stops. */
  flapping: { start: number; stop: number };
}

export interface Stepped {
  state: CheckState;
  events: HealthEvent[];
}

/** A check of which nothing is known yet. */
export const pendingState = (now: number): CheckState => ({
  hard: 'pending',
  since: now,
  soft: null,
  verdict: null,
  at: null,
  staleSince: null,
  history: '',
  flapping: null,
});

/**
 * Takes one verdict in.
 * A problem goes hard after `maxAttempts` bad results in a row; a change between two problems of a hard problem is hard at once;
 * ok is hard at once. The first verdict after a gap ends staleness.
 * @param now epoch ms of the verdict
 */
export function step(state: CheckState, verdict: Verdict, now: number, { maxAttempts }: StepRules): Stepped {
  const events: HealthEvent[] = [];
  if (state.staleSince !== null) events.push({ kind: 'fresh', goneMs: Math.max(0, now - state.staleSince) });
  const base = { ...state, verdict, at: now, staleSince: null };
  const level = verdict.state;

  if (level === 'ok') {
    if (state.soft) events.push({ kind: 'retry-ok', attempts: state.soft.attempt, verdict });
    if (state.hard === 'ok') return { state: { ...base, soft: null }, events };
    events.push({ kind: 'hard', from: state.hard, to: 'ok', firstAt: now, verdict });
    return { state: { ...base, soft: null, hard: 'ok', since: now }, events };
  }
  if (state.hard === level) return { state: { ...base, soft: null }, events };
  if (state.hard !== 'ok' && state.hard !== 'pending') {
    events.push({ kind: 'hard', from: state.hard, to: level, firstAt: now, verdict });
    return { state: { ...base, soft: null, hard: level, since: now }, events };
  }
  const attempt = (state.soft?.attempt ?? 0) + 1;
  const firstAt = state.soft?.firstAt ?? now;
  if (attempt >= maxAttempts) {
    events.push({ kind: 'hard', from: state.hard, to: level, firstAt, verdict });
    return { state: { ...base, soft: null, hard: level, since: firstAt }, events };
  }
  events.push({ kind: 'soft', level, attempt, of: maxAttempts, verdict });
  return { state: { ...base, soft: { level, attempt, firstAt } }, events };
}

/**
 * How old a result may grow before it is stale: two intervals and the timeout (field practice; no fresh data is grey, never green).
 */
export const staleAfterMs = (intervalMs: number, timeoutMs: number): number => 2 * intervalMs + timeoutMs;

/**
 * Looks at the clock only: marks the check stale when its last result is too old.
 * @param watchedSince epoch ms since when results were due; a check that never had a result is not stale before it had a chance
 */
export function age(state: CheckState, now: number, watchedSince: number, limitMs: number): Stepped {
  if (state.staleSince !== null || now - (state.at ?? watchedSince) <= limitMs) return { state, events: [] };
  return { state: { ...state, soft: null, staleSince: now }, events: [{ kind: 'stale', lastAt: state.at }] };
}

/** How the check is shown. @param cover why a problem of it does not count against it */
export function standingOf(state: CheckState, cover: Cover | null = null): Standing {
  if (cover?.kind === 'cut-off') return 'stale';
  if (cover?.always) return 'maintenance';
  if (state.staleSince !== null) return cover?.kind === 'maintenance' ? 'maintenance' : 'stale';
  if (state.hard === 'ok') return state.flapping ? 'degraded' : 'ok';
  if (state.hard === 'pending' || !cover) return state.hard;
  return cover.kind === 'unreachable' ? 'unreachable' : 'maintenance';
}

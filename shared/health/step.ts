/** The soft/hard state machine of one check (Nagios, "State Types"): pure, `now` is an argument. */
import type { Level, Standing, Verdict } from '../model/words.ts';
import type { Cover } from './cover.ts';

/** Where one check stands. Plain data: stored, sent to windows, compared. */
export interface CheckState {
  /** The hard level; `pending` until the first ok or the first hard problem, and while a verdict `waits` before both. */
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
  /**
   * The hard levels after the last results, oldest first, at most 21 (Nagios, "Detection and Handling of State Flapping").
   * `o` ok, `d` degraded, `D` down, `u` not known. A soft problem leaves no letter: it does not count.
   */
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
 * ok is hard at once. The first verdict after a gap ends staleness. A check whose hard level comes and goes is flapping meanwhile.
 * @param now epoch ms of the verdict
 */
export function step(state: CheckState, verdict: Verdict, now: number, rules: StepRules): Stepped {
  const events: HealthEvent[] = [];
  if (state.staleSince !== null) events.push({ kind: 'fresh', goneMs: Math.max(0, now - state.staleSince) });
  const next: CheckState = { ...state, verdict, at: now, staleSince: null };
  const level = verdict.state;

  if (verdict.waits && state.hard === 'pending') return { state: { ...next, soft: null }, events };
  if (level !== 'ok' && (state.hard === 'ok' || state.hard === 'pending')) {
    const attempt = (state.soft?.attempt ?? 0) + 1;
    const firstAt = state.soft?.firstAt ?? now;
    if (attempt < rules.maxAttempts) {
      next.soft = { level, attempt, firstAt };
      events.push({ kind: 'soft', level, attempt, of: rules.maxAttempts, verdict });
      return { state: next, events };
    }
    goHard(next, level, firstAt, verdict, events);
  } else {
    if (level === 'ok' && state.soft) events.push({ kind: 'retry-ok', attempts: state.soft.attempt, verdict });
    if (state.hard !== level) goHard(next, level, now, verdict, events);
    next.soft = null;
  }
  flap(next, now, rules.flapping, events);
  return { state: next, events };
}

/** Changes a state that is being made. */
function goHard(next: CheckState, to: Level, firstAt: number, verdict: Verdict, events: HealthEvent[]): void {
  events.push({ kind: 'hard', from: next.hard, to, firstAt, verdict });
  next.hard = to;
  next.since = firstAt;
  next.soft = null;
}

/** Notes the hard level that a result led to, and whether the check comes and goes. Changes a state that is being made. */
function flap(next: CheckState, now: number, { start, stop }: StepRules['flapping'], events: HealthEvent[]): void {
  if (next.hard === 'pending') return;
  const before = next.history;
  next.history = remember(before, letters[next.hard]);
  // Nearly every result: nothing has changed for 21 of them.
  if (next.history === before && !next.flapping) return;
  const percent = flapPercent(next.history);
  if (!next.flapping) {
    if (percent < start) return;
    next.flapping = { since: now, percent };
    events.push({ kind: 'flapping-started', percent });
  } else if (percent <= stop) {
    next.flapping = null;
    events.push({ kind: 'flapping-stopped', percent });
  } else if (percent !== next.flapping.percent) next.flapping = { since: next.flapping.since, percent };
}

const statesKept = 21;
const letters = { ok: 'o', degraded: 'd', down: 'D', unknown: 'u' } as const satisfies Record<Level, string>;
const steady = Object.fromEntries(Object.values(letters).map((letter) => [letter, letter.repeat(statesKept)]));

/** A steady history stays the very same text, so that nothing is made anew for it. */
const remember = (history: string, letter: string): string =>
  history === steady[letter] ? history : (history + letter).slice(-statesKept);

/**
 * How much a check comes and goes, as Nagios weighs it: of the 20 changes that 21 results can make, each that was made counts from
 * 0.75 (oldest) to 1.25 (newest); 100 % is a change with every result. Results that there were not yet count as no change.
 * Reckoned in whole numbers (57 to 95 seventy-sixths), so that a threshold is met exactly.
 * @param history hard levels, one letter each, oldest first
 */
export function flapPercent(history: string): number {
  let sum = 0;
  const shift = statesKept - history.length;
  for (let index = Math.max(1, 1 - shift); index < history.length; index += 1) {
    if (history.charCodeAt(index) !== history.charCodeAt(index - 1)) sum += 57 + 2 * (index + shift - 1);
  }
  return (sum * 5) / 76;
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
  const planned = cover?.kind === 'maintenance' || cover?.kind === 'routine';
  if (state.hard === 'ok') return !state.flapping ? 'ok' : planned ? 'maintenance' : 'degraded';
  if (state.hard === 'pending' || !cover) return state.hard;
  return cover.kind === 'unreachable' ? 'unreachable' : 'maintenance';
}

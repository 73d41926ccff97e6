/**
 * Says when each check is due. Every check has a place within its interval (phase by hash of its id, on a grid), so that a
 * thousand checks make a steady stream and never a burst. One timer serves them all.
 */
import type { Clock } from './clock.ts';

/** What the scheduler needs to know of a check. */
export interface Scheduled {
  id: string;
  intervalMs: number;
  /** Checks of types that are probed in batches share slots of this length; 0 = spread evenly. */
  slotMs: number;
}

export interface Scheduler {
  /** Puts these checks on the schedule; those that were there with the same interval keep their next turn. */
  replace(checks: Scheduled[]): void;
  /** Makes a check due after `ms` from now instead of at its next place. Afterwards it goes back to its places. */
  soon(id: string, ms: number): void;
  /** Makes everything due within the next few seconds, spread out: after a sleep. */
  catchUp(): void;
  stop(): void;
}

/** After a start the first round is spread over this long (or over the interval where that is shorter). */
const firstRoundMs = 5_000;

/** FNV-1a, 32 bits: spreads similar ids well and needs no library. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // A final mix (murmur3), as FNV's low bits of short strings are not even.
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

/**
 * Single checks share places too, a fifth of a second apart: a process that wakes up for eight probes at once spends a third of the CPU of
 * one that wakes up for each, and eight connections are no burst.
 */
const gridMs = 200;

/** A check's place within a stretch of `lengthMs`: on the grid for single ones, on slot borders for those in batches. */
export function phaseOf({ id, slotMs }: Pick<Scheduled, 'id' | 'slotMs'>, lengthMs: number): number {
  const place = hashOf(id) % lengthMs;
  const slot = Math.min(Math.max(slotMs, gridMs), lengthMs);
  return place - (place % slot);
}

interface Turn {
  check: Scheduled;
  due: number;
  /** Place in the heap. */
  at: number;
}

/**
 * @param onDue called when a check's turn has come; must not throw. The next turn is set before the call.
 */
export function createScheduler(clock: Clock, onDue: (id: string) => void): Scheduler {
  const turns = new Map<string, Turn>();
  const heap: Turn[] = [];
  let cancel: (() => void) | null = null;
  let wakeAt = Number.POSITIVE_INFINITY;

  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a] as Turn, heap[b] as Turn];
    heap[a] = y;
    heap[b] = x;
    y.at = a;
    x.at = b;
  };
  const settle = (start: number): void => {
    let i = start;
    while (i > 0 && (heap[i] as Turn).due < (heap[(i - 1) >> 1] as Turn).due) {
      swap(i, (i - 1) >> 1);
      i = (i - 1) >> 1;
    }
    for (;;) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && (heap[right] as Turn).due < (heap[left] as Turn).due ? right : left;
      if ((heap[i] as Turn).due <= (heap[least] as Turn).due) return;
      swap(i, least);
      i = least;
    }
  };
  const add = (turn: Turn): void => {
    turn.at = heap.push(turn) - 1;
    settle(turn.at);
  };
  const remove = (turn: Turn): void => {
    const last = heap.length - 1;
    if (turn.at !== last) {
      const from = turn.at;
      swap(from, last);
      heap.pop();
      settle(from);
    } else heap.pop();
  };
  const move = (turn: Turn, due: number): void => {
    turn.due = due;
    settle(turn.at);
  };

  /** The next place on the check's own grid that leaves at least half an interval since now. */
  const nextPlace = (check: Scheduled, now: number): number => {
    const phase = phaseOf(check, check.intervalMs);
    const earliest = now + check.intervalMs / 2;
    return phase + Math.ceil((earliest - phase) / check.intervalMs) * check.intervalMs;
  };

  const arm = (): void => {
    const first = heap[0];
    const due = first ? first.due : Number.POSITIVE_INFINITY;
    if (due === wakeAt) return;
    cancel?.();
    cancel = null;
    wakeAt = due;
    if (first) cancel = clock.after(Math.max(0, due - clock.monotonic()), wake);
  };
  const wake = (): void => {
    cancel = null;
    wakeAt = Number.POSITIVE_INFINITY;
    const now = clock.monotonic();
    for (let first = heap[0]; first && first.due <= now; first = heap[0]) {
      move(first, nextPlace(first.check, now));
      onDue(first.check.id);
    }
    arm();
  };

  const firstTurn = (check: Scheduled, now: number): number => now + phaseOf(check, Math.min(firstRoundMs, check.intervalMs));

  return {
    replace(checks) {
      const now = clock.monotonic();
      const wanted = new Set(checks.map((check) => check.id));
      for (const [id, turn] of turns) {
        if (wanted.has(id)) continue;
        remove(turn);
        turns.delete(id);
      }
      for (const check of checks) {
        const turn = turns.get(check.id);
        if (turn && turn.check.intervalMs === check.intervalMs) turn.check = check;
        else if (turn) {
          turn.check = check;
          move(turn, firstTurn(check, now));
        } else {
          const fresh = { check, due: firstTurn(check, now), at: 0 };
          turns.set(check.id, fresh);
          add(fresh);
        }
      }
      arm();
    },
    soon(id, ms) {
      const turn = turns.get(id);
      if (!turn) return;
      move(turn, clock.monotonic() + ms);
      arm();
    },
    catchUp() {
      const now = clock.monotonic();
      for (const turn of turns.values()) move(turn, firstTurn(turn.check, now));
      arm();
    },
    stop() {
      cancel?.();
      cancel = null;
      heap.length = 0;
      turns.clear();
    },
  };
}

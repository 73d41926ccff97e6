/** A clock that only moves when it is told to: hours go by in seconds, and nothing comes out of order. */
import type { Clock } from '../engine/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass: timers fire in order, and what follows from each is done before the next. */
  advance(ms: number): Promise<void>;
  /** The wall clock jumps; the monotonic one does not. */
  jump(ms: number): void;
  /** Both go on at once without a timer firing on time: the computer slept, or the process was frozen. */
  freeze(ms: number): void;
}

interface Timer {
  at: number;
  /** Of two timers at one moment, the one that was set first fires first. */
  order: number;
  /** null = cancelled; it stays in the heap until its time. */
  callback: (() => void) | null;
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * @param start wall clock, epoch ms
 * @param settle waits until all that one timer set off is done
 */
export function createVirtualClock(start: number, settle: () => Promise<void>): VirtualClock {
  /** Wall clock minus monotonic one. */
  let ahead = start;
  let mono = 0;
  let order = 0;
  const heap: Timer[] = [];

  const add = (timer: Timer): void => {
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!isBefore(timer, heap[up] as Timer)) break;
      heap[i] = heap[up] as Timer;
      i = up;
    }
    heap[i] = timer;
  };
  const takeFirst = (): void => {
    const last = heap.pop() as Timer;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let least = 2 * i + 1;
      if (least >= heap.length) break;
      if (least + 1 < heap.length && isBefore(heap[least + 1] as Timer, heap[least] as Timer)) least += 1;
      if (!isBefore(heap[least] as Timer, last)) break;
      heap[i] = heap[least] as Timer;
      i = least;
    }
    heap[i] = last;
  };

  return {
    // As the computer's own: whole milliseconds here, parts of them there.
    now: () => Math.floor(ahead + mono),
    monotonic: () => mono,
    after(ms, callback) {
      const timer: Timer = { at: mono + Math.max(0, ms), order: order++, callback };
      add(timer);
      return () => {
        timer.callback = null;
      };
    },
    async advance(ms) {
      const end = mono + ms;
      await settle();
      for (let next = heap[0]; next && next.at <= end; next = heap[0]) {
        takeFirst();
        if (!next.callback) continue;
        // After a freeze it is late.
        mono = Math.max(mono, next.at);
        next.callback();
        await settle();
      }
      mono = Math.max(mono, end);
    },
    jump(ms) {
      ahead += ms;
    },
    freeze(ms) {
      mono += ms;
    },
  };
}

/**
 * One ticking clock for everything that shows a time that moves: `useNow('second')` for clocks and watchdogs, `useNow('quarter')` (15 s) for
 * "14 min". One timer per pace however many use it, and none while nobody does. Tiles do not use it.
 */
import { useSyncExternalStore } from 'react';

function createClock(everyMs: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
    timer = setTimeout(tick, everyMs - (Date.now() % everyMs));
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (listeners.size === 1) {
        now = Date.now();
        timer = setTimeout(tick, everyMs - (now % everyMs));
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
    /** Between two ticks the same value, as useSyncExternalStore wants; never older than a pace. */
    read() {
      if (listeners.size === 0 && Date.now() - now >= everyMs) now = Date.now();
      return now;
    },
  };
}
const clocks = { second: createClock(1_000), quarter: createClock(15_000) };

export const useNow = (pace: keyof typeof clocks): number => useSyncExternalStore(clocks[pace].subscribe, clocks[pace].read);

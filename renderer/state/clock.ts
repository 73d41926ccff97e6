/**
 * What time it is for what is watched. `now()` for a moment; `useNow('second')` for clocks and watchdogs and `useNow('quarter')` (15 s) for
 * "14 min" tick. In a drill all three are the drill's clock, which comes with the picture: it may run sixty times as fast as life, and stands
 * still while the drill does. `useRealNow` is for what really takes time: an answer that is awaited.
 * One timer per pace however many use it, and none while nobody does. Tiles do not use it.
 */
import { useSyncExternalStore } from 'react';
import { useLive } from './live.ts';

const drillAt = (): number | undefined => useLive.getState().tables.drill.drill?.at;

/** Epoch ms of what is watched: the computer's clock, or the drill's. */
export const now = (): number => drillAt() ?? Date.now();

/** Exported for its test; everything else uses the hooks below. */
export function createClock(everyMs: number) {
  const listeners = new Set<() => void>();
  let real = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopFollowing = (): void => {};
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const tick = () => {
    real = Date.now();
    tell();
    timer = setTimeout(tick, everyMs - (Date.now() % everyMs));
  };
  /** One look at each new picture, however many follow the clock; they hear of it only when it shows another time. */
  const follow = () => {
    let last = read();
    return useLive.subscribe(() => {
      if (drillAt() === undefined || read() === last) return;
      last = read();
      tell();
    });
  };
  const readReal = () => {
    if (listeners.size === 0 && Date.now() - real >= everyMs) real = Date.now();
    return real;
  };
  const read = () => {
    const at = drillAt();
    return at === undefined ? readReal() : Math.floor(at / everyMs) * everyMs;
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (listeners.size === 1) {
        real = Date.now();
        timer = setTimeout(tick, everyMs - (real % everyMs));
        stopFollowing = follow();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        stopFollowing();
      };
    },
    /** Between two ticks the same value, as useSyncExternalStore wants; never older than a pace. */
    read,
    readReal,
  };
}
const clocks = { second: createClock(1_000), quarter: createClock(15_000) };

export const useNow = (pace: keyof typeof clocks): number => useSyncExternalStore(clocks[pace].subscribe, clocks[pace].read);
/** The computer's clock, also in a drill. */
export const useRealNow = (pace: keyof typeof clocks): number => useSyncExternalStore(clocks[pace].subscribe, clocks[pace].readReal);

import { useRef } from 'react';
import type { LiveTables } from '../../shared/live.ts';
import { useLive } from '../state/live.ts';

/** Something made of the live tables. The same object stays while it says the same, so that a result elsewhere redraws nothing. */
export function useDerived<T>(make: (tables: LiveTables) => T): T {
  const kept = useRef<{ text: string; value: T } | null>(null);
  return useLive((live) => {
    const value = make(live.tables);
    const text = JSON.stringify(value);
    if (kept.current?.text === text) return kept.current.value;
    kept.current = { text, value };
    return value;
  });
}

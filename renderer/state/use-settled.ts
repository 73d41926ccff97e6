import { startTransition, useEffect, useState } from 'react';

/** The newest value that has stood still for a moment; the first one at once. What is drawn from it may take its time: typing goes first. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setSettled(value)), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

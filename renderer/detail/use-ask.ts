/** Asking the engine from a component: the newest answer counts, an old one stays while a newer one is fetched, and a restart of the engine asks again. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Reply } from '../../shared/bind.ts';
import { useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';

interface Asked<T> {
  value: T | null;
  /** Why the newest request failed, in plain words; `value` may still hold an older answer. */
  failure: string | null;
  asking: boolean;
  again(): void;
}

interface Kept<T> {
  key: string | null;
  value: T | null;
  failure: string | null;
  asking: boolean;
}

/** A drill may run sixty times as fast as life: what the desk asks now and then is asked at this pace there. */
const drillMs = 2_000;
const nowAndThenMs = 10_000;
const paced = (everyMs: number | undefined): number | undefined =>
  inDrill && everyMs !== undefined && everyMs >= nowAndThenMs ? drillMs : everyMs;

/**
 * @param key what is asked about; another key forgets the answer, null asks nothing
 * @param options.version asks again when it changes, and keeps showing the answer meanwhile
 * @param options.everyMs asks again at this pace while the page is seen
 */
export function useAsk<T>(
  key: string | null,
  ask: () => Promise<Reply<T>>,
  options: { version?: string | number | null | undefined; everyMs?: number } = {},
): Asked<T> {
  const [kept, setKept] = useState<Kept<T>>({ key: null, value: null, failure: null, asking: false });
  const [tries, setTries] = useState(0);
  const alive = useLive((live) => live.connection === 'live');
  const everyMs = paced(options.everyMs);
  const newest = useRef({ ask, key, runs: 0, taken: 0 });
  useEffect(() => {
    newest.current.ask = ask;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: version, tries and alive are reasons to ask again
  useEffect(() => {
    const mine = newest.current;
    mine.key = key;
    if (key === null) return;
    const go = async () => {
      mine.runs += 1;
      const run = mine.runs;
      setKept((was) => (was.key === key ? { ...was, asking: true } : { key, value: null, failure: null, asking: true }));
      const reply = await mine.ask();
      if (mine.key !== key || run < mine.taken) return;
      mine.taken = run;
      setKept((was) => ({
        key,
        value: reply.ok ? reply.value : was.key === key ? was.value : null,
        failure: reply.ok ? null : reply.failure.text,
        asking: run !== mine.runs,
      }));
    };
    void go();
    if (everyMs === undefined) return;
    const timer = setInterval(() => !document.hidden && void go(), everyMs);
    return () => clearInterval(timer);
  }, [key, options.version, everyMs, tries, alive]);

  const again = useCallback(() => setTries((count) => count + 1), []);
  const fits = kept.key === key;
  return { value: fits ? kept.value : null, failure: fits ? kept.failure : null, asking: key !== null && (!fits || kept.asking), again };
}

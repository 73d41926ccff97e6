/** "Check now": probes some checks at once and says when the last of their results is in. */
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { say } from '../state/view.ts';

/** A result that has not come so long after its time-out will not come. */
const graceMs = 10_000;

export function useCheckNow(ids: readonly string[]): { running: boolean; start(): void } {
  /** When each check had its newest result as the button was pressed. */
  const [before, setBefore] = useState<Record<string, number | null> | null>(null);
  const moments = useLive(useShallow((live) => ids.map((id) => live.tables.checks[id]?.state.at ?? null)));
  const longestMs = useLive((live) => Math.max(0, ...ids.map((id) => live.tables.plans[id]?.timeoutMs ?? 0)));
  const running = before !== null && ids.some((id, index) => id in before && before[id] === moments[index]);

  useEffect(() => {
    if (before === null) return;
    if (!running) {
      setBefore(null);
      return;
    }
    const timer = setTimeout(() => {
      setBefore(null);
      say('No result has come yet. The desk goes on trying at its own pace.', 'bad');
    }, longestMs + graceMs);
    return () => clearTimeout(timer);
  }, [before, running, longestMs]);

  const start = () => {
    if (running || ids.length === 0) return;
    setBefore(Object.fromEntries(ids.map((id, index) => [id, moments[index] ?? null])));
    void engine.checkNow({ checks: [...ids] }).then((reply) => {
      if (reply.ok) return;
      setBefore(null);
      say(`The check was not started. ${reply.failure.text}`, 'bad');
    });
  };
  return { running, start };
}

/** The next times of a series that is being written, so that a slip in its rhythm is seen before it is sent. */
import { useMemo } from 'react';
import type { MaintenancePlan } from '../../shared/contract.ts';
import { Notice } from '../components/Notice.tsx';
import css from './forms.module.css';
import { nextTimes } from './plan-preview.ts';
import { stretchText } from './window-words.ts';

export function NextTimes({
  times,
  zone,
  now,
}: {
  times: Pick<MaintenancePlan, 'from' | 'to' | 'durationMs' | 'schedule'>;
  zone: string;
  now: number;
}) {
  const key = JSON.stringify(times);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `times` is new with every stroke; its text is not
  const next = useMemo(() => nextTimes(times, now), [key, now]);
  if (next.length === 0)
    return <Notice tone="warn">It would never come: there is no such day in the time ahead. Look at the rhythm and the last day.</Notice>;
  return (
    <p className={css.preview} aria-live="polite">
      Next: <strong>{next.map((it) => stretchText(it.from, it.to, zone, now)).join(', then ')}</strong>
    </p>
  );
}

/** What one check measured over the stretch that a document is about. */
import { lazy, Suspense, useMemo } from 'react';
import { unitOf } from '../../shared/checks/index.ts';
import { stamp } from '../../shared/time.ts';
import { AvailabilityStrip } from '../charts/AvailabilityStrip.tsx';
import type { Mark } from '../charts/HistoryChart.tsx';
import { shapeHistory, writeAvailability } from '../charts/shape.ts';
import { ChartCard } from '../components/Evidence.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, usePlan, useZone } from '../state/live.ts';
import css from './Editor.module.css';
import type { Stretch } from './use-stretch.ts';

const HistoryChart = lazy(() => import('../charts/HistoryChart.tsx'));

export function StretchChart({ check, stretch, marks }: { check: string; stretch: Stretch; marks: readonly Mark[] }) {
  const plan = usePlan(check);
  const zone = useZone();
  const name = useLive((live) => eventNames(live.tables).check(check));
  const { from, to } = stretch;
  const { value, failure } = useAsk(`stretch ${check} ${from} ${to}`, () => engine.history({ check, from, to }));
  const shaped = useMemo(() => value && plan && shapeHistory(value, { from, to }, plan.intervalMs, 60), [value, plan, from, to]);
  if (failure)
    return (
      <p className={css.hint}>
        What {name} measured cannot be shown. {failure}
      </p>
    );
  if (!plan || !shaped) return null;
  const share = shaped.availability === null ? 'availability not known' : `${writeAvailability(shaped.availability)} available`;
  return (
    <ChartCard>
      <figcaption>
        {name}
        <span className={css.hint}> · {shaped.results === 0 ? 'no results over that time' : share}</span>
      </figcaption>
      {shaped.results > 0 && (
        <>
          {shaped.measured && (
            <div className={css.plot} aria-hidden>
              <Suspense fallback={null}>
                <HistoryChart shaped={shaped} range={stretch} unit={plan.type === 'queue' ? '' : unitOf(plan)} zone={zone} marks={marks} />
              </Suspense>
            </div>
          )}
          <AvailabilityStrip cells={shaped.strip} label={`${name}: ${share}`} />
          <span className={css.hint}>
            {stamp(from, zone)} to {stamp(to, zone)}
          </span>
        </>
      )}
    </ChartCard>
  );
}

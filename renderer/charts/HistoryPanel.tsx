/** History of one check: which stretch, the chart (recharts, loaded when first needed), the availability strip, and every state they can be in. */
import { lazy, Suspense, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { capital } from '../../shared/alerting/names.ts';
import { unitOf } from '../../shared/checks/index.ts';
import type { History } from '../../shared/contract.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { count } from '../../shared/text.ts';
import { zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { now } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { AvailabilityStrip } from './AvailabilityStrip.tsx';
import { type SpanKey, spans } from './axis.ts';
import css from './History.module.css';
import type { Mark } from './HistoryChart.tsx';
import { shapeHistory, writeAvailability } from './shape.ts';

const HistoryChart = lazy(() => import('./HistoryChart.tsx'));

const titleOf: Readonly<Record<string, string>> = { ms: 'Latency', '%': 'Use' };
/** Types that measure something else than their unit lets one think. */
const titleOfType: Readonly<Record<string, string>> = {
  backup: 'Age of the newest backup',
  inside: 'Memory in use',
  ntp: 'Offset',
  propagation: 'Resolvers that have it',
  queue: 'Messages that wait',
  roundtrip: 'Round trip of a test message',
  visibility: 'Networks that see it',
};
/** A value that an inventory gives a name goes by it: "Receive power". */
const titleFor = (plan: PlannedCheck): string =>
  plan.type === 'snmp' && plan.config.kind === 'value' && plan.config.label
    ? capital(String(plan.config.label))
    : (titleOfType[plan.type] ?? titleOf[unitOf(plan)] ?? 'Value');

/** What the title counts needs no unit. */
const unitFor = (plan: PlannedCheck): string => (plan.type === 'queue' ? '' : unitOf(plan));

export function HistoryPanel({ plan, span: chosen, onSpan }: { plan: PlannedCheck; span: SpanKey; onSpan(span: SpanKey): void }) {
  const span = spans.find((it) => it.key === chosen) ?? spans[0];
  const zone = useZone();
  const marks = useMarks(plan.subject.id);
  const asked = useAsk<{ history: History; range: { from: number; to: number } }>(
    `${plan.id} ${span.key}`,
    async () => {
      const to = now();
      const range = { from: to - span.ms, to };
      const reply = await engine.history({ check: plan.id, ...range });
      return reply.ok ? { ok: true, value: { history: reply.value, range } } : reply;
    },
    { everyMs: span.refreshMs },
  );
  const shaped = useMemo(
    () => asked.value && shapeHistory(asked.value.history, asked.value.range, plan.intervalMs),
    [asked.value, plan.intervalMs],
  );
  const share = shaped?.availability ?? null;

  return (
    <section className={css.panel} aria-label="History">
      <header className={css.head}>
        <h3 className={css.title}>{titleFor(plan)}</h3>
        <span className={css.legend}>median; shaded from the lowest to the 95th percentile</span>
        <fieldset className={css.spans} aria-label="Stretch of time">
          {spans.map((it) => (
            <button key={it.key} type="button" className={css.span} aria-pressed={it.key === span.key} onClick={() => onSpan(it.key)}>
              {it.label}
            </button>
          ))}
        </fieldset>
      </header>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          The history cannot be shown. {asked.failure}
        </Notice>
      )}
      {!shaped && !asked.failure && <div className={css.waiting}>Reading the history…</div>}
      {shaped && shaped.results === 0 && (
        <div className={css.empty}>
          <strong>No results in {span.long}</strong>
          <span>Nothing was measured then, so nothing can be said about it.</span>
        </div>
      )}
      {shaped && asked.value && shaped.results > 0 && (
        <figure className={css.figure}>
          <div className={css.plot} aria-hidden>
            {shaped.measured ? (
              <Suspense fallback={<div className={css.waiting}>Drawing…</div>}>
                <HistoryChart shaped={shaped} range={asked.value.range} unit={unitFor(plan)} zone={zone} marks={marks} />
              </Suspense>
            ) : (
              <div className={css.empty}>No value was measured in {span.long}: no probe got that far.</div>
            )}
          </div>
          <AvailabilityStrip
            cells={shaped.strip}
            label={`${share === null ? 'Availability not known' : `${writeAvailability(share)} available`} over ${span.long}, from ${count(shaped.results, 'result')}.`}
          />
          <figcaption className={css.caption}>
            <span>
              {share === null ? (
                'Availability not known'
              ) : (
                <>
                  <strong className={css.share}>{writeAvailability(share)}</strong> available
                </>
              )}{' '}
              over {span.long} · {count(shaped.results, 'result').replace(/\d{4,}/, (n) => Number(n).toLocaleString('en-US'))}
            </span>
            <span>Times in {zoneTitle(asked.value.range.to, zone)}</span>
          </figcaption>
        </figure>
      )}
    </section>
  );
}

/** Notes on the subject, as marks in the chart. */
function useMarks(subject: string): readonly Mark[] {
  const notes = useLive(
    useShallow((live) => Object.values(live.tables.events).filter((event) => event.kind === 'note' && event.subject?.id === subject)),
  );
  return useMemo(() => notes.flatMap((event) => (event.kind === 'note' ? [{ at: event.at, text: event.payload.text }] : [])), [notes]);
}

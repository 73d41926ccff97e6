/** One check: what happened, what it means, what to do; its history; facts and transcripts of its probes. */
import type { Transcript } from '../../shared/contract.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { writeDuration } from '../../shared/time.ts';
import type { SpanKey } from '../charts/axis.ts';
import { HistoryPanel } from '../charts/HistoryPanel.tsx';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { checkLabel } from '../state/derive.ts';
import { useCheck } from '../state/live.ts';
import css from './Detail.module.css';
import { TranscriptView } from './TranscriptView.tsx';
import { useAsk } from './use-ask.ts';

export function CheckDetail({ plan, span, onSpan }: { plan: PlannedCheck; span: SpanKey; onSpan(span: SpanKey): void }) {
  const record = useCheck(plan.id);
  const asked = useAsk(plan.id, () => engine.transcript({ check: plan.id }), { version: record?.state.at ?? null });
  const newest = asked.value?.newest ?? null;
  return (
    <>
      <section className={css.why} aria-label={`${checkLabel(plan)}, explained`}>
        <Explained transcript={newest} waiting={record?.state.at == null} asking={asked.asking} />
        <p className={css.pace}>
          {plan.target} · every {writeDuration(plan.intervalMs)}, gives up after {writeDuration(plan.timeoutMs)}, alert after{' '}
          {plan.maxAttempts} in a row
        </p>
      </section>
      <div className={css.history}>
        <HistoryPanel plan={plan} span={span} onSpan={onSpan} />
      </div>
      <section className={css.seen} aria-label="What the probe saw">
        {asked.failure && (
          <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
            What the probe saw cannot be shown. {asked.failure}
          </Notice>
        )}
        {newest && newest.facts.length > 0 && (
          <dl className={css.facts}>
            {newest.facts.map((fact) => (
              <div key={fact.label} className={css.fact}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        )}
        <TranscriptView newest={newest} lastBad={asked.value?.lastBad ?? null} />
      </section>
    </>
  );
}

function Explained({ transcript, waiting, asking }: { transcript: Transcript | null; waiting: boolean; asking: boolean }) {
  if (!transcript) {
    if (waiting) return <p className={css.happened}>Waiting for the first result.</p>;
    return (
      <p className={css.happened}>
        {asking
          ? 'Reading what the probe saw…'
          : 'The newest probe is not remembered: the desk was started after it. The next one appears here.'}
      </p>
    );
  }
  const { happened, means, todo } = transcript.explanation;
  return (
    <>
      <p className={css.happened} data-level={transcript.verdict.state}>
        {happened}
      </p>
      {means && transcript.verdict.state !== 'ok' && <p>{means}</p>}
      {todo && transcript.verdict.state !== 'ok' && (
        <p className={css.todo}>
          <strong>To do:</strong> {todo}
        </p>
      )}
    </>
  );
}

/** One check: what happened, what it means, what to do; its history; facts and transcripts of its probes. */
import type { Transcript } from '../../shared/contract.ts';
import type { CheckLive } from '../../shared/live.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { writeDuration } from '../../shared/time.ts';
import type { SpanKey } from '../charts/axis.ts';
import { HistoryPanel } from '../charts/HistoryPanel.tsx';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { engine } from '../state/connect.ts';
import { checkLabel, coverText } from '../state/derive.ts';
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
        {record && <Besides record={record} plan={plan} />}
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

/** What the newest verdict alone does not say: a retry that is under way, that it comes and goes, why its problem does not count. */
function Besides({ record, plan }: { record: CheckLive; plan: PlannedCheck }) {
  const { soft, flapping } = record.state;
  const cover = coverText(record.cover);
  return (
    <>
      {soft && (
        <p className={css.besides}>
          Trying again: attempt {soft.attempt} of {plan.maxAttempts}, first bad result at <Time at={soft.firstAt} withZone />.
        </p>
      )}
      {flapping && (
        <p className={css.besides}>
          Flapping since <Time at={flapping.since} format="short" withZone />: {Math.round(flapping.percent)} % of its last results changed
          its state.
        </p>
      )}
      {cover && <p className={css.besides}>{coverMeans(record, cover)}</p>}
    </>
  );
}

function coverMeans({ cover }: CheckLive, words: string): string {
  const what = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
  switch (cover?.kind) {
    case 'unreachable':
      return `${what}: nothing is known of it until that works again. It is still checked, and its uptime is not charged.`;
    case 'cut-off':
      return `${what}: nothing is known of it meanwhile, and its uptime is not charged.`;
    default:
      return `${what}. Nobody is told of problems meanwhile, and they count as planned.`;
  }
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

/** What stands behind the sentence under the cursor: the words of its evidence, the trace, what was measured over that time; and what is still to fill in. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Evidence } from '../../shared/incident/draft.ts';
import type { NightDocument } from '../../shared/model/document.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { count } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { EvidenceCard, EvidenceCards, OpenGaps } from '../components/Evidence.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { CoverageStrips } from '../incidents/CoverageStrips.tsx';
import { show } from '../maintenance/use-maintenance.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { showScreen } from '../state/view.ts';
import css from './Editor.module.css';
import { checksBehind, eventsOf, evidenceFor } from './evidence-view.ts';
import { showGap } from './go-to-gap.ts';
import { StretchChart } from './StretchChart.tsx';
import { gapsOf, type Marked, type PlacedGap } from './section-facts.ts';
import type { Session } from './session.ts';
import { type Stretch, useStretch } from './use-stretch.ts';

const mostCharts = 2;

export function EvidenceSide({ session, marked }: { session: Session; marked: Marked | null }) {
  const paper = useStore(session.store, (it) => it.document);
  const key = marked?.marks.join(' ') ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: key says which marks
  const { found, lost } = useMemo(() => evidenceFor(paper.evidence, marked?.marks ?? []), [paper.evidence, key]);
  return (
    <aside className={css.side} aria-label="Evidence">
      <EvidenceCards marked={marked !== null}>
        {!marked && <p className={css.hint}>Put the cursor into a sentence, or click one, to see what stands behind it.</p>}
        {marked && marked.marks.length === 0 && (
          <p className={css.hint}>
            Nothing is noted behind this one: a person wrote it, or its mark was taken out. Check it before you send it.
          </p>
        )}
        {lost.length > 0 && (
          <p className={css.hint}>
            {lost.length === 1 ? `Mark ${lost[0]} leads` : `Marks ${lost.join(', ')} lead`} nowhere: the desk never gave{' '}
            {lost.length === 1 ? 'that number' : 'those numbers'}.
          </p>
        )}
        {found.length > 0 && <Behind key={key} paper={paper} evidence={found} />}
      </EvidenceCards>
      <Gaps session={session} />
    </aside>
  );
}

function Behind({ paper, evidence }: { paper: NightDocument; evidence: readonly Evidence[] }) {
  const stretch = useStretch(paper);
  const wanted = eventsOf(evidence);
  const asked = useAsk(wanted.length > 0 ? `events ${wanted.map((it) => it.id).join(' ')}` : null, () => readEvents(wanted));
  const events = useMemo(() => new Map(asked.value?.map((it) => [it.id, it])), [asked.value]);
  const tables = useLive((live) => live.tables);
  const checks = checksBehind(evidence, events, tables);
  return (
    <>
      {evidence.map((it) => (
        <Card key={it.key} evidence={it} event={it.source.kind === 'event' ? events.get(it.source.event) : undefined} stretch={stretch} />
      ))}
      {stretch &&
        checks
          .slice(0, mostCharts)
          .map((check) => <StretchChart key={check} check={check} stretch={stretch} marks={marksOf(evidence, check, events)} />)}
      {checks.length > mostCharts && <p className={css.hint}>and {count(checks.length - mostCharts, 'more check')}</p>}
    </>
  );
}

/** The lines themselves; each is looked for where it stands, so a long timeline costs nothing. */
async function readEvents(wanted: readonly { id: string; at: number }[]) {
  const replies = await Promise.all(
    [...new Set(wanted.map((it) => it.at))].map((at) =>
      engine.events({ before: null, limit: 200, kinds: null, subjects: null, text: null, from: at, to: at + 1 }),
    ),
  );
  const failed = replies.find((reply) => !reply.ok);
  if (failed) return failed;
  const ids = new Set(wanted.map((it) => it.id));
  return { ok: true as const, value: replies.flatMap((reply) => (reply.ok ? reply.value.filter((event) => ids.has(event.id)) : [])) };
}

const marksOf = (evidence: readonly Evidence[], check: string, events: ReadonlyMap<string, NightEvent>) =>
  evidence.flatMap(({ source, text }) => {
    const event = source.kind === 'event' ? events.get(source.event) : undefined;
    return event && 'check' in event.payload && event.payload.check === check ? [{ at: event.at, text }] : [];
  });

function Card({ evidence: it, event, stretch }: { evidence: Evidence; event: NightEvent | undefined; stretch: Stretch | null }) {
  const { source } = it;
  return (
    <EvidenceCard number={it.number} text={it.text}>
      {event?.kind === 'traced' && <Hops hops={event.payload.hops} />}
      {source.kind === 'coverage' && stretch && <CoverageStrips checks={source.checks} from={stretch.from} to={stretch.to} />}
      {source.kind === 'window' && (
        <Button
          onClick={() => {
            show({ selected: { what: 'window', id: source.window } });
            showScreen('maintenance');
          }}
        >
          Show the planned work
        </Button>
      )}
    </EvidenceCard>
  );
}

function Hops({ hops }: { hops: Extract<NightEvent, { kind: 'traced' }>['payload']['hops'] }) {
  return (
    <table className={css.hops}>
      <caption className="visually-hidden">The way, hop by hop</caption>
      <tbody>
        {hops.map((hop) => (
          <tr key={hop.at}>
            <th scope="row">{hop.at}</th>
            <td>{hop.address ?? 'no answer'}</td>
            <td>{hop.name}</td>
            <td>{hop.ms === null ? '' : humanLatency(hop.ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Gaps({ session }: { session: Session }) {
  const sections = useStore(session.store, (it) => it.sections);
  const gaps = useMemo(() => gapsOf(sections), [sections]);
  if (gaps.length === 0) return null;
  const go = (gap: PlacedGap) => () => {
    session.store.setState({ caret: { key: gap.key, at: gap.from } });
    showGap(document, gap);
  };
  return (
    <div className={css.foot}>
      <OpenGaps gaps={gaps.map((gap) => ({ key: `${gap.key} ${gap.from}`, question: gap.question, onGo: go(gap) }))} />
    </div>
  );
}

/** What stands behind the marked sentence, and what is still open. */
import type { Draft } from '../../shared/incident/draft.ts';
import { count } from '../../shared/text.ts';
import { EvidenceCard, EvidenceCards, OpenGaps } from '../components/Evidence.tsx';
import { CoverageStrips } from './CoverageStrips.tsx';
import { countDraft, evidenceOf, type Said } from './evidence.ts';
import css from './Incidents.module.css';

export function EvidencePanel({ draft, marked }: { draft: Draft; marked: Said | null }) {
  const behind = marked ? evidenceOf(draft, marked.evidence) : [];
  const { statements, proven, gaps } = countDraft(draft);
  return (
    <aside className={css.evidence} aria-label="Evidence">
      <EvidenceCards marked={marked !== null}>
        {!marked && <p className={css.hint}>Mark a sentence to see what stands behind it. Up and down walk over the sentences.</p>}
        {marked && behind.length === 0 && <p className={css.hint}>Nothing is noted behind this one. Check it before you send it.</p>}
        {behind.map((it) => (
          <EvidenceCard key={it.key} number={it.number} text={it.text}>
            {it.source.kind === 'coverage' && <CoverageStrips checks={it.source.checks} from={draft.from} to={draft.to} />}
          </EvidenceCard>
        ))}
      </EvidenceCards>
      {gaps.length > 0 && <OpenGaps gaps={gaps.map((question) => ({ key: question, question }))} />}
      <p className={css.tally}>
        {proven} of {count(statements, 'statement')} {proven === 1 ? 'has' : 'have'} evidence ·{' '}
        {gaps.length === 0 ? 'no gaps' : `${count(gaps.length, 'gap')} left`}
      </p>
    </aside>
  );
}

/** What stands behind the marked sentence, and what is still open. */
import type { Draft } from '../../shared/incident/draft.ts';
import { count } from '../../shared/text.ts';
import { CoverageStrips } from './CoverageStrips.tsx';
import { countDraft, evidenceOf, type Said } from './evidence.ts';
import css from './Incidents.module.css';

export function EvidencePanel({ draft, marked }: { draft: Draft; marked: Said | null }) {
  const behind = marked ? evidenceOf(draft, marked.evidence) : [];
  const { statements, proven, gaps } = countDraft(draft);
  return (
    <aside className={css.evidence} aria-label="Evidence">
      <h3 className={css.overline}>{marked ? 'Evidence for the marked sentence' : 'Evidence'}</h3>
      <div aria-live="polite" className={css.cards}>
        {!marked && <p className={css.hint}>Mark a sentence to see what stands behind it. Up and down walk over the sentences.</p>}
        {marked && behind.length === 0 && <p className={css.hint}>Nothing is noted behind this one. Check it before you send it.</p>}
        {behind.map((it) => (
          <div key={it.key} className={css.card}>
            <span className={css.cardNumber}>{it.number}</span>
            <span>{it.text}</span>
            {it.source.kind === 'coverage' && <CoverageStrips checks={it.source.checks} from={draft.from} to={draft.to} />}
          </div>
        ))}
      </div>
      {gaps.length > 0 && (
        <div className={css.gaps}>
          <h4 className={css.gapsTitle}>Open gaps</h4>
          <ul>
            {gaps.map((gap) => (
              <li key={gap}>{gap}</li>
            ))}
          </ul>
        </div>
      )}
      <p className={css.tally}>
        {proven} of {count(statements, 'statement')} {proven === 1 ? 'has' : 'have'} evidence ·{' '}
        {gaps.length === 0 ? 'no gaps' : `${count(gaps.length, 'gap')} left`}
      </p>
    </aside>
  );
}

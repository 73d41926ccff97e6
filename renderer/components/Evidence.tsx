/** What stands behind a marked sentence, and what is still to fill in: beside a quick report and beside a document. */
import type { ReactNode } from 'react';
import css from './Evidence.module.css';
import { Overline } from './Overline.tsx';

export function EvidenceCards({ marked, children }: { marked: boolean; children: ReactNode }) {
  return (
    <>
      <Overline>{marked ? 'Evidence for the marked sentence' : 'Evidence'}</Overline>
      <div className={css.cards} aria-live="polite">
        {children}
      </div>
    </>
  );
}

/** @param children what is shown below its words */
export function EvidenceCard({ number, text, children }: { number: number; text: string; children?: ReactNode }) {
  return (
    <div className={css.card}>
      <span className={css.number}>{number}</span>
      <span>{text}</span>
      {children}
    </div>
  );
}

/** A card with a picture instead of words. */
export const ChartCard = ({ children }: { children: ReactNode }) => (
  <figure className={css.card} data-chart>
    {children}
  </figure>
);

export interface OpenGap {
  key: string;
  question: string;
  /** Where it can be gone to. */
  onGo?: () => void;
}
/** @param gaps at least one */
export function OpenGaps({ gaps }: { gaps: readonly OpenGap[] }) {
  return (
    <div className={css.gaps}>
      <h4 className={css.gapsTitle}>Open gaps</h4>
      <ul>
        {gaps.map(({ key, question, onGo }) => (
          <li key={key}>
            {onGo ? (
              <button type="button" onClick={onGo}>
                {question}
              </button>
            ) : (
              question
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

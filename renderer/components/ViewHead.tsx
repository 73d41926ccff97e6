/** The head of a screen: a mark, its first sentence, and what can be done. */
import type { ReactNode } from 'react';
import css from './ViewHead.module.css';

interface ViewHeadProps {
  /** Of the sentence, for `aria-labelledby`. */
  id: string;
  text: string;
  tone?: 'late' | 'running' | 'calm';
  mark: ReactNode;
  /** Buttons, the primary one last. */
  children: ReactNode;
}

export function ViewHead({ id, text, tone, mark, children }: ViewHeadProps) {
  return (
    <header className={css.head}>
      {mark}
      <h2 className={css.title} id={id} data-tone={tone}>
        {text}
      </h2>
      {children}
    </header>
  );
}

/** A titled part of what stands beside the log. */
import type { ReactNode } from 'react';
import css from './IncidentSide.module.css';

export function SidePart({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <div className={css.partHead}>
        <h3 className={css.overline}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

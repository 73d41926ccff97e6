/** A titled part of what stands beside the log. */
import type { ReactNode } from 'react';
import { Overline } from '../components/Overline.tsx';
import css from './IncidentSide.module.css';

export function SidePart({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <div className={css.partHead}>
        <Overline>{title}</Overline>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Everything in the window of a drill: the frame in stripes, what is real, the band, and below it the same screens as at the desk. */
import { type ReactNode, useEffect } from 'react';
import { clean } from '../../shared/text.ts';
import { useLive } from '../state/live.ts';
import { DrillBand } from './DrillBand.tsx';
import css from './DrillFrame.module.css';
import { RealNewsBar } from './RealNewsBar.tsx';

export function DrillFrame({ children }: { children: ReactNode }) {
  const name = useLive((live) => live.tables.drill.drill?.name);
  useEffect(() => {
    document.title = name === undefined ? 'DRILL – Nightdesk' : `DRILL: ${clean(name, 120)} – Nightdesk`;
  }, [name]);
  return (
    <div className={css.frame}>
      <RealNewsBar />
      <DrillBand />
      <div className={css.app}>{children}</div>
      {/* Over dialogs, too: whatever is cut out of this window shows what it is. */}
      <div className={css.edge} aria-hidden />
    </div>
  );
}

/**
 * `<Notice tone>` is a line in the flow that says what happened, what it means, what to do. `<Said/>` (placed once, in app.tsx) shows what `say(…)`
 * of state/view.ts was told, at the bottom of the page and to screen readers; good news leaves by itself, bad news waits for a click.
 */
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { hush, useView } from '../state/view.ts';
import css from './Notice.module.css';

export type NoticeTone = 'info' | 'good' | 'warn' | 'bad';
const icons = { info: Info, good: CircleCheck, warn: CircleAlert, bad: CircleAlert };

export function Notice({
  tone = 'info',
  title,
  children,
  actions,
}: {
  tone?: NoticeTone;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const Icon = icons[tone];
  return (
    <div className={css.notice} data-tone={tone} role={tone === 'bad' || tone === 'warn' ? 'alert' : 'status'}>
      <Icon className={css.icon} aria-hidden />
      <div className={css.words}>
        {title && <strong className={css.title}>{title}</strong>}
        {children}
      </div>
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  );
}

const goodNewsMs = 6_000;

export function Said() {
  const said = useView((view) => view.said);
  useEffect(() => {
    if (said?.tone !== 'good') return;
    const timer = setTimeout(hush, goodNewsMs);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div className={css.corner} role="status" aria-live="polite">
      {said && (
        <div className={css.said} data-tone={said.tone} key={said.id}>
          <span>{said.text}</span>
          <button type="button" className={css.close} onClick={hush} aria-label="Dismiss">
            <X aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
}

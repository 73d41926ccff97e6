/**
 * A window over the page, on Base UI's Dialog: focus stays inside, Esc and a click outside close it, focus goes back afterwards.
 * `footer` holds the buttons, the primary one last. `onSubmit` makes the body a form, so that Enter (Ctrl+Enter in a text area) sends it.
 * `keepOpen` refuses a click outside, for forms whose text would be lost.
 */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import css from './Dialog.module.css';

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  keepOpen?: boolean;
  onSubmit?(): void;
}

export function Dialog({ open, onClose, title, description, children, footer, wide, keepOpen, onSubmit }: DialogProps) {
  useFocusBack();
  const inner = (
    <>
      <header className={css.head}>
        <Base.Title className={css.title}>{title}</Base.Title>
        <Base.Close className={css.close} aria-label="Close">
          <X aria-hidden />
        </Base.Close>
        {description && <Base.Description className={css.description}>{description}</Base.Description>}
      </header>
      {children && <div className={css.body}>{children}</div>}
      {footer && <footer className={css.footer}>{footer}</footer>}
    </>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  const sendByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()} disablePointerDismissal={keepOpen ?? false}>
      <Base.Portal>
        <Base.Backdrop className={css.backdrop} />
        <Base.Viewport className={css.viewport}>
          <Base.Popup className={`${css.popup} ${wide ? css.wide : ''}`}>
            {onSubmit ? (
              <form className={css.form} onSubmit={submit} onKeyDown={sendByKey} noValidate>
                {inner}
              </form>
            ) : (
              inner
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** A dialog that is taken off the page while open cannot give the focus back by itself: this does, to where it was before the dialog came. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (
          before instanceof HTMLElement &&
          before.isConnected &&
          (document.activeElement === null || document.activeElement === document.body)
        )
          before.focus();
      });
    },
    [before],
  );
}

/**
 * The one button. `primary` is the next action (one per screen region), `plain` any other, `quiet` has no ground until it is pointed at.
 * `keyHint` shows the key that does the same; `danger` is for what cannot be undone. Give icon-only buttons an `aria-label`.
 */
import type { ComponentProps, ReactNode } from 'react';
import css from './Button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'plain' | 'quiet';
  keyHint?: string;
  icon?: ReactNode;
  danger?: boolean;
  /** Shows that the answer is awaited; clicks do nothing meanwhile. */
  busy?: boolean;
}

export function Button({
  variant = 'plain',
  keyHint,
  icon,
  danger,
  busy,
  className,
  children,
  type = 'button',
  disabled,
  ...rest
}: ButtonProps) {
  const classes = [css.button, css[variant], danger ? css.danger : '', className ?? ''].filter(Boolean).join(' ');
  return (
    <button
      {...rest}
      type={type}
      className={classes}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      aria-keyshortcuts={keyHint?.replace(/^Ctrl /, 'Control+')}
    >
      {icon && (
        <span className={css.icon} aria-hidden>
          {icon}
        </span>
      )}
      {children}
      {keyHint && (
        <span aria-hidden>
          <KeyCap>{keyHint}</KeyCap>
        </span>
      )}
    </button>
  );
}

/** A key as it stands on the keyboard. */
export function KeyCap({ children }: { children: ReactNode }) {
  return <kbd className={css.key}>{children}</kbd>;
}

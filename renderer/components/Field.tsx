/**
 * A labelled control. The control is given to `children` as a function of the ids that tie label, help and error to it:
 *   <Field label="Comment" error={text}>{(tie) => <textarea {...tie} … />}</Field>
 * Any input, textarea or select inside is styled.
 */
import { type ReactNode, useId } from 'react';
import css from './Field.module.css';

export interface FieldTie {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

export interface FieldProps {
  label: string;
  /** What is wrong, in plain words; takes the place of the help. */
  error?: string | null | undefined;
  help?: ReactNode;
  /** Says so beside the label; what says nothing is required. */
  optional?: boolean;
  children(tie: FieldTie): ReactNode;
}

export function Field({ label, error, help, optional, children }: FieldProps) {
  const id = useId();
  const below = error || help ? `${id}-below` : undefined;
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
        {optional && <span className={css.optional}>optional</span>}
      </label>
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': below })}
      {(error || help) && (
        <div id={below} className={error ? css.error : css.help} role={error ? 'alert' : undefined}>
          {error || help}
        </div>
      )}
    </div>
  );
}

/** What the dialogs of ConfirmDialogs.tsx share. */
import { Field } from '../components/Field.tsx';
import { ChangeDialog, type ChangeDialogProps } from './ChangeDialog.tsx';

/** Asks once more. */
export const Confirm = (props: Omit<ChangeDialogProps, 'who' | 'leave' | 'busy'>) => (
  <ChangeDialog leave="Leave it" who={{ label: 'Who says so', first: !props.change.who.known }} {...props} />
);

export function Reason({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: string;
  onChange(text: string): void;
  error: string | null;
}) {
  return (
    <Field label={label} optional={error === null} error={error} help="Ctrl+Enter sends it.">
      {(tie) => (
        <textarea
          {...tie}
          value={value}
          maxLength={4_000}
          // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
          autoFocus
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** What the dialogs of ConfirmDialogs.tsx share. */
import { Button } from '../components/Button.tsx';
import { Dialog, type DialogProps } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import forms from '../maintenance/forms.module.css';
import { WhoField } from '../maintenance/WhoField.tsx';
import { closeDialog } from '../state/view.ts';
import type { useChange } from './use-change.ts';

/** The frame of all dialogs that ask once more: what is asked, who says so, what went wrong. */
export function Confirm({
  change,
  button,
  failed,
  onSubmit,
  children,
  ...dialog
}: Pick<DialogProps, 'title' | 'description' | 'children' | 'keepOpen' | 'wide'> & {
  change: ReturnType<typeof useChange>;
  button: string;
  failed: string;
  onSubmit(): Promise<void>;
}) {
  return (
    <Dialog
      open
      onClose={closeDialog}
      onSubmit={() => void onSubmit()}
      {...dialog}
      footer={
        <>
          <Button onClick={closeDialog}>Leave it</Button>
          <Button variant="primary" type="submit" busy={change.busy}>
            {change.busy ? 'Writing…' : button}
          </Button>
        </>
      }
    >
      <div className={forms.form}>
        {change.failure && (
          <Notice tone="bad" title={failed}>
            {change.failure}
          </Notice>
        )}
        {children}
        <WhoField who={change.who} label="Who says so" tried={change.tried} autoFocus={!change.who.known} />
      </div>
    </Dialog>
  );
}

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

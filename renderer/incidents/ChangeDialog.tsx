/** The frame of the dialogs that change an incident: what is asked, what went wrong, who says so, and the two buttons. */
import { Button } from '../components/Button.tsx';
import { Dialog, type DialogProps } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import forms from '../maintenance/forms.module.css';
import { WhoField } from '../maintenance/WhoField.tsx';
import { closeDialog } from '../state/view.ts';
import type { useChange } from './use-change.ts';

export interface ChangeDialogProps extends Pick<DialogProps, 'title' | 'description' | 'children' | 'keepOpen' | 'wide'> {
  change: ReturnType<typeof useChange>;
  /** On the button that does it; `busy`: while an answer is awaited. */
  button: string;
  busy?: string;
  /** On the other one. */
  leave?: string;
  /** Asks for the name; `first`: the cursor stands there. */
  who: { label: string; first?: boolean };
  /** The title of what is said when it was refused. */
  failed: string;
  onSubmit(): Promise<void>;
}

export function ChangeDialog(props: ChangeDialogProps) {
  const { change, button, busy = 'Writing…', leave = 'Cancel', who, failed, onSubmit, children, ...dialog } = props;
  return (
    <Dialog
      open
      onClose={closeDialog}
      onSubmit={() => void onSubmit()}
      {...dialog}
      footer={
        <>
          <Button onClick={closeDialog}>{leave}</Button>
          <Button variant="primary" type="submit" busy={change.busy}>
            {change.busy ? busy : button}
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
        <WhoField who={change.who} label={who.label} tried={change.tried} autoFocus={who.first ?? false} />
      </div>
    </Dialog>
  );
}

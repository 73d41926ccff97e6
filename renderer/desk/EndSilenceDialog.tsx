/** Asks who ends a silence, on a desk that does not know a name yet. */
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { changeSettings } from '../state/settings.ts';
import { closeDialog } from '../state/view.ts';
import { endSilence } from './actions.ts';

export function EndSilenceDialog({ silence }: { silence: string }) {
  const [by, setBy] = useState('');
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    const name = by.trim();
    if (name === '') return;
    void changeSettings({ author: name });
    closeDialog();
    void endSilence(silence, name);
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title="End the silence"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit">
            End it
          </Button>
        </>
      }
    >
      <Field label="Who ends it" error={tried && by.trim() === '' ? 'Say who you are.' : null}>
        {(tie) => (
          <input {...tie} value={by} onChange={(event) => setBy(event.target.value)} autoComplete="name" maxLength={80} autoFocus />
        )}
      </Field>
    </Dialog>
  );
}

/** Asks once more before a drill in which a person acts is ended: what was written in it goes with it. */
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { closeDialog, type LeaveDrill } from '../state/view.ts';
import { leaveNow } from './steer.ts';

const words: Record<LeaveDrill, { title: string; text: string; button: string }> = {
  finish: {
    title: 'End the drill now?',
    text: 'What is left of it plays by itself, as fast as it can, and nobody acts. After it comes the debrief; what you wrote stays.',
    button: 'End and debrief',
  },
  again: {
    title: 'Play it again from the beginning?',
    text: 'What you did and wrote in this drill is gone then. Documents that you want to keep can be exported first.',
    button: 'Play again',
  },
  close: {
    title: 'End the drill and close its window?',
    text: 'What you did and wrote in this drill is gone then. Documents that you want to keep can be exported first.',
    button: 'End the drill',
  },
};

export function LeaveDrillDialog({ what }: { what: LeaveDrill }) {
  const [busy, setBusy] = useState(false);
  const { title, text, button } = words[what];
  const submit = async () => {
    setBusy(true);
    await leaveNow(what);
    closeDialog();
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={title}
      description={text}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Go on playing</Button>
          <Button variant="primary" type="submit" busy={busy} danger={what !== 'finish'}>
            {button}
          </Button>
        </>
      }
    />
  );
}

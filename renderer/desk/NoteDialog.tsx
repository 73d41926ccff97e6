/** A note on the timeline, about one thing or about the night as a whole. Closes only when it is on disk. */
import { useState } from 'react';
import type { SubjectRef } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { useSubject } from '../state/live.ts';
import { closeDialog, say } from '../state/view.ts';
import { SignedFields, useSigned } from './signed-form.tsx';

export function NoteDialog({ subject }: { subject: SubjectRef | null }) {
  const known = useSubject(subject?.id);
  const [about, setAbout] = useState<'subject' | 'night'>(subject ? 'subject' : 'night');
  const form = useSigned();
  const name = known?.name ?? (subject?.kind === 'desk' ? 'this desk' : subject?.id);

  const submit = async () => {
    if (!(await form.submit(({ by, text }) => engine.note({ subject: about === 'subject' ? subject : null, by, text })))) return;
    say('The note is on the timeline.');
    closeDialog();
  };

  return (
    <Dialog
      open
      keepOpen={form.text.trim() !== ''}
      onClose={closeDialog}
      title={about === 'subject' && name ? `Note on ${name}` : 'Note'}
      description="Stands on the timeline with your name, and in the reports that cover this time."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={form.busy}>
            {form.busy ? 'Writing…' : 'Write note'}
          </Button>
        </>
      }
    >
      {form.failure && (
        <Notice tone="bad" title="The note was not written.">
          {form.failure}
        </Notice>
      )}
      {subject && (
        <Field label="About">
          {(tie) => (
            <select {...tie} value={about} onChange={(event) => setAbout(event.target.value === 'night' ? 'night' : 'subject')}>
              <option value="subject">{name}</option>
              <option value="night">the night as a whole</option>
            </select>
          )}
        </Field>
      )}
      <SignedFields form={form} who="Who writes" what="Note" missing="Write the note." />
    </Dialog>
  );
}

/** A note on the timeline, about one thing or about the night as a whole. Closes only when it is on disk. */
import { useState } from 'react';
import type { SubjectRef } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { useSubject } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { closeDialog, say } from '../state/view.ts';

export function NoteDialog({ subject }: { subject: SubjectRef | null }) {
  const known = useSubject(subject?.id);
  const remembered = useSettings((settings) => settings.author);
  const [about, setAbout] = useState<'subject' | 'night'>(subject ? 'subject' : 'night');
  const [by, setBy] = useState(remembered);
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  const name = known?.name ?? subject?.id;

  const submit = async () => {
    setTried(true);
    if (!by.trim() || !text.trim()) return;
    if (!(await send(() => engine.note({ subject: about === 'subject' ? subject : null, by, text })))) return;
    if (by.trim() !== remembered) void changeSettings({ author: by.trim() });
    say('The note is on the timeline.');
    closeDialog();
  };

  return (
    <Dialog
      open
      keepOpen={text.trim() !== ''}
      onClose={closeDialog}
      title={about === 'subject' && name ? `Note on ${name}` : 'Note'}
      description="Stands on the timeline with your name, and in the reports that cover this time."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            {busy ? 'Writing…' : 'Write note'}
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="bad" title="The note was not written.">
          {failure}
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
      <Field label="Who writes" error={tried && !by.trim() ? 'Say who you are.' : null}>
        {(tie) => (
          <input
            {...tie}
            value={by}
            onChange={(event) => setBy(event.target.value)}
            autoComplete="name"
            maxLength={80}
            autoFocus={!remembered}
          />
        )}
      </Field>
      <Field label="Note" error={tried && !text.trim() ? 'Write the note.' : null} help="Ctrl+Enter sends it.">
        {(tie) => (
          <textarea
            {...tie}
            value={text}
            onChange={(event) => setText(event.target.value)}
            maxLength={4_000}
            autoFocus={Boolean(remembered)}
          />
        )}
      </Field>
    </Dialog>
  );
}

/** A note on the timeline, about one thing or about the night as a whole. Closes only when it is on disk. */
import { useState } from 'react';
import type { LiveTables } from '../../shared/live.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { SubjectRef } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { isOpen } from '../incidents/incident-words.ts';
import { engine } from '../state/connect.ts';
import { useLive, useSubject } from '../state/live.ts';
import { closeDialog, say } from '../state/view.ts';
import { SignedFields, useSigned } from './signed-form.tsx';

type About = 'subject' | 'night' | 'incident';

/** The open incident that an open alert on this is part of. */
const incidentOn = ({ alerts, incidents }: LiveTables, subject: string | undefined): Incident | undefined =>
  Object.values(incidents).find(
    (it) => isOpen(it) && it.alerts.some((id) => alerts[id]?.endedAt === null && alerts[id].subject.id === subject),
  );

export function NoteDialog({ subject }: { subject: SubjectRef | null }) {
  const known = useSubject(subject?.id);
  const [about, setAbout] = useState<About>(subject ? 'subject' : 'night');
  const incident = useLive((live) => incidentOn(live.tables, subject?.id));
  const form = useSigned();
  const name = known?.name ?? (subject?.kind === 'desk' ? 'this desk' : subject?.id);

  const submit = async () => {
    const ask = ({ by, text }: { by: string; text: string }) =>
      about === 'incident' && incident
        ? engine.log({ incident: incident.id, by, at: null, entry: { type: 'note', text } })
        : engine.note({ subject: about === 'subject' ? subject : null, by, text });
    if (!(await form.submit(ask))) return;
    say(about === 'incident' ? 'The note is in the log of the incident.' : 'The note is on the timeline.');
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
            <select {...tie} value={about} onChange={(event) => setAbout(event.target.value as About)}>
              <option value="subject">{name}</option>
              {incident && <option value="incident">the incident “{incident.title}”</option>}
              <option value="night">the night as a whole</option>
            </select>
          )}
        </Field>
      )}
      <SignedFields form={form} who="Who writes" what="Note" missing="Write the note." />
    </Dialog>
  );
}

/** "Do not tell me until …": for some things, for some time, with a reason. Closes only when it is on disk. */
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { kindWord } from '../detail/subject-view.ts';
import { now } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { clearChosen, closeDialog, say } from '../state/view.ts';
import css from './forms.module.css';
import { SignedFields, useSigned } from './signed-form.tsx';
import { UntilField, useUntil } from './UntilField.tsx';
import { untilText } from './until.ts';

const offers = [
  ['30m', '30 min'],
  ['2h', '2 h'],
  ['8h', '8 h'],
  ['morning', 'Until tomorrow 08:00'],
  ['custom', 'Until a certain time…'],
] as const;
/** So many are listed to be ticked off one by one; the others go along. */
const listed = 200;

export function SilenceDialog({ subjects }: { subjects: string[] }) {
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const names = useLive(useShallow((live) => subjects.slice(0, listed).map((id) => nameOf(live.tables.subjects[id], id))));
  const form = useSigned();
  const until = useUntil('2h');
  const chosen = subjects.filter((id) => !dropped.has(id));

  const submit = async () => {
    const read = until.read();
    const end = read.ok ? (read.value ?? 0) : 0;
    const ready = read.ok && chosen.length > 0;
    if (!(await form.submit(({ by, text }) => engine.silence({ subjects: chosen, by, reason: text, until: end }), ready))) return;
    say(`Silent until ${untilText(end, now(), until.zone)}. It is on the timeline.`);
    clearChosen();
    closeDialog();
  };
  const toggle = (id: string) =>
    setDropped((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });

  return (
    <Dialog
      open
      keepOpen={form.text.trim() !== ''}
      onClose={closeDialog}
      title="Silence"
      description="Alerts stay on this screen. Nobody is sent anything and nothing sounds. When it is over, that is told all the same."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={form.busy} disabled={chosen.length === 0}>
            {form.busy ? 'Writing…' : 'Silence'}
          </Button>
        </>
      }
    >
      {form.failure && (
        <Notice tone="bad" title="Not silenced.">
          {form.failure}
        </Notice>
      )}
      <fieldset className={css.choice} data-list="">
        <legend>What is silenced</legend>
        {subjects.slice(0, listed).map((id, index) => (
          <label key={id}>
            <input type="checkbox" checked={!dropped.has(id)} onChange={() => toggle(id)} /> {names[index]}
          </label>
        ))}
        {subjects.length > listed && <p>and {subjects.length - listed} more</p>}
        {subjects.length === 0 && <p>Nothing is chosen. Choose alerts, or open a tile, and silence from there.</p>}
      </fieldset>
      <UntilField form={until} label="How long" offers={offers} tried={form.tried} />
      <SignedFields form={form} who="Who silences" what="Why" missing="Say why, so that nobody wonders at the silence." />
    </Dialog>
  );
}

function nameOf(subject: { name: string; kind: keyof typeof kindWord } | undefined, id: string): string {
  if (!subject) return id === 'desk' ? 'this desk' : id;
  return `${subject.name} (${kindWord[subject.kind]})`;
}

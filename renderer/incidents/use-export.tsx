/** Takes a draft out of the house: save as Markdown or HTML, or copy. Says who did it on the timeline; asks for a name where none is known. */
import { type ReactNode, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { copyText } from '../detail/copy-text.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { say } from '../state/view.ts';

export type ExportAs = 'markdown' | 'html' | 'copy';
export interface Finished {
  draft: { title: string };
  markdown: string;
  html: string;
  fileName: string;
}

/** Writes the file or the clipboard. @returns what to tell, or null when the person thought better of it */
async function send(as: ExportAs, finished: Finished, by: string): Promise<{ text: string; tone: 'good' | 'bad' } | null> {
  let where: string;
  if (as === 'copy') {
    if (!(await copyText(finished.markdown))) return { text: 'The report could not be copied. Open the Markdown tab, mark the text and copy it by hand.', tone: 'bad' };
    where = 'The report is on the clipboard, as Markdown.';
  } else {
    const fileName = `${finished.fileName.replace(/\.(md|html?)$/i, '')}.${as === 'html' ? 'html' : 'md'}`;
    const saved = await desktop.saveDraft({ fileName, format: as, content: as === 'html' ? finished.html : finished.markdown });
    if (!saved.ok) return { text: `The report was not saved. ${saved.failure.text}`, tone: 'bad' };
    if (saved.value === null) return null;
    where = `Saved to ${saved.value.file}.`;
  }
  const noted = await engine.exported({ title: finished.draft.title.slice(0, 300), format: as, by });
  return noted.ok ? { text: where, tone: 'good' } : { text: `${where} The timeline does not say so yet: ${noted.failure.text}`, tone: 'bad' };
}

/** @returns `start`, and the dialog that asks for a name, to be placed somewhere */
export function useExport(finished: Finished | null): { start(as: ExportAs): void; busy: boolean; dialog: ReactNode } {
  const author = useSettings((settings) => settings.author);
  const [waiting, setWaiting] = useState<ExportAs | null>(null);
  const [busy, setBusy] = useState(false);

  const go = async (as: ExportAs, by: string) => {
    if (!finished) return;
    setBusy(true);
    const told = await send(as, finished, by);
    setBusy(false);
    if (told) say(told.text, told.tone);
  };
  const start = (as: ExportAs) => {
    if (author.trim()) void go(as, author.trim());
    else setWaiting(as);
  };
  const dialog = (
    <AskName
      open={waiting !== null}
      onClose={() => setWaiting(null)}
      onName={(name) => {
        const as = waiting;
        setWaiting(null);
        void changeSettings({ author: name });
        if (as) void go(as, name);
      }}
    />
  );
  return { start, busy, dialog };
}

function AskName({ open, onClose, onName }: { open: boolean; onClose(): void; onName(name: string): void }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = () => {
    const plain = name.trim();
    if (plain === '') setError('Say who you are.');
    else onName(plain);
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Who are you?"
      description="The timeline says who took a report out of the house. Your name is remembered on this computer."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit">
            Go on
          </Button>
        </>
      }
    >
      <Field label="Your name" error={error}>
        {(tie) => (
          <input
            {...tie}
            value={name}
            maxLength={80}
            autoComplete="name"
            onChange={(event) => {
              setName(event.target.value);
              setError(null);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}

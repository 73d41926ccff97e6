/** Takes a draft out of the house: as a Markdown or HTML file, or on the clipboard. The timeline says who did it; the name is asked for here. */
import { Code2, Copy, FileText } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Draft } from '../../shared/incident/draft.ts';
import { count } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { copyText } from '../detail/copy-text.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { say } from '../state/view.ts';
import { countDraft } from './evidence.ts';
import css from './Incidents.module.css';

type ExportAs = 'markdown' | 'html' | 'copy';
export interface Finished {
  draft: Draft;
  markdown: string;
  html: string;
  fileName: string;
}

const formats: { as: ExportAs; label: string; help: string; icon: ReactNode }[] = [
  { as: 'markdown', label: 'Markdown file…', help: 'for a ticket, a wiki, a repository', icon: <FileText /> },
  { as: 'html', label: 'HTML file…', help: 'to read in a browser, to print, to mail', icon: <Code2 /> },
  { as: 'copy', label: 'Copy as Markdown', help: 'to the clipboard', icon: <Copy /> },
];

type Sent = { done: true; text: string; tone: 'good' | 'bad' } | { done: false; why: string | null };

/** Writes the file or the clipboard, then the line of the timeline. `why` is null where the person thought better of it. */
async function send(as: ExportAs, finished: Finished, by: string): Promise<Sent> {
  let text: string;
  if (as === 'copy') {
    if (!(await copyText(finished.markdown)))
      return { done: false, why: 'The clipboard could not be written. Open the Markdown tab, mark the text and copy it by hand.' };
    text = 'The report is on the clipboard, as Markdown.';
  } else {
    const saved = await desktop.saveDraft({
      fileName: finished.fileName,
      format: as,
      content: as === 'html' ? finished.html : finished.markdown,
    });
    if (!saved.ok) return { done: false, why: saved.failure.text };
    if (saved.value === null) return { done: false, why: null };
    text = `Saved to ${saved.value.file}.`;
  }
  const noted = await engine.exported({ title: finished.draft.title.slice(0, 300), format: as, by });
  return noted.ok
    ? { done: true, text, tone: 'good' }
    : { done: true, text: `${text} The timeline does not say so: ${noted.failure.text}`, tone: 'bad' };
}

export function ExportDialog({ finished, onClose }: { finished: Finished; onClose(): void }) {
  const author = useSettings((settings) => settings.author);
  const [by, setBy] = useState(author);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<ExportAs | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { gaps } = countDraft(finished.draft);

  const go = async (as: ExportAs) => {
    setTried(true);
    const name = by.trim();
    if (name === '' || busy) return;
    if (name !== author) void changeSettings({ author: name });
    setBusy(as);
    setFailure(null);
    const sent = await send(as, finished, name);
    setBusy(null);
    if (!sent.done) return setFailure(sent.why);
    say(sent.text, sent.tone);
    onClose();
  };

  return (
    <Dialog open onClose={onClose} title="Export the report" description={finished.draft.title}>
      {failure && (
        <div className={css.above}>
          <Notice tone="bad" title="It was not exported.">
            {failure}
          </Notice>
        </div>
      )}
      {gaps.length > 0 && (
        <p className={css.above}>
          <span className={css.gap}>
            {count(gaps.length, 'gap is', 'gaps are')} still open. {gaps.length === 1 ? 'It goes' : 'They go'} out marked, for you to fill
            in.
          </span>
        </p>
      )}
      <Field
        label="Who takes it"
        error={tried && by.trim() === '' ? 'Say who you are.' : null}
        help="The timeline says who exported a report. Your name is remembered."
      >
        {(tie) => (
          <input
            {...tie}
            value={by}
            maxLength={80}
            autoComplete="name"
            autoFocus={author === ''}
            onChange={(event) => setBy(event.target.value)}
          />
        )}
      </Field>
      <ul className={css.formats}>
        {formats.map((format, index) => (
          <li key={format.as}>
            <Button
              icon={format.icon}
              busy={busy === format.as}
              disabled={busy !== null}
              autoFocus={author !== '' && index === 0}
              className={css.format}
              onClick={() => void go(format.as)}
            >
              {format.label}
              <span className={css.formatHelp}>{format.help}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

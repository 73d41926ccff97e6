/** The ways out of the house: files of every format that the document comes in, and the clipboard. Gaps that are open are said first. */
import { Copy, FileText } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { formatFacts, formatsOf } from '../../shared/documents/formats.ts';
import { countGaps } from '../../shared/documents/gaps.ts';
import { mostShort } from '../../shared/incident/drafts/status-update.ts';
import { count } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { changeSettings, useSettings } from '../state/settings.ts';
import { say } from '../state/view.ts';
import css from './Editor.module.css';
import { leaveHouse, type Way } from './leave-house.ts';
import type { Session } from './session.ts';
import { lengthOfUpdate, shortKey } from './short-form.ts';

export function ExportDocumentDialog({ session, onClose }: { session: Session; onClose(): void }) {
  const { document: paper, title, sections } = useStore(session.store);
  const known = useSettings((settings) => settings.author);
  const [by, setBy] = useState(known);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const gaps = countGaps({ sections });
  const short = sections.find((it) => it.key === shortKey);
  const shortLength = short ? lengthOfUpdate(short.text) : null;

  const go = async (way: Way) => {
    setTried(true);
    const name = by.trim();
    if (name === '' || busy !== null) return;
    if (name !== known) void changeSettings({ author: name });
    setBusy(JSON.stringify(way));
    setFailure(null);
    const left = await leaveHouse(session, way, name);
    setBusy(null);
    if (!left.done) return setFailure(left.why);
    say(left.text, left.tone);
    onClose();
  };
  const row = (way: Way, label: string, help: string, icon = <Copy />) => (
    <li key={label}>
      <Button icon={icon} busy={busy === JSON.stringify(way)} disabled={busy !== null} className={css.format} onClick={() => void go(way)}>
        {label}
        <span className={css.formatHelp}>{help}</span>
      </Button>
    </li>
  );

  return (
    <Dialog open onClose={onClose} title="Export the document" description={title.trim() || paper.title}>
      {failure && (
        <Notice tone="bad" title="It was not exported.">
          {failure}
        </Notice>
      )}
      {gaps > 0 && (
        <p className={css.openGaps}>
          {count(gaps, 'gap is', 'gaps are')} still open. {gaps === 1 ? 'It goes' : 'They go'} out as{' '}
          {gaps === 1 ? 'it stands' : 'they stand'}, marked “TO FILL”.
        </p>
      )}
      {shortLength !== null && shortLength > mostShort && (
        <p className={css.openGaps}>
          The short form has {shortLength} of {mostShort} characters: it is too long for a message.
        </p>
      )}
      <Field
        label="Who takes it"
        error={tried && by.trim() === '' ? 'Say who you are.' : null}
        help="The timeline says who took a document out. Your name is remembered."
      >
        {(tie) => (
          <input
            {...tie}
            value={by}
            maxLength={80}
            autoComplete="name"
            autoFocus={known === ''}
            onChange={(event) => setBy(event.target.value)}
          />
        )}
      </Field>
      <h3 className={css.formatsTitle}>To the clipboard</h3>
      <ul className={css.formats}>
        {row({ kind: 'copy', as: 'rich' }, 'Copy as rich text', 'for mail and word processors')}
        {row({ kind: 'copy', as: 'markdown' }, 'Copy as Markdown', `for ${formatFacts.markdown.use}`)}
        {shortLength !== null && row({ kind: 'copy', as: 'short' }, 'Copy the short form', `${shortLength} of ${mostShort} characters`)}
      </ul>
      <h3 className={css.formatsTitle}>To a file</h3>
      <ul className={css.formats}>
        {formatsOf(paper.kind).map((format) =>
          row({ kind: 'file', format }, `${formatFacts[format].name}…`, `for ${formatFacts[format].use}`, <FileText />),
        )}
      </ul>
    </Dialog>
  );
}

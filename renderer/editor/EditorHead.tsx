/** What document this is, whether every word of it is on disk, and the ways out of it. */
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import { clock, zoneName } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { useLive, useZone } from '../state/live.ts';
import css from './Editor.module.css';
import { ExportDocumentDialog } from './ExportDocumentDialog.tsx';
import { RevisionsDialog } from './RevisionsDialog.tsx';
import type { Session } from './session.ts';

export function EditorHead({ session, onLeave }: { session: Session; onLeave(): void }) {
  const { kind, incident, window } = useStore(session.store, (it) => it.document);
  const about = useLive(({ tables }) =>
    incident !== null ? tables.incidents[incident]?.title : window !== null ? tables.windows[window]?.name : undefined,
  );
  const [open, setOpen] = useState<'revisions' | 'export' | null>(null);
  const close = () => setOpen(null);
  return (
    <header className={css.head}>
      <Button variant="quiet" icon={<ArrowLeft />} aria-label="Leave the editor" title="Leave the editor" onClick={onLeave} />
      <div className={css.headWords}>
        <h2 className={css.kind} id="editor-title">
          {documentTitles[kind]}
        </h2>
        {about && <span className={css.about}>{about}</span>}
      </div>
      <SaveWords session={session} />
      <Button onClick={() => setOpen('revisions')}>Revisions</Button>
      <Button variant="primary" onClick={() => setOpen('export')}>
        Export…
      </Button>
      {open === 'revisions' && <RevisionsDialog session={session} onClose={close} />}
      {open === 'export' && <ExportDocumentDialog session={session} onClose={close} />}
    </header>
  );
}

function SaveWords({ session }: { session: Session }) {
  const save = useStore(session.store, (it) => it.save);
  const zone = useZone();
  const bad = save.kind === 'failed' || save.kind === 'conflict';
  return (
    <div className={css.save} data-bad={bad || undefined} role="status">
      {save.kind === 'saved' && `saved ${clock(save.at, zone)} ${zoneName(save.at, zone)}`}
      {save.kind === 'typed' && 'not saved yet'}
      {save.kind === 'saving' && 'saving…'}
      {save.kind === 'conflict' && 'not saved: somebody else saved it meanwhile'}
      {save.kind === 'failed' && (
        <>
          <span title={save.text}>not saved: {save.text}</span>
          <Button variant="quiet" onClick={() => void session.saver.flush()}>
            Try now
          </Button>
        </>
      )}
    </div>
  );
}

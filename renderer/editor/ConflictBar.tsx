/** Somebody else saved the document meanwhile: shows both texts and lets the person choose, section by section. Until then nothing is lost on either side. */
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DocumentSection, NightDocument } from '../../shared/model/document.ts';
import { stamp } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useZone } from '../state/live.ts';
import { say } from '../state/view.ts';
import { ChooseSections } from './ChooseSections.tsx';
import { bothOf, choose } from './conflict.ts';
import css from './Editor.module.css';
import type { Session } from './session.ts';

export function ConflictBar({ session }: { session: Session }) {
  const save = useStore(session.store, (it) => it.save);
  const [open, setOpen] = useState(true);
  if (save.kind !== 'conflict') return null;
  return (
    <>
      <div className={css.barLine} data-tone="bad" role="alert">
        <span className={css.barWords}>{save.text}</span>
        <Button variant="primary" onClick={() => setOpen(true)}>
          Compare the two
        </Button>
      </div>
      {open && <ConflictDialog session={session} onClose={() => setOpen(false)} />}
    </>
  );
}

function ConflictDialog({ session, onClose }: { session: Session; onClose(): void }) {
  const asked = useAsk(`theirs ${session.id}`, () => engine.document({ document: session.id }));
  if (asked.value) return <Both session={session} theirs={asked.value} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="Two texts of this document">
      {asked.failure ? (
        <Notice tone="bad" actions={<Button onClick={asked.again}>Try again</Button>}>
          The other text cannot be shown. {asked.failure}
        </Notice>
      ) : (
        <p>Reading the other text…</p>
      )}
    </Dialog>
  );
}

function Both({ session, theirs, onClose }: { session: Session; theirs: NightDocument; onClose(): void }) {
  const { sections, title } = useStore(session.store);
  const zone = useZone();
  const both = bothOf(sections, theirs.sections);
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [theirTitle, setTheirTitle] = useState(false);
  const [busy, setBusy] = useState(false);
  const go = async (chosen: DocumentSection[], heading: string) => {
    setBusy(true);
    const saved = await session.settle(theirs, chosen, heading);
    setBusy(false);
    if (saved) say('Saved. The other text is among the revisions.');
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Two texts of this document"
      description={`${theirs.savedBy} saved it at ${stamp(theirs.savedAt, zone)}, while you were writing. Choose for each section that differs.`}
      wide
      keepOpen
      onSubmit={() => void go(choose(sections, theirs.sections, taken), theirTitle ? theirs.title : title)}
      footer={
        <>
          <Button onClick={onClose}>Later</Button>
          <Button type="submit" variant="primary" busy={busy}>
            Save what is chosen
          </Button>
        </>
      }
    >
      {title.trim() !== theirs.title && (
        <label className={css.radio}>
          <input type="checkbox" checked={theirTitle} onChange={(event) => setTheirTitle(event.target.checked)} />
          Take over their title: “{theirs.title}”
        </label>
      )}
      {both.length === 0 && <p>Both say the same. Save it, and all is well.</p>}
      <ChooseSections choices={both} taken={taken} words={{ keep: 'Keep mine', take: 'Take theirs' }} onChange={setTaken} />
    </Dialog>
  );
}

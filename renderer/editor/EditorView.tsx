/** The editor of a document: its text and how it reads side by side, what each sentence rests on, and what is newer than it. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { useSettled } from '../state/use-settled.ts';
import { closeEditor, showScreen, useView } from '../state/view.ts';
import { ConflictBar } from './ConflictBar.tsx';
import css from './Editor.module.css';
import { EditorHead } from './EditorHead.tsx';
import { EditorTools, type Looks } from './EditorTools.tsx';
import { EvidenceSide } from './EvidenceSide.tsx';
import { NewsBar } from './NewsBar.tsx';
import { NobodyYet } from './NobodyYet.tsx';
import { SectionList } from './SectionList.tsx';
import { createFactsKeeper, markedAt } from './section-facts.ts';
import { openSession, type Session } from './session.ts';
import { useEditorKeys } from './use-editor-keys.ts';

export default function EditorView() {
  const id = useView((view) => view.editing);
  const asked = useAsk(id && `document ${id}`, () => openSession(id ?? ''));
  if (asked.value && asked.value.id === id) return <Editor key={id} session={asked.value} />;
  return (
    <div className={css.empty}>
      {asked.failure ? (
        <Notice
          tone="bad"
          title="The document cannot be opened."
          actions={
            <>
              <Button onClick={asked.again}>Try again</Button>
              <Button variant="quiet" onClick={closeEditor}>
                Close it
              </Button>
            </>
          }
        >
          {asked.failure}
        </Notice>
      ) : (
        <p>Opening the document…</p>
      )}
    </div>
  );
}

/** So long typing settles before the preview and the evidence follow. */
const settleMs = 150;

function Editor({ session }: { session: Session }) {
  const { document: paper, sections, caret } = useStore(session.store);
  const [looks, setLooks] = useState<Looks>('both');
  const [factsOf] = useState(createFactsKeeper);
  const settled = useSettled(sections, settleMs);
  const facts = useMemo(() => factsOf(settled), [factsOf, settled]);
  const marked = useMemo(() => markedAt(facts, caret), [facts, caret]);
  const body = useRef<HTMLDivElement>(null);
  useEditorKeys(session, body);
  // Whatever takes the editor off the page, what is typed is sent first.
  useEffect(() => () => void session.saver.flush(), [session]);
  const leave = () => {
    closeEditor();
    if (paper.window !== null) showScreen('maintenance');
  };
  return (
    <section className={css.view} aria-labelledby="editor-title">
      <EditorHead session={session} onLeave={leave} />
      <EditorTools session={session} looks={looks} onLooks={setLooks} sections={settled} facts={facts} body={body} />
      <ConflictBar session={session} />
      <NewsBar session={session} />
      <NobodyYet />
      <div className={css.columns} ref={body}>
        <SectionList session={session} looks={looks} settled={settled} facts={facts} marked={marked} />
        <EvidenceSide session={session} marked={marked} />
      </div>
    </section>
  );
}

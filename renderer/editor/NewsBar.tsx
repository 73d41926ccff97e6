/** Says which sections have newer facts, and lets a person choose what to take. What somebody wrote is never replaced unasked. */
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { say } from '../state/view.ts';
import { ChooseSections } from './ChooseSections.tsx';
import css from './Editor.module.css';
import { type Fresh, freshOf, freshWords, takenAtFirst } from './news.ts';
import type { Session } from './session.ts';

const everyMs = 30_000;

export function NewsBar({ session }: { session: Session }) {
  const { document: paper, sections, passed } = useStore(session.store);
  const [choosing, setChoosing] = useState<Fresh[] | null>(null);
  // While it goes on, facts come in; afterwards only people add some.
  const goesOn = useLive(({ tables }) => {
    const incident = paper.incident === null ? undefined : tables.incidents[paper.incident];
    return incident ? incident.status !== 'reported' : paper.window !== null && tables.windows[paper.window] !== undefined;
  });
  const asked = useAsk(`news ${session.id}`, () => engine.documentNews({ document: session.id }), {
    version: `${paper.draftedAt} ${JSON.stringify(paper.options)}`,
    ...(goesOn ? { everyMs } : {}),
  });
  const { again } = asked;
  useEffect(() => {
    window.addEventListener('focus', again);
    return () => window.removeEventListener('focus', again);
  }, [again]);
  const fresh = useMemo(() => freshOf(asked.value?.sections ?? [], sections, passed), [asked.value, sections, passed]);
  return (
    <>
      {fresh.length > 0 && (
        <div className={css.barLine} data-tone="news" role="status">
          <span className={css.barWords}>{freshWords(fresh)}.</span>
          <Button onClick={() => setChoosing(fresh)}>See what is new</Button>
        </div>
      )}
      {asked.failure && !asked.value && (
        <div className={css.barLine}>
          <span className={css.barWords}>Whether there are newer facts is not known. {asked.failure}</span>
          <Button onClick={again}>Try again</Button>
        </div>
      )}
      {choosing && <NewsDialog session={session} fresh={choosing} onClose={() => setChoosing(null)} onTaken={again} />}
    </>
  );
}

const notes: Record<Fresh['state'], string> = {
  newer: 'Newer facts; nobody edited it.',
  conflict: 'Newer facts, and it was edited by hand: what was written goes if you take the new draft.',
  gone: 'It would not be drafted any more.',
  added: 'A new section.',
};

interface NewsDialogProps {
  session: Session;
  fresh: readonly Fresh[];
  onClose(): void;
  onTaken(): void;
}

function NewsDialog({ session, fresh, onClose, onTaken }: NewsDialogProps) {
  const [taken, setTaken] = useState<ReadonlySet<string>>(() => new Set(takenAtFirst(fresh)));
  const { busy, failure, send } = useSend();
  const done = async () => {
    const keys = fresh.filter((it) => taken.has(it.key)).map((it) => it.key);
    if (keys.length > 0 && !(await send(() => session.redraft(keys, null)))) return;
    session.pass(fresh.filter((it) => !taken.has(it.key)));
    if (keys.length > 0) {
      say(keys.length === 1 ? 'One section is drafted anew.' : `${keys.length} sections are drafted anew.`);
      onTaken();
    }
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="What is new"
      description="Choose for each section. The text before this stays among the revisions."
      wide
      keepOpen
      onSubmit={() => void done()}
      footer={
        <>
          <Button onClick={onClose}>Later</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {taken.size === 0 ? 'Keep all as they are' : 'Take what is chosen'}
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="bad" title="Nothing was changed.">
          {failure}
        </Notice>
      )}
      <ChooseSections
        choices={fresh.map((it) => ({ key: it.key, title: it.title, note: notes[it.state], mine: it.mine, theirs: it.fresh }))}
        taken={taken}
        words={{ keep: 'Keep mine', take: 'Take the new one' }}
        onChange={setTaken}
      />
    </Dialog>
  );
}

/** The states of a document that are kept: what changed in each, any two compared, any brought back. */
import { useState } from 'react';
import type { NightDocument, RevisionInfo } from '../../shared/model/document.ts';
import { count, listOf } from '../../shared/text.ts';
import { stamp } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useZone } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { say } from '../state/view.ts';
import { bothOf } from './conflict.ts';
import { Difference } from './Difference.tsx';
import css from './Editor.module.css';
import type { Session } from './session.ts';

export function RevisionsDialog({ session, onClose }: { session: Session; onClose(): void }) {
  const zone = useZone();
  const asked = useAsk(`revisions ${session.id}`, async () => {
    // What is typed is a revision too.
    await session.saver.flush();
    return engine.revisions({ document: session.id });
  });
  const list = asked.value ?? [];
  const [chosen, setChosen] = useState<{ from: number; to: number } | null>(null);
  const [newest, before] = list;
  const pair = chosen ?? (newest ? { from: before?.revision ?? newest.revision, to: newest.revision } : null);
  const { busy, failure, send } = useSend();
  const restore = async (revision: number) => {
    if (!(await send(() => session.restore(revision)))) return;
    say(`Revision ${revision} is back. What stood before it is among the revisions.`);
    onClose();
  };
  const words = (it: RevisionInfo) => `${it.revision} · ${stamp(it.at, zone)} · ${it.by}`;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Revisions"
      description="Every state that was kept, newest first. Bringing one back keeps all the others."
      wide
    >
      {failure && (
        <Notice tone="bad" title="It was not brought back.">
          {failure}
        </Notice>
      )}
      {asked.failure && (
        <Notice tone="bad" actions={<Button onClick={asked.again}>Try again</Button>}>
          The revisions cannot be shown. {asked.failure}
        </Notice>
      )}
      {!asked.value && !asked.failure && <p className={css.hint}>Reading the revisions…</p>}
      {pair && (
        <div className={css.revisions}>
          <ol className={css.revisionList} aria-label="Revisions, newest first">
            {list.map((it, index) => (
              <li key={it.revision} className={css.revision} data-shown={it.revision === pair.to || undefined}>
                <button
                  type="button"
                  aria-pressed={it.revision === pair.to}
                  onClick={() => setChosen({ from: list[index + 1]?.revision ?? it.revision, to: it.revision })}
                >
                  <strong>{it.revision === 1 ? 'As it was drafted' : it.by}</strong>
                  <span className={css.hint}>{stamp(it.at, zone)}</span>
                  <span className={css.hint}>{changedWords(it)}</span>
                </button>
                {index > 0 && (
                  <Button variant="quiet" busy={busy} onClick={() => void restore(it.revision)}>
                    Bring back
                  </Button>
                )}
              </li>
            ))}
          </ol>
          <div className={css.compare}>
            <div className={css.compareHead}>
              {(['from', 'to'] as const).map((end) => (
                <label key={end}>
                  <span className={css.hint}>{end === 'from' ? 'Compare' : 'with'}</span>
                  <select value={pair[end]} onChange={(event) => setChosen({ ...pair, [end]: Number(event.target.value) })}>
                    {list.map((it) => (
                      <option key={it.revision} value={it.revision}>
                        {words(it)}
                      </option>
                    ))}
                  </select>
                </label>
              ))}
            </div>
            <Compared id={session.id} from={pair.from} to={pair.to} />
          </div>
        </div>
      )}
    </Dialog>
  );
}

const changedWords = (it: RevisionInfo): string =>
  it.changed.length === 0
    ? it.revision === 1
      ? 'the first one'
      : 'nothing in its sections'
    : listOf(
        it.changed.map((title) => title || 'no title'),
        3,
      );

function Compared({ id, from, to }: { id: string; from: number; to: number }) {
  const asked = useAsk<{ a: NightDocument; b: NightDocument }>(`compare ${id} ${from} ${to}`, async () => {
    const [a, b] = await Promise.all([engine.revision({ document: id, revision: from }), engine.revision({ document: id, revision: to })]);
    if (!a.ok) return a;
    return b.ok ? { ok: true, value: { a: a.value, b: b.value } } : b;
  });
  if (asked.failure) return <Notice tone="warn">The two cannot be compared. {asked.failure}</Notice>;
  if (!asked.value) return <p className={css.hint}>Comparing…</p>;
  const { a, b } = asked.value;
  const differing = bothOf(a.sections, b.sections);
  const moved = differing.length === 0 && a.sections.map((it) => it.key).join(' ') !== b.sections.map((it) => it.key).join(' ');
  return (
    <>
      {a.title !== b.title && <Difference before={a.title} after={b.title} />}
      {differing.length === 0 && a.title === b.title && (
        <p className={css.hint}>
          {from === to ? 'Choose another one to compare it with.' : moved ? 'The order of the sections changed.' : 'Both say the same.'}
        </p>
      )}
      {differing.length > 0 && <p className={css.hint}>{count(differing.length, 'section differs', 'sections differ')}.</p>}
      {differing.map((it) => (
        <section key={it.key} className={css.choice}>
          <h3 className={css.choiceTitle}>{it.title || 'No title'}</h3>
          <Difference before={it.mine} after={it.theirs} />
        </section>
      ))}
    </>
  );
}

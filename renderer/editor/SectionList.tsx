/** The document itself: title, sections, each with its text on the left and how it reads on the right. */
import { Plus } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useCallback } from 'react';
import { useStore } from 'zustand';
import type { DocumentSection } from '../../shared/model/document.ts';
import { Button } from '../components/Button.tsx';
import { desktop } from '../state/desktop.ts';
import { addSection } from './add-section.ts';
import css from './Editor.module.css';
import type { Looks } from './EditorTools.tsx';
import { goTo } from './place.ts';
import { SectionEditor } from './SectionEditor.tsx';
import { SectionPreview } from './SectionPreview.tsx';
import type { Marked, SectionFacts } from './section-facts.ts';
import { mostSections } from './section-steps.ts';
import type { Session } from './session.ts';

interface SectionListProps {
  session: Session;
  looks: Looks;
  /** What the preview shows: a moment behind the text. */
  settled: readonly DocumentSection[];
  facts: ReadonlyMap<string, SectionFacts>;
  marked: Marked | null;
}

export function SectionList({ session, looks, settled, facts, marked }: SectionListProps) {
  const { document: paper, title, sections } = useStore(session.store);
  const behind = new Map(settled.map((it) => [it.key, it]));
  const writes = looks !== 'read';
  const reads = looks !== 'write';
  const titleMissing = title.trim() === '';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: catches what the sentences inside are told; they can be reached by keyboard
    <div
      className={css.scroll}
      data-scroll
      data-looks={looks}
      onClick={(event) => press(event, session)}
      onKeyDown={(event) => walk(event, session)}
    >
      <div className={css.row}>
        {writes && (
          <div className={css.write}>
            <input
              className={css.title}
              value={title}
              maxLength={300}
              aria-label="Title of the document"
              aria-invalid={titleMissing || undefined}
              onChange={(event) => session.retitle(event.target.value)}
            />
            {titleMissing && <span className={css.wrong}>Write a title. Until then it keeps the one before.</span>}
          </div>
        )}
        {reads && (
          <div className={css.read}>
            <h3 className={css.readTitle}>{title.trim() || paper.title}</h3>
            <p className={css.subtitle}>{paper.subtitle}</p>
          </div>
        )}
      </div>
      {sections.length === 0 && (
        <p className={css.nothing}>
          Every section was taken out. Add one{session.store.getState().back.length > 0 ? ', or take the last step back' : ''}.
        </p>
      )}
      {sections.map((section, index) => (
        <section key={section.key} className={css.row} aria-label={section.title || `Section ${index + 1}`}>
          {writes && <SectionEditor session={session} section={section} index={index} last={index === sections.length - 1} />}
          {reads && (
            <SectionPreview
              section={behind.get(section.key) ?? section}
              title={section.title}
              facts={facts.get(section.key) ?? null}
              marked={marked?.key === section.key ? marked : null}
            />
          )}
        </section>
      ))}
      {writes && <AddSection session={session} full={sections.length >= mostSections} />}
    </div>
  );
}

function AddSection({ session, full }: { session: Session; full: boolean }) {
  const add = useCallback(() => addSection(session, session.store.getState().sections.length), [session]);
  return (
    <div className={css.row}>
      <div className={css.add}>
        <Button variant="quiet" icon={<Plus />} disabled={full} onClick={add}>
          Add a section
        </Button>
        {full && <span className={css.hint}>A document holds {mostSections} sections.</span>}
      </div>
    </div>
  );
}

const sentenceOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof HTMLElement ? target.closest<HTMLElement>('[data-s], [data-gap]') : null;

/** What was pointed at in the preview: a section, and a stretch of its text. */
function placeOf(element: HTMLElement, session: Session): { key: string; from: number; to: number } | null {
  const block = element.closest<HTMLElement>('[data-from]');
  const key = element.closest<HTMLElement>('[data-read]')?.dataset.read;
  if (!block || key === undefined) return null;
  const [from, to] = (element.dataset.at ?? '').split('-').map(Number);
  const base = Number(block.dataset.from);
  if (from === undefined || to === undefined || Number.isNaN(from)) return null;
  const length = session.store.getState().sections.find((it) => it.key === key)?.text.length ?? 0;
  return { key, from: Math.min(length, base + from), to: Math.min(length, base + to) };
}

/** A click in the preview: on a link, a gap, a mark or a sentence. */
function press(event: MouseEvent<HTMLElement>, session: Session): void {
  const target = event.target as HTMLElement;
  const link = target.closest('a');
  if (link) {
    event.preventDefault();
    const url = link.getAttribute('href');
    if (url) void desktop.openExternal({ url });
    return;
  }
  // Whoever marks words with the mouse wants to copy them.
  if (!window.getSelection()?.isCollapsed) return;
  const element = sentenceOf(target);
  const place = element && placeOf(element, session);
  if (!element || !place) return;
  const mark = target.closest<HTMLElement>('[data-mark]')?.dataset.mark;
  const isGap = element.dataset.gap !== undefined;
  goTo(event.currentTarget, place.key, place.from, isGap ? place.to : place.from);
  session.store.setState({ caret: { key: place.key, at: place.from, mark: mark === undefined ? undefined : Number(mark) } });
}

/** Up and down walk over the sentences and show their evidence; Enter puts the cursor into the text. */
function walk(event: KeyboardEvent<HTMLElement>, session: Session): void {
  const here = sentenceOf(event.target);
  if (!here) return;
  if (event.key === 'Enter') {
    event.preventDefault();
    const place = placeOf(here, session);
    if (place) goTo(event.currentTarget, place.key, place.from, here.dataset.gap === undefined ? place.from : place.to);
    return;
  }
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-read] [data-s], [data-read] [data-gap]')];
  const next = all[all.indexOf(here) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
  const place = placeOf(next, session);
  if (place) session.store.setState({ caret: { key: place.key, at: place.from } });
}

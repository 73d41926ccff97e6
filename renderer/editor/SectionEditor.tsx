/** One section as it is written: its title, its text as Markdown, and where it stands. */
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { type KeyboardEvent, memo, type SyntheticEvent } from 'react';
import { mostShort } from '../../shared/incident/drafts/status-update.ts';
import type { DocumentSection } from '../../shared/model/document.ts';
import { count } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { say } from '../state/view.ts';
import { addSection } from './add-section.ts';
import css from './Editor.module.css';
import type { Session } from './session.ts';
import { lengthOfUpdate, shortKey } from './short-form.ts';

const mostText = 500_000;
/** A longer text scrolls in a box of its own: laying it out as a whole would take longer than a key takes. */
const longText = 40_000;

interface SectionEditorProps {
  session: Session;
  section: DocumentSection;
  index: number;
  last: boolean;
}

export const SectionEditor = memo(function SectionEditor({ session, section, index, last }: SectionEditorProps) {
  const { key, title, text } = section;
  const name = title.trim() || `section ${index + 1}`;
  const move = (by: 1 | -1) => {
    if (!session.step({ kind: 'move', key, to: index + by })) return;
    // Moved elements lose their place on the screen, and in some browsers the focus.
    requestAnimationFrame(() => document.querySelector(`[data-title="${CSS.escape(key)}"]`)?.scrollIntoView({ block: 'nearest' }));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const by = event.key === 'ArrowUp' ? -1 : 1;
      const focused = event.target as HTMLElement;
      move(by);
      requestAnimationFrame(() => focused.focus({ preventScroll: true }));
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.shiftKey) {
      event.preventDefault();
      addSection(session, index + 1);
    }
  };
  const remove = () => {
    session.step({ kind: 'remove', key });
    say(`${name} was taken out. “Take back” above brings it back.`);
  };
  const follow = (event: SyntheticEvent<HTMLTextAreaElement>) => {
    const at = event.currentTarget.selectionStart;
    const { caret } = session.store.getState();
    if (caret?.key !== key || caret.at !== at) session.store.setState({ caret: { key, at } });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside
    <div className={css.write} onKeyDown={onKey}>
      <div className={css.bar}>
        <input
          className={css.sectionName}
          data-title={key}
          value={title}
          maxLength={200}
          placeholder="Title of the section"
          aria-label={`Title of section ${index + 1}`}
          onChange={(event) => session.write(key, { title: event.target.value })}
        />
        <span className={css.barButtons}>
          <Button
            variant="quiet"
            aria-label={`Move ${name} up`}
            title="Move up (Alt ↑)"
            icon={<ArrowUp />}
            disabled={index === 0}
            onClick={() => move(-1)}
          />
          <Button
            variant="quiet"
            aria-label={`Move ${name} down`}
            title="Move down (Alt ↓)"
            icon={<ArrowDown />}
            disabled={last}
            onClick={() => move(1)}
          />
          <Button variant="quiet" aria-label={`Take out ${name}`} title="Take out" icon={<Trash2 />} onClick={remove} />
        </span>
      </div>
      <textarea
        className={css.text}
        data-text={key}
        data-long={text.length > longText || undefined}
        value={text}
        maxLength={mostText}
        rows={2}
        aria-label={`Text of ${name}`}
        placeholder="Markdown: **bold**, - list, | table |"
        spellCheck
        onChange={(event) => session.write(key, { text: event.target.value })}
        onSelect={follow}
        onBlur={() => void session.saver.flush()}
      />
      {key === shortKey && <ShortCount text={text} />}
    </div>
  );
});

function ShortCount({ text }: { text: string }) {
  const length = lengthOfUpdate(text);
  const over = length - mostShort;
  return (
    <p className={over > 0 ? css.wrong : css.hint} aria-live="polite">
      {length} of {mostShort} characters{over > 0 ? `: ${count(over, 'character')} too many` : ''}
    </p>
  );
}

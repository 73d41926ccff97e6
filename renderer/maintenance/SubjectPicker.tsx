/** Chooses things of the inventory: type a few letters, Enter takes the marked one; what is chosen stands above as chips. */
import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Field } from '../components/Field.tsx';
import { useLive } from '../state/live.ts';
import css from './forms.module.css';
import { kindWord, pickSubjects } from './pick-subjects.ts';

export interface SubjectPickerProps {
  label: string;
  help: string;
  error?: string | null | undefined;
  optional?: boolean;
  chosen: readonly string[];
  onChange(chosen: string[]): void;
  /** One thing at most: choosing another replaces it. */
  single?: boolean;
}

export function SubjectPicker({ label, help, error, optional, chosen, onChange, single }: SubjectPickerProps) {
  const table = useLive((live) => live.tables.subjects);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useId();
  const box = useRef<HTMLInputElement>(null);
  const active = useRef<HTMLDivElement>(null);
  const found = open ? pickSubjects(Object.values(table), typed, chosen) : [];
  const index = Math.min(at, found.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs whenever another row is active
  useEffect(() => active.current?.scrollIntoView({ block: 'nearest' }), [index]);

  const take = (id: string | undefined) => {
    if (id === undefined) return;
    onChange(single ? [id] : [...chosen, id]);
    setTyped('');
    setAt(0);
    setOpen(!single);
  };
  const drop = (id: string) => {
    onChange(chosen.filter((it) => it !== id));
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setOpen(true);
      else setAt(Math.max(0, Math.min(found.length - 1, index + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      // Enter chooses; it must not send the form around it.
      event.preventDefault();
      if (open) take(found[index]?.id);
    } else if (event.key === 'Escape' && open) {
      // The list goes first, then the dialog.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      setOpen(false);
    } else if (event.key === 'Backspace' && typed === '' && chosen.length > 0) {
      onChange(chosen.slice(0, -1));
    }
  };

  return (
    <Field label={label} help={help} error={error} optional={optional ?? false}>
      {(tie) => (
        <div className={css.picker}>
          {chosen.length > 0 && (
            <ul className={css.chips} aria-label={`Chosen: ${label}`}>
              {chosen.map((id) => (
                <li key={id} className={css.chip}>
                  {table[id]?.name ?? id}
                  {table[id] && <span className={css.chipKind}>{kindWord[table[id].kind]}</span>}
                  <button type="button" aria-label={`Take out ${table[id]?.name ?? id}`} onClick={() => drop(id)}>
                    <X aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <input
            {...tie}
            ref={box}
            role="combobox"
            aria-expanded={found.length > 0}
            aria-controls={list}
            aria-activedescendant={found[index] ? `${list}-${index}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            spellCheck={false}
            placeholder={chosen.length === 0 ? 'Type a name' : single ? 'Choose another' : 'Add another'}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
              setOpen(true);
            }}
            onClick={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
          {open && (
            <div className={css.options}>
              <div role="listbox" id={list} aria-label={label}>
                {found.map((subject, place) => (
                  // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box; aria-activedescendant points here
                  // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the box
                  <div
                    key={subject.id}
                    id={`${list}-${place}`}
                    ref={place === index ? active : undefined}
                    role="option"
                    aria-selected={place === index}
                    className={css.option}
                    // The box keeps the focus: losing it would close the list before the click.
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={() => take(subject.id)}
                    onMouseMove={() => setAt(place)}
                  >
                    <span>{subject.name}</span>
                    <span className={css.optionNote}>{[kindWord[subject.kind], subject.note].filter(Boolean).join(' · ')}</span>
                  </div>
                ))}
              </div>
              {found.length === 0 && (
                <p className={css.none}>
                  {typed.trim() ? `Nothing in the inventory is called “${typed.trim()}”.` : 'There is nothing more to choose.'}
                </p>
              )}
            </div>
          )}
        </div>
      )}
    </Field>
  );
}

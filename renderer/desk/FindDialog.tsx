/** Ctrl K or /: type a few letters, Enter opens the thing in the detail panel, or its page. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Dialog } from '../components/Dialog.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { SeverityMark } from '../incidents/SeverityMark.tsx';
import { recordsOf, standingOfRecords } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { closeDialog, openIncident, openPlace, select } from '../state/view.ts';
import { type Found, find } from './find.ts';
import css from './forms.module.css';

export function FindDialog() {
  const tables = useLive((live) => live.tables);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const active = useRef<HTMLDivElement>(null);
  const results = find(tables, typed);
  const index = Math.min(at, results.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs whenever another row is active
  useEffect(() => active.current?.scrollIntoView({ block: 'nearest' }), [index]);

  const go = (found: Found | undefined) => {
    if (!found) return;
    if (found.incident) openIncident(found.incident.id);
    else if (found.place) openPlace(found.place);
    else select(found.subject, found.check);
    closeDialog();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt(Math.max(0, Math.min(results.length - 1, index + (event.key === 'ArrowDown' ? 1 : -1))));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      go(results[index]);
    }
  };

  return (
    <Dialog open onClose={closeDialog} title="Find">
      <input
        className={css.search}
        role="combobox"
        aria-label="Name, address, check or incident"
        aria-expanded={results.length > 0}
        aria-controls="find-results"
        aria-activedescendant={results[index] ? `find-${index}` : undefined}
        aria-autocomplete="list"
        placeholder="Name, address, check or incident"
        value={typed}
        autoFocus
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={css.results} role="listbox" id="find-results" aria-label="Found">
        {results.map((found, place) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box; aria-activedescendant points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the box
          <div
            key={found.key}
            id={`find-${place}`}
            ref={place === index ? active : undefined}
            className={css.result}
            role="option"
            aria-selected={place === index}
            onClick={() => go(found)}
            onMouseMove={() => setAt(place)}
          >
            {found.incident ? (
              <SeverityMark severity={found.incident.severity} />
            ) : (
              <StandingMark standing={standingOfRecords(recordsOf(tables, found.checks), found.kind)} />
            )}
            <span>{found.title}</span>
            <span className={css.note}>{found.note}</span>
          </div>
        ))}
      </div>
      {typed.trim() !== '' && results.length === 0 && (
        <p className={css.none}>
          Nothing in the inventory has “{typed.trim()}” in its name, address or checks, and no incident in its title.
        </p>
      )}
    </Dialog>
  );
}

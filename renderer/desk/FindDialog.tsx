/** Ctrl K or /: type a few letters, Enter opens the thing in the detail panel, or its page. */
import { Flag, GraduationCap } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { LiveTables } from '../../shared/live.ts';
import { Dialog } from '../components/Dialog.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { SeverityMark } from '../incidents/SeverityMark.tsx';
import { recordsOf, standingOfRecords } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import { closeDialog, openDialog, openIncident, openPlace, select, showScreen } from '../state/view.ts';
import { type FindAction, type Found, find } from './find.ts';
import css from './forms.module.css';

const offered: readonly FindAction[] = [inDrill ? 'debrief' : 'drills'];

export function FindDialog() {
  const tables = useLive((live) => live.tables);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const active = useRef<HTMLDivElement>(null);
  const results = find(tables, typed, offered);
  const index = Math.min(at, results.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs whenever another row is active
  useEffect(() => active.current?.scrollIntoView({ block: 'nearest' }), [index]);

  const go = (found: Found | undefined) => {
    if (!found) return;
    if (found.does === 'drills') {
      openDialog({ kind: 'drills' });
      return;
    }
    if (found.does === 'debrief') showScreen('debrief');
    else if (found.incident) openIncident(found.incident.id);
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
            {markOf(found, tables)}
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

function markOf(found: Found, tables: LiveTables): ReactNode {
  if (found.does)
    return found.does === 'drills' ? <GraduationCap className={css.icon} aria-hidden /> : <Flag className={css.icon} aria-hidden />;
  if (found.incident) return <SeverityMark severity={found.incident.severity} />;
  return <StandingMark standing={standingOfRecords(recordsOf(tables, found.checks), found.kind)} />;
}

/** The keyboard of the desk (HelpDialog.tsx lists it for people). Nothing happens while somebody types or a dialog is open, but Ctrl K. */
import { useEffect } from 'react';
import { changeSpeed, jump, pauseOrPlay } from '../drill/steer.ts';
import { incidentKeys } from '../incidents/incident-keys.ts';
import { inDrill } from '../state/role.ts';
import { closeDialog, deselect, openDialog, openIncidents, showScreen, useView } from '../state/view.ts';
import { acknowledge, choose, draftReport, note, openAlert, silence, stepAlert } from './actions.ts';
import { isArrow, moveFocus } from './move-tiles.ts';

const find = () => openDialog({ kind: 'find' });
/** On the timeline `/` goes to its own filter. */
const filter = () => {
  const box = document.querySelector<HTMLElement>('[data-filter-box]');
  if (box) box.focus();
  else find();
};

const keys: Record<string, () => void> = {
  j: () => stepAlert(1),
  k: () => stepAlert(-1),
  a: acknowledge,
  n: note,
  s: silence,
  x: choose,
  d: draftReport,
  '/': filter,
  '?': () => openDialog({ kind: 'help' }),
  '1': () => showScreen('desk'),
  '2': () => showScreen('timeline'),
  '3': () => openIncidents({ kind: 'list' }),
  '4': () => showScreen('sites'),
  m: () => showScreen('maintenance'),
  u: () => showScreen('uptime'),
  ...(inDrill
    ? { ' ': pauseOrPlay, '.': jump, '+': () => changeSpeed(1), '-': () => changeSpeed(-1), '5': () => showScreen('debrief') }
    : { g: () => openDialog({ kind: 'drills' }) }),
};
/** These speak of alerts and tiles, which only the desk shows. */
const deskOnly = new Set(['j', 'k', 'a', 's', 'x']);

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]') !== null;

/** What Space does something to by itself. */
const pressable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, summary, input, [role="button"], [data-alert]') !== null;

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const { dialog, screen, selection, editing } = useView.getState();
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    if (dialog?.kind === 'find') closeDialog();
    else if (!dialog) find();
    return;
  }
  if (
    dialog ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    typing(event.target) ||
    document.querySelector('[role="dialog"], [role="menu"]')
  )
    return;
  if (isArrow(event.key) && screen === 'desk') {
    if (moveFocus(document, event.key)) event.preventDefault();
    return;
  }
  if (event.key === 'Escape' && screen === 'desk' && selection) {
    leaveDetail(selection.subject, selection.check);
    return;
  }
  const card = event.target instanceof HTMLElement ? event.target.dataset.alert : undefined;
  if (event.key === 'Enter' && card) {
    openAlert(card);
    return;
  }
  if (event.key === ' ' && pressable(event.target)) return;
  const does = (screen === 'incidents' && editing === null ? incidentKeys()[event.key] : undefined) ?? keys[event.key];
  if (!does || (deskOnly.has(event.key) && does === keys[event.key] && screen !== 'desk')) return;
  event.preventDefault();
  does();
}

/** Closes the detail; the focus goes back to its tile. */
function leaveDetail(subject: string, check: string | null): void {
  const tile =
    document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(check ?? subject)}"]`) ??
    document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(subject)}"]`) ??
    // A leg that its mail domain stands for.
    document.querySelector<HTMLElement>('[data-tile][aria-current]');
  deselect();
  tile?.focus();
}

export function useKeys(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

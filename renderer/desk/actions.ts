/** What keys and buttons alike do on the desk. */
import type { SubjectRef } from '../../shared/model/words.ts';
import { alertLists } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { openDialog, select, setCursor, showScreen, toggleChosen, useView } from '../state/view.ts';

const lists = () => alertLists(useLive.getState().tables.alerts);
/** The alerts that j and k walk through, as the list shows them. */
const walk = () => [...lists().open, ...lists().taken];
const currentAlert = () => {
  const { cursor } = useView.getState();
  const all = walk();
  return all.find((alert) => alert.id === cursor) ?? all[0];
};

/** Goes to the next or previous alert and gives its card the focus. */
export function stepAlert(by: 1 | -1): void {
  const all = walk();
  if (all.length === 0) return;
  const at = all.findIndex((alert) => alert.id === useView.getState().cursor);
  const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
  if (!next) return;
  setCursor(next.id);
  requestAnimationFrame(() => {
    const card = document.querySelector<HTMLElement>(`[data-alert="${CSS.escape(next.id)}"]`);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: 'nearest' });
  });
}

/** The chosen ones that are not taken yet; else the current one. */
export function acknowledge(): void {
  const { chosen } = useView.getState();
  const table = useLive.getState().tables.alerts;
  const open = chosen.filter((id) => table[id] && table[id].endedAt === null);
  if (open.length > 0) {
    openDialog({ kind: 'acknowledge', alerts: open });
    return;
  }
  const current = currentAlert();
  if (current && !current.acknowledgement) openDialog({ kind: 'acknowledge', alerts: [current.id] });
}

/** On what has the focus: a tile, else the detail's subject, else the current alert's; on the night as a whole where there is none. */
export function note(): void {
  const { tables } = useLive.getState();
  const { selection } = useView.getState();
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const card = focused?.closest<HTMLElement>('[data-alert]')?.dataset.alert;
  const key = focused?.dataset.tile;
  const byTile = key === undefined ? undefined : (tables.plans[key]?.subject ?? ref(tables.subjects[key]));
  const subject =
    (card && tables.alerts[card]?.subject) || byTile || ref(tables.subjects[selection?.subject ?? '']) || currentAlert()?.subject || null;
  openDialog({ kind: 'note', subject });
}
const ref = (it: SubjectRef | undefined): SubjectRef | undefined => it && { kind: it.kind, id: it.id };

/** Chooses the current alert, or lets it go. */
export function choose(): void {
  const current = currentAlert();
  if (current) toggleChosen(current.id);
}

/** Opens the report for the chosen alerts; with none chosen, for the current or worst one. */
export function draftReport(): void {
  const { chosen } = useView.getState();
  const current = currentAlert();
  if (chosen.length === 0 && current) useView.setState({ chosen: [current.id] });
  showScreen('incidents');
}

/** Opens what the current alert is about. */
export function openAlert(id: string): void {
  const alert = useLive.getState().tables.alerts[id];
  if (alert) select(alert.subject.id, alert.checks[0] ?? null);
}

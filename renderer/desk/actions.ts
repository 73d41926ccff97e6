/** What keys and buttons alike do on the desk. */
import { flushSync } from 'react-dom';
import type { SubjectRef } from '../../shared/model/words.ts';
import { beginDocument } from '../incidents/begin-document.ts';
import { engine } from '../state/connect.ts';
import { placeOfAlert, walkOf } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { useSettings } from '../state/settings.ts';
import { chooseAlso, openDialog, openIncidents, say, select, setCursor, toggleChosen, useView } from '../state/view.ts';
import { forAcknowledging, rangeTo, subjectsToSilence } from './choice.ts';

const walk = () => walkOf(useLive.getState().tables.alerts);
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
  if (next) focusCard(next.id);
}

/** Makes an alert the current one and gives its card the focus: at once, because a dialog that is opened next must not lose it to a late card. */
export function focusCard(id: string): void {
  flushSync(() => setCursor(id));
  const card = document.querySelector<HTMLElement>(`[data-alert="${CSS.escape(id)}"]`);
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: 'nearest' });
}

/**
 * Goes on once alerts were taken: the next one that nobody has becomes the current one.
 * @param taken told here, because the engine's word of it may still be on its way
 * @param fromCard whether the focus was in the list, and so goes on to the next card
 */
export function goOn(taken: readonly string[], fromCard: boolean): void {
  const next = walk().find((alert) => !alert.acknowledgement && alert.silencedUntil === null && !taken.includes(alert.id));
  if (next && fromCard) focusCard(next.id);
  else setCursor(next?.id ?? null);
}

/** The chosen ones that nobody has yet; else the current one. What somebody has can be taken over. */
export function acknowledge(): void {
  const chosen = forAcknowledging(useView.getState().chosen, useLive.getState().tables.alerts);
  const current = currentAlert();
  if (chosen.length > 0) openDialog({ kind: 'acknowledge', alerts: chosen });
  else if (current) openDialog({ kind: 'acknowledge', alerts: [current.id] });
}

/** What the chosen alerts are about; else what has the focus or is looked at; else what the current alert is about. */
export function silence(): void {
  const { alerts } = useLive.getState().tables;
  const chosen = subjectsToSilence(useView.getState().chosen, alerts);
  const subject = subjectInFocus();
  const subjects = chosen.length > 0 ? chosen : subject ? [subject.id] : [];
  if (subjects.length > 0) openDialog({ kind: 'silence', subjects });
}

/** Ends a silence; asks for a name where none is known. @param by who ends it */
export async function endSilence(silence: string, by = useSettings.getState().author): Promise<void> {
  if (by.trim() === '') {
    openDialog({ kind: 'end-silence', silence });
    return;
  }
  const reply = await engine.endSilence({ silence, by });
  if (reply.ok) say('The silence is over.');
  else say(`The silence was not ended. ${reply.failure.text}`, 'bad');
}

/** On what has the focus: a tile, else the detail's subject, else the current alert's; on the night as a whole where there is none. */
export function note(): void {
  openDialog({ kind: 'note', subject: subjectInFocus() });
}

function subjectInFocus(): SubjectRef | null {
  const { tables } = useLive.getState();
  const { selection } = useView.getState();
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const card = focused?.closest<HTMLElement>('[data-alert]')?.dataset.alert;
  const key = focused?.dataset.tile;
  const byTile = key === undefined ? undefined : (tables.plans[key]?.subject ?? ref(tables.subjects[key]));
  return (
    (card && tables.alerts[card]?.subject) || byTile || ref(tables.subjects[selection?.subject ?? '']) || currentAlert()?.subject || null
  );
}
const ref = (it: SubjectRef | undefined): SubjectRef | undefined => it && { kind: it.kind, id: it.id };

/** Chooses the current alert, or lets it go. */
export function choose(): void {
  const current = currentAlert();
  if (current) toggleChosen(current.id);
}

/** Chooses everything from the one chosen last to this one, as the list shows them. */
export function chooseUpTo(id: string): void {
  const { anchor } = useView.getState();
  chooseAlso(
    rangeTo(
      walk().map((alert) => alert.id),
      anchor,
      id,
    ),
  );
}

/** On the page of an incident its post-mortem; else the quick report for the chosen alerts, or for the current or worst one. */
export function draftReport(): void {
  const { chosen, screen, incidents, editing } = useView.getState();
  if (screen === 'incidents' && incidents.kind === 'incident' && editing === null) {
    void draftIncident(incidents.id);
    return;
  }
  const current = currentAlert();
  if (chosen.length === 0 && current) useView.setState({ chosen: [current.id] });
  openIncidents({ kind: 'report' });
}

async function draftIncident(id: string): Promise<void> {
  const failure = await beginDocument(id, 'post-mortem');
  if (failure !== null) say(`The post-mortem could not be drafted. ${failure}`, 'bad');
}

/** Opens what the current alert is about. */
export function openAlert(id: string): void {
  const { tables } = useLive.getState();
  const alert = tables.alerts[id];
  const place = alert && placeOfAlert(tables, alert);
  if (place) select(place.subject, place.check);
}

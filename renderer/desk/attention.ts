/** What main calls out to this page: a sound for what wants a human, and the alert whose notification was clicked. Only the desk hears. */

import { placeOfAlert } from '../state/derive.ts';
import { onDesktop } from '../state/desktop.ts';
import { useLive } from '../state/live.ts';
import { startSound } from '../state/sound.ts';
import { say, setCursor, showScreen, useView } from '../state/view.ts';
import { focusCard } from './actions.ts';

/** Shows an alert: the desk, its card, and what it is about. A dialog that is open stays, and so does what was written in it. */
function showAlert(id: string): void {
  showScreen('desk');
  const { tables } = useLive.getState();
  const alert = tables.alerts[id];
  if (!alert) {
    say('That alert is over, and more than a day old: the timeline has it.', 'bad');
    return;
  }
  const place = placeOfAlert(tables, alert);
  useView.setState({ selection: place });
  if (alert.endedAt !== null) {
    say(`“${alert.title}” is over.`);
    return;
  }
  if (useView.getState().dialog) setCursor(id);
  else focusCard(id);
}

/** At once, or as soon as the first picture is there: a click may have started the window. */
function showWhenKnown(id: string): () => void {
  if (useLive.getState().connection !== 'connecting') {
    showAlert(id);
    return () => {};
  }
  const stop = useLive.subscribe((live) => {
    if (live.connection === 'connecting') return;
    stop();
    // Once the page has heard of it too: it must draw the card.
    queueMicrotask(() => showAlert(id));
  });
  return stop;
}

/** Once at start, before the page is drawn: a click on a notification may be what opened the window. */
export function startAttention(): void {
  startSound();
  let forget = () => {};
  onDesktop('openAlert', ({ alert }) => {
    forget();
    forget = showWhenKnown(alert);
  });
}

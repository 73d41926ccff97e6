/** The menu's "Play a drill…". A dialog that is open stays, and so does what was written in it. */
import { onDesktop } from '../state/desktop.ts';
import { openDialog, useView } from '../state/view.ts';

/** Once, at the start of the desk's page. */
export function startDrillMenu(): void {
  onDesktop('openDrills', () => {
    if (!useView.getState().dialog) openDialog({ kind: 'drills' });
  });
}

/** The tray icon, the badge of the app and the title of the desk's window: how many alerts are open. */
import { app, Menu, nativeImage, Tray } from 'electron';
import type { OpenCounts } from '../../shared/contract.ts';
import { type TrayStanding, totalOf, trayStanding, trayTooltip } from './counts-words.ts';
import { drawTrayIcon } from './tray-icon.ts';

export interface DeskTray {
  /** @param counts null = nothing is watched at the moment */
  show(counts: OpenCounts | null, muted: boolean): void;
  destroy(): void;
}

export interface TrayActions {
  showDesk: () => void;
  showWall: () => void;
  /** Mutes for an hour, or ends it. */
  mute: (on: boolean) => void;
}

/** Panels of Linux are 22 pixels high, the others 16; twice as many on a dense display. */
function iconOf(standing: TrayStanding): Electron.NativeImage {
  const size = process.platform === 'linux' ? 22 : 16;
  const icon = nativeImage.createFromBitmap(drawTrayIcon(standing, size), { width: size, height: size });
  const dense = nativeImage.createFromBitmap(drawTrayIcon(standing, 2 * size), { width: 2 * size, height: 2 * size });
  icon.addRepresentation({ scaleFactor: 2, width: 2 * size, height: 2 * size, buffer: dense.toPNG() });
  return icon;
}

/** A system without a place for such icons is no reason to fail: the desk says it all. */
export function createTray(actions: TrayActions): DeskTray {
  let tray: Tray | null = null;
  let shown = '';
  try {
    tray = new Tray(iconOf('unknown'));
    tray.on('click', actions.showDesk);
  } catch (error) {
    console.error(`There is no tray icon: ${error instanceof Error ? error.message : 'the system has no place for it'}`);
  }
  return {
    show(counts, muted) {
      app.setBadgeCount(counts ? totalOf(counts) : 0);
      if (!tray) return;
      // Each call is a message to the panel, and counts come often.
      const now = JSON.stringify([counts, muted]);
      if (now === shown) return;
      shown = now;
      tray.setImage(iconOf(trayStanding(counts)));
      tray.setToolTip(trayTooltip(counts));
      tray.setContextMenu(
        Menu.buildFromTemplate([
          // Many panels of Linux show no tooltip.
          { label: trayTooltip(counts), enabled: false },
          { type: 'separator' },
          { label: 'Show Nightdesk', click: actions.showDesk },
          { label: 'Open the wall', click: actions.showWall },
          muted
            ? { label: 'Sound again', click: () => actions.mute(false) }
            : { label: 'No sound for 1 h', click: () => actions.mute(true) },
          { type: 'separator' },
          { label: 'Quit', click: () => app.quit() },
        ]),
      );
    },
    destroy() {
      tray?.destroy();
      tray = null;
    },
  };
}

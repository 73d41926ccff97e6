/** The window of a drill, and what it takes to open, follow and end one. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Reply } from '../../shared/bind.ts';
import type { Announcement, EngineStatus } from '../../shared/contract.ts';
import { fail, ok } from '../../shared/result.ts';
import { createDrillHost, type DrillToPlay } from './drill-host.ts';

export interface DrillDesk {
  readonly status: EngineStatus;
  /** @param drill a file name of the list; null asks for a file. @param asker whose dialog it is. @returns false where the person thought better of it */
  play(drill: string | null, how: Omit<DrillToPlay, 'file'>, asker: BrowserWindow): Promise<Reply<{ opened: boolean }>>;
  /** The same again, from its beginning. @returns false where there was none yet */
  restart(): boolean;
  /** Closes its window; the drill ends with it. */
  close(): void;
  givePort(window: BrowserWindow): void;
  /** The real desk calls: whoever plays must hear of it. */
  announce(all: readonly Announcement[]): void;
  /** Whether its window is there. */
  readonly isOpen: boolean;
  stop(): Promise<void>;
}

/** A storm is told by its first lines; the desk has them all. */
const mostAnnounced = 50;

export function createDrillDesk(options: {
  /** The built file of its process. */
  file: string;
  dataFolder: string;
  /** Where the drills lie that come with the app. */
  drillFolder: string;
  /** Makes a window that may ask things of main. */
  openWindow: () => BrowserWindow;
}): DrillDesk {
  let window: BrowserWindow | null = null;
  let acts: DrillToPlay['acts'] = 'script';
  /** Somebody said that the drill may go: at its window, or by ending Nightdesk. */
  let mayClose = false;
  app.on('before-quit', () => {
    mayClose = true;
  });
  const alive = (): BrowserWindow | null => (window && !window.isDestroyed() && !window.webContents.isCrashed() ? window : null);
  const givePort = (to: BrowserWindow): void => {
    const port = host.port();
    try {
      if (port) to.webContents.postMessage('engine-port', null, [port]);
    } catch {
      // Its page died and is not back yet: it asks by itself once it is.
    }
  };
  const host = createDrillHost({
    file: options.file,
    folder: join(options.dataFolder, 'drill'),
    onStatus(status) {
      const shown = alive();
      if (!shown) return;
      shown.setTitle(host.name === null ? 'DRILL – Nightdesk' : `DRILL: ${host.name} – Nightdesk`);
      shown.webContents.send('desktop-event', 'engineStatusChanged', status);
      if (status.state === 'running') givePort(shown);
    },
  });
  const show = (): void => {
    const shown = window;
    if (shown && !shown.isDestroyed()) {
      // Another story: nothing of the page must be taken over.
      shown.webContents.reload();
      if (shown.isMinimized()) shown.restore();
      shown.show();
      shown.focus();
      return;
    }
    const opened = options.openWindow();
    window = opened;
    mayClose = false;
    opened.on('close', (event) => {
      if (mayClose || !hasWork()) return;
      event.preventDefault();
      void askToEnd(opened).then((ends) => ends && close());
    });
    // The page's own title would take the place of the one with the drill's name.
    opened.on('page-title-updated', (event) => event.preventDefault());
    opened.on('closed', () => {
      if (window !== opened) return;
      window = null;
      void host.stop();
    });
  };
  /** What a person does in it goes with it. */
  const hasWork = (): boolean => acts === 'player' && host.status.state === 'running' && alive() !== null;
  const askToEnd = async (asker: BrowserWindow): Promise<boolean> => {
    const answer = await dialog.showMessageBox(asker, {
      type: 'question',
      message: 'End the drill that is being played?',
      detail: 'What you did and wrote in it is gone then. Documents that you want to keep can be exported first.',
      buttons: ['Go on playing', 'End the drill'],
      defaultId: 0,
      cancelId: 0,
    });
    return answer.response === 1;
  };
  const close = (): void => {
    mayClose = true;
    window?.close();
  };
  const choose = async (asker: BrowserWindow): Promise<string | null> => {
    const chosen = await dialog.showOpenDialog(asker, {
      title: 'Open a drill',
      properties: ['openFile'],
      filters: [
        { name: 'Drill (YAML)', extensions: ['yaml', 'yml'] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
  };
  return {
    get status() {
      return host.status;
    },
    async play(drill, how, asker) {
      // A name of the list and nothing else: no path gets in by a page.
      const shipped = drill !== null && basename(drill) === drill && drill.endsWith('.yaml') ? join(options.drillFolder, drill) : null;
      if (drill !== null && (shipped === null || !existsSync(shipped)))
        return fail({ code: 'no-such-drill', text: 'There is no such drill any more. Choose another one.' });
      const file = shipped ?? (await choose(asker));
      if (file === null || (hasWork() && !(await askToEnd(asker)))) return ok({ opened: false });
      acts = how.acts;
      host.play({ file, ...how });
      show();
      return ok({ opened: true });
    },
    restart() {
      const again = host.restart();
      if (again) show();
      return again;
    },
    close,
    givePort,
    announce(all) {
      const contents = alive()?.webContents;
      if (!contents) return;
      const tell = (): void => {
        for (const it of all.slice(0, mostAnnounced)) contents.send('desktop-event', 'announced', it);
      };
      // A page that is only just being loaded hears nothing yet.
      if (contents.isLoading()) contents.once('did-finish-load', tell);
      else tell();
    },
    get isOpen() {
      return alive() !== null;
    },
    stop: () => host.stop(),
  };
}

/** The desktop side: windows, dialogs, settings, secrets, and a watchful eye on the engine. Never probes, never queries. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, nativeTheme, screen, session } from 'electron';
import { answer, type EventName, type EventPayload } from '../shared/bind.ts';
import { type DesktopContract, desktopContract } from '../shared/contract.ts';
import { createAttention } from './desk/attention.ts';
import { createDrillDesk } from './desk/drill-window.ts';
import { createEngineHost } from './desk/engine-host.ts';
import { createHandlers, type DeskParts } from './desk/handlers.ts';
import { buildMenu } from './desk/menu.ts';
import { openSecretsKeeper } from './desk/secrets.ts';
import { applySecurity, isOurPage, registerScheme } from './desk/security.ts';
import { openSettings } from './desk/settings.ts';
import { displayList, openDesk, openDrill, openWall, type Role } from './desk/windows.ts';
import { version } from './version.ts';

/** The value after a flag on the command line ("--inventory FILE"), or null. */
function argument(flag: string): string | null {
  const equals = process.argv.find((text) => text.startsWith(`${flag}=`));
  if (equals) return equals.slice(flag.length + 1);
  const at = process.argv.indexOf(flag);
  return at >= 0 ? (process.argv[at + 1] ?? null) : null;
}

const dataArgument = argument('--data');
if (dataArgument) app.setPath('userData', resolve(dataArgument));
const dataFolder = app.getPath('userData');
registerScheme();
// Windows shows the notifications of programs it knows by this name only (electron-builder.yml has the same).
if (process.platform === 'win32') app.setAppUserModelId('org.nightdesk.desk');

/** Where nothing can be written Chromium takes it for "another one runs already" and ends without a word, or never gets ready. */
function canWriteTo(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

// Two desks on one data folder would both write its history: the second start shows the window of the first.
if (!canWriteTo(dataFolder)) {
  // As early as this, Linux gets it on stderr instead of in a box.
  dialog.showErrorBox(
    'Nightdesk cannot start',
    `Nothing can be written to its data folder, ${dataFolder}. Look at the rights and the disk there, or name another one: --data FOLDER`,
  );
  app.exit(1);
} else if (!app.requestSingleInstanceLock()) app.quit();
else void app.whenReady().then(run);

function run(): void {
  const settings = openSettings(dataFolder);
  const secrets = openSecretsKeeper(dataFolder);
  const inventoryArgument = argument('--inventory');
  const ownInventory = join(dataFolder, 'inventory.yaml');
  let inventory = inventoryArgument ? resolve(inventoryArgument) : (settings.get().inventory ?? ownInventory);

  let desk: BrowserWindow | null = null;
  let wall: BrowserWindow | null = null;
  const handlersOf = new WeakMap<Electron.WebContents, ReturnType<typeof createHandlers>>();

  const drillFolder = join(import.meta.dirname, '../../assets/drills');
  const drill = createDrillDesk({
    file: join(import.meta.dirname, 'drill.js'),
    dataFolder,
    drillFolder,
    openWindow: () => adopt(openDrill(desk && !desk.isDestroyed() ? desk : null), 'drill'),
  });
  /** Windows of the real watch. */
  const watching = (): BrowserWindow[] => [desk, wall].filter((it): it is BrowserWindow => it !== null && !it.isDestroyed());
  /** The windows with a page of ours: not those in which documents are printed. */
  const pages = (): BrowserWindow[] => BrowserWindow.getAllWindows().filter((it) => handlersOf.has(it.webContents));

  const send = <E extends EventName<DesktopContract>>(
    event: E,
    payload: EventPayload<DesktopContract, E>,
    to: readonly BrowserWindow[] = pages(),
  ): void => {
    for (const { webContents } of to) if (!webContents.isCrashed()) webContents.send('desktop-event', event, payload);
  };
  const engine = createEngineHost({
    file: join(import.meta.dirname, 'engine.js'),
    startMessage: () => ({
      version,
      dataFolder,
      inventoryFile: inventory,
      writeStarter: inventory === ownInventory,
      secrets: secrets.all(),
      drillFolder,
    }),
    secrets: () => secrets.all(),
    onStatus(status) {
      // The window of a drill has an engine of its own.
      send('engineStatusChanged', status, watching());
      // A new engine: every page that was connected gets a port to it.
      if (status.state === 'running') for (const window of watching()) givePort(window);
    },
    onAnnounce: (announcements) => attention.announce(announcements),
    onCounts: (counts) => attention.count(counts),
  });
  const givePort = (window: BrowserWindow): void => {
    const port = engine.status.state === 'running' ? engine.port() : null;
    try {
      if (port) window.webContents.postMessage('engine-port', null, [port]);
    } catch {
      // Its page died and is not back yet: it asks by itself once it is.
    }
  };

  const adopt = (window: BrowserWindow, role: Role): BrowserWindow => {
    handlersOf.set(window.webContents, createHandlers(parts, window, role));
    // A page that died (out of memory, a bug in a driver) must not leave a black wall for the night. Not at once: it may die again.
    window.webContents.on('render-process-gone', () => {
      setTimeout(() => {
        if (!window.isDestroyed()) window.webContents.reload();
      }, 1_000);
    });
    return window;
  };
  const showDesk = (): void => {
    if (desk && !desk.isDestroyed()) {
      if (desk.isMinimized()) desk.restore();
      desk.show();
      desk.focus();
      return;
    }
    desk = adopt(openDesk(settings), 'desk');
    attention.adopt(desk);
  };
  const hideWall = (): void => {
    wall?.close();
    wall = null;
  };
  const showWall = (display: number | null): { fellBack: boolean } => {
    const before = wall;
    const opened = openWall(display);
    const window = adopt(opened.window, 'wall');
    wall = window;
    // After the new one is there: the last window that closes ends the app.
    before?.close();
    window.on('closed', () => {
      if (wall === window) wall = null;
    });
    window.webContents.on('before-input-event', (_event, input) => {
      if (input.type === 'keyDown' && input.key === 'Escape') window.close();
    });
    return { fellBack: opened.fellBack };
  };

  const attention = createAttention({
    settings,
    desk: () => desk,
    wall: () => wall,
    showDesk,
    showWall: () => void showWall(settings.get().wall.display),
    drill: () => drill,
  });

  const parts: DeskParts = {
    settings,
    secrets,
    engine,
    dataFolder,
    inventoryFile: () => inventory,
    openInventory(file) {
      inventory = file;
      settings.change({ inventory: file });
      engine.restart();
    },
    showWall,
    hideWall,
    drill,
    showDesk: (alert) => (alert === null ? showDesk() : attention.openAlert(alert)),
    givePort,
    notificationsWork: () => attention.notificationsWork,
  };

  applySecurity(join(import.meta.dirname, '../renderer'));
  // The sender is checked once, here: our own page in the main frame of a window that we made.
  ipcMain.handle('desktop', (event, name: unknown, input: unknown) => {
    const handlers = handlersOf.get(event.sender);
    const trusted = handlers && event.senderFrame && event.senderFrame === event.sender.mainFrame && isOurPage(event.senderFrame.url);
    if (!trusted) return { ok: false, failure: { code: 'not-ours', text: 'This page may not ask.' } };
    return answer(desktopContract, handlers, name, input, (error) => console.error(error));
  });

  const applyTheme = (): void => {
    nativeTheme.themeSource = settings.get().theme;
  };
  applyTheme();
  settings.onChange((all) => {
    applyTheme();
    send('settingsChanged', all);
  });
  for (const change of ['display-added', 'display-removed', 'display-metrics-changed'] as const) {
    screen.on(change as 'display-added', () => send('displaysChanged', displayList()));
  }
  // The wall's display was unplugged: the wall moves to another one instead of vanishing.
  screen.on('display-removed', () => {
    if (wall) showWall(settings.get().wall.display);
  });

  buildMenu({
    showWall: () => void showWall(settings.get().wall.display),
    playDrill: attention.openDrills,
    restartEngine: engine.restart,
  });
  engine.start();
  showDesk();
  if (settings.get().wall.openAtStart) showWall(settings.get().wall.display);

  app.on('second-instance', showDesk);
  app.on('activate', showDesk);
  app.on('window-all-closed', () => app.quit());
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    attention.end();
    // What the pages kept of unsaved text (renderer/editor/kept.ts): else it may reach the disk seconds later, or not at all.
    session.defaultSession.flushStorageData();
    void Promise.all([engine.stop(), drill.stop()]).then(() => {
      ended = true;
      // What a page said while it closed may have come only now.
      session.defaultSession.flushStorageData();
      app.quit();
    });
  });
}

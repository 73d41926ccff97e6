/** What main does for a page: settings, dialogs, windows, secrets. One function per request of desktopContract. */
import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';
import { done, type Handlers, type Reply } from '../../shared/bind.ts';
import type { DesktopContract } from '../../shared/contract.ts';
import { fail, ok } from '../../shared/result.ts';
import { version } from '../version.ts';
import type { EngineHost } from './engine-host.ts';
import type { SecretsKeeper } from './secrets.ts';
import type { SettingsKeeper } from './settings.ts';
import { readText, writeText } from './text-files.ts';
import { displayList, type Role } from './windows.ts';

export interface DeskParts {
  settings: SettingsKeeper;
  secrets: SecretsKeeper;
  engine: EngineHost;
  dataFolder: string;
  inventoryFile: () => string;
  /** Puts another inventory in force. */
  openInventory: (file: string) => void;
  showWall: (display: number | null) => { fellBack: boolean };
  hideWall: () => void;
  /** Hands the page its port to the engine. */
  givePort: (window: BrowserWindow) => void;
  notificationsWork: () => boolean;
}

const kinds = { markdown: { name: 'Markdown', extensions: ['md'] }, html: { name: 'Web page', extensions: ['html'] } };

/** The handlers for one window: dialogs belong to the window that asked. */
export function createHandlers(parts: DeskParts, window: BrowserWindow, role: Role): Handlers<DesktopContract> {
  const { settings, secrets, engine } = parts;
  const kept = (result: ReturnType<SecretsKeeper['set']>) => {
    if (!result.ok) return fail({ code: 'not-kept', text: result.failure });
    engine.sendSecrets();
    return done();
  };
  /** Asks where, and writes. */
  const save = async (it: {
    title: string;
    what: string;
    fileName: string;
    name: string;
    extensions: string[];
    content: string;
  }): Promise<Reply<{ file: string } | null>> => {
    const [ending] = it.extensions;
    const chosen = await dialog.showSaveDialog(window, {
      title: it.title,
      defaultPath: join(app.getPath('documents'), `${basename(it.fileName)}.${ending}`),
      filters: [{ name: it.name, extensions: it.extensions }],
    });
    if (chosen.canceled || !chosen.filePath) return ok(null);
    // Some dialogs leave the ending to us.
    const file = !/\.[a-z]{1,8}$/i.test(chosen.filePath) ? `${chosen.filePath}.${ending}` : chosen.filePath;
    return writeText(file, it.content, it.what);
  };
  return {
    info: () =>
      ok({
        version,
        role,
        dataFolder: parts.dataFolder,
        platform: process.platform,
        unofficialRuntime: process.env.NIGHTDESK_UNOFFICIAL_RUNTIME === '1',
        notificationsWork: parts.notificationsWork(),
      }),
    settings: () => ok(settings.get()),
    changeSettings: (part) => ok(settings.change(part)),
    enginePort() {
      parts.givePort(window);
      return done();
    },
    engineStatus: () => ok(engine.status),
    restartEngine() {
      engine.restart();
      return done();
    },
    async chooseInventory() {
      const chosen = await dialog.showOpenDialog(window, {
        title: 'Open an inventory',
        properties: ['openFile'],
        filters: [
          { name: 'Inventory (YAML)', extensions: ['yaml', 'yml'] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      const [file] = chosen.filePaths;
      if (chosen.canceled || !file) return ok(null);
      parts.openInventory(file);
      return ok({ file });
    },
    showInventory() {
      shell.showItemInFolder(parts.inventoryFile());
      return done();
    },
    saveDraft: ({ fileName, format, content }) =>
      save({ title: 'Export the incident draft', what: 'The draft', fileName, ...kinds[format], content }),
    saveCsv: ({ fileName, content }) =>
      save({ title: 'Export as a table', what: 'The table', fileName, name: 'Table (CSV)', extensions: ['csv'], content }),
    async openText({ title, endings }) {
      const chosen = await dialog.showOpenDialog(window, {
        title,
        properties: ['openFile'],
        filters: [...(endings.length > 0 ? [{ name: 'Text', extensions: endings }] : []), { name: 'All files', extensions: ['*'] }],
      });
      const [file] = chosen.filePaths;
      return chosen.canceled || !file ? ok(null) : readText(file);
    },
    async openExternal({ url }) {
      const answer = await dialog.showMessageBox(window, {
        type: 'question',
        message: 'Open this link in your browser?',
        detail: new URL(url).href,
        buttons: ['Cancel', 'Open'],
        defaultId: 0,
        cancelId: 0,
      });
      if (answer.response !== 1) return ok({ opened: false });
      await shell.openExternal(new URL(url).href);
      return ok({ opened: true });
    },
    displays: () => ok(displayList()),
    openWall: ({ display }) => ok(parts.showWall(display)),
    closeWall() {
      parts.hideWall();
      return done();
    },
    secrets: () => ok({ names: secrets.names(), ...secrets.backend() }),
    setSecret: ({ name, value }) => kept(secrets.set(name, value)),
    removeSecret: ({ name }) => kept(secrets.remove(name)),
  };
}

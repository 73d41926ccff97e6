/** What main does for a page: settings, dialogs, windows, secrets. One function per request of desktopContract. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';
import { done, type Handlers, type Reply } from '../../shared/bind.ts';
import type { DesktopContract } from '../../shared/contract.ts';
import { formatFacts } from '../../shared/documents/formats.ts';
import { fail, ok } from '../../shared/result.ts';
import { version } from '../version.ts';
import { drillHandlers } from './drill-handlers.ts';
import type { DrillDesk } from './drill-window.ts';
import type { EngineHost } from './engine-host.ts';
import { printPdf } from './print-pdf.ts';
import type { SecretsKeeper } from './secrets.ts';
import type { SettingsKeeper } from './settings.ts';
import { readText, writeChosen } from './text-files.ts';
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
  drill: DrillDesk;
  /** Brings the desk to the front, and to an alert of its own. */
  showDesk: (alert: string | null) => void;
  /** Hands the page its port to the engine. */
  givePort: (window: BrowserWindow) => void;
  notificationsWork: () => boolean;
}

const kinds = { markdown: { name: 'Markdown', ending: 'md' }, html: { name: 'Web page', ending: 'html' } };

/** The handlers for one window: dialogs belong to the window that asked. */
export function createHandlers(parts: DeskParts, window: BrowserWindow, role: Role): Handlers<DesktopContract> {
  const { settings, secrets, engine } = parts;
  const kept = (result: ReturnType<SecretsKeeper['set']>) => {
    if (!result.ok) return fail({ code: 'not-kept', text: result.failure });
    engine.sendSecrets();
    return done();
  };
  /** Asks where. `overwrite`: a person said that what is there may go. */
  const chooseFile = async (it: {
    title: string;
    /** Without its ending. */
    fileName: string;
    name: string;
    ending: string;
  }): Promise<{ file: string; overwrite: boolean } | null> => {
    const chosen = await dialog.showSaveDialog(window, {
      title: it.title,
      defaultPath: join(app.getPath('documents'), `${basename(it.fileName)}.${it.ending}`),
      filters: [{ name: it.name, extensions: [it.ending] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    if (chosen.canceled || !chosen.filePath) return null;
    const path = chosen.filePath;
    if (path.toLowerCase().endsWith(`.${it.ending}`)) return { file: path, overwrite: true };
    // Some dialogs leave the ending to us: then they asked about another name than this one.
    const file = `${path}.${it.ending}`;
    if (!existsSync(file)) return { file, overwrite: false };
    const answer = await dialog.showMessageBox(window, {
      type: 'question',
      message: `Replace ${basename(file)}?`,
      detail: 'There is a file of that name already.',
      buttons: ['Cancel', 'Replace'],
      defaultId: 0,
      cancelId: 0,
    });
    return answer.response === 1 ? { file, overwrite: true } : null;
  };
  /** Asks where, and writes. */
  const save = async (
    it: Parameters<typeof chooseFile>[0] & { what: string; content: string },
  ): Promise<Reply<{ file: string } | null>> => {
    const chosen = await chooseFile(it);
    return chosen ? writeChosen(chosen.file, it.content, it.what, chosen.overwrite) : ok(null);
  };
  const handlers: Handlers<DesktopContract> = {
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
      save({ title: 'Export as a table', what: 'The table', fileName, name: 'Table (CSV)', ending: 'csv', content }),
    async saveDocument({ fileName, format, text, base64 }) {
      const { name, ending } = formatFacts[format];
      const plain = fileName.toLowerCase().endsWith(`.${ending}`) ? fileName.slice(0, -ending.length - 1) : fileName;
      const chosen = await chooseFile({ title: 'Export the document', fileName: plain, name, ending });
      if (!chosen) return ok(null);
      // After the question, as printing takes a moment, and whoever thought better of it need not wait.
      const printed = format === 'pdf' ? await printPdf(text ?? '') : ok(base64 === null ? (text ?? '') : Buffer.from(base64, 'base64'));
      return printed.ok ? writeChosen(chosen.file, printed.value, 'The document', chosen.overwrite) : printed;
    },
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
    playDrill: ({ drill, ...how }) => parts.drill.play(drill, how, window),
    restartDrill: () => (parts.drill.restart() ? done() : fail({ code: 'no-drill', text: 'No drill was played yet.' })),
    closeDrill() {
      // After the answer: the window that asked may be the one that goes.
      setImmediate(parts.drill.close);
      return done();
    },
    showDesk({ alert }) {
      parts.showDesk(alert);
      return done();
    },
    secrets: () => ok({ names: secrets.names(), ...secrets.backend() }),
    setSecret: ({ name, value }) => kept(secrets.set(name, value)),
    removeSecret: ({ name }) => kept(secrets.remove(name)),
  };
  return role === 'drill' ? drillHandlers(handlers, parts.drill, window) : handlers;
}

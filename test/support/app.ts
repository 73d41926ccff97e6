/** The real app for end-to-end tests and pictures: started on a data folder of its own, with the real engine. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { resolveElectron } from '../../electron/setup/electron-runtime.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import type { EngineStatus } from '../../shared/contract.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface AppOptions {
  /** Text of the inventory; left out, the app makes its starter. */
  inventory?: string;
  /** The data folder of an earlier start; left out, a new one. */
  dataFolder?: string;
  /** Settings of the desk, as settings.json holds them. */
  settings?: Record<string, unknown>;
  /** More for the app's command line. */
  args?: string[];
  env?: Record<string, string>;
  /** A folder with another build of the app. */
  appFolder?: string;
}

export interface App {
  electron: ElectronApplication;
  /** The desk's page. */
  page: Page;
  dataFolder: string;
  inventoryFile: string;
  /** What the app and its pages complained about: uncaught errors, errors on the console, what main and engine wrote to stderr. */
  complaints: string[];
  /** Quits as a person does. */
  close(): Promise<void>;
}

/** Chromium cannot sandbox processes of root. */
const rootArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
/** What Chromium, and once the desk, say about a machine without a graphics card, a message bus or a desktop. */
const machineTalk =
  /:(ERROR|WARNING|INFO|FATAL):|nodejs\.org|gpu|vaapi|dri3|dbus|libva|ALSA|GLib|Gtk|Fontconfig|MESA|xdg|UNOFFICIAL|DevTools|Debugger|The system shows no notifications/i;

/** The runtime itself may crash as it starts, before any of our code runs: seen once in some thousand starts of the repacked one. Tried once more, and said. */
async function launch(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (!String(error).includes('signal=SIGSEGV')) throw error;
    process.stderr.write('Electron crashed as it started (SIGSEGV); it is started once more.\n');
    return _electron.launch(options);
  }
}

/**
 * Starts the app that is built here, or the one in the folder NIGHTDESK_APP.
 * @returns the started app; its desk window is there, but its picture may not be yet
 */
export async function openApp(options: AppOptions = {}): Promise<App> {
  const dataFolder = options.dataFolder ?? temporaryFolder('app');
  const inventoryFile = join(dataFolder, 'inventory.yaml');
  mkdirSync(dataFolder, { recursive: true });
  if (options.inventory !== undefined) writeFileSync(inventoryFile, options.inventory);
  if (options.settings) writeFileSync(join(dataFolder, 'settings.json'), JSON.stringify(options.settings));
  const electron = await launch({
    // The app's own theme decides, not Playwright's.
    colorScheme: null,
    executablePath: process.env.NIGHTDESK_ELECTRON ?? (await resolveElectron()).path,
    args: [...rootArguments, options.appFolder ?? process.env.NIGHTDESK_APP ?? projectRoot, '--data', dataFolder, ...(options.args ?? [])],
    // Nothing of this must reach the settings of whoever runs the tests.
    env: {
      ...(process.env as Record<string, string>),
      HOME: dataFolder,
      XDG_CONFIG_HOME: join(dataFolder, 'config'),
      TZ: 'UTC',
      ...options.env,
    },
  });
  const complaints: string[] = [];
  const child = electron.process();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim() !== '' && !machineTalk.test(line)) complaints.push(`stderr: ${line}`);
  });
  const listen = (page: Page): void => {
    page.on('pageerror', (error) => complaints.push(`page: ${error.stack ?? error.message}`));
    page.on('console', (said) => said.type() === 'error' && complaints.push(`console: ${said.text()}`));
  };
  electron.on('window', listen);
  const page = await electron.firstWindow();
  listen(page);
  await page.waitForSelector('h1');
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    await electron.close().catch(() => undefined);
    await ended;
  };
  return { electron, page, dataFolder, inventoryFile, complaints, close };
}

/** The process id of the running engine. */
export function enginePid(electron: ElectronApplication): Promise<number | null> {
  return electron.evaluate(
    ({ app }) => app.getAppMetrics().find((it) => it.name === 'Nightdesk engine' || it.serviceName === 'Nightdesk engine')?.pid ?? null,
  );
}

/** How main says that the engine is doing. */
export async function engineStatus(page: Page): Promise<EngineStatus> {
  const reply = (await ask(page, 'engineStatus')) as { ok: true; value: EngineStatus };
  return reply.value;
}

/** A request to main, as the page makes it. */
export function ask(page: Page, name: string, input: unknown = {}): Promise<unknown> {
  return page.evaluate(
    ([of, wish]) =>
      (globalThis as unknown as { nightdesk: { invoke(name: unknown, input: unknown): Promise<unknown> } }).nightdesk.invoke(of, wish),
    [name, input] as const,
  );
}

/** A request to the engine as another window makes it: over a port that the page is given for it. */
export function askEngine(page: Page, name: string, input: unknown = {}): Promise<unknown> {
  return page.evaluate(
    ([of, wish]) => {
      const world = globalThis as unknown as Window & { nightdesk: { invoke(name: string, input: unknown): Promise<unknown> } };
      // No number that the page itself will reach.
      const call = 1_000_000 + Math.floor(Math.random() * 1_000_000);
      return new Promise((resolve) => {
        const take = (event: MessageEvent): void => {
          const port = event.ports[0];
          if (event.data !== 'engine-port' || !port) return;
          world.removeEventListener('message', take);
          port.addEventListener('message', ({ data }) => data.reply === call && resolve(data.result));
          port.start();
          port.postMessage({ call, name: of, input: wish });
        };
        world.addEventListener('message', take);
        void world.nightdesk.invoke('enginePort', {});
      });
    },
    [name, input] as const,
  );
}

/** Gives the desk's content this size, in CSS pixels. As large as the screen it comes out a pixel smaller. */
export async function resize(app: App, width: number, height: number): Promise<void> {
  const window = await app.electron.browserWindow(app.page);
  await window.evaluate((it, size) => it.setContentSize(size.width, size.height), { width, height });
  await hasSize(app.page, width, height);
}

/** Waits until a page is as large as its window was made. */
export async function hasSize(page: Page, width: number, height: number): Promise<void> {
  await page.waitForFunction(
    ([wide, high]) => {
      const { innerWidth, innerHeight } = globalThis as unknown as { innerWidth: number; innerHeight: number };
      return Math.abs(innerWidth - wide) <= 1 && Math.abs(innerHeight - high) <= 1;
    },
    [width, height] as const,
  );
}

/** Opens the wall as the rail's button does. @returns its page */
export async function openWall(app: App): Promise<Page> {
  const [wall] = await Promise.all([app.electron.waitForEvent('window'), app.page.getByRole('button', { name: 'Open the wall' }).click()]);
  await wall.waitForSelector('h1');
  return wall;
}

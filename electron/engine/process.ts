/** Entry of the engine as a utility process of the app: wires the engine to main (one channel) and to every window (one port each). */
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Announcement, OpenCounts } from '../../shared/contract.ts';
import { ensureInventory } from '../inventory/starter.ts';
import { systemClock } from './clock.ts';
import { openEngine } from './open-engine.ts';
import { servePort } from './serve-port.ts';

/** What main says to the engine. */
const fromMainSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    version: z.string(),
    dataFolder: z.string(),
    inventoryFile: z.string(),
    /** Only the desk's own inventory is begun where there is none: a path that a person named may be mistyped. */
    writeStarter: z.boolean(),
    secrets: z.record(z.string(), z.string()),
    crashed: z.string().nullable(),
    /** Where the drills lie that come with the app. */
    drillFolder: z.string(),
  }),
  z.object({ kind: z.literal('secrets'), secrets: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('window') }),
  z.object({ kind: z.literal('stop') }),
]);
export type FromMain = z.infer<typeof fromMainSchema>;
/** What the engine says to main. `alive` comes every few seconds: a frozen engine is told by its silence. */
export type ToMain =
  | { kind: 'running' }
  | { kind: 'alive' }
  | { kind: 'refused'; text: string }
  /** For notifications of the system, and sounds. */
  | { kind: 'announce'; announcements: Announcement[] }
  /** For the tray and the badge. */
  | { kind: 'counts'; counts: OpenCounts };

const main = process.parentPort;
const say = (message: ToMain): void => main.postMessage(message);
const logBug = (error: unknown): void => console.error(error);
// Electron only warns of these, and an engine that failed while it started would be "starting" for ever. Plain Node ends; so do we, and main starts anew.
process.on('unhandledRejection', (error) => {
  logBug(error);
  process.exit(1);
});
const aliveEveryMs = 5_000;

let secrets: Record<string, string> = {};
/** Ports that came before the engine was open wait here. */
let serveWindow: ((port: Electron.MessagePortMain) => void) | null = null;
const waiting: Electron.MessagePortMain[] = [];
let stop = (): void => process.exit(0);

async function start(message: Extract<FromMain, { kind: 'start' }>): Promise<void> {
  secrets = message.secrets;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // Where the starter cannot be written, reading the inventory says so in the window.
  if (message.writeStarter) await ensureInventory(message.inventoryFile, { hostname: hostname(), timezone: timeZone });
  const opened = await openEngine({
    version: message.version,
    dataFolder: message.dataFolder,
    inventoryFile: message.inventoryFile,
    drillFolder: message.drillFolder,
    historyWorker: new URL('./history-worker.js', import.meta.url),
    secret: (name) => secrets[name],
    secrets: () => Object.values(secrets),
    onAnnounce: (announcements) => say({ kind: 'announce', announcements }),
    onCounts: (counts) => say({ kind: 'counts', counts }),
  });
  if (!opened.ok) {
    say({ kind: 'refused', text: opened.failure.text });
    return;
  }
  const engine = opened.value;
  if (message.crashed !== null)
    engine.tell({ kind: 'engine-crashed', at: systemClock.now(), subject: null, actor: 'engine', payload: { exit: message.crashed } });
  await engine.start();
  stop = () => {
    engine.stop();
    process.exit(0);
  };
  serveWindow = (port) => servePort(port, engine, engine.handlers, logBug);
  for (const port of waiting.splice(0)) serveWindow(port);
  say({ kind: 'running' });
  setInterval(() => say({ kind: 'alive' }), aliveEveryMs);
}

main.on('message', (event) => {
  const message = fromMainSchema.parse(event.data);
  switch (message.kind) {
    case 'start':
      void start(message);
      break;
    case 'secrets':
      secrets = message.secrets;
      break;
    case 'window': {
      const [port] = event.ports;
      if (!port) break;
      if (serveWindow) serveWindow(port);
      else waiting.push(port);
      break;
    }
    case 'stop':
      stop();
      break;
  }
});

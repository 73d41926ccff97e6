/** Opens what an engine needs of the real world (store, history worker, pinger) and puts it together. */
import { join } from 'node:path';
import { monotonicFactory } from 'ulid';
import { ok, type Result } from '../../shared/result.ts';
import { choosePinger, type PingerChoice } from '../probes/choose-pinger.ts';
import { probes } from '../probes/index.ts';
import { createTraceRoute } from '../probes/trace.ts';
import { openHistory } from '../store/history.ts';
import { openStore, type StoreFailure, storeFileName } from '../store/store.ts';
import { systemClock } from './clock.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import { createRedactor } from './redact.ts';

export interface OpenOptions {
  version: string;
  dataFolder: string;
  inventoryFile: string;
  /** The built (or source) file of the history worker. */
  historyWorker: URL;
  secret: (name: string) => string | undefined;
  /** Every secret's value, to keep them out of what is written and shown. */
  secrets: () => Iterable<string>;
  /** Where the drills lie that can be played. */
  drillFolder?: string;
  onEvent?: EngineOptions['onEvent'];
  onAnnounce?: EngineOptions['onAnnounce'];
  onCounts?: EngineOptions['onCounts'];
}

/** Retention until the inventory has been read; nothing is deleted before that. */
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

const pingerTrouble = (choice: PingerChoice): EngineOptions['troubles'] =>
  choice.missing ? [{ code: 'pinger', text: choice.missing }] : [];

/**
 * @returns the engine, ready to start; or why the store cannot be used (a newer version wrote it, another Nightdesk has it open)
 */
export async function openEngine(options: OpenOptions): Promise<Result<Engine, StoreFailure>> {
  const opened = openStore({ folder: options.dataFolder, now: systemClock.now, retention: forever });
  if (!opened.ok) return opened;
  const { store, setAside } = opened.value;
  const pinger = await choosePinger();
  const newUlid = monotonicFactory();
  const engine = createEngine({
    version: options.version,
    clock: systemClock,
    newId: () => newUlid(systemClock.now()),
    store,
    history: openHistory({ file: join(options.dataFolder, storeFileName), workerUrl: options.historyWorker }),
    probes,
    pinger: pinger.pinger,
    traceRoute: createTraceRoute(),
    secret: options.secret,
    inventoryFile: options.inventoryFile,
    ...(options.drillFolder !== undefined && { drillFolder: options.drillFolder }),
    redact: createRedactor(options.secrets),
    onEvent: options.onEvent,
    onAnnounce: options.onAnnounce,
    onCounts: options.onCounts,
    troubles: [
      ...pingerTrouble(pinger),
      ...(setAside
        ? [
            {
              code: 'store-set-aside',
              text: `The history could not be read (${setAside.why}). It was set aside as ${setAside.file}, and a new one begun. Watching goes on; the old file can be handed to support.`,
            },
          ]
        : []),
    ],
  });
  if (setAside) engine.tell({ kind: 'store-set-aside', at: systemClock.now(), subject: null, actor: 'engine', payload: setAside });
  return ok(engine);
}

/** The whole engine under a fake clock: real inventory file, real store in a folder of its own; only what probes see is scripted. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch, Store, WriteFailure } from '../../electron/store/store.ts';
import { openStore, storeFileName } from '../../electron/store/store.ts';
import { createEngine, type Engine } from '../../electron/engine/engine.ts';
import type { probes as allProbes } from '../../electron/probes/index.ts';
import type { Pinger } from '../../electron/probes/pinger.ts';
import type { Probe } from '../../electron/probes/types.ts';
import { openHistory } from '../../electron/store/history.ts';
import type { Facts } from '../../shared/checks/types.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';
import { fail, type Result } from '../../shared/result.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What a scripted probe does. `hang` heeds no signal; `throw` is a bug of the probe; `nonsense` makes the judge throw. */
export type Answer = 'ok' | 'refused' | 'slow' | 'hang' | 'throw' | 'nonsense' | Facts;

export interface Rig {
  clock: FakeClock;
  engine: Engine;
  folder: string;
  file: string;
  store: Store;
  /** By check id; a check that is not named answers `ok`. */
  answers: Map<string, Answer>;
  /** When each check was probed, monotonic ms. */
  probed: Map<string, number[]>;
  /** Every event of this engine, oldest first. */
  events: NightEvent[];
  /** While set, nothing can be written. */
  breakDisk(failure: WriteFailure | null): void;
  tables(): LiveTables;
  /** Of one kind, as check (or title) and the seconds since the start of the clock. */
  told(...kinds: EventKind[]): NightEvent[];
  /** Writes the inventory; it is in force when the engine has read it. */
  rewrite(text: string): Promise<void>;
  stop(): void;
}

export const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

/** `web1`, `web2` … each with a check `tcp`, every 30 s, retried after 10 s, hard at the third. */
export const inventoryOf = (hosts: readonly string[], more = ''): string => `organization: { name: Test, timezone: UTC }
defaults: { interval: 30s, retryInterval: 10s, timeout: 5s, maxAttempts: 3 }
hosts:
${hosts.map((id) => `  - id: ${id}\n    address: 192.0.2.1\n    checks:\n      - { type: tcp, port: 80${more} }\n`).join('')}${hosts.length === 0 ? '  []\n' : ''}`;

const pinger: Pinger = { name: 'fping', ping: async () => ({ ok: true, rttsMs: [1] }), close() {} };
/** A far reload is noticed by the real file system; this long in real ms until it surely was. */
const patienceMs = 5_000;

/**
 * Starts an engine on an inventory.
 * @param before an engine that was stopped (or died) on the same folder; its clock goes on
 */
export async function startRig(options: { inventory?: string; before?: Rig; answers?: Map<string, Answer>; start?: boolean } = {}): Promise<Rig> {
  const { before, inventory } = options;
  const clock = before?.clock ?? createFakeClock();
  const folder = before?.folder ?? temporaryFolder('engine');
  const file = join(folder, 'inventory.yaml');
  if (inventory !== undefined) writeFileSync(file, inventory);
  const answers = options.answers ?? before?.answers ?? new Map<string, Answer>();
  const probed = new Map<string, number[]>();
  const events: NightEvent[] = [];
  const opened = openStore({ folder, now: clock.now, retention: forever });
  if (!opened.ok) throw new Error(opened.failure.text);
  const { store: real } = opened.value;
  let broken: WriteFailure | null = null;
  const refuse = <T>(work: () => Result<T, WriteFailure>): Result<T, WriteFailure> => (broken ? fail(broken) : work());
  const store: Store = { ...real, commit: (batch: Batch) => refuse(() => real.commit(batch)), maintain: () => refuse(() => real.maintain()) };

  const scripted = (idOf: (config: unknown) => string): Probe<unknown, Facts> => async (config, context) => {
    const id = idOf(config);
    probed.set(id, [...(probed.get(id) ?? []), clock.monotonic()]);
    const answer = answers.get(id) ?? 'ok';
    context.note(`asked, answer ${typeof answer === 'string' ? answer : 'given'}`);
    switch (answer) {
      case 'ok':
        return { address: '192.0.2.1', port: 80, connectMs: 3 } as Facts;
      case 'slow':
        await new Promise<void>((resolve) => void clock.after(2_000, resolve));
        return { address: '192.0.2.1', port: 80, connectMs: 2_000 } as Facts;
      case 'refused':
        return { failure: { code: 'refused', detail: 'connection refused on port 80' } };
      case 'hang':
        return new Promise<Facts>(() => {});
      case 'throw':
        throw new Error('a bug of this probe');
      case 'nonsense':
        return undefined as unknown as Facts;
      default:
        return answer;
    }
  };
  // The scripted world tells checks apart by the one thing that the test gave them: see `withMarks`.
  const idOf = (config: unknown): string => marks.get(JSON.stringify(config)) ?? JSON.stringify(config);
  const marks = new Map<string, string>();
  const probes = { tcp: scripted(idOf), host: scripted(() => 'host'), http: scripted(idOf), icmp: scripted(idOf), tls: scripted(idOf), dns: scripted(idOf) };
  let made = 0;
  // 26 characters as a ULID has, rising, also over restarts.
  const newId = (): string => `${clock.now().toString(36).toUpperCase().padStart(10, '0')}${String(made++).padStart(16, '0')}`;

  const engine = createEngine({
    version: '1.2.3',
    clock,
    newId,
    store,
    history: openHistory({ file: join(folder, storeFileName), workerUrl: new URL('../../electron/store/history-worker.ts', import.meta.url) }),
    probes: probes as unknown as typeof allProbes,
    pinger,
    secret: () => undefined,
    inventoryFile: file,
    troubles: [],
    onEvent: (event) => void events.push(event),
  });
  const tables = (): LiveTables => engine.publisher.tables;
  /** Two checks may have the same settings; the port is what tests vary. */
  const put = engine.publisher.put;
  engine.publisher.put = ((table: never, id: string, record: never) => {
    if ((table as string) === 'plans') marks.set(JSON.stringify((record as { config: unknown }).config), id);
    put(table, id, record);
  }) as typeof put;
  const rig: Rig = {
    clock,
    engine,
    folder,
    file,
    store: real,
    answers,
    probed,
    events,
    tables,
    breakDisk(failure) {
      broken = failure;
    },
    told: (...kinds) => events.filter((event) => kinds.includes(event.kind)),
    async rewrite(text) {
      const heard = events.length;
      writeFileSync(file, text);
      const until = performance.now() + patienceMs;
      while (!events.slice(heard).some((event) => event.kind === 'inventory-loaded' || event.kind === 'inventory-rejected')) {
        if (performance.now() > until) throw new Error('the engine did not read its inventory again');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    stop: () => engine.stop(),
  };
  if (options.start !== false) await engine.start();
  return rig;
}

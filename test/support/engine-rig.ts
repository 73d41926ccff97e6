/** The whole engine under a fake clock: real inventory file, real store in a folder of its own; only what probes see is scripted. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, vi } from 'vitest';
import { createEngine, type Engine } from '../../electron/engine/engine.ts';
import type { probes as allProbes } from '../../electron/probes/index.ts';
import type { Pinger } from '../../electron/probes/pinger.ts';
import type { TraceRoute } from '../../electron/probes/trace.ts';
import type { Probe } from '../../electron/probes/types.ts';
import { openHistory } from '../../electron/store/history.ts';
import type { Batch, Store, WriteFailure } from '../../electron/store/store.ts';
import { openStore, storeFileName } from '../../electron/store/store.ts';
import { answer, type Reply } from '../../shared/bind.ts';
import { summarize } from '../../shared/checks/icmp.ts';
import type { Facts } from '../../shared/checks/types.ts';
import { type Announcement, type EngineContract, engineContract, type OpenCounts } from '../../shared/contract.ts';
import { standingOf } from '../../shared/health/step.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';
import type { Standing } from '../../shared/model/words.ts';
import { fail, type Result } from '../../shared/result.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { UptimeLine, UptimeReport } from '../../shared/uptime/report.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.ts';

/** What a scripted probe does. `hang` heeds no signal; `throw` is a bug of the probe; `nonsense` makes the judge throw. */
export type Answer = 'ok' | 'refused' | 'slow' | 'hang' | 'throw' | 'nonsense' | Facts;

export interface Rig {
  clock: FakeClock;
  engine: Engine;
  folder: string;
  file: string;
  store: Store;
  /** By host id, or by `host:port`, which counts before it; what is not named answers `ok`. */
  answers: Map<string, Answer>;
  /** When each host was probed, monotonic ms. */
  probed: Map<string, number[]>;
  /** Every event of this engine, oldest first. */
  events: NightEvent[];
  /** What this engine called out, and the last counts for the tray. */
  announced: Announcement[];
  counts: OpenCounts[];
  /** While set, nothing can be written. */
  breakDisk(failure: WriteFailure | null): void;
  /** While set, rolling up and deleting fail; all else is written. */
  breakMaintenance(failure: WriteFailure | null): void;
  tables(): LiveTables;
  /** Events of some kinds. */
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
${hosts.map((id) => `  - id: ${id}\n    address: ${id}.test\n    checks:\n      - { type: tcp, port: 80${more} }\n`).join('')}`;

const connected = { address: '192.0.2.1', port: 80, connectMs: 3 } as Facts;
const refused: Facts = { failure: { code: 'refused', detail: 'connection refused on port 80' } };
const pinger: Pinger = { name: 'fping', ping: async () => ({ ok: true, rttsMs: [1] }), close() {} };
/** The real file system tells of a changed inventory; it has this many real ms. */
const patienceMs = 5_000;

/**
 * Starts an engine on an inventory.
 * @param options.before an engine that was stopped (or died) on the same folder; its clock goes on
 * @param options.at when the clock begins, epoch ms @param options.probes further probes, by type
 */
export async function startRig(
  options: {
    inventory?: string;
    before?: Rig;
    answers?: Map<string, Answer>;
    start?: boolean;
    at?: number;
    traceRoute?: TraceRoute;
    probes?: object;
  } = {},
): Promise<Rig> {
  const { before, inventory } = options;
  const clock = before?.clock ?? createFakeClock(options.at);
  const folder = before?.folder ?? temporaryFolder('engine');
  const file = join(folder, 'inventory.yaml');
  if (inventory !== undefined) writeFileSync(file, inventory);
  const answers = options.answers ?? before?.answers ?? new Map<string, Answer>();
  const probed = new Map<string, number[]>();
  const events: NightEvent[] = [];
  const announced: Announcement[] = [];
  const counts: OpenCounts[] = [];
  const opened = openStore({ folder, now: clock.now, retention: forever });
  if (!opened.ok) throw new Error(opened.failure.text);
  const { store: real } = opened.value;
  let broken: WriteFailure | null = null;
  let brokenMaintenance: WriteFailure | null = null;
  const unless = <T>(failure: WriteFailure | null, work: () => Result<T, WriteFailure>): Result<T, WriteFailure> =>
    failure ? fail(failure) : work();
  const store: Store = {
    ...real,
    commit: (batch: Batch) => unless(broken, () => real.commit(batch)),
    maintain: () => unless(broken ?? brokenMaintenance, real.maintain),
  };

  const scripted =
    (idOf: (config: unknown) => string, good: Facts = connected, bad: Facts = refused): Probe<unknown, Facts> =>
    async (config, context) => {
      const id = idOf(config);
      const times = probed.get(id);
      if (times) times.push(clock.monotonic());
      else probed.set(id, [clock.monotonic()]);
      const place = `${id}:${(config as { port?: number }).port}`;
      const answer = answers.get(answers.has(place) ? place : id) ?? 'ok';
      context.note(`asked, answer ${typeof answer === 'string' ? answer : 'given'}`);
      switch (answer) {
        case 'ok':
          return good;
        case 'slow':
          await new Promise<void>((resolve) => void clock.after(2_000, resolve));
          return { address: '192.0.2.1', port: 80, connectMs: 2_000 } as Facts;
        case 'refused':
          return bad;
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
  const idOf = (config: unknown): string => (config as { address: string }).address.replace('.test', '');
  const echo = (reply: number | null): Facts => ({ address: '192.0.2.1', ...summarize(Array.from({ length: 5 }, () => reply)) }) as Facts;
  const probes = { tcp: scripted(idOf), host: scripted(() => 'host'), icmp: scripted(idOf, echo(1), echo(null)), ...options.probes };
  let made = 0;
  // 26 characters as a ULID has, rising, also over restarts.
  const newId = (): string => `${clock.now().toString(36).toUpperCase().padStart(10, '0')}${String(made++).padStart(16, '0')}`;

  const engine = createEngine({
    version: '1.2.3',
    clock,
    newId,
    store,
    history: openHistory({
      file: join(folder, storeFileName),
      workerUrl: new URL('../../electron/store/history-worker.ts', import.meta.url),
    }),
    probes: probes as unknown as typeof allProbes,
    pinger,
    ...(options.traceRoute && { traceRoute: options.traceRoute }),
    secret: () => undefined,
    inventoryFile: file,
    troubles: [],
    onEvent: (event) => void events.push(event),
    onAnnounce: (all) => void announced.push(...all),
    onCounts: (now) => void counts.push(now),
  });
  const tables = (): LiveTables => engine.publisher.tables;
  const rig: Rig = {
    clock,
    engine,
    folder,
    file,
    store: real,
    answers,
    probed,
    events,
    announced,
    counts,
    tables,
    breakDisk(failure) {
      broken = failure;
    },
    breakMaintenance(failure) {
      brokenMaintenance = failure;
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

type Requests = EngineContract['requests'];
/** What a request answers when it is asked as a window asks. */
type Answered<K extends keyof Requests> = Awaited<ReturnType<Engine['handlers'][K]>>;

/** Asks as a window does: the input is parsed. A bug throws. */
export const ask = <K extends keyof Requests>(rig: Rig, name: K, input: unknown): Promise<Answered<K>> =>
  answer(engineContract, rig.engine.handlers, name, input, (error) => {
    throw error;
  }) as Promise<Answered<K>>;

/** Asks what must be done, and gives what was answered. */
export async function must<K extends keyof Requests>(
  rig: Rig,
  name: K,
  input: unknown,
): Promise<Extract<Answered<K>, { ok: true }>['value']> {
  const reply = (await ask(rig, name, input)) as Reply<Extract<Answered<K>, { ok: true }>['value']>;
  if (!reply.ok) throw new Error(`${name}: ${reply.failure.text}`);
  return reply.value;
}

export const openAlerts = (rig: Rig): Alert[] => Object.values(rig.tables().alerts).filter((alert) => alert.endedAt === null);

/** How a check is shown; `web1` stands for `web1/tcp`. */
export function standing(rig: Rig, check: string): Standing | undefined {
  const it = rig.tables().checks[check.includes('/') ? check : `${check}/tcp`];
  return it && standingOf(it.state, it.cover);
}

/** Lets seconds pass until something is so. @returns ms that it took */
export async function untilSo(rig: Rig, isSo: () => boolean, mostMs = 10 * MINUTE): Promise<number> {
  const from = rig.clock.monotonic();
  while (!isSo()) {
    if (rig.clock.monotonic() - from > mostMs) throw new Error('it did not come to pass');
    await rig.clock.advance(SECOND);
  }
  return rig.clock.monotonic() - from;
}

/** Uptime lines by id between two moments (epoch ms), as the uptime view gets them. */
export async function uptime(rig: Rig, from: number, to = rig.clock.now()): Promise<Record<string, UptimeLine>> {
  const { report }: { report: UptimeReport } = await must(rig, 'uptime', { from, to, subjects: null, zone: 'UTC' });
  return Object.fromEntries(report.lines.map((line) => [line.id, line]));
}

/** Starts engines that end with their test, whatever comes of it. */
export function rigsOfThisFile(): typeof startRig {
  const rigs: Rig[] = [];
  // Hours of an engine take a second or two, and longer where other tests run beside.
  vi.setConfig({ testTimeout: 60_000 });
  afterEach(() => {
    for (const rig of rigs.splice(0)) rig.stop();
  });
  afterAll(removeTemporaryFolders);
  return async (options) => {
    const rig = await startRig(options);
    rigs.push(rig);
    return rig;
  };
}

/** What every inventory of these tests begins with: every 30 s, retried after 10 s, hard at the third. */
export const inventoryHead = `organization: { name: Test, timezone: UTC }
defaults: { interval: 30s, retryInterval: 10s, timeout: 5s, maxAttempts: 3 }
`;
/** A host of an inventory with a check `tcp`, as one line. */
export const hostLine = (id: string, more = ''): string =>
  `  - { id: ${id}, address: ${id}.test, checks: [{ type: tcp, port: 80 }]${more} }\n`;

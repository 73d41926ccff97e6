/**
 * Keeps the engine process alive: starts it, restarts it with back-off when it dies or falls silent, and gives every window a port
 * of its own to it.
 */
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { Announcement, EngineStatus, OpenCounts } from '../../shared/contract.ts';
import type { FromMain, ToMain } from '../engine/process.ts';

export interface EngineHost {
  readonly status: EngineStatus;
  start(): void;
  /** Ends the engine on purpose and starts it anew: another inventory, or at a person's wish. */
  restart(): void;
  /** Ends it for good; resolves when it has written what it had. */
  stop(): Promise<void>;
  /** A port to the engine for one window; null while there is no engine (the window asks again at the next `running`). */
  port(): MessagePortMain | null;
  sendSecrets(): void;
}

const backOffMs = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** An engine that lived this long starts again at the short end. */
const stableMs = 60_000;
/** Silent for so long means frozen. Sleep stops both sides, so this only counts while main itself is awake. */
const silentMs = 30_000;
const stopWithinMs = 5_000;
/** V8 lets garbage pile up where there is room; an engine that stays for a year should stay small. As for the headless one (package.json). */
const smallHeap = ['--max-semi-space-size=4', '--optimize-for-size'];

export function createEngineHost(options: {
  /** The built engine file. */
  file: string;
  startMessage: () => Omit<Extract<FromMain, { kind: 'start' }>, 'kind' | 'crashed'>;
  secrets: () => Record<string, string>;
  onStatus: (status: EngineStatus) => void;
  onAnnounce: (announcements: Announcement[]) => void;
  /** null: nothing is watched until the next count. */
  onCounts: (counts: OpenCounts | null) => void;
}): EngineHost {
  let child: UtilityProcess | null = null;
  let status: EngineStatus = { state: 'starting' };
  let restarts = 0;
  let startedAt = 0;
  let heardAt = 0;
  let crashed: string | null = null;
  let retry: NodeJS.Timeout | null = null;
  /** Set while an end is wanted, with what comes after it. */
  let onWantedExit: (() => void) | null = null;
  let ended = false;

  const set = (next: EngineStatus): void => {
    status = next;
    if (next.state !== 'running') options.onCounts(null);
    options.onStatus(next);
  };
  const say = (message: FromMain, ports: MessagePortMain[] = []): void => child?.postMessage(message, ports);

  const start = (): void => {
    retry = null;
    startedAt = performance.now();
    heardAt = startedAt;
    set({ state: 'starting' });
    // A dead resolver must not block every look-up behind four threads.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '16' };
    const started = utilityProcess.fork(options.file, [], { serviceName: 'Nightdesk engine', stdio: 'inherit', env, execArgv: smallHeap });
    child = started;
    started.on('message', (message: ToMain) => {
      heardAt = performance.now();
      switch (message.kind) {
        case 'running':
          set({ state: 'running', since: Date.now() });
          break;
        case 'refused':
          set({ state: 'refused', text: message.text });
          break;
        case 'announce':
          options.onAnnounce(message.announcements);
          break;
        case 'counts':
          options.onCounts(message.counts);
          break;
        case 'alive':
          break;
      }
    });
    started.on('exit', (code) => {
      if (child !== started) return;
      child = null;
      if (onWantedExit) {
        const then = onWantedExit;
        onWantedExit = null;
        then();
        return;
      }
      if (performance.now() - startedAt > stableMs) restarts = 0;
      const waitMs = backOffMs[Math.min(restarts, backOffMs.length - 1)] as number;
      restarts += 1;
      crashed = `exit code ${code}`;
      set({ state: 'stopped', at: Date.now(), exit: crashed, retryAt: Date.now() + waitMs, restarts });
      retry = setTimeout(start, waitMs);
    });
    say({ kind: 'start', ...options.startMessage(), crashed });
    crashed = null;
  };

  let lookedAt = performance.now();
  const watchdog = setInterval(() => {
    const now = performance.now();
    // Main itself was held up (sleep, a stopped process): give the engine its time anew.
    if (now - lookedAt > 10_000) heardAt = now;
    lookedAt = now;
    if (child && status.state === 'running' && now - heardAt > silentMs) child.kill();
  }, 2_000);

  const end = (then: () => void): void => {
    if (retry) clearTimeout(retry);
    retry = null;
    if (!child) {
      then();
      return;
    }
    const dying = child;
    const timer = setTimeout(() => dying.kill(), stopWithinMs);
    onWantedExit = () => {
      clearTimeout(timer);
      then();
    };
    say({ kind: 'stop' });
  };

  return {
    get status() {
      return status;
    },
    start,
    restart() {
      if (ended) return;
      restarts = 0;
      end(start);
    },
    stop() {
      ended = true;
      clearInterval(watchdog);
      return new Promise((resolve) => end(resolve));
    },
    port() {
      if (!child) return null;
      const { port1, port2 } = new MessageChannelMain();
      say({ kind: 'window' }, [port1]);
      return port2;
    },
    sendSecrets: () => say({ kind: 'secrets', secrets: options.secrets() }),
  };
}

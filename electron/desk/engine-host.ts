/** Keeps the engine process alive: starts it, and restarts it with back-off when it dies or falls silent. */
import type { MessagePortMain } from 'electron';
import type { Announcement, EngineStatus, OpenCounts } from '../../shared/contract.ts';
import type { FromMain, ToMain } from '../engine/process.ts';
import { forkWatched, type WatchedProcess } from './watched-process.ts';

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
  let child: WatchedProcess<FromMain> | null = null;
  let status: EngineStatus = { state: 'starting' };
  let restarts = 0;
  let startedAt = 0;
  let crashed: string | null = null;
  let retry: NodeJS.Timeout | null = null;
  let ended = false;
  /** Counts restarts that people wanted: the last one counts. */
  let wanted = 0;

  const set = (next: EngineStatus): void => {
    status = next;
    if (next.state !== 'running') options.onCounts(null);
    options.onStatus(next);
  };

  const start = (): void => {
    retry = null;
    startedAt = performance.now();
    set({ state: 'starting' });
    child = forkWatched<FromMain, ToMain>({
      file: options.file,
      name: 'Nightdesk engine',
      execArgv: smallHeap,
      // A dead resolver must not block every look-up behind four threads.
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      isSilenceBad: () => status.state === 'running',
      onMessage: hear,
      onExit: lose,
    });
    child.say({ kind: 'start', ...options.startMessage(), crashed });
    crashed = null;
  };
  const hear = (message: ToMain): void => {
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
  };
  const lose = (code: number): void => {
    child = null;
    if (performance.now() - startedAt > stableMs) restarts = 0;
    const waitMs = backOffMs[Math.min(restarts, backOffMs.length - 1)] as number;
    restarts += 1;
    crashed = `exit code ${code}`;
    set({ state: 'stopped', at: Date.now(), exit: crashed, retryAt: Date.now() + waitMs, restarts });
    retry = setTimeout(start, waitMs);
  };
  const end = async (): Promise<void> => {
    if (retry) clearTimeout(retry);
    retry = null;
    const dying = child;
    await dying?.end();
    if (child === dying) child = null;
  };

  return {
    get status() {
      return status;
    },
    start,
    restart() {
      if (ended) return;
      restarts = 0;
      wanted += 1;
      const mine = wanted;
      void end().then(() => {
        if (mine === wanted && !ended) start();
      });
    },
    stop() {
      ended = true;
      return end();
    },
    port: () => child?.port() ?? null,
    sendSecrets: () => child?.say({ kind: 'secrets', secrets: options.secrets() }),
  };
}

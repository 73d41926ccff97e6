/** The drill that is played, if any: its process, and its window's line to it. One at a time; one that dies is not started again. */
import type { MessagePortMain } from 'electron';
import type { EngineStatus } from '../../shared/contract.ts';
import type { FromDrill, ToDrill } from '../drill/process.ts';
import { endScratch } from '../drill/scratch.ts';
import { forkWatched, type WatchedProcess } from './watched-process.ts';

/** What is played, and how. */
export type DrillToPlay = Pick<Extract<ToDrill, { kind: 'start' }>, 'file' | 'acts' | 'speed'>;

export interface DrillHost {
  readonly status: EngineStatus;
  /** What it is called, once it has been read; null before. */
  readonly name: string | null;
  /** Ends the one that plays, and plays this one from its beginning. */
  play(drill: DrillToPlay): void;
  /** The same again. @returns false where there was none yet */
  restart(): boolean;
  /** Ends it for good; resolves when it is gone, and all that it wrote. */
  stop(): Promise<void>;
  /** Null while it is not running: the window asks again at the next `running`. */
  port(): MessagePortMain | null;
}

export function createDrillHost(options: {
  /** The built file of its process. */
  file: string;
  /** Where its store lies; nothing else does. */
  folder: string;
  onStatus: (status: EngineStatus) => void;
}): DrillHost {
  let child: WatchedProcess<ToDrill> | null = null;
  let status: EngineStatus = { state: 'starting' };
  let name: string | null = null;
  let last: DrillToPlay | null = null;
  /** Counts what was asked for: an end that takes its time must not start what nobody wants any more. */
  let wanted = 0;

  const set = (next: EngineStatus): void => {
    status = next;
    options.onStatus(next);
  };
  const end = async (): Promise<void> => {
    const dying = child;
    await dying?.end();
    if (child === dying) child = null;
  };
  const start = (drill: DrillToPlay): void => {
    child = forkWatched<ToDrill, FromDrill>({
      file: options.file,
      name: 'Nightdesk drill',
      isSilenceBad: () => status.state === 'running',
      onMessage: hear,
      onExit(code) {
        child = null;
        const at = Date.now();
        set({ state: 'stopped', at, exit: `exit code ${code}`, retryAt: at, restarts: 0 });
      },
    });
    child.say({ kind: 'start', ...drill, folder: options.folder });
  };
  const hear = (message: FromDrill): void => {
    switch (message.kind) {
      case 'running':
        name = message.name;
        set({ state: 'running', since: Date.now() });
        break;
      case 'refused':
        set({ state: 'refused', text: message.text });
        break;
      case 'alive':
        break;
    }
  };
  const play = (drill: DrillToPlay): void => {
    wanted += 1;
    const mine = wanted;
    last = drill;
    name = null;
    set({ state: 'starting' });
    void end().then(() => {
      if (mine === wanted) start(drill);
    });
  };

  return {
    get status() {
      return status;
    },
    get name() {
      return name;
    },
    play,
    restart() {
      if (last) play(last);
      return last !== null;
    },
    async stop() {
      wanted += 1;
      const mine = wanted;
      await end();
      // Somebody plays another one by now.
      if (mine !== wanted) return;
      last = null;
      // One that had to be ended by force left it behind.
      endScratch(options.folder);
    },
    port: () => (status.state === 'running' ? (child?.port() ?? null) : null),
  };
}

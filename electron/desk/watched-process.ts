/** A utility process that main looks after: gives every window a port of its own to it, and ends it when it is frozen. */
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';

export interface WatchedProcess<M> {
  say(message: M): void;
  /** A port to it for one window. */
  port(): MessagePortMain;
  /** Asks it to end, and ends it when it does not; resolves when it is gone. */
  end(): Promise<void>;
}

/** Silent for so long means frozen. Sleep stops both sides, so this only counts while main itself is awake. */
const silentMs = 30_000;
const lookEveryMs = 2_000;
const stopWithinMs = 5_000;

/**
 * @param options.file the built file
 * @param options.isSilenceBad whether it should be saying "alive" every few seconds by now
 * @param options.onExit it ended though nobody asked it to
 */
export function forkWatched<M extends { kind: string }, R>(options: {
  file: string;
  name: string;
  execArgv?: string[];
  env?: NodeJS.ProcessEnv;
  isSilenceBad: () => boolean;
  onMessage: (message: R) => void;
  onExit: (code: number) => void;
}): WatchedProcess<M | { kind: 'window' } | { kind: 'stop' }> {
  const { file, name, execArgv = [], env = process.env } = options;
  const child: UtilityProcess = utilityProcess.fork(file, [], { serviceName: name, stdio: 'inherit', env, execArgv });
  let heardAt = performance.now();
  let lookedAt = heardAt;
  /** Set while an end is wanted. */
  let isEnding = false;
  let isGone = false;
  const look = setInterval(() => {
    const now = performance.now();
    // Main itself was held up (sleep, a stopped process): the child gets its time anew.
    if (now - lookedAt > 10_000) heardAt = now;
    lookedAt = now;
    if (options.isSilenceBad() && now - heardAt > silentMs) child.kill();
  }, lookEveryMs);
  const gone = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      isGone = true;
      clearInterval(look);
      resolve();
      if (!isEnding) options.onExit(code);
    });
  });
  child.on('message', (message: R) => {
    heardAt = performance.now();
    if (!isEnding) options.onMessage(message);
  });
  return {
    say: (message) => child.postMessage(message),
    port() {
      const { port1, port2 } = new MessageChannelMain();
      child.postMessage({ kind: 'window' }, [port1]);
      return port2;
    },
    async end() {
      isEnding = true;
      if (isGone) return;
      const timer = setTimeout(() => child.kill(), stopWithinMs);
      child.postMessage({ kind: 'stop' });
      await gone;
      clearTimeout(timer);
    },
  };
}

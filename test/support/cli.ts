/** The headless engine as operators meet it: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../electron/setup/paths.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';

const cli = join(projectRoot, 'out', 'main', 'cli.js');

export interface Said {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}
export interface Running {
  child: ChildProcess;
  /** Events so far. Throws when a line is none. */
  events(): NightEvent[];
  stderr(): string;
  /** Waits for an event of a kind, of which `n` came (1 = the first). */
  event(kind: EventKind, n?: number): Promise<NightEvent>;
  ended: Promise<Said>;
}

const running = new Set<ChildProcess>();
/** For afterAll: ends what a failed test left behind. */
export function endCommands(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts `nightdesk …`. */
export function startCommand(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; program?: readonly string[]; cwd?: string } = {},
): Running {
  const [program = process.execPath, ...before] = options.program ?? [process.execPath, cli];
  const child = spawn(program, [...before, ...args], {
    cwd: options.cwd ?? projectRoot,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  const events = (): NightEvent[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as NightEvent);
  return {
    child,
    events,
    stderr: () => stderr,
    ended,
    async event(kind, n = 1) {
      for (const end = performance.now() + 20_000; ; ) {
        const found = events().filter((event) => event.kind === kind)[n - 1];
        if (found) return found;
        if (performance.now() > end || child.exitCode !== null) throw new Error(`no event "${kind}" came; said: ${stdout}${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** Runs `nightdesk …` to its end. */
export const command = (args: readonly string[], options: Parameters<typeof startCommand>[1] = {}): Promise<Said> =>
  startCommand(args, options).ended;

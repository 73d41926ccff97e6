/** How mail-stack.ts starts servers so that nothing of them is left, and gives them a disk that can be full. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * A process namespace that ends with the process that made it. Its first process is a shell: a server changes its user now and then, and so
 * loses the signal by which it would end with its parent.
 */
export const alone = ['--pid', '--fork', '--kill-child=KILL', 'sh', '-c', '"$@" & wait', 'sh'];
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Running {
  pid: number;
  ended(): string | null;
  stop(): Promise<void>;
}

/**
 * Starts a server in a process namespace of its own: all that it started goes with it, leaving not even zombies, and it goes with the test,
 * however that ends.
 */
export async function start([command, args]: [string, string[]]): Promise<Running> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4_000);
    });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const over = (): boolean => child.exitCode !== null || child.signalCode !== null;
  let pid: number | undefined;
  while (pid === undefined && !over()) {
    [pid] = childrenOf(childrenOf(child.pid ?? 0)[0] ?? 0);
    if (pid === undefined) await wait(5);
  }
  return {
    pid: pid ?? 0,
    ended: () => (over() ? said : null),
    async stop() {
      if (over()) return;
      // Asked in kind, they take a second each. Both are made to be killed at any moment.
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await gone;
    },
  };
}

export const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};
export const nameOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
};
/** Waits until a server says its first words. */
export async function greets(server: Running, port: number, host: string, log: () => string): Promise<void> {
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, host);
      const settle = (said: boolean): void => {
        socket.destroy();
        resolve(said);
      };
      socket
        .once('data', () => settle(true))
        .once('error', () => settle(false))
        .once('close', () => settle(false))
        .setTimeout(1_000, () => settle(false));
    });
  for (let tries = 0; !(await answers()); tries += 1) {
    const ended = server.ended();
    if (ended !== null || tries > 200) throw new Error(`the server on port ${port} does not start: ${ended ?? ''}${log()}`);
    await wait(25);
  }
}

/** A mount namespace in which `mail` and `queue` lie on a tmpfs of a few KB. It lives as long as its process, and the process as long as the test. */
export function makeDisk(folder: string, { mailKb, queueKb }: { mailKb?: number; queueKb?: number }): { pid: number; stop(): void } {
  const mount = (name: string, kb: number | undefined): string =>
    kb === undefined ? '' : `mount -t tmpfs -o size=${kb}k,mode=755 tmpfs '${folder}/${name}' && `;
  const script = `${mount('mail', mailKb)}${mount('queue', queueKb)}touch '${folder}/mounted' && exec sleep infinity`;
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '-m', '--propagation', 'private', 'sh', '-c', script], {
    stdio: 'ignore',
  });
  for (let tries = 0; !existsSync(join(folder, 'mounted')); tries += 1) {
    if (tries > 200) throw new Error('no small disk could be made');
    execFileSync('sleep', ['0.01']);
  }
  return { pid: child.pid ?? 0, stop: () => void child.kill('SIGKILL') };
}

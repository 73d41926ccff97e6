import { spawn } from 'node:child_process';
import { SetupProblem } from '../../electron/setup/fail.ts';

export interface Screen {
  /** For the environment: ":7". */
  display: string;
  /** Ends the server, by its process id, and waits until it has gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;

/** Starts an X server of our own without a monitor, 3840x2160, on a display number that the server finds free itself. */
export function startScreen(): Promise<Screen> {
  return new Promise((resolve, reject) => {
    // -displayfd 3: the server writes its display's number there once it takes connections.
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '3840x2160x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4_000)));
    const ended = new Promise<void>((done) => server.once('close', () => done()));
    const fail = (why: string): void => {
      clearTimeout(timer);
      server.kill('SIGKILL');
      reject(new SetupProblem(`The screen for the tests (Xvfb) did not start: ${why}. ${errors.trim()}`));
    };
    const timer = setTimeout(fail, START_TIMEOUT_MS, `no answer within ${START_TIMEOUT_MS / 1_000} s`);
    server.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'unknown'));
    server.once('exit', (code) => fail(`it ended with code ${code}`));
    let number = '';
    server.stdio[3]?.on('data', (bytes: Buffer) => {
      number += bytes.toString('latin1');
      if (!number.includes('\n')) return;
      clearTimeout(timer);
      server.removeAllListeners('exit');
      resolve({
        display: `:${number.trim()}`,
        stop: async () => {
          server.kill('SIGTERM');
          await ended;
        },
      });
    });
  });
}

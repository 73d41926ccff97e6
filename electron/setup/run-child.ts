/** Child processes of the set-up and of the test command. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface Ended {
  /** Exit code; 128 + number for an end by signal, 127 when the program was not found (both as in a shell). */
  code: number;
  /** Set when a signal ended it. */
  signal: NodeJS.Signals | null;
  durationMs: number;
}

/** Runs a program to its end, with our SIGINT, SIGTERM and SIGHUP passed on to it meanwhile. Never rejects. */
export function runChild(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    const end = (code: number, signal: NodeJS.Signals | null): void => {
      for (const name of signals) process.off(name, pass);
      resolve({ code, signal, durationMs: performance.now() - start });
    };
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ENOENT' ? 127 : 126, null));
    child.once('close', (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal));
  });
}

export interface Output extends Ended {
  stdout: string;
  stderr: string;
}

/** Runs a program to its end and keeps what it wrote. Never rejects. */
export async function readChild(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Output> {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const end = (code: number, signal: NodeJS.Signals | null): void =>
      resolve({ code, signal, durationMs: performance.now() - start, stdout, stderr });
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ENOENT' ? 127 : 126, null));
    child.once('close', (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal));
  });
}

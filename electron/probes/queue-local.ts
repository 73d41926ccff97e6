/** The list of the mail queue of this computer. */
import { spawn } from 'node:child_process';
import type { QueueConfig, QueueFacts } from '../../shared/checks/queue-facts.ts';
import { broken, endedWith, type Look, late, linesInto, mostBytes, tooLong } from './queue-look.ts';
import type { Tally } from './queue-tally.ts';
import type { ProbeContext } from './types.ts';

const mostSaid = 1_000;

/** The list is read as it comes; whoever prints it is ended at the signal. */
export function onThisComputer(config: QueueConfig, tally: Tally, ctx: ProbeContext): Promise<Look> {
  return new Promise((resolve) => {
    const args = [...(config.configDir === undefined ? [] : ['-c', config.configDir]), '-j'];
    // A desktop's PATH may lack the place of a server's programs.
    const path = [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(':');
    const child = spawn('postqueue', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: path, LC_ALL: 'C' } });
    let [said, bytes, over] = ['', 0, false];
    const lines = linesInto(tally, () => {});
    const settle = (facts: QueueFacts): void => {
      if (over) return;
      over = true;
      ctx.signal.removeEventListener('abort', tooLate);
      child.kill('SIGKILL');
      // It may hang on a dead disk: it holds up nothing here.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve({ facts, offset: 0 });
    };
    const tooLate = (): void => settle(late);
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ENOENT' ? endedWith(127) : broken('internal', 'postqueue could not be started')),
    );
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > mostBytes) settle(tooLong);
      else if (!over) lines.hear(piece);
    });
    child.stderr.on('data', (piece: Buffer) => {
      if (said.length < mostSaid) said += piece.toString('utf8', 0, mostSaid);
    });
    child.on('close', (code) => {
      lines.end();
      settle(code === 0 ? {} : endedWith(code ?? 137, said));
    });
    if (ctx.signal.aborted) return tooLate();
    ctx.signal.addEventListener('abort', tooLate, { once: true });
  });
}

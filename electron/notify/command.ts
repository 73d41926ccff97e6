/** A program of this computer: no shell, few variables, and nothing of it is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Message } from '../../shared/model/notify.ts';
import { fail, ok } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';
import type { Sender, SendResult } from './types.ts';

const mostOutput = 2_000;
/** What a program needs to run. Secrets of the desk may be among the others. */
const passedOn = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot', 'PATHEXT', 'USERPROFILE', 'TEMP'];

export const sendCommand: Sender<'command'> = (channel, message, context) =>
  new Promise<SendResult>((resolve) => {
    const [program = '', ...args] = channel.argv;
    const child = spawn(program, args, {
      shell: false,
      // A group of its own, so that all it started can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
      cwd: tmpdir(),
      env: environmentOf(message, context.people),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (chunk: Buffer): void => {
      if (output.length < mostOutput) output += chunk.toString('utf8').slice(0, mostOutput - output.length);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // It need not read what it is told.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(message));

    const settle = (result: SendResult): void => {
      clearTimeout(timer);
      context.signal.removeEventListener('abort', stopped);
      // What it left running holds the pipes open; nobody listens any more.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const late = (): void => {
      endGroup(child);
      settle(
        fail({
          code: 'timeout',
          text: `the command did not end within ${humanDuration(channel.timeout)} and was stopped`,
          permanent: false,
        }),
      );
    };
    const stopped = (): void => {
      endGroup(child);
      settle(fail({ code: 'stopped', text: 'Nightdesk was closing', permanent: false }));
    };
    const timer = setTimeout(late, channel.timeout);
    if (context.signal.aborted) stopped();
    context.signal.addEventListener('abort', stopped, { once: true });
    child.on('error', (error) => settle(fail(startFailure((error as NodeJS.ErrnoException).code))));
    child.on('exit', (code, signal) => {
      // Its last words may still be in the pipe.
      setImmediate(() => {
        const said = clean(output, 200);
        if (code === 0) return settle(ok({ reply: `exit code 0${said === '' ? '' : `: ${said}`}` }));
        const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
        settle(
          fail({
            code: code === null ? 'killed' : `exit-${code}`,
            text: `the command ${how}${said === '' ? '' : `: ${said}`}`,
            permanent: false,
          }),
        );
      });
    });
  });

function startFailure(code: string | undefined): { code: string; text: string; permanent: boolean } {
  if (code === 'ENOENT') return { code: 'not-found', text: 'there is no such program', permanent: true };
  if (code === 'EACCES' || code === 'EPERM') return { code: 'permission', text: 'the program may not be run', permanent: true };
  return { code: 'not-started', text: `the program could not be started (${clean(code ?? 'unknown', 40)})`, permanent: false };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

function environmentOf(message: Message, people: readonly string[]): NodeJS.ProcessEnv {
  const kept = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...Object.fromEntries(kept),
    NIGHTDESK_KIND: message.kind,
    NIGHTDESK_SEVERITY: message.severity,
    NIGHTDESK_TITLE: message.title,
    NIGHTDESK_TEXT: message.text,
    NIGHTDESK_WHEN: message.when,
    NIGHTDESK_AT: String(message.at),
    NIGHTDESK_KEY: message.key,
    NIGHTDESK_ORGANIZATION: message.organization,
    NIGHTDESK_PEOPLE: people.join(', '),
  };
}

/** Follows the way to an address with whatever program there is: mtr, traceroute, or Windows' tracert. */
import { type ChildProcess, spawn } from 'node:child_process';
import { isIP } from 'node:net';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import type { Hop } from '../../shared/trace.ts';
import { readMtr, readTraceroute } from '../../shared/trace-output.ts';

/** The hops towards an address as far as the program came; `cut` when it was ended before it was done. Never rejects. */
export type TraceRoute = (address: string, signal: AbortSignal) => Promise<Result<{ hops: Hop[]; cut: boolean }, Failure>>;

/** Longer than this no trace takes. */
const mostMs = 20_000;
/** More than this no trace says. */
const mostBytes = 262_144;

export interface Tool {
  command: string;
  args: readonly string[];
  /** Null where this is nothing that it says. */
  read(text: string): Hop[] | null;
}

const someHops = (text: string): Hop[] | null => {
  const hops = readTraceroute(text);
  return hops.length > 0 ? hops : null;
};
export const tools: Record<'mtr' | 'traceroute' | 'tracert', Tool> = {
  // Five rounds tell a router that answers seldom from one that is not there; one second is waited for the last of them.
  mtr: { command: 'mtr', args: ['--json', '-n', '-c', '5', '-m', '20', '-G', '1'], read: readMtr },
  traceroute: { command: 'traceroute', args: ['-n', '-q', '1', '-w', '2', '-m', '20'], read: someHops },
  tracert: { command: 'tracert', args: ['-d', '-w', '500', '-h', '20'], read: someHops },
};
const toolsOf = (platform: NodeJS.Platform): Tool[] => (platform === 'win32' ? [tools.tracert] : [tools.mtr, tools.traceroute]);

/** @param options.tools tried in this order @param options.timeoutMs other ones only in tests */
export function createTraceRoute(options: { tools?: readonly Tool[]; timeoutMs?: number } = {}): TraceRoute {
  const { tools: mine = toolsOf(process.platform), timeoutMs = mostMs } = options;
  return async (address, signal) => {
    // A name or an option never reaches a program; an address with a zone (fe80::1%eth0) is of this network, where there is no way to follow.
    if (isIP(address) === 0 || address.includes('%')) return fail({ code: 'internal', detail: 'only IP addresses can be traced' });
    let failure: Failure = {
      code: 'tool-missing',
      detail: `no program to trace with: install ${mine.map((it) => it.command).join(' or ')}`,
    };
    for (const tool of mine) {
      if (signal.aborted) break;
      const ran = await run(tool.command, [...tool.args, address], timeoutMs, signal);
      if (!ran.ok && ran.failure.code === 'tool-missing') continue;
      const hops = ran.ok ? tool.read(ran.value.text) : null;
      if (ran.ok && hops) return ok({ hops, cut: ran.value.cut });
      failure = ran.ok ? saysNothing(tool.command, ran.value) : ran.failure;
    }
    return signal.aborted ? fail({ code: 'internal', detail: 'Nightdesk was closing' }) : fail(failure);
  };
}

interface Ran {
  text: string;
  /** What it complained about. */
  complaint: string;
  cut: boolean;
}

function saysNothing(command: string, { complaint, cut }: Ran): Failure {
  if (cut) return { code: 'timeout', detail: `${command} did not come to an end` };
  const detail = clean(complaint, 200);
  return { code: 'protocol', detail: detail === '' ? `${command} said nothing that is a trace` : clean(`${command}: ${detail}`, 400) };
}

function run(command: string, args: string[], timeoutMs: number, signal: AbortSignal): Promise<Result<Ran, Failure>> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      // No shell. Numbers with a point, whatever the language of this computer.
      child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, env: { ...process.env, LC_ALL: 'C' } });
    } catch (error) {
      resolve(fail({ code: 'internal', detail: clean(`${command} could not be started: ${String(error)}`, 400) }));
      return;
    }
    const said: Record<'out' | 'err', string> = { out: '', err: '' };
    let bytes = 0;
    let cut = false;
    let settled = false;
    const settle = (result: Result<Ran, Failure>): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(result);
    };
    const end = (): void => {
      cut = true;
      child.kill('SIGKILL');
      // A child of its own may hold its output open: nobody waits for that.
      settle(ok({ text: said.out, complaint: said.err, cut }));
    };
    const hear = (which: 'out' | 'err') => (text: string) => {
      bytes += text.length;
      said[which] += text.slice(0, Math.max(0, mostBytes - said[which].length));
      if (bytes > mostBytes) end();
    };
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    child.stdout?.setEncoding('utf8').on('data', hear('out'));
    child.stderr?.setEncoding('utf8').on('data', hear('err'));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') settle(fail({ code: 'tool-missing', detail: `${command} is not installed` }));
      else if (error.code === 'EACCES' || error.code === 'EPERM')
        settle(fail({ code: 'permission', detail: `${command} may not be started (${error.code})` }));
      else settle(fail({ code: 'internal', detail: clean(`${command} could not be started (${error.code ?? error.message})`, 400) }));
    });
    child.once('close', () => settle(ok({ text: said.out, complaint: said.err, cut })));
    if (signal.aborted) end();
  });
}

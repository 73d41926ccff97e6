/** Pings by fping: one short-lived process for all addresses that are asked for at about the same time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { isIP } from 'node:net';
import type { Failure, FailureCode } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { readFpingLine } from './fping-output.ts';
import {
  closing,
  gatherMs,
  givenUp,
  mostTogether,
  notAnAddress,
  type Pinger,
  type PingReply,
  type PingRequest,
  periodMs,
} from './pinger.ts';

/** Processes at once; further batches wait. */
const mostProcesses = 16;
/** More than this from one process is not what fping says. */
const mostOutput = 1_000_000;

interface Waiting {
  settled: boolean;
  settle(reply: PingReply): void;
}

/** Requests of one process: all with the same number of packets and the same patience. */
interface Batch {
  packets: number;
  replyTimeoutMs: number;
  /** Those who wait, by address. */
  waiting: Map<string, Waiting[]>;
  unsettled: number;
  /** Started, or cancelled before. */
  child: ChildProcess | null;
  timer: NodeJS.Timeout | undefined;
}

/** @param command what to start; another one only in tests */
export function createFping(command = 'fping'): Pinger {
  /** Batches that still take requests in, by packets and patience. */
  const gathering = new Map<string, Batch>();
  const queue: Batch[] = [];
  const running = new Set<Batch>();
  let closed = false;

  const dispatch = (batch: Batch, key: string): void => {
    clearTimeout(batch.timer);
    if (gathering.get(key) === batch) gathering.delete(key);
    if (batch.unsettled === 0) return;
    if (running.size < mostProcesses) start(batch);
    else queue.push(batch);
  };
  const start = (batch: Batch): void => {
    running.add(batch);
    run(command, batch, () => {
      running.delete(batch);
      let next = queue.shift();
      while (next && next.unsettled === 0) next = queue.shift();
      if (next && !closed) start(next);
    });
  };
  const batchFor = ({ packets, replyTimeoutMs }: PingRequest): Batch => {
    const key = `${packets} ${replyTimeoutMs}`;
    let batch = gathering.get(key);
    if (batch && batch.waiting.size >= mostTogether) {
      dispatch(batch, key);
      batch = undefined;
    }
    if (!batch) {
      const made: Batch = { packets, replyTimeoutMs, waiting: new Map(), unsettled: 0, child: null, timer: undefined };
      made.timer = setTimeout(dispatch, gatherMs, made, key);
      gathering.set(key, made);
      batch = made;
    }
    return batch;
  };

  return {
    name: 'fping',
    ping(request, signal) {
      if (closed) return Promise.resolve(closing);
      if (isIP(request.address) === 0) return Promise.resolve(notAnAddress);
      if (signal.aborted) return Promise.resolve(givenUp);
      return new Promise((resolve) => {
        const batch = batchFor(request);
        const giveUp = (): void => {
          it.settle(givenUp);
          if (batch.unsettled === 0) batch.child?.kill();
        };
        const it: Waiting = {
          settled: false,
          settle(reply) {
            if (it.settled) return;
            it.settled = true;
            batch.unsettled -= 1;
            signal.removeEventListener('abort', giveUp);
            resolve(reply);
          },
        };
        signal.addEventListener('abort', giveUp, { once: true });
        batch.unsettled += 1;
        const others = batch.waiting.get(request.address);
        if (others) others.push(it);
        else batch.waiting.set(request.address, [it]);
      });
    },
    close() {
      closed = true;
      for (const batch of [...gathering.values(), ...queue, ...running]) {
        clearTimeout(batch.timer);
        settleRest(batch, () => closing);
        batch.child?.kill();
      }
      gathering.clear();
      queue.length = 0;
    },
  };
}

function settleRest(batch: Batch, reply: (address: string) => PingReply): void {
  for (const [address, all] of batch.waiting) for (const it of all) it.settle(reply(address));
}

/**
 * Runs one fping. Addresses go in on stdin, never on a command line or through a shell. Without -q, as that would also silence
 * what routers have to say about a packet; the line per reply that comes with it goes to nowhere.
 */
function run(command: string, batch: Batch, done: () => void): void {
  const args = ['-C', batch.packets, '-B', 1, '-r', 0, '-t', batch.replyTimeoutMs, '-i', 1, '-p', periodMs].map(String);
  const routers = new Map<string, string>();
  let rest = '';
  let taken = 0;
  let lastWords = '';

  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' }, windowsHide: true });
  batch.child = child;
  child.once('error', (error: NodeJS.ErrnoException) => {
    settleRest(batch, () => ({ ok: false, failure: startFailure(error) }));
    // A process that never started does not close.
    if (child.pid === undefined) done();
  });
  child.stdin.on('error', () => {}); // It ended before it read all; its exit code says more.
  child.stdin.end(`${[...batch.waiting.keys()].join('\n')}\n`);

  const take = (line: string): void => {
    const said = readFpingLine(line);
    if (said?.kind === 'unreachable') routers.set(said.address, said.by);
    if (said?.kind !== 'result') {
      lastWords = line;
      return;
    }
    const by = routers.get(said.address);
    const lostAll = said.rttsMs.every((rtt) => rtt === null);
    const reply: PingReply =
      lostAll && by !== undefined
        ? { ok: false, failure: { code: 'unreachable', detail: clean(`${by} says that it cannot reach ${said.address}`) } }
        : { ok: true, rttsMs: said.rttsMs };
    for (const it of batch.waiting.get(said.address) ?? []) it.settle(reply);
  };
  child.stderr.setEncoding('latin1');
  child.stderr.on('data', (chunk: string) => {
    taken += chunk.length;
    if (taken > mostOutput) return void child.kill();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  child.once('close', (code: number | null) => {
    if (rest !== '') take(rest);
    settleRest(batch, (address) => ({ ok: false, failure: endFailure(code, lastWords, address) }));
    if (child.pid !== undefined) done();
  });
}

const startCodes: Record<string, FailureCode> = { ENOENT: 'tool-missing', EACCES: 'permission', EPERM: 'permission' };
const startFailure = (error: NodeJS.ErrnoException): Failure => ({
  code: startCodes[error.code ?? ''] ?? 'internal',
  detail: error.code === 'ENOENT' ? 'fping is not installed' : `fping could not be started (${error.code ?? 'no code'})`,
});

/** Exit codes from fping(8): 3 = wrong arguments, 4 = a system call failed, mostly a socket that this user may not open. */
const endFailure = (code: number | null, words: string, address: string): Failure => ({
  code: code === 4 ? 'permission' : 'internal',
  detail: clean(
    code === 4 ? `fping may not send pings: ${words}` : `fping said nothing about ${address} (exit code ${code ?? 'none'}) ${words}`,
  ),
});

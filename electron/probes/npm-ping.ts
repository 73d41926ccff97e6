/** Pings by the system's own ping command, one process per address: works where fping is missing, at thirty times the cost. */
import { isIP, isIPv6 } from 'node:net';
import systemPing from 'ping';
import { closing, givenUp, notAnAddress, type Pinger, type PingReply, type PingRequest, periodMs } from './pinger.ts';

const mostProcesses = 16;

/**
 * Reads the round trips from ping's own words.
 * @param output lines such as "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.031 ms" (Linux, macOS counts from 0), or
 *   "Reply from 192.0.2.1: bytes=32 time=1ms TTL=64" (Windows, without numbers: lost ones are then put last)
 */
export function readPingOutput(output: string, packets: number, firstSequence: number): (number | null)[] {
  const rtts = Array<number | null>(packets).fill(null);
  let unnumbered = 0;
  for (const line of output.split('\n')) {
    const time = /[=<]\s?(\d+(?:\.\d+)?)\s?ms/.exec(line.replace(/icmp_seq=\d+|ttl=\d+|bytes=\d+/gi, ''));
    // The summary at the end has times, too, but neither a sequence number nor a TTL.
    if (!time || !/icmp_seq|ttl=/i.test(line) || /DUP!/.test(line)) continue;
    const numbered = /icmp_seq=(\d+)/.exec(line);
    const at = numbered ? Number(numbered[1]) - firstSequence : unnumbered;
    unnumbered += 1;
    if (at >= 0 && at < packets) rtts[at] = Number(time[1]);
  }
  return rtts;
}

async function pingOnce({ address, packets, replyTimeoutMs }: PingRequest): Promise<PingReply> {
  const seconds = Math.max(1, Math.ceil(replyTimeoutMs / 1_000));
  const windows = process.platform === 'win32';
  try {
    // On a host such as `-h` the library throws inside a listener, where nobody can catch it: only checked addresses get here.
    const said = await systemPing.promise.probe(address, {
      numeric: !windows,
      v6: isIPv6(address),
      timeout: seconds,
      min_reply: packets,
      // It cannot be stopped from here, so it must end by itself.
      ...(windows ? {} : { deadline: Math.ceil((packets * periodMs) / 1_000) + seconds, extra: ['-i', String(periodMs / 1_000)] }),
    });
    return { ok: true, rttsMs: readPingOutput(said.output, packets, process.platform === 'darwin' ? 0 : 1) };
  } catch {
    return { ok: false, failure: { code: 'tool-missing', detail: 'neither fping nor ping can be started' } };
  }
}

export function createNpmPing(): Pinger {
  const queue: (() => void)[] = [];
  let running = 0;
  let closed = false;

  const runNext = (): void => {
    while (running < mostProcesses && queue.length > 0) {
      running += 1;
      queue.shift()?.();
    }
  };

  return {
    name: 'ping',
    ping(request, signal) {
      if (closed) return Promise.resolve(closing);
      if (isIP(request.address) === 0) return Promise.resolve(notAnAddress);
      return new Promise((resolve) => {
        const giveUp = (): void => resolve(givenUp);
        signal.addEventListener('abort', giveUp, { once: true });
        queue.push(() => {
          const work = closed ? Promise.resolve(closing) : signal.aborted ? Promise.resolve(givenUp) : pingOnce(request);
          void work.then((reply) => {
            signal.removeEventListener('abort', giveUp);
            resolve(reply);
            running -= 1;
            runNext();
          });
        });
        runNext();
      });
    },
    close() {
      closed = true;
    },
  };
}

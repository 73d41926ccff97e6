/** What the runner gives to a probe, for tests of a probe alone. */
import type { Pinger } from '../../electron/probes/pinger.ts';
import type { ProbeContext } from '../../electron/probes/types.ts';

const noPinger: Pinger = {
  name: 'ping',
  ping: () => Promise.reject(new Error('this test brings no pinger')),
  close: () => {},
};

/** @returns a context whose signal comes after `timeoutMs`, as the runner's does, and the lines noted so far */
export function probeContext(
  options: { timeoutMs?: number; pinger?: Pinger; secrets?: Record<string, string> } = {},
): ProbeContext & { lines: string[] } {
  const { timeoutMs = 5_000, pinger = noPinger, secrets = {} } = options;
  const lines: string[] = [];
  return {
    signal: AbortSignal.timeout(timeoutMs),
    timeoutMs,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    note: (line) => void lines.push(line),
    secret: (name) => secrets[name],
    pinger,
    lines,
  };
}

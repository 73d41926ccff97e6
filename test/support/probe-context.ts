/** What the runner gives to a probe, for tests of a probe alone. */
import type { Pinger } from '../../electron/probes/pinger.ts';
import type { ProbeContext, Pushed } from '../../electron/probes/types.ts';

const noPinger: Pinger = {
  name: 'ping',
  ping: () => Promise.reject(new Error('this test brings no pinger')),
  close: () => {},
};

/** @returns a context whose signal comes after `timeoutMs`, as the runner's does, and the lines noted so far */
export function probeContext(
  options: {
    timeoutMs?: number;
    pinger?: Pinger;
    secrets?: Record<string, string>;
    /** What `remember` keeps: hand the same one to the next probe of the check. */
    memory?: { value?: unknown };
    pushed?: (name: string) => Pushed | null;
  } = {},
): ProbeContext & { lines: string[] } {
  const { timeoutMs = 5_000, pinger = noPinger, secrets = {}, memory = {}, pushed = () => null } = options;
  const lines: string[] = [];
  return {
    signal: AbortSignal.timeout(timeoutMs),
    timeoutMs,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    note: (line) => void lines.push(line),
    secret: (name) => secrets[name],
    pinger,
    pushed,
    remember<T>(value: T): T | undefined {
      const before = memory.value as T | undefined;
      memory.value = value;
      return before;
    },
    lines,
  };
}

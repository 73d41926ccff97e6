/** What a probe gets from the runner, and the form of a probe. */

import type { PushStatus } from '../../shared/checks/push.ts';
import type { Facts } from '../../shared/checks/types.ts';
import type { Pinger } from './pinger.ts';

/** What the push listener knows of one heartbeat. */
export interface Pushed {
  /** Since when no call can have been missed, epoch ms: listening without a break, and the check known. */
  since: number;
  last: { at: number; status: PushStatus; text: string } | null;
}

/** All that a probe may use of the outside besides sockets. The runner owns time and failure. */
export interface ProbeContext {
  /** Aborted at the hard timeout: end every socket then and return the facts gathered so far with failure `timeout`. */
  signal: AbortSignal;
  timeoutMs: number;
  /** Wall clock, epoch ms. */
  now(): number;
  /** Monotonic clock, ms, for durations. */
  monotonic(): number;
  /** A line of the transcript; cleaned and bounded by the runner. Never pass a secret. */
  note(line: string): void;
  /** A secret by its name in the inventory; undefined when it is not set. */
  secret(name: string): string | undefined;
  pinger: Pinger;
  /** Keeps a value for the next probe of this check and returns the one kept before; in memory only, dropped with the check or its settings. */
  remember<T>(value: T): T | undefined;
  /** What came by HTTP for the heartbeat whose token is the secret of this name; null while Nightdesk does not listen. */
  pushed(secretName: string): Pushed | null;
}

/** Dial, observe, return. Expected failures are facts (`failure`); throwing is a bug of the probe. */
export type Probe<C, O extends Facts> = (config: C, context: ProbeContext) => Promise<O>;

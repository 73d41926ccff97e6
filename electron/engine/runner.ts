/**
 * Runs probes. It owns time and failure: permits (all in all, and per host), a hard time-out that holds whatever the target does,
 * one AbortSignal, the transcript, and the fence round a probe that throws.
 */

import { checkOf } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/checks/types.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';
import type { probes as allProbes } from '../probes/index.ts';
import type { Pinger } from '../probes/pinger.ts';
import type { Probe, ProbeContext } from '../probes/types.ts';
import type { Clock } from './clock.ts';
import { redactAll } from './redact.ts';

/** One finished probe. */
export interface Run {
  check: PlannedCheck;
  /** When it began, epoch ms. */
  at: number;
  durationMs: number;
  facts: Facts;
  /** The transcript: cleaned, bounded. */
  lines: string[];
  /** Set when the probe threw: a bug of that probe, told apart from what it saw. */
  bug: string | null;
}

export interface RunnerOptions {
  clock: Clock;
  probes: typeof allProbes;
  pinger: Pinger;
  secret: (name: string) => string | undefined;
  /** What the push listener knows of a heartbeat. */
  pushed?: ProbeContext['pushed'];
  /** Takes secrets out of what servers echo. */
  redact?: (text: string) => string;
  /** Probes under way at once, those in batches (icmp) not counted. */
  permits?: number;
  permitsPerHost?: number;
}

export interface Runner {
  /** Probes once; never rejects. Waits for its permits first. */
  run(check: PlannedCheck): Promise<Run>;
  /** Ends every probe that is under way; their runs come back with a failure. */
  stop(): void;
}

/** A probe that ignores its signal is given up this long after its time-out. */
const graceMs = 300;
const mostLines = 60;

export function createRunner(options: RunnerOptions): Runner {
  const { clock, probes, pinger, secret, pushed = () => null, redact = (text) => text, permits = 256, permitsPerHost = 6 } = options;
  /** What probes keep from one run to the next. A check whose settings change is another object, so that nothing of the old one is left. */
  const memories = new WeakMap<PlannedCheck, unknown>();
  let free = permits;
  const busy = new Map<string, number>();
  /** Waiting for permits, first come first served. At most one per check, as the engine never runs a check twice at once. */
  const queue: { key: string; start: () => void }[] = [];
  /** Ends the probes under way. */
  const underWay = new Set<() => void>();
  let stopped = false;
  const closing: Facts = { failure: { code: 'internal', detail: 'Nightdesk was closing' } };
  /** Made once: one for each time-out of a large outage costs more than the probes. */
  const over = new DOMException('the probe has run out of time', 'AbortError');

  const take = (key: string): boolean => {
    const used = busy.get(key) ?? 0;
    if (free === 0 || used >= permitsPerHost) return false;
    free -= 1;
    busy.set(key, used + 1);
    return true;
  };
  const acquire = (key: string): Promise<void> | null => (take(key) ? null : new Promise((resolve) => queue.push({ key, start: resolve })));
  const release = (key: string): void => {
    free += 1;
    const used = (busy.get(key) ?? 1) - 1;
    if (used === 0) busy.delete(key);
    else busy.set(key, used);
    const next = queue.findIndex((waiting) => (busy.get(waiting.key) ?? 0) < permitsPerHost);
    if (next < 0) return;
    const [waiting] = queue.splice(next, 1);
    if (waiting && take(waiting.key)) waiting.start();
  };

  const attempt = (check: PlannedCheck): Promise<Run> =>
    new Promise((resolve) => {
      const controller = new AbortController();
      const at = clock.now();
      const begin = clock.monotonic();
      const lines: string[] = [];
      const note = (line: string): void => {
        if (lines.length < mostLines) lines.push(`+${Math.round(clock.monotonic() - begin)} ms  ${clean(redact(line))}`);
      };
      let settled = false;
      let cancelTimer = (): void => {};
      const settle = (facts: Facts, bug: string | null = null): void => {
        if (settled) return;
        settled = true;
        cancelTimer();
        underWay.delete(end);
        // A server may echo a password.
        const shown = redactAll(facts, redact);
        resolve({ check, at, durationMs: Math.round(clock.monotonic() - begin), facts: shown, lines, bug });
      };
      const end = (): void => {
        controller.abort(over);
        settle(closing);
      };
      // Those that waited for a permit are let in by the end of others: nothing is sent any more.
      if (stopped) return end();
      underWay.add(end);
      cancelTimer = clock.after(check.timeoutMs, () => {
        controller.abort(over);
        note(`time-out after ${humanDuration(check.timeoutMs)}`);
        cancelTimer = clock.after(graceMs, () =>
          settle({ failure: { code: 'timeout', detail: `no result within ${humanDuration(check.timeoutMs)}` } }),
        );
      });
      const probe = probes[check.type] as Probe<unknown, Facts>;
      const context = {
        signal: controller.signal,
        timeoutMs: check.timeoutMs,
        now: clock.now,
        monotonic: clock.monotonic,
        note,
        secret,
        pinger,
        pushed,
        remember<T>(value: T): T | undefined {
          const before = memories.get(check) as T | undefined;
          memories.set(check, value);
          return before;
        },
      };
      // The async wrapper turns a probe that throws at once into the same rejection as one that throws later.
      (async () => probe(check.config, context))().then(
        (facts) => settle(facts),
        (error: unknown) => {
          const text = clean(redact(error instanceof Error ? (error.stack ?? error.message) : String(error)), 1_000);
          settle({ failure: { code: 'internal', detail: 'this check has a bug; its result is not known' } }, text);
        },
      );
    });

  return {
    async run(check) {
      if (checkOf(check.type).slotMs > 0) return attempt(check);
      const wait = acquire(check.permitKey);
      if (wait) await wait;
      try {
        return await attempt(check);
      } finally {
        release(check.permitKey);
      }
    },
    stop() {
      stopped = true;
      for (const end of [...underWay]) end();
    },
  };
}

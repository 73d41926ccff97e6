/** What is kept of the ways to one target, and which checks are worth following. Pure. */
import { z } from 'zod';
import { isRemote } from '../health/reach.ts';
import type { CheckState } from '../health/step.ts';
import { signatureOf, type Trace } from '../trace.ts';
import type { PlannedCheck, Subject } from './plan.ts';

const hop = z.object({
  at: z.int(),
  address: z.string().max(60).nullable(),
  name: z.string().nullable(),
  lossPercent: z.number().nullable(),
  ms: z.number().nullable(),
  refuses: z.boolean().exactOptional(),
});
const trace = z.object({
  at: z.int(),
  target: z.string().max(60),
  hops: z.array(hop).max(64),
  reached: z.boolean(),
  cut: z.boolean().exactOptional(),
});
const kept = z.object({ good: trace.nullable(), bad: trace.nullable(), ways: z.array(z.string()) });

export interface KeptTraces {
  /** The newest that came through. */
  good: Trace | null;
  /** The newest that did not. */
  bad: Trace | null;
  /** Ways that were seen before (see `signatureOf`), newest last. */
  ways: string[];
}
const mostWays = 12;

/** Reads what was kept; nothing where it is of another form. */
export function readTraces(text: string | null): KeptTraces {
  const nothing: KeptTraces = { good: null, bad: null, ways: [] };
  if (text === null) return nothing;
  try {
    const read = kept.safeParse(JSON.parse(text));
    return read.success ? read.data : nothing;
  } catch {
    return nothing;
  }
}

export function withTrace(before: KeptTraces, newest: Trace): KeptTraces {
  if (!newest.reached) return { ...before, bad: newest };
  const way = signatureOf(newest);
  return { ...before, good: newest, ways: [...before.ways.filter((it) => it !== way), way].slice(-mostWays) };
}

/** Verdicts that say that packets do not come through: not a refusal, which is an answer. */
const lostReasons: ReadonlySet<string> = new Set(['no-reply', 'unreachable', 'packet-loss', 'timeout']);

/** Whether a failed check is one whose way is worth following. @param reason of its newest verdict */
export const wantsTrace = (plan: PlannedCheck, state: CheckState, reason: string): boolean =>
  (plan.type === 'icmp' || plan.type === 'tcp') &&
  (plan.subject.kind === 'host' || plan.subject.kind === 'link' || plan.subject.kind === 'prefix') &&
  isRemote(plan) &&
  state.hard !== 'ok' &&
  state.hard !== 'pending' &&
  lostReasons.has(reason);

/** Whether the usual way of a check is worth knowing while it is well: of circuits and prefixes, and of hosts behind something. */
export const wantsUsualTrace = (plan: PlannedCheck, subject: Subject, state: CheckState): boolean =>
  plan.type === 'icmp' &&
  (subject.kind === 'link' || subject.kind === 'prefix' || (subject.kind === 'host' && subject.dependsOn.length > 0)) &&
  isRemote(plan) &&
  state.hard === 'ok' &&
  state.soft === null &&
  state.staleSince === null;

/** ICMP echo ("ping"): does an address answer, how many packets are lost, how long do they take and how evenly. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { leastPings } from '../smoke.ts';
import { count } from '../text.ts';
import { durationSchema, humanLatency, MINUTE, SECOND } from '../time.ts';
import { failed, targetAddress } from './target.ts';
import { familySetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

/** Stands for the router that this computer sends everything to; found when the probe runs. */
export const DEFAULT_GATEWAY = 'default-gateway';

const percent = z.number().min(0).max(100);

const config = z.object({
  address: z
    .union([z.literal(DEFAULT_GATEWAY), targetAddress], 'expected an IP address, a host name or default-gateway')
    .describe("IP address or host name to ping, or default-gateway for this computer's own router"),
  packets: z.int().min(1).max(20).default(5).describe('Packets per probe; loss and jitter mean little with fewer than 5'),
  family: familySetting,
  lossDegraded: percent.default(20).describe('Degraded when at least so many per cent of the packets are lost'),
  // 80 % loss is not up: nothing that people use works through it.
  lossDown: percent.default(80).describe('Down when at least so many per cent of the packets are lost'),
  medianDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when the median round trip takes longer'),
  jitterDegraded: durationSchema(1, 10 * SECOND)
    .optional()
    .describe('Degraded when round trips differ by more than this from one to the next, on average'),
});
export type IcmpConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** The IP address that was pinged. */
  address: z.string().optional(),
  sent: z.int().optional(),
  received: z.int().optional(),
  lossPercent: z.number().optional(),
  /** Round trips in the order sent; null = lost. */
  rttsMs: z.array(z.number().nullable()).optional(),
  minMs: z.number().nullable().optional(),
  medianMs: z.number().nullable().optional(),
  maxMs: z.number().nullable().optional(),
  /** Null with fewer than two replies. */
  jitterMs: z.number().nullable().optional(),
});
export type IcmpFacts = z.infer<typeof observation>;

const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/**
 * What round trips say.
 * Jitter is the mean absolute difference between one reply's round trip and the next one's: D(i,j) of RFC 3550 section 6.4.1 over
 * round trips, as a plain mean, since a probe has too few packets for its running average.
 * @param rttsMs in the order sent, null = lost
 */
export function summarize(rttsMs: readonly (number | null)[]): Required<Omit<IcmpFacts, 'failure' | 'address'>> {
  const replies = rttsMs.filter((rtt) => rtt !== null);
  const sorted = replies.toSorted((a, b) => a - b);
  const sent = rttsMs.length;
  const received = replies.length;
  const middle = received >> 1;
  const upper = sorted[middle] ?? null;
  const lower = sorted[middle - 1] ?? null;
  let steps = 0;
  for (let i = 1; i < received; i += 1) steps += Math.abs((replies[i] ?? 0) - (replies[i - 1] ?? 0));
  return {
    sent,
    received,
    lossPercent: sent === 0 ? 0 : round(((sent - received) / sent) * 100),
    rttsMs: [...rttsMs],
    minMs: sorted[0] ?? null,
    medianMs: upper !== null && lower !== null && received % 2 === 0 ? round((lower + upper) / 2) : upper,
    maxMs: sorted.at(-1) ?? null,
    jitterMs: received < 2 ? null : round(steps / (received - 1)),
  };
}

function judge(it: IcmpFacts, config: IcmpConfig): Verdict {
  if (it.failure) return failed(it.failure);
  const { sent = 0, received = 0, lossPercent = 0, medianMs = null, jitterMs = null } = it;
  if (sent === 0) return { state: 'unknown', reason: 'nothing-sent', text: 'no packet was sent' };
  const lost = `${sent - received} of ${count(sent, 'packet')} lost`;
  if (received === 0) return { state: 'down', reason: 'no-reply', text: `no answer to ${count(sent, 'ping')}` };
  if (sent > received && lossPercent >= config.lossDown) return { state: 'down', reason: 'packet-loss', text: lost };
  if (sent > received && lossPercent >= config.lossDegraded) return { state: 'degraded', reason: 'packet-loss', text: lost };
  if (config.medianDegraded !== undefined && medianMs !== null && medianMs > config.medianDegraded)
    return {
      state: 'degraded',
      reason: 'slow',
      text: `answers in ${humanLatency(medianMs)}, more than ${humanLatency(config.medianDegraded)}`,
    };
  if (config.jitterDegraded !== undefined && jitterMs !== null && jitterMs > config.jitterDegraded)
    return {
      state: 'degraded',
      reason: 'jitter',
      text: `round trips vary by ${humanLatency(jitterMs)}, more than ${humanLatency(config.jitterDegraded)}`,
    };
  const answers = medianMs === null ? 'answers' : `answers in ${humanLatency(medianMs)}`;
  return { state: 'ok', reason: 'ok', text: sent > received ? `${answers}, ${lost}` : answers };
}

const target = (config: IcmpConfig): string => (config.address === DEFAULT_GATEWAY ? 'the default gateway' : config.address);

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The address is reached and answers.', todo: 'Nothing.' },
  'no-reply': {
    means: 'The machine is off, the way to it is broken, or a firewall drops pings.',
    todo: 'See whether its other checks fail too. If they do, look at the machine by its console and at the link; if not, look at the firewall.',
  },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the address.',
    todo: 'Look at routes and links on the way: this comes from the network, not from the machine.',
  },
  'packet-loss': {
    means: 'What people do there is slow and breaks off now and then.',
    todo: 'Look at the link for errors and at whether it is full; compare with other targets on the same link.',
  },
  slow: { means: 'It works, but people wait.', todo: 'Look whether the link is full or the way has changed.' },
  jitter: { means: 'Calls and screen sessions stutter; web and mail hardly notice.', todo: 'Look whether the link is full.' },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
  'no-gateway': {
    means: 'This computer has no way out, so nothing beyond its own network can be watched.',
    todo: "Look at this computer's network connection.",
  },
  'tool-missing': {
    means: 'No ping can be sent, so nothing is known about the target.',
    todo: 'Install fping on this computer (package "fping").',
  },
  permission: {
    means: 'Nothing is known about the target.',
    todo: 'Allow this user to send pings (fping needs the capability cap_net_raw).',
  },
};
const lookHere = {
  means: 'Nothing is known about the target: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

const explain = (_: IcmpFacts, verdict: Verdict, config: IcmpConfig): Explanation => ({
  happened: `Ping of ${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: IcmpFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string): number => lines.push({ label, value });
  const time = (label: string, ms: number | null | undefined): unknown => typeof ms === 'number' && add(label, humanLatency(ms));
  time('Median', it.medianMs);
  if (it.sent !== undefined) add('Lost', `${it.sent - (it.received ?? 0)} of ${it.sent} (${Math.round(it.lossPercent ?? 0)} %)`);
  time('Jitter', it.jitterMs);
  time('Fastest', it.minMs);
  time('Slowest', it.maxMs);
  if (it.rttsMs) add('Round trips', it.rttsMs.map((rtt) => (rtt === null ? 'lost' : humanLatency(rtt))).join(', '));
  if (it.address !== undefined) add('Address', it.address);
  return lines;
}

export const icmp = {
  title: 'Ping',
  summary: 'Whether an address answers to ping, with packet loss, round trip and jitter',
  config,
  observation,
  slotMs: 10_000,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: (it) => it.medianMs ?? null,
  facts,
  pings: ({ rttsMs }) => (rttsMs && rttsMs.length >= leastPings ? rttsMs : null),
} satisfies CheckDefinition<IcmpConfig, IcmpFacts>;

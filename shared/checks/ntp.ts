/** NTP: does a time server answer, is it synchronized itself, and does it agree with this computer's clock. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { DAY, durationSchema, humanDuration, humanLatency, SECOND } from '../time.ts';
import { failed, targetAddress } from './target.ts';
import { familySetting, portSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

const config = z.object({
  address: targetAddress.describe('IP address or host name of the time server'),
  port: portSetting.default(123).describe('Port'),
  offsetDegraded: durationSchema(5, DAY).default(100).describe("Degraded when its clock and this computer's are further apart"),
  offsetDown: durationSchema(5, DAY).default(SECOND).describe('Down when they are further apart than this'),
  stratumDegraded: z
    .int()
    .min(1)
    .max(15)
    .optional()
    .describe('Degraded when it stands so far or further from a reference clock (1 = has one itself)'),
  family: familySetting,
});
export type NtpConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** The IP address that was asked. */
  address: z.string().optional(),
  lookupMs: z.number().optional(),
  /** The server's clock minus ours; positive = the server's is ahead. */
  offsetMs: z.number().optional(),
  /** The way there and back, without the time that the server took. */
  delayMs: z.number().optional(),
  stratum: z.int().optional(),
  /** 0 none, 1 and 2 a leap second comes, 3 not synchronized. */
  leap: z.int().optional(),
  version: z.int().optional(),
  /** What the server follows itself. */
  reference: z.string().optional(),
  rootDelayMs: z.number().optional(),
  rootDispersionMs: z.number().optional(),
  /** How long ago the server's clock was last set, by that clock. */
  setMsAgo: z.number().optional(),
  /** Kiss-o'-death: the server's code for why it does not serve us. */
  kiss: z.string().optional(),
  /** The server turned us away before; it is left alone for so long yet. */
  pausedMs: z.number().optional(),
  tries: z.int().optional(),
  /** Packets that were no reply to our question. */
  ignored: z.int().optional(),
});
export type NtpFacts = z.infer<typeof observation>;

/** Codes by which a server that is not ready yet says so (RFC 5905, section 7.4); all others turn the asker away. */
const notReady: ReadonlySet<string> = new Set(['INIT', 'STEP', '']);
/** Whether a code asks to be left alone. */
export const turnsAway = (kiss: string): boolean => !notReady.has(kiss);

const apart = (ms: number): string => (Math.abs(ms) < 10 * SECOND ? humanLatency(Math.abs(ms)) : humanDuration(Math.abs(ms)));

function judge(it: NtpFacts, config: NtpConfig): Verdict {
  const { failure, kiss, offsetMs, delayMs = 0, stratum, leap } = it;
  if (kiss !== undefined && turnsAway(kiss)) {
    if (kiss === 'RATE')
      return { state: 'unknown', reason: 'asked-too-often', text: 'the server says that it is asked too often (RATE), and tells no time' };
    return { state: 'down', reason: 'turned-away', text: `the server turns this computer away (${kiss})` };
  }
  if (failure?.code === 'refused') return failed(failure, `nothing answers on port ${config.port} of ${it.address ?? config.address}`);
  if (failure?.code === 'protocol') return failed(failure, failure.detail, 'not-ntp');
  if (failure) return failed(failure);
  if (leap === 3 || (stratum !== undefined && stratum >= 16) || kiss !== undefined)
    return { state: 'degraded', reason: 'unsynchronized', text: 'the server answers, but is not synchronized itself' };
  if (offsetMs === undefined || stratum === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was asked' };
  const off = Math.abs(offsetMs);
  // By how much the clocks are apart at least: the way there may have taken all of the delay, or none of it (RFC 5905, section 8).
  const surely = off - delayMs / 2;
  const which = offsetMs > 0 ? 'ahead of' : 'behind';
  const text = `its clock is ${apart(offsetMs)} ${which} this computer's`;
  if (surely > config.offsetDown) return { state: 'down', reason: 'offset', text };
  if (surely > config.offsetDegraded) return { state: 'degraded', reason: 'offset', text };
  if (off > config.offsetDegraded)
    return {
      state: 'unknown',
      reason: 'imprecise',
      text: `the answer took ${humanLatency(delayMs)}, too long to tell whether the clocks are ${apart(config.offsetDegraded)} apart`,
    };
  if (config.stratumDegraded !== undefined && stratum >= config.stratumDegraded)
    return { state: 'degraded', reason: 'stratum', text: `the server is ${stratum} steps from a reference clock` };
  return { state: 'ok', reason: 'ok', text: `${apart(offsetMs)} ${which} this computer, stratum ${stratum}` };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The server tells the time, and agrees with this computer.', todo: 'Nothing.' },
  timeout: {
    means: 'Machines that take their time from it run on alone and drift.',
    todo: 'See whether the machine answers to ping; then look whether the time service runs, and at the firewall (UDP port 123).',
  },
  refused: { means: 'The machine answers, but no time service listens there.', todo: 'Start it (chronyd, ntpd) and look at its log.' },
  unsynchronized: {
    means: 'It has lost its own source of time, or was just started: its clock drifts, and so will those that follow it.',
    todo: 'Look at its sources (chronyc sources, ntpq -p) and whether it reaches them.',
  },
  offset: {
    means:
      "One of the two clocks is wrong, the server's or this computer's. Wrong time breaks logins, certificates, mail and the order of logs.",
    todo: 'Compare both with a third time server; then set the wrong one (chronyc makestep) and look why it drifted.',
  },
  imprecise: {
    means: 'The way to the server is too slow for the limit that is set: nothing can be said about its clock.',
    todo: 'Look at the link, or set a wider offsetDegraded.',
  },
  stratum: {
    means: 'It works, but follows its source over more steps than it should.',
    todo: 'Look at its sources (chronyc sources, ntpq -p).',
  },
  'asked-too-often': {
    means: 'Nothing is known about its clock: it is left alone for a while now.',
    todo: 'Set a longer interval for this check, or ask a server of your own.',
  },
  'turned-away': {
    means: 'The server runs, but does not serve this computer. It is left alone for a while now, as the protocol wants.',
    todo: 'Look at who may ask it (allow, restrict).',
  },
  'not-ntp': { means: 'Something else answers on this port, or answers are forged on the way.', todo: 'Look at what listens on the port.' },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the server.',
    todo: 'Look at routes and links: this comes from the network, not from the server.',
  },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
};
const lookHere = {
  means: 'Nothing is known about the server: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

const target = (config: NtpConfig): string => `time of ${config.address}${config.port === 123 ? '' : ` port ${config.port}`}`;
const explain = (_: NtpFacts, verdict: Verdict, config: NtpConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

const leapWords = ['none is announced', 'the last minute of the day has 61 seconds', 'the last minute of the day has 59 seconds'];

function facts(it: NtpFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value !== undefined && value !== '' && lines.push({ label, value });
  const time = (label: string, ms: number | undefined): unknown => ms !== undefined && add(label, apart(ms));
  if (it.offsetMs !== undefined) add('Clock', `${apart(it.offsetMs)} ${it.offsetMs > 0 ? 'ahead' : 'behind'}, as seen from this computer`);
  if (it.delayMs !== undefined) add('Good to', `within ${apart(it.delayMs / 2 + 1)}`);
  time('There and back', it.delayMs);
  if (it.stratum !== undefined) add('Stratum', String(it.stratum));
  if (it.leap !== undefined) add('Leap second', leapWords[it.leap] ?? 'not synchronized');
  add('Follows', it.reference);
  if (it.setMsAgo !== undefined) add('Last set', `${humanDuration(Math.max(0, it.setMsAgo))} before`);
  time('Root delay', it.rootDelayMs);
  time('Root dispersion', it.rootDispersionMs);
  add('Says', it.kiss);
  if (it.pausedMs !== undefined) add('Asked again in', humanDuration(it.pausedMs));
  if (it.ignored !== undefined && it.ignored > 0) add('Wrong packets ignored', String(it.ignored));
  if (it.tries !== undefined && it.tries > 1) add('Questions sent', String(it.tries));
  add('Address', it.address);
  return lines;
}

export const ntp = {
  title: 'Time server',
  summary: "Whether a time server (NTP) answers, is synchronized itself, and agrees with this computer's clock",
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: (it) => (it.offsetMs === undefined ? null : Math.abs(it.offsetMs)),
  facts,
} satisfies CheckDefinition<NtpConfig, NtpFacts>;

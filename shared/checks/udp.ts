/** UDP: does a service answer a datagram, and with the right one. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { clean } from '../text.ts';
import { durationSchema, humanLatency, MINUTE } from '../time.ts';
import { failed, targetAddress } from './target.ts';
import { familySetting, portSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

const hex = z
  .string()
  .max(3_000)
  .regex(/^\s*(?:[0-9a-fA-F]{2}[\s:]*)+$/, 'expected bytes in hexadecimal, such as "ff ff 54 53"');
const text = z.string().min(1).max(1_000);

const config = z
  .object({
    address: targetAddress.describe('IP address or host name to ask'),
    port: portSetting.describe('Port'),
    send: text.optional().describe('Text to send; \\r \\n \\t and \\\\ are understood'),
    sendHex: hex.optional().describe('Bytes to send instead of text, in hexadecimal'),
    expect: text
      .optional()
      .describe('Text that the reply must contain; \\r \\n \\t and \\\\ are understood. Any reply will do where left out'),
    expectHex: hex.optional().describe('Bytes that the reply must contain, in hexadecimal'),
    match: z.enum(['contains', 'equals']).default('contains').describe('Whether the reply must contain what is expected, or be just that'),
    tries: z.int().min(1).max(10).default(3).describe('So many times it is sent within the time-out, as datagrams get lost'),
    slowDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when the reply takes longer'),
    family: familySetting,
  })
  .refine((it) => (it.send === undefined) !== (it.sendHex === undefined), { path: ['send'], error: 'expected either send or sendHex' })
  .refine((it) => it.expect === undefined || it.expectHex === undefined, {
    path: ['expect'],
    error: 'expected either expect or expectHex',
  });
export type UdpConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** The IP address that was asked. */
  address: z.string().optional(),
  lookupMs: z.number().optional(),
  /** From the last datagram sent to the reply. */
  ms: z.number().optional(),
  bytes: z.int().optional(),
  /** The beginning of the reply, cleaned; hexadecimal where it is no text. */
  reply: z.string().max(200).optional(),
  /** Whether it was as expected. */
  matched: z.boolean().optional(),
  tries: z.int().optional(),
});
export type UdpFacts = z.infer<typeof observation>;

const wanted = (config: UdpConfig): string => (config.expect === undefined ? `the bytes ${config.expectHex ?? ''}` : `"${config.expect}"`);

function judge(it: UdpFacts, config: UdpConfig): Verdict {
  const { failure, ms } = it;
  if (failure?.code === 'refused') return failed(failure, `nothing listens on UDP port ${config.port}`);
  if (failure) return failed(failure);
  if (ms === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was sent' };
  if (it.matched === false)
    return {
      state: 'degraded',
      reason: 'unexpected-reply',
      text: clean(`the reply "${it.reply ?? ''}" ${config.match === 'equals' ? 'is not' : 'does not contain'} ${wanted(config)}`, 300),
    };
  const took = `replies in ${humanLatency(ms)}`;
  if (config.slowDegraded !== undefined && ms > config.slowDegraded)
    return { state: 'degraded', reason: 'slow', text: `${took}, more than ${humanLatency(config.slowDegraded)}` };
  return { state: 'ok', reason: 'ok', text: it.tries !== undefined && it.tries > 1 ? `${took}, at the ${ordinal(it.tries)} try` : took };
}
const ordinal = (n: number): string => (n === 2 ? '2nd' : n === 3 ? '3rd' : `${n}th`);

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The service answers.', todo: 'Nothing.' },
  refused: {
    means: 'The machine answers, but nothing listens there: the program behind the port is not running.',
    todo: 'Start the program and look at its log for why it ended.',
  },
  timeout: {
    means: 'The machine is off, the way is broken, a firewall drops it, or the program does not like what it is asked.',
    todo: 'See whether the machine answers to ping; then look at the program, at the firewall, and at what this check sends.',
  },
  'unexpected-reply': {
    means: 'Something answers, but not what is expected.',
    todo: 'Read what it says; look at the program and its settings.',
  },
  slow: { means: 'It works, but people wait.', todo: 'Look at the load of the machine and at the link.' },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the address.',
    todo: 'Look at routes and links: this comes from the network, not from the machine.',
  },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
};
const lookHere = {
  means: 'Nothing is known about the target: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

const target = (config: UdpConfig): string => `${config.address} UDP port ${config.port}`;
const explain = (_: UdpFacts, verdict: Verdict, config: UdpConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: UdpFacts): FactLine[] {
  const lines: FactLine[] = [];
  if (it.ms !== undefined) lines.push({ label: 'Reply after', value: humanLatency(it.ms) });
  if (it.reply !== undefined) lines.push({ label: 'Reply', value: it.reply });
  if (it.bytes !== undefined) lines.push({ label: 'Length', value: `${it.bytes} bytes` });
  if (it.matched !== undefined) lines.push({ label: 'As expected', value: it.matched ? 'yes' : 'no' });
  if (it.tries !== undefined && it.tries > 1) lines.push({ label: 'Sent', value: `${it.tries} times` });
  if (it.lookupMs !== undefined) lines.push({ label: 'Name lookup', value: humanLatency(it.lookupMs) });
  if (it.address !== undefined) lines.push({ label: 'Address', value: it.address });
  return lines;
}

export const udp = {
  title: 'UDP service',
  summary: 'Whether a service answers a datagram, and with the right one',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: (it) => it.ms ?? null,
  facts,
} satisfies CheckDefinition<UdpConfig, UdpFacts>;

/** TCP: does a port accept connections and, if asked for, greet with the right text. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { durationSchema, humanLatency, MINUTE } from '../time.ts';
import { failed, targetAddress } from './target.ts';
import { familySetting, portSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

const config = z.object({
  address: targetAddress.describe('IP address or host name to connect to'),
  port: portSetting.describe('Port'),
  send: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Text to send once connected; \\r \\n \\t and \\\\ are understood. Its answer is then awaited'),
  // Plain text and no pattern: a pattern over hostile text can hang.
  expect: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Text that must stand in what the server sends first (4 KB at most), such as "SSH-2.0" or "220"'),
  slowDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when connecting takes longer'),
  family: familySetting,
});
export type TcpConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** The IP address that was connected to. */
  address: z.string().optional(),
  port: z.int().optional(),
  lookupMs: z.number().optional(),
  connectMs: z.number().optional(),
  /** From the connection to the first byte of the server. */
  bannerMs: z.number().optional(),
  /** The beginning of what the server sent, cleaned. */
  banner: z.string().max(200).optional(),
  /** Whether the expected text was in it. */
  matched: z.boolean().optional(),
});
export type TcpFacts = z.infer<typeof observation>;

const escapes: Record<string, string> = { '\\r': '\r', '\\n': '\n', '\\t': '\t', '\\\\': '\\' };
/** Turns the escapes of a setting into what they stand for. */
export const unescapeText = (text: string): string => text.replace(/\\[rnt\\]/g, (found) => escapes[found] ?? found);

function judge(it: TcpFacts, config: TcpConfig): Verdict {
  const { port } = config;
  const { failure, connectMs } = it;
  if (failure && connectMs === undefined) {
    if (failure.code === 'refused') return failed(failure, `connection refused on port ${port}`);
    if (failure.code === 'timeout') return failed(failure, it.address === undefined ? failure.detail : `no answer on port ${port}`);
    return failed(failure);
  }
  if (failure) {
    if (failure.code === 'timeout') return failed(failure, failure.detail, it.banner === undefined ? 'no-greeting' : 'timeout');
    return failed(failure);
  }
  if (connectMs === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was tried' };
  if (it.matched === false)
    return {
      state: 'degraded',
      reason: 'unexpected-banner',
      text: `port ${port} says "${it.banner ?? ''}" without "${config.expect ?? ''}"`,
    };
  const took = `connects in ${humanLatency(connectMs)}`;
  if (config.slowDegraded !== undefined && connectMs > config.slowDegraded)
    return { state: 'degraded', reason: 'slow', text: `${took}, more than ${humanLatency(config.slowDegraded)}` };
  return {
    state: 'ok',
    reason: 'ok',
    text: it.banner === undefined ? took : `${took}, says "${it.banner.length > 60 ? `${it.banner.slice(0, 59)}…` : it.banner}"`,
  };
}

const target = (config: TcpConfig): string => `${config.address} port ${config.port}`;

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The port accepts connections.', todo: 'Nothing.' },
  refused: {
    means: 'The machine answers, but nothing listens there: the program behind the port is not running.',
    todo: 'Start the program and look at its log for why it ended.',
  },
  timeout: {
    means: 'Connections go nowhere: the machine is off, the way is broken, or a firewall drops them.',
    todo: 'See whether the machine answers to ping; then look at the firewall.',
  },
  'no-greeting': {
    means: 'The port is open, but the program behind it does not serve anybody: it hangs, or is overloaded.',
    todo: 'Look at the log and the load of the machine; restart the program if it hangs.',
  },
  'unexpected-banner': {
    means: 'Something answers, but not what is expected: another program, or one that turns people away.',
    todo: 'Read what it says; look at the program and its settings.',
  },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the address.',
    todo: 'Look at routes and links: this comes from the network, not from the machine.',
  },
  reset: {
    means: 'The connection was broken off: the program crashed, or a firewall turned it away.',
    todo: "Look at the program's log, then at the firewall.",
  },
  closed: {
    means: 'The program hangs up on people before it says anything useful.',
    todo: "Look at the program's log: it may be full, or turn this computer away.",
  },
  slow: { means: 'It works, but people wait.', todo: 'Look at the load of the machine and at the link.' },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
  'resolver-failed': {
    means: 'The name could not be looked up from here, so nothing is known about the target.',
    todo: "Look at this computer's resolver.",
  },
};
const lookHere = {
  means: 'Nothing is known about the target: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

const explain = (_: TcpFacts, verdict: Verdict, config: TcpConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: TcpFacts): FactLine[] {
  const lines: FactLine[] = [];
  const time = (label: string, ms: number | undefined): unknown => ms !== undefined && lines.push({ label, value: humanLatency(ms) });
  time('Connect', it.connectMs);
  time('First words after', it.bannerMs);
  if (it.banner !== undefined) lines.push({ label: 'Says', value: it.banner });
  if (it.matched !== undefined) lines.push({ label: 'As expected', value: it.matched ? 'yes' : 'no' });
  time('Name lookup', it.lookupMs);
  if (it.address !== undefined) lines.push({ label: 'Address', value: `${it.address} port ${it.port ?? ''}` });
  return lines;
}

export const tcp = {
  title: 'TCP port',
  summary: 'Whether a port accepts connections and, if asked for, greets with the right text',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: (it) => it.connectMs ?? null,
  facts,
} satisfies CheckDefinition<TcpConfig, TcpFacts>;

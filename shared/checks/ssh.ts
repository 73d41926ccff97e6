/** SSH: does it greet, exchange keys, and hold the host key that it should. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { durationSchema, humanLatency, MINUTE } from '../time.ts';
import { failed, targetAddress } from './target.ts';
import { familySetting, hostAndPort, portSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

/** As ssh-keygen -l prints it: 32 bytes in Base64 without padding. */
export const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected a fingerprint as ssh-keygen -l prints it, such as SHA256:… with 43 characters');

const config = z.object({
  address: targetAddress.describe('IP address or host name to connect to'),
  port: portSetting.default(22).describe('Port'),
  family: familySetting,
  fingerprint: z
    .union([fingerprint, z.array(fingerprint).min(1).max(10)])
    .transform((it) => [it].flat())
    .optional()
    .transform((it) => it ?? [])
    .describe(
      'Host keys that it may have (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the server); any other is down. Where left out, a change is an event',
    ),
  expect: z.string().min(1).max(200).optional().describe('Text that must stand in its greeting, such as "OpenSSH_9"'),
  slowDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when greeting and key exchange take longer together'),
});
export type SshConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  address: z.string().optional(),
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  /** From the connection to the whole identification line. */
  bannerMs: z.number().optional(),
  kexMs: z.number().optional(),
  banner: z.string().max(255).optional(),
  protocol: z.string().optional(),
  software: z.string().max(200).optional(),
  /** Lines before the greeting. */
  before: z.array(z.string().max(200)).max(5).optional(),
  keyType: z.string().optional(),
  /** Only set once the server has proven that it holds the key. */
  fingerprint: z.string().optional(),
  kex: z.string().optional(),
  /** Whether the key is one of those that it may have; missing where none is named. */
  pinned: z.boolean().optional(),
});
export type SshFacts = z.infer<typeof observation>;

const measure = (it: SshFacts): number | null =>
  it.connectMs === undefined || it.kexMs === undefined ? null : it.connectMs + (it.bannerMs ?? 0) + it.kexMs;

function judge(it: SshFacts, config: SshConfig): Verdict {
  const { failure } = it;
  if (failure) {
    if (it.connectMs === undefined)
      return failure.code === 'refused' ? failed(failure, `connection refused on port ${config.port}`) : failed(failure);
    if (failure.code === 'timeout' && it.banner === undefined)
      return failed(failure, `port ${config.port} accepts connections, but the server does not greet`, 'no-greeting');
    if (it.banner !== undefined)
      return failed(failure, failure.detail, failure.code === 'timeout' ? 'key-exchange-stalled' : 'key-exchange-failed');
    return failed(failure);
  }
  if (it.fingerprint === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was tried' };
  if (config.fingerprint.length > 0 && it.pinned !== true)
    return { state: 'down', reason: 'host-key-changed', text: `the host key is another: ${it.keyType} ${it.fingerprint}` };
  if (config.expect !== undefined && !it.banner?.includes(config.expect))
    return { state: 'degraded', reason: 'unexpected-banner', text: `greets with "${it.banner}", without "${config.expect}"` };
  const took = measure(it);
  if (config.slowDegraded !== undefined && took !== null && took > config.slowDegraded)
    return { state: 'degraded', reason: 'slow', text: `takes ${humanLatency(took)}, more than ${humanLatency(config.slowDegraded)}` };
  return {
    state: 'ok',
    reason: 'ok',
    text: `${it.software} in ${humanLatency(took ?? 0)}, host key ${it.pinned ? 'as pinned' : it.keyType}`,
  };
}

const target = (config: SshConfig): string => `SSH ${hostAndPort(config.address, config.port)}`;

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The server greets and holds its key. Whether it lets people in is not tried.', todo: 'Nothing.' },
  refused: {
    means: 'The machine answers, but no SSH server listens there.',
    todo: 'Start sshd by another way in (console), and read its log for why it ended.',
  },
  timeout: {
    means: 'Connections go nowhere: the machine is off, the way is broken, or a firewall drops them.',
    todo: 'See whether the machine answers to ping; then look at the firewall.',
  },
  'no-greeting': {
    means: 'The port is open, but nobody gets in: the server hangs, or the machine is out of memory or processes.',
    todo: 'Look at the console and the load of the machine.',
  },
  'key-exchange-stalled': {
    means: 'The server greets and then hangs: nobody gets in.',
    todo: 'Look at the load of the machine. If only large packets get lost, look at the MTU on the way.',
  },
  'key-exchange-failed': {
    means: 'The server greets, but no secure connection comes about.',
    todo: "Read the server's log; look at its host keys and at what algorithms it allows.",
  },
  'host-key-changed': {
    means: 'The machine was set up anew, its keys were replaced, or the connection ends at another machine that pretends to be this one.',
    todo: 'Do not log in and send no password. Compare with ssh-keygen -lf on the console of the server; if it was on purpose, write the new fingerprint into the inventory.',
  },
  'unexpected-banner': { means: 'Another program or version answers than is expected.', todo: 'Find out who changed it.' },
  slow: { means: 'It works, but people wait.', todo: 'Look at the load of the machine and at the link.' },
  closed: {
    means: 'The server hangs up on people before it greets.',
    todo: 'It may be full (MaxStartups) or turn this computer away: read its log.',
  },
  reset: {
    means: 'The connection was broken off: the server crashed, or a firewall turned it away.',
    todo: 'Look at its log, then at the firewall.',
  },
  protocol: { means: 'Something else answers on this port, or something that is broken.', todo: 'Look at what listens there.' },
  'too-large': { means: 'Something else answers on this port, and does not stop.', todo: 'Look at what listens there.' },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the address.',
    todo: 'Look at routes and links: this comes from the network.',
  },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
};
const lookHere = {
  means: 'Nothing is known about the server: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

function facts(it: SshFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value && lines.push({ label, value });
  const ms = (label: string, value: number | undefined): unknown => add(label, value === undefined ? undefined : humanLatency(value));
  add('Greeting', it.banner);
  add('Before it', it.before?.join(' | '));
  if (it.fingerprint !== undefined) add('Host key', `${it.keyType} ${it.fingerprint}`);
  if (it.pinned !== undefined) add('Is the pinned one', it.pinned ? 'yes' : 'no');
  add('Key exchange', it.kex);
  ms('Connect', it.connectMs);
  ms('Greeting after', it.bannerMs);
  ms('Key exchange took', it.kexMs);
  ms('Name lookup', it.dnsMs);
  add('Address', it.address);
  return lines;
}

export const ssh = {
  title: 'SSH',
  summary: 'Whether an SSH server greets, exchanges keys, and holds the host key that it should. Nobody logs in',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain: (_, verdict, config) => ({ happened: `${target(config)}: ${verdict.text}.`, ...(advice[verdict.reason] ?? lookHere) }),
  measure,
  facts,
  changes(before, after) {
    const changes = [];
    // A server has a key of each kind: only two of one kind tell of a change.
    if (
      before.fingerprint !== undefined &&
      after.fingerprint !== undefined &&
      before.keyType === after.keyType &&
      before.fingerprint !== after.fingerprint
    )
      changes.push({ code: 'host-key', text: `the ${after.keyType} host key changed from ${before.fingerprint} to ${after.fingerprint}` });
    if (before.fingerprint !== undefined && after.fingerprint !== undefined && before.keyType !== after.keyType)
      changes.push({
        code: 'host-key-type',
        text: `the server shows its ${after.keyType} host key (${after.fingerprint}) instead of the ${before.keyType} one`,
      });
    if (before.software !== undefined && after.software !== undefined && before.software !== after.software)
      changes.push({ code: 'version', text: `the server says "${after.software}", before "${before.software}"` });
    return changes;
  },
} satisfies CheckDefinition<SshConfig, SshFacts>;

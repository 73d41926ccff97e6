/** Settings, facts and words of the checks that log in over ssh. */
import { z } from 'zod';
import { type Failure, idSchema, type Verdict } from '../model/words.ts';
import { humanDuration } from '../time.ts';
import { fingerprint } from './ssh.ts';
import { targetAddress } from './target.ts';
import { familySetting, portSetting } from './tls-settings.ts';
import type { Explanation, FactLine } from './types.ts';

export const loginSettings = {
  address: targetAddress.describe('IP address or host name to log in to'),
  port: portSetting.default(22).describe('Port of its SSH server'),
  family: familySetting,
  user: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._@\\-]{0,63}$/, 'expected the name of an account')
    .describe('Account to log in as. It needs no rights: reading is enough'),
  keySecret: idSchema.describe(
    'Name of the secret that holds the private key (PEM or OpenSSH), never the key itself. After 3 refusals only one log-in an hour is tried',
  ),
  passphraseSecret: idSchema.optional().describe('Name of the secret that holds the passphrase of the key'),
  fingerprint: z
    .union([fingerprint, z.array(fingerprint).min(1).max(10)])
    .transform((it) => [it].flat())
    .describe(
      'Host keys that it may have (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the server). Nobody logs in to a server with another',
    ),
};

export const loginFacts = {
  address: z.string().optional(),
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  /** From the connection to the open session. */
  loginMs: z.number().optional(),
  keyType: z.string().optional(),
  fingerprint: z.string().optional(),
  /** Whether the host key is one of those that it may have. */
  pinned: z.boolean().optional(),
  login: z.enum(['accepted', 'refused', 'held-back']).optional(),
  /** Refusals in a row. */
  refusals: z.number().optional(),
  nextLoginMs: z.number().optional(),
};
export type LoginFacts = { [K in keyof typeof loginFacts]?: z.infer<(typeof loginFacts)[K]> };

/** Nothing is known of what is behind; a wrong host key alone is more than that. */
export const judgeNoLogin = (it: LoginFacts, failure: Failure): Verdict =>
  it.pinned === false
    ? { state: 'down', reason: 'host-key-changed', text: `the host key is another: ${it.keyType} ${it.fingerprint}` }
    : { state: 'unknown', reason: failure.code, text: failure.detail };

export const loginAdvice: Record<string, Omit<Explanation, 'happened'>> = {
  'host-key-changed': {
    means: 'The machine was set up anew, its keys were replaced, or the connection ends at another machine that pretends to be this one.',
    todo: 'Compare with ssh-keygen -lf on the console of the server; if it was on purpose, write the new fingerprint into the inventory.',
  },
  'login-refused': {
    means: 'The server does not take the key: nothing is known about its inside.',
    todo: "Look whether the account has the public key in its authorized_keys; the server's log of log-ins says why it refused.",
  },
  'no-secret': { means: 'Nobody can log in: the key is not set here, or cannot be read.', todo: 'Set the secret that the check names.' },
  refused: { means: 'No SSH server listens there: nothing is known about its inside.', todo: 'Look at sshd by the console.' },
  timeout: {
    means: 'The server was too slow to tell about itself, or is gone: nothing is known about its inside.',
    todo: 'See whether it answers to ping, then look at its load by the console.',
  },
  'server-error': {
    means: 'The log-in works, but no commands: the account may have no shell, or may run one other command only.',
    todo: 'Give the account a shell (chsh), or allow "sh -s" in its authorized_keys.',
  },
};
export const noLoginAdvice: Omit<Explanation, 'happened'> = {
  means: 'Nothing is known about the inside of the server.',
  todo: 'Look at the transcript of the check.',
};

export function loginLines(it: LoginFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value && lines.push({ label, value });
  add('Log-in', it.login === 'held-back' ? 'held back, so that the account is not locked' : it.login);
  add('Refusals in a row', it.refusals?.toString());
  add('Next log-in in', it.nextLoginMs === undefined ? undefined : humanDuration(it.nextLoginMs));
  add('Log-in took', it.loginMs === undefined ? undefined : humanDuration(it.loginMs));
  if (it.fingerprint !== undefined) add('Host key', `${it.keyType} ${it.fingerprint}${it.pinned === false ? ', not the pinned one' : ''}`);
  add('Address', it.address);
  return lines;
}

/** What the probes of imap, pop3 and sieve find out, and how it reads. */
import { z } from 'zod';
import { failureSchema } from '../model/words.ts';
import { humanDuration, humanLatency, stamp } from '../time.ts';
import { certificateSchema } from './tls-certificate.ts';
import type { Change, FactLine } from './types.ts';

/** What a probe was at when it ended. With STARTTLS `capability` stands before and after `tls`. */
export const mailboxStages = ['connect', 'greeting', 'capability', 'tls', 'login', 'select', 'state', 'done'] as const;

/** What stood in the way beyond a plain failure: by these the verdict finds its words. */
const mailboxTroubles = [
  // Encryption is wanted: it is not offered (stripped on the way, or turned off), or offered and then refused.
  'no-starttls',
  'starttls-refused',
  // Something came in clear after the answer to STARTTLS, or the server took us for logged in before it: somebody stands in between.
  'starttls-injected',
  // No password is taken without encryption, which this check does not use.
  'login-needs-tls',
  // No log-in by password is offered at all.
  'no-password-login',
] as const;

export const mailboxFacts = {
  failure: failureSchema.optional(),
  stage: z.enum(mailboxStages).optional(),
  trouble: z.enum(mailboxTroubles).optional(),
  address: z.string().optional(),
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  tlsMs: z.number().optional(),
  /** From the connection (with encryption from the start: from its handshake) to the end of the greeting. */
  greetingMs: z.number().optional(),
  banner: z.string().max(200).optional(),
  protocol: z.string().optional().describe('TLS version, where encrypted'),
  certificate: certificateSchema.optional(),
  /** As they hold at the log-in, cleaned. */
  capabilities: z.array(z.string().max(80)).max(60).optional(),
  /** Whether a password would have been taken before encryption; absent where encryption came first. */
  plainLogin: z.boolean().optional(),
  login: z.enum(['accepted', 'refused', 'held-back', 'none']).optional(),
  /** Log-ins refused in a row, by this and other mail checks of the same account. */
  refusals: z.int().optional(),
  /** Until the next log-in is tried. */
  nextLoginMs: z.number().optional(),
  loginMs: z.number().optional(),
  totalMs: z.number().optional(),
  /** The server's own code (UNAVAILABLE, SYS/TEMP; else the bare NO, BAD, BYE, -ERR) and words. */
  serverError: z.object({ code: z.string(), text: z.string() }).optional(),
  /** What the server wants people to read (IMAP's ALERT). */
  notice: z.string().max(200).optional(),
  messages: z.int().optional(),
};
const all = z.object(mailboxFacts);
export type MailboxFacts = z.infer<typeof all>;

/** When the messages of a mailbox came. */
export const backlogFacts = {
  unseen: z.int().optional(),
  /** Epoch ms, by the server's clock. */
  newestAt: z.number().optional(),
  oldestAt: z.number().optional(),
  /** More messages lie there than an hour ago; negative: fewer. Absent until it has been watched for long enough. */
  growthPerHour: z.number().optional(),
};
const backlog = z.object(backlogFacts);
export type BacklogFacts = MailboxFacts & z.infer<typeof backlog>;

const loginWords = {
  accepted: 'accepted',
  refused: 'refused',
  'held-back': 'held back, so that the account is not locked',
  none: 'not asked for',
};

/** "+12 per hour". */
export const growthWords = (perHour: number): string => `${perHour > 0 ? '+' : ''}${Math.round(perHour)} per hour`;

export function mailboxLines(it: BacklogFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value && lines.push({ label, value });
  const ms = (label: string, value: number | undefined): unknown => add(label, value === undefined ? undefined : humanLatency(value));
  add('Messages', it.messages === undefined ? undefined : `${it.messages}${it.unseen === undefined ? '' : `, ${it.unseen} unread`}`);
  add('Newest message', it.newestAt === undefined ? undefined : stamp(it.newestAt, 'UTC'));
  add('Oldest message', it.oldestAt === undefined ? undefined : stamp(it.oldestAt, 'UTC'));
  add('Growth', it.growthPerHour === undefined ? undefined : growthWords(it.growthPerHour));
  if (it.login !== undefined) add('Log-in', loginWords[it.login]);
  if (it.refusals)
    add(
      'Log-ins refused',
      `${it.refusals} in a row${it.nextLoginMs === undefined ? '' : `; the next is tried in ${humanDuration(it.nextLoginMs)} or when the secret changes`}`,
    );
  if (it.serverError) add('Server says', `${it.serverError.text} (${it.serverError.code})`);
  add('Notice of the server', it.notice);
  add('Greeting', it.banner);
  add('Encrypted', it.protocol);
  if (it.plainLogin !== undefined) add('Password before encryption', it.plainLogin ? 'would be taken' : 'is not taken');
  if (it.certificate) {
    add('Certificate until', stamp(it.certificate.validTo, 'UTC'));
    add('Certificate for', it.certificate.altNames.length > 0 ? it.certificate.altNames.slice(0, 6).join(', ') : it.certificate.subject);
    add('Certificate by', it.certificate.issuer);
  }
  add('Offers', it.capabilities?.join(' '));
  ms('Connect', it.connectMs);
  ms('TLS handshake', it.tlsMs);
  ms('Greeting after', it.greetingMs);
  ms('Log-in took', it.loginMs);
  ms('In all', it.totalMs);
  ms('Name lookup', it.dnsMs);
  add('Address', it.address);
  return lines;
}

/** Another certificate. */
export function mailboxChanges(before: MailboxFacts, after: MailboxFacts): Change[] {
  const [old, now] = [before.certificate, after.certificate];
  if (!old || !now || old.fingerprint256 === now.fingerprint256) return [];
  return [
    {
      code: 'certificate-changed',
      text: `the certificate was replaced: the new one is from ${now.issuer} and valid until ${stamp(now.validTo, 'UTC')}`,
    },
  ];
}

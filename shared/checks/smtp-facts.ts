/** What the smtp probe finds out, and how it reads. */
import { z } from 'zod';
import { failureSchema } from '../model/words.ts';
import { humanDuration, humanLatency, stamp } from '../time.ts';
import { certificateSchema } from './tls-certificate.ts';
import type { Change, FactLine } from './types.ts';

const replySchema = z.object({ code: z.int(), enhanced: z.string().optional(), text: z.string() });

/** How far a probe came. */
const stages = ['connect', 'greeting', 'ehlo', 'tls', 'login', 'mail', 'rcpt', 'relay', 'done'] as const;

export const smtpObservation = z.object({
  failure: failureSchema.optional(),
  stage: z.enum(stages).optional(),
  /** The name has addresses, and none of the IP version that is looked at. */
  noAddress: z.boolean().optional(),
  address: z.string().optional(),
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  /** From the connection to the end of the greeting. */
  greetingMs: z.number().optional(),
  /** What the greeting says, all lines of it, cleaned. */
  banner: z.string().optional(),
  /** As EHLO names them, after encryption where there is one. */
  extensions: z.array(z.string()).max(40).optional(),
  /** Whether STARTTLS was offered on the plain connection. */
  starttls: z.boolean().optional(),
  /** Something on the way writes X over the words of the server, as some firewalls do to keep encryption out. */
  masked: z.boolean().optional(),
  /** STARTTLS was offered and then not begun. */
  starttlsReply: replySchema.optional(),
  protocol: z.string().optional(),
  certificate: certificateSchema.optional(),
  /** Ways to log in that are offered, after encryption where there is one. */
  mechanisms: z.array(z.string()).max(20).optional(),
  /** Log-in was offered before encryption. */
  plainAuthOffered: z.boolean().optional(),
  /** Whether a stranger could hand in mail before encryption and log-in. */
  plainMail: z.enum(['refused', 'taken', 'unclear']).optional(),
  login: z.enum(['accepted', 'refused', 'held-back', 'not-offered', 'none']).optional(),
  mechanism: z.string().optional(),
  /** Log-ins refused in a row, by this and other checks of the same account. */
  refusals: z.int().optional(),
  /** Until the next log-in is tried. */
  nextLoginMs: z.number().optional(),
  loginMs: z.number().optional(),
  /** The answer that decided. */
  reply: replySchema.optional(),
  /** The answer had begun when the time was over. */
  began: z.boolean().optional(),
  recipient: z.enum(['accepted', 'greylisted', 'put-off', 'refused', 'not-tried']).optional(),
  /** When it was accepted last before this probe, epoch ms, as far as the desk remembers. */
  acceptedAt: z.number().optional(),
  /** Since when it is put off, epoch ms. */
  putOffSince: z.number().optional(),
  relay: z.enum(['refused', 'open', 'unclear', 'not-tried']).optional(),
  /** What the relay test was told: epoch ms of it and the answer. It is asked seldom, as every refusal is a line in the server's log. */
  relayAt: z.number().optional(),
  relayReply: z.string().optional(),
  totalMs: z.number().optional(),
});
export type SmtpFacts = z.infer<typeof smtpObservation>;
export type SmtpReplyFacts = z.infer<typeof replySchema>;

/** "450 4.2.0 come back later". */
export const replyWords = ({ code, enhanced, text }: SmtpReplyFacts): string =>
  [String(code), enhanced, text].filter((part) => part !== undefined && part !== '').join(' ');

const recipientWords = {
  accepted: 'accepted',
  greylisted: 'put off, as greylisting does with newcomers',
  'put-off': 'put off',
  refused: 'refused',
  'not-tried': 'not tried',
};
const relayWords = { refused: 'refused', open: 'accepted', unclear: 'not clear', 'not-tried': 'not tried' };
const loginWords = {
  accepted: 'accepted',
  refused: 'refused',
  'held-back': 'held back, so that the account is not locked',
  'not-offered': 'not offered',
  none: 'not asked for',
};

export function smtpFactLines(it: SmtpFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value && lines.push({ label, value });
  const ms = (label: string, value: number | undefined): unknown => add(label, value === undefined ? undefined : humanLatency(value));
  if (it.reply) add('Server says', replyWords(it.reply));
  if (it.recipient && it.recipient !== 'not-tried') add('Test mailbox', recipientWords[it.recipient]);
  if (it.putOffSince !== undefined) add('Put off since', stamp(it.putOffSince, 'UTC'));
  if (it.login && it.login !== 'none') add('Log-in', `${loginWords[it.login]}${it.mechanism ? ` (${it.mechanism})` : ''}`);
  add('Refusals in a row', it.refusals?.toString());
  add('Next log-in in', it.nextLoginMs === undefined ? undefined : humanDuration(it.nextLoginMs));
  if (it.relay && it.relay !== 'not-tried')
    add(
      'Mail for strangers',
      `${relayWords[it.relay]}${it.relayReply ? `: ${it.relayReply}` : ''}${it.relayAt === undefined ? '' : ` (tried ${stamp(it.relayAt, 'UTC')})`}`,
    );
  if (it.plainMail) add('Mail before encryption', it.plainMail === 'unclear' ? 'not clear' : it.plainMail);
  if (it.starttls !== undefined) add('STARTTLS', it.starttls ? 'offered' : it.masked ? 'masked on the way' : 'not offered');
  if (it.starttlsReply) add('STARTTLS answered by', replyWords(it.starttlsReply));
  add('Encrypted', it.protocol);
  if (it.certificate) {
    add('Certificate valid until', stamp(it.certificate.validTo, 'UTC'));
    add('Certificate good for', it.certificate.altNames.slice(0, 6).join(', ') || it.certificate.subject);
    add('Issued by', it.certificate.issuer);
  }
  add('Ways to log in', it.mechanisms?.join(', '));
  if (it.plainAuthOffered !== undefined) add('Log-in before encryption', it.plainAuthOffered ? 'offered' : 'not offered');
  add('Greets with', it.banner);
  add('Can', it.extensions?.join(', '));
  ms('Connect', it.connectMs);
  ms('Greeting after', it.greetingMs);
  ms('Log-in took', it.loginMs);
  ms('In all', it.totalMs);
  ms('Name lookup', it.dnsMs);
  add('Address', it.address);
  return lines;
}

/** A new certificate, encryption or ways to log in that came or went, another program behind the greeting. */
export function smtpChanges(before: SmtpFacts, after: SmtpFacts): Change[] {
  const changes: Change[] = [];
  const [old, now] = [before.certificate, after.certificate];
  if (old && now && old.fingerprint256 !== now.fingerprint256)
    changes.push({
      code: 'certificate-changed',
      text: `the certificate was replaced: the new one is from ${now.issuer} and valid until ${stamp(now.validTo, 'UTC')}`,
    });
  if (before.starttls !== undefined && after.starttls !== undefined && before.starttls !== after.starttls)
    changes.push({ code: 'starttls', text: `encryption (STARTTLS) is ${after.starttls ? 'offered now' : 'no longer offered'}` });
  const [was, is] = [before.mechanisms?.toSorted().join(', '), after.mechanisms?.toSorted().join(', ')];
  if (was !== undefined && is !== undefined && was !== is)
    changes.push({ code: 'mechanisms', text: `the ways to log in changed from ${was || 'none'} to ${is || 'none'}` });
  if (before.relay !== undefined && after.relay === 'open' && before.relay === 'refused')
    changes.push({ code: 'relay', text: 'the server takes mail for strangers now' });
  return changes;
}

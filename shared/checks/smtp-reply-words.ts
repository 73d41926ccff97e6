/** What answers of SMTP servers mean: codes of RFC 5321, enhanced status codes of RFC 3463. Words are never read, codes only. */
import type { Level } from '../model/words.ts';
import type { SmtpFacts, SmtpReplyFacts } from './smtp-facts.ts';
import { replyWords } from './smtp-facts.ts';

export interface Meaning {
  level: Level;
  reason: string;
  text: string;
}

/**
 * Whether an answer to RCPT may be greylisting (RFC 6647): a newcomer is put off with 450 or 451 and a status of policy (4.7.x), of
 * "other" (4.2.0, postgrey) or with none. Full disks (452, 4.3.x), broken look-ups (4.1.x, 4.4.x) and shutdowns (421) are faults.
 */
export const mayBeGreylisting = ({ code, enhanced }: SmtpReplyFacts): boolean =>
  (code === 450 || code === 451) && (enhanced === undefined || enhanced === '4.2.0' || /^4\.7\.\d+$/.test(enhanced));

/** What is meant when a server turns us away at this stage. */
export function meaningOf(stage: SmtpFacts['stage'], reply: SmtpReplyFacts): Meaning {
  const { code, enhanced = '' } = reply;
  const said = replyWords(reply);
  const status = enhanced.slice(2);
  const lasting = code >= 500;
  if (stage === 'greeting') {
    // A policy against this computer (too many connections, a blocklist) says nothing of others.
    if (status.startsWith('7.')) return { level: 'unknown', reason: 'turned-away', text: `turns this computer away: ${said}` };
    return lasting
      ? { level: 'down', reason: 'no-service', text: `serves nobody here: ${said}` }
      : { level: 'down', reason: 'not-available', text: `takes no mail for now: ${said}` };
  }
  if (code === 421) return { level: 'down', reason: 'not-available', text: `breaks off: ${said}` };
  if (stage === 'ehlo') return { level: 'down', reason: 'hello-refused', text: `refuses our greeting: ${said}` };
  if (stage === 'tls') return { level: 'down', reason: 'starttls-refused', text: `offers encryption, but does not start it: ${said}` };
  if (stage === 'login') return { level: 'down', reason: 'login-failed', text: `cannot check the log-in: ${said}` };
  if (status === '2.2') return { level: 'degraded', reason: 'mailbox-full', text: `the test mailbox is full: ${said}` };
  if (status === '3.1' || code === 452) return { level: 'down', reason: 'no-space', text: `has no room left for mail: ${said}` };
  if (stage === 'mail') {
    if (code === 530) return { level: 'down', reason: 'login-required', text: `takes no mail without log-in or encryption: ${said}` };
    return lasting
      ? { level: 'down', reason: 'sender-refused', text: `refuses the sender: ${said}` }
      : { level: 'down', reason: 'temporary-fault', text: `takes no mail for now: ${said}` };
  }
  return lasting
    ? { level: 'down', reason: 'recipient-refused', text: `refuses the test mailbox: ${said}` }
    : { level: 'down', reason: 'temporary-fault', text: `cannot take mail for the test mailbox now: ${said}` };
}

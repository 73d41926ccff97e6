/** How the facts of imap, pop3 and sieve are judged: one way for all three. */
import { type Failure, type Level, severityOf, type Verdict } from '../model/words.ts';
import { count, listOf } from '../text.ts';
import { humanLatency } from '../time.ts';
import type { MailboxFacts } from './mailbox-facts.ts';
import { failed } from './target.ts';
import { certificateProblems, certificateSentence, timeLeft } from './tls-certificate.ts';

/** What of the settings matters here; durations in ms. */
interface MailboxLimits {
  address: string;
  port: number;
  serverName?: string | undefined;
  certificate: 'verify' | 'any';
  expiresDegraded: number;
  slowDegraded: number;
  slowDown: number;
}

export interface Finding {
  level: Level;
  reason: string;
  text: string;
}

/** What a server's own code means: `unknown` where only this check is turned away, so that nothing is known about others. */
interface Meaning {
  reason: string;
  level: Level;
  /** Goes before the words of the server. */
  text: string;
}
const unavailable: Meaning = { reason: 'server-unavailable', level: 'down', text: 'the server cannot do its work for now' };
const inUse: Meaning = { reason: 'mailbox-in-use', level: 'degraded', text: 'another program holds the mailbox' };
const needsTls: Meaning = { reason: 'login-needs-tls', level: 'unknown', text: 'the server takes no password without encryption' };
const noMailbox: Meaning = { reason: 'no-mailbox', level: 'down', text: 'the mailbox is not there' };
/** Codes of RFC 5530 and 3501 (IMAP), RFC 2449 and 3206 (POP3), RFC 5804 (ManageSieve). */
const meanings = new Map<string, Meaning>([
  ['UNAVAILABLE', unavailable],
  ['SYS/TEMP', unavailable],
  ['TRYLATER', unavailable],
  ['SERVERBUG', { ...unavailable, reason: 'server-error', text: 'the server met a fault of its own' }],
  ['SYS/PERM', { ...unavailable, reason: 'server-error', text: 'the server met a lasting fault of its own' }],
  ['INUSE', inUse],
  ['IN-USE', inUse],
  ['LIMIT', { reason: 'too-many-sessions', level: 'unknown', text: 'too many sessions of this account from here' }],
  ['LOGIN-DELAY', { reason: 'login-delay', level: 'unknown', text: 'the server wants longer pauses between log-ins' }],
  ['PRIVACYREQUIRED', needsTls],
  ['ENCRYPT-NEEDED', needsTls],
  ['NONEXISTENT', noMailbox],
  ['TRYCREATE', noMailbox],
]);

const troubleWords: Record<NonNullable<MailboxFacts['trouble']>, { level: Level; text: string }> = {
  'no-starttls': { level: 'down', text: 'offers no STARTTLS: encryption is turned off, or was stripped on the way; no password was sent' },
  'starttls-refused': { level: 'down', text: 'offers STARTTLS, then refuses it; no password was sent' },
  'starttls-injected': { level: 'down', text: 'something was slipped in before encryption began; no password was sent' },
  'login-needs-tls': { level: 'unknown', text: 'the server takes no password without encryption, and the check uses none' },
  'no-password-login': { level: 'down', text: 'the server offers no log-in by password' },
};

/**
 * @param fine what is said where all is well, such as "INBOX opens"
 * @param more findings of one protocol alone
 */
export function judgeMailbox(it: MailboxFacts, limits: MailboxLimits, now: number, fine: string, more: Finding[] = []): Verdict {
  if (it.failure) return judgeFailure(it, it.failure, limits, now);
  if (it.greetingMs === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was tried' };
  if (it.stage !== 'done') return { state: 'unknown', reason: 'no-result', text: 'the check did not come to its end' };
  const found = [...more, ...findingsOf(it, limits, now)].sort((a, b) => severityOf(b.level) - severityOf(a.level));
  const [first, ...rest] = found;
  if (first) {
    const others = rest.map((finding) => finding.text);
    return { state: first.level, reason: first.reason, text: `${first.text}${others.length > 0 ? `; also ${listOf(others, 2)}` : ''}` };
  }
  const looked = it.login !== 'none' || it.messages !== undefined;
  const said = [`${looked ? fine : 'greets'} in ${humanLatency(it.totalMs ?? 0)}`];
  if (!looked) said.push('nobody logged in');
  if (it.messages !== undefined) said.push(count(it.messages, 'message'));
  if (it.notice !== undefined) said.push(`the server says "${it.notice}"`);
  return { state: 'ok', reason: 'ok', text: said.join(', ') };
}

function judgeFailure(it: MailboxFacts, failure: Failure, limits: MailboxLimits, now: number): Verdict {
  const { port } = limits;
  if (it.connectMs === undefined) {
    if (failure.code === 'refused') return failed(failure, `connection refused on port ${port}`);
    return failed(failure);
  }
  if (it.trouble) {
    const { level, text } = troubleWords[it.trouble];
    return { state: level, reason: it.trouble, text };
  }
  if (failure.code === 'certificate' && it.certificate) {
    const problems = certificateProblems(it.certificate, limits.serverName ?? limits.address, now);
    const [first] = problems;
    if (first) return failed(failure, certificateSentence(problems), first.reason);
  }
  if (failure.code === 'timeout') return judgeStall(it, failure, port);
  const known = failure.code === 'server-error' && it.serverError ? meanings.get(it.serverError.code) : undefined;
  if (known) return { state: known.level, reason: known.reason, text: `${known.text}: ${it.serverError?.text ?? ''}` };
  if (failure.code === 'server-error' && (it.stage === 'select' || it.stage === 'state'))
    return failed(failure, failure.detail, 'mailbox-unreadable');
  return failed(failure);
}

function judgeStall(it: MailboxFacts, failure: Failure, port: number): Verdict {
  switch (it.stage) {
    case 'greeting':
      return failed(failure, `port ${port} accepts connections, but the server says nothing`, 'no-greeting');
    case 'capability':
      return failed(failure, 'the server greets, then says nothing more', 'stalled');
    case 'login':
      return failed(failure, 'the server greets, but lets nobody in: the log-in got no answer', 'login-stalled');
    case 'select':
    case 'state':
      return failed(failure, 'lets people in, but the mailbox does not open in time', 'mailbox-stalled');
    default:
      return failed(failure);
  }
}

function findingsOf(it: MailboxFacts, limits: MailboxLimits, now: number): Finding[] {
  const found: Finding[] = [];
  if (it.certificate && limits.certificate === 'verify' && it.certificate.validTo - now <= limits.expiresDegraded)
    found.push({
      level: 'degraded',
      reason: 'certificate-expires-soon',
      text: `certificate expires in ${timeLeft(it.certificate.validTo, now)}`,
    });
  const took = it.totalMs ?? 0;
  const slow = (level: Level, most: number): unknown =>
    found.push({ level, reason: 'slow', text: `takes ${humanLatency(took)}, more than ${humanLatency(most)}` });
  if (took > limits.slowDown) slow('down', limits.slowDown);
  else if (took > limits.slowDegraded) slow('degraded', limits.slowDegraded);
  return found;
}

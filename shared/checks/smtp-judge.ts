/** What the facts of an SMTP server mean, for receiving (25) and for sending (587, 465). */
import { severityOf, type Verdict } from '../model/words.ts';
import { listOf } from '../text.ts';
import { humanDuration, humanLatency } from '../time.ts';
import { replyWords, type SmtpFacts } from './smtp-facts.ts';
import { type Meaning, meaningOf } from './smtp-reply-words.ts';
import { isOutsideLook, type SmtpConfig, wantsTls } from './smtp-settings.ts';
import { failed } from './target.ts';
import { certificateProblems, certificateSentence, timeLeft } from './tls-certificate.ts';
import { levelOfFailure } from './tls-settings.ts';

export function judgeSmtp(it: SmtpFacts, config: SmtpConfig, now: number): Verdict {
  if (it.noAddress)
    return { state: 'ok', reason: 'no-address', text: `has no IPv${config.family} address, so there is nothing to look at` };
  const found = findingsOf(it, config, now).sort((a, b) => severityOf(b.level) - severityOf(a.level));
  const { failure } = it;
  if (failure) {
    const verdict = judgeFailure(it, config, now);
    // What is worse than where the probe ended: mail for strangers taken counts although the log-in then stalled on our side.
    const worse = found[0] && severityOf(found[0].level) > severityOf(verdict.state) ? found[0] : null;
    return worse ? { state: worse.level, reason: worse.reason, text: `${worse.text}; also ${verdict.text}` } : verdict;
  }
  if (it.stage === undefined || it.stage === 'connect') return { state: 'unknown', reason: 'no-result', text: 'nothing was tried' };
  if (it.stage !== 'done') return { state: 'unknown', reason: 'no-result', text: 'the check did not come to its end' };
  const [first, ...rest] = found;
  if (first) {
    const also = rest.map((finding) => finding.text);
    return {
      state: first.level,
      reason: first.reason,
      text: `${first.text}${also.length > 0 ? `; also ${listOf(also, 2)}` : ''}`,
      // Every newcomer meets greylisting (RFC 6647), so a desk that has just been set up. It ends at putOffDegraded.
      ...(first.reason === 'greylisted' && rest.length === 0 ? { waits: true as const } : {}),
    };
  }
  return { state: 'ok', reason: 'ok', text: `${successOf(it, config)}, in ${humanLatency(it.totalMs ?? 0)}` };
}

function successOf(it: SmtpFacts, config: SmtpConfig): string {
  if (isOutsideLook(config)) return 'lets nobody in before encryption';
  const encrypted = it.protocol ? `, encrypted (${it.protocol})` : '';
  if (it.login === 'accepted' && it.recipient === 'accepted') return `lets the test mailbox log in and takes mail of it${encrypted}`;
  if (it.login === 'accepted') return `lets the test mailbox log in${encrypted}`;
  if (it.recipient === 'accepted') return `takes mail for ${config.recipient}${encrypted}`;
  return `greets${encrypted}`;
}

/** What the stages ask for, in "gave no answer to …". */
const askedIn: Record<NonNullable<SmtpFacts['stage']>, string> = {
  connect: 'the connection',
  greeting: 'the connection',
  ehlo: 'our greeting (EHLO)',
  tls: 'STARTTLS',
  login: 'the log-in',
  mail: 'the sender (MAIL)',
  rcpt: 'the test mailbox (RCPT)',
  relay: 'the test for strangers',
  done: 'the last question',
};

function judgeFailure(it: SmtpFacts, config: SmtpConfig, now: number): Verdict {
  const failure = it.failure as NonNullable<SmtpFacts['failure']>;
  const { stage = 'connect' } = it;
  const asked = askedIn[stage];
  if (it.connectMs === undefined) {
    if (failure.code === 'refused') return failed(failure, `connection refused on port ${config.port}`);
    return failed(failure);
  }
  if (failure.code === 'certificate') return certificateVerdict(it, config, now) ?? failed(failure);
  if (failure.code === 'login-refused') return failed(failure);
  if (it.login === 'not-offered') return failed(failure, failure.detail, 'login-not-offered');
  if (stage === 'tls' && it.starttls === false) return noEncryption(it);
  if (it.reply) {
    const { level, reason, text } = meaningOf(stage, it.reply);
    return { state: level, reason, text };
  }
  // Tested beside what people need: mail for the test mailbox may well be taken.
  const state = stage === 'relay' && it.recipient === 'accepted' ? 'unknown' : levelOfFailure(failure.code);
  // Encrypted from the first byte: nothing was said or asked yet.
  const handshake = stage === 'tls' && config.encryption === 'tls';
  if (handshake && failure.code === 'timeout')
    return {
      state,
      reason: 'no-greeting',
      text: `port ${config.port} accepts connections, but the TLS handshake does not come to its end`,
    };
  if (handshake && (failure.code === 'closed' || failure.code === 'reset'))
    return { state, reason: failure.code, text: 'hangs up during the TLS handshake' };
  if (it.began && failure.code === 'timeout') return { state, reason: 'stalled', text: `stops in the middle of its answer to ${asked}` };
  if (failure.code === 'timeout')
    return stage === 'greeting'
      ? { state, reason: 'no-greeting', text: `port ${config.port} accepts connections, but the server says nothing` }
      : { state, reason: 'no-answer', text: `greets, but gave no answer to ${asked} in time` };
  if (failure.code === 'closed' || failure.code === 'reset')
    return { state, reason: failure.code, text: `hangs up ${it.began ? 'in the middle of its' : 'instead of an'} answer to ${asked}` };
  return failed(failure);
}

const noEncryption = (it: SmtpFacts): Verdict =>
  it.masked
    ? { state: 'down', reason: 'starttls-masked', text: 'offers no encryption: something on the way writes X over what the server says' }
    : { state: 'down', reason: 'starttls-missing', text: 'offers no encryption (STARTTLS)' };

/** Null when the certificate is good, or may be any. */
function certificateVerdict(it: SmtpFacts, config: SmtpConfig, now: number): Verdict | null {
  if (config.certificate === 'any' || !it.certificate) return null;
  const problems = certificateProblems(it.certificate, config.serverName ?? config.address, now);
  const first = problems[0];
  return first ? { state: 'down', reason: first.reason, text: certificateSentence(problems) } : null;
}

const adderTo =
  (found: Meaning[]) =>
  (level: Meaning['level'], reason: string, text: string): unknown =>
    found.push({ level, reason, text });

function findingsOf(it: SmtpFacts, config: SmtpConfig, now: number): Meaning[] {
  const found = [...encryptionFindings(it, config, now), ...recipientFindings(it, config, now)];
  const add = adderTo(found);
  if (it.relay === 'open')
    add(
      'degraded',
      'open-relay',
      `takes mail from this computer for other domains (${config.relayTo})${it.relayReply ? `: ${it.relayReply}` : ''}`,
    );
  else if (it.relay === undefined && config.relayTo !== undefined && it.stage === 'done')
    add('unknown', 'relay-unknown', 'not known whether it takes mail for strangers');
  if (config.user !== undefined && it.stage === 'done' && it.login !== 'accepted' && !isOutsideLook(config))
    add('unknown', 'login-unknown', 'not known whether the test mailbox can log in');
  const missing = it.mechanisms === undefined ? [] : config.mechanisms.filter((name) => !it.mechanisms?.includes(name));
  if (missing.length > 0 && !isOutsideLook(config)) add('degraded', 'login-way-missing', `does not offer the log-in ${listOf(missing)}`);
  if (it.totalMs !== undefined && it.totalMs > config.slowDown)
    add('down', 'slow', `takes ${humanLatency(it.totalMs)}, more than ${humanLatency(config.slowDown)}`);
  else if (it.totalMs !== undefined && it.totalMs > config.slowDegraded)
    add('degraded', 'slow', `takes ${humanLatency(it.totalMs)}, more than ${humanLatency(config.slowDegraded)}`);
  if (it.greetingMs !== undefined && it.greetingMs > config.greetingDegraded)
    add('degraded', 'greeting-late', `greets only after ${humanLatency(it.greetingMs)}`);
  return found;
}

function encryptionFindings(it: SmtpFacts, config: SmtpConfig, now: number): Meaning[] {
  const found: Meaning[] = [];
  const add = adderTo(found);
  if (config.encryption !== 'none' && !it.failure) {
    const bad = certificateVerdict(it, config, now) ?? (it.protocol === undefined && !it.starttlsReply ? noEncryption(it) : null);
    // Servers that deliver to a port like this one take what encryption they get (RFC 7435), unless a policy says otherwise.
    if (it.starttlsReply) found.push({ ...meaningOf('tls', it.starttlsReply), level: 'degraded' });
    if (bad) add(wantsTls(config) ? 'down' : 'degraded', bad.reason, bad.text);
  }
  const { certificate } = it;
  if (certificate && config.certificate === 'verify' && certificate.validTo >= now && certificate.validTo - now <= config.expiresDegraded)
    add('degraded', 'certificate-expires', `certificate expires in ${timeLeft(certificate.validTo, now)}`);
  if (!wantsTls(config)) return found;
  if (it.plainAuthOffered)
    add('degraded', 'login-before-encryption', 'offers log-in before encryption, so that passwords may cross the network in the clear');
  if (it.plainMail === 'taken') add('degraded', 'mail-before-encryption', 'takes mail without encryption and log-in');
  return found;
}

function recipientFindings(it: SmtpFacts, config: SmtpConfig, now: number): Meaning[] {
  const found: Meaning[] = [];
  const add = adderTo(found);
  const said = it.reply ? `: ${replyWords(it.reply)}` : '';
  if (it.recipient === 'greylisted') {
    const forMs = it.putOffSince === undefined ? 0 : Math.max(0, now - it.putOffSince);
    if (forMs > config.putOffDegraded)
      add('degraded', 'put-off', `has put off mail for the test mailbox for ${humanDuration(forMs)}${said}`);
    else add('unknown', 'greylisted', `asks newcomers to come back later (greylisting), so whether it takes mail is not known yet${said}`);
  } else if (it.recipient === 'put-off') {
    const ago = it.acceptedAt === undefined ? '' : `, which it took ${humanDuration(Math.max(0, now - it.acceptedAt))} ago`;
    const lasting = it.putOffSince !== undefined && now - it.putOffSince > config.putOffDegraded;
    add(lasting ? 'down' : 'degraded', 'put-off', `puts off mail for the test mailbox${ago}${said}`);
  } else if (config.recipient !== undefined && it.stage === 'done' && it.recipient !== 'accepted' && !isOutsideLook(config))
    add('unknown', 'recipient-unknown', 'not known whether it takes mail for the test mailbox');
  return found;
}

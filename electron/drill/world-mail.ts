/** What checks of mail servers see in a drill's world: SMTP, IMAP, POP3, ManageSieve. */
import type { ImapConfig, ImapFacts } from '../../shared/checks/imap.ts';
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Pop3Config, Pop3Facts } from '../../shared/checks/pop3.ts';
import type { SieveConfig, SieveFacts } from '../../shared/checks/sieve.ts';
import type { SmtpFacts } from '../../shared/checks/smtp-facts.ts';
import type { SmtpConfig } from '../../shared/checks/smtp-settings.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { fixedOf, latencyOf } from './random.ts';
import { certificateFor, expiryOf } from './world-certificates.ts';
import {
  type Answer,
  type Asked,
  addressFacts,
  type Contact,
  noAnswer,
  noTls,
  nothingFrom,
  reach,
  refusal,
  type Said,
  tidy,
  where,
} from './world-contact.ts';
import type { Protocol } from './world-faults.ts';
import { protocolFault } from './world-mail-state.ts';
import { numberOf } from './world-values.ts';

/** How a mail server calls itself; one with the wrong settings has no name of its own. */
const bannerName = ({ serverName, address }: MailPlace, mode: string | null): string =>
  mode === 'wrong-content' ? 'localhost.localdomain' : (serverName ?? address);

/** Time that the whole conversation takes, ms; a slow one takes longer. */
const talkMs = ({ chance, place }: Asked<unknown>, { ms, mode, fault }: Contact): number =>
  8 * ms + latencyOf(fixedOf(`mail ${place.check.id}`, 20, 90), chance) + (mode === 'slow' && fault ? numberOf(fault) : 0);

export const smtpServer: Answer<SmtpConfig, SmtpFacts> = (asked) => {
  const { config, moment, timeoutMs } = asked;
  const { port, encryption, user } = config;
  const contact = reach(asked);
  const none = nothingFrom<SmtpFacts>(contact, asked, port, (connectMs) => ({ connectMs, stage: 'greeting' }));
  if (none) return none.facts.stage ? none : { ...none, facts: { ...none.facts, stage: 'connect' } };
  const { ms, spot, mode } = contact;
  const isSubmission = port === 587 || port === 465 || user !== undefined;
  const ailing = protocolFault(asked, isSubmission ? 'submission' : 'smtp')?.mode;
  if (ailing === 'smtp-refuse') return { facts: { ...addressFacts(contact), stage: 'connect', failure: refusal(spot, port) }, tookMs: ms };
  const facts: SmtpFacts = { ...addressFacts(contact), connectMs: tidy(ms), stage: 'greeting' };
  if (ailing === 'tls-broken' && encryption === 'tls')
    return { facts: { ...facts, stage: 'tls', failure: noTls(spot, port) }, tookMs: 2 * ms };
  facts.greetingMs = tidy(ms + 4);
  if (mode === 'error') {
    const reply = { code: 421, enhanced: '4.3.2', text: 'system not accepting network messages' };
    const failure = { code: 'server-error' as const, detail: `${where(spot, port)} takes no mail for now: 421 4.3.2 ${reply.text}` };
    return { facts: { ...facts, reply, failure }, tookMs: 2 * ms };
  }
  facts.banner = `${bannerName(config, mode)} ESMTP`;
  const totalMs = tidy(talkMs(asked, contact));
  if (totalMs >= timeoutMs) return { facts: { ...facts, stage: 'ehlo', failure: noAnswer(spot, port) }, tookMs: timeoutMs };
  const extensions = ['PIPELINING', 'SIZE 52428800', 'ENHANCEDSTATUSCODES', '8BITMIME', 'DSN'];
  const canStart = ailing !== 'tls-broken';
  if (encryption === 'none' || encryption === 'starttls') facts.starttls = canStart;
  if (encryption === 'starttls' && !canStart && (config.requireTls ?? user !== undefined))
    return {
      facts: { ...facts, extensions, stage: 'tls', failure: { code: 'tls', detail: `${where(spot, port)} offers no encryption` } },
      tookMs: 4 * ms,
    };
  if (encryption !== 'none' && canStart) {
    const certificate = certificateFor(asked, config.serverName ?? config.address);
    const why = config.certificate === 'verify' ? expiryOf(certificate, moment.at) : null;
    Object.assign(facts, { certificate, protocol: 'TLSv1.3' });
    if (why && user !== undefined)
      return { facts: { ...facts, stage: 'tls', failure: { code: 'certificate', detail: why } }, tookMs: 4 * ms };
  }
  facts.extensions = isSubmission ? [...extensions, 'AUTH PLAIN LOGIN'] : extensions;
  if (isSubmission) Object.assign(facts, { mechanisms: [...new Set(['PLAIN', 'LOGIN', ...config.mechanisms])], plainAuthOffered: false });
  if (encryption === 'none' && config.requireTls) facts.plainMail = 'refused';
  facts.login = 'none';
  if (user !== undefined) {
    if (ailing === 'auth-fails' || mode === 'auth-fails') {
      const failure = { code: 'login-refused' as const, detail: 'log-in refused: 535 5.7.8 authentication failed' };
      return { facts: { ...facts, stage: 'login', login: 'refused', refusals: 1, mechanism: 'PLAIN', failure }, tookMs: 6 * ms };
    }
    Object.assign(facts, { login: 'accepted', mechanism: 'PLAIN', loginMs: tidy(2 * ms + 20) });
  }
  facts.recipient = config.recipient === undefined ? 'not-tried' : 'accepted';
  facts.relay = config.relayTo === undefined ? 'not-tried' : 'refused';
  if (config.relayTo !== undefined) facts.relayAt = moment.at - (moment.at % HOUR);
  return { facts: { ...facts, stage: 'done', totalMs }, tookMs: totalMs };
};

/** The part of a conversation that all ways of reading mail share. */
function mailbox(
  asked: Asked<MailPlace & { user?: string | undefined }>,
  protocol: Protocol,
  capabilities: string[],
): Said<MailboxFacts> & { isIn: boolean } {
  const { config, moment, timeoutMs } = asked;
  const { port, encryption, user } = config;
  const contact = reach(asked);
  const none = nothingFrom<MailboxFacts>(contact, asked, port, (connectMs) => ({ connectMs, stage: 'greeting' }));
  if (none) return { tookMs: none.tookMs, isIn: false, facts: none.facts.stage ? none.facts : { ...none.facts, stage: 'connect' } };
  const { ms, spot, mode } = contact;
  const ailing = protocolFault(asked, protocol)?.mode;
  const facts: MailboxFacts = { ...addressFacts(contact), connectMs: tidy(ms), stage: 'greeting' };
  const ended = (more: MailboxFacts, tookMs: number): Said<MailboxFacts> & { isIn: boolean } => ({
    facts: { ...facts, ...more },
    tookMs,
    isIn: false,
  });
  if (ailing === 'smtp-refuse')
    return { facts: { ...addressFacts(contact), stage: 'connect', failure: refusal(spot, port) }, tookMs: ms, isIn: false };
  if (ailing === 'tls-broken' && encryption === 'tls') return ended({ stage: 'tls', failure: noTls(spot, port) }, 2 * ms);
  Object.assign(facts, { greetingMs: tidy(ms + 3), banner: `${bannerName(config, mode)} ready`, capabilities });
  if (ailing === 'tls-broken' && encryption === 'starttls')
    return ended(
      { stage: 'capability', trouble: 'no-starttls', failure: { code: 'tls', detail: 'the server offers no encryption' } },
      3 * ms,
    );
  if (encryption !== 'none') {
    const certificate = certificateFor(asked, config.serverName ?? config.address);
    Object.assign(facts, { certificate, protocol: 'TLSv1.3', tlsMs: tidy(1.4 * ms) });
    const why = config.certificate === 'verify' ? expiryOf(certificate, moment.at) : null;
    if (why) return ended({ stage: 'tls', failure: { code: 'certificate', detail: why } }, 3 * ms);
  }
  const totalMs = tidy(talkMs(asked, contact));
  if (totalMs >= timeoutMs) return ended({ stage: user === undefined ? 'capability' : 'login', failure: noAnswer(spot, port) }, timeoutMs);
  if (user === undefined) return { facts: { ...facts, stage: 'done', login: 'none', totalMs }, tookMs: totalMs, isIn: false };
  if (ailing === 'auth-fails' || mode === 'auth-fails')
    return ended(
      {
        stage: 'login',
        login: 'refused',
        refusals: 1,
        failure: { code: 'login-refused', detail: 'log-in refused: authentication failed' },
      },
      5 * ms,
    );
  if (mode === 'error') {
    const serverError = { code: 'UNAVAILABLE', text: 'Temporary authentication failure' };
    return ended(
      { stage: 'login', serverError, failure: { code: 'server-error', detail: `the server answers: ${serverError.text}` } },
      5 * ms,
    );
  }
  return { facts: { ...facts, stage: 'done', login: 'accepted', loginMs: tidy(2 * ms + 15), totalMs }, tookMs: totalMs, isIn: true };
}

export const imapServer: Answer<ImapConfig, ImapFacts> = (asked) => {
  const { facts, tookMs, isIn } = mailbox(asked, 'imap', ['IMAP4rev1', 'STARTTLS', 'AUTH=PLAIN', 'IDLE']);
  if (!isIn) return { facts, tookMs };
  const { at } = asked.moment;
  // Somebody reads it all day: little lies there, and not for long.
  return { facts: { ...facts, messages: 4, unseen: 1, newestAt: at - 6 * MINUTE, oldestAt: at - 26 * MINUTE, growthPerHour: 0 }, tookMs };
};
export const pop3Server: Answer<Pop3Config, Pop3Facts> = (asked) => {
  const { facts, tookMs, isIn } = mailbox(asked, 'pop3', ['TOP', 'UIDL', 'STLS', 'SASL PLAIN']);
  return { facts: isIn ? { ...facts, messages: 4, bytes: 96_400, growthPerHour: 0 } : facts, tookMs };
};
export const sieveServer: Answer<SieveConfig, SieveFacts> = (asked) => {
  const { facts, tookMs, isIn } = mailbox(asked, 'sieve', ['fileinto', 'vacation', 'STARTTLS']);
  return { facts: isIn ? { ...facts, scripts: 1, active: 'main' } : facts, tookMs };
};

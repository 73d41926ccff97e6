/** What imap, pop3 and sieve write down of log-ins, and of doors that are closed before one. */
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import type { Account } from './login-guard.ts';
import { type MailAccount, mailAccountFor } from './mail-account.ts';
import type { Link } from './mailbox-link.ts';
import type { ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** Whom to log in as, and where. */
export interface MailLogin extends MailPlace {
  user?: string | undefined;
  passwordSecret?: string | undefined;
}

/** Writes down that the server said no, and under which code. @param doing what it does not do, for sentences */
export function serverError(facts: MailboxFacts, code: string, said: string, doing: string): Failure {
  // Dovecot adds its name and the time to faults of its own, so that each would read as another one.
  const text =
    clean(said, 300)
      .replace(/ \[[\w.-]+:[\d-]+ [\d:]+\]$/, '')
      .replace(/[.\s]+$/, '') || 'without a word';
  facts.serverError = { code: clean(code, 60), text };
  return { code: 'server-error', detail: clean(`${doing}: ${text}`, 400) };
}

/** Ends here, with a reason that the verdict has words for. */
export function troubled(facts: MailboxFacts, trouble: NonNullable<MailboxFacts['trouble']>, failure: Failure): Failure {
  facts.trouble = trouble;
  return failure;
}

export const noStartTls = (facts: MailboxFacts, where: string): Failure =>
  troubled(facts, 'no-starttls', { code: 'tls', detail: `${where} offers no STARTTLS` });

/** Starts encryption after the server agreed to; what lies there already was said by nobody we may believe. */
export function encryptAfter(link: Link, facts: MailboxFacts): Promise<Failure | null> | Failure {
  facts.notice = undefined;
  if (link.early() > 0)
    return troubled(facts, 'starttls-injected', { code: 'protocol', detail: `${link.where} goes on in clear after it agreed to encrypt` });
  return link.startTls();
}

/** Writes down whom the server wants to be believed as. */
export const greeted = (facts: MailboxFacts, text: string): void => {
  const banner = clean(text, 200);
  if (banner !== '') facts.banner = banner;
};

export const offered = (facts: MailboxFacts, capabilities: Iterable<string>): void => {
  facts.capabilities = [...capabilities].slice(0, 60).map((it) => clean(it, 80));
};

/** @returns leave to log in, or why there is none, which stands in the facts then */
export function leaveToLogIn(
  protocol: 'imap' | 'pop3' | 'sieve',
  login: MailLogin,
  user: string,
  facts: MailboxFacts,
  ctx: ProbeContext,
): Result<MailAccount, Failure> {
  facts.stage = 'login';
  if (login.passwordSecret === undefined)
    return fail({ code: 'no-secret', detail: 'the check names a user, but no secret for the password' });
  const account = mailAccountFor(protocol, login, user, login.passwordSecret, ctx);
  if (account.ok) return account;
  const { refusals, nextLoginMs, ...failure } = account.failure;
  if (refusals !== undefined) Object.assign(facts, { refusals, nextLoginMs, login: 'held-back' });
  return fail(failure);
}

export const unsendable = (name: string): Failure => ({
  code: 'no-secret',
  detail: `the secret "${name}" (or the user) holds a character that no log-in can carry`,
});

/** What became of a log-in that was tried. */
export function loggedIn(facts: MailboxFacts, account: Account, begin: number, ctx: ProbeContext): Result<null, never> {
  account.accepted();
  facts.login = 'accepted';
  facts.loginMs = since(begin, ctx);
  ctx.note('logged in');
  return ok(null);
}

/** Codes with which a server says that it cannot look up passwords now (RFC 5530, RFC 3206, RFC 5804). */
const lookUpFails: ReadonlySet<string> = new Set(['UNAVAILABLE', 'SERVERBUG', 'SYS/TEMP', 'TRYLATER']);

/** The log-in failed, and not for its password. */
export function notChecked(account: MailAccount, failure: Failure, code: string | undefined): Failure {
  if (code !== undefined && lookUpFails.has(code)) account.unchecked();
  return failure;
}

/** @param text what the server said */
export function turnedAway(facts: MailboxFacts, account: Account, text: string): Failure {
  facts.login = 'refused';
  facts.refusals = account.refused();
  return { code: 'login-refused', detail: clean(`log-in refused: ${text}`, 400) };
}

/** How we get into an IMAP server: greeting, encryption, log-in (RFC 3501, 9051, 4959). */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type ImapTalk, setError } from './imap-talk.ts';
import { commandOf, plainToken } from './imap-words.ts';
import type { Account } from './login-guard.ts';
import { inTurn } from './mail-turns.ts';
import type { Link } from './mailbox-link.ts';
import {
  encryptAfter,
  greeted,
  leaveToLogIn,
  loggedIn,
  type MailLogin,
  noStartTls,
  notChecked,
  offered,
  troubled,
  turnedAway,
  unsendable,
} from './mailbox-login.ts';
import type { ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** NO to a log-in that says nothing of name and password (RFC 5530). A bare NO counts as refusal: accounts must not get locked. */
const notRefusals: ReadonlySet<string> = new Set(['UNAVAILABLE', 'SERVERBUG', 'CLIENTBUG', 'LIMIT', 'INUSE', 'PRIVACYREQUIRED', 'CANNOT']);

/**
 * From the greeting to the open door. What is learnt goes into `facts`.
 * @returns why nobody got in, or null
 */
export async function enter(link: Link, talk: ImapTalk, login: MailLogin, facts: MailboxFacts, ctx: ProbeContext): Promise<Failure | null> {
  facts.stage = 'greeting';
  const begin = ctx.monotonic();
  const greeting = await talk.greeting();
  if (!greeting.ok) return greeting.failure;
  facts.greetingMs = since(begin, ctx);
  greeted(facts, greeting.value.text);
  const known = greeting.value.word === 'PREAUTH';
  facts.stage = 'capability';
  let can = await capabilitiesOf(talk, facts);
  if (!can.ok) return can.failure;
  offered(facts, can.value);
  if (login.encryption !== 'tls')
    facts.plainLogin = !can.value.has('LOGINDISABLED') || can.value.has('AUTH=PLAIN') || can.value.has('AUTH=LOGIN');
  if (login.encryption === 'starttls') {
    facts.stage = 'tls';
    // Whoever takes us for logged in before encryption keeps us from encrypting (RFC 3501 allows STARTTLS only before a log-in).
    if (known || !can.value.has('STARTTLS')) return noStartTls(facts, link.where);
    const tag = talk.tag();
    const answer = await talk.ask(tag, [`${tag} STARTTLS\r\n`], 'the answer to STARTTLS');
    if (!answer.ok) return answer.failure;
    if (answer.value.word !== 'OK') return troubled(facts, 'starttls-refused', setError(answer.value, facts, 'refuses STARTTLS'));
    const failure = await encryptAfter(link, facts);
    if (failure) return failure;
    // What was said in clear may have come from anybody (RFC 3501 6.2.1).
    talk.forget();
    facts.stage = 'capability';
    can = await capabilitiesOf(talk, facts);
    if (!can.ok) return can.failure;
    offered(facts, can.value);
  }
  ctx.note(`offers ${facts.capabilities?.join(' ') ?? ''}`);
  const { user } = login;
  if (user === undefined || known) {
    facts.login = 'none';
    return null;
  }
  const offers = can.value;
  return inTurn(user, login.passwordSecret, ctx, () => logIn(link, talk, offers, login, user, facts, ctx));
}

/** What the server can do: as it told without being asked, or else asked. */
export async function capabilitiesOf(talk: ImapTalk, facts: MailboxFacts): Promise<Result<ReadonlySet<string>, Failure>> {
  const told = talk.capabilities();
  if (told) return ok(told);
  const tag = talk.tag();
  const answer = await talk.ask(tag, [`${tag} CAPABILITY\r\n`], 'the answer to CAPABILITY');
  if (!answer.ok) return answer;
  const now = talk.capabilities();
  if (answer.value.word === 'OK' && now) return ok(now);
  return fail(setError(answer.value, facts, 'does not say what it can do'));
}

async function logIn(
  link: Link,
  talk: ImapTalk,
  can: ReadonlySet<string>,
  login: MailLogin,
  user: string,
  facts: MailboxFacts,
  ctx: ProbeContext,
): Promise<Failure | null> {
  facts.stage = 'login';
  const plain = can.has('AUTH=PLAIN');
  if (!plain && can.has('LOGINDISABLED')) {
    const detail = `${link.where} takes no password${login.encryption === 'none' ? ' without encryption' : ''}`;
    return troubled(facts, login.encryption === 'none' ? 'login-needs-tls' : 'no-password-login', { code: 'login-refused', detail });
  }
  const account = leaveToLogIn('imap', login, user, facts, ctx);
  if (!account.ok) return account.failure;
  const tag = talk.tag();
  const pieces = loginPieces(tag, user, account.value, plain, can.has('SASL-IR'));
  if (!pieces) return unsendable(login.passwordSecret ?? '');
  const begin = ctx.monotonic();
  // What it can do often changes with the log-in.
  talk.forget();
  const answer = await talk.ask(tag, pieces, 'the answer to the log-in');
  if (!answer.ok) return answer.failure;
  if (answer.value.word === 'OK') {
    loggedIn(facts, account.value, begin, ctx);
    return null;
  }
  const failure = setError(answer.value, facts, 'the log-in fails');
  if (answer.value.word !== 'NO' || notRefusals.has(answer.value.code?.name ?? ''))
    return notChecked(account.value, failure, answer.value.code?.name);
  return turnedAway(facts, account.value, facts.serverError?.text ?? '');
}

/** AUTHENTICATE PLAIN where it is offered, as it carries any text; else LOGIN. */
function loginPieces(tag: string, user: string, { secret }: Account, plain: boolean, initial: boolean): string[] | null {
  if (!plain) return commandOf(tag, ['LOGIN', { value: user }, { value: secret }]);
  const token = plainToken(user, secret);
  if (token === null) return null;
  return initial ? [`${tag} AUTHENTICATE PLAIN ${token}\r\n`] : [`${tag} AUTHENTICATE PLAIN\r\n`, `${token}\r\n`];
}

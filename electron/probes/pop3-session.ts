/** A POP3 session: greeting, encryption (RFC 2595), log-in (RFC 1939, 5034), and the few questions that checks have. Used by pop3 and roundtrip. */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { plainToken } from './imap-words.ts';
import type { Account } from './login-guard.ts';
import { inTurn } from './mail-turns.ts';
import { type Link, openLink } from './mailbox-link.ts';
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
import { capabilitiesIn, type Pop3Status, twoNumbers, uidLine } from './pop3-reply.ts';
import { type Pop3Talk, setError, talkOn } from './pop3-talk.ts';
import type { ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** Messages are numbered from 1; what is deleted goes when `quit` is answered, and not before. */
export interface Pop3Session {
  stat(): Promise<Result<{ messages: number; bytes: number }, Failure>>;
  /** Sizes by number, at most 2,000; failure `too-large` where there are more than some 4,000. */
  list(): Promise<Result<{ number: number; bytes: number }[], Failure>>;
  /** Unique ids by number, likewise. */
  uidl(): Promise<Result<{ number: number; uid: string }[], Failure>>;
  /** Header and first lines of the body; null where there is no such message. At most 256 KB. */
  top(number: number, lines: number): Promise<Result<string | null, Failure>>;
  /** Marks a message as deleted. */
  dele(number: number): Promise<Result<null, Failure>>;
  /** Ends the session and waits for the answer: only then is deleted what was marked. */
  quit(): Promise<Result<null, Failure>>;
  /** Ends it without waiting. */
  end(): void;
}

const mostListed = 2_000;
/** A command line has 255 octets at most (RFC 2449 4); what is longer goes by itself. */
const mostCommand = 253;
/** -ERR to a log-in that says nothing of name and password (RFC 2449, 3206). A bare -ERR counts as refusal: accounts must not get locked. */
const notRefusals: ReadonlySet<string> = new Set(['SYS/TEMP', 'SYS/PERM', 'IN-USE', 'LOGIN-DELAY', 'LIMIT', 'UNAVAILABLE']);

type Capabilities = ReadonlyMap<string, string[]>;

/**
 * Connects, encrypts as the settings say, and logs in where they name a user. What is learnt on the way goes into `facts`, whose `stage`
 * tells how far it came.
 * @returns a session to be ended by `quit` or `end`; or the failure, everything being closed then
 */
export async function openPop3(login: MailLogin, facts: MailboxFacts, ctx: ProbeContext): Promise<Result<Pop3Session, Failure>> {
  const link = await openLink(login, facts, ctx);
  if (!link.ok) return link;
  const talk = talkOn(link.value);
  const failure = await enter(link.value, talk, login, facts, ctx);
  if (failure) {
    link.value.end(facts.stage === 'tls' ? undefined : 'QUIT\r\n');
    return fail(failure);
  }
  return ok(sessionOn(link.value, talk, facts));
}

async function enter(link: Link, talk: Pop3Talk, login: MailLogin, facts: MailboxFacts, ctx: ProbeContext): Promise<Failure | null> {
  facts.stage = 'greeting';
  const begin = ctx.monotonic();
  const greeting = await talk.greeting();
  if (!greeting.ok) return greeting.failure;
  facts.greetingMs = since(begin, ctx);
  if (!greeting.value.ok) return setError(greeting.value, facts, 'turns this computer away');
  greeted(facts, greeting.value.text);
  let can = await capabilitiesOf(talk, facts);
  if (!can.ok) return can.failure;
  if (login.encryption !== 'tls') facts.plainLogin = can.value.size === 0 || takesPassword(can.value);
  if (login.encryption === 'starttls') {
    facts.stage = 'tls';
    // Servers without CAPA may know STLS all the same; those with CAPA must name it.
    if (can.value.size > 0 && !can.value.has('STLS')) return noStartTls(facts, link.where);
    const answer = await talk.ask('STLS', 'STLS');
    if (!answer.ok) return answer.failure;
    if (!answer.value.ok)
      return troubled(facts, can.value.size > 0 ? 'starttls-refused' : 'no-starttls', setError(answer.value, facts, 'refuses STLS'));
    const failure = await encryptAfter(link, facts);
    if (failure) return failure;
    // What was said in clear may have come from anybody (RFC 2595 4).
    can = await capabilitiesOf(talk, facts);
    if (!can.ok) return can.failure;
  }
  ctx.note(`offers ${facts.capabilities?.join(', ') || 'nothing by name'}`);
  const { user } = login;
  if (user === undefined) {
    facts.login = 'none';
    return null;
  }
  const offers = can.value;
  return inTurn(user, login.passwordSecret, ctx, () => logIn(link, talk, offers, login, user, facts, ctx));
}

/** @returns an empty map for a server that does not know CAPA: it is older than RFC 2449 */
async function capabilitiesOf(talk: Pop3Talk, facts: MailboxFacts): Promise<Result<Capabilities, Failure>> {
  facts.stage = 'capability';
  const lines = await talk.list('CAPA', 'CAPA');
  if (!lines.ok) return lines;
  if (!Array.isArray(lines.value)) return ok(new Map());
  offered(facts, lines.value);
  return ok(capabilitiesIn(lines.value));
}

const hasPlain = (can: Capabilities): boolean => can.get('SASL')?.includes('PLAIN') ?? false;
const takesPassword = (can: Capabilities): boolean => can.has('USER') || hasPlain(can);

async function logIn(
  link: Link,
  talk: Pop3Talk,
  can: Capabilities,
  login: MailLogin,
  user: string,
  facts: MailboxFacts,
  ctx: ProbeContext,
): Promise<Failure | null> {
  facts.stage = 'login';
  if (can.size > 0 && !takesPassword(can)) {
    const detail = `${link.where} takes no password${login.encryption === 'none' ? ' without encryption' : ''}`;
    return troubled(facts, login.encryption === 'none' ? 'login-needs-tls' : 'no-password-login', { code: 'login-refused', detail });
  }
  const account = leaveToLogIn('pop3', login, user, facts, ctx);
  if (!account.ok) return account.failure;
  const begin = ctx.monotonic();
  const answer = await (hasPlain(can) ? byPlain(talk, user, account.value) : byUser(talk, user, account.value));
  if (answer === null) return unsendable(login.passwordSecret ?? '');
  if (!answer.ok) return answer.failure;
  if (answer.value.ok) {
    loggedIn(facts, account.value, begin, ctx);
    return null;
  }
  const failure = setError(answer.value, facts, 'the log-in fails');
  if (notRefusals.has(answer.value.code ?? '')) return notChecked(account.value, failure, answer.value.code);
  return turnedAway(facts, account.value, facts.serverError?.text ?? '');
}

type Answer = Promise<Result<Pop3Status, Failure>> | null;

function byPlain(talk: Pop3Talk, user: string, { secret }: Account): Answer {
  const token = plainToken(user, secret);
  if (token === null) return null;
  const line = `AUTH PLAIN ${token}`;
  return line.length <= mostCommand ? talk.ask(line, 'AUTH') : talk.askTwice('AUTH PLAIN', token, 'AUTH');
}

/** A line break in either would be a command of its own. */
const oneLine = (text: string): boolean => !/[\r\n\0]/.test(text);

function byUser(talk: Pop3Talk, user: string, { secret }: Account): Answer {
  if (!oneLine(user) || !oneLine(secret)) return null;
  return talk.ask(`USER ${user}`, 'USER').then((first) => (first.ok && first.value.ok ? talk.ask(`PASS ${secret}`, 'PASS') : first));
}

function sessionOn(link: Link, talk: Pop3Talk, facts: MailboxFacts): Pop3Session {
  const ask = async (line: string, name: string): Promise<Result<Pop3Status, Failure>> => {
    const answer = await talk.ask(line, name);
    return !answer.ok || answer.value.ok ? answer : fail(setError(answer.value, facts, `does not do ${name}`));
  };
  const listed = async <T>(name: string, read: (line: string) => T | null): Promise<Result<T[], Failure>> => {
    const lines = await talk.list(name, name);
    if (!lines.ok) return lines;
    if (!Array.isArray(lines.value)) return fail(setError(lines.value, facts, `does not do ${name}`));
    return ok(
      lines.value
        .slice(0, mostListed)
        .map(read)
        .filter((it) => it !== null),
    );
  };
  return {
    async stat() {
      const answer = await ask('STAT', 'STAT');
      if (!answer.ok) return answer;
      const numbers = twoNumbers(answer.value.text);
      if (!numbers) return fail({ code: 'protocol', detail: `${link.where} sends something that is not the answer to STAT` });
      return ok({ messages: numbers[0], bytes: numbers[1] });
    },
    list: () =>
      listed('LIST', (line) => {
        const numbers = twoNumbers(line);
        return numbers && { number: numbers[0], bytes: numbers[1] };
      }),
    uidl: () => listed('UIDL', uidLine),
    async top(number, lines) {
      const answer = await talk.list(`TOP ${number} ${lines}`, 'TOP');
      if (!answer.ok) return answer;
      return ok(Array.isArray(answer.value) ? answer.value.join('\r\n') : null);
    },
    async dele(number) {
      const answer = await ask(`DELE ${number}`, 'DELE');
      return answer.ok ? ok(null) : answer;
    },
    async quit() {
      const answer = await ask('QUIT', 'QUIT');
      link.end();
      return answer.ok ? ok(null) : answer;
    },
    end: () => link.end('QUIT\r\n'),
  };
}

/** Logs in to a ManageSieve server (RFC 5804) and asks which scripts there are. */
import type { SieveConfig, SieveFacts } from '../../shared/checks/sieve.ts';
import type { Failure } from '../../shared/model/words.ts';
import type { Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { plainToken } from './imap-words.ts';
import { inTurn } from './mail-turns.ts';
import { type Link, openLink } from './mailbox-link.ts';
import {
  encryptAfter,
  greeted,
  leaveToLogIn,
  loggedIn,
  noStartTls,
  notChecked,
  offered,
  serverError,
  troubled,
  turnedAway,
  unsendable,
} from './mailbox-login.ts';
import { askSieve, type SieveAnswer } from './sieve-talk.ts';
import type { Probe, ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** NO to a log-in that says nothing of name and password (RFC 5804 1.3). A bare NO counts as refusal: accounts must not get locked. */
const notRefusals: ReadonlySet<string> = new Set(['TRYLATER', 'ENCRYPT-NEEDED', 'REFERRAL', 'UNAVAILABLE', 'LIMIT']);

export const probeSieve: Probe<SieveConfig, SieveFacts> = async (config, ctx) => {
  const facts: SieveFacts = {};
  const begin = ctx.monotonic();
  const link = await openLink(config, facts, ctx);
  const failure = link.ok ? await converse(link.value, config, facts, ctx) : link.failure;
  if (link.ok) link.value.end(facts.stage === 'tls' ? undefined : 'LOGOUT\r\n');
  facts.totalMs = since(begin, ctx);
  if (failure) {
    facts.failure = failure;
    ctx.note(failure.detail);
  } else facts.stage = 'done';
  return facts;
};

async function converse(link: Link, config: SieveConfig, facts: SieveFacts, ctx: ProbeContext): Promise<Failure | null> {
  facts.stage = 'greeting';
  const begin = ctx.monotonic();
  const greeting = await askSieve(link, null, 'a ManageSieve greeting');
  if (!greeting.ok) return greeting.failure;
  facts.greetingMs = since(begin, ctx);
  if (greeting.value.status !== 'OK') return setError(greeting.value, facts, 'turns this computer away');
  let can = capabilitiesIn(greeting.value, facts);
  if (config.encryption !== 'tls') facts.plainLogin = hasPassword(can);
  if (config.encryption === 'starttls') {
    facts.stage = 'tls';
    if (!can.has('STARTTLS')) return noStartTls(facts, link.where);
    const answer = await askSieve(link, 'STARTTLS', 'the answer to STARTTLS');
    if (!answer.ok) return answer.failure;
    if (answer.value.status !== 'OK') return troubled(facts, 'starttls-refused', setError(answer.value, facts, 'refuses STARTTLS'));
    const failure = await encryptAfter(link, facts);
    if (failure) return failure;
    facts.stage = 'capability';
    // The server tells anew what it can do, without being asked (RFC 5804 2.2).
    const again = await askSieve(link, null, 'a ManageSieve greeting');
    if (!again.ok) return again.failure;
    if (again.value.status !== 'OK') return setError(again.value, facts, 'turns this computer away');
    can = capabilitiesIn(again.value, facts);
  }
  const { user } = config;
  if (user === undefined) {
    facts.login = 'none';
    return null;
  }
  const offers = can;
  const failure = await inTurn(user, config.passwordSecret, ctx, () => logIn(link, offers, config, user, facts, ctx));
  if (failure) return failure;
  facts.stage = 'state';
  const scripts = await askSieve(link, 'LISTSCRIPTS', 'the answer to LISTSCRIPTS');
  if (!scripts.ok) return scripts.failure;
  if (scripts.value.status !== 'OK') return setError(scripts.value, facts, 'does not tell which scripts there are');
  facts.scripts = scripts.value.lines.length;
  const active = scripts.value.lines.find((it) => it.word === 'ACTIVE');
  facts.active = active ? clean(active.strings[0] ?? '', 120) : null;
  ctx.note(`${facts.scripts} scripts, ${facts.active === null ? 'none' : facts.active} in use`);
  return null;
}

/** Capabilities by name in upper case, with what stands behind; the banner is the one called IMPLEMENTATION. */
function capabilitiesIn(answer: SieveAnswer, facts: SieveFacts): Map<string, string> {
  const found = new Map(answer.lines.slice(0, 100).map(({ strings: [name = '', value = ''] }) => [name.toUpperCase(), value]));
  greeted(facts, found.get('IMPLEMENTATION') ?? answer.text);
  offered(
    facts,
    [...found].map(([name, value]) => (name === 'SASL' ? `${name} ${value}` : name)),
  );
  return found;
}

const hasPassword = (can: ReadonlyMap<string, string>): boolean => can.get('SASL')?.toUpperCase().split(' ', 50).includes('PLAIN') ?? false;

async function logIn(
  link: Link,
  can: ReadonlyMap<string, string>,
  config: SieveConfig,
  user: string,
  facts: SieveFacts,
  ctx: ProbeContext,
): Promise<Failure | null> {
  facts.stage = 'login';
  if (!hasPassword(can)) {
    const detail = `${link.where} takes no password${config.encryption === 'none' ? ' without encryption' : ''}`;
    return troubled(facts, config.encryption === 'none' ? 'login-needs-tls' : 'no-password-login', { code: 'login-refused', detail });
  }
  const account = leaveToLogIn('sieve', config, user, facts, ctx);
  if (!account.ok) return account.failure;
  const token = plainToken(user, account.value.secret);
  if (token === null) return unsendable(config.passwordSecret ?? '');
  const begin = ctx.monotonic();
  const answer: Result<SieveAnswer, Failure> = await askSieve(link, `AUTHENTICATE "PLAIN" "${token}"`, 'the answer to the log-in');
  if (!answer.ok) return answer.failure;
  if (answer.value.status === 'OK') {
    loggedIn(facts, account.value, begin, ctx);
    return null;
  }
  const failure = setError(answer.value, facts, 'the log-in fails');
  if (answer.value.status === 'BYE' || notRefusals.has(answer.value.code ?? ''))
    return notChecked(account.value, failure, answer.value.code);
  return turnedAway(facts, account.value, facts.serverError?.text ?? '');
}

/** Writes down that the server said no. */
const setError = (it: SieveAnswer, facts: SieveFacts, doing: string): Failure => serverError(facts, it.code ?? it.status, it.text, doing);

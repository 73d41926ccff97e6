/** Talks to an SMTP server as a sending server (25) or a mail program (587, 465) does, up to RCPT: no message is ever sent. */
import type { SmtpFacts } from '../../shared/checks/smtp-facts.ts';
import { mayBeGreylisting } from '../../shared/checks/smtp-reply-words.ts';
import { isOutsideLook, type SmtpConfig, wantsTls } from '../../shared/checks/smtp-settings.ts';
import type { Result } from '../../shared/result.ts';
import { HOUR } from '../../shared/time.ts';
import { resolveAddress } from './addresses.ts';
import { hasRoute } from './has-route.ts';
import type { SmtpReply } from './smtp-reply.ts';
import { isGood, openSmtp, type SmtpSession } from './smtp-session.ts';
import { playStranger, type StrangerAnswer } from './smtp-strangers.ts';
import type { SmtpFailure } from './smtp-wire.ts';
import type { Probe, ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** Every refusal is a line in the server's log, and watchers of logs (fail2ban) lock out who makes many: strangers are played seldom. */
const strangersEveryMs = HOUR;

/** What the next probe of the check needs to know. */
interface Memory {
  /** Epoch ms. */
  acceptedAt?: number;
  putOffSince?: number;
  relay?: StrangerAnswer;
  plainMail?: StrangerAnswer;
}

interface Talk {
  session: SmtpSession;
  config: SmtpConfig;
  facts: SmtpFacts;
  memory: Memory;
  ctx: ProbeContext;
}
type Step<T> = Promise<Result<T, SmtpFailure>>;
/** Ends the conversation; why is in the facts. */
const stop = Symbol('stop');
/** The server hung up on the stranger that we played, and what people do was not looked at yet: over another connection, without that. */
const again = Symbol('again');

export const probeSmtp: Probe<SmtpConfig, SmtpFacts> = async (config, ctx) => {
  const fresh: Memory = {};
  const memory = ctx.remember(fresh) ?? fresh;
  ctx.remember(memory);
  const absent = config.whereFound ? await lookFor(config, ctx) : null;
  if (absent) return { stage: 'connect', ...absent };
  let facts: SmtpFacts | null = null;
  // Twice more at most: each of the two strangers is remembered.
  while (!facts) facts = await lookOnce(config, memory, ctx);
  if (facts.failure) ctx.note(facts.failure.detail);
  return facts;
};

/** @returns null where another connection is needed */
async function lookOnce(config: SmtpConfig, memory: Memory, ctx: ProbeContext): Promise<SmtpFacts | null> {
  const facts: SmtpFacts = { stage: 'connect' };
  const begin = ctx.monotonic();
  // Where encryption is not insisted on, a bad certificate is judged afterwards, as servers that deliver look past it.
  const certificate = wantsTls(config) ? config.certificate : 'any';
  const opened = await openSmtp({ ...config, certificate }, ctx, facts);
  if (!opened.ok) take(opened.failure, facts);
  else
    try {
      await converse({ session: opened.value, config, facts, memory, ctx });
      facts.stage = 'done';
    } catch (error) {
      if (error === again) return null;
      if (error !== stop) throw error;
    } finally {
      opened.value.quit();
    }
  if (facts.connectMs !== undefined) facts.totalMs = since(begin, ctx);
  return facts;
}

/** What keeps a server from being looked at by one IP version that it need not have; null = nothing. */
async function lookFor({ address, family }: SmtpConfig, ctx: ProbeContext): Promise<Pick<SmtpFacts, 'noAddress' | 'failure'> | null> {
  if (family === 'auto') return null;
  const found = await resolveAddress(address, family, ctx.signal);
  if (!found.ok) {
    if (found.failure.code !== 'name-not-found') return { failure: found.failure };
    const any = await resolveAddress(address, 0, ctx.signal);
    ctx.note(any.ok ? `${address} has no IPv${family} address` : any.failure.detail);
    return any.ok ? { noAddress: true } : { failure: any.failure };
  }
  const [first] = found.value;
  if (!first || (await hasRoute(first))) return null;
  return { failure: { code: 'no-gateway', detail: `this computer has no way to IPv${family} addresses` } };
}

function take(failure: SmtpFailure, facts: SmtpFacts): void {
  facts.failure = { code: failure.code, detail: failure.detail };
  if (failure.reply) facts.reply = replyFacts(failure.reply);
  if (failure.began) facts.began = true;
}
const replyFacts = ({ code, enhanced, text }: SmtpReply) => ({ code, ...(enhanced ? { enhanced } : {}), text });

async function must<T>(facts: SmtpFacts, step: Step<T>): Promise<T> {
  const done = await step;
  if (done.ok) return done.value;
  take(done.failure, facts);
  throw stop;
}

/** The server said no, and that decides. */
function refused(facts: SmtpFacts, reply: SmtpReply, detail: string): never {
  facts.reply = replyFacts(reply);
  facts.failure = { code: 'server-error', detail };
  throw stop;
}

async function converse(talk: Talk): Promise<void> {
  const { session, config, facts } = talk;
  await must(facts, session.ehlo(config.helo));
  await meetBeforeTls(talk);
  if (isOutsideLook(config)) {
    facts.login = 'none';
    return;
  }
  if (config.encryption === 'starttls') await startTls(talk);
  if (config.user === undefined) {
    facts.login = 'none';
    await offerRecipient(talk, config.sender);
    await meetRelay(talk);
    return;
  }
  // Who has logged in may send anywhere: strangers are played before.
  await meetRelay(talk);
  await logIn(talk, config.user);
  await offerRecipient(talk, config.sender || addressIn(config.user));
}

/** Where encryption is not insisted on, what the server will not encrypt goes on in the clear, as mail does. */
async function startTls({ session, config, facts }: Talk): Promise<void> {
  if (!facts.starttls && !wantsTls(config)) return;
  const started = await session.startTls();
  if (!started.ok && started.failure.reply && !wantsTls(config)) {
    facts.starttlsReply = replyFacts(started.failure.reply);
    return;
  }
  await must(facts, Promise.resolve(started));
  await must(facts, session.ehlo(config.helo));
}

const addressIn = (user: string): string => (/^[\w.+-]+@[\w.-]+$/.test(user) ? user : '');

const isDue = (before: StrangerAnswer | undefined, ctx: ProbeContext): boolean =>
  before === undefined ||
  (before.answer !== 'refused' && !before.hungUp) ||
  ctx.now() - before.at >= strangersEveryMs ||
  ctx.now() < before.at;

async function meetStranger({ session, facts, ctx }: Talk, senders: string[], to: string): Promise<StrangerAnswer> {
  const answer = await playStranger(session, senders, to, ctx);
  facts.stage = 'relay';
  return must(facts, Promise.resolve(answer));
}

/** Submission only: whether a stranger gets mail in before encryption. */
async function meetBeforeTls(talk: Talk): Promise<void> {
  const { config, facts, memory, ctx } = talk;
  const to = config.recipient ?? (addressIn(config.user ?? '') || config.relayTo);
  if (!wantsTls(config) || config.encryption === 'tls' || to === undefined) return;
  if (isDue(memory.plainMail, ctx)) {
    memory.plainMail = await meetStranger(talk, [''], to);
    if (memory.plainMail.hungUp && !isOutsideLook(config)) throw again;
  }
  const answer = memory.plainMail?.answer;
  facts.plainMail = answer === 'open' ? 'taken' : answer;
}

/** Whether a stranger gets mail out. */
async function meetRelay(talk: Talk): Promise<void> {
  const { config, facts, memory, ctx } = talk;
  if (config.relayTo === undefined) {
    facts.relay = 'not-tried';
    return;
  }
  // A sender at home is what fools a relay that looks at names.
  const senders = [...new Set([config.sender, config.recipient ?? config.sender])];
  if (isDue(memory.relay, ctx)) {
    memory.relay = await meetStranger(talk, senders, config.relayTo);
    // Without a user it is the last that is asked.
    if (memory.relay.hungUp && config.user !== undefined) throw again;
  }
  const known = memory.relay as StrangerAnswer;
  Object.assign(facts, { relay: known.answer, relayAt: known.at, relayReply: known.said });
}

async function logIn({ session, config, facts, ctx }: Talk, user: string): Promise<void> {
  const done = await session.login(user, config.passwordSecret);
  if (done.ok) {
    Object.assign(facts, { login: 'accepted', mechanism: done.value.mechanism, loginMs: done.value.tookMs });
    ctx.note(`logged in by ${done.value.mechanism}`);
    return;
  }
  const { login, refusals, nextLoginMs } = done.failure;
  take(done.failure, facts);
  Object.assign(facts, { login, refusals, nextLoginMs });
  throw stop;
}

async function offerRecipient({ session, config, facts, memory, ctx }: Talk, sender: string): Promise<void> {
  if (config.recipient === undefined) {
    facts.recipient = 'not-tried';
    return;
  }
  const asked = await must(facts, session.mail(sender));
  if (!isGood(asked)) refused(facts, asked, 'the sender was refused');
  const reply = await must(facts, session.rcpt(config.recipient));
  if (isGood(reply)) {
    facts.recipient = 'accepted';
    memory.acceptedAt = ctx.now();
    delete memory.putOffSince;
  } else if (mayBeGreylisting(reply)) {
    memory.putOffSince ??= ctx.now();
    facts.reply = replyFacts(reply);
    facts.putOffSince = memory.putOffSince;
    if (memory.acceptedAt !== undefined) facts.acceptedAt = memory.acceptedAt;
    // Greylisting lets in whom it has let in before.
    facts.recipient = memory.acceptedAt === undefined ? 'greylisted' : 'put-off';
  } else {
    facts.recipient = reply.code >= 500 ? 'refused' : 'put-off';
    refused(facts, reply, 'the test mailbox was not accepted');
  }
  await must(facts, session.rset());
}

/** Sends a message round: takes old ones out of the mailbox, hands a new one in, waits for it there, and takes it out. */
import type { OnItsWay, RoundtripConfig, RoundtripFacts } from '../../shared/checks/roundtrip-facts.ts';
import { maySend } from '../../shared/checks/roundtrip-pending.ts';
import { queueIdOf } from '../../shared/mail/queue-id.ts';
import { hopsOf, readReceived } from '../../shared/mail/received.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { SECOND } from '../../shared/time.ts';
import { type Inbox, openInbox } from './roundtrip-inbox.ts';
import { messageOf, newToken, tagOf } from './roundtrip-message.ts';
import type { SmtpReply } from './smtp-reply.ts';
import { isGood, openSmtp, refusedBy, type SmtpSeen, type SmtpSession } from './smtp-session.ts';
import type { SmtpFailure } from './smtp-wire.ts';
import type { Probe, ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** On its way, and to be looked for at the next run. */
interface Pending extends OnItsWay {
  token: string;
}
/** The oldest are forgotten beyond this; they are still removed when they come. */
const mostPending = 50;
const mostTold = 10;

export const probeRoundtrip: Probe<RoundtripConfig, RoundtripFacts> = async (config, ctx) => {
  const facts: RoundtripFacts = { stage: 'submit' };
  const fresh: Pending[] = [];
  const pending = ctx.remember(fresh) ?? fresh;
  ctx.remember(pending);
  const begin = ctx.monotonic();
  const tag = tagOf(config);
  const inbox = openInbox(config, tag, ctx);
  try {
    const swept = await sweep(inbox, pending, facts, ctx);
    // Without a look into the mailbox another message would only be one more that lies there.
    if (!swept.ok) return failed(facts, 'read', swept.failure, ctx);
    if (
      !maySend(
        pending.map((it) => it.acceptedAt),
        ctx.now(),
      )
    ) {
      facts.heldBack = true;
      ctx.note(`none is sent: ${pending.length} are on their way`);
      return facts;
    }
    const token = newToken();
    const sentAt = ctx.now();
    const sent = await send(config, messageOf(config, tag, token, sentAt), facts, ctx);
    if (!sent.ok) return failed(facts, 'send', sent.failure, ctx);
    const own: Pending = { token, ...sent.value };
    pending.push(own);
    pending.splice(0, pending.length - mostPending);
    await waitFor(own, { config, inbox, pending, facts, begin, sentAt, ctx });
  } finally {
    inbox.end();
    tellMissing(pending, facts, ctx);
  }
  return facts;
};

function failed(facts: RoundtripFacts, failedAt: 'send' | 'read', { code, detail }: Failure, ctx: ProbeContext): RoundtripFacts {
  Object.assign(facts, { failedAt, failure: { code, detail } });
  ctx.note(detail);
  return facts;
}

/** Looks what of earlier times has come, and removes it. */
async function sweep(inbox: Inbox, pending: Pending[], facts: RoundtripFacts, ctx: ProbeContext): Promise<Result<null, Failure>> {
  const known = new Map(pending.map((it) => [it.token, it]));
  const swept = await inbox.sweep((token) => known.has(token));
  if (!swept.ok) return swept;
  facts.leftovers = swept.value.removed;
  if (swept.value.removed > 0) ctx.note(`${swept.value.removed} old test messages removed`);
  const late = swept.value.came.flatMap(({ token }) => known.get(token) ?? []).sort((a, b) => a.acceptedAt - b.acceptedAt);
  for (const { token } of late) drop(pending, token);
  if (late.length > 0)
    facts.late = late.slice(0, mostTold).map(({ token: _, ...it }) => ({ ...it, tookMs: Math.max(0, ctx.now() - it.acceptedAt) }));
  return ok(null);
}

function drop(pending: Pending[], token: string): void {
  const at = pending.findIndex((it) => it.token === token);
  if (at >= 0) pending.splice(at, 1);
}

function tellMissing(pending: readonly Pending[], facts: RoundtripFacts, ctx: ProbeContext): void {
  facts.at = ctx.now();
  const earlier = pending.filter((it) => it.acceptedAt !== facts.acceptedAt);
  if (earlier.length === 0) return;
  facts.missingCount = earlier.length;
  facts.missing = earlier.slice(0, mostTold).map(({ token: _, ...it }) => it);
}

/** Hands the message in. */
async function send(
  config: RoundtripConfig,
  message: string,
  facts: RoundtripFacts,
  ctx: ProbeContext,
): Promise<Result<OnItsWay, Failure>> {
  const begin = ctx.monotonic();
  const seen: SmtpSeen = {};
  const opened = await openSmtp(config.send, ctx, seen);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const accepted = await submit(session, config, message, seen, ctx);
    if (!accepted.ok) return accepted;
    const acceptedBy = /^[a-z0-9][a-z0-9.-]{0,119}(?=\s|$)/i.exec(seen.banner ?? '')?.[0] ?? seen.address;
    const queueId = queueIdOf(accepted.value.text);
    const it: OnItsWay = {
      acceptedAt: ctx.now(),
      ...(queueId === null ? {} : { queueId }),
      ...(acceptedBy === undefined ? {} : { acceptedBy: clean(acceptedBy, 120) }),
    };
    Object.assign(facts, it, { stage: 'accepted', submitMs: since(begin, ctx), reply: clean(accepted.value.text) });
    return ok(it);
  } finally {
    session.quit();
  }
}

async function submit(
  session: SmtpSession,
  { send: { user, passwordSecret, address }, from, to }: RoundtripConfig,
  message: string,
  seen: SmtpSeen,
  ctx: ProbeContext,
): Promise<Result<SmtpReply, SmtpFailure>> {
  const started = await session.start();
  if (!started.ok) return started;
  if (user !== undefined) {
    const login = await session.login(user, passwordSecret);
    if (!login.ok) return fail({ code: login.failure.code, detail: login.failure.detail });
    ctx.note('logged in');
  }
  // A bounce would lie in somebody's mailbox: it is said here that the message did not come (RFC 3461 4.1).
  const never = seen.extensions?.some((it) => it.toUpperCase() === 'DSN') ? 'NOTIFY=NEVER' : undefined;
  for (const step of [() => session.mail(from), () => session.rcpt(to, never)]) {
    const answer = await step();
    if (!answer.ok) return answer;
    if (!isGood(answer.value)) return fail(refusedBy(answer.value, address));
  }
  const taken = await session.data(message);
  return taken.ok && !isGood(taken.value) ? fail(refusedBy(taken.value, address)) : taken;
}

interface Wait {
  config: RoundtripConfig;
  inbox: Inbox;
  pending: Pending[];
  facts: RoundtripFacts;
  /** Monotonic, of the probe. */
  begin: number;
  /** Epoch ms. */
  sentAt: number;
  ctx: ProbeContext;
}

/** Looks into the mailbox until the message is there, or for so long as it may take or the time-out leaves. */
async function waitFor(own: Pending, { config, inbox, pending, facts, begin, sentAt, ctx }: Wait): Promise<void> {
  const start = ctx.monotonic();
  // What is left of the time-out is for saying good-bye.
  const end = Math.min(start + config.slowDown, begin + ctx.timeoutMs - Math.min(3 * SECOND, ctx.timeoutMs / 5));
  for (let looks = 0; ; looks += 1) {
    const taken = await inbox.take(own.token);
    const now = ctx.monotonic();
    if (taken.ok && taken.value) {
      drop(pending, own.token);
      facts.foundMs = since(start, ctx);
      facts.totalMs = Math.round((facts.submitMs ?? 0) + facts.foundMs);
      facts.hops = hopsOf(readReceived(taken.value.header), sentAt, facts.totalMs);
      facts.deleted = taken.value.removed;
      facts.stage = taken.value.removed ? 'done' : 'delivered';
      ctx.note(`found after ${Math.round(facts.foundMs)} ms`);
      return;
    }
    facts.waitedMs = Math.round(now - start);
    if (ctx.signal.aborted || now >= end) {
      if (!taken.ok) failed(facts, 'read', taken.failure, ctx);
      else ctx.note(`not in the mailbox after ${facts.waitedMs} ms`);
      return;
    }
    await pause(Math.min(inbox.gapMs(looks, facts.waitedMs), Math.max(1, end - now)), ctx.signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

/** Asks a time server once (SNTP, RFC 5905 section 14) and works out how far its clock is from ours. */
import { randomBytes } from 'node:crypto';
import { type NtpConfig, type NtpFacts, turnsAway } from '../../shared/checks/ntp.ts';
import type { Failure } from '../../shared/model/words.ts';
import { humanDuration, MINUTE } from '../../shared/time.ts';
import { type Address, resolveAddress } from './addresses.ts';
import { type NtpReply, ntpRequest, readNtpReply } from './ntp-packet.ts';
import type { Probe, ProbeContext } from './types.ts';
import { dialUdp } from './udp-dial.ts';

/** Questions within one time-out; more would be what a server calls too often. */
const mostTries = 2;
/** More packets than this that are no reply, and no more are looked at. */
const mostIgnored = 1_000;
/** A server that turned us away is left alone for so long. */
const pauseMs = 15 * MINUTE;
/** A reply cannot have taken longer at the server than it took in all; its clock may be coarse. */
const mostNegativeMs = 50;

/** Kept for the next probe of the same check: who turned us away, and until when (monotonic) it is left alone. */
interface TurnedAway {
  facts: NtpFacts;
  until: number;
}

export const probeNtp: Probe<NtpConfig, NtpFacts> = async (config, context) => {
  const pause = context.remember<TurnedAway | null>(null);
  if (pause && context.monotonic() < pause.until) {
    context.remember(pause);
    const pausedMs = Math.round(pause.until - context.monotonic());
    context.note(`nothing is sent: the server said ${pause.facts.kiss}, and is left alone for ${humanDuration(pausedMs)} yet`);
    return { ...pause.facts, pausedMs };
  }
  const begin = context.monotonic();
  const resolved = await resolveAddress(config.address, config.family === 'auto' ? 0 : config.family, context.signal);
  if (!resolved.ok) return { failure: resolved.failure };
  const [first] = resolved.value as [Address];
  const facts: NtpFacts = { address: first.address };
  if (first.address !== config.address) {
    facts.lookupMs = Math.round(context.monotonic() - begin);
    context.note(`${config.address} is ${first.address}`);
  }
  if (context.signal.aborted) return { ...facts, failure: { code: 'timeout', detail: 'no time was left to ask' } };
  const found = await ask(config, context, first, facts);
  if (found.kiss !== undefined && turnsAway(found.kiss))
    context.remember<TurnedAway>({ facts: { address: found.address, kiss: found.kiss }, until: context.monotonic() + pauseMs });
  return found;
};

function ask(config: NtpConfig, context: ProbeContext, server: Address, facts: NtpFacts): Promise<NtpFacts> {
  const { signal, note, monotonic } = context;
  const where = `${server.address} port ${config.port}`;
  return new Promise((resolve) => {
    /** Questions that are out: their nonce, and when they left by either clock. */
    const questions: { nonce: Buffer; at: number; begin: number }[] = [];
    let ignored = 0;
    let again: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (more: Partial<NtpFacts>): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', giveUp);
      clearTimeout(again);
      socket.close();
      resolve({ ...facts, tries: questions.length, ...(ignored > 0 && { ignored }), ...more });
    };
    const failing = (failure: Failure): void => {
      note(failure.detail);
      settle({ failure });
    };
    const giveUp = (): void =>
      failing(
        ignored > 0
          ? { code: 'protocol', detail: `${where} answered with something that is no reply to a question about the time` }
          : { code: 'timeout', detail: `no answer from ${where}` },
      );
    const send = (): void => {
      if (settled) return;
      const nonce = randomBytes(8);
      note(`asking ${where}`);
      questions.push({ nonce, at: context.now(), begin: monotonic() });
      socket.send(ntpRequest(nonce));
      if (questions.length < mostTries) again = setTimeout(send, context.timeoutMs / (mostTries + 0.5));
    };
    const hear = (packet: Buffer): void => {
      const heardAt = monotonic();
      let question: (typeof questions)[number] | undefined;
      const reply = readNtpReply(
        packet,
        (origin) => {
          question = questions.find((it) => it.nonce.equals(origin));
          return question !== undefined;
        },
        context.now(),
      );
      const tookMs = question ? heardAt - question.begin : 0;
      if (!reply || !question || (reply.kiss === null && !isPossible(reply, tookMs))) {
        ignored += 1;
        if (ignored === mostIgnored) giveUp();
        return;
      }
      note(
        reply.kiss === null ? `answered after ${tookMs.toFixed(1)} ms, stratum ${reply.stratum}` : `answered with the code "${reply.kiss}"`,
      );
      settle(factsOf(reply, question.at, tookMs));
    };

    const socket = dialUdp({ ...server, port: config.port }, { ready: send, message: hear, failure: failing });
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

const heldMs = (reply: NtpReply): number => reply.sentAt - reply.receivedAt;
const isPossible = (reply: NtpReply, tookMs: number): boolean =>
  heldMs(reply) >= -mostNegativeMs && heldMs(reply) <= tookMs + mostNegativeMs;
const thousandth = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** @param askedAt when the question left, by our wall clock; all else is measured from it by the clock that never jumps */
function factsOf(reply: NtpReply, askedAt: number, tookMs: number): NtpFacts {
  const { leap, stratum, version } = reply;
  const common: NtpFacts = { leap, stratum, version };
  if (reply.kiss !== null) return { ...common, kiss: reply.kiss };
  return {
    ...common,
    offsetMs: thousandth((reply.receivedAt - askedAt + (reply.sentAt - (askedAt + tookMs))) / 2),
    delayMs: thousandth(Math.max(0, tookMs - heldMs(reply))),
    reference: reply.reference,
    rootDelayMs: thousandth(reply.rootDelayMs),
    rootDispersionMs: thousandth(reply.rootDispersionMs),
    ...(reply.referenceAt !== null && { setMsAgo: Math.round(reply.sentAt - reply.referenceAt) }),
  };
}

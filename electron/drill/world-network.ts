/** What plain connections see in a drill's world: ping, TCP, UDP, time servers, SSH. */
import type { IcmpConfig, IcmpFacts } from '../../shared/checks/icmp.ts';
import type { NtpConfig, NtpFacts } from '../../shared/checks/ntp.ts';
import type { SshConfig, SshFacts } from '../../shared/checks/ssh.ts';
import type { TcpConfig, TcpFacts } from '../../shared/checks/tcp.ts';
import type { UdpConfig, UdpFacts } from '../../shared/checks/udp.ts';
import { SECOND } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import { type Answer, addressFacts, noAnswer, nothingFrom, reach, refusal, roundTrip, tidy } from './world-contact.ts';
import { isSilentServer } from './world-dns-servers.ts';
import { doorFault } from './world-mail-state.ts';
import { numberOf } from './world-values.ts';
import { desk } from './world-ways.ts';
import { fingerprintOf } from './world-words.ts';

const dnsPort = 53;
/** Time between two packets to one address. */
const periodMs = 200;
/** Nobody waits longer for a reply to one. */
const mostReplyMs = SECOND;

export const ping: Answer<IcmpConfig, IcmpFacts> = (asked) => {
  const { config, chance, states, moment, place } = asked;
  const { spot, way, machine } = reach({ ...asked, timeoutMs: Number.POSITIVE_INFINITY }, []);
  const isDead = !way.open || machine?.power === 'off' || (place.check.vantage === desk && states.isOffline(moment));
  const rtts: (number | null)[] = [];
  for (let i = 0; i < config.packets; i++) {
    const ms = isDead || (way.loss > 0 && chance() < way.loss) ? null : roundTrip(spot, way, asked);
    rtts.push(ms !== null && ms > mostReplyMs ? null : ms);
  }
  const replies = rtts.filter((it) => it !== null);
  const sorted = replies.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
  const steps = replies.slice(1).map((ms, i) => Math.abs(ms - (replies[i] ?? ms)));
  const isWhole = replies.length === rtts.length;
  const address = typeof config.address === 'string' && /^[\d.]+$|:/.test(config.address) ? { address: config.address } : {};
  return {
    facts: {
      ...address,
      sent: rtts.length,
      received: replies.length,
      lossPercent: tidy((100 * (rtts.length - replies.length)) / rtts.length),
      rttsMs: rtts,
      minMs: sorted[0] ?? null,
      medianMs: sorted.length === 0 ? null : tidy(median ?? 0),
      maxMs: sorted.at(-1) ?? null,
      jitterMs: steps.length === 0 ? null : tidy(steps.reduce((sum, it) => sum + it, 0) / steps.length),
    },
    tookMs: (rtts.length - 1) * periodMs + (isWhole ? (sorted.at(-1) ?? 0) : SECOND),
  };
};

export const connect: Answer<TcpConfig, TcpFacts> = (asked) => {
  const { config } = asked;
  const { port, expect } = config;
  const contact = reach(asked);
  const none = nothingFrom<TcpFacts>(contact, asked, port, (connectMs) => ({ connectMs }));
  // Who waits for no greeting does not notice that there is none.
  if (none && (contact.what !== 'mute' || expect !== undefined)) return { ...none, facts: { ...none.facts, port } };
  const door = doorFault(asked, port);
  const { spot, mode, fault, ms } = contact;
  if (port === dnsPort && isSilentServer(asked, spot))
    return { facts: { ...addressFacts(contact), port, failure: noAnswer(spot, port) }, tookMs: asked.timeoutMs };
  if (door?.mode === 'smtp-refuse') return { facts: { ...addressFacts(contact), port, failure: refusal(spot, port) }, tookMs: ms };
  const facts: TcpFacts = { ...addressFacts(contact), port, connectMs: tidy(ms) };
  if (expect === undefined) return { facts, tookMs: ms };
  const bannerMs = tidy(ms + 8 + (mode === 'slow' && fault ? numberOf(fault) : 0));
  if (ms + bannerMs >= asked.timeoutMs) return { facts: { ...facts, failure: noAnswer(spot, port) }, tookMs: asked.timeoutMs };
  const isWrong = mode === 'error' || mode === 'wrong-content';
  const banner = isWrong ? '421 service not available' : expect.replaceAll(/\\[rnt\\]/g, ' ').trim() || expect;
  return { facts: { ...facts, bannerMs, banner: banner.slice(0, 200), matched: !isWrong }, tookMs: ms + bannerMs };
};

export const datagram: Answer<UdpConfig, UdpFacts> = (asked) => {
  const { config, timeoutMs } = asked;
  const contact = reach(asked);
  const { what, spot, mode, fault } = contact;
  const address = addressFacts(contact);
  const tries = Math.min(config.tries, 3);
  const ms = tidy(contact.ms + (mode === 'slow' && fault ? numberOf(fault) : 1));
  if (what === 'refused') return { facts: { ...address, tries: 1, failure: refusal(spot, config.port) }, tookMs: ms };
  if (what !== 'talks' || ms >= timeoutMs || (config.port === dnsPort && isSilentServer(asked, spot)))
    return { facts: { ...address, tries, failure: noAnswer(spot, config.port) }, tookMs: timeoutMs };
  const isWrong = mode === 'error' || mode === 'wrong-content';
  const expected = config.expect ?? config.expectHex;
  const reply = (isWrong ? 'error' : (expected ?? 'ok')).slice(0, 200);
  return {
    facts: { ...address, ms, bytes: reply.length, reply, ...(expected !== undefined && { matched: !isWrong }), tries: 1 },
    tookMs: ms,
  };
};

export const timeServer: Answer<NtpConfig, NtpFacts> = (asked) => {
  const { config, chance, timeoutMs } = asked;
  const contact = reach(asked);
  const { what, spot, ms } = contact;
  const address = addressFacts(contact);
  if (what === 'refused') return { facts: { ...address, tries: 1, failure: refusal(spot, config.port) }, tookMs: ms };
  const slowMs = contact.mode === 'slow' && contact.fault ? numberOf(contact.fault) : 0;
  if (what !== 'talks' || ms + slowMs >= timeoutMs)
    return { facts: { ...address, tries: 3, failure: noAnswer(spot, config.port) }, tookMs: timeoutMs };
  const isLost = contact.mode === 'error' || contact.mode === 'wrong-content';
  return {
    facts: {
      ...address,
      offsetMs: tidy((chance() - 0.5) * 2),
      delayMs: tidy(ms + slowMs),
      stratum: isLost ? 16 : 2,
      leap: isLost ? 3 : 0,
      version: 4,
      reference: '192.0.2.123',
      rootDelayMs: 4.2,
      rootDispersionMs: 1.1,
      setMsAgo: 64_000,
      tries: 1,
    },
    tookMs: ms + slowMs,
  };
};

export const secureShell: Answer<SshConfig, SshFacts> = (asked) => {
  const { config, timeoutMs } = asked;
  const contact = reach(asked);
  const none = nothingFrom<SshFacts>(contact, asked, config.port, (connectMs) => ({ connectMs }));
  if (none) return none;
  const { ms, spot, mode, fault } = contact;
  const software = mode === 'wrong-content' ? 'dropbear_2025.88' : (config.expect ?? 'OpenSSH_9.9');
  const bannerMs = tidy(ms + (mode === 'slow' && fault ? numberOf(fault) : 6));
  const facts: SshFacts = { ...addressFacts(contact), connectMs: tidy(ms) };
  if (ms + bannerMs >= timeoutMs) return { facts: { ...facts, failure: noAnswer(spot, config.port) }, tookMs: timeoutMs };
  if (mode === 'error') {
    const detail = 'the server closed the connection too early';
    return { facts: { ...facts, failure: { code: 'closed', detail } }, tookMs: ms + bannerMs };
  }
  const kexMs = tidy(2 * ms + fixedOf(`kex ${spot.address}`, 8, 25));
  return {
    facts: {
      ...facts,
      bannerMs,
      kexMs,
      banner: `SSH-2.0-${software}`,
      protocol: '2.0',
      software,
      keyType: 'ssh-ed25519',
      fingerprint: config.fingerprint[0] ?? fingerprintOf(spot),
      kex: 'curve25519-sha256',
      ...(config.fingerprint.length > 0 && { pinned: true }),
    },
    tookMs: ms + bannerMs + kexMs,
  };
};

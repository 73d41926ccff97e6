/** How mail flows in a drill's world: what waits in the queue, and how a message goes round. */
import type { QueueConfig, QueueFacts } from '../../shared/checks/queue-facts.ts';
import type { OnItsWay, RoundtripConfig, RoundtripFacts } from '../../shared/checks/roundtrip-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { fixedOf, latencyOf } from './random.ts';
import { type Answer, type Asked, contactWith, darkAgent, isCutOff, isDark, noAnswer, refusal, tidy } from './world-contact.ts';
import { logIn } from './world-machines.ts';
import { backlogAt, deliveryOf } from './world-mail-backlog.ts';
import { protocolFault } from './world-mail-state.ts';
import { queueIdOf } from './world-words.ts';

export const mailQueue: Answer<QueueConfig, QueueFacts> = (asked) => {
  const { config, moment, chance, place, timeoutMs } = asked;
  const { at } = moment;
  let facts: QueueFacts = { source: config.source, at };
  let tookMs = 60;
  if (config.source !== 'local') {
    const login = logIn(asked as Asked<{ port: number; fingerprint?: string[] }>);
    const port = config.source === 'http' ? Number(/:(\d+)/.exec(config.url?.slice(8) ?? '')?.[1] ?? 80) : config.port;
    if (login.none) {
      const failure = login.contact.what === 'refused' ? refusal(login.contact.spot, port) : noAnswer(login.contact.spot, port);
      return { facts: { ...login.none.facts, ...facts, failure }, tookMs: Math.min(login.none.tookMs, timeoutMs) };
    }
    if (config.source === 'ssh') facts = { ...facts, ...login.facts };
    tookMs = (login.facts.loginMs ?? 0) + 70;
  } else if (isDark(asked)) return { facts: { ...facts, failure: darkAgent }, tookMs: timeoutMs };
  const backlog = backlogAt(asked, at);
  // A few always wait, for servers elsewhere that are gone.
  const usual = Math.floor(fixedOf(`queue ${place.check.id}`, 1, 5) + 2 * chance());
  const total = usual + backlog.messages;
  const oldestAt = backlog.oldestAt ?? at - Math.round(fixedOf(`waits ${place.check.id}`, 4, 20) * MINUTE);
  const held = backlog.messages > 0;
  const olderThan = (ageMs: number): number =>
    held && backlog.oldestAt !== null && at - backlog.oldestAt > ageMs
      ? Math.floor(backlog.messages * (1 - ageMs / (at - backlog.oldestAt)))
      : 0;
  const reason = { text: 'connection to the delivery agent timed out', count: backlog.messages };
  const waitMs = deliveryOf(asked, at) - at;
  return {
    facts: {
      ...facts,
      total,
      incoming: 0,
      active: Math.min(total, 1),
      deferred: Math.max(0, total - 1),
      hold: 0,
      other: 0,
      oldestAt,
      ...(held && { oldestOwnAt: oldestAt, reasons: [reason] }),
      olderDegraded: olderThan(config.oldestDegraded),
      olderDown: olderThan(config.oldestDown),
      unread: 0,
      ratePerMinute: tidy(backlog.perMinute),
      drainPerMinute: backlog.isDraining ? tidy(-backlog.perMinute) : held ? 0 : 1,
      ...(held && Number.isFinite(waitMs) && waitMs > MINUTE && { delayMinMs: Math.round(waitMs), delayMaxMs: Math.round(waitMs * 1.3) }),
      tookMs: 30,
    },
    tookMs,
  };
};

/** Messages that are on their way, by check. */
export type Sent = OnItsWay & { arrivesAt: number };

/** Why an end cannot be used; null = it can. */
function troubleAt(asked: Asked<RoundtripConfig>, end: 'send' | 'read'): Failure | null {
  const { config, topology, place } = asked;
  const { address, port } = end === 'send' ? config.send : { port: config.fetch.protocol === 'imap' ? 993 : 995, ...config.fetch };
  const doorPort = port ?? 993;
  const spot = topology.spotAt(address) ?? place.spots[0] ?? null;
  if (!spot) return isCutOff(asked) ? { code: 'timeout', detail: `no answer from ${address}` } : null;
  const contact = contactWith(spot, asked, place.programs);
  if (contact.what === 'refused') return refusal(spot, doorPort);
  if (contact.what !== 'talks') return noAnswer(spot, doorPort);
  const protocol = end === 'read' ? config.fetch.protocol : config.send.user === undefined ? 'smtp' : 'submission';
  switch (protocolFault(asked, protocol)?.mode) {
    case 'smtp-refuse':
      return refusal(spot, doorPort);
    case 'auth-fails':
      return { code: 'login-refused', detail: 'log-in refused: authentication failed' };
    case 'tls-broken':
      return { code: 'tls', detail: `no encrypted connection with ${address} port ${doorPort}` };
    default:
      return contact.mode === 'error' ? { code: 'server-error', detail: 'the server answers: temporary failure' } : null;
  }
}

/** So many may be on their way before no more are sent for a while. */
const mostOnTheirWay = 5;
const restMs = 30 * MINUTE;
const mostTold = 10;

export const roundTrip: Answer<RoundtripConfig, RoundtripFacts> = (asked) => {
  const { config, moment, chance, place, timeoutMs, kept } = asked;
  const { at } = moment;
  const sent = (kept.sent ?? []) as Sent[];
  const reading = troubleAt(asked, 'read');
  if (reading) {
    const tookMs = reading.code === 'timeout' ? timeoutMs : 200;
    return { facts: { stage: 'submit', failedAt: 'read', failure: reading, ...missingOf(sent, at + tookMs, null) }, tookMs };
  }
  const late = sent.filter((it) => it.arrivesAt <= at);
  kept.sent = sent.filter((it) => it.arrivesAt > at);
  const before = kept.sent as Sent[];
  const facts: RoundtripFacts = {
    stage: 'submit',
    leftovers: late.length,
    ...(late.length > 0 && { late: late.slice(0, mostTold).map((it) => ({ ...told(it), tookMs: at - it.acceptedAt })) }),
  };
  if (before.length >= mostOnTheirWay && at - Math.max(...before.map((it) => it.acceptedAt)) < restMs)
    return { facts: { ...facts, heldBack: true, ...missingOf(before, at, null) }, tookMs: 200 };
  const sending = troubleAt(asked, 'send');
  if (sending) {
    const tookMs = sending.code === 'timeout' ? timeoutMs : 300;
    return { facts: { ...facts, failedAt: 'send', failure: sending, ...missingOf(before, at + tookMs, null) }, tookMs };
  }
  const submitMs = tidy(latencyOf(fixedOf(`submit ${place.check.id}`, 120, 300), chance));
  const acceptedAt = Math.round(at + submitMs);
  const arrivesAt = deliveryOf(asked, acceptedAt) + Math.round(400 * chance());
  const own: Sent = {
    acceptedAt,
    queueId: queueIdOf(`${place.check.id} ${acceptedAt}`),
    acceptedBy: config.send.serverName ?? config.send.address,
    arrivesAt,
  };
  const taken: RoundtripFacts = { ...facts, ...told(own), stage: 'accepted', submitMs, reply: `250 2.0.0 Ok: queued as ${own.queueId}` };
  const foundMs = arrivesAt - acceptedAt;
  const patienceMs = Math.min(config.slowDown, timeoutMs - submitMs - 5 * SECOND);
  if (foundMs > patienceMs) {
    kept.sent = [...before, own];
    const end = acceptedAt + patienceMs;
    return { facts: { ...taken, waitedMs: patienceMs, ...missingOf([...before, own], end, acceptedAt) }, tookMs: submitMs + patienceMs };
  }
  const totalMs = tidy(submitMs + foundMs);
  return {
    facts: {
      ...taken,
      stage: 'done',
      foundMs,
      totalMs,
      hops: [{ by: config.send.address, seconds: Math.floor(foundMs / SECOND) }],
      deleted: true,
      ...missingOf(before, at + totalMs, null),
    },
    tookMs: totalMs,
  };
};

const told = ({ acceptedAt, queueId, acceptedBy }: Sent): OnItsWay => ({ acceptedAt, queueId, acceptedBy });
/** Those that have not come, without the one of this run. */
function missingOf(sent: readonly Sent[], at: number, own: number | null): Pick<RoundtripFacts, 'at' | 'missing' | 'missingCount'> {
  const missing = sent.filter((it) => it.acceptedAt !== own);
  const end = Math.round(at);
  return missing.length === 0 ? { at: end } : { at: end, missing: missing.slice(0, mostTold).map(told), missingCount: missing.length };
}

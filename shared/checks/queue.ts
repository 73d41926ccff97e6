/** The mail queue: how much waits, for how long, for whom and why, and what that means for new mail. */
import { type Level, severityOf, type Verdict } from '../model/words.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration, stamp } from '../time.ts';
import { delayWords, rateWords, waitedWords } from './queue-delay.ts';
import { type QueueConfig, type QueueFacts, queueConfig, queueNames, queueObservation, waitingIn } from './queue-facts.ts';
import { judgeNoLogin, loginAdvice, loginLines } from './ssh-login.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

interface Finding {
  level: Level;
  reason: string;
  text: string;
}

/** Fewer say nothing about a cause. */
const leastForCause = 5;
const most = (part: number, all: number): boolean => all >= leastForCause && 2 * part > all;
const messagesWait = (n: number): string => `${count(n, 'message')} ${n === 1 ? 'waits' : 'wait'}`;

/** "412 of 430 wait for example.org: connection timed out", or without a cause "430 messages wait". */
export function whatWaits(it: QueueFacts): string {
  const waiting = waitingIn(it) ?? 0;
  const least = it.atLeast ? 'at least ' : '';
  const [domain, reason] = [it.domains?.[0], it.reasons?.[0]];
  if (domain && most(domain.count, waiting)) {
    const why = domain.reason && most(domain.reason.count, domain.count) ? `: ${domain.reason.text}` : '';
    const part = domain.count === waiting ? `${least}all ${waiting}` : `${domain.count} of ${least}${waiting}`;
    return `${part} messages wait for ${domain.domain}${why}`;
  }
  if (reason && most(reason.count, waiting)) {
    const part = reason.count === waiting ? `${least}all ${waiting}` : `${reason.count} of ${least}${waiting}`;
    return `${part} messages wait for one reason: ${reason.text}`;
  }
  return `${least}${messagesWait(waiting)}`;
}

/** "mail for example.org is delayed by about 75 to 120 minutes"; null where that is not known, or is nothing to speak of. */
export function delaySentence(it: QueueFacts): string | null {
  const words = it.delayMinMs === undefined ? null : delayWords(it.delayMinMs, it.delayMaxMs);
  return words && `mail${it.delayOf === undefined ? '' : ` for ${it.delayOf}`} is delayed by ${words}`;
}

const held = ({ hold = 0 }: QueueFacts): string | null => (hold === 0 ? null : `${hold} on hold`);
const waited = (at: number, now: number, orEarlier = false): string => `${waitedWords(now - at)}${orEarlier ? ' or longer' : ''}`;
const oldest = (it: QueueFacts, now: number): string | null =>
  it.oldestAt === undefined ? null : `the oldest ${waited(it.oldestAt, now, it.oldestOrEarlier)}`;

/** What is wrong, and what is said of it first. */
function findingsOf(it: QueueFacts, config: QueueConfig, now: number): Finding[] {
  const found: Finding[] = [];
  const add = (level: Level | null, reason: string, text: string): unknown => level && found.push({ level, reason, text });
  const waiting = waitingIn(it);
  if (waiting === undefined) return found;
  const lead = [whatWaits(it), oldest(it, now)].filter((words) => words !== null).join(', ');
  add(waiting >= config.countDown ? 'down' : waiting >= config.countDegraded ? 'degraded' : null, 'queue-long', lead);
  const ownAge = it.oldestOwnAt === undefined ? 0 : now - it.oldestOwnAt;
  const many = (older: number | undefined): boolean => (older ?? 0) >= config.oldestMessages;
  const late =
    ownAge >= config.oldestDown || many(it.olderDown)
      ? 'down'
      : ownAge >= config.oldestDegraded || many(it.olderDegraded)
        ? 'degraded'
        : null;
  const own = ownAge >= config.oldestDegraded && it.oldestOwnAt !== undefined;
  add(late, 'queue-old', own ? `${whatWaits(it)}, mail that should not wait at all ${waited(it.oldestOwnAt ?? 0, now)}` : lead);
  const growth = it.ratePerMinute ?? 0;
  add(config.growthDegraded !== undefined && growth >= config.growthDegraded ? 'degraded' : null, 'queue-growing', lead);
  const { hold = 0 } = it;
  const heldWords =
    hold === 1 ? '1 message is on hold and will not leave by itself' : `${hold} messages are on hold and will not leave by themselves`;
  add(hold >= config.holdDegraded ? 'degraded' : null, 'held', heldWords);
  return found.sort((a, b) => severityOf(b.level) - severityOf(a.level));
}

function judge(it: QueueFacts, config: QueueConfig, now: number): Verdict {
  const [first, second] = findingsOf(it, config, now);
  // A list that was cut off can be long enough to tell.
  if (first && (!it.failure || it.atLeast)) {
    const also = second?.reason === 'held' ? second.text : first.reason === 'held' ? null : held(it);
    const delay = first.reason === 'held' ? null : delaySentence(it);
    const future = first.reason === 'held' ? [] : [it.ratePerMinute === undefined ? null : rateWords(it.ratePerMinute), delay];
    const text = [first.text, ...future, also].filter((words) => words !== null).join('; ');
    return { state: first.level, reason: first.reason, text: clean(text, 400), ...(delay ? { title: clean(delay, 200) } : {}) };
  }
  // Whoever cannot look knows nothing of the mail.
  if (it.failure) return judgeNoLogin(it, it.failure);
  const waiting = waitingIn(it);
  if (waiting === undefined || it.atLeast) return { state: 'unknown', reason: 'no-result', text: 'nothing is known of the queue' };
  const parts = waiting === 0 ? ['the queue is empty', held(it)] : [messagesWait(waiting), oldest(it, now), held(it)];
  return { state: 'ok', reason: 'ok', text: parts.filter((words) => words !== null).join(', ') };
}

const advice: Record<string, Omit<Explanation, 'happened'>> = {
  ...loginAdvice,
  ok: { means: 'Mail leaves about as fast as it comes.', todo: 'Nothing.' },
  'queue-long': {
    means:
      'Mail is accepted but not delivered on as fast as it comes: it arrives late. What waits for one domain alone delays no other mail.',
    todo: 'Look at the domain and the reason that most of it waits for. Much mail of one sender can be a site that sends spam.',
  },
  'queue-old': {
    means: 'Mail lies on the server and does not go on. Its senders do not know that yet.',
    todo: 'Look at the reason. Where it names a server of our own, see whether that runs; then "postqueue -f" tries all of it again.',
  },
  'queue-growing': {
    means: 'More mail comes than leaves. If that goes on, new mail is delayed more and more.',
    todo: 'Look at what waits: one domain, one reason, or one sender. The mail log tells who sends.',
  },
  held: {
    means: 'Mail on hold stays where it is until somebody lets it go. Its senders believe that it was sent.',
    todo: 'Look at it with "postqueue -p" (marked with !), and let it go with "postsuper -H" or delete it with "postsuper -d".',
  },
};
const unseen: Omit<Explanation, 'happened'> = {
  means: 'Nobody can see the queue: mail may be waiting or not. Postfix may have ended.',
  todo: 'See whether Postfix runs ("postfix status"), look at the queue by hand ("postqueue -p"), and at the transcript of the check.',
};
const adviceFor = ({ source }: QueueConfig, reason: string): Omit<Explanation, 'happened'> =>
  (source === 'ssh' || !(reason in loginAdvice) ? advice[reason] : undefined) ?? unseen;

function target(config: QueueConfig): string {
  if (config.source === 'http') return config.url ?? '';
  return `mail queue of ${config.source === 'local' ? 'this computer' : hostAndPort(config.address ?? 'the server', config.port)}`;
}

const titles: Record<(typeof queueNames)[number], string> = {
  incoming: 'Just taken',
  active: 'Being delivered',
  deferred: 'To be tried again',
  hold: 'On hold',
  other: 'Other',
};

function facts(it: QueueFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined | null): unknown => value && lines.push({ label, value });
  const waiting = waitingIn(it);
  add('Waiting', waiting === undefined ? null : `${it.atLeast ? 'at least ' : ''}${waiting}`);
  for (const name of queueNames) add(titles[name], name === 'other' && !it.other ? null : it[name]?.toString());
  add('Oldest', it.oldestAt === undefined ? null : `${stamp(it.oldestAt, 'UTC')}${it.oldestOrEarlier ? ' or earlier' : ''}`);
  add('Change', it.ratePerMinute === undefined ? null : (rateWords(it.ratePerMinute) ?? 'hardly any'));
  add('Waiting mail that leaves', it.drainPerMinute === undefined ? null : `${Math.round(it.drainPerMinute * 10) / 10} a minute`);
  add('New mail', delaySentence(it));
  for (const { domain, count: n, reason } of it.domains ?? [])
    add(`For ${domain}`, `${n}${reason ? `, ${reason.text} (${reason.count})` : ''}`);
  for (const { text, count: n } of it.reasons ?? []) lines.push({ label: `Reason, ${count(n, 'message')}`, value: text });
  add('Lines not understood', it.unread ? String(it.unread) : null);
  add('Reading it took', it.tookMs === undefined ? null : humanDuration(it.tookMs));
  return [...lines, ...loginLines(it)];
}

export const queue = {
  title: 'Mail queue',
  summary: 'How many messages wait in the queue of a mail server, since when, for which domains and why, and how long new mail will take',
  config: queueConfig,
  observation: queueObservation,
  slotMs: 0,
  unit: 'ms',
  unitOf: () => 'messages',
  target,
  judge,
  explain: (it, verdict, config) => {
    const top = (it.domains ?? []).slice(0, 4).map(({ domain, count: n }) => `${domain} (${n})`);
    const who = verdict.state === 'ok' || top.length < 2 ? '' : ` Most of it is for ${listOf(top, 3)}.`;
    return { happened: `${target(config)}: ${verdict.text}.${who}`, ...adviceFor(config, verdict.reason) };
  },
  measure: (it) => (it.failure ? null : (waitingIn(it) ?? null)),
  facts,
} satisfies CheckDefinition<QueueConfig, QueueFacts>;

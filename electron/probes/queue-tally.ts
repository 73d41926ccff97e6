/** Counts what "postqueue -j" prints, one line after the other. Everything in it is hostile: bounded, and cleaned where it is shown. */
import { patienceMs } from '../../shared/checks/queue-delay.ts';
import { mostTold, type QueueFacts, type QueueName } from '../../shared/checks/queue-facts.ts';
import { clean } from '../../shared/text.ts';
import { foldReason, isMailboxAffair } from './queue-reason.ts';

/** Domains, and domains with a reason, that are counted at once. */
const mostKeys = 3_000;
const mostRecipients = 1_000;
const mostCached = 2_000;

interface Counted {
  count: number;
  oldest: number;
}

/**
 * Counts keys in bounded memory: where there are too many, the rarest are forgotten. One that makes up more than a thousandth of all is
 * never lost, its count is at most a little too low.
 */
export function createCounter(most = mostKeys) {
  let counts = new Map<string, Counted>();
  return {
    add(key: string, at: number): void {
      const known = counts.get(key);
      if (known) {
        known.count += 1;
        if (at < known.oldest) known.oldest = at;
        return;
      }
      if (counts.size >= 2 * most) counts = new Map([...counts].sort((a, b) => b[1].count - a[1].count).slice(0, most));
      counts.set(key, { count: 1, oldest: at });
    },
    /** The largest `n` of `all`, largest first; equal ones by name, so that they do not change places. Those that may be miscounted are none. */
    top: (n: number, all: number): [string, Counted][] =>
      [...counts]
        .filter(([, { count }]) => count * 1_000 >= all)
        .sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1))
        .slice(0, n),
    entries: () => counts.entries(),
  };
}

/** One line of `postqueue -j` (postqueue(1), JSON OBJECT FORMAT). */
interface Message {
  queue: string;
  /** Epoch seconds. */
  arrival: number | null;
  recipients: { address: string; reason: string | null }[];
}

/**
 * @param whole false where the line is only the beginning of one: the recipients that are in it count
 * @returns null where it is no such line
 */
export function readMessage(line: string, whole = true): Message | null {
  let json: unknown;
  try {
    const end = Math.max(line.lastIndexOf('}, {'), line.lastIndexOf('},{'));
    json = JSON.parse(whole ? line : `${line.slice(0, end + 1)}]}`);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { queue_name: queue, arrival_time: arrival, recipients } = json as Record<string, unknown>;
  if (typeof queue !== 'string') return null;
  const read: Message = { queue, arrival: typeof arrival === 'number' && Number.isFinite(arrival) ? arrival : null, recipients: [] };
  for (const it of Array.isArray(recipients) ? recipients.slice(0, mostRecipients) : []) {
    if (typeof it !== 'object' || it === null) continue;
    const { address, delay_reason: reason } = it as Record<string, unknown>;
    if (typeof address === 'string') read.recipients.push({ address, reason: typeof reason === 'string' ? reason : null });
  }
  return read;
}

const queueOf: Readonly<Record<string, QueueName>> = {
  maildrop: 'incoming',
  incoming: 'incoming',
  active: 'active',
  deferred: 'deferred',
  hold: 'hold',
};

function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return clean(address.slice(at + 1, at + 300), 100).toLowerCase() || 'nobody';
}

export interface TallyLimits {
  oldestDegraded: number;
  oldestDown: number;
  own: readonly string[];
}

/**
 * Takes the lines of a list.
 * @param before when the look before this one was, by the mail server's clock
 */
export function createTally(limits: TallyLimits, before: number | undefined) {
  const totals: Record<QueueName, number> = { incoming: 0, active: 0, deferred: 0, hold: 0, other: 0 };
  const own = new Set(limits.own.map((it) => it.toLowerCase()));
  const [domains, pairs, reasons] = [createCounter(), createCounter(), createCounter()];
  const folded = new Map<string, string>();
  let [now, read, unread, total, backlog, stayed, olderDegraded, olderDown] = [Number.NaN, 0, 0, 0, 0, 0, 0, 0];
  let [oldest, oldestOwn] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

  const fold = (raw: string): string => {
    const key = raw.slice(0, 600);
    const known = folded.get(key);
    if (known !== undefined) return known;
    if (folded.size >= mostCached) folded.clear();
    const text = foldReason(key);
    folded.set(key, text);
    return text;
  };

  const weigh = ({ recipients }: Message, queue: QueueName, at: number): void => {
    if (at < oldest) oldest = at;
    if (now - at >= patienceMs) backlog += 1;
    if (before !== undefined && before - at >= patienceMs) stayed += 1;
    if (now - at >= limits.oldestDegraded) olderDegraded += 1;
    if (now - at >= limits.oldestDown) olderDown += 1;
    let ours = queue === 'incoming';
    const seen = new Set<string>();
    for (const { address, reason } of recipients) {
      const domain = domainOf(address);
      ours ||= own.has(domain) && !(reason !== null && isMailboxAffair(reason));
      const first = !seen.has(domain);
      if (first) domains.add(domain, at);
      seen.add(domain);
      if (reason === null) continue;
      const text = fold(reason);
      const pair = `${domain}\0${text}`;
      if (!seen.has(pair)) pairs.add(pair, at);
      if (!seen.has(`\0${text}`)) reasons.add(text, at);
      seen.add(pair).add(`\0${text}`);
    }
    if (ours && at < oldestOwn) oldestOwn = at;
  };

  return {
    /** What the clock of the mail server says, epoch ms. To be told before the first message. */
    begin(at: number): void {
      now = at;
    },
    /** A line that begins with "{". */
    message(line: string, whole: boolean): void {
      total += 1;
      const found = readMessage(line, whole);
      if (!found) {
        unread += 1;
        totals.other += 1;
        return;
      }
      read += 1;
      const queue = queueOf[found.queue] ?? 'other';
      totals[queue] += 1;
      // One from the future came just now: clocks are set.
      if (queue !== 'hold') weigh(found, queue, found.arrival === null ? now : Math.min(now, found.arrival * 1_000));
    },
    /** Messages that could be read. */
    seen: () => read,
    /** For the estimate; the clock is the mail server's. */
    sample: () => ({ at: now, waiting: total - totals.hold, backlog, stayed: before === undefined ? null : stayed }),
    /** @param offset ms that the desk's clock is ahead of the mail server's */
    facts(offset: number): QueueFacts {
      const perDomain = new Map<string, { text: string; count: number }>();
      for (const [pair, { count }] of pairs.entries()) {
        const [domain = '', text = ''] = pair.split('\0');
        if (count > (perDomain.get(domain)?.count ?? 0)) perDomain.set(domain, { text, count });
      }
      return {
        total,
        ...totals,
        olderDegraded,
        olderDown,
        domains: domains.top(mostTold, total).map(([domain, it]) => {
          const reason = perDomain.get(domain);
          return { domain, count: it.count, oldestAt: it.oldest + offset, ...(reason ? { reason } : {}) };
        }),
        reasons: reasons.top(mostTold, total).map(([text, { count }]) => ({ text, count })),
        ...(Number.isFinite(oldest) ? { oldestAt: oldest + offset } : {}),
        ...(Number.isFinite(oldestOwn) ? { oldestOwnAt: oldestOwn + offset } : {}),
        ...(unread > 0 ? { unread } : {}),
      };
    },
  };
}
export type Tally = ReturnType<typeof createTally>;

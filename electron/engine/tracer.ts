/**
 * Follows the way to what failed, to what somebody asks for, and now and then to what is well, so that there is a good way to compare
 * with. However much fails at once, few traces run: what does not fit is counted and left out.
 */
import { isIP } from 'node:net';
import type { Reply } from '../../shared/bind.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { type KeptTraces, readTraces, wantsTrace, wantsUsualTrace, withTrace } from '../../shared/model/traces.ts';
import { fail, ok } from '../../shared/result.ts';
import { clean, count } from '../../shared/text.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { Network } from '../../shared/trace.ts';
import { nameHops, pathChange, type Trace, traceOf, whereItDies } from '../../shared/trace.ts';
import type { TraceRoute } from '../probes/trace.ts';
import type { Clock } from './clock.ts';
import type { Watched } from './keeper.ts';

/** Traces at once, and starts within a minute. */
const mostAtOnce = 2;
const mostAMinute = 6;
/** Traces that wait for their turn. */
const mostWaiting = 20;
/** Of one alert only so many things are followed. */
const mostPerAlert = 4;
/** A good way older than this is followed anew; one at a time, so that they spread by themselves. */
const usualEveryMs = 6 * HOUR;
const usualPauseMs = 30 * SECOND;
const usualAfterStartMs = 20 * SECOND;
/** What could not be followed while it was well is left alone for so long. */
const usualRetryMs = HOUR;
/** Ways to addresses that nobody looks at any more go after so long. Names may lead elsewhere every day. */
const keptForMs = 30 * DAY;
const tidyEveryMs = DAY;
const tidyAfterStartMs = 10 * MINUTE;

interface Job {
  address: string;
  check: string;
  subject: Watched['plan']['subject'];
  why: 'asked' | 'failed' | 'usual';
  alert: string | null;
  answer: ((reply: Reply<Traced>) => void)[];
}
/** In which order they go. */
const rank = { asked: 0, failed: 1, usual: 2 } as const;

export interface Traced {
  trace: Trace;
  /** The sentence. */
  text: string;
  lastGood: Trace | null;
}

export interface Tracer {
  /** Alerts that changed: what failed in them is followed. */
  settled(alerts: readonly Alert[]): void;
  /** Follows what is well, now and then. Call it every second or so. */
  tick(): void;
  /** Follows the way to what a check looks at, now. */
  trace(check: string): Promise<Reply<Traced>>;
  /** The newest good and bad traces of a check. */
  last(check: string): Reply<{ good: Trace | null; bad: Trace | null }>;
  /** How many were left out so far, as too many waited. */
  readonly dropped: number;
  stop(): void;
}

export function createTracer(options: {
  clock: Clock;
  follow: TraceRoute | undefined;
  watched: ReadonlyMap<string, Watched>;
  networks: () => readonly Network[];
  document: { get(key: string): string | null; put(key: string, text: string | null): void; keys(prefix: string): string[] };
  tell(draft: EventDraft): void;
  /** No program is there to trace with; null: there is. */
  onTrouble(text: string | null): void;
}): Tracer {
  const { clock, follow, watched, document } = options;
  const closing = new AbortController();
  const waiting: Job[] = [];
  const running = new Set<Job>();
  /** Monotonic ms of the starts within the last minute. */
  let starts: number[] = [];
  let dropped = 0;
  let droppedTold = 0;
  let cancelTurn: (() => void) | null = null;
  let nextTidyAt = clock.monotonic() + tidyAfterStartMs;
  let nextUsualAt = clock.monotonic() + usualAfterStartMs;
  /** Subjects that were followed for each open alert. */
  const followed = new Map<string, Set<string>>();
  /** When the usual way of an address was last tried in vain, monotonic ms. */
  const inVain = new Map<string, number>();
  const kept = new Map<string, KeptTraces>();

  const tracesOf = (address: string): KeptTraces => {
    const found = kept.get(address) ?? readTraces(document.get(`trace:${address}`));
    kept.set(address, found);
    return found;
  };
  /** The IP address that a check looks at: what its newest probe found, or what is written. */
  const addressOf = (it: Watched): string | null => {
    const seen: unknown = (it.newest?.run.facts as { address?: unknown } | undefined)?.address;
    const address = typeof seen === 'string' && isIP(seen) !== 0 ? seen : it.plan.config.address;
    return typeof address === 'string' && isIP(address) !== 0 && !isOwn(address) ? address : null;
  };

  const ask = (it: Watched, address: string, why: Job['why'], alert: string | null, answer?: Job['answer'][number]): void => {
    const same = [...waiting, ...running].find((job) => job.address === address && (job.why === why || why === 'usual'));
    if (same) {
      if (answer) same.answer.push(answer);
      return;
    }
    if (waiting.length >= mostWaiting) {
      const least = waiting.findLastIndex((job) => rank[job.why] > rank[why]);
      const [out] = least === -1 ? [] : waiting.splice(least, 1);
      // A usual one comes round again; what failed does not.
      if ((out?.why ?? why) !== 'usual') dropped += 1;
      if (!out) {
        answer?.(busy);
        return;
      }
    }
    const job: Job = { address, check: it.plan.id, subject: it.plan.subject, why, alert, answer: answer ? [answer] : [] };
    const place = waiting.findIndex((other) => rank[other.why] > rank[why]);
    waiting.splice(place === -1 ? waiting.length : place, 0, job);
    next();
  };

  /** Starts what may start now, and sets the clock for the rest. */
  const next = (): void => {
    cancelTurn?.();
    cancelTurn = null;
    if (!follow || closing.signal.aborted) return;
    while (waiting.length > 0 && running.size < mostAtOnce) {
      const [first] = waiting;
      if (first && first.why !== 'asked' && isExcused(watched.get(first.check))) {
        waiting.shift();
        // Should it still be wrong when it counts again, it is followed then.
        if (first.alert !== null) followed.get(first.alert)?.delete(first.subject.id);
        continue;
      }
      const now = clock.monotonic();
      starts = starts.filter((at) => now - at < MINUTE);
      if (starts.length >= mostAMinute) {
        cancelTurn = clock.after(MINUTE - (now - (starts[0] as number)), next);
        return;
      }
      starts.push(now);
      void start(waiting.shift() as Job, follow);
    }
  };

  const start = async (job: Job, follow: TraceRoute): Promise<void> => {
    running.add(job);
    const found = await follow(job.address, closing.signal);
    running.delete(job);
    const answer = (reply: Reply<Traced>): void => {
      for (const each of job.answer) each(reply);
    };
    if (closing.signal.aborted) return answer(fail({ code: 'closing', text: 'Nightdesk is closing.' }));
    options.onTrouble(!found.ok && found.failure.code === 'tool-missing' ? toolMissing : null);
    if (found.ok) answer(ok(take(job, traceOf(nameHops(found.value.hops, options.networks()), job.address, clock.now(), found.value.cut))));
    else {
      if (job.why === 'usual') inVain.set(job.address, clock.monotonic());
      answer(fail({ code: 'no-trace', text: `The way to ${job.address} could not be followed: ${found.failure.detail}.` }));
    }
    next();
  };

  const take = (job: Job, trace: Trace): Traced => {
    const before = tracesOf(job.address);
    const lastGood = before.good && { ...before.good, hops: nameHops(before.good.hops, options.networks()) };
    const text = whereItDies(trace, lastGood);
    const head = { at: trace.at, subject: job.subject, actor: 'engine' } as const;
    if (trace.reached) inVain.delete(job.address);
    else if (job.why === 'usual') inVain.set(job.address, clock.monotonic());
    // A usual one that did not come through says nothing while its check is well: some routers answer nobody.
    if (job.why !== 'usual' || trace.reached) {
      const after = withTrace(before, trace);
      kept.set(job.address, after);
      document.put(`trace:${job.address}`, JSON.stringify(after));
      const change = lastGood && pathChange(lastGood, trace, before.ways);
      if (change)
        options.tell({ ...head, kind: 'observed', payload: { check: job.check, code: change.code, text: clean(change.text, 600) } });
    }
    if (job.why !== 'usual') {
      const out = dropped - droppedTold;
      droppedTold = dropped;
      const more = out === 0 ? '' : `; ${count(out, 'other way was', 'other ways were')} not followed, as too much failed at once`;
      const hops = trace.hops.map(({ at, address, name, lossPercent, ms }) => ({ at, address, name, lossPercent, ms }));
      options.tell({
        ...head,
        kind: 'traced',
        payload: { alert: job.alert, check: job.check, target: job.address, text: clean(text + more, 600), hops, good: trace.reached },
      });
    }
    return { trace, text, lastGood };
  };

  const tidy = (): void => {
    if (clock.monotonic() < nextTidyAt) return;
    nextTidyAt = clock.monotonic() + tidyEveryMs;
    const used = new Set([...watched.values()].map(addressOf));
    for (const address of [...kept.keys()]) if (!used.has(address)) kept.delete(address);
    for (const address of [...inVain.keys()]) if (!used.has(address)) inVain.delete(address);
    for (const key of document.keys('trace:')) {
      if (used.has(key.slice('trace:'.length))) continue;
      const { good, bad } = readTraces(document.get(key));
      if (Math.abs(clock.now() - Math.max(good?.at ?? 0, bad?.at ?? 0)) > keptForMs) document.put(key, null);
    }
  };

  return {
    get dropped() {
      return dropped;
    },
    settled(alerts) {
      if (!follow) return;
      for (const alert of alerts) {
        if (alert.endedAt !== null) {
          followed.delete(alert.id);
          continue;
        }
        const subjects = followed.get(alert.id) ?? new Set();
        followed.set(alert.id, subjects);
        for (const id of alert.checks) {
          if (subjects.size >= mostPerAlert) break;
          const it = watched.get(id);
          if (!it?.newest || isExcused(it) || subjects.has(it.subject.id) || !wantsTrace(it.plan, it.state, it.newest.verdict.reason))
            continue;
          const address = addressOf(it);
          if (address === null) continue;
          subjects.add(it.subject.id);
          ask(it, address, 'failed', alert.id);
        }
      }
    },
    tick() {
      tidy();
      if (!follow || waiting.length > 0 || running.size > 0 || clock.monotonic() < nextUsualAt) return;
      nextUsualAt = clock.monotonic() + usualPauseMs;
      let oldest: { it: Watched; address: string; at: number } | null = null;
      const seen = new Set<string>();
      for (const it of watched.values()) {
        if (seen.has(it.subject.id) || isExcused(it) || !wantsUsualTrace(it.plan, it.subject, it.state)) continue;
        const address = addressOf(it);
        if (address === null) continue;
        seen.add(it.subject.id);
        const tried = inVain.get(address);
        if (tried !== undefined && clock.monotonic() - tried < usualRetryMs) continue;
        const at = tracesOf(address).good?.at ?? Number.NEGATIVE_INFINITY;
        // In the future after a clock that was set back: followed anew, too.
        if (Math.abs(clock.now() - at) >= usualEveryMs && (oldest === null || at < oldest.at)) oldest = { it, address, at };
      }
      if (oldest) ask(oldest.it, oldest.address, 'usual', null);
    },
    trace(check) {
      const it = watched.get(check);
      const address = it && addressOf(it);
      if (!follow) return Promise.resolve(fail({ code: 'no-trace', text: 'No way can be followed here.' }));
      if (!it) return Promise.resolve(fail({ code: 'no-such-check', text: `There is no check "${check}" in the inventory any more.` }));
      if (!address)
        return Promise.resolve(
          fail({
            code: 'no-trace',
            text: `There is no way to follow to ${it.plan.target}: its address is not known, or it is this computer.`,
          }),
        );
      return new Promise((resolve) => ask(it, address, 'asked', null, resolve));
    },
    last(check) {
      const it = watched.get(check);
      if (!it) return fail({ code: 'no-such-check', text: `There is no check "${check}" in the inventory any more.` });
      const address = addressOf(it);
      const { good, bad } = address === null ? { good: null, bad: null } : tracesOf(address);
      return ok({ good, bad });
    },
    stop() {
      closing.abort();
      cancelTurn?.();
      for (const job of waiting.splice(0))
        for (const answer of job.answer) answer(fail({ code: 'closing', text: 'Nightdesk is closing.' }));
    },
  };
}

const busy: Reply<never> = fail({ code: 'busy', text: 'Too many traces are waiting already. Try again in a minute.' });
const toolMissing =
  'Ways cannot be followed when something fails, as there is no program for it: install mtr (or traceroute) on this computer.';

/** Gone, being worked on, or out of sight as this desk is cut off: a way that ends there is no news, and one that changed meanwhile neither. */
const isExcused = (it: Watched | undefined): boolean => !it || it.cover !== null;

/** This computer itself, and what is no single place. */
const isOwn = (address: string): boolean =>
  /^(127\.|0\.|22[4-9]\.|23\d\.|255\.)/.test(address) || /^(::1?|ff[0-9a-f]{2}:.*|::ffff:127\..*)$/i.test(address);

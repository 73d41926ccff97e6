/**
 * What a few looks at a queue tell of its future: how fast it grows and drains, and how long new mail will wait. Where that cannot be
 * told, nothing is.
 */
import { DAY, HOUR, humanDuration, MINUTE } from '../time.ts';

/** Mail that leaves sooner did not have to wait. */
export const patienceMs = 2 * MINUTE;
const mostSamples = 90;
const keptMs = HOUR;
const recentMs = 15 * MINUTE;

/** One look at the queue; all but messages on hold. */
export interface QueueSample {
  /** By the clock of the mail server where it is known, epoch ms. */
  at: number;
  waiting: number;
  /** Those that have waited longer than `patienceMs`; null where the source tells no times. */
  backlog: number | null;
  /** Those of the look before this one's backlog that have left since; null where it cannot be told. */
  left: number | null;
}

/**
 * Adds a look to those that are kept: one hour, at most 90. Looks from a time that has not come (a clock was set back) are dropped.
 * @param stayed how many of the last look's backlog are still there; null where it cannot be told
 */
export function addSample(
  before: readonly QueueSample[],
  now: { at: number; waiting: number; backlog: number | null; stayed: number | null },
): QueueSample[] {
  const { at, waiting, backlog, stayed } = now;
  const kept = before.filter((it) => it.at < at && at - it.at <= keptMs).slice(1 - mostSamples);
  const last = kept.at(-1);
  // Lists of a queue that is at work may show a message twice or not at all.
  const left = last?.backlog === null || last === undefined || stayed === null ? null : Math.max(0, last.backlog - stayed);
  return [...kept, { at, waiting, backlog, left }];
}

const minutesBetween = (a: QueueSample, b: QueueSample): number => (b.at - a.at) / MINUTE;

/** Messages more a minute (fewer: below zero) over the last 15 minutes, or since the look before where that is longer ago. */
export function growthOf(samples: readonly QueueSample[]): number | undefined {
  const last = samples.at(-1);
  const before = samples.at(-2);
  if (!last || !before) return undefined;
  const first = samples.find((it) => last.at - it.at <= recentMs && it !== last) ?? before;
  const minutes = minutesBetween(first, last);
  return minutes >= 1 ? (last.waiting - first.waiting) / minutes : undefined;
}

/** So many leaves of waiting mail a minute, between the looks at `from` and `to`; undefined where one is not known. */
function drainBetween(samples: readonly QueueSample[], from: number, to: number): number | undefined {
  let left = 0;
  for (const { left: some } of samples.slice(from + 1, to + 1)) {
    if (some === null) return undefined;
    left += some;
  }
  const [first, last] = [samples[from], samples[to]];
  return first && last && last.at > first.at ? left / minutesBetween(first, last) : undefined;
}

/** Waiting messages that leave a minute, over the last 15 minutes or since the look before. */
export function drainOf(samples: readonly QueueSample[]): number | undefined {
  const last = samples.at(-1);
  if (!last || samples.length < 2) return undefined;
  const recent = samples.findIndex((it) => last.at - it.at <= recentMs);
  return drainBetween(samples, Math.min(recent, samples.length - 2), samples.length - 1);
}

/** Shorter stretches say nothing. */
const leastMs = 10 * MINUTE;
const leastMessages = 10;
/** Where the slowest part is slower than a fourth of the fastest, only the shortest time is told. */
const widest = 4;

/**
 * How long mail will wait that joins the queue now: its backlog over how fast that was seen to leave (Little's law), by the fastest and
 * the slowest of four parts of the time that is remembered.
 * @returns ms; `mostMs` undefined where it can only be told how long at least; undefined where nothing can be told
 */
export function delayOf(samples: readonly QueueSample[]): { leastMs: number; mostMs: number | undefined } | undefined {
  // Since the newest look that could not be compared with the one before it.
  const from = Math.max(
    0,
    samples.findLastIndex((it) => it.left === null),
  );
  const known = samples.slice(from);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || last.at - first.at < leastMs || known.length < 4) return undefined;
  const backlog = last.backlog ?? 0;
  const left = known.slice(1).reduce((sum, it) => sum + (it.left ?? 0), 0);
  if (backlog < leastMessages || left < leastMessages) return undefined;
  const rates = quarters(known).flatMap(([a, b]) => drainBetween(known, a, b) ?? []);
  const [slow, fast] = [Math.min(...rates), Math.max(...rates)];
  if (!(fast > 0)) return undefined;
  const least = (backlog / fast) * MINUTE;
  return { leastMs: least, mostMs: slow * widest >= fast ? (backlog / slow) * MINUTE : undefined };
}

/** Cuts looks into up to four stretches of about the same length: places of their first and last. */
function quarters(samples: readonly QueueSample[]): [number, number][] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return [];
  const cuts = [1, 2, 3].map((part) => samples.findIndex((it) => it.at >= first.at + ((last.at - first.at) * part) / 4));
  const edges = [...new Set([0, ...cuts, samples.length - 1])];
  return edges.slice(1).map((to, index) => [edges[index] as number, to]);
}

const longest = 2 * DAY;
/** Shorter delays are nothing to speak of. */
const shortest = 5 * MINUTE;

/**
 * A delay in round words: minutes to the next 5 below an hour, to the quarter of an hour below three, then half and whole hours.
 * @returns "about 75 to 120 minutes", "about 3 to 4.5 hours", "at least 20 minutes", "more than two days"; null for less than 5 minutes
 */
export function delayWords(leastMs: number, mostMs: number | undefined): string | null {
  if ((mostMs ?? leastMs) < shortest) return null;
  if (leastMs >= longest) return 'more than two days';
  const open = mostMs === undefined || mostMs > longest;
  const largest = open ? leastMs : mostMs;
  const step = largest < HOUR ? 5 * MINUTE : largest < 3 * HOUR ? 15 * MINUTE : largest < 12 * HOUR ? 30 * MINUTE : HOUR;
  const inHours = largest >= 3 * HOUR;
  const one = inHours ? HOUR : MINUTE;
  const from = Math.floor(leastMs / step) * step;
  const unit = inHours ? 'hours' : 'minutes';
  if (open) return from === 0 ? null : `at least ${from / one} ${from === one ? unit.slice(0, -1) : unit}`;
  const to = Math.ceil(largest / step) * step;
  if (from === to) return `about ${to / one} ${unit}`;
  return from === 0 ? `up to ${to / one} ${unit}` : `about ${from / one} to ${to / one} ${unit}`;
}

/** "12 more a minute", "0.4 fewer a minute", with what that makes in an hour where it is slow; null where it hardly changes. */
export function rateWords(perMinute: number): string | null {
  const perHour = Math.round(Math.abs(perMinute) * 60);
  if (perHour < 5) return null;
  const more = perMinute > 0 ? 'more' : 'fewer';
  return Math.abs(perMinute) >= 1 ? `${Math.round(Math.abs(perMinute))} ${more} a minute` : `${perHour} ${more} an hour`;
}

/** "for 2 h 10 min", of an age in ms. */
export const waitedWords = (ms: number): string => `for ${humanDuration(Math.max(0, Math.floor(ms / 1_000) * 1_000))}`;

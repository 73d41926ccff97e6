/** A mailbox whose messages somebody should have dealt with: how many lie there, how old they are, how fast they gather. */
import { z } from 'zod';
import type { Level } from '../model/words.ts';
import { count } from '../text.ts';
import { durationSchema, HOUR, humanDuration, MINUTE } from '../time.ts';
import { type BacklogFacts, growthWords } from './mailbox-facts.ts';
import type { Finding } from './mailbox-judge.ts';

const messages = z.int().min(1).max(100_000_000).optional();
const age = durationSchema(MINUTE).optional();

export const countSettings = {
  countDegraded: messages.describe('Degraded when so many messages lie there'),
  countDown: messages.describe('Down when so many messages lie there'),
  growthDegraded: z
    .number()
    .positive()
    .max(10_000_000)
    .optional()
    .describe('Degraded when the messages become so many more within an hour (known from ten minutes on)'),
};
export const ageSettings = {
  oldestDegraded: age.describe('Degraded when the oldest message is older'),
  oldestDown: age.describe('Down when the oldest message is older'),
  newestDegraded: age.describe('Degraded when the newest message is older: nothing comes in'),
};
const limitNames = [...Object.keys(countSettings), ...Object.keys(ageSettings)] as (
  | keyof typeof countSettings
  | keyof typeof ageSettings
)[];
type BacklogLimits = Partial<Record<(typeof limitNames)[number], number | undefined>>;

/** What the limits of a backlog say; what is asked for and not known is unknown. */
export function backlogFindings(it: BacklogFacts, limits: BacklogLimits, now: number): Finding[] {
  const found: Finding[] = [];
  const add = (level: Level, reason: string, text: string): unknown => found.push({ level, reason, text });
  const { messages: lying } = it;
  if (limitNames.every((name) => limits[name] === undefined)) return found;
  if (lying === undefined) {
    add('unknown', 'backlog-unknown', 'not known how many messages lie there');
    return found;
  }
  const over = (value: number, degraded: number | undefined, down: number | undefined): Level | null =>
    down !== undefined && value >= down ? 'down' : degraded !== undefined && value >= degraded ? 'degraded' : null;

  const many = over(lying, limits.countDegraded, limits.countDown);
  if (many) add(many, 'backlog', `${count(lying, 'message')} lie there${it.growthPerHour ? ` (${growthWords(it.growthPerHour)})` : ''}`);
  if (it.growthPerHour !== undefined && limits.growthDegraded !== undefined && it.growthPerHour >= limits.growthDegraded)
    add('degraded', 'backlog-grows', `the messages become more: ${growthWords(it.growthPerHour)}`);
  if (limits.oldestDegraded !== undefined || limits.oldestDown !== undefined) {
    const old = it.oldestAt === undefined ? null : over(now - it.oldestAt, limits.oldestDegraded, limits.oldestDown);
    if (lying > 0 && it.oldestAt === undefined) add('unknown', 'age-unknown', 'not known how old the messages are');
    if (old && it.oldestAt !== undefined)
      add(old, 'backlog-old', `the oldest message has been there for ${humanDuration(now - it.oldestAt)}`);
  }
  if (limits.newestDegraded !== undefined) {
    if (it.newestAt === undefined)
      add(
        'unknown',
        'age-unknown',
        lying === 0 ? 'the mailbox is empty: not known when the last message came' : 'not known when the last message came',
      );
    else if (now - it.newestAt >= limits.newestDegraded)
      add('degraded', 'nothing-comes', `the newest message came ${humanDuration(now - it.newestAt)} ago`);
  }
  return found;
}

/** How many messages lay there, and when (monotonic ms). */
export interface BacklogSample {
  at: number;
  messages: number;
}
/** So far back the growth is reckoned, and from so much on it is told. */
const windowMs = HOUR;
const leastMs = 10 * MINUTE;
/** One sample a minute is enough. */
const stepMs = MINUTE;

/**
 * Adds what is known now.
 * @param before oldest first
 * @returns what to keep (at most 62), and the growth over what is kept, where it is long enough
 */
export function growthOf(before: readonly BacklogSample[], now: BacklogSample): { kept: BacklogSample[]; perHour: number | undefined } {
  const kept = before.filter((it) => now.at - it.at <= windowMs && it.at <= now.at).slice(-61);
  const last = kept.at(-1);
  if (!last || now.at - last.at >= stepMs) kept.push(now);
  const first = kept[0] ?? now;
  const span = now.at - first.at;
  return { kept, perHour: span >= leastMs ? ((now.messages - first.messages) * HOUR) / span : undefined };
}

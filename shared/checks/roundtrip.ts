/** A message sent round: handed in, delivered, found in the mailbox, removed again. */
import type { Verdict } from '../model/words.ts';
import { clean, count } from '../text.ts';
import { humanDuration, humanLatency } from '../time.ts';
import {
  legTime,
  type OnItsWay,
  type RoundtripConfig,
  type RoundtripFacts,
  roundtripChanges,
  roundtripConfig,
  roundtripLines,
  roundtripObservation,
  takenAs,
} from './roundtrip-facts.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition, Explanation } from './types.ts';

function judge(it: RoundtripFacts, config: RoundtripConfig, now: number): Verdict {
  const verdict = judgeNewest(it, config, now);
  const text = [verdict.text, ...asides(it, config, now)].join('; ');
  return { ...verdict, text: clean(text, 400) };
}

/** What is said beside the verdict: the legs of sending and reading tell their own faults. */
function asides(it: RoundtripFacts, config: RoundtripConfig, now: number): string[] {
  const said: string[] = [];
  const longest = Math.max(...(it.late ?? []).map((old) => old.tookMs));
  if (it.late && it.late.length > 0)
    said.push(
      it.late.length === 1
        ? `an earlier message came after ${humanDuration(longest)}`
        : `${it.late.length} earlier ones came, the slowest after ${humanDuration(longest)}`,
    );
  const overdue = overdueOf(it, config, now);
  if (it.stage === 'done' && overdue.length > 0)
    said.push(`${it.missingCount === 1 ? 'one' : it.missingCount} sent earlier ${it.missingCount === 1 ? 'has' : 'have'} not come`);
  return said;
}

/** Earlier ones that should have come by now. */
const overdueOf = (it: RoundtripFacts, config: RoundtripConfig, now: number) =>
  (it.missing ?? []).filter((old) => (it.at ?? now) - old.acceptedAt >= config.slowDown);

function judgeNewest(it: RoundtripFacts, config: RoundtripConfig, now: number): Verdict {
  if (it.failure) {
    const { code, detail } = it.failure;
    if (it.failedAt === 'send') return { state: 'unknown', reason: 'cannot-send', text: `no message could be handed in: ${detail}` };
    if (it.failedAt !== 'read') return { state: 'unknown', reason: code, text: detail };
    const taken = it.stage === 'accepted' ? `accepted${takenAs(it)}, but ` : '';
    return { state: 'unknown', reason: 'cannot-read', text: `${taken}the mailbox cannot be looked at: ${detail}` };
  }
  if (it.stage === 'accepted' || it.heldBack) return judgeMissing(it, config, now);
  if (it.stage === undefined || it.stage === 'submit' || it.totalMs === undefined)
    return { state: 'unknown', reason: 'no-result', text: 'the round trip did not come to its end' };
  const took = humanLatency(it.totalMs);
  if (it.totalMs > config.slowDown)
    return { state: 'down', reason: 'slow', text: `delivered after ${took}, more than ${humanLatency(config.slowDown)}${slowestLeg(it)}` };
  if (it.totalMs > config.slowDegraded)
    return {
      state: 'degraded',
      reason: 'slow',
      text: `delivered after ${took}, more than ${humanLatency(config.slowDegraded)}${slowestLeg(it)}`,
    };
  if (it.deleted === false)
    return {
      state: 'degraded',
      reason: 'not-removed',
      text: `delivered in ${took}, but the test message cannot be removed from the mailbox`,
    };
  return { state: 'ok', reason: 'ok', text: `delivered in ${took}` };
}

function judgeMissing(it: RoundtripFacts, config: RoundtripConfig, now: number): Verdict {
  const [oldest] = overdueOf(it, config, now);
  const [first] = it.missing ?? [];
  const earlier = it.missingCount ?? 0;
  const ageOf = (old: OnItsWay): number => (it.at ?? now) - old.acceptedAt;
  const waited = it.waitedMs ?? 0;
  const text = !it.heldBack
    ? `accepted${takenAs(it)}, not in the mailbox after ${humanDuration(waited)}`
    : first
      ? `accepted${takenAs(first)}, not in the mailbox after ${humanDuration(ageOf(first))}`
      : 'messages are on their way';
  const others = it.heldBack ? earlier - 1 : earlier;
  const more =
    others > 0 && first
      ? `; ${count(others, it.heldBack ? 'later message' : 'earlier message')} on the way${it.heldBack ? '' : `, the oldest for ${humanDuration(ageOf(first))}`}`
      : '';
  if (waited >= config.slowDown || oldest) return { state: 'down', reason: 'stuck', text: `${text}${more}` };
  if (waited >= config.slowDegraded || it.heldBack) return { state: 'degraded', reason: 'not-there-yet', text: `${text}${more}` };
  return { state: 'unknown', reason: 'not-there-yet', text: `${text}; the check ends before it can be waited for longer` };
}

/** Where the time went, if one server tells so. */
function slowestLeg({ hops = [] }: RoundtripFacts): string {
  const slowest = hops.reduce<(typeof hops)[number] | null>((a, b) => ((b.seconds ?? 0) > (a?.seconds ?? 0) ? b : a), null);
  return slowest?.seconds && slowest.seconds >= 2 ? `; ${legTime(slowest.seconds)} of it before ${slowest.by} had it` : '';
}

type Advice = Omit<Explanation, 'happened'>;
const advice: Record<string, Advice> = {
  ok: { means: 'A message handed in now is in the mailbox at once.', todo: 'Nothing.' },
  slow: {
    means: 'Mail arrives, but late.',
    todo: 'Look at the legs below for the server that held it, then at its queue, its filters and its load.',
  },
  stuck: {
    means: 'The server took the message and did not deliver it: mail of customers waits too, or is lost.',
    todo: 'Look for the queue id in the mail log and in the queue (postqueue -p): it says why the message waits, or where it went. Junk folders and filters are worth a look.',
  },
  'not-there-yet': {
    means: 'The message is on its way for longer than usual. It is looked for again at the next run.',
    todo: 'Wait for the next run; look at the queue. If it is always so, give the check a longer time-out.',
  },
  'cannot-send': {
    means: 'Nothing is known of delivery: the message could not be handed in. What is wrong there the checks of sending tell.',
    todo: 'Look at the checks of sending mail first.',
  },
  'cannot-read': {
    means: 'Nothing is known of delivery: the mailbox could not be looked at. What is wrong there the checks of reading tell.',
    todo: 'Look at the checks of reading mail first.',
  },
  'not-removed': {
    means: 'Delivery works. The test mailbox fills up, and will be full one day.',
    todo: 'See whether the account may delete messages in its mailbox, and empty it by hand.',
  },
};
const lookHere: Advice = {
  means: 'Nothing is known of delivery.',
  todo: 'Look at the transcript of the check, and whether this computer is overloaded.',
};

const target = ({ send, to }: RoundtripConfig): string => `${to} by ${hostAndPort(send.address, send.port)}`;

export const roundtrip = {
  title: 'Mail round trip',
  summary: 'Sends a test message, waits for it in the mailbox, and removes it: whether mail is delivered, how fast, and how far it got',
  config: roundtripConfig,
  observation: roundtripObservation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain: (_, verdict, config) => ({
    happened: `Test message to ${target(config)}: ${verdict.text}.`,
    ...(advice[verdict.reason] ?? lookHere),
  }),
  measure: ({ totalMs }) => totalMs ?? null,
  facts: roundtripLines,
  changes: roundtripChanges,
} satisfies CheckDefinition<RoundtripConfig, RoundtripFacts>;

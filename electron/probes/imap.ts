/** Logs in to an IMAP server, opens a mailbox read-only, and looks at how much lies there and since when. */
import type { ImapConfig, ImapFacts } from '../../shared/checks/imap.ts';
import { type BacklogSample, growthOf } from '../../shared/checks/mailbox-backlog.ts';
import type { Failure } from '../../shared/model/words.ts';
import { DAY } from '../../shared/time.ts';
import { type ImapSession, openImap } from './imap-session.ts';
import type { Probe, ProbeContext } from './types.ts';
import { since } from './wire.ts';

export const probeImap: Probe<ImapConfig, ImapFacts> = async (config, ctx) => {
  const facts: ImapFacts = {};
  const begin = ctx.monotonic();
  const opened = await openImap(config, facts, ctx);
  const failure = opened.ok ? await look(opened.value, config, facts, ctx) : opened.failure;
  if (opened.ok) opened.value.logout();
  facts.totalMs = since(begin, ctx);
  if (failure) {
    facts.failure = failure;
    ctx.note(failure.detail);
  } else facts.stage = 'done';
  return facts;
};

async function look(session: ImapSession, config: ImapConfig, facts: ImapFacts, ctx: ProbeContext): Promise<Failure | null> {
  if (config.user === undefined) return null;
  facts.stage = 'select';
  // Before it is opened: RFC 3501 advises against asking afterwards.
  const status = await session.status(config.mailbox, ['UNSEEN']);
  if (!status.ok) return status.failure;
  facts.unseen = status.value.get('UNSEEN');
  const opened = await session.examine(config.mailbox);
  if (!opened.ok) return opened.failure;
  const { messages, uidValidity } = opened.value;
  facts.messages = messages;
  ctx.note(`${config.mailbox} opens: ${messages} messages`);
  facts.growthPerHour = growth(messages, uidValidity, ctx);
  if (messages === 0) return null;
  facts.stage = 'state';
  const ages = await session.dates(edgesOf(messages));
  if (!ages.ok) return ages.failure;
  const latest = ctx.now() + DAY;
  // A date from the future is no date of an arrival: it would hide for ever that nothing comes.
  const known = ages.value.filter((at) => at <= latest);
  if (known.length > 0) Object.assign(facts, { oldestAt: Math.min(...known), newestAt: Math.max(...known) });
  return null;
}

/** Messages that are looked at from each end. */
const edge = 20;

/**
 * Which messages are asked for the time at which they came. Numbers go by arrival in the mailbox, so the oldest and the newest are
 * the first and the last; a message that was moved here keeps its older date, so a few more are looked at. That is 40 lines and one pass
 * over the server's index, for three messages or for a million. SEARCH BEFORE would know days only, SORT is optional and costs the
 * server all dates.
 */
const edgesOf = (messages: number): string => (messages <= 2 * edge ? `1:${messages}` : `1:${edge},${messages - edge + 1}:${messages}`);

interface Memory {
  uidValidity: number | undefined;
  samples: BacklogSample[];
}

/** Messages more per hour; undefined until the mailbox has been watched for long enough. */
function growth(messages: number, uidValidity: number | undefined, ctx: ProbeContext): number | undefined {
  const before = ctx.remember<Memory | null>(null);
  // Another validity means another mailbox.
  const same = before?.uidValidity === uidValidity ? (before?.samples ?? []) : [];
  const { kept, perHour } = growthOf(same, { at: ctx.monotonic(), messages });
  ctx.remember<Memory | null>({ uidValidity, samples: kept });
  return perHour;
}

/** Push: a job calls Nightdesk when it is done (heartbeat); a call that does not come is the problem. */
import { z } from 'zod';
import { failureSchema, idSchema, type Verdict } from '../model/words.ts';
import { clean } from '../text.ts';
import { DAY, durationSchema, humanDuration, MINUTE, SECOND } from '../time.ts';
import { failed } from './target.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

/** What a call can say of the job, in `?status=`. */
export const pushStatuses = ['ok', 'warning', 'critical'] as const;
export type PushStatus = (typeof pushStatuses)[number];

/** Shorter ones could be guessed by trying. */
export const leastTokenLength = 16;

/** @returns host and port of "127.0.0.1:8790" or "[::1]:8790"; null where it is neither */
export function readListen(listen: string): { host: string; port: number } | null {
  const [, v4, v6, digits] = /^(?:([\d.]+)|\[([0-9a-fA-F:.]+)\]):(\d{1,5})$/.exec(listen) ?? [];
  const port = Number(digits);
  const host = v4 ?? v6;
  if (host === undefined || port < 1 || port > 65_535) return null;
  return (v4 !== undefined ? z.ipv4() : z.ipv6()).safeParse(host).success ? { host, port } : null;
}

const config = z.object({
  token: idSchema.describe(
    `Name of the secret that holds the token (${leastTokenLength} characters or more, letters, digits, dash, dot, underscore or tilde); the job calls http://<desk.push.listen>/push/<token>`,
  ),
  every: durationSchema(10 * SECOND, 400 * DAY).describe('How often the call should come'),
  grace: durationSchema(0, 30 * DAY)
    .default(5 * MINUTE)
    .describe('So much later it may come before it is a problem'),
});
export type PushConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** Since when no call can have been missed, epoch ms; missing while Nightdesk does not listen. */
  since: z.number().optional(),
  /** The last call, epoch ms; missing when there never was one. */
  lastAt: z.number().optional(),
  status: z.enum(pushStatuses).optional(),
  /** What the job said, cleaned. */
  text: z.string().max(300).optional(),
  /** When this was looked up, epoch ms. */
  at: z.number().optional(),
});
export type PushFacts = z.infer<typeof observation>;

const ago = (ms: number): string => `${humanDuration(Math.max(0, ms))} ago`;

function judge(it: PushFacts, config: PushConfig, now: number): Verdict {
  if (it.failure) return failed(it.failure);
  if (it.since === undefined)
    return {
      state: 'unknown',
      reason: 'not-listening',
      text: 'Nightdesk does not listen for calls (desk.push in the inventory)',
    };
  const patienceMs = config.every + config.grace;
  const { lastAt, status = 'ok' } = it;
  if (lastAt !== undefined && now - lastAt <= patienceMs) {
    const said = it.text ? `: ${it.text}` : '';
    const text = clean(status === 'ok' ? `called ${ago(now - lastAt)}${said}` : `the job says ${status}${said}`, 300);
    if (status === 'critical') return { state: 'down', reason: 'reported-critical', text };
    if (status === 'warning') return { state: 'degraded', reason: 'reported-warning', text };
    return { state: 'ok', reason: 'ok', text };
  }
  const expected = `expected every ${humanDuration(config.every)}`;
  const leftMs = it.since + patienceMs - now;
  if (leftMs >= 0)
    return lastAt === undefined
      ? { state: 'unknown', reason: 'never-called', text: `no call yet; the first is due within ${humanDuration(leftMs)}` }
      : // A call may have come while nobody listened.
        {
          state: 'unknown',
          reason: 'missed-perhaps',
          text: `the last call came ${ago(now - lastAt)}, but Nightdesk has listened for ${humanDuration(Math.max(0, now - it.since))} only; ${expected}`,
        };
  return lastAt === undefined
    ? { state: 'down', reason: 'never-came', text: `no call has ever come; ${expected}` }
    : { state: 'down', reason: 'late', text: `the last call came ${ago(now - lastAt)}; ${expected}` };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The job ran in time and said so.', todo: 'Nothing.' },
  late: {
    means: 'The job did not run, did not finish, or could not reach Nightdesk.',
    todo: 'Look at the log of the job and of cron on its machine; then call the address by hand from there.',
  },
  'never-came': {
    means: 'The job has not called since Nightdesk began to wait for it.',
    todo: 'Look whether the job calls the right address with the right token; call it by hand from its machine.',
  },
  'never-called': { means: 'Nothing is known of the job yet.', todo: 'Wait for its first run, or call the address by hand.' },
  'missed-perhaps': {
    means: 'The job may have called while Nightdesk did not run: nothing is known until the next call is due.',
    todo: 'Wait for the next call, or look at the log of the job.',
  },
  'reported-warning': { means: 'The job ran, and is not content itself.', todo: 'Read what it says; look at its log.' },
  'reported-critical': { means: 'The job ran and failed.', todo: 'Read what it says; look at its log.' },
  'not-listening': {
    means: 'Nothing can be known of the job: its calls reach nobody.',
    todo: 'Set desk.push.listen in the inventory, and look whether another program has the port.',
  },
  'no-secret': { means: 'Nothing can be known of the job: its token is not set here.', todo: 'Set the secret that the check names.' },
};
const lookHere = { means: 'Nothing is known about the job.', todo: 'Look at the transcript.' };

const target = (config: PushConfig): string => `a call every ${humanDuration(config.every)}`;
const explain = (_: PushFacts, verdict: Verdict, config: PushConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: PushFacts): FactLine[] {
  const lines: FactLine[] = [];
  if (it.at === undefined || it.since === undefined) return lines;
  lines.push({ label: 'Last call', value: it.lastAt === undefined ? 'never' : ago(it.at - it.lastAt) });
  if (it.status !== undefined) lines.push({ label: 'Status', value: it.status });
  if (it.text) lines.push({ label: 'Says', value: it.text });
  lines.push({ label: 'Listening for', value: humanDuration(Math.max(0, it.at - it.since)) });
  return lines;
}

export const push = {
  title: 'Heartbeat',
  summary: 'Whether a job calls Nightdesk by HTTP as often as it should (cron jobs, backups)',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: () => null,
  facts,
} satisfies CheckDefinition<PushConfig, PushFacts>;

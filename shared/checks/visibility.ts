/** Visibility: is a prefix of ours seen by the world, from the right origin, and vouched for (RPKI)? Asks a looking glass, and only where one is set. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import { DAY, durationSchema, HOUR, humanDuration, humanLatency, MINUTE, stamp } from '../time.ts';
import { readUrl } from './http-settings.ts';
import { caFileSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

/** The largest AS number (RFC 6793). */
const mostAs = 4_294_967_295;
/** Origins that are looked at; a prefix has one, seldom two. */
export const mostOrigins = 8;
export const rpkiStates = ['valid', 'invalid', 'unknown'] as const;

const percent = z.number().min(0).max(100);
const config = z.object({
  prefix: z
    .union([z.cidrv4(), z.cidrv6()], 'expected a prefix such as 192.0.2.0/24 or 2001:db8::/48')
    .describe('The prefix as it is announced'),
  url: z
    .string()
    .max(1_000)
    .refine(
      (text) => readUrl(text)?.search === '',
      'expected a URL such as https://stat.ripe.net/data/, without user name, password and query',
    )
    .describe(
      'Where a looking glass in RIPEstat\'s format begins; "routing-status/data.json" and "rpki-validation/data.json" are put behind it. There is no default: nobody is asked unless it is set',
    ),
  origins: z
    .array(z.int().min(1).max(mostAs))
    .max(mostOrigins)
    .default([])
    .describe('Numbers of the autonomous systems that may announce it, such as [64500]; any where left out'),
  seenDegraded: percent.default(80).describe('Degraded when less than so many per cent of the observers see it'),
  seenDown: percent.default(20).describe('Down when less than so many per cent of the observers see it'),
  rpki: z
    .enum(['valid', 'not-invalid', 'off'])
    .default('not-invalid')
    .describe('What route origin validation must say: valid, anything but invalid, or off for not asking at all'),
  maxAge: durationSchema(HOUR, 30 * DAY)
    .default(DAY)
    .describe('Older knowledge of the looking glass counts for nothing; RIPEstat renews its own every 8 hours'),
  refresh: durationSchema(0, DAY)
    .default(30 * MINUTE)
    .describe('The looking glass is asked at most so often, as it turns away who asks too often; in between its last answer counts'),
  caFile: caFileSetting,
});
export type VisibilityConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** Observers that see the prefix, and all that there are of its address family. */
  seeing: z.int().optional(),
  observers: z.int().optional(),
  /** AS numbers that announce it. */
  origins: z.array(z.int()).max(mostOrigins).optional(),
  /** Of each origin that was asked about; one that could not be learnt is missing. */
  rpki: z
    .array(z.object({ origin: z.int(), state: z.enum(rpkiStates), said: z.string().max(60) }))
    .max(mostOrigins)
    .optional(),
  /** Of which moment the looking glass tells, epoch ms. */
  dataAt: z.number().optional(),
  lastSeenAt: z.number().optional(),
  /** More and less specific prefixes that are announced. */
  moreSpecifics: z
    .array(z.object({ prefix: z.string().max(60), origin: z.int() }))
    .max(20)
    .optional(),
  /** Why validation could not be asked. */
  rpkiFailure: failureSchema.optional(),
  from: z.string().max(260).optional(),
  ms: z.number().optional(),
});
export type VisibilityFacts = z.infer<typeof observation>;

const as = (number: number): string => `AS${number}`;
const asList = (numbers: readonly number[]): string => listOf(numbers.map(as), 4);
const shareOf = ({ seeing, observers }: VisibilityFacts): number | null =>
  seeing === undefined || observers === undefined || observers < 1 ? null : Math.min(100, (seeing / observers) * 100);

function judge(it: VisibilityFacts, config: VisibilityConfig, now: number): Verdict {
  const unknown = (reason: string, text: string): Verdict => ({ state: 'unknown', reason, text });
  const down = (reason: string, text: string): Verdict => ({ state: 'down', reason, text });
  const degraded = (reason: string, text: string): Verdict => ({ state: 'degraded', reason, text });
  // Whatever ails the looking glass says nothing of the prefix.
  if (it.failure) return unknown(it.failure.code, it.failure.detail);
  const share = shareOf(it);
  if (share === null) return unknown('no-result', 'the looking glass does not tell who sees it');
  if (it.dataAt === undefined) return unknown('no-time', 'the looking glass does not tell of which time it speaks');
  if (now - it.dataAt > config.maxAge) return unknown('old-data', `the looking glass tells of ${humanDuration(now - it.dataAt)} ago`);
  const seen = `seen by ${it.seeing} of ${it.observers} observers`;
  if (it.seeing === 0) return down('not-seen', `none of ${it.observers} observers sees it`);
  const { origins = [], rpki = [] } = it;
  const foreign = config.origins.length === 0 ? [] : origins.filter((origin) => !config.origins.includes(origin));
  if (foreign.length > 0 && foreign.length === origins.length)
    return down('wrong-origin', `announced by ${asList(foreign)} instead of ${asList(config.origins)}, ${seen}`);
  if (share < config.seenDown) return down('hardly-seen', `${seen} only`);
  if (foreign.length > 0) return degraded('foreign-origin', `announced by ${asList(foreign)} as well, ${seen}`);
  if (config.origins.length > 0 && origins.length === 0) return unknown('no-origin', `${seen}, but who announces it is not told`);
  const strangers = (it.moreSpecifics ?? []).filter(({ origin }) => config.origins.length > 0 && !config.origins.includes(origin));
  const [stranger] = strangers;
  if (stranger) return degraded('foreign-part', `a part of it, ${stranger.prefix}, is announced by ${as(stranger.origin)}`);
  if (share < config.seenDegraded) return degraded('partly-seen', `${seen} only`);
  if (config.rpki !== 'off') {
    const invalid = rpki.find(({ state }) => state === 'invalid');
    if (invalid) return degraded('rpki-invalid', `its announcement by ${as(invalid.origin)} is not valid by RPKI (${invalid.said})`);
    if (it.rpkiFailure) return unknown('rpki-not-known', `${seen}, but RPKI could not be asked: ${it.rpkiFailure.detail}`);
    if (rpki.length === 0) return unknown('rpki-not-known', `${seen}, but what RPKI says is not known`);
    const bare = rpki.find(({ state }) => state === 'unknown');
    if (config.rpki === 'valid' && bare) return degraded('rpki-unknown', `nothing in RPKI vouches for ${as(bare.origin)}`);
  }
  const vouched = config.rpki !== 'off' && rpki.every(({ state }) => state === 'valid') ? ', valid by RPKI' : '';
  const by = origins.length === 0 ? '' : `, announced by ${asList(origins)}`;
  return { state: 'ok', reason: 'ok', text: `${seen}${by}${vouched}` };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The world knows the way to these addresses.', todo: 'Nothing.' },
  'not-seen': {
    means: 'Nobody out there knows a way to these addresses: everything on them is unreachable.',
    todo: 'Look whether it is announced (router, every upstream), and call the upstream providers.',
  },
  'hardly-seen': {
    means: 'Most of the world knows no way to these addresses.',
    todo: 'Look which upstream still announces it, and call the others: a filter or a withdrawn announcement is the usual reason.',
  },
  'partly-seen': {
    means: 'A part of the world does not reach these addresses.',
    todo: 'Look which upstream still announces it, and whether a filter drops it; ask the providers.',
  },
  'wrong-origin': {
    means: 'Somebody else announces these addresses: traffic for them goes there, by mistake or by intent.',
    todo: 'Call the upstream providers and the network that announces it at once; announce more specific prefixes if you can.',
  },
  'foreign-origin': {
    means: 'Somebody else announces these addresses too: a part of the world sends its traffic there.',
    todo: 'Call the upstream providers and the network that announces it at once; if it is yours, add it to origins.',
  },
  'foreign-part': {
    means: 'Traffic for that part goes to somebody else, as the narrower announcement wins.',
    todo: 'Call the upstream providers and the network that announces it at once; if it is a customer of yours, add it to origins.',
  },
  'rpki-invalid': {
    means: 'Networks that check drop this announcement, so that they do not reach these addresses.',
    todo: 'Correct the ROA at your registry (origin and longest length), or the announcement.',
  },
  'rpki-unknown': {
    means: 'Nothing is broken, but nobody can tell a false announcement from yours.',
    todo: 'Make a ROA for the prefix at your registry.',
  },
};
const lookHere = {
  means: 'Nothing is known about how the world sees this prefix; whether it works is for other checks to say.',
  todo: 'Look at the transcript and at the URL of the looking glass.',
};

const target = (config: VisibilityConfig): string => `visibility of ${config.prefix}`;

const explain = (_: VisibilityFacts, verdict: Verdict, config: VisibilityConfig): Explanation => ({
  happened: `Visibility of ${config.prefix}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: VisibilityFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value !== undefined && value !== '' && lines.push({ label, value });
  const share = shareOf(it);
  if (share !== null) add('Seen by', `${it.seeing} of ${it.observers} (${Math.floor(share)} %)`);
  add('Announced by', it.origins?.map(as).join(', '));
  add('RPKI', it.rpki?.map(({ origin, said }) => `${as(origin)}: ${said}`).join(', '));
  add('RPKI', it.rpkiFailure?.detail);
  add('Parts announced', it.moreSpecifics?.map(({ prefix, origin }) => `${prefix} by ${as(origin)}`).join(', '));
  add('As of', it.dataAt === undefined ? undefined : stamp(it.dataAt, 'UTC'));
  add('Last seen', it.lastSeenAt === undefined ? undefined : stamp(it.lastSeenAt, 'UTC'));
  add('Says', it.from);
  if (it.ms !== undefined) add('Answer after', humanLatency(it.ms));
  return lines;
}

function changes(before: VisibilityFacts, after: VisibilityFacts): { code: string; text: string }[] {
  const key = ({ origins = [] }: VisibilityFacts): string => [...origins].sort((a, b) => a - b).join();
  if (!before.origins?.length || !after.origins?.length || key(before) === key(after)) return [];
  return [{ code: 'origin-changed', text: clean(`announced by ${asList(after.origins)} instead of ${asList(before.origins)}`) }];
}

export const visibility = {
  title: 'Prefix visibility',
  summary: "Whether the world sees a prefix, who announces it, and whether RPKI vouches for it (a looking glass in RIPEstat's format)",
  config,
  observation,
  slotMs: 0,
  unit: '%',
  target,
  judge,
  explain,
  measure: (it) => (it.failure ? null : shareOf(it)),
  facts,
  changes,
} satisfies CheckDefinition<VisibilityConfig, VisibilityFacts>;

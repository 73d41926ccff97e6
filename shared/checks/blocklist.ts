/** Blocklists: do the addresses that send mail, or the domain itself, stand on a list by which receivers refuse mail. */
import { z } from 'zod';
import { type ListSilence, meaningOf } from '../mail/blocklist-answer.ts';
import { failureSchema, type Verdict } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import { blocklistAdvice, silenceWords } from './blocklist-explain.ts';
import { dnsName, resolverOrSystem } from './dns-names.ts';
import { failed } from './target.ts';
import type { Change, CheckDefinition, FactLine } from './types.ts';

const ip = z.union([z.ipv4(), z.ipv6()], 'expected an IP address');
const lists = z.array(dnsName.max(200)).max(20);
const mostAnswers = 600;

const config = z
  .object({
    addresses: z.array(ip).max(20).default([]).describe('Addresses that send mail'),
    domains: z.array(dnsName.max(200)).max(10).default([]).describe('Domains that mail is sent for; asked of the lists of domains'),
    lists: lists
      .default(['zen.spamhaus.org', 'bl.spamcop.net', 'b.barracudacentral.org'])
      .describe('Lists of addresses. Some answer only resolvers of your own, or those that are registered with them'),
    domainLists: lists.default(['dbl.spamhaus.org']).describe('Lists of domains'),
    downOn: lists
      .default(['zen.spamhaus.org', 'dbl.spamhaus.org'])
      .describe('Down when one of these lists something, as so many receivers use it; degraded for all others'),
    server: resolverOrSystem.describe(
      "Resolver to ask: an IP address, a port behind a colon where it is not the usual one, or system for this computer's own. Many lists do not answer public resolvers",
    ),
  })
  .refine((it) => it.addresses.length > 0 || it.domains.length > 0, {
    message: 'expected at least one of addresses and domains',
    path: ['addresses'],
  });
export type BlocklistConfig = z.infer<typeof config>;

const silences = [
  'blocked-resolver',
  'too-many-queries',
  'wrong-name',
  'no-list',
  'dead-list',
  'lists-everything',
  'no-ipv6',
  'no-answer',
] as const satisfies readonly ListSilence[];

const answerSchema = z.object({
  list: z.string().max(254),
  /** The address or domain. */
  about: z.string().max(254),
  /** Null = not known; `why` says why. */
  listed: z.boolean().nullable(),
  /** Answers of the list, "127.0.0.2". */
  code: z.string().max(300).optional(),
  /** The reason that the list gives. */
  text: z.string().max(300).optional(),
  why: z.enum(silences).optional(),
  detail: z.string().max(300).optional(),
});
export type BlocklistAnswer = z.infer<typeof answerSchema>;

const observation = z.object({
  failure: failureSchema.optional(),
  answers: z.array(answerSchema).max(mostAnswers).optional(),
  ms: z.number().optional(),
});
export type BlocklistFacts = z.infer<typeof observation>;

/** Lists that keep no IPv6 addresses leave nothing open about one. */
const isOpen = ({ listed, why }: BlocklistAnswer): boolean => listed === null && why !== 'no-ipv6';

const mostTold = 3;

function judge(it: BlocklistFacts, config: BlocklistConfig): Verdict {
  if (it.failure) return failed(it.failure);
  const answers = it.answers ?? [];
  if (answers.length === 0) return { state: 'unknown', reason: 'no-result', text: 'no list was asked' };
  const listed = answers.filter((answer) => answer.listed === true);
  const open = answers.filter(isOpen);
  const silent = open.length === 0 ? '' : `; ${silentText(open)}`;
  if (listed.length > 0) {
    const major = listed.filter(({ list }) => config.downOn.includes(list));
    const told = [...major, ...listed.filter((answer) => !major.includes(answer))].map(
      ({ list, about, code = '' }) => `${about} is listed by ${list} (${meaningOf(list, code) ?? code})`,
    );
    const more = told.length > mostTold ? ` and ${told.length - mostTold} more` : '';
    return {
      state: major.length > 0 ? 'down' : 'degraded',
      reason: 'listed',
      text: clean(`${told.slice(0, mostTold).join('; ')}${more}${silent}`, 800),
    };
  }
  const things = [...new Set(answers.map(({ about }) => about))];
  const asked = answers.filter((answer) => answer.listed === false);
  // A list that counts for much, or something that no list tells anything about: then nobody knows.
  const bare = things.filter((thing) => !asked.some(({ about }) => about === thing));
  const major = open.filter(({ list }) => config.downOn.includes(list));
  if (bare.length > 0 || major.length > 0) {
    const first = major[0] ?? open[0];
    return { state: 'unknown', reason: first?.why ?? 'no-ipv6', text: clean(silentText(first ? open : answers), 800) };
  }
  const by = [...new Set(asked.map(({ list }) => list))];
  const who = `${listOf(things)} ${things.length === 1 ? 'is' : 'are'}`;
  const clear = by.length === 1 ? `${who} not listed by ${by[0]}` : `${who} on none of ${by.length} lists`;
  return { state: 'ok', reason: 'ok', text: clean(`${clear}${silent}`, 800) };
}

/** Each list once: "zen.spamhaus.org does not answer this resolver". */
function silentText(open: readonly BlocklistAnswer[]): string {
  const byList = new Map<string, string>();
  for (const { list, why = 'no-answer', detail = '' } of open)
    if (!byList.has(list)) byList.set(list, `${list} ${silenceWords[why](detail)}`);
  const all = [...byList.values()];
  return [...all.slice(0, mostTold), ...(all.length > mostTold ? [`${all.length - mostTold} more lists do not tell`] : [])].join('; ');
}

const target = (config: BlocklistConfig): string => `${listOf([...config.addresses, ...config.domains])} on blocklists`;

const rank = ({ listed, why }: BlocklistAnswer): number => (listed === true ? 0 : listed === null && why !== 'no-ipv6' ? 1 : 2);

const facts = (it: BlocklistFacts): FactLine[] =>
  [...(it.answers ?? [])]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ list, about, listed, code = '', text = '', why = 'no-answer', detail = '' }) => ({
      label: `${about} at ${list}`,
      value:
        listed === null
          ? `not known: ${silenceWords[why](detail)}`
          : listed
            ? ['listed', meaningOf(list, code) ?? code, text].filter((part) => part !== '').join(', ')
            : 'not listed',
    }));

const mostChanges = 20;

/** What was put on a list or taken off one; nothing where one of the two looks did not tell. */
function changes(before: BlocklistFacts, after: BlocklistFacts): Change[] {
  const key = ({ list, about }: BlocklistAnswer): string => `${about} ${list}`;
  const was = new Map((before.answers ?? []).map((it) => [key(it), it.listed]));
  return (after.answers ?? [])
    .flatMap((it) => {
      const old = was.get(key(it));
      if (old === undefined || old === null || it.listed === null || old === it.listed) return [];
      const why = [meaningOf(it.list, it.code ?? '') ?? it.code ?? '', it.text ?? ''].filter((part) => part !== '').join(', ');
      return it.listed
        ? [{ code: 'listed', text: clean(`${it.about} was put on ${it.list}${why === '' ? '' : ` (${why})`}`) }]
        : [{ code: 'delisted', text: clean(`${it.about} is no longer on ${it.list}`) }];
    })
    .slice(0, mostChanges);
}

export const blocklist = {
  title: 'Blocklists',
  summary: 'Whether addresses that send mail, or domains, stand on DNS blocklists by which receivers refuse mail',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain: (_, verdict, config) => ({
    happened: clean(`Blocklists, ${listOf([...config.addresses, ...config.domains])}: ${verdict.text}.`, 1_000),
    ...blocklistAdvice(verdict),
  }),
  measure: (it) => it.ms ?? null,
  facts,
  changes,
} satisfies CheckDefinition<BlocklistConfig, BlocklistFacts>;

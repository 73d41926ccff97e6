/** Domain: when does a registration run out, by RDAP (RFC 9083). Asks nobody unless a URL is set. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import { DAY, durationSchema, HOUR, humanDuration, humanLatency, stamp } from '../time.ts';
import { sameForm } from './dns-names.ts';
import { readUrl } from './http-settings.ts';
import { daysLeft } from './tls-certificate.ts';
import { caFileSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

const config = z.object({
  domain: z
    .hostname('expected a domain such as example.net')
    .max(253)
    .refine((name) => name.replace(/\.$/, '').includes('.'), 'expected a domain such as example.net')
    .describe('The registered domain, not a name below it; names with other letters in their xn-- form'),
  url: z
    .string()
    .max(1_000)
    .refine(
      (text) => readUrl(text)?.search === '',
      'expected a URL such as https://rdap.example.net/, without user name, password and query',
    )
    .describe(
      'Where the RDAP service begins; "domain/" and the name are put behind it. There is no default: nobody is asked unless it is set',
    ),
  degradedDays: z.int().min(0).max(3_650).default(30).describe('Degraded when the registration has at most so many days left'),
  downDays: z.int().min(0).max(3_650).default(14).describe('Down when it has at most so many days left'),
  refresh: durationSchema(0, 7 * DAY)
    .default(6 * HOUR)
    .describe('The registry is asked at most so often, as it turns away who asks too often; in between its last answer counts'),
  caFile: caFileSetting,
});
export type DomainConfig = z.infer<typeof config>;

const observation = z.object({
  /** The newest attempt failed; other facts are then those of the last good one. */
  failure: failureSchema.optional(),
  /** Whether there is such a registration. */
  registered: z.boolean().optional(),
  /** Epoch ms. */
  expiresAt: z.number().optional(),
  registeredAt: z.number().optional(),
  changedAt: z.number().optional(),
  registrar: z.string().optional(),
  /** As the registry words them: "client transfer prohibited". */
  status: z.array(z.string()).max(30).optional(),
  nameServers: z.array(z.string()).max(20).optional(),
  /** The parent zone vouches for signatures of this one. */
  signed: z.boolean().optional(),
  /** When the registry gave this answer, epoch ms. */
  askedAt: z.number().optional(),
  /** Who gave it. */
  from: z.string().optional(),
  ms: z.number().optional(),
});
export type DomainFacts = z.infer<typeof observation>;

/** An answer older than this tells little about today. */
const tooOldMs = 7 * DAY;

/** Words by which registries take a domain out of the DNS, or give it away soon (RFC 8056, section 2). */
const deadly: Record<string, string> = {
  'client hold': 'the registrar holds it back: it is not in the DNS',
  'server hold': 'the registry holds it back: it is not in the DNS',
  'pending delete': 'the registry is about to delete it',
  'redemption period': 'it has run out and can only be bought back now',
  inactive: 'it has no name servers',
};
const plain = (status: string): string => status.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function judge(it: DomainFacts, config: DomainConfig, now: number): Verdict {
  const { failure, registered, expiresAt, askedAt, status = [] } = it;
  if (registered === undefined || askedAt === undefined)
    return { state: 'unknown', reason: failure?.code ?? 'no-result', text: failure?.detail ?? 'nobody was asked' };
  if (now - askedAt > tooOldMs + config.refresh)
    return {
      state: 'unknown',
      reason: 'old-answer',
      text: `the last answer of the registry is ${humanDuration(now - askedAt)} old${failure ? `: ${failure.detail}` : ''}`,
    };
  const down = (reason: string, text: string): Verdict => ({ state: 'down', reason, text });
  if (!registered) return down('not-registered', `nobody has registered ${config.domain}`);
  const dead = status.map(plain).find((word) => deadly[word] !== undefined);
  if (expiresAt !== undefined && expiresAt <= now) return down('expired', `the registration ran out ${humanDuration(now - expiresAt)} ago`);
  if (dead !== undefined) return down('held', `${config.domain}: ${deadly[dead]} (${dead})`);
  if (expiresAt === undefined)
    return { state: 'unknown', reason: 'no-expiry', text: 'the registry does not tell when the registration runs out' };
  const days = daysLeft(expiresAt, now);
  const text = `the registration runs out in ${humanDuration(expiresAt - now)}`;
  if (days <= config.downDays) return down('expires-soon', `${text}: renew it today`);
  if (days <= config.degradedDays) return { state: 'degraded', reason: 'expires-soon', text };
  return { state: 'ok', reason: 'ok', text };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The domain stays yours for now.', todo: 'Nothing.' },
  'expires-soon': {
    means: 'Nobody is affected yet. Once it has run out, web, mail and everything else under this name end.',
    todo: 'Renew it at the registrar, and look why that did not happen by itself (payment, contact address).',
  },
  expired: {
    means: 'Web, mail and everything else under this name end, if they have not yet.',
    todo: 'Renew it at the registrar now: there are a few weeks before somebody else may take it.',
  },
  held: {
    means: 'Nobody finds anything under this name.',
    todo: 'Call the registrar: unpaid bills, an unconfirmed contact address or a complaint are the usual reasons.',
  },
  'not-registered': {
    means: 'Nobody finds anything under this name, and anybody may register it.',
    todo: 'Register it now; look at the name in the inventory for a typing mistake.',
  },
  'no-expiry': {
    means: 'Some registries do not publish the date.',
    todo: 'Look the date up at the registrar and put it into the calendar; this check cannot help here.',
  },
};
const lookHere = { means: 'Nothing is known about the registration.', todo: 'Look at the transcript and at the URL of the RDAP service.' };

const target = (config: DomainConfig): string => `registration of ${config.domain}`;

const explain = (_: DomainFacts, verdict: Verdict, config: DomainConfig): Explanation => ({
  happened: `Registration of ${config.domain}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: DomainFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value !== undefined && value !== '' && lines.push({ label, value });
  const day = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : stamp(ms, 'UTC'));
  add('Runs out', day(it.expiresAt));
  add('Registrar', it.registrar);
  add('Status', it.status?.join(', '));
  add('Registered', day(it.registeredAt));
  add('Last changed', day(it.changedAt));
  add('Name servers', it.nameServers?.join(', '));
  if (it.signed !== undefined) add('Signed', it.signed ? 'yes' : 'no');
  add('Answer of', it.askedAt === undefined ? undefined : `${day(it.askedAt)}${it.from === undefined ? '' : ` by ${it.from}`}`);
  if (it.ms !== undefined) add('Answer after', humanLatency(it.ms));
  add('Newest attempt', it.failure?.detail);
  return lines;
}

function changes(before: DomainFacts, after: DomainFacts): { code: string; text: string }[] {
  if (!before.registered || !after.registered) return [];
  const found: { code: string; text: string }[] = [];
  if (before.registrar !== undefined && after.registrar !== undefined && before.registrar !== after.registrar)
    found.push({ code: 'registrar-changed', text: clean(`the domain moved from ${before.registrar} to ${after.registrar}`) });
  if (before.expiresAt !== undefined && after.expiresAt !== undefined && after.expiresAt > before.expiresAt)
    found.push({ code: 'domain-renewed', text: `the registration was renewed until ${stamp(after.expiresAt, 'UTC')}` });
  const servers = ({ nameServers = [] }: DomainFacts): string[] => nameServers.map(sameForm).sort();
  const [old, now] = [servers(before), servers(after)];
  if (old.length > 0 && now.length > 0 && old.join() !== now.join())
    found.push({ code: 'name-servers-changed', text: `the registry names other name servers: ${listOf(now, 6)}` });
  return found;
}

export const domain = {
  title: 'Domain registration',
  summary: 'When the registration of a domain runs out, and whether the registry holds it back (RDAP)',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: () => null,
  facts,
  changes,
} satisfies CheckDefinition<DomainConfig, DomainFacts>;

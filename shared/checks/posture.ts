/** Posture: what the world can look up of a mail domain, and by which it decides whether to take its mail and how to send some there. */
import { z } from 'zod';
import { type Aspect, aspectKinds, aspectSchema, aspectTitles } from '../mail/aspect.ts';
import { failureSchema, type Level, type Verdict, worst } from '../model/words.ts';
import { clean, count } from '../text.ts';
import { dnsName, resolverOrSystem } from './dns-names.ts';
import { explainPosture } from './posture-explain.ts';
import { failed } from './target.ts';
import { caFileSetting, isAddress, portSetting } from './tls-settings.ts';
import type { Change, CheckDefinition, FactLine } from './types.ts';

const ip = z.union([z.ipv4(), z.ipv6()], 'expected an IP address');
const hostName = z
  .string()
  .max(253)
  .refine((text) => isAddress(text) && !ip.safeParse(text).success, 'expected a host name');
/** Whatever the domain has, no more is told of it. */
export const mostAspects = 100;

const config = z.object({
  domain: z
    .hostname('expected a domain such as example.net')
    .max(253)
    .refine((name) => name.replace(/\.$/, '').includes('.'), 'expected a domain such as example.net')
    .describe('The domain that stands behind the @; names with other letters in their xn-- form'),
  mx: z
    .array(hostName)
    .max(20)
    .optional()
    .describe(
      'Host names that take its mail: these and no others must be its MX. An empty list says that it takes none; left out, any will do',
    ),
  outbound: z
    .array(ip)
    .max(20)
    .default([])
    .describe('Addresses that send mail for it: each needs a name that leads back, and must be allowed by SPF'),
  helo: hostName.optional().describe('Host name by which the servers that send introduce themselves (HELO); it must have an address'),
  dkim: z
    .array(dnsName)
    .max(10)
    .default([])
    .describe('Selectors of the keys that its mail is signed with, such as [mail2026]; each must have a usable key'),
  require: z
    .array(z.enum(aspectKinds))
    .default(['spf'])
    .describe('What must be there: spf, dmarc, mta-sts, tls-rpt, dane, caa. The absence of others is told, and no fault'),
  mtaSts: z.boolean().default(true).describe('Whether the MTA-STS policy is fetched where there is one'),
  dane: z
    .boolean()
    .default(true)
    .describe(
      'Whether the certificates of mail servers are held against their TLSA records (DANE); needs a resolver that checks signatures',
    ),
  server: resolverOrSystem.describe(
    "Resolver to ask: an IP address, a port behind a colon where it is not the usual one, or system for this computer's own",
  ),
  smtpPort: portSetting.default(25).describe('Port of the mail servers whose certificates are looked at'),
  policyAddress: z
    .string()
    .refine(isAddress, 'expected an IP address or a host name')
    .optional()
    .describe(
      'Where the MTA-STS policy is fetched from instead of the address of mta-sts.<domain>; the certificate must be for that name all the same',
    ),
  policyPort: portSetting.default(443).describe('Port of the MTA-STS policy'),
  caFile: caFileSetting,
});
export type PostureConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  aspects: z.array(aspectSchema).max(mostAspects).optional(),
  ms: z.number().optional(),
});
export type PostureFacts = z.infer<typeof observation>;

/** "SPF of example.net", "reverse DNS of 192.0.2.25": as it stands within a sentence. */
export const nameOf = ({ aspect, about }: Pick<Aspect, 'aspect' | 'about'>): string => {
  const title = aspectTitles[aspect];
  // Abbreviations keep their letters.
  return `${/^[A-Z][a-z]+(?: |$)/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title} of ${about}`;
};

const mostTold = 3;
const order: Record<Level, number> = { down: 0, degraded: 1, unknown: 2, ok: 3 };

function judge(it: PostureFacts): Verdict {
  const { failure, aspects = [] } = it;
  if (failure) return failed(failure);
  if (aspects.length === 0) return { state: 'unknown', reason: 'no-result', text: 'nothing was looked at' };
  const problems = aspects.filter(({ state }) => state !== 'ok').sort((a, b) => order[a.state] - order[b.state]);
  const [first] = problems;
  if (!first) return { state: 'ok', reason: 'ok', text: okText(aspects) };
  // All of it unknown for one cause is said once.
  const texts = new Set(problems.map(({ text }) => text));
  if (problems.length === aspects.length && texts.size === 1) return { state: first.state, reason: first.reason, text: first.text };
  const told = problems.slice(0, mostTold).map((problem) => `${nameOf(problem)}: ${problem.text}`);
  const text = [...told, ...(problems.length > mostTold ? [`${problems.length - mostTold} more`] : [])].join('; ');
  return { state: worst(problems.map(({ state }) => state)), reason: first.reason, text: clean(text, 1_000) };
}

function okText(aspects: readonly Aspect[]): string {
  const there = aspects.filter(({ reason }) => reason !== 'not-there');
  const absent = aspects.filter(({ reason }) => reason === 'not-there').map(({ aspect }) => aspectTitles[aspect]);
  return `${count(there.length, 'record is', 'records are')} in order${absent.length > 0 ? `; not there: ${[...new Set(absent)].join(', ')}` : ''}`;
}

const target = (config: PostureConfig): string => `mail records of ${config.domain}`;

const words: Record<Level, string> = { ok: '', degraded: 'wrong: ', down: 'wrong: ', unknown: 'not known: ' };

function facts(it: PostureFacts): FactLine[] {
  const lines = [...(it.aspects ?? [])].sort((a, b) => order[a.state] - order[b.state]);
  return lines.map(({ aspect, about, state, text }) => ({ label: `${aspectTitles[aspect]} ${about}`, value: `${words[state]}${text}` }));
}

const mostShown = 120;
const shown = (value: string): string => (value === '' ? 'nothing' : clean(value, mostShown));
const mostChanges = 20;

/** What differs between two looks. What was not known at one of them tells nothing. */
function changes(before: PostureFacts, after: PostureFacts): Change[] {
  const key = ({ aspect, about }: Aspect): string => `${aspect} ${about}`;
  const was = new Map((before.aspects ?? []).map((it) => [key(it), it]));
  return (after.aspects ?? [])
    .flatMap((now) => {
      const old = was.get(key(now));
      if (!old || old.state === 'unknown' || now.state === 'unknown' || old.value === undefined || now.value === undefined) return [];
      if (old.value === now.value) return [];
      return [{ code: `${now.aspect}-changed`, text: `${nameOf(now)} changed: ${differing(old.value, now.value)}` }];
    })
    .slice(0, mostChanges);
}

/** Both values; where they are long, from a little before they part. */
function differing(old: string, now: string): string {
  let same = 0;
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same += 1;
  const from = Math.max(old.length, now.length) <= mostShown ? 0 : Math.max(0, same - 30);
  const part = (value: string): string => (from === 0 ? shown(value) : `…${clean(value.slice(from), mostShown)}`);
  return `${part(old)} -> ${part(now)}`;
}

export const posture = {
  title: 'Mail records',
  summary: 'What the DNS says of a mail domain: MX, reverse DNS, SPF, DKIM, DMARC, MTA-STS, TLS reports, DANE and CAA; tells what changes',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain: (_, verdict, config) => explainPosture(`Mail records of ${config.domain}: ${verdict.text}.`, verdict),
  measure: (it) => it.ms ?? null,
  facts,
  changes,
} satisfies CheckDefinition<PostureConfig, PostureFacts>;

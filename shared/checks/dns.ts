/** DNS: does a server answer a question, and with the right records. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { clean, count, listOf } from '../text.ts';
import { durationSchema, humanLatency, MINUTE } from '../time.ts';
import { dnsName } from './dns-names.ts';
import { expectationSettings, mismatchSchema, mismatchText, recordTypes } from './dns-records.ts';
import { failed } from './target.ts';
import { portSetting } from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

const ip = z.union([z.ipv4(), z.ipv6()]);

const config = z.object({
  query: z
    .union([dnsName, z.ipv6()], 'expected a name such as example.net, or for PTR an IP address')
    .describe('Name to ask for; for PTR an IP address will do'),
  record: z
    .enum(recordTypes, `expected one of ${recordTypes.join(', ')}`)
    .default('A')
    .describe('Kind of record'),
  server: z
    .union([z.literal('system'), ip], 'expected system or the IP address of a DNS server')
    .default('system')
    .describe("Whom to ask: an IP address, or system for this computer's own resolvers"),
  port: portSetting.default(53).describe('Port of the server named above'),
  ...expectationSettings,
  ad: z
    .boolean()
    .default(false)
    .describe('The answer must come as authenticated (AD bit): the server checks signatures and those of this name are in order'),
  anyAnswer: z
    .boolean()
    .default(false)
    .describe('Any answer will do, also that there is no such name: it is asked whether the server works, not for the name'),
  slowDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when the answer takes longer'),
});
export type DnsConfig = z.infer<typeof config>;

const answerSchema = z.object({ name: z.string(), type: z.string(), ttl: z.int(), data: z.string() });
export type DnsAnswer = z.infer<typeof answerSchema>;

const observation = z.object({
  failure: failureSchema.optional(),
  /** Who answered. */
  server: z.string().optional(),
  /** The system's resolvers that were asked before it and stayed silent. */
  silent: z.array(z.string()).optional(),
  transport: z.enum(['udp', 'tcp']).optional(),
  rcode: z.string().optional(),
  /** Authoritative answer, truncated over UDP, authenticated data, recursion available. */
  flags: z.object({ aa: z.boolean(), tc: z.boolean(), ad: z.boolean(), ra: z.boolean() }).optional(),
  /** The first 50; the data is cleaned and bounded. */
  answers: z.array(answerSchema).max(50).optional(),
  /** How many answers of the wanted kind there are. */
  found: z.int().optional(),
  ...mismatchSchema,
  /** From the question to its answer, without earlier questions that got none. */
  ms: z.number().optional(),
  /** Questions sent until the answer came. */
  tries: z.int().optional(),
});
export type DnsFacts = z.infer<typeof observation>;

const question = (config: DnsConfig): string => `${config.record} of ${config.query}`;

/** Answers without records, by their code in RFC 1035 and RFC 2136: our reason, and how people say it. */
const refusals: Record<string, { reason: string; text(config: DnsConfig): string }> = {
  NXDOMAIN: { reason: 'nxdomain', text: (config) => `the name ${config.query} does not exist` },
  SERVFAIL: { reason: 'servfail', text: () => 'the server could not find the answer (SERVFAIL)' },
  REFUSED: { reason: 'query-refused', text: () => 'the server refuses to answer (REFUSED)' },
  NOTAUTH: { reason: 'not-authoritative', text: () => 'the server is not in charge of this name (NOTAUTH)' },
  NOTIMP: { reason: 'not-supported', text: () => 'the server does not support this question (NOTIMP)' },
  FORMERR: { reason: 'not-understood', text: () => 'the server does not understand the question (FORMERR)' },
};

function judge(it: DnsFacts, config: DnsConfig): Verdict {
  const { failure, rcode, found = 0, ms = 0 } = it;
  if (failure?.code === 'timeout') return failed(failure, failure.detail, 'no-answer');
  if (failure?.code === 'refused' && it.transport !== 'tcp')
    return failed(failure, `nothing answers on port ${config.port} of ${it.server ?? config.server}`);
  if (failure?.code === 'protocol') return failed(failure, failure.detail, 'not-dns');
  if (failure) return failed(failure);
  if (rcode === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was asked' };
  // RFC 2308: that there is no such name, or no such record, is an answer like any other. A failure to find out (SERVFAIL) is none.
  const answers = config.anyAnswer && (rcode === 'NOERROR' || rcode === 'NXDOMAIN');
  if (rcode !== 'NOERROR' && !answers) {
    const known = refusals[rcode];
    return {
      state: 'down',
      reason: known?.reason ?? 'dns-error',
      text: known?.text(config) ?? `the server answers with an error (${rcode})`,
    };
  }
  if (found === 0 && !answers)
    return { state: 'down', reason: 'no-records', text: `there is no ${config.record} record for ${config.query}` };
  // A wrong reply is a warning, as for other services: the server works, its content does not.
  const wrong = mismatchText(it);
  if (wrong !== null) return { state: 'degraded', reason: 'unexpected-answer', text: wrong };
  if (config.ad && it.flags?.ad !== true)
    return {
      state: 'degraded',
      reason: 'not-authenticated',
      text: `the answer of ${it.server ?? 'the server'} is not authenticated (no AD bit)`,
    };
  const took = `answers in ${humanLatency(ms)}`;
  if (it.silent && it.silent.length > 0)
    return {
      state: 'degraded',
      reason: 'resolver-silent',
      text: `${listOf(it.silent)} did not answer; ${it.server ?? 'the next one'} does`,
    };
  if (config.slowDegraded !== undefined && ms > config.slowDegraded)
    return { state: 'degraded', reason: 'slow', text: `${took}, more than ${humanLatency(config.slowDegraded)}` };
  const what = rcode === 'NXDOMAIN' ? 'that there is no such name' : count(found, 'record');
  return { state: 'ok', reason: 'ok', text: `${took}, ${what}` };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The name is found.', todo: 'Nothing.' },
  'no-answer': {
    means: 'Names that this server looks after cannot be found through it.',
    todo: 'See whether the machine answers to ping; then look whether the DNS program runs, and at the firewall (UDP and TCP port 53).',
  },
  refused: {
    means: 'The machine answers, but no DNS program listens there.',
    todo: 'Start the DNS program and look at its log for why it ended.',
  },
  nxdomain: { means: 'Nobody finds what is behind this name.', todo: 'Look whether the domain has run out, then at its zone.' },
  servfail: {
    means: 'Nobody finds what is behind this name through this server.',
    todo: 'Look at the zone (did it load, did it expire on a secondary), at DNSSEC, and at the servers of the domain.',
  },
  'query-refused': {
    means: 'The server does not serve this name, or not to this computer.',
    todo: 'Look whether the zone is still set up there, then at who may ask.',
  },
  'no-records': { means: 'The name is there but leads nowhere for this kind of record.', todo: 'Look at the zone: was a record removed?' },
  'unexpected-answer': {
    means: 'People may be led to the wrong place, or mail may be refused.',
    todo: 'Compare the records with the zone, its serial number on all servers, and what was changed last.',
  },
  'not-authenticated': {
    means: 'Either the zone is no longer signed as its parent says, or this server does not check signatures.',
    todo: 'Look at the DS record at the parent and at the signatures of the zone; then whether this resolver validates at all.',
  },
  'not-dns': { means: 'Something else answers on this port, or answers are forged on the way.', todo: 'Look at what listens on the port.' },
  'resolver-silent': {
    means: 'Everything on this computer that looks up a name waits for the silent resolver first.',
    todo: "Take it out of this computer's network settings, or repair it.",
  },
  slow: { means: 'It works, but every first visit waits for it.', todo: 'Look at the load of the server and at the link.' },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the server.',
    todo: 'Look at routes and links: this comes from the network, not from the server.',
  },
  'resolver-failed': {
    means: 'This computer has no resolver set, so it finds no name at all.',
    todo: "Look at this computer's network settings.",
  },
};
const answered = { means: 'The server works.', todo: 'Nothing.' };
const other = { means: 'The answer cannot be used.', todo: "Look at the transcript and at the server's log." };
const lookHere = {
  means: 'Nothing is known about the target: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

const target = (config: DnsConfig): string =>
  `${question(config)} at ${config.server === 'system' ? "this computer's resolver" : `${config.server}${config.port === 53 ? '' : ` port ${config.port}`}`}`;

const explain = (_: DnsFacts, verdict: Verdict, config: DnsConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(verdict.reason === 'ok' && config.anyAnswer
    ? answered
    : (advice[verdict.reason] ?? (verdict.state === 'unknown' ? lookHere : other))),
});

function facts(it: DnsFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string): number => lines.push({ label, value });
  if (it.ms !== undefined) add('Answer after', humanLatency(it.ms));
  if (it.rcode !== undefined) add('Code', it.rcode);
  for (const { type, data, ttl } of it.answers ?? []) add(type, `${data} (for ${count(ttl, 'second')})`);
  if (it.missing && it.missing.length > 0) add('Missing', it.missing.map((value) => clean(value, 100)).join(', '));
  if (it.unwanted && it.unwanted.length > 0) add('Not expected', it.unwanted.map((value) => clean(value, 100)).join(', '));
  if (it.server !== undefined) add('Server', it.server);
  if (it.silent && it.silent.length > 0) add('Silent', it.silent.join(', '));
  if (it.flags)
    add(
      'Flags',
      Object.entries(it.flags)
        .filter(([, set]) => set)
        .map(([flag]) => flag)
        .join(' ') || 'none',
    );
  if (it.transport !== undefined) add('Over', it.transport.toUpperCase());
  if (it.tries !== undefined && it.tries > 1) add('Questions sent', String(it.tries));
  return lines;
}

export const dns = {
  title: 'DNS lookup',
  summary: 'Whether a DNS server answers a question, and with the right records',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain,
  measure: (it) => it.ms ?? null,
  facts,
} satisfies CheckDefinition<DnsConfig, DnsFacts>;

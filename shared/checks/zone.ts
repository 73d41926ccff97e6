/** Zone: does every name server of a zone answer for it, with the same serial number and signatures that hold. */
import { z } from 'zod';
import { failureSchema, type Verdict, worst } from '../model/words.ts';
import { count } from '../text.ts';
import { DAY, durationSchema, humanDuration, humanLatency, MINUTE, stamp } from '../time.ts';
import { dnsName, resolverOrSystem, serverName, serverSetting } from './dns-names.ts';
import { failed } from './target.ts';
import { familySetting, levelOfFailure, portSetting } from './tls-settings.ts';
import type { CheckDefinition, FactLine } from './types.ts';
import { explainZone } from './zone-explain.ts';

const config = z.object({
  zone: dnsName.describe('Name of the zone, such as example.net'),
  servers: z
    .array(serverSetting)
    .min(1)
    .max(20)
    .optional()
    .describe(
      'Its name servers, by name or address, a port behind a colon where it is not the usual one; the NS records of the zone where left out',
    ),
  primary: serverSetting
    .optional()
    .describe('The server that the others copy from, hidden or one of them; its serial counts. Where left out the newest serial counts'),
  port: portSetting.default(53).describe('Port of all servers that name none'),
  family: familySetting,
  resolver: resolverOrSystem.describe(
    'Looks up the name servers; for a signed zone name a validating resolver, and it is asked whether the signatures hold',
  ),
  serialLagDegraded: durationSchema(0, 30 * DAY)
    .default(15 * MINUTE)
    .describe('Degraded when a server keeps an older serial for longer'),
  serialLagDown: durationSchema(0, 30 * DAY)
    .optional()
    .describe('Down when a server keeps an older serial for longer'),
  signed: z.boolean().default(false).describe('The zone is signed (DNSSEC): every server must give a signature that holds'),
  signatureDegraded: durationSchema(0, 365 * DAY)
    .default(3 * DAY)
    .describe('Degraded when a signature has less time left: it should have been renewed'),
  signatureDown: durationSchema(0, 365 * DAY)
    .optional()
    .describe('Down when the signatures of all servers have less time left; where left out only once they expired'),
  slowDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when a server takes longer to answer'),
});
export type ZoneConfig = z.infer<typeof config>;

const serverFacts = z.object({
  /** As people write it. */
  name: z.string(),
  address: z.string().optional(),
  port: z.int().optional(),
  /** It is the primary, and none of those that the world asks. */
  hidden: z.boolean().optional(),
  failure: failureSchema.optional(),
  rcode: z.string().optional(),
  /** It says that it answers for the zone itself. */
  aa: z.boolean().optional(),
  serial: z.int().optional(),
  /** By how many its serial lies behind (RFC 1982); below 0 = ahead. */
  behind: z.int().optional(),
  /** For how long it has been seen behind or ahead. */
  behindMs: z.number().optional(),
  /** When the signature of the SOA record begins and ends to hold, epoch ms; null = there is none. */
  signature: z.object({ from: z.number(), until: z.number() }).nullable().optional(),
  transport: z.enum(['udp', 'tcp']).optional(),
  ms: z.number().optional(),
});
export type ZoneServer = z.infer<typeof serverFacts>;

const observation = z.object({
  failure: failureSchema.optional(),
  servers: z.array(serverFacts).max(45).optional(),
  /** The serial that all should have, and who says so. */
  serial: z.int().optional(),
  serialFrom: z.string().optional(),
  /** What the validating resolver says: `insecure` = it sees no chain of signatures, `bogus` = they are wrong. */
  validation: z.enum(['valid', 'insecure', 'bogus']).optional(),
  /** Why it could not say. */
  validationFailure: failureSchema.optional(),
});
export type ZoneFacts = z.infer<typeof observation>;

interface Problem extends Verdict {
  /** The server is of no use to those who ask it. */
  fails?: boolean;
}

/** What is wrong with one server, or null. */
function problemOf(it: ZoneServer, config: ZoneConfig, now: number): Problem | null {
  const down = (reason: string, text: string): Problem => ({ state: 'degraded', reason, text, fails: true });
  const { name, failure, rcode } = it;
  if (failure) {
    const state = levelOfFailure(failure.code) === 'unknown' ? 'unknown' : 'degraded';
    if (failure.code === 'timeout') return { state, reason: 'no-answer', text: `${name} does not answer`, fails: true };
    if (failure.code === 'refused') return { state, reason: 'refused', text: `nothing answers on ${name}`, fails: true };
    if (failure.code === 'protocol')
      return { state, reason: 'not-dns', text: `${name} answers with something that is not DNS`, fails: true };
    return { state, reason: failure.code, text: `${name}: ${failure.detail}`, fails: true };
  }
  if (rcode !== undefined && rcode !== 'NOERROR') return down(rcode === 'SERVFAIL' ? 'servfail' : 'dns-error', `${name} answers ${rcode}`);
  if (it.aa !== true) return down('lame', `${name} does not answer for the zone itself (no AA flag)`);
  if (it.serial === undefined) return down('no-soa', `${name} has no SOA record of the zone`);
  if (config.signed && it.signature !== undefined) {
    if (it.signature === null) return down('not-signed', `${name} gives no signature`);
    if (it.signature.until <= now)
      return down('signature-expired', `the signature at ${name} expired ${humanDuration(now - it.signature.until)} ago`);
    if (it.signature.from > now) return down('signature-not-yet-valid', `the signature at ${name} is not valid yet`);
    const left = it.signature.until - now;
    if (left < (config.signatureDown ?? 0))
      return down('signature-expires-soon', `the signature at ${name} expires in ${humanDuration(left)}`);
  }
  return lagOf(it, config);
}

function lagOf({ name, serial, behind = 0, behindMs = 0 }: ZoneServer, config: ZoneConfig): Problem | null {
  if (behind === 0) return null;
  const text = `serial ${serial} at ${name} is ${Math.abs(behind)} ${behind > 0 ? 'behind' : 'ahead'} for ${humanDuration(behindMs)}`;
  const reason = behind > 0 ? 'serial-behind' : 'serial-ahead';
  if (config.serialLagDown !== undefined && behindMs > config.serialLagDown) return { state: 'down', reason, text };
  return behindMs > config.serialLagDegraded ? { state: 'degraded', reason, text } : null;
}

/** The first that runs out. */
function shortestSignature(servers: readonly ZoneServer[]): { name: string; until: number } | null {
  let shortest: { name: string; until: number } | null = null;
  for (const { name, signature } of servers)
    if (signature && (shortest === null || signature.until < shortest.until)) shortest = { name, until: signature.until };
  return shortest;
}

/** What is wrong with the zone as a whole. */
function wholeProblems(it: ZoneFacts, servers: readonly ZoneServer[], config: ZoneConfig, now: number): Problem[] {
  const problems: Problem[] = [];
  const add = (state: Verdict['state'], reason: string, text: string): number => problems.push({ state, reason, text });
  if (it.validation === 'bogus') add('down', 'bogus', `${config.resolver} finds the signatures wrong`);
  if (it.validation === 'insecure') add('degraded', 'not-validated', `${config.resolver} does not see the zone as signed (no AD bit)`);
  const shortest = config.signed ? shortestSignature(servers) : null;
  if (shortest && shortest.until > now && shortest.until - now < config.signatureDegraded)
    add('degraded', 'signature-expires-soon', `the signature at ${shortest.name} expires in ${humanDuration(shortest.until - now)}`);
  const { slowDegraded } = config;
  if (slowDegraded !== undefined)
    for (const { name, ms = 0 } of servers)
      if (ms > slowDegraded) add('degraded', 'slow', `${name} answers in ${humanLatency(ms)}, more than ${humanLatency(slowDegraded)}`);
  if (it.validationFailure)
    add('unknown', 'validation-unknown', `whether the signatures hold is not known: ${it.validationFailure.detail}`);
  return problems;
}

const mostTold = 4;
const severity = { down: 0, degraded: 1, unknown: 2, ok: 3 };

function judge(it: ZoneFacts, config: ZoneConfig, now: number): Verdict {
  const { failure, servers = [] } = it;
  if (failure) return failed(failure);
  const open = servers.filter((server) => server.hidden !== true);
  if (open.length === 0) return { state: 'unknown', reason: 'no-result', text: 'no name server was asked' };
  const own = servers.flatMap((server) => problemOf(server, config, now) ?? []);
  const failing = open.flatMap((server) => problemOf(server, config, now) ?? []).filter((problem) => problem.fails);
  // Each is told once, whether it comes from the server or from the zone.
  const seen = new Set<string>();
  const problems = [...own, ...wholeProblems(it, servers, config, now)]
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .sort((a, b) => severity[a.state] - severity[b.state]);
  const first = problems[0];
  if (!first) {
    const late = servers.filter(({ behind = 0 }) => behind !== 0);
    const serial = `serial ${it.serial ?? 'not known'}`;
    const how = late.length > 0 ? `${serial}, ${count(late.length, 'server')} not there yet` : `all with ${serial}`;
    return { state: 'ok', reason: 'ok', text: `${count(open.length, 'server answers', 'servers answer')}, ${how}` };
  }
  const told = problems.slice(0, mostTold).map((problem) => problem.text);
  const text = [...told, ...(problems.length > mostTold ? [`${problems.length - mostTold} more`] : [])].join('; ');
  if (failing.length === open.length) {
    const unknown = failing.every((problem) => problem.state === 'unknown');
    const reasons = new Set(failing.map((problem) => problem.reason));
    return { state: unknown ? 'unknown' : 'down', reason: reasons.size === 1 ? (failing[0] as Problem).reason : 'all-servers-fail', text };
  }
  const state = worst(problems.map((problem) => problem.state));
  const bad = onlyOne(servers, problems, config, now);
  return { state, reason: first.reason, text, ...(bad !== null && { server: bad }) };
}

/** The address of the server that all problems are of; null where they are of several, or of the zone. */
function onlyOne(servers: readonly ZoneServer[], problems: readonly Problem[], config: ZoneConfig, now: number): string | null {
  const bad = servers.flatMap((server) => {
    const problem = problemOf(server, config, now);
    return problem ? [{ address: server.address, text: problem.text }] : [];
  });
  const [only, another] = bad;
  return only?.address !== undefined && another === undefined && problems.every(({ text }) => text === only.text) ? only.address : null;
}

const target = (config: ZoneConfig): string => `zone ${config.zone}`;

const median = (all: readonly number[]): number | null => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? null;

function facts(it: ZoneFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string): number => lines.push({ label, value });
  if (it.serial !== undefined) add('Serial', `${it.serial}${it.serialFrom === undefined ? '' : ` (${it.serialFrom})`}`);
  for (const server of it.servers ?? []) {
    const parts: string[] = [];
    if (server.failure) parts.push(server.failure.detail);
    else {
      if (server.rcode !== undefined && server.rcode !== 'NOERROR') parts.push(server.rcode);
      if (server.aa === false) parts.push('no AA flag');
      parts.push(server.serial === undefined ? 'no SOA record' : `serial ${server.serial}`);
      if (server.behind)
        parts.push(`${Math.abs(server.behind)} ${server.behind > 0 ? 'behind' : 'ahead'} for ${humanDuration(server.behindMs ?? 0)}`);
      if (server.signature === null) parts.push('no signature');
      else if (server.signature) parts.push(`signed until ${stamp(server.signature.until, 'UTC')}`);
      if (server.ms !== undefined) parts.push(humanLatency(server.ms));
      if (server.transport === 'tcp') parts.push('over TCP');
    }
    const { name, address, port = 53 } = server;
    const where = address === undefined || name.includes(address) ? '' : ` ${serverName(address, port)}`;
    add(`${name}${where}${server.hidden ? ' (primary)' : ''}`, parts.join(', '));
  }
  if (it.validation !== undefined) add('Signatures', { valid: 'hold', insecure: 'not seen', bogus: 'wrong' }[it.validation]);
  if (it.validationFailure) add('Signatures', `not known: ${it.validationFailure.detail}`);
  return lines;
}

export const zone = {
  title: 'DNS zone',
  summary: 'Whether every name server of a zone answers for it, with the same serial number and signatures that hold',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain: (_, verdict, config) => explainZone(`Zone ${config.zone}: ${verdict.text}.`, verdict),
  measure: (it) => median((it.servers ?? []).flatMap(({ ms }) => ms ?? [])),
  facts,
} satisfies CheckDefinition<ZoneConfig, ZoneFacts>;

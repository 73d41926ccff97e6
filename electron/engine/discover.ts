/** Looks what answers at an address, and proposes checks that would watch it. */

import type { RequestFailure } from '../../shared/bind.ts';
import { checks } from '../../shared/checks/index.ts';
import type { TlsFacts } from '../../shared/checks/tls.ts';
import type { Discovery, Proposal } from '../../shared/contract.ts';
import type { Verdict } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean, count } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';
import { readAddress, type TypedAddress } from '../inventory/address.ts';
import { type Resolved, resolveAddress } from '../probes/addresses.ts';
import { probeHttp } from '../probes/http.ts';
import { probeIcmp } from '../probes/icmp.ts';
import { probeImap } from '../probes/imap.ts';
import type { Pinger } from '../probes/pinger.ts';
import { probePop3 } from '../probes/pop3.ts';
import { probePostgres } from '../probes/postgres.ts';
import { probeRedis } from '../probes/redis.ts';
import { probeSmtp } from '../probes/smtp.ts';
import { probeTcp } from '../probes/tcp.ts';
import { probeTls } from '../probes/tls.ts';
import type { ProbeContext } from '../probes/types.ts';
import type { Clock } from './clock.ts';

/** One port that is looked at. `greets` = how the right server begins to speak; without it, an open port is all that is seen. */
export interface Door {
  name: string;
  port: number;
  what: string;
  kind: 'greets' | 'open' | 'http' | 'https' | 'tls' | 'postgres' | 'redis';
  greeting?: string;
  /** The check type that knows more of what greets so; tcp where there is none. */
  type?: 'ssh';
  /** The same of mail servers, which must keep what their greeting promises. */
  mail?: MailType;
}

type MailType = 'smtp' | 'imap' | 'pop3';

/** What a small provider's servers answer on. */
export const usualDoors: readonly Door[] = [
  { name: 'ssh', port: 22, what: 'SSH', kind: 'greets', greeting: 'SSH-', type: 'ssh' },
  { name: 'smtp', port: 25, what: 'Incoming mail (SMTP)', kind: 'greets', greeting: '220', mail: 'smtp' },
  { name: 'dns', port: 53, what: 'DNS over TCP', kind: 'open' },
  { name: 'http', port: 80, what: 'HTTP', kind: 'http' },
  { name: 'pop3', port: 110, what: 'POP3', kind: 'greets', greeting: '+OK', mail: 'pop3' },
  { name: 'imap', port: 143, what: 'IMAP', kind: 'greets', greeting: '* OK', mail: 'imap' },
  { name: 'https', port: 443, what: 'HTTPS', kind: 'https' },
  { name: 'submissions', port: 465, what: 'Mail submission over TLS', kind: 'tls', mail: 'smtp' },
  { name: 'submission', port: 587, what: 'Mail submission', kind: 'greets', greeting: '220', mail: 'smtp' },
  { name: 'imaps', port: 993, what: 'IMAP over TLS', kind: 'tls', mail: 'imap' },
  { name: 'pop3s', port: 995, what: 'POP3 over TLS', kind: 'tls', mail: 'pop3' },
  // Without an account a look would count as a broken connection there.
  { name: 'mysql', port: 3306, what: 'MySQL or MariaDB', kind: 'open' },
  { name: 'postgres', port: 5432, what: 'PostgreSQL', kind: 'postgres' },
  { name: 'redis', port: 6379, what: 'Redis', kind: 'redis' },
];

export interface DiscoverOptions {
  /** Ends it early; the reply is then a failure. */
  signal: AbortSignal;
  pinger: Pinger;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Longest wait at each port. */
  timeoutMs?: number;
  doors?: readonly Door[];
  resolve?: (host: string, signal: AbortSignal) => Promise<Resolved>;
}

/**
 * Looks at ping and the usual ports of an address at once, one connection each, with the probes that would watch them later.
 * Everything there may be said by a stranger: what is quoted is cleaned.
 * @param typed an IP address, a host name (with a port, if need be), or a pasted http(s) URL, which is then proposed as it is
 * @returns proposals, those that answered first; or failure `bad-address`, `name-not-found`, `resolver-failed`, `timeout`, `aborted`
 */
export async function discover(typed: string, options: DiscoverOptions): Promise<Result<Discovery, RequestFailure>> {
  const { signal, timeoutMs = 3_000, doors = usualDoors, resolve = (host, until) => resolveAddress(host, 0, until) } = options;
  const read = readAddress(typed);
  if (!read.ok) return read;
  const { address } = read.value;
  const found = await resolve(address, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  if (signal.aborted) return stopped;
  if (!found.ok) {
    const { code, detail } = found.failure;
    const text =
      code === 'name-not-found'
        ? `There is no ${address}: the name has no address. Look at its spelling.`
        : `The name ${address} could not be looked up (${clean(detail)}). Try again, or give an IP address.`;
    return fail({ code, text });
  }
  const look: Look = { ...options, address, timeoutMs };
  const all = doorsFor(read.value, doors);
  const [ping, ...behind] = await Promise.all([lookByPing(look), ...all.map((door) => lookAt(door, look))]);
  if (signal.aborted) return stopped;
  const proposals = behind.flat();
  const nothing = proposals.length === 0 && !ping.recommended;
  const silent = `Nothing answers at this address: neither ping nor any of ${count(all.length, 'port')} looked at. It may be down, or a firewall may hide it from here.`;
  return ok({
    address,
    resolved: found.value.map((it) => it.address),
    proposals: [nothing ? { ...ping, seen: silent } : ping, ...proposals],
  });
}

const stopped = fail({ code: 'aborted', text: 'Looking at the address was stopped.' });

interface Look extends Pick<DiscoverOptions, 'signal' | 'pinger' | 'clock'> {
  address: string;
  timeoutMs: number;
}

/** A pasted URL takes the place of its kind; another port that was typed is looked at besides. */
function doorsFor({ url, port }: TypedAddress, doors: readonly Door[]): (Door & { url?: string })[] {
  if (url !== null) {
    const kind = url.startsWith('https:') ? 'https' : 'http';
    const own = { name: kind, port: port ?? (kind === 'https' ? 443 : 80), what: kind.toUpperCase(), kind, url } as const;
    return [own, ...doors.filter((door) => door.kind !== kind)];
  }
  if (port === null || doors.some((door) => door.port === port)) return [...doors];
  return [{ name: `port-${port}`, port, what: `Port ${port}`, kind: 'open' }, ...doors];
}

function contextOf({ signal, pinger, clock, timeoutMs }: Look): ProbeContext {
  return {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    timeoutMs,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    note: () => undefined,
    secret: () => undefined,
    pinger,
    pushed: () => null,
    remember: () => undefined,
  };
}

async function lookByPing(look: Look): Promise<Proposal> {
  const facts = await probeIcmp(checks.icmp.config.parse({ address: look.address, packets: 2 }), contextOf(look));
  const answers = (facts.received ?? 0) > 0;
  const took = facts.medianMs ?? null;
  const seen = answers
    ? `Answers to ping${took === null ? '' : ` in ${humanLatency(took)}`}`
    : facts.failure?.code === 'tool-missing'
      ? 'Ping cannot be sent from this computer'
      : 'Does not answer to ping';
  return { seen, recommended: answers, check: { type: 'icmp', name: 'ping' } };
}

function lookAt(door: Door & { url?: string }, look: Look): Promise<Proposal[]> {
  switch (door.kind) {
    case 'open':
    case 'greets':
      return lookAtPort(door, look);
    case 'http':
    case 'https':
      return lookAtWeb(door, look);
    case 'tls':
      return lookAtTls(door, look);
    case 'postgres':
    case 'redis':
      return lookAtDatabase(door, door.kind, look);
  }
}

async function lookAtPort(door: Door, look: Look): Promise<Proposal[]> {
  const { name, port, what, kind, greeting, type, mail } = door;
  const config = checks.tcp.config.parse({ address: look.address, port, ...(kind === 'greets' && { expect: greeting }) });
  const { connectMs, matched, banner } = await probeTcp(config, contextOf(look));
  if (connectMs === undefined) return [];
  const check = { type: 'tcp', name, port };
  if (matched) {
    const watches = type ? { ...check, type } : { ...check, expect: greeting };
    const greets = { seen: `${what} on port ${port}: ${clean(banner ?? '', 80)}`, recommended: true, check: watches };
    return mail ? lookAtMail(door, mail, look, greets) : [greets];
  }
  const spoke = kind === 'open' ? '' : banner ? `, and says "${clean(banner, 80)}"` : ', but says nothing';
  return [{ seen: `${what}: port ${port} accepts connections${spoke}`, recommended: kind === 'open', check }];
}

/** Nobody logs in: whether it greets as it should is enough. */
async function lookAtDatabase({ name, port, what }: Door, type: 'postgres' | 'redis', look: Look): Promise<Proposal[]> {
  const settings = { address: look.address, port };
  const facts =
    type === 'redis'
      ? await probeRedis(checks.redis.config.parse(settings), contextOf(look))
      : await probePostgres(checks.postgres.config.parse(settings), contextOf(look));
  if (facts.connectMs === undefined) return [];
  if (facts.greetingMs === undefined) {
    const seen = `${what}: port ${port} accepts connections, but nothing that speaks ${what} answers`;
    return [{ seen, recommended: false, check: { type: 'tcp', name, port } }];
  }
  return [{ seen: `${what} on port ${port}: answers`, recommended: facts.failure === undefined, check: { type, name, port } }];
}

async function lookAtWeb({ name, port, what, kind, url }: Door & { url?: string }, look: Look): Promise<Proposal[]> {
  const usual = port === (kind === 'https' ? 443 : 80);
  const target = url ?? `${kind}://${look.address.includes(':') ? `[${look.address}]` : look.address}${usual ? '' : `:${port}`}/`;
  const settings = { url: target, address: look.address };
  const ask = async (more: object) => {
    const config = checks.http.config.parse({ ...settings, ...more });
    const facts = await probeHttp(config, contextOf(look));
    return { facts, verdict: checks.http.judge(facts, config) };
  };
  let { facts, verdict } = await ask({});
  const check = { type: 'http', name, url: target };
  if (facts.failure?.code === 'certificate') {
    // The connection works, its certificate does not: what is behind it can be watched either way.
    const certificate: Proposal = {
      seen: `${what} on port ${port}: ${clean(verdict.text, 120)}`,
      recommended: false,
      check: { type: 'tls', name: 'certificate', port },
    };
    ({ facts, verdict } = await ask({ insecure: true }));
    return facts.status === undefined ? [certificate] : [answered(what, facts, verdict, { ...check, insecure: true }), certificate];
  }
  if (facts.status === undefined)
    return facts.connectMs === undefined
      ? []
      : [{ seen: `${what}: port ${port} accepts connections, but ${clean(verdict.text, 120)}`, recommended: false, check }];
  const days = facts.certificateDaysLeft;
  const web = answered(what, facts, verdict, check);
  if (days === undefined || kind !== 'https') return [web];
  return [
    web,
    { seen: `Certificate valid for ${count(days, 'day')}`, recommended: true, check: { type: 'tls', name: 'certificate', port } },
  ];
}

type Web = Awaited<ReturnType<typeof probeHttp>>;

/** "HTTPS, 200, "Welcome", certificate valid 61 days". */
function answered(what: string, facts: Web, verdict: Verdict, check: Proposal['check']): Proposal {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(facts.bodyStart ?? '')?.[1];
  const days = facts.certificateDaysLeft;
  const to = facts.redirects?.at(-1)?.to;
  const parts = [
    what,
    String(facts.status),
    ...(to === undefined ? [] : [`redirects to ${clean(to, 80)}`]),
    ...(title === undefined ? [] : [`"${clean(plainText(title), 60)}"`]),
    ...(days === undefined ? [] : [`certificate valid ${count(days, 'day')}`]),
    ...(check.insecure ? ['certificate not looked at'] : []),
  ];
  // A page that wants a login, or has nothing at "/", is up all the same: what it answers now is what is expected of it.
  const other = facts.status !== undefined && facts.status >= 400 && facts.status < 500;
  if (other) return { seen: parts.join(', '), recommended: true, check: { ...check, status: [facts.status] } };
  return { seen: parts.join(', '), recommended: fits(verdict), check };
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
/** Text of a title; it is shown as text, never as HTML. */
const plainText = (html: string): string => html.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole);

/** Whether the check would be fine as things are; one that is red from its first minute is for the person to choose. */
const fits = (verdict: Verdict): boolean => verdict.state === 'ok' || verdict.state === 'degraded';

/** Talks to it as a mail program does, without logging in. @param instead what is proposed where that does not work */
async function lookAtMail({ name, port, what, kind }: Door, type: MailType, look: Look, instead: Proposal): Promise<Proposal[]> {
  const settings = { port, encryption: kind === 'tls' ? 'tls' : 'starttls' };
  const verdict = await mailProbes[type]({ address: look.address, ...settings }, look);
  const mail = { seen: `${what} on port ${port}: ${clean(verdict.text, 160)}`, check: { type, name, ...settings } };
  // Such as a certificate for another name: that is for the person to choose.
  return fits(verdict) ? [{ ...mail, recommended: true }] : [instead];
}

const mailProbes: Record<MailType, (settings: object, look: Look) => Promise<Verdict>> = {
  smtp: async (settings, look) => {
    const config = checks.smtp.config.parse(settings);
    return checks.smtp.judge(await probeSmtp(config, contextOf(look)), config, look.clock.now());
  },
  imap: async (settings, look) => {
    const config = checks.imap.config.parse(settings);
    return checks.imap.judge(await probeImap(config, contextOf(look)), config, look.clock.now());
  },
  pop3: async (settings, look) => {
    const config = checks.pop3.config.parse(settings);
    return checks.pop3.judge(await probePop3(config, contextOf(look)), config, look.clock.now());
  },
};

async function lookAtTls(door: Door, look: Look): Promise<Proposal[]> {
  const { name, port, what, mail } = door;
  const config = checks.tls.config.parse({ address: look.address, port });
  const facts: TlsFacts = await probeTls(config, contextOf(look));
  if (facts.connectMs === undefined) return [];
  const verdict = checks.tls.judge(facts, config, look.clock.now());
  const secured = {
    seen: `${what} on port ${port}: ${clean(verdict.text, 160)}`,
    recommended: fits(verdict),
    check: { type: 'tls', name, port },
  };
  return mail && fits(verdict) ? lookAtMail(door, mail, look, secured) : [secured];
}

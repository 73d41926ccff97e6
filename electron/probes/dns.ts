/** Asks a DNS server one question and tells all that its answer says. */
import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import type packet from 'dns-packet';
import { type DnsAnswer, type DnsConfig, type DnsFacts, ipv6Digits, missingOf } from '../../shared/checks/dns.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { askTcp, askUdp, type Close, type Question, type Reply, type Server } from './dns-exchange.ts';
import type { Probe, ProbeContext } from './types.ts';

/** So long a question may stay without an answer before it is asked again (of the next resolver, where there is one). */
const askAgainMs = 2_000;
const mostServers = 3;
const mostAnswers = 50;

export const probeDns: Probe<DnsConfig, DnsFacts> = async (config, context) => {
  const servers = config.server === 'system' ? systemServers() : [{ address: config.server, port: config.port }];
  if (servers.length === 0) return { failure: { code: 'resolver-failed', detail: 'this computer has no resolver set' } };
  return lookUp(config, servers, context);
};

/** This computer's resolvers. A new Resolver reads the settings anew: a laptop changes networks. */
const systemServers = (): Server[] => new Resolver().getServers().slice(0, mostServers).map(serverOf);

/** Reads an entry of getServers: "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353". */
export function serverOf(entry: string): Server {
  if (isIP(entry) !== 0) return { address: entry, port: 53 };
  const colon = entry.lastIndexOf(':');
  return { address: entry.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(entry.slice(colon + 1)) };
}

/** 192.0.2.1 -> 1.2.0.192.in-addr.arpa (RFC 1035, section 3.5); IPv6 by nibbles (RFC 3596, section 2.5). */
export function reverseName(ip: string): string {
  const digits = ipv6Digits(ip);
  return digits ? `${[...digits].reverse().join('.')}.ip6.arpa` : `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
}

/**
 * Asks the servers in turn until one answers: a single one twice, as a datagram may get lost. Earlier questions stay open, so a
 * slow answer to the first still counts.
 */
export function lookUp(config: DnsConfig, servers: Server[], context: ProbeContext): Promise<DnsFacts> {
  const { signal, note, monotonic } = context;
  const question: Question = {
    name: config.record === 'PTR' && isIP(config.query) ? reverseName(config.query) : config.query,
    type: config.record,
  };
  const first = servers[0] as Server;
  const queue = servers.length === 1 ? [first, first] : [...servers];
  const askNextMs = Math.min(askAgainMs, context.timeoutMs / queue.length);
  return new Promise((resolve) => {
    const open: Close[] = [];
    const silent = new Set<string>();
    let tries = 0;
    let pending = 0;
    let garbage = 0;
    let truncatedBy: Server | null = null;
    let failure: Failure | null = null;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (facts: DnsFacts): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', timeUp);
      clearTimeout(timer);
      for (const close of open) close();
      resolve(facts);
    };
    const settleFailed = (found: Failure): void => {
      const server = truncatedBy ?? first;
      settle({ server: server.address, tries, failure: found, ...(truncatedBy ? { transport: 'tcp' } : {}) });
    };
    const timeUp = (): void => {
      const who = servers.length === 1 ? first.address : servers.map((it) => it.address).join(' and ');
      if (truncatedBy)
        settleFailed({ code: 'timeout', detail: `the answer of ${truncatedBy.address} is too long for UDP and did not come over TCP` });
      else if (garbage > 0) settleFailed({ code: 'protocol', detail: `${who} answered with something that is not DNS` });
      else settleFailed({ code: 'timeout', detail: `no answer from ${who} to ${tries} questions` });
    };
    const failed = (found: Failure, server: Server): void => {
      note(found.detail);
      silent.add(server.address);
      failure ??= found;
      pending -= 1;
      if (queue.length > 0) askNext();
      else if (pending === 0) settleFailed(failure);
    };
    const askNext = (): void => {
      clearTimeout(timer);
      const server = queue.shift();
      if (!server || settled) return;
      tries += 1;
      pending += 1;
      const begin = monotonic();
      note(`asking ${server.address} port ${server.port} for ${question.type} of ${question.name}`);
      const reply = (transport: 'udp' | 'tcp', tc: boolean) => (found: Reply) => {
        const ms = Math.round((monotonic() - begin) * 1_000) / 1_000;
        note(`${server.address} answered ${found.rcode}`);
        silent.delete(server.address);
        settle({ ...factsOf(found, config), server: server.address, silent: [...silent], transport, flags: flagsOf(found, tc), ms, tries });
      };
      const common = {
        garbage: () => {
          garbage += 1;
        },
        failure: (found: Failure) => failed(found, server),
      };
      const truncated = (): void => {
        note(`${server.address} has more to say than fits: asking over TCP`);
        truncatedBy = server;
        open.push(askTcp(question, server, { ...common, reply: reply('tcp', true) }));
      };
      open.push(askUdp(question, server, { ...common, truncated, reply: reply('udp', false) }));
      if (queue.length > 0)
        timer = setTimeout(() => {
          silent.add(server.address);
          askNext();
        }, askNextMs);
    };

    signal.addEventListener('abort', timeUp, { once: true });
    if (signal.aborted) timeUp();
    else askNext();
  });
}

const flagsOf = (it: Reply, tc: boolean): NonNullable<DnsFacts['flags']> => ({ aa: it.flag_aa, tc, ad: it.flag_ad, ra: it.flag_ra });

function factsOf(reply: Reply, config: DnsConfig): DnsFacts {
  const all = reply.answers ?? [];
  const wanted = all.filter((it) => it.type === config.record);
  const facts: DnsFacts = { rcode: reply.rcode, answers: all.slice(0, mostAnswers).map(answerOf), found: wanted.length };
  if (config.expect)
    facts.missing = missingOf(
      config.expect,
      wanted.map((it) => dataOf(it, 5_000)),
      config.record,
    );
  return facts;
}

const answerOf = (it: packet.Answer): DnsAnswer => ({
  name: clean(it.name, 255),
  type: it.type,
  ttl: 'ttl' in it ? (it.ttl ?? 0) : 0,
  data: dataOf(it, 300),
});

/** An answer's data as zone files write it, cleaned. */
function dataOf(it: packet.Answer, most: number): string {
  if (!('data' in it)) return '';
  switch (it.type) {
    case 'MX':
      return clean(`${it.data.preference ?? 0} ${it.data.exchange}`, most);
    case 'TXT':
      return clean([it.data].flat().map(String).join(''), most);
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = it.data;
      return clean([mname, rname, serial, refresh, retry, expire, minimum].join(' '), most);
    }
    case 'SRV':
      return clean(`${it.data.priority ?? 0} ${it.data.weight ?? 0} ${it.data.port} ${it.data.target}`, most);
    case 'CAA':
      return clean(`${it.data.flags ?? 0} ${it.data.tag} "${it.data.value}"`, most);
    default:
      return typeof it.data === 'string' ? clean(it.data, most) : 'data that is not shown';
  }
}

/** Asks a DNS server one question and tells all that its answer says. */
import { isIP } from 'node:net';
import type packet from 'dns-packet';
import type { DnsAnswer, DnsConfig, DnsFacts } from '../../shared/checks/dns.ts';
import { reverseName } from '../../shared/checks/dns-names.ts';
import { mismatchOf } from '../../shared/checks/dns-records.ts';
import { clean } from '../../shared/text.ts';
import { ask, flagsOf } from './dns-ask.ts';
import type { Server } from './dns-exchange.ts';
import { dataOf, type Reply, ttlOf } from './dns-reply.ts';
import { noResolver, systemServers } from './dns-servers.ts';
import type { Probe, ProbeContext } from './types.ts';

const mostAnswers = 50;

export const probeDns: Probe<DnsConfig, DnsFacts> = async (config, context) => {
  const servers = config.server === 'system' ? systemServers() : [{ address: config.server, port: config.port }];
  if (servers.length === 0) return { failure: noResolver };
  return lookUp(config, servers, context);
};

/** Asks the servers in turn until one answers. @param servers at least one */
export async function lookUp(config: DnsConfig, servers: readonly Server[], context: ProbeContext): Promise<DnsFacts> {
  const name = config.record === 'PTR' && isIP(config.query) ? reverseName(config.query) : config.query;
  const { server, reply, failure, transport, truncated, ms, tries, silent } = await ask({ name, type: config.record }, servers, context);
  if (!reply) return { server: server.address, tries, failure, ...(truncated ? { transport } : {}) };
  return { ...factsOf(reply, config), server: server.address, silent, transport, flags: flagsOf({ reply, truncated }), ms, tries };
}

function factsOf(reply: Reply, config: DnsConfig): DnsFacts {
  const all = reply.answers ?? [];
  const wanted = all.filter((it) => it.type === config.record).map((it) => dataOf(it, 5_000));
  return {
    rcode: reply.rcode,
    answers: all.slice(0, mostAnswers).map(answerOf),
    found: wanted.length,
    ...mismatchOf(config, wanted, config.record),
  };
}

const answerOf = (it: packet.Answer): DnsAnswer => ({ name: clean(it.name, 255), type: it.type, ttl: ttlOf(it), data: dataOf(it) });

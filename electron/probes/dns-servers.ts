/** Finds name servers: this computer's resolvers, the servers of a zone, and the addresses behind their names. */
import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import { readServer, sameForm, serverName } from '../../shared/checks/dns-names.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { resolveAddress } from './addresses.ts';
import { ask } from './dns-ask.ts';
import type { Server } from './dns-exchange.ts';
import { valuesOf } from './dns-reply.ts';
import { hasRoute } from './has-route.ts';
import type { ProbeContext } from './types.ts';

const mostResolvers = 3;
const mostAddresses = 4;
/** The root has 13; more are no use to anybody. */
export const mostServers = 20;

export const noResolver: Failure = { code: 'resolver-failed', detail: 'this computer has no resolver set' };

/** This computer's resolvers. A new Resolver reads the settings anew: a laptop changes networks. */
export const systemServers = (): Server[] => new Resolver().getServers().slice(0, mostResolvers).map(serverOf);

/** Reads an entry of getServers: "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353". */
export function serverOf(entry: string): Server {
  if (isIP(entry) !== 0) return { address: entry, port: 53 };
  const colon = entry.lastIndexOf(':');
  return { address: entry.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(entry.slice(colon + 1)) };
}

/** The resolvers that a setting names: one by address, or `system`. */
export function resolversOf(setting: string): Server[] {
  if (setting === 'system') return systemServers();
  const { host, port } = readServer(setting) as { host: string; port: number | null };
  return [{ address: host, port: port ?? 53 }];
}

/** How to find names: through a resolver of the settings, or as this computer does. */
export interface Finder {
  resolver: string;
  family: 'auto' | 4 | 6;
  /** Port of servers that name none. */
  port: number;
  /** So long a lookup may take. */
  limitMs: number;
  context: ProbeContext;
}

/** A name server that can be asked, or the reason why it cannot. */
export interface Spot {
  /** As people write it: "ns1.example.net", with the address behind it where the name has several. */
  label: string;
  /** Without port and address. */
  host: string;
  server?: Server;
  failure?: Failure;
}

/**
 * Asks for the name servers of a zone.
 * @returns their names, sorted; failure `name-not-found` where there is no such zone, `resolver-failed` where the resolver has no answer
 */
export async function nameServersOf(zone: string, { resolver, limitMs, context }: Finder): Promise<Result<string[], Failure>> {
  const resolvers = resolversOf(resolver);
  if (resolvers.length === 0) return fail(noResolver);
  const { reply, failure, server } = await ask({ name: zone, type: 'NS' }, resolvers, context, limitMs);
  if (!reply) return fail({ code: 'resolver-failed', detail: failure?.detail ?? 'no answer' });
  if (reply.rcode === 'NXDOMAIN') return fail({ code: 'name-not-found', detail: `${server.address} says that ${zone} does not exist` });
  if (reply.rcode !== 'NOERROR')
    return fail({ code: 'resolver-failed', detail: `${server.address} cannot find the name servers of ${zone} (${reply.rcode})` });
  const names = valuesOf(reply.answers, 'NS', (name) => sameForm(name) === sameForm(zone));
  if (names.length === 0) return fail({ code: 'name-not-found', detail: `${server.address} knows no name servers of ${zone}` });
  return ok(names.slice(0, mostServers).map(sameForm).sort());
}

/** The addresses of a host. @returns failure `name-not-found` where it has none of a family that may be used */
export async function addressesOf(host: string, { resolver, family, limitMs, context }: Finder): Promise<Result<string[], Failure>> {
  if (isIP(host) !== 0) return ok([host]);
  if (resolver === 'system') {
    const found = await resolveAddress(host, family === 'auto' ? 0 : family, context.signal);
    return found.ok ? ok([...new Set(found.value.map((it) => it.address))]) : found;
  }
  const types = family === 'auto' ? (['A', 'AAAA'] as const) : family === 4 ? (['A'] as const) : (['AAAA'] as const);
  const resolvers = resolversOf(resolver);
  const all = await Promise.all(types.map((type) => ask({ name: host, type }, resolvers, context, limitMs)));
  const found = all.flatMap(({ reply }, index) => valuesOf(reply?.answers, types[index] as string));
  if (found.length > 0) return ok(found);
  const told = all.every(({ reply }) => reply?.rcode === 'NOERROR' || reply?.rcode === 'NXDOMAIN');
  return fail(
    told
      ? { code: 'name-not-found', detail: `there is no address for the name ${host}` }
      : { code: 'resolver-failed', detail: `${resolver} could not look up ${host}` },
  );
}

/**
 * Finds the addresses behind name servers, all at the same time. An IPv6 address that this computer has no way to is left out, as
 * it says nothing about the server.
 * @param entries names or addresses, with ports where they are not the usual one
 */
export async function locate(entries: readonly string[], finder: Finder): Promise<Spot[]> {
  const spots = await Promise.all(
    entries.map(async (entry): Promise<Spot[]> => {
      // Names out of an answer may hold what the settings do not allow.
      const read = readServer(entry);
      const host = read?.host ?? entry;
      if (!read) return [{ label: entry, host, failure: { code: 'name-not-found', detail: `${entry} is not the name of a host` } }];
      const found = await addressesOf(host, finder);
      if (!found.ok) return [{ label: entry, host, failure: found.failure }];
      const port = read.port ?? finder.port;
      const ways = await Promise.all(found.value.slice(0, mostAddresses).map(withWay));
      const open = ways.flatMap((address) => (address === null ? [] : [address]));
      if (open.length === 0)
        return [{ label: entry, host, failure: { code: 'no-gateway', detail: `this computer has no way to ${listText(found.value)}` } }];
      return open.map((address) => ({
        label: open.length > 1 ? `${host} (${serverName(address, port)})` : entry,
        host,
        server: { address, port },
      }));
    }),
  );
  return spots.flat().slice(0, 2 * mostServers);
}

const listText = (addresses: readonly string[]): string => addresses.slice(0, 3).join(', ');

/** The address, or null where it is an IPv6 one and this computer has no IPv6. */
const withWay = async (address: string): Promise<string | null> =>
  isIP(address) === 6 && !(await hasRoute({ address, family: 6 })) ? null : address;

/** Asks the servers above a zone whom they send people to, then those servers whether they are in charge. */
import type packet from 'dns-packet';
import type { DelegatedServer, DelegationConfig, DelegationFacts, HostAddresses, ParentFacts } from '../../shared/checks/delegation.ts';
import { isWithin, sameForm } from '../../shared/checks/dns-names.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { ask } from './dns-ask.ts';
import type { Server } from './dns-exchange.ts';
import { dataOf, type Reply, valuesOf } from './dns-reply.ts';
import { addressesOf, type Finder, locate, nameServersOf, type Spot } from './dns-servers.ts';
import type { Probe, ProbeContext } from './types.ts';

const mostNames = 20;
const mostServerFacts = 80;
/** The root has 13 servers; a zone above that has more is asked at the first of them. */
const mostParents = 13;
/** The whole takes six steps, one after the other: each may use up this share of what is left of the time. */
const shareOfStep = 0.35;

export const probeDelegation: Probe<DelegationConfig, DelegationFacts> = async (config, context) => {
  const { zone, resolver, family } = config;
  const begin = context.monotonic();
  const limit = (): number => Math.max(0, context.timeoutMs - (context.monotonic() - begin)) * shareOfStep;
  const finderAt = (port: number): Finder => ({ resolver, family, port, limitMs: limit(), context });
  const finder = finderAt(53);
  const above = config.parentServers ? ok(config.parentServers) : await parentServersOf(zone, finder);
  if (!above.ok) return { failure: above.failure };
  // One address of each server is enough to hear what the zone above says.
  const spots = (await Promise.all(above.value.slice(0, mostParents).map((entry) => locate([entry], finderAt(53))))).flatMap((all) =>
    all.slice(0, 1),
  );
  const parents = await Promise.all(spots.map((spot) => askParent(spot, zone, limit(), context)));

  const servers = new Map<string, DelegatedServer>();
  const glue = glueOf(parents);
  const delegated = [...new Set(parents.flatMap(({ ns = [] }) => ns))].slice(0, mostNames);
  await Promise.all(delegated.map((name) => askOwn(name, glue.get(name) ?? [], zone, finderAt(config.port), servers)));
  // In a fixed order, so that the same server is asked for addresses every time, and the facts do not change with who was first.
  const inOrder = (): DelegatedServer[] => [...servers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
  const heard = inOrder();
  const own = [...new Set(heard.flatMap(({ ns = [], aa }) => (aa ? ns : [])))].slice(0, mostNames);
  const inCharge = heard.find(({ aa, address }) => aa === true && address !== undefined);
  const names = [...new Set([...delegated, ...own])];
  const addresses = await Promise.all(
    names.map(async (name): Promise<HostAddresses[]> => {
      const found = isWithin(name, zone) ? await trueAddresses(name) : await outsideAddresses(name);
      return found ? [{ name, addresses: found.slice(0, mostNames) }] : [];
    }),
  );
  // Servers that only the zone names are asked too: whoever has been there once comes back to all of them.
  const others = own.filter((name) => !delegated.includes(name));
  const known = new Map(addresses.flat().map((it) => [it.name, it.addresses]));
  await Promise.all(others.map((name) => askOwn(name, known.get(name) ?? [], zone, finderAt(config.port), servers)));
  return { parents, servers: inOrder().slice(0, mostServerFacts), addresses: addresses.flat() };

  /** What the zone itself says of a name; null where it did not answer. */
  async function trueAddresses(name: string): Promise<string[] | null> {
    if (!inCharge) return null;
    const server: Server = { address: inCharge.address as string, port: config.port };
    const limitMs = limit();
    const all = await Promise.all((['A', 'AAAA'] as const).map((type) => ask({ name, type, recurse: false }, [server], context, limitMs)));
    // A referral is no answer: the name lies in a zone below.
    if (!all.every(({ reply }) => reply?.flag_aa && (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN'))) return null;
    return all.flatMap(({ reply }) => [...valuesOf(reply?.answers, 'A'), ...valuesOf(reply?.answers, 'AAAA')]);
  }
  async function outsideAddresses(name: string): Promise<string[] | null> {
    // Only looked up where there is something to hold it against.
    if (!glue.has(name)) return null;
    const found = await addressesOf(name, { ...finderAt(53), family: 'auto' });
    return found.ok ? found.value : null;
  }
};

/** The servers of the nearest zone above: the first name upwards that has name servers of its own. */
async function parentServersOf(zone: string, finder: Finder): Promise<Result<string[], Failure>> {
  const labels = sameForm(zone).split('.');
  for (let above = labels.slice(1); ; above = above.slice(1)) {
    const found = await nameServersOf(above.join('.') || '.', finder);
    if (found.ok || above.length === 0) return found;
    // A name in the middle without servers of its own is no zone; it lies in the one above.
    if (found.failure.code !== 'name-not-found') return fail(found.failure);
  }
}

async function askParent({ label, server, failure }: Spot, zone: string, limitMs: number, context: ProbeContext): Promise<ParentFacts> {
  const known = { name: clean(label, 300), address: server?.address };
  if (!server) return { ...known, failure };
  const asked = await ask({ name: zone, type: 'NS', recurse: false }, [server], context, limitMs);
  if (!asked.reply) return { ...known, failure: asked.failure };
  const { reply, ms } = asked;
  const ns = namesIn(reply, zone);
  return { ...known, rcode: reply.rcode, ns, glue: addressesIn(reply, ns), ms };
}

/** The name servers of the zone: in a referral they stand as authority, from a server that has both zones as answer. */
const namesIn = (reply: Reply, zone: string): string[] => {
  const own = (name: string): boolean => sameForm(name) === sameForm(zone);
  const all = [...valuesOf(reply.answers, 'NS', own), ...valuesOf(reply.authorities, 'NS', own)];
  return [...new Set(all.map(sameForm))].slice(0, mostNames);
};

function addressesIn(reply: Reply, names: readonly string[]): HostAddresses[] {
  const isAddress = (it: packet.Answer): boolean => it.type === 'A' || it.type === 'AAAA';
  return names.flatMap((name) => {
    const addresses = (reply.additionals ?? []).filter((it) => isAddress(it) && sameForm(it.name) === name).map((it) => dataOf(it, 60));
    return addresses.length > 0 ? [{ name, addresses: [...new Set(addresses)].slice(0, mostNames) }] : [];
  });
}

function glueOf(parents: readonly ParentFacts[]): Map<string, string[]> {
  const glue = new Map<string, string[]>();
  for (const { name, addresses } of parents.flatMap((it) => it.glue ?? []))
    glue.set(name, [...new Set([...(glue.get(name) ?? []), ...addresses])]);
  return glue;
}

/** Asks a server at its addresses by the parent, or else wherever its name leads. */
async function askOwn(
  name: string,
  glue: readonly string[],
  zone: string,
  finder: Finder,
  found: Map<string, DelegatedServer>,
): Promise<void> {
  const spots = (await Promise.all((glue.length > 0 ? glue.slice(0, 4) : [name]).map((entry) => locate([entry], finder)))).flat();
  await Promise.all(
    spots.map(async ({ server, failure }) => {
      const known = { name: clean(name, 300), address: server?.address };
      const put = (it: DelegatedServer): unknown => found.set(`${name} ${server?.address ?? ''}`, it);
      if (!server) return put({ ...known, failure });
      const asked = await ask({ name: zone, type: 'NS', recurse: false }, [server], finder.context, finder.limitMs);
      if (!asked.reply) return put({ ...known, failure: asked.failure });
      const { reply, ms } = asked;
      const ns = valuesOf(reply.answers, 'NS', (owner) => sameForm(owner) === sameForm(zone))
        .map(sameForm)
        .slice(0, mostNames);
      // A server that has no such records is not in charge, whatever it says of itself.
      return put({ ...known, rcode: reply.rcode, aa: reply.flag_aa && (ns.length > 0 || reply.rcode !== 'NOERROR'), ns, ms });
    }),
  );
}

/** How the things of an inventory hang together in a drill's world: what stands where, and what traffic for it comes through. */
import { isInside } from '../../shared/model/cidr.ts';
import type { Inventory } from '../../shared/model/inventory.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import { sameAddress } from '../../shared/trace.ts';
import { listenersOf } from './world-listeners.ts';

/** Ids of which all groups are needed, and of each group at least one. */
export type Needs = readonly (readonly string[])[];

export interface Circuit {
  id: string;
  site: string;
  gateway: string | null;
  /** Its provider's routers, for traces. */
  hops: readonly string[];
  needs: Needs;
}
export interface Block {
  id: string;
  cidr: string;
  site: string;
  via: readonly Circuit[];
}
export interface Machine {
  id: string;
  address: string | null;
  site: string | null;
  needs: Needs;
}
/** Something that runs on machines: a service, or a mail entry. */
export interface Program {
  id: string;
  kind: 'service' | 'mail';
  /** Of mail. */
  domain: string | null;
  machines: readonly Machine[];
  needs: Needs;
}

/** Where packets go. */
export interface Spot {
  address: string | null;
  machine: Machine | null;
  block: Block | null;
  /** Circuits that traffic can come by; none = not one of ours. */
  circuits: readonly Circuit[];
  /** It is the provider's end of this circuit. */
  gatewayOf: Circuit | null;
  site: string | null;
}

/** Where a check goes, and what answers it there. */
export interface Place {
  check: PlannedCheck;
  /** Any of them answers for all: a service on two machines works while one does. */
  spots: readonly Spot[];
  programs: readonly Program[];
  /** What else watches the very port that it comes in by: a log-in service, for who logs in to look around. */
  door: readonly Program[];
}

export interface Topology {
  circuits: ReadonlyMap<string, Circuit>;
  blocks: ReadonlyMap<string, Block>;
  machines: ReadonlyMap<string, Machine>;
  programs: ReadonlyMap<string, Program>;
  sites: ReadonlySet<string>;
  placeOf(check: PlannedCheck): Place;
  /** What answers questions for names on a machine; of a check that asks a name service of its own, that one. */
  nameServices(place: Place, machine: Machine | null): readonly Program[];
  /** Where an address or a name leads; null = nowhere that the inventory knows. */
  spotAt(address: string): Spot | null;
}

type Written = readonly (string | readonly string[])[];

export function topologyOf(inventory: Inventory, plan: Plan): Topology {
  const kinds = new Map<string, string>(
    (['sites', 'links', 'prefixes', 'hosts', 'services', 'mail'] as const).flatMap((kind) => inventory[kind].map((it) => [it.id, kind])),
  );
  /** Parents of one kind stand in for each other, of different kinds all are needed; a list is a group of its own. */
  const parents = (written: Written): Needs => {
    const single = written.filter((it) => typeof it === 'string');
    return [...Map.groupBy(single, (id) => kinds.get(id)).values(), ...written.filter((it) => typeof it !== 'string')];
  };
  const all = (written: Written): Needs => written.map((it) => (typeof it === 'string' ? [it] : it));
  const byId = <T extends { id: string }>(list: readonly T[]): Map<string, T> => new Map(list.map((it) => [it.id, it]));

  const circuits = byId<Circuit>(
    inventory.links.map(({ id, site, gateway = null, hops, parents: above }) => ({ id, site, gateway, hops, needs: parents(above) })),
  );
  const known = <T>(map: ReadonlyMap<string, T>, ids: readonly string[]): T[] => ids.flatMap((id) => map.get(id) ?? []);
  const blocks = byId<Block>(inventory.prefixes.map(({ id, cidr, site, via }) => ({ id, cidr, site, via: known(circuits, via) })));
  const machines = byId<Machine>(
    inventory.hosts.map(({ id, address = null, site = null, parents: above }) => ({ id, address, site, needs: parents(above) })),
  );
  const programs = byId<Program>([
    ...inventory.services.map((it) => ({
      id: it.id,
      kind: 'service' as const,
      domain: null,
      machines: known(machines, it.hosts),
      needs: all(it.dependsOn),
    })),
    ...inventory.mail.map((it) => ({
      id: it.id,
      kind: 'mail' as const,
      domain: it.domain,
      machines: known(machines, it.hosts),
      needs: all(it.dependsOn),
    })),
  ]);
  const sites = new Set(inventory.sites.map((it) => it.id));
  const siteOf = new Map<string, string>(
    [...inventory.hosts, ...inventory.services, ...inventory.mail].flatMap(({ id, site }) => (site === undefined ? [] : [[id, site]])),
  );

  const blockOf = (address: string | null): Block | null => {
    const around = address === null ? [] : [...blocks.values()].filter(({ cidr }) => isInside(address, cidr));
    const length = ({ cidr }: Block): number => Number(cidr.split('/')[1]);
    return around.sort((a, b) => length(b) - length(a))[0] ?? null;
  };
  const circuitsOf = (block: Block | null, site: string | null): readonly Circuit[] =>
    block && block.via.length > 0 ? block.via : [...circuits.values()].filter((it) => it.site === (block?.site ?? site));
  const spotOf = (machine: Machine): Spot => {
    const block = blockOf(machine.address);
    const site = machine.site ?? block?.site ?? null;
    // Who names links as parents says which of them are its own.
    const own = known(circuits, machine.needs.flat());
    const { address } = machine;
    return { address, machine, block, circuits: own.length > 0 ? own : circuitsOf(block, site), gatewayOf: null, site };
  };
  const outside: Spot = { address: null, machine: null, block: null, circuits: [], gatewayOf: null, site: null };
  const same = (a: string, b: string | null): boolean => b !== null && (a.toLowerCase() === b.toLowerCase() || sameAddress(a, b));

  const spotAt = (address: string): Spot | null => {
    const machine = [...machines.values()].find((it) => same(address, it.address));
    if (machine) return { ...spotOf(machine), address };
    const gatewayOf = [...circuits.values()].find((it) => same(address, it.gateway));
    if (gatewayOf) return { ...outside, address, gatewayOf, circuits: [gatewayOf], site: gatewayOf.site };
    const block = blockOf(address);
    if (block) return { ...outside, address, block, circuits: circuitsOf(block, block.site), site: block.site };
    // "ns1.example.net" is the host ns1, where nothing else says so.
    const named = machines.get(address.toLowerCase().split('.')[0] ?? '');
    return named ? { ...spotOf(named), address } : null;
  };

  const subjects = new Map(plan.subjects.map((it) => [it.id, it]));
  const programOf = (check: PlannedCheck): Program | undefined => {
    const id = subjects.get(check.subject.id)?.leg?.entry ?? check.subject.id;
    return programs.get(id);
  };
  const spotsOf = (check: PlannedCheck): Spot[] => {
    const { kind, id } = check.subject;
    const address = addressOf(check);
    const exact = address === null ? null : spotAt(address);
    const host = (check.through ?? []).flatMap((it) => machines.get(it) ?? [])[0];
    if (host) return [{ ...spotOf(host), address }];
    if (kind === 'link') {
      const circuit = circuits.get(id) as Circuit;
      return [exact?.gatewayOf ? exact : { ...outside, address, circuits: [circuit], site: circuit.site }];
    }
    if (kind === 'prefix') {
      const block = blocks.get(id) as Block;
      return [exact ?? { ...outside, address, block, circuits: block.via, site: block.site }];
    }
    const carriers = kind === 'host' ? known(machines, [id]) : (programOf(check)?.machines ?? []);
    // A name that no host has leads to whatever carries it; an address leads to where it is.
    if (exact && (exact.machine || exact.gatewayOf || carriers.length === 0 || isIp(address))) return [exact];
    if (carriers.length > 0 && !isIp(address)) return carriers.map((it) => ({ ...spotOf(it), address: address ?? it.address }));
    const site = siteOf.get(programOf(check)?.id ?? id) ?? null;
    return [{ ...outside, address, circuits: site === null ? [] : circuitsOf(null, site), site }];
  };
  const listeners = listenersOf(plan, [...programs.values()], programOf, spotsOf);

  return {
    circuits,
    blocks,
    machines,
    programs,
    sites,
    spotAt,
    placeOf(check) {
      const spots = spotsOf(check);
      return { check, spots, ...listeners.at(check, spots[0]?.machine ?? null) };
    },
    nameServices: listeners.nameServices,
  };
}

const isIp = (address: string | null): boolean => address !== null && /^[\d.]+$|:/.test(address);

/** The address or name that a check goes to. */
function addressOf({ type, config }: PlannedCheck): string | null {
  if (typeof config.address === 'string') return config.address;
  // Of other types it is a resolver that they look things up at.
  if (type === 'dns') return config.server === 'system' ? null : String(config.server);
  const host = typeof config.url === 'string' ? /^\w+:\/\/(?:\[([^\]]+)\]|([^/:?#]+))/.exec(config.url) : null;
  return host?.[1] ?? host?.[2] ?? null;
}

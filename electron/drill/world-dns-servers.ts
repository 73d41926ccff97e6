/** Name servers of a drill's world: which there are for a zone, how each of them is, and what the right answers are. */
import type { Expectation, Mismatch, RecordType } from '../../shared/checks/dns-records.ts';
import type { FaultOf } from '../../shared/scenario/scenario.ts';
import { sameAddress } from '../../shared/trace.ts';
import { fixedOf, latencyOf } from './random.ts';
import { type Asked, contactWith, isCutOff, tidy } from './world-contact.ts';
import { isMended, isOf } from './world-faults.ts';
import type { Spot } from './world-topology.ts';
import { numberOf, textOf } from './world-values.ts';

export interface NameServer {
  /** As it is written, and without its port. */
  text: string;
  host: string;
  address: string | undefined;
  port: number;
  spot: Spot | null;
  /** `wrong`: answers, with other records. */
  state: 'answers' | 'wrong' | 'servfail' | 'refused' | 'silent';
  /** What it answers, where that is wrong. */
  wrong: readonly string[];
  stale: { by: number; since: number } | null;
  ms: number;
}

export type World = Pick<Asked<unknown>, 'place' | 'topology' | 'states' | 'moment' | 'chance' | 'timeoutMs' | 'zones'>;

const form = (name: string): string => name.toLowerCase().replace(/\.$/, '');
export const isWithin = (name: string, zone: string): boolean => form(name) === form(zone) || form(name).endsWith(`.${form(zone)}`);

/** The smallest zone that the inventory knows around a name. */
export const zoneOf = ({ zones }: Pick<World, 'zones'>, name: string): string | null =>
  [...zones.keys()].filter((zone) => isWithin(name, zone)).sort((a, b) => b.length - a.length)[0] ?? null;

/** @param written the servers; those of the zone where left out */
export function serversOf(world: World, zone: string, written?: readonly string[]): NameServer[] {
  const texts = written ?? world.zones.get(form(zone)) ?? [`ns1.${form(zone)}`, `ns2.${form(zone)}`];
  return texts.map((text, index) => serverOf(world, zone, text, index === 0));
}

function serverOf(world: World, zone: string, text: string, isFirst: boolean): NameServer {
  const { topology, moment, chance } = world;
  const parts = /^\[([^\]]+)\](?::(\d+))?$|^([^:]+):(\d+)$/.exec(text);
  const host = parts?.[1] ?? parts?.[3] ?? text;
  const port = Number(parts?.[2] ?? parts?.[4] ?? 53);
  const spot = topology.spotAt(host);
  const contact = spot && contactWith(spot, world, topology.nameServices(world.place, spot.machine));
  const address = [host, spot?.address, spot?.machine?.address].find((it) => it && /^[\d.]+$|:/.test(it)) ?? undefined;
  const isNamed = (server: string): boolean => isServer(world, server, host, spot);
  const faults = moment.spells.flatMap((it) =>
    isOf('dns', it) &&
    isWithin(zone, it.fault.dns) &&
    (it.fault.server === undefined ? !isMended(it, moment.at, isNamed) : isNamed(it.fault.server))
      ? [{ ...it, fault: it.fault }]
      : [],
  );
  const has = (mode: FaultOf<'dns'>['mode']) => faults.find((it) => it.fault.mode === mode);
  // Of a fault that names no server the first one, where the others copy from, is spared.
  const stale = faults.find((it) => it.fault.mode === 'stale-serial' && (it.fault.server !== undefined || !isFirst));
  const talks = contact === null ? !isCutOff(world) : contact.what === 'talks';
  const ailing = contact?.mode;
  const slowMs = ailing === 'slow' && contact?.fault ? numberOf(contact.fault) : 0;
  const ms = tidy(contact ? contact.ms + slowMs : latencyOf(fixedOf(`way ${host}`, 8, 40), chance));
  const state =
    !talks && contact?.what === 'refused'
      ? 'refused'
      : !talks || has('server-down') || ms >= world.timeoutMs
        ? 'silent'
        : has('servfail') || ailing === 'error'
          ? 'servfail'
          : has('wrong-answer') || ailing === 'wrong-content'
            ? 'wrong'
            : 'answers';
  const wrong = has('wrong-answer')?.fault;
  return {
    text,
    host,
    address,
    port,
    spot,
    state,
    wrong: state === 'wrong' ? [wrong ? textOf(wrong) : usualWrong] : [],
    stale: stale ? { by: numberOf(stale.fault), since: stale.from } : null,
    ms,
  };
}

/** Whether a server is meant: by its address, its name, or its machine. */
export function isServer({ topology }: Pick<World, 'topology'>, named: string, host: string, spot: Spot | null): boolean {
  if (form(named) === form(host) || sameAddress(named, host)) return true;
  const machine = topology.machines.get(form(named)) ?? topology.spotAt(named)?.machine ?? null;
  return machine !== null && machine.id === spot?.machine?.id;
}

/** Whether the name server at a machine is silent: who connects to its port hears nothing either. */
export function isSilentServer(world: World, spot: Spot): boolean {
  const { moment, topology, zones } = world;
  if (moment.spells.length === 0) return false;
  return moment.spells.some((it) => {
    if (!isOf('dns', it) || it.fault.mode !== 'server-down') return false;
    const host = spot.address ?? spot.machine?.id ?? '';
    if (it.fault.server !== undefined) return isServer(world, it.fault.server, host, spot);
    const zone = it.fault.dns;
    const servers = [...zones].flatMap(([name, all]) => (isWithin(name, zone) ? all : []));
    return (
      servers.some((server) => isServer({ topology }, server, host, spot)) &&
      !isMended(it, moment.at, (server) => isServer({ topology }, server, host, spot))
    );
  });
}

/** What a name rightly stands for: what the check wants, or something that is invented for it. */
export function valuesFor(record: RecordType, query: string, { expect, equals, oneOf }: Expectation): string[] {
  const wanted = [...new Set([...(equals ?? []), ...(expect ?? [])])];
  const values = wanted.length > 0 ? wanted : oneOf ? oneOf.slice(0, 1) : [invented(record, query)];
  // A host name alone will do as an expectation, but is no whole record.
  return values.map((value) =>
    value.includes(' ') ? value : record === 'MX' ? `10 ${value}` : record === 'SRV' ? `0 0 443 ${value}` : value,
  );
}

function invented(record: RecordType, query: string): string {
  const name = form(query);
  const number = Math.floor(fixedOf(`record ${record} ${name}`, 1, 250));
  const made: Record<RecordType, string> = {
    A: `192.0.2.${number}`,
    AAAA: `2001:db8::${number.toString(16)}`,
    MX: `10 mail.${name}`,
    TXT: 'v=spf1 mx -all',
    NS: `ns1.${name}`,
    SOA: `ns1.${name} hostmaster.${name} 1 7200 900 1209600 300`,
    CNAME: `web.${name}`,
    PTR: `host${number}.example.net`,
    CAA: '0 issue "ca.example.net"',
    SRV: `0 0 443 ${name}`,
  };
  return made[record];
}

const usualWrong = '203.0.113.250';

/** How answers differ from what is wanted. @param wrong the values of a wrong answer; none of a right one */
export function mismatchFor({ expect, equals, oneOf }: Expectation, wrong: readonly string[]): Mismatch {
  const needed = [...(expect ?? []), ...(equals ?? [])];
  return {
    ...(needed.length > 0 && { missing: wrong.length > 0 ? needed.filter((it) => !wrong.includes(it)) : [] }),
    ...((equals || oneOf) && { unwanted: wrong.filter((it) => !(equals ?? oneOf ?? []).includes(it)) }),
  };
}

/** How far packets come in a drill's world: over which circuit, out of a site and into another one, and what they meet on the way. */
import type { FaultOf } from '../../shared/scenario/scenario.ts';
import { isOf } from './world-faults.ts';
import type { MachineState, Moment } from './world-state.ts';
import type { Block, Circuit, Machine, Needs, Program, Spot, Topology } from './world-topology.ts';

export interface Way {
  open: boolean;
  /** Share of packets that get lost, 0 to 1. */
  loss: number;
  delayMs: number;
  jitterMs: number;
  /** The circuit that it goes by, or would. */
  by: Circuit | null;
  /** Why it is not open: a circuit is down, drops what it is sent, or something behind it is dark. */
  why: 'circuit' | 'dropped' | 'behind' | null;
}

export interface Ways {
  /** @param vantage `desk` (outside), or the site that it is looked from. Whether the desk itself is connected is another question. */
  way(spot: Spot, moment: Moment, vantage: string): Way;
  /** From where it is looked, nothing of the world outside is seen: the desk is offline, or the site is cut off. */
  isCutOff(moment: Moment, vantage: string): boolean;
  /** An agent without power says nothing at all. */
  isDark(moment: Moment, vantage: string): boolean;
  isOffline(moment: Moment): boolean;
  /** Whether a circuit itself is up, as the router at its end tells, whatever befalls the site. */
  lineUp(circuit: Circuit, moment: Moment): boolean;
  /** Whether a circuit carries traffic at all. */
  circuitUp(circuit: Circuit, moment: Moment): boolean;
  /** Links of a block that announce it. */
  announcers(block: Block, moment: Moment): Circuit[];
}

const openWay: Way = { open: true, loss: 0, delayMs: 0, jitterMs: 0, by: null, why: null };
const closed = (why: Way['why'], by: Circuit | null = null): Way => ({ ...openWay, open: false, why, by });
const deepest = 12;
export const desk = 'desk';

type LinkFault = FaultOf<'link'>;
const isQuality = (it: LinkFault): boolean => it.loss !== undefined || it.delayMs !== undefined || it.jitterMs !== undefined;
const goesOnAnnouncing = (it: LinkFault): boolean => it.blackhole ?? it.prefixes !== undefined;

/** Whether of each group one is there. */
export const met = (needs: Needs, depth: number, isMet: (id: string, depth: number) => boolean): boolean =>
  depth > deepest || needs.every((group) => group.length === 0 || group.some((id) => isMet(id, depth + 1)));

export const siteFault = (site: string | null, { spells }: Moment): FaultOf<'site'> | null => {
  if (site === null) return null;
  const found = spells.flatMap((it) => (isOf('site', it) && it.fault.site === site ? [it.fault] : []));
  return found.find((it) => it.power) ?? found[0] ?? null;
};

/** @param works whether a program does its work, for what stands behind it */
export function waysOf(
  topology: Topology,
  machine: (it: Machine, moment: Moment) => MachineState,
  works: (program: Program, moment: Moment, depth: number) => boolean,
): Ways & { passes(id: string, moment: Moment, depth: number): boolean } {
  const linkFaults = (circuit: Circuit, { spells }: Moment): LinkFault[] =>
    spells.flatMap((it) => (isOf('link', it) && it.fault.link === circuit.id ? [it.fault] : []));
  const routes = (host: Machine, moment: Moment): boolean => {
    const { power } = machine(host, moment);
    return power !== 'off' && power !== 'starting';
  };

  /** Whether traffic gets through something that stands on the way. */
  const passes = (id: string, moment: Moment, depth: number): boolean => {
    const host = topology.machines.get(id);
    if (host) return routes(host, moment) && met(host.needs, depth, (one, next) => passes(one, moment, next));
    const circuit = topology.circuits.get(id);
    if (circuit) return isUp(circuit, moment, depth);
    const block = topology.blocks.get(id);
    if (block) return isReached(block, moment, depth);
    if (topology.sites.has(id)) return siteFault(id, moment) === null;
    const program = topology.programs.get(id);
    return program ? works(program, moment, depth) : true;
  };
  const isReached = (block: Block, moment: Moment, depth = 0): boolean =>
    !isBlackholed(block.via, block, moment) && block.via.some((it) => carries(it, block, moment, depth));
  const isUp = (circuit: Circuit, moment: Moment, depth = 0): boolean =>
    linkFaults(circuit, moment).every((it) => isQuality(it) || it.prefixes !== undefined) &&
    met(circuit.needs, depth, (one, next) => passes(one, moment, next));
  /** Whether traffic for a block (or for what is in none) is sent over a circuit and comes through. */
  const carries = (circuit: Circuit, block: Block | null, moment: Moment, depth = 0): boolean =>
    isUp(circuit, moment, depth) &&
    !linkFaults(circuit, moment).some((it) => !isQuality(it) && block !== null && it.prefixes?.includes(block.id));
  /** Others send its traffic to a circuit that drops it: no other one helps. */
  const isBlackholed = (circuits: readonly Circuit[], block: Block | null, moment: Moment): boolean =>
    circuits.some((circuit) =>
      linkFaults(circuit, moment).some(
        (it) => !isQuality(it) && goesOnAnnouncing(it) && (it.prefixes === undefined || (block !== null && it.prefixes.includes(block.id))),
      ),
    );
  const onCircuit = (circuit: Circuit, moment: Moment): Way =>
    qualityOf(
      linkFaults(circuit, moment).filter((it) => !it.prefixes),
      circuit,
    );

  /** Into a site, from anywhere else. */
  const wayIn = (spot: Spot, moment: Moment): Way => {
    const { machine: target, block, circuits, gatewayOf } = spot;
    if (gatewayOf)
      return siteFault(spot.site, moment) || !isUp(gatewayOf, moment) ? closed('circuit', gatewayOf) : onCircuit(gatewayOf, moment);
    if (circuits.length > 0) {
      const dropping = circuits.find((it) => isBlackholed([it], block, moment));
      if (dropping) return closed('dropped', dropping);
    }
    const rides = circuits.find((it) => carries(it, block, moment)) ?? null;
    if (circuits.length > 0 && !rides) return closed('circuit', circuits[0]);
    if (siteFault(spot.site, moment)) return closed('behind', rides);
    // Circuits among its parents are ways in, and were looked at above.
    const needs = (target?.needs ?? []).filter((group) => !group.every((id) => topology.circuits.has(id)));
    if (!met(needs, 0, (one, depth) => passes(one, moment, depth))) return closed('behind', rides);
    if (!rides) return openWay;
    const felt = circuits.flatMap((circuit) =>
      linkFaults(circuit, moment).filter((it) =>
        it.prefixes ? block !== null && it.prefixes.includes(block.id) && (goesOnAnnouncing(it) || circuit === rides) : circuit === rides,
      ),
    );
    return qualityOf(felt, rides);
  };

  /** From an agent in a site to the world outside, and back. It has an address in one of the site's blocks. */
  const wayOut = (site: string, moment: Moment): Way => {
    if (siteFault(site, moment)) return closed('behind');
    const circuits = [...topology.circuits.values()].filter((it) => it.site === site);
    const rides = circuits.find((it) => isUp(it, moment)) ?? null;
    if (circuits.length > 0 && !rides) return closed('circuit', circuits[0]);
    const dropping = circuits.find((it) => isBlackholed([it], null, moment));
    if (dropping) return closed('dropped', dropping);
    const blocks = [...topology.blocks.values()].filter((it) => it.site === site && it.via.length > 0);
    if (blocks.length > 0 && !blocks.some((it) => isReached(it, moment))) return closed('dropped', rides);
    return rides ? onCircuit(rides, moment) : openWay;
  };

  /** Within a site, circuits do not matter, and of what a machine stands behind only other machines there (a switch, what it runs on). */
  const wayWithin = ({ machine: target, gatewayOf, site }: Spot, moment: Moment): Way => {
    if (gatewayOf) return isUp(gatewayOf, moment) ? onCircuit(gatewayOf, moment) : closed('circuit', gatewayOf);
    const isBeside = (id: string): boolean => topology.machines.get(id)?.site === site;
    const needs = (it: Machine): Needs => it.needs.filter((group) => group.every(isBeside));
    const isThere = (id: string, depth: number): boolean => {
      const host = topology.machines.get(id);
      return host === undefined || (routes(host, moment) && met(needs(host), depth, isThere));
    };
    return target === null || met(needs(target), 0, isThere) ? openWay : closed('behind');
  };

  const isOffline = ({ spells }: Moment): boolean => spells.some((it) => isOf('desk', it) && it.fault.mode === 'offline');
  const isDark = (moment: Moment, vantage: string): boolean => vantage !== desk && siteFault(vantage, moment)?.power === true;
  return {
    passes,
    isOffline,
    isDark,
    isCutOff: (moment, vantage) =>
      moment.spells.length > 0 && (vantage === desk ? isOffline(moment) : isDark(moment, vantage) || !wayOut(vantage, moment).open),
    lineUp: (circuit, moment) => isUp(circuit, moment),
    circuitUp: (circuit, moment) => isUp(circuit, moment) && siteFault(circuit.site, moment) === null,
    announcers: (block, moment) =>
      block.via.filter((it) => siteFault(it.site, moment) === null && (carries(it, block, moment) || isBlackholed([it], block, moment))),
    way(spot, moment, vantage) {
      if (moment.spells.length === 0) return spot.circuits[0] ? { ...openWay, by: spot.circuits[0] } : openWay;
      if (vantage === desk) return wayIn(spot, moment);
      if (isDark(moment, vantage)) return closed('behind');
      if (vantage === spot.site) return wayWithin(spot, moment);
      const out = wayOut(vantage, moment);
      return out.open ? joined(out, wayIn(spot, moment)) : out;
    },
  };
}

function qualityOf(faults: readonly LinkFault[], by: Circuit): Way {
  if (faults.length === 0) return { ...openWay, by };
  const through = faults.reduce((left, it) => left * (1 - (it.loss ?? 0)), 1);
  const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((all, it) => all + (it ?? 0), 0);
  return {
    by,
    why: through > 0 ? null : 'dropped',
    open: through > 0,
    loss: 1 - through,
    delayMs: sum(faults.map((it) => it.delayMs)),
    jitterMs: sum(faults.map((it) => it.jitterMs)),
  };
}

/** Out of one site and into another. */
const joined = (out: Way, into: Way): Way =>
  !into.open
    ? into
    : {
        ...into,
        loss: 1 - (1 - out.loss) * (1 - into.loss),
        delayMs: out.delayMs + into.delayMs,
        jitterMs: out.jitterMs + into.jitterMs,
      };

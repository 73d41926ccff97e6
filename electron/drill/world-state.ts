/** How the things of a drill's world are at a moment: which machines run, which ways are open, which programs answer. */
import type { Fault, FaultOf } from '../../shared/scenario/scenario.ts';
import { DAY } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import { isOf, type Spell } from './world-faults.ts';
import type { Block, Circuit, Machine, Needs, Program, Spot, Topology } from './world-topology.ts';
import { numberOf } from './world-values.ts';

/** A moment with the faults that bite in it: those that come and go, or hit a share only, are decided. */
export interface Moment {
  /** Epoch ms. */
  at: number;
  spells: readonly Spell[];
}

/** How far packets come. */
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

export interface MachineState {
  /** `off`: nothing answers. `starting`: answers pings, and nothing listens yet. `hung`: takes connections and never says a word. */
  power: 'on' | 'off' | 'starting' | 'hung';
  readOnly: boolean;
  /** Per cent in use; null = as usual. */
  disk: number | null;
  memoryErrors: number;
  /** °C; null = as usual. */
  heat: number | null;
  /** When it was started last, epoch ms. */
  bootedAt: number;
}

export type ServiceMode = FaultOf<'service'>['mode'];
/** The worse comes first. */
const worstFirst: readonly ServiceMode[] = [
  'refuse',
  'timeout',
  'stalled',
  'expired-certificate',
  'error',
  'auth-fails',
  'wrong-content',
  'slow',
];
/** With these nothing works that depends on it. */
const broken: ReadonlySet<ServiceMode> = new Set<ServiceMode>(['refuse', 'timeout', 'stalled', 'error', 'auth-fails']);

const openWay: Way = { open: true, loss: 0, delayMs: 0, jitterMs: 0, by: null, why: null };
const closed = (why: Way['why'], by: Circuit | null = null): Way => ({ ...openWay, open: false, why, by });
const deepest = 12;
/** Of a round of a boot loop it answers pings for this share, from its end. */
const loopAwake = 0.2;

type LinkFault = FaultOf<'link'>;
const isQuality = (it: LinkFault): boolean => it.loss !== undefined || it.delayMs !== undefined || it.jitterMs !== undefined;
const goesOnAnnouncing = (it: LinkFault): boolean => it.blackhole ?? it.prefixes !== undefined;

export interface States {
  machine(machine: Machine, moment: Moment): MachineState;
  /** @param vantage `desk` (outside), or the site that it is looked from */
  way(spot: Spot, moment: Moment, vantage: string): Way;
  /** The worst that ails a program; an `error` where something that it needs does not work. */
  service(programs: readonly Program[], moment: Moment): { mode: ServiceMode; fault: Fault | null } | null;
  /** Whether a circuit carries traffic at all. */
  circuitUp(circuit: Circuit, moment: Moment): boolean;
  /** Links of a block that announce it. */
  announcers(block: Block, moment: Moment): Circuit[];
  isOffline(moment: Moment): boolean;
}

/** @param all every spell of the drill, for what they leave behind @param start of the drill, epoch ms */
export function statesOf(topology: Topology, all: readonly Spell[], start: number): States {
  const boots = bootsOf(topology, all, start);
  const hasSite = (site: string | null, { spells }: Moment): FaultOf<'site'> | null =>
    site === null
      ? null
      : ((spells.find((it) => isOf('site', it) && it.fault.site === site)?.fault as FaultOf<'site'> | undefined) ?? null);
  const linkFaults = (circuit: Circuit, { spells }: Moment): LinkFault[] =>
    spells.flatMap((it) => (isOf('link', it) && it.fault.link === circuit.id ? [it.fault] : []));

  const machine = (it: Machine, moment: Moment): MachineState => {
    const state: MachineState = {
      power: hasSite(it.site, moment)?.power ? 'off' : 'on',
      readOnly: false,
      disk: null,
      memoryErrors: 0,
      heat: null,
      bootedAt: (boots.get(it.id) ?? []).findLast((at) => at <= moment.at) ?? start - fixedOf(`up ${it.id}`, 40, 400) * DAY,
    };
    for (const spell of moment.spells) {
      if (!isOf('host', spell) || spell.fault.host !== it.id) continue;
      const { fault, from } = spell;
      const value = numberOf(fault);
      const into = moment.at - from;
      if (fault.mode === 'down' || (fault.mode === 'reboot' && into < value)) state.power = 'off';
      else if (fault.mode === 'hang' && state.power === 'on') state.power = 'hung';
      else if (fault.mode === 'boot-loop' && state.power !== 'off')
        state.power = into % value < (1 - loopAwake) * value ? 'off' : 'starting';
      else if (fault.mode === 'read-only-disk') state.readOnly = true;
      else if (fault.mode === 'disk-full') state.disk = value;
      else if (fault.mode === 'memory-errors') state.memoryErrors = value;
      else if (fault.mode === 'hot') state.heat = value;
    }
    return state;
  };

  const met = (needs: Needs, depth: number, isMet: (id: string, depth: number) => boolean): boolean =>
    depth > deepest || needs.every((group) => group.length === 0 || group.some((id) => isMet(id, depth + 1)));

  /** Whether traffic gets through something that stands on the way. */
  const passes = (id: string, moment: Moment, depth: number): boolean => {
    const host = topology.machines.get(id);
    if (host) {
      const { power } = machine(host, moment);
      return power !== 'off' && power !== 'starting' && met(host.needs, depth, (one, next) => passes(one, moment, next));
    }
    const circuit = topology.circuits.get(id);
    if (circuit) return isUp(circuit, moment, depth);
    const block = topology.blocks.get(id);
    if (block) return !isBlackholed(block.via, block, moment) && block.via.some((it) => carries(it, block, moment, depth));
    if (topology.sites.has(id)) return hasSite(id, moment) === null;
    const program = topology.programs.get(id);
    return program ? works(program, moment, depth) : true;
  };
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

  /** Whether a program does its work for others that run beside it, whatever the way from outside is like. */
  const works = (program: Program, moment: Moment, depth: number): boolean => {
    if (moment.spells.some((it) => isOf('service', it) && it.fault.service === program.id && broken.has(it.fault.mode))) return false;
    const { machines } = program;
    if (machines.length > 0 && !machines.some((it) => machine(it, moment).power === 'on')) return false;
    return met(program.needs, depth, (one, next) => isThere(one, moment, next));
  };
  const isThere = (id: string, moment: Moment, depth: number): boolean => {
    const host = topology.machines.get(id);
    if (host) return machine(host, moment).power === 'on';
    const program = topology.programs.get(id);
    return program ? works(program, moment, depth) : passes(id, moment, depth);
  };

  const way = (spot: Spot, moment: Moment, vantage: string): Way => {
    const { machine: target, block, circuits, gatewayOf } = spot;
    if (moment.spells.length === 0) return circuits[0] ? { ...openWay, by: circuits[0] } : openWay;
    const inside = vantage !== 'desk' && vantage === spot.site;
    if (inside) return hasSite(spot.site, moment)?.power ? closed('behind') : openWay;
    if (gatewayOf) {
      if (hasSite(spot.site, moment) || !isUp(gatewayOf, moment)) return closed('circuit', gatewayOf);
      return qualityOf(
        linkFaults(gatewayOf, moment).filter((it) => !it.prefixes),
        gatewayOf,
      );
    }
    if (circuits.length > 0) {
      const dropping = circuits.find((it) => isBlackholed([it], block, moment));
      if (dropping) return closed('dropped', dropping);
    }
    const rides = circuits.find((it) => carries(it, block, moment)) ?? null;
    if (circuits.length > 0 && !rides) return closed('circuit', circuits[0]);
    if (hasSite(spot.site, moment)) return closed('behind', rides);
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

  return {
    machine,
    way,
    circuitUp: (circuit, moment) => isUp(circuit, moment) && hasSite(circuit.site, moment) === null,
    announcers: (block, moment) =>
      block.via.filter((it) => hasSite(it.site, moment) === null && (carries(it, block, moment) || isBlackholed([it], block, moment))),
    isOffline: ({ spells }) => spells.some((it) => isOf('desk', it) && it.fault.mode === 'offline'),
    service(programs, moment) {
      if (moment.spells.length === 0) return null;
      let worst: { mode: ServiceMode; fault: Fault | null } | null = null;
      const take = (mode: ServiceMode, fault: Fault | null): void => {
        if (worst === null || worstFirst.indexOf(mode) < worstFirst.indexOf(worst.mode)) worst = { mode, fault };
      };
      for (const program of programs) {
        for (const it of moment.spells) if (isOf('service', it) && it.fault.service === program.id) take(it.fault.mode, it.fault);
        if (!met(program.needs, 0, (one, depth) => isThere(one, moment, depth))) take('error', null);
      }
      return worst;
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

/** When machines were started during the drill: what was off and is on again has been started. */
function bootsOf(topology: Topology, all: readonly Spell[], start: number): ReadonlyMap<string, number[]> {
  const boots = new Map<string, number[]>();
  const add = (id: string, at: number): void => {
    if (at > start && Number.isFinite(at))
      boots.set(
        id,
        [...(boots.get(id) ?? []), at].sort((a, b) => a - b),
      );
  };
  for (const spell of all) {
    if (isOf('host', spell)) {
      const { host, mode } = spell.fault;
      if (mode === 'reboot') add(host, Math.min(spell.to, spell.from + numberOf(spell.fault)));
      if (mode === 'down' || mode === 'boot-loop') add(host, spell.to);
    }
    if (isOf('site', spell) && spell.fault.power)
      for (const it of topology.machines.values()) if (it.site === spell.fault.site) add(it.id, spell.to);
  }
  return boots;
}

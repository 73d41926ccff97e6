/** How the things of a drill's world are at a moment: which machines run, which ways are open, which programs answer. */
import type { Fault, FaultOf } from '../../shared/scenario/scenario.ts';
import { bootsOf, isComingUp, isStarting } from './world-boots.ts';
import { isOf, type Spell } from './world-faults.ts';
import type { Machine, Program, Topology } from './world-topology.ts';
import { numberOf } from './world-values.ts';
import { met, siteFault, type Ways, waysOf } from './world-ways.ts';

/** A moment with the faults that bite in it: those that come and go, or hit a share only, are decided. */
export interface Moment {
  /** Epoch ms. */
  at: number;
  spells: readonly Spell[];
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

/** Of a round of a boot loop it answers pings for this share, from its end. */
const loopAwake = 0.2;

export interface States extends Ways {
  machine(machine: Machine, moment: Moment): MachineState;
  /** The worst that ails a program; an `error` where something that it needs does not work. @param on the machine that is asked */
  service(programs: readonly Program[], moment: Moment, on?: Machine | null): { mode: ServiceMode; fault: Fault | null } | null;
}

/** @param all every spell of the drill, for what they leave behind @param start of the drill, epoch ms */
export function statesOf(topology: Topology, all: readonly Spell[], start: number): States {
  const boots = bootsOf(topology, all, start);

  const machine = (it: Machine, moment: Moment): MachineState => {
    const boot = boots.of(it, moment.at);
    const state: MachineState = {
      power: siteFault(it.site, moment)?.power ? 'off' : 'on',
      readOnly: false,
      disk: null,
      memoryErrors: 0,
      heat: null,
      bootedAt: boot.at,
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
    if (state.power === 'on' && isStarting(boot, moment.at)) state.power = 'starting';
    return state;
  };
  const comesUp = (program: Program, on: Machine, moment: Moment): boolean =>
    program.machines.includes(on) && isComingUp(program, boots.of(on, moment.at), moment.at);

  /** Whether a program does its work for others that run beside it, whatever the way from outside is like. */
  const works = (program: Program, moment: Moment, depth: number): boolean => {
    if (moment.spells.some((it) => isOf('service', it) && it.fault.service === program.id && broken.has(it.fault.mode))) return false;
    const { machines } = program;
    if (machines.length > 0 && !machines.some((it) => machine(it, moment).power === 'on' && !comesUp(program, it, moment))) return false;
    return met(program.needs, depth, (one, next) => isThere(one, moment, next));
  };
  const { passes, ...ways } = waysOf(topology, machine, works);
  const isThere = (id: string, moment: Moment, depth: number): boolean => {
    const host = topology.machines.get(id);
    if (host) return machine(host, moment).power === 'on';
    const program = topology.programs.get(id);
    return program ? works(program, moment, depth) : passes(id, moment, depth);
  };

  return {
    ...ways,
    machine,
    service(programs, moment, on = null) {
      if (moment.spells.length === 0 && !boots.areRecent(moment.at)) return null;
      let worst: { mode: ServiceMode; fault: Fault | null } | null = null;
      const take = (mode: ServiceMode, fault: Fault | null): void => {
        if (worst === null || worstFirst.indexOf(mode) < worstFirst.indexOf(worst.mode)) worst = { mode, fault };
      };
      for (const program of programs) {
        if (on && comesUp(program, on, moment)) take('refuse', null);
        if (program.needs.length > 0 && !met(program.needs, 0, (one, depth) => isThere(one, moment, depth))) take('error', null);
        for (const it of moment.spells) if (isOf('service', it) && it.fault.service === program.id) take(it.fault.mode, it.fault);
      }
      return worst;
    },
  };
}

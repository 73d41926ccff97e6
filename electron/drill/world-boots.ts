/** When the machines of a drill's world were started, and how they come up: the system first, then one program after another. */
import { DAY, SECOND } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import { isOf, type Spell } from './world-faults.ts';
import type { Machine, Program, Topology } from './world-topology.ts';
import { numberOf } from './world-values.ts';

/** A machine that was started answers pings at once, and lets connections in after so long. */
const systemMs = 8 * SECOND;
/** The last program is up after so long, at the latest. */
const allUpMs = 34 * SECOND;

/** The newest start of a machine before a moment, epoch ms; `during`: within the drill. */
export interface Boot {
  at: number;
  during: boolean;
}
export interface Boots {
  of(machine: Machine, at: number): Boot;
  /** Whether anything is still coming up. */
  areRecent(at: number): boolean;
}

/** @param all every spell of the drill @param start of the drill, epoch ms */
export function bootsOf(topology: Topology, all: readonly Spell[], start: number): Boots {
  const boots = new Map<string, ((at: number) => number)[]>();
  const add = (id: string, newest: (at: number) => number): void => {
    boots.set(id, [...(boots.get(id) ?? []), newest]);
  };
  const once =
    (moment: number) =>
    (at: number): number =>
      at >= moment ? moment : Number.NEGATIVE_INFINITY;
  for (const spell of all) {
    const { fault } = spell;
    // Who fails some attempts only was not switched off.
    if (fault.portion !== undefined) continue;
    if (isOf('host', spell)) {
      const { host, mode } = spell.fault;
      if (mode === 'reboot') add(host, once(Math.min(spell.to, spell.from + numberOf(fault))));
      // Nothing but a restart helps a machine that hangs.
      if (mode === 'down' || mode === 'hang') add(host, returnsOf(spell));
      if (mode === 'boot-loop') add(host, once(spell.to));
    }
    if (isOf('site', spell) && spell.fault.power)
      for (const it of topology.machines.values()) if (it.site === spell.fault.site) add(it.id, returnsOf(spell));
  }
  const every = [...boots.values()].flat();
  const before = new Map<string, number>();
  const startedBefore = (id: string): number => {
    const known = before.get(id) ?? start - fixedOf(`up ${id}`, 40, 400) * DAY;
    before.set(id, known);
    return known;
  };
  return {
    areRecent: (at) => every.some((newest) => at - newest(at) < allUpMs),
    of({ id }, at) {
      const newest = Math.max(Number.NEGATIVE_INFINITY, ...(boots.get(id) ?? []).map((it) => it(at)));
      return newest > start ? { at: newest, during: true } : { at: startedBefore(id), during: false };
    },
  };
}

/** When it was over last before a moment; of what comes and goes, with every round. */
function returnsOf({ fault: { flap }, from, to }: Spell): (at: number) => number {
  return (at) => {
    if (at >= to) return to;
    if (!flap || flap.down >= 1 || flap.down <= 0) return Number.NEGATIVE_INFINITY;
    const down = flap.down * flap.period;
    const rounds = Math.floor((at - from - down) / flap.period);
    return rounds < 0 ? Number.NEGATIVE_INFINITY : from + rounds * flap.period + down;
  };
}

/** Whether the system of a machine is still coming up. */
export const isStarting = ({ at, during }: Boot, now: number): boolean => during && now - at < systemMs;

/** Whether a program of a machine is still coming up: each takes its time once the system is there. */
export const isComingUp = ({ id }: Program, { at, during }: Boot, now: number): boolean =>
  during && now - at < fixedOf(`starts ${id}`, systemMs + 2 * SECOND, allUpMs);

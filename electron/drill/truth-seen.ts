/** What faults change in what checks see: the world with them and the same world without, compared. */
import type { Facts } from '../../shared/checks/types.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { MINUTE } from '../../shared/time.ts';
import { chanceOf } from './random.ts';
import type { ReadScenario } from './read.ts';
import { createWorld, type World } from './world.ts';
import { answers } from './world-answers.ts';
import type { Answer } from './world-contact.ts';
import type { Spell } from './world-faults.ts';
import type { Moment } from './world-state.ts';

export interface Seen {
  /** The world with its faults. */
  world: World;
  /** A moment with everything that bites in it. */
  momentAt(at: number): Moment;
  /** Whether the faults change what a check sees at a moment, epoch ms. */
  touches(check: PlannedCheck, at: number): boolean;
}

/** What is left behind by a fault that is over (a machine runs for a shorter time) is none itself. */
const aftermath = /^(?:uptimeSeconds|bootId|upSeconds|agentUpSeconds)$/;
const written = (facts: Facts, isLate: boolean): string =>
  JSON.stringify([facts, isLate], (key, value: unknown) => (aftermath.test(key) ? undefined : value));

/**
 * @param spells all faults of the world that is compared: those of the drill, or one of them alone. Those that come and go, or hit some
 * attempts only, are taken as lasting: what matters is what they can be seen in.
 */
export function seenBy(
  { inventory, start, scenario }: Pick<ReadScenario, 'inventory' | 'start' | 'scenario'>,
  spells: readonly Spell[],
): Seen {
  const lasting = spells.map((spell) => ({ ...spell, fault: { ...spell.fault, flap: undefined, portion: undefined } }) as Spell);
  const { seed } = scenario;
  const worldOf = (all: readonly Spell[]): World =>
    createWorld({ inventory: inventory.inventory, plan: inventory.plan, spells: all, start, seed });
  const [world, calm] = [worldOf(lasting), worldOf([])];
  const certain = (): number => 0;

  /** What a check that has looked once before sees: some need two looks (a message that is sent, and looked for). */
  const look = (from: World, check: PlannedCheck, at: number): string => {
    const answer = answers[check.type] as Answer<unknown, Facts>;
    const { config, timeoutMs } = check;
    const asked = { ...from, config, place: from.topology.placeOf(check), chance: chanceOf(seed, check.id), timeoutMs, kept: {} };
    answer({ ...asked, moment: from.momentAt(Math.max(start, at - check.intervalMs), certain) });
    const { facts, tookMs } = answer({ ...asked, moment: from.momentAt(at, certain) });
    return written(facts, tookMs > timeoutMs);
  };
  const known = new Map<string, boolean>();
  return {
    world,
    momentAt: (at) => world.momentAt(at, certain),
    touches(check, at) {
      const key = `${check.id} ${at}`;
      const found = known.get(key) ?? look(world, check, at) !== look(calm, check, at);
      known.set(key, found);
      return found;
    },
  };
}

/** Moments at which a fault shows what it can be seen in: some show it at once, others (a queue) after a while. */
export function samplesOf({ from, to }: { from: number; to: number }): number[] {
  const last = to - 1;
  const after = [0, 1, 5, 30].map((minutes) => from + minutes * MINUTE + 1);
  const between = [0.25, 0.5, 0.75].map((share) => Math.floor(from + share * (last - from)));
  return [...new Set([...after, ...between, last].filter((at) => at >= from && at <= last))].sort((a, b) => a - b);
}

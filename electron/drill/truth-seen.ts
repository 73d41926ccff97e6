/** What faults change in what checks see: the world with them and the same world without, compared. */
import type { Facts } from '../../shared/checks/types.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { MINUTE } from '../../shared/time.ts';
import { chanceOf } from './random.ts';
import type { ReadScenario } from './read.ts';
import { createWorld, type World } from './world.ts';
import { answers } from './world-answers.ts';
import type { Answer, Setting } from './world-contact.ts';
import { isOn, type Spell } from './world-faults.ts';
import { type Moment, statesOf } from './world-state.ts';
import type { Place } from './world-topology.ts';

export interface Seen {
  /** The world with its faults. */
  world: Setting;
  /** A moment with everything that bites in it. */
  momentAt(at: number): Moment;
  /** Whether the faults change what a check sees at a moment, epoch ms. */
  touches(check: PlannedCheck, at: number): boolean;
}

/** What is left behind by a fault that is over (a machine runs for a shorter time) is none itself. */
const aftermath = /^(?:uptimeSeconds|bootId|upSeconds|agentUpSeconds)$/;
const written = (facts: Facts, isLate: boolean): string =>
  JSON.stringify([facts, isLate], (key, value: unknown) => (aftermath.test(key) ? undefined : value));

type Told = Pick<ReadScenario, 'inventory' | 'start' | 'scenario'>;
interface Calm {
  world: World;
  places: Map<string, Place>;
}
/** The world in which nothing is broken, once for each drill: to see how it hangs together takes the longest. */
const calms = new WeakMap<ReadScenario['inventory'], Calm>();
function calmOf({ inventory, start, scenario: { seed } }: Told): Calm {
  const world = () => createWorld({ inventory: inventory.inventory, plan: inventory.plan, spells: [], start, seed });
  const known = calms.get(inventory) ?? { world: world(), places: new Map<string, Place>() };
  calms.set(inventory, known);
  return known;
}

/**
 * @param spells all faults of the world that is compared: those of the drill, or one of them alone. Those that come and go, or hit some
 * attempts only, are taken as lasting: what matters is what they can be seen in.
 */
export function seenBy(read: Told, spells: readonly Spell[]): Seen {
  const { start, scenario } = read;
  const lasting = spells.map((spell) => ({ ...spell, fault: { ...spell.fault, flap: undefined, portion: undefined } }) as Spell);
  const { world: calm, places } = calmOf(read);
  const world: Setting = { ...calm, states: statesOf(calm.topology, lasting, start), spells: lasting };
  const momentAt = (at: number): Moment => ({ at, spells: lasting.filter((it) => isOn(it, at, () => 0)) });
  const placeOf = (check: PlannedCheck): Place => {
    const place = places.get(check.id) ?? calm.topology.placeOf(check);
    places.set(check.id, place);
    return place;
  };

  const look = (from: Setting, check: PlannedCheck, momentOf: (at: number) => Moment, at: number): string => {
    const answer = answers[check.type] as Answer<unknown, Facts>;
    const { config, timeoutMs } = check;
    const asked = { ...from, config, place: placeOf(check), chance: chanceOf(scenario.seed, check.id), timeoutMs, kept: {} };
    // This one looks for the message that it sent the time before.
    if (check.type === 'roundtrip') answer({ ...asked, moment: momentOf(Math.max(start, at - check.intervalMs)) });
    const { facts, tookMs } = answer({ ...asked, moment: momentOf(at) });
    return written(facts, tookMs > timeoutMs);
  };
  const known = new Map<string, boolean>();
  return {
    world,
    momentAt,
    touches(check, at) {
      const key = `${check.id} ${at}`;
      const found = known.get(key) ?? look(world, check, momentAt, at) !== look(calm, check, (moment) => ({ at: moment, spells: [] }), at);
      known.set(key, found);
      return found;
    },
  };
}

const alone = new WeakMap<Spell, ReadonlyMap<string, PlannedCheck>>();

/** The checks, by id, in which a fault could be seen if it were the only one. */
export function checksSeeing(read: ReadScenario, spell: Spell): ReadonlyMap<string, PlannedCheck> {
  const known = alone.get(spell);
  if (known) return known;
  const seen = seenBy(read, [spell]);
  const moments = samplesOf({ ...spell, to: Math.min(spell.to, read.end) });
  const { checks } = read.inventory.plan;
  const found = new Map(checks.flatMap((it) => (moments.some((at) => seen.touches(it, at)) ? [[it.id, it] as const] : [])));
  alone.set(spell, found);
  return found;
}

/** Moments at which a fault shows what it can be seen in: most show it at once, some (a queue, a backup) after a while. */
function samplesOf({ fault, from, to }: Spell): number[] {
  const last = to - 1;
  const isSlow = 'mail' in fault || 'backup' in fault || 'dns' in fault;
  const after = isSlow ? [0, 1, 5, 30].map((minutes) => from + minutes * MINUTE + 1) : [from + 1];
  const between = (isSlow ? [0.25, 0.5, 0.75] : [0.5]).map((share) => Math.floor(from + share * (last - from)));
  return [...new Set([...after, ...between, last].filter((at) => at >= from && at <= last))].sort((a, b) => a - b);
}

/**
 * The world of a drill: what is really there and what is broken in it, and what every check would see of that. It shares nothing with
 * the code that judges, alerts or drafts, or a drill would prove nothing; .dependency-cruiser.cjs sees to it.
 */
import type { Facts } from '../../shared/checks/types.ts';
import type { Inventory } from '../../shared/model/inventory.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import type { Failure } from '../../shared/model/words.ts';
import type { Clock } from '../engine/clock.ts';
import type { Probe } from '../probes/types.ts';
import { type Chance, chanceOf } from './random.ts';
import { answers } from './world-answers.ts';
import type { Answer, Kept, Said, Setting } from './world-contact.ts';
import { isOn, type Spell } from './world-faults.ts';
import { type Moment, statesOf } from './world-state.ts';
import { type Place, topologyOf } from './world-topology.ts';
import { desk } from './world-ways.ts';

export interface World extends Setting {
  /** What a check sees when it is probed at a moment (epoch ms). Draws chance, so that asking twice may bring two answers. */
  see(check: PlannedCheck, at: number): Said<Facts>;
  /** A moment as somebody meets it who is not a check, such as a trace. */
  momentAt(at: number, chance: Chance): Moment;
  seed: number | string;
}

export function createWorld(options: {
  inventory: Inventory;
  plan: Plan;
  spells: readonly Spell[];
  /** Of the drill, epoch ms. */
  start: number;
  seed: number | string;
}): World {
  const { inventory, plan, spells, start, seed } = options;
  const topology = topologyOf(inventory, plan);
  const setting: Setting = { topology, states: statesOf(topology, spells, start), spells, zones: zonesOf(plan), start };
  const calm: Moment['spells'] = [];

  /** Spells that last between two borders, whatever course they take: they change seldom, and are asked for at every probe. */
  const borders = [...new Set(spells.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  let stretch = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, spells: calm };
  const lastingAt = (at: number): readonly Spell[] => {
    if (at >= stretch.from && at < stretch.to) return stretch.spells;
    const from = borders.findLast((border) => border <= at) ?? Number.NEGATIVE_INFINITY;
    const to = borders.find((border) => border > at) ?? Number.POSITIVE_INFINITY;
    stretch = { from, to, spells: spells.filter((it) => at >= it.from && at < it.to) };
    return stretch.spells;
  };
  const momentAt = (at: number, chance: Chance): Moment => {
    const lasting = lastingAt(at);
    return { at, spells: lasting.length === 0 ? calm : lasting.filter((it) => isOn(it, at, chance)) };
  };

  const known = new Map<string, { place: Place; chance: Chance; kept: Kept }>();
  const knownOf = (check: PlannedCheck) => {
    const key = check.vantage === desk ? check.id : `${check.id} from ${check.vantage}`;
    const found = known.get(key);
    if (found) return found;
    const made = { place: topology.placeOf(check), chance: chanceOf(seed, key), kept: {} };
    known.set(key, made);
    return made;
  };
  return {
    ...setting,
    seed,
    momentAt,
    see(check, at) {
      const { place, chance, kept } = knownOf(check);
      const answer = answers[check.type] as Answer<unknown, Facts>;
      const moment = momentAt(at, chance);
      const { timeoutMs } = check;
      const said = answer({ ...setting, config: check.config, place, moment, chance, timeoutMs, kept });
      if (said.tookMs <= timeoutMs) return said;
      // So many packets were lost on the way that the conversation did not come to its end.
      const failure: Failure = { code: 'timeout', detail: 'no answer in time: too many packets were lost on the way' };
      return { facts: said.facts.failure ? said.facts : { ...said.facts, failure }, tookMs: timeoutMs };
    },
  };
}

/** Name servers by zone, where a check names them. */
function zonesOf(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const zones = new Map<string, readonly string[]>();
  for (const { type, config } of plan.checks) {
    if (type !== 'zone' && type !== 'delegation') continue;
    const zone = String(config.zone).toLowerCase().replace(/\.$/, '');
    const servers = Array.isArray(config.servers) ? (config.servers as string[]) : null;
    if (servers || !zones.has(zone)) zones.set(zone, servers ?? [`ns1.${zone}`, `ns2.${zone}`]);
  }
  return zones;
}

/** The probes of a drill: each takes as long as it would, and brings what the world shows. */
export function worldProbe(world: World, clock: Clock, plan: Plan): Probe<unknown, Facts> {
  // A probe is only handed its settings; those of a planned check are an object of their own.
  const byConfig = new Map(plan.checks.map((check) => [check.config as unknown, check]));
  return (config, context) => {
    const check = byConfig.get(config);
    if (!check) throw new Error('this check is not part of the drill');
    const { facts, tookMs } = world.see(check, clock.now());
    if (facts.failure) context.note(facts.failure.detail);
    return new Promise((resolve) => void clock.after(Math.min(tookMs, context.timeoutMs), () => resolve(facts)));
  };
}

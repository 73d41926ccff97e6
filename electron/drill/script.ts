/** What a drill has in store, in the order of its moments: all of it, or what is left of it where somebody plays. */
import type { DrillLive } from '../../shared/live.ts';
import type { Deed, DeedKind } from '../../shared/scenario/scenario.ts';
import type { ReadScenario } from './read.ts';
import { isOf } from './world-faults.ts';

export type Acts = DrillLive['acts'];
/** Deeds that come from outside. */
export type CallDeed = Extract<Deed, { kind: 'contact' | 'customerReport' }>;

export type Turn = { at: number } & (
  | { what: 'deed'; deed: Deed }
  /** Reaches whoever plays, who decides what to make of it. */
  | { what: 'call'; deed: CallDeed }
  | { what: 'sleep'; wakeAt: number }
  /** Something breaks or is mended. */
  | { what: 'world' }
);

/** Where somebody plays: `scene` happens all the same, `call` reaches the player, `own` is left to the player. */
const parts: Record<DeedKind, 'scene' | 'call' | 'own'> = {
  maintenance: 'scene',
  postpone: 'scene',
  cancel: 'scene',
  finish: 'scene',
  change: 'scene',
  contact: 'call',
  customerReport: 'call',
  acknowledge: 'own',
  note: 'own',
  statusUpdate: 'own',
  incident: 'own',
  status: 'own',
  progress: 'own',
  decision: 'own',
  trigger: 'own',
  contributing: 'own',
  rootCause: 'own',
  resolution: 'own',
  action: 'own',
  did: 'own',
  owed: 'own',
};

/** Whether others do it all the same while somebody plays. */
export const isScene = (kind: DeedKind): boolean => parts[kind] === 'scene';
const isCall = (deed: Deed): deed is CallDeed => parts[deed.kind] === 'call' && (deed.kind !== 'contact' || deed.direction === 'in');

/** @returns by their moments; of those at the same one, deeds first, in the order of the file */
export function turnsOf(read: ReadScenario, acts: Acts): Turn[] {
  const deeds = read.deeds.flatMap(({ at, deed }): Turn[] => {
    if (acts === 'script' || isScene(deed.kind)) return [{ at, what: 'deed', deed }];
    return isCall(deed) ? [{ at, what: 'call', deed }] : [];
  });
  const sleeps = sleepsOf(read).map(({ from, to }): Turn => ({ at: from, what: 'sleep', wakeAt: to }));
  const borders = new Set(read.spells.flatMap(({ from, to }) => [from, to]).filter((at) => at < read.end));
  const world = [...borders].map((at): Turn => ({ at, what: 'world' }));
  return [...deeds, ...sleeps, ...world].sort((a, b) => a.at - b.at);
}

/** When the computer sleeps. */
function sleepsOf({ spells, end }: ReadScenario): { from: number; to: number }[] {
  return spells.flatMap((spell) => {
    if (!isOf('desk', spell) || spell.fault.mode !== 'asleep') return [];
    const { from, fault } = spell;
    const to = Math.min(spell.to, end);
    const { flap } = fault;
    if (!flap) return [{ from, to }];
    const rounds = Math.ceil((to - from) / flap.period);
    return Array.from({ length: rounds }, (_, round) => {
      const begin = from + round * flap.period;
      return { from: begin, to: Math.min(to, begin + flap.down * flap.period) };
    });
  });
}

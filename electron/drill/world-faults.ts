/** What is broken from when to when: the entries of a drill's world as stretches of time. */
import type { Fault, FaultKind, FaultOf, Restore } from '../../shared/scenario/scenario.ts';
import type { Chance } from './random.ts';

/** One fault of one thing. A fault of three prefixes is three spells, as each can be mended on its own. */
export interface Spell<F extends Fault = Fault> {
  fault: F;
  /** Epoch ms, included. */
  from: number;
  /** Epoch ms, not included; Infinity = until the end of the drill. */
  to: number;
}

/** An entry of the world with its moment. */
export interface Turn {
  at: number;
  break?: Fault | undefined;
  restore?: Restore | undefined;
}

export const kindOf = (it: Fault | Restore): FaultKind =>
  ['link', 'site', 'host', 'service', 'mail', 'dns', 'backup', 'desk'].find((key) => key in it) as FaultKind;
export const isOf = <K extends FaultKind>(kind: K, spell: Spell): spell is Spell<FaultOf<K>> => kind in spell.fault;

/**
 * @returns the spells in the order of their beginnings, and which entries (by their place in the list) end nothing
 */
export function spellsOf(turns: readonly Turn[]): { spells: Spell[]; idle: number[] } {
  const spells: Spell[] = [];
  const idle: number[] = [];
  const inOrder = turns.map((turn, index) => ({ turn, index })).sort((a, b) => a.turn.at - b.turn.at || a.index - b.index);
  for (const { turn, index } of inOrder) {
    if (turn.break) for (const fault of partsOf(turn.break)) spells.push({ fault, from: turn.at, to: Number.POSITIVE_INFINITY });
    const { restore } = turn;
    if (!restore) continue;
    const ended = spells.filter((spell) => spell.to === Number.POSITIVE_INFINITY && ends(restore, spell.fault));
    if (ended.length === 0) idle.push(index);
    for (const spell of ended) spell.to = turn.at;
  }
  return { spells, idle };
}

function partsOf(fault: Fault): Fault[] {
  if ('link' in fault && fault.prefixes) return fault.prefixes.map((prefix) => ({ ...fault, prefixes: [prefix] }));
  if ('mail' in fault && fault.protocols) return fault.protocols.map((protocol) => ({ ...fault, protocols: [protocol] }));
  return [fault];
}

const has = <T>(named: readonly T[] | undefined, parts: readonly T[] | undefined): boolean =>
  named === undefined || (parts?.some((part) => named.includes(part)) ?? false);

/** Whether a restore ends a fault: the same subject, and of what it names besides the same. */
function ends(restore: Restore, fault: Fault): boolean {
  const kind = kindOf(restore);
  const [wanted, broken] = [restore, fault] as Record<string, unknown>[];
  if (wanted?.[kind] !== broken?.[kind]) return false;
  if ('link' in restore) return has(restore.prefixes, (fault as FaultOf<'link'>).prefixes);
  if ('mail' in restore && !has(restore.protocols, (fault as FaultOf<'mail'>).protocols)) return false;
  return ['mode', 'server'].every((key) => wanted?.[key] === undefined || wanted[key] === broken?.[key]);
}

/** Whether a spell with a course of its own bites at a moment. @param chance draws whether this attempt is hit */
export function isOn({ fault, from, to }: Spell, at: number, chance: Chance): boolean {
  if (at < from || at >= to) return false;
  const { flap, portion } = fault;
  if (flap && (at - from) % flap.period >= flap.down * flap.period) return false;
  return portion === undefined || chance() < portion;
}

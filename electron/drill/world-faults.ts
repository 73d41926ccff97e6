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
  /** Parts of it that were mended before its end: a server of a zone, a protocol of mail. */
  mended?: { part: string; at: number }[];
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
    const open = spells.filter((spell) => spell.to === Number.POSITIVE_INFINITY);
    const ended = open.filter((spell) => ends(restore, spell.fault));
    for (const spell of ended) spell.to = turn.at;
    const hasMended = open.filter((spell) => spell.to === Number.POSITIVE_INFINITY && mendsPart(restore, spell, turn.at));
    if (ended.length === 0 && hasMended.length === 0) idle.push(index);
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

/** What a fault of mail hits that names no protocols. */
const usualProtocols: Record<FaultOf<'mail'>['mode'], readonly Protocol[]> = {
  'queue-stuck': [],
  'delivery-delayed': [],
  'smtp-refuse': ['smtp'],
  'auth-fails': ['submission', 'imap', 'pop3', 'sieve'],
  'webmail-down': ['webmail'],
  'tls-broken': ['smtp', 'submission', 'imap', 'pop3', 'sieve'],
  blocklisted: [],
};
export type Protocol = NonNullable<FaultOf<'mail'>['protocols']>[number];
export const protocolsOf = (fault: FaultOf<'mail'>): readonly Protocol[] => fault.protocols ?? usualProtocols[fault.mode];

export const isMended = ({ mended }: Spell, at: number, isPart: (part: string) => boolean): boolean =>
  mended?.some((it) => at >= it.at && isPart(it.part)) ?? false;

/** Mends a part of a fault that does not name its parts; once no part is left, it is over. @returns whether there was something to mend */
function mendsPart(restore: Restore, spell: Spell, at: number): boolean {
  const { fault } = spell;
  const mend = (parts: readonly string[]): boolean => {
    const fresh = parts.filter((part) => !isMended(spell, at, (it) => it === part));
    if (fresh.length > 0) spell.mended = [...(spell.mended ?? []), ...fresh.map((part) => ({ part, at }))];
    return fresh.length > 0;
  };
  if ('dns' in restore && 'dns' in fault && restore.dns === fault.dns && restore.server !== undefined && fault.server === undefined)
    return (restore.mode ?? fault.mode) === fault.mode && fault.mode !== 'delegation-mismatch' && mend([restore.server]);
  if (!('mail' in restore && 'mail' in fault && restore.mail === fault.mail && restore.protocols)) return false;
  if (fault.protocols || (restore.mode ?? fault.mode) !== fault.mode) return false;
  const all = protocolsOf(fault);
  if (!mend(restore.protocols.filter((it) => all.includes(it)))) return false;
  if (all.every((part) => isMended(spell, at, (it) => it === part))) spell.to = at;
  return true;
}

/** Whether a spell with a course of its own bites at a moment. @param chance draws whether this attempt is hit */
export function isOn({ fault, from, to }: Spell, at: number, chance: Chance): boolean {
  if (at < from || at >= to) return false;
  const { flap, portion } = fault;
  if (flap && (at - from) % flap.period >= flap.down * flap.period) return false;
  return portion === undefined || chance() < portion;
}

/** So much of the time between its beginning and a moment it was there, ms: all of it, but for a fault that comes and goes. */
export function brokenFor({ fault: { flap }, from, to }: Spell, at: number): number {
  const lasted = Math.max(0, Math.min(at, to) - from);
  if (!flap) return lasted;
  const down = flap.down * flap.period;
  return Math.floor(lasted / flap.period) * down + Math.min(lasted % flap.period, down);
}

/** What a connection meets in a drill's world: silence, a closed port, a program that says nothing, or one that talks. */
import type { Facts } from '../../shared/checks/types.ts';
import type { Failure } from '../../shared/model/words.ts';
import type { Fault } from '../../shared/scenario/scenario.ts';
import { SECOND } from '../../shared/time.ts';
import { type Chance, fixedOf, latencyOf } from './random.ts';
import type { Spell } from './world-faults.ts';
import type { MachineState, Moment, ServiceMode, States, Way } from './world-state.ts';
import type { Place, Spot, Topology } from './world-topology.ts';

/** The world as the answers of check types see it. */
export interface Setting {
  topology: Topology;
  states: States;
  /** Every spell of the drill. */
  spells: readonly Spell[];
  /** Name servers by zone, as the inventory's checks know them. */
  zones: ReadonlyMap<string, readonly string[]>;
  /** Of the drill, epoch ms. */
  start: number;
}

/** One probe of a check. */
export interface Asked<C> extends Setting {
  config: C;
  place: Place;
  moment: Moment;
  /** The check's own stream of chance. */
  chance: Chance;
  timeoutMs: number;
  /** What is kept from one probe of a check to the next. */
  kept: { sent?: unknown };
}
/** What it sees, and how long that takes. */
export interface Said<O extends Facts> {
  facts: O;
  tookMs: number;
}
export type Answer<C, O extends Facts> = (asked: Asked<C>) => Said<O>;

/** What came of reaching for a spot. */
export interface Contact {
  /** `mute`: the connection is taken, and then nothing. */
  what: 'silent' | 'refused' | 'mute' | 'talks';
  spot: Spot;
  way: Way;
  machine: MachineState | null;
  /** Round trip, ms; with what lost packets cost. */
  ms: number;
  /** What ails the program that talks. */
  mode: ServiceMode | null;
  fault: Fault | null;
}

const rank = { silent: 0, refused: 1, mute: 2, talks: 3 } as const;
/** A lost first packet is sent again after a second, then after two more, and so on. */
const resendMs = [1, 3, 7, 15].map((seconds) => seconds * SECOND);

/** The best round trip to a spot, ms. */
export const bestOf = (spot: Spot): number =>
  spot.gatewayOf
    ? fixedOf(`way ${spot.site}`, 3, 9)
    : fixedOf(`way ${spot.site ?? spot.address}`, 3, 9) + fixedOf(`in ${spot.address}`, 0.3, 1.5);

/** A round trip to a spot now, ms. */
export function roundTrip(spot: Spot, way: Way, chance: Chance): number {
  const best = latencyOf(bestOf(spot), chance);
  return way.delayMs === 0 && way.jitterMs === 0 ? best : tidy(best + way.delayMs + way.jitterMs * chance());
}

/** Reaches for the places of a check; of several machines the one that serves best. @param toProgram else to the machine itself */
export function reach({ place, ...asked }: Asked<unknown>, toProgram = true): Contact {
  let best: Contact | null = null;
  for (const spot of place.spots) {
    const contact = contactWith(spot, asked, toProgram ? place.programs : [], place.check.vantage);
    if (!best || rank[contact.what] > rank[best.what]) best = contact;
    if (best.what === 'talks') break;
  }
  return best as Contact;
}

/** Reaches for one spot. */
export function contactWith(
  spot: Spot,
  { states, moment, chance, timeoutMs }: Pick<Asked<unknown>, 'states' | 'moment' | 'chance' | 'timeoutMs'>,
  programs: Place['programs'],
  vantage: string,
): Contact {
  const way = states.way(spot, moment, vantage);
  const machine = spot.machine && states.machine(spot.machine, moment);
  const contact: Contact = { what: 'talks', spot, way, machine, ms: roundTrip(spot, way, chance), mode: null, fault: null };
  const silent: Contact = { ...contact, what: 'silent' };
  if (!way.open || machine?.power === 'off' || states.isOffline(moment)) return silent;
  let lost = 0;
  while (way.loss > 0 && chance() < way.loss) lost += 1;
  contact.ms += lost === 0 ? 0 : (resendMs[lost - 1] ?? Number.POSITIVE_INFINITY);
  if (contact.ms >= timeoutMs) return silent;
  if (machine?.power === 'starting') return { ...contact, what: 'refused' };
  if (machine?.power === 'hung') return { ...contact, what: 'mute' };
  const ailing = states.service(programs, moment);
  if (!ailing) return contact;
  const { mode, fault } = ailing;
  if (mode === 'timeout') return silent;
  return { ...contact, what: mode === 'refuse' ? 'refused' : mode === 'stalled' ? 'mute' : 'talks', mode, fault };
}

export const tidy = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** An address is only told where it is one. */
export const addressFacts = ({ spot }: Contact): { address?: string } => {
  const address = isIp(spot.address) ? spot.address : spot.machine?.address;
  return isIp(address) ? { address } : {};
};
const isIp = (text: string | null | undefined): text is string => typeof text === 'string' && (/^[\d.]+$/.test(text) || text.includes(':'));

export const where = (spot: Spot, port?: number): string => {
  const address = spot.address ?? spot.machine?.address ?? 'the server';
  return port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
};
export const noAnswer = (spot: Spot, port?: number): Failure => ({ code: 'timeout', detail: `no answer from ${where(spot, port)}` });
export const refusal = (spot: Spot, port?: number): Failure => ({ code: 'refused', detail: `connection refused by ${where(spot, port)}` });

/** What a connection that came to nothing brings, or null where the program talks. `part`: facts of a connection that was taken. */
export function nothingFrom<O extends Facts>(
  contact: Contact,
  asked: Asked<unknown>,
  port: number,
  part: (ms: number) => O,
): Said<O> | null {
  const { what, spot, ms } = contact;
  const address = addressFacts(contact) as unknown as O;
  if (what === 'silent') return { facts: { ...address, failure: noAnswer(spot, port) }, tookMs: asked.timeoutMs };
  if (what === 'refused') return { facts: { ...address, failure: refusal(spot, port) }, tookMs: ms };
  if (what === 'mute') return { facts: { ...address, ...part(tidy(ms)), failure: noAnswer(spot, port) }, tookMs: asked.timeoutMs };
  return null;
}

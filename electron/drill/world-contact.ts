/** What a connection meets in a drill's world: silence, a closed port, a program that says nothing, or one that talks. */
import type { Facts } from '../../shared/checks/types.ts';
import type { Failure } from '../../shared/model/words.ts';
import type { Fault } from '../../shared/scenario/scenario.ts';
import { DAY, HOUR, SECOND } from '../../shared/time.ts';
import { type Chance, fixedOf, latencyOf } from './random.ts';
import type { Spell } from './world-faults.ts';
import type { MachineState, Moment, ServiceMode, States } from './world-state.ts';
import type { Place, Program, Spot, Topology } from './world-topology.ts';
import { desk, type Way } from './world-ways.ts';

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

/** What is kept from one probe of a check to the next. */
export interface Kept {
  /** Messages on their way. */
  sent?: unknown;
  /** When somebody out there saw it last, epoch ms. */
  seenAt?: number;
}

/** One probe of a check. */
export interface Asked<C> extends Setting {
  config: C;
  place: Place;
  moment: Moment;
  /** The check's own stream of chance. */
  chance: Chance;
  timeoutMs: number;
  kept: Kept;
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

const toSite = (site: string | null): number => fixedOf(`way ${site}`, 3, 9);

/** The best round trip to a spot, ms. From a site to itself it is short, and to another one it leads out of the one and into the other. */
export function bestOf(spot: Spot, vantage = desk): number {
  const within = fixedOf(`in ${spot.address}`, 0.3, 1.5);
  if (vantage === spot.site && !spot.gatewayOf) return within;
  if (vantage === spot.site) return 1 + within;
  const out = vantage === desk ? 0 : toSite(vantage);
  return out + (spot.gatewayOf ? toSite(spot.site) : fixedOf(`way ${spot.site ?? spot.address}`, 3, 9) + within);
}

/** Lines are a little fuller in the evening: so many times as long as at night. */
const busyAt = (at: number): number => 1.02 + 0.02 * Math.sin((2 * Math.PI * (at - 14 * HOUR)) / DAY);

/** A round trip to a spot now, ms. */
export function roundTrip(spot: Spot, way: Way, { chance, moment, place }: Pick<Asked<unknown>, 'chance' | 'moment' | 'place'>): number {
  const { vantage } = place.check;
  const best = bestOf(spot, vantage) * (vantage === spot.site ? 1 : busyAt(moment.at));
  const ms = latencyOf(best, chance);
  return way.delayMs === 0 && way.jitterMs === 0 ? ms : tidy(ms + way.delayMs + way.jitterMs * chance());
}

/**
 * Reaches for the places of a check; of several machines the one that serves best.
 * @param programs what listens there; none = the machine itself
 */
export function reach(asked: Asked<unknown>, programs: readonly Program[] = asked.place.programs): Contact {
  let best: Contact | null = null;
  for (const spot of asked.place.spots) {
    const contact = contactWith(spot, asked, programs);
    if (!best || rank[contact.what] > rank[best.what]) best = contact;
    if (best.what === 'talks') break;
  }
  return best as Contact;
}

/** Reaches for one spot. */
export function contactWith(
  spot: Spot,
  asked: Pick<Asked<unknown>, 'states' | 'moment' | 'chance' | 'timeoutMs' | 'place'>,
  programs: readonly Program[],
): Contact {
  const { states, moment, chance, timeoutMs, place } = asked;
  const { vantage } = place.check;
  const way = states.way(spot, moment, vantage);
  const machine = spot.machine && states.machine(spot.machine, moment);
  const contact: Contact = { what: 'talks', spot, way, machine, ms: roundTrip(spot, way, asked), mode: null, fault: null };
  const silent: Contact = { ...contact, what: 'silent' };
  if (!way.open || machine?.power === 'off' || (vantage === desk && states.isOffline(moment))) return silent;
  let lost = 0;
  while (way.loss > 0 && chance() < way.loss) lost += 1;
  contact.ms += lost === 0 ? 0 : (resendMs[lost - 1] ?? Number.POSITIVE_INFINITY);
  if (contact.ms >= timeoutMs) return silent;
  if (machine?.power === 'starting') return { ...contact, what: 'refused' };
  if (machine?.power === 'hung') return { ...contact, what: 'mute' };
  const ailing = states.service(programs, moment, spot.machine);
  if (!ailing) return contact;
  const { mode, fault } = ailing;
  if (mode === 'timeout') return silent;
  return { ...contact, what: mode === 'refuse' ? 'refused' : mode === 'stalled' ? 'mute' : 'talks', mode, fault };
}

/** Nothing of the world outside is seen from where a check looks. */
export const isCutOff = ({ states, moment, place }: Pick<Asked<unknown>, 'states' | 'moment' | 'place'>): boolean =>
  states.isCutOff(moment, place.check.vantage);
/** Whoever looks there is without power. */
export const isDark = ({ states, moment, place }: Pick<Asked<unknown>, 'states' | 'moment' | 'place'>): boolean =>
  states.isDark(moment, place.check.vantage);
/** What comes of a probe whose agent says nothing. */
export const darkAgent: Failure = { code: 'timeout', detail: 'no answer from the agent' };

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

/** An encrypted connection that does not come about. */
export const noTls = (spot: Spot, port: number): Failure => ({
  code: 'tls',
  detail: `no encrypted connection with ${where(spot, port)} (ERR_SSL_WRONG_VERSION_NUMBER)`,
});

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

/** From the ids that a route names (channels, people, rotas) to where messages go at this moment. */
import type { Channel, NotifyConfig, Rota } from '../model/notify.ts';
import { onCall, peopleOfRota } from './rota.ts';
import { laneOf } from './state.ts';

export interface Target {
  channel: Channel;
  /** Whose own address it goes to (email only). */
  person: string | null;
  /** Names of the people who are told this way; none: the channel as such. */
  people: string[];
}
export interface Hole {
  rota: Rota;
  /** Ids of those who are told instead. */
  instead: string[];
}

/**
 * @param zone the organization's
 * @returns every way once, whoever and however many lead there; and the rotas in which nobody is on call
 */
export function targetsOf(ids: readonly string[], config: NotifyConfig, zone: string, now: number): { targets: Target[]; holes: Hole[] } {
  const targets = new Map<string, Target>();
  const holes: Hole[] = [];
  const add = (channel: Channel, person: NotifyConfig['people'][number] | null): void => {
    // Only email knows addresses of people; everything else leads to one place, whoever is meant.
    const own = channel.type === 'email' && person?.email !== undefined ? person.id : null;
    const lane = laneOf({ channel: channel.id, person: own });
    const there = targets.get(lane);
    const people = person ? [person.name] : [];
    if (!there) targets.set(lane, { channel, person: own, people });
    // Where the channel as such is told anyway, nobody in particular is meant.
    else there.people = there.people.length === 0 || people.length === 0 ? [] : [...new Set([...there.people, ...people])];
  };
  const addPerson = (id: string): void => {
    const person = config.people.find((it) => it.id === id);
    for (const name of person?.channels ?? []) {
      const channel = config.channels.find((it) => it.id === name);
      if (person && channel) add(channel, person);
    }
  };
  for (const id of ids) {
    const channel = config.channels.find((it) => it.id === id);
    const rota = config.rotas.find((it) => it.id === id);
    if (channel) add(channel, null);
    else if (!rota) addPerson(id);
    else {
      const { person } = onCall(rota, config, zone, now);
      const people = person === null ? peopleOfRota(rota) : [person];
      if (person === null) holes.push({ rota, instead: people });
      for (const it of people) addPerson(it);
    }
  }
  return { targets: [...targets.values()], holes };
}

/** The name of a person, for people. */
export const nameOf = (config: Pick<NotifyConfig, 'people'>, id: string): string => config.people.find((it) => it.id === id)?.name ?? id;

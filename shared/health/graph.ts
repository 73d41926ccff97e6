/** How subjects hang together: what each needs, and what needs it. */
import type { Subject } from '../model/plan.ts';

export interface Graph {
  subject(id: string): Subject | undefined;
  /** Groups of subject ids; of each group one must work. The hosts that carry a service are one such group. */
  needs(id: string): readonly (readonly string[])[];
  /** Ids of all subjects at a site; of all legs of a mail entry. */
  at(place: string): readonly string[];
  /** Ids of all subjects that need this one, alone or as one of a group. */
  children(id: string): readonly string[];
}

const none: readonly never[] = [];

/** What stands for a subject when it is named in its stead: its site, and the mail entry that it is a leg of. */
export const placesOf = ({ site, leg }: Pick<Subject, 'site' | 'leg'>): string[] => [
  ...(site === null ? [] : [site]),
  ...(leg ? [leg.entry] : []),
];

/** Indexes subjects by what they need, once per inventory. Ids of nothing are left out: nobody can say that they failed. */
export function graphOf(subjects: readonly Subject[]): Graph {
  const byId = new Map(subjects.map((subject) => [subject.id, subject]));
  const needs = new Map<string, readonly (readonly string[])[]>();
  const places = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  const add = (index: Map<string, string[]>, key: string, id: string): void => {
    const list = index.get(key);
    if (list) list.push(id);
    else index.set(key, [id]);
  };
  for (const subject of subjects) {
    const { id, dependsOn, hosts } = subject;
    for (const place of placesOf(subject)) add(places, place, id);
    const groups = [...dependsOn, hosts]
      .map((group) => group.filter((member) => member !== id && byId.has(member)))
      .filter((it) => it.length > 0);
    if (groups.length > 0) needs.set(id, groups);
    for (const parent of new Set(groups.flat())) add(children, parent, id);
  }
  return {
    subject: (id) => byId.get(id),
    needs: (id) => needs.get(id) ?? none,
    at: (place) => places.get(place) ?? none,
    children: (id) => children.get(id) ?? none,
  };
}

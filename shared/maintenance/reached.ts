/** What planned work reaches: what it affects by name, and what cannot be reached or cannot work without that. */
import { placesOf } from '../health/graph.ts';
import type { Subject } from '../model/plan.ts';

type Hanging = Pick<Subject, 'id' | 'site' | 'dependsOn' | 'hosts' | 'leg'>;

/**
 * Knows how things hang together, to be asked for many windows.
 * @returns ids of what is affected when these are: themselves, all at an affected site, the legs of an affected mail entry, what needs
 * a group of which all are affected, and what is carried by hosts that are all affected; but never what the work spares, nor what hangs on that alone
 */
export function reachedFrom(subjects: readonly Hanging[]): (affects: readonly string[], spares?: readonly string[]) => ReadonlySet<string> {
  /** Each group is one way to be hit: when all of its ids are. */
  const groupsOf = (it: Hanging): readonly (readonly string[])[] =>
    [...placesOf(it).map((id) => [id]), ...it.dependsOn, it.hosts].filter((group) => group.length > 0);
  const legs = new Map<string, string[]>();
  for (const { id, leg } of subjects) if (leg) legs.set(leg.entry, [...(legs.get(leg.entry) ?? []), id]);
  const dependents = new Map<string, Hanging[]>();
  for (const it of subjects) {
    for (const id of new Set(groupsOf(it).flat())) {
      const list = dependents.get(id);
      if (list) list.push(it);
      else dependents.set(id, [it]);
    }
  }
  const known = new Map<string, ReadonlySet<string>>();
  return (affects, spares = []) => {
    const key = `${affects.join(' ')}/${spares.join(' ')}`;
    const before = known.get(key);
    if (before) return before;
    const reached = new Set(affects);
    const spared = new Set([...spares, ...spares.flatMap((id) => legs.get(id) ?? [])]);
    // A set that grows while it is walked hands out what was added.
    for (const id of reached) {
      for (const it of dependents.get(id) ?? []) {
        if (!reached.has(it.id) && !spared.has(it.id) && groupsOf(it).some((group) => group.every((one) => reached.has(one))))
          reached.add(it.id);
      }
    }
    known.set(key, reached);
    return reached;
  };
}

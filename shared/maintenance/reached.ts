/** What planned work reaches: what it affects by name, and what cannot be reached or cannot work without that. */
import type { Subject } from '../model/plan.ts';

type Hanging = Pick<Subject, 'id' | 'site' | 'dependsOn' | 'hosts'>;

/**
 * Knows how things hang together, to be asked for many windows.
 * @returns ids of what is affected when these are: themselves, all at an affected site, what needs a group of which all are affected,
 * and what is carried by hosts that are all affected; but never what the work spares, nor what hangs on that alone
 */
export function reachedFrom(subjects: readonly Hanging[]): (affects: readonly string[], spares?: readonly string[]) => ReadonlySet<string> {
  /** Each group is one way to be hit: when all of its ids are. */
  const groupsOf = (it: Hanging): readonly (readonly string[])[] =>
    [it.site === null ? [] : [it.site], ...it.dependsOn, it.hosts].filter((group) => group.length > 0);
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
    const spared = new Set(spares);
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

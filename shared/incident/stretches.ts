/** Arithmetic of stretches of time that carry their evidence. */

/** A stretch of time; `to` null = still so at the end of the range. */
export interface Stretch {
  from: number;
  to: number | null;
  evidence: string[];
}

/** Lays stretches that touch or overlap together. */
export function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const it of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (!last || (last.to !== null && it.from > last.to)) {
      merged.push({ from: it.from, to: it.to, evidence: [...it.evidence] });
      continue;
    }
    last.to = last.to === null || it.to === null ? null : Math.max(last.to, it.to);
    // A check that came and went a thousand times must not copy its evidence a thousand times.
    for (const key of it.evidence) last.evidence.push(key);
  }
  return merged;
}

/** Whether they come by time and apart from each other, as from `merge`. */
const inOrder = (stretches: readonly Stretch[]): boolean =>
  stretches.every((it, index) => {
    const next = stretches[index + 1];
    return !next || (it.to !== null && it.to <= next.from);
  });

/** The stretches that lie in both. */
export function overlap(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
  const both = (one: Stretch, other: Stretch): Stretch[] => {
    const from = Math.max(one.from, other.from);
    const to = one.to === null ? other.to : other.to === null ? one.to : Math.min(one.to, other.to);
    return to === null || to > from ? [{ from, to, evidence: [...one.evidence, ...other.evidence] }] : [];
  };
  if (!inOrder(a) || !inOrder(b)) return a.flatMap((one) => b.flatMap((other) => both(one, other)));
  const found: Stretch[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i] as Stretch, b[j] as Stretch];
    found.push(...both(one, other));
    if ((one.to ?? Number.POSITIVE_INFINITY) < (other.to ?? Number.POSITIVE_INFINITY)) i += 1;
    else j += 1;
  }
  return found;
}

/** How long they last together, ms; what is not over lasts until `end`. @param stretches apart from each other, as from `merge` */
export const sumOf = (stretches: readonly Stretch[], end: number): number =>
  stretches.reduce((ms, it) => ms + ((it.to ?? end) - it.from), 0);

/** What of some stretches lies in none of the others. @param end stands for the end of what is not over */
export function without(stretches: readonly Stretch[], others: readonly Stretch[], end: number): Stretch[] {
  return others.reduce<Stretch[]>(
    (left, other) =>
      left.flatMap((it) => {
        const to = it.to ?? end;
        const otherTo = other.to ?? end;
        if (other.from >= to || otherTo <= it.from) return [it];
        return [...(other.from > it.from ? [{ ...it, to: other.from }] : []), ...(otherTo < to ? [{ ...it, from: otherTo }] : [])];
      }),
    [...stretches],
  );
}

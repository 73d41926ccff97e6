/** Two traces side by side, hop by hop: the last that came through, and the last that did not. Pure. */
import { type Hop, sameAddress, type Trace } from '../../shared/trace.ts';

export interface TraceRow {
  at: number;
  good: Hop | null;
  bad: Hop | null;
  /** Both answered here, and not the same router. */
  differs: boolean;
  /** The last hop of the bad one that answered: what comes behind it is silent. */
  dies: boolean;
  /** Behind the place where it dies. */
  beyond: boolean;
}

/** @returns one row per hop number, as many as the longer one has */
export function traceRows(good: Trace | null, bad: Trace | null): TraceRow[] {
  const hopAt = (trace: Trace | null, at: number): Hop | null => trace?.hops.find((hop) => hop.at === at) ?? null;
  const last = bad && !bad.reached ? (bad.hops.findLast((hop) => hop.address !== null)?.at ?? 0) : null;
  const length = Math.max(0, ...[good, bad].flatMap((trace) => trace?.hops.map((hop) => hop.at) ?? []));
  return Array.from({ length }, (_, index): TraceRow => {
    const at = index + 1;
    const [was, is] = [hopAt(good, at), hopAt(bad, at)];
    const differs = was?.address != null && is?.address != null && !sameAddress(was.address, is.address);
    return { at, good: was, bad: is, differs, dies: last === at, beyond: last !== null && at > last };
  });
}

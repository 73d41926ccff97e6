/** One way in which things could be broken, with what would be seen then. Several can have the same cause. Pure. */

import type { PlannedCheck } from '../model/plan.ts';
import type { Cause } from './cause.ts';
import { prior } from './likelihood.ts';
import { type Expectation, type Expectations, expectationsOf, fallOf, open, expect as want } from './predict.ts';
import type { Manner } from './signs.ts';
import type { Topology } from './topology.ts';
import type { CauseKind } from './types.ts';

export interface Hypothesis {
  cause: Cause;
  /** Weight before anything was seen. */
  prior: number;
  expectations: Expectations;
  /** Subjects that would be broken or out of reach. */
  fallen: ReadonlySet<string>;
}

/** How a check was seen, for those that say anything. */
export interface Seen {
  /** Of every check that says anything. */
  of: ReadonlyMap<string, Manner | 'passes'>;
  /** Of the alert, and failing. */
  failing: readonly string[];
  /** Of checks that ask several servers: the one at which they fail, see `keyOf`. */
  server: ReadonlyMap<string, { key: string; address: string }>;
  /** Of others, and failing since the alert began. */
  atOnce: ReadonlySet<string>;
}

export const causeOf = (kind: CauseKind, culprit: string, prefixes: readonly string[] = []): Cause => ({
  kind,
  culprits: [culprit],
  prefixes: [...prefixes].sort(),
});

interface Spread {
  how: 'dead' | 'hurt';
  isWay?: boolean;
  rarer?: number;
  /** What else is expected of some checks. */
  own?: readonly (readonly [readonly PlannedCheck[], Expectation])[];
}

/** Something is broken, and so is what hangs on it. */
export function spreading(
  topology: Topology,
  cause: Cause,
  roots: readonly string[],
  { how, isWay = false, rarer = 1, own = [] }: Spread,
): Hypothesis {
  const fallen = fallOf(topology, roots, how);
  const expectations = expectationsOf(topology, fallen, isWay);
  for (const [plans, wanted] of own) for (const plan of plans) expectations.set(plan.id, wanted);
  open(topology, expectations);
  const broken = [...fallen].filter(([, fall]) => fall !== 'part').map(([id]) => id);
  return { cause, prior: prior[cause.kind] * rarer, expectations, fallen: new Set(broken) };
}

/** Only these checks fail. */
export function only(
  topology: Topology,
  cause: Cause,
  plans: readonly PlannedCheck[],
  rarer = 1,
  wanted: Expectation = 'any',
  fallen: readonly string[] = [],
): Hypothesis {
  const expectations: Expectations = new Map();
  for (const plan of plans) want(expectations, plan, wanted);
  open(topology, expectations);
  return { cause, prior: prior[cause.kind] * rarer, expectations, fallen: new Set(fallen) };
}

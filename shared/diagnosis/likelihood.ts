/** The numbers that diagnosis weighs with. They are judgement, not measurement: only their order and rough distance matter. Pure. */
import type { Expectation } from './predict.ts';
import type { Manner } from './signs.ts';
import type { CauseKind } from './types.ts';

/** How often something breaks beside the cause within the same minutes: rarely, but a provider has many checks. */
export const byChance = { passes: 0.985, fails: 0.015 };

/**
 * How likely a check is to be seen so, where it is expected to see that. What a check expects to fail hardly ever passes (another way in, an
 * answer from memory), and a machine or line that is dead says neither no nor something wrong.
 */
export const likelihood: Record<Expectation, Record<Manner | 'passes', number>> = {
  dead: { passes: 0.02, gone: 0.9, stalled: 0.05, refused: 0.03, lossy: 0.15, wrong: 0.02, unclear: 0.6 },
  // A machine that comes up refuses until its programs run, and they say no until they have what they need.
  restarts: { passes: 0.05, gone: 0.9, stalled: 0.5, refused: 0.7, lossy: 0.3, wrong: 0.15, unclear: 0.8 },
  // Some programs of a machine that hangs answer on for a while from memory.
  hung: { passes: 0.05, gone: 0.9, stalled: 0.9, refused: 0.3, lossy: 0.3, wrong: 0.03, unclear: 0.6 },
  lossy: { passes: 0.15, gone: 0.25, stalled: 0.2, refused: 0.03, lossy: 0.9, wrong: 0.03, unclear: 0.6 },
  any: { passes: 0.05, gone: 0.9, stalled: 0.9, refused: 0.9, lossy: 0.6, wrong: 0.9, unclear: 0.6 },
  // A page can be served from a cache while its database is gone.
  hurt: { passes: 0.3, gone: 0.7, stalled: 0.7, refused: 0.7, lossy: 0.5, wrong: 0.7, unclear: 0.6 },
  open: { passes: byChance.passes, gone: 0.3, stalled: 0.3, refused: 0.3, lossy: 0.3, wrong: 0.3, unclear: 0.3 },
  'open-dead': { passes: byChance.passes, gone: 0.3, stalled: 0.1, refused: 0.05, lossy: 0.2, wrong: 0.03, unclear: 0.3 },
};
/** From here on a failing check counts as explained. */
export const explainedFrom = 0.15;
/** It should fail: that it passes speaks against the cause. */
export const isFirm = (wanted: Expectation): boolean => wanted !== 'open' && wanted !== 'open-dead';

/**
 * How likely each kind is beside the others before anything was seen. Where two explain the same, the one with more wins: a program breaks more
 * often than the machine under it, a machine more often than its address range, a range more often than a circuit. A whole site is named
 * only from several things on, so it may stand above the one circuit to it, of which nobody can tell it apart.
 */
export const prior: Record<CauseKind, number> = {
  service: 1,
  leg: 1,
  host: 0.9,
  'name-server': 0.8,
  prefix: 0.5,
  mail: 0.4,
  site: 0.35,
  link: 0.3,
  dependency: 0.3,
  'link-loss': 0.3,
  'link-prefixes': 0.2,
  // Of several checks of a thing that all but one are wrong about it is rarer than that the thing is broken in part.
  check: 0.2,
  'host-hangs': 0.15,
  desk: 0.1,
};
/** An anchor fails: it is known that the desk's own connection is in doubt. */
export const deskInDoubt = 0.8;
/**
 * Of a cause in a special form. `alone`: what hangs on it works on. `announced`: a circuit is down and still announced. `sort`: checks of one sort.
 * `some`: a part that nothing holds together. `perhaps`: with ranges of which nothing is known. `restarts`: a machine that is down starts over and over. `loss`: of some ranges only. `allOfMail`: all legs.
 */
export const rarer = { alone: 0.3, announced: 0.3, sort: 0.5, some: 0.15, perhaps: 0.5, loss: 0.3, allOfMail: 0.3, restarts: 0.4 };
/** One range alone is more often its own fault than that of one of its circuits. */
export const onePrefix = 0.6;

/** A way that ends in the network of the circuit, and one that ends in that of another. A dead machine's may end there too, so it is no proof. */
export const wayEnds = { here: 6, elsewhere: 0.1 };

/** A failing check of another alert is explained by that alert already; to explain it too is a merit, for one cause is simpler than two. */
export const otherAlert = { each: 2.5, atOnce: 4, most: 100 };
/** What began within so much of the alert began with it, ms: that happens by chance even more rarely. */
export const atOnceMs = 2 * 60_000;
/** What failed so much earlier is another story, ms (as alerts have it). */
export const earlierMs = 5 * 60_000;

/** Explanations whose weights differ by less cannot be told apart. */
export const sameWeight = 1.5;
/** Shares, from 0 to 1. */
export const shares = { sure: 0.9, likely: 0.55, shown: 0.03, rival: 0.1 };
/** A runner-up with so much of the best one's weight is near. */
export const near = 0.5;
export const fewestChecks = 2;

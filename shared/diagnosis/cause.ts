/** What diagnosis works with inside: a candidate cause, and what weighing it gave. Both before words. */
import type { CauseKind } from './types.ts';

export interface Cause {
  kind: CauseKind;
  /**
   * Ids of what is broken: several = it is one of them, and which one cannot be told. Of `mail` the mail entry, of `name-server` the
   * address, of `check` the check; of any other kind ids of subjects (of `site` the site).
   */
  culprits: string[];
  /** Of `link-prefixes`: ids of the prefixes. */
  prefixes: string[];
}

export interface Weighed {
  cause: Cause;
  /** How likely beside the others that were weighed, 0 to 1. */
  share: number;
  /** Ids of failing checks that it explains, and of checks that pass though it says that they should not. */
  explains: string[];
  contradicts: string[];
  /** Failing checks of the alert that it does not cover. */
  unexplained: string[];
}

/** Why a diagnosis is not surer; the most telling one wins. Null where it is. */
export type Doubt =
  /** Fewer than two checks speak. */
  | 'few'
  /** Something passes that should not: see `contradicts`. */
  | 'contradicted'
  /** Another explanation comes near: see the runner-up. */
  | 'near'
  /** The cause is one of several culprits. */
  | 'which'
  /** Much of what it says should fail, or pass, has not been looked at since. */
  | 'unseen'
  /** It leaves failing checks of the alert unexplained. */
  | 'rest';

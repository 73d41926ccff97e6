/** Why a problem of a check does not count against it: planned work, a routine, a failed parent, or a desk that is cut off. */
export interface Cover {
  kind: 'maintenance' | 'routine' | 'unreachable' | 'cut-off';
  /** Id of the window or routine; the subject that failed; `desk`. */
  by: string;
  /** What that is called, for people. */
  name: string;
  /** Shown even while the check is ok: a thing that is being worked on is blue, one that is merely behind it is not. */
  always: boolean;
}

/** What the samples of one check say about a stretch of time; a report calls nothing "not affected" without it. */
export interface Coverage {
  n: number;
  ok: number;
  degraded: number;
  down: number;
  unknown: number;
  /** Longest time without a result within the stretch, its two ends included, ms. */
  longestGapMs: number;
}

/** Roll-ups as plain data: what a stretch of samples comes to, and how two stretches become one. Pure. */
import type { Level } from '../../shared/model/words.ts';

/** Counts per level, and the values in thousandths (see codec.ts). */
export interface Bucket {
  ok: number;
  degraded: number;
  down: number;
  unknown: number;
  /** How many of the samples carried a value. */
  valued: number;
  min: number | null;
  avg: number | null;
  p50: number | null;
  p95: number | null;
  max: number | null;
}

/** When results came within a stretch, epoch ms. */
export interface Span {
  first: number;
  last: number;
  /** Longest time between two results in a row, ms. */
  gap: number;
}

/** One sample as roll-ups see it; value in thousandths. */
export interface Point {
  at: number;
  level: Level;
  value: number | null;
}

export const emptyBucket = (): Bucket => ({
  ok: 0,
  degraded: 0,
  down: 0,
  unknown: 0,
  valued: 0,
  min: null,
  avg: null,
  p50: null,
  p95: null,
  max: null,
});

export const countOf = (bucket: Bucket): number => bucket.ok + bucket.degraded + bucket.down + bucket.unknown;

/** The nearest-rank percentile: always a value that was seen. @param sorted ascending, not empty */
const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;

/** What some samples come to; their order does not matter. */
export function summarize(points: readonly Point[]): Bucket {
  const bucket = emptyBucket();
  const values: number[] = [];
  let sum = 0;
  for (const { level, value } of points) {
    bucket[level] += 1;
    if (value === null) continue;
    values.push(value);
    sum += value;
  }
  if (values.length === 0) return bucket;
  values.sort((a, b) => a - b);
  bucket.valued = values.length;
  bucket.min = values[0] as number;
  bucket.avg = sum / values.length;
  bucket.p50 = percentile(values, 0.5);
  bucket.p95 = percentile(values, 0.95);
  bucket.max = values[values.length - 1] as number;
  return bucket;
}

const weighted = (a: number | null, aCount: number, b: number | null, bCount: number): number | null => {
  if (a === null || aCount === 0) return b;
  if (b === null || bCount === 0) return a;
  return (a * aCount + b * bCount) / (aCount + bCount);
};

/**
 * Two stretches as one. Counts, min, max and avg are exact; p50 and p95 are the averages of the two, weighted by their number of
 * values: an approximation, good enough for a line on a chart and always between the two.
 */
export function merge(a: Bucket, b: Bucket): Bucket {
  return {
    ok: a.ok + b.ok,
    degraded: a.degraded + b.degraded,
    down: a.down + b.down,
    unknown: a.unknown + b.unknown,
    valued: a.valued + b.valued,
    min: a.min === null ? b.min : b.min === null ? a.min : Math.min(a.min, b.min),
    avg: weighted(a.avg, a.valued, b.avg, b.valued),
    p50: weighted(a.p50, a.valued, b.p50, b.valued),
    p95: weighted(a.p95, a.valued, b.p95, b.valued),
    max: a.max === null ? b.max : b.max === null ? a.max : Math.max(a.max, b.max),
  };
}

/** When the samples came. @param times ascending, not empty */
export function spanOf(times: readonly number[]): Span {
  let gap = 0;
  for (let i = 1; i < times.length; i += 1) gap = Math.max(gap, (times[i] as number) - (times[i - 1] as number));
  return { first: times[0] as number, last: times[times.length - 1] as number, gap };
}

/** Two spans as one. The gap is exact where they do not overlap, else never shorter than the true one. */
export function mergeSpans(a: Span, b: Span): Span {
  const [early, late] = a.first <= b.first ? [a, b] : [b, a];
  return { first: early.first, last: Math.max(a.last, b.last), gap: Math.max(a.gap, b.gap, late.first - early.last) };
}

/** Roll-ups as rows of `minutes` and `hours`. */
import type { Bucket, Point, Span } from './bucket.ts';
import { hourMs, unpackLevel } from './codec.ts';
import type { Row } from './rows.ts';

export const bucketColumns = 'ok, degraded, down, unknown, valued, avg, min, p50, p95, max';

/** Values in the order of `bucketColumns`. All values alike: only avg is kept. */
export function bucketValues(bucket: Bucket): (number | null)[] {
  const { ok, degraded, down, unknown, valued, avg, min, p50, p95, max } = bucket;
  const kept = avg === null ? null : Math.round(avg);
  const rest = min === max ? [null, null, null, null] : [min, p50, p95, max].map((value) => (value === null ? null : Math.round(value)));
  return [ok, degraded, down, unknown, valued, kept, ...rest];
}

const whole = (value: unknown): number => Number(value ?? 0);
const maybe = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

export function bucketOf(row: Row): Bucket {
  const avg = maybe(row.avg);
  return {
    ok: whole(row.ok),
    degraded: whole(row.degraded),
    down: whole(row.down),
    unknown: whole(row.unknown),
    valued: whole(row.valued),
    avg,
    min: maybe(row.min) ?? avg,
    p50: maybe(row.p50) ?? avg,
    p95: maybe(row.p95) ?? avg,
    max: maybe(row.max) ?? avg,
  };
}

/** The span of a row of `hours`. */
export function spanOfRow(row: Row): Span {
  const start = whole(row.hour) * hourMs;
  return { first: start + whole(row.first), last: start + whole(row.last), gap: whole(row.gap) };
}

/** A row of `samples`. */
export const pointOf = (row: Row): Point => ({ at: whole(row.at), level: unpackLevel(whole(row.state)), value: maybe(row.value) });

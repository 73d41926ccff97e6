/** Reads the history of one check at the resolution that fits a chart. Runs in the history worker. */
import type { DatabaseSync } from 'node:sqlite';
import type { History, HistoryPoint } from '../../shared/contract.ts';
import { type Bucket, countOf, merge, type Point, summarize } from './bucket.ts';
import { bucketOf, pointOf } from './bucket-rows.ts';
import { hourMs, hourOf, minuteMs, unpackValue } from './codec.ts';
import { byMinute } from './roll-up.ts';
import type { Row } from './rows.ts';
import { type Series, seriesReader } from './series.ts';

/** A chart gets at most about this many points. */
const mostPoints = 700;
const mostSamples = 1_500;
/** Within this range single samples are worth seeing even when they are many, ms. */
const closeLookMs = 2.2 * hourMs;
const mostSamplesCloseUp = 7_500;
/** Up to this range minutes are read, ms: seven days and some slack. */
const minutesRangeMs = 7.1 * 24 * hourMs;
const minuteSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 360];
const hourSteps = [1, 2, 3, 4, 6, 12, 24, 48, 96, 168];

/** @returns reads the history of a check between two moments, epoch ms, both ends included, oldest first; stretches without results have no point */
export function historyReader(db: DatabaseSync): (check: string, from: number, to: number) => History {
  const seriesOf = seriesReader(db);
  const oldest = db.prepare(`SELECT min(a) AS at FROM (SELECT min(at) AS a FROM samples WHERE series = ?1
    UNION ALL SELECT min(minute) * ${minuteMs} FROM minutes WHERE series = ?1 UNION ALL SELECT min(hour) * ${hourMs} FROM hours WHERE series = ?1)`);
  const countRaw = db.prepare('SELECT count(*) AS n FROM (SELECT 1 FROM samples WHERE series = ? AND at BETWEEN ? AND ? LIMIT ?)');
  const samples = db.prepare('SELECT at, state, value FROM samples WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at');
  const minutes = db.prepare('SELECT * FROM minutes WHERE series = ? AND minute BETWEEN ? AND ?');
  const hours = db.prepare('SELECT * FROM hours WHERE series = ? AND hour BETWEEN ? AND ?');

  const pointsOf = (series: Series, from: number, to: number): Point[] =>
    samples.all(series.id, from, to).map((row) => pointOf(row as Row));

  /** Start and content of every bucket that overlaps the stretch; what is not rolled up yet comes from the samples. */
  function* bucketsOf(series: Series, unit: 'minute' | 'hour', from: number, to: number): Generator<[at: number, bucket: Bucket]> {
    const unitMs = unit === 'minute' ? minuteMs : hourMs;
    const rows = unit === 'minute' ? minutes : hours;
    for (const row of rows.all(series.id, Math.floor(from / unitMs), Math.floor(to / unitMs)) as Row[]) {
      const at = Number(row[unit]) * unitMs;
      const hour = hourOf(at);
      if (series.due.has(hour) && hour >= series.rawFrom) continue;
      yield [at, bucketOf(row)];
    }
    for (const hour of series.due) {
      const [start, end] = [Math.max(hour * hourMs, Math.floor(from / unitMs) * unitMs), Math.min((hour + 1) * hourMs - 1, to)];
      if (start > end) continue;
      const points = pointsOf(series, start, end);
      if (unit === 'hour') {
        if (points.length > 0) yield [hour * hourMs, summarize(points)];
      } else for (const [minute, group] of byMinute(points)) yield [minute * minuteMs, summarize(group)];
    }
  }

  return (check, askedFrom, to) => {
    const all = seriesOf(check);
    const firsts = all.flatMap((series) => {
      const at = oldest.get(series.id)?.at;
      return at === null || at === undefined ? [] : [Number(at)];
    });
    // A young check has its short history drawn finely, however long a range is asked for.
    const from = Math.max(askedFrom, Math.min(...firsts));
    if (firsts.length === 0 || from > to) return { resolution: 'raw', points: [] };

    const limit = to - from <= closeLookMs ? mostSamplesCloseUp : mostSamples;
    const rawIsWhole = all.every((series) => hourOf(from) >= series.rawFrom);
    const n = rawIsWhole ? all.reduce((sum, series) => sum + Number(countRaw.get(series.id, from, to, limit + 1)?.n), 0) : 0;
    if (rawIsWhole && n <= limit) {
      const points = all.flatMap((series) => pointsOf(series, from, to)).sort((a, b) => a.at - b.at);
      return { resolution: 'raw', points: points.map((point) => historyPoint(point.at, summarize([point]))) };
    }

    const fine = to - from <= minutesRangeMs && all.every((series) => hourOf(from) >= series.minutesFrom);
    const resolution = fine ? 'minute' : 'hour';
    const stepMs = stepOf(to - from, fine ? minuteMs : hourMs, fine ? minuteSteps : hourSteps);
    const merged = new Map<number, Bucket>();
    for (const series of all) {
      for (const [at, bucket] of bucketsOf(series, resolution, from, to)) {
        const start = Math.floor(at / stepMs) * stepMs;
        const before = merged.get(start);
        merged.set(start, before ? merge(before, bucket) : bucket);
      }
    }
    return { resolution, points: [...merged].sort((a, b) => a[0] - b[0]).map(([at, bucket]) => historyPoint(at, bucket)) };
  };
}

/** The smallest step with which a range has few enough points, ms. */
function stepOf(rangeMs: number, unitMs: number, steps: readonly number[]): number {
  const least = rangeMs / unitMs / mostPoints;
  return unitMs * (steps.find((step) => step >= least) ?? Math.ceil(least));
}

function historyPoint(at: number, bucket: Bucket): HistoryPoint {
  const { ok, degraded, down, unknown } = bucket;
  const value = (stored: number | null) => unpackValue(stored === null ? null : Math.round(stored));
  const { min, avg, p50, p95, max } = bucket;
  return {
    at,
    n: countOf(bucket),
    ok,
    degraded,
    down,
    unknown,
    min: value(min),
    avg: value(avg),
    p50: value(p50),
    p95: value(p95),
    max: value(max),
  };
}

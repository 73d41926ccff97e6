/** Says how well checks were watched within a stretch of time. */
import type { DatabaseSync } from 'node:sqlite';
import type { Coverage } from '../../shared/model/coverage.ts';
import type { Level } from '../../shared/model/words.ts';
import { type Span, spanOf } from './bucket.ts';
import { hourMs, hourOf, minuteMs, minuteOf, unpackLevel } from './codec.ts';
import { type Series, seriesReader } from './series.ts';

/** Counts per level and nothing else: a year of a thousand checks is nine million rows. */
type Counts = Record<Level, number>;
type CountRow = [at: number, ok: number, degraded: number, down: number, unknown: number];
type HourRow = [...CountRow, first: number, last: number, gap: number];

/**
 * @returns reads what the samples of some checks say about a stretch (epoch ms, both ends included). Every check asked for has an entry.
 *
 * Whole hours come from hour roll-ups, which keep the times of their results: exact. Hours that the stretch cuts, and those not rolled up
 * yet, come from samples: exact. Where the samples have been deleted, cut hours come from minutes (a result counts as made in the
 * middle of its minute), and where these are gone too, from the whole hour.
 * Watched from several vantages, the gap is that of the best one: never shorter than the true one.
 */
export function coverageReader(db: DatabaseSync): (checks: readonly string[], from: number, to: number) => Map<string, Coverage> {
  const seriesOf = seriesReader(db);
  const arrays = { returnArrays: true };
  const samples = db.prepare('SELECT at, state FROM samples WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at', arrays);
  const minutes = db.prepare(
    'SELECT minute, ok, degraded, down, unknown FROM minutes WHERE series = ? AND minute BETWEEN ? AND ? ORDER BY minute',
    arrays,
  );
  const hours = db.prepare(
    'SELECT hour, ok, degraded, down, unknown, first, last, gap FROM hours WHERE series = ? AND hour BETWEEN ? AND ? ORDER BY hour',
    arrays,
  );

  /** Adds to the counts. @returns when the results came */
  function spansOf(series: Series, from: number, to: number, counts: Counts): Span[] {
    const [first, last] = [hourOf(from), hourOf(to)];
    const spans: Span[] = [];
    const add = ([, good, degraded, down, unknown]: CountRow | HourRow): void => {
      counts.ok += good;
      counts.degraded += degraded;
      counts.down += down;
      counts.unknown += unknown;
    };
    const addSamples = (hour: number) => {
      const rows = samples.all(series.id, Math.max(from, hour * hourMs), Math.min(to, (hour + 1) * hourMs - 1)) as unknown as [
        at: number,
        state: number,
      ][];
      for (const [, state] of rows) counts[unpackLevel(state)] += 1;
      if (rows.length > 0) spans.push(spanOf(rows.map(([at]) => at)));
    };
    const addHours = (firstHour: number, lastHour: number) => {
      for (const row of hours.iterate(series.id, firstHour, lastHour) as unknown as Iterable<HourRow>) {
        const [hour, , , , , a, b, gap] = row;
        if (series.due.has(hour) && hour >= series.rawFrom) continue;
        add(row);
        const start = hour * hourMs;
        spans.push({ first: clamp(start + a, from, to), last: clamp(start + b, from, to), gap: Math.min(gap, to - from) });
      }
    };
    const addMinutes = (hour: number) => {
      const [a, b] = [minuteOf(Math.max(from, hour * hourMs)), minuteOf(Math.min(to, (hour + 1) * hourMs - 1))];
      for (const row of minutes.iterate(series.id, a, b) as unknown as Iterable<CountRow>) {
        add(row);
        const middle = clamp(row[0] * minuteMs + minuteMs / 2, from, to);
        spans.push({ first: middle, last: middle, gap: 0 });
      }
    };

    const cut = new Set<number>();
    if (from > first * hourMs) cut.add(first);
    if (to < (last + 1) * hourMs - 1) cut.add(last);
    addHours(cut.has(first) ? first + 1 : first, cut.has(last) ? last - 1 : last);
    for (const hour of cut) {
      if (hour >= series.rawFrom) addSamples(hour);
      else if (hour >= series.minutesFrom) addMinutes(hour);
      else addHours(hour, hour);
    }
    for (const hour of series.due) {
      const readAlready = cut.has(hour) && hour >= series.rawFrom;
      if (hour >= first && hour <= last && !readAlready) addSamples(hour);
    }
    return spans;
  }

  return (checks, from, to) =>
    new Map(
      checks.map((check) => {
        const counts: Counts = { ok: 0, degraded: 0, down: 0, unknown: 0 };
        const gaps = seriesOf(check).map((series) => longestGap(spansOf(series, from, to, counts), from, to));
        const n = counts.ok + counts.degraded + counts.down + counts.unknown;
        return [check, { n, ...counts, longestGapMs: Math.min(Math.max(0, to - from), ...gaps) }];
      }),
    );
}

const clamp = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));

/** Longest time without a result between two moments, ms. The spans come in any order. */
export function longestGap(spans: readonly Span[], from: number, to: number): number {
  let longest = 0;
  let seen = from;
  for (const span of [...spans].sort((a, b) => a.first - b.first)) {
    longest = Math.max(longest, span.first - seen, span.gap);
    seen = Math.max(seen, span.last);
  }
  return Math.max(0, longest, to - seen);
}

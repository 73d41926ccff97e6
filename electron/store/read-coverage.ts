/** Says how well checks were watched within a stretch of time. */
import type { DatabaseSync } from 'node:sqlite';
import type { Coverage } from '../../shared/model/coverage.ts';
import { type Bucket, countOf, emptyBucket, merge, type Span, spanOf, summarize } from './bucket.ts';
import { bucketOf, pointOf, spanOfRow } from './bucket-rows.ts';
import { hourMs, hourOf, minuteMs, minuteOf } from './codec.ts';
import type { Row } from './rows.ts';
import { type Series, seriesReader } from './series.ts';

interface Piece {
  bucket: Bucket;
  span: Span;
}

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
  const samples = db.prepare('SELECT at, state, value FROM samples WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at');
  const minutes = db.prepare('SELECT * FROM minutes WHERE series = ? AND minute BETWEEN ? AND ? ORDER BY minute');
  const hours = db.prepare('SELECT * FROM hours WHERE series = ? AND hour BETWEEN ? AND ? ORDER BY hour');

  function piecesOf(series: Series, from: number, to: number): Piece[] {
    const [first, last] = [hourOf(from), hourOf(to)];
    const pieces: Piece[] = [];
    const addSamples = (hour: number) => {
      const points = samples
        .all(series.id, Math.max(from, hour * hourMs), Math.min(to, (hour + 1) * hourMs - 1))
        .map((row) => pointOf(row as Row));
      if (points.length > 0) pieces.push({ bucket: summarize(points), span: spanOf(points.map((point) => point.at)) });
    };
    const addHours = (firstHour: number, lastHour: number) => {
      for (const row of hours.all(series.id, firstHour, lastHour) as Row[]) {
        const hour = Number(row.hour);
        if (series.due.has(hour) && hour >= series.rawFrom) continue;
        const { first: a, last: b, gap } = spanOfRow(row);
        pieces.push({
          bucket: bucketOf(row),
          span: { first: clamp(a, from, to), last: clamp(b, from, to), gap: Math.min(gap, to - from) },
        });
      }
    };
    const addMinutes = (hour: number) => {
      const [a, b] = [minuteOf(Math.max(from, hour * hourMs)), minuteOf(Math.min(to, (hour + 1) * hourMs - 1))];
      for (const row of minutes.all(series.id, a, b) as Row[]) {
        const middle = clamp(Number(row.minute) * minuteMs + minuteMs / 2, from, to);
        pieces.push({ bucket: bucketOf(row), span: { first: middle, last: middle, gap: 0 } });
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
    return pieces;
  }

  return (checks, from, to) =>
    new Map(
      checks.map((check) => {
        const bySeries = seriesOf(check).map((series) => piecesOf(series, from, to));
        const total = bySeries.flat().reduce((sum, piece) => merge(sum, piece.bucket), emptyBucket());
        const { ok, degraded, down, unknown } = total;
        const longestGapMs = Math.min(
          Math.max(0, to - from),
          ...bySeries.map((pieces) =>
            longestGap(
              pieces.map((piece) => piece.span),
              from,
              to,
            ),
          ),
        );
        return [check, { n: countOf(total), ok, degraded, down, unknown, longestGapMs }];
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

/**
 * Rolls samples up into minutes and hours, an hour of one series at a time: 60 samples in, 60 minutes and one hour out. Both come
 * straight from the samples, so percentiles are exact, and doing it again changes nothing.
 *
 * Only hours named in `due` are rolled up; every sample puts its hour there. A late one (the clock was set back) does so again, and its hour is
 * made anew. When the hour's samples have been deleted meanwhile, what is there is merged with the late ones instead.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Bucket, merge, mergeSpans, type Point, spanOf, summarize } from './bucket.ts';
import { bucketColumns, bucketOf, bucketValues, pointOf, spanOfRow } from './bucket-rows.ts';
import { hourMs, minuteOf } from './codec.ts';
import type { Row } from './rows.ts';

/** An hour ends for us when its last result may have come in, ms. */
const graceMs = 90_000;

const setters = `${bucketColumns}, first, last, gap`
  .split(', ')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');
const minuteSetters = bucketColumns
  .split(', ')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

/** Groups points by minute. */
export function byMinute(points: readonly Point[]): Map<number, Point[]> {
  const groups = new Map<number, Point[]>();
  for (const point of points) {
    const minute = minuteOf(point.at);
    const group = groups.get(minute);
    if (group) group.push(point);
    else groups.set(minute, [point]);
  }
  return groups;
}

export interface RollUp {
  /**
   * Rolls up hours that are over, oldest first, until about so many samples were read. Must run within a transaction.
   * @param now epoch ms
   * @returns the series and hours that are settled; none = nothing was due
   */
  step(now: number, sampleBudget: number): { series: number; hour: number }[];
}

export function rollUp(db: DatabaseSync): RollUp {
  const due = db.prepare(
    'SELECT due.series, due.hour, raw_from FROM due JOIN series ON series.id = due.series WHERE due.hour < ? ORDER BY due.hour LIMIT 200',
  );
  const settle = db.prepare('DELETE FROM due WHERE series = ? AND hour = ?');
  const raw = db.prepare('SELECT at, state, value FROM samples WHERE series = ? AND at >= ? AND at < ? ORDER BY at');
  const dropRaw = db.prepare('DELETE FROM samples WHERE series = ? AND at >= ? AND at < ?');
  const dropPings = db.prepare('DELETE FROM pings WHERE series = ? AND at >= ? AND at < ?');
  const minuteRow = db.prepare('SELECT * FROM minutes WHERE series = ? AND minute = ?');
  const hourRow = db.prepare('SELECT * FROM hours WHERE series = ? AND hour = ?');
  const putMinute = db.prepare(`INSERT INTO minutes (series, minute, ${bucketColumns}) VALUES (?,?, ?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (series, minute) DO UPDATE SET ${minuteSetters}`);
  const putHour = db.prepare(`INSERT INTO hours (series, hour, ${bucketColumns}, first, last, gap) VALUES (?,?, ?,?,?,?,?,?,?,?,?,?, ?,?,?)
    ON CONFLICT (series, hour) DO UPDATE SET ${setters}`);

  /** @returns how many samples were read */
  function rollHour(series: number, hour: number, samplesAreGone: boolean): number {
    const start = hour * hourMs;
    const points = raw.all(series, start, start + hourMs).map((row) => pointOf(row as Row));
    if (points.length > 0) {
      const before = (row: Row | undefined): Bucket | null => (row && samplesAreGone ? bucketOf(row) : null);
      for (const [minute, group] of byMinute(points)) {
        const old = before(samplesAreGone ? minuteRow.get(series, minute) : undefined);
        const fresh = summarize(group);
        putMinute.run(series, minute, ...bucketValues(old ? merge(old, fresh) : fresh));
      }
      const oldRow = samplesAreGone ? (hourRow.get(series, hour) as Row | undefined) : undefined;
      const fresh = { bucket: summarize(points), span: spanOf(points.map((point) => point.at)) };
      const all = oldRow ? { bucket: merge(bucketOf(oldRow), fresh.bucket), span: mergeSpans(spanOfRow(oldRow), fresh.span) } : fresh;
      putHour.run(series, hour, ...bucketValues(all.bucket), all.span.first - start, all.span.last - start, all.span.gap);
      if (samplesAreGone) {
        dropRaw.run(series, start, start + hourMs);
        dropPings.run(series, start, start + hourMs);
      }
    }
    settle.run(series, hour);
    return points.length;
  }

  return {
    step(now, sampleBudget) {
      const settled: { series: number; hour: number }[] = [];
      let read = 0;
      for (const row of due.all(Math.floor((now - graceMs) / hourMs))) {
        const [series, hour] = [Number(row.series), Number(row.hour)];
        // 20: an hour costs something even when it is nearly empty.
        read += 20 + rollHour(series, hour, hour < Number(row.raw_from));
        settled.push({ series, hour });
        if (read >= sampleBudget) break;
      }
      return settled;
    },
  };
}

/** Deletes what is older than it is kept, in small steps of whole hours, and gives room back to the disk. */
import type { DatabaseSync } from 'node:sqlite';
import { hourMs, hourOf } from './codec.ts';
import { lightKinds } from './migrations/0002-light-events.ts';

/** How long each kind is kept, ms. */
export interface Retention {
  rawMs: number;
  /** Also for the lines of single results on the timeline. */
  minutesMs: number;
  hoursMs: number;
}

/** Samples are kept for at least two hours whatever is set: roll-ups are made of them. */
const leastRawMs = 2 * hourMs;

/** Whole hours deleted in one go: at most 21,600 samples of a check that runs every second, 2,880 minutes, 2,000 hours. */
const stride = { samples: 6, minutes: 48, hours: 2_000 };
/** Events deleted in one go. */
const eventStride = 500;

export interface Pruner {
  /**
   * Deletes a little. Must run within a transaction, and after everything due was rolled up.
   * @param now epoch ms
   * @returns true when it found something to do
   */
  step(now: number, retention: Retention, seriesBudget: number): boolean;
}

export function pruner(db: DatabaseSync): Pruner {
  const behind = db.prepare('SELECT * FROM series WHERE raw_from < ? OR minutes_from < ? OR hours_from < ? LIMIT ?');
  const firstDue = db.prepare('SELECT min(hour) AS hour FROM due WHERE series = ?');
  const advance = db.prepare('UPDATE series SET raw_from = ?, minutes_from = ?, hours_from = ? WHERE id = ?');
  const dropEvents = db.prepare(
    `DELETE FROM events WHERE rowid IN (SELECT rowid FROM events WHERE kind IN ${lightKinds} AND at < ? LIMIT ${eventStride})`,
  );
  const dropPings = db.prepare('DELETE FROM pings WHERE series = ? AND at < ?');
  const kinds = {
    samples: {
      oldest: db.prepare('SELECT min(at) AS n FROM samples WHERE series = ?'),
      drop: db.prepare('DELETE FROM samples WHERE series = ? AND at < ?'),
      perHour: hourMs,
    },
    minutes: {
      oldest: db.prepare('SELECT min(minute) AS n FROM minutes WHERE series = ?'),
      drop: db.prepare('DELETE FROM minutes WHERE series = ? AND minute < ?'),
      perHour: 60,
    },
    hours: {
      oldest: db.prepare('SELECT min(hour) AS n FROM hours WHERE series = ?'),
      drop: db.prepare('DELETE FROM hours WHERE series = ? AND hour < ?'),
      perHour: 1,
    },
  };

  /** Deletes at most one stride. @returns the hour up to which everything is gone now */
  function prune(kind: keyof typeof kinds, series: number, cutoffHour: number): number {
    const { oldest, drop, perHour } = kinds[kind];
    const first = oldest.get(series)?.n;
    if (first === null || first === undefined) return cutoffHour;
    const upTo = Math.min(cutoffHour, Math.floor(Number(first) / perHour) + stride[kind]);
    drop.run(series, upTo * perHour);
    // Pings stand beside samples and go with them.
    if (kind === 'samples') dropPings.run(series, upTo * perHour);
    return upTo;
  }

  return {
    step(now, retention, seriesBudget) {
      const rawCut = hourOf(now - Math.max(leastRawMs, retention.rawMs));
      const minutesCut = hourOf(now - retention.minutesMs);
      const hoursCut = hourOf(now - retention.hoursMs);
      const found = behind.all(rawCut, minutesCut, hoursCut, seriesBudget);
      for (const row of found) {
        const id = Number(row.id);
        // An hour that is not rolled up yet keeps its samples.
        const due = firstDue.get(id)?.hour;
        const mayGo = due === null || due === undefined ? rawCut : Math.min(rawCut, Number(due));
        const raw = Number(row.raw_from) < mayGo ? prune('samples', id, mayGo) : Number(row.raw_from);
        const minutes = Number(row.minutes_from) < minutesCut ? prune('minutes', id, minutesCut) : Number(row.minutes_from);
        const hours = Number(row.hours_from) < hoursCut ? prune('hours', id, hoursCut) : Number(row.hours_from);
        advance.run(raw, minutes, hours, id);
      }
      const { changes } = dropEvents.run(now - retention.minutesMs);
      return found.length > 0 || Number(changes) > 0;
    },
  };
}

/** Free pages below this many, or below a tenth of the file, are left for what comes next. */
const spareFreePages = 2_000;

/**
 * Gives some free pages back to the disk when there are many. Must run outside a transaction.
 * @returns true when it did
 */
export function shrink(db: DatabaseSync, pageBudget: number): boolean {
  const number = (pragma: string): number => Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] ?? 0);
  const free = number('freelist_count');
  if (free <= spareFreePages || free * 10 < number('page_count')) return false;
  db.exec(`PRAGMA incremental_vacuum(${pageBudget})`);
  return true;
}

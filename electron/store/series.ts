/** What is known of the series of one check: which hours are whole where. */
import type { DatabaseSync } from 'node:sqlite';

export interface Series {
  id: number;
  /** Samples before this hour have been deleted, save late ones in `due` hours. */
  rawFrom: number;
  minutesFrom: number;
  /** Hours whose roll-ups miss samples. At or after `rawFrom` the samples alone tell; before it, they add to what is rolled up. */
  due: Set<number>;
}

/** @returns reads the series of a check, one per vantage */
export function seriesReader(db: DatabaseSync): (check: string) => Series[] {
  const all = db.prepare('SELECT id, raw_from, minutes_from FROM series WHERE check_id = ?');
  const due = db.prepare('SELECT hour FROM due WHERE series = ?');
  return (check) =>
    all.all(check).map((row) => ({
      id: Number(row.id),
      rawFrom: Number(row.raw_from),
      minutesFrom: Number(row.minutes_from),
      due: new Set(due.all(Number(row.id)).map((one) => Number(one.hour))),
    }));
}

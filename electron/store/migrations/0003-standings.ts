/**
 * How every check stood, as one row per change: what uptime is made of. And what people say beforehand: planned work and silences.
 * What an older file tells of its checks (hard states, staleness, the first result) becomes their first spells.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from './migration.ts';

export const standings: Migration = {
  name: 'standings',
  up(db) {
    db.exec(`
      -- Holds from "at" (epoch ms) until the next row of the check. standing: see codec.ts.
      CREATE TABLE spells (
        check_id TEXT NOT NULL, at INTEGER NOT NULL, standing INTEGER NOT NULL, PRIMARY KEY (check_id, at)
      ) STRICT, WITHOUT ROWID;

      -- ends_by: it has no effect after that, epoch ms; NULL where that cannot be said.
      CREATE TABLE windows (id TEXT PRIMARY KEY, ends_by INTEGER, body TEXT NOT NULL) STRICT;
      CREATE INDEX windows_end ON windows (ends_by);
      CREATE TABLE silences (id TEXT PRIMARY KEY, ends_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
      CREATE INDEX silences_end ON silences (ends_at);

      CREATE INDEX events_gap ON events (at) WHERE kind = 'gap';
      CREATE INDEX events_change ON events (at) WHERE kind = 'change';
    `);
    seed(db);
  },
};

/** As codec.ts has them at this version. */
const standing: Record<string, number> = { ok: 0, degraded: 1, down: 2, unknown: 4 };

/** Rows whose text is no JSON object are left out. */
const readable = (column: string): string => `CASE WHEN json_valid(${column}) THEN json_type(${column}) = 'object' END`;

function seed(db: DatabaseSync): void {
  const drop = db.prepare('DELETE FROM spells WHERE check_id = ? AND at >= ?');
  const put = db.prepare(`INSERT INTO spells SELECT ?1, ?2, ?3
    WHERE ?3 IS NOT (SELECT standing FROM spells WHERE check_id = ?1 AND at < ?2 ORDER BY at DESC LIMIT 1)`);
  const first =
    db.prepare(`SELECT min(at) AS at FROM (SELECT min(at) AS at FROM series JOIN samples ON samples.series = series.id WHERE check_id = ?1
    UNION ALL SELECT min(hour * 3600000 + first) FROM series JOIN hours ON hours.series = series.id WHERE check_id = ?1)`);
  const begun = new Set<string>();
  const hardOf = new Map<string, string>();
  const set = (check: string, at: unknown, level: unknown): void => {
    const number = standing[String(level)];
    if (!Number.isSafeInteger(at) || number === undefined) return;
    drop.run(check, at as number);
    put.run(check, at as number, number);
  };
  /** That a check was ok at first was never told: one that failed later, or never, was so from its first result. */
  const begin = (check: string, level: unknown): void => {
    if (begun.has(check)) return;
    begun.add(check);
    if (level === 'ok') set(check, first.get(check)?.at, 'ok');
  };

  const told = db.prepare(
    `SELECT kind, at, payload FROM events WHERE kind IN ('hard', 'stale', 'fresh') AND ${readable('payload')} ORDER BY id`,
  );
  for (const { kind, at, payload } of told.iterate()) {
    const { check, from, to, firstAt } = JSON.parse(String(payload)) as Record<string, unknown>;
    if (typeof check !== 'string') continue;
    begin(check, kind === 'hard' ? from : 'ok');
    if (kind === 'hard') hardOf.set(check, String(to));
    if (kind === 'hard') set(check, firstAt, to);
    else set(check, at, kind === 'stale' ? 'unknown' : (hardOf.get(check) ?? 'ok'));
  }
  // Who came back from a gap was not told either: the last state is what holds.
  for (const { check_id, body } of db.prepare(`SELECT check_id, body FROM states WHERE ${readable('body')}`).all()) {
    const { hard, since, at, staleSince } = JSON.parse(String(body)) as Record<string, unknown>;
    begin(String(check_id), hard);
    // Pending: it left the inventory, or has no result yet.
    if (hard === 'pending' || staleSince !== null) set(String(check_id), staleSince ?? since, 'unknown');
    else set(String(check_id), at, hard);
  }
}

/** The first form of the file. */
import type { Migration } from './migration.ts';

const roll =
  'ok INTEGER NOT NULL, degraded INTEGER NOT NULL, down INTEGER NOT NULL, unknown INTEGER NOT NULL, valued INTEGER NOT NULL, avg INTEGER, min INTEGER, p50 INTEGER, p95 INTEGER, max INTEGER';

export const start: Migration = {
  name: 'start',
  up(db) {
    db.exec(`
      -- One row per check and vantage. The three hour numbers say up to where samples and roll-ups have been deleted already.
      CREATE TABLE series (
        id INTEGER PRIMARY KEY, check_id TEXT NOT NULL, vantage TEXT NOT NULL,
        raw_from INTEGER NOT NULL DEFAULT 0, minutes_from INTEGER NOT NULL DEFAULT 0, hours_from INTEGER NOT NULL DEFAULT 0,
        UNIQUE (check_id, vantage)
      ) STRICT;

      -- at: epoch ms. state and value: see codec.ts. detail: reason and text of what was not ok.
      CREATE TABLE samples (
        series INTEGER NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, value INTEGER, detail TEXT,
        PRIMARY KEY (series, at)
      ) STRICT, WITHOUT ROWID;

      -- min, p50, p95 and max are NULL where they equal avg: most minutes hold one sample.
      CREATE TABLE minutes (series INTEGER NOT NULL, minute INTEGER NOT NULL, ${roll}, PRIMARY KEY (series, minute)) STRICT, WITHOUT ROWID;

      -- first, last: ms within the hour; gap: longest time between two results in a row, ms.
      CREATE TABLE hours (
        series INTEGER NOT NULL, hour INTEGER NOT NULL, ${roll}, first INTEGER NOT NULL, last INTEGER NOT NULL, gap INTEGER NOT NULL,
        PRIMARY KEY (series, hour)
      ) STRICT, WITHOUT ROWID;

      -- Hours with samples that are not rolled up yet. Written with the samples, so that none can be forgotten.
      CREATE TABLE due (series INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (series, hour)) STRICT, WITHOUT ROWID;

      CREATE TABLE events (
        id TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, subject_kind TEXT, subject TEXT, actor TEXT NOT NULL, payload TEXT NOT NULL
      ) STRICT;
      CREATE INDEX events_at ON events (at);
      CREATE INDEX events_subject ON events (subject, id);
      CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT raise(ABORT, 'events are append-only'); END;
      CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'events are append-only'); END;

      CREATE TABLE alerts (id TEXT PRIMARY KEY, first_at INTEGER NOT NULL, ended_at INTEGER, body TEXT NOT NULL) STRICT;
      CREATE INDEX alerts_ended ON alerts (ended_at, first_at);

      CREATE TABLE states (check_id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE documents (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    `);
  },
};

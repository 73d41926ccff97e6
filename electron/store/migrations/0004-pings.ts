/** The round trips of single pings, for smoke charts: one row beside the sample of each probe with many packets. */
import type { Migration } from './migration.ts';

export const pings: Migration = {
  name: 'pings',
  up(db) {
    db.exec(`
      -- Goes with its sample. rtts: see ping-codec.ts.
      CREATE TABLE pings (
        series INTEGER NOT NULL, at INTEGER NOT NULL, lost INTEGER NOT NULL, rtts BLOB NOT NULL, PRIMARY KEY (series, at)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

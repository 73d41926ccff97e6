/** Incidents that people took on, the documents about them, and every saved state of those. */
import type { Migration } from './migration.ts';

export const incidents: Migration = {
  name: 'incidents',
  up(db) {
    db.exec(`
      -- began, ended: as known when it was written last, epoch ms; ended NULL while it lasts.
      CREATE TABLE incidents (id TEXT PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER, body TEXT NOT NULL) STRICT;
      CREATE INDEX incidents_began ON incidents (began);

      -- The newest state of each document. incident, window: what it is about (one of the two).
      CREATE TABLE papers (
        id TEXT PRIMARY KEY, incident TEXT, window TEXT, revision INTEGER NOT NULL, saved_at INTEGER NOT NULL, body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX papers_incident ON papers (incident);
      CREATE INDEX papers_window ON papers (window);
      -- States that are kept, the newest included.
      CREATE TABLE revisions (
        paper TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (paper, revision)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

import type { DatabaseSync } from 'node:sqlite';

/** One step in the life of the file's form. */
export interface Migration {
  /** As in its file's name. */
  name: string;
  /** Runs within a transaction. Throws when it cannot: nothing has changed then. */
  up(db: DatabaseSync): void;
}

/** Brings a file to the newest form, with a copy of the old one beside it. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../../shared/result.ts';
import { openFailure, type StoreFailure } from './failure.ts';
import { applicationId } from './look.ts';
import type { Migration } from './migrations/migration.ts';

const backupsKept = 2;

/** A time that can stand in a file name anywhere: `2026-11-20T10-15-30.123Z`. */
export const fileTime = (at: number): string => new Date(at).toISOString().replaceAll(':', '-');

export const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);

/**
 * Runs the migrations that the file has not seen, each in a transaction of its own. A file that holds something already is copied first.
 * @param now epoch ms, for the copy's name
 */
export function migrate(db: DatabaseSync, file: string, migrations: readonly Migration[], now: number): Result<null, StoreFailure> {
  const before = versionOf(db);
  if (before >= migrations.length) return ok(null);
  let doing = 'be copied before its update';
  try {
    if (before > 0) backUp(db, file, before, now);
    for (const [index, migration] of migrations.entries()) {
      if (index < before) continue;
      doing = `be updated (step "${migration.name}")`;
      db.exec('BEGIN IMMEDIATE');
      migration.up(db);
      db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${index + 1}; COMMIT`);
    }
    // The header of the main file tells an older Nightdesk at once that it must not touch this one.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return ok(null);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    return fail(openFailure(error, doing));
  }
}

/** Copies by VACUUM INTO (a plain copy would break SQLite's locks in this process), durable before it gets its name. */
function backUp(db: DatabaseSync, file: string, version: number, now: number): void {
  const prefix = `${basename(file)}.before-update-`;
  const copy = join(dirname(file), `${prefix}${fileTime(now)}-v${version}`);
  const part = `${file}.copying`;
  rmSync(part, { force: true });
  db.prepare('VACUUM INTO ?').run(part);
  const fd = openSync(part, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(part, copy);
  const all = readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix))
    .sort();
  for (const old of all.slice(0, -backupsKept)) rmSync(join(dirname(file), old), { force: true });
}

/** Opens the file: locked, looked at, checked, set aside when damaged, brought to the newest form. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../../shared/result.ts';
import { isDamage, openFailure, type StoreFailure } from './failure.ts';
import { closeQuietly, takeLock } from './lock.ts';
import { applicationId, type Look, lookAt } from './look.ts';
import { fileTime, migrate, versionOf } from './migrate.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { clear, isSuspect } from './suspect.ts';

export const storeFileName = 'nightdesk.db';
const databaseFile = (folder: string): string => join(folder, storeFileName);

/** A damaged file that was put out of the way. */
export interface SetAside {
  /** Where it is now. */
  file: string;
  why: string;
}

export interface Opened {
  db: DatabaseSync;
  file: string;
  setAside: SetAside | null;
  /** Closes the file and lets go of the folder. Never throws. */
  close(): void;
}

/**
 * Up to this size the whole file is checked at start (measured: 3 ms per MB); of a bigger one only the tables that hold what people
 * wrote, unless damage was met while it was in use (see suspect.ts).
 */
const wholeCheckBytes = 192 * 1024 * 1024;
const smallTables = [
  'series',
  'due',
  'events',
  'alerts',
  'states',
  'documents',
  'spells',
  'windows',
  'silences',
  'incidents',
  'papers',
  'revisions',
];

/**
 * Opens the database of a data folder for this process alone; makes folder and file where there are none.
 * @param options.now epoch ms, for the names of set-aside files and backups
 * @param options.isScratch nobody needs it after a crash (a drill): nothing waits for the disk
 */
export function openDatabase(options: {
  folder: string;
  now: number;
  migrations?: readonly Migration[];
  isScratch?: boolean;
}): Result<Opened, StoreFailure> {
  const { folder, now, migrations = allMigrations, isScratch = false } = options;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail(openFailure(error));
  }
  const lock = takeLock(folder);
  if (!lock.ok) return lock;
  const opened = openLocked(databaseFile(folder), now, migrations);
  if (!opened.ok) {
    lock.value();
    return opened;
  }
  const { db, setAside } = opened.value;
  if (isScratch) db.exec('PRAGMA synchronous = OFF');
  const close = () => {
    closeQuietly(db);
    lock.value();
  };
  return ok({ db, setAside, file: databaseFile(folder), close });
}

/** A database that is gone when it is closed, for who needs no file. */
export function openInMemory(now: number): Result<Opened, StoreFailure> {
  const file = ':memory:';
  const db = connect(file);
  const migrated = migrate(db, file, allMigrations, now);
  return migrated.ok ? ok({ db, file, setAside: null, close: () => closeQuietly(db) }) : migrated;
}

function openLocked(
  file: string,
  now: number,
  migrations: readonly Migration[],
): Result<{ db: DatabaseSync; setAside: SetAside | null }, StoreFailure> {
  let db: DatabaseSync | null = null;
  try {
    const look = lookAt(file);
    const refusal = refuse(look, migrations.length);
    if (refusal) return fail(refusal);
    const damage = look.found === 'damaged' ? look.why : look.found === 'database' ? findDamage(file, look.bytes) : null;
    const setAside = damage === null ? null : { file: putAside(file, now), why: damage };
    clear(file);
    db = connect(file);
    const migrated = migrate(db, file, migrations, now);
    if (!migrated.ok) {
      closeQuietly(db);
      return migrated;
    }
    return ok({ db, setAside });
  } catch (error) {
    if (db) closeQuietly(db);
    return fail(openFailure(error));
  }
}

/** Files that must not be touched. */
function refuse(look: Look, known: number): StoreFailure | null {
  if (look.found !== 'database') return null;
  if (look.application !== applicationId && look.application !== 0) {
    return {
      code: 'cannot-open',
      text: 'The data file belongs to another program. It has not been touched. Start Nightdesk with another data folder.',
    };
  }
  if (look.version > known) return newerVersion(look.version, known);
  return null;
}

const newerVersion = (version: number, known: number): StoreFailure => ({
  code: 'newer-version',
  text: `The data file was written by a newer Nightdesk (its form is ${version}, this one knows up to ${known}). It has not been touched. Start the newer Nightdesk, or use another data folder.`,
});

/** @returns what is wrong with the file's content, or null. Read-only: a file that is set aside stays as it was found. */
function findDamage(file: string, bytes: number): string | null {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    const whole = bytes <= wholeCheckBytes || isSuspect(file);
    const there = new Set(
      db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all()
        .map((row) => String(row.name)),
    );
    const checks = whole
      ? ['PRAGMA quick_check(1)']
      : smallTables.filter((table) => there.has(table)).map((table) => `PRAGMA quick_check('${table}')`);
    for (const check of checks) {
      const said = String(Object.values(db.prepare(check).get() ?? {})[0] ?? 'no answer');
      if (said !== 'ok') return said;
    }
    return null;
  } catch (error) {
    if (isDamage(error)) return error instanceof Error ? error.message : 'it cannot be read';
    throw error;
  } finally {
    if (db) closeQuietly(db);
  }
}

/** Renames the file and its side files. @returns the new path */
function putAside(file: string, now: number): string {
  let aside = `${file}.damaged-${fileTime(now)}`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${file}.damaged-${fileTime(now)}-${n}`;
  for (const side of ['-wal', '-shm']) if (existsSync(file + side)) renameSync(file + side, aside + side);
  renameSync(file, aside);
  return aside;
}

function connect(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 1_000 });
  try {
    // The log grows to 16 MB before it is brought home: the last page of every series is written again and again, and goes home once.
    // auto_vacuum counts only before the first table. fullfsync: on macOS a plain fsync leaves data in the drive's cache.
    db.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 33554432;
      PRAGMA cache_size = -8000;
    `);
    return db;
  } catch (error) {
    closeQuietly(db);
    throw error;
  }
}

/** Opens the file beside a running engine (or without one) for reading alone: no lock, no update, no repair. */
export function openReadOnly(folder: string): Result<{ db: DatabaseSync; file: string; close(): void }, StoreFailure> {
  const file = databaseFile(folder);
  let db: DatabaseSync | null = null;
  try {
    const look = lookAt(file);
    if (look.found === 'nothing')
      return fail({ code: 'cannot-open', text: `There is no data file in this folder yet (${basename(file)}).` });
    if (look.found === 'damaged')
      return fail({ code: 'cannot-open', text: `The data file is damaged: ${look.why}. Start Nightdesk, and it sets the file aside.` });
    const refusal = refuse(look, allMigrations.length);
    if (refusal) return fail(refusal);
    const reading = new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
    db = reading;
    if (versionOf(reading) < allMigrations.length) {
      closeQuietly(reading);
      return fail({
        code: 'cannot-open',
        text: 'The data file was written by an older Nightdesk. Start this one once, and it brings the file up to date.',
      });
    }
    return ok({ db: reading, file, close: () => closeQuietly(reading) });
  } catch (error) {
    if (db) closeQuietly(db);
    return fail(openFailure(error));
  }
}

/**
 * One engine per data folder. The lock is an exclusive transaction on an empty SQLite file of its own: the operating system lets go of
 * it when the process ends, however it ends, so there are no stale locks and no process numbers to guess about.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../../shared/result.ts';
import { isBusy, isDamage, openFailure, type StoreFailure } from './failure.ts';

const inUse: StoreFailure = {
  code: 'in-use',
  text: 'Another Nightdesk is already using this data folder. Close it, or start this one with another data folder.',
};

/**
 * Takes the folder for this process.
 * @returns a function that lets go of it; it never throws. The empty file stays: removing it would let two engines in.
 */
export function takeLock(folder: string): Result<() => void, StoreFailure> {
  const file = join(folder, 'nightdesk.lock');
  for (let attempt = 1; ; attempt += 1) {
    let db: DatabaseSync | null = null;
    try {
      db = new DatabaseSync(file);
      db.exec('BEGIN EXCLUSIVE');
      const held = db;
      return ok(() => closeQuietly(held));
    } catch (error) {
      if (db) closeQuietly(db);
      if (isBusy(error)) return fail(inUse);
      // Somebody put other content there; whoever holds the lock would have made this "busy".
      if (isDamage(error) && attempt === 1) rmSync(file, { force: true });
      else return fail(openFailure(error, 'be locked'));
    }
  }
}

/** Closes a connection; never throws. */
export function closeQuietly(db: DatabaseSync): void {
  try {
    if (db.isOpen) db.close();
  } catch {
    // Nothing can be done, and the operating system closes it with the process.
  }
}

/** Turns SQLite's result codes into our failures. Decided on numbers (sqlite.org/rescode.html), never on text. */
import { clean } from '../../shared/text.ts';

/** Why the store could not be opened. */
export interface StoreFailure {
  code: 'newer-version' | 'in-use' | 'cannot-open';
  /** For people: what happened and what to do. */
  text: string;
}

/** Why something was not written. Nothing of it is in the file then. */
export interface WriteFailure {
  code: 'full' | 'io' | 'bug';
  text: string;
}

const primary = {
  perm: 3,
  busy: 5,
  locked: 6,
  nomem: 7,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  protocol: 15,
  nolfs: 22,
  notadb: 26,
};
const shortRead = 522;
/** The side file could not grow: in practice no room on the disk (SQLITE_IOERR_SHMSIZE). */
const shmSize = 4874;

/** SQLite's extended result code, or null when the error is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code : null;
}

/** Node's code of a file system error (`EACCES`), or null. */
const systemCode = (error: unknown): string | null => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
};

const messageOf = (error: unknown): string => clean(error instanceof Error ? error.message : String(error));

/** True when the file's content is wrong, as against the disk or the rights. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code === shortRead || (code & 0xff) === primary.corrupt || (code & 0xff) === primary.notadb);
}

export const isBusy = (error: unknown): boolean => ((sqliteCode(error) ?? 0) & 0xff) === primary.busy;

export const isFull = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return (code !== null && ((code & 0xff) === primary.full || code === shmSize)) || systemCode(error) === 'ENOSPC';
};

const ioCodes = new Set(Object.values(primary));

/** Says why a write failed. */
export function writeFailure(error: unknown): WriteFailure {
  if (isFull(error)) return { code: 'full', text: 'The disk is full: nothing can be saved. Make room, and saving goes on by itself.' };
  const code = sqliteCode(error);
  if (isDamage(error))
    return {
      code: 'io',
      text: 'The data file is damaged: nothing can be saved. Restart Nightdesk, and it sets the file aside and begins a new one.',
    };
  if (code !== null && ioCodes.has(code & 0xff)) {
    return {
      code: 'io',
      text: `The data file cannot be written (${messageOf(error)}). Look at the disk and the rights of the data folder.`,
    };
  }
  return { code: 'bug', text: `Saving failed for a reason that Nightdesk does not know (${messageOf(error)}).` };
}

/** Says why the file could not be opened. */
export function openFailure(error: unknown, doing = 'be opened'): StoreFailure {
  const why = isFull(error) ? 'the disk is full' : messageOf(error);
  return { code: 'cannot-open', text: `The data file cannot ${doing}: ${why}. Look at the disk and the rights of the data folder.` };
}

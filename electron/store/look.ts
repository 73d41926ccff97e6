/**
 * Looks at a database file without SQLite, so that nothing of it is touched, not even its side files: a file from a newer Nightdesk
 * must come back exactly as it was. Format: sqlite.org/fileformat2.html, sections 1.3 and 4.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** `NDsk`: marks our files in SQLite's header. */
export const applicationId = 0x4e44736b;

export type Look =
  | { found: 'nothing' }
  | { found: 'damaged'; why: string }
  | { found: 'database'; version: number; application: number; bytes: number };

const headerBytes = 100;
const magic = 'SQLite format 3\0';

/** @throws file system errors other than "not there" */
export function lookAt(file: string): Look {
  const head = readFile(file, (fd) => {
    const header = Buffer.alloc(headerBytes);
    return { header, read: readSync(fd, header, 0, headerBytes, 0), bytes: fstatSync(fd).size };
  });
  if (!head || head.bytes === 0) return { found: 'nothing' };
  if (head.read < headerBytes) return { found: 'damaged', why: 'it ends within its header' };
  if (head.header.toString('latin1', 0, 16) !== magic) return { found: 'damaged', why: 'it is not a database file any more' };
  const marks = readFile(`${file}-wal`, marksInLog) ?? marksOf(head.header);
  return { found: 'database', ...marks, bytes: head.bytes };
}

interface Marks {
  version: number;
  application: number;
}
const marksOf = (page: Buffer): Marks => ({ version: page.readInt32BE(60), application: page.readInt32BE(68) });

/** The newest committed first page in a write-ahead log; null when there is none. */
function marksInLog(fd: number): Marks | null {
  const head = Buffer.alloc(32);
  if (readSync(fd, head, 0, 32, 0) < 32 || (head.readUInt32BE(0) & ~1) !== 0x377f0682) return null;
  const pageBytes = head.readUInt32BE(8);
  const frame = Buffer.alloc(24 + headerBytes);
  let seen: Marks | null = null;
  let committed: Marks | null = null;
  for (let at = 32; readSync(fd, frame, 0, frame.length, at) === frame.length; at += 24 + pageBytes) {
    // Frames of an earlier round carry other salts: the log ends there.
    if (frame.compare(head, 16, 24, 8, 16) !== 0) break;
    if (frame.readUInt32BE(0) === 1) seen = marksOf(frame.subarray(24));
    if (frame.readUInt32BE(4) !== 0) committed = seen;
  }
  return committed;
}

/** Reads from a file; null when there is none. */
function readFile<T>(file: string, read: (fd: number) => T): T | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return read(fd);
  } finally {
    closeSync(fd);
  }
}

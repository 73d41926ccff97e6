/** Writes files whole or not at all. */
import { randomBytes } from 'node:crypto';
import { link, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** `exists`: there is such a file, and it was left alone. `reason`: the middle of a sentence. */
export interface WriteFileFailure {
  code: 'exists' | 'not-written';
  reason: string;
}

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'that disk is read-only',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not a folder',
  ENAMETOOLONG: 'its name is too long',
};
const failure = (error: unknown): WriteFileFailure => ({
  code: 'not-written',
  reason: reasons[codeOf(error)] ?? 'the file cannot be written',
});
const exists: WriteFileFailure = { code: 'exists', reason: 'there is a file of that name already' };

/**
 * Writes a file so that there is never half of it: into a new file beside it, to the disk, then in its place.
 * @param overwrite a person said so; else what is there stays
 */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  overwrite: boolean,
): Promise<Result<{ file: string }, WriteFileFailure>> {
  // A link stays one: what it leads to is written.
  const target = await realpath(file).catch(() => file);
  const before = await stat(target).catch(() => null);
  if (before && !overwrite) return fail(exists);
  // The place of a device or a pipe is not for a file to take.
  if (before && !before.isFile())
    return fail({ code: 'not-written', reason: before.isDirectory() ? 'there is a folder of that name' : 'what is there is no file' });
  const part = join(dirname(target), `.nightdesk-${randomBytes(6).toString('hex')}.part`);
  try {
    // What others may do with it stays as it was.
    const handle = await open(part, 'wx', before ? before.mode & 0o777 : 0o666);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (overwrite) await rename(part, target);
    else await putInPlace(part, target);
    await syncFolder(dirname(target));
    return ok({ file });
  } catch (error) {
    await unlink(part).catch(() => {});
    return fail(codeOf(error) === 'EEXIST' ? exists : failure(error));
  }
}

/** rename() takes the place of what is there; link() does not, but not every file system has it. */
async function putInPlace(part: string, target: string): Promise<void> {
  try {
    await link(part, target);
    await unlink(part);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    // Takes the name, so that nobody else can in between.
    await (await open(target, 'wx')).close();
    await rename(part, target);
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some file systems cannot; the file itself is on the disk.
  }
}

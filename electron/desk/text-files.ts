/** Reads and writes the files that a person chose in a dialog. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Reply } from '../../shared/bind.ts';
import { fail, ok } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { writeWhole } from '../documents/write-file.ts';

const mostBytes = 5_000_000;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const notRead: Record<string, string> = {
  ENOENT: 'it is not there any more',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

/**
 * Writes a file whole or not at all.
 * @param what "The draft": begins the sentence where it cannot be written
 * @param overwrite a person said so
 */
export async function writeChosen(
  file: string,
  content: string | Uint8Array,
  what: string,
  overwrite: boolean,
): Promise<Reply<{ file: string }>> {
  const written = await writeWhole(file, content, overwrite);
  if (written.ok) return written;
  const { code, reason } = written.failure;
  return fail({ code, text: `${what} was not written to ${file}: ${reason}. Choose another place; nothing is lost.` });
}

/** Reads a text file of at most 5 MB, UTF-8 with or without its mark. */
export async function readText(file: string): Promise<Reply<{ name: string; content: string }>> {
  const name = clean(basename(file), 200);
  try {
    // Looked at before it is opened: a pipe would hold up whoever opens it, and a device has no end.
    const found = await stat(file);
    if (!found.isFile())
      return fail({ code: 'not-read', text: `${name} cannot be read: it is ${found.isDirectory() ? 'a folder' : 'not a file'}.` });
    const handle = await open(file, 'r');
    try {
      // One byte more than fits: a file may grow while it is read.
      const bytes = Buffer.alloc(Math.min(found.size, mostBytes) + 1);
      const length = await fill(handle, bytes);
      if (length > mostBytes)
        return fail({ code: 'too-large', text: `${name} is larger than 5 MB, and so was not read. Take a shorter piece of it.` });
      return decode(name, bytes.subarray(0, length));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return fail({ code: 'not-read', text: `${name} cannot be read: ${notRead[codeOf(error)] ?? 'the disk gave an error'}.` });
  }
}

/** Reads until the buffer is full or the file ends. @returns how many bytes there are */
async function fill(handle: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<number> {
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

function decode(name: string, bytes: Buffer): Reply<{ name: string; content: string }> {
  const binary = fail({
    code: 'not-text',
    text: `${name} is not a plain text file. Save it as text (CSV or TXT) in UTF-8, and choose it again.`,
  });
  if (bytes.includes(0)) return binary;
  try {
    return ok({ name, content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) });
  } catch {
    return binary;
  }
}

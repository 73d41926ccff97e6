import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readText, writeChosen } from '../../electron/desk/text-files.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('text-files');
afterAll(removeTemporaryFolders);
const written = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('reading a text file', () => {
  const good: [string, string | Uint8Array, string][] = [
    ['plain.csv', 'at,what\n', 'at,what\n'],
    ['empty.txt', '', ''],
    ['with-mark.csv', new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), 'a'],
    ['umlauts.txt', 'Größe 漢字 🎉', 'Größe 漢字 🎉'],
    ['just-fits.txt', 'x'.repeat(5_000_000), 'x'.repeat(5_000_000)],
  ];
  it.each(good)('%s', async (name, content, expected) => {
    const read = await readText(written(name, content));
    expect(read.ok && read.value.name).toBe(name);
    expect(read.ok && read.value.content === expected).toBe(true);
  });
  const bad: [string, string | Uint8Array, string, RegExp][] = [
    ['too-large.txt', 'x'.repeat(5_000_001), 'too-large', /larger than 5 MB/],
    ['zeros.bin', new Uint8Array([0x61, 0, 0x62]), 'not-text', /not a plain text file\. Save it as text/],
    ['picture.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47]), 'not-text', /not a plain text file/],
    ['latin1.csv', new Uint8Array([0x47, 0x72, 0xf6, 0xdf, 0x65]), 'not-text', /in UTF-8/],
    ['utf16.csv', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'not-text', /in UTF-8/],
  ];
  it.each(bad)('%s is refused', async (name, content, code, words) => {
    const read = await readText(written(name, content));
    expect(read).toMatchObject({ ok: false, failure: { code, text: expect.stringMatching(words) } });
  });
  it('what is gone, and what is no file', async () => {
    mkdirSync(join(folder, 'a-folder'), { recursive: true });
    expect(await readText(join(folder, 'gone.txt'))).toMatchObject({
      failure: { text: 'gone.txt cannot be read: it is not there any more.' },
    });
    expect(await readText(join(folder, 'a-folder'))).toMatchObject({ failure: { text: 'a-folder cannot be read: it is a folder.' } });
    if (process.platform !== 'win32')
      expect(await readText('/dev/zero')).toMatchObject({ failure: { text: expect.stringContaining('not a file') } });
  });
});

describe('writing one', () => {
  it('writes, and says where', async () => {
    const file = join(folder, 'out.csv');
    expect(await writeChosen(file, 'a,b\n', 'The table', true)).toEqual({ ok: true, value: { file } });
    expect(await readFile(file, 'utf8')).toBe('a,b\n');
  });
  it('says what was not written, and that nothing is lost', async () => {
    const file = join(folder, 'no-such-folder', 'out.csv');
    expect(await writeChosen(file, '', 'The table', true)).toMatchObject({
      ok: false,
      failure: {
        code: 'not-written',
        text: expect.stringMatching(/^The table was not written to .+Choose another place; nothing is lost\.$/),
      },
    });
  });
});

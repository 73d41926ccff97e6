import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeWhole } from '../../../electron/documents/write-file.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('write-file');
afterAll(removeTemporaryFolders);
let n = 0;
const fresh = (): string => {
  const own = join(folder, String(n++));
  mkdirSync(own);
  return own;
};

describe('writing a file whole', () => {
  it('writes text and bytes, and leaves nothing else behind', async () => {
    const own = fresh();
    expect(await writeWhole(join(own, 'a.md'), 'Größe', false)).toEqual({ ok: true, value: { file: join(own, 'a.md') } });
    expect((await writeWhole(join(own, 'b.docx'), new Uint8Array([0, 255]), false)).ok).toBe(true);
    expect(readdirSync(own)).toEqual(['a.md', 'b.docx']);
    expect([readFileSync(join(own, 'a.md'), 'utf8'), [...readFileSync(join(own, 'b.docx'))]]).toEqual(['Größe', [0, 255]]);
  });
  it('leaves what is there alone, unless it may go', async () => {
    const file = join(fresh(), 'a');
    writeFileSync(file, 'mine');
    expect(await writeWhole(file, 'yours', false)).toMatchObject({ ok: false, failure: { code: 'exists' } });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await writeWhole(file, 'yours', true)).ok).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('yours');
  });
  it('of two that write one name at once, one does, and the file is whole', async () => {
    const own = fresh();
    const file = join(own, 'a');
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => writeWhole(file, String(i).repeat(100_000), false)));
    expect(all.filter((it) => it.ok)).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).toBe(String(all.findIndex((it) => it.ok)).repeat(100_000));
    expect(readdirSync(own)).toEqual(['a']);
  });
  it('keeps rights, and what a link leads to', async () => {
    const own = fresh();
    const real = join(own, 'real');
    writeFileSync(real, 'old');
    chmodSync(real, 0o600);
    symlinkSync(real, join(own, 'link'));
    expect((await writeWhole(join(own, 'link'), 'new', true)).ok).toBe(true);
    expect([readFileSync(real, 'utf8'), statSync(real).mode & 0o777]).toEqual(['new', 0o600]);
  });
  it.each<[string, (own: string) => string, string]>([
    ['a folder that is not there', (own) => join(own, 'none', 'a'), 'its folder is not there'],
    ['a folder of that name', (own) => own, 'there is a folder of that name'],
    ['a folder that is a file', (own) => join(own, 'file', 'a'), 'its folder is not a folder'],
    ['a name that is too long', (own) => join(own, 'x'.repeat(300)), 'its name is too long'],
    ['a device', () => '/dev/null', 'what is there is no file'],
  ])('%s is named', async (_name, of, reason) => {
    const own = fresh();
    writeFileSync(join(own, 'file'), '');
    expect(await writeWhole(of(own), 'x', true)).toEqual({ ok: false, failure: { code: 'not-written', reason } });
    expect(readdirSync(own)).toEqual(['file']);
    expect(existsSync('/dev/null')).toBe(true);
  });
});

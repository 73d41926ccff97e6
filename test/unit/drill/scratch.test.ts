/** The folder of a drill's store: a drill's own goes, and nothing else. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { beginScratch, endScratch } from '../../../electron/drill/scratch.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);
let data: string;
let folder: string;
beforeEach(() => {
  data = temporaryFolder('scratch');
  folder = join(data, 'drill');
});

it('is made, emptied for the next drill, and gone at the end', () => {
  expect(beginScratch(folder)).toMatchObject({ ok: true });
  writeFileSync(join(folder, 'nightdesk.db'), 'first');
  mkdirSync(join(folder, 'more'));
  expect(beginScratch(folder)).toMatchObject({ ok: true });
  expect(readdirSync(folder)).toEqual(['drill.txt']);
  writeFileSync(join(folder, 'nightdesk.db'), 'second');
  endScratch(folder);
  expect(existsSync(folder)).toBe(false);
  endScratch(folder);
});

it('takes an empty folder, which is nobody’s', () => {
  mkdirSync(folder);
  expect(beginScratch(folder)).toMatchObject({ ok: true });
});

it('leaves a folder alone in which something else lies', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'nightdesk.db'), 'the history of a year');
  const begun = beginScratch(folder);
  expect(begun.ok ? '' : begun.failure).toContain('something else is there. It was not touched');
  endScratch(folder);
  expect(readFileSync(join(folder, 'nightdesk.db'), 'utf8')).toBe('the history of a year');
  expect(readdirSync(folder)).toEqual(['nightdesk.db']);
});

it('follows no link, neither as the folder nor within it', () => {
  const elsewhere = join(data, 'elsewhere');
  expect(beginScratch(elsewhere)).toMatchObject({ ok: true });
  symlinkSync(elsewhere, folder);
  expect(beginScratch(folder)).toMatchObject({ ok: false });
  endScratch(folder);
  expect(readdirSync(elsewhere)).toEqual(['drill.txt']);
  const own = join(data, 'own');
  expect(beginScratch(own)).toMatchObject({ ok: true });
  symlinkSync(elsewhere, join(own, 'link'));
  endScratch(own);
  expect(existsSync(own)).toBe(false);
  expect(readdirSync(elsewhere)).toEqual(['drill.txt']);
});

it('says so where nothing can be written', () => {
  writeFileSync(join(data, 'file'), '');
  const begun = beginScratch(join(data, 'file', 'drill'));
  expect(begun.ok ? '' : begun.failure).toMatch(/cannot be written to \(ENOTDIR\)/);
});

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readInventoryFile } from '../../electron/inventory/read.ts';
import { ensureInventory, starterInventory } from '../../electron/inventory/starter.ts';
import { type InventoryWatch, watchInventory } from '../../electron/inventory/watch.ts';
import { addSite, applyEdit } from '../../electron/inventory/write.ts';
import { ok } from '../../shared/result.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightdesk-inventory-'));
  file = join(folder, 'inventory.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('readInventoryFile', () => {
  const problem = async (path: string): Promise<string> => {
    const read = await readInventoryFile(path);
    if (read.ok) return 'fine';
    expect(read.failure).toHaveLength(1);
    expect(read.failure[0]).toMatchObject({ line: 1, column: 1, where: '' });
    return read.failure[0]?.expected ?? '';
  };

  test('gives the inventory with the text it was read from', async () => {
    await writeFile(file, 'sites:\n  - id: sd\n');
    const read = await readInventoryFile(file);
    expect(read.ok && [read.value.text, read.value.inventory.sites[0]?.id]).toEqual(['sites:\n  - id: sd\n', 'sd']);
  });

  test('says in words why a file cannot be read', async () => {
    expect(await problem(file)).toBe(`an inventory file; there is no ${file}`);
    expect(await problem(join(file, 'below'))).toContain('there is no');
    expect(await problem(folder)).toBe(`a file; ${folder} is a folder`);
    await writeFile(file, Buffer.from([0x68, 0xff, 0xfe, 0x3a]));
    expect(await problem(file)).toBe(`text in UTF-8; ${file} is written in another encoding`);
    await writeFile(file, 'x'.repeat(5_000_001));
    expect(await problem(file)).toBe(`a file of at most 5 MB; ${file} is larger`);
    await symlink('loop', join(folder, 'loop'));
    expect(await problem(join(folder, 'loop'))).toContain('reading failed (ELOOP)');
  });

  test('a named pipe and a device are no files, and do not hang', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await problem(pipe)).toBe(`a file; ${pipe} is none`);
    expect(await problem('/dev/zero')).toBe('a file; /dev/zero is none');
  });
});

describe('watchInventory', () => {
  let watching: InventoryWatch | undefined;
  afterEach(() => watching?.close());
  const calm = 400;
  const start = (path = file, pollMs = 60_000) => {
    const changed = vi.fn();
    watching = watchInventory(path, changed, { debounceMs: 50, pollMs });
    return changed;
  };
  const once = async (changed: ReturnType<typeof vi.fn>, change: () => Promise<unknown>): Promise<void> => {
    changed.mockClear();
    await change();
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5_000, interval: 20 });
    await wait(calm / 2);
    expect(changed).toHaveBeenCalledTimes(1);
  };
  const never = async (changed: ReturnType<typeof vi.fn>, change: () => Promise<unknown>): Promise<void> => {
    changed.mockClear();
    await change();
    await wait(calm);
    expect(changed).not.toHaveBeenCalled();
  };

  test('tells of a file that was saved, replaced, removed and put back, once each', async () => {
    await writeFile(file, 'a: 1\n');
    const changed = start();
    await once(changed, () => writeFile(file, 'a: 2\n'));
    await once(changed, async () => {
      await writeFile(join(folder, 'new'), 'a: 3\n');
      await rename(join(folder, 'new'), file);
    });
    await once(changed, () => unlink(file));
    await once(changed, () => writeFile(file, 'a: 3\n'));
    // An editor that keeps the old file and writes a new one.
    await once(changed, async () => {
      await rename(file, `${file}~`);
      await writeFile(file, 'a: 4\n');
    });
  });

  test('says nothing of a file that was only touched, or replaced by an equal one, or of its neighbours', async () => {
    await writeFile(file, 'a: 1\n');
    const changed = start();
    await never(changed, () => utimes(file, new Date(), new Date()));
    await never(changed, () => writeFile(file, 'a: 1\n'));
    await never(changed, async () => {
      await writeFile(join(folder, 'new'), 'a: 1\n');
      await rename(join(folder, 'new'), file);
    });
    await never(changed, () => writeFile(join(folder, 'other.yaml'), 'b: 1\n'));
    await never(changed, async () => {
      await writeFile(file, 'a: 2\n');
      await writeFile(file, 'a: 1\n');
    });
  });

  test('tells of a hundred changes in a row only when it is calm', async () => {
    await writeFile(file, 'a: 0\n');
    const changed = start();
    await once(changed, async () => {
      // Without a pause for anybody: on a busy computer a hundred awaited writes are no row.
      for (let i = 1; i <= 100; i += 1) writeFileSync(file, `a: ${i}\n`);
    });
  });

  test('follows a link to what it leads to, and notices that it was turned', async () => {
    const one = join(folder, 'one');
    const two = join(folder, 'two');
    await mkdir(one);
    await mkdir(two);
    await writeFile(join(one, 'inventory.yaml'), 'a: 1\n');
    await writeFile(join(two, 'inventory.yaml'), 'a: 2\n');
    // As in a mounted config map: the file leads through a link that is turned to another folder.
    await symlink('one', join(folder, 'data'));
    await symlink('data/inventory.yaml', file);
    const changed = start();
    await once(changed, () => writeFile(join(one, 'inventory.yaml'), 'a: 3\n'));
    await once(changed, async () => {
      await symlink('two', join(folder, 'next'));
      await rename(join(folder, 'next'), join(folder, 'data'));
    });
    await once(changed, () => writeFile(join(two, 'inventory.yaml'), 'a: 4\n'));
    await never(changed, () => writeFile(join(one, 'inventory.yaml'), 'a: 5\n'));
  });

  test('finds a change in a folder that was removed and made anew, by its slow look', async () => {
    const below = join(folder, 'config');
    const path = join(below, 'inventory.yaml');
    await mkdir(below);
    await writeFile(path, 'a: 1\n');
    const changed = start(path, 100);
    await once(changed, () => rm(below, { recursive: true }));
    await once(changed, async () => {
      await mkdir(below);
      await writeFile(path, 'a: 2\n');
    });
    await once(changed, () => writeFile(path, 'a: 3\n'));
  });

  test('waits for a file whose folder is not there yet', async () => {
    const path = join(folder, 'later', 'inventory.yaml');
    const changed = start(path, 100);
    await once(changed, async () => {
      await mkdir(join(folder, 'later'));
      await writeFile(path, 'a: 1\n');
    });
  });

  test('is silent once it is closed', async () => {
    await writeFile(file, 'a: 1\n');
    const changed = start();
    await writeFile(file, 'a: 2\n');
    watching?.close();
    await wait(calm);
    expect(changed).not.toHaveBeenCalled();
  });
});

describe('applyEdit', () => {
  const site = (id: string) => (text: string) => addSite(text, { id, name: id.toUpperCase(), timezone: null });
  const before = '# ours\nsites:\n  - id: a # first\n';

  test('writes the new text, keeps mode and link, leaves nothing behind', async () => {
    const real = join(folder, 'real.yaml');
    await writeFile(real, before);
    await chmod(real, 0o640);
    await symlink('real.yaml', file);
    expect(await applyEdit(file, site('b'))).toEqual(ok(null));
    expect(await readFile(real, 'utf8')).toBe(`${before}  - id: b\n    name: B\n`);
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['inventory.yaml', 'real.yaml']);
  });

  test('whoever has the old file open keeps reading it whole', async () => {
    await writeFile(file, before);
    await link(file, join(folder, 'old'));
    await applyEdit(file, site('b'));
    expect(await readFile(join(folder, 'old'), 'utf8')).toBe(before);
  });

  test('refuses when the file was changed meanwhile, and leaves that change alone', async () => {
    await writeFile(file, before);
    const reply = await applyEdit(file, (text) => {
      execFileSync('sh', ['-c', 'echo "# by another hand" >> "$0"', file]);
      return site('b')(text);
    });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'changed-meanwhile' } });
    expect(await readFile(file, 'utf8')).toBe(`${before}# by another hand\n`);
    expect(await readdir(folder)).toEqual(['inventory.yaml']);
  });

  test.each([
    ['id-taken', before, 'a'],
    ['inventory-invalid', 'sites: 5\n', 'b'],
  ])('an edit that fails with %s changes nothing', async (code, text, id) => {
    await writeFile(file, text);
    expect(await applyEdit(file, site(id))).toMatchObject({ ok: false, failure: { code } });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('says so when there is no file', async () => {
    expect(await applyEdit(file, site('b'))).toMatchObject({ ok: false, failure: { code: 'missing' } });
    expect(await readdir(folder)).toEqual([]);
  });

  test('ten edits at once are done one after the other, and none is lost', async () => {
    await writeFile(file, before);
    const ids = Array.from({ length: 10 }, (_, i) => `s${i}`);
    expect(await Promise.all(ids.map((id) => applyEdit(file, site(id))))).toEqual(ids.map(() => ok(null)));
    const read = await readInventoryFile(file);
    expect(read.ok && read.value.inventory.sites.map((it) => it.id)).toEqual(['a', ...ids]);
  });

  test('the watch tells of an edit once', async () => {
    await writeFile(file, before);
    const changed = vi.fn();
    const watching = watchInventory(file, changed, { debounceMs: 50 });
    await applyEdit(file, site('b'));
    await wait(400);
    expect(changed).toHaveBeenCalledTimes(1);
    watching.close();
  });
});

describe('ensureInventory', () => {
  const computer = { hostname: 'desk', timezone: 'Europe/Berlin' };

  test('writes the starter into folders that it makes, and only once', async () => {
    const path = join(folder, 'a', 'b', 'inventory.yaml');
    expect(await ensureInventory(path, computer)).toEqual(ok({ written: true }));
    expect(await readFile(path, 'utf8')).toBe(starterInventory(computer));
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    await writeFile(path, 'mine');
    expect(await ensureInventory(path, computer)).toEqual(ok({ written: false }));
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['inventory.yaml']);
  });

  test('a link that leads nowhere is a file of somebody, too', async () => {
    await symlink('gone.yaml', file);
    expect(await ensureInventory(file, computer)).toEqual(ok({ written: false }));
  });

  test('says so where nothing can be written', async () => {
    await writeFile(file, '');
    expect(await ensureInventory(join(file, 'inventory.yaml'), computer)).toMatchObject({ ok: false, failure: { code: 'not-written' } });
  });
});

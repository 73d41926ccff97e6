/** Opening the store: from nothing, from older and newer files, from damaged ones, and only once. Real files throughout. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../electron/store/database.ts';
import { applicationId, lookAt } from '../../electron/store/look.ts';
import { migrations } from '../../electron/store/migrations/index.ts';
import { type Batch, openStore, openStoreToRead, type Store, storeFileName } from '../../electron/store/store.ts';
import { isSuspect } from '../../electron/store/suspect.ts';

const now = Date.UTC(2026, 10, 20, 3, 4, 5, 678);
const retention = { rawMs: 7 * 86_400_000, minutesMs: 90 * 86_400_000, hoursMs: 1_825 * 86_400_000 };
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
  file = join(folder, storeFileName);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openStore({ folder, now: () => now, retention });
function opened(): Store {
  const result = open();
  if (!result.ok) throw new Error(result.failure.text);
  return result.value.store;
}
const batch = (samples: number): Partial<Batch> => ({
  samples: Array.from({ length: samples }, (_, i) => ({
    check: 'icmp.web1.main',
    at: now + i,
    vantage: 'desk',
    value: i,
    state: 'ok',
    detail: null,
  })),
  events: [{ id: '01NOTE', at: now, kind: 'note', subject: null, actor: 'Ada', payload: { text: 'kept' } }],
  states: [],
  alerts: [],
  spells: [],
  windows: [],
  silences: [],
  documents: [],
});
const fill = (samples: number) => {
  const store = opened();
  expect(store.commit(batch(samples))).toEqual({ ok: true, value: null });
  store.close();
};
/** Names, sizes and contents of everything but the lock. */
const fingerprint = (of = folder) =>
  readdirSync(of)
    .filter((name) => !name.endsWith('.lock'))
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(of, name)))
          .digest('hex')}`,
    );
/** A copy of the file and its side files as a power cut leaves them: what was written last stands in the log alone. @returns its path */
const cutOff = (write: (db: DatabaseSync) => void): string => {
  fill(5_000);
  const db = new DatabaseSync(file);
  db.exec('PRAGMA wal_autocheckpoint = 0');
  write(db);
  const elsewhere = join(folder, 'cut-off');
  mkdirSync(elsewhere);
  for (const side of ['', '-wal', '-shm']) copyFileSync(file + side, join(elsewhere, storeFileName + side));
  db.close();
  return join(elsewhere, storeFileName);
};
/** As a newer Nightdesk would leave it. */
const makeNewer = (version: number) => {
  fill(10);
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA user_version = ${version}`);
  db.close();
};

describe('from nothing', () => {
  test('makes folder and file, in the newest form, marked as ours, with all it needs to shrink and to last', () => {
    folder = join(folder, 'a', 'b');
    file = join(folder, storeFileName);
    opened().close();
    expect(lookAt(file)).toMatchObject({ found: 'database', version: migrations.length, application: applicationId });
    const db = new DatabaseSync(file, { readOnly: true });
    expect(db.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    db.close();
    folder = join(folder, '..', '..');
  });

  test('an empty file counts as nothing', () => {
    writeFileSync(file, '');
    const result = open();
    expect(result.ok && result.value.setAside).toBe(null);
    if (result.ok) result.value.store.close();
  });

  test('every migration leaves the form of the next: from each older version to the newest, with what was there', () => {
    for (let version = 1; version <= migrations.length; version += 1) {
      rmSync(file, { force: true });
      const old = openDatabase({ folder, now, migrations: migrations.slice(0, version) });
      if (!old.ok) throw new Error(old.failure.text);
      old.value.db.exec(`INSERT INTO events (id, at, kind, actor, payload) VALUES ('01OLD', 1, 'note', 'Ada', '{"text":"old"}')`);
      old.value.close();
      const store = opened();
      expect(store.eventsOf(['01OLD'])).toMatchObject([{ payload: { text: 'old' } }]);
      store.close();
    }
  });
});

describe('updates', () => {
  const later = (name: string, sql: string) => ({ name, up: (db: DatabaseSync) => db.exec(sql) });

  test('copies the old form first, keeps the last two copies, and the copy holds what was there', () => {
    fill(3);
    const steps = [...migrations];
    for (let i = 1; i <= 3; i += 1) {
      steps.push(later(`more-${i}`, `CREATE TABLE more_${i} (x)`));
      const result = openDatabase({ folder, now: now + i, migrations: steps });
      if (!result.ok) throw new Error(result.failure.text);
      result.value.close();
    }
    const copies = readdirSync(folder).filter((name) => name.includes('before-update'));
    expect(copies).toHaveLength(2);
    expect(copies[0]).toContain(`-v${migrations.length + 1}`);
    const db = new DatabaseSync(join(folder, copies[1] as string), { readOnly: true });
    expect(db.prepare('SELECT count(*) AS n FROM samples').get()).toEqual({ n: 3 });
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length + 2 });
    expect(db.prepare('PRAGMA application_id').get()).toEqual({ application_id: applicationId });
    db.close();
    expect(existsSync(`${file}.copying`)).toBe(false);
  });

  test('a step that fails changes nothing, and is named', () => {
    fill(3);
    const result = openDatabase({
      folder,
      now,
      migrations: [...migrations, later('half', 'CREATE TABLE half (x)'), later('broken', 'CREATE TABLE half (x)')],
    });
    expect(result.ok ? null : result.failure).toMatchObject({ code: 'cannot-open', text: expect.stringContaining('"broken"') });
    expect(lookAt(file)).toMatchObject({ version: migrations.length + 1 });
    const again = openDatabase({ folder, now, migrations: [...migrations, later('half', 'CREATE TABLE half (x)')] });
    expect(again.ok).toBe(true);
    if (again.ok) again.value.close();
  });
});

describe('a file from a newer Nightdesk', () => {
  test('is a named failure, and not one byte beside or in it changes', () => {
    makeNewer(migrations.length + 1);
    const before = fingerprint();
    for (const result of [open(), openStoreToRead(folder)]) expect(result.ok ? null : result.failure.code).toBe('newer-version');
    expect(fingerprint()).toEqual(before);
  });

  test('also when the newer one was cut off before its version came into the main file', () => {
    const elsewhere = cutOff((db) =>
      db.exec(`CREATE TABLE filler AS SELECT * FROM samples; PRAGMA user_version = ${migrations.length + 5}`),
    );
    expect(readFileSync(elsewhere).readInt32BE(60)).toBe(migrations.length);
    const before = fingerprint(dirname(elsewhere));
    const result = openStore({ folder: dirname(elsewhere), now: () => now, retention });
    expect(result.ok ? null : result.failure.code).toBe('newer-version');
    expect(fingerprint(dirname(elsewhere))).toEqual(before);
  });

  test('a version that was never committed does not count', () => {
    const elsewhere = cutOff((db) => db.exec('PRAGMA user_version = 99'));
    expect(lookAt(elsewhere)).toMatchObject({ version: 99 });
    const log = readFileSync(`${elsewhere}-wal`);
    // The mark of a commit is the file's size in a frame's head.
    for (let at = 32; at < log.length; at += 24 + 4_096) log.writeUInt32BE(0, at + 4);
    writeFileSync(`${elsewhere}-wal`, log);
    expect(lookAt(elsewhere)).toMatchObject({ version: migrations.length });
  });
});

describe('a damaged file', () => {
  const damages: Record<string, () => void> = {
    'is no database at all': () => writeFileSync(file, 'this is my shopping list\n'.repeat(500)),
    'is shorter than a header': () => writeFileSync(file, 'SQLite format 3\0'),
    'begins with zeros': () => {
      const bytes = readFileSync(file);
      bytes.fill(0, 0, 100);
      writeFileSync(file, bytes);
    },
    'is cut in half': () => truncateSync(file, Math.floor(statSync(file).size / 2 / 4_096) * 4_096),
    'is cut within a page': () => truncateSync(file, statSync(file).size - 1_000),
    'has pages of zeros in its middle': () => {
      const bytes = readFileSync(file);
      bytes.fill(0, 3 * 4_096, 12 * 4_096);
      writeFileSync(file, bytes);
    },
    'has noise in its schema page': () => {
      const bytes = readFileSync(file);
      for (let i = 100; i < 4_096; i += 1) bytes[i] = (i * 7_919) & 0xff;
      writeFileSync(file, bytes);
    },
  };
  test.each(Object.entries(damages))('that %s is set aside as it was, and a new one begun', (_, damage) => {
    fill(5_000);
    damage();
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    const result = open();
    if (!result.ok) throw new Error(result.failure.text);
    const { store, setAside } = result.value;
    expect(setAside?.file).toBe(`${file}.damaged-2026-11-20T03-04-05.678Z`);
    expect(setAside?.why).not.toBe('');
    expect(
      createHash('sha256')
        .update(readFileSync(setAside?.file as string))
        .digest('hex'),
    ).toBe(hash);
    expect(store.lastSampleAt()).toBe(null);
    expect(store.commit(batch(5)).ok).toBe(true);
    store.close();
    const again = open();
    expect(again.ok && again.value.setAside).toBe(null);
    if (again.ok) again.value.store.close();
  });

  test('after a power cut it is set aside with its log, neither of them changed', () => {
    const cut = cutOff((db) => db.exec("INSERT INTO documents VALUES ('a', 'in the log')"));
    const bytes = readFileSync(cut);
    // Pages of samples, which the log does not hold.
    bytes.fill(0, bytes.length - 8 * 4_096);
    writeFileSync(cut, bytes);
    const log = readFileSync(`${cut}-wal`);
    const result = openStore({ folder: dirname(cut), now: () => now, retention });
    if (!result.ok) throw new Error(result.failure.text);
    result.value.store.close();
    expect(readFileSync(result.value.setAside?.file as string).equals(bytes)).toBe(true);
    expect(readFileSync(`${result.value.setAside?.file}-wal`).equals(log)).toBe(true);
  });

  test('its side files go with it', () => {
    writeFileSync(file, 'x'.repeat(5_000));
    writeFileSync(`${file}-wal`, 'log');
    const result = open();
    if (!result.ok) throw new Error(result.failure.text);
    expect(readFileSync(`${result.value.setAside?.file}-wal`, 'utf8')).toBe('log');
    result.value.store.close();
  });

  test('two in the same moment do not overwrite each other', () => {
    for (let i = 0; i < 2; i += 1) {
      writeFileSync(file, `damage ${i}`.repeat(100));
      opened().close();
    }
    expect(readdirSync(folder).filter((name) => name.includes('.damaged-'))).toHaveLength(2);
  });

  test('damage met while it is in use fails the write, and marks the file for a whole check', () => {
    fill(5_000);
    const store = opened();
    const bytes = readFileSync(file);
    const noise = Buffer.alloc(bytes.length - 4_096, 0xa5);
    const fd = openSync(file, 'r+');
    writeSync(fd, noise, 0, noise.length, 4_096);
    closeSync(fd);
    const failed = store.commit(batch(6_000));
    expect(failed.ok ? null : failed.failure.code).toBe('io');
    expect(isSuspect(file)).toBe(true);
    store.close();
    const again = open();
    expect(again.ok && again.value.setAside).toBeTruthy();
    expect(isSuspect(file)).toBe(false);
    if (again.ok) again.value.store.close();
  });
});

describe('files that are not ours to touch', () => {
  test("another program's database", () => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA application_id = 77; CREATE TABLE theirs (x)');
    db.close();
    const before = fingerprint();
    const result = open();
    expect(result.ok ? null : result.failure.code).toBe('cannot-open');
    expect(fingerprint()).toEqual(before);
  });

  test('a folder where the file should be', () => {
    mkdirSync(file);
    const result = open();
    expect(result.ok ? null : result.failure.code).toBe('cannot-open');
    expect(existsSync(file)).toBe(true);
  });

  test('a file where the folder should be', () => {
    writeFileSync(file, '');
    const result = openStore({ folder: file, now: () => now, retention });
    expect(result.ok ? null : result.failure.code).toBe('cannot-open');
  });
});

describe('one engine per folder', () => {
  const storeUrl = new URL('../../electron/store/store.ts', import.meta.url).href;
  /** What a second process gets. */
  const elsewhere = (code: string): string =>
    execFileSync(
      process.execPath,
      [
        '--no-warnings',
        '--input-type=module',
        '-e',
        `const { openStore, openStoreToRead } = await import(${JSON.stringify(storeUrl)}); const folder = ${JSON.stringify(folder)}; ${code}`,
      ],
      { encoding: 'utf8' },
    ).trim();
  const openElsewhere = () =>
    elsewhere(
      `const r = openStore({ folder, now: Date.now, retention: ${JSON.stringify(retention)} }); console.log(r.ok ? 'open' : r.failure.code)`,
    );

  test('a second one is told so, in this process and in another, until the first lets go', () => {
    const store = opened();
    const second = open();
    expect(second.ok ? null : second.failure.code).toBe('in-use');
    expect(openElsewhere()).toBe('in-use');
    expect(store.commit(batch(1)).ok).toBe(true);
    store.close();
    expect(openElsewhere()).toBe('open');
    opened().close();
  });

  test('a failed start lets go too', () => {
    makeNewer(99);
    open();
    rmSync(file);
    opened().close();
  });

  test('reading goes on beside it', () => {
    const store = opened();
    store.commit(batch(4));
    expect(
      elsewhere(
        `const r = openStoreToRead(folder); console.log(r.value.samples('icmp.web1.main', 0, 9e15, 100).length, r.value.eventsOf(['01NOTE'])[0].payload.text); r.value.close()`,
      ),
    ).toBe('4 kept');
    store.close();
    expect(openStoreToRead(join(folder, 'nowhere'))).toMatchObject({ ok: false, failure: { code: 'cannot-open' } });
  });

  test('a lock file full of rubbish is no lock', () => {
    writeFileSync(join(folder, 'nightdesk.lock'), 'rubbish '.repeat(1_000));
    const store = opened();
    expect(openElsewhere()).toBe('in-use');
    store.close();
  });

  test('closing twice is harmless', () => {
    const store = opened();
    store.close();
    expect(() => store.close()).not.toThrow();
  });
});

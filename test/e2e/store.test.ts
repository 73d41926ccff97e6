import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openApp } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expect, fast, headline, lines, stands, test } from './desk.ts';

const one = (port: number) => `${fast}\nhosts: [{ id: web1, address: 127.0.0.1, checks: [{ type: tcp, port: ${port} }] }]\n`;
const fingerprint = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

test('a data file of a newer version is not touched, and the window says so', async ({ start, after }) => {
  const server = await startTcp(() => undefined);
  after(() => server.stop());
  const first = await start({ inventory: one(server.port) });
  await stands(first.page, 'web1', 'ok');
  await first.close();

  const file = join(first.dataFolder, 'nightdesk.db');
  const db = new DatabaseSync(file);
  const version = Number(Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0]);
  db.exec(`PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; PRAGMA user_version = ${version + 7}`);
  db.close();
  const before = fingerprint(file);

  const second = await start({ dataFolder: first.dataFolder });
  await expect(headline(second.page)).toHaveText('Nothing is watched: the watching process cannot start');
  const said = second.page.getByRole('alert').filter({ hasText: 'written by a newer Nightdesk' });
  await expect(said).toContainText(`its form is ${version + 7}`);
  await expect(said).toContainText('It has not been touched.');
  expect(fingerprint(file)).toBe(before);

  // The newer one is put away: trying again is enough.
  const older = new DatabaseSync(file);
  older.exec(`PRAGMA user_version = ${version}`);
  older.close();
  await said.getByRole('button', { name: 'Try again' }).click();
  await stands(second.page, 'web1', 'ok');
});

test('a damaged data file is set aside and said aloud, and the watch goes on', async ({ start, after }) => {
  const server = await startTcp(() => undefined);
  after(() => server.stop());
  const dataFolder = temporaryFolder('damaged');
  const file = join(dataFolder, 'nightdesk.db');
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE t (x)');
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 100, 4_000);
  writeFileSync(file, bytes);
  const { page } = await start({ dataFolder, inventory: one(server.port) });
  await stands(page, 'web1', 'ok');
  await expect(page.getByRole('alert').filter({ hasText: 'was set aside as' })).toBeVisible();
  await expect(lines(page)).toContainText(/set aside/i);
  const aside = readdirSync(dataFolder).find((name) => name.includes('.damaged-'));
  expect(readFileSync(join(dataFolder, aside ?? '')).equals(bytes)).toBe(true);
});

test('a second start on the same data shows the window that is there', async ({ start, after }) => {
  const server = await startTcp(() => undefined);
  after(() => server.stop());
  const first = await start({ inventory: one(server.port) });
  await stands(first.page, 'web1', 'ok');
  // On a screen without a window manager nothing can be minimised or put behind: it is watched that the window is asked to come forward.
  await first.electron.evaluate(({ BrowserWindow }) => {
    const [desk] = BrowserWindow.getAllWindows();
    if (desk) desk.focus = () => Object.assign(globalThis, { asked: true });
  });
  // The second start has no window of its own: it ends before one could come.
  await expect(openApp({ dataFolder: first.dataFolder })).rejects.toThrow();
  await expect.poll(() => first.electron.evaluate(() => 'asked' in globalThis)).toBe(true);
  expect(first.electron.windows()).toHaveLength(1);
  await stands(first.page, 'web1', 'ok');
});

import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeFileName } from '../../electron/store/store.ts';
import { ask, engineStatus, openWall } from '../support/app.ts';
import { expect, fast, headline, stands, test } from './desk.ts';

const one = `${fast}
hosts:
  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`;

test('a page dies while the engine starts anew: both come back', async ({ start, expected }) => {
  expected.push(/crash/i);
  const { page, electron } = await start({ inventory: one });
  await stands(page, 'db1', 'ok');
  await ask(page, 'restartEngine');
  await electron.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const gone = new Promise((resolve) => contents?.once('render-process-gone', resolve));
    contents?.forcefullyCrashRenderer();
    // A page that is asked while it dies never answers.
    await gone;
  });
  // Playwright gives a crashed page up for good, so main is asked what stands on it.
  const sentence = () =>
    electron.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents || contents.isCrashed() || contents.isLoading()) return 'no page';
      return contents.executeJavaScript('document.querySelector("h1")?.textContent ?? ""');
    });
  await expect.poll(sentence, { timeout: 20_000 }).toMatch(/^All quiet\. 1 check fine/);
});

test('a display goes while the wall is the only window: the wall moves, and the app does not end', async ({ start }) => {
  const app = await start({ inventory: one });
  await stands(app.page, 'db1', 'ok');
  await openWall(app);
  await app.page.close();
  const [wall] = await Promise.all([
    app.electron.waitForEvent('window'),
    app.electron.evaluate(({ screen }) => void screen.emit('display-removed', {}, screen.getPrimaryDisplay())),
  ]);
  await expect(headline(wall)).toHaveText(/^All quiet\. 1 check fine/, { timeout: 15_000 });
  await expect.poll(() => app.electron.windows().length).toBe(1);
  expect(app.electron.process().exitCode).toBeNull();
});

test('settings that cannot be written hold until the end, and stop nobody from closing', async ({ start, expected }) => {
  expected.push(/The settings cannot be written/);
  const { page, dataFolder, electron } = await start({ inventory: one });
  await stands(page, 'db1', 'ok');
  const file = join(dataFolder, 'settings.json');
  rmSync(file, { force: true });
  mkdirSync(join(file, 'in-the-way'), { recursive: true });
  expect(await ask(page, 'changeSettings', { author: 'Kim' })).toMatchObject({ ok: true, value: { author: 'Kim' } });
  const child = electron.process();
  const ended = once(child, 'exit');
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await ended).toEqual([0, null]);
});

test('told to end by the system, it has written everything down and is gone within seconds', async ({ start }) => {
  const { page, dataFolder, electron } = await start({ inventory: one });
  await stands(page, 'db1', 'ok');
  const child = electron.process();
  const ended = once(child, 'exit');
  const since = performance.now();
  child.kill('SIGTERM');
  await ended;
  expect(performance.now() - since).toBeLessThan(5_000);
  const db = new DatabaseSync(join(dataFolder, storeFileName), { readOnly: true });
  expect(db.prepare('SELECT kind FROM events ORDER BY id DESC LIMIT 1').get()).toEqual({ kind: 'engine-stopped' });
  db.close();
});

test('the environment cannot bring the page from elsewhere', async ({ start }) => {
  const { page } = await start({ inventory: one, env: { ELECTRON_RENDERER_URL: 'http://127.0.0.1.example.invalid:5173' } });
  await stands(page, 'db1', 'ok');
  expect(page.url()).toMatch(/^nightdesk:\/\/app\//);
  expect((await engineStatus(page)).state).toBe('running');
});

/**
 * `npm run screens`: renews docs/screens/*.png, pictures of the real app on a screen of its own, watching the small provider of
 * support/screen-lab.ts with real servers. What fails in the pictures was really broken; only the calm day before is made up.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { ensureBuilt } from '../electron/setup/build.ts';
import { resolveElectron } from '../electron/setup/electron-runtime.ts';
import { runScript } from '../electron/setup/fail.ts';
import { projectRoot } from '../electron/setup/paths.ts';
import { say } from '../electron/setup/progress.ts';
import { type App, ask, hasSize, openApp, openWall, resize } from './support/app.ts';
import { startNameServer } from './support/name-server.ts';
import { fillHistory } from './support/screen-history.ts';
import { type Lab, newAddress, startLab } from './support/screen-lab.ts';
import { resolverAddress, runInsideNetwork } from './support/screen-network.ts';
import { ensureSystemPackages } from './support/system-packages.ts';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder.ts';
import { startScreen } from './support/xvfb.ts';

const pictures = join(projectRoot, 'docs', 'screens');
/** Is seen in the pictures. */
const dataFolder = join(tmpdir(), 'nightdesk-screens');
const slow = { timeout: 60_000 };

const undo: (() => unknown)[] = [];
const apps: App[] = [];

await runScript(async () => {
  try {
    if (process.env.NIGHTDESK_SCREENS_INSIDE !== '1') {
      await ensureSystemPackages();
      if (process.env.NIGHTDESK_APP === undefined) await ensureBuilt();
      process.env.NIGHTDESK_ELECTRON = (await resolveElectron()).path;
      // Out here: inside, an X server could not see which displays are in use, and would take somebody's.
      const screen = await startScreen();
      undo.push(() => screen.stop());
      process.env.DISPLAY = screen.display;
    }
    const ended = await runInsideNetwork();
    if (ended !== null) return ended;
    await makePictures();
    return 0;
  } catch (error) {
    // What the app itself has to say about it.
    for (const it of apps) console.error(it.complaints.join('\n'));
    throw error;
  } finally {
    for (const it of undo.reverse()) await it();
    removeTemporaryFolders();
  }
});

async function makePictures(): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const names = await startNameServer(resolverAddress);
  undo.push(() => names.stop());
  const lab = await startLab(temporaryFolder('lab'), (it) => undo.push(it));
  await firstStart();
  await night(lab);
}

async function take(page: Page, name: string): Promise<void> {
  // No focus ring of a key that was pressed for the picture, no tooltip, no note that is about to leave.
  await page
    .getByRole('button', { name: 'Dismiss' })
    .click({ timeout: 500 })
    .catch(() => undefined);
  await page.mouse.move(0, 0);
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  say(`Made docs/screens/${name}.png`);
}

async function start(options: Parameters<typeof openApp>[0]): Promise<App> {
  rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(dataFolder, { recursive: true });
  undo.push(() => rmSync(dataFolder, { recursive: true, force: true }));
  const app = await openApp({ dataFolder, ...options });
  apps.push(app);
  undo.push(() => app.close());
  await resize(app, 1440, 900);
  return app;
}

async function firstStart(): Promise<void> {
  const app = await start({});
  await expect(app.page.getByRole('heading', { level: 1 })).toContainText('All quiet', slow);
  await take(app.page, 'first-start');
  await app.close();
}

async function night(lab: Lab): Promise<void> {
  rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(dataFolder, { recursive: true });
  fillHistory(dataFolder, lab.inventory, lab.usualMs);
  const app = await openApp({ dataFolder, inventory: lab.inventory, settings: { author: 'Kim', welcomeDone: true, theme: 'dark' } });
  apps.push(app);
  undo.push(() => app.close());
  await resize(app, 1440, 900);
  const { page } = app;
  const tile = (key: string) => page.locator(`[data-tile="${key}"]`);
  const card = (text: string | RegExp) => page.locator('[data-alert]').filter({ hasText: text });
  const standing = (key: string, is: string) => expect(tile(key)).toHaveAttribute('data-standing', is, slow);
  const write = async (subject: string, text: string): Promise<void> => {
    await tile(subject).focus();
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByLabel('Note', { exact: true }).fill(text);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  const acknowledge = async (title: string | RegExp, comment: string): Promise<void> => {
    await card(title).focus();
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByLabel('What you do about it').fill(comment);
    await page.keyboard.press('Control+Enter');
    await expect(card(title)).toContainText('Taken by');
  };

  await expect(page.locator('[data-tile][data-standing="pending"]')).toHaveCount(0, slow);
  await standing('panel1', 'degraded');
  await acknowledge('panel1', 'new certificate is ordered, comes on Monday');

  // Something that was over soon.
  await lab.stopLeg('submission');
  await standing('mail/submission', 'down');
  await lab.startLeg('submission');
  await standing('mail/submission', 'ok');

  lab.slowShop(1_250);
  await standing('shop1', 'degraded');
  await lab.stopLeg('imap');
  await standing('mail/imap', 'down');
  await lab.stopWeb7();
  await standing('web7', 'down');
  await acknowledge(/IMAP/, 'restarting dovecot');
  await write('web7', 'nginx did not come back after the log rotation');
  await card(/web7/).focus();
  // An outage is not looked at in its first second.
  await expect(page.locator('header').first()).toContainText(/1 min/, { timeout: 90_000 });
  await page.evaluate('document.activeElement?.blur()');
  await take(page, 'desk-dark');
  await ask(page, 'changeSettings', { theme: 'light' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await take(page, 'desk-light');
  await ask(page, 'changeSettings', { theme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await tile('web7').click();
  await expect(page.getByText('Newest probe').first()).toBeVisible();
  await page.evaluate('document.activeElement?.blur()');
  await take(page, 'detail');
  await page.keyboard.press('Escape');

  const wall = await openWall(app);
  await (await app.electron.browserWindow(wall)).evaluate((it) => {
    it.setFullScreen(false);
    it.setContentSize(1920, 1080);
  });
  await hasSize(wall, 1920, 1080);
  await expect(wall.getByText(/last full cycle/)).toBeVisible(slow);
  await take(wall, 'wall');
  await ask(page, 'closeWall');

  await page.getByRole('button', { name: 'Add a server' }).click();
  await page.getByRole('dialog').getByLabel('Name or address').fill(newAddress);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('What answers at', slow);
  await page.getByRole('dialog').getByLabel('Id').fill('web10');
  await take(page, 'add-server');
  await page.keyboard.press('Escape');

  await acknowledge(/web7/, 'starting nginx by hand');
  await lab.startWeb7();
  await standing('web7', 'ok');
  await page.keyboard.press('2');
  await expect(page.getByText('That is all there is.')).toBeAttached();
  await take(page, 'timeline');

  await page.keyboard.press('1');
  const over = page.getByRole('complementary', { name: 'Alerts' }).locator('details');
  await over.locator('summary').click();
  await over
    .getByRole('listitem')
    .filter({ hasText: 'web7' })
    .getByRole('button', { name: /Choose/ })
    .click();
  await page.keyboard.press('d');
  const report = page.getByRole('article', { name: 'Draft' });
  await expect(report).toContainText('web7');
  await report.locator('[data-sentence]').nth(1).click();
  await take(page, 'draft');

  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Secrets' })).toBeVisible();
  await take(page, 'settings');
  if (app.complaints.length > 0) throw new Error(app.complaints.join('\n'));
}

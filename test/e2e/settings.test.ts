import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../support/app.ts';
import { freePort } from '../support/servers.ts';
import { passwordLine, startNginx, webFolder } from '../support/web-servers.ts';
import { dialog, expect, fast, stands, test, tile } from './desk.ts';

test('what is set stays set, whatever else is changed, also after a new start', async ({ start }) => {
  const first = await start();
  const { page } = first;
  const name = (it: typeof page) => it.getByLabel('Your name');
  await page.getByRole('button', { name: 'Settings' }).click();
  await name(page).fill('Kim');
  await page.keyboard.press('Enter');
  await page.getByLabel('Open the wall when Nightdesk starts').check();
  await page.getByLabel('Light').check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(name(page)).toHaveValue('Kim');
  await expect(page.getByLabel('Open the wall when Nightdesk starts')).toBeChecked();
  await page.getByLabel('Open the wall when Nightdesk starts').uncheck();

  // A secret goes in and never out: not to the page, and not as it is to the disk.
  await page.getByRole('button', { name: 'Add a secret' }).click();
  await dialog(page).getByLabel('Name').fill('imap-probe');
  await dialog(page).getByLabel('Value').fill('correct horse battery');
  await dialog(page).getByRole('button', { name: 'Keep it' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByText('imap-probe', { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain('correct horse');
  expect(readFileSync(join(first.dataFolder, 'secrets-encrypted.json'), 'utf8')).not.toContain('correct horse');
  await first.close();

  const second = await start({ dataFolder: first.dataFolder });
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await second.page.getByRole('button', { name: 'Settings' }).click();
  await expect(name(second.page)).toHaveValue('Kim');
  await expect(second.page.getByText('imap-probe', { exact: true })).toBeVisible();
  await second.page.getByRole('button', { name: 'Remove: imap-probe' }).click();
  await dialog(second.page).getByRole('button', { name: 'Remove' }).click();
  await expect(second.page.getByText('There are none yet.')).toBeVisible();
});

test('a secret reaches the check that names it, and nothing else', async ({ start, after }) => {
  const folder = webFolder();
  const port = await freePort();
  writeFileSync(join(folder, 'users'), passwordLine('probe', 'correct horse battery'));
  const nginx = await startNginx(
    folder,
    `server { listen 127.0.0.1:${port}; auth_basic shop; auth_basic_user_file ${folder}/users; location / { return 200 "well"; } }`,
    port,
  );
  after(() => nginx.stop());
  const { page, dataFolder } = await start({
    inventory: `${fast}\nhosts: [{ id: shop, address: 127.0.0.1, checks: [{ type: http, url: "http://127.0.0.1:${port}/", auth: { basic: { user: probe, passwordSecret: shop-login } } }] }]\n`,
  });
  await expect(tile(page, 'shop')).toContainText('shop-login', { timeout: 10_000 });
  expect(await ask(page, 'setSecret', { name: 'shop-login', value: 'correct horse battery' })).toMatchObject({ ok: true });
  await stands(page, 'shop', 'ok');
  for (const file of readdirSync(dataFolder)) {
    if (lstatSync(join(dataFolder, file)).isFile())
      expect(readFileSync(join(dataFolder, file)).includes('correct horse'), file).toBe(false);
  }
});

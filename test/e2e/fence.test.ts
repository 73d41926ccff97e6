import { cpSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../electron/setup/paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expect, headline, stands, test } from './desk.ts';
import { startFullDesk } from './full-desk.ts';

test('a part of the page that breaks does not take the rest with it', async ({ start, after, expected }) => {
  const appFolder = temporaryFolder('built');
  for (const part of ['out', 'package.json']) cpSync(join(projectRoot, part), join(appFolder, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(appFolder, 'node_modules'));
  const { page } = await startFullDesk((options) => start({ ...options, appFolder }), after);
  expected.push(/Failed to (load|fetch)|dynamically imported module/i);
  await page.keyboard.press('d');
  await expect(page.getByRole('article', { name: 'Draft' })).toBeVisible();
  // A file of the app is gone, as after an update under a running desk: what has not been loaded yet cannot be.
  const assets = join(appFolder, 'out', 'renderer', 'assets');
  for (const name of readdirSync(assets)) if (/^MarkdownPreview.*js$/.test(name)) rmSync(join(assets, name));
  await page.getByRole('tab', { name: 'Preview' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'This part cannot be shown.' })).toBeVisible();
  await expect(headline(page)).toHaveText(/example\.net|database/);
  await page.keyboard.press('1');
  await stands(page, 'web1', 'ok');
});

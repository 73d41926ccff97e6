import { expect, headline, stands, test } from './desk.ts';
import { startFullDesk } from './full-desk.ts';

test('a part of the page that breaks does not take the rest with it', async ({ start, after, expected }) => {
  const { page, electron } = await startFullDesk(start, after);
  expected.push(/Failed to (load|fetch)|ERR_|dynamically imported module|error/i);
  await page.keyboard.press('d');
  await expect(page.getByRole('article', { name: 'Draft' })).toBeVisible();
  // The files of the app are gone: what has not been loaded yet cannot be.
  await electron.evaluate(({ protocol }) => protocol.unhandle('nightdesk'));
  await page.getByRole('tab', { name: 'Preview' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'This part cannot be shown.' })).toBeVisible();
  await expect(headline(page)).toHaveText(/example\.net|database/);
  await page.keyboard.press('1');
  await stands(page, 'web1', 'ok');
});

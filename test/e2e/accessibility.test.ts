import { openWall } from '../support/app.ts';
import { violations } from './axe.ts';
import { dialog, expect, headline, test } from './desk.ts';
import { dialogs, places, startFullDesk } from './full-desk.ts';

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing serious, ${theme}`, async ({ start, after }) => {
    test.setTimeout(150_000);
    const app = await startFullDesk(start, after, { theme });
    const { page } = app;
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const found: string[] = [];
    for (const [name, go] of Object.entries(places)) {
      await go(page);
      found.push(...(await violations(page, name)));
    }
    await page.keyboard.press('1');
    for (const [name, open] of Object.entries(dialogs)) {
      await open(page);
      await expect(dialog(page)).toBeVisible();
      found.push(...(await violations(page, name)));
      await page.keyboard.press('Escape');
      await expect(dialog(page)).toHaveCount(0);
    }
    const wall = await openWall(app);
    await expect(headline(wall)).toContainText(/./);
    found.push(...(await violations(wall, 'wall')));
    expect(found).toEqual([]);
  });
}

test('the first start is no worse', async ({ start }) => {
  const { page } = await start();
  await expect(page.getByRole('heading', { name: 'This computer is being watched' })).toBeVisible();
  expect(await violations(page, 'first start')).toEqual([]);
  // And axe does look: a button without a name is found.
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
  expect(await violations(page, 'first start')).toEqual([expect.stringContaining('button-name')]);
});

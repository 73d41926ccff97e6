import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { openWall } from '../support/app.ts';
import { dialog, expect, headline, test } from './desk.ts';
import { dialogs, places, startFullDesk } from './full-desk.ts';

/** What axe holds against a page, as lines that can be acted upon. */
async function violations(page: Page, where: string): Promise<string[]> {
  // Nothing may be judged in the middle of a transition.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((it) => it.effect?.getComputedTiming().iterations !== Infinity)
        .map((it) => it.finished.catch(() => undefined)),
    ),
  );
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        (node) =>
          `${where}: ${id} (${help}) at ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''} ${node.html.slice(0, 160)}`,
      ),
    );
}

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing serious, ${theme}`, async ({ start, after }) => {
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

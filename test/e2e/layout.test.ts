import type { Page } from 'playwright/test';
import { hasSize, openWall, resize } from '../support/app.ts';
import { dialog, expect, headline, test } from './desk.ts';
import { dialogs, places, startFullDesk } from './full-desk.ts';
import { misfits } from './misfits.ts';

/** So far the wall's picture walks, against burn-in. Its edges are empty. */
const shiftPx = 3;

/** Boxes that scroll at all; the wall has none. */
const scrolls = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter(
        (it) =>
          (it.scrollHeight > it.clientHeight + 1 || it.scrollWidth > it.clientWidth + 1) &&
          /auto|scroll/.test(getComputedStyle(it).overflow),
      )
      .map((it) => `${it.tagName}.${it.className}`),
  );

for (const [width, height] of [
  [1280, 720],
  [3840, 2160],
] as const) {
  test(`nothing is cut off at ${width} by ${height}`, async ({ start, after }) => {
    test.setTimeout(150_000);
    const app = await startFullDesk(start, after);
    const { page } = app;
    await resize(app, width, height);
    const found: string[] = [];
    for (const [name, go] of Object.entries(places)) {
      await go(page);
      found.push(...(await misfits(page)).map((it) => `${name}: ${it}`));
    }
    await page.keyboard.press('1');
    // And it would be seen: a line that is too long for its box.
    await page.evaluate(() => {
      const long = Object.assign(document.createElement('p'), { id: 'long', textContent: 'x'.repeat(9_999) });
      long.style.width = '9999px';
      document.querySelector('main')?.append(long);
    });
    expect(await misfits(page)).toContainEqual(expect.stringMatching(/reaches out of the window: p/));
    await page.evaluate(() => document.querySelector('#long')?.remove());
    for (const [name, open] of Object.entries(dialogs)) {
      await open(page);
      await expect(dialog(page)).toBeVisible();
      const box = await dialog(page).boundingBox();
      if (!box || box.y < 0 || box.y + box.height > height) found.push(`${name}: the dialog is ${JSON.stringify(box)}`);
      found.push(...(await misfits(page)).map((it) => `${name}: ${it}`));
      await page.keyboard.press('Escape');
      await expect(dialog(page)).toHaveCount(0);
    }
    await page.keyboard.press('1');
    // The main button is where the hand looks for it.
    const draft = await page.getByRole('button', { name: 'Draft incident report' }).boundingBox();
    expect((draft?.x ?? 0) + (draft?.width ?? width)).toBeLessThanOrEqual(width);

    const wall = await openWall(app);
    const window = await app.electron.browserWindow(wall);
    await window.evaluate(
      (it, size) => {
        it.setFullScreen(false);
        it.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    await hasSize(wall, width, height);
    await expect(headline(wall)).toContainText(/./);
    await expect(wall.locator('main')).toContainText('web43');
    // It measures its place anew a frame after its window has another size.
    await expect.poll(() => misfits(wall, shiftPx), 'what does not fit on the wall').toEqual([]);
    expect(await scrolls(wall)).toEqual([]);
    expect(found).toEqual([]);
  });
}

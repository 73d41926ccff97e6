import type { Page } from 'playwright/test';
import { hasSize, openWall, resize } from '../support/app.ts';
import { dialog, expect, headline, test } from './desk.ts';
import { dialogs, places, startFullDesk } from './full-desk.ts';

/**
 * What does not fit: elements that reach out of the window, and boxes whose content is wider than they are without a way to get at it.
 * Text that ends in an ellipsis is meant to; it must be readable somewhere else (a title, a label, the detail).
 */
const misfits = (page: Page, slack = 1) =>
  page.evaluate((slack) => {
    const found: string[] = [];
    const name = (it: Element): string =>
      `${it.tagName.toLowerCase()}.${String(it.className?.valueOf?.() ?? '').split(' ')[0]} "${(it.textContent ?? '').trim().slice(0, 40)}"`;
    const { documentElement: html } = document;
    if (html.scrollWidth > html.clientWidth + slack) found.push(`the page is ${html.scrollWidth} wide in ${html.clientWidth}`);
    if (html.scrollHeight > html.clientHeight + slack) found.push(`the page is ${html.scrollHeight} high in ${html.clientHeight}`);
    for (const it of document.querySelectorAll('body *')) {
      const style = getComputedStyle(it);
      if (style.visibility === 'hidden' || style.display === 'none' || it.closest('.visually-hidden, svg, datalist, option')) continue;
      const box = it.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      if (box.right > innerWidth + slack || box.left < -slack)
        found.push(`reaches out of the window: ${name(it)} ${Math.round(box.left)}..${Math.round(box.right)}`);
      const wide = it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0;
      if (!wide || style.display === 'inline') continue;
      if (/auto|scroll/.test(style.overflowX)) {
        if (!it.querySelector('pre') && it.tagName !== 'PRE' && !it.matches('input, textarea'))
          found.push(`scrolls sideways: ${name(it)} ${it.scrollWidth} in ${it.clientWidth}`);
      } else if (
        style.overflowX !== 'visible' &&
        style.textOverflow !== 'ellipsis' &&
        !it.matches('input, textarea, select') &&
        style.getPropertyValue('-webkit-line-clamp') === 'none'
      )
        found.push(`cut off: ${name(it)} ${it.scrollWidth} in ${it.clientWidth}`);
    }
    return found;
  }, slack);

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

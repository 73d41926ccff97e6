import type { Page } from 'playwright/test';
import { openWall } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { cards, dialog, expect, headline, test } from './desk.ts';

const tiles = 2_000;
/** Whatever else the computer does, nothing of the page stands still for longer than this. How quick it is stands in docs/benchmarks.md. */
const longestMs = 10_000;

/** From now on one tile after another is clicked: from each click's time until the picture that answers it, ms. */
const keepClicking = (page: Page): Promise<void> =>
  page.evaluate((everyMs) => {
    const clicking = { waits: [] as number[], unanswered: 0, going: true };
    Object.assign(window, { clicking });
    const next = (due: number, tile: string): void => {
      setTimeout(() => {
        document.querySelector<HTMLButtonElement>(`[data-tile="${tile}"]`)?.click();
        // After the frame in which it is drawn. Whatever held up the click itself counts too.
        requestAnimationFrame(() =>
          setTimeout(() => {
            clicking.waits.push(Math.round(performance.now() - due));
            if (document.querySelector('#detail-name')?.textContent !== tile) clicking.unanswered += 1;
            if (clicking.going) next(performance.now() + everyMs, tile === 'h3' ? 'h4' : 'h3');
          }),
        );
      }, due - performance.now());
    };
    next(performance.now() + everyMs, 'h3');
  }, 100);
/** Ends that. @returns how long each answer took, the longest first */
const stopClicking = (page: Page): Promise<{ waits: number[]; unanswered: number }> =>
  page.evaluate(() => {
    const { clicking } = window as unknown as { clicking: { waits: number[]; unanswered: number; going: boolean } };
    clicking.going = false;
    return { waits: clicking.waits.sort((a, b) => b - a), unanswered: clicking.unanswered };
  });

test('2,000 tiles go down within seconds: one alert, a page that answers, and green again', async ({ start, after }) => {
  test.setTimeout(120_000);
  let server = await startTcp(() => undefined);
  after(() => server.stop());
  const { port } = server;
  const hosts = Array.from(
    { length: tiles },
    (_, index) => `  - { id: h${index + 1}, site: sd, address: 127.0.0.1, checks: [{ type: tcp, port: ${port} }] }`,
  );
  const app = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `organization: { name: Test, timezone: Europe/Berlin }
defaults: { interval: 10s, retryInterval: 1s, maxAttempts: 2, timeout: 5s }
sites: [{ id: sd, name: San Diego }]
hosts:
${hosts.join('\n')}
`,
  });
  const { page } = app;
  const standing = (word: string) => page.locator(`[data-tile][data-standing="${word}"]`);
  await expect(headline(page)).toHaveText(/^All quiet\. 2,?000 checks fine/, { timeout: 40_000 });

  await keepClicking(page);
  await server.stop();
  await expect(headline(page)).toHaveText(/^All 2,?000 servers at San Diego are down$/, { timeout: 40_000 });
  const storm = await stopClicking(page);
  expect(storm.waits.length).toBeGreaterThanOrEqual(10);
  expect(storm.unanswered).toBe(0);
  expect(storm.waits[0], `answers, ms: ${storm.waits.join(' ')}`).toBeLessThan(longestMs);
  await page.keyboard.press('Escape');
  await expect(standing('down')).toHaveCount(tiles);
  await expect(cards(page)).toHaveCount(1);
  await expect(cards(page).getByRole('heading')).toHaveText(/^All 2,?000 servers at San Diego are down$/);
  // Not before: a page behind another is not drawn, and its answers could not be measured.
  const wall = await openWall(app);
  await expect(headline(wall)).toHaveText(/^All 2,?000 servers at San Diego are down$/);
  await page.keyboard.press('a');
  await dialog(page).getByLabel('What you do about it').fill('the site is dark');
  await page.keyboard.press('Control+Enter');
  await expect(cards(page)).toContainText('Taken by Kim');

  server = await startTcp(() => undefined, '127.0.0.1', port);
  await expect(headline(page)).toHaveText(/^All quiet\. 2,?000 checks fine/, { timeout: 40_000 });
  await expect(standing('ok')).toHaveCount(tiles);
  await expect(cards(page)).toHaveCount(0);
  await expect(headline(wall)).toHaveText(/^All quiet/);
});

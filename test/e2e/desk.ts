/** What the end-to-end tests share: a `start` that ends what it started and tells what went wrong, and where things are on the page. */
import { DateTime } from 'luxon';
import { test as base, expect, type Locator, type Page } from 'playwright/test';
import { type App, type AppOptions, openApp } from '../support/app.ts';
import { removeTemporaryFolders } from '../support/temporary-folder.ts';

export { expect };

interface Fixtures {
  /** Starts the app; it is closed after the test. */
  start: (options?: AppOptions) => Promise<App>;
  /** Runs after the test, last one first: for servers. */
  after: (undo: () => unknown) => void;
  /** Complaints of the app that this test provokes on purpose. */
  expected: RegExp[];
}

export const test = base.extend<Fixtures>({
  expected: async ({ browserName: _ }, use) => use([]),
  after: async ({ browserName: _ }, use) => {
    const undo: (() => unknown)[] = [];
    await use((it) => void undo.push(it));
    for (const it of undo.reverse()) await it();
  },
  start: async ({ expected }, use, info) => {
    const apps: App[] = [];
    await use(async (options) => {
      const app = await openApp(options);
      apps.push(app);
      return app;
    });
    for (const app of apps) {
      if (info.status !== info.expectedStatus) {
        for (const page of app.electron.windows()) {
          const picture = await page.screenshot({ timeout: 3_000 }).catch(() => null);
          if (picture) await info.attach('window', { body: picture, contentType: 'image/png' });
        }
      }
      await app.close();
    }
    removeTemporaryFolders();
    // An app that complains is not well, whatever the page looks like.
    const complaints = apps.flatMap((app) => app.complaints).filter((line) => !expected.some((it) => it.test(line)));
    expect(complaints, 'what the app and its pages complained about').toEqual([]);
  },
});

/** A tile by its key: the subject's id, or in the mail group the check's. */
export const tile = (page: Page, key: string): Locator => page.locator(`[data-tile="${key}"]`);
export const headline = (page: Page): Locator => page.getByRole('heading', { level: 1 });
/** The alert cards that are open or taken. */
export const cards = (page: Page): Locator => page.locator('[data-alert]');
/** Lines of the strip, or of the whole timeline when that is open. */
export const lines = (page: Page): Locator => page.getByLabel(/^(Newest events|Events, newest first)/);
export const dialog = (page: Page): Locator => page.getByRole('dialog');

/** The alert cards in one of the lists, by its name: "Open …", "Taken …", "Silenced". */
export const inList = (page: Page, name: string | RegExp): Locator => page.getByRole('list', { name }).locator('[data-alert]');
/** What the page says after an action. */
export const said = (page: Page, text: string): Locator => page.getByRole('status').filter({ hasText: text });

/** Lets the page draw late, as on a machine that is busy: whoever waits for the next frame waits so much longer. */
export const slowFrames = (page: Page, lateMs = 200): Promise<void> =>
  page.evaluate((ms) => {
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (work) => window.setTimeout(() => frame(work), ms);
  }, lateMs);

/** A moment so long from now, as a field for day and time holds it: "2026-11-20T22:00:05", in the zone of `fast`. */
export const at = (fromNowMs: number): string => DateTime.now().setZone('Europe/Berlin').plus(fromNowMs).toFormat("yyyy-MM-dd'T'HH:mm:ss");

/** Waits until a tile stands so. A probe, its retries and a new picture take a few seconds. */
export const stands = (page: Page, key: string, standing: string): Promise<void> =>
  expect(tile(page, key)).toHaveAttribute('data-standing', standing, { timeout: 20_000 });

/** Checks probe every second, and a problem is hard after two bad results. */
export const fast = `organization: { name: Test, timezone: Europe/Berlin }
defaults: { interval: 1s, retryInterval: 1s, maxAttempts: 2, timeout: 900ms }
`;

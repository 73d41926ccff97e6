import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { openWall } from '../support/app.ts';
import { freePort, startTcp } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startNginx, webFolder } from '../support/web-servers.ts';
import { cards, dialog, expect, fast, lines, stands, test, tile } from './desk.ts';

const image = '<img src=x onerror="window.evil=1">';
const esc = '\u001b';
const bidi = '\u202e';

/** Whether a page holds an element that a server sent, or ran its script. */
const harmed = (page: Page) =>
  page.evaluate(() => document.querySelectorAll('img, script:not([type="module"]), iframe').length > 0 || 'evil' in window);

test('what a server sends is text, everywhere and always', async ({ start, after }) => {
  const banner = `${esc}[31m${bidi}HELLO ${image} [click](http://evil.test) | **b** ${esc}]8;;http://evil.test\u0007x`;
  const tcp = await startTcp((socket) => void socket.write(`${banner}\r\n`));
  const port = await freePort();
  const nginx = await startNginx(
    webFolder(),
    `server { listen 127.0.0.1:${port}; location / { default_type text/html; add_header Location "javascript:alert(1)//${image.replaceAll('"', '')}"; return 200 '<title>${image.replaceAll('"', '')}</title>'; } }`,
    port,
  );
  after(() => Promise.all([tcp.stop(), nginx.stop()]));
  const app = await start({
    inventory: `${fast}
hosts:
  - id: evil
    name: 'evil ${image}'
    address: 127.0.0.1
    checks:
      - { type: tcp, name: ssh, port: ${tcp.port}, expect: SSH-2.0 }
      - { type: http, url: "http://127.0.0.1:${port}/", contains: [welcome] }
`,
  });
  const { page } = app;
  await stands(page, 'evil', 'down');
  await expect(cards(page)).toContainText('<img src=x');
  const wall = await openWall(app);
  await expect(wall.locator('main')).toContainText('<img src=x');

  // Its name, its banner and its notes in every view.
  await tile(page, 'evil').click();
  const detail = page.getByRole('region', { name: /evil/ });
  await detail.getByRole('button', { name: /ssh/i }).first().click();
  await expect(detail).toContainText('HELLO <img src=x onerror=');
  await expect(detail).not.toContainText(new RegExp(`[${esc}${bidi}]`));
  await page.keyboard.press('n');
  await dialog(page).getByLabel('Who writes').fill(`Kim ${image}`);
  await dialog(page).getByLabel('Note', { exact: true }).fill(`${image} [l](javascript:alert(1)) </pre><script>window.evil=1</script>`);
  await page.keyboard.press('Control+Enter');
  await expect(lines(page)).toContainText('</pre><script>');
  await page.keyboard.press('2');
  await expect(lines(page)).toContainText('</pre><script>');
  await page.keyboard.press('1');

  await page.keyboard.press('d');
  await expect(page.getByRole('article', { name: 'Draft' })).toContainText('<img src=x');
  await page.getByRole('tab', { name: 'Preview' }).click();
  const preview = page.getByRole('tabpanel', { name: 'Preview' });
  await expect(preview).toContainText('<img src=x');
  expect(await preview.locator('a, img, script').count()).toBe(0);
  await page.getByRole('tab', { name: 'Markdown' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Markdown' })).toContainText('img src=x');

  const file = `${temporaryFolder('exported')}/report.html`;
  await app.electron.evaluate(({ dialog: native }, filePath) => {
    native.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, file);
  await page.getByRole('button', { name: 'Export…' }).click();
  await dialog(page).getByRole('button', { name: 'HTML file…' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved to' })).toBeVisible();
  const html = readFileSync(file, 'utf8');
  expect(html).toContain('&lt;img src=x');
  expect(html).not.toMatch(/<img|<script|<a [^>]*evil|javascript:[^<]*"/i);
  expect(html).not.toContain(esc);
  expect(html).not.toContain(bidi);

  expect(await harmed(page)).toBe(false);
  expect(await harmed(wall)).toBe(false);
});

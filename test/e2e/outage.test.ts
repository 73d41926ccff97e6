import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startTcp } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startNginx, webFolder } from '../support/web-servers.ts';
import { cards, dialog, expect, fast, headline, lines, stands, test, tile } from './desk.ts';

test('a web server stops: seen, taken on, noted, reported, and over', async ({ start, after }) => {
  const port = await freePort();
  const folder = webFolder();
  const serve = () => startNginx(folder, `server { listen 127.0.0.1:${port}; location / { return 200 "well"; } }`, port);
  let nginx = await serve();
  const ssh = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'));
  after(() => Promise.all([nginx.stop(), ssh.stop()]));
  const app = await start({
    inventory: `${fast}
hosts:
  - id: web1
    name: web1.example.net
    address: 127.0.0.1
    checks:
      - { type: http, url: "http://127.0.0.1:${port}/" }
      - { type: tcp, name: ssh, port: ${ssh.port}, expect: SSH- }
  - id: db1
    name: db1.example.net
    address: 127.0.0.2
    checks: [{ type: icmp, packets: 1 }]
links:
  - id: uplink
    site: here
    provider: Uplink
    gateway: 127.0.0.3
sites: [{ id: here, name: Here }]
`,
  });
  const { page } = app;
  await stands(page, 'web1', 'ok');
  await expect(headline(page)).toHaveText(/^All quiet/);

  await test.step('a first bad result is only a mark; the second is an alert', async () => {
    await nginx.stop();
    await expect(tile(page, 'web1').getByRole('img', { name: /trying again, attempt 1/ })).toBeVisible({ timeout: 10_000 });
    await expect(tile(page, 'web1')).toHaveAttribute('data-standing', 'ok');
    await expect(cards(page)).toHaveCount(0);
    await stands(page, 'web1', 'down');
    await expect(tile(page, 'web1')).toContainText('connection refused');
    await expect(headline(page)).toHaveText('HTTP on web1.example.net fails');
    await expect(page.locator('header').first()).toContainText('nobody has it yet');
    await expect(page.locator('header').first()).toContainText('SSH');
    await expect(cards(page)).toHaveCount(1);
    await expect(cards(page).getByRole('heading')).toHaveText('HTTP on web1.example.net fails');
    await expect(tile(page, 'db1')).toHaveAttribute('data-standing', 'ok');
  });

  await test.step('nobody can take it on without saying who and what', async () => {
    await page.keyboard.press('a');
    await dialog(page).getByLabel('Who has it').fill('Kim');
    await dialog(page).getByRole('button', { name: 'Acknowledge' }).click();
    await expect(dialog(page).getByRole('alert')).toHaveText(/Say what you do about it/);
    await dialog(page).getByLabel('What you do about it').fill('   ');
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toBeVisible();
    await dialog(page).getByLabel('What you do about it').fill('restarting nginx');
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(cards(page)).toContainText(/Taken by Kim at .*: “restarting nginx”/);
    await expect(page.locator('header').first()).toContainText('Kim has it');
  });

  await test.step('a note', async () => {
    await page.keyboard.press('n');
    await expect(dialog(page)).toContainText('Note on web1.example.net');
    await expect(dialog(page).getByLabel('Who writes')).toHaveValue('Kim');
    await dialog(page).getByLabel('Note', { exact: true }).fill('the key link was broken');
    await dialog(page).getByRole('button', { name: 'Write note' }).click();
    await expect(dialog(page)).toHaveCount(0);
    for (const said of ['restarting nginx', 'the key link was broken', 'connection refused']) await expect(lines(page)).toContainText(said);
  });

  const exported = temporaryFolder('exported');
  await test.step('the report: what, whom, and what not', async () => {
    await page.keyboard.press('d');
    const report = page.getByRole('article', { name: 'Draft' });
    await expect(report.getByRole('heading', { level: 3 })).toContainText('HTTP on web1.example.net');
    await expect(report).toContainText(/connection refused/);
    await expect(report).toContainText('the key link was broken');
    const sections = await report.getByRole('heading', { level: 4 }).allTextContents();
    expect(sections.join(' | ')).toMatch(/affected.*not affected/i);
    await expect(report.locator('section').filter({ hasText: /not affected/i })).toContainText(/db1|Uplink|SSH/);
    // The evidence of a sentence.
    await report.locator('[data-sentence]').first().click();
    await expect(page.getByRole('complementary', { name: 'Evidence' })).toContainText(/connection refused|web1/);

    for (const [button, ending] of [
      ['Markdown file…', 'md'],
      ['HTML file…', 'html'],
    ] as const) {
      await app.electron.evaluate(({ dialog: native }, folder) => {
        native.showSaveDialog = (async (...all: unknown[]) => {
          const { defaultPath = '' } = all.at(-1) as { defaultPath?: string };
          return { canceled: false, filePath: `${folder}/${defaultPath.split('/').at(-1)}` };
        }) as never;
      }, exported);
      await page.getByRole('button', { name: 'Export…' }).click();
      await dialog(page).getByRole('button', { name: button }).click();
      const said = page.getByRole('status').filter({ hasText: 'Saved to' });
      await expect(said).toContainText(`.${ending}.`);
      const file = /Saved to (.*)\.$/.exec(await said.innerText())?.[1] ?? '';
      expect(file).toMatch(new RegExp(`^${exported}/\\d{4}-\\d\\d-\\d\\d [^/]*web1[^/]*[^.]\\.${ending}$`));
      expect(file).not.toMatch(/\.(md|html)\.(md|html)$/);
      const text = readFileSync(join(file), 'utf8');
      expect(text).toMatch(ending === 'md' ? /^# / : /^<!doctype html>/i);
      for (const word of ['connection refused', 'the key link was broken', 'restarting nginx', 'Kim']) expect(text).toContain(word);
      await said.getByRole('button', { name: 'Dismiss' }).click();
    }
    await page.keyboard.press('1');
    await expect(lines(page)).toContainText(/Kim/);
  });

  await test.step('it comes back', async () => {
    nginx = await serve();
    await stands(page, 'web1', 'ok');
    await expect(cards(page)).toHaveCount(0);
    await expect(headline(page)).toHaveText(/^All quiet/);
    const over = page.getByRole('complementary', { name: 'Alerts' }).locator('details');
    await over.locator('summary').click();
    await expect(over).toContainText('HTTP on web1.example.net');
  });

  await test.step('after a new start the timeline and the name are still there', async () => {
    await app.close();
    const again = await start({ dataFolder: app.dataFolder });
    await stands(again.page, 'web1', 'ok');
    await expect(lines(again.page)).toContainText('the key link was broken');
    await again.page.keyboard.press('n');
    await expect(dialog(again.page).getByLabel('Who writes')).toHaveValue('Kim');
    await expect(dialog(again.page).getByLabel('Note', { exact: true })).toBeFocused();
  });
});

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeFileName } from '../../electron/store/store.ts';
import { startTcp } from '../support/servers.ts';
import { cards, dialog, expect, fast, inList, lines, stands, test } from './desk.ts';

test('an alert is silenced with a reason, stands apart, and its recovery is told all the same', async ({ start, after }) => {
  let server = await startTcp((socket) => void socket.write('220 mail.example.net\r\n'));
  after(() => server.stop());
  const { port } = server;
  const { page, dataFolder, electron } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
hosts:
  - { id: mx1, address: 127.0.0.1, checks: [{ type: tcp, name: smtp, port: ${port}, expect: "220" }] }
  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`,
  });
  const silences = page.getByRole('region', { name: 'Silences in force' });
  await stands(page, 'mx1', 'ok');
  await server.stop();
  await expect(inList(page, /^Open/)).toHaveCount(1, { timeout: 15_000 });

  await test.step('the reason is required', async () => {
    await page.keyboard.press('s');
    await expect(dialog(page).getByRole('checkbox', { name: /^mx1/ })).toBeChecked();
    await expect(dialog(page).getByLabel('How long')).toHaveValue('2h');
    await dialog(page).getByRole('button', { name: 'Silence' }).click();
    await expect(dialog(page).getByRole('alert')).toHaveText('Say why, so that nobody wonders at the silence.');
    await dialog(page).getByLabel('Why').fill('new mail server, known');
    await dialog(page).getByLabel('How long').selectOption('morning');
    await expect(dialog(page)).toContainText(/08:00 UTC\+[12]/);
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
  });

  await test.step('it is marked, listed, and in the store', async () => {
    await expect(inList(page, 'Silenced')).toContainText(/silenced until .*08:00 UTC\+[12]/);
    await expect(inList(page, /^Open/)).toHaveCount(0);
    await expect(page.getByText('0 open · 1 silenced')).toBeVisible();
    await expect(silences).toContainText(/mx1 until .*08:00 UTC\+[12] · Kim: “new mail server, known”/);
    await expect(lines(page)).toContainText('“new mail server, known”');
    const db = new DatabaseSync(join(dataFolder, storeFileName), { readOnly: true });
    after(() => db.close());
    const rows = db.prepare('SELECT * FROM silences').all();
    expect(JSON.stringify(rows)).toContain('new mail server, known');
    expect(rows).toHaveLength(1);
  });

  await test.step('ended by hand it is open again; silenced anew', async () => {
    await silences.getByRole('button', { name: 'End the silence of mx1' }).click();
    await expect(silences).toHaveCount(0);
    await expect(inList(page, /^Open/)).toHaveCount(1);
    await expect(lines(page)).toContainText('ended by hand');
    await page.keyboard.press('s');
    await dialog(page).getByLabel('Why').fill('once more');
    await page.keyboard.press('Control+Enter');
    await expect(inList(page, 'Silenced')).toHaveCount(1);
  });

  await test.step('it comes back: the alert is over, and that is called out', async () => {
    await electron.evaluate(({ Notification }) => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      Notification.isSupported = () => true;
      Notification.prototype.show = function show(this: Electron.Notification) {
        told.push(this.title);
      };
    });
    server = await startTcp((socket) => void socket.write('220 mail.example.net\r\n'), '127.0.0.1', port);
    await stands(page, 'mx1', 'ok');
    await expect(cards(page)).toHaveCount(0);
    await expect(silences).toHaveCount(1);
    await expect
      .poll(() => electron.evaluate(() => (globalThis as unknown as { told: string[] }).told))
      .toEqual([expect.stringMatching(/^Over: .*mx1/)]);
  });

  await test.step('what fails again while it is silenced calls nobody', async () => {
    await server.stop();
    await expect(inList(page, 'Silenced')).toHaveCount(1, { timeout: 15_000 });
    await expect(inList(page, /^Open/)).toHaveCount(0);
    expect(await electron.evaluate(() => (globalThis as unknown as { told: string[] }).told.length)).toBe(1);
  });
});

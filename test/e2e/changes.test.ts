import { writeFileSync } from 'node:fs';
import { startTcp } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { at, cards, dialog, expect, fast, lines, said, stands, test } from './desk.ts';

test('changes are entered and imported, and stand beside the fault that follows', async ({ start, after }) => {
  const server = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'));
  after(() => server.stop());
  const { page, electron } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
hosts:
  - { id: web1, address: 127.0.0.1, checks: [{ type: tcp, name: ssh, port: ${server.port}, expect: SSH- }] }
  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`,
  });
  await stands(page, 'web1', 'ok');
  const changes = page.getByRole('region', { name: 'Changes', exact: true });
  const folder = temporaryFolder('changes');
  const choose = (name: string, content: string): Promise<void> => {
    writeFileSync(`${folder}/${name}`, content);
    return electron.evaluate(({ dialog: native }, file) => {
      native.showOpenDialog = (async () => ({ canceled: false, filePaths: [file] })) as never;
    }, `${folder}/${name}`);
  };
  await page.keyboard.press('m');
  await expect(changes).toContainText('None was entered.');

  await test.step('one by hand', async () => {
    await page.getByRole('button', { name: 'Enter a change' }).click();
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page).getByRole('alert')).toHaveText('Say what was changed.');
    await dialog(page).getByLabel('What was changed').fill('security patches');
    await dialog(page).getByRole('combobox', { name: 'On what' }).click();
    await page.keyboard.type('web');
    await page.keyboard.press('Enter');
    await dialog(page).getByLabel('Just now').uncheck();
    await dialog(page)
      .getByLabel('When, day')
      .fill(at(-26 * 3_600_000).slice(0, 10));
    await dialog(page)
      .getByLabel('When, time')
      .fill(at(-26 * 3_600_000).slice(11, 16));
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(changes).toContainText('security patches');
    await expect(changes).toContainText('Kim');
  });

  await test.step('a file with a bad line: the line is named, and nothing of it is written', async () => {
    await choose('bad.csv', `at,subject,text,by\n${at(-3_600_000)},web1,new kernel,Sam\nyesterday,db1,moved,Sam\n`);
    await page.getByRole('button', { name: 'Enter a change' }).click();
    await dialog(page).getByRole('button', { name: 'Import a file…' }).click();
    await expect(dialog(page)).toContainText('bad.csv cannot be imported as it is. Nothing was written.');
    await expect(dialog(page)).toContainText(/Line 3: expected/);
    await expect(dialog(page).getByRole('button', { name: /^Import 0/ })).toBeDisabled();
  });

  await test.step('another file, with a thing that is not in the inventory', async () => {
    await choose(
      'good.csv',
      `\ufeffat;subject;text;by\r\n${at(-2 * 3_600_000)};web1;"sshd: ""new"" settings";Sam\r\n${at(-3_600_000)};;"core; router";Alex\r\n`,
    );
    await dialog(page).getByRole('button', { name: 'Choose another file…' }).click();
    await expect(dialog(page)).toContainText('good.csv: 2 changes.');
    await expect(dialog(page).getByRole('table')).toContainText('sshd: "new" settings');
    await dialog(page).getByRole('button', { name: 'Import 2 changes' }).click();
    await expect(dialog(page)).toHaveCount(0);
    await expect(said(page, '2 changes from good.csv are on the timeline.')).toBeVisible();
    await expect(changes.getByRole('listitem')).toHaveCount(3);
    await expect(changes).not.toContainText('new kernel');
    await expect(changes).toContainText('core; router');
  });

  await test.step('something is no text: it is said', async () => {
    await choose('picture.csv', 'a\0b');
    await page.getByRole('button', { name: 'Enter a change' }).click();
    await dialog(page).getByRole('button', { name: 'Import a file…' }).click();
    await expect(dialog(page)).toContainText('picture.csv is not a plain text file.');
    await page.keyboard.press('Escape');
  });

  await test.step('the fault that follows has them beside it, the newest first', async () => {
    await page.keyboard.press('1');
    await server.stop();
    await stands(page, 'web1', 'down');
    await expect(cards(page)).toContainText(/Change: sshd: "new" settings on web1, 2 h before/);
    await expect(cards(page)).toContainText(/Change: security patches on web1, 1 d before/);
    await expect(cards(page)).not.toContainText('core; router');
    await page.locator('[data-tile="web1"]').click();
    await expect(page.getByRole('region', { name: 'web1' })).toContainText('security patches');
    await expect(lines(page)).toContainText('security patches');
  });
});

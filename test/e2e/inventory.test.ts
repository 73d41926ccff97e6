import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, fast, headline, lines, stands, test, tile } from './desk.ts';

const good = `${fast}
hosts:
  - id: web1
    address: 127.0.0.1
    checks: [{ type: icmp, packets: 1 }]
`;

test('a mistake in the file is shown with its place, and the watch goes on with what was read before', async ({ start }) => {
  const { page, inventoryFile } = await start({ inventory: good });
  await stands(page, 'web1', 'ok');
  const band = page.getByRole('alert').filter({ hasText: 'The inventory file has a mistake.' });
  const save = (text: string): void => writeFileSync(inventoryFile, text);
  const complains = async (text: string, place: string, ...words: RegExp[]): Promise<void> => {
    save(text);
    await expect(band).toContainText(place);
    for (const it of words) await expect(band).toContainText(it);
    await stands(page, 'web1', 'ok');
  };

  await complains(good.replace('type: icmp', 'type: pong'), 'line 7, column 22', /a check type: one of icmp, tcp.*pong.* is none/);
  await complains(`${good}  - id: web1\n    address: 127.0.0.2\n`, 'line 8', /web1/, /unique|twice|already|another/i);
  await complains(good.replace('address: 127.0.0.1', 'address: ";reboot"'), 'line 6', /an IP address or a host name/, /;reboot/);
  await complains(good.replace('address:', 'adress:'), 'line 6', /adress/, /address/);
  await complains(
    `${good}services:\n  - { id: shop, name: Shop, dependsOn: [webmail] }\n  - { id: webmail, name: Webmail, dependsOn: [shop] }\n`,
    'line',
    /shop/,
    /webmail/,
    /circle|cycle|loop|itself/i,
  );
  await complains('hosts: [', 'line 1', /./);
  await complains('', 'line', /./);
  await page.keyboard.press('2');
  await expect(lines(page)).toContainText(/pong/);
  await page.keyboard.press('1');

  // Mended: the band goes, and what was added is watched.
  save(`${good}  - { id: web2, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }\n`);
  await stands(page, 'web2', 'ok');
  await expect(band).toHaveCount(0);
  await expect(headline(page)).toHaveText(/^All quiet\. 2 checks fine/);

  // Taken out again: its tile goes.
  save(good);
  await expect(tile(page, 'web2')).toHaveCount(0);
  expect(readFileSync(inventoryFile, 'utf8')).toBe(good);
});

test('a start with a broken file says where it is broken, and begins when it is mended', async ({ start }) => {
  const { page, inventoryFile } = await start({ inventory: good.replace('checks:', 'checkz:') });
  const band = page.getByRole('alert').filter({ hasText: 'The inventory file has a mistake.' });
  await expect(band).toContainText('line 7');
  await expect(band).toContainText('checkz');
  writeFileSync(inventoryFile, good);
  await stands(page, 'web1', 'ok');
  await expect(band).toHaveCount(0);
});

test('a mistyped inventory is told, and no file is begun in its place', async ({ start }) => {
  const { page, dataFolder } = await start({ args: ['--inventory', '/nowhere/inventori.yaml'] });
  await expect(page.getByRole('alert').filter({ hasText: 'inventori.yaml' })).toBeVisible();
  expect(existsSync('/nowhere')).toBe(false);
  expect(existsSync(`${dataFolder}/inventory.yaml`)).toBe(false);
});

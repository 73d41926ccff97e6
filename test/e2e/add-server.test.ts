import { readFileSync } from 'node:fs';
import { freePort, startTcp } from '../support/servers.ts';
import { startNginx, webFolder } from '../support/web-servers.ts';
import { dialog, expect, fast, headline, lines, stands, test, tile } from './desk.ts';

/** In the tests' own network the usual ports are free for us; elsewhere a port is typed with the address. */
const own = process.env.NIGHTDESK_TEST_GATEWAY_NAMESPACE !== undefined;

const inventory = `# Our machines. Kim keeps this file.
${fast}
sites:
  - { id: lab, name: Lab } # in the cellar

hosts:
  # The oldest one.
  - id: old1
    site: lab
    address: 127.0.0.9 # its third address
    checks: [{ type: icmp, packets: 1 }]
`;

test('a server is added by its address: looked at, ticked, watched, and in the file', async ({ start, after }) => {
  const port = own ? 80 : await freePort();
  const nginx = await startNginx(
    webFolder(),
    `server { listen 127.0.0.1:${port}; location / { default_type text/html; return 200 "<title>Shop</title>"; } }`,
    port,
  );
  after(() => nginx.stop());
  if (own) {
    const ssh = await startTcp((socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'), '127.0.0.1', 22);
    after(() => ssh.stop());
  }
  const { page, inventoryFile } = await start({ inventory });
  await stands(page, 'old1', 'ok');

  await page.getByRole('button', { name: 'Add a server' }).click();
  const address = dialog(page).getByLabel('Name or address');
  for (const [typed, words] of [
    ['-h', /"-h" cannot be an address: no host name begins with a dash/],
    [';reboot', /";reboot" cannot be an address: a host name has only letters/],
    ['300.1.2.3', /cannot be an address/],
    ['', /Type a name or an address/],
  ] as const) {
    await address.fill(typed);
    await page.keyboard.press('Enter');
    await expect(dialog(page).getByRole('alert')).toHaveText(words);
    await expect(address).toHaveValue(typed);
  }

  await address.fill(own ? '127.0.0.1' : `127.0.0.1:${port}`);
  await dialog(page).getByRole('button', { name: 'Look' }).click();
  await expect(dialog(page)).toContainText('What answers at 127.0.0.1', { timeout: 15_000 });
  const proposal = (name: string) => dialog(page).getByRole('checkbox', { name: new RegExp(name, 'i') });
  await expect(proposal('ping')).toBeChecked();
  if (own) {
    await expect(proposal('SSH on port 22: SSH-2.0-OpenSSH_9.2p1')).toBeChecked();
    await expect(proposal('HTTP, 200, "Shop"')).toBeChecked();
    // Not everything that was proposed is wanted.
    await proposal('SSH').uncheck();
  } else await expect(proposal(`Port ${port}`)).toBeChecked();

  const field = (label: string) => dialog(page).getByLabel(label);
  await field('Id').fill('old1');
  await dialog(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog(page).getByRole('alert')).toContainText('"old1" is in the inventory already');
  await field('Id').fill('shop');
  await field('Name').fill('Shop, new');
  await field('Site').selectOption('lab');
  await dialog(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);

  await stands(page, 'shop', 'ok');
  await expect(tile(page, 'shop')).toContainText('Shop, new');
  await expect(headline(page)).toHaveText(/^All quiet\. \d checks fine/);
  await expect(lines(page)).toContainText('Shop, new added with 2 checks');

  const text = readFileSync(inventoryFile, 'utf8');
  // Every line that was there is there still, in its order, comments included.
  const left = text.split('\n');
  for (const line of inventory.trimEnd().split('\n')) {
    const at = left.indexOf(line);
    expect(at, `"${line}" is still in the file, in its place`).toBeGreaterThanOrEqual(0);
    left.splice(0, at + 1);
  }
  expect(text).toMatch(/- id: shop\n\s+name: Shop, new\n\s+site: lab\n\s+address: 127\.0\.0\.1\n/);
  expect(text).not.toContain('name: ssh');
});

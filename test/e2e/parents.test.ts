import { openWall } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { cards, expect, fast, headline, lines, stands, test, tile } from './desk.ts';

test('a switch dies: one alert names it, what is behind it is unreachable and not blamed', async ({ start, after }) => {
  let up = await startTcp(() => undefined);
  after(() => up.stop());
  const ports = { sw1: up.port };
  // What lies behind the switch is reached through it: both go together.
  let behind = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'));
  after(() => behind.stop());
  const { port } = behind;
  const ssh = `{ type: tcp, name: ssh, port: ${port}, expect: SSH- }`;
  const app = await start({
    inventory: `${fast}
sites: [{ id: sd, name: San Diego }]
hosts:
  - { id: sw1, name: Switch 1, site: sd, address: 127.0.0.1, checks: [{ type: tcp, name: management, port: ${ports.sw1} }] }
  - { id: web1, site: sd, address: 127.0.0.1, parents: [sw1], checks: [${ssh}] }
  - { id: web2, site: sd, address: 127.0.0.1, parents: [sw1], checks: [${ssh}] }
  - { id: db1, site: sd, address: 127.0.0.4, checks: [{ type: icmp, packets: 1 }] }
services:
  - { id: shop, name: Shop, site: sd, dependsOn: [web1], checks: [{ type: tcp, name: order form, address: 127.0.0.1, port: ${port} }] }
`.replace('order form', 'orders'),
  });
  const { page } = app;
  for (const key of ['sw1', 'web1', 'web2', 'db1', 'shop']) await stands(page, key, 'ok');
  const wall = await openWall(app);
  await page.bringToFront();

  await Promise.all([up.stop(), behind.stop()]);
  await stands(page, 'sw1', 'down');
  for (const key of ['web1', 'web2', 'shop']) await stands(page, key, 'unreachable');
  await expect(cards(page)).toHaveCount(1);
  await expect(cards(page).getByRole('heading')).toHaveText(/^Switch 1 is down$/);
  await expect(headline(page)).toHaveText('Switch 1 is down');
  await expect(page.locator('header').first()).toContainText('3 things behind it cannot be reached');
  await expect(tile(page, 'web1')).toContainText('behind Switch 1');
  await expect(tile(page, 'db1')).toHaveAttribute('data-standing', 'ok');
  await expect(headline(wall)).toHaveText('Switch 1 is down');
  await expect(wall.locator('[data-standing="unreachable"]').filter({ hasText: 'web2' })).not.toHaveCount(0);

  const fold = cards(page).getByRole('button', { name: /3 checks of 3 things behind it cannot be reached/ });
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(cards(page).getByRole('button', { name: 'web2', exact: true })).toHaveCount(0);
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await cards(page).getByRole('button', { name: 'web2', exact: true }).click();
  await expect(page.getByRole('region', { name: 'web2' })).toContainText('behind Switch 1');
  await fold.click();
  await expect(cards(page).getByRole('button', { name: 'web2', exact: true })).toHaveCount(0);

  up = await startTcp(() => undefined, '127.0.0.1', ports.sw1);
  behind = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'), '127.0.0.1', port);
  for (const key of ['sw1', 'web1', 'web2', 'shop']) await stands(page, key, 'ok');
  await expect(cards(page)).toHaveCount(0);
  await expect(headline(page)).toHaveText(/^All quiet\. 5 checks fine/);
  // One story from its beginning to its end, and no other alert in between.
  await page.keyboard.press('2');
  await expect(lines(page).getByText(/Switch 1 is down: recovered after/)).toHaveCount(1);
  await expect(lines(page).getByText('Alert raised')).toHaveCount(1);
});

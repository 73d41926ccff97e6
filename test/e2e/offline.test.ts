import { openWall } from '../support/app.ts';
import { startFarPlace } from '../support/far-place.ts';
import { cards, expect, fast, headline, inList, lines, stands, test, tile } from './desk.ts';

test('the desk loses its own connection: it says so once, calls nothing down, and goes on by itself', async ({ start, after }) => {
  const far = await startFarPlace();
  after(() => far.remove());
  const [router, web1, web2] = far.targets;
  const app = await start({
    inventory: `${fast}
desk:
  anchors:
    - { name: far-host, ${router} }
sites: [{ id: sd, name: San Diego }]
hosts:
  - { id: web1, site: sd, checks: [{ ${web1} }] }
  - { id: web2, site: sd, checks: [{ ${web2} }] }
  - { id: own1, site: sd, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`,
  });
  const { page } = app;
  for (const key of ['web1', 'web2', 'own1', 'desk']) await stands(page, key, 'ok');
  await expect(headline(page)).toHaveText(/^All quiet\. 4 checks fine/);
  const wall = await openWall(app);
  await page.bringToFront();

  await far.cut();
  await expect(headline(page)).toHaveText(/^This desk is offline since .*: nothing is known of what lies beyond it$/, { timeout: 20_000 });
  await expect(headline(wall)).toHaveText(/^This desk is offline since/);
  await expect(cards(page)).toHaveCount(1);
  await expect(cards(page).getByRole('heading')).toHaveText('This desk is offline');
  for (const key of ['web1', 'web2']) {
    // Grey, whatever the probes said before; never red, never green.
    await expect(tile(page, key)).toHaveAttribute('data-standing', /^(unknown|stale)$/);
    await expect(tile(page, key)).toContainText('this desk is offline');
  }
  await stands(page, 'own1', 'ok');
  await expect(inList(page, /^Open/)).toHaveCount(1);
  await expect(lines(page)).toContainText('This desk lost its own connection');

  await far.join();
  for (const key of ['web1', 'web2', 'desk']) await stands(page, key, 'ok');
  await expect(headline(page)).toHaveText(/^All quiet\. 4 checks fine/, { timeout: 15_000 });
  await expect(cards(page)).toHaveCount(0);
  await expect(lines(page)).toContainText('This desk is connected again after');
  // Nothing else was ever called.
  await page.keyboard.press('2');
  await expect(lines(page).getByText('Alert raised')).toHaveCount(1);
});

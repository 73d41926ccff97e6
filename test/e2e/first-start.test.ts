import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { startGatewayNameServer } from '../support/name-server.ts';
import { expect, headline, stands, test, tile } from './desk.ts';

test('a first start watches this computer, its gateway and its resolver', async ({ start, after }) => {
  const resolver = await startGatewayNameServer();
  after(() => resolver?.stop());
  const { page, inventoryFile } = await start();

  await expect(page.getByRole('heading', { name: 'This computer is being watched' })).toBeVisible();
  expect(existsSync(inventoryFile)).toBe(true);
  if (resolver) {
    // The desk itself among them: the two by which it knows that it is connected.
    for (const key of ['gateway', 'resolver', 'desk']) await stands(page, key, 'ok');
    // A computer with much to do is told as such, and rightly.
    const busy = (loadavg()[1] ?? 0) / availableParallelism() > 1.8;
    if (busy) await expect(tile(page, 'this-computer')).toContainText(/load \d|\d %/, { timeout: 20_000 });
    else {
      await stands(page, 'this-computer', 'ok');
      await expect(headline(page)).toHaveText(/^All quiet\. 5 checks fine/);
    }
    await expect(tile(page, 'resolver')).toHaveText(/\d ms/);
  } else {
    // In somebody's own network anything may be broken; but there is a verdict.
    for (const key of ['this-computer', 'gateway', 'resolver'])
      await expect(tile(page, key)).not.toHaveAttribute('data-standing', 'pending', { timeout: 20_000 });
  }
  await expect(page.getByText('No mail server is watched yet.')).toBeVisible();
});

test('the welcome goes away for good when it is told to', async ({ start }) => {
  const first = await start();
  const welcome = (app: typeof first) => app.page.getByRole('heading', { name: 'This computer is being watched' });
  await expect(welcome(first)).toBeVisible();
  await first.page.getByRole('button', { name: 'Do not show this again' }).click();
  await expect(welcome(first)).toHaveCount(0);
  await first.close();

  const second = await start({ dataFolder: first.dataFolder });
  await expect(tile(second.page, 'this-computer')).toBeVisible();
  await expect(welcome(second)).toHaveCount(0);
});

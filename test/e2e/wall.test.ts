import { ask, openWall } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { cards, dialog, expect, fast, headline, stands, test } from './desk.ts';

test('desk and wall show the same through an outage and an acknowledgement', async ({ start, after }) => {
  let server = await startTcp((socket) => void socket.write('220 mail.example.net\r\n'));
  after(() => server.stop());
  const app = await start({
    inventory: `${fast}
hosts:
  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
mail:
  - id: mail
    domain: example.net
    address: 127.0.0.1
    checks: [{ type: tcp, name: smtp, port: ${server.port}, expect: "220" }]
`,
  });
  const { page, electron } = app;
  await stands(page, 'db1', 'ok');
  const wall = await openWall(app);
  const both = async (sentence: RegExp): Promise<void> => {
    await expect(headline(page)).toHaveText(sentence, { timeout: 15_000 });
    await expect(headline(wall)).toHaveText(sentence);
  };
  const marks = (name: string) => wall.locator('[data-standing]').filter({ hasText: name }).last();
  await both(/^All quiet\. 2 checks fine/);
  await expect(marks('db1')).toHaveAttribute('data-standing', 'ok');

  const { port } = server;
  await server.stop();
  await both(/example\.net/);
  await expect(wall.getByText('nobody has it yet')).toBeVisible();
  await expect(wall.locator('[data-standing="down"]').filter({ hasText: 'connection refused' })).toBeVisible();
  await expect(wall.locator('main')).toContainText('db1');

  await page.keyboard.press('a');
  await dialog(page).getByLabel('Who has it').fill('Kim');
  await dialog(page).getByLabel('What you do about it').fill('restarting postfix');
  await page.keyboard.press('Control+Enter');
  await expect(cards(page)).toContainText('Taken by Kim');
  await expect(wall.getByText('Kim has it')).toBeVisible();

  server = await startTcp((socket) => void socket.write('220 mail.example.net\r\n'), '127.0.0.1', port);
  await both(/^All quiet\. 2 checks fine/);

  // Nobody clicks on a wall; one key leads out.
  const window = await electron.browserWindow(wall);
  await window.evaluate((it) => it.webContents.sendInputEvent({ type: 'keyDown', keyCode: 'Escape' }));
  await expect.poll(() => electron.windows().length).toBe(1);
  await expect(headline(page)).toHaveText(/^All quiet/);
});

test('a wall whose display is missing opens on another one and says so', async ({ start }) => {
  const app = await start({ settings: { wall: { display: 4711, openAtStart: false } } });
  const wall = await openWall(app);
  await expect(app.page.getByRole('status').filter({ hasText: 'is not connected; it opened on another one' })).toBeVisible();
  await expect(headline(wall)).not.toHaveText('');
  const window = await app.electron.browserWindow(wall);
  expect(await window.evaluate((it) => it.isVisible())).toBe(true);
  // A second wish for a wall moves it; there is never more than one.
  await ask(app.page, 'openWall', { display: null });
  await expect.poll(() => app.electron.windows().length).toBe(2);
});

test('the wall opens with the desk when it is told to', async ({ start }) => {
  const { electron } = await start({ settings: { wall: { display: null, openAtStart: true } } });
  await expect
    .poll(() =>
      electron
        .windows()
        .map((it) => new URL(it.url()).searchParams.get('role'))
        .sort(),
    )
    .toEqual(['desk', 'wall']);
});

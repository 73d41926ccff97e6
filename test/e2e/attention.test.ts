import { freePort, startTcp } from '../support/servers.ts';
import { cards, expect, fast, lines, stands, test } from './desk.ts';

test('an alert is called out; a click on the notification shows it; the bell mutes', async ({ start, after }) => {
  let server = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'));
  after(() => server.stop());
  const { port } = server;
  const { page, electron } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
sites: [{ id: sd, name: San Diego }]
hosts:
  - { id: old1, address: 127.0.0.3, checks: [{ type: tcp, name: web, port: ${await freePort()} }] }
  - { id: web1, site: sd, address: 127.0.0.1, checks: [{ type: tcp, name: ssh, port: ${port}, expect: SSH- }] }
`,
  });
  const title = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
  await stands(page, 'web1', 'ok');
  await expect(cards(page)).toHaveCount(1, { timeout: 15_000 });
  await expect.poll(title).toBe('(1) Nightdesk');
  // No system to show notifications here: what it is asked to show is written down.
  await electron.evaluate(({ Notification }) => {
    const shown: Electron.Notification[] = [];
    Object.assign(globalThis, { shown });
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) {
      shown.push(this);
    };
  });
  const shown = () =>
    electron.evaluate(() =>
      (globalThis as unknown as { shown: Electron.Notification[] }).shown.map((it) => ({
        title: it.title,
        body: it.body,
        urgency: it.urgency,
        silent: it.silent,
      })),
    );

  await test.step('raised: a notification, the count in the title, a sound for the page', async () => {
    await page.evaluate(() => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      const bridge = (window as unknown as { nightdesk: { on(event: string, listener: (it: unknown) => void): void } }).nightdesk;
      bridge.on('announced', (it) => heard.push(it));
    });
    await server.stop();
    await stands(page, 'web1', 'down');
    await expect.poll(title).toBe('(2) Nightdesk');
    await expect
      .poll(shown)
      .toEqual([{ title: 'web1 is down', body: expect.stringContaining('connection refused'), urgency: 'critical', silent: true }]);
    expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toMatchObject([
      { kind: 'raised', severity: 'down' },
    ]);
  });

  await test.step('a click shows the alert, wherever the page was', async () => {
    await page.keyboard.press('2');
    await electron.evaluate(() => void (globalThis as unknown as { shown: Electron.Notification[] }).shown[0]?.emit('click'));
    const current = page.locator('[data-alert][data-current]');
    await expect(current).toContainText('web1 is down');
    await expect(current).toBeFocused();
    await expect(page.getByRole('region', { name: 'web1' })).toBeVisible();
  });

  await test.step('the bell mutes, says until when, and sounds again', async () => {
    await page.getByRole('button', { name: 'Mute the sounds of this desk' }).click();
    await page.getByRole('menuitem', { name: 'Mute for 1 h' }).click();
    const muted = page.getByRole('button', { name: /^Muted until .* UTC\+[12]/ });
    await expect(muted).toBeVisible();
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('region', { name: 'Sound and notifications' })).toContainText(/Muted until/);
    await muted.click();
    await expect(muted).toHaveCount(0);
    await page.keyboard.press('1');
    await page.getByRole('button', { name: 'Mute the sounds of this desk' }).click();
    await page.getByRole('menuitem', { name: 'Mute until I unmute it' }).click();
    await expect(page.getByRole('button', { name: /^Muted\b/ })).toBeVisible();
  });

  await test.step('it is over: that is told, and the count goes down', async () => {
    server = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'), '127.0.0.1', port);
    await stands(page, 'web1', 'ok');
    await expect.poll(title).toBe('(1) Nightdesk');
    await expect.poll(async () => (await shown()).map((it) => it.title)).toEqual(['web1 is down', 'Over: web1 is down']);
    await expect(lines(page)).toContainText('web1 is down: recovered after');
  });

  await test.step('who does not want notifications gets none', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Show notifications of the system for alerts').uncheck();
    await server.stop();
    await expect.poll(title, { timeout: 15_000 }).toBe('(2) Nightdesk');
    expect(await shown()).toHaveLength(2);
  });
});

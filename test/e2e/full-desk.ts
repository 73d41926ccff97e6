/** A desk with something in every part of it: trouble of each kind, many tiles, long names, alerts, notes, a draft. */
import type { Page } from 'playwright/test';
import type { App, AppOptions, openApp } from '../support/app.ts';
import { freePort, startTcp } from '../support/servers.ts';
import { cards, dialog, expect, fast } from './desk.ts';

type Start = (options?: AppOptions) => ReturnType<typeof openApp>;

/** @returns the app, once every tile has its standing and the alerts are up */
export async function startFullDesk(
  start: Start,
  after: (undo: () => unknown) => void,
  settings: Record<string, unknown> = {},
): Promise<App> {
  const ssh = await startTcp((socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'));
  const busy = await startTcp((socket) => void socket.write('421 too many connections, please try again later when there are fewer\r\n'));
  after(() => Promise.all([ssh.stop(), busy.stop()]));
  const closed = await freePort();
  const hosts = Array.from(
    { length: 44 },
    (_, index) =>
      `  - { id: web${index + 1}, name: web${index + 1}.example.net, site: sd, address: 127.0.1.${index + 1}, checks: [{ type: icmp, packets: 1 }] }`,
  );
  const app = await start({
    settings: { author: 'Kim', welcomeDone: true, ...settings },
    inventory: `${fast}
sites: [{ id: sd, name: San Diego, timezone: America/Los_Angeles }]
hosts:
${hosts.join('\n')}
  - { id: db1, name: database-primary-with-a-rather-long-name.example.net, site: sd, address: 127.0.0.1, checks: [{ type: tcp, name: mysql, port: ${closed} }, { type: tcp, name: ssh, port: ${ssh.port}, expect: SSH-2.0 }] }
links:
  - { id: cox, site: sd, provider: Cox Communications, gateway: 127.0.2.1 }
  - { id: level3, site: sd, provider: Level 3, gateway: 127.0.2.2 }
mail:
  - id: mail
    domain: example.net
    address: 127.0.0.1
    checks:
      - { type: tcp, name: smtp, port: ${busy.port}, expect: "220" }
      - { type: tcp, name: imap, port: ${closed} }
      - { type: tcp, name: submission, port: ${ssh.port} }
`,
  });
  await expect(cards(app.page)).toHaveCount(2, { timeout: 15_000 });
  await expect(app.page.locator('[data-tile][data-standing="pending"]')).toHaveCount(0, { timeout: 15_000 });
  return app;
}

/** Every place of the desk's page, by name: how to get there, and how to leave. */
export const places: Record<string, (page: Page) => Promise<unknown>> = {
  desk: (page) => page.keyboard.press('1'),
  detail: async (page) => {
    await page.locator('[data-tile="db1"]').click();
    await expect(page.getByRole('heading', { level: 2, name: /^database-primary/ })).toBeVisible();
    await expect(page.getByText('Newest probe').first()).toBeVisible();
  },
  timeline: async (page) => {
    await page.keyboard.press('2');
    await expect(page.getByText('That is all there is.')).toBeAttached();
  },
  incidents: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('d');
    await expect(page.getByRole('article', { name: 'Draft' })).toBeVisible();
  },
  'incidents, a stretch of time': async (page) => {
    await page.getByRole('button', { name: 'Time range' }).click();
    await expect(page.getByRole('article', { name: 'Draft' })).toBeVisible();
    await page.getByRole('tab', { name: 'Preview' }).click();
    await expect(page.getByRole('tabpanel', { name: 'Preview' }).getByRole('heading').first()).toBeVisible();
  },
  settings: async (page) => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Secrets' })).toBeVisible();
  },
};
/** Dialogs over the desk. Each is closed by Esc. */
export const dialogs: Record<string, (page: Page) => Promise<unknown>> = {
  acknowledge: async (page) => {
    await page.keyboard.press('a');
    await dialog(page).getByRole('button', { name: 'Acknowledge' }).click();
  },
  note: (page) => page.keyboard.press('n'),
  find: async (page) => {
    await page.keyboard.press('/');
    await dialog(page).getByRole('combobox').fill('web1');
  },
  help: (page) => page.keyboard.press('?'),
  add: (page) => page.getByRole('button', { name: 'Add a server' }).click(),
};

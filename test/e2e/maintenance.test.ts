import type { Page } from 'playwright/test';
import { askEngine, openWall } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { at, cards, dialog, expect, fast, headline, inList, lines, said, stands, test } from './desk.ts';

const press = (page: Page, ...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const field = (page: Page, name: string | RegExp) => dialog(page).getByLabel(name);
/** Day and time of a form: "2026-11-20", "22:00". */
const momentOf = (fromNowMs: number) => ({ day: at(fromNowMs).slice(0, 10), time: at(fromNowMs).slice(11, 16) });
/** Writes a moment into the fields of a form. */
async function write(page: Page, label: string, fromNowMs: number): Promise<void> {
  const { day, time } = momentOf(fromNowMs);
  await field(page, `${label}, day`).fill(day);
  await field(page, `${label}, time`).fill(time);
}
const rows = (page: Page, part: string) => page.getByRole('region', { name: part, exact: true }).getByRole('button');
const hour = 3_600_000;

test('work that is planned by keyboard keeps its host from alerting, until it is finished', async ({ start, after }) => {
  let server = await startTcp((socket) => void socket.write('220 mail.example.net\r\n'));
  after(() => server.stop());
  const { port } = server;
  const app = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
hosts:
  - { id: mx1, address: 127.0.0.1, checks: [{ type: tcp, name: smtp, port: ${port}, expect: "220" }] }
  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`,
  });
  const { page } = app;
  await stands(page, 'mx1', 'ok');
  const wall = await openWall(app);
  await page.bringToFront();

  await test.step('m, Plan work, and everything typed; the end before the start is said at its field', async () => {
    await press(page, 'm');
    await expect(page.getByRole('heading', { level: 2, name: 'Nothing is planned' })).toBeVisible();
    await page.getByRole('button', { name: 'Plan work', exact: true }).focus();
    await press(page, 'Enter');
    await expect(field(page, 'What is done')).toBeFocused();
    await press(page, 'Control+Enter');
    await expect(dialog(page).getByRole('alert').filter({ hasText: 'Say what is done' })).toBeVisible();
    await page.keyboard.type('Mail upgrade');
    await write(page, 'Begins', -hour / 4);
    await write(page, 'Ends', -hour / 2);
    await expect(
      dialog(page)
        .getByRole('alert')
        .filter({ hasText: /ends before it begins/ }),
    ).toBeVisible();
    await expect(field(page, 'Ends, time')).toHaveAttribute('aria-invalid', 'true');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toBeVisible();
    await write(page, 'Ends', 2 * hour);
    await expect(dialog(page)).toContainText('It has begun already: it is in force as soon as you send it.');
    await dialog(page).getByRole('combobox', { name: 'Affects' }).focus();
    await page.keyboard.type('mx');
    await press(page, 'Enter');
    await expect(dialog(page).getByRole('list', { name: 'Chosen: Affects' })).toContainText('mx1');
    await press(page, 'Escape');
    await expect(dialog(page)).toBeVisible();
    await field(page, /^Why, and what people/).fill('new disks');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(said(page, '“Mail upgrade” is planned.')).toBeVisible();
    await expect(page.getByRole('heading', { level: 2, name: /^Planned work runs on mx1 until .*: Mail upgrade/ })).toBeVisible();
    await expect(rows(page, 'Running now')).toContainText('Mail upgrade');
    await expect(
      page
        .getByRole('grid')
        .getByRole('button', { name: /Mail upgrade/ })
        .first(),
    ).toBeVisible();
    await expect(page.getByRole('region', { name: 'Details: Mail upgrade' })).toContainText('new disks');
  });

  await test.step('its tile is blue, also when it goes down, and nobody is called', async () => {
    await press(page, '1');
    await stands(page, 'mx1', 'maintenance');
    await expect(wall.locator('[data-standing="maintenance"]').filter({ hasText: 'mx1' })).not.toHaveCount(0);
    await server.stop();
    await page.locator('[data-tile="mx1"]').click();
    await expect(page.getByRole('region', { name: 'mx1' })).toContainText(/connection refused/, { timeout: 15_000 });
    await expect(page.getByRole('region', { name: 'mx1' })).toContainText('planned work: Mail upgrade');
    await expect(lines(page)).toContainText(/smtp.*connection refused/i);
    await stands(page, 'mx1', 'maintenance');
    await expect(cards(page)).toHaveCount(0);
    await expect(headline(page)).toHaveText(/^All quiet\. 1 check fine\. Planned work runs on mx1 until/);
    await expect(headline(wall)).toHaveText(/^All quiet\. 1 check fine\. Planned work runs on mx1 until/);
    await press(page, 'Escape');
  });

  await test.step('it is extended', async () => {
    await press(page, 'm');
    await page.getByRole('button', { name: 'Extend' }).click();
    await write(page, 'New end', hour);
    await expect(dialog(page).getByRole('alert')).toHaveText('This is not later than it ends now.');
    await write(page, 'New end', 5 * hour);
    await field(page, 'Why it takes longer').fill('a disk is missing');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 2, name: new RegExp(`until .*${momentOf(5 * hour).time}`) })).toBeVisible();
    await expect(cards(page)).toHaveCount(0);
  });

  await test.step('it is finished while the host is still down: now it is an alert', async () => {
    await page.getByRole('button', { name: 'Finish' }).click();
    await field(page, 'How it went').fill('disks are in');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await press(page, '1');
    await stands(page, 'mx1', 'down');
    await expect(inList(page, /^Open/)).toHaveCount(1);
    await expect(headline(wall)).toContainText('mx1');
    await expect(lines(page)).toContainText(/Mail upgrade.*“disks are in”/);
    server = await startTcp((socket) => void socket.write('220 mail.example.net\r\n'), '127.0.0.1', port);
    await stands(page, 'mx1', 'ok');
    await expect(cards(page)).toHaveCount(0);
  });
});

test('work whose day is open, work of yesterday, and work that is called off', async ({ start }) => {
  const { page } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}\nhosts:\n  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }\n`,
  });
  await stands(page, 'db1', 'ok');
  await press(page, 'm');
  const plan = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Plan work', exact: true }).click();
    await field(page, 'What is done').fill(name);
    await dialog(page).getByRole('combobox', { name: 'Affects' }).click();
    await page.keyboard.type('db1');
    await press(page, 'Enter', 'Escape');
  };

  await test.step('the day is not fixed yet: listed, without effect, until it has a day', async () => {
    await plan('Move to rack 7');
    await field(page, 'The day is not fixed yet').check();
    await expect(field(page, 'Begins, day')).toHaveCount(0);
    await field(page, 'Takes').fill('1 h 30 min');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(rows(page, 'Day not fixed yet')).toContainText('Move to rack 7');
    await expect(rows(page, 'Day not fixed yet')).toContainText('takes 1 h 30 min');
    await expect(page.getByRole('grid').getByRole('button', { name: /Move to rack 7/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Fix the day' }).click();
    await press(page, 'Control+Enter');
    await expect(dialog(page).getByRole('alert').filter({ hasText: 'Choose the day.' }).first()).toBeVisible();
    await write(page, 'Begins', 26 * hour);
    // The end follows from how long it takes.
    await expect(field(page, 'Ends, time')).toHaveValue(momentOf(27.5 * hour).time);
    await field(page, /^Agreed with whom/).fill('agreed with the datacenter');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(rows(page, 'Coming')).toContainText('Move to rack 7');
  });

  await test.step('called off only after it was asked for, with a reason', async () => {
    await page.getByRole('button', { name: 'Call off' }).click();
    await expect(dialog(page)).toContainText('This cannot be undone');
    await dialog(page).getByRole('button', { name: 'Leave it' }).click();
    await expect(rows(page, 'Coming')).toContainText('Move to rack 7');
    await page.getByRole('button', { name: 'Call off' }).click();
    await press(page, 'Control+Enter');
    await expect(dialog(page).getByRole('alert')).toHaveText('Say why it is called off.');
    await field(page, 'Why').fill('the rack is full');
    await dialog(page).getByRole('button', { name: 'Call it off' }).click();
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 2, name: 'Nothing is planned' })).toBeVisible();
    await expect(rows(page, 'Coming')).toHaveCount(0);
  });

  await test.step('entered afterwards, it stands among what is over and corrects the uptime', async () => {
    await plan('New power supply');
    await write(page, 'Begins', -5 * hour);
    await write(page, 'Ends', -4 * hour);
    await expect(dialog(page)).toContainText('This is past: it corrects the uptime of that time.');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await page.getByRole('button', { name: /^Over, the last 90 days/ }).click();
    await expect(rows(page, 'Over').filter({ hasText: 'New power supply' })).toContainText('over since');
    await press(page, '2');
    await expect(lines(page)).toContainText('the rack is full');
    await expect(lines(page)).toContainText('New power supply');
    await press(page, '1');
    await stands(page, 'db1', 'ok');
  });

  await test.step('what another desk did meanwhile is told, and nothing is changed', async () => {
    await press(page, 'm');
    await plan('Firmware');
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await page.getByRole('button', { name: 'Postpone', exact: true }).click();
    await field(page, 'Why').fill('the parts are late');
    const snapshot = (await askEngine(page, 'snapshot')) as {
      value: { tables: { windows: Record<string, { id: string; name: string }> } };
    };
    const window = Object.values(snapshot.value.tables.windows).find((it) => it.name === 'Firmware');
    const off = { window: window?.id, change: { kind: 'cancel', at: null }, by: 'Sam', reason: 'not needed' };
    expect(await askEngine(page, 'changeMaintenance', off)).toMatchObject({ ok: true });
    await press(page, 'Control+Enter');
    await expect(dialog(page)).toContainText('It was not postponed.');
    await expect(field(page, 'Why')).toHaveValue('the parts are late');
  });
});

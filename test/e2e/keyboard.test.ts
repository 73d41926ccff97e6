import { DateTime } from 'luxon';
import { freePort } from '../support/servers.ts';
import { cards, dialog, expect, fast, inList, slowFrames, stands, test, tile } from './desk.ts';

test('everything on the desk can be done by keyboard', async ({ start }) => {
  const { page } = await start({
    inventory: `${fast}
hosts:
  - { id: web1, address: 127.0.0.1, checks: [{ type: tcp, name: web, port: ${await freePort()} }] }
  - { id: web2, address: 127.0.0.2, checks: [{ type: tcp, name: web, port: ${await freePort()} }] }
  - { id: web3, address: 127.0.0.3, checks: [{ type: icmp, packets: 1 }] }
links:
  - { id: uplink, site: here, provider: Uplink, gateway: 127.0.0.4 }
sites: [{ id: here, name: Here }]
`,
  });
  await expect(cards(page)).toHaveCount(2, { timeout: 15_000 });
  // Keys are pressed faster than the page is drawn: none of them may hit what was there before, and no focus may come late.
  await slowFrames(page);
  const current = page.locator('[data-alert][data-current]');
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

  await test.step('alerts: j, k, x, a, Enter', async () => {
    await press('j');
    await expect(cards(page).nth(0)).toBeFocused();
    await press('j');
    await expect(cards(page).nth(1)).toBeFocused();
    await press('j');
    await expect(cards(page).nth(1)).toBeFocused();
    await press('k');
    await expect(cards(page).nth(0)).toBeFocused();
    await expect(current).toHaveCount(1);
    await press('x', 'j', 'x');
    await expect(page.getByText('2 chosen')).toBeVisible();
    await press('a');
    await expect(dialog(page)).toContainText('Acknowledge 2 alerts');
    await press('Escape');
    await expect(dialog(page)).toHaveCount(0);
    await press('x', 'k', 'x');
    await expect(page.getByText('2 chosen')).toHaveCount(0);
    const title = (await cards(page).nth(0).getByRole('heading').innerText()).split(' ')[0] ?? '';
    await press('Enter');
    await expect(page.getByRole('region', { name: title })).toBeVisible();
    await press('Escape');
    await expect(page.getByRole('region', { name: title })).toHaveCount(0);
    await expect(tile(page, title)).toBeFocused();
  });

  await test.step('tiles: arrows, Enter, Esc', async () => {
    await tile(page, 'web1').focus();
    await press('ArrowRight', 'ArrowRight');
    await expect(tile(page, 'web3')).toBeFocused();
    await press('ArrowLeft');
    await expect(tile(page, 'web2')).toBeFocused();
    await press('ArrowLeft', 'ArrowDown');
    await expect(tile(page, 'uplink')).toBeFocused();
    await press('ArrowUp');
    await expect(tile(page, 'web1')).toBeFocused();
    await press('ArrowRight', 'ArrowRight', 'Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'web3' })).toBeVisible();
    await expect(tile(page, 'web3')).toHaveAttribute('aria-current', 'true');
    // A note goes to what is looked at.
    await press('n');
    await expect(dialog(page)).toContainText('Note on web3');
    await press('Escape');
    await press('Escape');
    await expect(page.getByRole('heading', { level: 2, name: 'web3' })).toHaveCount(0);
    await expect(tile(page, 'web3')).toBeFocused();
  });

  await test.step('find: /, Ctrl K, arrows, Enter', async () => {
    await press('/');
    await dialog(page).getByRole('combobox').fill('upl');
    await expect(dialog(page).getByRole('option').first()).toContainText('Uplink');
    await press('Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'Uplink' })).toBeVisible();
    await press('Control+k');
    await expect(dialog(page)).toBeVisible();
    await press('Control+k');
    await expect(dialog(page)).toHaveCount(0);
    await press('Escape');
  });

  await test.step('help and screens', async () => {
    await press('?');
    await expect(dialog(page).getByRole('heading', { name: 'Keys' })).toBeVisible();
    // The keys rest while a dialog is open.
    await press('a', '2', 'd');
    await expect(dialog(page).getByRole('heading', { name: 'Keys' })).toBeVisible();
    await press('Escape');
    await expect(dialog(page)).toHaveCount(0);
    await press('2');
    await expect(page.getByRole('heading', { level: 2, name: 'Timeline' })).toBeVisible();
    // On the timeline / goes to its own filter, and a key that is typed is only a letter.
    await press('/');
    const words = page.getByRole('searchbox');
    await expect(words).toBeFocused();
    await page.keyboard.type('adnj12?x');
    await expect(words).toHaveValue('adnj12?x');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByText('Nothing on the timeline matches this filter.')).toBeVisible();
    await words.fill('');
    await press('Escape');
    await press('3');
    await expect(page.getByRole('heading', { level: 2, name: 'No incident is open' })).toBeVisible();
    await press('m');
    await expect(page.getByRole('heading', { level: 2, name: 'Nothing is planned' })).toBeVisible();
    // Keys of the list of alerts rest where there is none.
    await press('s', 'x', 'a');
    await expect(dialog(page)).toHaveCount(0);
    await press('u');
    await expect(page.getByRole('button', { name: 'Export CSV…' })).toBeVisible();
    await press('/');
    await expect(page.getByRole('searchbox')).toBeFocused();
    await press('Escape');
    await press('4');
    await expect(page.getByRole('heading', { level: 2, name: 'Here' })).toBeVisible();
    const entries = page.getByRole('navigation', { name: 'Sites and links' });
    await entries.getByRole('button', { name: 'Here' }).focus();
    await press('Tab', 'Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'Uplink' })).toBeVisible();
    await expect(entries.getByRole('button', { name: 'Uplink' })).toBeFocused();
    await press('Tab', 'Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'At no site' })).toBeVisible();
    await press('Tab', 'Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'DNS' })).toBeVisible();
    await press('1');
    await stands(page, 'web3', 'ok');
  });

  await test.step('s silences what has the focus, alert or tile', async () => {
    await press('k');
    const title = (await current.getByRole('heading').innerText()).split(' ')[0] ?? '';
    await press('s');
    await expect(dialog(page).getByRole('checkbox', { name: title })).toBeChecked();
    await press('Escape');
    await tile(page, 'web3').focus();
    await press('s');
    await expect(dialog(page).getByRole('checkbox', { name: 'web3' })).toBeChecked();
    await press('Escape');
    await expect(tile(page, 'web3')).toBeFocused();
  });

  await test.step('who takes an alert on goes on to the next one', async () => {
    await press('k', 'k');
    const next = (await cards(page).nth(1).getByRole('heading').innerText()).split(' ')[0] ?? '';
    await press('a');
    await dialog(page).getByLabel('Who has it').fill('Kim');
    await dialog(page).getByLabel('What you do about it').fill('looking');
    await press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(inList(page, /^Taken/)).toHaveCount(1);
    await expect(inList(page, /^Open/)).toContainText(next);
    await expect(inList(page, /^Open/)).toBeFocused();
    await expect(inList(page, /^Open/)).toHaveAttribute('data-current');
  });

  await test.step('the calendar: arrows from day to day, Enter plans work on it', async () => {
    await press('m');
    const today = page.locator('[data-day][data-today]');
    await today.focus();
    const day = (await today.getAttribute('data-day')) ?? '';
    await press('ArrowRight', 'ArrowDown');
    const focused = page.locator('[data-day]:focus');
    await expect(focused).toHaveAttribute('data-day', DateTime.fromISO(day).plus({ days: 8 }).toISODate() ?? '');
    await press('Enter');
    await expect(dialog(page).getByLabel('Begins, day')).toHaveValue(DateTime.fromISO(day).plus({ days: 8 }).toISODate() ?? '');
    await press('Escape');
    await expect(focused).toHaveCount(1);
    await press('1');
  });

  await test.step('d drafts the current alert', async () => {
    await press('k', 'd');
    await expect(page.getByRole('article', { name: 'Draft' })).toContainText(/is down|web/);
  });
});

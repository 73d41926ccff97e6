import type { Page } from 'playwright/test';
import { askEngine, openWall } from '../support/app.ts';
import { freePort } from '../support/servers.ts';
import { at, cards, dialog, expect, fast, headline, inList, lines, said, test } from './desk.ts';

const kim = { author: 'Kim', welcomeDone: true };
const hosts = async (count: number): Promise<string> => {
  const all = [];
  for (let n = 1; n <= count; n += 1)
    all.push(`  - { id: web${n}, address: 127.0.0.${n}, checks: [{ type: tcp, name: web, port: ${await freePort()} }] }`);
  return `${fast}\nhosts:\n${all.join('\n')}\n`;
};
const what = (page: Page) => dialog(page).getByLabel('What you do about it');
const until = (page: Page) => dialog(page).getByLabel('Opens again by itself after');
const taken = (page: Page) => inList(page, /^Taken/);
const open = (page: Page) => inList(page, /^Open/);

test('an alert is taken with an end, opens again by itself, is given back, and taken over from who was faster', async ({ start }) => {
  const app = await start({ settings: kim, inventory: await hosts(1) });
  const { page } = app;
  await expect(open(page)).toHaveCount(1, { timeout: 15_000 });
  const id = (await cards(page).getAttribute('data-alert')) ?? '';
  const wall = await openWall(app);

  await test.step('two hours are suggested, and what was said stands on the card', async () => {
    await page.keyboard.press('a');
    await expect(until(page)).toHaveValue('2h');
    await expect(dialog(page)).toContainText(/Until .*\d\d:\d\d UTC\+[12]/);
    await expect(dialog(page).getByLabel('until something else changes')).toBeChecked();
    await dialog(page).getByLabel('until all is ok').check();
    await what(page).fill('restarting nginx');
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(taken(page)).toContainText(
      /Taken by Kim at .* UTC\+[12]: “restarting nginx” · until all is ok, at most until .* UTC\+[12]/,
    );
    await expect(open(page)).toHaveCount(0);
    await expect(page.getByText('0 open · 1 taken')).toBeVisible();
    await expect(wall.getByText('Kim has it')).toBeVisible();
  });

  await test.step('an end of its own is asked for, and must be still to come', async () => {
    await page.keyboard.press('a');
    // Saying it again of one's own is no taking over.
    await expect(dialog(page).getByRole('button', { name: 'Acknowledge' })).toBeVisible();
    await what(page).fill('only a look');
    await until(page).selectOption('custom');
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page).getByRole('alert')).toHaveText('Say until when.');
    const moment = dialog(page).getByLabel(/^Until \(UTC\+[12]\)/);
    await moment.fill(at(-60_000));
    await expect(dialog(page).getByRole('alert')).toHaveText('That moment is over already.');
    await moment.fill(at(4_000));
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(taken(page)).toContainText('only a look');
  });

  await test.step('then it opens again by itself, and says why', async () => {
    await expect(open(page)).toHaveCount(1, { timeout: 15_000 });
    await expect(taken(page)).toHaveCount(0);
    await expect(page.locator('header').first()).toContainText('nobody has it yet');
    await expect(wall.getByText('nobody has it yet')).toBeVisible();
    await expect(lines(page)).toContainText('nobody has it any more');
  });

  await test.step('another desk is faster: who has it is said, and what was typed stays', async () => {
    await page.keyboard.press('a');
    await what(page).fill('I restart it');
    const faster = { alerts: [id], by: 'Sam', comment: 'on my way', sticky: false, until: null, takeOver: false };
    expect(await askEngine(wall, 'acknowledge', faster)).toMatchObject({ ok: true });
    await expect(cards(page)).toContainText('Taken by Sam');
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toContainText('Not acknowledged.');
    await expect(dialog(page)).toContainText(/Sam has had “.*” for [\d.]+ s\. Nothing was changed, and your text is still there/);
    await expect(what(page)).toHaveValue('I restart it');
    await dialog(page).getByRole('button', { name: 'Take over' }).first().click();
    await expect(dialog(page)).toHaveCount(0);
    await expect(taken(page)).toContainText(/Taken by Kim .*“I restart it” · until/);
    await expect(lines(page)).toContainText('“I restart it” (Sam had it)');
  });

  await test.step('who sees beforehand that somebody has it takes it over at once', async () => {
    expect(
      await askEngine(wall, 'acknowledge', { alerts: [id], by: 'Sam', comment: 'mine again', sticky: false, until: null, takeOver: true }),
    ).toMatchObject({ ok: true });
    await expect(taken(page)).toContainText('Taken by Sam');
    await page.keyboard.press('a');
    await expect(dialog(page)).toContainText('Sam has this.');
    await what(page).fill('as agreed');
    await dialog(page).getByRole('button', { name: 'Take over' }).click();
    await expect(dialog(page)).toHaveCount(0);
    await expect(taken(page)).toContainText('“as agreed”');
  });

  await test.step('given back, with a reason', async () => {
    await taken(page).getByRole('button', { name: 'Give back' }).click();
    await dialog(page).getByRole('button', { name: 'Give back' }).click();
    await expect(dialog(page).getByRole('alert')).toHaveText('Say why, so that the next person knows.');
    await dialog(page).getByLabel('Why').fill('end of my shift');
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(open(page)).toHaveCount(1);
    await expect(lines(page)).toContainText('“end of my shift”');
    await expect(headline(wall)).toContainText('web1');
    await expect(wall.getByText('nobody has it yet')).toBeVisible();
  });
});

test('several alerts are taken in one go, however they were chosen', async ({ start }) => {
  const app = await start({ settings: kim, inventory: await hosts(6) });
  const { page } = app;
  await expect(open(page)).toHaveCount(6, { timeout: 15_000 });
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const bar = page.getByRole('region', { name: 'Chosen alerts' });

  await test.step('with j and x', async () => {
    await press('j', 'x', 'j', 'x');
    await expect(bar).toContainText('2 chosen');
    await press('a');
    await expect(dialog(page)).toContainText('Acknowledge 2 alerts');
    await expect(dialog(page).getByRole('listitem')).toHaveCount(2);
    await what(page).fill('both are mine');
    await press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(taken(page)).toHaveCount(2);
    await expect(taken(page).filter({ hasText: '“both are mine”' })).toHaveCount(2);
    await expect(bar).toHaveCount(0);
    await expect(said(page, '2 alerts are yours')).toBeVisible();
  });

  await test.step('with Shift and a click: all between', async () => {
    const pick = (index: number) => open(page).nth(index).getByRole('checkbox');
    await open(page).nth(0).hover();
    await pick(0).click();
    await pick(2).click({ modifiers: ['Shift'] });
    await expect(bar).toContainText('3 chosen');
    for (const index of [0, 1, 2]) await expect(pick(index)).toBeChecked();
    await expect(pick(3)).not.toBeChecked();
    await bar.getByRole('button', { name: 'Clear' }).click();
    await expect(bar).toHaveCount(0);
  });

  await test.step('all that are open; those that somebody has stay theirs', async () => {
    await page.getByRole('button', { name: 'Choose all open' }).click();
    await expect(bar).toContainText('4 chosen');
    // One that somebody has is chosen besides.
    await taken(page).first().getByRole('checkbox').click();
    await expect(bar).toContainText('5 chosen');
    await bar.getByRole('button', { name: 'Acknowledge (4)' }).click();
    await what(page).fill('the whole rack');
    await press('Control+Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(taken(page).filter({ hasText: '“the whole rack”' })).toHaveCount(4);
    await expect(taken(page).filter({ hasText: '“both are mine”' })).toHaveCount(2);
    await expect(page.getByText('0 open · 6 taken')).toBeVisible();
    // The longest taken stands first.
    await expect(taken(page).first()).toContainText('both are mine');
  });
});

import { enginePid, engineStatus } from '../support/app.ts';
import { freePort } from '../support/servers.ts';
import { cards, dialog, expect, fast, lines, stands, test } from './desk.ts';

test('the engine is killed: the page says so, goes on without a reload, and nothing that people wrote is lost', async ({ start }) => {
  const { page, electron } = await start({
    inventory: `${fast}
hosts:
  - { id: web1, address: 127.0.0.1, checks: [{ type: tcp, name: web, port: ${await freePort()} }] }
  - { id: web2, address: 127.0.0.2, checks: [{ type: tcp, name: web, port: ${await freePort()} }] }
  - { id: db1, address: 127.0.0.3, checks: [{ type: icmp, packets: 1 }] }
`,
  });
  await expect(cards(page)).toHaveCount(2, { timeout: 15_000 });
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await page.keyboard.press('a');
  await dialog(page).getByLabel('Who has it').fill('Kim');
  await dialog(page).getByLabel('What you do about it').fill('looking at the first');
  await page.keyboard.press('Control+Enter');
  await expect(cards(page).filter({ hasText: 'looking at' })).toHaveCount(1);
  await page.keyboard.press('n');
  await dialog(page).getByLabel('Note', { exact: true }).fill('rack 4 is warm');
  await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toHaveCount(0);

  // Half an acknowledgement is typed when it happens.
  await page.keyboard.press('a');
  await dialog(page).getByLabel('What you do about it').fill('looking at the second');

  // Not by its role: what lies behind a dialog has none.
  const band = page.locator('[role="alert"]').filter({ hasText: 'The watching process' });
  const kill = async (): Promise<number> => {
    const pid = await enginePid(electron);
    expect(pid).not.toBeNull();
    process.kill(pid as number, 'SIGKILL');
    await expect.poll(async () => (await engineStatus(page)).state, { intervals: [20] }).toBe('stopped');
    const status = await engineStatus(page);
    if (status.state !== 'stopped') throw new Error(`not stopped: ${status.state}`);
    return status.retryAt - status.at;
  };
  const running = () => expect.poll(async () => (await engineStatus(page)).state, { timeout: 10_000 }).toBe('running');

  const waits: number[] = [await kill()];
  await running();
  waits.push(await kill());
  await running();
  waits.push(await kill());
  await expect(band).toContainText(/stopped at .* \(.*\)\. What you see is from then\. Restarting/);
  // What cannot be done meanwhile is said, and nothing typed goes away.
  await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toContainText('Not acknowledged.');
  await expect(dialog(page).getByLabel('What you do about it')).toHaveValue('looking at the second');
  await running();
  expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
  expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);

  await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(band).toHaveCount(0);
  await expect(cards(page).filter({ hasText: 'Taken by Kim' })).toHaveCount(2);
  await expect(cards(page).filter({ hasText: 'looking at the first' })).toHaveCount(1);
  await expect(lines(page)).toContainText('rack 4 is warm');
  await stands(page, 'db1', 'ok');
  await page.keyboard.press('2');
  await expect(lines(page).getByText('rack 4 is warm')).toHaveCount(1);
  await expect(lines(page).getByText(/ended by itself \(.*\) and was started again/)).toHaveCount(3);
  expect(await page.evaluate(() => (window as unknown as { sameDocument?: boolean }).sameDocument)).toBe(true);
});

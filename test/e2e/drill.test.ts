/** A drill as people play it: beside the real watch, with an engine, a clock and a store of its own, and a debrief at its end. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, TestInfo } from 'playwright/test';
import { ask, askEngine } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { violations } from './axe.ts';
import { cards, dialog, expect, headline, inList, lines, said, test } from './desk.ts';
import { bandOf, clockOf, jumpUntil, playDrill } from './drill-window.ts';

const settings = { author: 'Kim', welcomeDone: true, theme: 'dark' };
const slow = { timeout: 30_000 };
const inventory = (port: number): string => `organization: { name: Real Hosting, timezone: Europe/Berlin }
defaults: { interval: 1s, retryInterval: 1s, maxAttempts: 2, timeout: 900ms }
hosts:
  - { id: web1, name: realweb, address: 127.0.0.1, checks: [{ type: tcp, name: web, port: ${port} }] }
`;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

const picture = async (info: TestInfo, page: Page, name: string): Promise<void> =>
  info.attach(name, { body: await page.screenshot({ path: info.outputPath(`${name}.png`) }), contentType: 'image/png' });

test('a drill is played from its calm to its debrief, and the real watch goes on beside it', async ({ start, after }, info) => {
  test.setTimeout(180_000);
  const server = await startTcp(() => {});
  let isClosed = false;
  const closeServer = async (): Promise<void> => {
    if (!isClosed) await server.stop();
    isClosed = true;
  };
  after(closeServer);
  const app = await start({ settings, inventory: inventory(server.port) });
  await expect(headline(app.page)).toContainText('All quiet', slow);
  const drill = await playDrill(app, 'An upstream drops three of our five address ranges');

  await test.step('first moment: all is calm, and nobody can take it for the desk', async () => {
    await expect(bandOf(drill)).toContainText('DRILL');
    await expect(bandOf(drill)).toContainText('none of this is real');
    await expect(headline(drill)).toContainText('All quiet', slow);
    expect(await drill.title()).toMatch(/^DRILL: An upstream drops/);
    await drill.keyboard.press('Space');
    await expect(bandOf(drill)).toContainText('Paused');
    const before = await clockOf(drill).innerText();
    await drill.waitForTimeout(600);
    expect(await clockOf(drill).innerText()).toBe(before);
    await picture(info, drill, 'drill-1-calm');
    expect(await violations(drill, 'calm')).toEqual([]);
  });

  await test.step('every screen says that it is a drill', async () => {
    for (const key of ['2', '3', 'm', 'u', '4', '1']) {
      await drill.keyboard.press(key);
      await expect(bandOf(drill).getByText('DRILL', { exact: true })).toBeVisible();
    }
  });

  await test.step('second moment: the fault is there, and the first sentence names it', async () => {
    const isNamed = async () => /^Bluefin Carrier at Norfolk carries nothing for 3 of 5/.test(await headline(drill).innerText());
    await jumpUntil(drill, isNamed);
    await expect(cards(drill)).toHaveCount(1);
    await expect(drill.getByRole('banner')).toContainText('its circuit is up');
    await picture(info, drill, 'drill-2-named');
    expect(await violations(drill, 'named')).toEqual([]);
  });

  await test.step('third moment: the player takes it, and the phone rings', async () => {
    await drill.keyboard.press('Space');
    await drill.keyboard.press('a');
    await dialog(drill).getByLabel('What you do about it').fill('calling Bluefin');
    await dialog(drill).getByLabel('As part of an incident').selectOption('Open one');
    await drill.keyboard.press('Control+Enter');
    await expect(inList(drill, /^Taken/)).toHaveCount(1);
    const rings = () => drill.getByText('The phone rings:').first().isVisible();
    await jumpUntil(drill, rings);
    await button(drill, /^Write it down/)
      .first()
      .click();
    await expect(said(drill, 'It is in the log.')).toBeVisible();
    await picture(info, drill, 'drill-3-called');
  });

  await test.step('a real alert reaches whoever plays, and cannot be taken for one of the drill', async () => {
    await closeServer();
    const real = drill.getByRole('alert').filter({ hasText: 'Not the drill' });
    await expect(real).toContainText('realweb', slow);
    await button(drill, 'Show the desk').click();
    await expect(headline(app.page)).toContainText('realweb');
    await expect(cards(app.page)).toHaveCount(1);
    await expect(lines(app.page)).not.toContainText('Bluefin');
    await button(drill, 'Dismiss').first().click();
    await expect(real).toHaveCount(0);
  });

  await test.step('nothing of the desk is changed from a drill', async () => {
    for (const name of ['chooseInventory', 'setSecret'] as const) {
      const input = name === 'setSecret' ? { name: 'a', value: 'b' } : {};
      expect(await ask(drill, name, input)).toMatchObject({ ok: false });
    }
    expect(await askEngine(drill, 'addSite', { id: 'x', name: 'X', timezone: null })).toMatchObject({ ok: false });
    expect(await askEngine(app.page, 'drill', { do: 'pause' })).toMatchObject({ ok: false, failure: { code: 'no-drill' } });
  });

  await test.step('fourth moment: it ends, and the debrief tells how it went', async () => {
    await button(drill, 'End and debrief').click();
    await dialog(drill).getByRole('button', { name: 'End and debrief' }).click();
    await expect(bandOf(drill)).toContainText('The drill is over', { timeout: 90_000 });
    const debrief = drill.getByRole('main');
    await expect(debrief).toContainText('Bluefin Carrier drops range A, range B and range C', slow);
    await expect(debrief).toContainText('by Kim');
    await expect(debrief).toContainText('No sentence of the desk was false');
    await picture(info, drill, 'drill-4-debrief');
    expect(await violations(drill, 'debrief')).toEqual([]);
  });

  await test.step('what leaves the drill says that it was one', async () => {
    const incidents = (await askEngine(drill, 'incidents', { from: 0, to: Date.now() })) as { value: { id: string }[] };
    const options = { zone: 'America/New_York', clock: '24h' };
    const wish = { kind: 'post-mortem', incident: incidents.value[0]?.id, window: null, options, by: 'Kim' };
    const document = (await askEngine(drill, 'openDocument', wish)) as { value: { id: string } };
    for (const format of ['markdown', 'html', 'text', 'csv', 'json'] as const) {
      const exported = (await askEngine(drill, 'exportDocument', { document: document.value.id, format })) as {
        value: { fileName: string; text: string };
      };
      expect(exported.value.fileName).toMatch(/^DRILL /);
      expect(exported.value.text).toMatch(/drill/i);
    }
  });

  await test.step('closed, it leaves nothing behind', async () => {
    const closed = drill.waitForEvent('close');
    await button(drill, 'End the drill and close its window').click();
    await expect(dialog(drill)).toContainText('What you did and wrote in this drill is gone then');
    await dialog(drill).getByRole('button', { name: 'End the drill' }).click();
    await closed;
    await expect.poll(() => existsSync(join(app.dataFolder, 'drill')), slow).toBe(false);
    await expect(headline(app.page)).toContainText('realweb');
    const kept = readdirSync(app.dataFolder).filter((it) => it.endsWith('.sqlite') || it.endsWith('.db'));
    for (const file of kept) expect(readFileSync(join(app.dataFolder, file)).includes('Bluefin')).toBe(false);
  });
});

test('a drill is watched, its process dies, and it is played again', async ({ start, expected }) => {
  expected.push(/drill/i);
  const app = await start({ settings, inventory: inventory(9) });
  const drill = await playDrill(app, 'A datacenter goes dark', { acts: 'Watch it played', speed: '60×' });
  await expect(bandOf(drill)).toContainText('60 times as fast as life');
  await app.electron.evaluate(({ app: it }) => {
    const own = it.getAppMetrics().find(({ name, serviceName }) => /drill/i.test(`${name} ${serviceName}`));
    if (own) process.kill(own.pid, 'SIGKILL');
  });
  await expect(bandOf(drill)).toContainText('It has stopped', slow);
  await drill.keyboard.press('2');
  await button(drill, 'Play again').first().click();
  // From its beginning means with nothing of what this page knew: what was shown, let go or revealed is of another play.
  await expect(drill.getByRole('button', { name: 'Desk', exact: true })).toHaveAttribute('aria-current', 'page', slow);
  await expect(headline(drill)).toContainText('All quiet', slow);
  await expect(clockOf(drill)).toContainText('2026');
});

test('what somebody wrote in a drill does not go by a slip', async ({ start }) => {
  const app = await start({ settings, inventory: inventory(9) });
  const drill = await playDrill(app, 'A datacenter goes dark');
  /** What the system's box is answered with from now on. @returns how often it came */
  const answer = (response: number) =>
    app.electron.evaluate(({ dialog: system }, given) => {
      const known = system as unknown as { asked?: number };
      system.showMessageBox = (async () => {
        known.asked = (known.asked ?? 0) + 1;
        return { response: given, checkboxChecked: false };
      }) as typeof system.showMessageBox;
    }, response);
  const asked = () => app.electron.evaluate(({ dialog: system }) => (system as unknown as { asked?: number }).asked ?? 0);
  const closeByFrame = async () => (await app.electron.browserWindow(drill)).evaluate((it) => it.close());

  await answer(0);
  await closeByFrame();
  await expect.poll(asked).toBe(1);
  expect(await ask(app.page, 'playDrill', { drill: 'site-dark.yaml', acts: 'script', speed: 1 })).toEqual({
    ok: true,
    value: { opened: false },
  });
  expect(await asked()).toBe(2);
  await expect(bandOf(drill)).toContainText('You act');

  await answer(1);
  const closed = drill.waitForEvent('close');
  await closeByFrame();
  await closed;
  await expect.poll(() => existsSync(join(app.dataFolder, 'drill')), slow).toBe(false);
});

test('a folder that is not a drill’s own stays as it is', async ({ start }) => {
  const app = await start({ settings, inventory: inventory(9) });
  const own = join(app.dataFolder, 'drill');
  mkdirSync(own);
  writeFileSync(join(own, 'notes.txt'), 'mine');
  const opening = app.electron.waitForEvent('window');
  await ask(app.page, 'playDrill', { drill: 'site-dark.yaml', acts: 'player', speed: 1 });
  const drill = await opening;
  await expect(drill.getByText('something else is there')).toBeVisible(slow);
  const closed = drill.waitForEvent('close');
  await (await app.electron.browserWindow(drill)).evaluate((it) => it.close());
  await closed;
  await drill.context().pages()[0]?.waitForTimeout(500);
  expect(readdirSync(own)).toEqual(['notes.txt']);
});

/**
 * `npm run screens`: renews docs/screens/*.png, pictures of the real app on a screen of its own, watching the small provider of
 * support/screen-lab.ts with real servers. What fails in the pictures was really broken; only the calm day before is made up.
 * `npm run screens places` makes those of sites, links, DNS and hosts alone, `npm run screens mail` those of the mail stack, `npm run screens drill`
 * those of a drill.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect } from 'playwright/test';
import { ensureBuilt } from '../electron/setup/build.ts';
import { resolveElectron } from '../electron/setup/electron-runtime.ts';
import { runScript } from '../electron/setup/fail.ts';
import { projectRoot } from '../electron/setup/paths.ts';
import { say } from '../electron/setup/progress.ts';
import { bandOf, jumpUntil, playDrill } from './e2e/drill-window.ts';
import { type App, ask, askEngine, hasSize, openApp, openWall, resize } from './support/app.ts';
import { startNameServer } from './support/name-server.ts';
import { fillHistory } from './support/screen-history.ts';
import { stormInventory, stormPort } from './support/screen-inventory.ts';
import { hookUrl, type Lab, newAddress, startLab } from './support/screen-lab.ts';
import { startMail } from './support/screen-mail.ts';
import { joinPrefix, resolverAddress, runInsideNetwork } from './support/screen-network.ts';
import { placeNames, startPlaces } from './support/screen-places.ts';
import { startTcp } from './support/servers.ts';
import { ensureSystemPackages } from './support/system-packages.ts';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder.ts';
import { startScreen } from './support/xvfb.ts';

const pictures = join(projectRoot, 'docs', 'screens');
/** Is seen in the pictures. */
const dataFolder = join(tmpdir(), 'nightdesk-screens');
const slow = { timeout: 60_000 };
const settings = { author: 'Kim', welcomeDone: true, theme: 'dark' };
const stormPrefix = '10.99';

const undo: (() => unknown)[] = [];
const apps: App[] = [];

await runScript(async () => {
  try {
    if (process.env.NIGHTDESK_SCREENS_INSIDE !== '1') {
      await ensureSystemPackages();
      if (process.env.NIGHTDESK_APP === undefined) await ensureBuilt();
      process.env.NIGHTDESK_ELECTRON = (await resolveElectron()).path;
      // Out here: inside, an X server could not see which displays are in use, and would take somebody's.
      const screen = await startScreen();
      undo.push(() => screen.stop());
      process.env.DISPLAY = screen.display;
    }
    const ended = await runInsideNetwork();
    if (ended !== null) return ended;
    await makePictures();
    return 0;
  } catch (error) {
    // What the app itself has to say about it.
    for (const it of apps) console.error(it.complaints.join('\n'));
    throw error;
  } finally {
    for (const it of undo.reverse()) await it();
    removeTemporaryFolders();
  }
});

async function makePictures(): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const names = await startNameServer(resolverAddress, [], placeNames);
  undo.push(() => names.stop());
  if (process.argv.includes('places')) return places();
  if (process.argv.includes('mail')) return mail();
  if (process.argv.includes('drill')) return drill();
  const lab = await startLab(temporaryFolder('lab'), (it) => undo.push(it));
  await firstStart();
  await night(lab);
  await storm();
  await places();
  await mail();
  await drill();
}

/** @param part a picture of this alone; left out, of the whole page */
async function take(page: Page, name: string, part?: Locator): Promise<void> {
  const path = join(pictures, `${name}.png`);
  await quiet(page);
  await (part ?? page).screenshot({ path, animations: 'disabled' });
  say(`Made docs/screens/${name}.png`);
}

/** No note that is about to leave, no tooltip. */
async function quiet(page: Page): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Dismiss', exact: true });
  if ((await dismiss.count()) > 0) await dismiss.first().click();
  await page.mouse.move(0, 0);
}

async function start(options: Parameters<typeof openApp>[0]): Promise<App> {
  undo.push(() => rmSync(dataFolder, { recursive: true, force: true }));
  const app = await openApp({ dataFolder, ...options });
  apps.push(app);
  undo.push(() => app.close());
  await resize(app, 1440, 900);
  return app;
}

function emptyFolder(): void {
  rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(dataFolder, { recursive: true });
}

async function firstStart(): Promise<void> {
  emptyFolder();
  const app = await start({});
  const headline = app.page.getByRole('heading', { level: 1 });
  await expect(headline).toContainText(/All quiet|load/, slow);
  if ((await headline.innerText()).startsWith('All quiet')) await take(app.page, 'first-start');
  else say('Did not renew docs/screens/first-start.png: this computer is busy, and the desk says so.');
  await app.close();
}

async function night(lab: Lab): Promise<void> {
  emptyFolder();
  fillHistory(dataFolder, lab.inventory, lab.usualMs);
  const app = await start({ inventory: lab.inventory, settings });
  const { page } = app;
  await ask(page, 'setSecret', { name: 'chat-hook', value: hookUrl });
  const tile = (key: string) => page.locator(`[data-tile="${key}"]`);
  const card = (text: string | RegExp) => page.locator('[data-alert]').filter({ hasText: text });
  const dialog = page.getByRole('dialog');
  const alerts = page.getByRole('complementary', { name: 'Alerts' });
  const standing = (key: string, is: string) => expect(tile(key)).toHaveAttribute('data-standing', is, slow);
  const inTheme = async (theme: 'dark' | 'light', name: string): Promise<void> => {
    await ask(page, 'changeSettings', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await take(page, name);
  };
  const darkAndLight = async (name: string): Promise<void> => {
    await inTheme('light', `${name}-light`);
    await inTheme('dark', `${name}-dark`);
  };
  const send = async (): Promise<void> => {
    await dialog.locator('textarea').last().press('Control+Enter');
    await expect(dialog).toHaveCount(0);
  };
  const cancel = async (): Promise<void> => {
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
  };
  const open = async (title: string | RegExp, key: 'a' | 's'): Promise<void> => {
    await card(title).focus();
    await page.keyboard.press(key);
    await expect(dialog).toBeVisible();
  };
  const acknowledge = async (title: string | RegExp, comment: string): Promise<void> => {
    await open(title, 'a');
    await dialog.getByLabel('What you do about it').fill(comment);
    await send();
    await expect(card(title)).toContainText('Taken by');
  };

  await standing('panel1', 'degraded');
  await acknowledge('panel1', 'new certificate is ordered, comes on Monday');
  lab.cutNfs2();
  lab.slowWiki(1_250);
  await lab.stopWeb7();
  await lab.stopLeg('imap');
  await standing('mail/imap', 'down');
  await acknowledge(/IMAP/, 'restarting dovecot');
  lab.cutAshburn();
  await standing('wiki1', 'degraded');
  await open('wiki1', 's');
  await dialog.getByLabel('Why', { exact: true }).fill('slow until the new disks are in, nobody needs to be woken');
  await take(page, 'silence');
  await send();
  await standing('zayo', 'down');
  await standing('web8', 'unreachable');
  await expect(card('Zayo')).toHaveCount(1);

  // While the outage grows old enough to be looked at.
  await page.keyboard.press('m');
  await expect(page.getByRole('grid')).toContainText('nfs2');
  await page
    .getByRole('button', { name: /New disks in nfs2/ })
    .first()
    .click();
  await darkAndLight('maintenance');
  await page.getByRole('button', { name: 'Plan work', exact: true }).click();
  await dialog.getByLabel('What is done').fill('New switch in rack 4');
  await dialog.getByRole('combobox', { name: /Affects/ }).fill('db');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('What is done').focus();
  await take(page, 'plan-work');
  await cancel();

  await page.keyboard.press('u');
  await page.getByRole('button', { name: '30 days' }).click();
  await expect(page.getByRole('table')).toContainText('Ashburn', slow);
  await darkAndLight('uptime');

  await page.keyboard.press('1');
  await open('Zayo', 'a');
  await dialog.getByLabel('What you do about it').fill('calling Zayo, ticket follows');
  await take(page, 'acknowledge');
  await cancel();

  await standing('web7', 'down');
  await expect(card(/web7/)).toHaveCount(1, slow);
  await card('Zayo').focus();
  // An outage is not looked at in its first second.
  await expect(page.locator('header').first()).toContainText(/1 min/, { timeout: 90_000 });
  await expect(card('Zayo')).toContainText('1 min', slow);
  await page.evaluate('document.activeElement?.blur()');
  await darkAndLight('desk');
  await card('Zayo')
    .getByRole('button', { name: /cannot be reached/ })
    .click();
  await take(page, 'alerts', alerts);
  await tile('web7').click();
  await expect(page.getByText('Newest probe').first()).toBeVisible();
  await expect(page.getByText(/available over/).first()).toBeAttached(slow);
  await expect(page.getByText('Drawing…')).toHaveCount(0);
  await page.evaluate('document.activeElement?.blur()');
  await take(page, 'detail');
  await page.keyboard.press('Escape');

  const wall = await openWall(app);
  await (await app.electron.browserWindow(wall)).evaluate((it) => {
    it.setFullScreen(false);
    it.setContentSize(1920, 1080);
  });
  await hasSize(wall, 1920, 1080);
  await expect(wall.getByText(/last full cycle/)).toBeVisible(slow);
  await take(wall, 'wall');
  await ask(page, 'closeWall');

  await page.getByRole('button', { name: 'Add a server' }).click();
  await dialog.getByLabel('Name or address').fill(newAddress);
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('What answers at', slow);
  await dialog.getByLabel('Id').fill('web10');
  await take(page, 'add-server');
  await page.keyboard.press('Escape');

  await acknowledge(/web7/, 'starting nginx by hand');
  await lab.startWeb7();
  await standing('web7', 'ok');
  await page.keyboard.press('2');
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await take(page, 'timeline');

  await page.keyboard.press('1');
  const over = alerts.locator('details');
  await over.locator('summary').click();
  await over
    .getByRole('listitem')
    .filter({ hasText: 'web7' })
    .getByRole('button', { name: /Choose/ })
    .click();
  await page.keyboard.press('d');
  const report = page.getByRole('article', { name: 'Draft' });
  await expect(report).toContainText('web7');
  await report.locator('[data-sentence]').nth(1).click();
  await take(page, 'draft');

  await page.getByRole('button', { name: 'Settings' }).click();
  const told = page.getByRole('region', { name: 'Who is told' });
  await told.getByRole('button', { name: 'Test NOC chat' }).click();
  await expect(told).toContainText('The other side took it', slow);
  await told.evaluate((it) => it.scrollIntoView());
  await darkAndLight('settings');

  await page.keyboard.press('1');
  await lab.startLeg('imap');
  lab.unplugDesk();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('nothing is known', slow);
  await expect(page.locator('[data-tile="web1"]')).not.toHaveAttribute('data-standing', 'ok', slow);
  await take(page, 'offline');
  await check(app);
}

/** Links, prefixes, servers from inside and DNS, over the routers of the lab. */
async function places(): Promise<void> {
  emptyFolder();
  const lab = await startPlaces((it) => undo.push(it));
  fillHistory(dataFolder, lab.inventory, lab.usualMs, lab.lossAt);
  const app = await start({ inventory: lab.inventory, settings });
  const { page } = app;
  for (const [name, value] of Object.entries(lab.secrets)) await ask(page, 'setSecret', { name, value });
  const entries = page.getByRole('navigation', { name: 'Sites and links' });
  const entry = (name: string) => entries.getByRole('button', { name });
  const part = (name: string) => page.getByRole('region', { name, exact: true });
  const darkAndLight = (name: string): Promise<void> => both(page, name);
  await page.keyboard.press('1');
  await expect(page.locator('[data-tile="cox"]')).toHaveAttribute('data-standing', 'ok', slow);
  // The way as it is on good days.
  for (const check of lab.traced) expect(await askEngine(page, 'trace', { check })).toMatchObject({ ok: true });

  lab.losePackets();
  await page.getByRole('button', { name: /^Sites/ }).click();
  await entry('DNS').click();
  await lab.stopTransfers();
  const zones = part('Zones and their servers');
  await expect(zones.locator('[data-tone="late"]')).toHaveCount(2, slow);
  // A name server may be behind for a moment.
  await expect(zones.locator('tbody th').getByRole('img', { name: 'degraded' })).toHaveCount(2, slow);
  await part('Changed records on their way').locator('summary').press('Enter');
  await page.evaluate('document.activeElement?.blur()');
  await darkAndLight('dns');

  await entry('San Diego').click();
  await part('Servers').getByRole('button', { name: 'db1' }).click();
  await expect(part('From inside')).toContainText('Array', slow);
  await darkAndLight('host');

  await entry('San Diego').click();
  await entry('Level3').click();
  await expect(part('Round trips and loss')).toContainText('lost of', slow);
  await expect(page.locator('[data-standing="degraded"]').filter({ hasText: 'degraded' }).first()).toBeVisible(slow);
  await expect(part('Bandwidth')).toContainText('dBm', slow);
  await darkAndLight('link-loss');
  await page.getByRole('button', { name: 'Show on the desk' }).click();
  await take(page, 'detail-link');
  await page.keyboard.press('Escape');
  lab.mendLevel3();

  lab.dropPrefixes();
  await page.getByRole('button', { name: /^Sites/ }).click();
  await entry('San Diego').click();
  await expect(part('Address ranges and the links that carry them').locator('[data-look="no-traffic"]')).toHaveCount(3, slow);
  await expect(part('Servers').locator('li[data-standing="unreachable"]')).toHaveCount(6, slow);
  await expect(part('Links')).not.toContainText(/[1-9]\d* %/, slow);
  await darkAndLight('site');
  await entry('Cox').click();
  await expect(part('Traces')).toContainText('dies behind this', slow);
  await darkAndLight('link');
  await page.keyboard.press('1');
  await take(page, 'desk-places');
  await check(app);
}

/** Mail is taken and delivered while nobody can log in. */
async function mail(): Promise<void> {
  emptyFolder();
  const { stack, inventory, secrets } = await startMail((it) => undo.push(it));
  const app = await start({ inventory, settings });
  const { page } = app;
  for (const [name, value] of Object.entries(secrets)) await ask(page, 'setSecret', { name, value });
  const stands = (leg: string, is: string) => expect(page.locator(`[data-tile="mail.${leg}"]`)).toHaveAttribute('data-standing', is, slow);
  for (const leg of ['receiving', 'sending', 'delivery', 'reading']) await stands(leg, 'ok');
  await page.keyboard.press('4');
  await page.getByRole('navigation', { name: 'Sites and links' }).getByRole('button', { name: 'example.net' }).click();
  await expect(page.getByText(/Receiving, sending, delivery and reading work/)).toBeVisible(slow);
  // Some round trips for the chart.
  await page.waitForTimeout(25_000);
  await take(page, 'mail-well-dark');
  stack.breakAuth();
  await page.keyboard.press('1');
  for (const leg of ['sending', 'reading']) await stands(leg, 'down');
  await take(page, 'mail-desk');
  await page.keyboard.press('4');
  await both(page, 'mail');
  const wall = await openWall(app);
  await (await app.electron.browserWindow(wall)).evaluate((it) => {
    it.setFullScreen(false);
    it.setContentSize(1920, 1080);
  });
  await hasSize(wall, 1920, 1080);
  await expect(wall.getByText(/last full cycle/)).toBeVisible(slow);
  await take(wall, 'mail-wall');
  await incident(page);
  await check(app);
}

/** An upstream drops three of our five address ranges, and whoever plays takes it on. The watch beside it is calm. */
async function drill(): Promise<void> {
  emptyFolder();
  const lab = await startLab(temporaryFolder('calm-lab'), (it) => undo.push(it));
  fillHistory(dataFolder, lab.inventory, lab.usualMs);
  const app = await start({ inventory: lab.inventory, settings });
  const { page } = app;
  const upstream = 'An upstream drops three of our five address ranges';
  await expect(page.locator('[data-tile="panel1"]')).toHaveAttribute('data-standing', 'degraded', slow);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('panel1', slow);
  await page.keyboard.press('g');
  await page.getByRole('dialog').getByText(upstream).click(slow);
  await take(page, 'drill-list');
  const played = await playDrill(app, upstream);
  const dialog = played.getByRole('dialog');
  const headline = played.getByRole('heading', { level: 1 });
  await (await app.electron.browserWindow(played)).evaluate((it) => it.setContentSize(1440, 900));
  await hasSize(played, 1440, 900);
  await expect(headline).toContainText('All quiet', slow);
  await played.keyboard.press('Space');
  await take(played, 'drill-calm');

  await jumpUntil(played, async () => /^Bluefin Carrier at Norfolk carries nothing/.test(await headline.innerText()));
  await played.keyboard.press('Space');
  await take(played, 'drill-named');
  for (const theme of ['light', 'dark'] as const) {
    await ask(page, 'changeSettings', { theme });
    await expect(played.locator('html')).toHaveAttribute('data-theme', theme);
    if (theme === 'light') await take(played, 'drill-named-light');
  }
  await played.keyboard.press('a');
  await dialog.getByLabel('What you do about it').fill('calling Bluefin Carrier');
  await dialog.getByLabel('As part of an incident').selectOption('Open one');
  await played.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);
  await jumpUntil(played, () => played.getByText('The phone rings:').first().isVisible());
  await played.keyboard.press('Space');
  await take(played, 'drill-called');

  // Whoever plays writes down all that comes in, to the end.
  const calls = played.getByRole('button', { name: /^Write it down/ });
  const rest = played.getByRole('button', { name: 'Next event' });
  for (let i = 0; i < 60 && (await rest.isVisible()); i++) {
    while ((await calls.count()) > 0) {
      const waiting = await calls.count();
      await calls.last().click();
      await expect(calls).toHaveCount(waiting - 1);
    }
    await played.keyboard.press('.');
    await expect(bandOf(played)).not.toContainText('On to the next', slow);
  }
  await expect(bandOf(played)).toContainText('The drill is over', slow);
  await bandOf(played).getByRole('button', { name: 'Debrief' }).click();
  await expect(played.getByRole('main')).toContainText('No sentence of the desk was false', slow);
  await take(played, 'drill-debrief');
  await check(app);
}

/** The same night taken on as an incident, with its log and its report. */
async function incident(page: Page): Promise<void> {
  const alert = await desk(page);
  const opened = (await askEngine(page, 'openIncident', {
    title: null,
    severity: 'major',
    lead: 'Kim',
    alerts: [alert],
    subjects: [],
    from: null,
    to: null,
    by: 'Kim',
  })) as { ok: true; value: { id: string } };
  const { id } = opened.value;
  const line = (entry: object) => askEngine(page, 'log', { incident: id, by: 'Kim', at: null, entry });
  const call = { type: 'contact', person: 'Jo', tier: 'tier 1', channel: 'phone', ticket: 'SD-4711' };
  await line({ type: 'customer-report', count: 6, text: 'mail programs ask for the password again and again' });
  await line({ ...call, with: 'sd', direction: 'out', text: 'asked for hands at the rack', waiting: true });
  await line({ type: 'action', text: 'turned back the change to the log-in settings of Friday' });
  await line({
    type: 'status-update',
    audience: 'customers',
    text: 'Mail is taken and delivered; reading and sending do not work yet.',
    nextAt: null,
  });
  await line({ type: 'owed', with: 'sd', what: 'reason for the outage', dueAt: null });
  await askEngine(page, 'changeIncident', {
    incident: id,
    by: 'Kim',
    reason: 'the log-in settings',
    change: { kind: 'status', status: 'identified' },
  });
  await page.keyboard.press('3');
  await page.getByRole('region', { name: 'Incidents', exact: true }).getByText('example.net').first().click();
  const about = page.getByRole('complementary', { name: 'About this incident' });
  await expect(about).toBeVisible(slow);
  await both(page, 'incident');
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { level: 2, name: 'Post-mortem' })).toBeVisible(slow);
  await page.waitForTimeout(1_500);
  await both(page, 'editor');
}

/** The alert on the desk. */
async function desk(page: Page): Promise<string | null> {
  await page.keyboard.press('1');
  return page.locator('[data-alert]').first().getAttribute('data-alert');
}

async function both(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await ask(page, 'changeSettings', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await take(page, `${name}-${theme}`);
  }
}

/** Two thousand machines at once: still one picture, and one alert for each site. */
async function storm(): Promise<void> {
  emptyFolder();
  joinPrefix(`${stormPrefix}.0.0/16`);
  const all = await startTcp(() => undefined, '0.0.0.0', stormPort);
  undo.push(() => all.stop());
  const app = await start({ inventory: stormInventory(stormPrefix), settings });
  await expect(app.page.getByRole('heading', { level: 1 })).toContainText('All quiet', slow);
  await all.stop();
  await expect(app.page.getByRole('complementary', { name: 'Alerts' }).locator('[data-alert]')).toHaveCount(4, slow);
  await expect(app.page.getByRole('heading', { level: 1 })).toContainText('490 servers', slow);
  await take(app.page, 'storm');
  const wall = await openWall(app);
  await (await app.electron.browserWindow(wall)).evaluate((it) => {
    it.setFullScreen(false);
    it.setContentSize(1920, 1080);
  });
  await hasSize(wall, 1920, 1080);
  await expect(wall.getByText(/last full cycle/)).toBeVisible(slow);
  await take(wall, 'storm-wall');
  await check(app);
}

/** Throws when the app complained about anything. */
async function check(app: App): Promise<void> {
  const complaints = app.complaints.filter((it) => !it.includes('shows no notifications'));
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  await app.close();
}

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import type { NightDocument } from '../../shared/model/document.ts';
import { type App, type AppOptions, askEngine, enginePid, engineStatus, type openApp } from '../support/app.ts';
import { freePort, startTcp } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { violations } from './axe.ts';
import { at, cards, dialog, expect, fast, lines, said, test } from './desk.ts';

type Answer<T> = { ok: true; value: T };
const options = { zone: 'Europe/Berlin', clock: '24h' };

interface Written {
  app: App;
  page: Page;
  incident: string;
  /** Id of its post-mortem. */
  paper: string;
  port: number;
}

const inventoryOf = (port: number): string => `${fast}
hosts:
  - { id: web1, address: 127.0.0.1, checks: [{ type: tcp, name: web, port: ${port} }] }
  - { id: db1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`;

/** A desk with one alert, an incident made of it, and its post-mortem in the editor. */
async function startEditor(start: (options?: AppOptions) => ReturnType<typeof openApp>, more: AppOptions = {}): Promise<Written> {
  const port = await freePort();
  const app = await start({ settings: { author: 'Kim', welcomeDone: true }, inventory: inventoryOf(port), ...more });
  const { page } = app;
  await expect(cards(page)).toHaveCount(1, { timeout: 15_000 });
  const alert = await cards(page).getAttribute('data-alert');
  const opened = (await askEngine(page, 'openIncident', {
    title: 'web1 does not answer',
    severity: 'major',
    lead: null,
    alerts: [alert],
    subjects: [],
    from: null,
    to: null,
    by: 'Kim',
  })) as Answer<{ id: string }>;
  const incident = opened.value.id;
  const drafted = (await askEngine(page, 'openDocument', {
    kind: 'post-mortem',
    incident,
    window: null,
    options,
    by: 'Kim',
  })) as Answer<NightDocument>;
  await edit(page);
  return { app, page, incident, paper: drafted.value.id, port };
}

/** Opens the post-mortem of the only incident. */
async function edit(page: Page): Promise<void> {
  await page.keyboard.press('3');
  await page.locator('[data-incident]').first().click();
  await page
    .getByRole('button', { name: /^Post-mortem/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 2, name: 'Post-mortem' })).toBeVisible();
}

const text = (page: Page, key: string) => page.locator(`[data-text="${key}"]`);
const reads = (page: Page, key: string) => page.locator(`[data-read="${key}"]`);
const state = (page: Page) => page.getByRole('status').filter({ hasText: /saved|saving/ });
const saved = (page: Page) => expect(state(page)).toHaveText(/^saved \d\d:\d\d:\d\d (CET|CEST|UTC\+[12])$/);
const evidence = (page: Page) => page.getByRole('complementary', { name: 'Evidence' });

/** What is on the clipboard, as whatever it is pasted into gets it. */
async function pasted(page: Page): Promise<{ html: string; plain: string }> {
  await page.evaluate(() => {
    const take = (event: ClipboardEvent): void => {
      event.preventDefault();
      const read = (type: string) => event.clipboardData?.getData(type) ?? '';
      Object.assign(window, { pasted: { html: read('text/html'), plain: read('text/plain') } });
    };
    document.addEventListener('paste', take, { once: true, capture: true });
  });
  await text(page, 'summary').press('Control+v');
  await page.waitForFunction(() => 'pasted' in window);
  return page.evaluate(() => {
    const world = window as unknown as { pasted?: { html: string; plain: string } };
    const got = world.pasted ?? { html: '', plain: '' };
    delete world.pasted;
    return got;
  });
}

/** What is on disk. */
async function onDisk(page: Page, paper: string): Promise<NightDocument> {
  return ((await askEngine(page, 'document', { document: paper })) as Answer<NightDocument>).value;
}
const sectionOnDisk = async (page: Page, paper: string, key: string): Promise<string | undefined> =>
  (await onDisk(page, paper)).sections.find((it) => it.key === key)?.text;

test('a document is written, read and proven side by side', async ({ start }) => {
  const { page, paper } = await startEditor(start);

  await test.step('a sentence shows its evidence and puts the cursor to its words', async () => {
    const sentence = reads(page, 'summary').locator('[data-s]').first();
    await sentence.click();
    await expect(sentence).toHaveAttribute('aria-pressed', 'true');
    await expect(evidence(page)).toContainText('connection refused');
    await expect(evidence(page).getByRole('img', { name: /web1.* available/ })).toBeVisible();
    await expect(text(page, 'summary')).toBeFocused();
    expect(await text(page, 'summary').evaluate((it: HTMLTextAreaElement) => it.selectionStart)).toBe(0);
  });

  await test.step('the cursor moves on to the next sentence, and the evidence with it', async () => {
    const sentences = reads(page, 'summary').locator('[data-s]');
    const end = await text(page, 'summary').evaluate((it: HTMLTextAreaElement) => it.value.length);
    await text(page, 'summary').press('Control+End');
    await expect(sentences.last()).toHaveAttribute('aria-pressed', 'true');
    expect(end).toBeGreaterThan(20);
  });

  await test.step('what is typed is read beside it, and is on disk two seconds later', async () => {
    await text(page, 'summary').press('Control+End');
    await page.keyboard.type('\n\nWe called the **vendor**. They know.');
    await expect(reads(page, 'summary').locator('strong')).toHaveText('vendor');
    await expect(state(page)).toHaveText(/not saved yet|saving…|^saved/);
    await saved(page);
    await expect.poll(() => sectionOnDisk(page, paper, 'summary'), { timeout: 2_500 }).toContain('We called the **vendor**. They know.');
    await expect(evidence(page)).toContainText('Nothing is noted behind this one');
  });

  await test.step('from gap to gap by F8; what is typed takes its place', async () => {
    const left = await page.getByText(/^\d+ gaps left$/).textContent();
    const count = Number.parseInt(left ?? '', 10);
    await page.keyboard.press('F8');
    await expect(page.getByText(`gap 1 of ${count}`)).toBeVisible();
    await page.keyboard.press('F8');
    await expect(page.getByText(`gap 2 of ${count}`)).toBeVisible();
    await page.keyboard.type('A cable was pulled.');
    await expect(page.getByText(`${count - 1} gaps left`)).toBeVisible();
    await expect(page.locator('[data-read]').filter({ hasText: 'A cable was pulled.' })).toHaveCount(1);
  });

  await test.step('sections are added, moved and taken out, all by keyboard, and each step is taken back', async () => {
    const keys = () => page.locator('[data-text]').evaluateAll((all) => all.map((it) => (it as HTMLElement).dataset.text));
    const before = await keys();
    await text(page, 'summary').focus();
    await page.keyboard.press('Alt+ArrowDown');
    expect((await keys()).indexOf('summary')).toBe(1);
    await expect(text(page, 'summary')).toBeFocused();
    await page.keyboard.press('Control+Shift+Enter');
    await expect(page.getByRole('textbox', { name: 'Title of section 3' })).toBeFocused();
    await page.keyboard.type('What we told the board');
    await page.getByRole('button', { name: 'Take out Impact' }).click();
    await expect(text(page, 'impact')).toHaveCount(0);
    await saved(page);
    expect((await onDisk(page, paper)).sections.map((it) => it.title)).toContain('What we told the board');
    for (const left of [true, true, false]) {
      await page.keyboard.press('Control+Alt+z');
      expect((await page.getByRole('button', { name: 'Take back' }).count()) > 0).toBe(left);
    }
    expect(await keys()).toEqual(before);
  });

  await test.step('another zone drafts anew what nobody edited', async () => {
    await page.getByLabel('Times in').selectOption('UTC');
    await expect(said(page, 'The times are changed.')).toBeVisible();
    await expect(reads(page, 'timeline')).toContainText('Time (UTC)');
    expect(await sectionOnDisk(page, paper, 'summary')).toContain('**vendor**');
  });
});

test('nothing that was typed is lost: not with the engine, not with the window', async ({ start }) => {
  const dataFolder = temporaryFolder('editor');
  const { app, page, paper, port } = await startEditor(start, { dataFolder });

  await test.step('the engine is killed in the middle of a sentence', async () => {
    await saved(page);
    const pid = await enginePid(app.electron);
    process.kill(pid as number, 'SIGKILL');
    await expect.poll(async () => (await engineStatus(page)).state, { intervals: [20] }).toBe('stopped');
    await text(page, 'summary').fill('Typed while nothing was watching.');
    await page.keyboard.press('Control+s');
    await expect(state(page)).toContainText(/not saved: .*not running|^saved/);
    await expect.poll(async () => (await engineStatus(page)).state, { timeout: 15_000 }).toBe('running');
    await saved(page);
    await expect(text(page, 'summary')).toHaveValue('Typed while nothing was watching.');
    await expect.poll(() => sectionOnDisk(page, paper, 'summary')).toBe('Typed while nothing was watching.');
  });

  await test.step('another screen, and the window closes with the last letter', async () => {
    await text(page, 'impact').fill('Typed before another screen.');
    await page.getByRole('button', { name: 'Leave the editor' }).click();
    await expect.poll(() => sectionOnDisk(page, paper, 'impact')).toBe('Typed before another screen.');
    await edit(page);
    await text(page, 'impact').fill('Typed right before the end.');
    await app.close();
  });

  await test.step('it is there after the next start; and the engine does not answer when the window closes', async () => {
    const again = await start({ dataFolder, inventory: inventoryOf(port) });
    await expect.poll(() => sectionOnDisk(again.page, paper, 'impact'), { timeout: 15_000 }).toBe('Typed right before the end.');
    await edit(again.page);
    await expect(text(again.page, 'impact')).toHaveValue('Typed right before the end.');
    await saved(again.page);
    const pid = (await enginePid(again.electron)) as number;
    process.kill(pid, 'SIGSTOP');
    await text(again.page, 'impact').fill('Typed into a frozen engine.');
    await again.page.keyboard.press('Control+s');
    // Longer than it takes until the page itself keeps it.
    await again.page.waitForTimeout(500);
    const closed = again.close();
    setTimeout(() => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }, 1_000);
    await closed;
  });

  await test.step('what the engine never got is saved at the next start, without the editor', async () => {
    const last = await start({ dataFolder, inventory: inventoryOf(port) });
    await expect.poll(() => sectionOnDisk(last.page, paper, 'impact'), { timeout: 20_000 }).toBe('Typed into a frozen engine.');
  });
});

test('new facts are taken where nobody wrote; what a person wrote stays, comes back, and is compared', async ({ start, after }) => {
  const { page, paper, port } = await startEditor(start, { settings: { author: 'Kim', welcomeDone: true, theme: 'light' } });
  await text(page, 'summary').fill('These are my own words.');
  await saved(page);
  const web = await startTcp((socket) => void socket.end('hello\r\n'), '127.0.0.1', port);
  after(() => web.stop());
  await page.keyboard.press('Escape');
  await expect(page.locator('h1')).not.toContainText('web1', { timeout: 20_000 });

  await test.step('the window is looked at again: it says so; what was edited is not chosen', async () => {
    await expect(async () => {
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await expect(page.getByText(/sections have newer facts; 1 of them edited by hand/)).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 20_000 });
    await page.getByRole('button', { name: 'See what is new' }).click();
    const mine = dialog(page).getByRole('group', { name: 'Summary' });
    await expect(mine.getByRole('radio', { name: 'Keep mine' })).toBeChecked();
    const timeline = dialog(page).getByRole('group', { name: 'Timeline' });
    await expect(timeline.getByRole('radio', { name: 'Take the new one' })).toBeChecked();
    await expect(dialog(page).locator('del').filter({ hasText: 'These are my own words' })).toBeVisible();
    await expect(
      dialog(page)
        .locator('ins')
        .filter({ hasText: /Recovered/ }),
    ).not.toHaveCount(0);
    expect(await violations(page, 'what is new')).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Take what is chosen' }).click();
    await expect(dialog(page)).toHaveCount(0);
    await expect(text(page, 'summary')).toHaveValue('These are my own words.');
    await expect(text(page, 'timeline')).toHaveValue(/Recovered/);
    await expect(page.getByText(/edited by hand/)).toHaveCount(0);
    expect(await sectionOnDisk(page, paper, 'summary')).toBe('These are my own words.');
  });

  await test.step('any revision is compared with any other, and brought back', async () => {
    await page.getByRole('button', { name: 'Revisions' }).click();
    const first = dialog(page).getByRole('listitem').filter({ hasText: 'As it was drafted' });
    await dialog(page).getByLabel('Compare').selectOption('1');
    await expect(dialog(page).locator('ins').filter({ hasText: 'my own words' })).toBeVisible();
    expect(await violations(page, 'revisions')).toEqual([]);
    await first.getByRole('button', { name: 'Bring back' }).click();
    await expect(said(page, 'Revision 1 is back.')).toBeVisible();
    await expect(text(page, 'summary')).not.toHaveValue('These are my own words.');
    await expect(text(page, 'timeline')).not.toHaveValue(/Recovered/);
    // And back again: nothing went away by it.
    await page.getByRole('button', { name: 'Revisions' }).click();
    await expect(dialog(page).getByRole('listitem').nth(1)).toBeVisible();
    await dialog(page).getByRole('listitem').nth(1).getByRole('button', { name: 'Bring back' }).click();
    await expect(text(page, 'summary')).toHaveValue('These are my own words.');
    await expect(text(page, 'timeline')).toHaveValue(/Recovered/);
  });
});

test('a document leaves the house as a file and over the clipboard, and says what is still open', async ({ start }) => {
  const { app, page } = await startEditor(start);
  await text(page, 'summary').fill('Mended **by hand**, see <b>below</b>.');
  const file = `${temporaryFolder('exported')}/report.md`;
  await app.electron.evaluate(({ dialog: native }, filePath) => {
    native.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, file);
  const open = () => page.getByRole('button', { name: 'Export…' }).click();

  await open();
  await expect(dialog(page)).toContainText(/\d gaps are still open\. They go out as they stand/);
  expect(await violations(page, 'export')).toEqual([]);
  await dialog(page)
    .getByRole('button', { name: /^Markdown…/ })
    .click();
  await expect(said(page, `Saved to ${file}.`)).toBeVisible();
  const written = readFileSync(file, 'utf8');
  expect(written).toContain('Mended **by hand**');
  expect(written).toContain('TO FILL');

  await open();
  await dialog(page)
    .getByRole('button', { name: /^Copy as rich text/ })
    .click();
  await expect(said(page, 'The document is on the clipboard.')).toBeVisible();
  const { html, plain } = await pasted(page);
  expect(html).toMatch(/<strong>by hand<\/strong>/);
  expect(html).not.toMatch(/<style|<script|<svg|<b>|style=/);
  expect(plain).toContain('Mended by hand');

  await open();
  await dialog(page)
    .getByRole('button', { name: /^Copy as Markdown/ })
    .click();
  await expect(said(page, 'The document is on the clipboard, as Markdown.')).toBeVisible();
  // What was measured has gone on meanwhile.
  const words = (it: string) => it.slice(0, it.indexOf('## What was measured'));
  expect(words((await pasted(page)).plain)).toBe(words(written));
  await page.getByRole('button', { name: 'Leave the editor' }).click();
  await page.keyboard.press('2');
  await expect(lines(page).getByText('Exported')).toHaveCount(3);
});

test('two people write one document: both texts are shown, and one chooses', async ({ start }) => {
  const { page, paper } = await startEditor(start);
  await saved(page);
  const other = await onDisk(page, paper);
  const sections = other.sections.map(({ key, title, text: was }) => ({ key, title, text: key === 'impact' ? 'Okapis graze.' : was }));
  expect(
    await askEngine(page, 'saveDocument', { document: paper, revision: other.revision, by: 'Bo', title: other.title, sections }),
  ).toMatchObject({ ok: true });
  await text(page, 'summary').fill('Zebras sleep.');
  await expect(dialog(page)).toContainText('Bo saved it at', { timeout: 5_000 });
  await expect(dialog(page).locator('del').filter({ hasText: 'Zebras sleep' })).toBeVisible();
  await expect(dialog(page).locator('ins').filter({ hasText: 'Okapis graze' })).toBeVisible();
  await dialog(page).getByRole('group', { name: 'Impact' }).getByRole('radio', { name: 'Take theirs' }).check();
  await dialog(page).getByRole('button', { name: 'Save what is chosen' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await saved(page);
  expect(await sectionOnDisk(page, paper, 'summary')).toBe('Zebras sleep.');
  expect(await sectionOnDisk(page, paper, 'impact')).toBe('Okapis graze.');
  await expect(text(page, 'impact')).toHaveValue('Okapis graze.');
});

test('hostile text is text, and a long document is written without waiting', async ({ start }) => {
  const { page, paper } = await startEditor(start);
  const image = '<img src=x onerror="window.evil=1">';
  await text(page, 'summary').fill(
    [
      `${image} [l](javascript:alert(1)) <script>window.evil=1</script> <https://evil.test/> \u202eRTL[^1] [TO FILL: ${image.replaceAll('"', '')}]`,
      '',
      '![i](https://evil.test/p.png) <a href="javascript:alert(1)" onclick="window.evil=1">x</a> [^999]',
      '',
      '> '.repeat(2_000),
      '',
      '[ok](https://example.net/)',
    ].join('\n'),
  );
  const read = reads(page, 'summary');
  await expect(read).toContainText('<img src=x onerror=');
  await expect(read.locator('mark')).toContainText('<img src=x');
  expect(await read.locator('img, script, iframe, [onclick], a[href^="javascript"]').count()).toBe(0);
  expect(await page.evaluate(() => 'evil' in window)).toBe(false);
  await expect(read).not.toContainText('\u202e');
  expect(await violations(page, 'the editor')).toEqual([]);

  // The history of a year.
  const paragraph = 'At 05:39:12 PST web1 did not answer.[^1] We looked at it, and called Cox.[^2]\n\n';
  const long = paragraph.repeat(Math.floor(490_000 / paragraph.length));
  await saved(page);
  await page.getByRole('button', { name: 'Leave the editor' }).click();
  const before = await onDisk(page, paper);
  const sections = before.sections.map(({ key, title, text: was }) => ({ key, title, text: key === 'impact' ? long : was }));
  const written = { document: paper, revision: before.revision, by: 'Kim', title: before.title, sections };
  expect(await askEngine(page, 'saveDocument', written)).toMatchObject({ ok: true });
  const begun = Date.now();
  await edit(page);
  await expect(reads(page, 'impact').locator('[data-s]').nth(20)).toBeAttached({ timeout: 20_000 });
  expect(Date.now() - begun, 'ms until it is drawn').toBeLessThan(8_000);
  const keys = await page.evaluate(async () => {
    const area = document.querySelector<HTMLTextAreaElement>('[data-text="summary"]');
    area?.focus();
    const took: number[] = [];
    for (let n = 0; n < 31; n += 1) {
      const pressed = performance.now();
      document.execCommand('insertText', false, 'x');
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      took.push(performance.now() - pressed);
    }
    return took.sort((a, b) => a - b);
  });
  expect(keys[15], 'ms from a key to its picture, the middle one').toBeLessThan(120);
  // Its end is drawn once somebody goes there.
  await text(page, 'impact').press('Control+End');
  await page.keyboard.type('And waited.');
  await expect(reads(page, 'impact').locator('[data-s][aria-pressed="true"]')).toContainText('And waited.');
  await saved(page);
  expect((await sectionOnDisk(page, paper, 'impact'))?.length).toBeGreaterThan(480_000);
});

test('planned work is announced from its details, and put off', async ({ start }) => {
  const { page } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
hosts:
  - { id: mail1, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
maintenance:
  - { id: upgrade, name: Mail upgrade, kind: fixed, from: "${at(86_400_000)}+01:00", to: "${at(90_000_000)}+01:00", affects: [mail1] }
`,
  });
  await page.keyboard.press('m');
  await page
    .getByRole('region', { name: 'Coming' })
    .getByRole('button', { name: /^Mail upgrade/ })
    .click();
  const details = page.getByRole('region', { name: 'Details: Mail upgrade' });
  await details.getByRole('button', { name: 'Announce…' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Announcement of planned work' })).toBeVisible();
  await page.locator('[data-text]').first().fill('Mail may be late on that night.');
  await saved(page);
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog(page).getByRole('button', { name: /^Calendar \(iCal\)…/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Leave the editor' }).click();
  await details.getByRole('button', { name: 'Announce the postponement…' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Planned work postponed' })).toBeVisible();
  await page.getByRole('button', { name: 'Leave the editor' }).click();
  // The one that there is, not another.
  await details.getByRole('button', { name: 'Announce…' }).click();
  await expect(page.locator('[data-text]').first()).toHaveValue('Mail may be late on that night.');
});

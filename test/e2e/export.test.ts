/** Documents on their way to the disk: printed without a network and without scripts, and over no other file unasked. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { ask, engineStatus } from '../support/app.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expect, headline, test } from './desk.ts';

/** What the person answers: the file that is chosen, and what is said to "Replace …?" (1 = replace). */
const answers = (electron: ElectronApplication, filePath: string, replace = 0): Promise<void> =>
  electron.evaluate(
    ({ dialog }, said) => {
      dialog.showSaveDialog = (async () => ({ canceled: said.filePath === '', filePath: said.filePath })) as never;
      const it = globalThis as unknown as { asked?: number };
      it.asked = 0;
      dialog.showMessageBox = (async () => {
        it.asked = (it.asked ?? 0) + 1;
        return { response: said.replace };
      }) as never;
    },
    { filePath, replace },
  );
const asked = (electron: ElectronApplication): Promise<number> =>
  electron.evaluate(() => (globalThis as unknown as { asked?: number }).asked ?? 0);

test('a document is printed to PDF: its words, nothing that acts, nothing that is asked of the network', async ({ start, expected }) => {
  // What the page tries in vain is told by Chromium.
  expected.push(/Content Security Policy|ERR_BLOCKED_BY_CSP|--trace-warnings/);
  const { page, electron } = await start();
  await expect(headline(page)).not.toHaveText('');
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const far = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report <b>&lt;x&gt;</title><link rel="stylesheet" href="${far}/style">
<style>@import url(${far}/import); body { background: url(${far}/background) }</style></head><body><h1>Größe &amp; 漢字</h1><p id="p">as written</p>
<img src="${far}/image"><iframe src="${far}/frame"></iframe><object data="${far}/object"></object><script src="${far}/script"></script>
<script>document.getElementById('p').textContent = 'changed'; location = '${far}/away'</script>${'<p>line</p>'.repeat(120)}</body></html>`;
  const folder = temporaryFolder('pdf');
  const file = join(folder, 'report.pdf');
  await answers(electron, file);
  expect(await ask(page, 'saveDocument', { fileName: 'report.pdf', format: 'pdf', text: html, base64: null })).toEqual({
    ok: true,
    value: { file },
  });
  server.close();
  expect(requests).toEqual([]);
  expect(readdirSync(folder)).toEqual(['report.pdf']);
  const words = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  expect(words).toContain('Größe &');
  expect(words).toContain('as written');
  expect(words).not.toContain('changed');
  expect(words).toMatch(/Report <b><x> +Page 2 of \d/);
  const facts = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  expect(facts).toMatch(/Tagged: +yes/);
  expect(facts).toMatch(/JavaScript: +no/);
  // The window that printed is gone.
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('documents are printed in the same session, one after the other or at once, each with its own words', async ({ start }) => {
  const { page, electron } = await start();
  await expect(headline(page)).not.toHaveText('');
  await electron.evaluate(({ app }) => {
    const sessions = new Set<unknown>();
    (globalThis as unknown as { sessions: Set<unknown> }).sessions = sessions;
    app.on('browser-window-created', (_event, window) => sessions.add(window.webContents.session));
  });
  const folder = temporaryFolder('pdf');
  await electron.evaluate(({ dialog }, into) => {
    dialog.showSaveDialog = (async (_window: unknown, { defaultPath }: { defaultPath: string }) => ({
      canceled: false,
      filePath: `${into}/${defaultPath.split('/').pop()}`,
    })) as never;
  }, folder);
  const print = async (name: string): Promise<string> => {
    const text = `<!doctype html><html lang="en"><head><title>${name}</title></head><body><p>only ${name}</p></body></html>`;
    const saved = await ask(page, 'saveDocument', { fileName: `${name}.pdf`, format: 'pdf', text, base64: null });
    expect(saved).toMatchObject({ ok: true });
    return execFileSync('pdftotext', [join(folder, `${name}.pdf`), '-'], { encoding: 'utf8' });
  };
  expect(await print('plums')).toContain('only plums');
  const [apples, pears] = await Promise.all([print('apples'), print('pears')]);
  expect([apples, pears]).toEqual([expect.stringContaining('only apples'), expect.stringContaining('only pears')]);
  expect(await electron.evaluate(() => (globalThis as unknown as { sessions: Set<unknown> }).sessions.size)).toBe(1);
});

test('a window that is no page of ours is given no way to the engine, and told nothing', async ({ start }) => {
  const { page, electron } = await start();
  await expect(headline(page)).not.toHaveText('');
  await electron.evaluate(({ BrowserWindow }) => {
    const { webContents } = new BrowserWindow({ show: false });
    const heard: string[] = [];
    (globalThis as unknown as { heard: string[] }).heard = heard;
    webContents.postMessage = (channel) => void heard.push(channel);
    webContents.send = (channel) => void heard.push(channel);
  });
  const started = (await engineStatus(page)) as { since: number };
  await ask(page, 'restartEngine');
  await expect
    .poll(async () => ((await engineStatus(page)) as { since?: number }).since ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(started.since);
  expect(await electron.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual([]);
});

test('a file is never overwritten unasked, and never half written', async ({ start }) => {
  const { page, electron } = await start();
  await expect(headline(page)).not.toHaveText('');
  const folder = temporaryFolder('saved');
  const save = (more: object = {}) =>
    ask(page, 'saveDocument', { fileName: 'a.md', format: 'markdown', text: 'new', base64: null, ...more });
  const there = join(folder, 'there.md');
  writeFileSync(there, 'old');

  await test.step('the dialog left the ending to us: then it asked about another name', async () => {
    await answers(electron, join(folder, 'there'));
    expect(await save()).toEqual({ ok: true, value: null });
    expect([await asked(electron), readFileSync(there, 'utf8')]).toEqual([1, 'old']);
    await answers(electron, join(folder, 'there'), 1);
    expect(await save()).toEqual({ ok: true, value: { file: there } });
    expect(readFileSync(there, 'utf8')).toBe('new');
  });
  await test.step('a dot in a name is no ending', async () => {
    await answers(electron, join(folder, 'web1.example'));
    expect(await save()).toEqual({ ok: true, value: { file: join(folder, 'web1.example.md') } });
    expect(await asked(electron)).toBe(0);
  });
  await test.step('bytes are bytes', async () => {
    await answers(electron, join(folder, 'a.docx'));
    expect(await save({ format: 'docx', text: null, base64: Buffer.from([0x50, 0x4b, 0, 255]).toString('base64') })).toMatchObject({
      ok: true,
    });
    expect([...readFileSync(join(folder, 'a.docx'))]).toEqual([0x50, 0x4b, 0, 255]);
  });
  await test.step('what cannot be written is said, and leaves nothing behind', async () => {
    await answers(electron, join(folder, 'none', 'a.md'));
    expect(await save()).toMatchObject({ ok: false, failure: { text: expect.stringContaining('its folder is not there') } });
    await answers(electron, '');
    expect(await save()).toEqual({ ok: true, value: null });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['a.docx', 'there.md', 'web1.example.md']);
  });
});

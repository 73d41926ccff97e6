import { ask } from '../support/app.ts';
import { expect, headline, test } from './desk.ts';

const failed = (code: string) => expect.objectContaining({ ok: false, failure: expect.objectContaining({ code }) });

test('the page has none of the powers of a program', async ({ start, expected }) => {
  // What the page tries in vain is written on its console by Chromium.
  expected.push(/Content Security Policy|Refused to|net::ERR_|Not allowed to load|violates|blocked|Failed to load resource/i);
  const { page, electron } = await start();
  await expect(headline(page)).not.toHaveText('');

  await test.step('no Node, no Electron, an own origin, a sandbox', async () => {
    const seen = await page.evaluate(() => ({
      kinds: ['require', 'process', 'module', 'global', 'Buffer', 'electron'].map(
        (name) => typeof (window as unknown as Record<string, unknown>)[name],
      ),
      bridge: Object.keys((window as unknown as { nightdesk: object }).nightdesk).sort(),
      frozen: Object.isFrozen((window as unknown as { nightdesk: object }).nightdesk),
      origin: location.origin,
    }));
    expect(seen).toEqual({ kinds: Array(6).fill('undefined'), bridge: ['invoke', 'on'], frozen: true, origin: 'nightdesk://app' });
    const window = await electron.browserWindow(page);
    const preferences = await window.evaluate((it) =>
      (it.webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences(),
    );
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
  });

  await test.step('no script but ours', async () => {
    const ran = await page.evaluate(async () => {
      const it = window as unknown as { ran?: string[] };
      it.ran = [];
      const script = document.createElement('script');
      script.textContent = 'window.ran.push("inline")';
      document.body.append(script);
      const far = document.createElement('script');
      far.src = 'data:text/javascript,window.ran.push("data")';
      document.body.append(far);
      const div = document.createElement('div');
      div.innerHTML = '<img src="nightdesk://app/nothing.png" onerror="window.ran.push(\'handler\')">';
      document.body.append(div);
      await new Promise((done) => setTimeout(done, 300));
      for (const each of [script, far, div]) each.remove();
      return it.ran;
    });
    expect(ran).toEqual([]);
    // page.evaluate goes round the policy; what runs in the page by itself does not.
    const message = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(`${event.effectiveDirective} ${event.blockedURI}`), {
            once: true,
          });
          const script = document.createElement('script');
          script.textContent = 'void 0';
          document.body.append(script);
          script.remove();
        }),
    );
    expect(message).toMatch(/^script-src-elem inline/);
  });

  await test.step('no permissions', async () => {
    const answers = await page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('told'),
          (error) => resolve(error.code),
        ),
      ),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'given',
        () => 'refused',
      ),
      clipboard: await navigator.clipboard.readText().then(
        () => 'given',
        () => 'refused',
      ),
    }));
    expect(answers).toEqual({ notifications: 'denied', place: 1, camera: 'refused', clipboard: 'refused' });
  });

  await test.step('what the page asks of main is parsed, and who asks is looked at', async () => {
    for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'smb://host/share', 'nightdesk://app/', '', 7]) {
      expect(await ask(page, 'openExternal', { url }), String(url)).toEqual(failed('bad-input'));
    }
    for (const name of ['quit', '__proto__', 'constructor', 'toString', 42, null]) {
      expect(await ask(page, name as string), String(name)).toEqual(failed('unknown-request'));
    }
    expect(await ask(page, 'changeSettings', { inventory: '/etc/passwd', theme: 'pink' })).toEqual(failed('bad-input'));
    expect(await ask(page, 'saveDraft', { fileName: 'x', format: 'sh', content: '' })).toEqual(failed('bad-input'));
    // A window that is not ours, with our bridge: it is not answered, whatever it asks.
    const answer = await electron.evaluate(async ({ app, BrowserWindow }) => {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload: `${app.getAppPath()}/out/preload/preload.cjs`, sandbox: true },
      });
      await stranger.loadURL('data:text/html,<title>stranger</title>');
      const said = await stranger.webContents.executeJavaScript('nightdesk.invoke("settings", {})');
      stranger.destroy();
      return said as unknown;
    });
    expect(answer).toEqual(failed('not-ours'));
  });

  await test.step('a link is opened only after a person has said so', async () => {
    const opened = (response: number) =>
      electron.evaluate(({ dialog, shell }, button) => {
        const calls: string[] = [];
        Object.assign(globalThis, { opened: calls });
        dialog.showMessageBox = (async () => ({ response: button, checkboxChecked: false })) as never;
        shell.openExternal = async (url: string) => void calls.push(url);
      }, response);
    const calls = () => electron.evaluate(() => (globalThis as { opened?: string[] }).opened);
    await opened(0);
    expect(await ask(page, 'openExternal', { url: 'https://status.example.net/' })).toEqual({ ok: true, value: { opened: false } });
    expect(await calls()).toEqual([]);
    await opened(1);
    expect(await ask(page, 'openExternal', { url: 'https://status.example.net/' })).toEqual({ ok: true, value: { opened: true } });
    expect(await calls()).toEqual(['https://status.example.net/']);
  });

  await test.step('no way out', async () => {
    const url = page.url();
    expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
    expect(await page.evaluate(() => window.open('nightdesk://app/index.html?role=desk') === null)).toBe(true);
    await page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'file:///etc/passwd';
      document.body.append(link);
      link.click();
      link.remove();
    });
    for (const target of [
      'https://example.com/',
      'http://127.0.0.1:9/',
      'file:///etc/hostname',
      'nightdesk://app/index.html',
      'nightdesk://other/',
    ]) {
      expect(
        await page.evaluate(
          (it) =>
            fetch(it).then(
              () => 'fetched',
              () => 'refused',
            ),
          target,
        ),
        target,
      ).toBe('refused');
    }
    expect(page.url()).toBe(url);
    expect(electron.windows()).toHaveLength(1);
    // Playwright waits for the refused navigation for ever; the page itself is there.
    expect(await page.evaluate(() => document.querySelector('h1')?.textContent)).not.toBe('');
    // Nor can a path lead out of the page's folder.
    const outside = await electron.evaluate(async ({ net }) => {
      const tries = ['nightdesk://app/../main/main.js', 'nightdesk://app/%2e%2e/main/main.js', 'nightdesk://app/..%2f..%2fpackage.json'];
      return Promise.all(
        tries.map((it) =>
          net.fetch(it).then(
            (reply) => reply.status,
            () => 'refused',
          ),
        ),
      );
    });
    for (const status of outside) expect([404, 'refused']).toContain(status);
  });
});

/** What 1,000 tiles cost the desk's page: the real app, the real engine, real checks that change. */
import type { Page } from 'playwright';
import { openApp, resize } from '../support/app.ts';
import { freePort, removeFolder, startNginx, webFolder } from '../support/web-servers.ts';

export interface PageFigures {
  /** From the start of navigation until 1,000 tiles with their state are laid out and the frame after was shown, ms. */
  firstPaintMs: number[];
  /** Tiles that changed in each second of the run. */
  changedPerSecond: number;
  seconds: number;
  /** Tasks over 50 ms (Long Tasks API) within the run. */
  longTasks: number[];
  /** Share of the page's main thread that was busy, per cent. */
  busyPercent: number;
  heapMb: number;
}

const tiles = 1_000;

/** Runs in the page before its own code: notes long tasks, and the frame in which the thousandth tile stood. */
const watch = `
  window.bench = { longTasks: [], painted: null };
  new PerformanceObserver((list) => { for (const task of list.getEntries()) window.bench.longTasks.push(Math.round(task.duration)); }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (document.querySelectorAll('[data-tile]').length < ${tiles}) { requestAnimationFrame(look); return; }
    // The frame after the one in which they were laid out has been shown.
    requestAnimationFrame(() => setTimeout(() => { window.bench.painted = performance.now(); }));
  };
  requestAnimationFrame(look);
`;

const bench = <T>(page: Page, expression: string): Promise<T> => page.evaluate(`window.bench.${expression}`) as Promise<T>;

export async function benchPage(tell: (what: string) => void): Promise<PageFigures> {
  const folder = webFolder();
  const port = await freePort();
  const nginx = await startNginx(folder, `server { listen 0.0.0.0:${port}; location / { return 200; } }`, port);
  // 1,000 checks every 3.33 s: 300 tiles change their value each second.
  const hosts = Array.from(
    { length: tiles },
    (_, i) => `  - { id: h${i}, address: 127.${10 + Math.floor(i / 250)}.0.${1 + (i % 250)}, checks: [{ type: tcp, port: ${port} }] }`,
  );
  const app = await openApp({ inventory: `defaults: { interval: 3333ms, timeout: 3s }\nhosts:\n${hosts.join('\n')}\n` });
  try {
    const { page } = app;
    await resize(app, 1920, 1080);
    await page.addInitScript(watch);
    tell('first paint of 1,000 tiles');
    const firstPaintMs: number[] = [];
    for (let round = 0; round < 5; round++) {
      await page.reload();
      // Not waitForFunction: it evaluates within the page, which the page's policy forbids.
      while ((await page.evaluate('window.bench?.painted ?? null')) === null) await page.waitForTimeout(200);
      firstPaintMs.push(Math.round(await bench<number>(page, 'painted')));
      await page.waitForTimeout(3_000);
    }
    tell('300 tiles changing each second');
    const seconds = 30;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const metric = async (name: string): Promise<number> =>
      (await devtools.send('Performance.getMetrics')).metrics.find((it) => it.name === name)?.value ?? 0;
    await page.evaluate('window.bench.longTasks = []');
    await page.evaluate(`window.bench.changes = 0; new MutationObserver((all) => { window.bench.changes += new Set(all.map((it) => (it.target.nodeType === 1 ? it.target : it.target.parentElement)?.closest('[data-tile]')).filter(Boolean)).size; })
      .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })`);
    const before = await metric('TaskDuration');
    await page.waitForTimeout(seconds * 1_000);
    const busy = (await metric('TaskDuration')) - before;
    return {
      firstPaintMs,
      changedPerSecond: Math.round((await bench<number>(page, 'changes')) / seconds),
      seconds,
      longTasks: await bench<number[]>(page, 'longTasks'),
      busyPercent: (100 * busy) / seconds,
      heapMb: (await metric('JSHeapUsedSize')) / 1_000_000,
    };
  } finally {
    await app.close();
    await nginx.stop();
    removeFolder(folder);
  }
}

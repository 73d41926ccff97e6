/** 5,000 checks that fail within about a second, from the probes to the screen: the real app, one real listener that goes away and comes back. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../electron/setup/paths.ts';
import { openStoreToRead } from '../../electron/store/store.ts';
import { openApp, resize } from '../support/app.ts';
import { freePort } from '../support/servers.ts';
import { engineFlags } from './engine-bench.ts';
import { addressOf, type EngineStorm } from './storm-figures.ts';

export interface ScreenWave {
  checks: number;
  /** From the first result to the last, ms: how long the probing itself took. */
  spreadMs: number;
  /** From the first and from the last result until the frame that shows all of it, ms. */
  fromFirstMs: number;
  fromLastMs: number;
  /** From the first result until the first frame with an alert; null when there is to be none. */
  firstAlertMs: number | null;
  /** Tasks over 50 ms of the page until then (Long Tasks API), and the longest, ms. */
  longTasks: number;
  longestTaskMs: number;
  /** How many alerts there were in all. */
  alerts: number;
  deltas: number;
  deltaBytes: number;
  largestDeltaBytes: number;
}
interface ScreenStorm {
  hosts: number;
  fail: ScreenWave;
  recover: ScreenWave;
}
export interface StormFigures {
  /** 5,000 tiles with one check each, and 200 with 25 each. */
  screens: ScreenStorm[];
  engine: EngineStorm;
}

const checks = 5_000;

/**
 * Runs in the page before its own code: keeps the deltas as they come, notes long tasks, and asks the engine over the page's own port.
 * `until` notes the first frame of which a test holds; it is shown when the frame after it begins.
 */
const watch = `
  window.bench = { longTasks: [], deltas: [], port: null, calls: 1e9, seen: {} };
  new PerformanceObserver((list) => { for (const task of list.getEntries()) window.bench.longTasks.push(task.duration); }).observe({ type: 'longtask', buffered: true });
  window.addEventListener('message', (event) => {
    if (event.data !== 'engine-port' || !event.ports[0]) return;
    window.bench.port = event.ports[0];
    event.ports[0].addEventListener('message', ({ data }) => { if (data.event === 'delta') window.bench.deltas.push({ at: Date.now(), delta: data.payload }); });
  });
  window.bench.checkNow = (ids) => {
    for (let from = 0; from < ids.length; from += 1000)
      window.bench.port.postMessage({ call: window.bench.calls++, name: 'checkNow', input: { checks: ids.slice(from, from + 1000) } });
  };
  window.bench.until = (name, holds) => {
    delete window.bench.seen[name];
    const look = () => {
      if (!holds()) { requestAnimationFrame(look); return; }
      requestAnimationFrame(() => setTimeout(() => { window.bench.seen[name] = Date.now(); }));
    };
    requestAnimationFrame(look);
  };
  window.bench.tiles = (not, hosts) => document.querySelectorAll('[data-tile]').length >= hosts && !document.querySelector('[data-tile]:not([data-standing="' + not + '"])');
`;

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + 120_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within two minutes: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

async function benchScreen(hosts: number): Promise<ScreenStorm> {
  // One listener for all addresses; several checks of a host differ by name only.
  const port = await freePort();
  const each = checks / hosts;
  const open = new Set<Socket>();
  const listen = async (): Promise<Server> => {
    const server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
      socket.end();
    });
    server.listen({ port, host: '0.0.0.0', backlog: 1_024 });
    await once(server, 'listening');
    return server;
  };
  const close = async (server: Server): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  const planned = (): string =>
    Array.from({ length: each }, (_, i) => `{ type: tcp, port: ${port}${each > 1 ? `, name: port-${i}` : ''} }`).join(', ');
  const inventory = Array.from(
    { length: hosts },
    (_, i) => `  - { id: h${i}, site: site, address: ${addressOf(i)}, checks: [${planned()}] }`,
  );
  let server = await listen();
  const app = await openApp({
    inventory: `defaults: { interval: 10m, timeout: 5s, maxAttempts: 1 }\nsites: [{ id: site, name: San Diego }]\nhosts:\n${inventory.join('\n')}\n`,
  });
  try {
    const { page } = app;
    await resize(app, 1920, 1080);
    await page.addInitScript(watch);
    await page.reload();
    const bench = <T>(expression: string): Promise<T> => page.evaluate(`window.bench.${expression}`) as Promise<T>;
    const states = () => {
      const store = openStoreToRead(app.dataFolder);
      // Not made yet.
      if (!store.ok) return { states: [], alerts: [] };
      try {
        return { states: [...store.value.loadStates()], alerts: store.value.alerts(0, Date.now()) };
      } finally {
        store.value.close();
      }
    };
    await until('all seen ok once', async () => {
      const { states: now } = states();
      return now.length === checks && now.every(([, it]) => it.hard === 'ok');
    });
    const ids = states().states.map(([id]) => id);
    await until('all green', () => bench<boolean>(`tiles('ok', ${hosts})`));
    await page.waitForTimeout(3_000);

    const wave = async (level: 'down' | 'ok'): Promise<ScreenWave> => {
      const cards = `document.querySelectorAll('[data-alert][data-severity]').length`;
      const alertsBefore = states().alerts.length;
      await page.evaluate(`window.bench.longTasks.length = 0; window.bench.deltas.length = 0;
        window.bench.until('alert', () => ${cards} > 0);
        window.bench.until('all', () => ${cards} === ${level === 'down' ? 1 : 0} && window.bench.tiles('${level}', ${hosts}));
        window.bench.checkNow(${JSON.stringify(ids)})`);
      await until(`all ${level} on screen`, async () => (await bench<number | undefined>('seen.all')) !== undefined);
      const longTasks = await bench<number[]>('longTasks');
      await page.waitForTimeout(3_000);
      const after = states();
      const ats = after.states.map(([, it]) => it.at ?? 0);
      if (!after.states.every(([, it]) => it.hard === level)) throw new Error(`not all are ${level}`);
      const [first, last] = [Math.min(...ats), Math.max(...ats)];
      const seen = await bench<{ all: number; alert?: number }>('seen');
      const sizes = await bench<number[]>(`deltas.filter((it) => it.at <= ${last + 1_500}).map((it) => JSON.stringify(it.delta).length)`);
      return {
        checks,
        spreadMs: last - first,
        fromFirstMs: seen.all - first,
        fromLastMs: seen.all - last,
        firstAlertMs: level === 'down' && seen.alert !== undefined ? seen.alert - first : null,
        longTasks: longTasks.length,
        longestTaskMs: Math.round(Math.max(0, ...longTasks)),
        alerts: after.alerts.length - (level === 'down' ? alertsBefore : 0),
        deltas: sizes.length,
        deltaBytes: sizes.reduce((sum, it) => sum + it, 0),
        largestDeltaBytes: Math.max(...sizes),
      };
    };
    await close(server);
    const fail = await wave('down');
    server = await listen();
    const recover = await wave('ok');
    return { hosts, fail, recover };
  } finally {
    await app.close();
    await close(server);
  }
}

export async function benchStorm(tell: (what: string) => void): Promise<StormFigures> {
  tell('the engine alone');
  const script = join(projectRoot, 'test/bench/storm-engine.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...engineFlags, script], { cwd: projectRoot });
  const screens: ScreenStorm[] = [];
  for (const hosts of [checks, 200]) {
    tell(`5,000 checks on ${hosts} tiles`);
    screens.push(await benchScreen(hosts));
  }
  return { screens, engine: JSON.parse(stdout) as EngineStorm };
}

/** What 1,000 checks of each type cost the headless engine, judging, state and storage included; on loopback. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../../electron/setup/paths.ts';
import manifest from '../../package.json' with { type: 'json' };
import { freePort, makeAuthority, removeFolder, startNginx, webFolder } from '../support/web-servers.ts';
import { type Used, usedBy } from './process-stat.ts';
import { addressOf } from './storm-figures.ts';

export interface EngineFigure {
  what: string;
  checks: number;
  cpuPerThousand: number;
  rssMb: number;
  peakMb: number;
  okPercent: number;
  seconds: number;
}

const targets = 1_000;
/** What `npm run nightdesk` starts, with its flags of Node. */
const nightdesk = manifest.scripts.nightdesk.split(' ').slice(2);
/** Those flags alone. */
export const engineFlags = nightdesk.filter((it) => it.startsWith('--'));

function inventory(check: (i: number) => string, interval: string): string {
  const hosts = Array.from({ length: targets }, (_, i) => `  - { id: h${i}, address: ${addressOf(i)}, checks: [${check(i)}] }`);
  return `defaults: { interval: ${interval}, timeout: 5s }\nhosts:\n${hosts.join('\n')}\n`;
}

function samplesIn(folder: string): { n: number; ok: number } {
  const db = new DatabaseSync(join(folder, 'nightdesk.db'), { readOnly: true });
  try {
    const row = db.prepare('SELECT count(*) AS n, sum(state = 0) AS ok FROM samples').get() as { n: number; ok: number | null };
    return { n: row.n, ok: row.ok ?? 0 };
  } finally {
    db.close();
  }
}

/**
 * Runs the engine on an inventory: first a while to warm up, then the stretch that counts.
 * @param text the inventory @param secrets by name
 */
export async function measureEngine(
  what: string,
  text: string,
  warmUpMs: number,
  forMs: number,
  secrets: Record<string, string> = {},
): Promise<EngineFigure> {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-bench-'));
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, text);
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  const engine = spawn(process.execPath, [...nightdesk, 'run', file, '--data', folder], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const pid = engine.pid as number;
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  try {
    await wait(warmUpMs);
    const before: Used = usedBy(pid);
    const countBefore = samplesIn(folder);
    await wait(forMs);
    const after = usedBy(pid);
    const countAfter = samplesIn(folder);
    const checks = countAfter.n - countBefore.n;
    return {
      what,
      checks,
      cpuPerThousand: ((after.cpuSeconds - before.cpuSeconds) / Math.max(1, checks)) * 1_000,
      rssMb: after.rssMb,
      peakMb: after.peakMb,
      okPercent: (100 * (countAfter.ok - countBefore.ok)) / checks,
      seconds: forMs / 1_000,
    };
  } finally {
    engine.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param tell called before each part, as they take about a minute each */
export async function benchEngine(tell: (what: string) => void): Promise<{ figures: EngineFigure[]; hour: EngineFigure }> {
  const folder = webFolder();
  const authority = makeAuthority(folder);
  const { certificate, key } = authority.issue('bench', { altNames: 'DNS:bench.example', fromDays: -10, toDays: 300 });
  const [plain, secure] = [await freePort(), await freePort()];
  const nginx = await startNginx(
    folder,
    `server { listen 0.0.0.0:${plain}; location / { return 200 "all is well"; } }
     server { listen 0.0.0.0:${secure} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; location / { return 200 "all is well"; } }`,
    plain,
  );
  try {
    const types: [string, string, (i: number) => string][] = [
      ['icmp, 1 packet', '10s', () => '{ type: icmp, packets: 1 }'],
      ['icmp, 5 packets (default)', '10s', () => '{ type: icmp }'],
      ['tcp', '10s', () => `{ type: tcp, port: ${plain} }`],
      ['http', '10s', () => `{ type: http, scheme: http, port: ${plain}, contains: ["all is well"] }`],
      ['tls', '10s', () => `{ type: tls, port: ${secure}, serverName: bench.example, caFile: ${authority.caFile} }`],
    ];
    const figures: EngineFigure[] = [];
    for (const [what, interval, check] of types) {
      tell(what);
      figures.push(await measureEngine(what, inventory(check, interval), 12_000, 25_000));
    }
    tell('memory after 120,000 checks (an hour of 1,000 checks every 30 s)');
    // Every second instead of every 30: an hour's worth of results in two minutes.
    const hour = await measureEngine(
      "tcp, an hour's worth",
      inventory(() => `{ type: tcp, port: ${plain} }`, '1s'),
      5_000,
      120_000,
    );
    return { figures, hour };
  } finally {
    await nginx.stop();
    removeFolder(folder);
  }
}

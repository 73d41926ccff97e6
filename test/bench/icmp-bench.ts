/**
 * What pinging many targets closely costs the engine besides fping: 2,000 addresses, 20 packets each every 60 s, through four routers of
 * the lab; judging, smoke charts and storage included. By itself: `node test/bench/icmp-bench.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../../electron/setup/paths.ts';
import { buildLab } from '../support/lab.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';
import { engineFlags } from './engine-bench.ts';
import { usedBy } from './process-stat.ts';

const targets = 2_000;
const packets = 20;
const intervalSeconds = 60;
/** Networks of 250 targets each, all answered by the lab's servers. */
const networks = [8, 9, 10, 11, 12, 13, 14, 15];

export interface IcmpFigures {
  targets: number;
  packets: number;
  seconds: number;
  /** Results that came in that time, and how many of them were ok. */
  results: number;
  ok: number;
  /** Of one core, per cent: the engine alone, and its fping processes. */
  enginePercent: number;
  fpingPercent: number;
  rssMb: number;
}

function inventory(): string {
  const hosts = networks.flatMap((network) =>
    Array.from(
      { length: targets / networks.length },
      (_, i) => `  - { id: h${network}-${i}, address: 198.18.${network}.${i + 2}, checks: [{ type: icmp, packets: ${packets} }] }`,
    ),
  );
  return `defaults: { interval: ${intervalSeconds}s, timeout: 8s }\nhosts:\n${hosts.join('\n')}\n`;
}

/** Takes a little over two minutes: one interval to warm up, one that counts. Throws where there can be no lab. */
export async function icmpBench(): Promise<IcmpFigures> {
  const lab = await buildLab();
  const folder = temporaryFolder('icmp-bench');
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, inventory());
  for (const network of networks.filter((it) => it < 10 || it > 14)) {
    lab.run('servers', `ip address add 198.18.${network}.1/24 dev lo`);
    lab.run('internet', `ip route add 198.18.${network}.0/24 via 198.18.1.2`);
  }
  const [enter = '', ...inside] = lab.within('desk');
  const cli = join(projectRoot, 'out', 'main', 'cli.js');
  const engine = spawn(enter, [...inside, process.execPath, ...engineFlags, cli, 'run', file, '--data', join(folder, 'data')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(engine, 'exit');
  const pid = engine.pid as number;
  const samples = (): { n: number; ok: number } => {
    const db = new DatabaseSync(join(folder, 'data', 'nightdesk.db'), { readOnly: true });
    try {
      const { n, ok } = db.prepare('SELECT count(*) AS n, sum(state = 0) AS ok FROM samples').get() as { n: number; ok: number | null };
      return { n, ok: ok ?? 0 };
    } finally {
      db.close();
    }
  };
  try {
    await wait((intervalSeconds + 10) * 1_000);
    const [before, had] = [usedBy(pid), samples()];
    const begin = performance.now();
    await wait(intervalSeconds * 1_000);
    const [after, has] = [usedBy(pid), samples()];
    const seconds = (performance.now() - begin) / 1_000;
    const percent = (cpuSeconds: number): number => Math.round((cpuSeconds / seconds) * 10_000) / 100;
    const own = after.ownSeconds - before.ownSeconds;
    return {
      targets,
      packets,
      seconds: Math.round(seconds),
      results: has.n - had.n,
      ok: has.ok - had.ok,
      enginePercent: percent(own),
      fpingPercent: percent(after.cpuSeconds - before.cpuSeconds - own),
      rssMb: Math.round(after.rssMb),
    };
  } finally {
    engine.kill('SIGTERM');
    await ended;
    await lab.stop();
    removeTemporaryFolders();
  }
}

if (import.meta.main) console.log(JSON.stringify(await icmpBench(), null, 1));

/** `npm run bench`: measures, prints a table and renews docs/benchmarks.md. Takes about nine minutes; use a quiet machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../electron/setup/build.ts';
import { resolveElectron } from '../../electron/setup/electron-runtime.ts';
import { runScript } from '../../electron/setup/fail.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import { ensureSystemPackages } from '../support/system-packages.ts';
import { startScreen } from '../support/xvfb.ts';
import { dnsBench } from './dns-bench.ts';
import { benchEngine } from './engine-bench.ts';
import { icmpBench } from './icmp-bench.ts';
import { benchPage } from './page-bench.ts';

/** Aims of the project, CPU seconds per 1,000 checks; peers' figures are in the same unit. */
const aims: Record<string, string> = { 'icmp, 1 packet': '0.08', tcp: '0.40', http: '0.65' };

const tell = (what: string): void => void process.stderr.write(`── ${what}\n`);
const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`;
const verdict = (fine: boolean): string => (fine ? 'met' : '**not met**');

function machine(): string {
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  const fping =
    execFileSync('fping', ['--version'], { encoding: 'utf8' })
      .split('\n')[0]
      ?.replace(/.*Version/, 'fping') ?? 'fping';
  return `${cpus().length} × ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GB, ${system}, Node ${process.version}, ${fping}`;
}

await runScript(async () => {
  await ensureSystemPackages();
  await ensureBuilt();
  const runtime = await resolveElectron();
  const loadBefore = loadavg()[0] ?? 0;
  const { figures, hour } = await benchEngine((what) => tell(`engine: ${what}`));
  tell('dns: 1,000 questions a second');
  const dnsFigures = await dnsBench(10);
  tell('icmp: 2,000 targets, 20 packets each every 60 s');
  const pings = await icmpBench();
  const screen = await startScreen();
  process.env.DISPLAY = screen.display;
  process.env.NIGHTDESK_ELECTRON = runtime.path;
  const page = await benchPage((what) => tell(`page: ${what}`)).finally(() => screen.stop());
  const paint = [...page.firstPaintMs].sort((a, b) => a - b)[Math.floor(page.firstPaintMs.length / 2)] ?? Number.NaN;

  const lines = [
    '# Benchmarks',
    '',
    'Made by `npm run bench`. Good or bad, these are the figures of the last run.',
    '',
    `- Day: ${new Date().toISOString().slice(0, 10)}`,
    `- Machine: ${machine()}; load before the run ${loadBefore.toFixed(2)}`,
    `- Electron: ${runtime.version}${runtime.unofficial ? ' (unofficial build for tests)' : ''}, Xvfb, software rendering`,
    '',
    '## Engine',
    '',
    '1,000 checks on 1,000 loopback addresses every 10 s by the headless engine (`npm run nightdesk -- run`), judging, state and storage included;',
    'CPU of the engine and its children, after a warm-up of 12 s.',
    '',
    row('check', 'CPU seconds per 1,000', 'aim', '', 'memory MB (peak)', 'checks measured'),
    row('---', '---', '---', '---', '---', '---'),
    ...figures.map((it) => {
      const aim = aims[it.what];
      return row(
        it.what,
        it.cpuPerThousand.toFixed(3),
        aim ?? '–',
        aim ? verdict(it.cpuPerThousand <= Number(aim)) : '',
        `${it.rssMb.toFixed(0)} (${it.peakMb.toFixed(0)})`,
        `${it.checks}, ${it.okPercent.toFixed(1)} % ok`,
      );
    }),
    '',
    `After an hour's worth of 1,000 checks every 30 s (${hour.checks} tcp results in ${hour.seconds} s): **${hour.rssMb.toFixed(0)} MB** (aim: under 120; ${verdict(hour.rssMb < 120)}),`,
    `peak ${hour.peakMb.toFixed(0)} MB at the start; ${hour.cpuPerThousand.toFixed(3)} CPU seconds per 1,000 at that pace.`,
    '',
    '## Pings',
    '',
    `${pings.targets} addresses behind four routers (network namespaces), ${pings.packets} packets each every 60 s, measured for ${pings.seconds} s after as long a warm-up.`,
    '',
    row('results', 'engine, of one core', 'aim', '', 'its fping processes', 'memory MB'),
    row('---', '---', '---', '---', '---', '---'),
    row(
      `${pings.results}, ${((100 * pings.ok) / Math.max(1, pings.results)).toFixed(1)} % ok`,
      `${pings.enginePercent} %`,
      '5 %',
      verdict(pings.enginePercent < 5 && pings.results >= 0.95 * pings.targets),
      `${pings.fpingPercent} %`,
      pings.rssMb,
    ),
    '',
    '## DNS',
    '',
    'The probes themselves, judging included, against real name servers on loopback for 10 s; aim: 1,000 questions a second on one core.',
    '',
    row('check', 'questions a second', 'CPU of one core', 'CPU ms per question', 'without an answer', ''),
    row('---', '---', '---', '---', '---', '---'),
    ...Object.entries(dnsFigures).map(([what, it]) =>
      row(
        what,
        it.questionsPerSecond,
        `${it.cpuPercentOfOneCore} %`,
        it.cpuMsPerQuestion,
        it.failed,
        verdict(it.questionsPerSecond >= 990 && it.failed === 0 && it.cpuPercentOfOneCore < 100),
      ),
    ),
    '',
    '## Page',
    '',
    'The desk with 1,000 hosts at 1920 × 1080, real checks, no graphics card.',
    '',
    row('what', 'measured', 'aim', ''),
    row('---', '---', '---', '---'),
    row(
      'first paint of 1,000 tiles with their states, median of 5 (ms)',
      `${paint} (${page.firstPaintMs.join(', ')})`,
      'under 500',
      verdict(paint < 500),
    ),
    row(
      `tasks over 50 ms in ${page.seconds} s, ${page.changedPerSecond} tiles changing a second`,
      page.longTasks.length === 0 ? 'none' : page.longTasks.join(', '),
      'none',
      verdict(page.longTasks.length === 0),
    ),
    row('main thread busy meanwhile', `${page.busyPercent.toFixed(1)} %`, '–', ''),
    row('JavaScript heap', `${page.heapMb.toFixed(0)} MB`, '–', ''),
    '',
  ];
  writeFileSync(join(projectRoot, 'docs/benchmarks.md'), lines.join('\n'));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
});

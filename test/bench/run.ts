/**
 * `npm run bench`: measures, prints tables and renews docs/benchmarks.md. Takes about ten minutes; use a quiet machine.
 * `npm run bench -- storm` (or `engine`, `pings`, `dns`, `mail`, `page`, `drafts`, `diagnosis`) measures that part alone; the other sections stay as they are.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../electron/setup/build.ts';
import { resolveElectron } from '../../electron/setup/electron-runtime.ts';
import { runScript, SetupProblem } from '../../electron/setup/fail.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import { ensureSystemPackages } from '../support/system-packages.ts';
import { startScreen } from '../support/xvfb.ts';
import { diagnosisBench } from './diagnosis-bench.ts';
import { dnsBench } from './dns-bench.ts';
import { draftsBench } from './drafts-bench.ts';
import { benchDrill } from './drill-bench.ts';
import { benchEngine } from './engine-bench.ts';
import { icmpBench } from './icmp-bench.ts';
import { benchMail } from './mail-bench.ts';
import { benchPage } from './page-bench.ts';
import { benchStorm } from './storm-bench.ts';
import { row, stormLines, verdict } from './storm-report.ts';

/** Aims of the project, CPU seconds per 1,000 checks; peers' figures are in the same unit. */
const aims: Record<string, string> = { 'icmp, 1 packet': '0.08', tcp: '0.40', http: '0.65' };

const tell = (what: string): void => void process.stderr.write(`── ${what}\n`);

function machine(): string {
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  const fping =
    execFileSync('fping', ['--version'], { encoding: 'utf8' })
      .split('\n')[0]
      ?.replace(/.*Version/, 'fping') ?? 'fping';
  return `${cpus().length} × ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GB, ${system}, Node ${process.version}, ${fping}`;
}

async function engine(): Promise<string[]> {
  const { figures, hour } = await benchEngine((what) => tell(`engine: ${what}`));
  return [
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
  ];
}

async function pings(): Promise<string[]> {
  tell('icmp: 2,000 targets, 20 packets each every 60 s');
  const it = await icmpBench();
  return [
    `${it.targets} addresses behind four routers (network namespaces), ${it.packets} packets each every 60 s, measured for ${it.seconds} s after as long a warm-up.`,
    '',
    row('results', 'engine, of one core', 'aim', '', 'its fping processes', 'memory MB'),
    row('---', '---', '---', '---', '---', '---'),
    row(
      `${it.results}, ${((100 * it.ok) / Math.max(1, it.results)).toFixed(1)} % ok`,
      `${it.enginePercent} %`,
      '5 %',
      verdict(it.enginePercent < 5 && it.results >= 0.95 * it.targets && it.ok >= 0.99 * it.results),
      `${it.fpingPercent} %`,
      it.rssMb,
    ),
  ];
}

async function dns(): Promise<string[]> {
  tell('dns: 1,000 questions a second');
  const figures = await dnsBench(10);
  return [
    'The probes themselves, judging included, against real name servers on loopback for 10 s; aim: 1,000 questions a second on one core.',
    '',
    row('check', 'questions a second', 'CPU of one core', 'CPU ms per question', 'without an answer', ''),
    row('---', '---', '---', '---', '---', '---'),
    ...Object.entries(figures).map(([what, it]) =>
      row(
        what,
        it.questionsPerSecond,
        `${it.cpuPercentOfOneCore} %`,
        it.cpuMsPerQuestion,
        it.failed,
        verdict(it.questionsPerSecond >= 990 && it.failed === 0 && it.cpuPercentOfOneCore < 100),
      ),
    ),
  ];
}

async function mail(): Promise<string[]> {
  const { domains, each, all } = await benchMail((what) => tell(`mail: ${what}`));
  const trip = each.find(({ name }) => name === 'roundtrip');
  const cell = (it: (typeof each)[number]): string => row(it.name, it.cpuMs.toFixed(2), `${it.ok} of ${it.of} ok`);
  return [
    `${domains} \`mail:\` entries with all that they expand into, against a real Postfix, Dovecot and nginx on this machine, in the headless`,
    'engine: judging, state and storage included, measured for two minutes after a warm-up of 70 s. CPU of the engine and its children alone.',
    '',
    row('what', 'measured', 'aim', ''),
    row('---', '---', '---', '---'),
    row(
      `engine at ${all.perMinute.toFixed(0)} checks a minute (${all.engine.okPercent.toFixed(1)} % ok)`,
      `${all.percentOfOneCore.toFixed(1)} % of one core`,
      'under 50 %',
      verdict(all.percentOfOneCore < 50 && all.engine.okPercent > 99),
    ),
    row('CPU seconds per 1,000 checks', all.engine.cpuPerThousand.toFixed(2), '–', ''),
    row('memory MB (peak)', `${all.engine.rssMb.toFixed(0)} (${all.engine.peakMb.toFixed(0)})`, '–', ''),
    row(
      'one round trip, CPU',
      trip ? `${trip.cpuMs.toFixed(1)} ms` : 'not measured',
      'under 50 ms',
      verdict(trip !== undefined && trip.cpuMs < 50),
    ),
    '',
    'The probes alone, with their verdicts, one of each domain:',
    '',
    row('check', 'CPU ms', ''),
    row('---', '---', '---'),
    ...each.map(cell),
  ];
}

async function page(): Promise<string[]> {
  const figures = await benchPage((what) => tell(`page: ${what}`));
  const paint = [...figures.firstPaintMs].sort((a, b) => a - b)[Math.floor(figures.firstPaintMs.length / 2)] ?? Number.NaN;
  return [
    'The desk with 1,000 hosts at 1920 × 1080, real checks, no graphics card.',
    '',
    row('what', 'measured', 'aim', ''),
    row('---', '---', '---', '---'),
    row(
      'first paint of 1,000 tiles with their states, median of 5 (ms)',
      `${paint} (${figures.firstPaintMs.join(', ')})`,
      'under 500',
      verdict(paint < 500),
    ),
    row(
      `tasks over 50 ms in ${figures.seconds} s, ${figures.changedPerSecond} tiles changing a second`,
      figures.longTasks.length === 0 ? 'none' : figures.longTasks.join(', '),
      'none',
      verdict(figures.longTasks.length === 0),
    ),
    row('main thread busy meanwhile', `${figures.busyPercent.toFixed(1)} %`, '–', ''),
    row('JavaScript heap', `${figures.heapMb.toFixed(0)} MB`, '–', ''),
  ];
}

async function reports(): Promise<string[]> {
  tell('drafts: 24 hours, 100,000 lines');
  const it = draftsBench();
  const words = Object.values(it.draftsMs).reduce((sum, ms) => sum + ms, 0);
  return [
    `An incident of 24 hours with ${it.events} lines, 250 checks that come and go; ${it.read} lines are read. Aim: facts and all drafts in under 1 s.`,
    '',
    row('reading (ms)', 'facts (ms)', 'drafts (ms)', 'facts and drafts (ms)', '', 'all (ms)'),
    row('---', '---', '---', '---', '---', '---'),
    row(
      it.gatherMs,
      it.factsMs,
      Object.entries(it.draftsMs)
        .map(([kind, ms]) => `${kind} ${ms}`)
        .join(', '),
      it.factsMs + words,
      verdict(it.factsMs + words < 1_000),
      it.totalMs,
    ),
  ];
}

function diagnosis(): string[] {
  tell('diagnosis: 1,000 checks, 300 failing');
  const it = diagnosisBench();
  return [
    `${it.checks} checks of ${it.subjects} things, ${it.failing} of which fail: a circuit of two drops some ranges. CPU of one diagnosis with its words.`,
    '',
    row('first of an inventory (ms)', 'after it, median (ms)', 'worst (ms)', 'aim: median under 20 ms'),
    row('---', '---', '---', '---'),
    row(it.firstMs.toFixed(0), it.medianMs.toFixed(1), it.worstMs.toFixed(1), verdict(it.medianMs < 20)),
  ];
}

async function drill(): Promise<string[]> {
  tell('drill: a day of 500 checks');
  const it = await benchDrill();
  return [
    `${it.hours} hours with ${it.checks} checks every 30 s, as fast as it goes: a prefix that is dropped for 102 minutes, a machine that hangs, loss on a circuit; ${it.events} events.`,
    '',
    row('from beginning to end, with all that runs beside it (s)', 'processor time (s)', 'aim: processor time under 60 s'),
    row('---', '---', '---'),
    row(it.seconds.toFixed(1), it.cpuSeconds.toFixed(1), verdict(it.cpuSeconds < 60)),
  ];
}

/** In the order of the file. */
const parts: Record<string, () => Promise<string[]>> = {
  Engine: engine,
  Pings: pings,
  DNS: dns,
  Mail: mail,
  Page: page,
  Drafts: reports,
  Diagnosis: async () => diagnosis(),
  Drill: drill,
  Storm: async () => stormLines(await benchStorm((what) => tell(`storm: ${what}`))),
};
const file = join(projectRoot, 'docs/benchmarks.md');
/** A section of the file as it is, without its heading. */
const sectionOf = (text: string, name: string): string =>
  text
    .split(/^## /m)
    .find((it) => it.startsWith(`${name}\n`))
    ?.slice(name.length + 2)
    .trimEnd() ?? '';

await runScript(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((it) => !Object.keys(parts).some((name) => name.toLowerCase() === it));
  if (unknown !== undefined)
    throw new SetupProblem(
      `There is no part "${unknown}" of the bench: engine, pings, dns, mail, page, drafts, diagnosis, drill or storm.`,
    );
  await ensureSystemPackages();
  await ensureBuilt();
  const runtime = await resolveElectron();
  const screen = await startScreen();
  process.env.DISPLAY = screen.display;
  process.env.NIGHTDESK_ELECTRON = runtime.path;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lines = [
    '# Benchmarks',
    '',
    'Made by `npm run bench`. Good or bad, these are the figures of the last run of each part.',
    '',
    `- Machine: ${machine()}`,
    `- Electron: ${runtime.version}${runtime.unofficial ? ' (unofficial build for tests)' : ''}, Xvfb, software rendering`,
    '',
  ];
  try {
    for (const [name, measure] of Object.entries(parts)) {
      const measured = wanted.length === 0 || wanted.includes(name.toLowerCase());
      const load = (loadavg()[0] ?? 0).toFixed(2);
      lines.push(`## ${name}`, '');
      if (measured) lines.push(`Day: ${new Date().toISOString().slice(0, 10)}; load before ${load}.`, '', ...(await measure()), '');
      else lines.push(sectionOf(before, name), '');
    }
  } finally {
    await screen.stop();
  }
  writeFileSync(file, lines.join('\n'));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
});

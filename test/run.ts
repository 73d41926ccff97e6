/** `npm test`: everything that must hold, in one command. `npm test -- unit` runs one part: lint, unit, integration or e2e. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../electron/setup/build.ts';
import { resolveElectron } from '../electron/setup/electron-runtime.ts';
import { runScript, SetupProblem } from '../electron/setup/fail.ts';
import { projectRoot } from '../electron/setup/paths.ts';
import { seconds } from '../electron/setup/progress.ts';
import { runChild } from '../electron/setup/run-child.ts';
import { lint } from './lint.ts';
import { spread } from './support/lanes.ts';
import { gatewayAddress, makeTestNetwork, type TestNetwork } from './support/network-namespace.ts';
import { ensureSystemPackages } from './support/system-packages.ts';
import { sumOf, type Tally, tallyPlaywright, tallyVitest } from './support/tally.ts';
import { startScreen } from './support/xvfb.ts';

const parts = ['lint', 'unit', 'integration', 'e2e'] as const;
type Part = (typeof parts)[number];

const results = join(projectRoot, 'test-results');
/** So many lanes of real tests run at once, where each can have a network of its own. */
const laneCount = 2;
const total: Tally = { passed: 0, failed: 0, complaints: [] };
/** What must be taken down at the end, newest first. */
const cleanUp: (() => Promise<void>)[] = [];
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (interrupted = true));

await runScript(async () => {
  const start = performance.now();
  try {
    await runParts(chosenParts(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    total.failed += 1;
    console.log(`\n${error.message}\n`);
  } finally {
    for (const undo of cleanUp.reverse()) await undo();
  }
  if (interrupted) total.failed += 1;
  for (const complaint of total.complaints) console.log(`! ${complaint}`);
  console.log(`${interrupted ? 'Interrupted' : 'All'} after ${seconds(start)}.`);
  const leftOut = process.env.NIGHTDESK_TEST_WITHOUT_LAB === '1' ? ', the network lab left out (NIGHTDESK_TEST_WITHOUT_LAB=1)' : '';
  console.log(`${total.passed} passed, ${total.failed} failed${leftOut}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
});

function chosenParts(args: readonly string[]): readonly Part[] {
  const unknown = args.find((arg) => !(parts as readonly string[]).includes(arg));
  if (unknown !== undefined) throw new SetupProblem(`There is no part "${unknown}". Parts are: ${parts.join(', ')}.`);
  return args.length === 0 ? parts : parts.filter((part) => args.includes(part));
}

async function runParts(chosen: readonly Part[]): Promise<void> {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const realThings = chosen.includes('integration') || chosen.includes('e2e');

  if (realThings) await step('system packages', ensureSystemPackages);
  const runtime = realThings ? await step('Electron runtime', () => resolveElectron()) : undefined;
  if (realThings) await step('build', ensureBuilt);
  if (chosen.includes('lint')) await tests('lint', lint);
  if (chosen.includes('unit'))
    await tests('unit', () => vitest(['--project', 'unit', '--maxWorkers=100%'], 'unit.json', process.env, undefined));
  if (runtime === undefined || interrupted) return;

  const networks = await testNetworks(chosen.includes('integration') ? laneCount : 1);
  const screen = await startScreen();
  cleanUp.push(() => screen.stop());
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TMPDIR: temporaryHome(),
    DISPLAY: screen.display,
    WAYLAND_DISPLAY: undefined,
    NIGHTDESK_ELECTRON: runtime.path,
  };
  if (chosen.includes('integration')) await tests('integration', () => integration(env, networks));
  if (chosen.includes('e2e')) await tests('e2e', () => playwright(env, networks[0]));
}

/** A folder for all temporary files of the real tests, open to every user like /tmp itself: whatever a test leaves behind goes with it. */
function temporaryHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-test-'));
  chmodSync(folder, 0o1777);
  cleanUp.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a step of the preparation and tells how long it took. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  console.log(`── ${name}`);
  const result = await work();
  console.log(`   ready after ${seconds(start)}`);
  return result;
}

async function tests(name: Part, work: () => Promise<Tally>): Promise<void> {
  if (interrupted) return;
  const start = performance.now();
  console.log(`── ${name}`);
  const tally = await work();
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.complaints.push(...tally.complaints.map((text) => `${name}: ${text}`));
  console.log(`   ${name}: ${tally.passed} passed, ${tally.failed} failed in ${seconds(start)}`);
}

/** All real tests, in as many lanes as there are networks; in one where there is none. */
async function integration(env: NodeJS.ProcessEnv, networks: readonly TestNetwork[]): Promise<Tally> {
  const folder = join('test', 'integration');
  const files = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const lanes = spread(files, Math.max(1, networks.length));
  const tallies = lanes.map((lane, index) => {
    const paths = lane.map((file) => join(folder, file));
    return vitest(['--project', 'integration', '--maxWorkers=1', ...paths], `integration-${index + 1}.json`, env, networks[index]);
  });
  return sumOf(await Promise.all(tallies));
}

/** @param report name of the file in the results */
async function vitest(args: readonly string[], report: string, env: NodeJS.ProcessEnv, network: TestNetwork | undefined): Promise<Tally> {
  const file = join(results, report);
  const program = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await inside(network, process.execPath, [program, 'run', ...args, ...reporters], env);
  return tallyVitest(file, code);
}

async function playwright(env: NodeJS.ProcessEnv, network: TestNetwork | undefined): Promise<Tally> {
  const program = join(projectRoot, 'node_modules', 'playwright', 'cli.js');
  const code = await inside(network, process.execPath, [program, 'test'], env);
  return tallyPlaywright(join(results, 'e2e.json'), code);
}

async function inside(network: TestNetwork | undefined, command: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (network === undefined) return (await runChild(command, args, { cwd: projectRoot, env })).code;
  const line = network.wrap(command, args);
  const gateway = { NIGHTDESK_TEST_GATEWAY: gatewayAddress, NIGHTDESK_TEST_GATEWAY_NAMESPACE: network.gatewayName };
  return (await runChild(line.command, line.args, { cwd: projectRoot, env: { ...env, ...gateway } })).code;
}

/** @returns none where this machine can make none */
async function testNetworks(count: number): Promise<TestNetwork[]> {
  const networks: TestNetwork[] = [];
  for (let number = 1; number <= count; number += 1) {
    const network = await makeTestNetwork(number);
    if ('unavailable' in network) {
      console.log(`── no network of its own for the tests (${network.unavailable}); they run in this machine's`);
      break;
    }
    cleanUp.push(network.remove);
    networks.push(network);
    console.log(`── network ${network.name}, gateway and resolver ${gatewayAddress}`);
  }
  return networks;
}

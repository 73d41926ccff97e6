/** `npm test`: everything that must hold, in one command. `npm test -- unit` runs one part: lint, unit, integration or e2e. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../electron/setup/build.ts';
import { resolveElectron } from '../electron/setup/electron-runtime.ts';
import { runScript, SetupProblem } from '../electron/setup/fail.ts';
import { projectRoot } from '../electron/setup/paths.ts';
import { seconds } from '../electron/setup/progress.ts';
import { runChild } from '../electron/setup/run-child.ts';
import { lint } from './lint.ts';
import { gatewayAddress, makeTestNetwork, type TestNetwork } from './support/network-namespace.ts';
import { ensureSystemPackages } from './support/system-packages.ts';
import { type Tally, tallyPlaywright, tallyVitest } from './support/tally.ts';
import { startScreen } from './support/xvfb.ts';

const parts = ['lint', 'unit', 'integration', 'e2e'] as const;
type Part = (typeof parts)[number];

const results = join(projectRoot, 'test-results');
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
  if (chosen.includes('unit')) await tests('unit', () => vitest('unit', process.env, undefined));
  if (runtime === undefined || interrupted) return;

  const network = await testNetwork();
  const screen = await startScreen();
  cleanUp.push(() => screen.stop());
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TMPDIR: temporaryHome(),
    DISPLAY: screen.display,
    WAYLAND_DISPLAY: undefined,
    NIGHTDESK_ELECTRON: runtime.path,
    ...(network === undefined ? {} : { NIGHTDESK_TEST_GATEWAY: gatewayAddress, NIGHTDESK_TEST_GATEWAY_NAMESPACE: network.gatewayName }),
  };
  if (chosen.includes('integration')) await tests('integration', () => vitest('integration', env, network));
  if (chosen.includes('e2e')) await tests('e2e', () => playwright(env, network));
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

async function vitest(project: 'unit' | 'integration', env: NodeJS.ProcessEnv, network: TestNetwork | undefined): Promise<Tally> {
  const report = join(results, `${project}.json`);
  const program = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await inside(network, process.execPath, [program, 'run', '--project', project, ...reporters], env);
  return tallyVitest(report, code);
}

async function playwright(env: NodeJS.ProcessEnv, network: TestNetwork | undefined): Promise<Tally> {
  const program = join(projectRoot, 'node_modules', 'playwright', 'cli.js');
  const code = await inside(network, process.execPath, [program, 'test'], env);
  return tallyPlaywright(join(results, 'e2e.json'), code);
}

async function inside(network: TestNetwork | undefined, command: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const line = network?.wrap(command, args) ?? { command, args };
  return (await runChild(line.command, line.args, { cwd: projectRoot, env })).code;
}

async function testNetwork(): Promise<TestNetwork | undefined> {
  const network = await makeTestNetwork();
  if ('unavailable' in network) {
    console.log(`── no network of its own for the tests (${network.unavailable}); they run in this machine's`);
    return undefined;
  }
  cleanUp.push(network.remove);
  console.log(`── network ${network.name}, gateway and resolver ${gatewayAddress}`);
  return network;
}

/** `npm run lint`: all checks of the code itself. One line each; details where one fails. */
import { join } from 'node:path';
import { projectRoot } from '../electron/setup/paths.ts';
import { readChild } from '../electron/setup/run-child.ts';
import type { Tally } from './support/tally.ts';

interface Check {
  name: string;
  program: string;
  args: string[];
  /** Looks at the output of a check that ended with 0; answers with what is wrong with it all the same. */
  doubt?: (stdout: string) => string | undefined;
}

const tsc = 'typescript/bin/tsc';
const checks: readonly Check[] = [
  { name: 'types: shared', program: tsc, args: ['-p', 'tsconfig.shared.json', '--pretty', 'false'] },
  { name: 'types: main side', program: tsc, args: ['-p', 'tsconfig.node.json', '--pretty', 'false'] },
  { name: 'types: pages', program: tsc, args: ['-p', 'tsconfig.web.json', '--pretty', 'false'] },
  { name: 'types: end-to-end tests', program: tsc, args: ['-p', 'tsconfig.e2e.json', '--pretty', 'false'] },
  { name: 'format and style', program: '@biomejs/biome/bin/biome', args: ['check', '--colors=off', '--error-on-warnings', '.'] },
  {
    name: 'imports',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['electron', 'renderer', 'shared', 'test', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
    doubt: cruisedNothing,
  },
  { name: 'nothing unused', program: 'knip/bin/knip.js', args: ['--no-progress'] },
];

/** Runs every check, two at a time, and prints a line for each. */
export async function lint(): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, complaints: [] };
  const waiting = [...checks];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (await passes(check)) tally.passed += 1;
      else tally.failed += 1;
    }
  };
  await Promise.all([work(), work()]);
  return tally;
}

async function passes(check: Check): Promise<boolean> {
  const program = join(projectRoot, 'node_modules', check.program);
  const ended = await readChild(process.execPath, [program, ...check.args], { cwd: projectRoot, env: { ...process.env, NO_COLOR: '1' } });
  const doubt = ended.code === 0 ? check.doubt?.(ended.stdout) : undefined;
  const good = ended.code === 0 && doubt === undefined;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${check.name} (${(ended.durationMs / 1_000).toFixed(1)} s)`);
  if (!good) console.log([doubt, ended.stdout.trim(), ended.stderr.trim()].filter(Boolean).join('\n'));
  return good;
}

/** With a TypeScript that it does not know dependency-cruiser looks at no file at all and calls that a success. */
function cruisedNothing(stdout: string): string | undefined {
  const modules = Number(/\((\d+) modules, \d+ dependencies cruised\)/.exec(stdout)?.[1] ?? 0);
  return modules > 0 ? undefined : 'dependency-cruiser looked at no module: its rules were not checked.';
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await lint()).failed === 0 ? 0 : 1;

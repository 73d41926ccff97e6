import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../electron/setup/paths.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

// Registered first, so it runs last.
afterAll(removeTemporaryFolders);

const folder = temporaryFolder('node24');
const launcher = join(projectRoot, 'electron', 'setup', 'node24.mjs');
/** Stands in for an old Node: Node 24 itself, made to report another version to the launcher and to nobody else. */
const oldNode = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.0.0'})`;

const script = join(folder, 'script.ts');
writeFileSync(
  script,
  `const [what, ...rest]: string[] = process.argv.slice(2);
  if (what === 'show') console.log(JSON.stringify({ version: process.versions.node, argv1: process.argv[1], rest }));
  if (what === 'code') process.exitCode = Number(rest[0]);
  if (what === 'echo') process.stdin.pipe(process.stdout);
  if (what === 'wait') {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { console.log(signal); process.exit(7); });
    setInterval(() => undefined, 1_000);
    console.log('ready');
  }`,
);

function launch(kind: 'new' | 'old', args: string[]): ChildProcess {
  const before = kind === 'old' ? ['--import', oldNode] : [];
  return spawn(process.execPath, [...before, launcher, script, ...args], { env: { ...process.env, npm_lifecycle_event: undefined } });
}

async function run(kind: 'new' | 'old', args: string[], input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = launch(kind, args);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => (stdout += text));
  child.stderr?.on('data', (text) => (stderr += text));
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe.each(['new', 'old'] as const)('the launcher on a Node that is %s', (kind) => {
  it('runs the script on Node 24 with its arguments, and says nothing itself', async () => {
    const { code, stdout, stderr } = await run(kind, ['show', '--flag', 'two words']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const seen = JSON.parse(stdout) as { version: string; argv1: string; rest: string[] };
    expect(Number.parseInt(seen.version, 10)).toBeGreaterThanOrEqual(24);
    expect(seen).toMatchObject({ argv1: script, rest: ['--flag', 'two words'] });
  });

  it('keeps the exit code and the standard streams', async () => {
    expect((await run(kind, ['code', '5'])).code).toBe(5);
    expect((await run(kind, ['echo'], 'in and out\n')).stdout).toBe('in and out\n');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('passes on %s', async (signal) => {
    const child = launch(kind, ['wait']);
    let stdout = '';
    child.stdout?.on('data', (text) => (stdout += text));
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill(signal);
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, stdout }).toEqual({ code: 7, stdout: `ready\n${signal}\n` });
  });
});

it('ends the script when the shell that npm started is gone', async () => {
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${launcher}" "${script}" wait; true`], {
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  shell.stdout.on('data', (text) => (stdout += text));
  await once(shell.stdout, 'data');
  shell.kill('SIGKILL');
  await once(shell, 'close');
  expect(stdout).toBe('ready\nSIGTERM\n');
});

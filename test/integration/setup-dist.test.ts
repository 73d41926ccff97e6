import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPACK_BYTES } from '../../electron/setup/electron-repack.ts';
import { officialVersion } from '../../electron/setup/electron-runtime.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import { readChild } from '../../electron/setup/run-child.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

// Registered first, so it runs last.
afterAll(removeTemporaryFolders);

const root = process.getuid?.() === 0;
const NOBODY = 65_534;
const electronPackage = join(projectRoot, 'node_modules', 'electron');
const output = temporaryFolder('dist');
const folder = join(output, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
const executable = join(folder, 'nightdesk');
const script = join(projectRoot, 'electron', 'setup', 'dist.ts');
/** Everything that was started and may still run, by process. */
const started: ChildProcess[] = [];

beforeAll(async () => {
  const env = { ...process.env, NODE_ENV: undefined, NIGHTDESK_TEST_ALLOW_UNOFFICIAL: '1', NIGHTDESK_TEST_DIST: output };
  const { code, stdout, stderr } = await readChild(process.execPath, [script], { cwd: projectRoot, env });
  expect(code, `${stdout}\n${stderr}`).toBe(0);
}, 240_000);
afterAll(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

/** A home of its own, so that no desk of this machine is touched. */
function homeEnvironment(name: string, uid?: number): Record<string, string> {
  const home = temporaryFolder(name);
  if (uid !== undefined) chownSync(home, uid, uid);
  const { DISPLAY = '', PATH = '' } = process.env;
  return { DISPLAY, PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_CACHE_HOME: join(home, 'cache'), LANG: 'C.UTF-8' };
}

describe('the unpacked package', () => {
  it('holds the built app and nothing else of ours', async () => {
    expect(readdirSync(join(folder, 'resources')).filter((name) => name.endsWith('.asar'))).toEqual(['app.asar']);
    const lister = join(projectRoot, 'node_modules', '@electron', 'asar', 'bin', 'asar.js');
    const { code, stdout } = await readChild(process.execPath, [lister, 'list', join(folder, 'resources', 'app.asar')]);
    expect(code).toBe(0);
    const files = stdout.trim().split('\n');
    expect(files).toEqual(
      expect.arrayContaining(['/package.json', '/LICENSE', '/out/main/main.js', '/out/main/engine.js', '/out/preload/preload.cjs']),
    );
    expect([...new Set(files.map((path) => path.split('/')[1]))].sort()).toEqual(['LICENSE', 'assets', 'out', 'package.json']);
    expect(files.some((path) => path.includes('node_modules') || path.endsWith('.map'))).toBe(false);
  });

  it('starts and shows its window', async () => {
    const app = await _electron.launch({
      executablePath: executable,
      args: root ? ['--no-sandbox'] : [],
      env: homeEnvironment('packaged'),
    });
    try {
      const page = await app.firstWindow();
      await page.waitForLoadState('domcontentloaded');
      expect(await page.title()).toContain('Nightdesk');
    } finally {
      await app.close();
    }
  });

  it('keeps its windows in the sandbox when an ordinary user starts it', async () => {
    const env = homeEnvironment('ordinary', root ? NOBODY : undefined);
    const become = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    const [command = executable, ...args] = [...(root ? become : []), executable];
    const child = spawn(command, args, { env, stdio: 'ignore', cwd: folder });
    started.push(child);
    const findRenderer = (): Process | undefined => descendants(child.pid ?? 0).find((each) => each.args.includes('--type=renderer'));
    await expect.poll(findRenderer, { timeout: 30_000 }).toBeDefined();
    const renderer = findRenderer();
    expect(descendants(child.pid ?? 0).filter((each) => each.args.includes('--no-sandbox'))).toEqual([]);
    // Seccomp 2 = system calls are filtered, as soon as it has loaded itself; two process ids = in a process namespace of its own.
    await expect.poll(() => findRenderer()?.status, { timeout: 30_000 }).toMatch(/^Seccomp:\s+2$/m);
    expect(renderer?.status).toMatch(/^NSpid:\s+\d+\s+\d+/m);
    expect(renderer?.status).toMatch(root ? new RegExp(`^Uid:\\s+${NOBODY}\\s`, 'm') : /^Uid:/m);
    child.kill('SIGTERM');
    await once(child, 'close');
  });
});

it.each([
  [
    'the unofficial Electron, whatever its version file says',
    officialVersion(electronPackage),
    REPACK_BYTES,
    'holds the unofficial Electron',
  ],
  ['another version than the pinned one', '41.0.0', 10, 'holds Electron 41.0.0, expected'],
])('refuses to package %s without the test flag', async (_, version, bytes, reason) => {
  const runtime = temporaryFolder('refused');
  writeFileSync(join(runtime, 'version'), version);
  writeFileSync(join(runtime, 'electron'), '');
  truncateSync(join(runtime, 'electron'), bytes);
  const target = join(runtime, 'dist');
  const flags = { NIGHTDESK_TEST_ALLOW_UNOFFICIAL: undefined, NIGHTDESK_TEST_DIST: target, ELECTRON_OVERRIDE_DIST_PATH: runtime };
  const { code, stderr } = await readChild(process.execPath, [script], { cwd: projectRoot, env: { ...process.env, ...flags } });
  expect(code).toBe(1);
  expect(stderr).toContain('No package was made');
  expect(stderr).toContain(reason);
  expect(existsSync(target)).toBe(false);
});

interface Process {
  pid: number;
  args: string[];
  status: string;
}

/** The process and all that it started, from /proc. */
function descendants(pid: number): Process[] {
  const all = readdirSync('/proc').flatMap((entry) => {
    try {
      if (!/^\d+$/.test(entry)) return [];
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split(/[\0 ]/);
      return [{ pid: Number(entry), parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), args, status }];
    } catch {
      return []; // it has just ended
    }
  });
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const each of all) if (family.has(each.parent)) family.add(each.pid);
  }
  return all.filter((each) => family.has(each.pid));
}

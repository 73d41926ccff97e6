import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject } from '../support/project-copy.ts';
import { removeTemporaryFolders } from '../support/temporary-folder.ts';

// Registered first, so it runs last.
afterAll(removeTemporaryFolders);

let copy = '';
beforeAll(() => {
  copy = copyProject('build');
});

function nightdesk(...args: string[]): { status: number | null; stdout: string; stderr: string; durationMs: number } {
  const start = performance.now();
  const launcher = join(copy, 'electron', 'setup', 'node24.mjs');
  const script = join(copy, 'electron', 'setup', 'headless.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, script, ...args], { encoding: 'utf8', cwd: copy });
  return { status, stdout, stderr, durationMs: performance.now() - start };
}

/** Changes whenever the command line was built again. */
const builtAt = (): number => statSync(join(copy, 'out', 'main', 'cli.js')).mtimeMs;

describe('building on demand', () => {
  it('builds before the first command, and stdout stays the command’s own', () => {
    const first = nightdesk('--help');
    expect(first.status, first.stderr).toBe(0);
    expect(first.stdout).toContain('check');
    expect(first.stdout).not.toMatch(/vite|Building|modules transformed/);
  });

  it('ships no compiled parts of libraries: they would fit this system and this Node only', () => {
    const files = readdirSync(join(copy, 'out'), { recursive: true, encoding: 'utf8' });
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((name) => name.endsWith('.node'))).toEqual([]);
  });

  it('does not build again for the next one', () => {
    const before = builtAt();
    const next = nightdesk('--help');
    expect(next.status).toBe(0);
    expect(builtAt()).toBe(before);
  });

  it('builds again after a change of the sources', () => {
    const before = builtAt();
    appendFileSync(join(copy, 'shared', 'result.ts'), '\n');
    expect(nightdesk('--help').status).toBe(0);
    expect(builtAt()).toBeGreaterThan(before);
  });

  it('says what is wrong when the sources do not build, and fails', () => {
    appendFileSync(join(copy, 'electron', 'engine', 'cli.ts'), '\nexport const = ;\n');
    const broken = nightdesk('--help');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toBe('');
    expect(broken.stderr).toContain('cli.ts');
    expect(broken.stderr).toContain('The build failed');
  });
});

it('npm start without a display is one clear sentence', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(copy, 'electron', 'setup', 'start.ts')], {
    encoding: 'utf8',
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' },
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set\./);
});

/** `npm run build`, and the build that every start makes sure of. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runScript, SetupProblem } from './fail.ts';
import { holdLock } from './lock.ts';
import { projectRoot } from './paths.ts';
import { during, say } from './progress.ts';
import { readChild, runChild } from './run-child.ts';

/** What goes into out/. The set-up itself does not. */
const SOURCES = ['electron', 'renderer', 'shared', 'assets'];
const CONFIG = ['electron.vite.config.ts', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.node.json', 'tsconfig.web.json'];
const LEFT_OUT = join('electron', 'setup');
/** What a whole build leaves behind. */
const RESULTS = [
  'main/main.js',
  'main/engine.js',
  'main/drill.js',
  'main/cli.js',
  'main/history-worker.js',
  'main/print.js',
  'preload/preload.cjs',
  'renderer/index.html',
];

const out = join(projectRoot, 'out');
const stampFile = join(out, 'built-from.txt');

/** Makes out/ fit the sources: returns within some 50 ms when it does, else builds and tells of it on stderr. Throws SetupProblem when that fails. */
export async function ensureBuilt(): Promise<void> {
  if (isFresh()) return;
  const release = await holdLock(join(projectRoot, '.cache', 'build.lock'), 'Another build is under way; waiting for it');
  try {
    // Whoever held the lock before us may have built just this.
    if (isFresh()) return;
    const before = sourcesHash();
    forgetBuild();
    const built = await during('Building Nightdesk', readChild(process.execPath, builder('warn'), { cwd: projectRoot, env: buildEnv() }));
    if (built.code !== 0) throw new SetupProblem(`${built.stdout}${built.stderr}\nThe build failed (exit code ${built.code}).`);
    if (built.stderr !== '') say(built.stderr.trimEnd());
    writeStamp(before);
  } finally {
    release();
  }
}

/** For what writes into out/ itself: the next start builds again. */
export function forgetBuild(): void {
  rmSync(stampFile, { force: true });
}

function isFresh(): boolean {
  if (!existsSync(stampFile)) return false;
  return readFileSync(stampFile, 'utf8') === sourcesHash() && RESULTS.every((file) => existsSync(join(out, file)));
}

/** Builds again whatever the stamp says, with the bundler's own report on stdout. */
async function buildAnew(): Promise<number> {
  const release = await holdLock(join(projectRoot, '.cache', 'build.lock'), 'Another build is under way; waiting for it');
  try {
    const before = sourcesHash();
    forgetBuild();
    const { code } = await runChild(process.execPath, builder('info'), { cwd: projectRoot, env: buildEnv() });
    if (code === 0) writeStamp(before);
    return code;
  } finally {
    release();
  }
}

/** In a process of its own: the bundler takes memory that a long-running command should not keep. */
function builder(logLevel: 'info' | 'warn'): string[] {
  return [join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', logLevel];
}

function buildEnv(): NodeJS.ProcessEnv {
  // A test runner sets NODE_ENV=test, which would build a development React into out/.
  return { ...process.env, NODE_ENV: 'production' };
}

function writeStamp(hash: string): void {
  const missing = RESULTS.filter((file) => !existsSync(join(out, file)));
  if (missing.length > 0)
    throw new SetupProblem(`The build ended well but left out ${missing.join(', ')}. Look at electron.vite.config.ts.`);
  mkdirSync(out, { recursive: true });
  writeFileSync(stampFile, hash);
}

/** A hash of names, sizes and times of change: reading some hundred entries takes a few milliseconds. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    const { size, mtimeMs } = statSync(join(projectRoot, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(projectRoot, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (path === LEFT_OUT) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) add(path);
    }
  };
  for (const folder of SOURCES) walk(folder);
  for (const file of CONFIG) add(file);
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) await runScript(buildAnew);

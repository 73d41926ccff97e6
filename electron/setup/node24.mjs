/**
 * Runs one of our TypeScript scripts on Node 24: `node node24.mjs script.ts [args]`.
 * Plain JavaScript that any Node from 20 on understands. On Node 24 it imports the script; on an older one it starts the Node 24 that
 * npm installed beside our other packages and steps aside: same terminal, same arguments, same signals, same exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const WANTED = 24;
const modules = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules');

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error('Usage: node electron/setup/node24.mjs script.ts [arguments]');
  process.exit(64);
}

followParent();
if (major(process.versions.node) >= WANTED) {
  process.argv.splice(1, process.argv.length - 1, resolve(script), ...args);
  await import(pathToFileURL(resolve(script)).href);
} else {
  const node = findNode24();
  if (node === undefined) {
    console.error(
      `Nightdesk needs Node ${WANTED}; this is Node ${process.versions.node}, and npm has not installed one for ` +
        `${process.platform} ${process.arch}. Run "npm ci" again, or install Node ${WANTED} and repeat the command.`,
    );
    process.exit(1);
  }
  handOver(node, [resolve(script), ...args]);
}

function major(version) {
  return Number.parseInt(version, 10);
}

/**
 * npm passes a signal on to its shell only, and many shells die of it without telling us. So under npm the end of our parent counts as
 * SIGTERM. (Scripts of package.json that begin with `exec` have no shell in between, and npm waits for their end and exit code.)
 */
function followParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}

/** The Node binary of the optional packages in package.json, or undefined when npm installed none that is new enough. */
function findNode24() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`]) {
    const folder = join(modules, name);
    const path = join(folder, 'bin', binary);
    if (!existsSync(path)) continue;
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (major(version) >= WANTED) return path;
  }
  return undefined;
}

/** Runs the command in our place: its exit code becomes ours, and a signal that ended it counts as 128 + its number, as in a shell. */
function handOver(command, childArgs) {
  // Early 24s print a warning for every TypeScript file; nobody who reads it could act on it.
  const child = spawn(command, ['--disable-warning=ExperimentalWarning', ...childArgs], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`Node ${WANTED} at ${command} would not start (${error.code ?? error.message}). Run "npm ci" again.`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}

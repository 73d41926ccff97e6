/** The official Electron download: into Electron's own cache by Electron's own tool, then unpacked by Electron's own installer. */
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { during } from './progress.ts';
import { readChild } from './run-child.ts';

const FIRST_BYTE_TIMEOUT_MS = 8_000;
const STALL_TIMEOUT_MS = 20_000;
const REMEMBER_FAILURE_MS = 6 * 3_600_000;

export type Fetched = { ok: true } | { ok: false; reason: string };

export interface OfficialOptions {
  env: NodeJS.ProcessEnv;
  packageFolder: string;
  cacheFolder: string;
  version: string;
  firstByteTimeoutMs?: number;
}

/**
 * Downloads and unpacks into `packageFolder`/dist. Mirrors, caches and checksums work as for Electron itself. A failure is remembered for some
 * hours (see rememberedFailure), so that the next start need not wait for it again.
 */
export async function fetchOfficial(options: OfficialOptions): Promise<Fetched> {
  const { cacheFolder, packageFolder, version } = options;
  const fail = (reason: string): Fetched => {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(memoryFile(cacheFolder), `${JSON.stringify({ version, reason, at: Date.now() })}\n`);
    return { ok: false, reason };
  };
  try {
    await download(options);
  } catch (error) {
    return fail(reasonOf(error));
  }
  const unpacked = await during(
    `Unpacking Electron ${version}`,
    readChild(process.execPath, [join(packageFolder, 'install.js')], { env: { ...options.env, ELECTRON_GET_NO_PROGRESS: '1' } }),
  );
  if (unpacked.code !== 0) return fail(`its installer ended with code ${unpacked.code}`);
  rmSync(memoryFile(cacheFolder), { force: true });
  return { ok: true };
}

/** The last failure when it is younger than six hours and about this version. `until` is when to try again, in local time. */
export function rememberedFailure(cacheFolder: string, version: string): { reason: string; until: string } | undefined {
  const file = memoryFile(cacheFolder);
  if (!existsSync(file)) return undefined;
  try {
    const memory = JSON.parse(readFileSync(file, 'utf8')) as { version: string; reason: string; at: number };
    const ageMs = Date.now() - memory.at;
    if (memory.version !== version || ageMs < 0 || ageMs > REMEMBER_FAILURE_MS) return undefined;
    return {
      reason: memory.reason,
      until: new Date(memory.at + REMEMBER_FAILURE_MS).toLocaleTimeString('en-GB', { timeZoneName: 'short' }),
    };
  } catch {
    return undefined;
  }
}

function memoryFile(cacheFolder: string): string {
  return join(cacheFolder, 'electron-download-failed.json');
}

/** The part of Electron's download tool that we use. It is a dependency of the electron package, so it is loaded from there. */
interface DownloadTool {
  downloadArtifact(details: {
    version: string;
    artifactName: string;
    platform: string;
    arch: string;
    cacheRoot?: string;
    checksums: Record<string, string>;
    downloader: { download(url: string, targetFile: string): Promise<void> };
  }): Promise<string>;
}

async function download({ env, packageFolder, version, firstByteTimeoutMs = FIRST_BYTE_TIMEOUT_MS }: OfficialOptions): Promise<void> {
  const requireThere = createRequire(join(packageFolder, 'package.json'));
  const tool = requireThere('@electron/get') as DownloadTool;
  const progress = { bytes: 0, total: 0 };
  await during(
    `Fetching the official Electron ${version}`,
    tool.downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      ...(env.electron_config_cache === undefined ? {} : { cacheRoot: env.electron_config_cache }),
      checksums: requireThere('./checksums.json') as Record<string, string>,
      downloader: { download: (url, target) => fetchToFile(url, target, firstByteTimeoutMs, progress) },
    }),
    () => (progress.bytes === 0 ? 'nothing has come yet' : `${megabytes(progress.bytes)} of ${megabytes(progress.total)}`),
  );
}

/** Like the tool's own downloader, but gives up when no byte comes for a while. */
async function fetchToFile(
  url: string,
  target: string,
  firstByteTimeoutMs: number,
  progress: { bytes: number; total: number },
): Promise<void> {
  const abort = new AbortController();
  const giveUp = (code: string): void => abort.abort(Object.assign(new Error(code), { code }));
  let timer = setTimeout(giveUp, firstByteTimeoutMs, 'NO_FIRST_BYTE');
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || response.body === null) throw Object.assign(new Error('refused'), { code: 'HTTP_STATUS', status: response.status });
    progress.total = Number(response.headers.get('content-length') ?? 0);
    mkdirSync(dirname(target), { recursive: true });
    const count = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        clearTimeout(timer);
        timer = setTimeout(giveUp, STALL_TIMEOUT_MS, 'STALLED');
        progress.bytes += chunk.length;
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body as never), count, createWriteStream(target), { signal: abort.signal });
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Words for what went wrong, from codes alone. */
function reasonOf(error: unknown): string {
  const { code, status } = withCode(error);
  if (code === 'NO_FIRST_BYTE') return 'the download server did not answer in time';
  if (code === 'STALLED') return 'the download stopped in the middle';
  if (code === 'HTTP_STATUS') return `the download server answered with status ${status}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return "the download server's name was not found";
  if (code === 'ENOSPC') return 'the disk is full';
  return code === '' ? `the download failed (${error instanceof Error ? error.message : String(error)})` : `the download failed (${code})`;
}

/** fetch() wraps the network's error: look for a code in the causes too. */
function withCode(error: unknown): { code: string; status: number } {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code, status } = at as { code?: unknown; status?: unknown };
    if (typeof code === 'string' && code !== '') return { code, status: typeof status === 'number' ? status : 0 };
  }
  return { code: '', status: 0 };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

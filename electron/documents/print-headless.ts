/** Prints pages to PDF from the command line: by the Electron that the project keeps for its desk, on no screen at all. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

/** Prints all pages or says, for people, why none can be printed. The PDFs come in the order of the pages. */
export type PrintPages = (pages: readonly string[]) => Promise<Result<Uint8Array[], string>>;

const patienceMs = 180_000;

/**
 * @param electron the program; null = there is none
 * @param script out/main/print.js
 */
export const printHeadless =
  (electron: string | null, script: string): PrintPages =>
  async (pages) => {
    if (electron === null || !existsSync(electron))
      return fail(
        'no Electron is here to print with. Run this with "npm run -s nightdesk", which finds or fetches one, or set NIGHTDESK_ELECTRON to its program',
      );
    if (!existsSync(script)) return fail('the part of Nightdesk that prints is not built. Run "npm run build" first');
    const folder = await mkdtemp(join(tmpdir(), 'nightdesk-print-'));
    try {
      const jobs = pages.map((_, index) => ({ html: join(folder, `${index}.html`), pdf: join(folder, `${index}.pdf`) }));
      for (const [index, page] of pages.entries()) await writeFile(jobs[index]?.html ?? '', page, { mode: 0o600 });
      const list = join(folder, 'jobs.json');
      await writeFile(list, JSON.stringify(jobs), { mode: 0o600 });
      const said = await run(electron, [...flags(), `--user-data-dir=${join(folder, 'profile')}`, script, list]);
      const lost = jobs.find((it) => !existsSync(it.pdf));
      if (lost) {
        const why = existsSync(`${lost.pdf}.txt`) ? await readFile(`${lost.pdf}.txt`, 'utf8') : said;
        return fail(`Electron did not print: ${clean(why, 300) || 'it said nothing'}`);
      }
      return ok(await Promise.all(jobs.map((it) => readFile(it.pdf))));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

/** No display, no graphics card; root cannot have the sandbox (as in electron/setup/launch.ts), and our pages hold no scripts. */
const flags = (): string[] => [
  ...(process.platform === 'linux' ? ['--ozone-platform=headless', '--disable-gpu'] : []),
  ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

function run(program: string, args: readonly string[]): Promise<string> {
  const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: patienceMs, killSignal: 'SIGKILL' });
    let said = '';
    const keep = (text: string): void => {
      if (said.length < 20_000) said += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => resolve(said));
  });
}

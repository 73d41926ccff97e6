/**
 * Entry for printing without a desk: `electron print.js JOBS.json`, where the file lists pages and the PDFs to write them to
 * (electron/documents/print-headless.ts). What went wrong stands in a file beside each PDF: standard output is lost where Electron ends.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { app } from 'electron';
import { z } from 'zod';
import { printPdf } from './print-pdf.ts';

const jobsSchema = z.array(z.object({ html: z.string(), pdf: z.string() })).max(500);

const [list] = process.argv.slice(-1);
app.on('window-all-closed', () => {
  // The next page opens a window again.
});
// Nothing is drawn on a screen.
app.disableHardwareAcceleration();

async function run(): Promise<number> {
  const jobs = jobsSchema.parse(JSON.parse(await readFile(list ?? '', 'utf8')));
  for (const { html, pdf } of jobs) {
    const printed = await printPdf(await readFile(html, 'utf8'));
    if (printed.ok) await writeFile(pdf, printed.value, { mode: 0o600 });
    else await writeFile(`${pdf}.txt`, printed.failure.text, { mode: 0o600 });
  }
  return 0;
}

void app.whenReady().then(async () => {
  try {
    app.exit(await run());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  }
});

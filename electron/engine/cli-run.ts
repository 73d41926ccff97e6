/** `nightdesk run`: the engine without a window, until it is told to end. */
import { resolve } from 'node:path';
import { readInventoryFile } from '../inventory/read.ts';
import { version } from '../version.ts';
import { printProblems } from './cli-print.ts';
import { openEngine } from './open-engine.ts';
import { openSecrets } from './secrets.ts';

/** @returns the exit code: 0 ended as asked, 2 the inventory or the data folder cannot be used */
export async function runEngine(file: string, data: string): Promise<number> {
  const read = await readInventoryFile(file);
  if (!read.ok) return printProblems(file, read.failure);
  const dataFolder = resolve(data);
  const secrets = openSecrets(dataFolder, process.env);
  if (!secrets.ok) {
    process.stderr.write(`${secrets.failure}\n`);
    return 2;
  }
  // Heard from the very start: whoever ends it early still finds everything written down.
  const ended = new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end());
    // The reader of our lines went away: there is nobody to tell any more.
    process.stdout.on('error', () => end());
  });
  const opened = await openEngine({
    version,
    dataFolder,
    inventoryFile: resolve(file),
    historyWorker: new URL('./history-worker.js', import.meta.url),
    secret: secrets.value.lookup,
    secrets: secrets.value.values,
    onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  });
  if (!opened.ok) {
    process.stderr.write(`${opened.failure.text}\n`);
    return 2;
  }
  const engine = opened.value;
  await engine.start();
  await ended;
  engine.stop();
  return 0;
}

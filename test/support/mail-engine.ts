/** A process for tests that kill it: an engine that watches an inventory. Prints the id and state of each check whenever one is told. */
import { openEngine } from '../../electron/engine/open-engine.ts';

const [dataFolder, inventoryFile, secret] = process.argv.slice(2) as [string, string, string];
const opened = await openEngine({
  version: '1.2.3',
  dataFolder,
  inventoryFile,
  historyWorker: new URL('../../electron/store/history-worker.ts', import.meta.url),
  secret: () => secret,
  secrets: () => [secret],
  onEvent: (event) => void process.stdout.write(`${event.kind}\n`),
});
if (!opened.ok) throw new Error(opened.failure.text);
await opened.value.start();
process.stdout.write('started\n');

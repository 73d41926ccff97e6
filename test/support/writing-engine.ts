/** A process for tests that kill it: an engine whose people write without a pause. Prints each thing after it was told "saved". */
import { openEngine } from '../../electron/engine/open-engine.ts';

const [dataFolder, inventoryFile] = process.argv.slice(2) as [string, string];
const opened = await openEngine({
  version: '1.2.3',
  dataFolder,
  inventoryFile,
  historyWorker: new URL('../../electron/store/history-worker.ts', import.meta.url),
  secret: () => undefined,
  secrets: () => [],
});
if (!opened.ok) throw new Error(opened.failure.text);
const engine = opened.value;
await engine.start();
for (let n = 0; ; n += 1) {
  const alerts = Object.values(engine.publisher.tables.alerts).filter((alert) => alert.endedAt === null);
  const noted = await engine.handlers.note({ subject: null, by: 'Ada', text: `note ${n}` });
  if (noted.ok) process.stdout.write(`note ${n}\n`);
  const ids = alerts.map((alert) => alert.id);
  const taken =
    ids.length > 0 &&
    (await engine.handlers.acknowledge({ alerts: ids, by: `Ada ${n}`, comment: 'on it', sticky: false, until: null, takeOver: true })).ok;
  if (taken) process.stdout.write(`acknowledged ${n} ${ids[0]}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}

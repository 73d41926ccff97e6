/** Entry of the history worker: long queries on a read-only connection of its own, so that no probe's clock is held up. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { isDamage } from './failure.ts';
import type { HistoryAnswer, HistoryQuestion } from './history.ts';
import { readHistoryIn } from './read-history.ts';
import { suspect } from './suspect.ts';

const { file } = workerData as { file: string };
const port = parentPort;
if (!port) throw new Error('the history worker runs as a worker only');

const db = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
db.exec('PRAGMA cache_size = -4000');
const read = readHistoryIn(db);

port.on('message', ({ id, check, from, to }: HistoryQuestion) => {
  let answer: HistoryAnswer;
  try {
    answer = { id, ok: true, history: read(check, from, to) };
  } catch (error) {
    if (isDamage(error)) suspect(file);
    answer = { id, ok: false, text: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});

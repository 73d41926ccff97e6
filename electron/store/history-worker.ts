/** Entry of the history worker: long queries on a read-only connection of its own, so that no probe's clock is held up. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer } from './ask-worker.ts';
import { isDamage } from './failure.ts';
import type { HistoryQuestion } from './history.ts';
import { historyReader } from './read-history.ts';
import { pingReader } from './read-pings.ts';
import { suspect } from './suspect.ts';

const { file } = workerData as { file: string };
const port = parentPort;
if (!port) throw new Error('the history worker runs as a worker only');

const db = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
db.exec('PRAGMA cache_size = -4000');
const readHistory = historyReader(db);
const readPings = pingReader(db);

async function answerTo(question: HistoryQuestion): Promise<unknown> {
  if (question.kind === 'history') return inTransaction(() => readHistory(question.check, question.from, question.to));
  if (question.kind === 'smoke') return inTransaction(() => readPings(question.check, question.from, question.to));
  // Only here: a worker that draws charts stays small.
  const { reader } = await import('./store.ts');
  const store = reader(db, file, () => {});
  const { plan, now } = question;
  if (question.kind === 'draft') {
    const { makeDraft } = await import('./make-draft.ts');
    return inTransaction(() => makeDraft(store, plan, question.request, now));
  }
  if (question.kind === 'document') {
    const { makeDocument } = await import('./make-document.ts');
    return inTransaction(() => makeDocument(store, plan, question.request, now));
  }
  if (question.kind === 'export') {
    const { prepare, write } = await import('../documents/export.ts');
    const { request } = question;
    const readers = { store, charts: { history: readHistory, pings: readPings } };
    return write(
      inTransaction(() => prepare(readers, plan, request, now)),
      request.format,
    );
  }
  const { makeUptime } = await import('./make-uptime.ts');
  return inTransaction(() => makeUptime(store, plan, question.request, now));
}

/** One read transaction, so that what the engine writes meanwhile is seen whole or not at all. */
function inTransaction<T>(read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('COMMIT');
  }
}

port.on('message', async ({ id, ...question }: HistoryQuestion & { id: number }) => {
  let answer: WorkerAnswer;
  try {
    answer = { id, ok: true, value: await answerTo(question as HistoryQuestion) };
  } catch (error) {
    if (isDamage(error)) suspect(file);
    answer = { id, ok: false, text: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});

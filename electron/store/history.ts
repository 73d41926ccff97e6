/** Asks the history worker. The worker starts with the first question, is started anew after a crash, and goes when nobody asks. */
import { Worker } from 'node:worker_threads';
import type { History } from '../../shared/contract.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

export interface HistoryQuestion {
  id: number;
  check: string;
  from: number;
  to: number;
}
export type HistoryAnswer = { id: number; ok: true; history: History } | { id: number; ok: false; text: string };

/** `file`: the data could not be read; `worker`: the worker ended or took too long (asking again starts a new one). */
export interface HistoryFailure {
  code: 'file' | 'worker';
  text: string;
}

export interface HistoryReader {
  /**
   * The history of one check at the resolution that fits a chart (at most about 700 points, or single samples).
   * @param from epoch ms, included
   * @param to epoch ms, included
   */
  history(check: string, from: number, to: number): Promise<Result<History, HistoryFailure>>;
  /** Ends the worker; open questions fail. */
  close(): Promise<void>;
}

/** A memory bound for the worker: the longest answer is some hundred kilobytes. */
const resourceLimits = { maxOldGenerationSizeMb: 96 };

/**
 * @param options.file the database
 * @param options.workerUrl where history-worker stands (`.ts` in tests, bundled `.js` in the app)
 * @param options.patienceMs how long a question may take before the worker is given up
 * @param options.idleMs how long the worker stays when nobody asks
 */
export function openHistory(options: { file: string; workerUrl: URL; patienceMs?: number; idleMs?: number }): HistoryReader {
  const { file, workerUrl, patienceMs = 15_000, idleMs = 60_000 } = options;
  const open = new Map<number, (result: Result<History, HistoryFailure>) => void>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  const answerAll = (failure: HistoryFailure) => {
    for (const resolve of [...open.values()]) resolve(fail(failure));
  };

  /** Ends this worker for good: nothing that it still says counts. */
  const giveUp = (gone: Worker, why: string) => {
    if (worker !== gone) return;
    worker = null;
    clearTimeout(idle);
    answerAll({ code: 'worker', text: `The history could not be read (${why}). Try again.` });
    void gone.terminate();
  };

  const start = (): Worker => {
    const fresh = new Worker(workerUrl, { workerData: { file }, name: 'history', resourceLimits });
    fresh.on('message', (answer: HistoryAnswer) => {
      open.get(answer.id)?.(
        answer.ok ? ok(answer.history) : fail({ code: 'file', text: `The history could not be read (${clean(answer.text)}).` }),
      );
    });
    fresh.on('error', (error) => giveUp(fresh, clean(error instanceof Error ? error.message : String(error))));
    fresh.on('exit', (code) => giveUp(fresh, `its reader ended with ${code}`));
    return fresh;
  };

  const settle = (id: number) => {
    open.delete(id);
    if (open.size > 0 || !worker) return;
    // A worker without questions does not keep the process alive.
    worker.unref();
    const resting = worker;
    idle = setTimeout(() => giveUp(resting, 'idle'), idleMs);
    idle.unref();
  };

  return {
    history(check, from, to) {
      if (closed) return Promise.resolve(fail({ code: 'worker', text: 'Nightdesk is closing.' }));
      clearTimeout(idle);
      worker ??= start();
      const asked = worker;
      asked.ref();
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        const patience = setTimeout(() => giveUp(asked, 'it took too long'), patienceMs);
        open.set(id, (result) => {
          clearTimeout(patience);
          settle(id);
          resolve(result);
        });
        asked.postMessage({ id, check, from, to } satisfies HistoryQuestion);
      });
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      const last = worker;
      worker = null;
      answerAll({ code: 'worker', text: 'Nightdesk is closing.' });
      await last?.terminate();
    },
  };
}

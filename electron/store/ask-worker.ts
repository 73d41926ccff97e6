/** Asks a worker that reads the store. It starts with the first question, is started anew after a crash, and goes when nobody asks. */
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

export type WorkerAnswer = { id: number; ok: true; value: unknown } | { id: number; ok: false; text: string };

/** `file`: the data could not be read; `worker`: the worker ended or took too long (asking again starts a new one). */
export interface WorkerFailure {
  code: 'file' | 'worker';
  text: string;
}

export interface WorkerLine<Q, V> {
  ask(question: Q): Promise<Result<V, WorkerFailure>>;
  /** Ends the worker; open questions fail. */
  close(): Promise<void>;
}

/**
 * @param options.file the database
 * @param options.patienceMs how long a question may take before the worker is given up
 * @param options.idleMs how long the worker stays when nobody asks
 * @param options.mostMb bound of its memory
 */
export function askWorker<Q extends object, V>(options: {
  file: string;
  workerUrl: URL;
  patienceMs: number;
  idleMs: number;
  mostMb: number;
}): WorkerLine<Q, V> {
  const { file, workerUrl, patienceMs, idleMs, mostMb } = options;
  const open = new Map<number, (result: Result<V, WorkerFailure>) => void>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  const answerAll = (failure: WorkerFailure) => {
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
    const fresh = new Worker(workerUrl, { workerData: { file }, name: 'history', resourceLimits: { maxOldGenerationSizeMb: mostMb } });
    fresh.on('message', (answer: WorkerAnswer) => {
      open.get(answer.id)?.(
        answer.ok ? ok(answer.value as V) : fail({ code: 'file', text: `The history could not be read (${clean(answer.text)}).` }),
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
    ask(question) {
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
        asked.postMessage({ ...question, id });
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

/** Asks the history worker for what takes long to read: the history of a check, and what a draft is made of. */

import type { Reply } from '../../shared/bind.ts';
import type { History } from '../../shared/contract.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Result } from '../../shared/result.ts';
import { askWorker, type WorkerFailure } from './ask-worker.ts';
import type { DraftRequest, MadeDraft } from './make-draft.ts';

export type HistoryQuestion =
  | { kind: 'history'; check: string; from: number; to: number }
  | { kind: 'draft'; plan: Plan; request: DraftRequest; now: number };

export interface HistoryReader {
  /**
   * The history of one check at the resolution that fits a chart (at most about 700 points, or single samples).
   * @param from epoch ms, included
   * @param to epoch ms, included
   */
  history(check: string, from: number, to: number): Promise<Result<History, WorkerFailure>>;
  /** See make-draft.ts. @param now epoch ms */
  draft(plan: Plan, request: DraftRequest, now: number): Promise<Reply<MadeDraft>>;
  /** Ends the workers; open questions fail. */
  close(): Promise<void>;
}

/** A year of a thousand checks takes some ten seconds. */
const draftPatienceMs = 120_000;

/**
 * Charts and drafts have a worker each: no chart waits for the draft of a year.
 * @param options.file the database
 * @param options.workerUrl where history-worker stands (`.ts` in tests, bundled `.js` in the app)
 * @param options.patienceMs how long a chart may take before the worker is given up
 * @param options.idleMs how long a worker stays when nobody asks
 */
export function openHistory(options: { file: string; workerUrl: URL; patienceMs?: number; idleMs?: number }): HistoryReader {
  const { patienceMs = 15_000, idleMs = 60_000 } = options;
  const charts = askWorker<HistoryQuestion, History>({ ...options, patienceMs, idleMs });
  const drafts = askWorker<HistoryQuestion, Reply<MadeDraft>>({ ...options, patienceMs: draftPatienceMs, idleMs });
  return {
    history: (check, from, to) => charts.ask({ kind: 'history', check, from, to }),
    async draft(plan, request, now) {
      const answer = await drafts.ask({ kind: 'draft', plan, request, now });
      return answer.ok ? answer.value : answer;
    },
    async close() {
      await Promise.all([charts.close(), drafts.close()]);
    },
  };
}

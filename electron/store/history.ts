/** Asks the history worker for what takes long to read: the history of a check, what a draft is made of, uptime. */

import type { Reply } from '../../shared/bind.ts';
import type { ExportedDocument, History } from '../../shared/contract.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Result } from '../../shared/result.ts';
import type { SmokePoint } from '../../shared/smoke.ts';
import type { ExportRequest } from '../documents/export.ts';
import { askWorker, type WorkerFailure } from './ask-worker.ts';
import type { DocumentRequest } from './make-document.ts';
import type { DraftRequest, MadeDraft } from './make-draft.ts';
import type { MadeUptime, UptimeRequest } from './make-uptime.ts';

export type HistoryQuestion =
  | { kind: 'history'; check: string; from: number; to: number }
  | { kind: 'smoke'; check: string; from: number; to: number }
  | { kind: 'draft'; plan: Plan; request: DraftRequest; now: number }
  | { kind: 'document'; plan: Plan; request: DocumentRequest; now: number }
  | { kind: 'export'; plan: Plan; request: ExportRequest; now: number }
  | { kind: 'uptime'; plan: Plan; request: UptimeRequest; now: number };

export interface HistoryReader {
  /**
   * The history of one check at the resolution that fits a chart (at most about 700 points, or single samples).
   * @param from epoch ms, included
   * @param to epoch ms, included
   */
  history(check: string, from: number, to: number): Promise<Result<History, WorkerFailure>>;
  /** The single round trips of one check, in the same stretch; see read-pings.ts. */
  smoke(check: string, from: number, to: number): Promise<Result<SmokePoint[], WorkerFailure>>;
  /** See make-draft.ts. @param now epoch ms */
  draft(plan: Plan, request: DraftRequest, now: number): Promise<Reply<MadeDraft>>;
  /** See make-document.ts. @param now epoch ms */
  document(plan: Plan, request: DocumentRequest, now: number): Promise<Reply<Draft>>;
  /** See ../documents/export.ts. @param now epoch ms */
  exportDocument(plan: Plan, request: ExportRequest, now: number): Promise<Reply<ExportedDocument>>;
  /** See make-uptime.ts. @param now epoch ms */
  uptime(plan: Plan, request: UptimeRequest, now: number): Promise<Reply<MadeUptime>>;
  /** Ends the workers; open questions fail. */
  close(): Promise<void>;
}

/** The longest answer about a check is some hundred kilobytes; a Word document of a thousand rows takes 150 MB while it is written. */
const mostMb = { charts: 96, reports: 256 };
/** A year of a thousand checks takes some ten seconds. */
const reportPatienceMs = 120_000;

/**
 * Charts and reports (drafts, uptime) have a worker each: no chart waits for the draft of a year.
 * @param options.file the database
 * @param options.workerUrl where history-worker stands (`.ts` in tests, bundled `.js` in the app)
 * @param options.patienceMs how long a chart may take before the worker is given up
 * @param options.idleMs how long a worker stays when nobody asks
 */
export function openHistory(options: { file: string; workerUrl: URL; patienceMs?: number; idleMs?: number }): HistoryReader {
  const { patienceMs = 15_000, idleMs = 60_000 } = options;
  const charts = askWorker<HistoryQuestion, never>({ ...options, patienceMs, idleMs, mostMb: mostMb.charts });
  const reports = askWorker<HistoryQuestion, Reply<never>>({ ...options, patienceMs: reportPatienceMs, idleMs, mostMb: mostMb.reports });
  const report = async <T>(question: HistoryQuestion): Promise<Reply<T>> => {
    const answer = await reports.ask(question);
    return answer.ok ? answer.value : answer;
  };
  return {
    history: (check, from, to) => charts.ask({ kind: 'history', check, from, to }),
    smoke: (check, from, to) => charts.ask({ kind: 'smoke', check, from, to }),
    draft: (plan, request, now) => report({ kind: 'draft', plan, request, now }),
    document: (plan, request, now) => report({ kind: 'document', plan, request, now }),
    exportDocument: (plan, request, now) => report({ kind: 'export', plan, request, now }),
    uptime: (plan, request, now) => report({ kind: 'uptime', plan, request, now }),
    async close() {
      await Promise.all([charts.close(), reports.close()]);
    },
  };
}

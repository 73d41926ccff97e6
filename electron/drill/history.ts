/** What a drill answers of its history: from the store itself, as nobody waits for a probe meanwhile. */
import { ok } from '../../shared/result.ts';
import { type ExportReaders, prepare, write } from '../documents/export.ts';
import type { HistoryReader } from '../store/history.ts';
import { makeDocument } from '../store/make-document.ts';
import { makeDraft } from '../store/make-draft.ts';
import { makeUptime } from '../store/make-uptime.ts';

/** What a drill is read from at its end. */
export interface DrillReaders extends ExportReaders {
  charts: NonNullable<ExportReaders['charts']>;
}

export function storeHistory(readers: DrillReaders & { store: Parameters<typeof makeUptime>[0] }): HistoryReader {
  const { store, charts } = readers;
  return {
    history: async (check, from, to) => ok(charts.history(check, from, to)),
    smoke: async (check, from, to) => ok(charts.pings(check, from, to)),
    draft: async (plan, request, now) => makeDraft(store, plan, request, now),
    document: async (plan, request, now) => makeDocument(store, plan, request, now),
    exportDocument: async (plan, request, now) => write(prepare(readers, plan, request, now), request.format),
    uptime: async (plan, request, now) => makeUptime(store, plan, request, now),
    close: async () => {},
  };
}

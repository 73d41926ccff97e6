/** What a drill answers of its history: from the store itself, as nobody waits for a probe meanwhile. */
import { fail } from '../../shared/result.ts';
import type { HistoryReader } from '../store/history.ts';
import { makeDocument } from '../store/make-document.ts';
import { makeDraft } from '../store/make-draft.ts';
import { makeUptime } from '../store/make-uptime.ts';
import type { Store } from '../store/store.ts';

export function storeHistory(store: Store): HistoryReader {
  const noCharts = fail({ code: 'worker' as const, text: 'A drill that is played without a window draws no charts.' });
  return {
    history: async () => noCharts,
    smoke: async () => noCharts,
    draft: async (plan, request, now) => makeDraft(store, plan, request, now),
    document: async (plan, request, now) => makeDocument(store, plan, request, now),
    uptime: async (plan, request, now) => makeUptime(store, plan, request, now),
    close: async () => {},
  };
}

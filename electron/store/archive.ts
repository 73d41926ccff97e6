/** The store of a data folder for reading alone, with the history of its checks: also beside a running engine. */
import type { History } from '../../shared/contract.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { SmokePoint } from '../../shared/smoke.ts';
import { openReadOnly } from './database.ts';
import { historyReader } from './read-history.ts';
import { pingReader } from './read-pings.ts';
import { reader, type StoreFailure, type StoreReader } from './store.ts';

export interface Archive {
  store: StoreReader;
  charts: {
    history(check: string, from: number, to: number): History;
    pings(check: string, from: number, to: number): SmokePoint[];
  };
}

/** Opens it; closing its store closes it. */
export function openArchive(folder: string): Result<Archive, StoreFailure> {
  const opened = openReadOnly(folder);
  if (!opened.ok) return opened;
  const { db, file, close } = opened.value;
  return ok({ store: reader(db, file, close), charts: { history: historyReader(db), pings: pingReader(db) } });
}

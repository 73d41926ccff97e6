/** The store of a running engine: one file, one writer. Long history queries go through history.ts instead. */
import type { DatabaseSync } from 'node:sqlite';
import type { CheckState } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { Coverage } from '../../shared/model/coverage.ts';
import type { NightDocument } from '../../shared/model/document.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { MaintenanceWindow, Silence } from '../../shared/model/maintenance.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type Opened, openDatabase, openReadOnly, type SetAside } from './database.ts';
import { type EventReader, eventReader } from './events.ts';
import { isDamage, type StoreFailure, type WriteFailure, writeFailure } from './failure.ts';
import { type IncidentReader, incidentReader, incidentWriter, type KeptIncident } from './incidents.ts';
import { type PlannedReader, plannedReader, plannedWriter } from './planned.ts';
import { coverageReader } from './read-coverage.ts';
import { pruner, type Retention, shrink } from './retention.ts';
import { rollUp } from './roll-up.ts';
import { type Row, rowReader } from './rows.ts';
import { type Sample, type SampleReader, sampleReader, sampleWriter } from './samples.ts';
import { type Spell, type SpellReader, spellPruner, spellReader, spellWriter } from './spells.ts';
import { suspect } from './suspect.ts';

export { type SetAside, storeFileName } from './database.ts';
export type { EventQuery } from './events.ts';
export type { StoreFailure, WriteFailure } from './failure.ts';
export type { Retention } from './retention.ts';
export type { Sample } from './samples.ts';

/** What is written together, or not at all. */
export interface Batch {
  samples: readonly Sample[];
  /** Appended; an id that is there already is left alone, so that a batch may be tried again. */
  events: readonly NightEvent[];
  /** The newest state per check id. */
  states: readonly (readonly [check: string, state: CheckState])[];
  /** Put in place by id. */
  alerts: readonly Alert[];
  /** How checks stand from a moment on. What was written of a check at or after that moment is replaced. */
  spells: readonly Spell[];
  /** Planned work, put in place by id. */
  windows: readonly MaintenanceWindow[];
  /** Put in place by id. */
  silences: readonly Silence[];
  /** Put in place by id. */
  incidents: readonly KeptIncident[];
  /** Documents that people edit, put in place by id; see incidents.ts. */
  papers: readonly { paper: NightDocument; drop: readonly number[] }[];
  /** Small texts kept by key, the newest only; null = it goes. */
  documents: readonly (readonly [key: string, text: string | null])[];
}

/** All that can be read without holding up a probe for long. Times are epoch ms. Throws only when the file cannot be read any more. */
export interface StoreReader extends EventReader, SampleReader, SpellReader, PlannedReader, IncidentReader {
  file: string;
  loadStates(): Map<string, CheckState>;
  /** All open ones, and those that ended at or after a moment; oldest first. */
  loadAlerts(endedSince: number): Alert[];
  /** Those that were open at some moment of a stretch, both ends included, counted from their first symptom; oldest first. */
  alerts(from: number, to: number): Alert[];
  /** Those of some ids that there are; oldest first. */
  alertsById(ids: readonly string[]): Alert[];
  /** When the last alert ended; null when none has. */
  lastAlertEndedAt(): number | null;
  /** A text kept by key; null when there is none. */
  document(key: string): string | null;
  /** Keys of the texts that begin so. */
  documentKeys(prefix: string): string[];
  /** See read-coverage.ts. */
  coverage(checks: readonly string[], from: number, to: number): Map<string, Coverage>;
  /** How many rows were left out so far because they did not fit their schema. */
  skipped(): number;
  /** Never throws. */
  close(): void;
}

export interface Store extends StoreReader {
  /** Writes a batch in one transaction. It is on disk when this returns ok; nothing of it is when it fails. */
  commit(batch: Partial<Batch>): Result<null, WriteFailure>;
  /** One small step (a few ms) of rolling up, deleting by retention and giving room back. `more`: call again soon. */
  maintain(): Result<{ more: boolean }, WriteFailure>;
  /** How long things are kept from now on. */
  setRetention(retention: Retention): void;
}

const nothing: Batch = {
  samples: [],
  events: [],
  states: [],
  alerts: [],
  spells: [],
  windows: [],
  silences: [],
  incidents: [],
  papers: [],
  documents: [],
};

/** One step of `maintain` reads about this many samples, or prunes this many series (of spells: this many checks), or moves this many pages. */
const budget = { samples: 2_000, series: 20, checks: 200, pages: 250 };

/**
 * Opens the store of a data folder for this process alone.
 * @param options.now wall clock, epoch ms
 * @returns the store, and the damaged file that was set aside for it (say it aloud)
 */
export function openStore(options: {
  folder: string;
  now: () => number;
  retention: Retention;
}): Result<{ store: Store; setAside: SetAside | null }, StoreFailure> {
  const opened = openDatabase({ folder: options.folder, now: options.now() });
  if (!opened.ok) return opened;
  return ok({ store: storeOn(opened.value, options.now, options.retention), setAside: opened.value.setAside });
}

/** The store on an open database. */
export function storeOn({ db, file, close }: Pick<Opened, 'db' | 'file' | 'close'>, now: () => number, retention: Retention): Store {
  return { ...reader(db, file, close), ...writer(db, file, now, retention) };
}

/** Opens the store for reading alone, also beside a running engine. */
export function openStoreToRead(folder: string): Result<StoreReader, StoreFailure> {
  const opened = openReadOnly(folder);
  return opened.ok ? ok(reader(opened.value.db, opened.value.file, opened.value.close)) : opened;
}

/** What can be read of an open database. */
export function reader(db: DatabaseSync, file: string, close: () => void): StoreReader {
  const rows = rowReader();
  const states = db.prepare('SELECT check_id, body FROM states');
  const current = db.prepare('SELECT body FROM alerts WHERE ended_at IS NULL OR ended_at >= ? ORDER BY first_at, id');
  const touching = db.prepare('SELECT body FROM alerts WHERE first_at <= ? AND (ended_at IS NULL OR ended_at >= ?) ORDER BY first_at, id');
  const byIds = db.prepare('SELECT body FROM alerts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY first_at, id');
  const lastEnd = db.prepare('SELECT max(ended_at) AS at FROM alerts');
  const document = db.prepare('SELECT body FROM documents WHERE key = ?');
  const documentKeys = db.prepare('SELECT key FROM documents WHERE substr(key, 1, ?) = ?');
  const alertsIn = (found: Row[]) => found.flatMap((row) => rows.alert(row) ?? []);
  return {
    file,
    ...eventReader(db, rows),
    ...sampleReader(db),
    ...spellReader(db, rows),
    ...plannedReader(db, rows),
    ...incidentReader(db, rows),
    coverage: coverageReader(db),
    loadStates: () =>
      new Map(
        states.all().flatMap((row) => {
          const state = rows.state(row as Row);
          return state ? [[String(row.check_id), state]] : [];
        }),
      ),
    loadAlerts: (endedSince) => alertsIn(current.all(endedSince) as Row[]),
    alerts: (from, to) => alertsIn(touching.all(to, from) as Row[]),
    alertsById: (ids) => (ids.length === 0 ? [] : alertsIn(byIds.all(JSON.stringify(ids)) as Row[])),
    lastAlertEndedAt: () => (lastEnd.get()?.at as number | null | undefined) ?? null,
    documentKeys: (prefix) => documentKeys.all(prefix.length, prefix).map((row) => String(row.key)),
    document: (key) => (document.get(key)?.body as string | undefined) ?? null,
    skipped: rows.skipped,
    close,
  };
}

function writer(db: DatabaseSync, file: string, now: () => number, retention: Retention): Omit<Store, keyof StoreReader> {
  const samples = sampleWriter(db);
  const addEvent = db.prepare(
    'INSERT OR IGNORE INTO events (id, at, kind, subject_kind, subject, actor, payload) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const putState = db.prepare('INSERT INTO states (check_id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body');
  const putAlert = db.prepare(`INSERT INTO alerts (id, first_at, ended_at, body) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET first_at = excluded.first_at, ended_at = excluded.ended_at, body = excluded.body`);
  const putDocument = db.prepare('INSERT INTO documents (key, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body');
  const dropDocument = db.prepare('DELETE FROM documents WHERE key = ?');
  const spells = spellWriter(db);
  const planned = plannedWriter(db);
  const taken = incidentWriter(db);
  const rolling = rollUp(db);
  const pruning = pruner(db);
  const pruneSpells = spellPruner(db);
  let kept = retention;

  /** Runs something in one transaction. */
  function write<T>(work: () => T): Result<T, WriteFailure> {
    try {
      db.exec('BEGIN IMMEDIATE');
      const value = work();
      db.exec('COMMIT');
      samples.committed();
      return ok(value);
    } catch (error) {
      samples.rolledBack();
      rollBack(db);
      if (isDamage(error)) suspect(file);
      return fail(writeFailure(error));
    }
  }

  return {
    commit: (parts) =>
      write(() => {
        const batch: Batch = { ...nothing, ...parts };
        samples.write(batch.samples);
        for (const { id, at, kind, subject, actor, payload } of batch.events) {
          addEvent.run(id, at, kind, subject?.kind ?? null, subject?.id ?? null, actor, JSON.stringify(payload));
        }
        for (const [check, state] of batch.states) putState.run(check, JSON.stringify(state));
        for (const alert of batch.alerts) putAlert.run(alert.id, alert.firstAt, alert.endedAt, JSON.stringify(alert));
        spells(batch.spells);
        planned.windows(batch.windows);
        planned.silences(batch.silences);
        taken.incidents(batch.incidents);
        taken.papers(batch.papers);
        for (const [key, text] of batch.documents) text === null ? dropDocument.run(key) : putDocument.run(key, text);
        return null;
      }),
    setRetention(next) {
      kept = next;
    },
    maintain() {
      const done = write(() => {
        const settled = rolling.step(now(), budget.samples);
        return {
          settled,
          busy: settled.length > 0 || pruning.step(now(), kept, budget.series) || pruneSpells(now(), kept.hoursMs, budget.checks),
        };
      });
      if (!done.ok) return done;
      for (const { series, hour } of done.value.settled) samples.settled(series, hour);
      if (done.value.busy) return ok({ more: true });
      try {
        return ok({ more: shrink(db, budget.pages) });
      } catch (error) {
        return fail(writeFailure(error));
      }
    },
  };
}

/** SQLite has rolled back by itself after some failures. */
function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
  } catch {
    // The next BEGIN fails then, and says so.
  }
}

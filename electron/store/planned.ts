/** What people said beforehand (planned work, silences) and what the timeline holds beside results: gaps and changes. */
import type { DatabaseSync } from 'node:sqlite';
import type { Change, MaintenanceWindow, Silence } from '../../shared/model/maintenance.ts';
import type { Row, RowReader } from './rows.ts';

export interface PlannedReader {
  /** Windows of the desk's own and what people did to those of the inventory, by id; without those that were over before a moment (epoch ms). */
  windows(overSince?: number): MaintenanceWindow[];
  /** Silences in force, and those that ended at or after a moment; oldest first. */
  silences(endedSince: number): Silence[];
  /** Stretches in which nothing was watched that touch a stretch of time, oldest first. A clock that was set back makes none. */
  gaps(from: number, to: number): { from: number; to: number }[];
  /** What was changed between two moments, both included, newest first; `subjects` null = everything. */
  changes(from: number, to: number, subjects: readonly string[] | null): Change[];
}

/**
 * After this moment a window has no effect for sure, epoch ms (see maintenance/calendar.ts); null where that cannot be said.
 * What was done to a window of the inventory stays in force as long as the inventory names it.
 */
function endsBy(window: MaintenanceWindow): number | null {
  const { kind, source, to, durationMs, startedAt, endedAt, cancelledAt, ends = [] } = window;
  if (source === 'inventory') return null;
  // A single time of a series that was finished does not end the series.
  if (kind === 'recurring') return cancelledAt ?? (to === null ? null : Math.max(to + (durationMs ?? 0), ...ends.map((it) => it.to)));
  if (endedAt !== null || cancelledAt !== null) return Math.max(endedAt ?? 0, cancelledAt ?? 0);
  if (kind !== 'flexible' || to === null) return to;
  // It may begin as late as `to`.
  return Math.max(to, (startedAt ?? to) + (durationMs ?? 0));
}

/** @returns puts windows and silences in place by id; must run within a transaction */
export function plannedWriter(db: DatabaseSync): {
  windows(all: readonly MaintenanceWindow[]): void;
  silences(all: readonly Silence[]): void;
} {
  const putWindow = db.prepare(`INSERT INTO windows (id, ends_by, body) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET ends_by = excluded.ends_by, body = excluded.body`);
  const putSilence = db.prepare(`INSERT INTO silences (id, ends_at, body) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET ends_at = excluded.ends_at, body = excluded.body`);
  return {
    windows(all) {
      for (const window of all) putWindow.run(window.id, endsBy(window), JSON.stringify(window));
    },
    silences(all) {
      for (const silence of all) putSilence.run(silence.id, silence.endedAt ?? silence.until, JSON.stringify(silence));
    },
  };
}

export function plannedReader(db: DatabaseSync, rows: RowReader): PlannedReader {
  const windows = db.prepare('SELECT body FROM windows WHERE ends_by IS NULL OR ends_by >= ? ORDER BY id');
  const silences = db.prepare('SELECT body FROM silences WHERE ends_at >= ? ORDER BY id');
  // Text that is no JSON is read all the same, so that it is counted.
  const gaps = db.prepare(`SELECT * FROM events WHERE kind = 'gap'
    AND CASE WHEN json_valid(payload) THEN payload ->> 'from' < ?2 AND payload ->> 'to' > ?1 ELSE 1 END ORDER BY rowid`);
  const changes = db.prepare(`SELECT * FROM events WHERE kind = 'change' AND at BETWEEN ?1 AND ?2
    AND (?3 IS NULL OR subject IN (SELECT value FROM json_each(?3))) ORDER BY at DESC, id DESC`);
  return {
    windows: (overSince = 0) => windows.all(overSince).flatMap((row) => rows.window(row as Row) ?? []),
    silences: (endedSince) => silences.all(endedSince).flatMap((row) => rows.silence(row as Row) ?? []),
    gaps(from, to) {
      let known: { from: number; to: number }[] = [];
      for (const row of gaps.all(from, to)) {
        const event = rows.event(row as Row);
        if (event?.kind !== 'gap') continue;
        const { cause, ...gap } = event.payload;
        // A clock that was set back: that time came again, and was watched. What was a gap the first time is none.
        if (cause === 'clock-jump') known = known.map((it) => ({ ...it, to: Math.min(it.to, gap.from) })).filter((it) => it.from < it.to);
        else known.push(gap);
      }
      return known.sort((a, b) => a.from - b.from);
    },
    changes: (from, to, subjects) =>
      changes.all(from, to, subjects && JSON.stringify(subjects)).flatMap((row) => {
        const event = rows.event(row as Row);
        return event?.kind === 'change'
          ? [{ id: event.id, at: event.at, subject: event.subject?.id ?? null, text: event.payload.text, by: event.actor }]
          : [];
      }),
  };
}

/** Reads the timeline. */
import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import type { EngineContract } from '../../shared/contract.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { lightKinds } from './migrations/0002-light-events.ts';
import { toldList } from './migrations/0006-told-events.ts';
import type { Row, RowReader } from './rows.ts';

/** The filter of the `events` request: before an event id, kinds, subject ids, words, a stretch of time (both ends included). */
export type EventQuery = z.output<EngineContract['requests']['events']['input']>;

/** Makes a LIKE pattern of words that a person typed. The escape character is a backslash. */
const pattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export interface EventReader {
  /** Newest first, by time of writing. */
  events(query: EventQuery): NightEvent[];
  /** The newest, oldest first. */
  recentEvents(limit: number): NightEvent[];
  /** Those of the ids that exist, oldest first. */
  eventsOf(ids: readonly string[]): NightEvent[];
  /** What people did and wrote, incidents and planned work, between two moments (both included), by time; the newest `limit`. */
  toldEvents(from: number, to: number, limit: number): NightEvent[];
  /** Of those the ones before a moment that name this id, by time; the newest `limit`. Walks all that people ever wrote, and nothing else. */
  toldBefore(before: number, id: string, limit: number): NightEvent[];
  /** How many lines of single results (retries, results that did not come) there are between two moments, both included. */
  countLight(from: number, to: number): number;
}

export function eventReader(db: DatabaseSync, rows: RowReader): EventReader {
  const told = db.prepare(`SELECT * FROM events WHERE kind IN ${toldList} AND at BETWEEN ? AND ? ORDER BY at DESC, id DESC LIMIT ?`);
  const toldOf = db.prepare(
    `SELECT * FROM events WHERE kind IN ${toldList} AND at < ? AND instr(payload, ?) > 0 ORDER BY at DESC, id DESC LIMIT ?`,
  );
  const light = db.prepare(`SELECT count(*) AS n FROM events WHERE kind IN ${lightKinds} AND at BETWEEN ? AND ?`);
  const byIds = db.prepare('SELECT * FROM events WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id');

  function events(query: EventQuery): NightEvent[] {
    const where: string[] = [];
    const values: (string | number)[] = [];
    const only = (condition: string, ...bound: (string | number)[]) => {
      where.push(condition);
      values.push(...bound);
    };
    if (query.before !== null) only('id < ?', query.before);
    if (query.from !== null) only('at >= ?', query.from);
    if (query.to !== null) only('at <= ?', query.to);
    if (query.kinds) only('kind IN (SELECT value FROM json_each(?))', JSON.stringify(query.kinds));
    if (query.subjects) only('subject IN (SELECT value FROM json_each(?))', JSON.stringify(query.subjects));
    const text = query.text?.trim();
    if (text) {
      // Payload values, not their keys. The first LIKE, on the JSON as it stands, is the cheap one that rules out most rows.
      only(
        `(actor LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\' OR CASE WHEN payload LIKE ? ESCAPE '\\' AND json_valid(payload)
          THEN EXISTS (SELECT 1 FROM json_tree(payload) WHERE type = 'text' AND atom LIKE ? ESCAPE '\\') END)`,
        pattern(text),
        pattern(text),
        pattern(JSON.stringify(text).slice(1, -1)),
        pattern(text),
      );
    }
    const statement = db.prepare(`SELECT * FROM events ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY id DESC`);
    const found: NightEvent[] = [];
    // No LIMIT in SQL: a row that cannot be read must not make a page look like the last one.
    for (const row of statement.iterate(...values)) {
      const event = rows.event(row as Row);
      if (event) found.push(event);
      if (found.length >= query.limit) break;
    }
    return found;
  }

  return {
    events,
    recentEvents: (limit) => events({ before: null, limit, kinds: null, subjects: null, text: null, from: null, to: null }).reverse(),
    toldEvents: (from, to, limit) =>
      told
        .all(from, to, limit)
        .flatMap((row) => rows.event(row as Row) ?? [])
        .reverse(),
    toldBefore: (before, id, limit) =>
      toldOf
        .all(before, id, limit)
        .flatMap((row) => rows.event(row as Row) ?? [])
        .reverse(),
    countLight: (from, to) => Number(light.get(from, to)?.n ?? 0),
    eventsOf: (ids) => byIds.all(JSON.stringify(ids)).flatMap((row) => rows.event(row as Row) ?? []),
  };
}

/**
 * Keeps the live picture and tells windows what changed: everything that happens within 100 ms becomes one delta, so that a storm
 * costs no more messages than a quiet night.
 */
import { type Delta, emptyTables, type LiveTables, type Snapshot, type TableName, tableNames } from '../../shared/live.ts';
import type { Clock } from './clock.ts';

export interface Publisher {
  put<T extends TableName>(table: T, id: string, record: LiveTables[T][string]): void;
  drop(table: TableName, id: string): void;
  get<T extends TableName>(table: T, id: string): LiveTables[T][string] | undefined;
  /** Sends what has gathered at once: who waits for an answer should see it done when the answer comes. */
  flush(): void;
  /** The picture as it is; deltas sent before are contained in it. The tables are the publisher's own: do not change them. */
  snapshot(): Snapshot;
  readonly tables: LiveTables;
  /** @returns what ends the subscription */
  subscribe(listener: (delta: Delta) => void): () => void;
  stop(): void;
}

const squashMs = 100;

/**
 * @param clock by which the 100 ms are measured: in a drill that people see, theirs and not the drill's
 * @param epoch new with every start of the engine
 */
export function createPublisher(clock: Pick<Clock, 'after'>, epoch: string): Publisher {
  const tables = emptyTables();
  const listeners = new Set<(delta: Delta) => void>();
  let seq = 0;
  let cancel: (() => void) | null = null;
  /** What to send, by table; an id stands in at most one of the two. */
  const changed = Object.fromEntries(tableNames.map((name) => [name, { put: new Set<string>(), drop: new Set<string>() }])) as Record<
    TableName,
    { put: Set<string>; drop: Set<string> }
  >;

  const flush = (): void => {
    cancel?.();
    cancel = null;
    const delta: Delta = { epoch, seq: seq + 1, put: {}, drop: {} };
    let any = false;
    for (const name of tableNames) {
      const { put, drop } = changed[name];
      if (put.size > 0) {
        const table = tables[name] as Record<string, unknown>;
        const records: Record<string, unknown> = {};
        for (const id of put) records[id] = table[id];
        (delta.put as Record<string, unknown>)[name] = records;
        put.clear();
        any = true;
      }
      if (drop.size > 0) {
        delta.drop[name] = [...drop];
        drop.clear();
        any = true;
      }
    }
    if (!any) return;
    seq += 1;
    for (const listener of listeners) listener(delta);
  };
  const touch = (): void => {
    cancel ??= clock.after(squashMs, flush);
  };

  return {
    tables,
    put(table, id, record) {
      (tables[table] as Record<string, unknown>)[id] = record;
      changed[table].drop.delete(id);
      changed[table].put.add(id);
      touch();
    },
    drop(table, id) {
      if (!Object.hasOwn(tables[table], id)) return;
      delete tables[table][id];
      changed[table].put.delete(id);
      changed[table].drop.add(id);
      touch();
    },
    get: (table, id) => tables[table][id] as never,
    flush,
    snapshot() {
      flush();
      return { epoch, seq, tables };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      cancel?.();
      listeners.clear();
    },
  };
}

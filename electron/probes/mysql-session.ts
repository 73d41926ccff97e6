/** One connection of mysql2, fenced in: what it reads is bounded, what it throws over broken packets ends the check and nothing else. */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Connection, QueryError } from 'mysql2';
import type { Failure } from '../../shared/model/words.ts';
import type { Result } from '../../shared/result.ts';

export interface MysqlSession {
  connection: Connection;
  /** Set once more came than is read, or what came could not be read. */
  broken(): Failure | null;
}

export interface MysqlSettings {
  user: string;
  password: string;
  database: string | undefined;
  /** Encrypts the socket; null = stay plain. */
  encrypt: (() => Promise<Result<TLSSocket, Failure>>) | null;
  most: number;
}

/** Parts of mysql2's connection that its types leave out. */
interface Inside {
  stream: Socket;
  packetParser: { execute(data: Buffer): void };
  startTLS(onSecure: (error?: Error) => void): void;
}

/** Loaded at the first use: a desk without such checks pays nothing for it. */
export async function openMysql(socket: Socket, settings: MysqlSettings): Promise<MysqlSession> {
  const { createConnection } = await import('mysql2');
  let broken: Failure | null = null;
  let seen = 0;
  const connection = createConnection({
    stream: socket,
    user: settings.user,
    password: settings.password,
    ...(settings.database === undefined ? {} : { database: settings.database }),
    ...(settings.encrypt ? { ssl: {} } : {}),
    connectTimeout: 0,
    // No code is made of column names, and no server may ask for a file of this computer.
    disableEval: true,
    flags: ['-LOCAL_FILES'],
    rowsAsArray: true,
    typeCast: (field) => field.string(),
    connectAttributes: { program_name: 'nightdesk' },
    // None is made; mysql2 sets aside room for 16,000 of them on every connection.
    maxPreparedStatements: 1,
  });
  const inside = connection as unknown as Inside & EventEmitter;
  const stop = (failure: Failure): void => {
    broken ??= failure;
    inside.stream.destroy();
  };
  // In its place and not around its method: the parser puts another method there while it waits for the rest of a packet.
  const parser = inside.packetParser;
  inside.packetParser = {
    execute(data) {
      if (broken) return;
      seen += data.length;
      if (seen > settings.most) return stop({ code: 'too-large', detail: 'the server sends more than this check reads' });
      try {
        parser.execute(data);
      } catch {
        stop({ code: 'protocol', detail: 'the server sends packets that cannot be read' });
      }
    },
  };
  // Packets out of order: mysql2 would log each of them and go on.
  inside.on('warn', () => {
    throw new Error('packets out of order');
  });
  // Without a listener a late error would be thrown.
  inside.on('error', () => {});
  inside.startTLS = (onSecure) => {
    inside.stream.removeAllListeners('data');
    void settings.encrypt?.().then((secured) => {
      if (!secured.ok) {
        broken ??= secured.failure;
        return onSecure(new Error(secured.failure.code));
      }
      inside.stream = secured.value;
      secured.value.on('data', (data: Buffer) => inside.packetParser.execute(data));
      secured.value.on('close', () => socket.destroy());
      onSecure();
    });
  };
  socket.resume();
  return { connection, broken: () => broken };
}

/** Resolves once logged in. */
export const loggedIn = (connection: Connection): Promise<void> =>
  new Promise((resolve, reject) => {
    const inside = connection as unknown as EventEmitter;
    inside.once('connect', () => resolve());
    inside.once('error', reject);
    inside.once('end', () => reject(new Error('closed')));
  });

/** Asks and gathers all rows, each a list of texts by lower-case column. */
export const rowsOf = (connection: Connection, sql: string): Promise<Map<string, string | null>[]> =>
  new Promise((resolve, reject) => {
    connection.query({ sql, rowsAsArray: true }, (error, rows, fields) => {
      if (error) return reject(error);
      const names = (fields ?? []).map((field) => String((field as { name?: unknown })?.name ?? '').toLowerCase());
      const lists = Array.isArray(rows) ? (rows as unknown[]).filter((row) => Array.isArray(row)) : [];
      resolve(lists.map((row) => new Map(names.map((name, index) => [name, textOf((row as unknown[])[index])]))));
    });
  });

/** Asks and takes the first cell of the first row; does not wait for more than a second row. */
export const firstCell = (connection: Connection, sql: string): Promise<{ rows: number; cell: string | null }> =>
  new Promise((resolve, reject) => {
    let rows = 0;
    let cell: string | null = null;
    const query = connection.query({ sql, rowsAsArray: true });
    query
      .on('error', (error: QueryError) => reject(error))
      .on('result', (row: unknown) => {
        // A statement without rows (SET, DO) comes as a header, which is no list.
        if (!Array.isArray(row)) return;
        rows += 1;
        if (rows === 1) cell = textOf(row[0]);
        else resolve({ rows: 2, cell });
      })
      .on('end', () => resolve({ rows, cell }));
  });

const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

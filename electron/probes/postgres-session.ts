/** One connection of pg, fenced in: what it reads is bounded, what it throws over broken packets ends the check and nothing else. */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Client, CustomTypesConfig } from 'pg';
import type { Failure } from '../../shared/model/words.ts';

export interface PostgresSession {
  client: Client;
  /** Set once more came than is read, or what came could not be read. */
  broken(): Failure | null;
}

export interface PostgresSettings {
  user: string;
  password: string;
  database: string;
  /** Whether the socket is encrypted already. */
  encrypted: boolean;
  most: number;
  /** The first word of the server. */
  onGreeting(): void;
  onVersion(version: string): void;
}

/** Values stay the text that the server sent. */
const plainText = { getTypeParser: () => (value: unknown) => value } as unknown as CustomTypesConfig;

/** Loaded at the first use: a desk without such checks pays nothing for it. */
export async function openPostgres(socket: Socket, settings: PostgresSettings): Promise<PostgresSession> {
  const { default: pg } = await import('pg');
  let broken: Failure | null = null;
  let seen = 0;
  const stop = (failure: Failure): void => {
    broken ??= failure;
    socket.destroy();
  };
  const listen = socket.on.bind(socket);
  // pg hangs its own reader on the socket: each piece goes through here first.
  const fenced = Object.assign(socket, {
    on(event: string, listener: (...args: never[]) => void) {
      if (event !== 'data') return listen(event, listener as never);
      return listen('data', (data: Buffer) => {
        if (broken) return;
        if (seen === 0) settings.onGreeting();
        seen += data.length;
        if (seen > settings.most) return stop({ code: 'too-large', detail: 'the server sends more than this check reads' });
        try {
          listener(data as never);
        } catch {
          stop({ code: 'protocol', detail: 'the server sends packets that cannot be read' });
        }
      });
    },
    // The connection is there already; pg is only told so.
    connect() {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });
  const client = new pg.Client({
    user: settings.user,
    // As a function: an empty text would send pg looking into PGPASSWORD and ~/.pgpass.
    password: () => settings.password,
    database: settings.database,
    host: 'connected-already',
    port: 1,
    stream: () => fenced,
    ssl: false,
    application_name: 'nightdesk',
    types: plainText,
  });
  // Without a listener a late error would be thrown.
  client.on('error', () => {});
  const { connection } = client as unknown as { connection: EventEmitter };
  connection.prependListener('authenticationCleartextPassword', () => {
    if (!settings.encrypted && settings.password !== '')
      stop({
        code: 'protocol',
        detail: 'the server wants the password in the clear over a connection that is not encrypted; it was not sent',
      });
  });
  connection.on('parameterStatus', (it: { parameterName?: unknown; parameterValue?: unknown }) => {
    if (it.parameterName === 'server_version' && typeof it.parameterValue === 'string') settings.onVersion(it.parameterValue);
  });
  return { client, broken: () => broken };
}

export const connected = (session: PostgresSession): Promise<void> =>
  new Promise((resolve, reject) => session.client.connect((error?: Error | null) => (error ? reject(error) : resolve())));

/** Asks and gathers all rows; values are texts. */
export const rowsOf = (client: Client, sql: string): Promise<Record<string, string | null>[]> =>
  new Promise((resolve, reject) =>
    client.query(sql, (error, result) => (error ? reject(error) : resolve((result?.rows ?? []) as Record<string, string | null>[]))),
  );

/** Asks and takes the first cell of the first row; does not wait for more than a second row. */
export async function firstCell(client: Client, sql: string): Promise<{ rows: number; cell: string | null }> {
  const { default: pg } = await import('pg');
  return new Promise((resolve, reject) => {
    let rows = 0;
    let cell: string | null = null;
    const query = client.query(new pg.Query({ text: sql, rowMode: 'array' } as never));
    query.on('row', (row: unknown) => {
      rows += 1;
      const value = (row as unknown[])[0];
      if (rows === 1) cell = value === null || value === undefined ? null : String(value);
      else resolve({ rows: 2, cell });
    });
    query.on('error', reject);
    query.on('end', () => resolve({ rows, cell }));
  });
}

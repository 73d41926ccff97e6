/**
 * Listens for heartbeats: a job calls /push/<token> when it is done. Whoever calls learns nothing but whether the token is right, and
 * cannot hold the engine up: few connections, short time-outs, small bodies.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { type PushStatus, pushStatuses, readListen } from '../../shared/checks/push.ts';
import { clean } from '../../shared/text.ts';
import { SECOND } from '../../shared/time.ts';
import { isToken } from '../probes/push.ts';
import { failureOf } from '../probes/socket-failure.ts';
import type { Pushed } from '../probes/types.ts';
import type { Clock } from './clock.ts';

export interface PushListenerOptions {
  clock: Clock;
  secret: (name: string) => string | undefined;
  /** Small texts kept over restarts. */
  document: { get(key: string): string | null; put(key: string, text: string): void };
  /** A call came for the token that is the secret of this name. */
  onCall: (secretName: string) => void;
  /** Why nobody can call (null = they can). */
  onTrouble: (text: string | null) => void;
}

export interface PushListener {
  /**
   * @param listen "127.0.0.1:8790", or null for not at all; nothing happens while it stays the same
   * @param secretNames the secrets that are tokens
   */
  configure(listen: string | null, secretNames: Iterable<string>): void;
  /** What is known of a heartbeat; null while nobody listens. */
  pushed(secretName: string): Pushed | null;
  /** This computer slept, or its clock jumped: calls may have been missed. */
  missedTime(): void;
  stop(): void;
}

const mostBytes = 16_384;
const patienceMs = 5 * SECOND;
const mostConnections = 64;
const bindAgainMs = 10 * SECOND;
/** However often a token is called, its check is run at most this often. */
const tellEveryMs = SECOND;
const longestText = 300;

const keptSchema = z.object({
  since: z.number(),
  last: z.object({ at: z.number(), status: z.enum(pushStatuses), text: z.string() }).nullable(),
});
type Kept = z.infer<typeof keptSchema>;

export function createPushListener({ clock, secret, document, onCall, onTrouble }: PushListenerOptions): PushListener {
  let listen: string | null = null;
  let server: Server | null = null;
  let cancelBind = (): void => {};
  let names: string[] = [];
  /** Since when every call is heard; null while the port is not open. */
  let openSince: number | null = null;
  const kept = new Map<string, Kept>();
  const told = new Map<string, { at: number; cancel: () => void }>();
  /** Tokens are compared by what a key of this run makes of them, so that the time it takes says nothing of their letters. */
  const key = randomBytes(32);
  const digestOf = (token: string): Buffer => createHmac('sha256', key).update(token).digest();

  /** All tokens are looked at, whatever comes: the work does not tell a right one. */
  const nameOf = (token: string): string[] => {
    const given = digestOf(token);
    return names.filter((name) => {
      const wanted = secret(name);
      const same = timingSafeEqual(given, digestOf(wanted ?? ''));
      return wanted !== undefined && isToken(wanted) && same;
    });
  };

  const recall = (name: string): Kept => {
    const known = kept.get(name);
    if (known) return known;
    let read: Kept | null = null;
    try {
      read = keptSchema.parse(JSON.parse(document.get(documentKey(name)) ?? 'null'));
    } catch {
      // Never written, or by a version that said it otherwise: as if nothing had come so far.
    }
    const it = read ?? { since: clock.now(), last: null };
    if (!read) document.put(documentKey(name), JSON.stringify(it));
    kept.set(name, it);
    return it;
  };

  const tell = (name: string): void => {
    const before = told.get(name);
    const now = clock.monotonic();
    // One that waits already brings the newest.
    if (before && before.at > now) return;
    const waitMs = before ? Math.max(0, before.at + tellEveryMs - now) : 0;
    if (waitMs === 0) {
      told.set(name, { at: now, cancel: () => {} });
      onCall(name);
    } else told.set(name, { at: now + waitMs, cancel: clock.after(waitMs, () => onCall(name)) });
  };

  const take = (name: string, status: PushStatus, text: string): void => {
    const it: Kept = { ...recall(name), last: { at: clock.now(), status, text } };
    kept.set(name, it);
    document.put(documentKey(name), JSON.stringify(it));
    tell(name);
  };

  const answer = (response: ServerResponse, status: number, text: string): void => {
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    response.end(text);
  };

  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    if (body === null) return answer(response, 413, 'too long\n');
    const url = URL.parse(request.url ?? '', 'http://desk');
    const found = nameOf(/^\/push\/([^/]{1,200})$/.exec(url?.pathname ?? '')?.[1] ?? '');
    if (found.length === 0 || !url) return answer(response, 404, 'not found\n');
    if (request.method !== 'GET' && request.method !== 'POST' && request.method !== 'HEAD')
      return answer(response, 405, 'GET, POST or HEAD\n');
    const said = url.searchParams.get('status') ?? 'ok';
    const status = pushStatuses.find((it) => it === said);
    if (!status) return answer(response, 400, `status is one of ${pushStatuses.join(', ')}\n`);
    const text = clean(url.searchParams.get('message') ?? body.toString('utf8'), longestText);
    for (const name of found) take(name, status, text);
    answer(response, 200, 'ok\n');
  };

  const close = (): void => {
    cancelBind();
    cancelBind = () => {};
    openSince = null;
    server?.close();
    server?.closeAllConnections();
    server = null;
  };
  const open = (where: string): void => {
    const place = readListen(where);
    if (!place) {
      onTrouble(`Heartbeats cannot be heard: ${where} is no address and port.`);
      return;
    }
    const made = createServer(
      {
        requestTimeout: patienceMs,
        headersTimeout: patienceMs,
        connectionsCheckingInterval: SECOND,
        keepAliveTimeout: 1,
        maxHeaderSize: 8_192,
        noDelay: true,
      },
      (request, response) => {
        hear(request, response).catch(() => response.destroy());
      },
    );
    made.maxConnections = mostConnections;
    made.timeout = patienceMs;
    made.on('error', (error) => {
      if (server !== made) return;
      close();
      onTrouble(`Heartbeats cannot be heard: ${failureWords(error, where)}. It is tried again every ${bindAgainMs / SECOND} s.`);
      cancelBind = clock.after(bindAgainMs, () => open(where));
    });
    made.listen({ ...place, backlog: mostConnections }, () => {
      if (server !== made) return;
      openSince = clock.now();
      onTrouble(null);
    });
    server = made;
  };

  return {
    configure(wanted, secretNames) {
      names = [...new Set(secretNames)];
      for (const name of [...kept.keys()]) {
        if (names.includes(name)) continue;
        // Should it come back, waiting begins anew.
        kept.delete(name);
        document.put(documentKey(name), 'null');
      }
      // Waiting begins with the check, not with the first look at it.
      for (const name of names) recall(name);
      if (wanted === listen) return;
      listen = wanted;
      close();
      onTrouble(null);
      if (wanted !== null) open(wanted);
    },
    pushed(name) {
      if (openSince === null) return null;
      const it = recall(name);
      const now = clock.now();
      // The clock was set back: a call from the future would stay fresh for too long.
      if (it.last) it.last.at = Math.min(it.last.at, now);
      it.since = Math.min(it.since, now);
      openSince = Math.min(openSince, now);
      return { since: Math.max(openSince, it.since), last: it.last };
    },
    missedTime() {
      if (openSince !== null) openSince = clock.now();
    },
    stop() {
      listen = null;
      close();
      for (const it of told.values()) it.cancel();
    },
  };
}

const documentKey = (name: string): string => `push:${name}`;

function failureWords(error: Error, where: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `another program has ${where}`;
  if (code === 'EADDRNOTAVAIL') return `this computer has no address for ${where}`;
  return failureOf(error, where).code === 'permission' ? `this computer does not allow listening on ${where}` : `${where} cannot be opened`;
}

/** @returns the body, or null where it is too long; what is beyond is not read */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return null;
  const pieces: Buffer[] = [];
  let length = 0;
  // Not destroyed at the end, so that whoever sent too much is told so.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > mostBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The first words on a connection, read with bounds, and its end. */
import type { Socket } from 'node:net';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { failureOf } from './socket-failure.ts';
import type { ProbeContext } from './types.ts';

/** What a reader makes of the bytes so far: a message and its length, how many bytes it needs at least, or that it can be no such message. */
export type Reading<T> = { value: T; used: number } | { need: number } | 'garbage';
export type Reader<T> = (bytes: Buffer) => Reading<T>;

export interface Whom {
  host: string;
  port: number;
  /** What is awaited, for sentences: "a MySQL greeting". */
  what: string;
}

/**
 * Waits for one message. What came after it goes back into the socket, which is left paused.
 * @param most bytes that are read at most
 * @returns the message; or failure `timeout` (the signal came), `closed`, `protocol` (no such message), `too-large`, or the socket's own
 */
export function hear<T>(socket: Socket, read: Reader<T>, most: number, whom: Whom, signal: AbortSignal): Promise<Result<T, Failure>> {
  const where = hostAndPort(whom.host, whom.port);
  return new Promise((resolve) => {
    let parts: Buffer[] = [];
    let size = 0;
    let need = 1;
    const settle = (result: Result<T, Failure>): void => {
      signal.removeEventListener('abort', late);
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      socket.pause();
      // An error after this one must not be thrown for want of a listener.
      if (!result.ok) socket.on('error', () => {}).destroy();
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      parts.push(chunk);
      size += chunk.length;
      if (size < need && size <= most) return;
      const bytes = parts.length === 1 ? chunk : Buffer.concat(parts);
      parts = [bytes];
      const found = size >= need ? read(bytes) : { need };
      if (found === 'garbage') settle(fail({ code: 'protocol', detail: `${where} sends something that is not ${whom.what}` }));
      else if ('used' in found) {
        settle(ok(found.value));
        if (found.used < bytes.length) socket.unshift(bytes.subarray(found.used));
      } else if (size >= most || found.need > most)
        settle(fail({ code: 'too-large', detail: `${where} sends more than ${whom.what} can be` }));
      else need = found.need;
    };
    const onError = (error: Error): void => settle(fail(failureOf(error, where)));
    const onEnd = (): void => settle(fail({ code: 'closed', detail: `${where} closed the connection before ${whom.what} was complete` }));
    const late = (): void => settle(fail({ code: 'timeout', detail: `${where} did not send ${whom.what} in time` }));
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    socket.resume();
  });
}

/** Resolves as the work does, but rejects with `late` at the signal, whatever the work does. */
export function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Late());
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

/** The time was over. */
export class Late extends Error {}

/** So long the other side has to take the last words. */
const farewellMs = 500;

/** Ends a connection in order, and in any case soon. */
export function farewell(socket: Socket): void {
  if (socket.destroyed) return;
  socket.on('error', () => {});
  const timer = setTimeout(() => socket.destroy(), farewellMs);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.end(() => socket.destroy());
}

/** Time since `begin` in ms, to the microsecond. */
export const since = (begin: number, context: Pick<ProbeContext, 'monotonic'>): number =>
  Math.round((context.monotonic() - begin) * 1_000) / 1_000;

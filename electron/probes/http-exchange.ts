/** One request and its answer over a connection that stands already. */
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Failure } from '../../shared/model/words.ts';
import { humanDuration } from '../../shared/time.ts';
import { type Body, type BodyLimits, readBody } from './http-body.ts';
import { failureOf } from './socket-failure.ts';
import type { ProbeContext } from './types.ts';

export interface Question {
  method: string;
  /** Path and query. */
  path: string;
  /** Name and value in turn, Host among them. */
  headers: string[];
  body?: string | undefined;
  /** Whom we ask, for sentences: "www.example.net:443". */
  where: string;
}

export interface Answer extends Body {
  status?: number;
  statusText?: string;
  httpVersion?: string;
  headers?: IncomingMessage['headers'];
  /** From sending the request to the head of the answer. */
  firstByteMs?: number;
  failure?: Failure;
}

/**
 * Asks and reads the answer within the limits, then destroys the socket.
 * @param limitsFor decides by the head how much of the body is wanted
 * @returns what came; with `failure` where it did not come whole
 */
export function exchange(
  socket: Socket,
  question: Question,
  limitsFor: (head: IncomingMessage) => BodyLimits,
  ctx: ProbeContext,
): Promise<Answer> {
  const answer: Answer = { bytes: 0, cut: false, kept: Buffer.alloc(0) };
  const { signal, timeoutMs } = ctx;
  const { where } = question;
  return new Promise((resolve) => {
    const startedAt = ctx.monotonic();
    let settled = false;
    let stopReading: (() => void) | undefined;
    const settle = (failure?: Failure): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', late);
      if (failure) answer.failure = failure;
      stopReading?.();
      socket.destroy();
      resolve(answer);
    };
    const late = (): void => settle({ code: 'timeout', detail: lateWords(answer, socket, where, timeoutMs) });
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });

    const outgoing = request({
      // No agent: the socket is ours and is used once.
      createConnection: () => socket,
      method: question.method,
      path: question.path,
      headers: question.headers,
    });
    outgoing.on('response', (response) => {
      answer.firstByteMs = ctx.monotonic() - startedAt;
      answer.status = response.statusCode ?? 0;
      answer.statusText = response.statusMessage ?? '';
      answer.httpVersion = response.httpVersion;
      answer.headers = response.headers;
      stopReading = readBody(response, limitsFor(response), where, answer, settle);
    });
    outgoing.on('error', (error) => settle(failureIn(error, where)));
    // A switch of protocols that nobody asked for ends up here too. After a head, the body says how it ended.
    outgoing.on(
      'close',
      () => answer.status === undefined && settle({ code: 'closed', detail: `${where} closed the connection without an answer` }),
    );
    outgoing.end(question.body);
  });
}

function lateWords(answer: Answer, socket: Socket, where: string, timeoutMs: number): string {
  const after = `after ${humanDuration(timeoutMs)}`;
  if (answer.status !== undefined)
    return `${where} began to answer (${answer.status}), but the answer did not end within ${humanDuration(timeoutMs)}`;
  return socket.bytesRead > 0 && !('encrypted' in socket)
    ? `connected to ${where}, no complete answer ${after}`
    : `connected to ${where}, no first byte ${after}`;
}

function failureIn(error: Error, where: string): Failure {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'HPE_HEADER_OVERFLOW') return { code: 'too-large', detail: `${where} sent headers larger than 16 KiB` };
  if (code?.startsWith('HPE_')) return { code: 'protocol', detail: `${where} answers, but not with HTTP (${code})` };
  // Node calls a hang-up a reset; a real one names the system call.
  if (code === 'ECONNRESET' && syscall === undefined) return { code: 'closed', detail: `${where} closed the connection without an answer` };
  return failureOf(error, where);
}

/** One SMTP connection: lines out, answers in, and nothing taken for an answer that was not asked for. */
import type { Socket } from 'node:net';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { createReplyReader, type SmtpReply } from './smtp-reply.ts';
import { failureOf } from './socket-failure.ts';

/** Why there is no answer, or no good one: `reply` is what the server said, `began` that it stopped in the middle. */
export type SmtpFailure = Failure & { reply?: SmtpReply; began?: boolean };

export interface SmtpWire {
  /**
   * Sends a line (null = nothing: the greeting is awaited) and waits for its answer.
   * @returns the answer; failure `timeout`, `closed`, `reset`, `too-large`, `protocol` (no answer of SMTP, or answers that were not asked for)
   */
  ask(line: string | null): Promise<Result<SmtpReply, SmtpFailure>>;
  /** Whether bytes are there that nobody asked for. */
  unasked(): boolean;
  /** Lets go of the socket, which is left paused. */
  release(): void;
}

/** @param where whom we talk to, for sentences */
export function openWire(socket: Socket, where: string, signal: AbortSignal): SmtpWire {
  const reader = createReplyReader();
  const early: SmtpReply[] = [];
  let waiting: ((result: Result<SmtpReply, SmtpFailure>) => void) | null = null;
  let broken: SmtpFailure | null = null;

  const settle = (result: Result<SmtpReply, SmtpFailure>): void => {
    const resolve = waiting;
    waiting = null;
    resolve?.(result);
  };
  const breakOff = (failure: SmtpFailure): void => {
    if (broken) return;
    broken = failure;
    release();
    // An error after this one must not be thrown for want of a listener.
    socket.on('error', () => {}).destroy();
    settle(fail(failure));
  };
  const onData = (chunk: Buffer): void => {
    const replies = reader.push(chunk);
    if (replies === 'garbage') breakOff({ code: 'protocol', detail: `${where} answers with something that is not SMTP` });
    else if (replies === 'too-large') breakOff({ code: 'too-large', detail: `${where} sends an answer without end` });
    else take(replies);
  };
  const take = (replies: SmtpReply[]): void => {
    for (const reply of replies) {
      if (waiting) settle(ok(reply));
      else if (early.length < 2) early.push(reply);
    }
  };
  const onError = (error: Error): void => breakOff(failureOf(error, where));
  const onEnd = (): void =>
    breakOff({ code: 'closed', detail: `${where} closed the connection`, ...(reader.began() ? { began: true } : {}) });
  const late = (): void =>
    breakOff(
      reader.began()
        ? { code: 'timeout', detail: `${where} stopped in the middle of an answer`, began: true }
        : { code: 'timeout', detail: `${where} did not answer in time` },
    );
  const release = (): void => {
    signal.removeEventListener('abort', late);
    socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    socket.pause();
  };

  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  if (signal.aborted) late();
  else signal.addEventListener('abort', late, { once: true });
  socket.resume();
  const unasked = (): boolean => early.length > 0 || reader.began();

  return {
    unasked,
    release,
    ask(line) {
      if (early.length > 0 || (line !== null && reader.began())) {
        const first = early.shift();
        // The greeting may be there already, and a server that shuts down says 421 whenever it likes (RFC 5321 3.8).
        if (first && (line === null || first.code === 421)) return Promise.resolve(ok(first));
        breakOff({ code: 'protocol', detail: `${where} answers what it was not asked` });
      }
      if (broken) return Promise.resolve(fail(broken));
      return new Promise((resolve) => {
        waiting = resolve;
        if (line !== null) socket.write(`${line}\r\n`);
      });
    },
  };
}

/** Reads the body of an answer: unpacked, counted, and kept only as far as somebody wants to look at it. */
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, type Zlib } from 'node:zlib';
import type { Failure } from '../../shared/model/words.ts';
import { failureOf } from './socket-failure.ts';

export interface BodyLimits {
  /** So many bytes (after unpacking) are read; then the rest is cut off. */
  readBytes: number;
  /** So many of them are kept in memory. */
  keepBytes: number;
  /** Hears all of them as they come, unpacked. */
  hear?: (piece: Buffer) => void;
}
export interface Body {
  /** Bytes read, after unpacking. */
  bytes: number;
  /** There was more than was read. */
  cut: boolean;
  kept: Buffer;
}

type Unpacker = Transform & Zlib;
const unpackers: Record<string, () => Unpacker> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads until the end or the limit, whichever comes first. The limit counts unpacked bytes, so that a packed bomb stops there too.
 * @param body filled in on the way
 * @param done called once, unless it was stopped before; with a failure the body is what came before it
 * @returns stops reading; the body is then what came so far
 */
export function readBody(
  response: IncomingMessage,
  limits: BodyLimits,
  where: string,
  body: Body,
  done: (failure?: Failure) => void,
): () => void {
  const chunks: Buffer[] = [];
  let keptBytes = 0;
  let settled = false;
  const stop = (): void => {
    if (settled) return;
    settled = true;
    body.kept = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    unpacker?.destroy();
  };
  const settle = (failure?: Failure): void => {
    if (settled) return;
    stop();
    done(failure);
  };
  const take = (chunk: Buffer): void => {
    if (settled) return;
    const room = limits.readBytes - body.bytes;
    const piece = chunk.length > room ? chunk.subarray(0, room) : chunk;
    body.bytes += piece.length;
    limits.hear?.(piece);
    if (keptBytes < limits.keepBytes && piece.length > 0) {
      const rest = limits.keepBytes - keptBytes;
      // A copy where only a part is wanted, so that the large chunk behind it can go.
      chunks.push(piece.length > rest ? Buffer.from(piece.subarray(0, rest)) : piece);
      keptBytes += Math.min(piece.length, rest);
    }
    if (chunk.length > room) {
      body.cut = true;
      settle();
    }
  };
  const broken = (error: Error): void => settle(brokenFailure(error, where));
  const encoding = response.headers['content-encoding'];
  const unpacker = encoding === undefined ? undefined : unpackers[encoding.trim().toLowerCase()]?.();
  response.on('error', broken);
  if (!unpacker) {
    response.on('data', take).on('end', () => settle());
    return stop;
  }
  unpacker.on('data', take).on('end', () => settle());
  unpacker.on('error', () => settle({ code: 'protocol', detail: `${where} sent an answer that cannot be unpacked` }));
  response.pipe(unpacker);
  return stop;
}

function brokenFailure(error: Error, where: string): Failure {
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Node's word for an end before the announced length, as opposed to a reset that the system reports.
  if (code === 'ECONNRESET' && syscall === undefined)
    return { code: 'closed', detail: `${where} closed the connection in the middle of the answer` };
  return failureOf(error, where);
}

/** One connected UDP socket: the kernel drops what others send, and tells when nothing listens there. */
import { createSocket } from 'node:dgram';
import type { Failure } from '../../shared/model/words.ts';
import type { Address } from './addresses.ts';
import { failureOf } from './socket-failure.ts';

export interface Dialled {
  /** Sends a datagram; what goes wrong is told by `failure`. */
  send(datagram: Buffer): void;
  /** Nothing is told afterwards. */
  close(): void;
}

export interface Listener {
  /** The socket is there and may be used. */
  ready(): void;
  message(datagram: Buffer): void;
  /** At most once; the socket is closed then. */
  failure(failure: Failure): void;
}

/** @param where a literal address; the port is part of how a failure is worded */
export function dialUdp(where: Address & { port: number }, on: Listener): Dialled {
  const socket = createSocket(where.family === 6 ? 'udp6' : 'udp4');
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    socket.close();
  };
  const fail = (error: unknown): void => {
    if (!open) return;
    close();
    on.failure(failureOf(error, `${where.address} port ${where.port}`));
  };
  socket.on('error', fail);
  socket.on('message', (datagram) => open && on.message(datagram));
  socket.connect(where.port, where.address, (error?: Error) => {
    if (error) fail(error);
    else if (open) on.ready();
  });
  return {
    send: (datagram) => open && socket.send(datagram, (error) => error && fail(error)),
    close,
  };
}

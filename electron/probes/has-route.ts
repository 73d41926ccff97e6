/** Whether this computer knows a way to an address at all: fping does not tell that apart from silence. */
import { createSocket } from 'node:dgram';
import type { Address } from './addresses.ts';
import { failureOf } from './socket-failure.ts';

/** Connecting a datagram socket looks the route up and sends nothing. */
export function hasRoute({ address, family }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    const settle = (error?: Error): void => {
      socket.close();
      resolve(!error || failureOf(error, address).code !== 'unreachable');
    };
    socket.once('error', () => {});
    // The port does not matter; 9 is "discard".
    socket.connect(9, address, settle);
  });
}

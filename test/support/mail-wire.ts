/** A line to a port of a mail server on which a test can meddle: what the server says comes whole, without its STARTTLS, or not to its end. */
import { connect, createServer, type Socket } from 'node:net';

/** `strip`: STARTTLS and STLS are written over, as some firewalls do. `stall`: after the greeting, the next reply stops in its middle. */
type Meddling = 'none' | 'strip' | 'stall';

export interface MailWire {
  port: number;
  /** Holds for connections from now on. */
  meddle(how: Meddling): void;
  stop(): Promise<void>;
}

/** So much of a reply still comes. */
const partOfReply = 12;

export async function startMailWire(to: number, host = '127.0.0.1'): Promise<MailWire> {
  let how: Meddling = 'none';
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onwards = connect(to, host);
    for (const [one, other] of [
      [socket, onwards],
      [onwards, socket],
    ] as const) {
      open.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
    }
    socket.pipe(onwards);
    const mode = how;
    let replies = 0;
    onwards.on('data', (part) => {
      replies += 1;
      if (mode === 'strip')
        socket.write(
          part.toString('latin1').replace(/STARTTLS|STLS/g, (word) => 'X'.repeat(word.length)),
          'latin1',
        );
      else if (mode === 'none' || replies === 1) socket.write(part);
      else if (replies === 2) socket.write(part.subarray(0, partOfReply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as { port: number }).port,
    meddle(next) {
      how = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

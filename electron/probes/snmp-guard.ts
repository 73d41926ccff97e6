/**
 * Stands between a UDP socket and the SNMP library, which was not made for hostile agents: it would end the process on some datagrams, take
 * an answer without signature for a signed one, and go on asking for as long as it is answered.
 */
import { EventEmitter } from 'node:events';
import type { Failure } from '../../shared/model/words.ts';
import type { Address } from './addresses.ts';
import { dialUdp } from './udp-dial.ts';

/** How a session is secured: what an answer must have. */
export interface Wanted {
  /** 1 = version 2c, 3 = version 3, as they stand in messages. */
  version: 1 | 3;
  auth: boolean;
  priv: boolean;
}

export interface GuardedSocket {
  /** What the library takes for node:dgram. */
  dgram: { createSocket(): EventEmitter };
  close(): void;
}

/** More datagrams than a full walk needs, in either direction. */
const mostSent = 1_000;
const mostHeard = 2_000;
const REPORT = 0xa8;
const SEQUENCE = 0x30;

/** @returns the socket once it may be used; `onFailure` is called at most once, `onGarbage` for what is no answer */
export function guardedSocket(
  where: Address & { port: number },
  wanted: Wanted,
  on: { ready(socket: GuardedSocket): void; failure(failure: Failure): void; garbage(): void },
): { close(): void } {
  const face = new EventEmitter();
  const what = `${where.address} port ${where.port}`;
  let [sent, heard] = [0, 0];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    dialled.close();
    // The library ends what it waits for.
    face.emit('close');
  };
  const end = (failure: Failure): void => {
    if (!open) return;
    close();
    on.failure(failure);
  };
  Object.assign(face, {
    ref: () => {},
    unref: () => {},
    send(datagram: Buffer, _from: number, _length: number, _port: number, _address: string, done: (error: null, bytes: number) => void) {
      if (!open) return;
      sent += 1;
      if (sent > mostSent) return end({ code: 'too-large', detail: `${what} wanted to be asked more than ${mostSent} times` });
      dialled.send(datagram);
      done(null, datagram.length);
    },
    close,
  });
  const socket: GuardedSocket = { dgram: { createSocket: () => face }, close };
  const dialled = dialUdp(where, {
    ready: () => on.ready(socket),
    failure: end,
    message(datagram) {
      heard += 1;
      if (heard > mostHeard) return end({ code: 'too-large', detail: `${what} sent more than ${mostHeard} datagrams` });
      if (!isSecuredAs(datagram, wanted)) return on.garbage();
      try {
        face.emit('message', datagram);
      } catch {
        // The library stumbled over it, and has forgotten what it had asked.
        end({ code: 'protocol', detail: `${what} answered with something that is not SNMP` });
      }
    },
  });
  return { close };
}

/** Reads tag and length of the element at `at`. @returns null where it does not end within the message */
function element(message: Buffer, at: number): { tag: number; from: number; to: number } | null {
  const [tag, first] = [message[at], message[at + 1]];
  if (tag === undefined || first === undefined) return null;
  let from = at + 2;
  let length = first;
  if (first >= 0x80) {
    const bytes = first - 0x80;
    if (bytes < 1 || bytes > 4 || from + bytes > message.length) return null;
    length = message.readUIntBE(from, bytes);
    from += bytes;
  }
  return from + length > message.length ? null : { tag, from, to: from + length };
}

/**
 * Whether a message is of the version asked in and signed and encrypted as the question was. Only reports (of a wrong password, of the time to use)
 * may come bare, as the agent cannot sign them for whom it does not know (RFC 3414, section 3.2).
 */
export function isSecuredAs(message: Buffer, wanted: Wanted): boolean {
  const whole = element(message, 0);
  if (!whole || whole.tag !== SEQUENCE) return false;
  const version = element(message, whole.from);
  if (version?.tag !== 2 || version.to - version.from !== 1 || message[version.from] !== wanted.version) return false;
  if (wanted.version === 1) return true;
  const header = element(message, version.to);
  const id = header && element(message, header.from);
  const size = id && element(message, id.to);
  const flags = size && element(message, size.to);
  const security = header && element(message, header.to);
  const rest = security && element(message, security.to);
  if (!flags || !rest || flags.to - flags.from !== 1) return false;
  const bits = message[flags.from] as number;
  const [isSigned, isEncrypted] = [(bits & 1) !== 0, (bits & 2) !== 0];
  if (isSigned && !wanted.auth) return false;
  if (isEncrypted && !(wanted.priv && isSigned)) return false;
  if (isSigned === wanted.auth && isEncrypted === wanted.priv) return true;
  const engine = element(message, rest.from);
  const name = engine && element(message, engine.to);
  const pdu = name && element(message, name.to);
  return pdu?.tag === REPORT;
}

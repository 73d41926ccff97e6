/** One DNS question to one server, over UDP or TCP, safe against forged replies (RFC 5452). */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import packet from 'dns-packet';
import type { RecordType } from '../../shared/checks/dns-records.ts';
import type { Failure } from '../../shared/model/words.ts';
import { decodeReply, type Reply } from './dns-reply.ts';
import { failureOf } from './socket-failure.ts';

export interface Server {
  /** A literal IP address. */
  address: string;
  port: number;
}
export interface Question {
  name: string;
  type: RecordType | 'TLSA';
  /** Whether the server shall find the answer elsewhere; a name server that is asked for what is its own is asked without. Yes where left out. */
  recurse?: boolean;
  /** Asks for signatures too (DO bit). */
  signatures?: boolean;
  /** Asks a resolver for the answer even where its signatures are wrong (CD bit). */
  unchecked?: boolean;
}

/** What became of a question; `reply` and `failure` end it, `garbage` does not. */
export interface Outcome {
  reply(reply: Reply): void;
  /** Something came that is no answer to the question. */
  garbage(): void;
  /** The answer does not fit into a datagram: ask over TCP. */
  truncated(): void;
  failure(failure: Failure): void;
}
/** Ends an exchange; nothing is reported afterwards. */
export type Close = () => void;

/** Largest datagram that is not fragmented on the way (DNS flag day 2020). */
const udpPayloadSize = 1_232;
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;
/** So many datagrams that are no answer end an exchange: somebody floods, or guesses at ids. */
const mostGarbage = 1_000;
/** Error codes (format, server failure, not implemented, refused) of replies that may come without the question. */
const bareErrors = [1, 2, 4, 5];

function encode({ name, type, recurse = true, signatures = false, unchecked = false }: Question): Buffer {
  return packet.encode({
    type: 'query',
    id: randomInt(0x10000),
    // AD in a question asks to be told whether the data is authenticated (RFC 6840, section 5.7).
    flags: packet.AUTHENTIC_DATA | (recurse ? packet.RECURSION_DESIRED : 0) | (unchecked ? packet.CHECKING_DISABLED : 0),
    questions: [{ name, type, class: 'IN' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: signatures ? packet.DNSSEC_OK : 0,
        flag_do: signatures,
        options: [],
      },
    ],
  });
}

/** Where the question section of our query ends: its name ends in a zero byte, type and class follow. */
const questionEnd = (query: Buffer): number => query.indexOf(0, 12) + 5;
const questionOf = (message: Buffer, end: number): string => message.toString('latin1', 12, end).toLowerCase();

/** Whether a message is the reply to our query: its id, the response bit, and our question repeated. */
function answers(query: Buffer, message: Buffer): boolean {
  if (message.length < 12 || message.readUInt16BE(0) !== query.readUInt16BE(0)) return false;
  const flags = message.readUInt16BE(2);
  if ((flags & RESPONSE) === 0) return false;
  if (message.readUInt16BE(4) === 0) return bareErrors.includes(flags & 0xf);
  const end = questionEnd(query);
  return message.length >= end && questionOf(message, end) === questionOf(query, end);
}

/**
 * Asks over UDP, from a random port of its own and with a random id; only datagrams of that server and port are taken in.
 * A wrong reply is reported as garbage and waiting goes on, as the right one may still come.
 */
export function askUdp(question: Question, server: Server, outcome: Outcome): Close {
  const query = encode(question);
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  const where = `${server.address} port ${server.port}`;
  let open = true;
  let wrong = 0;
  const close = (): void => {
    if (!open) return;
    open = false;
    socket.close();
  };
  const fail = (error: unknown): void => {
    if (!open) return;
    close();
    outcome.failure(failureOf(error, where));
  };
  const garbage = (): void => {
    wrong += 1;
    if (wrong < mostGarbage) outcome.garbage();
    else {
      close();
      outcome.failure({ code: 'protocol', detail: `${where} sends masses of datagrams that are no answer` });
    }
  };
  socket.on('error', fail);
  socket.on('message', (message) => {
    if (!open) return;
    if (!answers(query, message)) return garbage();
    if ((message.readUInt16BE(2) & TRUNCATED) !== 0) {
      close();
      return outcome.truncated();
    }
    const reply = decodeReply(message);
    if (!reply) return garbage();
    close();
    outcome.reply(reply);
  });
  // Connected: the kernel drops what others send, and tells when nothing listens there.
  socket.connect(server.port, server.address, (error?: Error) => {
    if (error) return fail(error);
    if (open) socket.send(query, (problem) => problem && fail(problem));
  });
  return close;
}

/** Asks over TCP (RFC 7766): a message with two bytes of length before it. */
export function askTcp(question: Question, server: Server, outcome: Omit<Outcome, 'truncated'>): Close {
  const query = encode(question);
  const socket = connect({ host: server.address, port: server.port, autoSelectFamily: false });
  const where = `${server.address} port ${server.port} over TCP`;
  let open = true;
  // Pieces are joined once all are there: a server may send the answer byte by byte.
  let pieces: Buffer[] = [];
  let heard = 0;
  let wanted = 2;
  const close = (): void => {
    open = false;
    socket.destroy();
  };
  const end = (failure: Failure): void => {
    if (!open) return;
    close();
    outcome.failure(failure);
  };
  socket.on('error', (error) => end(failureOf(error, where)));
  socket.on('end', () => end({ code: 'closed', detail: `${where} closed the connection before the answer was there` }));
  socket.on('connect', () => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
  });
  socket.on('data', (chunk) => {
    if (!open) return;
    pieces.push(chunk);
    heard += chunk.length;
    if (heard < wanted) return;
    const all = Buffer.concat(pieces);
    wanted = 2 + all.readUInt16BE(0);
    if (heard < wanted) {
      pieces = [all];
      return;
    }
    const message = all.subarray(2, wanted);
    const reply = answers(query, message) ? decodeReply(message) : null;
    close();
    if (reply) outcome.reply(reply);
    else outcome.failure({ code: 'protocol', detail: `${where} answered with something that is not DNS` });
  });
  return close;
}

/** One DNS question to one server, over UDP or TCP, safe against forged replies (RFC 5452). */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import packet from 'dns-packet';
import type { RecordType } from '../../shared/checks/dns.ts';
import type { Failure } from '../../shared/model/words.ts';
import { failureOf } from './socket-failure.ts';

export interface Server {
  /** A literal IP address. */
  address: string;
  port: number;
}
export interface Question {
  name: string;
  type: RecordType;
}

/** The types of the library leave the response code out. */
export type Reply = packet.DecodedPacket & { rcode: string };

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
/** Error codes (format, server failure, not implemented, refused) of replies that may come without the question. */
const bareErrors = [1, 2, 4, 5];

function encode(question: Question): Buffer {
  return packet.encode({
    type: 'query',
    id: randomInt(0x10000),
    // AD in a question asks to be told whether the data is authenticated (RFC 6840, section 5.7).
    flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
    questions: [{ name: question.name, type: question.type, class: 'IN' }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }],
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

/** Where a name ends: after its zero byte, or after the pointer that stands for the rest of it. */
function nameEnd(message: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
}

const fixedLength: Record<number, number> = { 1: 4, 28: 16 };

/** Where the last record ends, going by the lengths that the message gives; throws on a message that is cut off or gives wrong ones. */
function recordsEnd(message: Buffer): number {
  let at = 12;
  for (let left = message.readUInt16BE(4); left > 0; left -= 1) at = nameEnd(message, at) + 4;
  for (let left = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10); left > 0; left -= 1) {
    at = nameEnd(message, at);
    const length = message.readUInt16BE(at + 8);
    if (length !== (fixedLength[message.readUInt16BE(at)] ?? length)) throw new RangeError('an address of a wrong length');
    at += 10 + length;
  }
  if (at > message.length) throw new RangeError('cut off');
  return at;
}

function decode(message: Buffer): Reply | null {
  try {
    const end = recordsEnd(message);
    const reply = packet.decode(message) as Reply;
    // The library does not look at the lengths: where it ends elsewhere, the two do not mean the same records.
    return packet.decode.bytes === end ? reply : null;
  } catch {
    // Reading past the end throws, here and in the library; that is what hostile packets are made of.
    return null;
  }
}

/**
 * Asks over UDP, from a random port of its own and with a random id; only datagrams of that server and port are taken in.
 * A wrong reply is reported as garbage and waiting goes on, as the right one may still come.
 */
export function askUdp(question: Question, server: Server, outcome: Outcome): Close {
  const query = encode(question);
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    socket.close();
  };
  const fail = (error: unknown): void => {
    if (!open) return;
    close();
    outcome.failure(failureOf(error, `${server.address} port ${server.port}`));
  };
  socket.on('error', fail);
  socket.on('message', (message) => {
    if (!open) return;
    if (!answers(query, message)) return outcome.garbage();
    if ((message.readUInt16BE(2) & TRUNCATED) !== 0) {
      close();
      return outcome.truncated();
    }
    const reply = decode(message);
    if (!reply) return outcome.garbage();
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
  let heard = Buffer.alloc(0);
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
    heard = Buffer.concat([heard, chunk]);
    const wanted = heard.length < 2 ? 2 : 2 + heard.readUInt16BE(0);
    if (heard.length < 2 || heard.length < wanted) return;
    const message = heard.subarray(2, wanted);
    const reply = answers(query, message) ? decode(message) : null;
    close();
    if (reply) outcome.reply(reply);
    else outcome.failure({ code: 'protocol', detail: `${where} answered with something that is not DNS` });
  });
  return close;
}

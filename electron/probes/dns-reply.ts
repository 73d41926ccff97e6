/** Takes a DNS message apart, whatever somebody has put into it: bounded in time, and never by throwing. */
import packet from 'dns-packet';
import { clean } from '../../shared/text.ts';

/** The types of the library leave the response code out. */
export type Reply = packet.DecodedPacket & { rcode: string };

/** A name has at most 127 labels, and compressing one makes a few pointers; a long chain is made to keep its reader busy. */
const mostPointers = 32;
/** RFC 1035, section 3.1. */
const mostBytes = 254;

/** Where a name ends: after its zero byte, or after the pointer that stands for the rest of it. Throws where it winds on and on. */
function nameEnd(message: Buffer, start: number): number {
  let end = 0;
  let pointers = 0;
  let bytes = 0;
  for (let at = start; ; ) {
    const length = message.readUInt8(at);
    if (length === 0) return end || at + 1;
    if (length < 0xc0) {
      bytes += 1 + length;
      if (length > 63 || bytes > mostBytes) throw new RangeError('a name that is too long');
      at += 1 + length;
      continue;
    }
    end ||= at + 2;
    const to = message.readUInt16BE(at) - 0xc000;
    pointers += 1;
    if (to >= at || pointers > mostPointers) throw new RangeError('a name that leads nowhere');
    at = to;
  }
}

/** Records of a fixed length: A and AAAA. */
const fixedLength: Record<number, number> = { 1: 4, 28: 16 };
/** Where names begin in the data of records that hold some: NS, CNAME, PTR, DNAME, NSEC; MX, SRV, RRSIG; two of them in SOA and RP. */
const namesAt: Record<number, { from: number; names: number }> = {
  2: { from: 0, names: 1 },
  5: { from: 0, names: 1 },
  12: { from: 0, names: 1 },
  39: { from: 0, names: 1 },
  47: { from: 0, names: 1 },
  15: { from: 2, names: 1 },
  33: { from: 6, names: 1 },
  46: { from: 18, names: 1 },
  6: { from: 0, names: 2 },
  17: { from: 0, names: 2 },
};
/** NAPTR: its name stands behind three texts, and nobody here asks for one. */
const notRead = 35;

/** Where the last record ends, going by the lengths that the message gives; throws on a message that is cut off or gives wrong ones. */
function recordsEnd(message: Buffer): number {
  let at = 12;
  for (let left = message.readUInt16BE(4); left > 0; left -= 1) at = nameEnd(message, at) + 4;
  for (let left = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10); left > 0; left -= 1) {
    at = nameEnd(message, at);
    const type = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 8);
    if (type === notRead) throw new RangeError('a record that nobody asked for');
    if (length !== (fixedLength[type] ?? length)) throw new RangeError('an address of a wrong length');
    at += 10;
    const inside = namesAt[type];
    for (let name = 0, from = at + (inside?.from ?? 0); name < (inside?.names ?? 0); name += 1) from = nameEnd(message, from);
    at += length;
  }
  if (at > message.length) throw new RangeError('cut off');
  return at;
}

/** @returns null for what is no DNS message in good order */
export function decodeReply(message: Buffer): Reply | null {
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

/** A record's data as zone files write it, cleaned. @param most longest text, characters */
export function dataOf(it: packet.Answer, most = 300): string {
  if (!('data' in it)) return '';
  switch (it.type) {
    case 'MX':
      return clean(`${it.data.preference ?? 0} ${it.data.exchange}`, most);
    case 'TXT':
      return clean([it.data].flat().map(String).join(''), most);
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = it.data;
      return clean([mname, rname, serial, refresh, retry, expire, minimum].join(' '), most);
    }
    case 'SRV':
      return clean(`${it.data.priority ?? 0} ${it.data.weight ?? 0} ${it.data.port} ${it.data.target}`, most);
    case 'CAA':
      return clean(`${it.data.flags ?? 0} ${it.data.tag} "${it.data.value}"`, most);
    default:
      return typeof it.data === 'string' ? clean(it.data, most) : 'data that is not shown';
  }
}

/** The data of all records of a kind and name among some, each once. @param name undefined = of any name */
export function valuesOf(
  records: readonly packet.Answer[] | undefined,
  type: string,
  isName: (name: string) => boolean = () => true,
): string[] {
  return [...new Set((records ?? []).filter((it) => it.type === type && isName(it.name)).map((it) => dataOf(it)))];
}

/** Seconds that a record may be kept. */
export const ttlOf = (it: packet.Answer): number => ('ttl' in it ? (it.ttl ?? 0) : 0);

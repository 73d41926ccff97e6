/** The 48 bytes of an NTP packet (RFC 5905, section 7.3), as far as a client needs them. */
import { clean } from '../../shared/text.ts';

export interface NtpReply {
  leap: number;
  version: number;
  stratum: number;
  /** Two to the power of this many seconds is what the server's clock can tell apart. */
  precision: number;
  rootDelayMs: number;
  rootDispersionMs: number;
  /** A name such as "GPS" at stratum 1, at others the address (or a hash of it) of what the server itself follows. */
  reference: string;
  /** Kiss-o'-death code of a packet of stratum 0, such as "RATE". */
  kiss: string | null;
  /** When the server's clock was last set, epoch ms; null = never. */
  referenceAt: number | null;
  /** When the question came in and when the reply went out by the server's clock, epoch ms. */
  receivedAt: number;
  sentAt: number;
}

const length = 48;
const CLIENT = 3;
const SERVER = 4;
/** From the beginning of NTP's first era, 1900, to that of the epoch, in seconds. */
const epochSeconds = 2_208_988_800;
const eraSeconds = 2 ** 32;

/**
 * @param nonce eight random bytes that stand where the time of sending would: the server gives them back, so that a forged reply is told,
 * and our clock is nobody else's business
 */
export function ntpRequest(nonce: Buffer): Buffer {
  const packet = Buffer.alloc(length);
  packet.writeUInt8((4 << 3) | CLIENT, 0);
  nonce.copy(packet, 40, 0, 8);
  return packet;
}

/** NTP counts seconds since 1900 in 32 bits, which begin anew in 2036: of all moments that it may mean, the one nearest to `near`. */
export function fromNtpTime(packet: Buffer, at: number, near: number): number {
  const seconds = packet.readUInt32BE(at) - epochSeconds;
  const eras = Math.round((near / 1_000 - seconds) / eraSeconds);
  return (seconds + eras * eraSeconds) * 1_000 + (packet.readUInt32BE(at + 4) / eraSeconds) * 1_000;
}

const isZero = (packet: Buffer, at: number): boolean => packet.readUInt32BE(at) === 0 && packet.readUInt32BE(at + 4) === 0;
/** 16 bits of seconds and 16 of their fraction. */
const shortMs = (packet: Buffer, at: number): number => (packet.readUInt32BE(at) / 65_536) * 1_000;
const letters = (packet: Buffer): string => clean(packet.toString('latin1', 12, 16).replaceAll('\0', ''), 8);

/**
 * @param isOurs whether these eight bytes are the nonce of a request of ours
 * @param near epoch ms, to tell the eras apart
 * @returns null for whatever is no server's reply to our request
 */
export function readNtpReply(packet: Buffer, isOurs: (origin: Buffer) => boolean, near: number): NtpReply | null {
  if (packet.length < length) return null;
  const first = packet.readUInt8(0);
  const version = (first >> 3) & 7;
  if ((first & 7) !== SERVER || version < 3 || version > 4) return null;
  if (!isOurs(packet.subarray(24, 32))) return null;
  const stratum = packet.readUInt8(1);
  const kiss = stratum === 0 ? letters(packet) : null;
  // A kiss-o'-death carries no time that could be used; any other reply must.
  if (kiss === null && (isZero(packet, 32) || isZero(packet, 40))) return null;
  return {
    leap: first >> 6,
    version,
    stratum,
    precision: packet.readInt8(3),
    rootDelayMs: shortMs(packet, 4),
    rootDispersionMs: shortMs(packet, 8),
    reference: stratum === 1 ? letters(packet) : packet.subarray(12, 16).join('.'),
    kiss,
    referenceAt: isZero(packet, 16) ? null : fromNtpTime(packet, 16, near),
    receivedAt: fromNtpTime(packet, 32, near),
    sentAt: fromNtpTime(packet, 40, near),
  };
}

/** Names, servers and serial numbers of DNS as the inventory writes them. */
import { z } from 'zod';
import { bitsOf } from '../model/cidr.ts';
import { hostAndPort, isAddress } from './tls-settings.ts';

/** Labels may hold an underscore (_dmarc, _sip._tcp), unlike host names. The root is ".". */
export const dnsName = z
  .string()
  .max(254)
  .regex(
    /^(?:\.|(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?)$/,
    'expected a name such as example.net',
  );

/** The 32 hexadecimal digits of an IPv6 address; null for anything else. */
export function ipv6Digits(text: string): string | null {
  const bits = text.includes(':') ? bitsOf(text) : null;
  return bits ? bits.value.toString(16).padStart(32, '0') : null;
}

/** Two ways of writing one name or IPv6 address compare equal: no case, no final dot. The root stays ".". */
export const sameForm = (value: string): string => ipv6Digits(value) ?? (value.toLowerCase().replace(/\.$/, '') || '.');

/** Whether a name is the zone's own name or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  const [inner, outer] = [sameForm(name), sameForm(zone)];
  return outer === '.' || inner === outer || inner.endsWith(`.${outer}`);
}

/** A name server as written: where it is, and its port where one is given. */
export interface ServerText {
  host: string;
  port: number | null;
}

/**
 * Reads "ns1.example.net", "192.0.2.1", "192.0.2.1:5353", "2001:db8::1" or "[2001:db8::1]:5353".
 * @returns null for anything else
 */
export function readServer(text: string): ServerText | null {
  if (isAddress(text)) return { host: text, port: null };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !isAddress(host) || port < 1 || port > 65_535) return null;
  if (match?.[1] !== undefined && ipv6Digits(host) === null) return null;
  return { host, port };
}

const isIp = (host: string): boolean => bitsOf(host) !== null;

/** One name server: an address or a name, a port behind it where it is not 53. */
export const serverSetting = z
  .string()
  .max(300)
  .refine(
    (text) => readServer(text) !== null,
    'expected a name server such as ns1.example.net, 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:5353',
  );

/** One resolver, by address: a name would need another resolver first. */
export const resolverSetting = z
  .string()
  .max(300)
  .refine((text) => isIp(readServer(text)?.host ?? ''), 'expected the IP address of a resolver, such as 192.0.2.1 or [2001:db8::1]:5353');

export const resolverOrSystem = z
  .union([z.literal('system'), resolverSetting], 'expected system or the IP address of a resolver')
  .default('system');

/** "192.0.2.1", with the port behind it where that is not 53. */
export const serverName = (host: string, port: number): string => (port === 53 ? host : hostAndPort(host, port));

/**
 * How far a serial number lies behind another one (RFC 1982): 0 = the same, above 0 = so many behind, below 0 = so many ahead.
 * At a distance of exactly 2^31 nobody can tell; it counts as behind.
 */
export function serialBehind(serial: number, reference: number): number {
  const distance = (reference - serial + 2 ** 32) % 2 ** 32;
  return distance <= 2 ** 31 ? distance : distance - 2 ** 32;
}

/** The newest of some serial numbers (RFC 1982), or undefined of none. */
export const newestSerial = (serials: readonly number[]): number | undefined =>
  serials.reduce<number | undefined>((best, it) => (best === undefined || serialBehind(best, it) > 0 ? it : best), undefined);

/** The parts of an address, last first, as reverse DNS and blocklists write it: "1.2.0.192"; IPv6 by nibbles. */
export const reversed = (ip: string): string => (ipv6Digits(ip)?.split('') ?? ip.split('.')).reverse().join('.');

/** 192.0.2.1 -> 1.2.0.192.in-addr.arpa (RFC 1035, section 3.5); IPv6 by nibbles (RFC 3596, section 2.5). */
export const reverseName = (ip: string): string => `${reversed(ip)}.${ip.includes(':') ? 'ip6' : 'in-addr'}.arpa`;

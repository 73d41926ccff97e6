/** Settings that http and tls share, and how both look at a failure. */
import { z } from 'zod';
import type { FailureCode, Level } from '../model/words.ts';

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();
const hostname = z.hostname();
/** "10.0.0.300" is a mistyped address, and getaddrinfo would read "12345" as 0.0.48.57. */
const endsInNumber = /(^|\.)(\d+|0[xX][0-9a-fA-F]*)\.?$/;

/** Whether text is an IP address or a host name: nothing else may reach a resolver or a socket. */
export const isAddress = (text: string): boolean =>
  text.length <= 253 &&
  (ipv4.safeParse(text).success || ipv6.safeParse(text).success || (hostname.safeParse(text).success && !endsInNumber.test(text)));

const address = z.string().refine(isAddress, 'expected an IP address or a host name');

export const addressSetting = address.optional().describe("IP address or host name to connect to; the host's own where left out");
export const portSetting = z.int().min(1).max(65_535);
export const familySetting = z
  .union([z.literal('auto'), z.literal(4), z.literal(6)], 'expected auto, 4 or 6')
  .default('auto')
  .describe('IP version: auto takes what the resolver says, 4 or 6 forces one');
export const serverNameSetting = z.hostname('expected a host name');
export const caFileSetting = z
  .string()
  .min(1)
  .max(1_000)
  .optional()
  .describe('PEM file with the certificate authorities to trust here instead of the public ones, for a private CA');

/** What stands behind the colon, as people write it: "[2001:db8::1]:443", "192.0.2.1:443". */
export const hostAndPort = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** Failures that say something about us and nothing about the target. */
const ours: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'no-secret',
  'tool-missing',
  'permission',
  'internal',
  'resolver-failed',
  'no-gateway',
]);

/** What a failure means for the target: down, or unknown where it is this desk that could not look. */
export const levelOfFailure = (code: FailureCode): Level => (ours.has(code) ? 'unknown' : 'down');

/** What the checks of a mail stack are made of before the schema of their type has read them. */
import type { MailEntry } from '../model/inventory-mail.ts';
import { parseDuration, SECOND, writeDuration } from '../time.ts';
import type { MailLeg } from './legs.ts';
import type { Door } from './servers.ts';
import { type Path, type Said, said } from './settings.ts';

/** One check before its type's schema has read it. */
export interface Preset {
  leg: MailLeg;
  type: string;
  name: string;
  /** Host of the inventory that it goes to. */
  host: { value: string; path: Path } | undefined;
  /** The place in the file that it comes from. */
  path: Path;
  settings: Said[];
}

/** What all legs are told about certificates. */
export function trust({ certificate, caFile }: MailEntry, path: Path): Said[] {
  return [...said('certificate', certificate, [...path, 'certificate']), ...said('caFile', caFile, [...path, 'caFile'])];
}

/** Settings of a connection to a door of a server. */
export const connection = (mail: MailEntry, path: Path, { server, port, encryption, family }: Door): Said[] => [
  ...said('address', server.address?.value, server.address?.path ?? server.path),
  ...said('port', port, server.path),
  ...said('encryption', encryption, server.path),
  ...said('family', family, server.path),
  ...said('serverName', server.serverName?.value, server.serverName?.path ?? server.path),
  ...trust(mail, path),
];

/** The host that a group of settings names. */
export const hostIn = (host: unknown, path: Path): Preset['host'] =>
  typeof host === 'string' ? { value: host, path: [...path, 'host'] } : undefined;

/** Nobody can log in without a password. */
export function login({ mailbox }: MailEntry, path: Path): Said[] {
  if (mailbox?.passwordSecret === undefined) return [];
  const at = [...path, 'mailbox'];
  return [
    ...said('user', mailbox.user ?? mailbox.address, [...at, mailbox.user === undefined ? 'address' : 'user']),
    ...said('passwordSecret', mailbox.passwordSecret, [...at, 'passwordSecret']),
  ];
}

export const every = (interval: string, more: { retryInterval?: string; maxAttempts?: number; timeout?: string } = {}): Said[] =>
  Object.entries({ interval, ...more }).flatMap(([key, value]) => said(key, value, []));
/** What people wait for. */
export const often = every('1m');

export const submissionPorts = [
  [587, 'starttls', ''],
  [465, 'tls', 's'],
] as const;
export const imapPorts = [
  [143, 'starttls', ''],
  [993, 'tls', 's'],
] as const;
export const pop3Ports = [
  [110, 'starttls', ''],
  [995, 'tls', 's'],
] as const;

/** What stands before the @, as part of an id. */
export const localPart = (address: string): string =>
  (address.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, 50);

/** A round trip, and all others whose time has a limit of their own: that and a while to end in order, ms. */
const graceMs: Record<string, number> = { roundtrip: 30 * SECOND, smtp: 5 * SECOND, imap: 5 * SECOND, pop3: 5 * SECOND, sieve: 5 * SECOND };
const usualLimitMs: Record<string, number> = { roundtrip: 120 * SECOND };

/** The time-out that fits a check's own limit, or undefined where it has none (or one that cannot be read). */
export function timeoutFor(type: string, slowDown: unknown): string | undefined {
  const grace = graceMs[type];
  const limit = typeof slowDown === 'string' ? parseDuration(slowDown) : (usualLimitMs[type] ?? 30 * SECOND);
  return grace === undefined || limit === null ? undefined : writeDuration(limit + grace);
}

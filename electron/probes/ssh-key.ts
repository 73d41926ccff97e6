/** The key exchange with an SSH server, up to the proof that it holds its host key. Nobody logs in. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { failureOf } from './socket-failure.ts';
import { Late, withSignal } from './wire.ts';

export interface HostKey {
  /** "ssh-ed25519". */
  type: string;
  /** As ssh-keygen -l prints it: SHA256 and Base64 without padding. */
  fingerprint: string;
  kex: string;
}

/** A server that has shown so much has long been through. */
const mostBytes = 262_144;

/** Kinds of host keys, the order in which ours are wanted. A server proves one kind per connection. */
export const families = ['ed25519', 'ecdsa', 'rsa', 'dss'] as const;
export type Family = (typeof families)[number];
export const algorithmsOf: Record<Family, ServerHostKeyAlgorithm[]> = {
  ed25519: ['ssh-ed25519'],
  ecdsa: ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  rsa: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
  dss: ['ssh-dss'],
};
export const familyOfType = (type: string): Family =>
  type.startsWith('ecdsa') ? 'ecdsa' : type === 'ssh-rsa' ? 'rsa' : type === 'ssh-dss' ? 'dss' : 'ed25519';

/** The kind of key that is pinned, by server: it is asked for first, so that one connection is enough. */
const pinnedKind = new Map<string, Family>();
const mostServers = 5_000;
const serverOf = (it: Pinned): string => `${it.address} ${it.port} ${it.fingerprint.join(' ')}`;
export interface Pinned {
  address: string;
  port: number;
  fingerprint: readonly string[];
}
/** All kinds, the pinned one first where it is known. */
export function kindsFor(server: Pinned): Family[] {
  const known = pinnedKind.get(serverOf(server));
  return known ? [known, ...families.filter((it) => it !== known)] : [...families];
}
export function keepKind(server: Pinned, kind: Family): void {
  if (pinnedKind.size >= mostServers) pinnedKind.clear();
  pinnedKind.set(serverOf(server), kind);
}

/** Old ways are allowed after all others: no secret is sent, and an old router has a key to look at too. */
const oldKex = ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'] as const;

export const fingerprintOf = (key: Buffer): string => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** A key begins with its type, counted (RFC 4253, section 6.6). */
export function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return clean(key.toString('latin1', 4, 4 + Math.min(length, 60)), 60);
}

/**
 * @param socket stands before the identification line
 * @param kinds host keys to ask for, best first
 * @returns the key, proven; or failure `protocol` where the exchange failed, `too-large`, `timeout`, `closed`, or the socket's own
 */
export async function proveHostKey(
  socket: Socket,
  where: { host: string; port: number },
  kinds: readonly Family[],
  signal: AbortSignal,
): Promise<Result<HostKey, Failure>> {
  const { Client } = await import('ssh2');
  const name = hostAndPort(where.host, where.port);
  const client = new Client();
  let seen = 0;
  let tooMuch = false;
  let key: Buffer | null = null;
  const work = new Promise<HostKey>((resolve, reject) => {
    client.on('error', reject);
    client.on('close', () => reject(new Closed()));
    client.on('handshake', (negotiated) => {
      if (key) resolve({ type: typeOf(key), fingerprint: fingerprintOf(key), kex: clean(negotiated.kex, 60) });
      else reject(new Closed());
    });
    // Counts along; the library reads the same. The socket is paused until the library wants it.
    socket.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      if (seen <= mostBytes || tooMuch) return;
      tooMuch = true;
      socket.destroy();
    });
    const algorithms: Algorithms = {
      serverHostKey: kinds.flatMap((kind) => algorithmsOf[kind]),
      kex: { append: [...oldKex], prepend: [], remove: [] },
      cipher: { append: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'], prepend: [], remove: [] },
    };
    client.connect({
      sock: socket,
      username: 'nobody',
      algorithms,
      readyTimeout: 0,
      hostVerifier: (shown: Buffer) => {
        key = Buffer.from(shown);
        return true;
      },
    });
  });
  try {
    return ok(await withSignal(work, signal));
  } catch (error) {
    if (tooMuch) return fail({ code: 'too-large', detail: `${name} sends without end instead of exchanging keys` });
    if (error instanceof Late) return fail({ code: 'timeout', detail: `${name} greets, but the key exchange came to no end` });
    if (error instanceof Closed) return fail({ code: 'closed', detail: `${name} closed the connection during the key exchange` });
    const { level, code } = error as { level?: unknown; code?: unknown };
    if (level === undefined && typeof code === 'string') return fail(failureOf(error, name));
    return fail({ code: 'protocol', detail: clean(`the key exchange with ${name} failed`, 400) });
  } finally {
    // Late words of either side find a listener and nobody home.
    client.on('error', () => {});
    socket.on('error', () => {});
    socket.destroy();
    client.destroy();
  }
}

class Closed extends Error {}

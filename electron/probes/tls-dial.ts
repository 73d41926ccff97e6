/** Opens a connection (name, TCP, TLS where wanted) and tells how long each phase took. Shared by http and tls. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type SecureContext, type TLSSocket } from 'node:tls';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { humanDuration } from '../../shared/time.ts';
import { type Family, resolveAddress } from './addresses.ts';
import { failureOf } from './socket-failure.ts';
import type { ProbeContext } from './types.ts';

export interface Place {
  /** IP address or host name. */
  host: string;
  port: number;
  family: Family;
  /** `alpn` names the protocol that will be spoken inside. */
  tls?: { serverName: string; context: SecureContext; alpn?: string[] };
}

/** How far a connection has come; filled in on the way, so that a timeout still leaves what was seen. */
export interface Progress {
  phase: 'dns' | 'connect' | 'tls' | 'open';
  address?: string;
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
  /** What the server showed, where Node had no complaint about the chain. */
  certificate?: DetailedPeerCertificate;
  /** Node's code of the newest error, such as ERR_SSL_WRONG_VERSION_NUMBER. */
  errorCode?: string;
}

/** With several addresses, each but the last gets at most so long, so that one dead address does not use up the whole time. */
const shareOf = (timeoutMs: number): number => Math.min(2_000, timeoutMs / 3);

export const familyOf = (setting: 'auto' | 4 | 6): Family => (setting === 'auto' ? 0 : setting);

/**
 * Connects. The certificate is not judged here: a TLS socket comes back whatever it showed, and nothing has been sent inside yet.
 * @returns a socket that its caller must destroy, or the failure; `timeout` when the context's signal came first
 */
export async function dial(place: Place, progress: Progress, ctx: ProbeContext): Promise<Result<Socket, Failure>> {
  let addresses: string[];
  if (isIP(place.host) !== 0 && (place.family === 0 || isIP(place.host) === place.family)) addresses = [place.host];
  else {
    const startedAt = ctx.monotonic();
    const resolved = await resolveAddress(place.host, place.family, ctx.signal);
    progress.dnsMs = ctx.monotonic() - startedAt;
    if (!resolved.ok) return resolved;
    addresses = resolved.value.slice(0, 4).map((it) => it.address);
    ctx.note(`${place.host} is ${addresses.join(', ')}`);
  }
  for (let index = 0; ; index++) {
    const address = addresses[index] as string;
    const last = index === addresses.length - 1;
    progress.address = address;
    progress.phase = 'connect';
    const dialled = await dialOne(address, place, progress, ctx, last ? undefined : shareOf(ctx.timeoutMs));
    if (dialled.ok || last || ctx.signal.aborted || progress.phase !== 'connect') return dialled;
    ctx.note(`${dialled.failure.detail}; trying the next address`);
  }
}

function dialOne(
  address: string,
  place: Place,
  progress: Progress,
  ctx: ProbeContext,
  limitMs: number | undefined,
): Promise<Result<Socket, Failure>> {
  const { signal } = ctx;
  const where = address === place.host ? hostAndPort(address, place.port) : `${hostAndPort(place.host, place.port)} (${address})`;
  if (signal.aborted) return Promise.resolve(fail({ code: 'timeout', detail: `no connection to ${where}` }));
  return new Promise((resolve) => {
    const startedAt = ctx.monotonic();
    const secure = place.tls;
    const socket = secure
      ? connectTls({
          host: address,
          port: place.port,
          // An IP address must not be sent as server name (RFC 6066).
          servername: isIP(secure.serverName) === 0 ? secure.serverName : '',
          secureContext: secure.context,
          rejectUnauthorized: false,
          ...(secure.alpn ? { ALPNProtocols: secure.alpn } : {}),
          // Name and chain are judged afterwards, so that every problem can be told. Node hands the chain over here, unless it
          // has a complaint already; taking it apart a second time would be a tenth of the cost of a handshake.
          checkServerIdentity: (_, certificate) => {
            progress.certificate = certificate as DetailedPeerCertificate;
            return undefined;
          },
        })
      : connect({ host: address, port: place.port });
    let timer: NodeJS.Timeout | undefined;
    const settle = (result: Result<Socket, Failure>): void => {
      signal.removeEventListener('abort', late);
      if (timer) clearTimeout(timer);
      socket.removeListener('close', closed);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const late = (): void =>
      settle(
        fail({ code: 'timeout', detail: lateWords(where, progress, signal.aborted || limitMs === undefined ? ctx.timeoutMs : limitMs) }),
      );
    const closed = (): void => settle(fail(closedWords(where, progress)));
    const connected = (): void => {
      progress.connectMs = ctx.monotonic() - startedAt;
      if (timer) clearTimeout(timer);
      if (secure) progress.phase = 'tls';
      else opened();
    };
    const opened = (): void => {
      if (secure) progress.tlsMs = ctx.monotonic() - startedAt - (progress.connectMs ?? 0);
      progress.phase = 'open';
      settle(ok(socket));
    };
    signal.addEventListener('abort', late, { once: true });
    if (limitMs !== undefined) timer = setTimeout(late, limitMs);
    socket.on('error', (error) => settle(fail(failureIn(error, where, progress))));
    socket.once('close', closed);
    socket.once('connect', connected);
    if (secure) socket.once('secureConnect', opened);
  });
}

/** What a timeout means by how far it had come. */
function lateWords(where: string, progress: Progress, limitMs: number): string {
  const after = `after ${humanDuration(limitMs)}`;
  return progress.phase === 'tls' ? `connected to ${where}, no TLS handshake ${after}` : `no connection to ${where} ${after}`;
}

const closedWords = (where: string, progress: Progress): Failure => ({
  code: 'closed',
  detail: progress.phase === 'tls' ? `${where} closed the connection during the TLS handshake` : `${where} closed the connection`,
});

function failureIn(error: Error, where: string, progress: Progress): Failure {
  const { code, syscall } = error as NodeJS.ErrnoException;
  progress.errorCode = code;
  if (progress.phase !== 'tls' || code === undefined) return failureOf(error, where);
  // Without a system call behind it, this is Node's word for an end of the stream in mid-handshake.
  if (code === 'ECONNRESET' && syscall === undefined) return closedWords(where, progress);
  if (code === 'ECONNRESET') return { code: 'reset', detail: `${where} broke the connection off during the TLS handshake` };
  if (code.includes('ALERT')) return { code: 'tls', detail: `${where} refused the TLS handshake (${code})` };
  if (notTls.has(code)) return { code: 'tls', detail: `${where} answers, but not with TLS` };
  return { code: 'tls', detail: `the TLS handshake with ${where} failed (${code})` };
}

/** What OpenSSL and BoringSSL say of bytes that are no TLS record. */
const notTls = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG',
  'ERR_SSL_DATA_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_INVALID_ALERT',
]);

/** The same socket as TLS, where TLS was asked for. */
export const asTls = (socket: Socket): TLSSocket => socket as TLSSocket;

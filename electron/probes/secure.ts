/** Encryption that starts in the middle of a connection (STARTTLS and its like), and what a check wants of it. */
import { isIP, type Socket } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { certificateProblems, certificateSentence } from '../../shared/checks/tls-certificate.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { certificateFacts } from './certificate-facts.ts';
import { failureOf } from './socket-failure.ts';
import { type Trust, trustOf } from './tls-trust.ts';
import type { ProbeContext } from './types.ts';

export interface Encryption {
  address: string;
  port: number;
  tls: 'off' | 'encrypt' | 'verify';
  serverName?: string | undefined;
  caFile?: string | undefined;
}

export const trustFor = (it: Encryption, ctx: ProbeContext): Promise<Result<Trust, Failure>> => trustOf(it.caFile, ctx.monotonic());
export const serverNameOf = (it: Encryption): string => it.serverName ?? it.address;

/**
 * Makes an open connection an encrypted one. Nothing is sent inside.
 * @param shown gets what the server showed, where Node had no complaint about the chain (as Progress.certificate)
 * @returns the TLS socket, its certificate found good where that is wanted; or failure `tls`, `certificate`, `timeout`
 */
export function encrypt(
  socket: Socket,
  it: Encryption,
  trust: Trust,
  ctx: ProbeContext,
  shown: { certificate?: DetailedPeerCertificate } = {},
): Promise<Result<TLSSocket, Failure>> {
  const where = hostAndPort(it.address, it.port);
  const name = serverNameOf(it);
  return new Promise((resolve) => {
    // An IP address must not be sent as server name (RFC 6066). The certificate is judged below, by our own rules.
    const secure = connect({
      socket,
      servername: isIP(name) === 0 ? name : '',
      secureContext: trust.context,
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => {
        shown.certificate = certificate as DetailedPeerCertificate;
        return undefined;
      },
    });
    const settle = (result: Result<TLSSocket, Failure>): void => {
      ctx.signal.removeEventListener('abort', late);
      secure.off('close', closed);
      if (!result.ok) secure.destroy();
      resolve(result);
    };
    const late = (): void => settle(fail({ code: 'timeout', detail: `no TLS handshake with ${where} in time` }));
    const closed = (): void => settle(fail({ code: 'closed', detail: `${where} closed the connection during the TLS handshake` }));
    ctx.signal.addEventListener('abort', late, { once: true });
    secure.on('error', (error) => {
      const failure = failureOf(error, where);
      settle(fail(failure.code === 'internal' ? { ...failure, code: 'tls' } : failure));
    });
    secure.once('close', closed);
    secure.once('secureConnect', () => {
      const problem = it.tls === 'verify' ? problemOf(secure, name, trust, ctx.now()) : null;
      settle(problem ? fail(problem) : ok(secure));
    });
  });
}

/** What keeps a careful client from going on; null when the certificate is good. */
export function problemOf(secure: TLSSocket, name: string, trust: Trust, now: number): Failure | null {
  const certificate = certificateFacts(secure, undefined, name, trust);
  if (!certificate) return { code: 'certificate', detail: 'the server showed no certificate' };
  const problems = certificateProblems(certificate, name, now);
  return problems.length === 0 ? null : { code: 'certificate', detail: clean(certificateSentence(problems), 400) };
}

export const protocolOf = (secure: TLSSocket): string => clean(secure.getProtocol() ?? 'unknown', 20);

/** What an encrypted connection to a mail server shows, and whether a careful client would go on. */
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import { type Certificate, certificateProblems, certificateSentence } from '../../shared/checks/tls-certificate.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { certificateFacts } from './certificate-facts.ts';
import { protocolOf } from './secure.ts';
import type { Trust } from './tls-trust.ts';
import type { ProbeContext } from './types.ts';

/**
 * Writes down what the server showed.
 * @param shown what the handshake brought along, if anything
 * @param seen gets `protocol` and `certificate`
 * @returns why a careful client would not go on, where the place wants one
 */
export function inspectMailTls(
  secure: TLSSocket,
  shown: DetailedPeerCertificate | undefined,
  place: MailPlace,
  trust: Trust,
  seen: { protocol?: string | undefined; certificate?: Certificate | undefined },
  ctx: ProbeContext,
): Failure | null {
  const name = place.serverName ?? place.address;
  seen.protocol = protocolOf(secure);
  const certificate = certificateFacts(secure, shown, name, trust);
  if (certificate) seen.certificate = certificate;
  ctx.note(`encrypted with ${seen.protocol}${certificate ? `, certificate for ${certificate.subject}` : ''}`);
  if (place.certificate === 'any') return null;
  if (!certificate) return { code: 'certificate', detail: 'the server showed no certificate' };
  const problems = certificateProblems(certificate, name, ctx.now());
  return problems.length === 0 ? null : { code: 'certificate', detail: clean(certificateSentence(problems), 400) };
}

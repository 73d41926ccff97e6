/** Asks a mail server to encrypt, and takes down the certificates it shows in the forms that DANE compares. */
import { createHash, X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import type { Shown } from '../../shared/mail/dane.ts';
import type { CertificateForms } from '../../shared/mail/tlsa.ts';
import { openSmtp, type SmtpSeen } from './smtp-session.ts';
import type { ProbeContext } from './types.ts';

const mostLinks = 10;

/**
 * Speaks SMTP up to STARTTLS and the handshake, whatever the certificate.
 * @param host the name of the MX, which the certificate should be for
 */
export async function showCertificate(
  host: string,
  address: string,
  port: number,
  caFile: string | undefined,
  context: ProbeContext,
): Promise<Shown> {
  const seen: SmtpSeen = {};
  const place = { address, port, family: 'auto', encryption: 'starttls', certificate: 'any', serverName: host, caFile } as const;
  const opened = await openSmtp(place, context, seen);
  if (!opened.ok) return { ok: false, failure: opened.failure };
  const session = opened.value;
  try {
    const hello = await session.ehlo();
    const secured = hello.ok ? await session.startTls() : hello;
    if (!secured.ok) return { ok: false, failure: secured.failure };
    return { ok: true, certificate: seen.certificate ?? null, chain: chainOf(session.peer()) };
  } finally {
    session.quit();
  }
}

function chainOf(leaf: DetailedPeerCertificate | null): CertificateForms[] {
  const chain: CertificateForms[] = [];
  for (let link = leaf; link?.raw && chain.length < mostLinks; link = link.issuerCertificate === link ? null : link.issuerCertificate) {
    const forms = formsOf(link.raw);
    if (forms) chain.push(forms);
  }
  return chain;
}

function formsOf(raw: Buffer): CertificateForms | null {
  try {
    const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' });
    return { forms: [threeOf(raw), threeOf(key)] };
  } catch {
    // A kind of key that this OpenSSL does not know.
    return { forms: [threeOf(raw), []] };
  }
}

const threeOf = (bytes: Buffer): string[] => [
  bytes.toString('hex'),
  ...['sha256', 'sha512'].map((name) => createHash(name).update(bytes).digest('hex')),
];

/** Which authorities are trusted, as a TLS context that is made once and shared by all connections (making one costs milliseconds). */
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

export interface Trust {
  context: SecureContext;
  /** SHA-256 fingerprints of the trusted authorities. */
  roots(): ReadonlySet<string>;
  /** A context that also speaks TLS 1.0 and 1.1, to be able to say that a server speaks nothing newer. Nothing is ever sent over it. */
  old(): SecureContext;
}

/** @param ca PEM texts; undefined = the public authorities */
function trustIn(ca: string[] | undefined): Trust {
  let known: Set<string> | undefined;
  let old: SecureContext | undefined;
  return {
    context: createSecureContext({ ca }),
    roots: () => {
      known ??= new Set((ca ?? rootCertificates).map((pem) => new X509Certificate(pem).fingerprint256));
      return known;
    },
    old: () => {
      old ??= oldContext(ca);
      return old;
    },
  };
}

function oldContext(ca: string[] | undefined): SecureContext {
  try {
    // OpenSSL 3 allows the old versions at security level 0 only.
    return createSecureContext({ ca, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
  } catch {
    // BoringSSL knows no security levels and needs none.
    return createSecureContext({ ca, minVersion: 'TLSv1' });
  }
}

let publicTrust: Trust | null = null;
const fromFiles = new Map<string, { stamp: string; lookedAt: number; trust: Trust }>();
/** A CA file is looked at again after so long. */
const lookAgainMs = 5_000;
const mostFiles = 50;

/**
 * The public authorities, or only those of a PEM file (read again when it changes).
 * @param monotonic ms
 * @returns failure `permission` or `tool-missing` where the file cannot be read or holds no certificate
 */
export async function trustOf(caFile: string | undefined, monotonic: number): Promise<Result<Trust, Failure>> {
  if (caFile === undefined) {
    publicTrust ??= trustIn(undefined);
    return ok(publicTrust);
  }
  const known = fromFiles.get(caFile);
  if (known && monotonic - known.lookedAt < lookAgainMs) return ok(known.trust);
  try {
    const { mtimeMs, size } = await stat(caFile);
    const stamp = `${mtimeMs} ${size}`;
    if (known && known.stamp === stamp) {
      known.lookedAt = monotonic;
      return ok(known.trust);
    }
    if (size > 4_000_000) return fail({ code: 'tool-missing', detail: clean(`the CA file ${caFile} is too large for one`) });
    const pem = await readFile(caFile, 'latin1');
    const pems = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (pems.length === 0) return fail({ code: 'tool-missing', detail: clean(`the CA file ${caFile} holds no certificate in PEM form`) });
    const trust = trustIn(pems);
    // OpenSSL passes over a certificate that it cannot read; reading each here throws instead.
    trust.roots();
    if (fromFiles.size >= mostFiles) fromFiles.clear();
    fromFiles.set(caFile, { stamp, lookedAt: monotonic, trust });
    return ok(trust);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'not a certificate';
    return fail({
      code: code === 'EACCES' || code === 'EPERM' ? 'permission' : 'tool-missing',
      detail: clean(`the CA file ${caFile} cannot be read (${code})`),
    });
  }
}

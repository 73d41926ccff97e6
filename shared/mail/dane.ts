/** Holds what mail servers show against what their zone (DANE, RFC 7672) and the MTA-STS policy of the domain promise. Pure. */
import { type Certificate, certificateProblems, certificateSentence } from '../checks/tls-certificate.ts';
import { hostAndPort } from '../checks/tls-settings.ts';
import type { Failure } from '../model/words.ts';
import { count } from '../text.ts';
import { stamp } from '../time.ts';
import { type Aspect, type AspectKind, aspectOf, notKnown, notThere } from './aspect.ts';
import type { Looked } from './look.ts';
import { type CertificateForms, fitting, isUsable, readTlsa } from './tlsa.ts';

/** What a mail server showed once it was asked to encrypt. */
export type Shown =
  | { ok: true; certificate: Certificate | null /** From the server's own upwards. */; chain: CertificateForms[] }
  | { ok: false; failure: Failure };

/** Senders that check DANE do not deliver where it is so. */
export const noDelivery = ({ reason }: Aspect): boolean =>
  reason === 'dane-mismatch' || reason === 'dane-bogus' || reason === 'dane-no-tls';

/** A certificate that an authority of the record vouches for must still be in time and for that name (RFC 7672, section 3.1.2). */
const matters = (reason: string): boolean => reason !== 'certificate-untrusted' && reason !== 'certificate-self-signed';

export interface DaneWish {
  host: string;
  required: ReadonlySet<AspectKind>;
  /** The MX record that names the host is signed. */
  mxAuthenticated: boolean;
  now: number;
}

/**
 * @param found the TLSA records of _25._tcp.<host>
 * @param shown null = nobody looked, as nobody wants to know
 */
export function judgeDane({ host, required, mxAuthenticated, now }: DaneWish, found: Looked, shown: Shown | null): Aspect {
  if (!found.ok && found.bogus)
    return aspectOf(
      'dane',
      host,
      'degraded',
      'dane-bogus',
      'the signatures of its TLSA record are wrong: senders that check them put mail off',
    );
  if (!found.ok) return notKnown('dane', host, found.detail);
  if (found.values.length === 0) return notThere('dane', host, required, 'there is no TLSA record (DANE)');
  const value = found.values.join(' | ');
  const say = (state: Aspect['state'], reason: string, text: string): Aspect => aspectOf('dane', host, state, reason, text, value);
  const records = found.values.flatMap((text) => readTlsa(text) ?? []);
  if (!found.authenticated)
    return say('unknown', 'dane-not-authenticated', 'there is a TLSA record, but the answer is not authenticated (no AD bit)');
  if (!records.some(isUsable))
    return say('degraded', 'dane-unusable', `${count(found.values.length, 'TLSA record')}, and none that senders can use`);
  if (shown === null) return say('ok', 'ok', `${count(found.values.length, 'TLSA record')}; the certificate was not compared`);
  if (!shown.ok) {
    const { code, detail } = shown.failure;
    return code === 'tls'
      ? say('degraded', 'dane-no-tls', `there is a TLSA record, but ${detail}`)
      : { ...notKnown('dane', host, detail), value };
  }
  const fit = fitting(records, shown.chain);
  if (!fit)
    return say(
      'degraded',
      'dane-mismatch',
      'the certificate is not the one that the TLSA record names: senders that check it do not deliver',
    );
  const problems =
    fit.usage === 2 && shown.certificate ? certificateProblems(shown.certificate, host, now).filter(({ reason }) => matters(reason)) : [];
  if (problems.length > 0) return say('degraded', 'dane-mismatch', certificateSentence(problems));
  const note = mxAuthenticated ? '' : '; the MX record itself is not signed, so that senders may pass over it';
  return say('ok', 'ok', `the certificate is the one of the TLSA record (${fit.usage} ${fit.selector} ${fit.matching})${note}`);
}

/** The certificate under an MTA-STS policy: senders want a trusted one for the name of the MX. */
export function judgeCertificate(host: string, port: number, shown: Shown, now: number): Aspect | null {
  if (!shown.ok && shown.failure.code === 'tls')
    return aspectOf('certificates', host, 'degraded', 'certificate', `${shown.failure.detail}, which the MTA-STS policy promises`);
  // Whether it answers at all is for the smtp check to say.
  if (!shown.ok || !shown.certificate) return null;
  const { certificate } = shown;
  const value = `${[...certificate.altNames].sort().join(' ')} by ${certificate.issuer}`;
  const problems = certificateProblems(certificate, host, now);
  return problems.length > 0
    ? aspectOf('certificates', host, 'degraded', 'certificate', certificateSentence(problems), value)
    : aspectOf('certificates', host, 'ok', 'ok', `good at ${hostAndPort(host, port)} until ${stamp(certificate.validTo, 'UTC')}`, value);
}

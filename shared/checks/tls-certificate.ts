/** What is right and wrong with a certificate: pure, `now` is an argument. Used by the tls check and, for https, by the http probe. */
import { z } from 'zod';
import { DAY, humanDuration } from '../time.ts';

/** Facts of the certificate that a server showed. All text is cleaned; the server chose it. */
export const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  /** Names it is good for, at most 50. */
  altNames: z.array(z.string()),
  /** Epoch ms. */
  validFrom: z.number(),
  validTo: z.number(),
  fingerprint256: z.string(),
  selfSigned: z.boolean(),
  /** Whether it is made out for the name that was asked for. */
  nameFits: z.boolean(),
  /** Whether the chain leads to an authority that is trusted here, leaving dates and name aside. */
  trusted: z.boolean(),
  /** Node's code of the first thing that its own verification stumbled over, such as CERT_HAS_EXPIRED; null when it was content. */
  authorizationCode: z.string().nullable(),
  /** From the server's own upwards, at most 10. */
  chain: z.array(z.object({ subject: z.string(), issuer: z.string(), validTo: z.number() })),
});
export type Certificate = z.infer<typeof certificateSchema>;

export interface CertificateProblem {
  reason:
    | 'certificate-expired'
    | 'certificate-not-yet-valid'
    | 'certificate-wrong-name'
    | 'certificate-self-signed'
    | 'certificate-untrusted'
    | 'certificate-not-the-pinned-one'
    | 'certificate-chain-expired';
  /** Goes after "certificate": "expired 3 d ago". */
  text: string;
}

/** Verification codes that speak of dates only, and by that hide whether the chain is trusted. */
export const aboutDates: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** Fingerprints compare without colons and case. */
const bare = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/**
 * Names everything that makes a careful client refuse the certificate, worst first; nothing when it is good.
 * @param serverName the name that was asked for
 * @param pin SHA-256 fingerprint: the certificate must be that one, and then needs neither a trusted issuer nor a fitting name
 */
export function certificateProblems(it: Certificate, serverName: string, now: number, pin?: string): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  const pinned = pin !== undefined && bare(pin) === bare(it.fingerprint256);
  if (now > it.validTo) problems.push({ reason: 'certificate-expired', text: `expired ${humanDuration(now - it.validTo)} ago` });
  if (now < it.validFrom)
    problems.push({ reason: 'certificate-not-yet-valid', text: `is not valid before ${humanDuration(it.validFrom - now)} from now` });
  if (pin !== undefined && !pinned) problems.push({ reason: 'certificate-not-the-pinned-one', text: 'is not the one that was pinned' });
  if (!it.nameFits && !pinned) {
    const names = it.altNames.length > 0 ? it.altNames.slice(0, 3).join(', ') + (it.altNames.length > 3 ? ' …' : '') : it.subject;
    problems.push({ reason: 'certificate-wrong-name', text: `is for ${names}, not for ${serverName}` });
  }
  if (!it.trusted && !pinned) {
    if (it.selfSigned) problems.push({ reason: 'certificate-self-signed', text: 'is self-signed' });
    // A code that speaks of dates says nothing about the issuer.
    const why = it.authorizationCode === null || aboutDates.has(it.authorizationCode) ? it.issuer : it.authorizationCode;
    if (!it.selfSigned) problems.push({ reason: 'certificate-untrusted', text: `has no trusted issuer (${why})` });
  }
  const stale = it.chain.slice(1).find((link) => now > link.validTo);
  if (stale && !pinned)
    problems.push({
      reason: 'certificate-chain-expired',
      text: `leans on "${stale.subject}", which expired ${humanDuration(now - stale.validTo)} ago`,
    });
  return problems;
}

/** "certificate expired 3 d ago, and is for a.example, not for b.example". */
export const certificateSentence = (problems: readonly CertificateProblem[]): string =>
  `certificate ${problems.map((it) => it.text).join(', and ')}`;

/** Whole days left, rounded down; negative once it is over. */
export const daysLeft = (validTo: number, now: number): number => Math.floor((validTo - now) / DAY);

/** "29 days", "1 day", "5 h". */
export function timeLeft(validTo: number, now: number): string {
  const days = daysLeft(validTo, now);
  if (days >= 2) return `${days} days`;
  return days === 1 ? '1 day' : humanDuration(Math.max(0, validTo - now));
}

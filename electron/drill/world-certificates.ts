/** Certificates of a drill's world: renewed in time, but for those that a fault lets expire. */
import type { Certificate } from '../../shared/checks/tls-certificate.ts';
import { DAY, humanDuration } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import type { Asked } from './world-contact.ts';
import { isOf } from './world-faults.ts';
import { numberOf } from './world-values.ts';
import { certificateOf } from './world-words.ts';

/** Good for so long. */
const termMs = 90 * DAY;
const issuer = 'Example Trust R3';

/**
 * What a server shows.
 * @param name that was asked for
 * @param pinned the only one that is taken, where one is named
 */
export function certificateFor({ place, moment, spells, start }: Asked<unknown>, name: string, pinned?: string): Certificate {
  const ofThis = spells.filter(
    (it) =>
      isOf('service', it) && it.fault.mode === 'expired-certificate' && place.programs.some((program) => program.id === it.fault.service),
  );
  const over = ofThis.findLast((it) => it.to <= moment.at);
  const expired = moment.spells.find((it) => ofThis.includes(it));
  // One that runs out at that very moment was the right one until then.
  const runsOut = ofThis.find((it) => it.from > moment.at && numberOf(it.fault) === 0);
  const validTo = expired
    ? expired.from - numberOf(expired.fault)
    : over
      ? over.to + termMs
      : (runsOut?.from ?? Math.round(start + fixedOf(`certificate ${name}`, 35, 80) * DAY));
  // One that has been over for a while is an old one, from before the one that was shown.
  const version = expired && numberOf(expired.fault) > 0 ? -1 : ofThis.filter((it) => it.to <= moment.at).length;
  return {
    subject: name,
    issuer,
    altNames: [name],
    validFrom: validTo - termMs,
    validTo,
    fingerprint256: pinned ?? certificateOf(name, version),
    selfSigned: false,
    nameFits: true,
    trusted: true,
    authorizationCode: expired ? 'CERT_HAS_EXPIRED' : null,
    chain: [
      { subject: name, issuer, validTo },
      { subject: issuer, issuer: 'Example Root', validTo: start + 900 * DAY },
    ],
  };
}

/** Why a careful client does not take it; null = it does. */
export const expiryOf = ({ validTo }: Certificate, at: number): string | null =>
  at > validTo ? `certificate expired ${humanDuration(at - validTo)} ago` : null;

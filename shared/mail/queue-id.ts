/** Under which name a mail server took a message, so that a person finds it in its log and queue. */
import { clean } from '../text.ts';

/** How servers word it, each as it is known for it; the first that fits counts. */
const wordings: readonly RegExp[] = [
  // Postfix: "Ok: queued as 4XyZ5T1Q9jz"; with BDAT "Ok: 1234 bytes queued as …".
  /\bqueued as ([A-Za-z0-9]{6,40})\b/,
  // Exim: "OK id=1tDxYz-000000001Ab-0abC"; several others write id= too.
  /\bid=<?([A-Za-z0-9.@_-]{6,80})\b/,
  // Microsoft: "<…> [InternalId=1234567890, Hostname=…] Queued mail for delivery".
  /\bInternalId=(\d{4,30})\b/,
  // qmail: "ok 1763640000 qp 12345".
  /\bqp (\d{1,10})\b/,
  // Sendmail, OpenSMTPD: "5AKC0Aa1012345 Message accepted for delivery".
  /(?:^|\s)<?([A-Za-z0-9.@_-]{6,80})>? Message accepted for delivery/i,
  // Google: "OK  1763640000 a1-20020a05600c2f0100b0043 - gsmtp".
  /\bOK\s{1,3}\d{9,11} (\S{6,80}) - gsmtp/,
];

/** @param text of the answer that took the message; @returns null where it names none */
export function queueIdOf(text: string): string | null {
  const shown = clean(text, 400);
  for (const wording of wordings) {
    const id = wording.exec(shown)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

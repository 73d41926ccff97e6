/** A mail stack that answers and cannot be trusted: certificates, a stripped STARTTLS, a blocklist. */
import { describe } from 'vitest';
import { isRoot, mailWorld, testFaults, ways } from '../support/mail-faults.ts';

describe.runIf(isRoot)('a mail stack with one fault', () => {
  mailWorld();

  testFaults([
    [
      'somebody strips STARTTLS',
      async ({ wires }) => {
        for (const wire of [wires.imap, wires.pop3]) wire.meddle('strip');
        return async () => {
          for (const wire of [wires.imap, wires.pop3]) wire.meddle('none');
        };
      },
      {
        title: 'IMAP and POP3 of example.net fail',
        legs: { reading: 'partly' },
        reasons: { 'reading/imap': 'no-starttls', 'reading/pop3': 'no-starttls' },
        text: /IMAPS and POP3S work\. Receiving, sending, delivery and webmail work\.$/,
      },
    ],
    [
      'the certificate has expired',
      async ({ stack }) => {
        await stack.certificate('expired');
        return () => stack.certificate('good');
      },
      {
        title: 'example.net: certificate expired 1 d ago',
        legs: { receiving: 'degraded', sending: 'fails', reading: 'fails', delivery: 'unknown' },
        reasons: {
          'receiving/smtp': 'certificate-expired',
          ...ways.sending('certificate-expired'),
          ...ways.reading('certificate-expired'),
        },
      },
    ],
    [
      'the certificate is for another name',
      async ({ stack }) => {
        await stack.certificate('wrong-name');
        return () => stack.certificate('good');
      },
      {
        title: 'example.net: certificate is for other.example.org, not for mail.example.net',
        legs: { receiving: 'degraded', sending: 'fails', reading: 'fails', delivery: 'unknown' },
        reasons: { 'receiving/smtp': 'certificate-wrong-name', ...ways.reading('certificate-wrong-name') },
      },
    ],
    [
      'the address that sends is on a blocklist',
      async ({ list }) => {
        await list(true);
        return () => list(false);
      },
      {
        title: 'example.net: 192.0.2.25 is listed by bl.example.org (127.0.0.2)',
        legs: { sending: 'degraded' },
        reasons: { 'sending/blocklist': 'listed' },
        text: /Submission and submission over TLS work\. Receiving, delivery, reading and webmail work\.$/,
      },
    ],
  ]);
});

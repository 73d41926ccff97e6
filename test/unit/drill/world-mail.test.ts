/** Mail broken in a drill: what each type of check says. */
import { HOUR } from '../../../shared/time.ts';
import { type FaultCase, itSays } from '../../support/drill-world.ts';

const cases: FaultCase[] = [
  {
    name: 'a queue that is stuck',
    fault: { mail: 'mail', mode: 'queue-stuck', value: 20 },
    after: HOUR,
    says: [
      'mail.delivery/queue: down queue-long',
      'mail.delivery/roundtrip: down stuck',
      'mail.receiving/smtp: ok',
      'mail.sending/submission: ok',
      'mail.reading/imaps: ok',
    ],
  },
  {
    name: 'mail that comes late',
    fault: { mail: 'example.net', mode: 'delivery-delayed', value: '40m' },
    after: 2 * HOUR,
    says: ['mail.delivery/queue: degraded queue-long', 'mail.delivery/roundtrip: down stuck', 'mail.receiving/smtp: ok'],
  },
  {
    name: 'mail that comes a little late',
    fault: { mail: 'mail', mode: 'delivery-delayed', value: '40s' },
    after: HOUR,
    says: ['mail.delivery/queue: ok', 'mail.delivery/roundtrip: degraded slow'],
  },
  {
    name: 'mail that is refused',
    fault: { mail: 'mail', mode: 'smtp-refuse' },
    says: ['mail.receiving/smtp: down refused', 'mail.sending/submission: ok', 'mail.reading/imaps: ok', 'mail.delivery/roundtrip: ok'],
  },
  {
    name: 'sending that is refused too',
    fault: { mail: 'mail', mode: 'smtp-refuse', protocols: ['smtp', 'submission'] },
    says: ['mail.receiving/smtp: down refused', 'mail.sending/submission: down refused', 'mail.delivery/roundtrip: unknown cannot-send'],
  },
  {
    name: 'log-ins that fail',
    fault: { mail: 'mail', mode: 'auth-fails' },
    says: [
      'mail.sending/submission: down login-refused',
      'mail.reading/imaps: down login-refused',
      'mail.reading/imap: down login-refused',
      'mail.reading/pop3s: down login-refused',
      'mail.filters/sieve: down login-refused',
      'mail.receiving/smtp: ok',
      'mail.delivery/roundtrip: unknown cannot-read',
    ],
  },
  {
    name: 'reading alone that fails',
    fault: { mail: 'mail', mode: 'auth-fails', protocols: ['imap', 'pop3'] },
    says: [
      'mail.reading/imaps: down login-refused',
      'mail.reading/pop3: down login-refused',
      'mail.sending/submission: ok',
      'mail.receiving/smtp: ok',
      'mail.delivery/queue: ok',
    ],
  },
  {
    name: 'webmail',
    fault: { mail: 'mail', mode: 'webmail-down' },
    says: ['mail.webmail/webmail: down wrong-status', 'mail.reading/imaps: ok'],
  },
  {
    name: 'encryption that is broken',
    fault: { mail: 'mail', mode: 'tls-broken' },
    says: [
      'mail.receiving/smtp: degraded starttls-missing',
      'mail.sending/submission: down starttls-missing',
      'mail.sending/submissions: down tls',
      'mail.reading/imaps: down tls',
      'mail.reading/imap: down no-starttls',
      'mail.filters/sieve: down no-starttls',
    ],
  },
  {
    name: 'an address on a blocklist',
    fault: { mail: 'mail', mode: 'blocklisted' },
    says: ['mail.sending/blocklist: down listed', 'mail.sending/submission: ok'],
  },
  {
    name: 'reading that is refused at the door',
    fault: { mail: 'mail', mode: 'smtp-refuse', protocols: ['imap', 'pop3', 'sieve'] },
    says: [
      'mail.reading/imaps: down refused',
      'mail.reading/pop3: down refused',
      'mail.filters/sieve: down refused',
      'mail.receiving/smtp: ok',
      'mail.delivery/roundtrip: unknown cannot-read',
    ],
  },
  {
    name: 'webmail without encryption that works',
    fault: { mail: 'mail', mode: 'tls-broken', protocols: ['webmail'] },
    says: ['mail.webmail/webmail: down tls', 'mail.reading/imaps: ok'],
  },
  {
    name: 'webmail that refuses connections',
    fault: { mail: 'mail', mode: 'smtp-refuse', protocols: ['webmail'] },
    says: ['mail.webmail/webmail: down refused'],
  },
];

itSays(cases);

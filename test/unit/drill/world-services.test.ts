/** Services broken in a drill: what each type of check says. */
import { type FaultCase, itSays } from '../../support/drill-world.ts';

const cases: FaultCase[] = [
  {
    name: 'a service that refuses',
    fault: { service: 'web', mode: 'refuse' },
    says: [
      'web/http: down refused',
      'web/tls: down refused',
      'web/tcp: down refused',
      'web1/icmp: ok',
      'web1/ssh: ok',
      'web1/inside: degraded unit-failed',
    ],
  },
  {
    name: 'a service that times out',
    fault: { service: 'web', mode: 'timeout' },
    says: ['web/http: down timeout', 'web/tls: down timeout', 'web/tcp: down timeout', 'web1/icmp: ok'],
  },
  { name: 'a service that is slow', fault: { service: 'web', mode: 'slow', value: '3s' }, says: ['web/tcp: ok', 'web/http: ok'] },
  {
    name: 'a page with an error',
    fault: { service: 'web', mode: 'error', value: 503 },
    says: ['web/http: down wrong-status', 'web/tls: ok', 'web/tcp: ok'],
  },
  {
    name: 'a page with the wrong words',
    fault: { service: 'web', mode: 'wrong-content' },
    says: ['web/http: down text-missing', 'web/tls: ok'],
  },
  {
    name: 'an expired certificate',
    fault: { service: 'web', mode: 'expired-certificate' },
    says: ['web/http: down certificate', 'web/tls: down certificate-expired', 'web/tcp: ok'],
  },
  { name: 'a service that never greets', fault: { service: 'web', mode: 'stalled' }, says: ['web/http: down timeout', 'web/tcp: ok'] },
  {
    name: 'databases that refuse take the web sites along',
    fault: { service: 'db', mode: 'refuse' },
    says: [
      'db/mysql: down refused',
      'db/postgres: down refused',
      'db/redis: down refused',
      'db/udp: down refused',
      'db/greeter: down refused',
      'web/http: down wrong-status',
      'web/tls: ok',
      'db1/icmp: ok',
    ],
  },
  {
    name: 'databases with errors',
    fault: { service: 'db', mode: 'error' },
    says: [
      'db/mysql: down too-many-connections',
      'db/postgres: down too-many-connections',
      'db/redis: down loading',
      'db/udp: degraded unexpected-reply',
      'db/greeter: degraded unexpected-banner',
      'web/http: down wrong-status',
    ],
  },
  {
    name: 'databases with the wrong answer',
    fault: { service: 'db', mode: 'wrong-content' },
    says: ['db/mysql: down wrong-answer', 'web/http: ok'],
  },
  {
    name: 'databases that let nobody in',
    fault: { service: 'db', mode: 'auth-fails' },
    says: ['db/mysql: down login-refused', 'db/postgres: down login-refused', 'db/redis: ok', 'web/http: down wrong-status'],
  },
  {
    name: 'databases that say nothing',
    fault: { service: 'db', mode: 'stalled' },
    says: ['db/mysql: down no-greeting', 'db/redis: down no-greeting', 'db/greeter: down no-greeting', 'db/udp: down timeout'],
  },
  {
    name: 'databases that are too slow',
    fault: { service: 'db', mode: 'slow', value: '20s' },
    says: ['db/mysql: down query-stalled', 'db/greeter: down no-greeting', 'web/http: ok'],
  },
  {
    name: 'log-in by ssh that is refused takes along who looks around inside',
    fault: { service: 'shell', mode: 'refuse' },
    says: [
      'shell/ssh: down refused',
      'relay1/inside: unknown refused',
      'relay1/backup: unknown refused',
      'relay/smtp: ok',
      'relay/snmp: ok',
    ],
  },
  {
    name: 'log-in by ssh that lets nobody in',
    fault: { service: 'shell', mode: 'auth-fails' },
    says: [
      'shell/ssh: ok',
      'relay1/inside: unknown login-refused',
      'relay1/backup: unknown login-refused',
      'shell/console: down wrong-status',
    ],
  },
  {
    name: 'log-in by ssh that breaks off',
    fault: { service: 'shell', mode: 'error' },
    says: ['shell/ssh: down closed', 'relay1/inside: unknown closed', 'shell/ntp: degraded unsynchronized'],
  },
  {
    name: 'time that comes too late',
    fault: { service: 'shell', mode: 'slow', value: '20s' },
    says: ['shell/ntp: down timeout', 'shell/ssh: down no-greeting', 'shell/console: down timeout'],
  },
  {
    name: 'a relay with an expired certificate',
    fault: { service: 'relay', mode: 'expired-certificate' },
    says: [
      'relay/smtp: down certificate-expired',
      'relay/submission: down certificate-expired',
      'relay/imap: down certificate-expired',
      'relay/pop3: down certificate-expired',
      'relay/sieve: down certificate-expired',
      'relay/tls: down certificate-expired',
      'relay/snmp: ok',
    ],
  },
  {
    name: 'a relay that is overloaded',
    fault: { service: 'relay', mode: 'error' },
    says: [
      'relay/smtp: down not-available',
      'relay/imap: down server-unavailable',
      'relay/pop3: down server-unavailable',
      'relay/sieve: down server-unavailable',
      'relay/tls: ok',
    ],
  },
  {
    name: 'a relay that takes very long',
    fault: { service: 'relay', mode: 'slow', value: '40s' },
    says: ['relay/smtp: down no-answer', 'relay/submission: down no-answer', 'relay/imap: down login-stalled', 'relay/tls: ok'],
  },
  {
    name: 'a name service with other records',
    fault: { service: 'names', mode: 'wrong-content' },
    says: ['names/dns: degraded unexpected-answer', 'names/resolved: degraded unexpected-answer', 'names/zone: ok'],
  },
  {
    name: 'a name service that is too slow to be heard',
    fault: { service: 'names', mode: 'slow', value: '40s' },
    says: ['names/zone: down no-answer', 'names/dns: down no-answer', 'names/resolved: down servfail', 'mail.records/posture: ok'],
  },
  {
    name: 'web sites with errors do not trouble the lookups of their names',
    fault: { service: 'web', mode: 'error' },
    says: ['names/resolved: ok', 'names/dns: ok', 'mail.records/posture: ok'],
  },
];

itSays(cases);

/** Machines broken in a drill: what each type of check says. */
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { type FaultCase, itSays } from '../../support/drill-world.ts';

const cases: FaultCase[] = [
  {
    name: 'a host that is down',
    fault: { host: 'web1' },
    says: [
      'web1/icmp: down no-reply',
      'web1/ssh: down timeout',
      'web1/inside: unknown timeout',
      'web1/agent: down timeout',
      'web1/ntp: down timeout',
      'web/http: down timeout',
      'web/tls: down timeout',
      'web/tcp: down timeout',
      'db1/icmp: ok',
      'db/mysql: ok',
    ],
  },
  {
    name: 'a host that is down, seen an hour and more later by its jobs',
    fault: { host: 'web1' },
    after: 3 * HOUR,
    says: ['web1/push: down late'],
  },
  {
    name: 'a host that hangs answers pings, takes connections and never says a word',
    fault: { host: 'web1', mode: 'hang' },
    says: [
      'web1/icmp: ok',
      'web1/ssh: down no-greeting',
      'web/http: down timeout',
      'web/tls: down timeout',
      'web/tcp: ok',
      'web1/agent: down timeout',
    ],
  },
  {
    name: 'a database that hangs with its host',
    fault: { host: 'db1', mode: 'hang' },
    says: [
      'db/mysql: down no-greeting',
      'db/postgres: down no-greeting',
      'db/redis: down no-greeting',
      'db/greeter: down no-greeting',
      'db/udp: down timeout',
      'web/http: down wrong-status',
    ],
  },
  {
    name: 'a mail server that hangs',
    fault: { host: 'mail1', mode: 'hang' },
    says: [
      'mail.receiving/smtp: down no-greeting',
      'mail.reading/imaps: down no-greeting',
      'mail.reading/pop3s: down no-greeting',
      'mail.filters/sieve: down no-greeting',
      'mail.delivery/queue: unknown timeout',
      'mail.delivery/roundtrip: unknown cannot-read',
      'mail.webmail/webmail: down timeout',
    ],
  },
  { name: 'a host that is being restarted', fault: { host: 'web1', mode: 'reboot' }, after: MINUTE, says: ['web1/icmp: down no-reply'] },
  {
    name: 'a host that was restarted',
    fault: { host: 'web1', mode: 'reboot' },
    after: 6 * MINUTE,
    says: ['web1/icmp: ok', 'web1/inside: ok', 'web/http: ok'],
  },
  {
    name: 'a host in a boot loop, off',
    fault: { host: 'web1', mode: 'boot-loop' },
    after: MINUTE,
    says: ['web1/icmp: down no-reply', 'web/http: down timeout'],
  },
  {
    name: 'a host in a boot loop, for a moment there',
    fault: { host: 'web1', mode: 'boot-loop' },
    after: 2.7 * MINUTE,
    says: ['web1/icmp: ok', 'web1/ssh: down refused', 'web/http: down refused'],
  },
  {
    name: 'a disk that turned read-only',
    fault: { host: 'web1', mode: 'read-only-disk' },
    says: ['web1/inside: down disk-read-only', 'web1/icmp: ok', 'web/http: ok'],
  },
  { name: 'a full disk', fault: { host: 'web1', mode: 'disk-full' }, says: ['web1/inside: down disk-full', 'web1/agent: down disk-full'] },
  {
    name: 'a disk that is filling up',
    fault: { host: 'web1', mode: 'disk-full', value: 88 },
    says: ['web1/inside: degraded disk-full', 'web1/agent: degraded disk-full'],
  },
  {
    name: 'memory errors',
    fault: { host: 'web1', mode: 'memory-errors' },
    says: ['web1/inside: degraded memory-errors', 'web1/agent: ok'],
  },
  {
    name: 'a hot host',
    fault: { host: 'web1', mode: 'hot', value: 98 },
    says: ['web1/inside: down temperature', 'web1/heat: degraded too-high'],
  },
];

itSays(cases);

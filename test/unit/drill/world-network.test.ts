/** Circuits, sites and the desk itself, broken in a drill: what each type of check says. */
import { type FaultCase, itSays } from '../../support/drill-world.ts';

const cases: FaultCase[] = [
  {
    name: 'a circuit that is down fails over, and only its gateway and its port are gone',
    fault: { link: 'north' },
    says: [
      'north/gateway: down no-reply',
      'north/port: down interface-down',
      'p1/icmp-192.0.2.1: ok',
      'web1/icmp: ok',
      'web/http: ok',
      'p1/visibility: ok',
    ],
  },
  {
    name: 'a circuit that drops some prefixes: their addresses are dead, the gateway answers',
    fault: { link: 'north', prefixes: ['p1'] },
    says: [
      'north/gateway: ok',
      'north/port: ok',
      'p1/icmp-192.0.2.1: down no-reply',
      'web1/icmp: down no-reply',
      'web1/ssh: down timeout',
      'web/http: down timeout',
      'p2/icmp-192.0.2.129: ok',
      'mail.receiving/smtp: ok',
      'names/zone: degraded no-answer',
      'names/dns: down no-answer',
      'names/resolved: ok',
      'p1/visibility: ok',
    ],
  },
  {
    name: 'prefixes that a link no longer announces come by the other one',
    fault: { link: 'north', prefixes: ['p1'], blackhole: false },
    says: ['p1/icmp-192.0.2.1: ok', 'web1/icmp: ok'],
  },
  {
    name: 'a circuit that is down and goes on being announced takes everything along',
    fault: { link: 'north', blackhole: true },
    says: ['north/gateway: down no-reply', 'p1/icmp-192.0.2.1: down no-reply', 'p2/icmp-192.0.2.129: down no-reply'],
  },
  {
    name: 'loss on the circuit that traffic rides on',
    fault: { link: 'north', loss: 0.6 },
    says: ['north/gateway: degraded packet-loss', 'sky/gateway: ok'],
  },
  {
    name: 'a site without a connection',
    fault: { site: 'bay' },
    says: [
      'web1/icmp: down no-reply',
      'north/gateway: down no-reply',
      'web/http: down timeout',
      'web1/inside: unknown timeout',
      'mail.reading/imaps: down timeout',
      'names/zone: degraded no-answer',
      'names/resolved: ok',
      'desk/far: ok',
      'here/host: ok',
    ],
  },
  {
    name: 'a desk that is offline',
    fault: { desk: true, mode: 'offline' },
    says: [
      'desk/far: down no-reply',
      'web1/icmp: down no-reply',
      'web/http: down timeout',
      'names/resolved: down no-answer',
      'names/delegation: down timeout',
      'names/propagation: unknown no-answer',
      'names/domain: ok',
      'p1/visibility: unknown timeout',
      'mail.records/posture: unknown resolver-failed',
      'mail.sending/blocklist: unknown resolver-failed',
      'mail.delivery/roundtrip: unknown cannot-read',
      'web1/backup: unknown timeout',
      'here/host: ok',
    ],
  },
  {
    name: 'a circuit that is slow: who waits for a reply for a second gets none, and long conversations break off',
    fault: { link: 'north', delayMs: 9_000 },
    says: ['north/gateway: down no-reply', 'web1/icmp: down no-reply', 'web/tcp: ok', 'web/http: down timeout', 'sky/gateway: ok'],
  },
  {
    name: 'a circuit with a little more delay',
    fault: { link: 'north', delayMs: 60, jitterMs: 20 },
    says: ['north/gateway: ok', 'web1/icmp: ok', 'web/http: ok', 'db/mysql: ok', 'names/zone: ok'],
  },
  {
    name: 'all packets lost for one prefix, whichever link it rides on',
    fault: { link: 'sky', prefixes: ['p1'], loss: 1 },
    says: ['sky/gateway: ok', 'web1/icmp: down no-reply', 'p1/visibility: ok', 'mail1/icmp: ok'],
  },
  {
    name: 'a link fault hurts nobody on the other circuit',
    fault: { link: 'sky', loss: 0.9 },
    says: ['sky/gateway: down packet-loss', 'web1/icmp: ok', 'web/http: ok', 'north/gateway: ok'],
  },
  {
    name: 'a site without power',
    fault: { site: 'hill', power: true },
    says: [
      'relay/smtp: down timeout',
      'relay1/inside: unknown timeout',
      'relay/snmp: down timeout',
      'names/zone: degraded no-answer',
      'web/http: ok',
    ],
  },
  {
    name: 'a computer that sleeps looks at nothing, and so sees nothing wrong',
    fault: { desk: true, mode: 'asleep' },
    says: ['desk/far: ok', 'web/http: ok'],
  },
];

itSays(cases);

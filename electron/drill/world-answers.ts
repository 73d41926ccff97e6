/** What each check type sees in a drill's world. The compiler names a type that was forgotten. */
import type { CheckType } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/checks/types.ts';
import { backups, calls } from './world-backups.ts';
import type { Answer } from './world-contact.ts';
import { mysqlServer, postgresServer, redisServer } from './world-databases.ts';
import { delegated, lookup, propagated, zoneServers } from './world-dns.ts';
import { agent, fromInside, thisComputer } from './world-machines.ts';
import { imapServer, pop3Server, sieveServer, smtpServer } from './world-mail.ts';
import { mailQueue, roundTrip } from './world-mail-flow.ts';
import { blocklists, records } from './world-mail-records.ts';
import { connect, datagram, ping, secureShell, timeServer } from './world-network.ts';
import { registration, visibleFrom } from './world-registries.ts';
import { certificate, webPage } from './world-web.ts';

export const answers = {
  icmp: ping,
  tcp: connect,
  http: webPage,
  tls: certificate,
  dns: lookup,
  host: thisComputer,
  ntp: timeServer,
  udp: datagram,
  push: calls,
  snmp: agent,
  zone: zoneServers,
  delegation: delegated,
  propagation: propagated,
  domain: registration,
  ssh: secureShell,
  mysql: mysqlServer,
  postgres: postgresServer,
  redis: redisServer,
  inside: fromInside,
  backup: backups,
  visibility: visibleFrom,
  posture: records,
  blocklist: blocklists,
  smtp: smtpServer,
  imap: imapServer,
  pop3: pop3Server,
  sieve: sieveServer,
  queue: mailQueue,
  roundtrip: roundTrip,
} satisfies Record<CheckType, Answer<never, Facts>>;

/** Checks of the provider of drill-inventory.ts, by where they lead: for tables of what a fault touches. */
import { plan } from './drill-world.ts';

export const without = (list: string[], ...left: string[]): string[] => list.filter((id) => !left.includes(id));

export const web1 = ['web1/icmp', 'web1/ssh', 'web1/inside', 'web1/agent', 'web1/heat', 'web1/backup', 'web1/ntp'];
export const web = ['web/http', 'web/tls', 'web/tcp'];
export const db = ['db/mysql', 'db/postgres', 'db/redis', 'db/udp', 'db/greeter'];
export const relay1 = ['relay1/inside', 'relay1/backup'];
export const relay = ['relay/smtp', 'relay/submission', 'relay/imap', 'relay/pop3', 'relay/sieve'];
export const shell = ['shell/ntp', 'shell/console'];
export const onRelay1 = [...relay1, ...relay, 'relay/tls', 'relay/snmp', 'shell/ssh', ...shell];
export const sending = ['mail.sending/submission', 'mail.sending/submissions'];
export const imap = ['mail.reading/imap', 'mail.reading/imaps'];
export const pop3 = ['mail.reading/pop3', 'mail.reading/pop3s'];
export const sieve = 'mail.filters/sieve';
export const round = 'mail.delivery/roundtrip';
export const webmail = 'mail.webmail/webmail';
export const queue = 'mail.delivery/queue';
export const mail1 = ['mail1/icmp', 'mail.receiving/smtp', ...sending, queue, round, ...imap, ...pop3, webmail, sieve];
export const lookups = ['names/zone', 'names/dns', 'names/delegation', 'names/resolved', 'names/propagation', 'mail.records/posture'];
/** They ask the first name server, among others. */
export const ns1 = ['names/zone', 'names/dns', 'names/delegation'];
export const inP1 = ['p1/icmp-192.0.2.1', ...web1, 'db1/icmp', ...web, ...db, ...ns1];
export const inBay = [...inP1, 'north/gateway', 'north/port', 'sky/gateway', 'p1/visibility', 'p2/icmp-192.0.2.129', ...mail1];
/** What the site on the hill carries, and who asks the second name server. */
export const onHill = [...onRelay1, 'ridge/gateway', 'names/zone', 'names/delegation'];
/** All but this computer, a registry that is asked once a day, and a job that calls once an hour. */
export const everywhere = without(
  plan.checks.map(({ id }) => id),
  'here/host',
  'names/domain',
  'web1/push',
);

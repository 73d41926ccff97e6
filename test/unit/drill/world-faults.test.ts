/** Every fault of a drill through every type of check that it touches, and some that it must not touch. */
import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../../electron/drill/world.ts';
import { spellsOf } from '../../../electron/drill/world-faults.ts';
import { checkOf } from '../../../shared/checks/index.ts';
import type { PlannedCheck } from '../../../shared/model/plan.ts';
import type { Verdict } from '../../../shared/model/words.ts';
import { type Fault, faultSchemas } from '../../../shared/scenario/scenario.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { readEverything } from '../../support/drill-inventory.ts';

const start = Date.parse('2026-06-16T03:00:00-04:00');
const { inventory, plan } = readEverything();
const checkNamed = (id: string): PlannedCheck => {
  const found = plan.checks.find((check) => check.id === id);
  if (!found) throw new Error(`no check ${id}; there are ${plan.checks.map((it) => it.id).join(' ')}`);
  return found;
};
const faultOf = (written: Record<string, unknown>): Fault => {
  const kind = Object.keys(faultSchemas).find((key) => key in written) as keyof typeof faultSchemas;
  return faultSchemas[kind].parse(written);
};
const worldWith = (written: Record<string, unknown>, at = start): World =>
  createWorld({ inventory, plan, start, seed: 7, spells: spellsOf([{ at, break: faultOf(written) }]).spells });

function verdictOf(world: World, check: PlannedCheck, at: number): Verdict {
  const { facts, tookMs } = world.see(check, at);
  const definition = checkOf(check.type);
  expect(definition.observation.parse(facts)).toEqual(facts);
  expect(tookMs).toBeLessThanOrEqual(check.timeoutMs);
  // As the engine does: once the probe has come to its end.
  return definition.judge(facts, check.config, at + tookMs);
}

/** Fault; then what each check says of it: "check: state reason". `after` = how long it has lasted. */
const cases: { name: string; fault: Record<string, unknown>; after?: number; says: string[] }[] = [
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
    name: 'a name server that is silent',
    fault: { dns: 'example.net', mode: 'server-down', server: '203.0.113.20' },
    says: ['names/zone: degraded no-answer', 'names/delegation: degraded lame', 'names/dns: ok', 'names/resolved: ok'],
  },
  {
    name: 'all name servers silent',
    fault: { dns: 'example.net', mode: 'server-down' },
    says: [
      'names/zone: down no-answer',
      'names/dns: down no-answer',
      'names/resolved: down servfail',
      'names/propagation: unknown no-answer',
      'names/delegation: down lame',
      'mail.records/posture: unknown not-asked',
    ],
  },
  {
    name: 'a secondary with an old zone',
    fault: { dns: 'example.net', mode: 'stale-serial', server: 'ns2' },
    after: 5 * MINUTE,
    says: ['names/zone: degraded serial-behind', 'names/dns: ok', 'names/propagation: degraded partly-seen'],
  },
  {
    name: 'servers that fail',
    fault: { dns: 'example.net', mode: 'servfail' },
    says: ['names/zone: down servfail', 'names/dns: down servfail', 'names/resolved: down servfail'],
  },
  {
    name: 'servers that answer something else',
    fault: { dns: 'example.net', mode: 'wrong-answer' },
    says: [
      'names/dns: degraded unexpected-answer',
      'names/resolved: degraded unexpected-answer',
      'names/zone: ok',
      'names/propagation: degraded partly-seen',
      'mail.records/posture: degraded mx-differs',
    ],
  },
  {
    name: 'a zone above that names others',
    fault: { dns: 'example.net', mode: 'delegation-mismatch' },
    says: ['names/delegation: degraded lame', 'names/zone: ok'],
  },
  {
    name: 'a backup that is late',
    fault: { backup: 'web1', mode: 'late' },
    says: ['web1/backup: degraded full-late', 'web1/push: down late'],
  },
  {
    name: 'a backup that failed',
    fault: { backup: 'web1/backup', mode: 'failed' },
    says: ['web1/backup: degraded too-small', 'web1/push: ok'],
  },
  {
    name: 'a backup that is corrupt',
    fault: { backup: 'web1', mode: 'corrupt' },
    says: ['web1/backup: degraded full-late', 'web1/push: degraded reported-warning'],
  },
  {
    name: 'a job that says that it failed',
    fault: { backup: 'web1/push', mode: 'failed' },
    says: ['web1/push: down reported-critical', 'web1/backup: ok'],
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
];

describe.each(cases)('$name', ({ fault, after = 2 * MINUTE, says }) => {
  it.each(says)('%s', (said) => {
    const [id = '', wanted = ''] = said.split(': ');
    const world = worldWith(fault);
    const { state, reason } = verdictOf(world, checkNamed(id), start + after);
    expect(state === 'ok' ? 'ok' : `${state} ${reason}`).toBe(wanted);
  });
});

describe('what a fault does not touch stays as it is', () => {
  it('by every fault of the table, of which each leaves something alone', () => {
    for (const { fault, after = 2 * MINUTE } of cases) {
      const world = worldWith(fault);
      const calm = plan.checks.filter((check) => verdictOf(world, check, start + after).state === 'ok');
      expect(calm.map((it) => it.id)).toContain('here/host');
    }
  });
});

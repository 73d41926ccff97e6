/** Every fault of the format, and exactly which checks it touches: those and no others are not content. */
import { describe, expect, it } from 'vitest';
import { checks as types } from '../../../shared/checks/index.ts';
import {
  type backupModes,
  type dnsModes,
  faultSchemas,
  type hostModes,
  type mailModes,
  mailProtocols,
  type serviceModes,
} from '../../../shared/scenario/scenario.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import {
  db,
  everywhere,
  imap,
  inBay,
  inP1,
  lookups,
  mail1,
  ns1,
  onHill,
  onRelay1,
  pop3,
  queue,
  relay,
  relay1,
  round,
  sending,
  shell,
  sieve,
  web,
  web1,
  webmail,
  without,
} from '../../support/drill-groups.ts';
import { faultOf, plan, saidOf, start, type Written, worldWith } from '../../support/drill-world.ts';

/** Of the mail server, protocol by protocol. */
const doors: Record<(typeof mailProtocols)[number], string[]> = {
  smtp: ['mail.receiving/smtp'],
  submission: [...sending, round],
  imap: [...imap, round],
  pop3,
  sieve: [sieve],
  webmail: [webmail],
};

type Row = [fault: Written, touched: string[], after?: number];
const hosts = (mode: (typeof hostModes)[number], onWeb: string[], onRelay: string[], onMail: string[]): Row[] => [
  [{ host: 'web1', mode }, onWeb],
  [{ host: 'relay1', mode }, onRelay],
  [{ host: 'mail1', mode }, onMail],
];
type ByService = Record<'web' | 'db' | 'names' | 'relay' | 'shell', string[]>;
const services = (mode: (typeof serviceModes)[number], by: ByService, more: Written = {}): Row[] =>
  Object.entries(by).map(([service, touched]) => [{ service, mode, ...more }, touched]);

const hostRows: Record<(typeof hostModes)[number], Row[]> = {
  down: hosts('down', [...web1, ...web], onRelay1, mail1),
  hang: hosts('hang', without([...web1, ...web], 'web1/icmp', 'web/tcp'), onRelay1, without(mail1, 'mail1/icmp')),
  reboot: hosts('reboot', [...web1, ...web], onRelay1, mail1),
  'boot-loop': hosts('boot-loop', [...web1, ...web], onRelay1, mail1),
  'read-only-disk': hosts('read-only-disk', ['web1/inside'], ['relay1/inside'], []),
  'disk-full': hosts('disk-full', ['web1/inside', 'web1/agent'], ['relay1/inside', 'relay/snmp'], []),
  'memory-errors': hosts('memory-errors', ['web1/inside'], ['relay1/inside'], []),
  hot: hosts('hot', ['web1/inside', 'web1/heat'], ['relay1/inside'], []),
};
const serviceRows: Record<(typeof serviceModes)[number], Row[]> = {
  refuse: services('refuse', {
    web: [...web, 'web1/inside'],
    db: [...db, 'web/http'],
    names: lookups,
    relay: [...relay, 'relay/tls', 'relay1/inside'],
    shell: ['shell/ssh', ...shell, ...relay1],
  }),
  timeout: services('timeout', {
    web,
    db: [...db, 'web/http'],
    names: lookups,
    relay: [...relay, 'relay/tls'],
    shell: ['shell/ssh', ...shell, ...relay1],
  }),
  slow: services(
    'slow',
    { web: ['web/http'], db, names: without(lookups, 'mail.records/posture'), relay, shell: ['shell/ssh', ...shell] },
    { value: '40s' },
  ),
  error: services('error', {
    web: ['web/http'],
    db: [...db, 'web/http'],
    names: lookups,
    relay,
    shell: ['shell/ssh', ...shell, ...relay1],
  }),
  'wrong-content': services('wrong-content', {
    web: ['web/http'],
    db: ['db/mysql', 'db/udp', 'db/greeter'],
    names: ['names/dns', 'names/resolved', 'names/propagation', 'mail.records/posture'],
    relay: [],
    shell,
  }),
  'expired-certificate': services('expired-certificate', {
    web: ['web/http', 'web/tls'],
    db: [],
    names: [],
    relay: [...relay, 'relay/tls'],
    shell: ['shell/console'],
  }),
  'auth-fails': services('auth-fails', {
    web: [],
    db: ['db/mysql', 'db/postgres', 'web/http'],
    names: [],
    relay: without(relay, 'relay/smtp'),
    shell: ['shell/console', ...relay1],
  }),
  stalled: services('stalled', {
    web: ['web/http', 'web/tls'],
    db: [...db, 'web/http'],
    names: lookups,
    relay: [...relay, 'relay/tls'],
    shell: ['shell/ssh', ...shell, ...relay1],
  }),
};
const byProtocol = (mode: (typeof mailModes)[number], touched: typeof doors): Row[] =>
  mailProtocols.map((protocol) => [{ mail: 'mail', mode, protocols: [protocol] }, touched[protocol]]);
const none = { smtp: [], submission: [], imap: [], pop3: [], sieve: [], webmail: [] };
const mailRows: Record<(typeof mailModes)[number], Row[]> = {
  'queue-stuck': [[{ mail: 'mail', mode: 'queue-stuck' }, [queue, round], 3 * HOUR]],
  'delivery-delayed': [[{ mail: 'example.net', mode: 'delivery-delayed' }, [queue, round], 3 * HOUR]],
  'smtp-refuse': [[{ mail: 'mail', mode: 'smtp-refuse' }, doors.smtp], ...byProtocol('smtp-refuse', doors)],
  'auth-fails': [
    [{ mail: 'mail', mode: 'auth-fails' }, [...doors.submission, ...imap, ...pop3, sieve]],
    // Nobody logs in where mail from outside comes in, and who looks at the first page of webmail does not either.
    ...byProtocol('auth-fails', { ...doors, smtp: [], webmail: [] }),
  ],
  'webmail-down': [[{ mail: 'mail', mode: 'webmail-down' }, [webmail]], ...byProtocol('webmail-down', { ...none, webmail: [webmail] })],
  'tls-broken': [
    [{ mail: 'mail', mode: 'tls-broken' }, [...doors.smtp, ...doors.submission, ...imap, ...pop3, sieve]],
    ...byProtocol('tls-broken', doors),
  ],
  blocklisted: [[{ mail: 'mail', mode: 'blocklisted' }, ['mail.sending/blocklist']]],
};
const zone = (mode: (typeof dnsModes)[number], all: string[], first: string[], second: string[]): Row[] => [
  [{ dns: 'example.net', mode }, all, 10 * MINUTE],
  [{ dns: 'example.net', mode, server: '192.0.2.20' }, first, 10 * MINUTE],
  [{ dns: 'example.net', mode, server: 'ns2' }, second, 10 * MINUTE],
];
const behind = ['names/zone', 'names/propagation'];
const wrong = ['names/dns', 'names/resolved', 'names/propagation', 'mail.records/posture'];
const dnsRows: Record<(typeof dnsModes)[number], Row[]> = {
  'server-down': zone('server-down', lookups, ns1, ['names/zone', 'names/delegation']),
  servfail: zone('servfail', lookups, ns1, ['names/zone', 'names/delegation']),
  'stale-serial': zone('stale-serial', behind, behind, behind),
  'wrong-answer': zone('wrong-answer', wrong, wrong, ['names/propagation']),
  'delegation-mismatch': zone('delegation-mismatch', ['names/delegation'], ['names/delegation'], ['names/delegation']),
};
const backup = (mode: (typeof backupModes)[number]): Row[] => [
  [{ backup: 'web1', mode }, ['web1/backup', 'web1/push']],
  [{ backup: 'relay1/backup', mode }, ['relay1/backup']],
];
const backupRows: Record<(typeof backupModes)[number], Row[]> = {
  late: backup('late'),
  failed: backup('failed'),
  corrupt: backup('corrupt'),
};
const wayRows: Row[] = [
  [{ link: 'north' }, ['north/gateway', 'north/port']],
  [{ link: 'north', prefixes: ['p1'] }, inP1],
  [{ link: 'north', prefixes: ['p1', 'p2'] }, [...inP1, 'p2/icmp-192.0.2.129', ...mail1]],
  [{ link: 'north', prefixes: ['p1'], blackhole: false }, []],
  [{ link: 'north', blackhole: true }, without(inBay, 'sky/gateway', 'p1/visibility')],
  [{ link: 'north', loss: 1 }, without(inBay, 'sky/gateway', 'p1/visibility', 'north/port')],
  [{ link: 'sky', loss: 1 }, ['sky/gateway']],
  [{ link: 'north', delayMs: 40, jitterMs: 20 }, []],
  [{ site: 'bay' }, inBay],
  [{ site: 'bay', power: true }, inBay],
  [{ site: 'hill' }, onHill],
  [{ link: 'ridge' }, onHill],
  [{ desk: true, mode: 'offline' }, everywhere],
  [{ desk: true, mode: 'asleep' }, []],
];
const rows: Row[] = [...[hostRows, serviceRows, mailRows, dnsRows, backupRows].flatMap((it) => Object.values(it).flat()), ...wayRows];

const touchedBy = (fault: Written, after = 2 * MINUTE): string[] => {
  const world = worldWith(fault);
  return plan.checks.filter((check) => saidOf(world, check, start + after) !== 'ok').map(({ id }) => id);
};

describe('touches these checks, and no others', () => {
  it.each(rows.map((row) => [JSON.stringify(row[0]), ...row] as const))('%s', (_, fault, touched, after) => {
    expect(touchedBy(fault, after).sort()).toEqual([...new Set(touched)].sort());
  });
});

describe('the table', () => {
  it('has every kind of fault, with every mode', () => {
    const kinds = rows.map(([fault]) => Object.keys(faultSchemas).find((kind) => kind in fault));
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(faultSchemas).sort());
    for (const [fault] of rows) expect(() => faultOf(fault)).not.toThrow();
  });
  it('has a fault for every type of check, but for two: nothing of a drill befalls this computer itself, and a registry is asked once a day', () => {
    const touched = new Set(rows.flatMap((row) => row[1]));
    const unhurt = Object.keys(types).filter((type) => !plan.checks.some((check) => check.type === type && touched.has(check.id)));
    expect(unhurt).toEqual(['host', 'domain']);
  });
});

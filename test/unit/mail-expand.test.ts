/** The `mail:` entry: what it expands into, and what is said of mistakes in it. */

import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { expandedInventory } from '../../electron/inventory/expanded.ts';
import { parseInventory } from '../../electron/inventory/read.ts';
import { legName, mailLegs } from '../../shared/mail/legs.ts';
import { idSchema } from '../../shared/model/words.ts';
import { cpuMs } from '../support/cpu-time.ts';

const read = (sections: object | string) => {
  const parsed = parseInventory(typeof sections === 'string' ? sections : stringify(sections), 'x');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure, null, 1));
  return parsed.value;
};
const hosts = [
  { id: 'mail1', address: '192.0.2.25' },
  { id: 'mx2', address: '192.0.2.26' },
];
/** The plan of one mail entry. */
const planOf = (mail: object) => read({ hosts, mail: [{ id: 'm', domain: 'example.net', ...mail }] }).plan;
/** "reading: imap imaps": the checks of each leg by name. */
const legsOf = (mail: object): string[] => {
  const { subjects, checks } = planOf(mail);
  return subjects
    .filter((it) => it.kind === 'mail')
    .flatMap(({ id, leg }) => {
      const names = checks.filter((it) => it.subject.id === id).map((it) => it.name);
      return leg ? [`${leg.leg}: ${names.join(' ')}`] : names.length > 0 ? [names.join(' ')] : [];
    });
};
const checkOf = (mail: object, id: string) => {
  const found = planOf(mail).checks.find((it) => it.id === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
};
const box = { address: 'nightdesk@example.net', passwordSecret: 'mail-probe' };
const all = 'mail.example.net';

describe('what a mail entry expands into', () => {
  test.each<[what: string, mail: object, legs: string[]]>([
    ['no servers: nothing', {}, []],
    ['no servers: its plain checks stay its own', { checks: [{ type: 'tcp', address: '192.0.2.25', port: 25 }] }, ['tcp']],
    [
      'one server for all, nobody logs in: no round trip',
      { servers: all },
      ['receiving: smtp smtp-v6', 'sending: submission submissions', 'reading: imap imaps pop3 pop3s', 'records: posture'],
    ],
    [
      'with a test mailbox',
      { servers: all, mailbox: box },
      [
        'receiving: smtp smtp-v6',
        'sending: submission submissions',
        'delivery: roundtrip',
        'reading: imap imaps pop3 pop3s',
        'records: posture',
      ],
    ],
    [
      'a mailbox without its password is only written to',
      { servers: all, mailbox: { address: box.address }, records: false },
      ['receiving: smtp smtp-v6', 'sending: submission submissions', 'reading: imap imaps pop3 pop3s'],
    ],
    ['an IP address has one version', { servers: { mx: '192.0.2.25' }, records: false }, ['receiving: smtp']],
    ['an IPv6 address too', { servers: { mx: '2001:db8::25' }, records: false }, ['receiving: smtp']],
    [
      'several exchangers are told apart by their addresses',
      { servers: { mx: ['mx1.example.net', 'mx2.example.net', '2001:DB8::25', '192.0.2.26'] }, records: false },
      ['receiving: smtp smtp-v6 smtp-mx2.example.net smtp-mx2.example.net-v6 smtp-2001-db8--25 smtp-192.0.2.26'],
    ],
    ['families of one exchanger', { servers: { mx: { address: 'mx1.example.net', families: [4] } }, records: false }, ['receiving: smtp']],
    [
      'families of all servers',
      { servers: { address: all, families: [4, 6], pop3: false }, records: false },
      ['receiving: smtp smtp-v6', 'sending: submission submission-v6 submissions submissions-v6', 'reading: imap imap-v6 imaps imaps-v6'],
    ],
    [
      'servers apart: only those that are named',
      { servers: { submission: 'smtp.example.net', imap: 'imap.example.net' }, mailbox: box, records: false },
      ['sending: submission submissions', 'delivery: roundtrip', 'reading: imap imaps'],
    ],
    [
      'all but some',
      { servers: { address: all, mx: false, pop3: false, sieve: 'sieve.example.net' }, records: false },
      ['sending: submission submissions', 'reading: imap imaps', 'filters: sieve'],
    ],
    [
      'ports that are not there',
      { servers: { address: all, mx: false, pop3: { tls: false }, imap: { starttls: false }, submission: { tls: false } }, records: false },
      ['sending: submission', 'reading: imaps pop3'],
    ],
    [
      'reading by POP3 only: the round trip is fetched by it',
      { servers: { address: all, imap: false }, mailbox: box, records: false },
      ['receiving: smtp smtp-v6', 'sending: submission submissions', 'delivery: roundtrip', 'reading: pop3 pop3s'],
    ],
    [
      'round trip not wanted',
      { servers: { submission: all, imap: all }, mailbox: box, roundtrip: false, records: false },
      ['sending: submission submissions', 'reading: imap imaps'],
    ],
    [
      'addresses that send are looked up in blocklists',
      { servers: { submission: all }, outbound: ['192.0.2.25'], records: false },
      ['sending: submission submissions blocklist'],
    ],
    [
      'unless that is off',
      { servers: { submission: all }, outbound: ['192.0.2.25'], blocklists: false, records: false },
      ['sending: submission submissions'],
    ],
    [
      'what people know as pages',
      { webmail: 'https://webmail.example.net/', calendar: { url: 'https://cal.example.net/' }, files: 'https://files.example.net/' },
      ['webmail: webmail', 'calendar: calendar', 'files: files'],
    ],
    [
      'pages at an IP address or a name without a dot, as plain http checks allow',
      { webmail: 'http://192.0.2.25:8080/', calendar: { url: 'https://[2001:db8::25]/' }, files: 'http://cloud/' },
      ['webmail: webmail', 'calendar: calendar', 'files: files'],
    ],
    [
      'lists, which need a mailbox',
      {
        servers: { submission: all, imap: all },
        mailbox: box,
        roundtrip: false,
        records: false,
        lists: ['announce@lists.example.net', 'x y@lists.example.net'.replace(' ', '+')],
      },
      ['sending: submission submissions', 'reading: imap imaps', 'lists: list-announce list-x-y'],
    ],
    [
      'lists without a mailbox cannot be tried',
      { servers: { submission: all }, lists: ['announce@lists.example.net'], records: false },
      ['sending: submission submissions'],
    ],
    [
      'mailboxes whose backlog is watched',
      {
        servers: { imap: all },
        records: false,
        intake: [
          { user: 'support@example.net', passwordSecret: 'support', countDegraded: 50 },
          { name: 'abuse', user: 'a@example.net' },
        ],
      },
      ['reading: imap imaps intake-support abuse'],
    ],
    ['the records alone', { records: true }, ['records: posture']],
    ['a queue alone', { queue: { source: 'local' } }, ['delivery: queue']],
    [
      'without what is not wanted',
      { servers: all, without: ['pop3', 'pop3s', 'smtp-v6', 'posture', 'submissions', 'submission'] },
      ['receiving: smtp', 'reading: imap imaps'],
    ],
    [
      'plain checks stand beside, in a leg or not',
      {
        servers: { imap: all },
        records: false,
        checks: [
          { type: 'tcp', address: all, port: 4190 },
          { leg: 'reading', type: 'tcp', name: 'proxy', address: all, port: 8143 },
          { leg: 'filters', type: 'tcp', address: all, port: 4190 },
        ],
      },
      ['tcp', 'reading: imap imaps proxy', 'filters: tcp'],
    ],
  ])('%s', (_what, mail, legs) => expect(legsOf(mail)).toEqual(legs));

  const full = {
    site: 'sd',
    servers: {
      mx: [{ address: 'mx1.example.net', host: 'mail1', families: [4] }, { host: 'mx2' }],
      submission: { host: 'mail1', address: 'smtp.example.net', starttls: 2587, tls: false },
      imap: { address: 'imap.example.net', serverName: 'mail.example.net', starttls: false, tls: 9993 },
      sieve: { address: 'imap.example.net', port: 4191 },
    },
    mailbox: { ...box, user: 'nightdesk' },
    certificate: 'verify',
    caFile: '/etc/ca.pem',
    outbound: ['192.0.2.25'],
    dkim: ['mail2026'],
    resolver: '192.0.2.53',
    queue: { host: 'mail1', user: 'noc', keySecret: 'noc-key', fingerprint: `SHA256:${'A'.repeat(43)}`, countDegraded: 50 },
    roundtrip: { slowDown: '3m', slowDegraded: '20s' },
    webmail: { url: 'https://webmail.example.net/', contains: 'Log in' },
    lists: ['announce@lists.example.net'],
    adjust: { imaps: { interval: '2m', slowDegraded: '5s', slowDown: '10s' }, roundtrip: { send: { serverName: 'mail.example.net' } } },
  };
  const planned = () => read({ sites: [{ id: 'sd' }], hosts, mail: [{ id: 'm', domain: 'example.net', ...full }] }).plan;

  test('every leg is a subject of its own, named so that it can be told beside others', () => {
    const mail = planned().subjects.filter((it) => it.kind === 'mail');
    expect(mail.map(({ id, name, hosts: on, dependsOn }) => [id, name, on, dependsOn])).toEqual([
      ['m', 'example.net', [], [['m.receiving', 'm.sending', 'm.reading']]],
      ['m.receiving', 'example.net receiving', ['mail1', 'mx2'], []],
      ['m.sending', 'example.net sending', ['mail1'], []],
      ['m.delivery', 'example.net delivery', ['mail1'], []],
      ['m.reading', 'example.net reading', [], []],
      ['m.webmail', 'example.net webmail', [], []],
      ['m.lists', 'example.net mailing lists', [], []],
      ['m.filters', 'example.net mail filters', [], []],
      ['m.records', 'example.net DNS records of mail', [], []],
    ]);
    expect(mail.every((it) => it.site === 'sd' && it.note === 'example.net')).toBe(true);
    expect(mail[4]?.leg).toEqual({ entry: 'm', domain: 'example.net', leg: 'reading' });
    expect(mail[4]?.audience).toBe('reading mail for example.net');
    expect(mail[0]).not.toHaveProperty('leg');
  });

  test('the whole of it, check by check', () => {
    const short = planned().checks.map(({ id, type, intervalMs, timeoutMs, maxAttempts, through = [] }) =>
      [id, type, `${intervalMs / 1_000}/${timeoutMs / 1_000} s`, `${maxAttempts}x`, ...through].join(' '),
    );
    expect(short).toEqual([
      'm.receiving/smtp smtp 60/35 s 3x mail1',
      'm.receiving/smtp-192.0.2.26 smtp 60/35 s 3x mx2',
      'm.sending/submission smtp 60/35 s 3x mail1',
      'm.sending/blocklist blocklist 1800/30 s 3x',
      'm.delivery/queue queue 60/10 s 3x mail1',
      'm.delivery/roundtrip roundtrip 300/210 s 2x m.sending/submission m.reading/imaps',
      'm.reading/imaps imap 120/15 s 3x',
      'm.webmail/webmail http 60/10 s 3x',
      'm.lists/list-announce roundtrip 900/150 s 2x m.delivery/roundtrip m.sending/submission m.reading/imaps',
      'm.filters/sieve sieve 60/35 s 3x',
      'm.records/posture posture 14400/120 s 3x',
    ]);
  });

  test('settings of the checks', () => {
    const { checks } = planned();
    const config = (id: string) => checks.find((it) => it.id === id)?.config;
    const trust = { certificate: 'verify', caFile: '/etc/ca.pem' };
    const common = { ...trust, expiresDegraded: 14 * 86_400_000 };
    const login = { user: 'nightdesk', passwordSecret: 'mail-probe' };
    expect(config('m.receiving/smtp')).toMatchObject({
      ...common,
      address: 'mx1.example.net',
      port: 25,
      family: 4,
      encryption: 'starttls',
      recipient: box.address,
      relayTo: 'relay-probe@example.com',
    });
    expect(config('m.receiving/smtp')).not.toHaveProperty('user');
    expect(config('m.receiving/smtp-192.0.2.26')).toMatchObject({ address: '192.0.2.26', family: 'auto' });
    expect(config('m.sending/submission')).toMatchObject({
      ...common,
      ...login,
      address: 'smtp.example.net',
      port: 2587,
      encryption: 'starttls',
      recipient: box.address,
    });
    expect(config('m.reading/imaps')).toMatchObject({
      ...common,
      ...login,
      address: 'imap.example.net',
      serverName: 'mail.example.net',
      port: 9993,
      encryption: 'tls',
      slowDegraded: 5_000,
      slowDown: 10_000,
    });
    expect(config('m.delivery/roundtrip')).toMatchObject({
      from: box.address,
      to: box.address,
      slowDegraded: 20_000,
      slowDown: 180_000,
      send: { ...trust, ...login, address: 'smtp.example.net', port: 2587, encryption: 'starttls', serverName: 'mail.example.net' },
      fetch: {
        ...trust,
        ...login,
        protocol: 'imap',
        address: 'imap.example.net',
        port: 9993,
        encryption: 'tls',
        serverName: 'mail.example.net',
      },
    });
    expect(config('m.delivery/queue')).toMatchObject({ source: 'ssh', address: '192.0.2.25', own: ['example.net'], countDegraded: 50 });
    expect(config('m.sending/blocklist')).toMatchObject({ addresses: ['192.0.2.25'], domains: ['example.net'], server: '192.0.2.53' });
    expect(config('m.records/posture')).toMatchObject({
      domain: 'example.net',
      outbound: ['192.0.2.25'],
      dkim: ['mail2026'],
      server: '192.0.2.53',
    });
    expect(config('m.webmail/webmail')).toMatchObject({ url: 'https://webmail.example.net/', contains: ['Log in'], caFile: '/etc/ca.pem' });
    expect(config('m.lists/list-announce')).toMatchObject({ from: box.address, to: 'announce@lists.example.net', list: true });
    expect(config('m.filters/sieve')).toMatchObject({ ...login, address: 'imap.example.net', port: 4191, encryption: 'starttls' });
  });

  test('by IPv6 only where there is such an address, unless somebody said that there is', () => {
    expect(checkOf({ servers: { mx: 'mx.example.net' } }, 'm.receiving/smtp-v6').config).toMatchObject({ family: 6, whereFound: true });
    expect(checkOf({ servers: { mx: 'mx.example.net' } }, 'm.receiving/smtp').config).toMatchObject({ family: 4, whereFound: false });
    const said = { servers: { mx: { address: 'mx.example.net', families: [4, 6] } } };
    expect(checkOf(said, 'm.receiving/smtp-v6').config).toMatchObject({ family: 6, whereFound: false });
  });

  test('mail that comes from outside is handed in on port 25, without a log-in', () => {
    const { config } = checkOf({ servers: all, mailbox: box, roundtrip: { via: 'mx', from: 'probe@example.com' } }, 'm.delivery/roundtrip');
    expect(config).toMatchObject({ from: 'probe@example.com', to: box.address, send: { port: 25, encryption: 'starttls' } });
    expect(config.send).not.toHaveProperty('user');
  });

  test('certificates of any kind where that is said', () => {
    const mail = { servers: { imap: all }, certificate: 'any', webmail: 'https://webmail.example.net/' };
    expect(checkOf(mail, 'm.reading/imaps').config).toMatchObject({ certificate: 'any' });
    expect(checkOf(mail, 'm.webmail/webmail').config).toMatchObject({ insecure: true });
  });

  test('a time-out goes with the limit of the check, unless one is set', () => {
    const mail = (settings: object) => ({ servers: { imap: all }, adjust: { imaps: settings } });
    expect(checkOf(mail({}), 'm.reading/imaps').timeoutMs).toBe(35_000);
    expect(checkOf(mail({ slowDown: '45s' }), 'm.reading/imaps').timeoutMs).toBe(50_000);
    expect(checkOf(mail({ slowDown: '45s', timeout: '20s' }), 'm.reading/imaps').timeoutMs).toBe(20_000);
  });

  test('exchangers are what MX must say only where they are listed by name', () => {
    const mx = (servers: unknown) => checkOf({ servers }, 'm.records/posture').config.mx;
    expect(mx(all)).toBeUndefined();
    expect(mx({ mx: ['mx1.example.net', 'mx2.example.net'] })).toEqual(['mx1.example.net', 'mx2.example.net']);
    expect(mx({ mx: ['mx1.example.net', '192.0.2.26'] })).toBeUndefined();
  });

  test('every name is an id, however long and odd the address', () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.net`;
    const { checks } = planOf({ servers: { mx: [all, long, `x${long}`, 'MX.Example.NET'] }, mailbox: box, records: false });
    for (const { name } of checks) expect(idSchema.safeParse(name).success, name).toBe(true);
    expect(new Set(checks.map((it) => it.id)).size).toBe(checks.length);
  });

  test('names of legs', () =>
    expect(mailLegs.map((leg) => legName('Staff', leg))).toEqual([
      'Staff receiving',
      'Staff sending',
      'Staff delivery',
      'Staff reading',
      'Staff webmail',
      'Staff calendar',
      'Staff file sharing',
      'Staff mailing lists',
      'Staff mail filters',
      'Staff DNS records of mail',
    ]));

  test('written out it is an inventory that watches the same', () => {
    const before = read({
      desk: { anchors: [{ type: 'icmp', name: 'gateway', address: 'default-gateway' }] },
      sites: [{ id: 'sd' }],
      links: [{ id: 'up1', site: 'sd', provider: 'Up', gateway: '198.51.100.1' }],
      prefixes: [{ id: 'p', site: 'sd', cidr: '192.0.2.0/24', via: ['up1'], representatives: ['192.0.2.1'] }],
      hosts: hosts.map((it) => ({
        ...it,
        parents: ['p'],
        checks: [{ type: 'icmp' }, { type: 'http', url: 'https://www.example.net/', slowDegraded: '2s' }],
      })),
      services: [{ id: 'news', name: 'newsletter', dependsOn: ['m'], hosts: ['mail1'] }],
      mail: [{ id: 'm', domain: 'example.net', ...full, checks: [{ type: 'tcp', address: all, port: 80 }] }],
    });
    const written = stringify(expandedInventory(before.inventory, before.plan));
    const after = read(written);
    const byId = (checks: typeof before.plan.checks) => checks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(after.plan.checks)).toEqual(byId(before.plan.checks));
    expect(after.plan.subjects.map((it) => [it.id, it.hosts, it.dependsOn, it.leg])).toEqual(
      before.plan.subjects.map((it) => [it.id, it.hosts, it.dependsOn, it.leg]),
    );
    // And what is written out has nothing more to expand.
    expect(stringify(expandedInventory(after.inventory, after.plan))).toBe(written);
    expect(written).not.toContain('servers:');
  });

  test('200 domains on the same servers are read in good time', () => {
    const mail = Array.from({ length: 200 }, (_, index) => ({
      id: `m${index}`,
      domain: `d${index}.example.net`,
      servers: { address: all, host: 'mail1', families: [4] },
      mailbox: { address: `nightdesk@d${index}.example.net`, passwordSecret: 'mail-probe' },
      outbound: ['192.0.2.25'],
      webmail: 'https://webmail.example.net/',
      adjust: { imaps: { slowDegraded: '5s' } },
    }));
    const text = stringify({ hosts, mail });
    const begin = cpuMs();
    const { plan } = read(text);
    const took = cpuMs() - begin;
    expect(plan.checks).toHaveLength(200 * 11);
    // Some 0.3 s; a machine that is busy gets more.
    expect(took).toBeLessThan(5_000);
  });
});

describe('mistakes in a mail entry', () => {
  const mistakes = (text: string): string[] => {
    const parsed = parseInventory(text, 'x');
    return parsed.ok ? [] : parsed.failure.map(({ line, column, where, expected }) => `${line}:${column} ${where}: ${expected}`);
  };
  const head = 'mail:\n  - id: m\n    domain: example.net\n';
  test.each<[what: string, text: string, told: string[]]>([
    [
      'an unknown name in without',
      '    servers: { imap: mail.example.net }\n    records: false\n    without: [imaps, pop3]\n',
      ['6:22 mail[0] "m" › without[1]: the name of an expanded check; "pop3" is none, they are imap and imaps'],
    ],
    [
      'an unknown name in adjust',
      '    servers: { imap: mail.example.net }\n    records: false\n    adjust:\n      imap-tls: { interval: 2m }\n',
      ['7:7 mail[0] "m" › adjust › imap-tls: the name of an expanded check; "imap-tls" is none, they are imap and imaps'],
    ],
    [
      'nothing is expanded at all',
      '    without: [imaps]\n',
      ['4:15 mail[0] "m" › without[0]: the name of an expanded check; "imaps" is none, nothing is expanded here without `servers`'],
    ],
    [
      'a setting that is out of bounds',
      '    servers: { imap: mail.example.net }\n    records: false\n    adjust:\n      imaps:\n        port: 99999\n',
      ['8:15 mail[0] "m" › adjust › imaps › port: a number of at most 65535; found 99999'],
    ],
    [
      'a timing without its unit',
      '    servers: { imap: mail.example.net }\n    records: false\n    adjust: { imaps: { interval: 30 } }\n',
      [
        '6:34 mail[0] "m" › adjust › imaps › interval: a duration such as "250ms", "30s", "5m", "2h" or "7d"; found 30; write the unit with it',
      ],
    ],
    [
      'a mistyped setting',
      '    servers: { imap: mail.example.net }\n    records: false\n    adjust: { imaps: { slowDegrded: 5s } }\n',
      ['6:24 mail[0] "m" › adjust › imaps › slowDegrded: a known key; "slowDegrded" is none, did you mean slowDegraded?'],
    ],
    [
      'the type cannot be adjusted',
      '    servers: { imap: mail.example.net }\n    records: false\n    adjust: { imaps: { type: pop3 } }\n',
      ['6:24 mail[0] "m" › adjust › imaps › type: a setting of imap; "type" cannot be set here'],
    ],
    [
      'a setting deep within',
      `    servers: { submission: mail.example.net, imap: mail.example.net }
    mailbox: { address: a@example.net, passwordSecret: s }
    records: false
    adjust: { roundtrip: { send: { port: 0 } } }
`,
      ['7:42 mail[0] "m" › adjust › roundtrip › send › port: a number of at least 1; found 0'],
    ],
    [
      'settings of the round trip',
      `    servers: { submission: mail.example.net, imap: mail.example.net }
    mailbox: { address: a@example.net, passwordSecret: s }
    records: false
    roundtrip: { slowDwn: 1m }
`,
      ['7:18 mail[0] "m" › roundtrip › slowDwn: a known key; "slowDwn" is none, did you mean slowDown?'],
    ],
    [
      'settings of the queue',
      '    queue: { source: carrier-pigeon }\n',
      ['4:22 mail[0] "m" › queue › source: one of ssh, local, http; found "carrier-pigeon"'],
    ],
    [
      'a page that is no URL',
      '    webmail: { url: webmail.example.net }\n',
      [expect.stringMatching(/^4:21 mail\[0\] "m" › webmail › url: a URL such as /) as never],
    ],
    [
      'a page with a password in its URL',
      '    files: https://user:word@files.example.net/\n',
      [
        expect.stringMatching(
          /^4:12 mail\[0\] "m" › files: a URL such as .*without user name and password; found something that is not shown/,
        ) as never,
      ],
    ],
    [
      'a bad address',
      '    servers: { imap: ;reboot }\n',
      ['4:22 mail[0] "m" › servers › imap: an IP address or a host name; found ";reboot"'],
    ],
    [
      'a bad address for all',
      '    servers: 300.1.2.3\n',
      ['4:14 mail[0] "m" › servers: an IP address with four numbers from 0 to 255; found "300.1.2.3"'],
    ],
    [
      'an unknown server',
      '    servers: { imaps: mail.example.net }\n',
      ['4:16 mail[0] "m" › servers › imaps: a known key; "imaps" is none, did you mean imap?'],
    ],
    [
      'an unknown key of one server',
      '    servers: { mx: [{ address: mx1.example.net, prot: 25 }] }\n',
      ['4:49 mail[0] "m" › servers › mx[0] › prot: a known key; "prot" is none, did you mean port?'],
    ],
    [
      'a host that is not there',
      '    servers: { imap: { host: mail9 } }\n    records: false\n',
      [
        '4:22 mail[0] "m" › servers › imap: an address, here or on mail "m"',
        '4:30 mail[0] "m" › servers › imap › host: the id of a host; there is no "mail9"',
      ],
    ],
    [
      'a secret that was written where its name belongs is not quoted',
      '    servers: { imap: mail.example.net }\n    mailbox: { address: a@example.net, passwordSecret: "Battery Staple!" }\n',
      [expect.stringMatching(/^5:56 .*found something that is not shown, as it may be a secret$/) as never],
    ],
    [
      'the same mistake in many checks is told once',
      '    servers: mail.example.net\n    mailbox: { address: a@example.net, user: "a\\u0007", passwordSecret: s }\n    records: false\n',
      [expect.stringMatching(/^5:46 mail\[0\] "m" › mailbox › user: the name of an account, without control characters/) as never],
    ],
    [
      'a leg elsewhere',
      '\nhosts:\n  - id: a\n    address: 192.0.2.1\n    checks: [{ type: icmp, leg: reading }]\n',
      ['8:28 hosts[0] "a" › checks[0] › leg: no "leg" here: only checks of a mail entry have one'],
    ],
    [
      'a leg that does not exist',
      '    checks: [{ leg: readng, type: tcp, address: 192.0.2.1, port: 1 }]\n',
      [
        '4:21 mail[0] "m" › checks[0] › leg: one of receiving, sending, delivery, reading, webmail, calendar, files, lists, filters, records; found "readng", did you mean reading?',
      ],
    ],
    [
      'a name that is taken within the leg',
      '    servers: { imap: mail.example.net }\n    records: false\n    checks: [{ leg: reading, type: imap, name: imaps, address: mail.example.net }]\n',
      ['6:48 mail[0] "m" › checks[0] "imaps" › name: a name of its own; "m.reading" has two checks named "imaps"'],
    ],
    [
      'two intake mailboxes of one name',
      '    servers: { imap: mail.example.net }\n    records: false\n    intake: [{ user: x@a.example.net }, { user: x@b.example.net }]\n',
      ['6:41 mail[0] "m" › intake[1]: a name of its own; "m.reading" has two checks named "intake-x"'],
    ],
    [
      'a circle through a leg',
      '    servers: { imap: { host: a } }\n    records: false\nhosts:\n  - { id: a, address: 192.0.2.1, parents: [m.reading], checks: [{ type: icmp }] }\n',
      [expect.stringMatching(/no circle in what depends on what/) as never],
    ],
    [
      'an id that is that of a leg',
      '    servers: { imap: mail.example.net }\nservices:\n  - { id: m.reading, name: x }\n',
      ['2:9 mail[0] "m" › id: an id of its own; "m.reading" is already the id of a service'],
    ],
  ])('%s', (_what, text, told) => expect(mistakes(head + text)).toEqual(told));

  test('keys with a meaning of their own do no harm', () => {
    mistakes(`${head}    servers: { imap: mail.example.net }\n    adjust: { imaps: { __proto__: { polluted: true } } }\n`);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('who names a mail entry or a leg', () => {
  test('a leg can be named wherever its entry can', () => {
    const { plan } = read({
      hosts,
      services: [{ id: 'news', name: 'newsletter', dependsOn: ['m.sending'] }],
      mail: [{ id: 'm', domain: 'example.net', servers: all }],
      maintenance: [{ id: 'w', name: 'w', from: '2026-12-16T22:00:00-08:00', affects: ['m'], spares: ['m.receiving'] }],
      routines: [{ id: 'r', name: 'r', schedule: '0 4 * * 0', restarts: ['m.reading'] }],
    });
    expect(plan.subjects.find((it) => it.id === 'news')?.dependsOn).toEqual([['m.sending']]);
  });

  test('an entry that is watched by its legs is not said to be without checks', () => {
    const { warnings = [] } = read({ mail: [{ id: 'm', domain: 'example.net', servers: { imap: all } }] });
    expect(warnings.filter((it) => it.includes('no checks'))).toEqual([]);
    expect(read({ mail: [{ id: 'm', domain: 'example.net' }] }).warnings).toEqual([
      'The mail "m" has no checks, so nothing is known about it.',
    ]);
  });
});

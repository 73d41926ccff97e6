import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAddress } from '../../electron/inventory/address.ts';
import { parseInventory } from '../../electron/inventory/read.ts';
import { appendItem } from '../../electron/inventory/splice.ts';
import { isStarter, starterInventory } from '../../electron/inventory/starter.ts';
import { addHost, addSite, type NewHost } from '../../electron/inventory/write.ts';

const web2: NewHost = {
  id: 'web2',
  name: 'Web two',
  address: '192.0.2.2',
  site: null,
  group: 'servers',
  checks: [{ type: 'icmp' }, { type: 'tcp', name: 'ssh', port: 22, expect: 'SSH-' }],
};
const value = (made: ReturnType<typeof addHost>): string => {
  if (!made.ok) throw new Error(made.failure.text);
  return made.value;
};
const code = (made: ReturnType<typeof addHost>): string => (made.ok ? 'ok' : made.failure.code);

/** Every byte of the text stands in the new one, in order, with one new stretch between. */
function addedTo(before: string, after: string): string {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  const rest = before.length - head;
  expect(after.endsWith(before.slice(head))).toBe(true);
  return after.slice(head, after.length - rest);
}

describe('addHost', () => {
  const awkward = `# kept by hand
%s
organization:   {name: "Example",timezone: 'UTC'}   # in one line


hosts:   # our machines

  # the old one
  - id:   web1     # do not touch
    address:  '192.0.2.1'
    checks: [ {type: icmp},   {type: tcp, port: 22} ]
    # nothing more to say

# services come later
services:
- id: web
  name: >-
    web sites
    and shops
  hosts: [web1]
# the end
`.replace('%s\n', '');

  test('everything else stays byte for byte, comments and odd spacing included', () => {
    const after = value(addHost(awkward, web2));
    expect(addedTo(awkward, after)).toContain(
      '- id: web2\n    name: Web two\n    address: 192.0.2.2\n    checks:\n      - type: icmp\n      - type: tcp\n        name: ssh\n        port: 22\n        expect: SSH-\n',
    );
    // A comment inside the last item stays inside it.
    expect(after.indexOf('nothing more to say')).toBeLessThan(after.indexOf('web2'));
    expect(after.indexOf('services come later')).toBeGreaterThan(after.indexOf('web2'));
    expect(parse(after).hosts.map((it: { id: string }) => it.id)).toEqual(['web1', 'web2']);
  });

  test.each([
    ['an empty file', ''],
    ['only comments', '# nothing yet\n'],
    ['no such list', 'sites:\n  - id: a\n'],
    ['no line break at the end', 'sites:\n  - id: a'],
    ['no line break after the last item', 'hosts:\n  - id: a'],
    ['an empty key', 'hosts: # none yet\nsites:\n  - id: a\n'],
    ['an empty key at the end', 'sites:\n  - id: a\nhosts:'],
    ['empty brackets', 'hosts: []   # none yet\nsites:\n  - id: a\n'],
    ['empty brackets over lines', 'hosts: [\n  # none yet\n]\nsites: []\n'],
    ['a list in brackets', 'hosts: [{ id: a }, { id: b }] # two\nsites: [] # none\n'],
    ['braces over all', '{ hosts: [{ id: a }], sites: [] }\n'],
    ['no indentation', 'hosts:\n- id: a\n  name: A\n\n- id: b\nsites:\n- id: c\n'],
    ['deep indentation', 'hosts:\n      -   id: a\n          name: A\nsites: []\n'],
    ['a block of text at the end', 'hosts:\n  - id: a\n    name: |\n      One\n\nsites: []\n'],
    ['folded text at the end of the file', 'hosts:\n  - id: a\n    name: >+\n      One\n\n\n'],
    ['an anchor on the item', 'hosts:\n  - &a\n    id: a\n    checks: []\n'],
    ['Windows line ends', '# one\r\nhosts:\r\n  - id: a\r\n    name: A\r\n\r\nsites:\r\n  - id: c\r\n'],
    ['a document start and a byte order mark', '\ufeff---\nhosts:\n  - id: a\n'],
  ])('%s: the host is added, what was there stays', (_, text) => {
    const before = parseInventory(text, 'x');
    if (!before.ok) throw new Error(JSON.stringify(before.failure));
    const after = value(addHost(text, web2));
    const read = parseInventory(after, 'x');
    expect(read.ok && read.value.inventory.hosts.at(-1)?.id).toBe('web2');
    expect(read.ok && read.value.inventory.hosts.slice(0, -1)).toEqual(before.value.inventory.hosts);
    expect(read.ok && read.value.inventory.sites).toEqual(before.value.inventory.sites);
    for (const comment of text.match(/#[^\n\r]*/g) ?? []) expect(after).toContain(comment.trim());
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('twice in a row reads like written by hand', () => {
    const once = value(addHost('', { ...web2, checks: [{ type: 'icmp' }] }));
    const twice = value(addHost(once, { ...web2, id: 'web3', name: null, checks: [{ type: 'icmp' }] }));
    expect(twice).toBe(
      'hosts:\n  - id: web2\n    name: Web two\n    address: 192.0.2.2\n    checks:\n      - type: icmp\n  - id: web3\n    address: 192.0.2.2\n    checks:\n      - type: icmp\n',
    );
  });

  test.each([
    ['an id that is taken', 'sites:\n  - id: web2\n', web2, 'id-taken'],
    ['a file with a mistake', 'hosts:\n  - id: A\n', web2, 'inventory-invalid'],
    ['an unknown check type', '', { ...web2, checks: [{ type: 'nope' }] }, 'bad-entry'],
    ['an unknown setting', '', { ...web2, checks: [{ type: 'icmp', colour: 'red' }] }, 'bad-entry'],
    ['two checks of one name', '', { ...web2, checks: [{ type: 'icmp' }, { type: 'icmp' }] }, 'bad-entry'],
    ['a site that is not there', '', { ...web2, site: 'gone' }, 'bad-entry'],
    ['an option as address', '', { ...web2, address: '-h' }, 'bad-address'],
    ['a command as address', '', { ...web2, address: ';reboot' }, 'bad-address'],
  ])('%s is refused by code %s', (_, text, host, expected) => {
    expect(code(addHost(text, host as NewHost))).toBe(expected);
  });

  test('text that YAML would read otherwise stays text', () => {
    for (const name of ['yes', 'null', '1e3', '- a', 'a: b', '#x', '"', "'", '{', '& *', '0x1f', '2026-11-20', '\\', 'ünï → ✓']) {
      const read = parseInventory(value(addHost('', { ...web2, name })), 'x');
      expect(read.ok && read.value.inventory.hosts[0]?.name).toBe(name);
    }
  });

  test('property: whatever the name, the rest of the file stays as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
        const made = addHost(awkward, { ...web2, name });
        if (!made.ok) {
          expect(made.failure.code).toBe('bad-entry');
          return;
        }
        addedTo(awkward, made.value);
        expect(parse(made.value).hosts[1].name).toBe(name);
      }),
    );
  });

  test('a mail server is kept by its domain', () => {
    const mail: NewHost = {
      ...web2,
      id: 'mx',
      name: null,
      group: 'mail',
      address: 'Mail.Example.net.',
      checks: [{ type: 'tcp', name: 'smtp', port: 25, expect: '220' }],
    };
    const entry = (made: ReturnType<typeof addHost>) => parse(value(made)).mail[0];
    expect(entry(addHost('', mail))).toMatchObject({ id: 'mx', domain: 'mail.example.net', address: 'mail.example.net' });
    expect(entry(addHost('', { ...mail, address: '192.0.2.25', name: 'example.net' }))).toMatchObject({
      domain: 'example.net',
      address: '192.0.2.25',
    });
    expect(code(addHost('', { ...mail, address: '192.0.2.25', name: 'Our mail' }))).toBe('no-domain');
    expect(code(addHost('', { ...mail, address: '192.0.2.25' }))).toBe('no-domain');
  });

  const doors = {
    smtp: { type: 'smtp', name: 'smtp', port: 25, encryption: 'starttls' },
    submission: { type: 'smtp', name: 'submission', port: 587, encryption: 'starttls' },
    submissions: { type: 'smtp', name: 'submissions', port: 465, encryption: 'tls' },
    imap: { type: 'imap', name: 'imap', port: 143, encryption: 'starttls' },
    imaps: { type: 'imap', name: 'imaps', port: 993, encryption: 'tls' },
    pop3: { type: 'pop3', name: 'pop3', port: 110, encryption: 'starttls' },
    pop3s: { type: 'pop3', name: 'pop3s', port: 995, encryption: 'tls' },
  } as const;
  const ping = { type: 'icmp', name: 'ping' };
  const [starttls, tls] = [{ tls: false }, { starttls: false }];
  const both: (4 | 6)[] = [4, 6];
  test.each<[what: string, ticked: (keyof typeof doors)[], families: (4 | 6)[], servers: unknown]>([
    ['all of it', ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'], both, undefined],
    ['a name without IPv6', ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'], [4], { mx: { families: [4] } }],
    ['no POP3', ['smtp', 'submission', 'submissions', 'imap', 'imaps'], both, { pop3: false }],
    ['one port of each', ['smtp', 'submission', 'imaps'], both, { submission: starttls, imap: tls, pop3: false }],
    ['only reading', ['imaps'], both, { mx: false, submission: false, imap: tls, pop3: false }],
  ])('a mail server with its domain expands into what was ticked: %s', (_, ticked, families, servers) => {
    const mail = { domain: 'example.net', mailbox: 'nightdesk@example.net', passwordSecret: 'mail-probe', families };
    const made = value(
      addHost('', {
        ...web2,
        id: 'm',
        name: null,
        group: 'mail',
        address: 'mail.example.net',
        checks: [ping, ...ticked.map((it) => doors[it])],
        mail,
      }),
    );
    expect(parse(made).mail).toEqual([
      {
        id: 'm',
        domain: 'example.net',
        servers: servers === undefined ? 'mail.example.net' : { address: 'mail.example.net', ...(servers as object) },
        mailbox: { address: 'nightdesk@example.net', passwordSecret: 'mail-probe' },
        checks: [ping],
      },
    ]);
    const read = parseInventory(made, 'x');
    if (!read.ok) throw new Error(JSON.stringify(read.failure));
    const names = read.value.plan.checks.filter((it) => it.type !== 'roundtrip' && it.type !== 'posture').map((it) => it.name);
    const wanted = ticked.flatMap((it) => (it === 'smtp' && families.length === 2 ? ['smtp', 'smtp-v6'] : [it]));
    expect(names).toEqual(['ping', ...wanted]);
    expect(read.value.plan.checks.some((it) => it.type === 'roundtrip')).toBe(ticked.some((it) => it.startsWith('submission')));
  });

  test('a mail server of which no mail port was ticked keeps its plain checks', () => {
    const mail = { domain: 'example.net', mailbox: null, passwordSecret: null, families: [4 as const] };
    const made = value(addHost('', { ...web2, id: 'm', name: null, group: 'mail', address: '192.0.2.25', checks: [ping], mail }));
    expect(parse(made).mail).toEqual([{ id: 'm', domain: 'example.net', address: '192.0.2.25', checks: [ping] }]);
  });

  test('a link ends at a site; its ping is its gateway', () => {
    const link: NewHost = {
      ...web2,
      id: 'up1',
      name: 'Upstream One',
      group: 'links',
      address: '192.0.2.1',
      checks: [
        { type: 'icmp', name: 'icmp' },
        { type: 'tcp', name: 'bgp', port: 179 },
      ],
    };
    const none = addHost('', link);
    expect(none.ok ? '' : `${none.failure.code}: ${none.failure.text}`).toBe(
      'no-site: A datacenter link ends at a site, and there is none yet. Add the site first, then its link.',
    );
    expect(code(addHost('sites: [{id: a}, {id: b}]\n', link))).toBe('no-site');
    const read = parseInventory(value(addHost('sites: [{id: a}, {id: b}]\n', { ...link, site: 'b' })), 'x');
    expect(read.ok && read.value.inventory.links[0]).toMatchObject({
      id: 'up1',
      site: 'b',
      provider: 'Upstream One',
      gateway: '192.0.2.1',
    });
    expect(read.ok && read.value.plan.checks.map((it) => [it.id, it.target])).toEqual([
      ['up1/gateway', '192.0.2.1'],
      ['up1/bgp', '192.0.2.1 port 179'],
    ]);
    // The only site there is needs no asking, and without a ping every check carries the address.
    const only = parseInventory(value(addHost('sites: [{id: a}]\n', { ...link, checks: [{ type: 'tcp', name: 'bgp', port: 179 }] })), 'x');
    expect(only.ok && only.value.plan.checks.map((it) => [it.id, it.target, it.subject.id])).toEqual([
      ['up1/bgp', '192.0.2.1 port 179', 'up1'],
    ]);
  });
});

describe('addSite', () => {
  test('adds a site to the starter without touching a byte of the rest', () => {
    const starter = starterInventory({ hostname: 'desk', timezone: 'Europe/Berlin' });
    const after = value(addSite(starter, { id: 'sd', name: 'San Diego', timezone: 'America/Los_Angeles' }));
    expect(addedTo(starter, after)).toContain('- id: sd\n    name: San Diego\n    timezone: America/Los_Angeles\n');
    const read = parseInventory(after, 'x');
    expect(read.ok && isStarter(read.value.plan)).toBe(false);
    expect(code(addSite(after, { id: 'sd', name: 'x', timezone: null }))).toBe('id-taken');
  });
});

describe('appendItem', () => {
  test('finds no place where the key holds no list, or the top level is none', () => {
    expect(appendItem('hosts: 5\n', 'hosts', { id: 'a' })).toBeNull();
    expect(appendItem('- a\n', 'hosts', { id: 'a' })).toBeNull();
    expect(appendItem('hosts: [\n', 'hosts', { id: 'a' })).toBeNull();
  });
});

describe('starterInventory', () => {
  test.each([
    ['desk', 'Europe/Berlin', 'Europe/Berlin', 'This computer (desk)'],
    ['', 'Nowhere/None', 'UTC', 'This computer'],
    ['a"\n- b: {', 'UTC', 'UTC', 'This computer (a" - b: {)'],
  ])('for %j in %s it is a valid inventory without warnings', (hostname, timezone, zone, name) => {
    const read = parseInventory(starterInventory({ hostname, timezone }), 'x');
    if (!read.ok) throw new Error(JSON.stringify(read.failure));
    expect(read.value).not.toHaveProperty('warnings');
    expect(read.value.inventory.organization).toEqual({ name: 'This computer', timezone: zone });
    expect(read.value.inventory.hosts[0]?.name).toBe(name);
    expect(read.value.plan.checks.map((it) => [it.id, it.type])).toEqual([
      ['desk/gateway', 'icmp'],
      ['desk/resolver', 'dns'],
      ['gateway/gateway', 'icmp'],
      ['this-computer/host', 'host'],
      ['resolver/dns', 'dns'],
    ]);
    expect(read.value.plan.checks[0]?.config.address).toBe('default-gateway');
    expect(isStarter(read.value.plan)).toBe(true);
  });
});

describe('readAddress', () => {
  test.each([
    [' web1.example.net ', { address: 'web1.example.net', url: null, port: null }],
    ['WEB1.Example.NET.', { address: 'web1.example.net', url: null, port: null }],
    ['192.0.2.1', { address: '192.0.2.1', url: null, port: null }],
    ['2001:DB8::1', { address: '2001:db8::1', url: null, port: null }],
    ['[2001:db8::1]', { address: '2001:db8::1', url: null, port: null }],
    ['[2001:db8::1]:22', { address: '2001:db8::1', url: null, port: 22 }],
    ['mail.example.net:587', { address: 'mail.example.net', url: null, port: 587 }],
    ['https://www.example.net/path?q=1#top', { address: 'www.example.net', url: 'https://www.example.net/path?q=1', port: null }],
    ['HTTP://[::1]:8080', { address: '::1', url: 'http://[::1]:8080/', port: 8080 }],
    ['https://bücher.example/', { address: 'xn--bcher-kva.example', url: 'https://xn--bcher-kva.example/', port: null }],
  ])('%s is accepted', (typed, expected) => {
    expect(readAddress(typed)).toEqual({ ok: true, value: expected });
  });

  test.each([
    ['-h', 'no host name begins with a dash'],
    ['--help', 'no host name begins with a dash'],
    [';reboot', 'letters, digits, dots and dashes'],
    ['a b', 'letters, digits, dots and dashes'],
    ['$(id).example.net', 'letters, digits, dots and dashes'],
    ['10.0.0.300', 'four numbers from 0 to 255'],
    ['web_1', 'neither an IP address nor a host name'],
    ['web1:99999', 'not between 1 and 65535'],
    ['web1:0', 'not between 1 and 65535'],
    ['ftp://web1/', 'neither an IP address nor a host name'],
    ['file:///etc/passwd', 'neither an IP address nor a host name'],
    ['https://', 'not a web address'],
    ['https://user:secret@www.example.net/', 'carries a user name or a password'],
    ['https://-h/', 'no host name begins with a dash'],
    ['a'.repeat(300), 'neither an IP address nor a host name'],
    ['', 'neither an IP address nor a host name'],
  ])('%s is refused: %s', (typed, why) => {
    const read = readAddress(typed);
    expect(read.ok ? '' : read.failure.text).toContain(why);
    expect(read.ok ? '' : read.failure.code).toBe('bad-address');
    expect(read.ok ? '' : read.failure.text).not.toContain('secret@');
  });

  test('property: what is accepted never begins with a dash and holds nothing that a shell would read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain(), fc.ipV6()), (typed) => {
        const read = readAddress(typed);
        if (read.ok) expect(read.value.address).toMatch(/^[a-z0-9:][a-z0-9.:-]*$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../electron/inventory/nearest.ts';
import { mostBytes, parseInventory } from '../../electron/inventory/read.ts';
import { checkConfigSchemas } from '../../shared/checks/index.ts';
import { problemLine } from '../../shared/model/inventory-problem.ts';
import { cpuMs } from '../support/cpu-time.ts';

const checkTypes = Object.keys(checkConfigSchemas).join(', ');

const good = `# our network
organization:
  name: Example Hosting
  timezone: America/Los_Angeles

sites:
  - id: sd
    name: San Diego
links:
  - id: up1
    site: sd
    provider: Upstream One
    gateway: 192.0.2.1
hosts:
  - id: web0
    address: 192.0.2.9
    checks: [{ type: icmp }]
  - id: web1
    name: Web server
    site: sd
    address: 192.0.2.10
    parents: [up1]
    checks:
      - type: icmp
        interval: 5s
      - type: http
        url: https://www.example.net/
        contains: [Welcome]
services:
  - id: web
    name: web sites
    hosts: [web0, web1]
    dependsOn: [up1]
`;

const lines = (text: string): string[] => {
  const read = parseInventory(text, 'inventory.yaml');
  return read.ok ? [] : read.failure.map(problemLine);
};

describe('parseInventory', () => {
  test('a good file has its inventory, its plan and no warnings', () => {
    const read = parseInventory(good, 'inventory.yaml');
    if (!read.ok) throw new Error(read.failure.map(problemLine).join('\n'));
    expect(read.value.inventory.organization.name).toBe('Example Hosting');
    expect(read.value.plan.checks.map((it) => it.id)).toEqual(['up1/gateway', 'web0/icmp', 'web1/icmp', 'web1/http']);
    expect(read.value.plan.checks[2]?.intervalMs).toBe(5_000);
    expect(read.value).not.toHaveProperty('warnings');
  });

  test.each(['', '\n\n', '# only a comment\n', '---\n', '{}', 'hosts:\n', '\ufeffhosts:\nsites: []\n', 'hosts:\r\nsites:\r\n'])(
    '%j is a valid empty inventory',
    (text) => {
      const read = parseInventory(text, 'inventory.yaml');
      expect(read.ok && read.value.plan.checks).toEqual([]);
    },
  );

  test('a key with nothing after it counts as left out', () => {
    expect(
      lines('hosts:\n  - id: a\n    name:\n    address: 192.0.2.1\n    parents:\n    checks:\n      - type: icmp\n        interval:\n'),
    ).toEqual([]);
  });

  test('a null that a check looks for is a value', () => {
    const read = parseInventory(
      'hosts:\n  - id: a\n    address: 192.0.2.1\n    checks:\n      - type: http\n        name:\n        json: { path: error, equals: null }\n',
      'x',
    );
    expect(read.ok && read.value.plan.checks[0]?.config.json).toEqual({ path: 'error', equals: null });
  });

  const host = (rest: string): string => `hosts:\n  - id: web0\n    address: 192.0.2.1\n  - id: web1\n    address: 192.0.2.2\n${rest}`;
  const mistakes: [what: string, text: string, expected: string | RegExp][] = [
    // Syntax
    ['a tab', 'hosts:\n\t- id: a\n', 'line 2, column 1: expected spaces at the start of the line; there is a tab'],
    ['a key twice', 'hosts: []\nsites: []\nhosts: []\n', 'line 3, column 1: expected each key once; "hosts" stands here a second time'],
    ['an unclosed bracket', 'hosts: [\n', /^line 2, column 1: expected another indentation, or a closing bracket \(.+\)$/],
    ['two documents', 'hosts: []\n---\nhosts: []\n', 'line 2, column 1: expected one document; a line "---" starts a second one here'],
    ['an alias of nothing', 'hosts: *gone\n', 'line 1, column 8: expected an alias of something that stands above; there is no &gone'],
    // The shape
    ['a list at the top', '- a\n', 'line 1, column 1: expected a group of keys; found a list'],
    ['text at the top', 'hello\n', 'line 1, column 1: expected a group of keys; found "hello"'],
    [
      'a map where a list belongs',
      'hosts:\n  web1:\n    address: 192.0.2.1\n',
      'line 2, column 3, hosts: expected a list (lines that start with "- "); found a group of keys',
    ],
    ['an unknown section', 'host:\n  - id: a\n', 'line 1, column 1, host: expected a known key; "host" is none, did you mean hosts?'],
    [
      'an unknown key',
      host('    adress: x\n'),
      'line 6, column 5, hosts[1] "web1" › adress: expected a known key; "adress" is none, did you mean address?',
    ],
    [
      'a key of another world',
      host('    colour: red\n'),
      'line 6, column 5, hosts[1] "web1" › colour: expected a known key; "colour" is none, the keys here are id, name, site, address, parents and checks',
    ],
    ['a missing id', 'hosts:\n  - name: a\n', 'line 2, column 5, hosts[0] "a" › id: expected the key id, which is missing'],
    [
      'an id that is none',
      'hosts:\n  - id: Web Server\n',
      /^line 2, column 9, hosts\[0\] "Web Server" › id: expected an id: lower-case letters.*; found "Web Server"$/,
    ],
    ['a number for an id', 'hosts:\n  - id: 12\n', 'line 2, column 9, hosts[0] › id: expected text; found 12; put it in quotes'],
    [
      'a time zone that is none',
      'organization:\n  timezone: Mars/Olympus\n',
      'line 2, column 13, organization › timezone: expected an IANA time zone such as Europe/Berlin; found "Mars/Olympus"',
    ],
    // Checks
    [
      'an unknown check type',
      host('    checks:\n      - type: htpp\n'),
      `line 7, column 15, hosts[1] "web1" › checks[0] › type: expected a check type: one of ${checkTypes}; "htpp" is none, did you mean http?`,
    ],
    [
      'a check without a type',
      host('    checks:\n      - port: 25\n'),
      `line 7, column 9, hosts[1] "web1" › checks[0] › type: expected the key type, which is missing: one of ${checkTypes}`,
    ],
    [
      'a check that is a word',
      host('    checks: [icmp]\n'),
      'line 6, column 14, hosts[1] "web1" › checks[0]: expected a group of keys; found "icmp"',
    ],
    [
      'a setting of the named type',
      host('    checks:\n      - type: tcp\n        port: 99999\n'),
      /^line 8, column 15, hosts\[1\] "web1" › checks\[0\] › port: expected .*65535; found 99999$/,
    ],
    [
      'a setting of another type',
      host('    checks:\n      - type: tls\n        retyInterval: 5s\n'),
      'line 8, column 9, hosts[1] "web1" › checks[0] › retyInterval: expected a known key; "retyInterval" is none, did you mean retryInterval?',
    ],
    [
      'a missing setting',
      host('    checks:\n      - type: icmp\n      - type: tcp\n'),
      'line 8, column 9, hosts[1] "web1" › checks[1] › port: expected the key port, which is missing',
    ],
    [
      'a duration without a unit',
      host('    checks:\n      - type: icmp\n        interval: 30\n'),
      /^line 8, column 19, hosts\[1\] "web1" › checks\[0\] › interval: expected .*; found 30/,
    ],
    [
      'a duration that is too short',
      host('    checks: [{ type: icmp, interval: 10ms }]\n'),
      'line 6, column 38, hosts[1] "web1" › checks[0] › interval: expected a duration from 1s to 1d; found "10ms"',
    ],
    // Addresses that are options or commands elsewhere
    ...(['-h', ';reboot', '$(reboot)', '10.0.0.300', 'a b', 'http://web1/', 'web_1', '../etc'] as const).map(
      (address) =>
        [
          `address ${address}`,
          `hosts:\n  - id: a\n    address: ${JSON.stringify(address)}\n`,
          new RegExp(
            `^line 3, column 14, hosts\\[0\\] "a" › address: expected an IP address.*; found ${JSON.stringify(address).replace(/[$()./*+?]/g, '\\$&')}$`,
          ),
        ] as [string, string, RegExp],
    ),
    // What only the plan sees
    [
      'a duplicate id',
      'hosts:\n  - id: a\nservices:\n  - name: a\n    id: a\n',
      'line 5, column 9, services[0] "a" › id: expected an id of its own; "a" is already the id of a host',
    ],
    [
      'a circle of parents',
      'hosts:\n  - id: a\n    parents: [b]\n  - id: b\n    parents:\n      - a\n',
      'line 6, column 9, hosts[1] "b" › parents[0]: expected no circle in what depends on what: a → b → a',
    ],
    [
      'a circle of dependsOn',
      'services:\n  - {id: a, name: A, dependsOn: [b]}\n  - {id: b, name: B, dependsOn: [a]}\n',
      'line 3, column 34, services[1] "b" › dependsOn[0]: expected no circle in what depends on what: a → b → a',
    ],
    [
      'a parent that is not there',
      host('    parents: [up9]\n'),
      'line 6, column 15, hosts[1] "web1" › parents[0]: expected the id of a host, link, prefix, service, mail or site; there is no "up9"',
    ],
    [
      'a check without an address',
      'services:\n  - id: s\n    name: S\n    checks:\n      - type: icmp\n',
      'line 5, column 9, services[0] "s" › checks[0]: expected an address, here or on service "s"',
    ],
  ];
  test.each(mistakes)('%s', (_, text, expected) => {
    const found = lines(text);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });

  test('all mistakes are told at once, in the order of the file', () => {
    expect(lines('hosts:\n  - id: A\n    adress: x\n  - id: b\n    checks:\n      - type: nope\n').map((it) => it.split(',')[0])).toEqual([
      'line 2',
      'line 3',
      'line 6',
    ]);
  });

  test('more than fifty mistakes end in a count', () => {
    const found = lines(`hosts:\n${'  - id: A\n'.repeat(200)}`);
    expect(found).toHaveLength(51);
    expect(found.at(-1)).toContain('there are 150 further ones');
  });

  test('anchors, aliases and merges work, and a mistake in what they repeat has the place where it stands', () => {
    const text =
      'hosts:\n  - &first\n    id: a\n    address: 192.0.2.1\n    checks: &pings\n      - type: icmp\n  - <<: *first\n    id: b\n  - id: c\n    address: 192.0.2.3\n    checks: *pings\n';
    const read = parseInventory(text, 'x');
    expect(read.ok && read.value.plan.checks.map((it) => it.id)).toEqual(['a/icmp', 'b/icmp', 'c/icmp']);
    expect(lines(text.replace('type: icmp', 'type: icpm'))[0]).toMatch(/^line 6, column 15, /);
  });

  test('one anchor used by 2,000 hosts is fine', () => {
    const text = `hosts:\n  - id: h\n    address: 192.0.2.1\n    checks: &pings [{ type: icmp }]\n${Array.from({ length: 2_000 }, (_, i) => `  - { id: h${i}, address: 192.0.2.1, checks: *pings }\n`).join('')}`;
    const read = parseInventory(text, 'x');
    expect(read.ok && read.value.plan.checks.length).toBe(2_001);
  });

  test.each([
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((it, i) => `${it}: &${it} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]\n`)
        .join('')}`,
    ],
    ['an alias of a large part, often', `a: &a [${'x,'.repeat(2_000)}]\nhosts: [${'*a,'.repeat(5_000)}]\n`],
    ['a map of 50,000 unknown keys', Array.from({ length: 50_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['a list of 30,000 mistakes', `hosts: [${'{id: A},'.repeat(30_000)}]\n`],
    ['30,000 times the same id', `hosts: [${'{id: a},'.repeat(30_000)}]\n`],
    ['an alias inside what it repeats', 'hosts: &a\n  - id: x\n    checks: *a\n'],
    ['deep nesting', '['.repeat(20_000)],
    ['deep nesting that is closed', `hosts: ${'['.repeat(200)}${']'.repeat(200)}\n`],
    ['a block of deep nesting', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s is refused in words, soon', (_, text) => {
    const begin = cpuMs();
    expect(lines(text)[0]).toMatch(/^line \d+, column \d+(, .+)?: expected /);
    expect(cpuMs() - begin).toBeLessThan(8_000);
  });

  test('more than 5 MB is refused in words', () => {
    expect(lines(`#${'x'.repeat(mostBytes)}`)).toEqual(['line 1, column 1: expected a file of at most 5 MB; inventory.yaml is larger']);
    // Counted in bytes, as in the file.
    expect(lines(`#${'\u20ac'.repeat(mostBytes / 2)}`)).toHaveLength(1);
  });

  test('keys with a meaning in JavaScript are unknown keys like any other', () => {
    expect(lines('constructor: 1\n')[0]).toMatch(/^line 1, column 1, constructor: expected a known key/);
    expect(lines('hosts:\n  - id: constructor\n    address: 192.0.2.1\n    checks: [{type: toString}]\n')[0]).toContain(
      'expected a check type',
    );
    parseInventory('__proto__: { polluted: yes }\nhosts:\n  - __proto__: { id: x }\n', 'x');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    ['a webhook URL', 'notify:\n  channels:\n    - { id: chat, type: slack, url: "https://hooks.example.net/T0/Geheim-1" }\n'],
    ['a token', 'notify:\n  channels:\n    - { id: push, type: ntfy, url: topic, token: "tk_Geheim-1" }\n'],
    ['a routing key', 'notify:\n  channels:\n    - { id: pager, type: pagerduty, routingKey: "Geheim-1" }\n'],
    [
      'a password of the mail server',
      'notify:\n  channels:\n    - { id: post, type: email, host: mail.test, from: a@b.test, user: me, password: "Geheim-1" }\n',
    ],
    ['the address of the heartbeat', 'notify:\n  heartbeat: { url: "https://watch.example.net/Geheim-1" }\n'],
    [
      'a password of a check',
      'hosts:\n  - { id: a, address: a.test, checks: [{ type: http, auth: { basic: { user: me, passwordSecret: "Geheim-1" } } }] }\n',
    ],
    ['a token of a check', 'hosts:\n  - { id: a, address: a.test, checks: [{ type: http, auth: { bearerSecret: "Geheim-1" } }] }\n'],
    ['a URL with a password', 'hosts:\n  - { id: a, address: a.test, checks: [{ type: http, url: "https://me:Geheim-1@a.test/" }] }\n'],
  ])('%s that stands where the name of a secret belongs is not quoted', (_name, text) => {
    const read = parseInventory(text, 'inventory.yaml');
    expect(read.ok).toBe(false);
    const told = JSON.stringify(read);
    expect(told).toContain('as it may be a secret');
    expect(told).not.toContain('Geheim');
  });

  test('text from the file comes out on one harmless line', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(lines('hosts:\n  - id: "a\\e[31m\\nb\\u202E"\n')[0]).not.toMatch(/[\n\u001b\u202e]/);
  });

  test('warns of what is allowed and most likely not meant', () => {
    const read = parseInventory(
      'hosts:\n  - id: a\n  - id: b\n    address: 192.0.2.1\n    checks: [{ type: icmp, interval: 2s, timeout: 9s }]\n',
      'x',
    );
    expect(read.ok && read.value.warnings).toEqual([
      'The host "a" has no checks, so nothing is known about it.',
      'b/icmp may take 9s but is due every 2s: a slow answer delays the next probe.',
    ]);
  });

  describe('never throws, and every mistake has a place inside the text', () => {
    const holds = (text: string): void => {
      const read = parseInventory(text, 'x');
      if (read.ok) return;
      expect(read.failure.length).toBeGreaterThan(0);
      const rows = text.split('\n');
      for (const problem of read.failure) {
        expect(problem.line).toBeGreaterThanOrEqual(1);
        expect(problem.line).toBeLessThanOrEqual(rows.length + 1);
        expect(problem.column).toBeGreaterThanOrEqual(1);
        expect(problem.column).toBeLessThanOrEqual((rows[problem.line - 1] ?? '').length + 2);
        expect(problem.expected).not.toBe('');
      }
    };
    test('random text', () => {
      fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), holds), { numRuns: 500 });
    });
    test('random YAML-like text', () => {
      const piece = fc.constantFrom(
        'hosts',
        'checks',
        'id',
        ':',
        ': ',
        '\n',
        '\n  ',
        '\n    ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '&a ',
        '*a',
        '<<',
        '!!set ',
        '!!binary ',
        '? ',
        '|',
        '>',
        '"',
        "'",
        '#',
        '---',
        '%',
        'null',
        '1e999',
        '.nan',
        'type',
        'icmp',
        ',',
        '\t',
        '\r',
      );
      fc.assert(
        fc.property(
          fc.array(piece, { maxLength: 40 }).map((it) => it.join('')),
          holds,
        ),
        { numRuns: 2_000 },
      );
    });
    test('a good file with a piece cut out, doubled or replaced', () => {
      const mutation = fc.tuple(
        fc.nat(good.length),
        fc.nat(40),
        fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('', '- ', ': ', '[', '*x', '&x ', '\n', '\t', 'null', '{}')),
        fc.boolean(),
      );
      fc.assert(
        fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
          holds(
            mutations.reduce(
              (text, [at, length, put, double]) =>
                text.slice(0, at) + (double ? text.slice(at, at + length) : '') + put + text.slice(at + length * (double ? 0 : 1)),
              good,
            ),
          );
        }),
        { numRuns: 1_000 },
      );
    });
    test('any settings of any check', () => {
      const keys = [...new Set(Object.values(checkConfigSchemas).flatMap((it) => Object.keys(it.shape)))];
      const leaf = fc.oneof(
        fc.string(),
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('127.0.0.1', 'localhost', 'https://localhost/', '5s', 'A', 'GET', 4, 443),
      );
      const setting = fc.oneof(
        leaf,
        fc.array(leaf, { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('path', 'equals', 'name', 'contains', 'basic'), leaf),
      );
      const check = fc
        .tuple(fc.constantFrom(...Object.keys(checkConfigSchemas)), fc.dictionary(fc.constantFrom(...keys), setting, { maxKeys: 4 }))
        .map(([type, settings]) => ({ ...settings, type }));
      fc.assert(
        fc.property(fc.array(check, { maxLength: 3 }), (made) =>
          holds(
            JSON.stringify({ hosts: [{ id: 'a', address: '127.0.0.1', checks: made }], services: [{ id: 's', name: 's', checks: made }] }),
          ),
        ),
        { numRuns: 1_000 },
      );
    });
    test('any value at any place of the tree', () => {
      const leaf = fc.oneof(
        fc.string(),
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constant([]),
        fc.constant({}),
        fc.constant([null]),
      );
      const places = [
        'organization',
        'defaults',
        'retention',
        'sites',
        'links',
        'prefixes',
        'hosts',
        'services',
        'mail',
        'maintenance',
        'routines',
      ];
      fc.assert(
        fc.property(
          fc.constantFrom(...places),
          fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.constantFrom('id', 'name', 'checks', 'parents', 'site', 'x'), leaf)),
          (key, value) => holds(JSON.stringify({ [key]: value })),
        ),
        { numRuns: 500 },
      );
    });
  });

  test('1,000 hosts with 3 checks each are read in well under a second', () => {
    const text = `hosts:\n${Array.from({ length: 1_000 }, (_, i) => `  - id: h${i}\n    address: 192.0.2.${i % 250}\n    checks:\n      - type: icmp\n      - type: tcp\n        port: 22\n      - type: http\n        url: https://h${i}.example.net/\n`).join('')}`;
    const begin = cpuMs();
    const read = parseInventory(text, 'x');
    expect(read.ok && read.value.plan.checks.length).toBe(3_000);
    expect(cpuMs() - begin).toBeLessThan(2_000);
  });
});

describe('nearest', () => {
  test.each([
    ['retyInterval', 'retryInterval'],
    ['retry_interval', 'retryInterval'],
    ['adress', 'address'],
    ['prot', 'port'],
    ['xyz', null],
    ['', null],
    ['a'.repeat(100), null],
  ])('%s: %s', (word, expected) => {
    expect(nearest(word, ['retryInterval', 'interval', 'address', 'port'])).toBe(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInside } from '../../shared/model/cidr.ts';
import { type Inventory, inventorySchema } from '../../shared/model/inventory.ts';
import { planOf } from '../../shared/model/plan.ts';

const inventory = (written: object): Inventory => inventorySchema.parse(written);
const problems = (written: object): string[] => planOf(inventory(written)).problems.map((it) => `${it.path.join('.')}: ${it.expected}`);
const checksOf = (written: object) => planOf(inventory(written)).plan.checks;

describe('planOf', () => {
  test('an empty inventory is an empty plan with defaults', () => {
    const { plan, problems: found } = planOf(inventory({}));
    expect(found).toEqual([]);
    expect(plan).toEqual({
      organization: { name: 'My organization', timezone: 'UTC' },
      subjects: [],
      checks: [],
      maintenance: [],
      routines: [],
      notify: { channels: [], people: [], rotas: [], routes: [], escalations: [] },
      flapping: { start: 20, stop: 5 },
      networks: [],
    });
  });

  test.each<[what: string, parents: (string | string[])[], needs: string[][]]>([
    ['nothing', [], []],
    ['one', ['up1'], [['up1']]],
    ['two upstreams stand in for each other', ['up1', 'up2'], [['up1', 'up2']]],
    ['a link and a switch are both needed', ['up1', 'sw1'], [['up1'], ['sw1']]],
    [
      'kinds mixed',
      ['up1', 'sw1', 'up2', 'sw2'],
      [
        ['up1', 'up2'],
        ['sw1', 'sw2'],
      ],
    ],
    ['a group of its own', [['up1', 'sw1']], [['up1', 'sw1']]],
    ['a group beside a single one', [['sw1', 'sw2'], 'up1'], [['up1'], ['sw1', 'sw2']]],
  ])('parents: %s', (_what, parents, needs) => {
    const { plan, problems: found } = planOf(
      inventory({
        sites: [{ id: 'sd' }],
        links: ['up1', 'up2'].map((id) => ({ id, site: 'sd', provider: id })),
        hosts: [{ id: 'sw1' }, { id: 'sw2' }, { id: 'web1', parents }],
      }),
    );
    expect(found).toEqual([]);
    expect(plan.subjects.find((it) => it.id === 'web1')?.dependsOn).toEqual(needs);
  });

  test('a prefix is announced over any of its links, a service needs all that it depends on', () => {
    const { plan } = planOf(
      inventory({
        sites: [{ id: 'sd' }],
        links: ['up1', 'up2'].map((id) => ({ id, site: 'sd', provider: id })),
        prefixes: [{ id: 'p1', site: 'sd', cidr: '198.51.100.0/24', via: ['up1', 'up2'] }],
        hosts: [{ id: 'db1' }, { id: 'db2' }, { id: 'nfs' }],
        services: [{ id: 'shop', name: 'shop', dependsOn: [['db1', 'db2'], 'nfs'] }],
      }),
    );
    expect(plan.subjects.find((it) => it.id === 'p1')?.dependsOn).toEqual([['up1', 'up2']]);
    expect(plan.subjects.find((it) => it.id === 'shop')?.dependsOn).toEqual([['db1', 'db2'], ['nfs']]);
  });

  test.each<[what: string, entry: Record<string, unknown>, path: string, expected: RegExp]>([
    ['flexible without duration', { from: '2026-11-20T22:00:00Z', to: '2026-11-20T23:00:00Z', kind: 'flexible' }, 'kind', /duration/],
    ['recurring without duration', { schedule: '0 4 * * 0' }, 'kind', /duration/],
    ['recurring without schedule', { kind: 'recurring', duration: '1h' }, 'kind', /schedule/],
    ['a cron line that never comes true', { schedule: '0 4 30 2 *', duration: '1h' }, 'schedule', /never/],
    ['fixed without end', { kind: 'fixed', from: '2026-11-20T22:00:00Z' }, 'kind', /open-ended/],
  ])('planned work, %s: one problem at its place', (_what, entry, path, expected) => {
    const { problems: found } = planOf(inventory({ maintenance: [{ id: 'm', name: 'work', ...entry }] }));
    expect(found).toMatchObject([{ path: ['maintenance', 0, path], expected: expect.stringMatching(expected) }]);
  });

  test('every kind of thing becomes a subject with its words', () => {
    const { plan, problems: found } = planOf(
      inventory({
        sites: [{ id: 'sd', name: 'San Diego', contacts: [{ name: 'Desk', phone: '+1' }] }],
        links: [{ id: 'up1', site: 'sd', provider: 'Upstream One', circuit: 'C-17', gateway: '192.0.2.1' }],
        prefixes: [{ id: 'p1', site: 'sd', cidr: '198.51.100.0/24', via: ['up1'], representatives: ['198.51.100.7'] }],
        hosts: [{ id: 'web1', site: 'sd', address: '198.51.100.10', parents: ['p1'], checks: [{ type: 'icmp' }] }],
        services: [
          {
            id: 'web',
            name: 'web sites',
            audience: 'your web site',
            hosts: ['web1'],
            dependsOn: ['p1'],
            checks: [{ type: 'http', url: 'https://www.example.net/' }],
          },
        ],
        mail: [{ id: 'mx', domain: 'example.net', hosts: ['web1'], checks: [{ type: 'tcp', name: 'smtp', port: 25, expect: '220' }] }],
      }),
    );
    expect(found).toEqual([]);
    expect(plan.subjects.map((it) => [it.kind, it.id, it.name, it.site, it.note, it.dependsOn, it.hosts])).toEqual([
      ['site', 'sd', 'San Diego', null, '1 contact', [], []],
      ['link', 'up1', 'Upstream One', 'sd', 'C-17', [], []],
      ['prefix', 'p1', '198.51.100.0/24', 'sd', '198.51.100.0/24', [['up1']], []],
      ['host', 'web1', 'web1', 'sd', '198.51.100.10', [['p1']], []],
      ['service', 'web', 'web sites', null, '', [['p1']], ['web1']],
      ['mail', 'mx', 'example.net', null, 'example.net', [], ['web1']],
    ]);
    expect(plan.subjects.at(-2)?.audience).toBe('your web site');
    expect(plan.subjects.at(-1)?.audience).toBe('mail for example.net');
    expect(plan.checks.map((it) => [it.id, it.target])).toEqual([
      ['up1/gateway', '192.0.2.1'],
      ['p1/icmp-198.51.100.7', '198.51.100.7'],
      ['web1/icmp', '198.51.100.10'],
      ['web/http', 'https://www.example.net/'],
      ['mx/smtp', '198.51.100.10 port 25'],
    ]);
  });

  test('timing comes from the check, else from defaults; a retry is never slower than the interval', () => {
    const [fast, plain] = checksOf({
      defaults: { interval: '60s', timeout: '5s' },
      hosts: [
        { id: 'a', address: '192.0.2.1', checks: [{ type: 'icmp', interval: '2s', timeout: '1s', maxAttempts: 5 }] },
        { id: 'b', address: '192.0.2.2', checks: [{ type: 'icmp' }] },
      ],
    });
    expect(fast).toMatchObject({
      intervalMs: 2_000,
      retryIntervalMs: 2_000,
      timeoutMs: 1_000,
      maxAttempts: 5,
      permitKey: '192.0.2.1',
      vantage: 'desk',
    });
    expect(plain).toMatchObject({ intervalMs: 60_000, retryIntervalMs: 10_000, timeoutMs: 5_000, maxAttempts: 3 });
  });

  test('settings of a check are read once: durations stay milliseconds, defaults are filled in', () => {
    const [ping, gateway] = checksOf({
      sites: [{ id: 's' }],
      hosts: [{ id: 'a', address: '192.0.2.1', checks: [{ type: 'icmp', medianDegraded: '250ms' }] }],
      links: [{ id: 'l', site: 's', provider: 'P', gateway: '192.0.2.254' }],
    }).toSorted((a, b) => a.id.localeCompare(b.id));
    expect(ping?.config).toMatchObject({ address: '192.0.2.1', medianDegraded: 250, packets: 5 });
    expect(ping?.config).not.toHaveProperty('interval');
    // A gateway is pinged without being written as a check, with enough packets for a smoke chart and the time that they take.
    expect(gateway?.config).toMatchObject({ address: '192.0.2.254', packets: 20, lossDown: 80 });
  });

  test('networks name routers: of links by their provider, with the gateway; own prefixes by name', () => {
    const { plan: made } = planOf(
      inventory({
        sites: [{ id: 's' }],
        links: [
          { id: 'l', name: 'Uplink 1', site: 's', provider: 'Cox', gateway: '192.0.2.254', hops: ['198.51.100.0/24', '2001:db8::/32'] },
          { id: 'm', site: 's', provider: 'Level3', gateway: 'gw.example.net' },
        ],
        prefixes: [{ id: 'p', site: 's', cidr: '203.0.113.0/24' }],
      }),
    );
    expect(made.networks).toEqual([
      { name: 'Cox', cidr: '198.51.100.0/24' },
      { name: 'Cox', cidr: '2001:db8::/32' },
      { name: 'Cox', cidr: '192.0.2.254/32' },
      { name: '203.0.113.0/24', cidr: '203.0.113.0/24' },
    ]);
  });

  test('a gateway has time for its packets, but never more than its interval', () => {
    const timeoutWith = (defaults: object) =>
      checksOf({ defaults, sites: [{ id: 's' }], links: [{ id: 'l', site: 's', provider: 'P', gateway: '192.0.2.254' }] })[0]?.timeoutMs;
    expect(timeoutWith({})).toBe(10_000);
    expect(timeoutWith({ timeout: '2s' })).toBe(7_000);
    expect(timeoutWith({ timeout: '20s', interval: '60s' })).toBe(20_000);
    expect(timeoutWith({ timeout: '2s', interval: '5s' })).toBe(5_000);
  });

  test('visibility on a prefix is of that prefix; elsewhere it must name one', () => {
    const url = 'https://stat.example.net/data/';
    const prefixes = [{ id: 'p', site: 's', cidr: '203.0.113.0/24', checks: [{ type: 'visibility', url }] }];
    const hosts = [{ id: 'h', checks: [{ type: 'visibility', url }] }];
    expect(checksOf({ sites: [{ id: 's' }], prefixes })).toMatchObject([
      { config: { prefix: '203.0.113.0/24' }, target: 'visibility of 203.0.113.0/24' },
    ]);
    expect(planOf(inventory({ hosts })).problems).toEqual([{ path: ['hosts', 0, 'checks', 0], expected: 'a prefix, as host "h" is none' }]);
    expect(checksOf({ hosts: [{ id: 'h', checks: [{ type: 'visibility', url, prefix: '192.0.2.0/24' }] }] })).toMatchObject([
      { config: { prefix: '192.0.2.0/24' } },
    ]);
  });

  test('an address of its own goes before the host around it; default-gateway is one', () => {
    const made = checksOf({
      hosts: [
        {
          id: 'a',
          address: '192.0.2.1',
          checks: [
            { type: 'tcp', port: 22, address: '192.0.2.9' },
            { type: 'icmp', address: 'default-gateway' },
          ],
        },
      ],
    });
    expect(made.map((it) => it.config.address)).toEqual(['192.0.2.9', 'default-gateway']);
  });

  test('a URL goes to the host that it stands on, and elsewhere where it leads', () => {
    const http = { type: 'http', url: 'https://www.example.net/shop' };
    const made = checksOf({
      hosts: [{ id: 'web1', address: '192.0.2.1', checks: [http] }],
      services: [{ id: 'web', name: 'web', hosts: ['web1'], checks: [http] }],
      mail: [{ id: 'mx', domain: 'example.net', address: '192.0.2.2', checks: [http] }],
    });
    expect(made.map((it) => [it.id, it.config.address, it.permitKey])).toEqual([
      ['web1/http', '192.0.2.1', '192.0.2.1'],
      ['web/http', undefined, 'www.example.net'],
      ['mx/http', undefined, 'www.example.net'],
    ]);
  });

  test.each([
    [
      'duplicate id across kinds',
      { sites: [{ id: 'x' }], hosts: [{ id: 'x' }] },
      'hosts.0.id: an id of its own; "x" is already the id of a site',
    ],
    ['id of the desk', { hosts: [{ id: 'desk' }] }, 'hosts.0.id: another id; "desk" is Nightdesk itself'],
    [
      'reference to nothing',
      { hosts: [{ id: 'a', parents: ['b'] }] },
      'hosts.0.parents.0: the id of a host, link, prefix, service, mail or site; there is no "b"',
    ],
    [
      'reference to the wrong kind',
      { sites: [{ id: 's' }], prefixes: [{ id: 'p', cidr: '192.0.2.0/24', site: 's', via: ['s'] }] },
      'prefixes.0.via.0: the id of a link; "s" is a site',
    ],
    ['site that is none', { hosts: [{ id: 'a' }, { id: 'b', site: 'a' }] }, 'hosts.1.site: the id of a site; "a" is a host'],
    [
      'no address',
      { services: [{ id: 's', name: 's', checks: [{ type: 'tcp', port: 25 }] }] },
      'services.0.checks.0: an address, here or on service "s"',
    ],
    ['no address for tls', { hosts: [{ id: 'a', checks: [{ type: 'tls' }] }] }, 'hosts.0.checks.0: an address, here or on host "a"'],
    [
      'http without address and url',
      { hosts: [{ id: 'a', checks: [{ type: 'http' }] }] },
      'hosts.0.checks.0: an address, here or on host "a"',
    ],
    [
      'two checks of one name',
      { hosts: [{ id: 'a', address: '192.0.2.1', checks: [{ type: 'icmp' }, { type: 'icmp' }] }] },
      'hosts.0.checks.1: a name of its own; "a" has two checks named "icmp"',
    ],
    [
      'a check named like the implied one',
      {
        sites: [{ id: 's' }],
        links: [{ id: 'l', site: 's', provider: 'p', gateway: '192.0.2.1', checks: [{ type: 'icmp', name: 'gateway' }] }],
      },
      'links.0.checks.0.name: a name of its own; "l" has two checks named "gateway"',
    ],
    [
      'a representative twice',
      { sites: [{ id: 's' }], prefixes: [{ id: 'p', cidr: '192.0.2.0/24', site: 's', representatives: ['192.0.2.1', '192.0.2.1'] }] },
      'prefixes.0.representatives.1: a name of its own; "p" has two checks named "icmp-192.0.2.1"',
    ],
    [
      'a representative outside',
      { sites: [{ id: 's' }], prefixes: [{ id: 'p', cidr: '192.0.2.0/25', site: 's', representatives: ['192.0.2.200'] }] },
      'prefixes.0.representatives.0: an address inside 192.0.2.0/25; 192.0.2.200 is not',
    ],
    ['itself as parent', { hosts: [{ id: 'a', parents: ['a'] }] }, 'hosts.0.parents.0: no circle in what depends on what: a → a'],
    [
      'circle over kinds',
      { hosts: [{ id: 'a', parents: ['s'] }], services: [{ id: 's', name: 's', hosts: ['a'] }] },
      'services.0.hosts.0: no circle in what depends on what: a → s → a',
    ],
    [
      'circle of three',
      {
        services: [
          { id: 'x', name: 'x', dependsOn: ['y'] },
          { id: 'y', name: 'y', dependsOn: ['z'] },
          { id: 'z', name: 'z', dependsOn: ['x'] },
        ],
      },
      'services.2.dependsOn.0: no circle in what depends on what: x → y → z → x',
    ],
    [
      'window that ends before it begins',
      { maintenance: [{ id: 'm', name: 'm', from: '2026-12-16T22:00:00-08:00', to: '2026-12-16T22:00:00+01:00' }] },
      'maintenance.0.to: a time after `from`',
    ],
    [
      'window over nothing',
      { maintenance: [{ id: 'm', name: 'm', affects: ['gone'] }] },
      'maintenance.0.affects.0: the id of something in this inventory; there is no "gone"',
    ],
    [
      'two routines of one id',
      {
        routines: [
          { id: 'r', name: 'r', schedule: '30 3 * * 0' },
          { id: 'r', name: 'r', schedule: '0 0 * * *' },
        ],
      },
      'routines.1.id: an id of its own; there are two named "r" under routines',
    ],
  ])('%s is one problem at its place', (_, written, expected) => {
    expect(problems(written)).toEqual([expected]);
  });

  test('a diamond is no circle', () => {
    expect(
      problems({ hosts: [{ id: 'a', parents: ['b', 'c'] }, { id: 'b', parents: ['d'] }, { id: 'c', parents: ['d'] }, { id: 'd' }] }),
    ).toEqual([]);
  });

  test('a chain of 20,000 does not exhaust the stack', () => {
    const hosts = Array.from({ length: 20_000 }, (_, index) => ({
      id: `h${index}`,
      parents: index === 19_999 ? ['h0'] : [`h${index + 1}`],
    }));
    const found = problems({ hosts });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('hosts.19999.parents.0: no circle');
  });

  test('property: a circle is reported exactly where one exists', () => {
    const graph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(graph, (edges) => {
        const hosts = edges.map((to, index) => ({ id: `h${index}`, parents: to.map((it) => `h${it}`) }));
        // Kahn: what is left after taking away all that nothing points from is a circle.
        const left = new Set(edges.keys());
        for (let again = true; again; ) {
          again = false;
          for (const it of left) if ((edges[it] ?? []).every((to) => !left.has(to))) again = left.delete(it);
        }
        expect(problems({ hosts }).length > 0).toBe(left.size > 0);
      }),
    );
  });
});

describe('whom to call', () => {
  test('sites and links carry their contacts and the circuit for tickets, and nothing where none are written', () => {
    const contacts = [{ name: 'Cox tier 1', phone: '+1 555 0100' }];
    const { subjects } = planOf(
      inventory({
        sites: [{ id: 'sd', contacts }, { id: 'la' }],
        links: [
          { id: 'cox', site: 'sd', provider: 'Cox', circuit: '71/KGGS/1', contacts },
          { id: 'bare', site: 'la', provider: 'Bare' },
        ],
      }),
    ).plan;
    expect(subjects.map(({ id, contacts: whom, circuit }) => [id, whom, circuit])).toEqual([
      ['sd', contacts, undefined],
      ['la', undefined, undefined],
      ['cox', contacts, '71/KGGS/1'],
      ['bare', undefined, undefined],
    ]);
  });
});

describe('isInside', () => {
  test.each([
    ['192.0.2.1', '192.0.2.0/24', true],
    ['192.0.3.1', '192.0.2.0/24', false],
    ['10.0.0.1', '0.0.0.0/0', true],
    ['255.255.255.255', '255.255.255.255/32', true],
    ['2001:db8::1', '2001:db8::/48', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::1', '::/127', true],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.0/120', true],
    ['192.0.2.1', '::/0', false],
    ['nonsense', '192.0.2.0/24', false],
    ['192.0.2.1', '192.0.2.0/33', false],
  ])('%s in %s: %s', (address, cidr, expected) => {
    expect(isInside(address, cidr)).toBe(expected);
  });
});

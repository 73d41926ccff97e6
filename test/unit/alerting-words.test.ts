import { describe, expect, it } from 'vitest';
import { checkLabel, nounOf, subjectIdOf } from '../../shared/alerting/names.ts';
import { settle } from '../../shared/alerting/settle.ts';
import { graphOf } from '../../shared/health/reach.ts';
import type { CheckState } from '../../shared/health/step.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { check, hard, okState, thing, verdict } from '../support/story.ts';

const web1 = thing('host', 'web1');
const cox = thing('link', 'cox', { name: 'Cox', site: 'sd' });
const range = thing('prefix', 'range-13', { name: '198.18.13.0/24', site: 'sd' });
const mail = thing('mail', 'mail-sd', { name: 'example.net' });
const sites = thing('service', 'web', { name: 'web sites' });
const silent = hard(verdict('down', 'no-reply', 'no answer to 5 pings'));
const refused = hard(verdict('down', 'refused', 'connection refused'));
const wrong = hard(verdict('down', 'wrong-status', 'answers 503, expected 200'));
const lossy = hard(verdict('degraded', 'packet-loss', '6 of 20 packets lost'));
const slow = hard(verdict('degraded', 'slow', 'answers in 1.9 s, more than 500 ms'));
const long = 'x'.repeat(80);

type Checks = [PlannedCheck, CheckState][];
const settled = (all: [Subject, Checks][], siteName?: string) => {
  const states = new Map(all.flatMap(([, checks]) => checks.map(([plan, state]) => [plan.id, state] as const)));
  const { alerts } = settle({
    problems: all.flatMap(([subject, checks]) =>
      checks
        .filter(([, state]) => state.hard !== 'ok' || state.flapping)
        .map(([plan, state]) => ({ plan, subject, state, cover: null, roots: [subject.id], hold: false })),
    ),
    open: [],
    silences: [],
    graph: graphOf(all.map(([subject]) => subject)),
    siteName: () => siteName,
    checksOf: (id) => (all.find(([subject]) => subject.id === id)?.[1] ?? []).map(([plan, state]) => ({ plan, state })),
    isWatched: (id) => states.has(id),
    cutOff: null,
    relatedTo: () => [],
    now: 9,
    newId: () => 'N',
  });
  expect(alerts.length).toBeLessThan(2);
  return alerts[0];
};
const alert = (subject: Subject, checks: Checks, siteName?: string) => settled([[subject, checks]], siteName);

describe('titles', () => {
  const http = check(web1, 'http');
  const ping = check(web1, 'icmp');
  const address = (last: number) => check(range, 'icmp', `icmp-198.18.13.${last}`, { target: `198.18.13.${last}` });
  const imap = check(mail, 'tcp', 'imap-login');
  const table: [string, ReturnType<typeof alert>, string][] = [
    [
      'all of a host',
      alert(web1, [
        [ping, silent],
        [http, refused],
      ]),
      'web1 is down',
    ],
    ['the only check of a host', alert(web1, [[http, refused]]), 'web1 is down'],
    ['a host that answers, wrongly', alert(web1, [[http, wrong]]), 'HTTP on web1 fails'],
    [
      'one of several',
      alert(web1, [
        [ping, okState],
        [http, refused],
      ]),
      'HTTP on web1 fails',
    ],
    [
      'two of several',
      alert(web1, [
        [ping, okState],
        [http, refused],
        [check(web1, 'http', 'https'), refused],
      ]),
      'HTTP and HTTPS on web1 fail',
    ],
    ['slowness', alert(thing('host', 'db2'), [[check(thing('host', 'db2'), 'tcp', 'mysql'), slow]]), 'db2 answers slowly'],
    [
      'a short verdict',
      alert(web1, [[check(web1, 'host'), hard(verdict('degraded', 'memory', 'memory 93 % used'))]]),
      'web1: memory 93 % used',
    ],
    [
      'what was found, without what could not be read',
      alert(web1, [
        [
          check(web1, 'host'),
          hard({
            ...verdict('degraded', 'load', 'load 3.9 per core; not known: temperatures'),
            title: 'load 3.9 per core',
          }),
        ],
      ]),
      'web1: load 3.9 per core',
    ],
    ['a long verdict', alert(web1, [[check(web1, 'host'), hard(verdict('degraded', 'memory', long))]]), 'Host on web1 is degraded'],
    [
      'an expired certificate',
      alert(web1, [
        [ping, okState],
        [check(web1, 'tls'), hard(verdict('down', 'certificate-expired', 'certificate expired 2 d ago'))],
      ]),
      'web1: certificate expired 2 d ago',
    ],
    [
      'a machine whose disk is read-only is not down',
      alert(web1, [[check(web1, 'host'), hard(verdict('down', 'disk-read-only', 'disk / is read-only'))]]),
      'web1: disk / is read-only',
    ],
    [
      'a server that is not well inside',
      alert(web1, [
        [ping, okState],
        [check(web1, 'inside'), hard(verdict('down', 'disk-full', 'disk /var 99 % full'))],
      ]),
      'web1: disk /var 99 % full',
    ],
    [
      'a backup that is old',
      alert(web1, [
        [ping, okState],
        [check(web1, 'backup'), hard(verdict('down', 'full-late', 'the last backup is 16 d old'))],
      ]),
      'web1: the last backup is 16 d old',
    ],
    [
      'a database that hangs',
      alert(web1, [
        [ping, okState],
        [check(web1, 'mysql'), hard(verdict('down', 'no-greeting', 'port 3306 accepts connections, but the server says nothing'))],
      ]),
      'MySQL on web1 fails',
    ],
    [
      'a database that hangs on a machine that does not answer either',
      alert(web1, [
        [ping, silent],
        [check(web1, 'mysql'), hard(verdict('down', 'no-greeting', 'port 3306 accepts connections, but the server says nothing'))],
      ]),
      'web1 is down',
    ],
    [
      'another host key, however long it is',
      alert(web1, [[check(web1, 'ssh'), hard(verdict('down', 'host-key-changed', `the host key is another: ${long}`))]]),
      'web1: the SSH host key is another',
    ],
    [
      'the same seen by two',
      alert(web1, [
        [check(web1, 'ssh'), hard(verdict('down', 'host-key-changed', long))],
        [check(web1, 'inside'), hard(verdict('down', 'host-key-changed', long))],
      ]),
      'web1: the SSH host key is another',
    ],
    ['a job that is late', alert(web1, [[check(web1, 'push'), hard(verdict('down', 'late', long))]]), 'Heartbeat on web1 is late'],
    [
      'two jobs that are late',
      alert(web1, [
        [check(web1, 'push', 'nightly-dump'), hard(verdict('down', 'late', long))],
        [check(web1, 'push', 'log-rotation'), hard(verdict('down', 'never-came', long))],
      ]),
      'Nightly dump and log rotation on web1 are late',
    ],
    [
      'a job that says that it failed',
      alert(web1, [[check(web1, 'push', 'dump'), hard(verdict('down', 'reported-critical', 'the job says critical'))]]),
      'Dump on web1 fails',
    ],
    [
      'a zone',
      alert(sites, [[check(sites, 'zone'), hard(verdict('down', 'serial-behind', 'ns2 is stuck on an old serial'))]]),
      'Web sites: ns2 is stuck on an old serial',
    ],
    [
      'an interface',
      alert(cox, [[check(cox, 'snmp'), hard(verdict('down', 'interface-down', 'eth0 is down'))]], 'San Diego'),
      'Cox at San Diego: eth0 is down',
    ],
    [
      'the worst comes first',
      alert(web1, [
        [ping, slow],
        [http, refused],
      ]),
      'HTTP on web1 fails',
    ],
    ['a silent gateway', alert(cox, [[check(cox, 'icmp', 'gateway'), silent]], 'San Diego'), 'Cox at San Diego: gateway does not answer'],
    ['a site without a name', alert(cox, [[check(cox, 'icmp', 'gateway'), silent]]), 'Cox at sd: gateway does not answer'],
    [
      'a lossy gateway',
      alert(cox, [[check(cox, 'icmp', 'gateway'), hard(verdict('degraded', 'packet-loss', '20 % of packets lost'))]], 'San Diego'),
      'Cox at San Diego: 20 % of packets lost',
    ],
    [
      'a whole prefix',
      alert(
        range,
        [
          [address(1), silent],
          [address(2), silent],
        ],
        'San Diego',
      ),
      '198.18.13.0/24 at San Diego does not answer',
    ],
    [
      'part of a prefix',
      alert(range, [
        [address(1), silent],
        [address(2), okState],
        [address(3), okState],
      ]),
      '198.18.13.0/24 at sd: 1 of 3 addresses does not answer',
    ],
    [
      'a mail leg',
      alert(mail, [
        [imap, refused],
        [check(mail, 'tcp', 'smtp'), okState],
      ]),
      'IMAP login of example.net fails',
    ],
    ['the only mail leg', alert(mail, [[imap, refused]]), 'IMAP login of example.net fails'],
    [
      'all of mail',
      alert(mail, [
        [imap, refused],
        [check(mail, 'tcp', 'smtp'), refused],
      ]),
      'Mail of example.net is down',
    ],
    ['a service', alert(sites, [[check(sites, 'http'), wrong]]), 'Web sites cannot be used'],
    [
      'part of a service',
      alert(sites, [
        [check(sites, 'http'), wrong],
        [check(sites, 'dns'), okState],
      ]),
      'HTTP of web sites fails',
    ],
  ];
  it.each(table)('%s', (_what, made, title) => expect(made?.title).toBe(title));
});

describe('texts', () => {
  it('says the same thing once', () => {
    const made = alert(web1, [
      [check(web1, 'http'), refused],
      [check(web1, 'tcp', 'ssh'), refused],
      [check(web1, 'icmp'), okState],
      [check(web1, 'tls'), okState],
    ]);
    expect(made?.text).toBe('HTTP and SSH: connection refused. Ping and TLS are fine.');
  });
  it('is bounded and harmless whatever the server said', () => {
    const hostile = verdict('down', 'unexpected-banner', `\x1b[31m\u202eevil\nbanner ${'é'.repeat(5_000)}`);
    const many = Array.from({ length: 40 }, (_, n): [PlannedCheck, CheckState] => [
      check(web1, 'tcp', `port-${n}`),
      hard({ ...hostile, text: `${n} ${hostile.text}` }),
    ]);
    const made = alert(web1, many);
    expect(made?.text.length).toBeLessThan(1_500);
    expect(`${made?.title}${made?.text}`).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(made?.text).toContain('35 more checks not ok.');
  });
});

describe('titles of several', () => {
  const lived = (state: CheckState): CheckState => ({ ...state, history: 'oD' });
  const of = (kind: Subject['kind'], id: string, states: CheckState[], more: Partial<Subject> = {}): [Subject, Checks] => {
    const subject = thing(kind, id, { site: 'sd', ...more });
    const names = kind === 'link' ? ['gateway'] : kind === 'prefix' ? ['r1', 'r2'] : ['icmp', 'http', 'smtp'];
    return [
      subject,
      states.map((state, n) => {
        const name = names[n] as string;
        return [
          check(subject, kind === 'link' || kind === 'prefix' || name === 'icmp' ? 'icmp' : name === 'http' ? 'http' : 'tcp', name),
          lived(state),
        ];
      }),
    ];
  };
  const down = (id: string, more: Partial<Subject> = {}) => of('host', id, [silent, refused], more);
  const prefix = (n: number, state: CheckState) => of('prefix', `range-${n}`, [state, state], { name: `198.18.${n}.0/24` });
  const far = { site: null };
  const flaps = (state: CheckState): CheckState => ({ ...state, flapping: { since: 0, percent: 40 } });
  const table: [string, [Subject, Checks][], string][] = [
    ['two, by name', [down('web1'), down('db1')], 'db1 and web1 at San Diego are down'],
    ['three, by name', [down('web1'), down('db1'), down('db2')], 'db1, db2 and web1 at San Diego are down'],
    [
      'more are counted',
      [...'abcde'].map((id) => down(id)).concat([of('host', 'f', [okState, okState])]),
      '5 servers at San Diego are down',
    ],
    ['all there are', [...'abcde'].map((id) => down(id)), 'All 5 servers at San Diego are down'],
    ['without a site', [...'abcde'].map((id) => down(id, far)), '5 servers are down'],
    ['two without a site', [down('web1', far), down('db1', far)], 'db1 and web1 are down'],
    [
      'prefixes by number',
      [...[1, 2, 3].map((n) => prefix(n, silent)), ...[4, 5].map((n) => prefix(n, okState))],
      '3 of 5 prefixes at San Diego do not answer',
    ],
    ['all prefixes', [1, 2].map((n) => prefix(n, silent)), 'Both prefixes at San Diego do not answer'],
    [
      'links by name',
      [of('link', 'cox', [silent], { name: 'Cox' }), of('link', 'zayo', [silent], { name: 'Zayo' })],
      'Cox and Zayo at San Diego do not answer',
    ],
    ['what they share', [of('host', 'a', [okState, wrong]), of('host', 'b', [okState, wrong])], 'HTTP on a and b at San Diego fails'],
    ['what many share', [...'abcd'].map((id) => of('host', id, [okState, wrong])), 'HTTP on all 4 servers at San Diego fails'],
    [
      'different things of them',
      [...'abcd'].map((id, n) => of('host', id, n % 2 ? [okState, wrong] : [silent, okState])),
      'All 4 servers at San Diego fail',
    ],
    ['mixed kinds', [...'abcd'].map((id) => down(id)).concat([of('link', 'cox', [silent])]), '5 things at San Diego fail'],
    ['two that differ', [down('web1'), of('host', 'db2', [okState, slow])], 'web1 is down; db2 answers slowly'],
    [
      'many of which some are worse',
      [down('a'), down('b'), down('c'), of('host', 'd', [okState, slow])],
      'All 4 servers at San Diego have problems',
    ],
    ['slowness', [...'abcd'].map((id) => of('host', id, [okState, slow])), 'All 4 servers at San Diego answer slowly'],
    ['loss', [1, 2, 3].map((n) => prefix(n, lossy)), 'All 3 prefixes at San Diego lose packets'],
    [
      'loss of a circuit and of what it carries',
      [of('link', 'cox', [lossy], { name: 'Cox' }), ...[1, 2].map((n) => prefix(n, lossy))],
      'Cox and 2 prefixes at San Diego lose packets',
    ],
    [
      'what cannot be checked',
      [...'abcd'].map((id) => of('host', id, [hard(verdict('unknown', 'permission', 'no'))])),
      'All 4 servers at San Diego cannot be checked',
    ],
    ['what comes and goes', [...'abcd'].map((id) => of('host', id, [flaps(silent)])), 'All 4 servers at San Diego come and go'],
    [
      'services',
      [of('service', 'shop', [refused], { name: 'web shop' }), of('service', 'mail', [refused], { name: 'webmail' })],
      'Web shop and webmail at San Diego cannot be used',
    ],
    [
      'long names are counted instead',
      [down('a', { name: 'a'.repeat(60) }), down('b', { name: 'b'.repeat(60) })],
      'Both servers at San Diego are down',
    ],
    ['hostile names', [down('a', { name: 'x\u202e\ny' }), down('b')], 'b and x y at San Diego are down'],
  ];
  it.each(table)('%s', (_what, all, title) => {
    const made = settled(all, 'San Diego');
    expect(made?.title).toBe(title);
    expect(made?.title.length).toBeLessThanOrEqual(100);
  });
  it('is short however long the name of the site is', () => {
    expect(
      settled(
        [...'abcde'].map((id) => down(id)),
        'S'.repeat(120),
      )?.title.length,
    ).toBeLessThanOrEqual(100);
  });
  it('says what is seen, what most see first', () => {
    const made = settled([down('web1'), down('db1'), down('db2'), of('host', 'e', [silent, okState])], 'San Diego');
    expect(made?.text).toBe('Ping on db1, db2, e and 1 more: no answer to 5 pings. HTTP on db1, db2 and web1: connection refused.');
  });
  it('bounds what a hundred say', () => {
    const made = settled([...Array(100).keys()].map((n) => of('host', `h${n}`, [hard(verdict('down', 'x', `${n} ${long}`))])));
    expect(made?.text.length).toBeLessThan(1_500);
    expect(made?.text).toContain('95 more checks not ok.');
  });
});

describe('words for what comes and goes', () => {
  const flaps = (state: CheckState): CheckState => ({ ...state, flapping: { since: 0, percent: 40 } });
  const http = check(web1, 'http');
  const ping = check(web1, 'icmp');
  const table: [string, Checks, string, string][] = [
    [
      'one',
      [
        [http, flaps(refused)],
        [ping, okState],
      ],
      'HTTP on web1 comes and goes',
      'HTTP comes and goes; the last result was: connection refused. Ping answers.',
    ],
    [
      'two',
      [
        [http, flaps(refused)],
        [ping, flaps(refused)],
      ],
      'HTTP and Ping on web1 come and go',
      'HTTP and Ping come and go; the last result was: connection refused.',
    ],
    [
      'beside one that is down',
      [
        [http, flaps(okState)],
        [ping, silent],
      ],
      'Ping on web1 fails',
      'Ping: no answer to 5 pings. HTTP comes and goes; the last result was: answers.',
    ],
    [
      'a link',
      [[check(cox, 'icmp', 'gateway'), flaps(silent)]],
      'Cox at San Diego: gateway comes and goes',
      'Gateway comes and goes; the last result was: no answer to 5 pings.',
    ],
  ];
  it.each(table)('%s', (_what, checks, title, text) => {
    const [first] = checks;
    expect(alert(first?.[0].subject.kind === 'link' ? cox : web1, checks, 'San Diego')).toMatchObject({ title, text });
  });
});

describe('names', () => {
  it.each([
    [['host'], 'server'],
    [['host', 'host'], 'servers'],
    [['prefix', 'prefix'], 'prefixes'],
    [['mail', 'mail', 'mail'], 'mail domains'],
    [['host', 'link'], 'things'],
    [[], 'things'],
  ] as [Subject['kind'][], string][])('%j are %s', (kinds, noun) => expect(nounOf(kinds)).toBe(noun));
  it.each([
    ['web1/http', 'web1'],
    ['range-13/icmp-198.18.13.1', 'range-13'],
    ['example.net/imap', 'example.net'],
  ])('%s is of %s', (id, subject) => expect(subjectIdOf(id)).toBe(subject));
});

describe('checkLabel', () => {
  const table: [PlannedCheck, string][] = [
    [check(web1, 'http'), 'HTTP'],
    [check(web1, 'icmp'), 'Ping'],
    [check(mail, 'tcp', 'imap-login'), 'IMAP login'],
    [check(mail, 'tcp', 'submission'), 'submission'],
    [check(web1, 'http', 'shop_api'), 'shop API'],
    [check(web1, 'mysql'), 'MySQL'],
    [check(web1, 'redis'), 'Redis'],
    [check(web1, 'tcp', 'mariadb-primary'), 'MariaDB primary'],
    [check(web1, 'tcp', 'constructor'), 'constructor'],
    [check(web1, 'snmp', 'snmp-raid'), 'SNMP RAID'],
    [check(cox, 'icmp', 'gateway'), 'gateway'],
    [check(range, 'icmp', 'icmp-198.18.13.1', { target: '198.18.13.1' }), '198.18.13.1'],
  ];
  it.each(table)('%#', (plan, label) => expect(checkLabel(plan)).toBe(label));
});

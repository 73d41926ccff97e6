import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayOfRoutes, gatewayOfRoutes6 } from '../../electron/probes/default-gateway.ts';
import { serverOf } from '../../electron/probes/dns-servers.ts';
import { readFpingLine } from '../../electron/probes/fping-output.ts';
import { fitInto } from '../../electron/probes/icmp.ts';
import { readPingOutput } from '../../electron/probes/npm-ping.ts';
import { sendingMs } from '../../electron/probes/pinger.ts';
import { failureOf } from '../../electron/probes/socket-failure.ts';
import { type DnsConfig, dns } from '../../shared/checks/dns.ts';
import { reverseName } from '../../shared/checks/dns-names.ts';
import { missingOf } from '../../shared/checks/dns-records.ts';
import { type IcmpConfig, type IcmpFacts, icmp, summarize } from '../../shared/checks/icmp.ts';
import { type TcpConfig, type TcpFacts, tcp, unescapeText } from '../../shared/checks/tcp.ts';
import { failureCodes, failureSchema } from '../../shared/model/words.ts';

const hostile = [
  '-h',
  '--help',
  ';reboot',
  'a b',
  '',
  ' ',
  '$(id)',
  '`id`',
  'a|b',
  'a\nb',
  '127.0.0.1;id',
  '../etc',
  '10.0.0.300',
  '12345',
  '0x7f.1',
  '1.2.3',
  'host_name',
  'a'.repeat(254),
  '127.0.0.1:80',
  'http://a.example',
];
const good = [
  '127.0.0.1',
  '::1',
  '2001:db8::1',
  'example.net',
  'mail.example.net',
  'a-b.example',
  'localhost',
  'xn--mnchen-3ya.example',
  '1and1.example',
];

describe('addresses', () => {
  it.each(hostile)('%j is refused', (address) => {
    expect(icmp.config.safeParse({ address }).success).toBe(false);
    expect(tcp.config.safeParse({ address, port: 80 }).success).toBe(false);
    expect(dns.config.safeParse({ query: 'example.net', server: address }).success).toBe(false);
  });
  it.each(good)('%j is taken', (address) => {
    expect(icmp.config.parse({ address })).toMatchObject({ address, packets: 5, lossDegraded: 20, lossDown: 80, family: 'auto' });
    expect(tcp.config.parse({ address, port: 80 })).toMatchObject({ address, port: 80 });
  });
  it('default-gateway is a word of icmp alone', () => {
    expect(icmp.config.safeParse({ address: 'default-gateway' }).success).toBe(true);
    expect(icmp.target(icmp.config.parse({ address: 'default-gateway' }))).toBe('the default gateway');
  });
  it('nothing that begins like an option or holds a character of a shell gets through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (address) => {
        if (icmp.config.safeParse({ address }).success) expect(address).toMatch(/^[a-zA-Z0-9:][a-zA-Z0-9.:-]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
  it.each(['_dmarc.example.net', '.', 'example.net.', 'a', '10.2.0.192.in-addr.arpa', '192.0.2.1', '2001:db8::1'])(
    '%j may be asked for',
    (query) => {
      expect(dns.config.safeParse({ query }).success).toBe(true);
    },
  );
  it.each(['-h', 'a b', '', '..', 'a..b', ';reboot', `${'a'.repeat(64)}.b`, 'a.b.'.repeat(70)])('%j may not be asked for', (query) => {
    expect(dns.config.safeParse({ query }).success).toBe(false);
  });
});

describe('ping', () => {
  const config = icmp.config.parse({ address: '192.0.2.1', medianDegraded: '100ms', jitterDegraded: '20ms' }) as IcmpConfig;
  const cases: [string, IcmpFacts, string, string, string][] = [
    ['all back', summarize([1, 1.2, 1.1, 1, 1]), 'ok', 'ok', 'answers in 1 ms'],
    ['one lost', summarize([1, null, 1, 1, 1]), 'degraded', 'packet-loss', '1 of 5 packets lost'],
    ['three lost', summarize([1, null, null, null, 1]), 'degraded', 'packet-loss', '3 of 5 packets lost'],
    ['80 % lost is not up', summarize([null, null, null, null, 1]), 'down', 'packet-loss', '4 of 5 packets lost'],
    ['all lost', summarize([null, null, null, null, null]), 'down', 'no-reply', 'no answer to 5 pings'],
    ['the only one lost', summarize([null]), 'down', 'no-reply', 'no answer to 1 ping'],
    ['slow', summarize([120, 121, 119]), 'degraded', 'slow', 'answers in 120 ms, more than 100 ms'],
    ['uneven', summarize([10, 60, 10, 60]), 'degraded', 'jitter', 'round trips vary by 50 ms, more than 20 ms'],
    ['loss counts before slowness', summarize([120, null, 120]), 'degraded', 'packet-loss', '1 of 3 packets lost'],
    ['one of twenty', summarize([null, ...Array<number>(19).fill(2)]), 'ok', 'ok', 'answers in 2 ms, 1 of 20 packets lost'],
    [
      'no fping',
      { failure: { code: 'tool-missing', detail: 'fping is not installed' } },
      'unknown',
      'tool-missing',
      'fping is not installed',
    ],
    [
      'no gateway',
      { failure: { code: 'no-gateway', detail: 'this computer has no default gateway' } },
      'unknown',
      'no-gateway',
      'this computer has no default gateway',
    ],
    ['unreachable', { failure: { code: 'unreachable', detail: 'no way' } }, 'down', 'unreachable', 'no way'],
    ['no such name', { failure: { code: 'name-not-found', detail: 'no such name' } }, 'down', 'name-not-found', 'no such name'],
    ['resolver silent', { failure: { code: 'resolver-failed', detail: 'no resolver' } }, 'unknown', 'resolver-failed', 'no resolver'],
    ['nothing at all', {}, 'unknown', 'nothing-sent', 'no packet was sent'],
  ];
  it.each(cases)('%s', (_, facts, state, reason, text) => {
    const verdict = icmp.judge(facts, config);
    expect(verdict).toEqual({ state, reason, text });
    const said = icmp.explain(facts, verdict, config);
    for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/);
    expect(said.happened).toContain(text);
  });

  it('counts, sorts and measures', () => {
    expect(summarize([4, null, 1, 3, 2])).toEqual({
      sent: 5,
      received: 4,
      lossPercent: 20,
      rttsMs: [4, null, 1, 3, 2],
      minMs: 1,
      medianMs: 2.5,
      maxMs: 4,
      jitterMs: 2,
    });
    expect(summarize([null])).toMatchObject({ received: 0, minMs: null, medianMs: null, maxMs: null, jitterMs: null });
    expect(icmp.measure(summarize([3, 1, 2]))).toBe(2);
    expect(icmp.measure({})).toBeNull();
  });
  it('keeps its numbers in order, whatever comes', () => {
    const rtt = fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }));
    fc.assert(
      fc.property(fc.array(rtt, { minLength: 1, maxLength: 20 }), (rtts) => {
        const it = summarize(rtts);
        expect(icmp.observation.safeParse(it).success).toBe(true);
        expect(it.sent).toBe(rtts.length);
        expect(it.lossPercent).toBeGreaterThanOrEqual(0);
        expect(it.lossPercent).toBeLessThanOrEqual(100);
        if (it.received === 0) return;
        expect(it.medianMs).toBeGreaterThanOrEqual((it.minMs ?? 0) - 0.001);
        expect(it.medianMs).toBeLessThanOrEqual((it.maxMs ?? 0) + 0.001);
        if (it.jitterMs !== null) expect(it.jitterMs).toBeLessThanOrEqual((it.maxMs ?? 0) - (it.minMs ?? 0) + 0.001);
      }),
    );
  });
  it.each([
    [5, 10_000, 5, 1_000],
    [20, 10_000, 20, 1_000],
    [5, 2_000, 2, 1_000],
    [5, 1_000, 1, 350],
    [1, 100, 1, 50],
  ])('%i packets within %i ms', (packets, timeoutMs, sent, replyTimeoutMs) => {
    expect(fitInto(packets, timeoutMs)).toEqual({ packets: sent, replyTimeoutMs });
    if (timeoutMs > 1_000) expect(sendingMs(sent) + replyTimeoutMs).toBeLessThanOrEqual(timeoutMs);
  });
});

describe('what fping and ping say', () => {
  it.each([
    ['127.0.0.1   : 0.156 0.008 -', { kind: 'result', address: '127.0.0.1', rttsMs: [0.156, 0.008, null] }],
    ['2001:db8::1 : - -', { kind: 'result', address: '2001:db8::1', rttsMs: [null, null] }],
    ['fe80::1%lo  : 12.3', { kind: 'result', address: 'fe80::1%lo', rttsMs: [12.3] }],
    [
      'ICMP Host Unreachable from 192.0.2.254 for ICMP Echo sent to 192.0.2.1',
      { kind: 'unreachable', by: '192.0.2.254', address: '192.0.2.1' },
    ],
    [
      'ICMP Unreachable (Communication with Host Prohibited) from 192.0.2.254 for ICMP Echo sent to 192.0.2.1',
      { kind: 'unreachable', by: '192.0.2.254', address: '192.0.2.1' },
    ],
    [
      'ICMP Time Exceeded from 192.0.2.254 for ICMP Echo sent to 192.0.2.1',
      { kind: 'unreachable', by: '192.0.2.254', address: '192.0.2.1' },
    ],
    ['ICMP Redirect from 192.0.2.254 for ICMP Echo sent to 192.0.2.1', null],
    ['', null],
    ["can't create socket (must run as root?)", null],
  ])('fping: %s', (line, said) => {
    expect(readFpingLine(line)).toEqual(said);
  });
  it('ping on Linux, with a lost, a late and a doubled reply', () => {
    const output = [
      'PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.',
      '64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.031 ms',
      '64 bytes from 127.0.0.1: icmp_seq=4 ttl=64 time=1.5 ms',
      '64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=900 ms',
      '64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=999 ms (DUP!)',
      '64 bytes from 127.0.0.1: icmp_seq=6 ttl=64 time=2 ms',
      'rtt min/avg/max/mdev = 0.031/300/900/1.0 ms',
    ].join('\n');
    expect(readPingOutput(output, 5, 1)).toEqual([0.031, null, 900, 1.5, null]);
  });
  it('ping on Windows and macOS', () => {
    expect(
      readPingOutput(
        'Reply from 127.0.0.1: bytes=32 time<1ms TTL=128\r\nRequest timed out.\r\nReply from 127.0.0.1: bytes=32 time=12ms TTL=128',
        3,
        1,
      ),
    ).toEqual([1, 12, null]);
    expect(readPingOutput('64 bytes from 127.0.0.1: icmp_seq=0 ttl=64 time=0.05 ms', 1, 0)).toEqual([0.05]);
  });
});

describe('default gateway', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  it('takes the way with the lowest metric that is in force', () => {
    const lines = [
      'wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'eth1\t00000000\t010300C0\t0002\t0\t0\t1\t00000000\t0\t0\t0',
      'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    ];
    expect(gatewayOfRoutes([head, ...lines].join('\n'))).toBe('192.0.2.1');
  });
  it.each(['', head, 'nonsense\nmore nonsense'])('finds none in %j', (text) => {
    expect(gatewayOfRoutes(text)).toBeNull();
    expect(gatewayOfRoutes6(text)).toBeNull();
  });
  it('knows a link-local router by its interface', () => {
    const zero = '0'.repeat(32);
    const line = (router: string, metric: string, name: string) =>
      `${zero} 00 ${zero} 00 ${router} ${metric} 00000001 00000000 00000003     ${name}`;
    expect(
      gatewayOfRoutes6(
        `${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo\n${line('fe800000000000000000000000000001', '00000400', 'eth0')}`,
      ),
    ).toBe('fe80:0:0:0:0:0:0:1%eth0');
    expect(
      gatewayOfRoutes6(
        `${line('fe800000000000000000000000000001', '00000400', 'eth0')}\n${line('20010db8000000000000000000000001', '00000100', 'eth1')}`,
      ),
    ).toBe('2001:db8:0:0:0:0:0:1');
  });
});

describe('TCP', () => {
  const config = tcp.config.parse({ address: '192.0.2.1', port: 25, expect: '220', slowDegraded: '500ms' }) as TcpConfig;
  const connected = { address: '192.0.2.1', port: 25, connectMs: 12 };
  const cases: [string, TcpFacts, string, string, string][] = [
    ['greeted', { ...connected, bannerMs: 3, banner: '220 hello', matched: true }, 'ok', 'ok', 'connects in 12 ms, says "220 hello"'],
    [
      'wrong greeting',
      { ...connected, banner: '554 no', matched: false },
      'degraded',
      'unexpected-banner',
      'port 25 says "554 no" without "220"',
    ],
    ['slow', { ...connected, connectMs: 900, matched: true }, 'degraded', 'slow', 'connects in 900 ms, more than 500 ms'],
    ['refused', { address: '192.0.2.1', failure: { code: 'refused', detail: 'x' } }, 'down', 'refused', 'connection refused on port 25'],
    ['silence', { address: '192.0.2.1', failure: { code: 'timeout', detail: 'x' } }, 'down', 'timeout', 'no answer on port 25'],
    [
      'lookup too slow',
      { failure: { code: 'timeout', detail: 'the resolver was still looking' } },
      'down',
      'timeout',
      'the resolver was still looking',
    ],
    ['no greeting', { ...connected, failure: { code: 'timeout', detail: 'port 25 accepted' } }, 'down', 'no-greeting', 'port 25 accepted'],
    ['half a greeting', { ...connected, banner: '2', failure: { code: 'timeout', detail: 'only "2"' } }, 'down', 'timeout', 'only "2"'],
    ['hung up', { ...connected, failure: { code: 'closed', detail: 'closed' } }, 'down', 'closed', 'closed'],
    ['own firewall', { failure: { code: 'permission', detail: 'not allowed' } }, 'unknown', 'permission', 'not allowed'],
    ['nothing', {}, 'unknown', 'no-result', 'nothing was tried'],
  ];
  it.each(cases)('%s', (_, facts, state, reason, text) => {
    const verdict = tcp.judge(facts, config);
    expect(verdict).toEqual({ state, reason, text });
    const said = tcp.explain(facts, verdict, config);
    for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^.*\.$/);
    expect(said.happened).toContain('192.0.2.1 port 25');
  });
  it('turns escapes', () => {
    expect(unescapeText('HELO a\\r\\n\\tb\\\\n\\x')).toBe('HELO a\r\n\tb\\n\\x');
  });
  it.each([0, 65_536, 1.5, '25'])('%j is no port', (port) =>
    expect(tcp.config.safeParse({ address: '192.0.2.1', port }).success).toBe(false),
  );
});

describe('DNS', () => {
  const config = dns.config.parse({ query: 'example.net', server: '192.0.2.53' }) as DnsConfig;
  it.each([
    ['SERVFAIL', 'servfail'],
    ['NXDOMAIN', 'nxdomain'],
    ['REFUSED', 'query-refused'],
    ['NOTAUTH', 'not-authoritative'],
    ['RCODE_13', 'dns-error'],
  ])('%s is down', (rcode, reason) => {
    const verdict = dns.judge({ rcode, found: 0 }, config);
    expect(verdict).toMatchObject({ state: 'down', reason });
    expect(dns.explain({}, verdict, config).todo).toMatch(/\.$/);
  });
  const any = dns.config.parse({ query: '.', record: 'NS', anyAnswer: true }) as DnsConfig;
  it.each([
    ['records', { rcode: 'NOERROR', found: 13 }, 'ok', 'answers in 3 ms, 13 records'],
    ['none', { rcode: 'NOERROR', found: 0 }, 'ok', 'answers in 3 ms, 0 records'],
    ['no such name', { rcode: 'NXDOMAIN', found: 0 }, 'ok', 'answers in 3 ms, that there is no such name'],
    ['could not find out', { rcode: 'SERVFAIL', found: 0 }, 'down', 'the server could not find the answer (SERVFAIL)'],
    ['refuses', { rcode: 'REFUSED', found: 0 }, 'down', 'the server refuses to answer (REFUSED)'],
    ['one of the resolvers is silent', { rcode: 'NXDOMAIN', server: 'b', silent: ['a'] }, 'degraded', 'a did not answer; b does'],
  ])('any answer will do: %s', (_name, facts, state, text) => {
    const verdict = dns.judge({ ...facts, ms: 3 }, any);
    expect(verdict).toMatchObject({ state, text });
    expect(dns.explain({}, verdict, any).means).not.toMatch(/name is found/);
  });
  it('says how it stands otherwise', () => {
    expect(dns.judge({}, config)).toMatchObject({ state: 'unknown' });
    expect(dns.judge({ failure: { code: 'resolver-failed', detail: 'none' } }, config)).toMatchObject({
      state: 'unknown',
      reason: 'resolver-failed',
    });
    expect(dns.judge({ rcode: 'NOERROR', found: 2, ms: 3 }, config)).toEqual({
      state: 'ok',
      reason: 'ok',
      text: 'answers in 3 ms, 2 records',
    });
    expect(dns.target(config)).toBe('A of example.net at 192.0.2.53');
  });
  it.each([
    ['A', ['192.0.2.1'], ['192.0.2.1', '192.0.2.2'], []],
    ['A', ['192.0.2.3'], ['192.0.2.1'], ['192.0.2.3']],
    ['AAAA', ['2001:DB8:0:0::1'], ['2001:db8::1'], []],
    ['AAAA', ['::ffff:192.0.2.1'], ['::ffff:c000:201'], []],
    ['CNAME', ['WWW.example.net.'], ['www.example.net'], []],
    ['MX', ['mail.example.net', '10 mail.example.net'], ['10 mail.example.net'], []],
    ['MX', ['20 mail.example.net'], ['10 mail.example.net'], ['20 mail.example.net']],
    ['TXT', ['V=spf1 -all'], ['v=spf1 -all'], ['V=spf1 -all']],
    ['TXT', ['v=spf1  -all'], ['v=spf1 -all'], []],
  ] as const)('%s: of %j among %j lack %j', (record, expected, values, missing) => {
    expect(missingOf(expected, values, record)).toEqual(missing);
  });
  it.each([
    ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['2001:db8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ])('%s backwards', (ip, name) => expect(reverseName(ip)).toBe(name));
  it.each([
    ['192.0.2.1', { address: '192.0.2.1', port: 53 }],
    ['192.0.2.1:5353', { address: '192.0.2.1', port: 5353 }],
    ['2001:db8::1', { address: '2001:db8::1', port: 53 }],
    ['[2001:db8::1]:5353', { address: '2001:db8::1', port: 5353 }],
  ])('reads the resolver %s', (entry, server) => expect(serverOf(entry)).toEqual(server));
});

describe('errors of Node', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'closed'],
    ['ENOTFOUND', 'name-not-found'],
    ['EAI_AGAIN', 'resolver-failed'],
    ['EACCES', 'permission'],
    ['EPERM', 'permission'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'tls'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['EMFILE', 'internal'],
    ['EADDRNOTAVAIL', 'internal'],
  ])('%s is %s', (code, expected) => {
    const failure = failureOf(Object.assign(new Error('text that nobody reads'), { code }), '192.0.2.1 port 25');
    expect(failure.code).toBe(expected);
    expect(failure.detail).toContain('192.0.2.1 port 25');
    expect(failure.detail).not.toContain('nobody reads');
  });
  it('reads an error over several addresses, an abort, and anything else', () => {
    expect(failureOf(new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]), 'x').code).toBe('refused');
    expect(failureOf(AbortSignal.abort().reason, 'x').code).toBe('timeout');
    fc.assert(
      fc.property(fc.anything(), fc.string({ maxLength: 1_000 }), (error, what) => {
        expect(failureSchema.safeParse(failureOf(error, what)).success).toBe(true);
      }),
    );
    expect(failureOf({ code: 'constructor' }, 'x').code).toBe('internal');
  });
});

describe('every failure', () => {
  const everything = [
    [icmp, icmp.config.parse({ address: '192.0.2.1' })],
    [tcp, tcp.config.parse({ address: '192.0.2.1', port: 25 })],
    [dns, dns.config.parse({ query: 'example.net' })],
  ] as const;
  it.each(failureCodes)('%s has a verdict, plain words and a next step in each type', (code) => {
    for (const [check, config] of everything) {
      const verdict = check.judge({ failure: { code, detail: 'what happened' } }, config as never);
      expect(['down', 'unknown']).toContain(verdict.state);
      const said = check.explain({}, verdict, config as never);
      expect(said.means.length).toBeGreaterThan(10);
      expect(said.todo.length).toBeGreaterThan(10);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HostFacts, host } from '../../shared/checks/host.ts';
import { type HttpFacts, http } from '../../shared/checks/http.ts';
import { readUrl, statusFits } from '../../shared/checks/http-settings.ts';
import { type TlsFacts, tls } from '../../shared/checks/tls.ts';
import type { Certificate } from '../../shared/checks/tls-certificate.ts';
import { isAddress } from '../../shared/checks/tls-settings.ts';
import { failureCodes } from '../../shared/model/words.ts';
import { DAY, HOUR } from '../../shared/time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
type Row<F> = [name: string, facts: F, settings: Record<string, unknown>, state: string, reason: string, words: string];

describe('http: verdicts', () => {
  const good: HttpFacts = { status: 200, totalMs: 84, bytes: 5_000 };
  const rows: Row<HttpFacts>[] = [
    ['fine', good, {}, 'ok', 'ok', 'answers 200 in 84 ms'],
    [
      'another status',
      { ...good, status: 503, statusText: 'Service Unavailable' },
      {},
      'down',
      'wrong-status',
      'answers 503 Service Unavailable, expected 2xx',
    ],
    ['a status by number', { ...good, status: 401 }, { status: [401, '2xx'] }, 'ok', 'ok', 'answers 401'],
    ['nothing at all', {}, {}, 'unknown', 'no-answer-seen', 'no answer'],
    [
      'a circle',
      { ...good, status: 302, redirects: [{ status: 302, to: 'a' }], tooManyRedirects: true },
      {},
      'down',
      'too-many-redirects',
      'after 1 redirect',
    ],
    ['text missing', { ...good, missing: ['Welcome'] }, { contains: ['Welcome'] }, 'down', 'text-missing', '"Welcome" is missing'],
    [
      'text missing in a cut page',
      { ...good, missing: ['Welcome'], cut: true, bytes: 1_048_576 },
      {},
      'down',
      'text-missing',
      'within the first 1 MiB',
    ],
    ['text unwanted', { ...good, unwanted: ['Fatal'] }, {}, 'down', 'text-unwanted', 'says "Fatal"'],
    [
      'json differs',
      { ...good, json: { found: '"red"', why: 'differs' } },
      { json: { path: 'a.b', equals: 'green' } },
      'down',
      'json-mismatch',
      'a.b is "red", expected "green"',
    ],
    [
      'json cut',
      { ...good, json: { found: null, why: 'cut' } },
      { json: { path: 'a', equals: 1 } },
      'unknown',
      'too-large',
      'longer than 1 MiB',
    ],
    [
      'header missing',
      { ...good, header: { found: null } },
      { header: { name: 'X-A', contains: 'b' } },
      'down',
      'header-mismatch',
      'X-A is missing',
    ],
    ['too small', { ...good, bytes: 1 }, { minBytes: 2 }, 'down', 'too-small', '1 byte, expected at least 2 bytes'],
    ['just large enough', { ...good, bytes: 2 }, { minBytes: 2, maxBytes: 2 }, 'ok', 'ok', '200'],
    ['too large', { ...good, bytes: 2_049 }, { maxBytes: 2_048 }, 'degraded', 'too-large', 'at most 2 KiB'],
    ['downgraded', { ...good, downgraded: true }, {}, 'degraded', 'redirect-to-plain-http', 'plain http'],
    ['8 days left', { ...good, certificateDaysLeft: 8 }, {}, 'ok', 'ok', '200'],
    ['7 days left', { ...good, certificateDaysLeft: 7 }, {}, 'degraded', 'certificate-expires-soon', 'in 7 days'],
    ['the last day', { ...good, certificateDaysLeft: 0 }, {}, 'degraded', 'certificate-expires-soon', 'within a day'],
    ['slow', { ...good, totalMs: 2_001 }, { slowDegraded: '2s' }, 'degraded', 'slow', 'takes 2.0 s'],
    ['not yet slow', { ...good, totalMs: 2_000 }, { slowDegraded: '2s' }, 'ok', 'ok', '2.0 s'],
    ['slow and wrong', { ...good, totalMs: 2_001, status: 500 }, { slowDegraded: '2s' }, 'down', 'wrong-status', '500'],
    ['a failure after the head', { ...good, failure: { code: 'timeout', detail: 'no end' } }, {}, 'down', 'timeout', 'no end'],
    ['no secret', { failure: { code: 'no-secret', detail: 'not set' } }, {}, 'unknown', 'no-secret', 'not set'],
    ['our resolver', { failure: { code: 'resolver-failed', detail: 'silent' } }, {}, 'unknown', 'resolver-failed', 'silent'],
    ['certificate', { failure: { code: 'certificate', detail: 'certificate expired' } }, {}, 'down', 'certificate', 'expired'],
  ];
  test.each(rows)('%s', (_, facts, settings, state, reason, words) => {
    const config = http.config.parse({ url: 'https://www.example.net/', ...settings });
    const verdict = http.judge(facts, config);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(words);
    expect(verdict.text).not.toMatch(/\.$/);
    const { happened, means, todo } = http.explain(facts, verdict, config);
    for (const text of [happened, means, todo]) expect(text).toMatch(/^.+\.$/);
    expect(happened).toContain('https://www.example.net/');
    expect(Array.isArray(http.facts(facts))).toBe(true);
  });

  test('every failure has a level and advice of its own or an honest general one', () => {
    const config = http.config.parse({ url: 'https://www.example.net/' });
    for (const code of failureCodes) {
      const facts = { failure: { code, detail: 'words' } };
      const verdict = http.judge(facts, config);
      expect(['down', 'unknown']).toContain(verdict.state);
      expect(http.explain(facts, verdict, config).todo.length).toBeGreaterThan(5);
    }
  });
});

describe('http: settings', () => {
  test.each([
    ['a word', { url: 'hello' }],
    ['another scheme', { url: 'ftp://www.example.net/' }],
    ['a script', { url: 'javascript:alert(1)' }],
    ['a password in the URL', { url: 'https://noc:secret@www.example.net/' }],
    ['an option for a host', { url: 'https://-h/' }],
    ['a command for an address', { address: ';reboot' }],
    ['an option for an address', { address: '-h' }],
    ['a number for an address', { address: '10.0.0.300' }],
    ['a status that is none', { status: [99] }],
    ['a class that is none', { status: ['6xx'] }],
    ['no status at all', { status: [] }],
    ['a header with a line break', { headers: { 'X-A': 'a\r\nB: c' } }],
    ['a password as a header', { headers: { Authorization: 'Basic eA==' } }],
    ['a path with a space', { path: '/a b' }],
    ['a path without slash', { path: 'status' }],
    ['both logins', { auth: { bearerSecret: 'a', basic: { user: 'u', passwordSecret: 'p' } } }],
    ['no login', { auth: {} }],
    ['a secret itself', { auth: { bearerSecret: 'Bearer abc/def=' } }],
    ['too many redirects', { followRedirects: 6 }],
    ['an unknown IP version', { family: 5 }],
  ])('%s is refused', (_, settings) => {
    expect(http.config.safeParse({ ...settings }).success).toBe(false);
  });

  test.each([
    [{ url: 'https://www.example.net/a?b=c' }, 'https://www.example.net/a?b=c'],
    [{ url: 'https://www.example.net/', address: '192.0.2.1' }, 'https://www.example.net/ at 192.0.2.1'],
    [{ address: '192.0.2.1' }, 'https://192.0.2.1/'],
    [{ address: '2001:db8::1', port: 8443, path: '/x' }, 'https://[2001:db8::1]:8443/x'],
    [{ address: 'www.example.net', scheme: 'http' }, 'http://www.example.net/'],
  ])('%j is %s', (settings, target) => {
    expect(http.target(http.config.parse(settings))).toBe(target);
  });

  test('status classes', () => {
    expect([199, 200, 299, 300].map((it) => statusFits(it, ['2xx']))).toEqual([false, true, true, false]);
    expect(statusFits(404, [404, '2xx'])).toBe(true);
  });

  test('no text makes reading a URL throw, and what is read names a proper host', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((it) => `http://${it}/`),
        ),
        (text) => {
          const url = readUrl(text);
          if (url) expect(isAddress(url.hostname.replace(/^\[|\]$/g, ''))).toBe(true);
        },
      ),
    );
  });
});

describe('tls: verdicts', () => {
  const certificate: Certificate = {
    subject: 'www.example.net',
    issuer: 'Some CA',
    altNames: ['www.example.net', 'example.net'],
    validFrom: now - 60 * DAY,
    validTo: now + 60 * DAY + HOUR,
    fingerprint256: `${'AB:'.repeat(31)}AB`,
    selfSigned: false,
    nameFits: true,
    trusted: true,
    authorizationCode: null,
    chain: [
      { subject: 'www.example.net', issuer: 'Some CA', validTo: now + 60 * DAY + HOUR },
      { subject: 'Some CA', issuer: 'Root', validTo: now + 900 * DAY },
    ],
  };
  const with_ = (change: Partial<Certificate>, more: TlsFacts = {}): TlsFacts => ({
    connectMs: 3,
    handshakeMs: 9,
    protocol: 'TLSv1.3',
    certificate: { ...certificate, ...change },
    ...more,
  });
  const left = (ms: number): TlsFacts => with_({ validTo: now + ms });
  const stale = [certificate.chain[0], { subject: 'Some CA', issuer: 'Root', validTo: now - 3 * DAY }] as Certificate['chain'];
  const rows: Row<TlsFacts>[] = [
    ['fine', with_({}), {}, 'ok', 'ok', 'good for 60 days, TLSv1.3 in 12 ms'],
    ['31 days', left(31 * DAY), {}, 'ok', 'ok', '31 days'],
    ['30.9 days', left(30.9 * DAY), {}, 'degraded', 'certificate-expires-30', '30 days'],
    ['29 days', left(29 * DAY), {}, 'degraded', 'certificate-expires-30', 'expires in 29 days'],
    ['14 days', left(14 * DAY), {}, 'degraded', 'certificate-expires-14', 'this week'],
    ['7 days', left(7 * DAY), {}, 'degraded', 'certificate-expires-7', 'today'],
    ['1 day', left(1.5 * DAY), {}, 'degraded', 'certificate-expires-7', 'in 1 day:'],
    ['5 hours', left(5 * HOUR), {}, 'degraded', 'certificate-expires-7', 'in 5 h'],
    ['this very moment', left(0), {}, 'degraded', 'certificate-expires-7', 'expires in'],
    ['a moment ago', left(-1), {}, 'down', 'certificate-expired', 'expired'],
    ['4 days ago', left(-4 * DAY), {}, 'down', 'certificate-expired', 'expired 4 d ago'],
    ['down days', left(2 * DAY), { downDays: 3 }, 'down', 'certificate-expires-3', '2 days'],
    ['limits in any order', left(5 * DAY), { warnDays: [10, 40, 20] }, 'degraded', 'certificate-expires-10', 'today'],
    ['a single limit', left(5 * DAY), { warnDays: [10] }, 'degraded', 'certificate-expires-10', '5 days'],
    ['tomorrow', with_({ validFrom: now + 30 * HOUR }), {}, 'down', 'certificate-not-yet-valid', '1 d 6 h from now'],
    [
      'another name',
      with_({ nameFits: false }),
      {},
      'down',
      'certificate-wrong-name',
      'is for www.example.net, example.net, not for mail.example.net',
    ],
    ['no name', with_({ nameFits: false, altNames: [] }), {}, 'down', 'certificate-wrong-name', 'is for www.example.net, not'],
    ['self-signed', with_({ trusted: false, selfSigned: true }), {}, 'down', 'certificate-self-signed', 'self-signed'],
    [
      'unknown issuer',
      with_({ trusted: false, authorizationCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }),
      {},
      'down',
      'certificate-untrusted',
      'UNABLE_TO_GET',
    ],
    ['chain expired', with_({ chain: stale }), {}, 'down', 'certificate-chain-expired', '"Some CA", which expired 3 d ago'],
    [
      'all of it',
      with_({ validTo: now - DAY, nameFits: false, trusted: false, selfSigned: true }),
      {},
      'down',
      'certificate-expired',
      'expired 1 d ago, and is for www.example.net, example.net, not for mail.example.net, and is self-signed',
    ],
    ['pinned', with_({ nameFits: false, trusted: false, selfSigned: true }), { fingerprint256: 'ab'.repeat(32) }, 'ok', 'ok', 'good'],
    ['pinned and expired', left(-DAY), { fingerprint256: 'ab'.repeat(32) }, 'down', 'certificate-expired', 'expired'],
    ['pinned, another one', with_({}), { fingerprint256: 'ac'.repeat(32) }, 'down', 'certificate-not-the-pinned-one', 'not the one'],
    ['old protocol', with_({}, { protocol: 'TLSv1.1' }), {}, 'degraded', 'old-protocol', 'only TLSv1.1'],
    ['old protocol that is fine', with_({}, { protocol: 'TLSv1.1' }), { minProtocol: 'TLSv1' }, 'ok', 'ok', 'TLSv1.1'],
    ['old protocol and running out', { ...left(5 * DAY), protocol: 'TLSv1' }, {}, 'degraded', 'certificate-expires-7', 'only TLSv1,'],
    ['a protocol nobody knows', with_({}, { protocol: 'TLSv1.4' }), {}, 'ok', 'ok', 'TLSv1.4'],
    ['no certificate', { connectMs: 1, handshakeMs: 2 }, {}, 'unknown', 'no-certificate', 'no certificate'],
    ['no handshake', { connectMs: 1, failure: { code: 'tls', detail: 'answers, but not with TLS' } }, {}, 'down', 'tls', 'not with TLS'],
    ['file missing', { failure: { code: 'tool-missing', detail: 'no file' } }, {}, 'unknown', 'tool-missing', 'no file'],
  ];
  test.each(rows)('%s', (_, facts, settings, state, reason, words) => {
    const config = tls.config.parse({ address: 'mail.example.net', ...settings });
    const verdict = tls.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(words);
    const { happened, means, todo } = tls.explain(facts, verdict, config);
    for (const text of [happened, means, todo]) expect(text).toMatch(/^.+\.$/);
    expect(Array.isArray(tls.facts(facts))).toBe(true);
  });

  test('time only makes it worse', () => {
    const rank = { ok: 0, unknown: 1, degraded: 2, down: 3 };
    const config = tls.config.parse({ address: 'mail.example.net' });
    const facts = with_({});
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 * DAY }), fc.integer({ min: 0, max: 200 * DAY }), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((ms) => rank[tls.judge(facts, config, now + ms).state]) as [
          number,
          number,
        ];
        expect(late).toBeGreaterThanOrEqual(early);
      }),
    );
  });

  test('what is measured and how it is called', () => {
    expect(tls.measure(with_({}))).toBe(12);
    expect(tls.measure({ connectMs: 3 })).toBeNull();
    expect(tls.target(tls.config.parse({ address: '192.0.2.1', port: 993, serverName: 'mail.example.net' }))).toBe(
      'TLS 192.0.2.1:993 (mail.example.net)',
    );
  });
});

describe('host: verdicts', () => {
  const disk = (mount: string, percent: number, more = {}) => ({
    mount,
    kind: 'ext4',
    bytes: 5e11,
    percent,
    inodePercent: 3,
    readOnly: false,
    ...more,
  });
  const good: HostFacts = {
    cores: 4,
    load1: 1,
    load5: 1,
    load15: 1,
    memoryBytes: 8e9,
    memoryPercent: 41,
    swapBytes: 0,
    disks: [disk('/', 52), disk('/srv', 61.9)],
    temperatures: [{ sensor: 'cpu', celsius: 48 }],
    uptimeSeconds: 9_000,
  };
  const rows: Row<HostFacts>[] = [
    ['fine', good, {}, 'ok', 'ok', 'fullest disk /srv 61 %, memory 41 %, load 0.3 per core, 48 °C'],
    ['a part not known', { ...good, temperatures: undefined, notKnown: ['temperatures'] }, {}, 'ok', 'ok', 'not known: temperatures'],
    [
      'nothing known',
      { notKnown: ['load', 'memory', 'swap', 'disks', 'temperatures'] },
      {},
      'unknown',
      'nothing-known',
      'not known: load, memory',
    ],
    ['disk filling', { ...good, disks: [disk('/', 85)] }, {}, 'degraded', 'disk-full', 'disk / 85 % full'],
    ['disk nearly filling', { ...good, disks: [disk('/', 84.99)] }, {}, 'ok', 'ok', '84 %'],
    ['disk full', { ...good, disks: [disk('/', 96)] }, {}, 'down', 'disk-full', 'disk / 96 % full'],
    [
      'no entries left',
      { ...good, disks: [disk('/', 20, { inodePercent: 100 })] },
      {},
      'down',
      'disk-entries-full',
      '100 % of its file entries',
    ],
    ['read-only', { ...good, disks: [disk('/var', 20, { readOnly: true })] }, {}, 'down', 'disk-read-only', 'disk /var is read-only'],
    [
      'read-only stands above full',
      { ...good, disks: [disk('/', 99), disk('/var', 20, { readOnly: true })] },
      {},
      'down',
      'disk-read-only',
      'also disk / 99 % full',
    ],
    ['a silent disk', { ...good, silentDisks: ['/old'] }, {}, 'degraded', 'disk-silent', '/old does not answer'],
    ['memory', { ...good, memoryPercent: 90 }, {}, 'degraded', 'memory', 'memory 90 %'],
    ['memory gone', { ...good, memoryPercent: 97 }, {}, 'down', 'memory', 'memory 97 %'],
    ['swap', { ...good, swapBytes: 1e9, swapPercent: 50 }, {}, 'degraded', 'swap', 'swap 50 %'],
    ['load', { ...good, load5: 8 }, {}, 'degraded', 'load', 'load 2.0 per core'],
    [
      'warm',
      {
        ...good,
        temperatures: [
          { sensor: 'disk', celsius: 40 },
          { sensor: 'cpu', celsius: 81 },
        ],
      },
      {},
      'degraded',
      'temperature',
      'cpu at 81 °C',
    ],
    ['hot', { ...good, temperatures: [{ sensor: 'cpu', celsius: 95 }] }, {}, 'down', 'temperature', 'cpu at 95 °C'],
    ['own limits', { ...good, memoryPercent: 41 }, { memoryDegraded: 40 }, 'degraded', 'memory', '41 %'],
    [
      'the worst first',
      { ...good, memoryPercent: 92, disks: [disk('/', 96)] },
      {},
      'down',
      'disk-full',
      'disk / 96 % full; also memory 92 % in use',
    ],
    ['late', { failure: { code: 'timeout', detail: 'not in time' } }, {}, 'unknown', 'timeout', 'not in time'],
  ];
  test.each(rows)('%s', (_, facts, settings, state, reason, words) => {
    const config = host.config.parse(settings);
    const verdict = host.judge(facts, config);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(words);
    const { happened, means, todo } = host.explain(facts, verdict);
    for (const text of [happened, means, todo]) expect(text).toMatch(/^.+\.$/);
    expect(Array.isArray(host.facts(facts))).toBe(true);
  });

  test('what could not be read stands in no title', () => {
    const facts = { ...good, load5: 15.6, memoryPercent: 92, temperatures: undefined, notKnown: ['temperatures' as const] };
    expect(host.judge(facts, host.config.parse({}))).toMatchObject({
      text: 'load 3.9 per core; also memory 92 % in use; not known: temperatures',
      title: 'load 3.9 per core; also memory 92 % in use',
    });
    expect(host.judge({ ...good, load5: 15.6 }, host.config.parse({}))).not.toHaveProperty('title');
  });
  test.each<[string, HostFacts, HostFacts, number]>([
    ['another boot id', { bootId: 'a', uptimeSeconds: 900 }, { bootId: 'b', uptimeSeconds: 950 }, 1],
    ['the same boot id', { bootId: 'a', uptimeSeconds: 900 }, { bootId: 'a', uptimeSeconds: 5 }, 0],
    ['no boot id, less uptime', { uptimeSeconds: 900 }, { uptimeSeconds: 20 }, 1],
    ['no boot id, more uptime', { uptimeSeconds: 900 }, { uptimeSeconds: 930 }, 0],
    ['nothing known', {}, {}, 0],
    ['a failure between', { bootId: 'a' }, { failure: { code: 'timeout', detail: '' } }, 0],
  ])('restart: %s', (_, before, after, events) => {
    const changes = host.changes(before, after);
    expect(changes.map((it) => it.code)).toEqual(Array(events).fill('reboot'));
  });
});

test('settings pass a second reading unchanged, and become JSON Schema for editors', async () => {
  const { z } = await import('zod');
  for (const definition of [http, tls, host]) {
    const once = definition.config.parse({});
    expect(definition.config.parse(once)).toEqual(once);
    expect(z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' })).toHaveProperty('properties');
  }
});

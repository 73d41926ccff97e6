import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probePosture } from '../../electron/probes/posture.ts';
import { type PostureConfig, type PostureFacts, posture } from '../../shared/checks/posture.ts';
import type { AspectKind } from '../../shared/mail/aspect.ts';
import { type Postfix, startPostfix } from '../support/postfix.ts';
import { probeContext } from '../support/probe-context.ts';
import { startNsd, startTcp, startUdp } from '../support/servers.ts';
import { signZone, startUnbound } from '../support/signed-zone.ts';
import {
  type Authority,
  type CertificateFiles,
  freePort,
  makeAuthority,
  removeFolder,
  startNginx,
  webFolder,
} from '../support/web-servers.ts';

const started: { stop(): Promise<void> }[] = [];
const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

let folder: string;
let authority: Authority;
let mailCertificate: CertificateFiles;
let postfix: Postfix;
beforeAll(async () => {
  folder = webFolder();
  authority = makeAuthority(folder);
  mailCertificate = authority.issue('mail', { altNames: 'DNS:mail.example.net', fromDays: -1, toDays: 60 });
  postfix = await startPostfix(mailCertificate);
}, 30_000);
afterAll(async () => {
  await postfix.stop();
  removeFolder(folder);
});

const soa = '60 SOA ns1.example.net. hostmaster.example.net. 1 3600 900 604800 60';
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
/** A TXT record whose texts have at most 255 bytes each. */
const txt = (text: string): string => `TXT ${(text.match(/.{1,200}/g) ?? []).map((part) => `"${part}"`).join(' ')}`;
const right = [
  '@ 60 MX 10 mail',
  'mail 60 A 127.0.0.1',
  `@ 60 ${txt('v=spf1 ip4:192.0.2.25 include:_spf.example.com -all')}`,
  `mail2026._domainkey 60 ${txt(`v=DKIM1; k=rsa; p=${rsaKey}`)}`,
  `_dmarc 60 ${txt('v=DMARC1; p=reject; rua=mailto:dmarc@example.net')}`,
  `_mta-sts 60 ${txt('v=STSv1; id=20261120')}`,
  `_smtp._tls 60 ${txt('v=TLSRPTv1; rua=mailto:tls@example.net')}`,
  'mta-sts 60 A 127.0.0.1',
  '@ 60 CAA 0 issue "ca.example.org"',
];
const others = [
  `. ${soa}`,
  '. 60 NS ns1.example.net.',
  '25.2.0.192.in-addr.arpa. 60 PTR mail.example.net.',
  `_spf.example.com. 60 ${txt('v=spf1 ip4:198.51.100.0/24 -all')}`,
];
const zoneText = (lines: readonly string[]): string => `$ORIGIN example.net.\n@ ${soa}\n@ 60 NS ns1\n${lines.join('\n')}\n`;
const without = (start: string, ...more: string[]): string[] => [...right.filter((line) => !line.startsWith(start)), ...more];

/** A resolver (without signatures) that knows the domain as those lines say. */
async function resolver(lines: readonly string[], more: readonly string[] = []): Promise<string> {
  const { port } = await keep(startNsd({ '.': [...others, ...more].join('\n').concat('\n'), 'example.net': zoneText(lines) }));
  return `127.0.0.1:${port}`;
}

/** nginx with a policy at mta-sts.example.net. */
async function policyServer(
  text: string,
  certificate?: CertificateFiles,
  location = 'location = /.well-known/mta-sts.txt { default_type text/plain; }',
) {
  const root = webFolder();
  const { certificate: cert, key } =
    certificate ?? authority.issue('sts', { altNames: 'DNS:mta-sts.example.net', fromDays: -1, toDays: 30 });
  const port = await freePort();
  mkdirSync(join(root, 'www/.well-known'), { recursive: true });
  writeFileSync(join(root, 'www/.well-known/mta-sts.txt'), text);
  const server = `server { listen 127.0.0.1:${port} ssl; server_name mta-sts.example.net; ssl_certificate ${cert}; ssl_certificate_key ${key}; root ${root}/www; ${location} }`;
  const nginx = await startNginx(root, server, port);
  started.push({ stop: () => nginx.stop().then(() => removeFolder(root)) });
  return { policyPort: port };
}
const policy = (mx: string, mode = 'enforce'): string => `version: STSv1\r\nmode: ${mode}\r\nmx: ${mx}\r\nmax_age: 604800\r\n`;

async function look(server: string, settings: Record<string, unknown> = {}, timeoutMs = 8_000) {
  const config = posture.config.parse({
    domain: 'example.net',
    server,
    smtpPort: postfix.port,
    caFile: authority.caFile,
    ...settings,
  }) as PostureConfig;
  const context = probeContext({ timeoutMs });
  const begin = performance.now();
  const facts: PostureFacts = await probePosture(config, context);
  expect(() => posture.observation.parse(facts)).not.toThrow();
  const verdict = posture.judge(facts);
  const said = posture.explain(facts, verdict, config);
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  const of = (kind: AspectKind) => (facts.aspects ?? []).filter(({ aspect }) => aspect === kind);
  return { facts, verdict, of, lines: posture.facts(facts), tookMs: performance.now() - begin, notes: context.lines };
}

const all = { mx: ['mail.example.net'], outbound: ['192.0.2.25'], dkim: ['mail2026'], helo: 'mail.example.net' };
/** The name leads to 127.0.0.1 here, so the address that sends is that one. */
const outbound = { ...all, outbound: ['127.0.0.1'] };
const loopbackName = ['1.0.0.127.in-addr.arpa. 60 PTR mail.example.net.'];
const ownSpf = without('@ 60 TXT', `@ 60 ${txt('v=spf1 a:mail.example.net -all')}`);

describe('a domain in order', () => {
  it('every record is found and said', async () => {
    const server = await resolver(ownSpf, loopbackName);
    const { facts, verdict, lines } = await look(server, { ...outbound, ...(await policyServer(policy('*.example.net'))) });
    expect(
      facts.aspects?.map(({ aspect, about, state, text }) => `${aspect} ${about} ${state}: ${text.replace(/until .*/, 'until')}`),
    ).toEqual([
      'mx example.net ok: mail goes to mail.example.net',
      'mx mail.example.net ok: leads to 1 address',
      'rdns 127.0.0.1 ok: is called mail.example.net, which leads back to it',
      'rdns mail.example.net ok: the name in HELO leads to 127.0.0.1',
      'spf example.net ok: others are refused (-all); 1 lookup',
      'spf 127.0.0.1 ok: may send for example.net (a:mail.example.net)',
      'dkim mail2026._domainkey.example.net ok: RSA key of 2048 bits',
      'dmarc example.net ok: forged mail is refused (reject)',
      'mta-sts example.net ok: the policy is in force and names every mail server',
      'tls-rpt _smtp._tls.example.net ok: failures of encryption are reported',
      'dane mail.example.net ok: there is no TLSA record (DANE)',
      'caa example.net ok: certificates may come from ca.example.org',
      `certificates mail.example.net ok: good at mail.example.net:${postfix.port} until`,
    ]);
    expect(verdict).toEqual({ state: 'ok', reason: 'ok', text: '12 records are in order; not there: DANE' });
    expect(lines[0]).toEqual({ label: 'MX example.net', value: 'mail goes to mail.example.net' });
  });

  it('what is optional and not there is no fault', async () => {
    const server = await resolver(['@ 60 MX 10 mail', 'mail 60 A 127.0.0.1', `@ 60 ${txt('v=spf1 mx -all')}`]);
    const { verdict } = await look(server);
    expect(verdict).toEqual({
      state: 'ok',
      reason: 'ok',
      text: '3 records are in order; not there: DMARC, MTA-STS, TLS reports, DANE, CAA',
    });
  });

  it('a long SPF record over several texts, a long key, and an answer that needs TCP', async () => {
    const long = `v=spf1 ${Array.from({ length: 100 }, (_, n) => `ip4:203.0.113.${n}`).join(' ')} a:mail.example.net -all`;
    const server = await resolver(without('@ 60 TXT', `@ 60 ${txt(long)}`), loopbackName);
    const { of } = await look(server, { ...outbound, mtaSts: false });
    expect(of('spf').map(({ state }) => state)).toEqual(['ok', 'ok']);
  });
});

it('names that only lead on: a key kept elsewhere, and reverse DNS that was handed down (RFC 2317)', async () => {
  const lines = without('mail2026', 'mail2026._domainkey 60 CNAME key.keys', `key.keys 60 ${txt(`p=${rsaKey}`)}`, 'out 60 A 198.51.100.70');
  const names = [
    '70.100.51.198.in-addr.arpa. 60 CNAME 70.64/26.100.51.198.in-addr.arpa.',
    '70.64/26.100.51.198.in-addr.arpa. 60 PTR out.example.net.',
  ];
  const { of } = await look(await resolver(lines, names), { mtaSts: false, dkim: ['mail2026'], outbound: ['198.51.100.70'] });
  expect(of('dkim')).toMatchObject([{ state: 'ok', text: 'RSA key of 2048 bits' }]);
  expect(of('rdns')).toMatchObject([{ state: 'ok', text: 'is called out.example.net, which leads back to it' }]);
});

describe('what is wrong', () => {
  it.each<[string, readonly string[], Record<string, unknown>, AspectKind, string, string, string]>([
    [
      'MX elsewhere',
      right,
      { mx: ['mx.example.org'] },
      'mx',
      'down',
      'mx-elsewhere',
      'MX of example.net: mail is sent to mail.example.net, not to mx.example.org',
    ],
    [
      'MX is another name',
      without('@ 60 MX', '@ 60 MX 10 alias', 'alias 60 CNAME mail'),
      {},
      'mx',
      'degraded',
      'mx-alias',
      'MX of alias.example.net: is only another name for mail.example.net (CNAME), which an MX must not be',
    ],
    [
      'MX leads nowhere',
      without('@ 60 MX', '@ 60 MX 10 gone'),
      {},
      'mx',
      'down',
      'mx-not-found',
      'MX of gone.example.net: has no address: no mail gets there',
    ],
    [
      'null MX',
      without('@ 60 MX', '@ 60 MX 0 .'),
      {},
      'mx',
      'down',
      'null-mx',
      'MX of example.net: the domain says that it takes no mail (null MX)',
    ],
    [
      'no name',
      right,
      { outbound: ['198.51.100.7'] },
      'rdns',
      'degraded',
      'no-ptr',
      'reverse DNS of 198.51.100.7: has no name (PTR): many receivers take no mail from it',
    ],
    [
      'leads elsewhere',
      right,
      { outbound: ['192.0.2.25'] },
      'rdns',
      'degraded',
      'not-forward-confirmed',
      'reverse DNS of 192.0.2.25: is called mail.example.net, but that name leads to 127.0.0.1',
    ],
    [
      'may not send',
      right,
      { outbound: ['203.0.113.7'] },
      'spf',
      'down',
      'spf-fail',
      'SPF of 203.0.113.7: may not send for example.net (-all): receivers refuse its mail',
    ],
    [
      'no SPF',
      without('@ 60 TXT'),
      {},
      'spf',
      'degraded',
      'missing',
      'SPF of example.net: there is no SPF record: anybody may send in the name of this domain',
    ],
    [
      'no key',
      right,
      { dkim: ['old'] },
      'dkim',
      'degraded',
      'dkim-missing',
      'DKIM of old._domainkey.example.net: there is no key: signatures with this selector cannot be checked',
    ],
    [
      'key withdrawn',
      without('mail2026', `mail2026._domainkey 60 ${txt('v=DKIM1; p=')}`),
      { dkim: ['mail2026'] },
      'dkim',
      'degraded',
      'dkim-revoked',
      'DKIM of mail2026._domainkey.example.net: the key is withdrawn (p= is empty): signatures with it count for nothing',
    ],
    [
      'DMARC mistyped',
      without('_dmarc', `_dmarc 60 ${txt('v=DMARC1; p=rejct')}`),
      {},
      'dmarc',
      'degraded',
      'dmarc-broken',
      'DMARC of example.net: the record has a policy that nobody knows (p=rejct)',
    ],
    [
      'reports to nowhere',
      without('_smtp', `_smtp._tls 60 ${txt('v=TLSRPTv1; rua=')}`),
      {},
      'tls-rpt',
      'degraded',
      'tls-rpt-broken',
      'TLS reports of _smtp._tls.example.net: the record names no place for reports (rua=)',
    ],
    [
      'DANE is required',
      right,
      { require: ['dane'] },
      'dane',
      'degraded',
      'missing',
      'DANE of mail.example.net: there is no TLSA record (DANE)',
    ],
  ])('%s', async (_, lines, settings, kind, state, reason, text) => {
    const { of, verdict } = await look(await resolver(lines), { mtaSts: false, ...settings });
    expect(of(kind).map((it) => [it.state, it.reason])).toContainEqual([state, reason]);
    expect(verdict.state).toBe(state);
    expect(verdict.text).toContain(text);
  });

  it('a domain that does not exist', async () => {
    const { verdict } = await look(await resolver(right), { domain: 'gone.example.org' });
    expect(verdict).toMatchObject({ state: 'down', reason: 'domain-not-found' });
  });
});

describe('the MTA-STS policy comes over the web', () => {
  it.each<[string, () => Promise<Record<string, unknown>>, string, string, RegExp]>([
    [
      'does not name the MX',
      () => policyServer(policy('mx.example.org')),
      'down',
      'sts-mx',
      /does not name mail\.example\.net: senders refuse/,
    ],
    ['is only a test', () => policyServer(policy('mail.example.net', 'testing')), 'ok', 'ok', /as a test only/],
    ['is broken', () => policyServer('<html>'), 'degraded', 'sts-policy-broken', /<html>/],
    ['is not there', () => policyServer('', undefined, 'location / { return 404; }'), 'degraded', 'sts-not-fetched', /answers 404/],
    [
      'is elsewhere',
      () => policyServer('', undefined, 'location / { return 302 https://127.0.0.1/; }'),
      'degraded',
      'sts-not-fetched',
      /answers 302, and a redirect does not count/,
    ],
    ['has no end', () => policyServer('x'.repeat(200_000)), 'degraded', 'sts-not-fetched', /more than 64 KB/],
    [
      'has the certificate of another name',
      () => policyServer(policy('*.example.net'), mailCertificate),
      'degraded',
      'sts-not-fetched',
      /is for mail\.example\.net, not for mta-sts\.example\.net/,
    ],
    [
      'has a certificate that ran out',
      () =>
        policyServer(policy('*.example.net'), authority.issue('old', { altNames: 'DNS:mta-sts.example.net', fromDays: -30, toDays: -3 })),
      'degraded',
      'sts-not-fetched',
      /expired 3 d/,
    ],
    [
      'has a certificate that nobody trusts',
      () => policyServer(policy('*.example.net'), authority.selfSigned('self', 'DNS:mta-sts.example.net')),
      'degraded',
      'sts-not-fetched',
      /self-signed/,
    ],
    ['is refused', async () => ({ policyPort: await freePort() }), 'degraded', 'sts-not-fetched', /refused/],
    [
      'comes from a set address',
      async () => ({ ...(await policyServer(policy('*.example.net'))), policyAddress: 'localhost' }),
      'ok',
      'ok',
      /names every/,
    ],
  ])('%s', async (_, serve, state, reason, text) => {
    const { of } = await look(await resolver(right), await serve());
    expect(of('mta-sts')).toMatchObject([{ state, reason, text: expect.stringMatching(text) }]);
  });

  it('a web server that stalls is not known, and ends in time', async () => {
    const mute = await keep(startTcp(() => {}));
    const { of, tookMs } = await look(await resolver(right), { policyPort: mute.port }, 1_500);
    expect(of('mta-sts')).toMatchObject([{ state: 'unknown', reason: 'not-asked' }]);
    expect(of('dmarc')).toMatchObject([{ state: 'ok' }]);
    expect(tookMs).toBeLessThan(1_700);
  });

  it('the name of the policy has no address', async () => {
    const { of } = await look(await resolver(without('mta-sts')));
    expect(of('mta-sts')).toMatchObject([
      { state: 'degraded', reason: 'sts-not-fetched', text: 'the policy cannot be fetched: mta-sts.example.net has no address' },
    ]);
  });

  it('a server under the policy must show a good certificate', async () => {
    const sts = await policyServer(policy('*.example.net'));
    const other = without('@ 60 MX', '@ 60 MX 10 mx9', 'mx9 60 A 127.0.0.1');
    const { of } = await look(await resolver(other), sts);
    expect(of('certificates')).toMatchObject([
      { about: 'mx9.example.net', state: 'degraded', text: 'certificate is for mail.example.net, not for mx9.example.net' },
    ]);
    const plain = await look(await resolver(right), { ...sts, smtpPort: postfix.plainPort });
    expect(plain.of('certificates')).toMatchObject([{ state: 'degraded', text: expect.stringContaining('offers no encryption') }]);
    // Whether it answers at all is another check's business.
    const gone = await look(await resolver(right), { ...sts, smtpPort: await freePort() });
    expect(gone.of('certificates')).toEqual([]);
    expect(gone.verdict.state).toBe('ok');
  });
});

describe('DANE with a signed zone, a resolver that checks, and the certificate that Postfix shows', () => {
  const hour = 3_600_000;
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const leaf = (): X509Certificate => new X509Certificate(readFileSync(mailCertificate.certificate));
  const keyOf = (it: X509Certificate): Buffer => it.publicKey.export({ type: 'spki', format: 'der' });

  /** @returns the resolver's setting */
  async function signed(
    tlsa: string,
    options: { trusted?: boolean; until?: number; forge?: (zone: string) => string } = {},
  ): Promise<string> {
    const zone = signZone(
      'example.net',
      zoneText([...right, `_25._tcp.mail 60 TLSA ${tlsa}`]),
      Date.now() - 30 * 24 * hour,
      options.until ?? Date.now() + 24 * hour,
    );
    const nsd = await keep(startNsd({ '.': `${others.join('\n')}\n`, 'example.net': (options.forge ?? String)(zone.text) }));
    const unbound = await keep(startUnbound(nsd.port, options.trusted === false ? [] : [zone.anchor]));
    return `127.0.0.1:${unbound.port}`;
  }
  const onlyDane = { mtaSts: false };

  it.each<[string, () => string, string, string, RegExp]>([
    [
      'key of the server, 3 1 1',
      () => `3 1 1 ${sha256(keyOf(leaf()))}`,
      'ok',
      'ok',
      /^the certificate is the one of the TLSA record \(3 1 1\)$/,
    ],
    ['certificate of the server, 3 0 1', () => `3 0 1 ${sha256(leaf().raw)}`, 'ok', 'ok', /3 0 1/],
    ['key of the server as it is, 3 1 0', () => `3 1 0 ${keyOf(leaf()).toString('hex')}`, 'ok', 'ok', /3 1 0/],
    ['key of the server, SHA-512', () => `3 1 2 ${createHash('sha512').update(keyOf(leaf())).digest('hex')}`, 'ok', 'ok', /3 1 2/],
    ['the authority, 2 0 1', () => `2 0 1 ${sha256(new X509Certificate(readFileSync(authority.caFile)).raw)}`, 'ok', 'ok', /2 0 1/],
    ['another key', () => `3 1 1 ${'ab'.repeat(32)}`, 'down', 'dane-mismatch', /is not the one that the TLSA record names/],
    ['a use that senders pass over', () => `1 1 1 ${sha256(keyOf(leaf()))}`, 'degraded', 'dane-unusable', /none that senders can use/],
  ])('%s: %s', async (_, tlsa, state, reason, text) => {
    const { of } = await look(await signed(tlsa()), onlyDane);
    expect(of('dane')).toMatchObject([{ about: 'mail.example.net', state, reason, text: expect.stringMatching(text) }]);
  });

  it('without the AD bit nothing is claimed', async () => {
    const { of, verdict } = await look(await signed(`3 1 1 ${'ab'.repeat(32)}`, { trusted: false }), onlyDane);
    expect(of('dane')).toMatchObject([{ state: 'unknown', reason: 'dane-not-authenticated' }]);
    expect(verdict.state).toBe('unknown');
  });

  it('signatures that ran out end all of it', async () => {
    const { verdict, of } = await look(await signed(`3 1 1 ${sha256(keyOf(leaf()))}`, { until: Date.now() - 72 * hour }), onlyDane);
    expect(verdict).toMatchObject({ state: 'down', reason: 'mx-bogus' });
    expect(of('spf')).toMatchObject([{ state: 'unknown', text: expect.stringContaining('finds the signatures of example.net wrong') }]);
  });

  it('a TLSA record that was changed behind the back of its signature', async () => {
    const { of } = await look(
      await signed(`3 1 1 ${'ab'.repeat(32)}`, { forge: (zone) => zone.replace(/(?:ab){32}/i, 'cd'.repeat(32)) }),
      onlyDane,
    );
    expect(of('mx').map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(of('dane')).toMatchObject([{ state: 'down', reason: 'dane-bogus' }]);
  });

  it('a server that does not encrypt is no place for senders that check; one that is away is not known', async () => {
    const server = await signed(`3 1 1 ${sha256(keyOf(leaf()))}`);
    expect((await look(server, { ...onlyDane, smtpPort: postfix.plainPort })).of('dane')).toMatchObject([
      { state: 'down', reason: 'dane-no-tls' },
    ]);
    expect((await look(server, { ...onlyDane, smtpPort: await freePort() })).of('dane')).toMatchObject([{ state: 'unknown' }]);
    expect((await look(server, { ...onlyDane, dane: false })).of('dane')).toMatchObject([{ state: 'ok' }]);
  });
});

describe('a resolver that does not work', () => {
  it('silence is not known, said once, and over in time', async () => {
    const mute = await keep(startUdp(() => {}));
    const { verdict, facts, tookMs } = await look(`127.0.0.1:${mute.port}`, all, 1_200);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'not-asked' });
    expect(verdict.text).toMatch(/no answer from 127\.0\.0\.1/);
    expect(facts.aspects?.every(({ state }) => state === 'unknown')).toBe(true);
    expect(tookMs).toBeLessThan(1_400);
  });
  it('one that refuses', async () => {
    const { port } = await keep(startNsd({ 'other.test': zoneText([]).replaceAll('example.net', 'other.test') }));
    const { verdict } = await look(`127.0.0.1:${port}`, all);
    expect(verdict).toMatchObject({ state: 'unknown' });
    expect(verdict.text).toContain('REFUSED');
  });
});

describe('drift', () => {
  it('tells what changed between two looks, and nothing of what was not known at one of them', async () => {
    const before = (await look(await resolver(right), { ...all, mtaSts: false })).facts;
    const changed = [
      ...without('@ 60 TXT').filter((line) => !line.startsWith('_dmarc')),
      `@ 60 ${txt('v=spf1 ip4:192.0.2.25 ip4:203.0.113.66 -all')}`,
      '@ 60 MX 20 backup',
      'backup 60 A 127.0.0.1',
    ];
    const after = (await look(await resolver(changed), { ...all, mtaSts: false })).facts;
    expect(posture.changes(before, after)).toEqual([
      { code: 'mx-changed', text: 'MX of example.net changed: 10 mail.example.net -> 10 mail.example.net, 20 backup.example.net' },
      {
        code: 'spf-changed',
        text: 'SPF of example.net changed: v=spf1 ip4:192.0.2.25 include:_spf.example.com -all -> v=spf1 ip4:192.0.2.25 ip4:203.0.113.66 -all',
      },
      { code: 'dmarc-changed', text: 'DMARC of example.net changed: v=DMARC1; p=reject; rua=mailto:dmarc@example.net -> nothing' },
    ]);
    const mute = await keep(startUdp(() => {}));
    const silent = (await look(`127.0.0.1:${mute.port}`, all, 1_000)).facts;
    expect(posture.changes(before, silent)).toEqual([]);
    expect(posture.changes(silent, after)).toEqual([]);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Certificate } from '../../shared/checks/tls-certificate.ts';
import type { Aspect } from '../../shared/mail/aspect.ts';
import { lookAtCaa } from '../../shared/mail/caa.ts';
import { judgeCertificate, judgeDane, type Shown } from '../../shared/mail/dane.ts';
import { judgeKey, lookAtKey } from '../../shared/mail/dkim.ts';
import { lookAtDmarc, placesOf, readDmarc } from '../../shared/mail/dmarc.ts';
import { fitsPattern, readStsPolicy, stsIdOf } from '../../shared/mail/mta-sts.ts';
import { lookAtMx } from '../../shared/mail/mx.ts';
import { isGeneric, lookAtHelo, lookAtReverse } from '../../shared/mail/rdns.ts';
import { type Fetched, lookAtSts } from '../../shared/mail/sts-aspect.ts';
import { readTags } from '../../shared/mail/tags.ts';
import { lookAtTlsReports, tlsReportProblem } from '../../shared/mail/tls-rpt.ts';
import { fitting, isUsable, readTlsa } from '../../shared/mail/tlsa.ts';
import { DAY } from '../../shared/time.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { fakeLook, silence } from '../support/fake-look.ts';
import { hostile } from '../support/hostile-text.ts';

const none: ReadonlySet<never> = new Set();
const short = ({ state, reason, text }: Aspect): [string, string, string] => [state, reason, text];

describe('DKIM keys', () => {
  const rsa = (bits: number, format: 'spki' | 'pkcs1' = 'spki'): string =>
    generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: format, format: 'der' }).toString('base64');
  const edKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  const [key2048, key1024, key512] = [rsa(2_048), rsa(1_024), rsa(512)];
  it.each<[string, string, string, string]>([
    [`v=DKIM1; k=rsa; p=${key2048}`, 'ok', 'ok', 'RSA key of 2048 bits'],
    [`k=rsa;p=${key2048};`, 'ok', 'ok', 'RSA key of 2048 bits'],
    [`v=DKIM1; p=${key2048.slice(0, 100)} ${key2048.slice(100)}`, 'ok', 'ok', 'RSA key of 2048 bits'],
    [`p=${rsa(2_048, 'pkcs1')}`, 'ok', 'ok', 'RSA key of 2048 bits'],
    [`v=DKIM1; p=${rsa(1_536)}`, 'ok', 'ok', 'RSA key of 1536 bits; that is weak, 2048 are usual'],
    [`v=DKIM1; p=${key1024}`, 'ok', 'ok', 'RSA key of 1024 bits; that is weak, 2048 are usual'],
    [`v=DKIM1; p=${key512}`, 'degraded', 'dkim-too-short', 'the key has 512 bits: receivers accept none below 1024'],
    [`v=DKIM1; k=ed25519; p=${edKey}`, 'ok', 'ok', 'ed25519 key; some receivers know only RSA'],
    ['v=DKIM1; k=ed25519; p=AAAA', 'degraded', 'dkim-broken', 'the ed25519 key has 3 bytes instead of 32'],
    ['v=DKIM1; p=', 'degraded', 'dkim-revoked', 'the key is withdrawn (p= is empty): signatures with it count for nothing'],
    ['v=DKIM1; k=rsa', 'degraded', 'dkim-broken', 'the key record has no key (p=)'],
    [`v=DKIM2; p=${key2048}`, 'degraded', 'dkim-broken', 'the key record does not begin with v=DKIM1'],
    [`p=${key2048}; v=DKIM1`, 'degraded', 'dkim-broken', 'the key record does not begin with v=DKIM1'],
    [
      `v=DKIM1; h=sha1; p=${key2048}`,
      'degraded',
      'dkim-hash',
      'the key is for sha1 only, which nobody accepts any more: sha256 is missing',
    ],
    [`v=DKIM1; h=sha1 : sha256; p=${key2048}`, 'ok', 'ok', 'RSA key of 2048 bits'],
    [`v=DKIM1; s=tlsrpt; p=${key2048}`, 'degraded', 'dkim-service', 'the key is not for mail (s=tlsrpt)'],
    [`v=DKIM1; s=email; t=s; p=${key2048}`, 'ok', 'ok', 'RSA key of 2048 bits'],
    [
      `v=DKIM1; t=y:s; p=${key2048}`,
      'ok',
      'ok',
      'RSA key of 2048 bits; marked as a test (t=y), so that receivers may pass over bad signatures',
    ],
    [`v=DKIM1; k=dsa; p=${key2048}`, 'degraded', 'dkim-kind', 'the key is of a kind that receivers do not know (dsa)'],
    [`v=DKIM1; p=${key2048.slice(0, 240)}`, 'degraded', 'dkim-broken', 'the key is no RSA key: perhaps it was cut off'],
    ['v=DKIM1; p="abc"', 'degraded', 'dkim-broken', 'the key is not written in base64'],
    ['v=DKIM1; p=abc; p=def', 'degraded', 'dkim-broken', 'the key record says p= twice'],
    ['v=DKIM1 p=abc', 'degraded', 'dkim-broken', 'the key record does not begin with v=DKIM1'],
    ['hello', 'degraded', 'dkim-broken', 'the key record has "hello" where a name=value belongs'],
  ])('%.60s: %s %s', (record, state, reason, text) => expect(judgeKey(record)).toEqual({ state, reason, text }));

  it.each<[string, string[], string, string]>([
    ['missing', [], 'degraded', 'dkim-missing'],
    ['twice', [`p=${key2048}`, `p=${key1024}`], 'degraded', 'dkim-many'],
    ['silent', [silence], 'unknown', 'not-asked'],
    ['there', [`p=${key2048}`], 'ok', 'ok'],
  ])('%s', async (_, values, state, reason) => {
    const it = await lookAtKey('mail', 'example.net', fakeLook({ 'TXT mail._domainkey.example.net': values }).look);
    expect(it).toMatchObject({ aspect: 'dkim', about: 'mail._domainkey.example.net', state, reason });
  });

  it('survives any record', () => {
    fc.assert(
      fc.property(hostile, fc.base64String({ maxLength: 400 }), (junk, key) => {
        for (const record of [junk, `p=${junk}`, `v=DKIM1; p=${key}`, `k=ed25519; p=${key}`]) expect(judgeKey(record).text).not.toBe('');
      }),
    );
  });
});

describe('DMARC', () => {
  it.each([
    ['v=DMARC1; p=reject', { policy: 'reject', below: 'reject', percent: 100, reports: [] }],
    [
      'v=DMARC1;p=none;rua=mailto:a@example.net,mailto:b@example.org!10m',
      { policy: 'none', reports: ['mailto:a@example.net', 'mailto:b@example.org!10m'] },
    ],
    ['v=DMARC1; p=Quarantine; sp=none; pct=20; adkim=s; aspf=r;', { policy: 'quarantine', below: 'none', percent: 20 }],
    ['v=DMARC1; p=reject; unknown=x', { policy: 'reject' }],
  ])('%s', (text, value) => expect(readDmarc(text)).toMatchObject({ ok: true, value }));
  it.each([
    ['v=DMARC1', 'has no policy (p=)'],
    ['v=DMARC1; p=block', 'has a policy that nobody knows (p=block)'],
    ['v=DMARC1; p=none; sp=x', 'has a policy for names below that nobody knows (sp=x)'],
    ['v=DMARC1; p=none; pct=101', 'says pct=101, which is no percentage'],
    ['v=DMARC1; p=none; aspf=strict', 'says aspf=strict, where only r or s may stand'],
    ['v=DMARC1; p=none; rua=a@example.net', 'wants reports at "a@example.net", which is no address such as mailto:reports@example.net'],
    ['v=DMARC1; p=none, rua=mailto:a@example.net', 'has a policy that nobody knows (p=none, rua=mailto:a@example.net)'],
    ['v=DMARC1; p=none; p=reject', 'says p= twice'],
    ['v=DMARC1; reject', 'has "reject" where a name=value belongs'],
  ])('%s is wrong', (text, failure) => expect(readDmarc(text)).toEqual({ ok: false, failure }));
  it.each([
    ['example.net', ['example.net']],
    ['a.b.example.net', ['a.b.example.net', 'b.example.net', 'example.net']],
  ])('is looked for, for %s, at %j', (domain, places) => expect(placesOf(domain)).toEqual(places));

  it.each<[string, Record<string, string[]>, [string, string, string]]>([
    [
      'reject',
      { 'TXT _dmarc.mail.example.net': ['v=DMARC1; p=reject; rua=mailto:a@example.net'] },
      ['ok', 'ok', 'forged mail is refused (reject)'],
    ],
    [
      'none',
      { 'TXT _dmarc.mail.example.net': ['v=DMARC1; p=none'] },
      ['ok', 'policy-none', 'forged mail is only counted (p=none), not turned away; nobody gets reports'],
    ],
    [
      'a share',
      { 'TXT _dmarc.mail.example.net': ['v=DMARC1; p=quarantine; pct=10; rua=mailto:a@example.net'] },
      ['ok', 'ok', 'forged mail goes to the spam folder (quarantine); only for 10 per cent of it'],
    ],
    [
      'that of the domain above',
      { 'TXT _dmarc.example.net': ['v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@example.net'] },
      ['ok', 'ok', 'forged mail goes to the spam folder (quarantine), as example.net says'],
    ],
    [
      'other texts beside it',
      { 'TXT _dmarc.mail.example.net': ['a wildcard text', 'v=DMARC1; p=reject; rua=mailto:a@example.net'] },
      ['ok', 'ok', 'forged mail is refused (reject)'],
    ],
    ['none at all', {}, ['ok', 'not-there', 'there is no DMARC record: receivers decide on forged mail as they like']],
    [
      'two',
      { 'TXT _dmarc.mail.example.net': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
      ['degraded', 'dmarc-many', 'there are 2 DMARC records; only one may be, so none counts'],
    ],
    [
      'broken',
      { 'TXT _dmarc.mail.example.net': ['v=DMARC1; p=rejekt'] },
      ['degraded', 'dmarc-broken', 'the record has a policy that nobody knows (p=rejekt)'],
    ],
    [
      'a mistyped version',
      { 'TXT _dmarc.mail.example.net': ['v=DMARC; p=reject'] },
      ['degraded', 'dmarc-broken', 'the record does not begin with v=DMARC1 and counts for nothing'],
    ],
    ['silence', { 'TXT _dmarc.mail.example.net': [silence] }, ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53']],
    ['silence above', { 'TXT _dmarc.example.net': [silence] }, ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53']],
  ])('%s', async (_, lines, said) => expect(short(await lookAtDmarc('mail.example.net', none, fakeLook(lines).look))).toEqual(said));
  it('is missing where it is required', async () => {
    expect(short(await lookAtDmarc('example.net', new Set(['dmarc']), fakeLook({}).look)).slice(0, 2)).toEqual(['degraded', 'missing']);
  });
});

const policy = (more: string, mode = 'enforce'): string => `version: STSv1\r\nmode: ${mode}\r\n${more}\r\nmax_age: 604800\r\n`;
describe('MTA-STS', () => {
  it.each([
    ['v=STSv1; id=20261120T000000;', '20261120T000000'],
    ['v=STSv1;id=1', '1'],
    ['v=STSv1', null],
    ['v=STSv1; id=', null],
    ['v=STSv1; id=with-dash', null],
    [`v=STSv1; id=${'1'.repeat(33)}`, null],
  ])('the id of "%s" is %s', (record, id) => expect(stsIdOf(record)).toBe(id));

  it.each<[string, Record<string, unknown>]>([
    [policy('mx: mx.example.net'), { mode: 'enforce', mx: ['mx.example.net'], maxAgeSeconds: 604_800 }],
    [
      'version:STSv1\nmode:testing\nmx:*.example.net\nmx:MX.Example.org.\nmax_age:86400',
      { mode: 'testing', mx: ['*.example.net', 'mx.example.org'] },
    ],
    ['version: STSv1\nmode: none\nmax_age: 0', { mode: 'none', mx: [], maxAgeSeconds: 0 }],
    [policy('mx: mx.example.net\nextension: something: else'), { mode: 'enforce' }],
    ['version: STSv1\nmode: enforce\nmode: none\nmx: a.example.net\nmax_age: 1', { mode: 'enforce' }],
  ])('%j is in order', (text, value) => expect(readStsPolicy(text)).toMatchObject({ ok: true, value }));
  it.each([
    ['', 'does not say version: STSv1'],
    ['<!doctype html>', 'has the line "<!doctype html>", which is no "key: value"'],
    ['version: STSv2\nmode: enforce\nmx: a.example.net\nmax_age: 1', 'does not say version: STSv1'],
    ['version: STSv1\nmx: a.example.net\nmax_age: 1', 'says no mode'],
    [policy('mx: a.example.net', 'enforced'), 'has a mode that nobody knows (enforced)'],
    [policy(''), 'names no mail server (mx)'],
    [policy('mx: *'), 'names "*" as mx, which is no host name'],
    [policy('mx: mx.*.example.net'), 'names "mx.*.example.net" as mx, which is no host name'],
    [policy('mx: mx.example.net, mx2.example.net'), 'names "mx.example.net, mx2.example.net" as mx, which is no host name'],
    ['version: STSv1\nmode: enforce\nmx: a.example.net', 'has no max_age from 0 to a year in seconds'],
    ['version: STSv1\nmode: enforce\nmx: a.example.net\nmax_age: 31557601', 'has no max_age from 0 to a year in seconds'],
    ['version: STSv1\nmode: enforce\nmx: a.example.net\nmax_age: 1d', 'has no max_age from 0 to a year in seconds'],
  ])('%j is wrong', (text, failure) => expect(readStsPolicy(text)).toEqual({ ok: false, failure }));

  it.each([
    ['mx.example.net', 'mx.example.net', true],
    ['MX.example.net.', 'mx.Example.NET', true],
    ['mx.example.net', '*.example.net', true],
    ['a.mx.example.net', '*.example.net', false],
    ['example.net', '*.example.net', false],
    ['mx.example.net', 'mx2.example.net', false],
    ['xexample.net', '*.example.net', false],
  ])('%s is one of %s: %s', (host, wanted, fits) => expect(fitsPattern(host, wanted)).toBe(fits));

  const got = (text: string): Fetched => ({ ok: true, text });
  const record = { 'TXT _mta-sts.example.net': ['v=STSv1; id=7'] };
  const mx1 = ['mx1.example.net', 'mx2.example.net'];
  it.each<[string, Record<string, string[]>, string[] | null, Fetched, [string, string, string]]>([
    ['not there', {}, mx1, got(''), ['ok', 'not-there', 'there is no MTA-STS policy']],
    ['in force', record, mx1, got(policy('mx: *.example.net')), ['ok', 'ok', 'the policy is in force and names every mail server']],
    [
      'a test',
      record,
      mx1,
      got(policy('mx: *.example.net', 'testing')),
      ['ok', 'ok', 'the policy names every mail server, as a test only (mode testing)'],
    ],
    ['off', record, mx1, got('version: STSv1\nmode: none\nmax_age: 86400'), ['ok', 'ok', 'the policy is switched off (mode none)']],
    [
      'soon forgotten',
      record,
      mx1,
      got('version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 3600'),
      ['ok', 'ok', 'the policy is in force and names every mail server; it is remembered for 1 h only'],
    ],
    [
      'one MX is not named',
      record,
      mx1,
      got(policy('mx: mx1.example.net')),
      ['degraded', 'sts-mx', 'the policy does not name mx2.example.net: senders refuse to deliver there'],
    ],
    [
      'no MX is named',
      record,
      mx1,
      got(policy('mx: mx.example.org')),
      ['down', 'sts-mx', 'the policy does not name mx1.example.net and mx2.example.net: senders refuse to deliver there'],
    ],
    [
      'no MX is named, as a test',
      record,
      mx1,
      got(policy('mx: mx.example.org', 'testing')),
      [
        'degraded',
        'sts-mx',
        'the policy does not name mx1.example.net and mx2.example.net: senders would refuse to deliver there, were it not a test',
      ],
    ],
    [
      'the MX are not known',
      record,
      null,
      got(policy('mx: mx.example.org')),
      ['unknown', 'not-asked', 'the policy is there; whether it names the mail servers is not known'],
    ],
    [
      'two records',
      { 'TXT _mta-sts.example.net': ['v=STSv1; id=1', 'v=STSv1; id=2'] },
      mx1,
      got(''),
      ['degraded', 'sts-many', 'there are 2 records that announce a policy; only one may be, so none counts'],
    ],
    [
      'no id',
      { 'TXT _mta-sts.example.net': ['v=STSv1;'] },
      mx1,
      got(''),
      ['degraded', 'sts-record-broken', 'the record that announces the policy has no id such as id=20261120'],
    ],
    [
      'bad certificate',
      record,
      mx1,
      { ok: false, failure: { code: 'certificate', detail: 'certificate expired 3 d ago' } },
      ['degraded', 'sts-not-fetched', 'the policy cannot be fetched: certificate expired 3 d ago'],
    ],
    [
      'no way there',
      record,
      mx1,
      { ok: false, failure: { code: 'timeout', detail: 'no connection' } },
      ['unknown', 'not-asked', 'could not be asked: no connection'],
    ],
    [
      'a page instead',
      record,
      mx1,
      got('<html>'),
      ['degraded', 'sts-policy-broken', 'the policy has the line "<html>", which is no "key: value"'],
    ],
    [
      'silence',
      { 'TXT _mta-sts.example.net': [silence] },
      mx1,
      got(''),
      ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53'],
    ],
  ])('%s', async (_, lines, hosts, fetched, said) => {
    let fetches = 0;
    const found = await lookAtSts('example.net', hosts, none, fakeLook(lines).look, async () => {
      fetches += 1;
      return fetched;
    });
    expect(short(found.aspect)).toEqual(said);
    expect(fetches).toBe(lines === record ? 1 : 0);
  });
});

describe('TLS reports', () => {
  it.each([
    ['v=TLSRPTv1; rua=mailto:tls@example.net', null],
    ['v=TLSRPTv1;rua=https://reports.example.net/v1/tls,mailto:a@example.net', null],
    ['v=TLSRPTv1', 'names no place for reports (rua=)'],
    ['v=TLSRPTv1; rua=tls@example.net', 'wants reports at "tls@example.net", which is neither mailto: nor https:'],
    ['v=TLSRPTv1; rua=http://example.net/', 'wants reports at "http://example.net/", which is neither mailto: nor https:'],
  ])('%s: %s', (record, problem) => expect(tlsReportProblem(record)).toBe(problem));
  it.each<[string[], string, string]>([
    [[], 'ok', 'not-there'],
    [['v=TLSRPTv1; rua=mailto:a@example.net'], 'ok', 'ok'],
    [['v=TLSRPTv1; rua=mailto:a@example.net', 'v=TLSRPTv1; rua=mailto:b@example.net'], 'degraded', 'tls-rpt-many'],
    [['v=TLSRPTv1'], 'degraded', 'tls-rpt-broken'],
    [[silence], 'unknown', 'not-asked'],
  ])('%j', async (values, state, reason) => {
    expect(await lookAtTlsReports('example.net', none, fakeLook({ 'TXT _smtp._tls.example.net': values }).look)).toMatchObject({
      state,
      reason,
    });
  });
});

describe('MX', () => {
  const hosts = { 'A mx1.example.net': ['192.0.2.1'], 'AAAA mx1.example.net': ['2001:db8::1'], 'A mx2.example.net': ['192.0.2.2'] };
  const both = { ...hosts, 'MX example.net': ['20 mx2.example.net', '10 mx1.example.net'] };
  it.each<[string, Record<string, string[]>, string[] | undefined, [string, string, string][]]>([
    [
      'all right',
      both,
      undefined,
      [
        ['ok', 'ok', 'mail goes to mx1.example.net and mx2.example.net'],
        ['ok', 'ok', 'leads to 2 addresses'],
        ['ok', 'ok', 'leads to 1 address'],
      ],
    ],
    ['as expected', both, ['MX2.example.net', 'mx1.example.net.'], [['ok', 'ok', 'mail goes to mx1.example.net and mx2.example.net']]],
    ['one too many', both, ['mx1.example.net'], [['degraded', 'mx-unexpected', 'mx2.example.net is not expected to take mail']]],
    [
      'one is missing',
      both,
      ['mx1.example.net', 'mx2.example.net', 'mx3.example.net'],
      [['degraded', 'mx-missing', 'mx3.example.net is missing among the MX records']],
    ],
    [
      'elsewhere',
      both,
      ['mx9.example.net'],
      [['down', 'mx-elsewhere', 'mail is sent to mx1.example.net and mx2.example.net, not to mx9.example.net']],
    ],
    ['no such domain', {}, undefined, [['down', 'domain-not-found', 'example.net does not exist']]],
    [
      'no MX and no address',
      { 'TXT example.net': ['x'] },
      undefined,
      [['down', 'no-mx', 'there is no MX record, and no address either: nobody can deliver mail']],
    ],
    [
      'no MX',
      { 'A example.net': ['192.0.2.9'] },
      undefined,
      [['degraded', 'no-mx', 'there is no MX record: mail goes to the address of the domain itself']],
    ],
    ['null MX', { 'MX example.net': ['0 .'] }, undefined, [['down', 'null-mx', 'the domain says that it takes no mail (null MX)']]],
    ['null MX, as wanted', { 'MX example.net': ['0 .'] }, [], [['ok', 'ok', 'the domain says that it takes no mail (null MX)']]],
    [
      'null MX beside another',
      { ...hosts, 'MX example.net': ['0 .', '10 mx2.example.net'] },
      undefined,
      [['degraded', 'null-mx', 'there is a null MX beside mx2.example.net: some take it that no mail is wanted']],
    ],
    [
      'another name for a host',
      { ...hosts, 'MX example.net': ['10 mail.example.net'], 'CNAME mail.example.net': ['mx1.example.net'] },
      undefined,
      [
        ['ok', 'ok', 'mail goes to mail.example.net'],
        ['degraded', 'mx-alias', 'is only another name for mx1.example.net (CNAME), which an MX must not be'],
      ],
    ],
    [
      'a host that is gone',
      { ...hosts, 'MX example.net': ['10 mx1.example.net', '20 gone.example.net'] },
      undefined,
      [
        ['ok', 'ok', 'mail goes to mx1.example.net and gone.example.net'],
        ['ok', 'ok', 'leads to 2 addresses'],
        ['degraded', 'mx-not-found', 'has no address: no mail gets there'],
      ],
    ],
    [
      'all hosts are gone',
      { 'MX example.net': ['10 gone.example.net', '20 192.0.2.1'] },
      undefined,
      [
        ['ok', 'ok', 'mail goes to gone.example.net and 192.0.2.1'],
        ['down', 'mx-not-found', 'has no address: no mail gets there'],
        ['down', 'mx-is-address', 'is an address where a host name belongs: hardly anybody delivers there'],
      ],
    ],
    ['silence', { 'MX example.net': [silence] }, undefined, [['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53']]],
    [
      'silence about a host',
      { 'MX example.net': ['10 mx1.example.net'], 'AAAA mx1.example.net': [silence], 'A mx1.example.net': ['192.0.2.1'] },
      undefined,
      [
        ['ok', 'ok', 'mail goes to mx1.example.net'],
        ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53'],
      ],
    ],
  ])('%s', async (_, lines, expected, said) => {
    const { aspects } = await lookAtMx('example.net', expected, fakeLook(lines).look);
    expect(aspects.map(short).slice(0, said.length)).toEqual(said);
  });
  it('keeps the order of preference in what it compares', async () => {
    const { aspects, hosts: found } = await lookAtMx('example.net', undefined, fakeLook(both).look);
    expect(aspects.map(({ value }) => value)).toEqual(['10 mx1.example.net, 20 mx2.example.net', '192.0.2.1, 2001:db8::1', '192.0.2.2']);
    expect(found?.map(({ name }) => name)).toEqual(['mx1.example.net', 'mx2.example.net']);
  });
});

describe('reverse DNS', () => {
  it.each([
    ['mail.example.net', '192.0.2.25', false],
    ['mx2.example.net', '192.0.2.25', false],
    ['pool1.example.net', '192.0.2.25', false],
    ['192-0-2-25.example.net', '192.0.2.25', true],
    ['25.2.0.192.dynamic.example.net', '192.0.2.25', true],
    ['ip192.0.2.25.example.net', '192.0.2.25', true],
    ['host-192000002025.example.net', '192.0.2.25', true],
    ['c0000219.example.net', '192.0.2.25', true],
    ['static.2.25.example.net', '192.0.2.25', true],
    ['server-2-25.example.net', '192.0.2.25', false],
    ['static.mail.example.net', '192.0.2.25', false],
    ['x-0000000000000025.example.net', '2001:db8::25', true],
    ['5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.example.net', '2001:db8::25', true],
    ['mail25.example.net', '2001:db8::25', false],
  ])('%s of %s says nothing: %s', (name, address, generic) => expect(isGeneric(name, address)).toBe(generic));

  const [v4, v6] = ['192.0.2.25', '2001:db8::25'];
  const back = { 'PTR 25.2.0.192.in-addr.arpa': ['mail.example.net'] };
  it.each<[string, string, Record<string, string[]>, [string, string, string]]>([
    ['leads back', v4, { ...back, 'A mail.example.net': [v4] }, ['ok', 'ok', 'is called mail.example.net, which leads back to it']],
    [
      'IPv6',
      v6,
      {
        'PTR 5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': ['mail.example.net'],
        'AAAA mail.example.net': ['2001:0db8:0::25'],
      },
      ['ok', 'ok', 'is called mail.example.net, which leads back to it'],
    ],
    ['no name', v4, {}, ['degraded', 'no-ptr', 'has no name (PTR): many receivers take no mail from it']],
    [
      'leads elsewhere',
      v4,
      { ...back, 'A mail.example.net': ['192.0.2.99'] },
      ['degraded', 'not-forward-confirmed', 'is called mail.example.net, but that name leads to 192.0.2.99'],
    ],
    ['leads nowhere', v4, back, ['degraded', 'not-forward-confirmed', 'is called mail.example.net, but that name has no address']],
    [
      'one of two',
      v4,
      { 'PTR 25.2.0.192.in-addr.arpa': ['a.example.net', 'mail.example.net'], 'A mail.example.net': [v4] },
      ['ok', 'ok', 'is called mail.example.net, which leads back to it; its other names do not'],
    ],
    [
      'nobody chose it',
      v4,
      { 'PTR 25.2.0.192.in-addr.arpa': ['192-0-2-25.example.net'], 'A 192-0-2-25.example.net': [v4] },
      [
        'degraded',
        'generic-name',
        "is called 192-0-2-25.example.net, which looks like the name of an address in nobody's use: some receivers refuse it",
      ],
    ],
    [
      'silence',
      v4,
      { 'PTR 25.2.0.192.in-addr.arpa': [silence] },
      ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53'],
    ],
    [
      'silence on the way back',
      v4,
      { ...back, 'A mail.example.net': [silence] },
      ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53'],
    ],
  ])('%s', async (_, address, lines, said) => expect(short(await lookAtReverse(address, fakeLook(lines).look))).toEqual(said));

  it('the name in HELO must be somewhere', async () => {
    expect(short(await lookAtHelo('mail.example.net', fakeLook({ 'A mail.example.net': [v4] }).look))).toEqual([
      'ok',
      'ok',
      'the name in HELO leads to 192.0.2.25',
    ]);
    expect(await lookAtHelo('mail.example.net', fakeLook({}).look)).toMatchObject({ state: 'degraded', reason: 'helo-not-found' });
  });
});

describe('CAA', () => {
  it.each<[string, Record<string, string[]>, [string, string, string]]>([
    [
      'own',
      { 'CAA mail.example.net': ['0 issue "ca.example.org"', '0 iodef "mailto:a@example.net"'] },
      ['ok', 'ok', 'certificates may come from ca.example.org'],
    ],
    [
      'from above',
      { 'CAA example.net': ['0 issue "ca.example.org; account=7"'] },
      ['ok', 'ok', 'certificates may come from ca.example.org, as example.net says'],
    ],
    ['nobody', { 'CAA mail.example.net': ['0 issue ";"'] }, ['ok', 'ok', 'no authority may issue certificates']],
    [
      'only a place for complaints',
      { 'CAA mail.example.net': ['0 iodef "mailto:a@example.net"'] },
      ['ok', 'ok', 'any authority may issue certificates'],
    ],
    ['none', {}, ['ok', 'not-there', 'any authority may issue certificates']],
    ['silence', { 'CAA example.net': [silence] }, ['unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53']],
  ])('%s', async (_, lines, said) => expect(short(await lookAtCaa('mail.example.net', none, fakeLook(lines).look))).toEqual(said));
});

describe('TLSA', () => {
  const forms = (name: string): { forms: [string[], string[]] } => ({
    forms: [
      [`${name}00`, 'a'.repeat(62) + name, 'b'.repeat(126) + name],
      [`${name}01`, 'c'.repeat(62) + name, 'd'.repeat(126) + name],
    ],
  });
  const chain = [forms('11'), forms('22'), forms('33')];
  it.each<[string, boolean, boolean]>([
    [`3 1 1 ${'c'.repeat(62)}11`, true, true],
    [`3 0 1 ${'a'.repeat(62)}11`, true, true],
    [`3 1 2 ${'d'.repeat(126)}11`, true, true],
    ['3 0 0 1100', true, true],
    ['3 1 0 1101', true, true],
    [`2 0 1 ${'a'.repeat(62)}22`, true, true],
    [`2 1 1 ${'c'.repeat(62)}33`, true, true],
    [`2 1 1 ${'c'.repeat(62)}11`, true, false],
    [`3 1 1 ${'c'.repeat(62)}22`, true, false],
    [`3 0 1 ${'c'.repeat(62)}11`, true, false],
    [`1 1 1 ${'c'.repeat(62)}11`, false, false],
    [`0 1 1 ${'c'.repeat(62)}22`, false, false],
    [`3 1 1 ${'c'.repeat(60)}11`, false, false],
    ['3 1 3 1101', false, false],
    ['3 2 0 1101', false, false],
    ['3 1 0 ', false, false],
  ])('%s: usable %s, fits %s', (text, usable, fits) => {
    const record = readTlsa(text);
    expect(record && isUsable(record)).toBe(usable);
    expect(record && fitting([record], chain) !== null).toBe(fits);
  });
  it('an empty chain fits nothing', () => {
    const record = readTlsa('3 0 0 1100');
    expect(record && fitting([record], [])).toBeNull();
  });

  const now = Date.UTC(2026, 10, 20);
  const certificate: Certificate = {
    subject: 'mx.example.net',
    issuer: 'Example CA',
    altNames: ['mx.example.net'],
    validFrom: now - DAY,
    validTo: now + 60 * DAY,
    fingerprint256: 'AA',
    selfSigned: false,
    nameFits: true,
    trusted: true,
    authorizationCode: null,
    chain: [],
  };
  const shown: Shown = { ok: true, certificate, chain };
  const old: Shown = { ok: true, certificate: { ...certificate, validTo: now - DAY, trusted: false }, chain };
  const own = `3 1 1 ${'c'.repeat(62)}11`;
  const above = `2 1 1 ${'c'.repeat(62)}22`;
  const wish = { host: 'mx.example.net', required: none, mxAuthenticated: true, now };
  const found = (values: string[], authenticated = true) => ({ ok: true as const, values, exists: true, authenticated, alias: null });
  it.each<[string, Parameters<typeof judgeDane>[1], Shown | null, string, string]>([
    ['none', found([]), null, 'ok', 'not-there'],
    ['its own', found([own]), shown, 'ok', 'ok'],
    ['its own, though it ran out', found([own]), old, 'ok', 'ok'],
    ['the authority above', found([above]), shown, 'ok', 'ok'],
    ['the authority above, but it ran out', found([above]), old, 'degraded', 'dane-mismatch'],
    ['another', found([`3 1 1 ${'c'.repeat(62)}99`]), shown, 'degraded', 'dane-mismatch'],
    ['another beside its own', found([`3 1 1 ${'c'.repeat(62)}99`, own]), shown, 'ok', 'ok'],
    ['not authenticated', found([own], false), shown, 'unknown', 'dane-not-authenticated'],
    ['nobody can use it', found([`1 1 1 ${'c'.repeat(62)}11`]), shown, 'degraded', 'dane-unusable'],
    ['not compared', found([own]), null, 'ok', 'ok'],
    [
      'no encryption',
      found([own]),
      { ok: false, failure: { code: 'tls', detail: 'it offers no encryption (STARTTLS)' } },
      'degraded',
      'dane-no-tls',
    ],
    ['no connection', found([own]), { ok: false, failure: { code: 'timeout', detail: 'no connection' } }, 'unknown', 'not-asked'],
    ['wrong signatures', { ok: false, detail: 'SERVFAIL', bogus: true }, null, 'degraded', 'dane-bogus'],
    ['not asked', { ok: false, detail: 'SERVFAIL' }, null, 'unknown', 'not-asked'],
  ])('%s', (_, records, it, state, reason) => expect(judgeDane(wish, records, it)).toMatchObject({ state, reason }));
  it('says that an unsigned MX takes from its worth', () => {
    expect(judgeDane({ ...wish, mxAuthenticated: false }, found([own]), shown).text).toContain('not signed');
  });
  it('a certificate under a policy must be good, a silent server says nothing', () => {
    expect(judgeCertificate('mx.example.net', 25, shown, now)).toMatchObject({
      state: 'ok',
      text: 'good at mx.example.net:25 until 2027-01-19 00:00:00 UTC',
      value: 'mx.example.net by Example CA',
    });
    expect(judgeCertificate('mx.example.net', 25, old, now)).toMatchObject({ state: 'degraded', reason: 'certificate' });
    expect(judgeCertificate('mx.example.net', 25, { ok: false, failure: { code: 'timeout', detail: '' } }, now)).toBeNull();
    expect(judgeCertificate('mx.example.net', 25, { ok: false, failure: { code: 'tls', detail: 'no STARTTLS' } }, now)).toMatchObject({
      state: 'degraded',
    });
  });
});

describe('hostile text', () => {
  it('is bounded and named in every reader', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('', 'v=DMARC1; p=', 'version: STSv1\nmode: ', 'v=TLSRPTv1; rua=', '3 1 1 '), (junk, start) => {
        const text = start + junk;
        for (const read of [readTags(text), readDmarc(text), readStsPolicy(text)])
          if (!read.ok) expect(read.failure.length).toBeLessThan(200);
        expect((tlsReportProblem(text) ?? '').length).toBeLessThan(200);
        readTlsa(text);
      }),
    );
  });
  it('a megabyte is soon done with', () => {
    const begin = cpuMs();
    for (const part of ['a', '=', ';', ' ', ':', '\n', '*.', 'mx: a\n', 'a=b;'])
      for (const read of [readTags, readDmarc, readStsPolicy, judgeKey, tlsReportProblem]) read(part.repeat(1_000_000 / part.length));
    expect(cpuMs() - begin).toBeLessThan(3_000);
  });
});

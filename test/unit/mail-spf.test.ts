import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSpf, readSpf } from '../../shared/mail/spf.ts';
import { lookAtSpf } from '../../shared/mail/spf-aspects.ts';
import { checkSpf } from '../../shared/mail/spf-check.ts';
import { expandMacros, isDomainSpec } from '../../shared/mail/spf-macro.ts';
import { fakeLook, silence } from '../support/fake-look.ts';
import { hostile } from '../support/hostile-text.ts';

describe('the text of a record (RFC 7208, sections 4.6.1 and 5)', () => {
  it.each([
    ['v=spf1', true],
    ['v=spf1 -all', true],
    ['V=SPF1 -all', true],
    ['v=spf10 -all', false],
    ['v=spf1;-all', false],
    ['spf2.0/pra -all', false],
    [' v=spf1 -all', false],
  ])('"%s" is one: %s', (text, expected) => expect(isSpf(text)).toBe(expected));

  it.each([
    'v=spf1 -all',
    'v=spf1   mx    a:mail.example.net/24  ~all ',
    'v=spf1 a/24//64 mx//64 a:x.example.net//0 ?all',
    'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip4:192.0.2.1 -all',
    'v=spf1 include:_spf.example.com redirect=_spf.example.org',
    'v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all',
    'v=spf1 +ALL',
    'v=spf1 ptr ptr:example.net -all',
    'v=spf1 unknown=thing exp=why.%{d} -all',
  ])('"%s" is in order', (text) => expect(readSpf(text)).toMatchObject({ ok: true }));

  it.each([
    ['v=spf1 ipv4:192.0.2.1 -all', 'has "ipv4:192.0.2.1", which means nothing in SPF'],
    ['v=spf1 ip4:192.0.2.300 -all', 'has "ip4:192.0.2.300", which means nothing in SPF'],
    ['v=spf1 ip4:192.0.2.0/33', 'has "ip4:192.0.2.0/33", which means nothing in SPF'],
    ['v=spf1 ip4:192.0.2.0/024', 'has "ip4:192.0.2.0/024", which means nothing in SPF'],
    ['v=spf1 ip4:2001:db8::1', 'has "ip4:2001:db8::1", which means nothing in SPF'],
    ['v=spf1 ip6:192.0.2.1', 'has "ip6:192.0.2.1", which means nothing in SPF'],
    ['v=spf1 ip4: 192.0.2.1', 'has "ip4:", which means nothing in SPF'],
    ['v=spf1 a: -all', 'has "a:", which means nothing in SPF'],
    ['v=spf1 a/33', 'has "a/33", which means nothing in SPF'],
    ['v=spf1 all:x', 'has "all:x", which means nothing in SPF'],
    ['v=spf1 include -all', 'has "include", which means nothing in SPF'],
    ['v=spf1 include:%{x}.example.net', 'has "include:%{x}.example.net", which means nothing in SPF'],
    ['v=spf1 include:localhost', 'has "include:localhost", which means nothing in SPF'],
    ['v=spf1 include:192.0.2.1', 'has "include:192.0.2.1", which means nothing in SPF'],
    ['v=spf1 -all, mx', 'has "-all,", which means nothing in SPF'],
    ['v=spf1 redirect=a.example redirect=b.example', 'says redirect= twice'],
    ['v=spf1 redirect=', 'has "redirect=", which names no domain'],
    [`v=spf1 ${'a '.repeat(300)}`, 'has too many parts'],
    [`v=spf1 ${'a'.repeat(9_000)}`, 'is too long'],
  ])('"%s" is wrong', (text, failure) => expect(readSpf(text)).toEqual({ ok: false, failure }));

  it('survives whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostile, fc.constantFrom('a', ':', '/', '//', '%{', '}', 'ip4:', 'redirect=', ' ', '+', '%')), { maxLength: 30 }),
        (parts) => {
          const read = readSpf(`v=spf1 ${parts.join('')}`);
          if (!read.ok) expect(read.failure.length).toBeLessThan(120);
        },
      ),
    );
  });
});

describe('macros (RFC 7208, section 7.4)', () => {
  const values = { address: '192.0.2.3', domain: 'email.example.com', sender: 'strong-bad@email.example.com', helo: 'mx.example.org' };
  it.each([
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr}', 'strong-bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{h}', 'mx.example.org'],
    ['%{S}', 'strong-bad%40email.example.com'],
    ['%%.%_.%-.example.com', '%. .%20.example.com'],
    ['%{p}.example.com', 'unknown.example.com'],
  ])('%s', (text, expected) => expect(expandMacros(text, values)).toBe(expected));
  it('an IPv6 address by nibbles', () =>
    expect(expandMacros('%{ir}.%{v}.example.com', { ...values, address: '2001:db8::cb01' })).toBe(
      '1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.example.com',
    ));
  it('a name that becomes too long loses labels in front', () => {
    const name = expandMacros(`${'%{d}.'.repeat(30)}end.example.com`, values);
    expect(name.length).toBeLessThanOrEqual(253);
    expect(name.endsWith('email.example.com.end.example.com')).toBe(true);
  });
  it.each(['%', '%x', '%{d', '%{d0}', '%{d2', '%{c}.example.net', 'a b.example.net', 'é.example.net', 'example', ''])(
    '"%s" is none',
    (text) => expect(isDomainSpec(text)).toBe(false),
  );
  it('never makes a name that is too long, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('%{d}', '%{ir}', '%{l1-}', 'a', '.', 'b-c', '%%', '%{s2r.@}'), { maxLength: 40 }), (parts) => {
        const text = `${parts.join('')}.example.net`;
        if (isDomainSpec(text))
          expect(expandMacros(text, values).split('.').length === 1 || expandMacros(text, values).length <= 253).toBe(true);
      }),
    );
  });
});

const domain = 'example.net';
const check = (lines: Record<string, string[]>, address: string | null) =>
  checkSpf({ domain, address, helo: 'mail.example.net' }, fakeLook(lines).look);
const spf = (record: string): Record<string, string[]> => ({ 'TXT example.net': ['some other text', record] });

describe('the result for an address', () => {
  const hosts = {
    'A example.net': ['192.0.2.1'],
    'AAAA example.net': ['2001:db8::1'],
    'MX example.net': ['10 mx1.example.net', '20 mx2.example.net'],
    'A mx1.example.net': ['192.0.2.11'],
    'A mx2.example.net': ['192.0.2.12'],
    'TXT inc.example.com': ['v=spf1 ip4:198.51.100.0/24 -all'],
    'TXT deep.example.com': ['v=spf1 include:inc.example.com ~all'],
    'TXT two.example.com': ['v=spf1 -all', 'v=spf1 +all'],
    'TXT bad.example.com': ['v=spf1 nonsense -all'],
    'A yes.example.com': ['127.0.0.2'],
    'PTR 7.2.0.192.in-addr.arpa': ['other.example.org', 'mail7.example.net'],
    'A mail7.example.net': ['192.0.2.7'],
    'A 25.2.0.192._spf.example.net': ['127.0.0.1'],
    'TXT silent.example.com': [silence],
  };
  it.each<[string, string, string, string | null]>([
    ['v=spf1 ip4:192.0.2.25 -all', '192.0.2.25', 'pass', 'ip4:192.0.2.25'],
    ['v=spf1 ip4:192.0.2.0/24 -all', '192.0.2.25', 'pass', 'ip4:192.0.2.0/24'],
    ['v=spf1 ip4:192.0.2.25 -all', '192.0.2.26', 'fail', '-all'],
    ['v=spf1 ip4:192.0.2.25 ~all', '192.0.2.26', 'softfail', '~all'],
    ['v=spf1 ip4:192.0.2.25 ?all', '192.0.2.26', 'neutral', '?all'],
    ['v=spf1 ip4:192.0.2.25', '192.0.2.26', 'neutral', null],
    ['v=spf1 ?ip4:192.0.2.25 -all', '192.0.2.25', 'neutral', '?ip4:192.0.2.25'],
    ['v=spf1 ip6:2001:db8::/32 -all', '2001:db8::25', 'pass', 'ip6:2001:db8::/32'],
    ['v=spf1 ip4:0.0.0.0/0 -all', '2001:db8::25', 'fail', '-all'],
    ['v=spf1 a -all', '192.0.2.1', 'pass', 'a'],
    ['v=spf1 a/24 -all', '192.0.2.99', 'pass', 'a/24'],
    ['v=spf1 a//64 -all', '2001:db8::99', 'pass', 'a//64'],
    ['v=spf1 a -all', '2001:db8::99', 'fail', '-all'],
    ['v=spf1 mx -all', '192.0.2.12', 'pass', 'mx'],
    ['v=spf1 mx/28 -all', '192.0.2.2', 'pass', 'mx/28'],
    ['v=spf1 include:inc.example.com -all', '198.51.100.9', 'pass', 'include:inc.example.com'],
    ['v=spf1 include:inc.example.com ~all', '203.0.113.9', 'softfail', '~all'],
    ['v=spf1 include:deep.example.com -all', '198.51.100.9', 'pass', 'include:deep.example.com'],
    ['v=spf1 redirect=inc.example.com', '203.0.113.9', 'fail', '-all'],
    ['v=spf1 redirect=inc.example.com ?all', '203.0.113.9', 'neutral', '?all'],
    ['v=spf1 exists:yes.example.com -all', '203.0.113.9', 'pass', 'exists:yes.example.com'],
    ['v=spf1 exists:%{ir}._spf.%{d} -all', '192.0.2.25', 'pass', 'exists:%{ir}._spf.%{d}'],
    ['v=spf1 exists:%{ir}._spf.%{d} -all', '192.0.2.26', 'fail', '-all'],
    ['v=spf1 ptr -all', '192.0.2.7', 'pass', 'ptr'],
    ['v=spf1 ptr:example.org -all', '192.0.2.7', 'fail', '-all'],
    ['v=spf1 -all ip4:192.0.2.25', '192.0.2.25', 'fail', '-all'],
  ])('%s for %s: %s', async (record, address, result, by) => {
    expect(await check({ ...hosts, ...spf(record) }, address)).toMatchObject({ result, by, problem: null });
  });

  it.each([
    ['v=spf1 include:none.example.com -all', 'permerror', 'includes none.example.com, which has no SPF record'],
    ['v=spf1 include:two.example.com -all', 'permerror', 'uses two.example.com, whose record is there 2 times; only one may be'],
    ['v=spf1 include:bad.example.com -all', 'permerror', 'uses bad.example.com, whose record has "nonsense", which means nothing in SPF'],
    ['v=spf1 redirect=none.example.com', 'permerror', 'leads on to none.example.com, which has no SPF record'],
    ['v=spf1 include:silent.example.com -all', 'temperror', 'no answer from 192.0.2.53'],
    ['v=spf1 a:n1.example.org a:n2.example.org a:n3.example.org -all', 'permerror', 'leads to more than 2 names that have no records'],
    ['v=spf1 include:example.net -all', 'permerror', 'needs more than 10 lookups'],
  ])('%s: %s, %s', async (record, result, problem) => {
    expect(await check({ ...hosts, ...spf(record) }, '203.0.113.9')).toMatchObject({ result, problem });
  });

  it('without a record there is no result, with two there is an error', async () => {
    expect(await check({ 'TXT example.net': ['hello'] }, '192.0.2.1')).toMatchObject({ result: 'none' });
    expect(await check({ 'TXT example.net': ['v=spf1 -all', 'v=spf1 mx -all'] }, '192.0.2.1')).toMatchObject({ result: 'permerror' });
  });
});

describe('what it costs', () => {
  const nested = {
    'TXT i1.example.com': ['v=spf1 include:i2.example.com include:i3.example.com a:h.example.com -all'],
    'TXT i2.example.com': ['v=spf1 mx:example.com exists:%{i}.x.example.com ~all'],
    'TXT i3.example.com': ['v=spf1 ip4:192.0.2.0/24 -all'],
    'MX example.com': ['10 h.example.com'],
    'A h.example.com': ['192.0.2.200'],
  };
  it.each<[string, number, number]>([
    ['v=spf1 ip4:192.0.2.1 -all', 0, 0],
    ['v=spf1 a mx ptr -all', 3, 2],
    ['v=spf1 include:i3.example.com -all', 1, 0],
    ['v=spf1 include:i2.example.com -all', 3, 0],
    ['v=spf1 include:i1.example.com -all', 6, 0],
    ['v=spf1 include:i1.example.com include:i1.example.com -all', 12, 0],
    ['v=spf1 redirect=i1.example.com', 6, 0],
    ['v=spf1 -all include:i1.example.com', 0, 0],
    ['v=spf1 a:no1.example.com a:no2.example.com a:no3.example.com -all', 3, 3],
  ])('%s: %i lookups, %i without result', async (record, lookups, voids) => {
    expect(await check({ ...nested, ...spf(record) }, null)).toMatchObject({ lookups, voids });
  });

  it('names what costs most, nested ones under their include', async () => {
    const { costs } = await check({ ...nested, ...spf('v=spf1 mx:example.com include:i1.example.com -all') }, null);
    expect(costs).toEqual([
      { text: 'mx:example.com', lookups: 1 },
      { text: 'include:i1.example.com', lookups: 6 },
    ]);
  });

  it('a record that includes itself, or a hundred others, ends soon', async () => {
    const self = await check(spf('v=spf1 include:example.net -all'), null);
    expect(self.lookups).toBe(41);
    const wide = fakeLook({
      ...spf(`v=spf1 ${'mx:big.example.com '.repeat(100)}-all`),
      'MX big.example.com': Array.from({ length: 10 }, (_, n) => `10 h${n}.example.com`),
    });
    await checkSpf({ domain, address: null, helo: domain }, wide.look);
    expect(wide.asked.length).toBeLessThan(1_000);
  });
});

describe('what is said of it', () => {
  const say = (lines: Record<string, string[]>, outbound: string[] = [], required = ['spf'] as const) =>
    lookAtSpf({ domain, helo: 'mail.example.net', outbound, required: new Set(required) }, fakeLook(lines).look);
  it.each<[string, Record<string, string[]>, string, string, string]>([
    ['there is none', {}, 'degraded', 'missing', 'there is no SPF record: anybody may send in the name of this domain'],
    [
      'two',
      { 'TXT example.net': ['v=spf1 -all', 'v=spf1 mx -all'] },
      'degraded',
      'spf-many',
      'there are 2 SPF records; only one may be, so none counts',
    ],
    ['nobody answers', { 'TXT example.net': [silence] }, 'unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53'],
    [
      'wrong',
      spf('v=spf1 mx -al'),
      'degraded',
      'spf-broken',
      'the record has "-al", which means nothing in SPF: receivers treat it as an error',
    ],
    ['everybody', spf('v=spf1 +all'), 'degraded', 'spf-all', 'the record allows everybody to send (+all)'],
    ['everybody, implied', spf('v=spf1 all'), 'degraded', 'spf-all', 'the record allows everybody to send (+all)'],
    ['all right', spf('v=spf1 ip4:192.0.2.1 -all'), 'ok', 'ok', 'others are refused (-all); 0 lookups'],
    ['soft', spf('v=spf1 a ~all'), 'ok', 'ok', 'others are suspect (~all); 1 lookup'],
    ['no end', spf('v=spf1 ip4:192.0.2.1'), 'ok', 'ok', 'nothing is said of others (no all); 0 lookups'],
    [
      'an include that does not answer',
      { ...spf('v=spf1 include:x.example.com -all'), 'TXT x.example.com': [silence] },
      'unknown',
      'not-asked',
      'could not be asked: what the record leads to: no answer from 192.0.2.53',
    ],
    [
      'too many lookups',
      {
        ...spf(`v=spf1 ${'mx:a.example.com '.repeat(9)}include:i.example.com -all`),
        'MX a.example.com': ['10 b.example.com'],
        'A b.example.com': ['192.0.2.3'],
        'TXT i.example.com': ['v=spf1 a:b.example.com a:b.example.com ~all'],
      },
      'degraded',
      'spf-lookups',
      'the record needs 12 lookups, more than the 10 that are allowed (include:i.example.com 3, mx:a.example.com 1, mx:a.example.com 1, mx:a.example.com 1)',
    ],
    [
      'names that are gone',
      spf('v=spf1 a:n1.example.com a:n2.example.com a:n3.example.com -all'),
      'degraded',
      'spf-void',
      'the record leads to 3 names without records, more than the 2 that are allowed',
    ],
  ])('%s', async (_, lines, state, reason, text) => {
    expect((await say(lines))[0]).toMatchObject({ aspect: 'spf', about: domain, state, reason, text });
  });

  it('where none is required, its absence is only told', async () => {
    expect(await lookAtSpf({ domain, helo: domain, outbound: [], required: new Set() }, fakeLook({}).look)).toMatchObject([
      { state: 'ok', reason: 'not-there', value: '' },
    ]);
  });

  it('one address that may not send is a nuisance, all of them an outage', async () => {
    const lines = spf('v=spf1 ip4:192.0.2.1 -all');
    const some = await say(lines, ['192.0.2.1', '192.0.2.2']);
    expect(some.map(({ state, about }) => `${about} ${state}`)).toEqual(['example.net ok', '192.0.2.1 ok', '192.0.2.2 degraded']);
    expect(some[2]).toMatchObject({ reason: 'spf-fail', text: 'may not send for example.net (-all): receivers refuse its mail' });
    const none = await say(lines, ['192.0.2.3', '192.0.2.2']);
    expect(none.slice(1).map(({ state }) => state)).toEqual(['down', 'down']);
    expect((await say(spf('v=spf1 ~all'), ['192.0.2.3']))[1]).toMatchObject({ state: 'degraded', reason: 'spf-softfail' });
    expect((await say(spf('v=spf1 ?all'), ['192.0.2.3']))[1]).toMatchObject({ state: 'degraded', reason: 'spf-neutral' });
  });

  it('hostile records make bounded, clean words and end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 5 }), async (texts) => {
        const all = await say({ 'TXT example.net': texts.map((text) => `v=spf1 ${text}`) }, ['192.0.2.3']);
        for (const { text, value = '' } of all) {
          expect(text.length).toBeLessThanOrEqual(400);
          expect(value.length).toBeLessThanOrEqual(1_000);
          expect(`${text}${value}`).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });
});

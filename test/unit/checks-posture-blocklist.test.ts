import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlocklistAnswer, type BlocklistConfig, type BlocklistFacts, blocklist } from '../../shared/checks/blocklist.ts';
import { type PostureFacts, posture } from '../../shared/checks/posture.ts';
import { type Aspect, aspectKinds, aspectOf } from '../../shared/mail/aspect.ts';
import { judgeList, meaningOf, readListAnswer, testPoints } from '../../shared/mail/blocklist-answer.ts';
import { levels } from '../../shared/model/words.ts';
import { hostile } from '../support/hostile-text.ts';

const ok = aspectOf('mx', 'example.net', 'ok', 'ok', 'mail goes to mail.example.net', '10 mail.example.net');
const noSpf = aspectOf('spf', 'example.net', 'degraded', 'missing', 'there is no SPF record', '');
const noPtr = aspectOf('rdns', '192.0.2.25', 'degraded', 'no-ptr', 'has no name (PTR)', '');
const gone = aspectOf('mx', 'mail.example.net', 'down', 'mx-not-found', 'has no address', '');
const silent = (about: string): Aspect => aspectOf('dkim', about, 'unknown', 'not-asked', 'could not be asked: no answer from 192.0.2.53');
const noDane = aspectOf('dane', 'mail.example.net', 'ok', 'not-there', 'there is no TLSA record (DANE)', '');

describe('posture', () => {
  it.each<[string, PostureFacts, string, string, string]>([
    ['nothing', {}, 'unknown', 'no-result', 'nothing was looked at'],
    [
      'no resolver',
      { failure: { code: 'resolver-failed', detail: 'this computer has no resolver set' } },
      'unknown',
      'resolver-failed',
      'this computer has no resolver set',
    ],
    ['all right', { aspects: [ok, noDane] }, 'ok', 'ok', '1 record is in order; not there: DANE'],
    ['one thing', { aspects: [ok, noSpf] }, 'degraded', 'missing', 'SPF of example.net: there is no SPF record'],
    [
      'the worst first',
      { aspects: [noSpf, silent('a'), gone] },
      'down',
      'mx-not-found',
      'MX of mail.example.net: has no address; SPF of example.net: there is no SPF record; DKIM of a: could not be asked: no answer from 192.0.2.53',
    ],
    [
      'something is not known',
      { aspects: [ok, silent('a')] },
      'unknown',
      'not-asked',
      'DKIM of a: could not be asked: no answer from 192.0.2.53',
    ],
    [
      'what is wrong outweighs what is not known',
      { aspects: [silent('a'), noPtr] },
      'degraded',
      'no-ptr',
      'reverse DNS of 192.0.2.25: has no name (PTR); DKIM of a: could not be asked: no answer from 192.0.2.53',
    ],
    [
      'nothing is known, for one cause',
      { aspects: [silent('a'), silent('b')] },
      'unknown',
      'not-asked',
      'could not be asked: no answer from 192.0.2.53',
    ],
    [
      'many things',
      { aspects: [noSpf, noPtr, silent('a'), silent('b'), gone] },
      'down',
      'mx-not-found',
      'MX of mail.example.net: has no address; SPF of example.net: there is no SPF record; reverse DNS of 192.0.2.25: has no name (PTR); 2 more',
    ],
  ])('%s', (_, facts, state, reason, text) => expect(posture.judge(facts)).toEqual({ state, reason, text }));

  const of = (value: string | undefined, state: Aspect['state'] = 'ok'): PostureFacts => ({
    aspects: [aspectOf('spf', 'example.net', state, 'ok', 'x', value)],
  });
  it.each<[string, PostureFacts, PostureFacts, string[]]>([
    ['the same', of('v=spf1 -all'), of('v=spf1 -all'), []],
    ['changed', of('v=spf1 -all'), of('v=spf1 +all'), ['SPF of example.net changed: v=spf1 -all -> v=spf1 +all']],
    ['gone', of('v=spf1 -all'), of('', 'degraded'), ['SPF of example.net changed: v=spf1 -all -> nothing']],
    ['new', of('', 'degraded'), of('v=spf1 -all'), ['SPF of example.net changed: nothing -> v=spf1 -all']],
    ['not known now', of('v=spf1 -all'), of('v=spf1 +all', 'unknown'), []],
    ['not known before', of('', 'unknown'), of('v=spf1 -all'), []],
    ['a value that nobody knows', of(undefined), of('v=spf1 -all'), []],
    ['looked at for the first time', { aspects: [] }, of('v=spf1 -all'), []],
    ['no longer looked at', of('v=spf1 -all'), {}, []],
  ])('%s', (_, before, after, texts) => expect(posture.changes(before, after).map(({ text }) => text)).toEqual(texts));

  it('long values are shown from where they part', () => {
    const long = `v=DKIM1; p=${'A'.repeat(300)}`;
    const [change] = posture.changes(of(`${long}BBBB${'C'.repeat(300)}`), of(`${long}DDDD${'C'.repeat(300)}`));
    expect(change?.text).toMatch(/^SPF of example\.net changed: …A{30}BBBBC+… -> …A{30}DDDDC+…$/);
    expect(change?.text.length).toBeLessThan(330);
  });

  it('every reason that a look can have is explained as a whole sentence, hostile text stays bounded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...aspectKinds),
        hostile,
        fc.constantFrom(...levels),
        hostile,
        hostile,
        (kind, about, state, text, value) => {
          const facts = { aspects: [aspectOf(kind, about, state, 'not-asked', text, value), ok] };
          expect(() => posture.observation.parse(facts)).not.toThrow();
          const verdict = posture.judge(facts);
          expect(verdict.text.length).toBeLessThanOrEqual(1_000);
          for (const { text: told } of posture.changes(facts, {
            aspects: [aspectOf(kind, about, 'ok', 'ok', text, `${value} and more`)],
          })) {
            expect(told.length).toBeLessThan(700);
            expect(told).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });

  it('settings that make no sense are refused, sensible ones have defaults', () => {
    expect(posture.config.parse({ domain: 'example.net' })).toMatchObject({
      outbound: [],
      dkim: [],
      require: ['spf'],
      server: 'system',
      mtaSts: true,
      dane: true,
      smtpPort: 25,
    });
    for (const wrong of [
      { domain: 'localhost' },
      { domain: 'a b.net' },
      { domain: 'example.net', outbound: ['mail'] },
      { domain: 'example.net', dkim: ['a b'] },
      { domain: 'example.net', mx: ['192.0.2.1'] },
    ])
      expect(posture.config.safeParse(wrong).success).toBe(false);
  });
});

const looked = (...values: string[]) => ({ ok: true as const, values, exists: values.length > 0, authenticated: false, alias: null });
describe('answers of blocklists', () => {
  it.each([
    [[], { listed: false }],
    [['127.0.0.2'], { listed: true, code: '127.0.0.2' }],
    [['127.0.0.10', '127.0.0.2'], { listed: true, code: '127.0.0.10, 127.0.0.2' }],
    [['127.0.1.255'], { listed: true, code: '127.0.1.255' }],
    [['127.255.255.252'], { listed: null, why: 'wrong-name', detail: '127.255.255.252' }],
    [['127.255.255.254'], { listed: null, why: 'blocked-resolver', detail: '127.255.255.254' }],
    [['127.255.255.255'], { listed: null, why: 'too-many-queries', detail: '127.255.255.255' }],
    [['127.255.255.250'], { listed: null, why: 'blocked-resolver', detail: '127.255.255.250' }],
    [['127.0.0.2', '127.255.255.255'], { listed: null, why: 'too-many-queries', detail: '127.255.255.255' }],
    [['127.0.0.1'], { listed: null, why: 'blocked-resolver', detail: '127.0.0.1' }],
    [['203.0.113.7'], { listed: null, why: 'no-list', detail: '203.0.113.7' }],
    [['127.0.0.2', '10.0.0.1'], { listed: null, why: 'no-list', detail: '10.0.0.1' }],
  ])('%j', (values, answer) => expect(readListAnswer(looked(...values))).toEqual(answer));
  it('no answer', () =>
    expect(readListAnswer({ ok: false, detail: 'timeout' })).toEqual({ listed: null, why: 'no-answer', detail: 'timeout' }));

  it.each([
    ['ipv4', 'zen.spamhaus.org', '2.0.0.127', '1.0.0.127'],
    [
      'ipv6',
      'zen.spamhaus.org',
      '2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0',
      '1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0',
    ],
    ['domain', 'dbl.example.org', 'test', 'invalid'],
    ['domain', 'dbl.spamhaus.org', 'dbltest.com', 'invalid'],
  ] as const)('test entries for %s at %s', (kind, list, listed, notListed) =>
    expect(testPoints(kind, list)).toEqual({ listed, notListed }),
  );

  const [yes, no, nothing] = [readListAnswer(looked('127.0.0.2')), readListAnswer(looked()), readListAnswer({ ok: false, detail: 'x' })];
  it.each([
    ['in order', 'ipv4', yes, no, null],
    ['dead', 'ipv4', no, no, 'dead-list'],
    ['without IPv6', 'ipv6', no, no, 'no-ipv6'],
    ['of everything', 'ipv4', yes, yes, 'lists-everything'],
    ['silent', 'ipv4', nothing, no, 'no-answer'],
    ['half silent', 'ipv4', yes, nothing, 'no-answer'],
    ['turned away', 'ipv4', readListAnswer(looked('127.255.255.254')), no, 'blocked-resolver'],
  ] as const)('a list %s', (_, kind, listed, notListed, why) => expect(judgeList(kind, listed, notListed)?.why ?? null).toBe(why));

  it('what Spamhaus means', () => {
    expect(meaningOf('zen.spamhaus.org', '127.0.0.10')).toMatch(/^PBL/);
    expect(meaningOf('zen.spamhaus.org', '127.0.0.99, 127.0.0.2')).toMatch(/^SBL/);
    expect(meaningOf('bl.example.org', '127.0.0.2')).toBeUndefined();
  });
});

describe('blocklist', () => {
  const config = blocklist.config.parse({ addresses: ['192.0.2.25'], domains: ['example.net'] }) as BlocklistConfig;
  const at = (list: string, listed: boolean | null, more: Partial<BlocklistAnswer> = {}): BlocklistAnswer => ({
    list,
    about: '192.0.2.25',
    listed,
    ...more,
  });
  const blocked = { why: 'blocked-resolver' } as const;
  it.each<[string, BlocklistAnswer[], string, string, string]>([
    ['nobody was asked', [], 'unknown', 'no-result', 'no list was asked'],
    ['on none', [at('a.example', false), at('b.example', false)], 'ok', 'ok', '192.0.2.25 is on none of 2 lists'],
    [
      'on a small one',
      [at('a.example', true, { code: '127.0.0.2' }), at('b.example', false)],
      'degraded',
      'listed',
      '192.0.2.25 is listed by a.example (127.0.0.2)',
    ],
    [
      'on one that many use',
      [at('a.example', true, { code: '127.0.0.2' }), at('zen.spamhaus.org', true, { code: '127.0.0.4' })],
      'down',
      'listed',
      '192.0.2.25 is listed by zen.spamhaus.org (XBL: a computer there is taken over); 192.0.2.25 is listed by a.example (127.0.0.2)',
    ],
    [
      'a small one is shy',
      [at('a.example', null, blocked), at('b.example', false)],
      'ok',
      'ok',
      '192.0.2.25 is not listed by b.example; a.example does not answer this resolver',
    ],
    [
      'one that many use is shy',
      [at('zen.spamhaus.org', null, blocked), at('b.example', false)],
      'unknown',
      'blocked-resolver',
      'zen.spamhaus.org does not answer this resolver',
    ],
    [
      'listed, though another is shy',
      [at('zen.spamhaus.org', null, blocked), at('b.example', true, { code: '127.0.0.2' })],
      'degraded',
      'listed',
      '192.0.2.25 is listed by b.example (127.0.0.2); zen.spamhaus.org does not answer this resolver',
    ],
    [
      'all are shy',
      [at('a.example', null, { why: 'no-answer', detail: 'timeout' }), at('b.example', null, { why: 'dead-list' })],
      'unknown',
      'no-answer',
      'a.example does not answer: timeout; b.example does not list its own test entry: it is dead, or does not answer this resolver',
    ],
  ])('%s', (_, answers, state, reason, text) => expect(blocklist.judge({ answers }, config)).toEqual({ state, reason, text }));

  it('a look that does not tell is no change', () => {
    const facts = (listed: boolean | null): BlocklistFacts => ({
      answers: [at('zen.spamhaus.org', listed, listed ? { code: '127.0.0.4', text: 'see the page' } : listed === null ? blocked : {})],
    });
    const texts = (a: boolean | null, b: boolean | null): string[] => blocklist.changes(facts(a), facts(b)).map(({ text }) => text);
    expect(texts(false, true)).toEqual(['192.0.2.25 was put on zen.spamhaus.org (XBL: a computer there is taken over, see the page)']);
    expect(texts(true, false)).toEqual(['192.0.2.25 is no longer on zen.spamhaus.org']);
    for (const [a, b] of [
      [null, true],
      [true, null],
      [null, false],
      [false, null],
      [true, true],
      [false, false],
    ] as const)
      expect(texts(a, b)).toEqual([]);
  });

  it('needs something to ask for', () => {
    expect(blocklist.config.safeParse({}).success).toBe(false);
    expect(blocklist.config.parse({ domains: ['example.net'] })).toMatchObject({
      lists: ['zen.spamhaus.org', 'bl.spamcop.net', 'b.barracudacentral.org'],
      server: 'system',
    });
  });
});

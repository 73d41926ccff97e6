/** What a server echoes must not show a secret, however it is written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, redactAll } from '../../electron/engine/redact.ts';
import { cpuMs } from '../support/cpu-time.ts';

const redact = (text: string, ...secrets: string[]): string => createRedactor(() => secrets)(text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('redact', () => {
  it.each<[string, string, string[], string]>([
    ['no secrets', 'connection refused', [], 'connection refused'],
    ['none of them in the text', 'connection refused', ['hunter22'], 'connection refused'],
    ['an empty text', '', ['hunter22'], ''],
    ['as it is', 'login noc hunter22 failed', ['hunter22'], 'login noc [secret] failed'],
    ['alone', 'hunter22', ['hunter22'], '[secret]'],
    ['twice', 'hunter22 is not hunter22', ['hunter22'], '[secret] is not [secret]'],
    ['twice in a row', 'hunter22hunter22', ['hunter22'], '[secret][secret]'],
    ['of two kinds', 'abcd-1 and wxyz-2', ['abcd-1', 'wxyz-2'], '[secret] and [secret]'],
    ['within a word', 'unhunter22ed', ['hunter22'], 'un[secret]ed'],
    ['a plain word that is a secret', 'the password is password1', ['password'], 'the [secret] is [secret]1'],
    ['another case is another secret', 'HUNTER22', ['hunter22'], 'HUNTER22'],
    ['three letters are too few', 'the cat sat', ['cat'], 'the cat sat'],
    ['four are enough', 'the cats sat', ['cats'], 'the [secret] sat'],
    ['an empty secret', 'text', [''], 'text'],
    ['the longest first', 'token abcdefgh', ['abcd', 'abcdefgh'], 'token [secret]'],
    ['the longest first, whatever the order', 'token abcdefgh', ['abcdefgh', 'abcd'], 'token [secret]'],
    ['one inside another', 'xxabcdefxx', ['bcde', 'abcdef'], 'xx[secret]xx'],
    ['overlapping: nothing of either is left', '<abcdefgh>', ['abcdef', 'cdefgh'], '<[secret]>'],
    ['a chain of overlaps', '<abcdefghij>', ['abcd', 'defg', 'ghij'], '<[secret]>'],
    ['overlapping itself', '<aaaaaa>', ['aaaa'], '<[secret]>'],
    ['letters that mean something elsewhere', 'got a.c*[x](y)$ here', ['a.c*[x](y)$'], 'got [secret] here'],
    ['and only these very letters', 'got abc here', ['a.c*'], 'got abc here'],
    ['a dollar in the text', "$& hunter22 $'", ['hunter22'], "$& [secret] $'"],
    ['in a query', 'GET /?token=p%40ss%20word%2F1 HTTP', ['p@ss word/1'], 'GET /?token=[secret] HTTP'],
    ['in a query, lower-case', 'GET /?token=p%40ss%20word%2f1 HTTP', ['p@ss word/1'], 'GET /?token=[secret] HTTP'],
    ['in a form', 'token=p%40ss+word%2F1&x=1', ['p@ss word/1'], 'token=[secret]&x=1'],
    ['in a query, strictly', 'k=wow%21%28ok%29', ['wow!(ok)'], 'k=[secret]'],
    ['in a path', 'GET /p@ss%20word/1 HTTP', ['p@ss word/1'], 'GET /[secret] HTTP'],
    ['letters beyond ASCII in a query', 'k=%C3%BCberl%C3%A4nge', ['überlänge'], 'k=[secret]'],
    ['in Base64', `auth ${base64('hunter22')} end`, ['hunter22'], 'auth [secret] end'],
    ['in Base64 with padding', `auth ${base64('hunter2')}`, ['hunter2'], 'auth [secret]'],
    ['in Base64 for URLs', `k=${Buffer.from('>>>???>>>???').toString('base64url')}`, ['>>>???>>>???'], 'k=[secret]'],
    ['in JSON', '{"key":"say \\"hi\\" \\\\ there"}', ['say "hi" \\ there'], '{"key":"[secret]"}'],
    ['in JSON with its slash escaped', '{"key":"a\\/b\\/c"}', ['a/b/c'], '{"key":"[secret]"}'],
    ['in JSON in ASCII', '{"key":"\\u00fcberlang"}', ['überlang'], '{"key":"[secret]"}'],
    ['a webhook address', 'POST https://hooks.test/T1/B2/x9 gave 404', ['https://hooks.test/T1/B2/x9'], 'POST [secret] gave 404'],
    ['a line break in it', 'key a\nb\nc.', ['a\nb\nc'], 'key [secret].'],
    ['half a character', 'abc\ud800', ['abc\ud800'], '[secret]'],
    ['redacted already', 'login [secret] failed', ['secret'], 'login [secret] failed'],
    ['redacted already, and once more', '[secret] and secret', ['secret'], '[secret] and [secret]'],
  ])('%s', (_, text, secrets, expected) => {
    expect(redact(text, ...secrets)).toBe(expected);
  });

  it.each(['n', 'no', 'noc', 'operator', 'Müller'])('is found in Basic authorization of %s', (user) => {
    const said = redact(`Authorization: Basic ${base64(`${user}:battery-staple-9`)}`, 'battery-staple-9');
    expect(said).toContain('[secret]');
    const shown = Buffer.from(said.replace(/^.*Basic /, '').split('[secret]')[0] as string, 'base64').toString();
    expect(shown).not.toContain('ba');
    expect(Buffer.from(said.split('[secret]')[1] as string, 'base64').toString()).not.toContain('staple');
  });

  it('hears of secrets that come, change and go', () => {
    let secrets = ['first-one'];
    const it = createRedactor(() => secrets);
    const text = 'first-one second-one';
    expect(it(text)).toBe('[secret] second-one');
    secrets = ['second-one'];
    expect(it(text)).toBe('first-one [secret]');
    secrets = ['second-one', 'first-one'];
    expect(it(text)).toBe('[secret] [secret]');
    secrets.length = 0;
    expect(it(text)).toBe(text);
  });

  it('goes through plain data; what is no text stays as it is', () => {
    const it = createRedactor(() => ['1234', 'true', 'name']);
    const facts = { name: 'my name', n: 12345, yes: true, none: null, list: ['a 1234', { deep: '"1234"' }], missing: undefined };
    expect(redactAll(facts, it)).toEqual({
      name: 'my [secret]',
      n: 12345,
      yes: true,
      none: null,
      list: ['a [secret]', { deep: '"[secret]"' }],
      missing: undefined,
    });
    expect(redactAll(undefined, it)).toBe(undefined);
    const harmless = { list: ['a', { deep: 'b' }], n: 1 };
    expect(redactAll(harmless, it), 'not copied for nothing').toBe(harmless);
  });

  it('leaves no secret in any text, and nothing else out of it', () => {
    // Letters apart, so that what is beside a secret cannot become one.
    const secret = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '%', '/', '"', ' ', 'ü'), minLength: 4, maxLength: 12 });
    const beside = fc.string({ unit: fc.constantFrom('X', 'Y', '-', '.', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(beside, fc.nat()), { maxLength: 6 }),
        beside,
        (secrets, parts, end) => {
          const chosen = parts.map(([text, n]) => [text, secrets[n % secrets.length] as string] as const);
          const cleaned = redact(chosen.flat().join('') + end, ...secrets);
          for (const one of secrets) expect(cleaned).not.toContain(one);
          expect(cleaned.replaceAll('[secret]', '')).toBe(chosen.map(([text]) => text).join('') + end);
        },
      ),
    );
  });

  it('10,000 texts of 300 characters with 20 secrets take less than a second, found or not', () => {
    const secrets = Array.from({ length: 20 }, (_, n) => `secret-${n}-${'äß/"%'.repeat(n % 5)}-${n * 7919}`);
    const it = createRedactor(() => secrets);
    const texts = [0, 1, 2, 3].map((n) =>
      `${'250 mail.example.test says hello, '.repeat(8)}${n === 0 ? secrets[3] : 'nothing of note'}`.padEnd(300, '.'),
    );
    const startedAt = cpuMs();
    let found = 0;
    for (let n = 0; n < 10_000; n += 1) if (it(texts[n % 4] as string).includes('[secret]')) found += 1;
    expect(found).toBe(2_500);
    expect(cpuMs() - startedAt).toBeLessThan(1_000);
  });
});

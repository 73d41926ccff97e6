import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplyReader, type SmtpReply } from '../../electron/probes/smtp-reply.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { hostile } from '../support/hostile-text.ts';

const read = (...chunks: (string | Buffer)[]): SmtpReply[] | 'garbage' | 'too-large' => {
  const reader = createReplyReader();
  const all: SmtpReply[] = [];
  for (const chunk of chunks) {
    const replies = reader.push(Buffer.from(chunk as string));
    if (typeof replies === 'string') return replies;
    all.push(...replies);
  }
  return all;
};
const short = (replies: ReturnType<typeof read>) =>
  typeof replies === 'string' ? replies : replies.map(({ code, enhanced, text }) => [code, enhanced, text]);

describe('answers of SMTP', () => {
  it.each([
    ['a line', '250 ok\r\n', [[250, undefined, 'ok']]],
    ['a code alone', '250\r\n', [[250, undefined, '']]],
    ['a code and a space', '250 \r\n', [[250, undefined, '']]],
    ['a line feed alone', '250 ok\n', [[250, undefined, 'ok']]],
    ['several lines', '250-mail.example.net\r\n250-SIZE 1\r\n250 HELP\r\n', [[250, undefined, 'mail.example.net SIZE 1 HELP']]],
    ['a status', '550 5.1.1 <a@example.net>: unknown\r\n', [[550, '5.1.1', '<a@example.net>: unknown']]],
    ['a status in every line', '550-5.7.1 first\r\n550 5.7.1 second\r\n', [[550, '5.7.1', 'first second']]],
    ['a status of another class', '550 4.7.1 odd\r\n', [[550, undefined, 'odd']]],
    ['a number that is no status', '250 2.0.0ok\r\n', [[250, undefined, '2.0.0ok']]],
    ['two answers in one', '250 a\r\n250 b\r\n', [[250, undefined, 'a'], [250, undefined, 'b']]], // biome-ignore format: a table
    ['postscreen', '220-mail.example.net ESMTP\r\n220 mail.example.net ESMTP Postfix\r\n', [[220, undefined, 'mail.example.net ESMTP mail.example.net ESMTP Postfix']]], // biome-ignore format: a table
    ['postscreen that turns away', '220-mail.example.net ESMTP\r\n521 5.3.2 go\r\n', [[521, '5.3.2', 'go']]],
    ['no SMTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'garbage'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n', 'garbage'],
    ['a code that there is not', '666 beast\r\n', 'garbage'],
    ['a code of two digits', '25 ok\r\n', 'garbage'],
    ['a code of four digits', '2500\r\n', 'garbage'],
    ['an empty line', '\r\n', 'garbage'],
    ['an empty line among others', '250-a\r\n\r\n250 b\r\n', 'garbage'],
    ['another sign behind the code', '250_ok\r\n', 'garbage'],
    ['nothing yet', '250-a\r\n250', []],
    ['HTML', '250 <script>alert(1)</script>\r\n', [[250, undefined, '<script>alert(1)</script>']]],
    ['NUL and colours', '250 a\x00b\x1b[31mc\r\n', [[250, undefined, 'a bc']]],
  ])('%s', (_, bytes, expected) => {
    expect(short(read(bytes))).toEqual(expected);
  });

  it('bytes that are no UTF-8 do no harm', () => {
    const [reply] = read(Buffer.concat([Buffer.from('220 '), Buffer.from([0xff, 0xfe, 0xe9]), Buffer.from(' x\r\n')])) as SmtpReply[];
    expect(reply?.code).toBe(220);
    expect(reply?.text).toContain('x');
  });

  it('an answer that is cut at any byte is the same answer', () => {
    const line = fc.record({
      code: fc.constantFrom('220', '250', '354', '421', '550'),
      text: hostile.map((it) => it.replace(/[\r\n]/g, ' ')),
    });
    const answer = fc
      .tuple(fc.array(line, { maxLength: 5 }), line)
      .map(([more, last]) => `${more.map(({ code, text }) => `${code}-${text}\r\n`).join('')}${last.code} ${last.text}\r\n`);
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(400), { maxLength: 12 }), (answers, cuts) => {
        const bytes = Buffer.from(answers.join(''));
        const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
        const pieces = [...places, bytes.length].map((end, i) => bytes.subarray(places[i - 1] ?? 0, end));
        const whole = read(bytes);
        expect(whole).toHaveLength(answers.length);
        expect(read(...pieces)).toEqual(whole);
        for (const reply of whole as SmtpReply[]) expect(reply.text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });

  it('any bytes end in answers, in a wait or in a reason, and stay within bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const replies = read(...chunks.map((it) => Buffer.from(it)));
        if (typeof replies === 'string') return;
        for (const reply of replies) {
          expect(reply.code).toBeGreaterThanOrEqual(200);
          expect(reply.code).toBeLessThan(560);
          expect(reply.text.length).toBeLessThanOrEqual(300);
        }
      }),
    );
  });

  it.each([
    ['a line of 1 MB', Array.from({ length: 1_024 }, () => 'x'.repeat(1_024))],
    ['a good line of 1 MB', ['250 ', ...Array.from({ length: 1_024 }, () => 'x'.repeat(1_024))]],
    ['lines without end', Array.from({ length: 5_000 }, () => '250-more\r\n')],
    ['200 empty lines', Array.from({ length: 200 }, () => '250-\r\n')],
  ])('%s is too large, and nothing of it is kept', (_, chunks) => {
    const reader = createReplyReader();
    let seen: unknown;
    for (const chunk of chunks) seen = reader.push(Buffer.from(chunk));
    expect(seen).toBe('too-large');
    expect(reader.push(Buffer.from('250 ok\r\n'))).toBe('too-large');
  });

  it('64 KB byte by byte take no time', () => {
    const reader = createReplyReader();
    const begin = cpuMs();
    const byte = Buffer.from('x');
    reader.push(Buffer.from('250 '));
    for (let n = 0; n < 65_000; n += 1) expect(reader.push(byte)).toEqual([]);
    expect(reader.began()).toBe(true);
    expect(reader.push(Buffer.from('\r\n'))).toHaveLength(1);
    expect(reader.began()).toBe(false);
    expect(cpuMs() - begin).toBeLessThan(3_000);
  });
});

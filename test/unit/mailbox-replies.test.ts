import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bodyIn,
  capabilitiesIn,
  internalDateIn,
  literalAfter,
  numbersIn,
  parseInternalDate,
  parseReply,
  statusNumbers,
  uidIn,
} from '../../electron/probes/imap-reply.ts';
import { commandOf, mailboxWord, plainToken } from '../../electron/probes/imap-words.ts';
import { parseStatus, capabilitiesIn as popCapabilities, twoNumbers, uidLine } from '../../electron/probes/pop3-reply.ts';
import { parseLine } from '../../electron/probes/sieve-talk.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { hostile } from '../support/hostile-text.ts';

describe('what an IMAP server says', () => {
  it.each([
    ['* OK ready', { kind: 'status', tag: '*', word: 'OK', text: 'ready' }],
    ['* ok', { kind: 'status', tag: '*', word: 'OK', text: '' }],
    ['* PREAUTH hello', { kind: 'status', tag: '*', word: 'PREAUTH', text: 'hello' }],
    [
      'n1 NO [AUTHENTICATIONFAILED] no',
      { kind: 'status', tag: 'n1', word: 'NO', code: { name: 'AUTHENTICATIONFAILED', words: '' }, text: 'no' },
    ],
    ['* OK [UIDNEXT 7] next', { kind: 'status', tag: '*', word: 'OK', code: { name: 'UIDNEXT', words: '7' }, text: 'next' }],
    ['* BYE [unavailable]', { kind: 'status', tag: '*', word: 'BYE', code: { name: 'UNAVAILABLE', words: '' }, text: '' }],
    ['n1 BAD [half open', { kind: 'status', tag: 'n1', word: 'BAD', text: '[half open' }],
    ['+ go on', { kind: 'more' }],
    ['+', { kind: 'more' }],
    ['* 12 EXISTS', { kind: 'data', number: 12, word: 'EXISTS', rest: [''] }],
    ['* SEARCH', { kind: 'data', word: 'SEARCH', rest: [''] }],
    ['* CAPABILITY IMAP4rev1', { kind: 'data', word: 'CAPABILITY', rest: ['IMAP4rev1'] }],
    ['', null],
    ['*', null],
    ['hello', null],
    ['HTTP/1.1 400 Bad Request', null],
    ['+OK POP3', null],
    ['220 mail.example.net ESMTP', null],
    ['* \u0000 FETCH', null],
  ])('%j', (line, expected) => {
    expect(parseReply([line])).toEqual(expected);
  });
  it.each([
    ['* 1 FETCH (BODY[] {12}', { size: 12, text: '* 1 FETCH (BODY[] ' }],
    ['* 1 FETCH (BODY[] {4294967296}', { size: 4_294_967_296, text: '* 1 FETCH (BODY[] ' }],
    ['* 1 FETCH (BINARY[1] ~{3}', { size: 3, text: '* 1 FETCH (BINARY[1] ' }],
    ['* OK what a fine day {12}', null],
    ['n4 NO {12}', null],
    ['* 1 FETCH (BODY[] {x}', null],
    ['* 1 FETCH (BODY[] {12} ', null],
  ])('counted bytes behind %j', (line, expected) => {
    expect(literalAfter(line, true)).toEqual(expected);
  });
  it.each([
    ['20-Nov-2026 12:00:00 +0000', '2026-11-20T12:00:00Z'],
    [' 7-Feb-1994 21:52:25 -0800', '1994-02-08T05:52:25Z'],
    ['01-JAN-2027 00:30:00 +0530', '2026-12-31T19:00:00Z'],
    ['29-Feb-2028 23:59:60 +0000', '2028-03-01T00:00:00Z'],
    ['20-Foo-2026 12:00:00 +0000', null],
    ['20-Nov-2026 25:00:00 +0000', null],
    ['20-Nov-2026 12:00:00', null],
    ['2026-11-20T12:00:00Z', null],
    ['20-Nov-2026 12:00:00 +9999', null],
  ])('the date %j', (text, expected) => {
    expect(parseInternalDate(text)).toBe(expected === null ? null : Date.parse(expected));
  });
  it('every date that is written so is read so', () => {
    const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-02'), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.integer({ min: -840, max: 840 }),
        (date, offset) => {
          const at = Math.floor(date.getTime() / 1_000) * 1_000;
          const there = new Date(at + offset * 60_000);
          const two = (n: number): string => String(n).padStart(2, '0');
          const apart = Math.abs(offset);
          const text = `${String(there.getUTCDate()).padStart(2)}-${names[there.getUTCMonth()]}-${there.getUTCFullYear()} ${two(there.getUTCHours())}:${two(there.getUTCMinutes())}:${two(there.getUTCSeconds())} ${offset < 0 ? '-' : '+'}${two(Math.floor(apart / 60))}${two(apart % 60)}`;
          expect(parseInternalDate(text)).toBe(at);
        },
      ),
    );
  });
  it('takes a FETCH apart, and never what stands in counted bytes', () => {
    const pieces = [
      '(UID 7 INTERNALDATE "20-Nov-2026 12:00:00 +0000" BODY[HEADER]<0> ',
      Buffer.from('X: (UID 9 INTERNALDATE "01-Jan-2000 00:00:00 +0000"'),
      ')',
    ];
    expect(uidIn(pieces)).toBe(7);
    expect(internalDateIn(pieces)).toBe(Date.parse('2026-11-20T12:00:00Z'));
    expect(bodyIn(pieces)).toMatch(/^X: /);
    expect(uidIn(['(BODY[HEADER] ', Buffer.from('a'), ' UID 8)'])).toBe(8);
    expect(bodyIn(['(UID 3 BODY[HEADER] "Subject: \\"a\\"")'])).toBe('Subject: "a"');
    expect(bodyIn(['(UID 3 BODY[HEADER] NIL)'])).toBeNull();
    expect(uidIn(['(FLAGS (\\Seen))'])).toBeNull();
  });
  it('reads numbers with bounds', () => {
    expect(numbersIn(['1 2 x 99999999999 3'], 100)).toEqual([1, 2, 3]);
    expect(numbersIn([Array.from({ length: 5_000 }, (_, at) => at).join(' ')], 10)).toHaveLength(10);
    expect(statusNumbers(['INBOX (MESSAGES 3 UNSEEN 1 UIDNEXT 99)'])).toEqual(
      new Map([
        ['MESSAGES', 3],
        ['UNSEEN', 1],
        ['UIDNEXT', 99],
      ]),
    );
    expect(statusNumbers(['INBOX'])).toEqual(new Map());
    expect(capabilitiesIn('IMAP4rev1  auth=plain')).toEqual(['IMAP4REV1', 'AUTH=PLAIN']);
  });
  it('is never thrown off by anything', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('* ', 'n1 OK ', '* 1 FETCH (', '* OK [', '+ ', ''), (text, start) => {
        const line = start + text;
        const reply = parseReply([line, Buffer.from(text), ')']);
        if (reply?.kind === 'data') for (const read of [uidIn, bodyIn, internalDateIn, statusNumbers]) read(reply.rest);
        parseReply([line]);
        literalAfter(line, false);
        parseInternalDate(line);
      }),
      { numRuns: 500 },
    );
  });
  it('is read in no time, whatever it is made of', () => {
    const begin = cpuMs();
    for (const part of ['(', '"', '\\', '[', ' ', 'BODY[', '{', 'UID ', 'INTERNALDATE "', '* '])
      for (const line of [`* 1 FETCH ${part.repeat(60_000 / part.length)}`, `n1 OK [${part.repeat(60_000 / part.length)}`]) {
        const reply = parseReply([line]);
        literalAfter(line, false);
        if (reply?.kind === 'data') for (const read of [uidIn, bodyIn, internalDateIn, statusNumbers]) read(reply.rest);
        parseStatus(line);
        parseLine([line]);
      }
    expect(cpuMs() - begin).toBeLessThan(1_500);
  });
});

describe('what is said to an IMAP server', () => {
  it.each([
    ['plain words', ['LOGIN', { value: 'noc' }, { value: 'secret' }], ['n1 LOGIN "noc" "secret"\r\n']],
    ['quotes and backslashes', ['LOGIN', { value: 'a"b' }, { value: 'c\\d' }], ['n1 LOGIN "a\\"b" "c\\\\d"\r\n']],
    ['an empty value', ['LOGIN', { value: '' }, { value: '' }], ['n1 LOGIN "" ""\r\n']],
    ['letters beyond ASCII', ['LOGIN', { value: 'noc' }, { value: 'pä' }], ['n1 LOGIN "noc" {3}\r\n', 'pä\r\n']],
    ['a line break', ['LOGIN', { value: 'a\r\nn2 LOGOUT' }, { value: 'x' }], ['n1 LOGIN {12}\r\n', 'a\r\nn2 LOGOUT "x"\r\n']],
    ['both', ['LOGIN', { value: 'ä' }, { value: 'ö' }], ['n1 LOGIN {2}\r\n', 'ä {2}\r\n', 'ö\r\n']],
  ])('%s', (_, words, expected) => {
    expect(commandOf('n1', words)).toEqual(expected);
  });
  it('carries every value but NUL whole, and none becomes a command', () => {
    expect(commandOf('n1', ['LOGIN', { value: 'a\0b' }])).toBeNull();
    fc.assert(
      fc.property(hostile, (value) => {
        const pieces = commandOf('n1', ['SEARCH', { value }]);
        if (value.includes('\0')) expect(pieces).toBeNull();
        else if (pieces?.length === 1) {
          expect(pieces[0]).toMatch(/^n1 SEARCH "[^\r\n]*"\r\n$/);
          expect(pieces[0]?.slice(11, -3).replace(/\\(.)/g, '$1')).toBe(value);
        } else expect(pieces).toEqual([`n1 SEARCH {${Buffer.byteLength(value)}}\r\n`, `${value}\r\n`]);
      }),
    );
  });
  it.each([
    ['INBOX', 'INBOX'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['A & B', 'A &- B'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['😀', '&2D3eAA-'],
  ])('the mailbox %j', (name, wire) => {
    expect(mailboxWord(name)).toEqual({ value: wire });
  });
  it('PLAIN', () => {
    expect(Buffer.from(plainToken('noc', 'pä "ss') ?? '', 'base64').toString()).toBe('\0noc\0pä "ss');
    expect(plainToken('noc', 'a\0b')).toBeNull();
    expect(plainToken('n\0oc', 'a')).toBeNull();
  });
});

describe('what a POP3 server says', () => {
  it.each([
    ['+OK ready <1.2@example.net>', { ok: true, text: 'ready <1.2@example.net>' }],
    ['+OK', { ok: true, text: '' }],
    ['-ERR [SYS/TEMP] later', { ok: false, code: 'SYS/TEMP', text: 'later' }],
    ['-err [in-use]', { ok: false, code: 'IN-USE', text: '' }],
    ['-ERR [not closed', { ok: false, text: '[not closed' }],
    ['+OKAY', null],
    ['* OK', null],
    ['', null],
    ['+', null],
  ])('%j', (line, expected) => {
    expect(parseStatus(line)).toEqual(expected);
  });
  it('numbers and ids', () => {
    expect(twoNumbers('2 320')).toEqual([2, 320]);
    expect(twoNumbers('2 320 and more')).toEqual([2, 320]);
    expect(twoNumbers('99999999999 1')).toBeNull();
    expect(twoNumbers('-1 4')).toBeNull();
    expect(uidLine('1 whqtswO00WBw418f9t5JxYwZ')).toEqual({ number: 1, uid: 'whqtswO00WBw418f9t5JxYwZ' });
    expect(uidLine('1 a b')).toBeNull();
    expect(uidLine(`1 ${'x'.repeat(300)}`)).toBeNull();
    expect(popCapabilities(['SASL plain login', 'Stls']).get('SASL')).toEqual(['PLAIN', 'LOGIN']);
  });
});

describe('what a ManageSieve server says', () => {
  it.each([
    ['"IMPLEMENTATION" "a \\"b\\""', { word: null, strings: ['IMPLEMENTATION', 'a "b"'] }],
    ['"STARTTLS"', { word: null, strings: ['STARTTLS'] }],
    ['OK', { word: 'OK', strings: [] }],
    ['NO (TRYLATER) "later"', { word: 'NO', code: 'TRYLATER', strings: ['later'] }],
    ['BYE (REFERRAL "sieve://a") "gone"', { word: 'BYE', code: 'REFERRAL', strings: ['gone'] }],
    ['"one" ACTIVE', { word: 'ACTIVE', strings: ['one'] }],
    ['', null],
    ['"open', null],
    ['* OK', null],
  ])('%j', (line, expected) => {
    expect(parseLine([line])).toEqual(expected);
  });
  it('counted bytes are text, whatever they hold', () => {
    expect(parseLine(['NO ', Buffer.from('OK "a"'), ''])).toEqual({ word: 'NO', strings: ['OK "a"'] });
  });
  it('is never thrown off by anything', () => {
    fc.assert(fc.property(hostile, (text) => void [parseLine([text]), parseLine(['NO ', Buffer.from(text), text])]));
  });
});

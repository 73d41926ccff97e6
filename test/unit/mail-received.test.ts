import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMark } from '../../electron/probes/roundtrip-message.ts';
import { queueIdOf } from '../../shared/mail/queue-id.ts';
import { headerFields, hopsOf, parseMailDate, readReceived } from '../../shared/mail/received.ts';
import { cpuMs } from '../support/cpu-time.ts';

const noon = Date.UTC(2026, 10, 20, 12, 0, 0);

describe('dates of mail', () => {
  it.each<[string, number | null]>([
    ['Fri, 20 Nov 2026 12:00:00 +0000 (UTC)', noon],
    ['Fri, 20 Nov 2026 04:00:00 -0800 (PST)', noon],
    ['20 Nov 2026 17:30:00 +0530', noon],
    ['Fri, 20 Nov 2026 12:00 GMT', noon],
    ['Fri, 20 Nov 26 07:00:00 EST', noon],
    ['Fri,  20  Nov  2026  12:00:00', noon],
    ['Fri, 20 Nov 2026 12:00:00 (a (nested \\) comment)) +0000', noon],
    ['Fri, 20 Nov 2026 12:00:60 +0000', noon + 60_000],
    ['Fri, 32 Nov 2026 12:00:00 +0000', null],
    ['Fri, 20 Foo 2026 12:00:00 +0000', null],
    ['Fri, 20 Nov 2026 25:00:00 +0000', null],
    ['2026-11-20T12:00:00Z', null],
    ['', null],
  ])('%s', (text, at) => expect(parseMailDate(text)).toBe(at));
});

describe('Received fields', () => {
  const dovecot = `Return-Path: <a@example.org>
Received: from mail.example.net ([192.0.2.25])
\tby store.example.net with LMTP
\tid lv8zMLE5AGsgPgAAg+zDdQ
\t(envelope-from <a@example.org>)
\tfor <nightdesk@example.net>; Fri, 20 Nov 2026 12:00:07 +0000
Received: from [198.51.100.7] (unknown [198.51.100.7])
\tby mail.example.net (Postfix; a clock of its own) with ESMTPSA id C132828E082
\tfor <nightdesk@example.net>; Fri, 20 Nov 2026 12:00:01 +0000 (UTC)
Subject: hello

Received: from body by body; Fri, 20 Nov 2026 12:00:01 +0000
`;
  it('of Postfix and Dovecot: two legs, oldest first', () => {
    expect(hopsOf(readReceived(dovecot), noon, 8_000)).toEqual([
      { by: 'mail.example.net', from: '[198.51.100.7]', seconds: 1 },
      { by: 'store.example.net', from: 'mail.example.net', seconds: 6 },
    ]);
  });
  it.each<[string, string, object]>([
    [
      'Exim',
      'from a.example by b.example with esmtps (TLS1.3) (Exim 4.96) id 1tDx for x@example.net; Fri, 20 Nov 2026 12:00:00 +0000',
      { by: 'b.example', from: 'a.example', at: noon },
    ],
    [
      'Microsoft',
      'from A.example (2001:db8::1) by B.example (2001:db8::2) with Microsoft SMTP Server id 15.20.1; Fri, 20 Nov 2026 12:00:00 +0000',
      { by: 'B.example', from: 'A.example', at: noon },
    ],
    ['qmail', '(qmail 1234 invoked by uid 89); 20 Nov 2026 12:00:00 -0000', { at: noon }],
    ['without a date', 'from a.example by b.example', { by: 'b.example', from: 'a.example' }],
    ['a date that is none', 'by b.example; yesterday', { by: 'b.example' }],
    ['markup in a name', 'from <script> by b.example; Fri, 20 Nov 2026 12:00:00 +0000', { by: 'b.example', from: '<script>', at: noon }],
    ['controls in a name', 'from a\u001b[31mb\u202ec by b.example;', { by: 'b.example', from: 'ab c' }],
    ['nothing', '', {}],
  ])('of %s', (_, field, received) => expect(readReceived(`Received: ${field}\r\n`)).toEqual([received]));
  it.each<[string, (number | undefined)[], (number | null)[], number]>([
    ['clocks that agree', [0, 2_000, 5_000], [0, 2, 3], 5_400],
    ['a second cut off', [-900, -900, 0], [0, 0, 1], 1_200],
    ['a clock behind', [0, -40_000, 3_000], [0, -40, -40], 3_400],
    ['a clock ahead', [600_000, 1_000], [-599, -599], 1_300],
    ['whole seconds that make more than the whole took', [0, 2_000], [0, 1], 1_800],
    ['a second that begins in between', [1_000, 1_000], [0, 0], 300],
    ['a server that tells no time', [1_000, undefined, 4_000], [1, null, 3], 4_200],
    ['a clock of another year', [0, 400 * 86_400_000, 0], [0, null, null], 400],
  ])('%s', (_, times, seconds, wholeMs) => {
    const received = times.map((it) => ({ by: 'a', ...(it === undefined ? {} : { at: noon + it }) })).reverse();
    expect(hopsOf(received, noon, wholeMs).map((hop) => hop.seconds)).toEqual(seconds);
  });
  it('bounds what it reads', () => {
    expect(readReceived('Received: by a\r\n'.repeat(500))).toHaveLength(30);
    const [long] = readReceived(`Received: by ${'x'.repeat(100_000)}\r\n`);
    expect(long?.by?.length).toBeLessThanOrEqual(120);
    expect(headerFields(`Subject: a\r\n${' b\r\n'.repeat(10_000)}`, 'subject')[0]?.length).toBeLessThanOrEqual(2_000);
  });
  it('is quick with whatever comes', () => {
    const begin = cpuMs();
    for (const text of ['(', '((((\\', 'by ', 'from ', ' \t', ';', '20 Nov ', ' 20  Nov  2026  12:00', '\r\n '])
      readReceived(`Received: ${text.repeat(20_000)}`);
    expect(cpuMs() - begin).toBeLessThan(1_000);
  });
  const shape = (header: string): void => {
    const received = readReceived(header);
    const hops = hopsOf(received, noon, 86_400_000);
    expect(hops).toHaveLength(received.length);
    for (const { by, from, seconds } of hops) {
      expect(by.length).toBeLessThanOrEqual(120);
      expect(`${by}${from ?? ''}`).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(seconds === null || (Number.isSafeInteger(seconds) && Math.abs(seconds) <= 30 * 86_400)).toBe(true);
    }
  };
  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => shape(`Received: ${text}`)));
    const word = fc.constantFrom(
      'Received:',
      'from ',
      'by ',
      ';',
      '(',
      ')',
      '\\',
      '\r\n',
      ' ',
      '\t',
      '20 Nov 2026 12:00:00',
      '+0000',
      '-9999',
      'a.example',
      '\u202e',
      '\u0000',
    );
    fc.assert(fc.property(fc.array(word, { maxLength: 60 }), (words) => shape(words.join(''))));
  });
  it('reads back every date it can write', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (seconds, minutes) => {
        const local = new Date((seconds + minutes * 60) * 1_000).toUTCString().replace('GMT', '');
        const sign = minutes < 0 ? '-' : '+';
        const zone = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((it) => String(it).padStart(2, '0')).join('');
        expect(parseMailDate(`${local}${sign}${zone}`)).toBe(seconds * 1_000);
      }),
    );
  });
});

describe('queue ids', () => {
  it.each<[string, string, string | null]>([
    ['Postfix', 'Ok: queued as 4XyZ5T1Q9jz', '4XyZ5T1Q9jz'],
    ['Postfix, short ids', 'Ok: queued as C132828E082', 'C132828E082'],
    ['Exim', 'OK id=1tDxYz-000000001Ab-0abC', '1tDxYz-000000001Ab-0abC'],
    [
      'Microsoft',
      '<a@b.example> [InternalId=77777777, Hostname=B.example] 9999 bytes in 0.2, 40 KB/sec Queued mail for delivery',
      '77777777',
    ],
    ['qmail', 'ok 1763640000 qp 12345', '12345'],
    ['Sendmail', '5AKC0Aa1012345 Message accepted for delivery', '5AKC0Aa1012345'],
    ['OpenSMTPD', '4f5e6d7c Message accepted for delivery', '4f5e6d7c'],
    ['Google', 'OK  1763640000 a1-20020a05600c2f0100b0043si1234wra.12 - gsmtp', 'a1-20020a05600c2f0100b0043si1234wra.12'],
    ['a plain word', 'Ok', null],
    ['markup', 'Ok: queued as <script>alert(1)</script>', null],
    ['nothing', '', null],
  ])('%s', (_, text, id) => expect(queueIdOf(text)).toBe(id));
  it('takes any text, and gives back nothing that is not harmless', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom('', 'queued as ', 'OK id=', 'OK 1763640000 '),
        (text, start) => {
          const id = queueIdOf(`${start}${text}`);
          expect(id === null || /^[!-~]{1,80}$/.test(id)).toBe(true);
        },
      ),
    );
    const begin = cpuMs();
    for (const text of ['a', 'OK ', '<', 'id=', '. ']) queueIdOf(text.repeat(300_000));
    expect(cpuMs() - begin).toBeLessThan(500);
  });
});

describe('marks of test messages', () => {
  it('takes any header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(readMark(`Subject: ${text}`)).toBeNull();
      }),
    );
    const begin = cpuMs();
    for (const text of ['Nightdesk probe ', 're:', '] ', 'Nightdesk probe 0123456789ab aaaaaa '])
      readMark(`Subject: ${text.repeat(20_000)}`);
    expect(cpuMs() - begin).toBeLessThan(500);
  });
});

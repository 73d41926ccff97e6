/** Serial numbers, servers and records, as checks of DNS read and compare them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolversOf } from '../../electron/probes/dns-servers.ts';
import { isWithin, newestSerial, readServer, serialBehind, serverName } from '../../shared/checks/dns-names.ts';
import { mismatchOf, mismatchText } from '../../shared/checks/dns-records.ts';

describe('serial numbers (RFC 1982)', () => {
  it.each([
    [1, 1, 0],
    [1, 3, 2],
    [3, 1, -2],
    [2026111901, 2026111903, 2],
    [4294967295, 0, 1],
    [0, 4294967295, -1],
    [4294967290, 5, 11],
    [0, 2 ** 31 - 1, 2 ** 31 - 1],
    [0, 2 ** 31, 2 ** 31],
    [2 ** 31, 0, 2 ** 31],
    [0, 2 ** 31 + 1, -(2 ** 31 - 1)],
  ])('%d is behind %d by %d', (serial, reference, behind) => {
    expect(serialBehind(serial, reference)).toBe(behind);
  });
  it('adding less than half the circle is always newer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (serial, more) => {
        const newer = (serial + more) % 2 ** 32;
        expect(serialBehind(serial, newer)).toBe(more);
        expect(serialBehind(newer, serial)).toBe(-more);
        expect(newestSerial([serial, newer])).toBe(newer);
        expect(newestSerial([newer, serial])).toBe(newer);
      }),
    );
  });
  it('there is no newest of none', () => expect(newestSerial([])).toBeUndefined());
});

describe('servers as written', () => {
  it.each([
    ['ns1.example.net', 'ns1.example.net', null],
    ['192.0.2.1', '192.0.2.1', null],
    ['192.0.2.1:5353', '192.0.2.1', 5353],
    ['2001:db8::1', '2001:db8::1', null],
    ['[2001:db8::1]:5353', '2001:db8::1', 5353],
    ['ns1.example.net:53', 'ns1.example.net', 53],
  ])('%s', (text, host, port) => {
    expect(readServer(text)).toEqual({ host, port });
    expect(serverName(host, port ?? 53)).toBe(port === 53 ? host : text);
  });
  it.each([
    '',
    ' ',
    '-h',
    'a b',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '192.0.2.1:',
    ':53',
    '[192.0.2.1]:53',
    '[2001:db8::1]',
    '2001:db8::1:53:x',
    'a:b:c',
    '10.0.0.300',
    '[::1]:53]',
    'a;b:53',
  ])('%j is none', (text) => expect(readServer(text)).toBeNull());
  it('whatever is taken can be asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 40 }),
          fc.ipV6().map((ip) => `[${ip}]:53`),
          fc.domain(),
        ),
        (text) => {
          const read = readServer(text);
          if (read) expect(read.host).toMatch(/^[a-zA-Z0-9:][a-zA-Z0-9.:-]*$/);
        },
      ),
    );
  });
  it.each([
    ['example.net', 'example.net', true],
    ['a.EXAMPLE.net.', 'example.net', true],
    ['badexample.net', 'example.net', false],
    ['net', 'example.net', false],
    ['anything.test', '.', true],
  ])('%s within %s: %s', (name, around, is) => expect(isWithin(name, around)).toBe(is));
  it('a resolver keeps its port', () => {
    expect(resolversOf('[2001:db8::1]:5353')).toEqual([{ address: '2001:db8::1', port: 5353 }]);
    expect(resolversOf('192.0.2.1')).toEqual([{ address: '192.0.2.1', port: 53 }]);
  });
});

describe('records held against what is expected', () => {
  it.each<[string, Parameters<typeof mismatchOf>, string | null]>([
    ['nothing expected', [{}, ['192.0.2.1'], 'A'], null],
    ['contained', [{ expect: ['192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'A'], null],
    ['not contained', [{ expect: ['192.0.2.3'] }, ['192.0.2.1'], 'A'], '192.0.2.3 is not among the answers'],
    ['equal in another order', [{ equals: ['192.0.2.2', '192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'A'], null],
    ['one too many', [{ equals: ['192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'A'], '192.0.2.2 is not expected'],
    ['one too few', [{ equals: ['192.0.2.1', '192.0.2.2'] }, ['192.0.2.1'], 'A'], '192.0.2.2 is not among the answers'],
    ['one of them', [{ oneOf: ['192.0.2.1', '192.0.2.2'] }, ['192.0.2.2'], 'A'], null],
    ['none of them', [{ oneOf: ['192.0.2.1'] }, ['192.0.2.9'], 'A'], '192.0.2.9 is not expected'],
    ['forms of IPv6', [{ equals: ['2001:DB8:0:0::1'] }, ['2001:db8::1'], 'AAAA'], null],
    ['names by case and dot', [{ equals: ['NS1.Example.net.'] }, ['ns1.example.net'], 'NS'], null],
    ['texts by the letter', [{ equals: ['V=spf1'] }, ['v=spf1'], 'TXT'], 'V=spf1 is not among the answers; v=spf1 is not expected'],
    ['MX by the host', [{ equals: ['mail.example.net'] }, ['10 mail.example.net'], 'MX'], null],
    ['MX with its number', [{ oneOf: ['20 mail.example.net'] }, ['10 mail.example.net'], 'MX'], '10 mail.example.net is not expected'],
  ])('%s', (_, args, wrong) => {
    expect(mismatchText(mismatchOf(...args))).toBe(wrong);
  });
});

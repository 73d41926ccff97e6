/** What lies in a queue, counted line by line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader } from '../../electron/probes/queue-lines.ts';
import { foldReason, isMailboxAffair } from '../../electron/probes/queue-reason.ts';
import { createCounter, createTally } from '../../electron/probes/queue-tally.ts';
import { queue } from '../../shared/checks/queue.ts';
import { patienceMs } from '../../shared/checks/queue-delay.ts';
import type { QueueConfig } from '../../shared/checks/queue-facts.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { hostile } from '../support/hostile-text.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const login = { address: '192.0.2.1', user: 'noc', keySecret: 'key', fingerprint: `SHA256:${'A'.repeat(43)}` };
const configOf = (more: Record<string, unknown> = {}): QueueConfig => queue.config.parse({ ...login, ...more }) as QueueConfig;
const line = (name: string, ageMs: number, ...recipients: [string, string?][]): string =>
  JSON.stringify({
    queue_name: name,
    queue_id: '4XyZ12',
    arrival_time: (now - ageMs) / 1_000,
    message_size: 999,
    forced_expire: false,
    sender: 'a@example.com',
    recipients: recipients.map(([address, delay_reason]) => ({ address, ...(delay_reason === undefined ? {} : { delay_reason }) })),
  });
function tallied(lines: readonly string[], before?: number, own: string[] = []) {
  const tally = createTally({ oldestDegraded: 30 * MINUTE, oldestDown: 4 * HOUR, own }, before);
  tally.begin(now);
  for (const text of lines) tally.message(text, true);
  return tally;
}

describe('reasons are folded', () => {
  it.each([
    ['connect to mx.example.org[192.0.2.1]:25: Connection timed out', 'connection timed out'],
    ['connect to mx2.example.org[2001:db8::1]:25: Connection timed out', 'connection timed out'],
    ['delivery temporarily suspended: connect to 127.0.0.1[127.0.0.1]:10024: Connection refused', 'connection refused'],
    [
      'host mx.example.org[192.0.2.1] said: 451 4.7.1 Greylisting in action, please come back in 00:04:32 (in reply to RCPT TO command)',
      '451 4.7.1 Greylisting in action, please come back in …',
    ],
    [
      'host mail.example.net[private/dovecot-lmtp] said: 452 4.2.2 <user@example.net> Quota exceeded (mailbox for user is full) (in reply to end of DATA command)',
      '452 4.2.2 … Quota exceeded (mailbox for user is full)',
    ],
    [
      'lost connection with mx1.example.org[198.51.100.7] while receiving the initial server greeting',
      'lost connection with the server while receiving the initial server greeting',
    ],
    [
      'conversation with mx1.example.org[198.51.100.7] timed out while sending MAIL FROM',
      'conversation with the server timed out while sending MAIL FROM',
    ],
    [
      'Host or domain name not found. Name service error for name=gone.example.org type=MX: Host not found, try again',
      'no MX record to be had: Host not found, try again',
    ],
    ['host x[203.0.113.1] refused to talk to me: 554 5.7.1 Client [203.0.113.7] blocked', '554 5.7.1 Client […] blocked'],
    ['mail transport unavailable', 'mail transport unavailable'],
    ['said no, id 4XyZ12abcdEF, see https://help.example.org/?p=12', 'said no, id …, see …'],
    ['', 'no reason given'],
    ['\x1b[31mred\u202e', 'red'],
  ])('%s', (raw, folded) => expect(foldReason(raw)).toBe(folded));
  it('whatever it is, it is short, one line, and folding again changes little', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 2_000 })), (raw) => {
        const folded = foldReason(raw);
        expect(folded.length).toBeLessThanOrEqual(160);
        expect(folded).not.toBe('');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is the test
        expect(folded).not.toMatch(/[\x00-\x1f\u202e]/);
      }),
    );
  });
  it.each([
    ['452 4.2.2 <a@example.net> Quota exceeded', true],
    ['host x[y] said: 450 4.2.1 mailbox disabled', true],
    ['host x[y] said: 452 4.3.1 Insufficient system storage', false],
    ['connect to 10.4.2.2[10.4.2.2]:25: refused', false],
  ])('%s is the affair of a mailbox: %s', (raw, is) => expect(isMailboxAffair(raw)).toBe(is));
  it('takes no time on text that was made to take it', () => {
    for (const text of [
      'a.'.repeat(50_000),
      `${'a['.repeat(400)}`,
      'x@'.repeat(50_000),
      `host ${'a'.repeat(600)}`,
      '1:'.repeat(9_000),
      '…'.repeat(9_000),
    ]) {
      const begin = cpuMs();
      foldReason(text);
      expect(cpuMs() - begin).toBeLessThan(100);
    }
  });
});

describe('counting', () => {
  it('by queue, domain and reason; what is on hold is apart', () => {
    const refused = 'connect to mx.example.org[192.0.2.1]:25: Connection refused';
    const { domains, reasons, ...rest } = tallied([
      line('maildrop', 0, ['a@example.org']),
      line('incoming', 0, ['a@example.org']),
      line('active', 0, ['a@example.org']),
      line('deferred', HOUR, ['a@example.org', refused], ['b@EXAMPLE.org', refused], ['c@example.com', 'other']),
      line('deferred', 5 * HOUR, ['c@example.com', refused]),
      line('hold', 99 * HOUR, ['d@example.com', refused]),
      line('corrupt', 0, ['d@example.com']),
      '{"queue_name": 7}',
      '{ nonsense',
    ]).facts(0);
    expect(rest).toEqual({
      total: 9,
      incoming: 2,
      active: 1,
      deferred: 2,
      hold: 1,
      other: 3,
      olderDegraded: 2,
      olderDown: 1,
      oldestAt: now - 5 * HOUR,
      oldestOwnAt: now,
      unread: 2,
    });
    expect(domains).toEqual([
      { domain: 'example.org', count: 4, oldestAt: now - HOUR, reason: { text: 'connection refused', count: 1 } },
      { domain: 'example.com', count: 3, oldestAt: now - 5 * HOUR, reason: { text: 'other', count: 1 } },
    ]);
    expect(reasons).toEqual([
      { text: 'connection refused', count: 2 },
      { text: 'other', count: 1 },
    ]);
  });
  it('mail for domains of our own, but not for full mailboxes', () => {
    const own = ['Example.net'];
    const of = (...lines: string[]) => tallied(lines, undefined, own).facts(0).oldestOwnAt;
    expect(of(line('deferred', HOUR, ['a@example.net', 'connection refused']))).toBe(now - HOUR);
    expect(of(line('deferred', HOUR, ['a@example.net', '452 4.2.2 full']))).toBeUndefined();
    expect(of(line('deferred', HOUR, ['a@example.org', 'x']))).toBeUndefined();
    expect(of(line('hold', HOUR, ['a@example.net', 'x']))).toBeUndefined();
  });
  it("tells times by the desk's clock, and what was there before", () => {
    const minuteAgo = now - MINUTE;
    const tally = tallied(
      [line('deferred', 10 * MINUTE, ['a@b.example']), line('deferred', 150_000, ['a@b.example']), line('active', 1_000, ['a@b.example'])],
      minuteAgo,
    );
    expect(tally.facts(5_000).oldestAt).toBe(now - 10 * MINUTE + 5_000);
    expect(tally.sample()).toEqual({ at: now, waiting: 3, backlog: 2, stayed: 1 });
    expect(patienceMs).toBe(2 * MINUTE);
  });
  it('a line that was cut counts with what is in it', () => {
    const long = line('deferred', HOUR, ...Array.from({ length: 3_000 }, (_, i): [string, string] => [`user${i}@example.org`, 'later']));
    const tally = tallied([]);
    const reader = createLineReader((text, whole) => tally.message(text, whole), 65_536);
    reader.hear(Buffer.from(`${long}\n${line('active', 0, ['x@example.com'])}\n`));
    reader.end();
    expect(tally.facts(0)).toMatchObject({
      total: 2,
      deferred: 1,
      active: 1,
      domains: [{ domain: 'example.com' }, { domain: 'example.org' }],
    });
    expect(tally.facts(0).unread).toBeUndefined();
  });
  it('in bounded memory; what there is much of is not lost', () => {
    const counter = createCounter(100);
    for (let i = 0; i < 50_000; i += 1) {
      counter.add(`d${i}.example`, 0);
      if (i % 20 === 0) counter.add('example.org', i);
    }
    const [[name, counted] = ['', { count: 0, oldest: 1 }]] = counter.top(1, 50_000);
    expect(name).toBe('example.org');
    expect(counted.count).toBeGreaterThan(2_300);
    expect([...counter.entries()].length).toBeLessThanOrEqual(200);
  });
  it('survives anything, and what it says fits its schema', () => {
    const value = fc.oneof(hostile, fc.integer(), fc.constant(null), fc.double(), fc.constant('deferred'), fc.constant([]));
    const message = fc.record(
      {
        queue_name: fc.oneof(fc.constantFrom('deferred', 'hold', 'active', '__proto__', 'constructor'), value),
        arrival_time: fc.oneof(fc.integer({ min: 0, max: 2e9 }), value),
        recipients: fc.oneof(fc.array(fc.record({ address: value, delay_reason: value }, { requiredKeys: [] })), value),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            message.map((it) => JSON.stringify(it)),
            hostile.map((it) => `{${it}`),
          ),
        ),
        (lines) => {
          const facts = tallied(lines, now - MINUTE).facts(0);
          expect(facts.total).toBe(lines.length);
          const parsed = queue.observation.parse(facts);
          queue.judge(parsed, configOf({ countDegraded: 1 }), now);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is the test
          for (const { label, value: shown } of queue.facts(parsed)) expect(`${label}${shown}`).not.toMatch(/[\x00-\x1f\u202e]/);
        },
      ),
    );
  });
});

describe('lines', () => {
  it('are the same however the bytes are cut', () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 40 }).map((it) => it.replace(/[\r\n]/g, '')),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 50 }),
        fc.constantFrom('\n', '\r\n'),
        (lines, cuts, end) => {
          const bytes = Buffer.from(lines.join(end));
          const heard: string[] = [];
          const reader = createLineReader((line) => heard.push(line));
          for (let at = 0, i = 0; at < bytes.length; i += 1) {
            const size = cuts[i % cuts.length] as number;
            reader.hear(bytes.subarray(at, at + size));
            at += size;
          }
          reader.end();
          // A line break that is cut in two leaves its first half behind: JSON does not mind.
          expect(heard.map((line) => line.replace(/\r$/, '')).filter((line) => line !== '')).toEqual(lines.filter((line) => line !== ''));
        },
      ),
    );
  });
  it('long ones are cut, and the next is whole again', () => {
    const heard: [number, boolean][] = [];
    const reader = createLineReader((text, whole) => heard.push([text.length, whole]), 100);
    for (let i = 0; i < 1_000; i += 1) reader.hear(Buffer.alloc(1_000, 'x'));
    reader.hear(Buffer.from('\nshort\n'));
    reader.hear(Buffer.from(`${'y'.repeat(100)}\n${'z'.repeat(101)}\n`));
    reader.end();
    expect(heard).toEqual([
      [100, false],
      [5, true],
      [100, true],
      [100, false],
    ]);
  });
});

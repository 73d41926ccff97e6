import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueScript } from '../../electron/probes/inside-scripts.ts';
import { estimate } from '../../electron/probes/queue.ts';
import { createLineReader } from '../../electron/probes/queue-lines.ts';
import { createMetrics, readSeries, readSummary } from '../../electron/probes/queue-metrics.ts';
import { foldReason, isMailboxAffair } from '../../electron/probes/queue-reason.ts';
import { createCounter, createTally } from '../../electron/probes/queue-tally.ts';
import { queue } from '../../shared/checks/queue.ts';
import {
  addSample,
  delayOf,
  delayWords,
  drainOf,
  growthOf,
  patienceMs,
  type QueueSample,
  rateWords,
} from '../../shared/checks/queue-delay.ts';
import type { QueueConfig, QueueFacts } from '../../shared/checks/queue-facts.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { hostile } from '../support/hostile-text.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const login = { address: '192.0.2.1', user: 'noc', keySecret: 'key', fingerprint: `SHA256:${'A'.repeat(43)}` };
const configOf = (more: Record<string, unknown> = {}): QueueConfig => queue.config.parse({ ...login, ...more }) as QueueConfig;

describe('verdicts', () => {
  const list = (total: number, more: QueueFacts = {}): QueueFacts => ({
    source: 'ssh',
    total,
    incoming: 0,
    active: 0,
    deferred: total,
    hold: 0,
    other: 0,
    olderDegraded: 0,
    olderDown: 0,
    domains: [],
    reasons: [],
    oldestAt: now - 3 * MINUTE,
    ...more,
  });
  const timedOut = { text: 'connection timed out', count: 400 };
  const toOne = [{ domain: 'example.org', count: 412, oldestAt: now - 2 * HOUR, reason: timedOut }];
  it.each<[string, QueueFacts, Record<string, unknown>, string, string, string]>([
    ['an empty queue', { source: 'ssh', total: 0 }, {}, 'ok', 'ok', 'the queue is empty'],
    ['one message', list(1), {}, 'ok', 'ok', '1 message waits, the oldest for 3 min'],
    ['some', list(99), {}, 'ok', 'ok', '99 messages wait, the oldest for 3 min'],
    ['some on hold', list(12, { hold: 9 }), {}, 'ok', 'ok', '3 messages wait, the oldest for 3 min, 9 on hold'],
    ['all on hold', list(9, { hold: 9, oldestAt: undefined }), {}, 'ok', 'ok', 'the queue is empty, 9 on hold'],
    ['many', list(100), {}, 'degraded', 'queue-long', '100 messages wait, the oldest for 3 min'],
    ['very many', list(1_000), {}, 'down', 'queue-long', '1000 messages wait'],
    [
      'many on hold do not wait',
      list(1_000, { hold: 995 }),
      {},
      'degraded',
      'held',
      '995 messages are on hold and will not leave by themselves',
    ],
    ['one on hold where none may be', list(1, { hold: 1 }), { holdDegraded: 1 }, 'degraded', 'held', '1 message is on hold and will not'],
    [
      'one domain and one reason',
      list(430, { domains: toOne, oldestAt: now - 2 * HOUR - 10 * MINUTE }),
      {},
      'degraded',
      'queue-long',
      '412 of 430 messages wait for example.org: connection timed out, the oldest for 2 h 10 min',
    ],
    [
      'one domain, many reasons',
      list(430, { domains: [{ ...toOne[0], domain: 'example.org', count: 412, oldestAt: now, reason: { ...timedOut, count: 9 } }] }),
      {},
      'degraded',
      'queue-long',
      '412 of 430 messages wait for example.org, the oldest',
    ],
    [
      'one reason, many domains',
      list(430, { domains: [{ domain: 'a.example', count: 9, oldestAt: now }], reasons: [timedOut] }),
      {},
      'degraded',
      'queue-long',
      '400 of 430 messages wait for one reason: connection timed out',
    ],
    [
      'a few name no cause',
      list(4, { domains: [{ ...toOne[0], domain: 'example.org', count: 4, oldestAt: now }] }),
      {},
      'ok',
      'ok',
      '4 messages wait,',
    ],
    [
      'a few old ones',
      list(30, { olderDegraded: 19, olderDown: 19, oldestAt: now - 90 * HOUR }),
      {},
      'ok',
      'ok',
      'the oldest for 3 d 18 h',
    ],
    [
      'many old ones',
      list(30, { olderDegraded: 20, oldestAt: now - HOUR }),
      {},
      'degraded',
      'queue-old',
      '30 messages wait, the oldest for 1 h',
    ],
    [
      'many very old ones',
      list(30, { olderDegraded: 25, olderDown: 20, oldestAt: now - 9 * HOUR }),
      {},
      'down',
      'queue-old',
      'the oldest for 9 h',
    ],
    [
      'one old one, where one is enough',
      list(3, { olderDegraded: 1, oldestAt: now - HOUR }),
      { oldestMessages: 1 },
      'degraded',
      'queue-old',
      '',
    ],
    [
      'one old one of our own',
      list(3, { oldestAt: now - 50 * HOUR, oldestOwnAt: now - 40 * MINUTE }),
      {},
      'degraded',
      'queue-old',
      'mail that should not wait at all for 40 min',
    ],
    ['a very old one of our own', list(3, { oldestOwnAt: now - 5 * HOUR }), {}, 'down', 'queue-old', 'for 5 h'],
    ['growth that nobody asked about', list(50, { ratePerMinute: 40 }), {}, 'ok', 'ok', ''],
    ['growth', list(50, { ratePerMinute: 40 }), { growthDegraded: 20 }, 'degraded', 'queue-growing', '; 40 more a minute'],
    [
      'a delay',
      list(600, { ratePerMinute: 12, delayMinMs: 76 * MINUTE, delayMaxMs: 118 * MINUTE }),
      {},
      'degraded',
      'queue-long',
      '600 messages wait, the oldest for 3 min; 12 more a minute; mail is delayed by about 75 to 120 minutes',
    ],
    [
      'a delay of one domain',
      list(600, { delayMinMs: 20 * MINUTE, delayOf: 'example.org' }),
      {},
      'degraded',
      'queue-long',
      'mail for example.org is delayed by at least 20 minutes',
    ],
    ['held besides', list(600, { hold: 3 }), {}, 'degraded', 'queue-long', '; 3 on hold'],
    ['held besides, too many', list(600, { hold: 30 }), {}, 'degraded', 'queue-long', '; 30 messages are on hold and will'],
    ['at least so old', list(600, { oldestOrEarlier: true }), {}, 'degraded', 'queue-long', 'the oldest for 3 min or longer'],
    [
      'a list that broke off, long enough',
      list(5_000, { atLeast: true, failure: { code: 'timeout', detail: 'late' } }),
      {},
      'down',
      'queue-long',
      'at least 5000 messages wait',
    ],
    [
      'a list that broke off, too short to tell',
      list(5, { atLeast: true, failure: { code: 'timeout', detail: 'late' } }),
      {},
      'unknown',
      'timeout',
      'late',
    ],
    ['not seen', { failure: { code: 'refused', detail: 'connection refused' } }, {}, 'unknown', 'refused', 'connection refused'],
    ['nothing tried', {}, {}, 'unknown', 'no-result', ''],
    [
      'another host key',
      { failure: { code: 'certificate', detail: 'x' }, pinned: false, keyType: 'ssh-ed25519', fingerprint: 'SHA256:b' },
      {},
      'down',
      'host-key-changed',
      'SHA256:b',
    ],
  ])('%s', (_, facts, settings, state, reason, text) => {
    expect(() => queue.observation.parse(facts)).not.toThrow();
    const config = configOf(settings);
    const verdict = queue.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(text);
    for (const words of Object.values(queue.explain(facts, verdict, config))) expect(words).toMatch(/^.+\.$/);
  });
  it('hands on what it means for new mail as a title', () => {
    const title = (facts: QueueFacts) => queue.judge(facts, configOf({}), now).title;
    expect(title(list(600, { delayMinMs: 76 * MINUTE, delayMaxMs: 118 * MINUTE }))).toBe('mail is delayed by about 75 to 120 minutes');
    expect(title(list(600))).toBeUndefined();
    expect(title(list(12, { delayMinMs: 76 * MINUTE }))).toBeUndefined();
  });
  it('measures what waits, and nothing where it could not look', () => {
    expect(queue.measure(list(12, { hold: 5 }))).toBe(7);
    expect(queue.measure({ ...list(12), failure: { code: 'timeout', detail: '' } })).toBeNull();
    expect(queue.measure({})).toBeNull();
  });
  it('advice about log-ins is for those who log in', () => {
    const facts: QueueFacts = { failure: { code: 'refused', detail: 'connection refused' } };
    const of = (settings: Record<string, unknown>) => {
      const config = queue.config.parse(settings) as QueueConfig;
      return queue.explain(facts, queue.judge(facts, config, now), config).todo;
    };
    expect(of(login)).toContain('sshd');
    expect(of({ source: 'http', url: 'http://192.0.2.1/metrics' })).not.toContain('sshd');
  });
  it.each([
    ['ssh without a key', { source: 'ssh', address: '192.0.2.1' }],
    ['http without a url', { source: 'http' }],
    ['a url without http', { source: 'local', url: 'http://192.0.2.1/' }],
    ['a password in the url', { source: 'http', url: 'http://noc:word@192.0.2.1/' }],
    ['a folder with a quote', { source: 'local', configDir: "/etc/post'fix" }],
    ['a folder with a command', { source: 'local', configDir: '/etc/$(reboot)' }],
    ['a folder that is an option', { source: 'local', configDir: '-o' }],
    ['a domain that is none', { source: 'local', own: ['a b'] }],
    ['a metric that is none', { source: 'http', url: 'http://192.0.2.1/', metric: 'a{b="c"}' }],
  ])('%s is refused', (_, settings) => expect(queue.config.safeParse(settings).success).toBe(false));
});

describe('words for delays', () => {
  it.each<[number, number | undefined, string | null]>([
    [1, 4, null],
    [1, 5, 'up to 5 minutes'],
    [4, 9, 'up to 10 minutes'],
    [6, 9, 'about 5 to 10 minutes'],
    [11, 58, 'about 10 to 60 minutes'],
    [75, 120, 'about 75 to 120 minutes'],
    [76, 118, 'about 75 to 120 minutes'],
    [30, 30, 'about 30 minutes'],
    [29.9, 30, 'about 25 to 30 minutes'],
    [61, 61, 'about 60 to 75 minutes'],
    [100, 200, 'about 1.5 to 3.5 hours'],
    [180, 180, 'about 3 hours'],
    [700, 800, 'about 11 to 14 hours'],
    [200, 30 * 60, 'about 3 to 30 hours'],
    [20, undefined, 'at least 20 minutes'],
    [4, undefined, null],
    [70, undefined, 'at least 60 minutes'],
    [200, undefined, 'at least 3 hours'],
    [200, 60 * 60, 'at least 3 hours'],
    [60 * 60, undefined, 'more than two days'],
    [60 * 60, 90 * 60, 'more than two days'],
  ])('%s to %s minutes', (from, to, words) => {
    expect(delayWords(from * MINUTE, to === undefined ? undefined : to * MINUTE)).toBe(words);
  });
  it('never promises less than the longest, nor more than the shortest', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1_500, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), (from, factor) => {
        const to = from * factor;
        const words = delayWords(from * MINUTE, to * MINUTE);
        if (words === null) {
          expect(to).toBeLessThan(5);
          return;
        }
        // Beyond two days only the least is told.
        if (words.startsWith('at least')) return;
        const numbers = [...words.matchAll(/[\d.]+/g)].map(([text]) => Number(text) * (words.includes('hours') ? 60 : 1));
        expect(numbers.at(-1)).toBeGreaterThanOrEqual(to - 1e-6);
        expect(words.startsWith('up to') ? 0 : numbers[0]).toBeLessThanOrEqual(words.includes(' to ') ? from + 1e-6 : to + 1e-6);
      }),
    );
  });
  it.each<[number, string | null]>([
    [0, null],
    [0.05, null],
    [-0.05, null],
    [0.5, '30 more an hour'],
    [-0.5, '30 fewer an hour'],
    [12.4, '12 more a minute'],
    [-3, '3 fewer a minute'],
  ])('%s a minute', (rate, words) => expect(rateWords(rate)).toBe(words));
});

/** Looks a minute apart at a queue with so many waiting, of which so many have left since the look before. */
const looks = (...seen: [waiting: number, left: number | null][]): QueueSample[] =>
  seen.map(([waiting, left], index) => ({ at: now + index * MINUTE, waiting, backlog: waiting, left }));
const steady = (n: number, waiting: number, left: number) =>
  looks(...Array.from({ length: n }, (_, i): [number, number | null] => [waiting, i === 0 ? null : left]));

describe('estimates', () => {
  it('growth needs two looks, and is taken over 15 minutes', () => {
    expect(growthOf([])).toBeUndefined();
    expect(growthOf(looks([5, null]))).toBeUndefined();
    expect(growthOf(looks([5, null], [25, 0]))).toBe(20);
    const jump = looks(...Array.from({ length: 40 }, (_, i): [number, number] => [i < 30 ? 1_000 : 1_000 + 10 * (i - 29), 0]));
    expect(growthOf(jump)).toBeCloseTo(100 / 15);
    expect(
      growthOf([
        { at: now, waiting: 1, backlog: 0, left: null },
        { at: now + 20 * MINUTE, waiting: 41, backlog: 0, left: 0 },
      ]),
    ).toBe(2);
    expect(
      growthOf([
        { at: now, waiting: 1, backlog: 0, left: null },
        { at: now + 20_000, waiting: 41, backlog: 0, left: 0 },
      ]),
    ).toBeUndefined();
  });
  it.each<[string, QueueSample[], { leastMs: number; mostMs: number | undefined } | undefined]>([
    ['nothing seen', [], undefined],
    ['too short', steady(9, 600, 6), undefined],
    ['steady', steady(12, 600, 6), { leastMs: 100 * MINUTE, mostMs: 100 * MINUTE }],
    ['nothing leaves', steady(12, 600, 0), undefined],
    ['too little waits', steady(12, 9, 6), undefined],
    ['not known what leaves', looks(...Array.from({ length: 12 }, (): [number, null] => [600, null])), undefined],
    [
      'faster and slower',
      looks([600, null], ...Array.from({ length: 12 }, (_, i): [number, number] => [600, i < 6 ? 8 : 5])),
      { leastMs: 75 * MINUTE, mostMs: 120 * MINUTE },
    ],
    [
      'it stopped',
      looks([600, null], ...Array.from({ length: 12 }, (_, i): [number, number] => [600, i < 6 ? 6 : 0])),
      { leastMs: 100 * MINUTE, mostMs: undefined },
    ],
  ])('%s', (_, samples, delay) => expect(delayOf(samples)).toEqual(delay));
  it('drain is what leaves, not what arrives less', () => {
    expect(drainOf(steady(12, 600, 6))).toBe(6);
    expect(drainOf(steady(1, 600, 6))).toBeUndefined();
    expect(
      drainOf([
        { at: now, waiting: 1, backlog: null, left: null },
        { at: now + MINUTE, waiting: 1, backlog: null, left: null },
      ]),
    ).toBeUndefined();
  });
  it('an hour is kept, and nothing from a time that has not come', () => {
    let samples: QueueSample[] = [];
    for (let i = 0; i < 500; i += 1) samples = addSample(samples, { at: now + i * 10_000, waiting: i, backlog: i, stayed: i });
    expect(samples.length).toBeLessThanOrEqual(90);
    expect(addSample(samples, { at: now, waiting: 1, backlog: 1, stayed: 1 })).toEqual([{ at: now, waiting: 1, backlog: 1, left: null }]);
    expect(addSample(samples, { at: now + 2 * HOUR * 3, waiting: 1, backlog: 1, stayed: 1 })).toHaveLength(1);
  });
  it('what left is what is no longer there; a list at work may show more than there was', () => {
    const first = addSample([], { at: now, waiting: 100, backlog: 80, stayed: null });
    expect(addSample(first, { at: now + MINUTE, waiting: 100, backlog: 90, stayed: 60 }).at(-1)?.left).toBe(20);
    expect(addSample(first, { at: now + MINUTE, waiting: 100, backlog: 90, stayed: 82 }).at(-1)?.left).toBe(0);
  });
  it.each<[string, QueueFacts, string | undefined, boolean]>([
    ['most for one domain', { total: 600, domains: [{ domain: 'example.org', count: 500, oldestAt: now }] }, 'example.org', true],
    ['most for one reason', { total: 600, reasons: [{ text: 'connection refused', count: 500 }] }, undefined, true],
    ['not tried yet', { total: 600, incoming: 200, active: 150, deferred: 250 }, undefined, true],
    [
      'many servers of others',
      { total: 600, deferred: 600, domains: [{ domain: 'a.example', count: 9, oldestAt: now }] },
      undefined,
      false,
    ],
    ['on hold', { total: 600, hold: 600 }, undefined, false],
  ])('a delay is told where mail is alike: %s', (_, facts, delayOf, told) => {
    const found = estimate(facts, steady(12, 600, 6));
    expect(found.delayMinMs !== undefined).toBe(told);
    expect(found.delayOf).toBe(delayOf);
  });
});

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
      const begin = performance.now();
      foldReason(text);
      expect(performance.now() - begin).toBeLessThan(100);
    }
  });
});

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

describe('numbers', () => {
  const limits = { oldestDegraded: 30 * MINUTE, oldestDown: 4 * HOUR };
  const page = (...lines: string[]) => {
    const metrics = createMetrics(undefined, limits);
    for (const text of lines) metrics.line(text);
    return metrics.facts(now);
  };
  const name = 'postfix_showq_message_size_bytes_count';
  const bucket = (le: string, n: number, of = 'deferred') => `postfix_showq_message_age_seconds_bucket{queue="${of}",le="${le}"} ${n}`;
  it('of an exporter: length by queue, and how old at least', () => {
    const found = page(
      '# HELP postfix_showq_message_size_bytes Size of messages',
      `${name}{queue="active"} 2`,
      `${name}{instance="b",queue="deferred"} 4.3e+02`,
      `${name}{queue="hold"} 7 1700000000000`,
      `${name}{queue="maildrop"} 1`,
      `${name}{queue="other"} 0`,
      bucket('1000', 30),
      bucket('10000', 410),
      bucket('100000', 430),
      bucket('+Inf', 430),
      bucket('10', 0, 'hold'),
      bucket('+Inf', 7, 'hold'),
      'postfix_showq_message_age_seconds_sum{queue="deferred"} 860000',
      'postfix_showq_message_age_seconds_count{queue="deferred"} 430',
      'postfix_up{path="/var/spool/postfix/public/showq"} 1',
      'go_gc_duration_seconds{quantile="0"} NaN',
    );
    expect(found).toEqual({
      failed: false,
      facts: {
        total: 440,
        active: 2,
        deferred: 430,
        hold: 7,
        incoming: 1,
        other: 0,
        // Of the step at 10,000 s: those between 30 min and it cannot be told.
        olderDegraded: 20,
        olderDown: 0,
        oldestAt: now - 10_000_000,
        oldestOrEarlier: true,
      },
    });
  });
  it('the oldest is no younger than the average', () => {
    const found = page(
      `${name}{queue="deferred"} 2`,
      bucket('1000', 2),
      bucket('+Inf', 2),
      'postfix_showq_message_age_seconds_sum{queue="deferred"} 1600',
      'postfix_showq_message_age_seconds_count{queue="deferred"} 2',
    );
    expect(found?.facts).toMatchObject({ oldestAt: now - 800_000, oldestOrEarlier: true });
  });
  it('of other exporters', () => {
    expect(
      page('postfix_queue_length{queue="deferred"} 400', 'postfix_queue_age{queue="deferred"} 3600', 'postfix_queue_age{queue="hold"} 9999')
        ?.facts,
    ).toEqual({
      total: 400,
      deferred: 400,
      olderDegraded: 1,
      olderDown: 0,
      oldestAt: now - HOUR,
    });
    expect(page('postfix_showq_queue_depth{queue="active"} 3')?.facts).toMatchObject({ total: 3, active: 3 });
  });
  it('an exporter that cannot see it, and a page without it', () => {
    expect(page('postfix_up{path="x"} 0')).toEqual({ facts: {}, failed: true });
    expect(page('postfix_up{path="x"} 1', 'go_goroutines 9')).toBeNull();
    expect(page()).toBeNull();
  });
  it.each(['a{b="c"', 'a{b=c} 1', 'a', 'a b', '{} 1', 'a{b="c"}', 'a 1x', `a{b="${'x'.repeat(400)}"} 1`])('no series: %s', (text) =>
    expect(readSeries(text)).toBeNull(),
  );
  it('survives any line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string()).map((it) => `${name}{queue="${it}"} ${it}`)), (lines) => {
        const facts = page(...lines)?.facts ?? {};
        expect(() => queue.observation.parse(facts)).not.toThrow();
      }),
    );
  });
  it.each<[string, QueueFacts | null]>([
    ['{"total": 12, "deferred": 10, "hold": 1}', { total: 12, deferred: 10, hold: 1 }],
    ['{"deferred": 10, "active": 3, "maildrop": 1}', { total: 14, deferred: 10, active: 3, incoming: 1 }],
    ['{"total": 5, "oldestSeconds": 3600}', { total: 5, olderDegraded: 1, olderDown: 0, oldestAt: now - HOUR }],
    ['{"total": 0, "oldestSeconds": 0}', { total: 0, olderDegraded: 0, olderDown: 0 }],
    ['{"total": -1}', null],
    ['{"total": "12"}', null],
    ['{"total": 1e99}', null],
    ['{}', null],
    ['[]', null],
    ['null', null],
    ['<html>', null],
  ])('%s', (text, facts) => expect(readSummary(text, limits, now)).toEqual(facts));
});

describe('the script', () => {
  it('takes no sign that a shell reads', () => {
    expect(queueScript(9.7, '/etc/postfix-out')).toMatch(/^set -- -c '\/etc\/postfix-out'\n/);
    expect(queueScript(9.7, undefined)).toContain('timeout -s KILL 9 postqueue');
    expect(queueScript(-3, undefined)).toContain('timeout -s KILL 1 postqueue');
    for (const path of ["/a'b", '/a b', '-c', '/a\nb', '/$(x)', '/`x`']) expect(() => queueScript(9, path)).toThrow();
  });
});

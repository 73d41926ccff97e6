/** Verdicts on a mail queue, and the script that reads it. */
import { describe, expect, it } from 'vitest';
import { queueScript } from '../../electron/probes/inside-scripts.ts';
import { queue } from '../../shared/checks/queue.ts';
import type { QueueConfig, QueueFacts } from '../../shared/checks/queue-facts.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';

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

describe('the script', () => {
  it('takes no sign that a shell reads', () => {
    expect(queueScript(9.7, '/etc/postfix-out')).toMatch(/^set -- -c '\/etc\/postfix-out'\n/);
    expect(queueScript(9.7, undefined)).toContain('timeout -s KILL 9 postqueue');
    expect(queueScript(-3, undefined)).toContain('timeout -s KILL 1 postqueue');
    for (const path of ["/a'b", '/a b', '-c', '/a\nb', '/$(x)', '/`x`']) expect(() => queueScript(9, path)).toThrow();
  });
});

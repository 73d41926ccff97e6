import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTraces, wantsTrace, wantsUsualTrace, withTrace } from '../../shared/model/traces.ts';
import {
  type Hop,
  type Network,
  nameHops,
  pathChange,
  signatureOf,
  type Trace,
  traceOf,
  wayWords,
  whereItDies,
} from '../../shared/trace.ts';
import { readMtr, readTraceroute } from '../../shared/trace-output.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { hostile } from '../support/hostile-text.ts';
import { check, hard, okState, thing, verdict } from '../support/story.ts';

const networks: Network[] = [
  { name: 'Cox', cidr: '198.51.100.0/24' },
  { name: 'Level3', cidr: '192.0.2.0/24' },
  { name: 'customers', cidr: '203.0.113.0/24' },
  { name: 'home', cidr: '10.0.0.0/24' },
  { name: 'Six', cidr: '2001:db8:1::/48' },
];
const target = '203.0.113.9';
const hop = (at: number, address: string | null, more: Partial<Hop> = {}): Hop => ({
  at,
  address,
  name: null,
  lossPercent: address === null ? 100 : 0,
  ms: address === null ? null : at,
  ...more,
});
/** "10.0.0.1 * 198.51.100.1"; a "!" behind an address: it refuses. */
const way = (text: string, to = target): Trace => {
  const hops =
    text === ''
      ? []
      : text
          .split(' ')
          .map((word, index) => hop(index + 1, word === '*' ? null : word.replace('!', ''), word.endsWith('!') ? { refuses: true } : {}));
  return traceOf(nameHops(hops, networks), to, 0);
};
const good = way('10.0.0.1 192.168.0.1 198.51.100.1 198.51.100.2 172.16.0.1 203.0.113.1 203.0.113.9');

describe('where it dies', () => {
  it.each<[string, string, Trace | null, string]>([
    ['inside a provider', '10.0.0.1 192.168.0.1 198.51.100.1 * *', good, 'dies inside Cox, after 198.51.100.1 (hop 3 of 7)'],
    ['with silent routers before', '* * 198.51.100.1 *', good, 'dies inside Cox, after 198.51.100.1 (hop 3 of 7)'],
    ['on leaving it', '10.0.0.1 192.168.0.1 198.51.100.1 198.51.100.2 *', good, 'dies on leaving Cox, after 198.51.100.2 (hop 4 of 7)'],
    ['on the way into it', '10.0.0.1 192.168.0.1', good, 'dies on the way into Cox, after 192.168.0.1 (hop 2 of 7)'],
    ['between unnamed routers', '10.0.0.1', good, 'dies on leaving home, after 10.0.0.1 (hop 1 of 7)'],
    ['at the last step', '10.0.0.1 * * * * 203.0.113.1 *', good, 'dies at the last step, after 203.0.113.1 (hop 6 of 7)'],
    ['on the way into our own prefix', '* * * * 172.16.0.1', good, 'dies on the way into customers, after 172.16.0.1 (hop 5 of 7)'],
    [
      'between two providers',
      '198.51.100.1',
      way('198.51.100.1 192.0.2.1 203.0.113.9'),
      'dies between Cox and Level3, after 198.51.100.1 (hop 1 of 3)',
    ],
    ['with nothing to compare with', '10.0.0.1 198.51.100.1 *', null, 'dies inside Cox or right behind it, after 198.51.100.1 (hop 2)'],
    ['in a place without a name', '172.16.9.9 *', null, 'dies after 172.16.9.9 (hop 1)'],
    [
      'on another way than the usual one',
      '10.0.0.1 192.0.2.7 *',
      good,
      'dies inside Level3 or right behind it, after 192.0.2.7 (hop 2); this is not the usual way',
    ],
    [
      'with a router that refuses',
      '10.0.0.1 192.168.0.1 198.51.100.1!',
      good,
      'dies inside Cox, after 198.51.100.1 (hop 3 of 7), which says that it knows no way on',
    ],
    [
      'with a router that answers for hops behind it',
      '10.0.0.1 * * 198.51.100.1',
      good,
      'dies inside Cox, after 198.51.100.1 (hop 3 of 7)',
    ],
    ['before anything', '', good, 'no router on the way answers; usually the first is 10.0.0.1 (home)'],
    ['before anything, nothing known', '* *', null, 'no router on the way answers'],
    [
      'a last good one that was not good',
      '10.0.0.1',
      way('10.0.0.1 198.51.100.1'),
      'dies inside home or right behind it, after 10.0.0.1 (hop 1)',
    ],
    ['not at all', '10.0.0.1 198.51.100.1 203.0.113.9', good, 'reaches 203.0.113.9 in 3 hops through home, Cox and customers'],
  ])('%s', (_, text, lastGood, sentence) => expect(whereItDies(way(text), lastGood)).toBe(sentence));

  it('says that it does not know where the trace was ended', () => {
    const cut = traceOf([hop(1, '10.0.0.1')], target, 0, true);
    expect(whereItDies(cut, good)).toBe('the trace took too long; it came to 10.0.0.1 (hop 1)');
    expect(whereItDies(traceOf([], target, 0, true), good)).toBe('the trace took too long to say anything');
    expect(traceOf([hop(1, target)], target, 0, true)).toMatchObject({ reached: true });
  });
  it.each([
    ['nothing lost', [0, 0, 0], 'reaches 203.0.113.9 in 3 hops'],
    ['a router that answers seldom loses nothing', [0, 80, 0], 'reaches 203.0.113.9 in 3 hops'],
    ['loss from the middle on', [0, 40, 40], 'reaches 203.0.113.9 in 3 hops; 40 % lost, from 192.168.0.2 on (hop 2 of 3)'],
    ['loss at the end only', [0, 0, 20], 'reaches 203.0.113.9 in 3 hops; 20 % lost, from 203.0.113.9 on (hop 3 of 3)'],
    ['loss from the first hop', [60, 60, 60], 'reaches 203.0.113.9 in 3 hops; 60 % lost, from 192.168.0.1 on (hop 1 of 3)'],
  ])('%s', (_, losses, sentence) => {
    const hops = ['192.168.0.1', '192.168.0.2', target].map((address, index) =>
      hop(index + 1, address, { lossPercent: losses[index] as number }),
    );
    expect(wayWords(traceOf(hops, target, 0))).toBe(sentence);
  });
});

describe('a trace', () => {
  it.each([
    ['ends at its target', '10.0.0.1 203.0.113.9 203.0.113.9', 2, true],
    ['ends with what answered', '10.0.0.1 * *', 1, false],
    ['a target that refuses is not reached', '10.0.0.1 203.0.113.9!', 2, false],
    ['is nothing where nothing answered', '* * *', 0, false],
  ])('%s', (_, text, length, reached) => {
    const trace = way(text);
    expect([trace.hops.length, trace.reached]).toEqual([length, reached]);
  });
  it('takes a router that answers twice for one that turns back', () => {
    expect(way('10.0.0.1 198.51.100.1 198.51.100.1').hops).toMatchObject([{ at: 1 }, { at: 2, refuses: true }]);
  });
  it('knows an address however it is written', () => {
    expect(way('2001:db8:1::1 2001:DB8:0:0::9', '2001:db8::9').reached).toBe(true);
  });
  it('names hops by the smallest network around them', () => {
    const inside: Network[] = [...networks, { name: 'edge', cidr: '198.51.100.7/32' }];
    const names = nameHops(
      ['198.51.100.7', '198.51.100.8', '2001:db8:1::5', '10.9.9.9', null].map((it, index) => hop(index + 1, it)),
      inside,
    );
    expect(names.map(({ name }) => name)).toEqual(['edge', 'Cox', 'Six', null, null]);
  });
});

describe('a changed path', () => {
  const before = way('10.0.0.1 198.51.100.1 198.51.100.2 203.0.113.9');
  it.each<[string, string, readonly string[], string | null]>([
    ['the same', '10.0.0.1 198.51.100.1 198.51.100.2 203.0.113.9', [], null],
    ['a router that was silent is no change', '10.0.0.1 * 198.51.100.2 203.0.113.9', [], null],
    [
      'another provider',
      '10.0.0.1 192.0.2.1 192.0.2.2 203.0.113.9',
      [],
      'the way to 203.0.113.9 changed: through home, Level3 and customers instead of home, Cox and customers',
    ],
    [
      'another provider, a longer way',
      '10.0.0.1 192.0.2.1 192.0.2.2 192.0.2.3 203.0.113.9',
      [],
      'the way to 203.0.113.9 changed: through home, Level3 and customers instead of home, Cox and customers, 5 hops instead of 4',
    ],
    [
      'another router of the same provider',
      '10.0.0.1 198.51.100.1 198.51.100.9 203.0.113.9',
      [],
      'the way to 203.0.113.9 changed: hop 3 is 198.51.100.9 (Cox) instead of 198.51.100.2 (Cox)',
    ],
    ['a router more', '10.0.0.1 198.51.100.1 198.51.100.2 * 203.0.113.9', [], 'the way to 203.0.113.9 changed: 5 hops instead of 4'],
    [
      'back and forth within a provider is no news',
      '10.0.0.1 198.51.100.1 198.51.100.9 203.0.113.9',
      ['10.0.0.1 198.51.100.1 198.51.100.9 203.0.113.9'],
      null,
    ],
    [
      'back and forth between providers is',
      '10.0.0.1 192.0.2.1 192.0.2.2 203.0.113.9',
      ['10.0.0.1 192.0.2.1 192.0.2.2 203.0.113.9'],
      'the way to 203.0.113.9 changed: through home, Level3',
    ],
    ['a broken one, as far as it went the same', '10.0.0.1 198.51.100.1 *', [], null],
    [
      'a broken one on another way',
      '10.0.0.1 192.0.2.1 *',
      [],
      'the way to 203.0.113.9 changed: hop 2 is 192.0.2.1 (Level3) instead of 198.51.100.1 (Cox)',
    ],
  ])('%s', (_, after, known, text) => {
    const change = pathChange(before, way(after), known);
    if (text === null) expect(change).toBeNull();
    else expect(change).toMatchObject({ code: 'path-changed', text: expect.stringContaining(text) });
  });
});

const report = (hubs: unknown): string => JSON.stringify({ report: { mtr: { src: 'desk', dst: target }, hubs } });
describe('mtr --json', () => {
  it.each<[string, string, unknown]>([
    [
      'hubs',
      report([{ count: 1, host: '10.0.0.1', 'Loss%': 0, Snt: 5, Avg: 0.086 }]),
      [{ at: 1, address: '10.0.0.1', lossPercent: 0, ms: 0.086 }],
    ],
    [
      'numbers as text, as old ones have it',
      report([{ count: '2', host: '10.0.0.1', 'Loss%': '20.0', Avg: '1.5' }]),
      [{ at: 2, lossPercent: 20, ms: 1.5 }],
    ],
    ['silence', report([{ count: 1, host: '???', 'Loss%': 100, Avg: 0 }]), [{ at: 1, address: null, lossPercent: 100, ms: null }]],
    ['no hubs', report([]), []],
    ['hubs missing', JSON.stringify({ report: { mtr: {} } }), []],
    [
      'a name instead of an address is nobody',
      report([{ count: 1, host: '<b>evil</b>', 'Loss%': 0, Avg: 1 }]),
      [{ address: null, ms: null }],
    ],
    ['nonsense for numbers', report([{ count: 1, host: '10.0.0.1', 'Loss%': 1e9, Avg: -4 }]), [{ lossPercent: null, ms: null }]],
    ['what is no hub is left out', report([7, null, { host: '10.0.0.1' }]), [{ at: 3, address: '10.0.0.1' }]],
    [
      'twice the same number: the first counts',
      report([
        { count: 1, host: '10.0.0.1' },
        { count: 1, host: '10.0.0.2' },
      ]),
      [{ address: '10.0.0.1' }],
    ],
    ['no JSON', 'mtr: unable to get raw sockets', null],
    ['other JSON', '[]', null],
    ['a report that is none', '{"report":5}', null],
    ['half a report', report([{ count: 1 }]).slice(0, 40), null],
  ])('%s', (_, text, hops) => {
    if (hops === null) expect(readMtr(text)).toBeNull();
    else expect(readMtr(text)).toMatchObject(hops as object[]);
  });
  it('takes 64 hops at most', () =>
    expect(readMtr(report(Array.from({ length: 5_000 }, (_, index) => ({ count: index + 1, host: '10.0.0.1' }))))).toHaveLength(64));
});

describe('traceroute and tracert', () => {
  it.each<[string, string, unknown]>([
    [
      'a way',
      'traceroute to 203.0.113.9 (203.0.113.9), 20 hops max\n 1  10.0.0.1  0.072 ms\n 2  *\n 3  203.0.113.9  1.5 ms',
      [
        { at: 1, address: '10.0.0.1', ms: 0.072, lossPercent: 0 },
        { at: 2, address: null, lossPercent: 100 },
        { at: 3, address: target, ms: 1.5 },
      ],
    ],
    ['three probes', ' 4  192.0.2.1  1.0 ms  2.0 ms *', [{ at: 4, lossPercent: 33, ms: 1.5 }]],
    ['IPv6', ' 1  2001:db8::1  0.4 ms', [{ address: '2001:db8::1' }]],
    ['a router that refuses', ' 2  198.51.100.1  0.2 ms !H', [{ address: '198.51.100.1', refuses: true }]],
    ['by the number of the refusal', ' 2  198.51.100.1  0.2 ms !13', [{ refuses: true }]],
    [
      'Windows',
      '  1    <1 ms    <1 ms     2 ms  192.168.1.1 \r\n  2     *        *        *     Request timed out.\r\n',
      [
        { at: 1, address: '192.168.1.1', ms: 1.333 },
        { at: 2, address: null },
      ],
    ],
    [
      'Windows in German',
      '  2     *        *        *     Zeitüberschreitung der Anforderung.\r\n  3  192.168.1.1  meldet: Zielhost nicht erreichbar.',
      [
        { at: 2, address: null },
        { at: 3, address: '192.168.1.1', refuses: true },
      ],
    ],
    ['a comma for the point', ' 1  10.0.0.1  0,5 ms', [{ ms: 0.5 }]],
    ['words that begin with a number', '20 hops max\n 1 thing is wrong', []],
    ['an error', 'traceroute: unknown host', []],
    ['a number out of the way', ' 999  10.0.0.1  1 ms', []],
  ])('%s', (_, text, hops) => {
    const read = readTraceroute(text);
    expect(read).toMatchObject(hops as object[]);
    expect(read).toHaveLength((hops as object[]).length);
  });
});

describe('whatever a program prints', () => {
  const harmless = (hops: readonly Hop[] | null): void => {
    if (hops === null) return;
    expect(hops.length).toBeLessThanOrEqual(64);
    for (const { at, address, lossPercent, ms } of hops) {
      expect(at >= 1 && at <= 255).toBe(true);
      if (address !== null) expect(address).toMatch(/^[0-9a-fA-F:.]{2,60}$/);
      expect(lossPercent === null || (lossPercent >= 0 && lossPercent <= 100)).toBe(true);
      expect(ms === null || (ms >= 0 && ms <= 60_000)).toBe(true);
    }
    const trace = traceOf(nameHops(hops, networks), target, 0);
    for (const sentence of [whereItDies(trace, good), whereItDies(trace, null), pathChange(good, trace)?.text ?? ''])
      expect(sentence.length).toBeLessThan(700);
    expect(readTraces(JSON.stringify(withTrace(readTraces(null), trace))).good).toEqual(trace.reached ? trace : null);
  };
  const word = fc.oneof(
    fc.constantFrom('*', 'ms', '!H', '10.0.0.1', '203.0.113.9', '2001:db8::1', '1', '64', '0.5', '<1', '\u001b[31m'),
    fc.string({ maxLength: 12 }),
  );
  it('line by line', () => {
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 12 }), { maxLength: 30 }), (lines) =>
        harmless(readTraceroute(lines.map((it) => ` ${it.join(' ')}`).join('\n'))),
      ),
    );
  });
  it('as JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => harmless(readMtr(JSON.stringify(value)))));
    const number = fc.oneof(fc.integer(), fc.double(), fc.string({ maxLength: 8 }), fc.constant(null));
    const hub = fc.record({ count: number, host: word, 'Loss%': number, Avg: number }, { requiredKeys: [] });
    fc.assert(fc.property(fc.array(hub, { maxLength: 100 }), (hubs) => harmless(readMtr(report(hubs)))));
  });
  it('as any text, however long', () => {
    for (const text of fc.sample(hostile, 300)) {
      harmless(readTraceroute(text));
      harmless(readMtr(text));
      harmless(readMtr(report([{ count: 1, host: text, 'Loss%': text, Avg: text }])));
    }
    const begin = cpuMs();
    harmless(readTraceroute(' 1  10.0.0.1  1 ms '.repeat(20_000)));
    harmless(readTraceroute(`${' '.repeat(200_000)}1 x\n`.repeat(2)));
    expect(cpuMs() - begin).toBeLessThan(1_000);
  });
});

describe('what is kept of a target', () => {
  it('the newest good and bad one, and the ways, the newest last', () => {
    const bad = way('10.0.0.1');
    let kept = withTrace(readTraces(null), good);
    kept = withTrace(kept, bad);
    expect(kept).toEqual({ good, bad, ways: [signatureOf(good)] });
    for (let index = 0; index < 30; index += 1) kept = withTrace(kept, way(`10.0.${index}.1 203.0.113.9`));
    expect(kept.ways).toHaveLength(12);
    expect(kept.ways.at(-1)).toBe('10.0.29.1 203.0.113.9');
    expect(kept.bad).toEqual(bad);
  });
  it.each(['', 'null', '{}', '{"good":5,"bad":null,"ways":[]}', '[[['])('nothing of %j', (text) =>
    expect(readTraces(text)).toEqual({ good: null, bad: null, ways: [] }),
  );
});

describe('which checks are followed', () => {
  const of = (kind: 'host' | 'link' | 'prefix' | 'service' | 'desk', type: 'icmp' | 'tcp' | 'http', address = '192.0.2.1') =>
    check(thing(kind, 'x'), type, type, { config: { address } });
  const down = hard(verdict('down', 'no-reply'));
  it.each([
    ['a ping of a host without an answer', of('host', 'icmp'), down, 'no-reply', true],
    ['a circuit', of('link', 'icmp'), down, 'no-reply', true],
    ['a prefix that loses packets', of('prefix', 'icmp'), hard(verdict('degraded', 'packet-loss')), 'packet-loss', true],
    ['a port that does not answer', of('host', 'tcp'), down, 'timeout', true],
    ['a refusal is an answer', of('host', 'tcp'), down, 'refused', false],
    ['slow is no loss', of('host', 'icmp'), hard(verdict('degraded', 'slow')), 'slow', false],
    ['a web page', of('host', 'http'), down, 'timeout', false],
    ['a service', of('service', 'tcp'), down, 'timeout', false],
    ['an anchor of the desk', of('desk', 'icmp'), down, 'no-reply', false],
    ['this computer', of('host', 'icmp', '127.0.0.1'), down, 'no-reply', false],
    ['what is still retried', of('host', 'icmp'), okState, 'no-reply', false],
  ] as const)('%s', (_, plan, state, reason, wanted) => expect(wantsTrace(plan, state, reason)).toBe(wanted));
  it.each([
    ['a circuit that is well', thing('link', 'x'), 'icmp', okState, true],
    ['a prefix that is well', thing('prefix', 'x'), 'icmp', okState, true],
    ['a host behind something', thing('host', 'x', { dependsOn: [['up1']] }), 'icmp', okState, true],
    ['a host behind nothing', thing('host', 'x'), 'icmp', okState, false],
    ['a port', thing('link', 'x'), 'tcp', okState, false],
    ['what has failed', thing('link', 'x'), 'icmp', down, false],
    ['what has no fresh data', thing('link', 'x'), 'icmp', { ...okState, staleSince: 1 }, false],
  ] as const)('now and then: %s', (_, subject, type, state, wanted) =>
    expect(wantsUsualTrace(check(subject, type, type, { config: { address: '192.0.2.1' } }), subject, state)).toBe(wanted),
  );
});

/** Verdicts on a record at many resolvers. */
import { describe, expect, it } from 'vitest';
import { type PropagationConfig, type PropagationFacts, propagation, type ResolverFacts } from '../../shared/checks/propagation.ts';

describe('propagation', () => {
  const base = propagation.config.parse({ query: 'a.example', equals: ['192.0.2.1'], resolvers: ['192.0.2.53'] }) as PropagationConfig;
  const all = (seen: number, old: [number, number | undefined][], failed = 0): PropagationFacts => ({
    resolvers: [
      ...Array.from({ length: seen }, (): ResolverFacts => ({ name: 's', outcome: 'seen', ttl: 9, rcode: 'NOERROR' })),
      ...old.map(([, ttl]): ResolverFacts => ({ name: 'o', outcome: 'old', ttl, rcode: 'NOERROR' })),
      ...Array.from(
        { length: failed },
        (): ResolverFacts => ({ name: 'f', outcome: 'failed', failure: { code: 'timeout', detail: 'silence' } }),
      ),
    ],
  });
  const cases: [string, PropagationFacts, Partial<PropagationConfig>, string, string][] = [
    ['all', all(3, []), {}, 'ok', 'seen by 3 of 3'],
    [
      '7 of 9',
      all(7, [
        [1, 2_400],
        [2, 60],
      ]),
      {},
      'degraded',
      'seen by 7 of 9, the rest expire in 40 min',
    ],
    ['time not known', all(1, [[1, undefined]]), {}, 'degraded', 'seen by 1 of 2'],
    ['none', all(0, [[1, 60]]), {}, 'degraded', 'seen by 0 of 1, the rest expires in 1 min'],
    ['none, with a limit', all(0, [[1, 60]]), { downBelow: 1 }, 'down', 'seen by 0 of 1, the rest expires in 1 min'],
    [
      'enough',
      all(8, [
        [1, 60],
        [2, 60],
      ]),
      { degradedBelow: 80 },
      'ok',
      'seen by 8 of 10, the rest expire in 1 min',
    ],
    ['one silent', all(2, [], 1), {}, 'unknown', 'seen by 2 of 3, no answer from f'],
    ['one silent, enough anyway', all(2, [], 1), { degradedBelow: 60 }, 'ok', 'seen by 2 of 3, no answer from f'],
    [
      'one silent, too few anyway',
      all(1, [[1, 60]], 1),
      { degradedBelow: 90 },
      'degraded',
      'seen by 1 of 3, the rest expires in 1 min, no answer from f',
    ],
    ['all silent', all(0, [], 3), { downBelow: 50 }, 'unknown', 'none of 3 resolvers has an answer'],
    ['nobody asked', {}, {}, 'unknown', 'nobody was asked'],
  ];
  it.each(cases)('%s', (_, facts, settings, state, text) => {
    const config = { ...base, ...settings };
    const verdict = propagation.judge(facts, config);
    expect(verdict).toMatchObject({ state, text });
    expect(propagation.explain(facts, verdict, config).happened).toContain(text);
    expect(propagation.facts(facts)).toHaveLength(facts.resolvers?.length ?? 0);
  });
  it('something must be expected, of resolvers with addresses', () => {
    expect(propagation.config.safeParse({ query: 'a.example', resolvers: ['192.0.2.53'] }).success).toBe(false);
    expect(propagation.config.safeParse({ query: 'a.example', equals: ['192.0.2.1'], resolvers: ['dns.example'] }).success).toBe(false);
    expect(propagation.config.safeParse({ query: 'a.example', oneOf: ['192.0.2.1'], resolvers: ['[2001:db8::1]:53'] }).success).toBe(true);
  });
});

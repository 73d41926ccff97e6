import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedStanding, standingWord, worstStanding } from '../../shared/health/standing.ts';
import { age, type CheckState, type HealthEvent, pendingState, staleAfterMs, standingOf, step } from '../../shared/health/step.ts';
import { type Level, levels, type Standing, severityOf, standings, worst } from '../../shared/model/words.ts';
import { verdict } from '../support/story.ts';

/** "ok down down" at one a second, three attempts: the states and the lines they leave. */
function live(night: string, maxAttempts = 3, start: CheckState = pendingState(0)) {
  let state = start;
  const lines: string[] = [];
  night.split(' ').forEach((word, index) => {
    const now = (index + 1) * 1_000;
    const stepped = word === '-' ? age(state, now, 0, 1) : step(state, verdict(word as Level), now, maxAttempts);
    state = stepped.state;
    lines.push(...stepped.events.map(lineOf));
  });
  return { state, lines };
}
const lineOf = (event: HealthEvent): string => {
  if (event.kind === 'soft') return `soft ${event.level} ${event.attempt}/${event.of}`;
  if (event.kind === 'hard') return `hard ${event.from}>${event.to} since ${event.firstAt}`;
  if (event.kind === 'retry-ok') return `retry-ok ${event.attempts}`;
  return event.kind === 'stale' ? `stale ${event.lastAt}` : `fresh ${event.goneMs}`;
};

describe('step', () => {
  const table: [string, string, string[], Partial<CheckState>][] = [
    ['the first ok is hard', 'ok', ['hard pending>ok since 1000'], { hard: 'ok', since: 1_000, soft: null }],
    ['ok after ok says nothing', 'ok ok', ['hard pending>ok since 1000'], { hard: 'ok', since: 1_000, at: 2_000 }],
    [
      'a problem goes hard at the third',
      'ok down down down',
      ['hard pending>ok since 1000', 'soft down 1/3', 'soft down 2/3', 'hard ok>down since 2000'],
      { hard: 'down', since: 2_000, soft: null },
    ],
    [
      'a new check may fail at once',
      'down down down',
      ['soft down 1/3', 'soft down 2/3', 'hard pending>down since 1000'],
      { hard: 'down', since: 1_000 },
    ],
    [
      'a retry that succeeds',
      'ok down down ok',
      ['hard pending>ok since 1000', 'soft down 1/3', 'soft down 2/3', 'retry-ok 2'],
      { hard: 'ok', since: 1_000, soft: null },
    ],
    [
      'ok in between starts the count anew',
      'ok down down ok down',
      ['hard pending>ok since 1000', 'soft down 1/3', 'soft down 2/3', 'retry-ok 2', 'soft down 1/3'],
      { hard: 'ok' },
    ],
    [
      'kinds of bad count together',
      'ok degraded down unknown',
      ['hard pending>ok since 1000', 'soft degraded 1/3', 'soft down 2/3', 'hard ok>unknown since 2000'],
      { hard: 'unknown', since: 2_000 },
    ],
    [
      'a hard problem changes at once',
      'down down down degraded',
      ['soft down 1/3', 'soft down 2/3', 'hard pending>down since 1000', 'hard down>degraded since 4000'],
      { hard: 'degraded', since: 4_000 },
    ],
    [
      'a hard problem is over at once',
      'down down down ok',
      ['soft down 1/3', 'soft down 2/3', 'hard pending>down since 1000', 'hard down>ok since 4000'],
      { hard: 'ok', since: 4_000 },
    ],
    [
      'a pending check whose retry succeeds',
      'down ok',
      ['soft down 1/3', 'retry-ok 1', 'hard pending>ok since 2000'],
      { hard: 'ok', soft: null },
    ],
    [
      'silence greys and ends the count',
      'ok down - down',
      ['hard pending>ok since 1000', 'soft down 1/3', 'stale 2000', 'fresh 1000', 'soft down 1/3'],
      { hard: 'ok', staleSince: null },
    ],
    [
      'silence does not forget a hard problem',
      'down down down - ok',
      ['soft down 1/3', 'soft down 2/3', 'hard pending>down since 1000', 'stale 3000', 'fresh 1000', 'hard down>ok since 5000'],
      { hard: 'ok' },
    ],
  ];
  it.each(table)('%s', (_what, night, lines, state) => {
    const lived = live(night);
    expect(lived.lines).toEqual(lines);
    expect(lived.state).toMatchObject(state);
  });
  it('takes a single attempt as enough where it is told so', () => expect(live('down', 1).lines).toEqual(['hard pending>down since 1000']));

  const word = fc.constantFrom(...levels);
  it('over any night: hard needs maxAttempts in a row, and the newest verdict is always the one shown', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 6 }), (night, most) => {
        let state = pendingState(0);
        let run = 0;
        night.forEach((level, index) => {
          const before = state;
          const now = index + 1;
          const { state: next, events } = step(state, verdict(level), now, most);
          state = next;
          run = level === 'ok' ? 0 : run + 1;
          expect(next.verdict?.state).toBe(level);
          expect(next.at).toBe(now);
          expect(next.since).toBeLessThanOrEqual(now);
          if (level === 'ok') expect(next).toMatchObject({ hard: 'ok', soft: null });
          else if (before.hard === 'ok' || before.hard === 'pending') expect(next.hard).toBe(run >= most ? level : before.hard);
          else expect(next.hard).toBe(level);
          // A soft count below the limit exists exactly while something is bad and not hard yet.
          expect(next.soft?.attempt ?? 0).toBe(next.hard === 'ok' || next.hard === 'pending' ? run : 0);
          // What the timeline is told adds up to the state.
          const changes = events.filter((event) => event.kind === 'hard');
          expect(changes.length).toBe(before.hard === next.hard ? 0 : 1);
          if (changes[0]?.kind === 'hard') expect(changes[0]).toMatchObject({ from: before.hard, to: next.hard, firstAt: next.since });
        });
      }),
    );
  });
  it('does not touch the state it is given', () => {
    const frozen = Object.freeze(pendingState(0));
    expect(() => step(frozen, verdict('down'), 1, 1)).not.toThrow();
  });
});

describe('age', () => {
  const limit = staleAfterMs(30_000, 5_000);
  it('allows two intervals and the timeout', () => expect(limit).toBe(65_000));
  const had = step(pendingState(0), verdict('ok'), 100_000, 3).state;
  const table: [string, CheckState, number, number, boolean][] = [
    ['fresh until the limit', had, 100_000 + limit, 0, false],
    ['stale after it', had, 100_000 + limit + 1, 0, true],
    ['a check that never ran gets its chance', pendingState(0), 500_000 + limit, 500_000, false],
    ['and is stale when it missed it', pendingState(0), 500_001 + limit, 500_000, true],
    ['a clock that went back makes nothing stale', had, 50_000, 0, false],
  ];
  it.each(table)('%s', (_what, state, now, watchedSince, isStale) => {
    const aged = age(state, now, watchedSince, limit);
    expect(standingOf(aged.state) === 'stale').toBe(isStale);
    expect(aged.events).toHaveLength(isStale ? 1 : 0);
    if (!isStale) expect(aged.state).toBe(state);
  });
  it('says it once', () => {
    const first = age(had, 900_000, 0, limit);
    const again = age(first.state, 990_000, 0, limit);
    expect(again.state).toBe(first.state);
    expect(again.events).toEqual([]);
  });
  it('never shows green without a result younger than the limit', () => {
    const moves = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 200_000 }), level: fc.option(fc.constantFrom(...levels)) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(moves, (night) => {
        let state = pendingState(0);
        let now = 0;
        for (const { wait, level } of night) {
          now += wait;
          if (level !== null) state = step(state, verdict(level), now, 3).state;
          state = age(state, now, 0, limit).state;
          if (standingOf(state) === 'ok') expect(now - (state.at ?? Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});

describe('standings', () => {
  const table: [Standing[], Standing][] = [
    [[], 'pending'],
    [['ok', 'ok'], 'ok'],
    [['ok', 'stale'], 'stale'],
    [['ok', 'pending'], 'pending'],
    [['degraded', 'stale', 'ok'], 'degraded'],
    [['unknown', 'degraded', 'down'], 'down'],
    [['maintenance', 'ok'], 'maintenance'],
  ];
  it.each(table)('%j stands as %s', (all, expected) => expect(worstStanding(all)).toBe(expected));
  it('is green only where all is green, and always one of those given', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...standings), { minLength: 1 }), (all) => {
        const shown = worstStanding(all);
        expect(all).toContain(shown);
        expect(shown === 'ok').toBe(all.every((it) => it === 'ok'));
      }),
    );
  });
  it('has a word for each', () => expect(standings.map((it) => standingWord[it]).every((it) => it.length > 1)).toBe(true));
  it('orders levels by how much they want a human', () => {
    expect([...levels].sort((a, b) => severityOf(a) - severityOf(b))).toEqual(['ok', 'unknown', 'degraded', 'down']);
    expect(worst([])).toBe('ok');
    expect(worst(['degraded', 'unknown'])).toBe('degraded');
  });
});

describe('carriedStanding', () => {
  const table: [Standing[], Standing][] = [
    [[], 'pending'],
    [['ok', 'ok'], 'ok'],
    [['down'], 'down'],
    [['down', 'down'], 'down'],
    [['down', 'unreachable'], 'down'],
    [['down', 'ok', 'ok'], 'degraded'],
    [['unreachable', 'ok'], 'degraded'],
    [['down', 'stale'], 'degraded'],
    [['degraded', 'ok'], 'degraded'],
    [['stale', 'ok'], 'stale'],
    [['unknown', 'pending', 'ok'], 'unknown'],
  ];
  it.each(table)('hosts that stand %j make it %s', (hosts, expected) => expect(carriedStanding(hosts)).toBe(expected));
});

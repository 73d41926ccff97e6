import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cover } from '../../shared/health/cover.ts';
import { carriedStanding, standingWord, worstStanding } from '../../shared/health/standing.ts';
import {
  age,
  type CheckState,
  flapPercent,
  type HealthEvent,
  pendingState,
  type StepRules,
  staleAfterMs,
  standingOf,
  step,
} from '../../shared/health/step.ts';
import { type Level, levels, type Standing, severityOf, standings, worst } from '../../shared/model/words.ts';
import { verdict } from '../support/story.ts';

const rules = (maxAttempts: number, start = 20, stop = 5): StepRules => ({ maxAttempts, flapping: { start, stop } });

/** "ok down down" at one a second, three attempts: the states and the lines they leave. */
function live(night: string, maxAttempts = 3, start: CheckState = pendingState(0)) {
  let state = start;
  const lines: string[] = [];
  night.split(' ').forEach((word, index) => {
    const now = (index + 1) * 1_000;
    const stepped = word === '-' ? age(state, now, 0, 1) : step(state, verdict(word as Level), now, rules(maxAttempts, 100, 0));
    state = stepped.state;
    lines.push(...stepped.events.map(lineOf));
  });
  return { state, lines };
}
const lineOf = (event: HealthEvent): string => {
  if (event.kind === 'soft') return `soft ${event.level} ${event.attempt}/${event.of}`;
  if (event.kind === 'hard') return `hard ${event.from}>${event.to} since ${event.firstAt}`;
  if (event.kind === 'retry-ok') return `retry-ok ${event.attempts}`;
  if (event.kind === 'flapping-started' || event.kind === 'flapping-stopped') return `${event.kind} ${event.percent}`;
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
  it('a new check that was asked to come back later stays pending: no attempt counts, and nothing is said', () => {
    const waits = { ...verdict('unknown', 'greylisted'), waits: true as const };
    let state = pendingState(0);
    for (let now = 1_000; now <= 30_000; now += 1_000) {
      const stepped = step(state, waits, now, rules(3));
      expect(stepped.events).toEqual([]);
      state = stepped.state;
    }
    expect(state).toMatchObject({ hard: 'pending', soft: null, verdict: waits, at: 30_000 });
    // Seldom looked at it would go grey, as anything else.
    expect(age(state, 90_000, 0, 10_000).state.staleSince).toBe(90_000);
    // A real problem counts from its own first moment, and what was well once is not waited for.
    const failed = [1, 2, 3].reduce((it, n) => step(it, verdict('down'), 30_000 + n, rules(3)).state, state);
    expect(failed).toMatchObject({ hard: 'down', since: 30_001 });
    const well = step(state, verdict('ok'), 31_000, rules(3)).state;
    const after = [1, 2, 3].reduce((it, n) => step(it, waits, 31_000 + n, rules(3)).state, well);
    expect(after).toMatchObject({ hard: 'unknown', since: 31_001 });
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
          const { state: next, events } = step(state, verdict(level), now, rules(most));
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
    expect(() => step(frozen, verdict('down'), 1, rules(1))).not.toThrow();
  });
});

/** One letter a result: `o` ok, `d` degraded, `D` down, `u` unknown, `-` no result for too long. */
const levelOf: Record<string, Level> = { o: 'ok', d: 'degraded', D: 'down', u: 'unknown' };
function play(night: string, { maxAttempts = 1, start = 20, stop = 5 } = {}, from: CheckState = pendingState(0)) {
  let state = from;
  const lines: string[] = [];
  [...night].forEach((letter, index) => {
    const now = (from.at ?? 0) + (index + 1) * 1_000;
    const level = levelOf[letter];
    const stepped = level ? step(state, verdict(level), now, rules(maxAttempts, start, stop)) : age(state, now, 0, 1);
    state = stepped.state;
    for (const event of stepped.events) if (event.kind.startsWith('flapping')) lines.push(`${lineOf(event)} at ${index + 1}`);
  });
  return { state, lines };
}
const o = (count: number): string => 'o'.repeat(count);

describe('flapPercent', () => {
  const table: [string, string, number][] = [
    ['nothing yet', '', 0],
    ['one result', 'o', 0],
    ['steady', o(21), 0],
    ['steadily down', 'D'.repeat(21), 0],
    ['a change with every result', `${'oD'.repeat(10)}o`, 100],
    ['a change with every result, among problems', `${'dDu'.repeat(7)}`, 100],
    ['the oldest change weighs 0.75', `D${o(20)}`, 3.75],
    ['the newest weighs 1.25', `${o(20)}D`, 6.25],
    ['one in the middle weighs about 1', `${o(10)}${'D'.repeat(11)}`, (5 * (57 + 2 * 9)) / 76],
    ['one bad result in the middle is two changes', `${o(10)}D${o(10)}`, 10],
    ['two results, one change: the newest', 'oD', 6.25],
    ['what there was not yet counts as no change', 'oDo', (5 * (95 + 93)) / 76],
    ['only the last 21 count', `${'oD'.repeat(30)}${o(21)}`, 0],
    ['of those beyond the oldest does not change anything', `D${o(21)}`, 0],
  ];
  it.each(table)('%s', (_what, history, percent) => expect(flapPercent(history)).toBeCloseTo(percent, 10));
  it('is 5 % exactly for the lightest change that is not below it', () => {
    const single = Array.from({ length: 20 }, (_, index) => flapPercent(`${o(index + 1)}${'D'.repeat(20 - index)}`));
    expect(single[9]).toBeLessThan(5);
    expect(single[10]).toBeGreaterThan(5);
    expect(single.reduce((sum, it) => sum + it, 0)).toBeCloseTo(100, 10);
  });
  it('weighs a later change more than an earlier one, and stays between 0 and 100', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('o', 'd', 'D', 'u'), maxLength: 40 }), (history) => {
        const percent = flapPercent(history);
        expect(percent).toBeGreaterThanOrEqual(0);
        expect(percent).toBeLessThanOrEqual(100);
        expect(flapPercent(history.slice(-21))).toBe(percent);
        // One more steady result never makes it flap more.
        if (history !== '') expect(flapPercent(history + history.at(-1))).toBeLessThanOrEqual(percent);
      }),
    );
  });
});

describe('flapping', () => {
  const table: [string, string, Parameters<typeof play>[1], string[]][] = [
    ['a steady check says nothing', o(40), {}, []],
    ['one outage is no flapping', `${o(21)}${'D'.repeat(30)}${o(30)}`, {}, []],
    ['two short outages are not', `${o(21)}Doo`, {}, []],
    ['three quick changes and a fourth are', `${o(21)}DoDo`, {}, [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 25`]],
    ['changes among problems count too', `${o(21)}DdDd`, {}, [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 25`]],
    ['it is said once', `${o(21)}DoDoDoDoDoDo`, {}, [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 25`]],
    ['retries that succeed do not count', `${o(21)}${'DDo'.repeat(20)}`, { maxAttempts: 3 }, []],
    [
      'problems that go hard do',
      `${o(21)}${'DDDo'.repeat(2)}`,
      { maxAttempts: 3 },
      [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 29`],
    ],
    ['start is met exactly', `${o(20)}D`, { start: 6.25, stop: 0 }, ['flapping-started 6.25 at 21']],
    ['and missed by a little', `${o(20)}D`, { start: 6.26, stop: 0 }, []],
    [
      'stop is met exactly',
      `${o(20)}D${'D'.repeat(19)}`,
      { start: 6.25, stop: 3.75 },
      ['flapping-started 6.25 at 21', 'flapping-stopped 3.75 at 40'],
    ],
    ['and missed by a little', `${o(20)}D${'D'.repeat(19)}`, { start: 6.25, stop: 3.7 }, ['flapping-started 6.25 at 21']],
    [
      'stop at 0 needs 21 equal results',
      `${o(20)}D${'D'.repeat(20)}`,
      { start: 6.25, stop: 0 },
      ['flapping-started 6.25 at 21', 'flapping-stopped 0 at 41'],
    ],
    ['start at 100 needs a change with every result', `${'oD'.repeat(10)}o`, { start: 100, stop: 0 }, ['flapping-started 100 at 21']],
    ['between stop and start it stays as it is', `${o(21)}DoDo${o(8)}`, {}, [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 25`]],
    ['a new check may flap soon', 'oDoDo', {}, [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 5`]],
    ['a stretch without results changes nothing', `${o(21)}Do-Do`, {}, [`flapping-started ${(5 * (95 + 93 + 91 + 89)) / 76} at 26`]],
  ];
  it.each(table)('%s', (_what, night, how, lines) => expect(play(night, how).lines).toEqual(lines));

  it('notes one letter for each result that left it hard, 21 at most', () => {
    expect(play('oDDdu', { maxAttempts: 1 }).state.history).toBe('oDDdu');
    expect(play('DDoDDD', { maxAttempts: 3 }).state.history).toBe('oD');
    expect(play('DD', { maxAttempts: 3 }).state.history).toBe('');
    expect(play(`D${o(30)}`).state.history).toBe(o(21));
    expect(play('oD-', {}).state.history).toBe('oD');
  });
  it('keeps its beginning and how much it flaps now', () => {
    const begun = play(`${o(21)}DoDo`).state;
    expect(begun.flapping).toEqual({ since: 25_000, percent: (5 * (95 + 93 + 91 + 89)) / 76 });
    const later = play('D', {}, begun).state;
    expect(later.flapping).toEqual({ since: 25_000, percent: (5 * (95 + 93 + 91 + 89 + 87)) / 76 });
  });
  it('is retried and goes hard as always meanwhile', () => {
    const begun = play(`${o(21)}DoDo`).state;
    const stepped = step(begun, verdict('down'), 26_000, rules(3));
    expect(stepped.events.map(lineOf)).toEqual(['soft down 1/3']);
    expect(stepped.state.flapping).toBe(begun.flapping);
  });
  it('is shown as degraded while it is ok, and is no green', () => {
    const state = play(`${o(21)}DoDo`).state;
    expect(standingOf(state)).toBe('degraded');
    expect(standingOf(play(o(20), {}, state).state)).toBe('ok');
  });
  it('always ends after 21 equal results', () => {
    const nights = fc.string({ unit: fc.constantFrom('o', 'd', 'D', 'u'), maxLength: 60 });
    const thresholds = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 99 })).filter(([start, stop]) => stop < start);
    fc.assert(
      fc.property(
        nights,
        thresholds,
        fc.constantFrom('o', 'd', 'D', 'u'),
        fc.integer({ min: 1, max: 4 }),
        (night, [start, stop], last, maxAttempts) => {
          const how = { start, stop, maxAttempts };
          const state = play(night, how).state;
          // Results that are soft only leave no letter: as many more.
          const calm = play(last.repeat(21 + maxAttempts - 1), how, state);
          expect(calm.state.flapping).toBeNull();
          expect(calm.lines.length).toBeLessThanOrEqual(2);
        },
      ),
    );
  });
  it('starts and stops in turn, each at its threshold', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('o', 'o', 'D'), maxLength: 200 }), (night) => {
        let isOn = false;
        for (const line of play(night).lines) {
          const [kind, percent] = line.split(' ');
          expect(kind).toBe(isOn ? 'flapping-stopped' : 'flapping-started');
          if (isOn) expect(Number(percent)).toBeLessThanOrEqual(5);
          else expect(Number(percent)).toBeGreaterThanOrEqual(20);
          isOn = !isOn;
        }
      }),
    );
  });
});

describe('standingOf', () => {
  const cover = (kind: Cover['kind'], always = false): Cover => ({ kind, by: 'x', name: 'X', always });
  const state = (letter: string): CheckState =>
    letter === 'p' ? pendingState(0) : letter === 'f' ? play(`${o(21)}DoDo`).state : play(letter).state;
  const table: [string, string, Cover | null, Standing][] = [
    ['ok', 'o', null, 'ok'],
    ['down', 'D', null, 'down'],
    ['pending', 'p', null, 'pending'],
    ['stale', 'o-', null, 'stale'],
    ['down behind a failed parent', 'D', cover('unreachable'), 'unreachable'],
    ['degraded behind a failed parent', 'd', cover('unreachable'), 'unreachable'],
    ['ok behind a failed parent', 'o', cover('unreachable'), 'ok'],
    ['stale behind a failed parent', 'D-', cover('unreachable'), 'stale'],
    ['down in planned work', 'D', cover('maintenance', true), 'maintenance'],
    ['ok in planned work', 'o', cover('maintenance', true), 'maintenance'],
    ['ok behind planned work', 'o', cover('maintenance'), 'ok'],
    ['down behind planned work', 'D', cover('maintenance'), 'maintenance'],
    ['stale behind planned work', 'D-', cover('maintenance'), 'maintenance'],
    ['down in a routine', 'D', cover('routine'), 'maintenance'],
    ['stale in a routine', 'D-', cover('routine'), 'stale'],
    ['down while the desk is cut off', 'D', cover('cut-off', true), 'stale'],
    ['ok while the desk is cut off', 'o', cover('cut-off', true), 'stale'],
    ['flapping', 'f', null, 'degraded'],
    ['flapping in planned work', 'f', cover('maintenance'), 'maintenance'],
    ['flapping behind a parent that flaps', 'f', cover('unreachable'), 'degraded'],
  ];
  it.each(table)('%s', (_what, night, by, standing) => expect(standingOf(state(night), by)).toBe(standing));
});

describe('age', () => {
  const limit = staleAfterMs(30_000, 5_000);
  it('allows two intervals and the timeout', () => expect(limit).toBe(65_000));
  const had = step(pendingState(0), verdict('ok'), 100_000, rules(3)).state;
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
  it('never shows green without a fresh ok, over any results, gaps, jumps of the clock and covers', () => {
    const moves = fc.array(
      fc.record({ wait: fc.integer({ min: -100_000, max: 200_000 }), level: fc.option(fc.constantFrom(...levels), { freq: 3 }) }),
      { maxLength: 60 },
    );
    const covers = fc.option(
      fc.record({
        kind: fc.constantFrom<Cover['kind']>('maintenance', 'routine', 'unreachable', 'cut-off'),
        by: fc.constant('x'),
        name: fc.constant('X'),
        always: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(moves, covers, fc.integer({ min: 1, max: 4 }), (night, cover, most) => {
        let state = pendingState(0);
        let now = 0;
        let lastOkAt = Number.NEGATIVE_INFINITY;
        for (const { wait, level } of night) {
          now += wait;
          // The keeper does this when the clock goes back.
          if (state.at !== null && state.at > now) state = { ...state, at: now };
          lastOkAt = Math.min(lastOkAt, now);
          if (level !== null) state = step(state, verdict(level), now, rules(most)).state;
          if (level === 'ok') lastOkAt = now;
          state = age(state, now, 0, limit).state;
          if (standingOf(state, cover) !== 'ok') continue;
          expect(now - (state.at as number)).toBeLessThanOrEqual(limit);
          // While it is retried the newest result is no ok, but the last ok came just before it.
          expect(lastOkAt).toBeGreaterThan(Number.NEGATIVE_INFINITY);
          if (state.soft) expect(state.soft.attempt).toBeLessThan(most);
          else expect(state.verdict?.state).toBe('ok');
          if (!state.soft) expect(now - lastOkAt).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 300 },
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkPath } from '../../../renderer/charts/Sparkline.tsx';
import { nextTile } from '../../../renderer/desk/move-tiles.ts';
import { staleness } from '../../../renderer/state/freshness.ts';
import { categories, categoriesOf, kindsOf, passes, withDays } from '../../../renderer/timeline/filter.ts';
import { cardHeightRem, fitPanel, shiftAt } from '../../../renderer/wall/fit.ts';
import { eventKinds, type NightEvent } from '../../../shared/model/event.ts';

describe('the wall', () => {
  const room = fc.record({
    width: fc.integer({ min: 250, max: 3800 }),
    height: fc.integer({ min: 300, max: 2000 }),
    rem: fc.integer({ min: 13, max: 42 }),
  });
  it('never needs more place than there is, and never draws more tiles than there are', () => {
    fc.assert(
      fc.property(
        room,
        fc.integer({ min: 0, max: 1500 }),
        fc.integer({ min: 0, max: 1500 }),
        fc.integer({ min: 1, max: 60 }),
        (space, a, b, letters) => {
          const [trouble, total] = [Math.min(a, b), Math.max(a, b)];
          const plan = fitPanel(space, trouble, total, letters);
          expect(plan.cards).toBeLessThanOrEqual(trouble);
          const gap = 0.4 * space.rem;
          const cards = Math.ceil(plan.cards / plan.cardColumns) * (cardHeightRem * space.rem + gap);
          const rows = plan.mode === 'count' ? 0 : Math.ceil((total - plan.cards) / plan.columns);
          const cells = rows === 0 ? 0 : rows * (plan.size + plan.gap) - plan.gap;
          expect(cards + cells).toBeLessThanOrEqual(space.height + gap + 0.001);
          if (plan.mode === 'dots') expect(plan.columns * (plan.size + plan.gap) - plan.gap).toBeLessThanOrEqual(space.width + 0.001);
        },
      ),
    );
  });
  it.each([
    ['a small provider: names with values', 42, 3, 'names'],
    ['a thousand: dots', 1_000, 20, 'dots'],
    ['far too many: the count in the heading', 60_000, 0, 'count'],
  ])('%s', (_what, total, trouble, mode) => {
    expect(fitPanel({ width: 980, height: 780, rem: 20 }, trouble, total, 8).mode).toBe(mode);
  });
  it('shows some trouble large even when everything is in trouble', () => {
    const plan = fitPanel({ width: 980, height: 780, rem: 20 }, 500, 500, 8);
    expect(plan.cards).toBeGreaterThan(3);
    expect(plan.mode).not.toBe('count');
  });
  it('moves by a few pixels over the night and comes back', () => {
    const places = Array.from({ length: 8 }, (_, step) => shiftAt(step * 180_000));
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBeGreaterThan(4);
    for (const { x, y } of places) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(3);
    expect(shiftAt(8 * 180_000)).toEqual(shiftAt(0));
  });
});

describe('arrow keys', () => {
  // Two rows of three, then a grid of two wider tiles.
  const box = (left: number, top: number, width = 100) => ({ left, top, width, height: 50 });
  const boxes = [box(0, 0), box(110, 0), box(220, 0), box(0, 60), box(110, 60), box(0, 160, 150), box(170, 160, 150)];
  it.each([
    [1, 'ArrowDown', 4],
    [2, 'ArrowDown', 4],
    [4, 'ArrowDown', 5],
    [3, 'ArrowDown', 5],
    [6, 'ArrowDown', 6],
    [5, 'ArrowUp', 3],
    [0, 'ArrowUp', 0],
    [2, 'ArrowRight', 3],
    [6, 'ArrowRight', 6],
    [0, 'ArrowLeft', 0],
    [5, 'ArrowLeft', 4],
  ] as const)('from tile %i, %s leads to tile %i', (from, arrow, to) => {
    expect(nextTile(boxes, from, arrow)).toBe(to);
  });
});

describe('a sparkline', () => {
  it.each([
    ['nothing known', [null, null, null], ''],
    ['one value', [5], ''],
    ['a gap breaks the line', [10, null, 10], /^M0 [\d.]+M60 [\d.]+$/],
    ['a steady series is one flat line', [10, 10, 10], 'M0 6L30 6L60 6'],
  ])('%s', (_what, values, path) => {
    if (typeof path === 'string') expect(sparkPath(values)).toBe(path);
    else expect(sparkPath(values)).toMatch(path);
  });
  it('stays inside its box', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })), { maxLength: 40 }), (values) => {
        for (const [, x, y] of sparkPath(values).matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(60);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(12);
        }
      }),
    );
  });
});

describe('an old picture', () => {
  const now = Date.parse('2026-11-20T13:12:12Z');
  const zone = 'America/Los_Angeles';
  it.each([
    ['fresh', 'live', { state: 'running', since: 0 }, now - 4_000, null],
    ['no picture yet', 'connecting', { state: 'starting' }, null, null],
    [
      'stopped',
      'lost',
      { state: 'stopped', at: now - 3_000, exit: 'exit code 9', retryAt: now + 1_800, restarts: 1 },
      now - 4_000,
      'The watching process stopped at 05:12:09 PST (exit code 9). What you see is from then. Restarting in 2 s.',
    ],
    [
      'starting again',
      'lost',
      { state: 'starting' },
      now - 9_000,
      'The watching process is starting again. What you see is from 05:12:03 PST.',
    ],
    [
      'frozen',
      'live',
      { state: 'running', since: 0 },
      now - 20_000,
      'The watching process has not been heard from for 20 s. What you see is from 05:11:52 PST.',
    ],
  ] as const)('%s', (_what, connection, engine, beatAt, text) => {
    expect(staleness(connection, engine, beatAt, now, zone)?.text ?? null).toBe(text);
  });
});

describe('the timeline', () => {
  const names = {
    subject: (ref: { id: string }) => ref.id,
    check: (id: string) => id,
    byId: (id: string) => id,
    channel: (id: string) => id,
  };
  const note = (id: string, at: string, text: string): NightEvent => ({
    id,
    at: Date.parse(at),
    subject: { kind: 'host', id: 'web1' },
    actor: 'Maria',
    kind: 'note',
    payload: { text },
  });

  it('puts every kind of event under exactly one part of the filter', () => {
    const all = categories.flatMap((category) => kindsOf([category]) ?? []);
    expect(all.toSorted()).toEqual([...eventKinds].toSorted());
    expect(kindsOf([])).toBeNull();
    expect(kindsOf(categories)).toBeNull();
    expect(categoriesOf(kindsOf(['people', 'desk']))).toEqual(['people', 'desk']);
  });

  it.each([
    ['no filter', { kinds: null, subjects: null, text: '' }, true],
    ['its words, in any case', { kinds: null, subjects: null, text: ' REBOOT ' }, true],
    ['who wrote it', { kinds: null, subjects: null, text: 'maria' }, true],
    ['other words', { kinds: null, subjects: null, text: 'disk' }, false],
    ['its subject', { kinds: null, subjects: ['web1'], text: '' }, true],
    ['another subject', { kinds: null, subjects: ['web2'], text: '' }, false],
    ['another kind', { kinds: ['hard' as const], subjects: null, text: '' }, false],
  ])('lets a note through or not: %s', (_what, filter, expected) => {
    expect(passes(note('1', '2026-11-20T05:00:00Z', 'reboot planned'), filter, names)).toBe(expected);
  });

  it('begins a day where it begins in the zone, not in UTC', () => {
    const lines = withDays(
      [note('3', '2026-11-20T08:30:00Z', 'c'), note('2', '2026-11-20T07:30:00Z', 'b'), note('1', '2026-11-20T00:30:00Z', 'a')],
      'America/Los_Angeles',
    );
    expect(lines.map((line) => ('event' in line ? line.event.id : 'day'))).toEqual(['day', '3', 'day', '2', '1']);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });
});

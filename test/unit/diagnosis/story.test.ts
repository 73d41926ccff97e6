import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskDiagnosis } from '../../../shared/diagnosis/desk.ts';
import { withoutFigures } from '../../../shared/diagnosis/figures.ts';
import { goOn, type Look, type Story, storyOf } from '../../../shared/diagnosis/story.ts';
import { type CauseKind, type Diagnosis, diagnosisSchema } from '../../../shared/diagnosis/types.ts';
import { MINUTE, SECOND } from '../../../shared/time.ts';

const found = (
  confidence: Diagnosis['confidence'],
  sentence: string,
  more: { explains?: string[]; prefixes?: string[]; culprits?: string[]; kind?: CauseKind } = {},
): Diagnosis => ({
  best: {
    kind: more.kind ?? 'link-prefixes',
    culprits: more.culprits ?? [sentence],
    prefixes: more.prefixes ?? [],
    sentence,
    share: 0.9,
    explains: more.explains ?? ['a/icmp', 'b/icmp'],
    contradicts: [],
  },
  runnerUp: null,
  confidence,
  doubt: null,
  works: null,
  unexplained: [],
  since: 0,
});

/** Looks one after the other, at seconds from the alert on. @returns "seconds: what was told" */
function told(looks: [seconds: number, found: Diagnosis | null, more?: Partial<Look>][], kept?: Diagnosis) {
  let story: Story = storyOf(kept);
  const said: string[] = [];
  const shown: (string | null)[] = [];
  let pending = false;
  for (const [seconds, it, more] of looks) {
    const next = goOn(story, {
      found: it,
      held: false,
      shrank: false,
      ageMs: seconds * SECOND,
      cycleMs: 40 * SECOND,
      title: 'a does not answer',
      now: 1_000_000 + seconds * SECOND,
      ...more,
    });
    ({ story, pending } = next);
    if (next.tell) said.push(`${seconds}: ${next.tell.confidence} ${next.tell.best.sentence}`);
    shown.push(story.diagnosis && `${story.diagnosis.confidence} ${story.diagnosis.best.sentence}`);
  }
  return { said, shown, pending, peak: story.peak && `${story.peak.confidence} ${story.peak.best.sentence}` };
}

describe('what is told', () => {
  it.each<[string, Parameters<typeof told>[0], string[]]>([
    ['what is likely, at once', [[0, found('likely', 'X')]], ['0: likely X']],
    [
      'the same only once',
      [
        [0, found('sure', 'X')],
        [1, found('sure', 'X')],
        [100, found('sure', 'X')],
      ],
      ['0: sure X'],
    ],
    ['nothing, where nothing is found', [[0, null]], []],
    [
      'another cause at once',
      [
        [0, found('likely', 'X')],
        [1, found('likely', 'Y')],
      ],
      ['0: likely X', '1: likely Y'],
    ],
    [
      'that it is surer, after ten seconds',
      [
        [0, found('likely', 'X')],
        [5, found('sure', 'X')],
        [9, found('sure', 'X')],
        [10, found('sure', 'X')],
      ],
      ['0: likely X', '10: sure X'],
    ],
    [
      'not that it is a little less sure',
      [
        [0, found('sure', 'X')],
        [60, found('likely', 'X')],
      ],
      ['0: sure X'],
    ],
    [
      'no guess while the alert is young',
      [
        [0, found('unsure', 'X')],
        [39, found('unsure', 'X')],
      ],
      [],
    ],
    [
      'a guess that stays one',
      [
        [0, found('unsure', 'X')],
        [40, found('unsure', 'X')],
        [90, found('unsure', 'X')],
      ],
      ['40: unsure X'],
    ],
    ['no guess that only says the name of the alert', [[300, found('unsure', 'a does not answer')]], []],
    [
      'what a guess turns into',
      [
        [40, found('unsure', 'X')],
        [51, found('likely', 'X')],
      ],
      ['40: unsure X', '51: likely X'],
    ],
    [
      'that nobody knows any more, when that lasts',
      [
        [0, found('sure', 'X')],
        [60, found('unsure', 'Y')],
        [139, found('unsure', 'Y')],
        [140, found('unsure', 'Y')],
        [439, found('unsure', 'Y')],
        [440, found('unsure', 'Y')],
      ],
      ['0: sure X', '440: unsure Y'],
    ],
    [
      'not that a minute more has passed, or that one more fails',
      [
        [0, found('sure', 'DNS is 4 behind for 59 min', { culprits: ['dns'] })],
        [60, found('sure', 'DNS is 5 behind for 1 h 2 min', { culprits: ['dns'] })],
      ],
      ['0: sure DNS is 4 behind for 59 min'],
    ],
    [
      'the same cause in other words, after ten seconds',
      [
        [0, found('likely', 'IMAPS fails', { culprits: ['reading'] })],
        [5, found('sure', 'Mail cannot be read', { culprits: ['reading'] })],
        [10, found('sure', 'Mail cannot be read', { culprits: ['reading'] })],
      ],
      ['0: likely IMAPS fails', '10: sure Mail cannot be read'],
    ],
    [
      'not one that only turns into the next again and again',
      [
        [0, found('likely', 'X')],
        [60, found('likely', 'Y')],
        [120, found('likely', 'X')],
        [180, found('likely', 'Y')],
        [240, found('likely', 'X')],
      ],
      ['0: likely X', '60: likely Y'],
    ],
    [
      'one that was told before, when it stands',
      [
        [0, found('likely', 'X')],
        [60, found('likely', 'Y')],
        [120, found('likely', 'X')],
        [419, found('likely', 'X')],
        [420, found('likely', 'X')],
      ],
      ['0: likely X', '60: likely Y', '420: likely X'],
    ],
    [
      'no more than twelve of them without a rest',
      Array.from({ length: 40 }, (_, n): [number, Diagnosis] => [n, found('likely', `cause ${String.fromCharCode(65 + n)}`)]),
      Array.from({ length: 12 }, (_, n) => `${n}: likely cause ${String.fromCharCode(65 + n)}`),
    ],
    [
      'not that nobody knows, when that passes',
      [
        [0, found('sure', 'X')],
        [60, found('unsure', 'Y')],
        [70, found('sure', 'X')],
        [110, found('unsure', 'Y')],
        [120, found('sure', 'X')],
      ],
      ['0: sure X'],
    ],
    [
      'no other words while half of it is seen',
      [
        [0, found('sure', '3 of 5 and more', { culprits: ['x'] })],
        [60, found('sure', 'what is left', { culprits: ['x'] }), { held: true }],
        [80, found('sure', '3 of 5 and more', { culprits: ['x'] })],
      ],
      ['0: sure 3 of 5 and more'],
    ],
    [
      'no other cause while half of it is seen',
      [
        [0, found('sure', 'X')],
        [60, found('sure', 'Y'), { held: true }],
        [80, found('sure', 'X')],
      ],
      ['0: sure X'],
    ],
    [
      'another cause that stands when all have looked',
      [
        [0, found('sure', 'X')],
        [60, found('sure', 'Y'), { held: true }],
        [80, found('sure', 'Y')],
      ],
      ['0: sure X', '80: sure Y'],
    ],
    [
      'another cause in the end, where some never look',
      [
        [0, found('sure', 'X')],
        [60, found('sure', 'Y'), { held: true }],
        [359, found('sure', 'Y'), { held: true }],
        [360, found('sure', 'Y'), { held: true }],
      ],
      ['0: sure X', '360: sure Y'],
    ],
  ])('%s', (_, looks, expected) => {
    expect(told(looks).said).toEqual(expected);
  });

  it('is not what was told before a restart', () => {
    expect(told([[0, found('sure', 'X')]], found('sure', 'X')).said).toEqual([]);
    expect(told([[0, found('sure', 'Y')]], found('sure', 'X')).said).toEqual(['0: sure Y']);
  });

  it('wants another look only where the clock alone changes something', () => {
    expect(told([[0, found('sure', 'X')]]).pending).toBe(false);
    expect(told([[0, found('unsure', 'X')]]).pending).toBe(true);
    expect(told([[0, found('unsure', 'a does not answer')]]).pending).toBe(false);
    expect(
      told([
        [0, found('sure', 'X')],
        [5, found('unsure', 'X')],
      ]).pending,
    ).toBe(true);
    expect(
      told([
        [0, found('sure', 'X')],
        [5, null],
      ]).pending,
    ).toBe(false);
  });
});

describe('by what it goes once it has ended', () => {
  const wide = { explains: ['a', 'b', 'c'], culprits: ['bluefin'] };
  const narrow = { explains: ['a'], culprits: ['bluefin'] };
  it.each<[string, Parameters<typeof told>[0], string | null]>([
    [
      'the newest while it grows',
      [
        [0, found('likely', 'X', narrow)],
        [1, found('likely', 'Y', wide)],
      ],
      'likely Y',
    ],
    [
      'the newest, though it explains less, while nothing recovered',
      [
        [0, found('likely', 'X', wide)],
        [1, found('sure', 'Y', narrow)],
      ],
      'sure Y',
    ],
    [
      'the widest, when it recovers bit by bit',
      [
        [0, found('sure', '3 of 5', wide)],
        [600, found('sure', '1 of 5', narrow), { shrank: true }],
      ],
      'sure 3 of 5',
    ],
    [
      'the widest, when it grew again after that',
      [
        [0, found('sure', '2 of 5', narrow)],
        [600, found('sure', '1 of 5', narrow), { shrank: true }],
        [700, found('sure', '3 of 5', wide)],
      ],
      'sure 3 of 5',
    ],
    [
      'no guess',
      [
        [0, found('likely', 'X', narrow)],
        [100, found('unsure', 'Y', wide)],
        [200, found('unsure', 'Y', wide)],
      ],
      'likely X',
    ],
    ['nothing, where it was never more than a guess', [[0, found('unsure', 'X')]], null],
  ])('%s', (_, looks, expected) => {
    expect(told(looks).peak).toBe(expected);
  });
  it('what it was kept with, over a restart', () => {
    expect(told([[1, null]], found('sure', 'X')).peak).toBe('sure X');
  });
});

it('shows what it took, whatever comes: never a guess over something surer within two cycles', () => {
  const looks = fc.array(
    fc.record({
      gapS: fc.integer({ min: 1, max: 60 }),
      found: fc.option(fc.record({ confidence: fc.constantFrom('sure', 'likely', 'unsure'), sentence: fc.constantFrom('X', 'Y', 'Z') })),
      held: fc.boolean(),
      shrank: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(looks, (all) => {
      let story = storyOf(undefined);
      let now = 0;
      let toldAt = Number.NEGATIVE_INFINITY;
      let toldText: string | null = null;
      for (const look of all) {
        now += look.gapS * SECOND;
        const before = story;
        const it = look.found && found(look.found.confidence, look.found.sentence);
        const next = goOn(story, { found: it, held: look.held, shrank: look.shrank, ageMs: now, cycleMs: MINUTE, title: 't', now });
        story = next.story;
        if (before.diagnosis && before.diagnosis.confidence !== 'unsure' && story.diagnosis?.confidence === 'unsure')
          expect(now - (before.waitsSince ?? now)).toBeGreaterThanOrEqual(2 * MINUTE);
        if (before.diagnosis) expect(story.diagnosis).not.toBeNull();
        expect(story.peak?.confidence).not.toBe('unsure');
        if (!next.tell) continue;
        const text = next.tell.best.sentence;
        // The same again, in surer words, keeps its distance.
        if (text === toldText) expect(now - toldAt).toBeGreaterThanOrEqual(10 * SECOND);
        [toldAt, toldText] = [now, text];
      }
    }),
  );
});

it('has a sentence of its own for a desk that is cut off', () => {
  const it = deskDiagnosis({ title: 'This desk is offline', checks: ['desk/gateway'], firstAt: 5 });
  expect(diagnosisSchema.parse(it)).toEqual(it);
  expect(it).toMatchObject({
    best: { kind: 'desk', sentence: 'This desk is offline', explains: ['desk/gateway'] },
    confidence: 'sure',
    since: 5,
  });
});

it.each([
  ['DNS: serial 2026032298 at 203.0.113.53 is 4 behind for 1 h 2 min', 'DNS: serial # at # is # behind for #'],
  ['Cox carries nothing for 3 of 5 prefixes', 'Cox carries nothing for # of # prefixes'],
  ['web1 is down', 'web# is down'],
  ['nothing to count', 'nothing to count'],
])('%s without its figures', (text, words) => expect(withoutFigures(text)).toBe(words));

describe('the same words by another road', () => {
  const host = found('sure', 'oak is down', { culprits: ['oak'], kind: 'host' });
  const less = found('likely', 'oak is down', { culprits: ['oak'], kind: 'dependency' });
  const shownOf = (looks: [number, Diagnosis][]): (string | null)[] => told(looks).shown;

  it('give way to it only once it has stood: it may be the other again with the next look', () => {
    expect(
      shownOf([
        [0, host],
        [40, less],
        [80, host],
        [120, less],
        [190, less],
      ]),
    ).toEqual(Array(5).fill('sure oak is down'));
    expect(
      shownOf([
        [0, host],
        [40, less],
        [130, less],
      ]),
    ).toEqual(['sure oak is down', 'sure oak is down', 'likely oak is down']);
  });
  it('do at once where something else is said, or it is surer', () => {
    const other = found('likely', 'oak answers, but web sites on it do not work', { culprits: ['oak'], kind: 'dependency' });
    expect(
      shownOf([
        [0, host],
        [10, other],
        [20, host],
      ]),
    ).toEqual(['sure oak is down', 'likely oak answers, but web sites on it do not work', 'sure oak is down']);
  });
  it('wait where it is less sure for want of signs, and not where something speaks against it', () => {
    const doubted = found('likely', 'oak is down', { culprits: ['oak'], kind: 'host' });
    const shown = (it: Diagnosis) =>
      shownOf([
        [0, host],
        [10, it],
      ]);
    expect(shown(doubted)).toEqual(['sure oak is down', 'sure oak is down']);
    expect(shown({ ...doubted, best: { ...doubted.best, contradicts: ['web/http'] } })).toEqual(['sure oak is down', 'likely oak is down']);
  });
});

describe('what works beside it', () => {
  const surely = { ...found('sure', 'X'), works: 'range D is fine' };
  const at = (story: Story, it: Diagnosis, seconds: number): Story =>
    goOn(story, {
      found: it,
      held: false,
      shrank: false,
      ageMs: seconds * SECOND,
      cycleMs: 40 * SECOND,
      title: 'a does not answer',
      now: seconds * SECOND,
    }).story;
  it('is not said any more while something else is found and waits: it may be what failed', () => {
    const before = at(storyOf(undefined), surely, 60);
    expect(before.diagnosis?.works).toBe('range D is fine');
    const waiting = at(before, found('unsure', 'Y'), 61);
    expect(waiting.diagnosis).toEqual({ ...surely, works: null });
    expect(at(waiting, surely, 62).diagnosis?.works).toBe('range D is fine');
  });
});

it('gives way at once when nothing fails any more of what it explained', () => {
  const look = { held: true, shrank: true, ageMs: MINUTE, cycleMs: 40 * SECOND, title: 'a does not answer', now: MINUTE };
  const { story } = goOn(storyOf(undefined), { ...look, held: false, found: found('sure', 'X') });
  const next = { ...look, found: found('unsure', 'Y'), now: MINUTE + SECOND };
  expect(goOn(story, next).story.diagnosis?.best.sentence).toBe('X');
  expect(goOn(story, { ...next, gone: true }).story.diagnosis?.best.sentence).toBe('Y');
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSounder, playSound } from '../../../renderer/state/sound.ts';

type Severity = Parameters<typeof playSound>[0];

describe('sounds', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  /** What was played, by the pitch of its first tone. */
  const listen = (works = true) => {
    const heard: { pitch: number; at: number; volume: number }[] = [];
    const sound = createSounder(
      (tones, volume) => {
        heard.push({ pitch: tones[0]?.pitch ?? 0, at: Date.now(), volume });
        return works;
      },
      () => Date.now(),
    );
    return { heard, sound, pitches: () => heard.map((it) => it.pitch) };
  };
  const pitch: Record<Severity, number> = { down: 784, degraded: 587, unknown: 392, ok: 523 };
  const table: [string, [Severity, number][], Severity[]][] = [
    ['one alone', [['down', 0]], ['down']],
    [
      'the same again within two seconds',
      [
        ['down', 0],
        ['down', 1_999],
      ],
      ['down'],
    ],
    [
      'the same after two seconds',
      [
        ['down', 0],
        ['down', 2_000],
      ],
      ['down', 'down'],
    ],
    [
      'a worse one is heard after the first',
      [
        ['ok', 0],
        ['down', 100],
      ],
      ['ok', 'down'],
    ],
    [
      'a lesser one is not',
      [
        ['down', 0],
        ['ok', 100],
      ],
      ['down'],
    ],
    [
      'the worst of those that wait',
      [
        ['ok', 0],
        ['unknown', 50],
        ['down', 100],
        ['degraded', 150],
      ],
      ['ok', 'down'],
    ],
    ['a storm', Array.from({ length: 500 }, (_, n): [Severity, number] => ['degraded', n]), ['degraded']],
  ];
  it.each(table)('%s', (_what, calls, expected) => {
    const { sound, pitches, heard } = listen();
    const begin = Date.now();
    for (const [severity, at] of calls) {
      vi.advanceTimersByTime(begin + at - Date.now());
      expect(sound(severity, 1)).toBe(true);
    }
    vi.advanceTimersByTime(10_000);
    expect(pitches()).toEqual(expected.map((it) => pitch[it]));
    for (const [index, it] of heard.slice(1).entries()) expect(it.at - (heard[index]?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
  });
  it('keeps within the volume, and says where none could be made', () => {
    const { sound, heard } = listen(false);
    expect(sound('down', 0.5)).toBe(false);
    expect(heard[0]?.volume).toBe(0.2);
  });
  it('no sound card is no reason to fail', () => {
    vi.stubGlobal(
      'AudioContext',
      class {
        constructor() {
          throw new Error('no device');
        }
      },
    );
    expect(playSound('down', 1)).toBe(false);
  });
});

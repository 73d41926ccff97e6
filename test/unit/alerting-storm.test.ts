/** Thousands at once are settled in a moment. */
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../support/cpu-time.ts';
import { bad, behind, type NightDesk, nightDesk, refused, silent } from '../support/night-desk.ts';
import { thing } from '../support/story.ts';

describe('a storm', () => {
  const subjects = [...Array(2_500).keys()].map((n) => thing('host', `h${n}`, { site: 'sd' }));
  const ways: [string, (d: NightDesk) => void, number][] = [
    ['of one minute is one alert', (d) => d, 1],
    [
      'behind one link is one alert',
      (d) =>
        d.why(
          Object.fromEntries(
            subjects.slice(1).flatMap(({ id }) => [
              [`${id}/http`, behind('h0')],
              [`${id}/icmp`, behind('h0')],
            ]),
          ),
        ),
      1,
    ],
  ];
  it.each(ways)('%s, settled in a moment', (_name, night, alerts) => {
    const d = nightDesk(subjects).set(
      Object.fromEntries(
        subjects.flatMap(({ id }) => [
          [`${id}/http`, bad(refused, 100)],
          [`${id}/icmp`, bad(silent, 100)],
        ]),
      ),
    );
    night(d);
    d.at(1_000);
    expect(d.open.size).toBe(alerts);
    expect(d.told()).toHaveLength(1);
    const times = [...Array(9).keys()].map((n) => {
      const started = cpuMs();
      d.at(2_000 + n);
      return cpuMs() - started;
    });
    // Generous for a busy machine; a quiet one takes a tenth of it.
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(200);
    expect(d.told()).toEqual([]);
  });
});

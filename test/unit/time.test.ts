import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clock,
  clockShort,
  DAY,
  dayKey,
  dayName,
  dayShort,
  durationSchema,
  HOUR,
  humanDuration,
  humanLatency,
  isZone,
  MINUTE,
  parseDuration,
  parseIso,
  SECOND,
  stamp,
  writeDuration,
  zoneName,
  zoneTitle,
} from '../../shared/time.ts';

describe('durations of an inventory', () => {
  const table: [string, number | null][] = [
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5h', 5_400_000],
    [' 7d ', 7 * DAY],
    ['5', null],
    ['5 m', null],
    ['-5s', null],
    ['1e3s', null],
    ['5w', null],
    ['', null],
    ['5m30s', null],
  ];
  it.each(table)('%j is %j', (text, ms) => expect(parseDuration(text)).toBe(ms));
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 * DAY }), (ms) => {
        expect(parseDuration(writeDuration(ms))).toBe(ms);
      }),
    );
  });
  it('keeps the limits of a setting and names them', () => {
    const schema = durationSchema(SECOND, DAY);
    expect(schema.parse('90s')).toBe(90_000);
    expect(schema.safeParse('1ms').error?.issues[0]?.message).toBe('expected a duration from 1s to 1d');
    expect(schema.safeParse('2d').success).toBe(false);
    expect(schema.safeParse(30).success).toBe(false);
    expect(durationSchema().safeParse('0.1ms').success).toBe(false);
  });
});

describe('durations for people', () => {
  const table: [number, string][] = [
    [-5, '0 ms'],
    [0, '0 ms'],
    [Number.NaN, '0 ms'],
    [850.4, '850 ms'],
    [999.9, '999 ms'],
    [1_000, '1.0 s'],
    [9_999, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [MINUTE + 32_000, '1 min 32 s'],
    [14 * MINUTE + 59_000, '14 min'],
    [HOUR, '1 h'],
    [3 * HOUR + 45 * MINUTE, '3 h 45 min'],
    [DAY - 1, '23 h 59 min'],
    [2 * DAY + 4 * HOUR, '2 d 4 h'],
    [400 * DAY, '400 d'],
  ];
  it.each(table)('%d is %s', (ms, text) => expect(humanDuration(ms)).toBe(text));
  const latencies: [number, string][] = [
    [0, '0.1 ms'],
    [0.42, '0.4 ms'],
    [3.4, '3 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1_900, '1.9 s'],
  ];
  it.each(latencies)('a latency of %d is %s', (ms, text) => expect(humanLatency(ms)).toBe(text));
  it('never claims more than was: never longer than the truth, and never a unit too many', () => {
    const units: Record<string, number> = { ms: 1, s: SECOND, min: MINUTE, h: HOUR, d: DAY };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 * DAY }), (ms) => {
        const words = humanDuration(ms).split(' ');
        let said = 0;
        for (let i = 0; i < words.length; i += 2) said += Number(words[i]) * (units[words[i + 1] ?? ''] ?? Number.NaN);
        expect(words.length).toBeLessThanOrEqual(4);
        expect(said).toBeLessThanOrEqual(ms + 1e-6);
        expect(said).toBeGreaterThan(ms * 0.89);
      }),
    );
  });
});

describe('zones', () => {
  const summer = Date.UTC(2011, 5, 16, 7, 20, 5);
  const winter = Date.UTC(2026, 10, 20, 13, 39, 12);
  const names: [number, string, string, string][] = [
    [summer, 'America/New_York', 'EDT', 'EDT (UTC−4)'],
    [winter, 'America/Los_Angeles', 'PST', 'PST (UTC−8)'],
    [winter, 'UTC', 'UTC', 'UTC'],
    [winter, 'Europe/London', 'GMT', 'GMT (UTC+0)'],
    [winter, 'Europe/Berlin', 'UTC+1', 'UTC+1'],
    [winter, 'Asia/Kolkata', 'UTC+5:30', 'UTC+5:30'],
    [winter, 'America/Sao_Paulo', 'UTC−3', 'UTC−3'],
  ];
  it.each(names)('%d in %s is %s', (at, zone, name, title) => {
    expect(zoneName(at, zone)).toBe(name);
    expect(zoneTitle(at, zone)).toBe(title);
  });
  it('writes moments', () => {
    expect(stamp(winter, 'America/Los_Angeles')).toBe('2026-11-20 05:39:12 PST');
    expect(clock(winter, 'UTC')).toBe('13:39:12');
    expect(clockShort(summer, 'America/New_York')).toBe('03:20');
    expect(dayName(winter, 'America/Los_Angeles')).toBe('Friday 20 November 2026');
    expect(dayShort(winter, 'America/Los_Angeles')).toBe('20 November');
    expect(dayKey(Date.UTC(2026, 10, 20, 3), 'America/Los_Angeles')).toBe('2026-11-19');
  });
  it('tells zones from nonsense', () => {
    expect([isZone('Europe/Berlin'), isZone('UTC'), isZone('Mars/Olympus'), isZone('')]).toEqual([true, true, false, false]);
  });
  const moments: [string, string, number | null][] = [
    ['2026-11-20T05:39:12-08:00', 'UTC', winter],
    ['2026-11-20T05:39:12', 'America/Los_Angeles', winter],
    ['2026-11-20T13:39:12Z', 'Asia/Kolkata', winter],
    ['2026-11-20', 'UTC', Date.UTC(2026, 10, 20)],
    ['05:39', 'UTC', null],
    ['2026-13-01', 'UTC', null],
    ['yesterday', 'UTC', null],
    ['2026-W47', 'UTC', null],
    ['', 'UTC', null],
  ];
  it.each(moments)('%j in %s is %j', (text, zone, at) => expect(parseIso(text, zone)).toBe(at));
});

/** Times of a drill file, also over the days on which clocks are changed. */
import { describe, expect, it } from 'vitest';
import { momentOf } from '../../../shared/scenario/moments.ts';

const zone = 'America/New_York';
const iso = (text: string, start: string, after = start, inZone = zone): string | null => {
  const found = momentOf(text, { start: Date.parse(start), after: Date.parse(after), zone: inZone });
  return found === null ? null : new Date(found).toISOString();
};

describe('a time of day is the first such time after the entry before it', () => {
  it.each<[text: string, after: string, found: string]>([
    ['03:18', '2026-06-16T03:00:00-04:00', '2026-06-16T07:18:00.000Z'],
    ['03:00', '2026-06-16T03:00:00-04:00', '2026-06-16T07:00:00.000Z'],
    ['02:59:59', '2026-06-16T03:00:00-04:00', '2026-06-17T06:59:59.000Z'],
    ['00:10', '2026-06-16T23:50:00-04:00', '2026-06-17T04:10:00.000Z'],
    // Clocks go forward at 02:00 on 8 March 2026, and back at 02:00 on 1 November.
    ['03:30', '2026-03-08T01:30:00-05:00', '2026-03-08T07:30:00.000Z'],
    ['01:30', '2026-03-08T01:45:00-05:00', '2026-03-09T05:30:00.000Z'],
    ['03:00', '2026-11-01T00:30:00-04:00', '2026-11-01T08:00:00.000Z'],
    ['00:30', '2026-11-01T00:45:00-04:00', '2026-11-02T05:30:00.000Z'],
    // The second half past one of that night comes after the first.
    ['01:30', '2026-11-01T01:40:00-04:00', '2026-11-01T06:30:00.000Z'],
    ['01:30', '2026-11-01T01:20:00-04:00', '2026-11-01T05:30:00.000Z'],
  ])('%s after %s', (text, after, found) => {
    expect(iso(text, after)).toBe(found);
  });
  it('that does not exist on the day on which clocks go forward is the one of the clock as it went on', () => {
    expect(iso('02:30', '2026-03-08T01:30:00-05:00')).toBe('2026-03-08T07:30:00.000Z');
  });
});

describe('other times', () => {
  it.each<[text: string, found: string | null]>([
    ['+1h20m', '2026-06-16T08:20:00.000Z'],
    ['+90s', '2026-06-16T07:01:30.000Z'],
    ['+2d', '2026-06-18T07:00:00.000Z'],
    ['2026-06-16T05:00:00-04:00', '2026-06-16T09:00:00.000Z'],
    ['+', null],
    ['24:00', null],
    ['03:60', null],
    ['tomorrow', null],
  ])('%s', (text, found) => {
    expect(iso(text, '2026-06-16T03:00:00-04:00')).toBe(found);
  });
  it('from the start are real time over a change of clocks', () => {
    expect(iso('+3h', '2026-11-01T00:00:00-04:00')).toBe('2026-11-01T07:00:00.000Z');
  });
});

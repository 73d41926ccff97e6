import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rota } from '../../shared/model/notify.ts';
import { onCall, rotaHoles } from '../../shared/notify/rota.ts';
import { isWeeklyTime } from '../../shared/notify/weekly.ts';
import { DAY, HOUR, stamp } from '../../shared/time.ts';
import { notifyOf } from '../support/notify.ts';

const people = ['ada', 'bo', 'cy'].map((id) => ({ id, name: id.toUpperCase(), channels: [] }));
const rotaOf = (written: Record<string, unknown>): Rota => notifyOf({ rotas: [{ id: 'ops', ...written }] }).rotas[0] as Rota;
const berlin = 'Europe/Berlin';
const at = (iso: string): number => Date.parse(iso);
const who = (rota: Rota, iso: string, zone = berlin): string | null =>
  onCall(rota, { people: notifyOf({ people }).people }, zone, at(iso)).person;
const untilOf = (rota: Rota, iso: string, zone = berlin): string | null => {
  const { until } = onCall(rota, { people: notifyOf({ people }).people }, zone, at(iso));
  return until === null ? null : stamp(until, zone);
};

describe('onCall', () => {
  const office = { person: 'ada', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' };
  const nights = { person: 'bo', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '18:00', to: '08:00' };
  const weekend = { person: 'cy', days: ['sat', 'sun'] };
  const shifts = rotaOf({ shifts: [office, nights, weekend] });
  const weekly = rotaOf({ rotation: { people: ['ada', 'bo', 'cy'], every: '7d', since: '2026-10-19T09:00:00+02:00' } });
  const daily = rotaOf({ rotation: { people: ['ada', 'bo'], every: '1d', since: '2026-03-27T09:00:00+01:00' } });
  const byHours = rotaOf({ rotation: { people: ['ada', 'bo'], every: '12h', since: '2026-10-24T09:00:00+02:00' } });
  const standIn = rotaOf({
    overrides: [{ person: 'cy', from: '2026-11-20T12:00:00+01:00', to: '2026-11-20T14:00:00+01:00' }],
    shifts: [office],
    rotation: { people: ['bo'], since: '2026-01-01T00:00:00Z' },
  });
  const dawn = rotaOf({
    shifts: [
      { person: 'ada', from: '00:00', to: '02:30' },
      { person: 'bo', from: '02:30', to: '24:00' },
    ],
  });

  it.each([
    ['a shift by day', shifts, '2026-11-20T12:00:00+01:00', 'ada'],
    ['its first moment belongs to it', shifts, '2026-11-20T08:00:00+01:00', 'ada'],
    ['its last moment belongs to the next', shifts, '2026-11-20T18:00:00+01:00', 'bo'],
    ['a shift over midnight, before it', shifts, '2026-11-19T23:59:59+01:00', 'bo'],
    ['a shift over midnight, after it', shifts, '2026-11-20T03:00:00+01:00', 'bo'],
    ['the night of Friday goes on into Saturday, listed first', shifts, '2026-11-21T07:59:00+01:00', 'bo'],
    ['then the weekend begins', shifts, '2026-11-21T08:00:00+01:00', 'cy'],
    ['the night to Monday is of the weekend until midnight', shifts, '2026-11-22T23:59:00+01:00', 'cy'],
    ['and nobody has it until Monday, 08:00', shifts, '2026-11-23T03:00:00+01:00', null],
    [
      'the same moment in another zone is another time of day',
      rotaOf({ timezone: 'America/Los_Angeles', shifts: [office] }),
      '2026-11-20T12:00:00+01:00',
      null,
    ],
    ['08:00 in the zone of the rota', rotaOf({ timezone: 'America/Los_Angeles', shifts: [office] }), '2026-11-20T17:00:00+01:00', 'ada'],
    ['a rotation before it began', weekly, '2026-10-19T08:59:59+02:00', null],
    ['the first turn', weekly, '2026-10-19T09:00:00+02:00', 'ada'],
    ['the second turn begins at the same hour after the clocks went back', weekly, '2026-10-26T09:00:00+01:00', 'bo'],
    ['and not an hour earlier', weekly, '2026-10-26T08:59:59+01:00', 'ada'],
    ['the third turn', weekly, '2026-11-02T09:00:00+01:00', 'cy'],
    ['it begins again', weekly, '2026-11-09T09:00:00+01:00', 'ada'],
    ['years later (481 turns)', weekly, '2036-01-07T12:00:00+01:00', 'bo'],
    ['by days over the spring change: the day before', daily, '2026-03-28T09:00:00+01:00', 'bo'],
    ['by days over the spring change: 08:59 is still the day before', daily, '2026-03-29T08:59:00+02:00', 'bo'],
    ['by days over the spring change: 09:00 is 09:00', daily, '2026-03-29T09:00:00+02:00', 'ada'],
    ['by hours the turns last 12 real hours: 21:00', byHours, '2026-10-24T21:00:00+02:00', 'bo'],
    ['by hours: the night the clocks go back is 13 hours on the wall', byHours, '2026-10-25T07:59:00+01:00', 'bo'],
    ['by hours: it ends at 08:00', byHours, '2026-10-25T08:00:00+01:00', 'ada'],
    ['an override comes first', standIn, '2026-11-20T13:00:00+01:00', 'cy'],
    ['after it the shift', standIn, '2026-11-20T14:00:00+01:00', 'ada'],
    ['outside the shift the rotation', standIn, '2026-11-20T20:00:00+01:00', 'bo'],
    ['02:30 is skipped in spring: the shift lasts until 03:30', dawn, '2026-03-29T03:29:59+02:00', 'ada'],
    ['and the next one meets it there', dawn, '2026-03-29T03:30:00+02:00', 'bo'],
    ['before the skipped hour', dawn, '2026-03-29T01:59:59+01:00', 'ada'],
    [
      'all day from 00:00 to 24:00',
      rotaOf({ shifts: [{ person: 'ada', from: '00:00', to: '24:00' }] }),
      '2026-11-20T23:59:59+01:00',
      'ada',
    ],
    [
      'from 08:00 to 08:00 is all round',
      rotaOf({ shifts: [{ person: 'ada', days: ['thu'], from: '08:00', to: '08:00' }] }),
      '2026-11-20T07:59:00+01:00',
      'ada',
    ],
    [
      'from a day on which it does not begin',
      rotaOf({ shifts: [{ person: 'ada', days: ['thu'], from: '08:00', to: '08:00' }] }),
      '2026-11-19T07:59:00+01:00',
      null,
    ],
    [
      'a person who left the inventory is not on call',
      rotaOf({ shifts: [{ person: 'zoe' }, { person: 'bo' }] }),
      '2026-11-20T12:00:00+01:00',
      'bo',
    ],
    ['nobody is named', rotaOf({}), '2026-11-20T12:00:00+01:00', null],
  ] as const)('%s', (_name, rota, iso, person) => {
    expect(who(rota, iso)).toBe(person);
  });

  it.each([
    ['until the shift ends', shifts, '2026-11-20T12:00:00+01:00', '2026-11-20 18:00:00 CET'],
    ['until the hole ends', shifts, '2026-11-23T03:00:00+01:00', '2026-11-23 08:00:00 CET'],
    ['until the turn ends, over the change of clocks', weekly, '2026-10-20T12:00:00+02:00', '2026-10-26 09:00:00 CET'],
    ['until the rotation begins', weekly, '2026-10-01T12:00:00+02:00', '2026-10-19 09:00:00 CEST'],
    [
      'always the same person: no change in sight',
      rotaOf({ rotation: { people: ['ada'], since: '2026-01-01T00:00:00Z' } }),
      '2026-11-20T12:00:00+01:00',
      null,
    ],
    [
      'neighbouring shifts of one person are one',
      rotaOf({
        shifts: [
          { person: 'ada', from: '00:00', to: '12:00' },
          { person: 'ada', from: '12:00', to: '20:00' },
        ],
      }),
      '2026-11-20T06:00:00+01:00',
      '2026-11-20 20:00:00 CET',
    ],
  ] as const)('%s', (_name, rota, iso, until) => {
    expect(untilOf(rota, iso)?.replace('GMT+1', 'CET').replace('UTC+1', 'CET').replace('UTC+2', 'CEST') ?? null).toBe(until);
  });

  it('is the same person until the moment it names, and another one from there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
        fc.constantFrom(shifts, weekly, daily, byHours, standIn, dawn),
        (now, rota) => {
          const { person, until } = onCall(rota, { people: notifyOf({ people }).people }, berlin, now);
          if (until === null) return;
          expect(until).toBeGreaterThan(now);
          expect(who(rota, new Date(until - 1).toISOString())).toBe(person);
          expect(who(rota, new Date(until).toISOString())).not.toBe(person);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('rotaHoles', () => {
  const from = at('2026-11-16T00:00:00+01:00');
  const over = (written: Record<string, unknown>, days = 28) => rotaHoles(rotaOf(written), from, from + days * DAY, berlin);

  it.each([
    ['a rota that names nobody is one hole', {}, 7, 1, 7 * 24],
    ['round the clock has none', { shifts: [{ person: 'ada' }] }, 28, 0, 0],
    ['a rotation has none', { rotation: { people: ['ada', 'bo'], since: '2026-01-01T00:00:00Z' } }, 28, 0, 0],
    ['one that begins later has one until then', { rotation: { people: ['ada'], since: '2026-11-18T00:00:00+01:00' } }, 28, 1, 48],
    ['by day only: every night', { shifts: [{ person: 'ada', from: '08:00', to: '20:00' }] }, 7, 8, 7 * 12],
    ['all days but Sunday', { shifts: [{ person: 'ada', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }] }, 28, 4, 96],
    [
      'an override fills a part',
      {
        shifts: [{ person: 'ada', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }],
        overrides: [{ person: 'bo', from: '2026-11-22T06:00:00+01:00', to: '2026-11-23T00:00:00+01:00' }],
      },
      7,
      1,
      6,
    ],
  ])('%s', (_name, written, days, count, hours) => {
    const holes = over(written, days);
    expect(holes).toHaveLength(count);
    expect(holes.reduce((sum, it) => sum + it.to - it.from, 0) / HOUR).toBe(hours);
  });

  it('a shift at night over the change of clocks leaves no hole', () => {
    const rota = rotaOf({
      shifts: [
        { person: 'ada', from: '20:00', to: '02:30' },
        { person: 'bo', from: '02:30', to: '20:00' },
      ],
    });
    for (const day of ['2026-03-27', '2026-10-23'])
      expect(rotaHoles(rota, at(`${day}T00:00:00Z`), at(`${day}T00:00:00Z`) + 4 * DAY, berlin)).toEqual([]);
  });
});

describe('isWeeklyTime', () => {
  it.each([
    ['no limits', {}, '2026-11-20T12:00:00Z', true],
    ['on its day', { days: ['fri'] }, '2026-11-20T23:59:59Z', true],
    ['on another day', { days: ['fri'] }, '2026-11-21T00:00:00Z', false],
    ['from only: until midnight', { from: '18:00' }, '2026-11-20T23:59:00Z', true],
    ['from only: not after midnight', { from: '18:00' }, '2026-11-21T00:00:00Z', false],
    ['to only: from midnight', { to: '06:00' }, '2026-11-20T00:00:00Z', true],
    ['to only: not after it', { to: '06:00' }, '2026-11-20T06:00:00Z', false],
    ['over midnight into a day that is not named', { days: ['fri'], from: '22:00', to: '06:00' }, '2026-11-21T05:59:00Z', true],
    ['over midnight from a day that is not named', { days: ['fri'], from: '22:00', to: '06:00' }, '2026-11-20T05:59:00Z', false],
  ] as const)('%s', (_name, weekly, iso, open) => {
    expect(isWeeklyTime({ ...weekly, days: 'days' in weekly ? [...weekly.days] : undefined }, 'UTC', at(iso))).toBe(open);
  });
});

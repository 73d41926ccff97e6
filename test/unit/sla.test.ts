import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimBy, type Month, monthsOf, type Outage, slaOf } from '../../shared/incident/sla.ts';
import { type Sla, slaSchema } from '../../shared/model/inventory-sla.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

/** November 2026 in UTC: 30 days, 43,200 minutes. */
const november: Month = { month: '2026-11', from: Date.UTC(2026, 10), to: Date.UTC(2026, 11) };
const at = (minute: number): number => november.from + minute * MINUTE;
const down = (from: number, minutes: number, part: Outage['part'] = 'down'): Outage => ({ from: at(from), to: at(from + minutes), part });
const sla = (said: Record<string, unknown>): Sla => slaSchema.parse({ target: 99.9, fee: { amount: 1_000, currency: 'USD' }, ...said });

describe('credits', () => {
  const halfHours = { kind: 'per-started', percent: 5, every: '30m' };
  const tiers = {
    kind: 'tiers',
    tiers: [
      { below: 99.9, percent: 10 },
      { below: 99, percent: 25 },
      { below: 95, percent: 50 },
    ],
  };
  it.each<[what: string, said: Record<string, unknown>, outages: Outage[], percent: number, amount: number]>([
    ['no outage, no credit', { terms: [halfHours], target: 100 }, [], 0, 0],
    ['a target that is kept gives no credit, though a period was begun', { terms: [halfHours] }, [down(0, 43)], 0, 0],
    ['one period that was begun', { terms: [halfHours], target: 100 }, [down(0, 1)], 5, 50],
    ['exactly one period', { terms: [halfHours], target: 100 }, [down(0, 30)], 5, 50],
    ['a minute into the second', { terms: [halfHours], target: 100 }, [down(0, 31)], 10, 100],
    ['two outages are added up', { terms: [halfHours], target: 100 }, [down(0, 20), down(100, 10)], 5, 50],
    ['or begin a period each', { terms: [{ ...halfHours, per: 'outage' }], target: 100 }, [down(0, 20), down(100, 10)], 10, 100],
    ['stretches that touch are one outage', { terms: [{ ...halfHours, per: 'outage' }], target: 100 }, [down(0, 10), down(10, 10)], 5, 50],
    ['capped by the term', { terms: [{ ...halfHours, upTo: 50 }], target: 100 }, [down(0, 10 * 60)], 50, 500],
    ['never more than the fee', { terms: [halfHours], target: 100 }, [down(0, 48 * 60)], 100, 1_000],
    [
      'two full steps of 0.1 below 99.9 (99.7)',
      { terms: [{ kind: 'below-target', percent: 3, each: 0.1 }] },
      [down(0, 0.003 * 43_200)],
      6,
      60,
    ],
    [
      'a step that was only begun counts where the terms say so',
      { terms: [{ kind: 'below-target', percent: 3, each: 0.1, started: true }] },
      [down(0, 0.003 * 43_200 + 1)],
      9,
      90,
    ],
    ['just above the first tier', { terms: [tiers] }, [down(0, 43)], 0, 0],
    ['the first tier', { terms: [tiers] }, [down(0, 44)], 10, 100],
    ['exactly on the second limit is not below it', { terms: [tiers] }, [down(0, 432)], 10, 100],
    ['the second tier', { terms: [tiers] }, [down(0, 433)], 25, 250],
    ['the last tier', { terms: [tiers] }, [down(0, 2_161)], 50, 500],
    ['a day for each full half hour', { terms: [{ kind: 'day-per', every: '30m' }] }, [down(0, 95)], 10, 100],
    ['or for each that was begun', { terms: [{ kind: 'day-per', every: '30m', started: true }] }, [down(0, 95)], 13.333333, 133.33],
    ['slow time counts nothing', { terms: [halfHours], target: 100 }, [down(0, 300, 'degraded')], 0, 0],
    [
      'unless the contract gives it a weight',
      { terms: [halfHours], target: 100, weights: { degraded: 0.5 } },
      [down(0, 60, 'degraded')],
      5,
      50,
    ],
    ['several terms are added up', { terms: [halfHours, tiers] }, [down(0, 60)], 20, 200],
    ['what reaches beyond the month is cut', { terms: [halfHours], target: 100 }, [down(-600, 610)], 5, 50],
  ])('%s', (_, said, outages, percent, amount) => {
    const result = slaOf(sla(said), november, outages, 0);
    expect([result.percent, result.amount]).toEqual([percent, { value: amount, currency: 'USD' }]);
  });
  it('tells uptime of the whole month, what it is made of, and how the credit was reckoned', () => {
    const result = slaOf(sla({ terms: [halfHours], target: 99.95 }), november, [down(0, 216), down(500, 30, 'partial')], 0);
    expect(result).toMatchObject({
      uptimePercent: 99.5,
      chargedMs: 216 * MINUTE,
      downMs: 216 * MINUTE,
      partialMs: 30 * MINUTE,
      outages: 1,
      met: false,
    });
    expect(result.credits[0]?.text).toBe('8 started periods of 30 min, 5 % each');
  });
  it.each([
    ['a link counts what rides on it', 1, 30],
    ['a site does not', 0, 0],
  ] as const)('where nothing is said of parts, %s', (_, weight, minutes) => {
    expect(slaOf(sla({}), november, [down(0, 30, 'partial')], weight).chargedMs).toBe(minutes * MINUTE);
  });
  it('says no amount without terms or without a fee', () => {
    expect(slaOf(slaSchema.parse({ target: 100 }), november, [down(0, 30)], 0).amount).toBeNull();
    expect(slaOf(slaSchema.parse({ target: 100, terms: [halfHours] }), november, [down(0, 30)], 0)).toMatchObject({
      percent: 5,
      amount: null,
    });
  });
  it('never gives less for more downtime, and never more than everything', () => {
    const terms = fc.constantFrom<Record<string, unknown>>(
      halfHours,
      tiers,
      { kind: 'day-per', every: '30m' },
      { kind: 'below-target', percent: 3, each: 0.1 },
    );
    fc.assert(
      fc.property(terms, fc.integer({ min: 1, max: 43_000 }), fc.integer({ min: 0, max: 200 }), (term, minutes, more) => {
        const of = (length: number) => slaOf(sla({ terms: [term] }), november, [down(0, length)], 0).percent;
        const [less, all] = [of(minutes), of(Math.min(43_200, minutes + more))];
        expect(all).toBeGreaterThanOrEqual(less);
        expect(all).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('deadlines of claims', () => {
  const ended = at(500);
  it.each<[string, Record<string, unknown>, number | null, number | null]>([
    ['72 hours after the end of the outage', { claimWithin: '72h' }, ended, ended + 72 * HOUR],
    ['30 days after the end of the month', { claimWithin: '30d', claimFrom: 'month' }, ended, november.to + 30 * DAY],
    ['no end, no deadline yet', { claimWithin: '72h' }, null, null],
    ['the month ends all the same', { claimWithin: '72h', claimFrom: 'month' }, null, november.to + 72 * HOUR],
    ['none in the contract', {}, ended, null],
  ])('%s', (_, said, endedAt, expected) => {
    expect(claimBy(sla(said), november, endedAt)).toBe(expected);
  });
});

describe('months', () => {
  const los = 'America/Los_Angeles';
  it('is an hour shorter or longer when the clocks change', () => {
    const of = (iso: string) => monthsOf(Date.parse(iso), Date.parse(iso) + HOUR, los)[0] as Month;
    expect(of('2026-03-15T12:00:00-07:00').to - of('2026-03-15T12:00:00-07:00').from).toBe(31 * DAY - HOUR);
    expect(of('2026-11-15T12:00:00-08:00').to - of('2026-11-15T12:00:00-08:00').from).toBe(30 * DAY + HOUR);
  });
  it('begins at midnight of the zone, not of UTC', () => {
    const months = monthsOf(Date.parse('2026-10-31T23:30:00-07:00'), Date.parse('2026-11-01T00:30:00-07:00'), los);
    expect(months.map((it) => [it.month, new Date(it.from).toISOString()])).toEqual([
      ['2026-10', '2026-10-01T07:00:00.000Z'],
      ['2026-11', '2026-11-01T07:00:00.000Z'],
    ]);
  });
  it('what ends at midnight does not touch the next month', () => {
    expect(monthsOf(november.from, november.to, 'UTC').map((it) => it.month)).toEqual(['2026-11']);
  });
  it('keeps the newest of very many', () => {
    expect(monthsOf(0, november.to, 'UTC', 3).map((it) => it.month)).toEqual(['2026-09', '2026-10', '2026-11']);
  });
  it('an outage over midnight of the first is charged to each month with its part', () => {
    const months = monthsOf(at(-60), at(60), 'UTC');
    const each = months.map((month) => slaOf(sla({}), month, [down(-60, 120)], 0).chargedMs);
    expect(each).toEqual([HOUR, HOUR]);
  });
});

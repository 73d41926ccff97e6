/** Uptime of anything adds up, and is computed soon. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { type StandingSpell, type UptimeInput, uptimeOf } from '../../shared/uptime/compute.ts';
import type { UptimeLine } from '../../shared/uptime/report.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { checkOf, thing, total, words, work } from '../support/uptime-world.ts';

const millis = fc.integer({ min: -1_000, max: 11_000 });
const randomWorld: fc.Arbitrary<UptimeInput> = fc.record({
  plan: fc.constant({
    subjects: [
      thing('site', 'sd'),
      thing('link', 'up', { site: 'sd' }),
      thing('host', 'a', { site: 'sd', dependsOn: [['up']] }),
      thing('host', 'b'),
      thing('service', 's', { hosts: ['a', 'b'] }),
      thing('mail', 'm', { dependsOn: [['b', 'a']] }),
    ],
    checks: [
      checkOf('up', 'link', 'icmp'),
      checkOf('a', 'host', 'icmp'),
      checkOf('a', 'host', 'http'),
      checkOf('b', 'host', 'tcp'),
      checkOf('b', 'host', 'http'),
      checkOf('m', 'mail', 'tcp'),
      checkOf('m', 'mail', 'dns'),
    ],
  }),
  from: fc.integer({ min: 0, max: 4_000 }),
  to: fc.integer({ min: 3_000, max: 10_000 }),
  spells: fc
    .array(
      fc.tuple(
        fc.constantFrom('up/icmp', 'a/icmp', 'a/http', 'b/tcp', 'b/http', 'm/tcp', 'm/dns', 'gone/http'),
        fc.array(fc.record({ at: millis, standing: fc.constantFrom('ok', 'degraded', 'down', 'unreachable', 'unknown') }), {
          maxLength: 12,
        }),
      ),
      { maxLength: 12 },
    )
    .map((all) => new Map(all)),
  gaps: fc.array(fc.record({ from: millis, to: millis }), { maxLength: 4 }),
  windows: fc.array(
    fc
      .record({ from: millis, to: millis, affects: fc.subarray(['sd', 'up', 'a', 'b', 's', 'm', 'gone']), endedAt: fc.option(millis) })
      .map((it) => ({ ...work, ...it })),
    { maxLength: 4 },
  ),
}) as fc.Arbitrary<UptimeInput>;

describe('uptimeOf', () => {
  it('adds up to the range exactly, line by line, whatever happened', () => {
    fc.assert(
      fc.property(randomWorld, (input) => {
        const { lines, from, to } = uptimeOf(input);
        expect(lines.length).toBeGreaterThan(6);
        for (const line of lines) {
          expect(total(line.parts)).toBe(to - from);
          for (const ms of Object.values(line.parts)) expect(Number.isInteger(ms) && ms >= 0).toBe(true);
          expect(line.longestOutageMs).toBeLessThanOrEqual(line.parts.down);
          expect(line.outages > 0).toBe(line.parts.down > 0);
          if (line.availability !== null) expect(line.availability).toSatisfy((it: number) => it >= 0 && it <= 100);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same as looking at every millisecond', () => {
    const small = randomWorld.map((it) => ({ ...it, to: it.from + 300 }));
    fc.assert(
      fc.property(small, (input) => {
        const whole = uptimeOf(input);
        for (const id of ['a', 's', 'm', 'sd', 'b/tcp']) {
          const slow: Record<string, number> = {};
          for (let at = input.from; at < input.to; at += 1) {
            const { parts } = uptimeOf({ ...input, from: at, to: at + 1, subjects: null }).lines.find((it) => it.id === id) as UptimeLine;
            for (const [part, ms] of Object.entries(parts)) slow[part] = (slow[part] ?? 0) + ms;
          }
          expect(whole.lines.find((it) => it.id === id)?.parts).toEqual(slow);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('takes seconds for a year of 1,000 checks', () => {
    const subjects = [...Array(10)].map((_, index) => thing('site', `s${index}`));
    const checks: PlannedCheck[] = [];
    const told = new Map<string, StandingSpell[]>();
    for (let n = 0; n < 250; n += 1) {
      subjects.push(thing('host', `h${n}`, { site: `s${n % 10}` }));
      for (const type of ['icmp', 'http', 'tcp', 'dns'] as const) {
        checks.push(checkOf(`h${n}`, 'host', type));
        told.set(
          `h${n}/${type}`,
          [...Array(100)].map((_, index) => ({
            at: index * 3 * DAY + n * MINUTE,
            standing: index % 2 === 0 ? ('ok' as const) : ('down' as const),
          })),
        );
      }
    }
    const gaps = [...Array(365)].map((_, day) => ({ from: day * DAY, to: day * DAY + HOUR }));
    const weekly: MaintenanceWindow = {
      ...work,
      kind: 'recurring',
      from: null,
      to: null,
      durationMs: HOUR,
      schedule: { cron: '0 4 * * *', zone: 'America/Los_Angeles' },
      affects: ['s1'],
    };
    const began = cpuMs();
    const { lines } = uptimeOf({ plan: { subjects, checks }, from: 0, to: 365 * DAY, spells: told, gaps, windows: [weekly] });
    expect(cpuMs() - began).toBeLessThan(5_000);
    expect(lines).toHaveLength(1_260);
    for (const line of lines) expect(total(line.parts)).toBe(365 * DAY);
  });

  it('lives through the upgrade that took two days', () => {
    const mst = (time: string): number => Date.parse(`2008-05-${time}-07:00`);
    const server = thing('host', 'plesk1');
    const sites = thing('service', 'customer-sites', { hosts: ['plesk1'] });
    const { lines } = uptimeOf({
      plan: { subjects: [server, sites], checks: [checkOf('plesk1', 'host', 'icmp'), checkOf('customer-sites', 'service', 'http')] },
      from: mst('14T00:00'),
      to: mst('16T00:00'),
      spells: new Map([
        [
          'plesk1/icmp',
          [
            { at: 0, standing: 'ok' },
            { at: mst('14T00:09'), standing: 'down' },
            { at: mst('14T05:16'), standing: 'ok' },
          ],
        ],
        [
          'customer-sites/http',
          [
            { at: 0, standing: 'ok' },
            { at: mst('14T00:09'), standing: 'down' },
            { at: mst('15T02:25'), standing: 'ok' },
          ],
        ],
      ]),
      gaps: [],
      windows: [{ ...work, from: mst('14T00:09'), to: mst('14T05:09'), affects: ['plesk1'] }],
    });
    const told = Object.fromEntries(lines.filter((it) => it.kind !== 'check').map((it) => [it.id, words(it.parts)]));
    expect(told).toEqual({ plesk1: 'up 2573 down 7 maintenance 300', 'customer-sites': 'up 1304 down 1276 maintenance 300' });
  });
});

import { describe, expect, it } from 'vitest';
import { chartsOf } from '../../../electron/documents/charts.ts';
import type { HistoryPoint } from '../../../shared/contract.ts';
import type { Chart, ChartPoint } from '../../../shared/documents/chart.ts';
import { chartSvg } from '../../../shared/documents/chart-svg.ts';
import { chartWords, stripOf } from '../../../shared/documents/chart-words.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { plan as planOf } from '../../support/plans.ts';
import { alertOf, check, thing } from '../../support/story.ts';
import { xmlProblem } from '../../support/unzip.ts';

const from = Date.UTC(2026, 10, 20, 11);
const point = (minute: number, more: Partial<ChartPoint> = {}): ChartPoint => ({
  at: from + minute * MINUTE,
  usual: 12,
  high: 20,
  loss: null,
  ok: 1,
  degraded: 0,
  down: 0,
  unknown: 0,
  ...more,
});
const down = { usual: null, high: null, ok: 0, down: 1 };
const chart = (points: ChartPoint[], more: Partial<Chart> = {}): Chart => ({
  check: 'c',
  title: 'Ping of web1',
  unit: 'ms',
  from,
  to: from + 10 * MINUTE,
  zone: 'UTC',
  clock: '24h',
  mark: null,
  points,
  stepMs: MINUTE,
  ...more,
});

describe('a chart in words', () => {
  const head = 'Ping of web1, 11:00:00 to 11:10:00 UTC';
  it.each<[string, Chart, string]>([
    ['all well', chart([point(0), point(1)]), `${head}: 2 results ok. Usually 12 ms, at most 20 ms.`],
    ['one result', chart([point(0)]), `${head}: 1 result ok. Usually 12 ms, at most 20 ms.`],
    ['some down', chart([point(0), point(1, down)]), `${head}: 1 result ok and 1 down. Usually 12 ms, at most 20 ms.`],
    ['none', chart([]), `${head}: no results.`],
    ['never an answer', chart([point(0, down)]), `${head}: 1 result down.`],
    ['seconds', chart([point(0, { usual: 1_234, high: 15_000 })]), `${head}: 1 result ok. Usually 1.2 s, at most 15 s.`],
    [
      'messages',
      chart([point(0, { usual: 3, high: 4_000 })], { unit: 'messages' }),
      `${head}: 1 result ok. Usually 3 messages, at most 4000 messages.`,
    ],
    [
      'a little loss is not none',
      chart([point(0, { loss: 0.001 })]),
      `${head}: 1 result ok. Usually 12 ms, at most 20 ms. Loss up to 1 %.`,
    ],
    ['no loss', chart([point(0, { loss: 0 })]), `${head}: 1 result ok. Usually 12 ms, at most 20 ms. No packets lost.`],
    [
      '12 hours',
      chart([point(0)], { clock: '12h', zone: 'America/Los_Angeles' }),
      'Ping of web1, 3:00:00 AM to 3:10:00 AM PST: 1 result ok. Usually 12 ms, at most 20 ms.',
    ],
  ])('%s', (_name, it_, words) => expect(chartWords(it_)).toBe(words));
});

describe('the strip of states', () => {
  it('says not known where no result came', () => {
    const strip = stripOf(chart([point(0), point(1), point(2, down), point(6)]));
    expect(strip.map((it) => [it.state, (it.from - from) / MINUTE, (it.to - from) / MINUTE])).toEqual([
      ['ok', 0, 2],
      ['down', 2, 3],
      ['unknown', 3, 6],
      ['ok', 6, 7],
      ['unknown', 7, 10],
    ]);
  });
  it('covers the whole stretch, once', () => {
    for (const points of [[], [point(-2), point(9), point(11)], [point(3), point(3)]]) {
      const strip = stripOf(chart(points));
      expect([strip[0]?.from, strip.at(-1)?.to]).toEqual([from, from + 10 * MINUTE]);
      strip.slice(1).forEach((it, index) => {
        expect(it.from).toBe(strip[index]?.to);
      });
    }
  });
});

describe('a chart as SVG', () => {
  const bad = 'a<b>&"\'</svg><script>';
  it.each<[string, Chart]>([
    [
      'values, loss and states',
      chart([point(0, { loss: 0 }), point(1, { ...down, loss: 1 }), point(2, { loss: 0.05 })], {
        mark: { from: from + MINUTE, to: from + 2 * MINUTE },
      }),
    ],
    ['states alone', chart([point(0, { usual: null, high: null })])],
    ['nothing', chart([])],
    ['hostile words', chart([point(0)], { title: bad, unit: bad })],
    ['a year', chart([point(0)], { to: from + 365 * 24 * HOUR, stepMs: 24 * HOUR })],
    ['no time at all', chart([point(0)], { to: from })],
    ['values that are none', chart([point(0, { usual: 0, high: 0 })])],
  ])('%s is whole, has a title and a description, and no number that is none', (_name, it_) => {
    const svg = chartSvg(it_, `${bad} words`, 'chart-1');
    expect(xmlProblem(svg)).toBeNull();
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="chart-1-title chart-1-desc"/);
    expect(svg).toContain('<desc id="chart-1-desc">a&lt;b&gt;&amp;');
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|<image|href|style=|\son\w+=/);
  });
  it('a hole in the values is a hole in the line', () => {
    const line = (it_: Chart): number => chartSvg(it_, '', 'x').match(/fill="none" stroke="#1f5fae"/g)?.length ?? 0;
    expect(line(chart([point(0), point(1), point(2)]))).toBe(1);
    expect(line(chart([point(0), point(1), point(5), point(6)]))).toBe(2);
  });
});

describe('which charts a document has', () => {
  const web1 = thing('host', 'web1');
  const cox = thing('link', 'cox', { site: 'sd' });
  const customers = thing('prefix', 'range', { dependsOn: [['cox']] });
  const [ping, http, gateway, range] = [check(web1, 'icmp'), check(web1, 'http'), check(cox, 'icmp'), check(customers, 'icmp')];
  const plan = planOf({ subjects: [web1, cox, customers], checks: [ping, http, gateway, range] });
  const alerts = [
    alertOf(web1, { checks: [ping.id, http.id], severity: 'degraded', firstAt: from }),
    alertOf(cox, { checks: [gateway.id, range.id, 'gone'], firstAt: from + 1 }),
  ];
  const seen: HistoryPoint = { at: from, n: 1, ok: 1, degraded: 0, down: 0, unknown: 0, min: 1, avg: 1, p50: 1, p95: 2, max: 2 };
  const readers = {
    history: () => ({ resolution: 'raw' as const, points: [seen, { ...seen, at: from + MINUTE, ok: 0, down: 1, p50: null, p95: null }] }),
    pings: () => [{ at: from, n: 1, lost: 5, sent: 20, rtts: [] }],
  };
  const about = {
    kind: 'post-mortem' as const,
    options: { zone: 'UTC', clock: '24h' as const },
    alerts,
    subjects: [],
    from,
    to: from + 5 * MINUTE,
  };
  const of = (more: Partial<Parameters<typeof chartsOf>[2]> = {}) => chartsOf(readers, plan, { ...about, ...more }, from + HOUR);

  it('one of each alert first, the worst before the others', () =>
    expect(of().map((it) => it.check)).toEqual([gateway.id, ping.id, range.id, http.id]));
  it('to a provider: its circuit and what is reached through it', () =>
    expect(of({ kind: 'provider-ticket', options: { ...about.options, provider: 'cox' } }).map((it) => it.check)).toEqual([
      gateway.id,
      range.id,
    ]));
  it('customers get none', () => expect(of({ kind: 'customer-report' })).toEqual([]));
  it('without alerts: of what the incident is about', () =>
    expect(of({ alerts: [], subjects: ['web1'] }).map((it) => it.check)).toEqual([ping.id, http.id]));
  it('a little before and after, loss by stretch, never beyond now', () => {
    const [first] = chartsOf(readers, plan, { ...about, to: null }, from + 7 * MINUTE);
    expect(first).toMatchObject({
      from: from - 10 * MINUTE,
      to: from + 7 * MINUTE,
      mark: { from, to: from + 7 * MINUTE },
      title: 'Ping of cox',
      unit: 'ms',
    });
    expect(first?.points[0]).toMatchObject({ usual: 1, high: 2, loss: 0.25, ok: 1 });
    expect(first?.points.some((it) => it.down === 1)).toBe(true);
  });
  it('at most 240 points, however many results there were', () => {
    const many = {
      ...readers,
      history: () => ({ resolution: 'raw' as const, points: Array.from({ length: 7_000 }, (_, n) => ({ ...seen, at: from + n * 1_000 })) }),
    };
    const [first] = chartsOf(many, plan, { ...about, to: from + 2 * HOUR }, from + 3 * HOUR);
    expect(first?.points.length).toBeLessThanOrEqual(241);
    expect(first?.points.reduce((sum, it) => sum + it.ok, 0)).toBe(7_000);
  });
});

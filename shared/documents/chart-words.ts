/** A chart in words: for those who do not see it, and for formats that have no pictures. */
import { timesOf } from '../incident/times.ts';
import { count, listOf } from '../text.ts';
import { type Chart, type ChartState, stateOf } from './chart.ts';

const stateWords: Record<ChartState, string> = { ok: 'ok', degraded: 'degraded', down: 'down', unknown: 'not known' };

/** "Ping of web1, 03:00:00 to 05:00:00 PST: 180 results ok, 60 down. Usually 14 ms, at most 340 ms. Loss up to 100 %." */
export function chartWords(chart: Chart): string {
  const { points, from, to, zone, clock } = chart;
  const times = timesOf(zone, from, to, [from, to], { clock, zoned: true });
  const head = `${chart.title}, ${times.span(from, to)}`;
  const sum = (of: (it: Chart['points'][number]) => number): number => points.reduce((all, it) => all + of(it), 0);
  const results = [
    { n: sum((it) => it.ok), words: 'ok' },
    { n: sum((it) => it.degraded), words: 'degraded' },
    { n: sum((it) => it.down), words: 'down' },
    { n: sum((it) => it.unknown), words: 'not known' },
  ].filter((it) => it.n > 0);
  const [first, ...others] = results;
  if (!first) return `${head}: no results.`;
  const counted = listOf([`${count(first.n, 'result')} ${first.words}`, ...others.map((it) => `${it.n} ${it.words}`)], 4);
  const usual = points.flatMap((it) => it.usual ?? []).sort((a, b) => a - b);
  const most = points.reduce<number | null>((so, it) => (it.high === null ? so : Math.max(so ?? it.high, it.high)), null);
  const middle = usual[usual.length >> 1];
  const values =
    middle === undefined || most === null ? '' : ` Usually ${valueWords(middle, chart.unit)}, at most ${valueWords(most, chart.unit)}.`;
  const losses = points.flatMap((it) => it.loss ?? []);
  const loss = losses.length === 0 ? '' : lossWords(Math.max(...losses));
  return `${head}: ${counted}.${values}${loss}`;
}

/** Nothing lost is worth saying; a loss is never rounded down to none. */
const lossWords = (most: number): string => (most === 0 ? ' No packets lost.' : ` Loss up to ${Math.max(1, Math.round(most * 100))} %.`);

/** "14 ms", "1.2 s", "3 messages", "87 %". */
export function valueWords(value: number, unit: string): string {
  if (unit === 'ms' && value >= 1_000) return `${Math.round(value / 100) / 10} s`;
  const rounded = value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  return unit === '' ? String(rounded) : `${rounded} ${unit}`;
}

/** The stretches of one state after another, for the strip: from, to, state. Where no result came, it is not known. */
export function stripOf(chart: Chart): { from: number; to: number; state: ChartState; words: string }[] {
  const strip: { from: number; to: number; state: ChartState; words: string }[] = [];
  const add = (from: number, to: number, state: ChartState): void => {
    if (to <= from) return;
    const last = strip.at(-1);
    if (last?.state === state && last.to >= from) last.to = to;
    else strip.push({ from, to, state, words: stateWords[state] });
  };
  let done = chart.from;
  for (const point of chart.points) {
    const from = Math.min(Math.max(point.at, done), chart.to);
    const to = Math.min(point.at + chart.stepMs, chart.to);
    add(done, from, 'unknown');
    add(from, to, stateOf(point));
    done = Math.max(done, to);
  }
  add(done, chart.to, 'unknown');
  return strip;
}

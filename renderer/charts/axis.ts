/** Ticks and labels of the history chart. Pure. */
import { DateTime } from 'luxon';
import { DAY, dayKey, HOUR, humanLatency, MINUTE } from '../../shared/time.ts';

/** "ms", "%", or whatever a check's value is in; "" for a plain number. */
export type Unit = string;

/** The stretches a chart can show. */
export const spans = [
  { key: '1h', label: '1 h', long: 'the last hour', ms: HOUR, refreshMs: 15_000 },
  { key: '24h', label: '24 h', long: 'the last 24 hours', ms: DAY, refreshMs: MINUTE },
  { key: '7d', label: '7 d', long: 'the last 7 days', ms: 7 * DAY, refreshMs: 5 * MINUTE },
  { key: '90d', label: '90 d', long: 'the last 90 days', ms: 90 * DAY, refreshMs: 15 * MINUTE },
] as const;
type Span = (typeof spans)[number];
export type SpanKey = Span['key'];

const nice = [1, 2, 2.5, 5, 10];

/** The next nice number at or above one. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return (nice.find((factor) => factor * power >= raw) ?? 10) * power;
}

/**
 * A value axis from 0, or from below `lowest` where that is negative (the light of optics, in dBm).
 * @returns three to seven ticks, the last of them at or above `highest`; per cent end at 100
 */
export function valueTicks(highest: number, unit: Unit, lowest = 0): number[] {
  if (lowest < 0) {
    const step = niceStep((Math.max(highest, 0) - lowest) / 4);
    const first = Math.floor(lowest / step);
    const last = Math.ceil(Math.max(highest, 0) / step);
    return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  }
  if (unit === '%' && highest <= 100) return [0, 25, 50, 75, 100];
  const least = unit === 'ms' ? 1 : unit === '%' ? 100 : highest > 0 ? 0.001 : 4;
  const step = niceStep(Math.max(highest, least) / 4);
  const ticks: number[] = [];
  for (let tick = 0; ticks.length === 0 || (ticks[ticks.length - 1] as number) < highest; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  if (ticks.length === 1) ticks.push(step);
  return ticks;
}

/** "0", "250 ms", "1.5 s", "75 %". */
export function writeTick(value: number, unit: Unit): string {
  if (unit !== 'ms') return `${value} ${unit}`.trimEnd();
  if (value === 0) return '0 ms';
  return value < 1_000 ? `${Number(value.toFixed(2))} ms` : `${Number((value / 1_000).toFixed(2))} s`;
}

/** A measured value, for people. */
export const writeValue = (value: number, unit: Unit): string => {
  if (unit === 'ms') return humanLatency(value);
  return unit === '%' ? `${Math.round(value * 10) / 10} %` : `${Number(value.toPrecision(5))} ${unit}`.trimEnd();
};

/**
 * Time ticks on round times of the zone's own clock (six hours stay six hours of that clock over a change of daylight saving).
 * @returns epoch ms, ascending, within the range
 */
export function timeTicks(from: number, to: number, zone: string, most = 7): number[] {
  const span = to - from;
  const minutes = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720].find((step) => span / (step * MINUTE) <= most);
  const ticks: number[] = [];
  if (minutes !== undefined) {
    const day = DateTime.fromMillis(from, { zone }).startOf('day');
    for (let index = 0, steps = 0; steps < 10_000; index += minutes, steps += 1) {
      const tick = day
        .plus({ days: Math.floor(index / 1_440) })
        .set({ hour: Math.floor((index % 1_440) / 60), minute: index % 60 })
        .toMillis();
      if (tick > to) break;
      if (tick >= from && tick !== ticks[ticks.length - 1]) ticks.push(tick);
    }
    return ticks;
  }
  const days = [1, 2, 7, 14, 30].find((step) => span / (step * DAY) <= most) ?? 30;
  for (let tick = DateTime.fromMillis(from, { zone }).startOf('day'); tick.toMillis() <= to; tick = tick.plus({ days })) {
    if (tick.toMillis() >= from) ticks.push(tick.toMillis());
  }
  return ticks;
}

/** "05:39" within a day or so, "Fri 20" within a week or two, "20 Nov" beyond. */
export function writeTime(at: number, span: number, zone: string): string {
  const format = span <= 2 * DAY ? 'HH:mm' : span <= 14 * DAY ? 'ccc d' : 'd LLL';
  return DateTime.fromMillis(at, { zone }).setLocale('en-US').toFormat(format);
}

/** "05:39:12" today, "Thu 19 Nov 05:39" on another day. */
export function writeMoment(at: number, now: number, zone: string): string {
  const when = DateTime.fromMillis(at, { zone }).setLocale('en-US');
  return when.toFormat(dayKey(at, zone) === dayKey(now, zone) ? 'HH:mm:ss' : 'ccc d LLL HH:mm');
}

const longestLabel = 22;

/**
 * Chooses which marks in a chart get a label, and on which side of their line: never over another label or line, never outside the plot.
 * @param charWidth how wide a letter is, in the unit of `x`
 */
export function placeLabels<M extends { x: number; text: string }>(
  marks: readonly M[],
  plot: { from: number; to: number },
  charWidth: number,
): (M & { label: string | null; side: 'left' | 'right' })[] {
  const sorted = [...marks].sort((a, b) => a.x - b.x);
  let taken = plot.from;
  return sorted.map((mark, index) => {
    const text = mark.text.length > longestLabel ? `${mark.text.slice(0, longestLabel - 1).trimEnd()}…` : mark.text;
    const width = (text.length + 2) * charWidth;
    const next = sorted[index + 1]?.x ?? plot.to;
    const side = next - mark.x >= width ? 'right' : 'left';
    const fits = side === 'right' || mark.x - taken >= width;
    taken = fits && side === 'right' ? mark.x + width : mark.x;
    return { ...mark, label: fits ? text : null, side };
  });
}

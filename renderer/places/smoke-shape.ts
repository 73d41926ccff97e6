/** Where the smoke of a link is drawn: bands and median as SVG paths in a plot of given size, the median by colour of its loss. Pure. */
import { type LossColour, lossColour, type SmokePoint, smokeOf } from '../../shared/smoke.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

/** SmokePing's stretches. */
export const smokeSpans = [
  { key: '3h', label: '3 h', long: 'the last 3 hours', ms: 3 * HOUR, refreshMs: 30_000 },
  { key: '30h', label: '30 h', long: 'the last 30 hours', ms: 30 * HOUR, refreshMs: 2 * MINUTE },
  { key: '10d', label: '10 d', long: 'the last 10 days', ms: 10 * DAY, refreshMs: 10 * MINUTE },
] as const;
export type SmokeSpan = (typeof smokeSpans)[number];

export interface SmokeColumn {
  point: SmokePoint;
  /** Left and right edge in the plot, px. */
  x: number;
  to: number;
  median: number | null;
  bands: { low: number; high: number }[];
  colour: LossColour | null;
}
export interface SmokeShape {
  columns: SmokeColumn[];
  /** One path per band, outermost first. */
  bands: string[];
  /** The median, in pieces by colour. */
  medians: { colour: LossColour; path: string }[];
  /** Joins the pieces; neutral. */
  joins: string;
  /** Stretches in which packets went out and none came back, px. */
  silent: { x: number; width: number }[];
}

/** A single probe in ten days would not be seen else, px. */
const leastWidth = 1.5;

const round = (value: number): number => Math.round(value * 10) / 10;

/** How far apart two neighbours usually are, ms; null with less than two. */
export function usualStep(points: readonly SmokePoint[]): number | null {
  const steps = points.slice(1).flatMap(({ at }, index) => at - (points[index] as SmokePoint).at);
  return steps.sort((a, b) => a - b)[(steps.length - 1) >> 1] ?? null;
}

/**
 * How high the axis must reach: every median, and the smoke unless a few single packets are far away.
 * @returns ms
 */
export function highestOf(points: readonly SmokePoint[]): number {
  const smokes = points.map(({ rtts }) => smokeOf(rtts));
  const medians = smokes.flatMap(({ median }) => median ?? []);
  const tops = smokes.flatMap(({ bands }) => bands[0]?.high ?? []).sort((a, b) => a - b);
  const most = Math.max(0, ...medians);
  const usualTop = tops[Math.floor((tops.length - 1) * 0.95)] ?? 0;
  return Math.max(most * 1.1, Math.min(usualTop, most * 4));
}

/**
 * @param y turns ms into px from the top
 * @param intervalMs between two probes; points further apart than two and a half steps are not joined
 */
export function shapeSmoke(
  points: readonly SmokePoint[],
  range: { from: number; to: number },
  width: number,
  y: (ms: number) => number,
  intervalMs: number,
): SmokeShape {
  const span = range.to - range.from;
  const usualMs = usualStep(points) ?? intervalMs;
  // Single probes may come faster than usual (retries), and where some are missing further apart.
  const stepMs = Math.max(1, points.every(({ n }) => n <= 1) ? Math.min(usualMs, intervalMs) : usualMs);
  const gapMs = Math.max(stepMs, intervalMs) * 2.5;
  const x = (at: number): number => round(Math.min(width, Math.max(0, ((at - range.from) / span) * width)));
  const columns = points.map((point, index): SmokeColumn => {
    const next = points[index + 1]?.at;
    const end = next !== undefined && next - point.at <= gapMs ? next : point.at + stepMs;
    const left = Math.min(x(point.at), Math.max(0, width - leastWidth));
    const right = Math.min(width, Math.max(x(Math.min(end, range.to)), left + leastWidth));
    return { point, x: left, to: round(right), ...smokeOf(point.rtts), colour: lossColour(point.lost, point.sent) };
  });
  const most = Math.max(0, ...columns.map((it) => it.bands.length));
  const bands = Array.from({ length: most }, (_, level) =>
    columns
      .flatMap((it) => {
        const band = it.bands[level];
        if (!band) return [];
        const [top, foot] = [round(y(band.high)), round(y(band.low))];
        return `M${it.x} ${top}H${it.to}V${foot}H${it.x}Z`;
      })
      .join(''),
  );
  const byColour = new Map<LossColour, string>();
  let joins = '';
  for (const [index, it] of columns.entries()) {
    if (it.median === null || it.colour === null) continue;
    const level = round(y(it.median));
    byColour.set(it.colour, `${byColour.get(it.colour) ?? ''}M${it.x} ${level}H${it.to}`);
    const before = columns[index - 1];
    if (before && before.median !== null && it.point.at - before.point.at <= gapMs) joins += `M${it.x} ${round(y(before.median))}V${level}`;
  }
  const silent = columns.flatMap((it) =>
    it.point.sent > 0 && it.median === null ? [{ x: it.x, width: Math.max(1, round(it.to - it.x)) }] : [],
  );
  return { columns, bands, medians: [...byColour].map(([colour, path]) => ({ colour, path })), joins, silent };
}

export interface SmokeSummary {
  probes: number;
  sent: number;
  lost: number;
  lossPercent: number;
  /** Ms; null where nothing answered. */
  median: number | null;
  /** The point with the largest share lost; null where nothing was lost. */
  worst: SmokePoint | null;
}
export function summarizeSmoke(points: readonly SmokePoint[]): SmokeSummary {
  let [probes, sent, lost] = [0, 0, 0];
  let worst: SmokePoint | null = null;
  const medians: number[] = [];
  for (const point of points) {
    probes += point.n;
    sent += point.sent;
    lost += point.lost;
    if (point.lost > 0 && (worst === null || point.lost * worst.sent > worst.lost * point.sent)) worst = point;
    const { median } = smokeOf(point.rtts);
    if (median !== null) medians.push(median);
  }
  medians.sort((a, b) => a - b);
  return { probes, sent, lost, lossPercent: sent === 0 ? 0 : (lost / sent) * 100, median: medians[medians.length >> 1] ?? null, worst };
}

/** "0 %", "under 0.1 %", "0.4 %", "12 %". */
export function lossText(percent: number): string {
  if (percent === 0) return '0 %';
  if (percent < 0.1) return 'under 0.1 %';
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** The column under a place in the plot, px; the nearest one where none is there. */
export function columnAt(columns: readonly SmokeColumn[], x: number): number | null {
  let best: number | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, it] of columns.entries()) {
    const away = x < it.x ? it.x - x : x > it.to ? x - it.to : 0;
    if (away < distance) [best, distance] = [index, away];
  }
  return best;
}

/** Colours of loss with what they mean at 20 packets, for the legend. */
export const lossLegend: readonly { colour: LossColour; text: string }[] = [
  { colour: 'green', text: 'none' },
  { colour: 'light-blue', text: '1' },
  { colour: 'blue', text: '2' },
  { colour: 'violet', text: '3' },
  { colour: 'magenta', text: '4–5' },
  { colour: 'orange', text: '6–10' },
  { colour: 'red', text: '11 or more' },
];

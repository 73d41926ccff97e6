/**
 * Turns a check's history into what a chart draws: a line that is never joined over a stretch without results, shaded trouble, and
 * a strip of availability. Pure: no clock, no DOM.
 */
import type { HistoryPoint } from '../../shared/contract.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';

/** How a stretch is shaded. */
type Shade = 'down' | 'degraded' | 'unknown';

/** One place of the line. All values are null where nothing was measured, which breaks the line. */
export interface ChartRow {
  at: number;
  /** Median, or the mean where there is no median; the check type's unit. */
  mid: number | null;
  /** Lowest value up to the 95th percentile (up to the highest where there is no percentile); null where there is but one value. */
  band: [number, number] | null;
  /** The history behind it; null for the break that stands for a gap. */
  point: HistoryPoint | null;
}
export interface Stretch {
  from: number;
  to: number;
  shade: Shade;
}
/** One cell of the availability strip: counts of results that began in it. */
export interface StripCell {
  from: number;
  to: number;
  n: number;
  ok: number;
  degraded: number;
  down: number;
  unknown: number;
}
export interface Shaped {
  rows: ChartRow[];
  stretches: Stretch[];
  strip: StripCell[];
  /** Share of results that were ok or degraded, per cent; results that say nothing are left out. Null without any. */
  availability: number | null;
  /** Results in the whole range. */
  results: number;
  /** Whether any value was measured at all. */
  measured: boolean;
  highest: number;
  /** 0, or the lowest value where that is negative. */
  lowest: number;
}

const stepOf = { raw: 0, minute: MINUTE, hour: HOUR } as const;
const mostRows = 720;

const blank = { n: 0, ok: 0, degraded: 0, down: 0, unknown: 0 };

/** The level that most of a stretch stood at, if that is trouble: half or more of the results are that bad or worse. */
export function shadeOf(point: Pick<HistoryPoint, 'n' | 'degraded' | 'down' | 'unknown'>): Shade | null {
  if (point.n === 0) return null;
  if (point.unknown * 2 >= point.n) return 'unknown';
  if (point.down * 2 >= point.n) return 'down';
  return (point.down + point.degraded) * 2 >= point.n ? 'degraded' : null;
}

/** Puts neighbours together: counts add up, lowest and highest stay, mean and median are weighted by the number of results. */
export function merge(points: readonly HistoryPoint[]): HistoryPoint {
  const first = points[0] as HistoryPoint;
  if (points.length === 1) return first;
  const sum = (key: 'n' | 'ok' | 'degraded' | 'down' | 'unknown') => points.reduce((total, point) => total + point[key], 0);
  const values = (key: 'min' | 'max' | 'p95') => points.flatMap((point) => point[key] ?? []);
  const weighted = (key: 'avg' | 'p50') => {
    const some = points.filter((point) => point[key] !== null);
    const weight = some.reduce((total, point) => total + Math.max(1, point.n), 0);
    return weight === 0 ? null : some.reduce((total, point) => total + (point[key] as number) * Math.max(1, point.n), 0) / weight;
  };
  const least = (all: number[]) => (all.length ? Math.min(...all) : null);
  const most = (all: number[]) => (all.length ? Math.max(...all) : null);
  return {
    at: first.at,
    n: sum('n'),
    ok: sum('ok'),
    degraded: sum('degraded'),
    down: sum('down'),
    unknown: sum('unknown'),
    min: least(values('min')),
    avg: weighted('avg'),
    p50: weighted('p50'),
    p95: most(values('p95')),
    max: most(values('max')),
  };
}

/** Per cent of results that were ok or degraded among those that say anything; never rounded up to 100. */
export function availabilityOf(counts: { n: number; unknown: number; down: number }): number | null {
  const known = counts.n - counts.unknown;
  return known <= 0 ? null : ((known - counts.down) / known) * 100;
}

/** "100 %", "99.98 %", "0 %": cut, not rounded, so that 100 % means all of them. */
export function writeAvailability(percent: number): string {
  const cut = Math.floor(percent * 100 + 1e-6) / 100;
  return `${cut === Math.trunc(cut) ? cut.toFixed(0) : cut.toFixed(2)} %`;
}

/**
 * @param intervalMs the check's interval: results further apart than two of them (and 1.5 steps of the resolution) leave a gap
 * @param cells how many cells the strip has
 */
export function shapeHistory(
  history: { resolution: keyof typeof stepOf; points: readonly HistoryPoint[] },
  range: { from: number; to: number },
  intervalMs: number,
  cells = 120,
): Shaped {
  const all = history.points
    .filter((point) => point.at >= range.from - stepOf[history.resolution] && point.at < range.to)
    .sort((a, b) => a.at - b.at);
  const points = thin(all, range, stepOf[history.resolution]);
  const widest = points.length < all.length ? (range.to - range.from) / mostRows : 0;
  const lasts = Math.max(stepOf[history.resolution], intervalMs, widest);
  const gapMs = Math.max(2 * intervalMs, 1.5 * stepOf[history.resolution], 2 * widest) + 5_000;

  const rows: ChartRow[] = [];
  const stretches: Stretch[] = [];
  points.forEach((point, index) => {
    const next = points[index + 1];
    const joined = next !== undefined && next.at - point.at <= gapMs;
    const end = Math.min(range.to, joined ? next.at : point.at + lasts);
    const at = Math.max(point.at, range.from);
    rows.push({ at, mid: point.p50 ?? point.avg, band: bandOf(point), point });
    if (!joined && next) rows.push({ at: point.at + lasts, mid: null, band: null, point: null });
    const shade = shadeOf(point);
    const last = stretches[stretches.length - 1];
    if (shade && last?.shade === shade && last.to === at) last.to = end;
    else if (shade) stretches.push({ from: at, to: end, shade });
  });
  const total = all.reduce((sum, point) => ({ n: sum.n + point.n, unknown: sum.unknown + point.unknown, down: sum.down + point.down }), {
    n: 0,
    unknown: 0,
    down: 0,
  });
  return {
    rows,
    stretches,
    strip: stripOf(all, range, cells, lasts),
    availability: availabilityOf(total),
    results: total.n,
    measured: rows.some((row) => row.mid !== null),
    highest: rows.reduce((most, row) => Math.max(most, row.mid ?? 0, row.band?.[1] ?? 0), 0),
    lowest: rows.reduce((least, row) => Math.min(least, row.mid ?? 0, row.band?.[0] ?? 0), 0),
  };
}

function bandOf(point: HistoryPoint): [number, number] | null {
  const high = point.p95 ?? point.max;
  return point.min === null || high === null || point.n < 2 ? null : [point.min, Math.max(high, point.min)];
}

/** No more rows than a screen can show; each holds a whole number of points. */
function thin(points: readonly HistoryPoint[], range: { from: number; to: number }, step: number): readonly HistoryPoint[] {
  if (points.length <= mostRows * 2) return points;
  const width = Math.max(step, (range.to - range.from) / mostRows);
  const buckets = new Map<number, HistoryPoint[]>();
  for (const point of points) {
    const key = Math.floor((point.at - range.from) / width);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(point);
    else buckets.set(key, [point]);
  }
  return [...buckets.values()].map(merge);
}

/** Cells of equal width; a roll-up wider than a cell fills every cell it covers. */
function stripOf(points: readonly HistoryPoint[], range: { from: number; to: number }, cells: number, lasts: number): StripCell[] {
  const width = (range.to - range.from) / cells;
  const strip = Array.from(
    { length: cells },
    (_, index): StripCell => ({ from: range.from + index * width, to: range.from + (index + 1) * width, ...blank }),
  );
  for (const point of points) {
    const first = Math.max(0, Math.floor((point.at - range.from) / width));
    const last = Math.min(cells - 1, Math.max(first, Math.ceil((point.at + lasts - range.from) / width) - 1));
    for (let index = first; index <= last; index += 1) {
      const cell = strip[index] as StripCell;
      for (const key of ['n', 'ok', 'degraded', 'down', 'unknown'] as const) cell[key] += point[key];
    }
  }
  return strip;
}

/** What a chart in a document shows: one check over the time of the story. Pure data; chart-svg.ts draws it, chart-words.ts says it. */

/** How results of a stretch were: the worst counts. */
export type ChartState = 'ok' | 'degraded' | 'down' | 'unknown';

export interface ChartPoint {
  /** Start of the stretch, epoch ms. */
  at: number;
  /** The usual value (median), and the high one (95th percentile); null where nothing was measured. */
  usual: number | null;
  high: number | null;
  /** Share of packets that were lost, 0 to 1; null where they are not counted. */
  loss: number | null;
  /** Results by state. */
  ok: number;
  degraded: number;
  down: number;
  unknown: number;
}

export interface Chart {
  /** Id of the check. */
  check: string;
  /** "Ping of web1". */
  title: string;
  /** "ms", "%", "messages"; "" for a plain number. */
  unit: string;
  from: number;
  to: number;
  /** IANA zone, and whether hours go to 24. */
  zone: string;
  clock: '24h' | '12h';
  /** The stretch of the story itself within it, epoch ms. */
  mark: { from: number; to: number } | null;
  /** Oldest first; stretches without results have none. */
  points: ChartPoint[];
  /** How long a point stands for, ms. */
  stepMs: number;
}

export function stateOf(it: Pick<ChartPoint, 'ok' | 'degraded' | 'down' | 'unknown'>): ChartState {
  if (it.down > 0) return 'down';
  if (it.degraded > 0) return 'degraded';
  return it.ok > 0 ? 'ok' : 'unknown';
}

/**
 * The measured values of one check over time, by recharts: median as a line, lowest to 95th percentile as a band, trouble shaded.
 * Loaded lazily (see HistoryPanel), so that the first paint does not pay for recharts. Draws only; HistoryPanel asks.
 */
import { useId, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, usePlotArea, useXAxisScale, XAxis, YAxis } from 'recharts';
import { standingWord } from '../../shared/health/standing.ts';
import { placeLabels, timeTicks, type Unit, valueTicks, writeMoment, writeTick, writeTime, writeValue } from './axis.ts';
import css from './History.module.css';
import type { ChartRow, Shaped, Stretch } from './shape.ts';

/** Something people did or said that may explain the line. */
export interface Mark {
  at: number;
  text: string;
}
interface HistoryChartProps {
  shaped: Shaped;
  range: { from: number; to: number };
  unit: Unit;
  zone: string;
  marks: readonly Mark[];
}

/** CSS pixels of one rem: the desk scales by rem, recharts takes pixels. */
const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export default function HistoryChart({ shaped, range, unit, zone, marks }: HistoryChartProps) {
  const span = range.to - range.from;
  const size = rem();
  const values = useMemo(() => valueTicks(shaped.highest, unit, shaped.lowest), [shaped.highest, unit, shaped.lowest]);
  const times = useMemo(() => timeTicks(range.from, range.to, zone), [range.from, range.to, zone]);
  const sparse = shaped.rows.length < 40;
  return (
    <ComposedChart
      responsive
      className={css.chart}
      data={shaped.rows}
      margin={{ top: size * 0.5, right: size, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <Shades stretches={shaped.stretches} />
      <XAxis
        dataKey="at"
        type="number"
        scale="linear"
        domain={[range.from, range.to]}
        allowDataOverflow
        ticks={times}
        interval={0}
        tickFormatter={(at: number) => writeTime(at, span, zone)}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        height={size * 1.75}
        tickMargin={size * 0.375}
      />
      <YAxis
        type="number"
        domain={[values[0] ?? 0, values[values.length - 1] ?? 1]}
        ticks={values}
        interval={0}
        tickFormatter={(value: number) => writeTick(value, unit)}
        tickLine={false}
        axisLine={false}
        width={size * 4}
      />
      <Marks marks={marks} range={range} size={size} />
      <Area
        dataKey="band"
        type="linear"
        connectNulls={false}
        stroke="none"
        fill="var(--accent)"
        fillOpacity={0.22}
        isAnimationActive={false}
        activeDot={false}
      />
      <Line
        dataKey="mid"
        type="linear"
        connectNulls={false}
        stroke="var(--accent)"
        strokeWidth={size / 10}
        dot={sparse ? { r: size / 8, fill: 'var(--accent)', stroke: 'none' } : loneDot}
        activeDot={{ r: size / 5, stroke: 'var(--panel)' }}
        isAnimationActive={false}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--text-faint)' }}
        filterNull={false}
        content={({ active, payload }) => {
          const row = active ? (payload[0]?.payload as ChartRow | undefined) : undefined;
          return row ? <Values row={row} now={range.to} unit={unit} zone={zone} /> : null;
        }}
      />
    </ComposedChart>
  );
}

/** A value between two gaps has no line to either side: it gets a dot, or it would not be seen. */
function loneDot({
  key,
  cx,
  cy,
  index,
  points,
}: {
  key?: unknown;
  cx?: number;
  cy?: number;
  index?: number;
  points?: readonly { value?: unknown }[];
}) {
  const at = index ?? 0;
  const empty = (near: number) => near < 0 || near >= (points?.length ?? 0) || (points?.[near]?.value ?? null) === null;
  const lone = cy !== undefined && cy !== null && !Number.isNaN(cy) && !empty(at) && empty(at - 1) && empty(at + 1);
  return lone ? <circle key={String(key)} cx={cx} cy={cy} r={2} fill="var(--accent)" /> : <g key={String(key)} />;
}

/** A line for each mark; those with room beside them say their first words. */
function Marks({ marks, range, size }: { marks: readonly Mark[]; range: { from: number; to: number }; size: number }) {
  const scale = useXAxisScale();
  const area = usePlotArea();
  if (!scale || !area) return null;
  const inside = marks.filter((mark) => mark.at >= range.from && mark.at <= range.to);
  const placed = placeLabels(
    inside.map((mark) => ({ ...mark, x: scale(mark.at) ?? area.x })),
    { from: area.x, to: area.x + area.width },
    size * 0.4,
  );
  return (
    <g>
      {placed.map((mark) => (
        <g key={`${mark.at} ${mark.text}`}>
          <line x1={mark.x} x2={mark.x} y1={area.y} y2={area.y + area.height} stroke="var(--text-faint)" strokeDasharray="3 3" />
          {mark.label && (
            <text
              className={css.mark}
              x={mark.x + (mark.side === 'right' ? 1 : -1) * size * 0.375}
              y={area.y + size * 0.875}
              textAnchor={mark.side === 'right' ? 'start' : 'end'}
            >
              {mark.label}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

const fills: Record<Stretch['shade'], string> = { down: 'var(--down)', degraded: 'var(--degraded)', unknown: 'var(--unknown)' };

/** Trouble behind the line. Each kind has its own pattern too, so that colour is not alone. */
function Shades({ stretches }: { stretches: readonly Stretch[] }) {
  const id = useId().replaceAll(':', '');
  const scale = useXAxisScale();
  const area = usePlotArea();
  if (!scale || !area) return null;
  return (
    <g>
      <defs>
        <pattern id={`${id}hatch`} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V8" stroke="var(--unknown)" strokeWidth="2.5" opacity="0.45" />
        </pattern>
      </defs>
      {stretches.map((stretch) => {
        const x = scale(stretch.from) ?? area.x;
        const width = Math.max(1.5, (scale(stretch.to) ?? area.x) - x);
        const place = { x, y: area.y, width, height: area.height };
        if (stretch.shade === 'unknown') return <rect key={stretch.from} {...place} fill={`url(#${id}hatch)`} />;
        return (
          <g key={stretch.from} fill={fills[stretch.shade]}>
            <rect {...place} opacity={stretch.shade === 'down' ? 0.24 : 0.16} />
            {/* Down has a full foot, degraded a thin one. */}
            <rect
              x={x}
              width={width}
              y={area.y + area.height - (stretch.shade === 'down' ? 5 : 2)}
              height={stretch.shade === 'down' ? 5 : 2}
            />
          </g>
        );
      })}
    </g>
  );
}

function Values({ row, now, unit, zone }: { row: ChartRow; now: number; unit: Unit; zone: string }) {
  const point = row.point;
  return (
    <div className={css.tooltip}>
      <strong>{writeMoment(row.at, now, zone)}</strong>
      {!point && <span>nothing measured</span>}
      {point && row.mid !== null && (
        <span>
          {writeValue(row.mid, unit)}
          {row.band && (
            <span className={css.soft}>
              {' '}
              · {writeValue(row.band[0], unit)} to {writeValue(row.band[1], unit)}
            </span>
          )}
        </span>
      )}
      {point && row.mid === null && <span>no value</span>}
      {point && point.n > 0 && <span className={css.soft}>{levelsOf(point)}</span>}
    </div>
  );
}

/** "12 results: 11 ok, 1 down". */
function levelsOf(point: NonNullable<ChartRow['point']>): string {
  const parts = (['ok', 'degraded', 'down', 'unknown'] as const).filter((level) => point[level] > 0);
  if (point.n === 1) return parts.map((level) => standingWord[level]).join('');
  return `${point.n} results: ${parts.map((level) => `${point[level]} ${standingWord[level]}`).join(', ')}`;
}

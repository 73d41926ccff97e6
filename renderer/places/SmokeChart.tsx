/**
 * Smoke: the median of many pings as a line coloured by loss, the sorted round trips as bands of smoke round it. Own SVG. The arrow keys
 * walk through the points; what the one under the cursor says stands below.
 */
import { useId, useMemo, useRef, useState } from 'react';
import type { SmokePoint } from '../../shared/smoke.ts';
import { count } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';
import { timeTicks, valueTicks, writeMoment, writeTick, writeTime } from '../charts/axis.ts';
import { useSize } from '../components/use-size.ts';
import css from './Smoke.module.css';
import { columnAt, highestOf, lossLegend, lossText, type SmokeColumn, shapeSmoke, summarizeSmoke } from './smoke-shape.ts';

/** CSS pixels of one rem: the desk scales by rem. */
const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export function SmokeChart({
  points,
  range,
  zone,
  intervalMs,
  label,
}: {
  points: readonly SmokePoint[];
  range: { from: number; to: number };
  zone: string;
  intervalMs: number;
  label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const clip = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const size = rem();
  const plot = { left: size * 4, top: size * 0.5, width: Math.max(0, width - size * 5), height: Math.max(0, height - size * 2.25) };
  const ticks = useMemo(() => valueTicks(highestOf(points), 'ms'), [points]);
  const top = ticks.at(-1) ?? 1;
  const y = (ms: number): number => plot.height * (1 - ms / top);
  const shape = useMemo(
    () => shapeSmoke(points, range, plot.width, (ms) => plot.height * (1 - ms / top), intervalMs),
    [points, range, plot.width, plot.height, top, intervalMs],
  );
  const times = useMemo(() => timeTicks(range.from, range.to, zone), [range, zone]);
  const span = range.to - range.from;
  const chosen = cursor === null ? null : (shape.columns[Math.min(cursor, shape.columns.length - 1)] ?? null);
  const last = shape.columns.length - 1;
  const walk = (key: string): number | null => {
    const at = cursor ?? last;
    const step = Math.max(1, Math.round(last / 20));
    const moves: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageUp: at - step,
      PageDown: at + step,
      Home: 0,
      End: last,
    };
    const to = moves[key];
    return to === undefined ? null : Math.min(last, Math.max(0, to));
  };
  return (
    <div className={css.chart}>
      <div
        ref={box}
        className={css.box}
        role="slider"
        tabIndex={0}
        aria-label={`${label}. Arrow keys walk through time`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={cursor ?? last}
        aria-valuetext={pointText(chosen ?? shape.columns[last] ?? null, range.to, zone)}
        onPointerMove={(event) => {
          const left = event.currentTarget.getBoundingClientRect().left + plot.left;
          setCursor(columnAt(shape.columns, event.clientX - left));
        }}
        onPointerLeave={() => setCursor(null)}
        onBlur={() => setCursor(null)}
        onKeyDown={(event) => {
          const to = walk(event.key);
          if (to === null) return;
          event.preventDefault();
          setCursor(to);
        }}
      >
        {plot.width > 0 && plot.height > 0 && (
          <svg width={width} height={height} aria-hidden="true">
            <defs>
              <clipPath id={clip}>
                <rect width={plot.width} height={plot.height} />
              </clipPath>
            </defs>
            {ticks.map((tick) => (
              <g key={tick} transform={`translate(${plot.left} ${plot.top + y(tick)})`}>
                <line className={css.grid} x2={plot.width} />
                <text className={css.tick} x={-size * 0.5} dy="0.32em" textAnchor="end">
                  {writeTick(tick, 'ms')}
                </text>
              </g>
            ))}
            {times.map((at) => (
              <g key={at} transform={`translate(${plot.left + ((at - range.from) / span) * plot.width} ${plot.top + plot.height})`}>
                <line className={css.grid} y2={size * 0.25} />
                <text className={css.tick} y={size * 1.25} textAnchor="middle">
                  {writeTime(at, span, zone)}
                </text>
              </g>
            ))}
            <g transform={`translate(${plot.left} ${plot.top})`}>
              <g clipPath={`url(#${clip})`}>
                {shape.silent.map((it) => (
                  <rect key={it.x} className={css.silent} x={it.x} width={it.width} height={plot.height} />
                ))}
                {shape.bands.map((path, level) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a band is known by how far out it lies
                  <path key={level} className={css.band} d={path} />
                ))}
                <path className={css.join} d={shape.joins} />
                {shape.medians.map((it) => (
                  <path key={it.colour} className={css.median} d={it.path} stroke={`var(--loss-${it.colour})`} />
                ))}
              </g>
              {chosen && <line className={css.cursor} x1={(chosen.x + chosen.to) / 2} x2={(chosen.x + chosen.to) / 2} y2={plot.height} />}
            </g>
          </svg>
        )}
      </div>
      <p className={css.reading}>{chosen ? pointText(chosen, range.to, zone) : <Whole points={points} now={range.to} zone={zone} />}</p>
      <ul className={css.legend} aria-label="Colours of the median: packets lost of 20">
        <li>lost of 20:</li>
        {lossLegend.map((it) => (
          <li key={it.colour}>
            <span className={css.swatch} style={{ background: `var(--loss-${it.colour})` }} />
            {it.text}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** "Thu 19 Nov 05:31 · median 3.2 ms, from 2.9 to 18 ms · 3 of 20 packets lost". */
function pointText(column: SmokeColumn | null, now: number, zone: string): string {
  if (!column) return '';
  const { point, median, bands } = column;
  const when = writeMoment(point.at, now, zone);
  const around = bands[0] ? `, from ${humanLatency(bands[0].low)} to ${humanLatency(bands[0].high)}` : '';
  const lost = `${point.lost} of ${count(point.sent, 'packet')} lost`;
  return `${when} · ${median === null ? 'nothing answered' : `median ${humanLatency(median)}${around}`} · ${lost}`;
}

function Whole({ points, now, zone }: { points: readonly SmokePoint[]; now: number; zone: string }) {
  const it = summarizeSmoke(points);
  const share = it.worst && it.worst.sent > 0 ? (it.worst.lost / it.worst.sent) * 100 : 0;
  return (
    <>
      <strong>{it.median === null ? 'nothing answered' : `median ${humanLatency(it.median)}`}</strong> ·{' '}
      <strong>{lossText(it.lossPercent)}</strong> lost of {it.sent.toLocaleString('en-US')} packets
      {it.worst && ` · most at ${writeMoment(it.worst.at, now, zone)}: ${lossText(share)}`}
    </>
  );
}

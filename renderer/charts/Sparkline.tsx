/** The last values of one check as a line, drawn by hand: a grid holds a thousand of them. Says nothing by itself; the tile's text does. */
import { memo } from 'react';

const width = 60;
const height = 12;

/**
 * The path of a sparkline in a 60x12 box; null values break the line. A steady series stays a calm line: the scale never zooms in
 * below half of the largest value.
 */
export function sparkPath(values: readonly (number | null)[]): string {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high || values.length < 2) return '';
  const range = Math.max(high - low, high * 0.5, Number.EPSILON);
  const floor = (low + high - range) / 2;
  const step = width / (values.length - 1);
  let path = '';
  let pen = false;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === null || value === undefined) {
      pen = false;
      continue;
    }
    const x = Math.round(index * step * 10) / 10;
    const y = Math.round((height - 1 - ((value - floor) / range) * (height - 2)) * 10) / 10;
    path += `${pen ? 'L' : 'M'}${x} ${y}`;
    pen = true;
  }
  return path;
}

export const Sparkline = memo(function Sparkline({
  values,
  className,
}: {
  values: readonly (number | null)[];
  className?: string | undefined;
}) {
  const path = sparkPath(values);
  return (
    <svg className={className} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      {path && <path d={path} fill="none" stroke="currentColor" strokeWidth="1" vectorEffect="non-scaling-stroke" />}
    </svg>
  );
});

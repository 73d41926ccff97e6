/** How a check stood over time, as one row of cells drawn by hand: the higher the red stands, the more of that time was bad. */
import { useId } from 'react';
import css from './History.module.css';
import type { StripCell } from './shape.ts';

const height = 20;

/** @param label says in words what the picture says */
export function AvailabilityStrip({ cells, label }: { cells: readonly StripCell[]; label: string }) {
  const id = useId().replaceAll(':', '');
  return (
    <svg className={css.strip} viewBox={`0 0 ${cells.length * 10} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <defs>
        <pattern id={`${id}hatch`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V4" stroke="var(--unknown)" strokeWidth="2" />
        </pattern>
      </defs>
      {cells.map((cell, index) => (
        <Cell key={cell.from} cell={cell} x={index * 10} hatch={`url(#${id}hatch)`} />
      ))}
    </svg>
  );
}

function Cell({ cell, x, hatch }: { cell: StripCell; x: number; hatch: string }) {
  const place = { x: x + 0.75, width: 8.5 };
  if (cell.n === 0) return <rect {...place} y={height - 2} height={2} fill="var(--line-strong)" />;
  // One bad result among thousands must still be seen.
  const share = (n: number) => (n === 0 ? 0 : Math.max(3, (n / cell.n) * height));
  const down = share(cell.down);
  const degraded = Math.min(height - down, share(cell.degraded));
  const unknown = Math.min(height - down - degraded, share(cell.unknown));
  const rest = height - down - degraded - unknown;
  return (
    <>
      {rest > 0 && <rect {...place} y={0} height={rest} fill="var(--ok)" opacity="0.6" />}
      {unknown > 0 && <rect {...place} y={rest} height={unknown} fill={hatch} />}
      {degraded > 0 && <rect {...place} y={rest + unknown} height={degraded} fill="var(--degraded)" />}
      {down > 0 && <rect {...place} y={height - down} height={down} fill="var(--down)" />}
    </>
  );
}

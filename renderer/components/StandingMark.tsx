/**
 * The shape of a standing, so that colour is never alone: square down, triangle degraded, diamond planned work, hatch unreachable,
 * dashed ring no data, dot ok. Says its word to a screen reader unless the word stands beside it (`silent`).
 */

import { standingWord } from '../../shared/health/standing.ts';
import type { Standing } from '../../shared/model/words.ts';
import css from './StandingMark.module.css';

const shapes: Record<Standing, string> = {
  ok: 'dot',
  degraded: 'triangle',
  down: 'square',
  unreachable: 'hatch',
  maintenance: 'diamond',
  unknown: 'ring',
  stale: 'ring',
  pending: 'ring',
};

export function StandingMark({ standing, silent, className }: { standing: Standing; silent?: boolean; className?: string | undefined }) {
  const says = silent ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': standingWord[standing] };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it has a label or is hidden; a title would be a tooltip on every tile
    <svg {...says} className={`${css.mark} ${className ?? ''}`} data-standing={standing} viewBox="0 0 12 12">
      <Shape shape={shapes[standing]} />
    </svg>
  );
}

function Shape({ shape }: { shape: string | undefined }) {
  switch (shape) {
    case 'dot':
      return <circle cx="6" cy="6" r="3.2" fill="currentColor" />;
    case 'triangle':
      return <path d="M6 0.8 11.6 11H.4Z" fill="currentColor" />;
    case 'square':
      return <rect x="1" y="1" width="10" height="10" fill="currentColor" />;
    case 'diamond':
      return <path d="M6 0 12 6 6 12 0 6Z" fill="currentColor" />;
    case 'hatch':
      return <path d="M.8.8h10.4v10.4H.8Z M1 5 5 1 M1 9 9 1 M3 11 11 3 M7 11l4-4" fill="none" stroke="currentColor" strokeWidth="1.3" />;
    default:
      return <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 1.7" />;
  }
}

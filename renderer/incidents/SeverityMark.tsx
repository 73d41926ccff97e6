/** How bad an incident is: three bars, two, or one. Its word stands beside it, or is said to a screen reader. */
import type { IncidentSeverity } from '../../shared/model/incident.ts';
import css from './SeverityMark.module.css';

const bars: Record<IncidentSeverity, number> = { critical: 3, major: 2, minor: 1 };

export function SeverityMark({ severity, silent }: { severity: IncidentSeverity; silent?: boolean }) {
  const says = silent ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': `${severity} incident` };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it has a label or is hidden
    <svg {...says} className={css.mark} data-severity={severity} viewBox="0 0 14 12">
      {[0, 1, 2].map((index) => (
        <rect
          key={index}
          x={index * 5}
          y={8 - index * 4}
          width="4"
          height={4 + index * 4}
          className={index < bars[severity] ? css.full : css.hollow}
        />
      ))}
    </svg>
  );
}

export function SeverityWord({ severity }: { severity: IncidentSeverity }) {
  return (
    <span className={css.word} data-severity={severity}>
      <SeverityMark severity={severity} silent /> {severity}
    </span>
  );
}

/** The mail stack as a picture: how mail comes in, is read and goes out; every box with colour, shape, word, figure and since when. */
import { ArrowLeftRight, UserRound } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { whenText } from '../../shared/headline-words.ts';
import { standingWord } from '../../shared/health/standing.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { useSize } from '../components/use-size.ts';
import { useNow } from '../state/clock.ts';
import { useZone } from '../state/live.ts';
import { select } from '../state/view.ts';
import css from './Mail.module.css';
import { flowPath, flows, gaps, places } from './stack-flows.ts';
import type { StackNode } from './stack-nodes.ts';

const arrowPx = 7;

/** @param still nothing can be clicked: on the wall */
export function StackPicture({ nodes, still = false }: { nodes: readonly StackNode[]; still?: boolean }) {
  const drawn = nodes.filter((node) => places[node.key]);
  const beside = nodes.filter((node) => !places[node.key] && node.standing !== null);
  return (
    <div className={css.stack} data-still={still ? '' : undefined}>
      <div className={css.picture}>
        <Flows nodes={nodes} />
        <ul className={css.grid} aria-label="The mail stack" style={{ columnGap: `${gaps.column * 100}%`, rowGap: `${gaps.row * 100}%` }}>
          <Source at="internet" icon={<ArrowLeftRight aria-hidden />} title="Internet" note="mail comes in" />
          <Source at="user" icon={<UserRound aria-hidden />} title="Users" note="send mail" />
          {drawn.map((node) => (
            <li key={node.key} style={cellOf(node.key)}>
              <Box node={node} still={still} />
            </li>
          ))}
        </ul>
      </div>
      {beside.length > 0 && (
        <ul className={css.beside} aria-label="Beside it">
          {beside.map((node) => (
            <li key={node.key}>
              <Box node={node} still={still} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function cellOf(key: keyof typeof places): { gridColumn: number; gridRow: number } | undefined {
  const place = places[key];
  return place && { gridColumn: place.column + 1, gridRow: place.row + 1 };
}

function Source({ at, icon, title, note }: { at: 'internet' | 'user'; icon: ReactNode; title: string; note: string }) {
  return (
    <li style={cellOf(at)} className={css.source}>
      <span className={css.nodeTitle}>
        {icon}
        {title}
      </span>
      <span className={css.figure}>{note}</span>
    </li>
  );
}

function Box({ node, still }: { node: StackNode; still: boolean }) {
  const now = useNow('quarter');
  const zone = useZone();
  const { standing, subject } = node;
  if (standing === null || subject === null)
    return (
      <div className={css.node} data-standing="none">
        <span className={css.nodeTitle}>{node.title}</span>
        <span className={css.figure}>{node.key === 'outside' ? 'blocklists not checked' : 'not checked'}</span>
      </div>
    );
  const since = node.since === null ? '' : ` since ${whenText(node.since, now, zone)}`;
  const inside = (
    <>
      <span className={css.nodeTitle}>
        <StandingMark standing={standing} silent />
        {node.title}
      </span>
      <span className={css.nodeWord}>
        <b>{standingWord[standing]}</b>
        {since}
      </span>
      <span className={css.figure}>{[node.text, node.figure].filter(Boolean).join(' · ')}</span>
    </>
  );
  const box = { className: css.node, 'data-node': node.key, 'data-standing': standing };
  if (still) return <div {...box}>{inside}</div>;
  return (
    <button type="button" {...box} title={node.text || undefined} onClick={() => select(subject, node.check)}>
      {inside}
    </button>
  );
}

/** The lines between the boxes. What they say, the boxes say in words. */
function Flows({ nodes }: { nodes: readonly StackNode[] }) {
  const ref = useRef<HTMLDivElement>(null);
  const size = useSize(ref);
  const id = useId().replaceAll(':', '');
  const standingOf = (key: string) => nodes.find((node) => node.key === key)?.standing ?? 'none';
  return (
    <div className={css.flows} ref={ref} aria-hidden>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: hidden; a title would be a tooltip */}
      <svg width={size.width} height={size.height}>
        <defs>
          <marker
            id={`${id}tip`}
            markerWidth={arrowPx}
            markerHeight={arrowPx}
            refX="1"
            refY="3.5"
            orient="auto"
            markerUnits="userSpaceOnUse"
          >
            <path d="M0 0.5 6.5 3.5 0 6.5Z" fill="context-stroke" />
          </marker>
        </defs>
        {size.width > 0 &&
          flows.map(([from, to]) => (
            <path
              key={`${from} ${to}`}
              className={css.flow}
              data-standing={standingOf(to)}
              d={flowPath(from, to, size, arrowPx)}
              markerEnd={`url(#${id}tip)`}
            />
          ))}
      </svg>
    </div>
  );
}

/** One group on the wall: trouble large and on top, the others as small as their number asks. */
import { memo, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Group, Standing } from '../../shared/model/words.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { sinceText } from '../components/Time.tsx';
import { useSize } from '../components/use-size.ts';
import { groupTitles, summaryText } from '../desk/group-words.ts';
import { useNow } from '../state/clock.ts';
import {
  countsOf,
  isTrouble,
  reasonOf,
  recordsOf,
  sinceOf,
  speaker,
  standingsOf,
  type TileSpec,
  tilesOf,
  troubleRank,
  valueText,
} from '../state/derive.ts';
import { useLive, usePlan } from '../state/live.ts';
import { fitPanel } from './fit.ts';
import css from './WallPanel.module.css';

export const WallPanel = memo(function WallPanel({ group }: { group: Group }) {
  const tiles = useLive((live) => tilesOf(live.tables)[group]);
  const counts = useLive(useShallow((live) => countsOf(live.tables, group)));
  // Only standings, so that a new value alone redraws nothing.
  const standings = useLive(useShallow((live) => tiles.map((tile) => standingsOf(live.tables).get(tile.key) ?? 'pending')));
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

  const placed = tiles
    .map((tile, index) => ({ tile, standing: standings[index] ?? 'pending' }))
    .sort((a, b) => Number(isLarge(b.standing)) - Number(isLarge(a.standing)) || troubleRank(a.standing) - troubleRank(b.standing));
  const longest = tiles.reduce((most, tile) => Math.max(most, tile.title.length), 0);
  const trouble = placed.filter(({ standing }) => isLarge(standing)).length;
  const plan = fitPanel({ ...size, rem }, trouble, placed.length, longest);
  const cells = placed.slice(plan.cards);
  const dots = plan.mode === 'dots';
  return (
    <section className={css.panel} aria-labelledby={`wall-${group}`}>
      <h2 className={css.title} id={`wall-${group}`}>
        {groupTitles[group]} <span className={css.counts}>{summaryText(group, tiles, counts)}</span>
      </h2>
      <div className={css.room} ref={room}>
        {size.width > 0 && plan.cards > 0 && (
          <ul className={css.cards} style={{ gridTemplateColumns: `repeat(${plan.cardColumns}, minmax(0, 1fr))` }}>
            {placed.slice(0, plan.cards).map(({ tile, standing }) => (
              <WallCard key={tile.key} tile={tile} standing={standing} />
            ))}
          </ul>
        )}
        {size.width > 0 && plan.mode !== 'count' && cells.length > 0 && (
          <ul
            className={dots ? css.dots : css.names}
            style={{
              gridTemplateColumns: dots ? `repeat(${plan.columns}, ${plan.size}px)` : `repeat(${plan.columns}, minmax(0, 1fr))`,
              gridAutoRows: plan.size,
              gap: plan.gap,
              fontSize: dots ? plan.size : plan.size * 0.44,
            }}
          >
            {cells.map(({ tile, standing }) => (
              <li key={tile.key} className={css.cell} data-standing={standing}>
                <StandingMark standing={standing} className={css.mark} />
                {dots ? <span className="visually-hidden">{tile.title}</span> : <span className={css.name}>{tile.title}</span>}
                {plan.values && standing === 'ok' && <Value check={tile.checks[0]} />}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
});

/** What failed by itself stands large; what is merely behind it is seen, but does not take the place. */
const isLarge = (standing: Standing): boolean => isTrouble(standing) && standing !== 'unreachable';

const WallCard = memo(function WallCard({ tile, standing }: { tile: TileSpec; standing: Standing }) {
  const speaks = useLive((live) => speaker(recordsOf(live.tables, tile.checks), standing));
  const plan = usePlan(speaks?.id ?? '');
  const since = speaks ? sinceOf(speaks) : null;
  return (
    <li className={css.card} data-standing={standing}>
      <StandingMark standing={standing} className={css.cardMark} />
      <span className={css.cardName}>{tile.title}</span>
      {since !== null && <Since at={since} />}
      <span className={css.reason}>{reasonOf(tile, standing, speaks, plan)}</span>
    </li>
  );
});

function Value({ check }: { check: string | undefined }) {
  const text = useLive((live) =>
    check === undefined ? '' : valueText(live.tables.plans[check], live.tables.checks[check]?.value ?? null),
  );
  return <span className={css.value}>{text}</span>;
}

function Since({ at }: { at: number }) {
  const now = useNow('quarter');
  return <span className={css.since}>{now - at < 60_000 ? 'now' : sinceText(at, now)}</span>;
}

/** One group on the wall: trouble large and on top, the others as small as their number asks. */
import { memo, useMemo, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Group, Standing } from '../../shared/model/words.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { sinceText } from '../components/Time.tsx';
import { useSize } from '../components/use-size.ts';
import { groupTitles, summaryText } from '../desk/group-words.ts';
import { useNow } from '../state/clock.ts';
import {
  countsOf,
  floatedTiles,
  isFolded,
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
import { cardHeightRem, fitPanel } from './fit.ts';
import css from './WallPanel.module.css';
import { WallStack } from './WallStack.tsx';

export const WallPanel = memo(function WallPanel({ group }: { group: Group }) {
  const own = useLive((live) => tilesOf(live.tables)[group]);
  const loud = useLive(useShallow((live) => (isFolded(tilesOf(live.tables)[group]) ? floatedTiles(live.tables, group) : none)));
  const tiles = useMemo(() => [...loud, ...own], [loud, own]);
  const counts = useLive(useShallow((live) => countsOf(live.tables, group)));
  // Only standings, so that a new value alone redraws nothing.
  const standings = useLive(useShallow((live) => tiles.map((tile) => standingsOf(live.tables).get(tile.key) ?? 'pending')));
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

  const placed = tiles
    .map((tile, index) => ({ tile, standing: standings[index] ?? 'pending' }))
    .filter(({ tile, standing }) => !loud.includes(tile) || isLarge(tile, standing))
    .sort(
      (a, b) =>
        Number(isLarge(b.tile, b.standing)) - Number(isLarge(a.tile, a.standing)) || troubleRank(a.standing) - troubleRank(b.standing),
    );
  const longest = tiles.reduce((most, tile) => Math.max(most, nameOf(tile).length), 0);
  const trouble = placed.filter(({ tile, standing }) => isLarge(tile, standing)).length;
  const space = { ...size, rem };
  const first = fitPanel(space, trouble, placed.length, longest);
  // Legs without a card are seen in the cells of their domains.
  const plan = loud.length === 0 ? first : fitPanel(space, first.cards, own.length + first.cards, longest);
  const cells = placed.slice(plan.cards).filter(({ tile }) => !loud.includes(tile));
  const dots = plan.mode === 'dots';
  const left = size.height - Math.ceil(plan.cards / plan.cardColumns) * (cardHeightRem + 0.4) * rem;
  const stack = size.width >= leastStackRem.width * rem && left >= leastStackRem.height * rem ? onlyStack(own) : null;
  return (
    <section className={css.panel} aria-labelledby={`wall-${group}`}>
      <h2 className={css.title} id={`wall-${group}`}>
        {groupTitles[group]} <span className={css.counts}>{summaryText(group, own, counts)}</span>
      </h2>
      <div className={css.room} ref={room}>
        {size.width > 0 && plan.cards > 0 && (
          <ul className={css.cards} style={{ gridTemplateColumns: `repeat(${plan.cardColumns}, minmax(0, 1fr))` }}>
            {placed.slice(0, plan.cards).map(({ tile, standing }) => (
              <WallCard key={tile.key} tile={tile} standing={standing} />
            ))}
          </ul>
        )}
        {stack !== null && (
          <div className={css.stack}>
            <WallStack entry={stack} />
          </div>
        )}
        {stack === null && size.width > 0 && plan.mode !== 'count' && cells.length > 0 && (
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
                {dots ? <span className="visually-hidden">{nameOf(tile)}</span> : <span className={css.name}>{nameOf(tile)}</span>}
                {plan.values && standing === 'ok' && tile.parts.length === 0 && <Value check={tile.checks[0]} />}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
});

const none: readonly TileSpec[] = [];
/** Room for a mail stack as a picture, with a row beside it. */
const leastStackRem = { width: 30, height: 24 };
/** The mail entry whose legs are all that a panel shows; null where there is more than one, or more than that. */
function onlyStack(tiles: readonly TileSpec[]): string | null {
  const [first, ...others] = new Set(tiles.map((tile) => tile.entry));
  return others.length === 0 ? (first ?? null) : null;
}
/** What failed by itself stands large; what is merely behind it is seen, but does not take the place. Of a mail domain its legs speak. */
const isLarge = (tile: TileSpec, standing: Standing): boolean =>
  isTrouble(standing) && standing !== 'unreachable' && tile.parts.length === 0;
/** "Reading · example.net" where there are several domains. */
const nameOf = (tile: TileSpec): string => (tile.domain === null ? tile.title : `${tile.title} · ${tile.domain}`);

const WallCard = memo(function WallCard({ tile, standing }: { tile: TileSpec; standing: Standing }) {
  const speaks = useLive((live) => speaker(recordsOf(live.tables, tile.checks), standing));
  const plan = usePlan(speaks?.id ?? '');
  const since = speaks ? sinceOf(speaks) : null;
  return (
    <li className={css.card} data-standing={standing}>
      <StandingMark standing={standing} className={css.cardMark} />
      <span className={css.cardName}>{tile.title}</span>
      {since !== null && <Since at={since} />}
      <span className={css.reason}>
        {tile.domain !== null && `${tile.domain} · `}
        {reasonOf(tile, standing, speaks, plan)}
      </span>
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

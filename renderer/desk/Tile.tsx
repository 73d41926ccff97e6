/** One tile of a health grid. It listens to its own checks only, so a result elsewhere costs it nothing. */
import { memo, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { whenText } from '../../shared/headline-words.ts';
import { standingWord } from '../../shared/health/standing.ts';
import type { CheckLive } from '../../shared/live.ts';
import type { Standing } from '../../shared/model/words.ts';
import { count } from '../../shared/text.ts';
import { Sparkline } from '../charts/Sparkline.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { now } from '../state/clock.ts';
import { reasonOf, recordsOf, sinceOf, speaker, standingOfRecords, standingsOf, type TileSpec, valueText } from '../state/derive.ts';
import { useLive, usePlan, useZone } from '../state/live.ts';
import css from './Tile.module.css';

export interface TileProps {
  tile: TileSpec;
  selected: boolean;
  /** The one tile of its grid that the Tab key reaches; arrows lead to the others. */
  tabbable: boolean;
  /** Goes by the domain, where nothing beside it says whose mail it is about. */
  named?: boolean;
  onPick(tile: TileSpec): void;
}

export const Tile = memo(function Tile(props: TileProps) {
  return props.tile.parts.length > 0 ? <FoldedTile {...props} /> : <PlainTile {...props} />;
});

function PlainTile(props: TileProps) {
  const { tile } = props;
  const records = useLive(useShallow((live) => recordsOf(live.tables, tile.checks)));
  const standing = standingOfRecords(records, tile.kind);
  const speaks = speaker(records, standing);
  const soft = records.find((record) => record.state.soft)?.state.soft;
  return (
    <Frame {...props} standing={standing} attempt={soft?.attempt ?? 0}>
      {standing === 'ok' && speaks ? (
        <span className={css.below}>
          <Value check={speaks.id} value={speaks.value} />
          <Sparkline className={css.spark} values={speaks.spark} />
        </span>
      ) : (
        <Trouble tile={tile} standing={standing} record={speaks} named={props.named} />
      )}
    </Frame>
  );
}

/** A mail domain with all of its legs: while they are well, no result of theirs is news here. */
function FoldedTile(props: TileProps) {
  const { tile } = props;
  const standing = useLive((live) => standingsOf(live.tables).get(tile.key) ?? 'pending');
  const calm = standing === 'ok';
  const speaks = useLive((live) => (calm ? undefined : speaker(recordsOf(live.tables, tile.checks), standing)));
  return (
    <Frame {...props} standing={standing} attempt={0}>
      {calm ? (
        <span className={css.below}>
          <span className={css.value}>{count(tile.parts.length, 'part')} fine</span>
        </span>
      ) : (
        <Trouble tile={tile} standing={standing} record={speaks} />
      )}
    </Frame>
  );
}

function Frame({
  tile,
  selected,
  tabbable,
  named,
  onPick,
  standing,
  attempt,
  children,
}: TileProps & { standing: Standing; attempt: number; children: ReactNode }) {
  return (
    <button
      type="button"
      className={css.tile}
      data-tile={tile.key}
      data-standing={standing}
      aria-current={selected || undefined}
      tabIndex={tabbable ? 0 : -1}
      onClick={() => onPick(tile)}
    >
      <span className={css.head}>
        <StandingMark standing={standing} className={css.mark} />
        <span className={css.name}>{named ? (tile.domain ?? tile.title) : tile.title}</span>
        {attempt > 0 && (
          <span className={css.soft} role="img" aria-label={`trying again, attempt ${attempt}`} title={`Trying again: attempt ${attempt}`}>
            {'•'.repeat(Math.min(attempt, 3))}
          </span>
        )}
      </span>
      {children}
    </button>
  );
}

interface TroubleProps {
  tile: TileSpec;
  standing: Standing;
  record: CheckLive | undefined;
  named?: boolean | undefined;
}
function Trouble({ tile, standing, record, named }: TroubleProps) {
  const plan = usePlan(record?.id ?? '');
  const zone = useZone();
  const since = record && (tile.leg !== null || tile.parts.length > 0) ? sinceOf(record) : null;
  return (
    <span className={css.reason}>
      {/* Half a stack works while the other does not: since when, is what people ask first. */}
      {since !== null && (
        <span className={css.since}>
          {named && tile.domain !== null && `${tile.title} `}
          {standingWord[standing]} since {whenText(since, now(), zone)}
        </span>
      )}
      {since !== null && ' '}
      {reasonOf(tile, standing, record, plan)}
    </span>
  );
}

function Value({ check, value }: { check: string; value: number | null }) {
  const plan = usePlan(check);
  return <span className={css.value}>{valueText(plan, value)}</span>;
}

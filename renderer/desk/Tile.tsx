/** One tile of a health grid. It listens to its own checks only, so a result elsewhere costs it nothing. */
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { CheckLive } from '../../shared/live.ts';
import type { Standing } from '../../shared/model/words.ts';
import { Sparkline } from '../charts/Sparkline.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { reasonOf, recordsOf, speaker, standingOfRecords, type TileSpec, valueText } from '../state/derive.ts';
import { useLive, usePlan } from '../state/live.ts';
import css from './Tile.module.css';

export interface TileProps {
  tile: TileSpec;
  selected: boolean;
  /** The one tile of its grid that the Tab key reaches; arrows lead to the others. */
  tabbable: boolean;
  onPick(tile: TileSpec): void;
}

export const Tile = memo(function Tile({ tile, selected, tabbable, onPick }: TileProps) {
  const records = useLive(useShallow((live) => recordsOf(live.tables, tile.checks)));
  const standing = standingOfRecords(records);
  const speaks = speaker(records, standing);
  const calm = standing === 'ok';
  const soft = records.find((record) => record.state.soft)?.state.soft;
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
        <span className={css.name}>{tile.title}</span>
        {soft && (
          <span
            className={css.soft}
            role="img"
            aria-label={`trying again, attempt ${soft.attempt}`}
            title={`Trying again: attempt ${soft.attempt}`}
          >
            {'•'.repeat(Math.min(soft.attempt, 3))}
          </span>
        )}
      </span>
      {calm && speaks ? (
        <span className={css.below}>
          <Value check={speaks.id} value={speaks.value} />
          <Sparkline className={css.spark} values={speaks.spark} />
        </span>
      ) : (
        <span className={css.reason}>
          <Reason tile={tile} standing={standing} record={speaks} />
        </span>
      )}
    </button>
  );
});

function Reason({ tile, standing, record }: { tile: TileSpec; standing: Standing; record: CheckLive | undefined }) {
  const plan = usePlan(record?.id ?? '');
  return reasonOf(tile, standing, record, plan);
}

function Value({ check, value }: { check: string; value: number | null }) {
  const plan = usePlan(check);
  return <span className={css.value}>{valueText(plan, value)}</span>;
}

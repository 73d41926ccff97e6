/**
 * The tiles of a group as a list. A large one is cut into blocks of a few rows, each with fixed rows and contained, so that a new
 * value lays out its own block only and blocks out of sight cost nothing.
 */
import { type ReactNode, useRef } from 'react';
import { useSize } from '../components/use-size.ts';
import type { TileSpec } from '../state/derive.ts';
import css from './TileList.module.css';

const rowsPerBlock = 6;
const usualTileRem = 7;
const gapRem = 0.375;
const rowRem = 3.125;

interface Props {
  tiles: readonly TileSpec[];
  draw(tile: TileSpec): ReactNode;
}
interface LongProps extends Props {
  /** Drawn elsewhere. Their places stay empty: if the others closed up, each tile that comes or goes in a storm would move all of them. */
  without?: ReadonlySet<TileSpec>;
  /** Least width of a tile; domains are longer than names of servers. */
  tileRem?: number;
}

export function TileList({ tiles, draw }: Props) {
  return (
    <ul className={css.grid}>
      {tiles.map((tile) => (
        <li key={tile.key} className={css.cell}>
          {draw(tile)}
        </li>
      ))}
    </ul>
  );
}

export function LongTileList({ tiles, draw, without, tileRem = usualTileRem }: LongProps) {
  const ref = useRef<HTMLDivElement>(null);
  const { width } = useSize(ref);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const columns = Math.max(1, Math.floor((width + gapRem * rem) / ((tileRem + gapRem) * rem)));
  const each = columns * rowsPerBlock;
  const blocks =
    width === 0 ? [] : Array.from({ length: Math.ceil(tiles.length / each) }, (_, index) => tiles.slice(index * each, (index + 1) * each));
  return (
    <div className={css.blocks} ref={ref}>
      {blocks.map((block, index) => {
        const rows = Math.ceil(block.length / columns);
        const style = {
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          containIntrinsicHeight: `${rows * (rowRem + gapRem) - gapRem}rem`,
        };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a block is a place; which tiles stand there may change
          <ul key={index} className={css.block} data-calm style={style}>
            {block.map((tile) =>
              without?.has(tile) ? (
                <li key={tile.key} className={css.cell} aria-hidden />
              ) : (
                <li key={tile.key} className={css.cell}>
                  {draw(tile)}
                </li>
              ),
            )}
          </ul>
        );
      })}
    </div>
  );
}

/** One of the three groups: its heading with counts, its tiles, and how to move between them by arrow keys. */
import { Plus } from 'lucide-react';
import { Fragment, memo, type ReactNode, useCallback, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Group } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { countsOf, floatedTiles, isFolded, type TileSpec, tilesOf } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import { openDialog, select, useView } from '../state/view.ts';
import css from './GroupGrid.module.css';
import { groupTitles, summaryText } from './group-words.ts';
import { Tile } from './Tile.tsx';
import { LongTileList, TileList } from './TileList.tsx';

const offers: Record<Group, { text: string; button: string }> = {
  servers: { text: 'No server is watched yet.', button: 'Add a server' },
  links: { text: 'No upstream link is watched yet.', button: 'Add a link' },
  mail: { text: 'No mail server is watched yet.', button: 'Add a mail server' },
};

/** From so many tiles on they are drawn in blocks. */
const longFrom = 80;
/** More trouble than this is a storm: drawn in blocks too. */
const fewFloated = 16;
const domainRem = 9.25;

export const GroupGrid = memo(function GroupGrid({ group }: { group: Group }) {
  const tiles = useLive((live) => tilesOf(live.tables)[group]);
  const floated = useLive(useShallow((live) => floatedTiles(live.tables, group)));
  const selection = useView((view) => view.selection);
  const [tabbable, setTabbable] = useState<string | null>(null);
  const pick = useCallback((tile: TileSpec) => {
    setTabbable(tile.key);
    select(tile.subject, tile.check);
  }, []);
  const reachable = tiles.some((tile) => tile.key === tabbable) ? tabbable : (floated[0] ?? tiles[0])?.key;
  const long = tiles.length > longFrom;
  const above = new Set(floated);
  const draw = (tile: TileSpec, named = false) => (
    <Tile tile={tile} tabbable={tile.key === reachable} selected={isSelected(tile, selection)} named={named} onPick={pick} />
  );
  const drawNamed = (tile: TileSpec) => draw(tile, true);
  const folded = isFolded(tiles);
  const tileRem = folded ? domainRem : undefined;
  return (
    <section className={css.group} aria-labelledby={`group-${group}`}>
      <header className={css.head}>
        <h2 className={css.title} id={`group-${group}`}>
          {groupTitles[group]}
        </h2>
        {tiles.length > 0 && <Summary group={group} tiles={tiles} />}
        {tiles.length > 0 && !inDrill && (
          <button
            type="button"
            className={css.add}
            onClick={() => openDialog({ kind: 'add', group })}
            aria-label={offers[group].button}
            title={offers[group].button}
          >
            <Plus aria-hidden />
          </button>
        )}
      </header>
      {tiles.length === 0 ? (
        <div className={css.empty}>
          <span>{inDrill ? 'This drill has none.' : offers[group].text}</span>
          {!inDrill && (
            <Button onClick={() => openDialog({ kind: 'add', group })} icon={<Plus />}>
              {offers[group].button}
            </Button>
          )}
        </div>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: only remembers which tile had the focus
        <div
          data-group={group}
          data-legs={tiles.some((tile) => tile.leg !== null) ? '' : undefined}
          data-folded={folded ? '' : undefined}
          onFocus={(event) => setTabbable((event.target as HTMLElement).dataset.tile ?? null)}
        >
          {floated.length > fewFloated ? (
            <LongTileList tiles={floated} draw={drawNamed} tileRem={tileRem} />
          ) : (
            floated.length > 0 && <TileList tiles={floated} draw={drawNamed} />
          )}
          {long ? <LongTileList tiles={tiles} draw={draw} without={above} tileRem={tileRem} /> : <Domains tiles={tiles} draw={draw} />}
        </div>
      )}
    </section>
  );
});

/** The tiles of each mail domain under its name, where there are several; all others as one list. */
function Domains({ tiles, draw }: { tiles: readonly TileSpec[]; draw(tile: TileSpec): ReactNode }) {
  const domains = [...Map.groupBy(tiles, (tile) => tile.domain)];
  return domains.map(([domain, own]) => (
    <Fragment key={domain ?? ''}>
      {domain !== null && <h3 className={css.domain}>{domain}</h3>}
      <TileList tiles={own} draw={draw} />
    </Fragment>
  ));
}

function isSelected(tile: TileSpec, selection: { subject: string; check: string | null } | null): boolean {
  if (!selection) return false;
  if (tile.parts.some((part) => isSelected(part, selection))) return true;
  if (selection.subject !== tile.subject) return false;
  return tile.check === null || tile.check === selection.check;
}

function Summary({ group, tiles }: { group: Group; tiles: readonly TileSpec[] }) {
  const counts = useLive(useShallow((live) => countsOf(live.tables, group)));
  return <span className={css.counts}>{summaryText(group, tiles, counts)}</span>;
}

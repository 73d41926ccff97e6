/** The wall: one sentence that can be read from five metres, the grids, a big clock. Nothing to click, nothing to scroll. */
import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type Group, groups } from '../../shared/model/words.ts';
import { clockShort, humanDuration, MINUTE, SECOND, zoneName } from '../../shared/time.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { HeadlineLine } from '../desk/HeadlineLine.tsx';
import { useHeadline } from '../desk/use-headline.ts';
import { useNow } from '../state/clock.ts';
import { tilesOf } from '../state/derive.ts';
import { useStaleness } from '../state/freshness.ts';
import { useDesk, useLive, useZone } from '../state/live.ts';
import { shiftAt } from './fit.ts';
import css from './Wall.module.css';
import { WallPanel } from './WallPanel.tsx';

export function Wall() {
  const shown = useLive(useShallow((live) => groups.filter((group) => tilesOf(live.tables)[group].length > 0)));
  const weights = useLive(useShallow((live) => shown.map((group) => weightOf(tilesOf(live.tables)[group].length))));
  const old = useStaleness();
  const now = useNow('quarter');
  const shift = shiftAt(now);
  useEffect(() => {
    document.title = 'Nightdesk wall';
  }, []);
  return (
    <div className={css.wall} style={{ transform: `translate(${shift.x}px, ${shift.y}px)` }}>
      <header className={css.head}>
        <Sentence />
        <BigClock />
      </header>
      <main
        className={old ? `${css.panels} as-of` : css.panels}
        style={{ gridTemplateColumns: weights.map((weight) => `minmax(0, ${weight}fr)`).join(' ') }}
      >
        {shown.map((group: Group) => (
          <WallPanel key={group} group={group} />
        ))}
      </main>
    </div>
  );
}

/** A panel with more to show is wider, but none shrinks to a strip. */
const weightOf = (tiles: number): number => Math.max(1, Math.min(2.6, Math.sqrt(tiles) / 3));

function Sentence() {
  const { words, line } = useHeadline();
  const old = useStaleness();
  const long = words.title.length > 44;
  return (
    <div className={css.sentence} data-standing={words.standing} data-long={long ? '' : undefined}>
      <h1 className={css.title}>
        <StandingMark standing={words.standing} className={css.mark} />
        <span>{words.title}</span>
      </h1>
      <p className={css.line}>
        <HeadlineLine text={old ? old.text : line} />
      </p>
    </div>
  );
}

const lateAfterMs = 2 * MINUTE;
/** Whole seconds: it is read every second from far away. */
const agoText = (ms: number): string => (ms < MINUTE ? `${Math.max(0, Math.floor(ms / SECOND))} s` : humanDuration(ms));

function BigClock() {
  const now = useNow('second');
  const zone = useZone();
  const last = useDesk()?.lastCompleteCycleAt ?? null;
  const late = last !== null && now - last > lateAfterMs;
  const own = zoneName(now, zone);
  return (
    <div className={css.clocks}>
      <p className={css.clock}>
        {clockShort(now, zone)} <span className={css.zone}>{own}</span>
      </p>
      <p className={css.below}>
        {own !== 'UTC' && <>{clockShort(now, 'UTC')} UTC · </>}
        <span className={late ? css.late : undefined}>
          {last === null ? 'first cycle under way' : `last full cycle ${agoText(now - last)} ago`}
        </span>
      </p>
    </div>
  );
}

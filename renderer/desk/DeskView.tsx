/** The desk: grids, detail and timeline on the left, alerts on the right. */
import { useEffect } from 'react';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { DetailPanel } from '../detail/DetailPanel.tsx';
import { WelcomePanel } from '../inventory/WelcomePanel.tsx';
import { desktop } from '../state/desktop.ts';
import { useStaleness } from '../state/freshness.ts';
import { useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import { useView } from '../state/view.ts';
import { TimelineStrip } from '../timeline/TimelineStrip.tsx';
import { AlertList } from './AlertList.tsx';
import css from './DeskView.module.css';
import { GroupGrid } from './GroupGrid.tsx';

export function DeskView() {
  const connecting = useLive((live) => live.connection === 'connecting');
  const selection = useView((view) => view.selection);
  const old = useStaleness() !== null;
  // The detail takes place from the grids: what it speaks of must stay in sight.
  useEffect(() => {
    if (selection) document.querySelector('[data-tile][aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [selection]);
  const detail = selection !== null;
  if (connecting) return <Connecting />;
  return (
    <div className={css.desk}>
      <div className={css.left} data-detail={detail ? '' : undefined}>
        <div className={old ? `${css.grids} as-of` : css.grids}>
          <WelcomePanel />
          <GroupGrid group="servers" />
          <div className={css.pair}>
            <GroupGrid group="links" />
            <GroupGrid group="mail" />
          </div>
        </div>
        {detail && (
          <div className={css.detail}>
            <DetailPanel />
          </div>
        )}
        <TimelineStrip />
      </div>
      <div className={css.right}>
        <AlertList />
      </div>
    </div>
  );
}

function Connecting() {
  const engine = useLive((live) => live.engine);
  if (engine.state === 'refused') {
    return (
      <div className={css.connecting}>
        <Notice
          tone="bad"
          title={inDrill ? 'This drill cannot be played.' : 'Nothing is watched now.'}
          actions={<Button onClick={() => void desktop.restartEngine({})}>Try again</Button>}
        >
          <span className={css.refused}>{engine.text}</span>
        </Notice>
      </div>
    );
  }
  return (
    <div className={css.connecting} role="status">
      <div className={css.pulse} aria-hidden />
      {engine.state === 'stopped' ? (
        <p>
          {inDrill
            ? `The drill could not start (${engine.exit}). Play it again, or close its window.`
            : `The watching process could not start (${engine.exit}). Nightdesk tries again by itself; try number ${engine.restarts + 1}.`}
        </p>
      ) : (
        <p>{inDrill ? 'The drill is being set up…' : 'Connecting to the watching process…'}</p>
      )}
    </div>
  );
}

/** The newest lines of the timeline at the foot of the desk. Newest on top; whoever has scrolled down is left where they are. */
import { zoneName } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { now } from '../state/clock.ts';
import { newestEvents } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openDialog, showScreen } from '../state/view.ts';
import { EventRow } from './EventRow.tsx';
import css from './TimelineStrip.module.css';

const shown = 50;

export function TimelineStrip() {
  const events = useLive((live) => newestEvents(live.tables.events));
  const zone = useZone();
  return (
    <section className={css.strip} aria-labelledby="timeline-title">
      <header className={css.head}>
        <h2 className={css.title} id="timeline-title">
          Timeline
        </h2>
        <span className={css.zone}>times in {zoneName(events[0]?.at ?? now(), zone)}</span>
        <Button variant="quiet" onClick={() => openDialog({ kind: 'note', subject: null })}>
          Write a note
        </Button>
        <Button variant="quiet" onClick={() => showScreen('timeline')}>
          All of it
        </Button>
      </header>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className={css.scroll} tabIndex={0} aria-label="Newest events">
        {events.length === 0 && <p className={css.empty}>Nothing has happened yet.</p>}
        <ol>
          {events.slice(0, shown).map((event) => (
            <li key={event.id}>
              <EventRow event={event} />
            </li>
          ))}
        </ol>
      </section>
    </section>
  );
}

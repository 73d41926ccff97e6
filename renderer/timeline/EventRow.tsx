/** One line of the timeline: when, a mark, what kind, what happened, and who. All text, whatever a server put into it. */
import { Info, UserRound } from 'lucide-react';
import { memo } from 'react';
import { describeEvent, type EventWords } from '../../shared/model/describe-event.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { eventNames } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { openIncident, select } from '../state/view.ts';
import css from './EventRow.module.css';

export const EventRow = memo(function EventRow({ event, wrap }: { event: NightEvent; wrap?: boolean }) {
  const names = useLive((live) => eventNames(live.tables));
  const words = describeEvent(event, names);
  const subject = event.subject;
  const known = useLive((live) => subject !== null && live.tables.subjects[subject.id] !== undefined);
  const check = 'check' in event.payload ? event.payload.check : null;
  const incident = useLive((live) => {
    const id = 'incident' in event.payload ? event.payload.incident : null;
    return id !== null && live.tables.incidents[id] ? id : null;
  });
  const by = event.actor === 'engine' ? (subject ? names.subject(subject) : '') : event.actor;
  return (
    <div className={css.row} data-wrap={wrap ? '' : undefined}>
      <Time at={event.at} className={css.time} />
      <EventMark mark={words.mark} />
      <span className={css.label}>{words.label}</span>
      {incident !== null ? (
        <button type="button" className={css.text} title={words.text} onClick={() => openIncident(incident)}>
          {words.text}
        </button>
      ) : known && subject ? (
        <button type="button" className={css.text} title={words.text} onClick={() => select(subject.id, check)}>
          {words.text}
        </button>
      ) : (
        <span className={css.text} title={words.text}>
          {words.text}
        </span>
      )}
      <span className={css.actor}>{by}</span>
    </div>
  );
});

/** The mark of an event: the shape of a standing, a person, or a plain point. */
export function EventMark({ mark }: { mark: EventWords['mark'] }) {
  if (mark === 'human') return <UserRound className={css.icon} role="img" aria-label="by a person" />;
  if (mark === 'info') return <Info className={css.icon} aria-hidden />;
  return <StandingMark standing={mark} className={css.mark} silent />;
}

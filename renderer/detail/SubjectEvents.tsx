/** The last events of one subject, newest first. */
import { Fragment } from 'react';
import type { LiveTables } from '../../shared/live.ts';
import { describeEvent } from '../../shared/model/describe-event.ts';
import type { EventKind } from '../../shared/model/event.ts';
import { dayKey, dayName, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { filterTimeline, showScreen } from '../state/view.ts';
import { EventMark } from '../timeline/EventRow.tsx';
import css from './Detail.module.css';
import { useAsk } from './use-ask.ts';

const most = 10;

export function SubjectEvents({ subject }: { subject: string }) {
  const zone = useZone();
  const names = useLive((live) => eventNames(live.tables));
  const newest = useLive((live) => newestOf(live.tables.events, subject));
  const asked = useAsk(
    subject,
    () => engine.events({ before: null, limit: most, kinds: null, subjects: [subject], text: null, from: null, to: null }),
    { version: newest },
  );
  const events = asked.value ?? [];
  const now = useNow('quarter');
  return (
    <section aria-label="Events">
      <div className={css.eventsHead}>
        <h3 className={css.small}>Last events</h3>
        <span className={css.soft}>times in {zoneTitle(now, zone)}</span>
        <Button
          variant="quiet"
          onClick={() => {
            filterTimeline({ subjects: [subject], kinds: null, text: '' });
            showScreen('timeline');
          }}
        >
          All in the timeline
        </Button>
      </div>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          The events cannot be shown. {asked.failure}
        </Notice>
      )}
      {!asked.value && asked.asking && !asked.failure && <p className={css.soft}>Reading the events…</p>}
      {asked.value && events.length === 0 && <p className={css.soft}>Nothing has happened here yet.</p>}
      <ol className={css.eventList}>
        {events.map((event, index) => {
          const before = index === 0 ? now : (events[index - 1]?.at ?? now);
          const words = describeEvent(event, names);
          return (
            <Fragment key={event.id}>
              {dayKey(event.at, zone) !== dayKey(before, zone) && <li className={css.day}>{dayName(event.at, zone)}</li>}
              <li className={css.event}>
                <Time at={event.at} className={css.eventTime} />
                <span className={css.eventMark}>
                  <EventMark mark={words.mark} />
                </span>
                <span className={css.eventText}>
                  <span className={css.eventLabel}>{words.label}</span> {words.text}
                </span>
                {event.actor !== 'engine' && <span className={css.soft}>{event.actor}</span>}
              </li>
            </Fragment>
          );
        })}
      </ol>
    </section>
  );
}

/** The id of the newest event about a subject that this window holds: whoever asks the engine asks again when it changes. Ids sort by time. */
export function newestOf(events: LiveTables['events'], subject: string, kind?: EventKind): string | null {
  let newest: string | null = null;
  for (const event of Object.values(events)) {
    if (event.subject?.id === subject && (kind === undefined || event.kind === kind) && (newest === null || event.id > newest))
      newest = event.id;
  }
  return newest;
}

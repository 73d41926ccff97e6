/** The log: what people wrote and what the desk saw, by the time at which it happened, newest first, like the timeline. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { Clock4 } from 'lucide-react';
import { memo, useMemo, useRef, useState } from 'react';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { dayName, zoneTitle } from '../../shared/time.ts';
import { Time } from '../components/Time.tsx';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { select } from '../state/view.ts';
import { EventMark } from '../timeline/EventRow.tsx';
import { withDays } from '../timeline/filter.ts';
import css from './IncidentLog.module.css';
import { enteredText } from './incident-words.ts';
import { isByDesk, type LogFilter, logFilters, logWords, mergeLog } from './log-rows.ts';

interface IncidentLogProps {
  incident: Incident;
  events: readonly NightEvent[];
  live: readonly NightEvent[];
  asking: boolean;
}

export function IncidentLog({ incident, events, live, asking }: IncidentLogProps) {
  const zone = useZone();
  const [filter, setFilter] = useState<LogFilter>('all');
  const lines = useMemo(() => withDays(mergeLog(events, live, filter), zone), [events, live, filter, zone]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 30,
    overscan: 12,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  return (
    <section className={css.log} aria-labelledby="log-title">
      <header className={css.head}>
        <h3 className={css.title} id="log-title">
          Log
        </h3>
        <span className={css.zone}>newest first, times in {zoneTitle(incident.openedAt, zone)}</span>
        <fieldset className={css.filter} aria-label="Lines">
          {(Object.keys(logFilters) as LogFilter[]).map((it) => (
            <button key={it} type="button" aria-pressed={it === filter} onClick={() => setFilter(it)}>
              {logFilters[it]}
            </button>
          ))}
        </fieldset>
      </header>
      <section
        ref={scroll}
        className={css.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Lines of the log, newest first"
        aria-busy={asking}
      >
        {lines.length === 0 && (
          <p className={css.empty}>
            {asking ? 'Reading the log…' : filter === 'all' ? 'Nothing is written yet.' : 'No line of this kind yet.'}
          </p>
        )}
        <ul className={css.lines} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={css.line}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {'event' in line ? (
                  <LogRow event={line.event} incident={incident.id} zone={zone} />
                ) : (
                  <h4 className={css.day}>{dayName(line.day, zone)}</h4>
                )}
              </li>
            );
          })}
        </ul>
      </section>
    </section>
  );
}

const LogRow = memo(function LogRow({ event, incident, zone }: { event: NightEvent; incident: string; zone: string }) {
  const names = useLive((live) => eventNames(live.tables));
  const words = logWords(event, incident, names);
  const { subject } = event;
  const known = useLive((live) => subject !== null && live.tables.subjects[subject.id] !== undefined);
  const check = 'check' in event.payload ? event.payload.check : null;
  const byDesk = isByDesk(event);
  const enteredAt = event.kind === 'logged' ? event.payload.enteredAt : null;
  return (
    <div className={css.row} data-by={byDesk ? 'desk' : 'person'}>
      <Time at={event.at} className={css.time} />
      <EventMark mark={words.mark} />
      <span className={css.label}>{words.label}</span>
      <span className={css.text}>
        {byDesk && known && subject ? (
          <button type="button" onClick={() => select(subject.id, check)}>
            {words.text}
          </button>
        ) : (
          words.text
        )}
        {enteredAt !== null && (
          <span className={css.entered}>
            <Clock4 aria-hidden /> {enteredText(enteredAt, event.at, zone)}
          </span>
        )}
      </span>
      <span className={css.actor}>{byDesk ? (subject ? names.subject(subject) : '') : event.actor}</span>
    </div>
  );
});

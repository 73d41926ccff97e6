/** The whole timeline: filter on top, days between the lines, older pages as one scrolls down. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { dayName, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { now } from '../state/clock.ts';
import { useLive, useZone } from '../state/live.ts';
import { filterTimeline, openDialog, useView } from '../state/view.ts';
import { EventRow } from './EventRow.tsx';
import { type Category, categories, categoriesOf, categoryTitles, kindsOf, withDays } from './filter.ts';
import css from './TimelineView.module.css';
import { useEvents } from './use-events.ts';

export function TimelineView() {
  const filter = useView((view) => view.timeline);
  const settled = useDeferredValue(filter);
  const { events, done, busy, failure, more } = useEvents(settled);
  const zone = useZone();
  const lines = useMemo(() => withDays(events, zone), [events, zone]);
  const scroll = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const unfiltered = filter.kinds === null && filter.subjects === null && filter.text.trim() === '';

  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 28,
    overscan: 12,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (!done && !busy && failure === null && lines.length > 0 && lastShown >= lines.length - 20) more();
  }, [done, busy, failure, lastShown, lines.length, more]);

  // Following means: the newest line stays in sight.
  const newest = events[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for every new first line
  useEffect(() => {
    if (follow) scroll.current?.scrollTo({ top: 0 });
  }, [newest, follow]);

  return (
    <section className={css.view} aria-labelledby="timeline-screen">
      <header className={css.head}>
        <h2 className={css.title} id="timeline-screen">
          Timeline
        </h2>
        <span className={css.zone}>all times in {zoneTitle(events[0]?.at ?? now(), zone)}</span>
        <Filter />
        <label className={css.follow}>
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
          Follow
        </label>
        <Button onClick={() => openDialog({ kind: 'note', subject: null })} keyHint="n">
          Write a note
        </Button>
      </header>
      {failure && (
        <Notice tone="bad" title="Older events could not be read." actions={<Button onClick={more}>Try again</Button>}>
          {failure}
        </Notice>
      )}
      <section
        ref={scroll}
        className={css.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-busy={busy}
        aria-label="Events, newest first"
        onWheel={(event) => event.deltaY > 0 && setFollow(false)}
      >
        {lines.length === 0 && !busy && failure === null && (
          <p className={css.empty}>{unfiltered ? 'Nothing has happened yet.' : 'Nothing on the timeline matches this filter.'}</p>
        )}
        <ul className={css.lines} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
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
                {'event' in line ? <EventRow event={line.event} wrap /> : <h3 className={css.day}>{dayName(line.day, zone)}</h3>}
              </li>
            );
          })}
        </ul>
        {busy && <p className={css.empty}>Reading older events…</p>}
        {done && lines.length > 0 && <p className={css.empty}>That is all there is.</p>}
      </section>
    </section>
  );
}

function Filter() {
  const filter = useView((view) => view.timeline);
  const subjects = useLive((live) => live.tables.subjects);
  const [subject, setSubject] = useState(() => (filter.subjects?.[0] ? (subjects[filter.subjects[0]]?.name ?? filter.subjects[0]) : ''));
  const chosen = categoriesOf(filter.kinds);

  const toggle = (category: Category) =>
    filterTimeline({ kinds: kindsOf(chosen.includes(category) ? chosen.filter((it) => it !== category) : [...chosen, category]) });
  const pickSubject = (typed: string) => {
    setSubject(typed);
    const wanted = typed.trim().toLowerCase();
    const found = Object.values(subjects).filter((it) => it.id === wanted || it.name.toLowerCase() === wanted);
    filterTimeline({ subjects: found.length > 0 ? found.map((it) => it.id) : null });
  };
  return (
    <search className={css.filter} aria-label="Filter the timeline">
      <fieldset className={css.chips} aria-label="Kinds">
        {categories.map((category) => (
          <button
            key={category}
            type="button"
            className={css.chip}
            aria-pressed={chosen.includes(category)}
            onClick={() => toggle(category)}
          >
            {categoryTitles[category]}
          </button>
        ))}
      </fieldset>
      <input
        className={css.box}
        list="timeline-subjects"
        placeholder="Server or link"
        aria-label="Only of this server, link or service"
        value={subject}
        data-unknown={subject.trim() !== '' && filter.subjects === null ? '' : undefined}
        onChange={(event) => pickSubject(event.target.value)}
      />
      <datalist id="timeline-subjects">
        {Object.values(subjects)
          .filter((it) => subject === '' || it.name.toLowerCase().includes(subject.toLowerCase()))
          .slice(0, 40)
          .map((it) => (
            <option key={it.id} value={it.name} />
          ))}
      </datalist>
      <input
        className={css.box}
        type="search"
        data-filter-box
        placeholder="Words ( / )"
        aria-label="Only lines with these words"
        value={filter.text}
        maxLength={200}
        onChange={(event) => filterTimeline({ text: event.target.value })}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </search>
  );
}

/** The events behind the timeline screen: the live ones that pass the filter, and older ones page by page from the engine. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { NightEvent } from '../../shared/model/event.ts';
import { engine } from '../state/connect.ts';
import { eventNames, newestEvents } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import type { TimelineFilter } from '../state/view.ts';
import { passes } from './filter.ts';

const pageSize = 200;

interface Pages {
  /** Newest first. */
  events: NightEvent[];
  done: boolean;
  busy: boolean;
  failure: string | null;
}
const nothing: Pages = { events: [], done: false, busy: false, failure: null };

export interface Events extends Pages {
  /** Asks for the next older page. */
  more(): void;
}

export function useEvents(filter: TimelineFilter): Events {
  const [pages, setPages] = useState<Pages>(nothing);
  const newest = useLive((live) => newestEvents(live.tables.events));
  const names = useLive((live) => eventNames(live.tables));
  const connected = useLive((live) => live.connection === 'live');
  /** Counts filters: a page that was asked for under an older one is thrown away. */
  const turn = useRef(0);
  const busy = useRef(false);

  const load = useCallback(
    async (before: string | null) => {
      const mine = turn.current;
      if (busy.current) return;
      busy.current = true;
      setPages((old) => ({ ...old, busy: true, failure: null }));
      const text = filter.text.trim();
      const reply = await engine.events({
        before,
        limit: pageSize,
        kinds: filter.kinds,
        subjects: filter.subjects,
        text: text === '' ? null : text,
        from: null,
        to: null,
      });
      if (mine !== turn.current) return;
      busy.current = false;
      setPages((old) => {
        if (!reply.ok) return { ...old, busy: false, failure: reply.failure.text };
        const events = before === null ? reply.value : [...old.events, ...reply.value];
        return { events, done: reply.value.length < pageSize, busy: false, failure: null };
      });
    },
    [filter],
  );

  // A new filter, or a connection that is back: from the newest again.
  useEffect(() => {
    turn.current += 1;
    busy.current = false;
    setPages(nothing);
    if (connected) void load(null);
  }, [load, connected]);

  const events = useMemo(() => {
    const known = new Set(pages.events.map((event) => event.id));
    const first = pages.events[0]?.id ?? '';
    const live = newest.filter((event) => event.id > first && !known.has(event.id) && passes(event, filter, names));
    return [...live, ...pages.events];
  }, [pages.events, newest, filter, names]);

  const last = pages.events.at(-1)?.id ?? null;
  const more = useCallback(() => {
    if (last !== null) void load(last);
  }, [load, last]);
  return { ...pages, events, more };
}

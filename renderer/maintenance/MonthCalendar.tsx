/**
 * A month of planned work and routines. Arrows move from day to day, Page Up and Page Down from month to month, Enter plans work on the
 * day; a bar shows its details.
 */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { dayName } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import css from './Calendar.module.css';
import type { CalendarEntry } from './calendar-entries.ts';
import { type Bar, barsOf, type Day, edgeOfWeek, monthTitle, moveDay, moveMonth, type Week } from './calendar-grid.ts';
import { show, useShown } from './use-maintenance.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const lanes = 3;

export interface MonthCalendarProps {
  month: string;
  weeks: Week[];
  entries: CalendarEntry[];
  /** Routines of nearly every day. */
  daily: { id: string; name: string; times: string }[];
  zone: string;
  zoneText: string;
  today: string;
  busy: boolean;
}

export function MonthCalendar({ month, weeks, entries, daily, zone, zoneText, today, busy }: MonthCalendarProps) {
  const selected = useShown((shown) => shown.selected);
  const chosen = useShown((shown) => shown.day) ?? today;
  const days = weeks.flatMap((week) => week.days);
  const cursor = days.some((day) => day.key === chosen) ? chosen : `${month}-01`;
  const grid = useRef<HTMLDivElement>(null);
  const moved = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the keyboard moved the day, also into another month
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${cursor}"]`)?.focus();
  }, [cursor, month]);

  const go = (day: string) => {
    moved.current = true;
    show({ day, month: day.slice(0, 7) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = stepped(event.key, cursor);
    if (next === null || !(event.target as HTMLElement).dataset.day) return;
    event.preventDefault();
    go(next);
  };
  const byMonth = (by: number) => show({ month: moveMonth(month, by), day: moveDay(cursor, { months: by }) });

  return (
    <section className={css.calendar} aria-label="Calendar" aria-busy={busy}>
      <header className={css.head}>
        <Button variant="quiet" aria-label="Month before" icon={<ChevronLeft />} onClick={() => byMonth(-1)} />
        <Button variant="quiet" aria-label="Month after" icon={<ChevronRight />} onClick={() => byMonth(1)} />
        <h3 className={css.month} id="maintenance-month" aria-live="polite">
          {monthTitle(month)}
        </h3>
        <Button variant="quiet" disabled={month === today.slice(0, 7) && cursor === today} onClick={() => show({ month: null, day: null })}>
          Today
        </Button>
        <span className={css.zone}>all times in {zoneText}</span>
      </header>
      {daily.length > 0 && (
        <p className={css.daily}>
          Every day, or nearly:{' '}
          {daily.map((it, index) => (
            <span key={it.id}>
              {index > 0 && ' · '}
              <button
                type="button"
                aria-pressed={selected?.id === it.id}
                onClick={() => show({ selected: { what: 'routine', id: it.id } })}
              >
                {it.name}
              </button>{' '}
              {it.times}
            </span>
          ))}
        </p>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: bars reach over several days, which no table cell can */}
      <div className={css.grid} role="grid" aria-labelledby="maintenance-month" ref={grid} onKeyDown={onKeyDown}>
        {/* biome-ignore lint/a11y/useFocusableInteractive: only the days take the focus */}
        {/* biome-ignore lint/a11y/useSemanticElements: as the grid */}
        <div className={css.weekdays} role="row">
          {weekdays.map((name) => (
            // biome-ignore lint/a11y/useFocusableInteractive: only the days take the focus
            // biome-ignore lint/a11y/useSemanticElements: as the grid
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        {weeks.map((week) => (
          <WeekRow key={week.from} week={week} entries={entries} cursor={cursor} selected={selected?.id ?? null} zone={zone} />
        ))}
      </div>
    </section>
  );
}

/** The day that a key leads to; null where it leads nowhere. */
function stepped(key: string, day: string): string | null {
  switch (key) {
    case 'ArrowLeft':
      return moveDay(day, { days: -1 });
    case 'ArrowRight':
      return moveDay(day, { days: 1 });
    case 'ArrowUp':
      return moveDay(day, { days: -7 });
    case 'ArrowDown':
      return moveDay(day, { days: 7 });
    case 'PageUp':
      return moveDay(day, { months: -1 });
    case 'PageDown':
      return moveDay(day, { months: 1 });
    case 'Home':
      return edgeOfWeek(day, 'first');
    case 'End':
      return edgeOfWeek(day, 'last');
    default:
      return null;
  }
}

interface WeekRowProps {
  week: Week;
  entries: CalendarEntry[];
  cursor: string;
  selected: string | null;
  zone: string;
}

function WeekRow({ week, entries, cursor, selected, zone }: WeekRowProps) {
  const [open, setOpen] = useState(false);
  const { bars, hidden } = useMemo(() => barsOf(week, entries, open ? Number.POSITIVE_INFINITY : lanes), [week, entries, open]);
  const rows = bars.reduce((most, bar) => Math.max(most, bar.lane + 1), lanes);
  const fold = (column: number) =>
    open ? bars.some((bar) => bar.lane >= lanes && bar.column <= column && column < bar.column + bar.span) : (hidden[column] ?? 0) > 0;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: only the days take the focus
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    <div className={css.week} role="row" style={{ gridTemplateRows: `1.75rem repeat(${rows}, 1.3125rem) 1.25rem` }}>
      {week.days.map((day, column) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
        // biome-ignore lint/a11y/useSemanticElements: as the grid
        <div key={day.key} className={css.cell} role="gridcell">
          <DayButton day={day} column={column} zone={zone} focusable={day.key === cursor} />
          {bars
            .filter((bar) => bar.column === column)
            .map((bar) => (
              <BarButton key={bar.entry.key} bar={bar} selected={bar.entry.id === selected} />
            ))}
          {fold(column) && (
            <button
              type="button"
              className={css.more}
              style={{ gridColumn: column + 1, gridRow: rows + 2 }}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {open ? 'fewer' : `${hidden[column]} more`}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

function DayButton({ day, column, zone, focusable }: { day: Day; column: number; zone: string; focusable: boolean }) {
  return (
    <button
      type="button"
      className={css.day}
      style={{ gridColumn: column + 1 }}
      data-day={day.key}
      data-outside={day.inMonth ? undefined : ''}
      data-today={day.today ? '' : undefined}
      aria-current={day.today ? 'date' : undefined}
      aria-label={`${dayName(day.at, zone)}: plan work`}
      tabIndex={focusable ? 0 : -1}
      onFocus={() => useShown.getState().day !== day.key && show({ day: day.key })}
      onClick={() => show({ form: { kind: 'plan', window: null, day: day.key } })}
    >
      <span className={css.number}>{day.number}</span>
    </button>
  );
}

function BarButton({ bar, selected }: { bar: Bar<CalendarEntry>; selected: boolean }) {
  const { entry } = bar;
  return (
    <button
      type="button"
      className={css.bar}
      style={{ gridColumn: `${bar.column + 1} / span ${bar.span}`, gridRow: bar.lane + 2 }}
      data-tone={entry.tone}
      data-opens={bar.opens ? '' : undefined}
      data-closes={bar.closes && !entry.openEnd ? '' : undefined}
      aria-pressed={selected}
      aria-label={`${bar.opens ? `${entry.short} ` : ''}${entry.name}, ${entry.full}`}
      title={`${entry.name}, ${entry.full}`}
      onClick={() => show({ selected: { what: entry.what, id: entry.id } })}
    >
      {bar.opens && <span className={css.barTime}>{entry.short}</span>} <span className={css.barName}>{entry.name}</span>
    </button>
  );
}

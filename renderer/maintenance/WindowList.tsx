/** Planned work in lists: running (an overrun is loud), coming, without a day, routines, and folded away what is over. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { MaintenanceCalendar } from '../../shared/contract.ts';
import type { WindowLive } from '../../shared/live.ts';
import { scheduleWords } from '../../shared/maintenance/words.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { count, listOf } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Overline } from '../components/Overline.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import css from './Maintenance.module.css';
import { show, useOver, useShown } from './use-maintenance.ts';
import { stateText, stretchText, type WindowLists } from './window-words.ts';

type Routines = MaintenanceCalendar['routines'];

export interface ListsProps {
  lists: WindowLists;
  routines: Routines | null;
  nameOf(id: string): string;
  zone: string;
  now: number;
  version: string;
}

export function WindowListing({ lists, routines, nameOf, zone, now, version }: ListsProps) {
  const row = (it: WindowLive | MaintenanceWindow) => <WindowRow key={it.id} window={it} nameOf={nameOf} zone={zone} now={now} />;
  const nothing = Object.values(lists).every((it: WindowLive[]) => it.length === 0);
  const next = routines ? nextOf(routines, now) : [];
  return (
    <>
      {nothing && (
        <p className={css.hint}>
          Work that is planned here wakes nobody, and uptime tells it apart from outages. Click on a day in the calendar, or press “Plan
          work”.
        </p>
      )}
      {lists.running.length > 0 && <Part title="Running now">{lists.running.map(row)}</Part>}
      {lists.unfinished.length > 0 && <Part title="Not finished yet">{lists.unfinished.map(row)}</Part>}
      {lists.coming.length > 0 && <Part title="Coming">{lists.coming.map(row)}</Part>}
      {lists.undecided.length > 0 && <Part title="Day not fixed yet">{lists.undecided.map(row)}</Part>}
      {next.length > 0 && (
        <Part title="Routines">
          {next.map((it) => (
            <RoutineRow key={it.routine} routine={it} nameOf={nameOf} zone={zone} now={now} />
          ))}
        </Part>
      )}
      <Over row={row} version={version} />
    </>
  );
}

/** Each routine once, with its next time. */
function nextOf(routines: Routines, now: number): Routines {
  const next = new Map<string, Routines[number]>();
  for (const it of routines) {
    const have = next.get(it.routine);
    if (it.to > now && (!have || it.at < have.at)) next.set(it.routine, it);
  }
  return [...next.values()].sort((a, b) => a.at - b.at);
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <Overline>{title}</Overline>
      <ul className={css.rows}>{children}</ul>
    </section>
  );
}

interface RowProps {
  nameOf(id: string): string;
  zone: string;
  now: number;
}

function WindowRow({ window: it, nameOf, zone, now }: RowProps & { window: WindowLive | MaintenanceWindow }) {
  const selected = useShown((shown) => shown.selected?.what === 'window' && shown.selected.id === it.id);
  const late = 'overrunSince' in it && it.overrunSince !== null;
  const running = 'running' in it && it.running !== null;
  return (
    <li>
      <button
        type="button"
        className={css.row}
        aria-pressed={selected}
        data-late={late ? '' : undefined}
        onClick={() => show({ selected: { what: 'window', id: it.id } })}
      >
        {late || running ? <StandingMark standing={late ? 'degraded' : 'maintenance'} silent /> : <span />}
        <span className={css.rowName}>{it.name}</span>
        <span className={css.rowWhen}>
          {stateText(it, zone, now)}
          {it.schedule && !running && `, ${scheduleWords(it.schedule.cron)}`}
        </span>
        {it.affects.length > 0 && <span className={css.rowWhat}>{listOf(it.affects.map(nameOf), 3)}</span>}
      </button>
    </li>
  );
}

function RoutineRow({ routine: it, nameOf, zone, now }: RowProps & { routine: Routines[number] }) {
  const selected = useShown((shown) => shown.selected?.what === 'routine' && shown.selected.id === it.routine);
  return (
    <li>
      <button
        type="button"
        className={css.row}
        aria-pressed={selected}
        onClick={() => show({ selected: { what: 'routine', id: it.routine } })}
      >
        <span />
        <span className={css.rowName}>{it.name}</span>
        <span className={css.rowWhen}>
          {it.at <= now ? 'runs now, ' : 'next '}
          {stretchText(it.at, it.to, zone, now)}, usually {humanDuration(it.to - it.at)}
        </span>
        {it.restarts.length > 0 && <span className={css.rowWhat}>restarts {listOf(it.restarts.map(nameOf), 3)}</span>}
      </button>
    </li>
  );
}

function Over({ row, version }: { row(it: MaintenanceWindow): ReactNode; version: string }) {
  const [open, setOpen] = useState(false);
  const { over, failure, again } = useOver(open, version);
  return (
    <section className={css.part} aria-label="Over">
      <button type="button" className={css.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight aria-hidden />
        Over, the last 90 days{open && over ? ` (${over.length})` : ''}
      </button>
      {open && failure && (
        <Notice tone="bad" actions={<Button onClick={again}>Try again</Button>}>
          {failure}
        </Notice>
      )}
      {open && !over && !failure && <p className={css.hint}>Reading…</p>}
      {open && over?.length === 0 && <p className={css.hint}>There was none.</p>}
      {open && over && over.length > 0 && (
        <ul className={css.rows} aria-label={count(over.length, 'planned work that is over', 'planned works that are over')}>
          {over.map(row)}
        </ul>
      )}
    </section>
  );
}

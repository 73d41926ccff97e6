/** Planned work: the month, what runs and what comes, the details of one, and the changes of the last 30 days. */
import { useCallback, useMemo, useState } from 'react';
import { count, listOf } from '../../shared/text.ts';
import { dayKey, humanDuration, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { ViewHead } from '../components/ViewHead.tsx';
import { useLive, useZone } from '../state/live.ts';
import { ActDialog } from './ActDialog.tsx';
import { ChangeDialog } from './ChangeDialog.tsx';
import { ChangeList } from './ChangeList.tsx';
import { dailyRoutines, entriesOf } from './calendar-entries.ts';
import { weeksOf } from './calendar-grid.ts';
import css from './Maintenance.module.css';
import { MonthCalendar } from './MonthCalendar.tsx';
import { PlanDialog } from './PlanDialog.tsx';
import { show, useCalendar, useOver, usePlansVersion, useRoutines, useShown, useWindows } from './use-maintenance.ts';
import { Panel, WindowDetail } from './WindowDetail.tsx';
import { WindowListing } from './WindowList.tsx';
import { headlineOf, listsOf, stretchText } from './window-words.ts';

export function MaintenanceView() {
  const zone = useZone();
  const { windows, now } = useWindows();
  const subjects = useLive((live) => live.tables.subjects);
  const nameOf = useCallback((id: string) => subjects[id]?.name ?? id, [subjects]);
  const { month: chosen, selected } = useShown();
  const today = dayKey(now, zone);
  const month = chosen ?? today.slice(0, 7);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the grid moves with the day, not with the clock
  const weeks = useMemo(() => weeksOf(month, zone, now), [month, zone, today]);
  const version = usePlansVersion();
  const calendar = useCalendar(weeks, version);
  const routines = useRoutines(version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what runs moves with the minute
  const entries = useMemo(
    () => (calendar.value ? entriesOf(calendar.value, windows, zone, now) : []),
    [calendar.value, windows, zone, Math.floor(now / 60_000)],
  );
  const daily = useMemo(() => (calendar.value ? dailyRoutines(calendar.value, zone) : []), [calendar.value, zone]);
  const lists = useMemo(() => listsOf(Object.values(windows)), [windows]);
  const head = headlineOf(lists, nameOf, zone, now);
  const again = () => {
    calendar.again();
    routines.again();
  };

  return (
    <section className={css.view} aria-labelledby="maintenance-title">
      <ViewHead
        id="maintenance-title"
        text={head.text}
        tone={head.tone}
        mark={<StandingMark standing={head.tone === 'late' ? 'degraded' : head.tone === 'running' ? 'maintenance' : 'ok'} silent />}
      >
        <Button onClick={() => show({ form: { kind: 'change' } })}>Enter a change</Button>
        <Button variant="primary" onClick={() => show({ form: { kind: 'plan', window: null, day: null } })}>
          Plan work
        </Button>
      </ViewHead>
      <div className={css.columns}>
        <div className={css.left}>
          {calendar.failure && (
            <Notice tone="bad" title="The calendar could not be read." actions={<Button onClick={calendar.again}>Try again</Button>}>
              {calendar.failure}
            </Notice>
          )}
          <MonthCalendar
            month={month}
            weeks={weeks}
            entries={entries}
            daily={daily}
            zone={zone}
            zoneText={zonesText(weeks[0]?.from ?? now, (weeks.at(-1)?.to ?? now) - 1, zone)}
            today={today}
            busy={calendar.asking}
          />
          <ChangeList zone={zone} nameOf={nameOf} />
        </div>
        <aside className={css.right} aria-label="Planned work and routines">
          {selected?.what === 'window' && <SelectedWindow key={selected.id} id={selected.id} zone={zone} now={now} version={version} />}
          {selected?.what === 'routine' && (
            <RoutineDetail id={selected.id} routines={routines.value} nameOf={nameOf} zone={zone} now={now} />
          )}
          {routines.failure && (
            <Notice tone="bad" title="The routines could not be read." actions={<Button onClick={routines.again}>Try again</Button>}>
              {routines.failure}
            </Notice>
          )}
          <WindowListing lists={lists} routines={routines.value} nameOf={nameOf} zone={zone} now={now} version={version} />
        </aside>
      </div>
      <OpenForm again={again} />
    </section>
  );
}

/** "PST (UTC−8)", or both names where the clocks change in between. */
function zonesText(from: number, to: number, zone: string): string {
  const [first, last] = [zoneTitle(from, zone), zoneTitle(to, zone)];
  return first === last ? first : `${first}, later ${last}`;
}

/** One that still comes stands in the live picture; one that is over is looked up. */
function SelectedWindow({ id, zone, now, version }: { id: string; zone: string; now: number; version: string }) {
  const live = useLive((it) => it.tables.windows[id]);
  const { over, failure } = useOver(live === undefined, version);
  const window = live ?? over?.find((it) => it.id === id);
  if (window) return <WindowDetail window={window} zone={zone} now={now} />;
  return <p className={css.hint}>{failure ?? (over ? 'This work is older than 90 days: look for it on the timeline.' : 'Reading…')}</p>;
}

interface RoutineDetailProps {
  id: string;
  routines: { routine: string; name: string; at: number; to: number; restarts: string[] }[] | null;
  nameOf(id: string): string;
  zone: string;
  now: number;
}

function RoutineDetail({ id, routines, nameOf, zone, now }: RoutineDetailProps) {
  const times = routines?.filter((it) => it.routine === id && it.to > now) ?? [];
  const [next] = times;
  if (!next) return <p className={css.hint}>{routines ? 'This routine does not come in the next five weeks.' : 'Reading…'}</p>;
  return (
    <Panel title={next.name} of={id}>
      <dl className={css.facts}>
        <dt>What it is</dt>
        <dd>a recurring job of the servers themselves, from the inventory file</dd>
        <dt>Next</dt>
        <dd>
          {times.slice(0, 3).map((it) => (
            <div key={it.at}>{stretchText(it.at, it.to, zone, now)}</div>
          ))}
        </dd>
        <dt>Usually takes</dt>
        <dd>{humanDuration(next.to - next.at)}</dd>
        <dt>Restarts</dt>
        <dd>{next.restarts.length > 0 ? listOf(next.restarts.map(nameOf), 20) : 'nothing by name'}</dd>
      </dl>
      <p className={css.hint}>
        What it restarts may be away for so long.{' '}
        {next.restarts.length > 0 ? `If ${count(next.restarts.length, 'thing')} of these` : 'If one of them'} is not back then, an alert
        names this routine.
      </p>
    </Panel>
  );
}

function OpenForm({ again }: { again(): void }) {
  const form = useShown((shown) => shown.form);
  const window = useLive((live) => (form?.kind === 'act' ? live.tables.windows[form.window] : undefined));
  const close = () => show({ form: null });
  switch (form?.kind) {
    case 'plan':
      return (
        <PlanDialog
          window={form.window}
          affects={[]}
          day={form.day}
          onClose={close}
          onDone={(id) => {
            show({ selected: { what: 'window', id } });
            again();
          }}
        />
      );
    case 'change':
      return <ChangeDialog subject={null} onClose={close} />;
    case 'act':
      return <Acting key={`${form.act} ${form.window}`} form={form} window={window} onClose={close} onDone={again} />;
    default:
      return null;
  }
}

type Acts = Extract<NonNullable<ReturnType<typeof useShown.getState>['form']>, { kind: 'act' }>;
type LiveWindow = Parameters<typeof ActDialog>[0]['window'];

/** Keeps what was known of the window when the form opened: should it end meanwhile, the form stays and the engine says so. */
function Acting({ form, window, onClose, onDone }: { form: Acts; window: LiveWindow | undefined; onClose(): void; onDone(): void }) {
  const [opened] = useState(window);
  const it = window ?? opened;
  return it ? <ActDialog act={form.act} window={it} onClose={onClose} onDone={onDone} /> : null;
}

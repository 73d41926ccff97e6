/** The left edge: the screens on top; at the bottom drills, wall and settings, which belong to the desk, or the debrief of a drill. */
import {
  CalendarClock,
  ChartNoAxesColumn,
  Flag,
  GraduationCap,
  LayoutGrid,
  List,
  MonitorUp,
  Network,
  Settings2,
  Siren,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { desktop } from '../state/desktop.ts';
import { inDrill } from '../state/role.ts';
import { useSettings } from '../state/settings.ts';
import { openDialog, type Screen, say, showScreen, useView } from '../state/view.ts';
import css from './Rail.module.css';

async function openWall(): Promise<void> {
  const reply = await desktop.openWall({ display: useSettings.getState().wall.display });
  if (!reply.ok) say(reply.failure.text, 'bad');
  else if (reply.value.fellBack) say('The display chosen for the wall is not connected; it opened on another one.');
}

export function Rail() {
  return (
    <nav className={css.rail} aria-label="Screens">
      <Place screen="desk" label="Desk" keyHint="1">
        <LayoutGrid aria-hidden />
      </Place>
      <Place screen="timeline" label="Timeline" keyHint="2">
        <List aria-hidden />
      </Place>
      <Place screen="incidents" label="Incidents" keyHint="3">
        <Siren aria-hidden />
      </Place>
      <Place screen="maintenance" label="Planned work" keyHint="m">
        <CalendarClock aria-hidden />
      </Place>
      <Place screen="uptime" label="Uptime" keyHint="u">
        <ChartNoAxesColumn aria-hidden />
      </Place>
      <Place screen="sites" label="Sites" keyHint="4">
        <Network aria-hidden />
      </Place>
      <span className={css.gap} />
      {inDrill ? (
        <Place screen="debrief" label="Debrief" keyHint="5">
          <Flag aria-hidden />
        </Place>
      ) : (
        <OfTheDesk />
      )}
    </nav>
  );
}

function OfTheDesk() {
  return (
    <>
      <button
        type="button"
        className={css.place}
        onClick={() => openDialog({ kind: 'drills' })}
        aria-label="Play a drill"
        data-tip="Play a drill (g)"
      >
        <GraduationCap aria-hidden />
      </button>
      <button type="button" className={css.place} onClick={() => void openWall()} aria-label="Open the wall" data-tip="Open the wall">
        <MonitorUp aria-hidden />
      </button>
      <Place screen="settings" label="Settings">
        <Settings2 aria-hidden />
      </Place>
    </>
  );
}

function Place({ screen, label, keyHint, children }: { screen: Screen; label: string; keyHint?: string; children: ReactNode }) {
  const here = useView((view) => view.screen === screen);
  return (
    <button
      type="button"
      className={css.place}
      aria-current={here ? 'page' : undefined}
      aria-label={label}
      data-tip={keyHint ? `${label} (${keyHint})` : label}
      onClick={() => showScreen(screen)}
    >
      {children}
    </button>
  );
}

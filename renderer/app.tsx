/** The frame of the desk: rail, first line, banners, the screen, and whichever dialog is open. */
import type { ReactNode } from 'react';
import css from './app.module.css';
import { Fence } from './components/Fence.tsx';
import { Said } from './components/Notice.tsx';
import { AcknowledgeDialog } from './desk/AcknowledgeDialog.tsx';
import { Banners } from './desk/Banners.tsx';
import { DeskView } from './desk/DeskView.tsx';
import { EndSilenceDialog } from './desk/EndSilenceDialog.tsx';
import { FindDialog } from './desk/FindDialog.tsx';
import { HelpDialog } from './desk/HelpDialog.tsx';
import { useKeys } from './desk/keys.ts';
import { NoteDialog } from './desk/NoteDialog.tsx';
import { Rail } from './desk/Rail.tsx';
import { ReleaseDialog } from './desk/ReleaseDialog.tsx';
import { SilenceDialog } from './desk/SilenceDialog.tsx';
import { TopBar } from './desk/TopBar.tsx';
import { DebriefView } from './drill/DebriefView.tsx';
import { LeaveDrillDialog } from './drill/LeaveDrillDialog.tsx';
import { PlayDrillDialog } from './drill/PlayDrillDialog.tsx';
import { IncidentDialog } from './incidents/IncidentDialogs.tsx';
import { IncidentsView } from './incidents/IncidentsView.tsx';
import { AddTargetDialog } from './inventory/AddTargetDialog.tsx';
import { ChangeDialog } from './maintenance/ChangeDialog.tsx';
import { MaintenanceView } from './maintenance/MaintenanceView.tsx';
import { PlanDialog } from './maintenance/PlanDialog.tsx';
import { PlacesView } from './places/PlacesView.tsx';
import { SettingsView } from './settings/SettingsView.tsx';
import { closeDialog, type Screen, useView } from './state/view.ts';
import { TimelineView } from './timeline/TimelineView.tsx';
import { UptimeView } from './uptime/UptimeView.tsx';

const screens: Record<Screen, () => ReactNode> = {
  desk: DeskView,
  timeline: TimelineView,
  incidents: IncidentsView,
  maintenance: MaintenanceView,
  uptime: UptimeView,
  sites: PlacesView,
  settings: SettingsView,
  debrief: DebriefView,
};

export function App() {
  useKeys();
  const screen = useView((view) => view.screen);
  const Shown = screens[screen];
  return (
    <div className={css.app}>
      <Rail />
      <div className={css.page}>
        <TopBar />
        <Banners />
        <main className={css.screen}>
          <Fence key={screen}>
            <Shown />
          </Fence>
        </main>
      </div>
      <OpenDialog />
      <Said />
    </div>
  );
}

function OpenDialog() {
  const dialog = useView((view) => view.dialog);
  switch (dialog?.kind) {
    case 'acknowledge':
      return <AcknowledgeDialog alerts={dialog.alerts} />;
    case 'release':
      return <ReleaseDialog alerts={dialog.alerts} />;
    case 'silence':
      return <SilenceDialog subjects={dialog.subjects} />;
    case 'end-silence':
      return <EndSilenceDialog silence={dialog.silence} />;
    case 'change':
      return <ChangeDialog subject={dialog.subject} />;
    case 'plan':
      return <PlanDialog window={dialog.window} affects={dialog.affects} />;
    case 'note':
      return <NoteDialog subject={dialog.subject} />;
    case 'add':
      return <AddTargetDialog open onClose={closeDialog} initialGroup={dialog.group} />;
    case 'incident':
      return <IncidentDialog of={dialog.of} />;
    case 'drills':
      return <PlayDrillDialog />;
    case 'leave-drill':
      return <LeaveDrillDialog what={dialog.what} />;
    case 'find':
      return <FindDialog />;
    case 'help':
      return <HelpDialog />;
    default:
      return null;
  }
}

/** Whichever dialog about an incident is open. */
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import type { IncidentDialog as Which } from '../state/view.ts';
import { JoinDialog, LeaveDialog, MergeDialog, ReceivedDialog, StatusDialog } from './ConfirmDialogs.tsx';
import { DocumentDialog } from './DocumentDialog.tsx';
import { EditIncidentDialog } from './EditIncidentDialog.tsx';
import { OpenIncidentDialog } from './OpenIncidentDialog.tsx';

export function IncidentDialog({ of: it }: { of: Which }) {
  return it.what === 'open' ? <OpenIncidentDialog alerts={it.alerts} /> : <AboutOne of={it} />;
}

function AboutOne({ of: it }: { of: Exclude<Which, { what: 'open' }> }) {
  const live = useLive((all) => all.tables.incidents[it.incident]);
  // An older one is in no window's picture.
  const asked = useAsk(live ? null : `incident ${it.incident}`, () => engine.incident({ incident: it.incident }));
  const incident = live ?? asked.value?.incident;
  if (!incident) return null;
  switch (it.what) {
    case 'edit':
      return <EditIncidentDialog incident={incident} field={it.field} />;
    case 'status':
      return <StatusDialog incident={incident} to={it.to} />;
    case 'merge':
      return <MergeDialog incident={incident} />;
    case 'join':
      return <JoinDialog incident={incident} />;
    case 'leave':
      return <LeaveDialog incident={incident} alert={it.alert} />;
    case 'received':
      return <ReceivedDialog incident={incident} owed={it.owed} />;
    case 'document':
      return <DocumentDialog incident={incident} kind={it.document} />;
  }
}

/** Whichever dialog about an incident is open. */
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { closeDialog, type IncidentDialog as Which } from '../state/view.ts';
import { JoinDialog, LeaveDialog, MergeDialog, ReceivedDialog, StatusDialog } from './ConfirmDialogs.tsx';
import { DocumentDialog } from './DocumentDialog.tsx';
import { EditIncidentDialog } from './EditIncidentDialog.tsx';
import { OpenIncidentDialog } from './OpenIncidentDialog.tsx';

export function IncidentDialog({ of: it }: { of: Which }) {
  return it.what === 'open' ? <OpenIncidentDialog alerts={it.alerts} /> : <AboutOne of={it} />;
}

/** Of an old one that cannot be asked for. */
function NotReadable({ why, again }: { why: string; again(): void }) {
  return (
    <Dialog
      open
      onClose={closeDialog}
      title="This incident"
      footer={
        <>
          <Button onClick={closeDialog}>Close</Button>
          <Button variant="primary" onClick={again}>
            Try again
          </Button>
        </>
      }
    >
      <Notice tone="bad" title="The incident could not be read. Nothing was changed.">
        {why}
      </Notice>
    </Dialog>
  );
}

function AboutOne({ of: it }: { of: Exclude<Which, { what: 'open' }> }) {
  const live = useLive((all) => all.tables.incidents[it.incident]);
  // An older one is in no window's picture.
  const asked = useAsk(live ? null : `incident ${it.incident}`, () => engine.incident({ incident: it.incident }));
  const incident = live ?? asked.value?.incident;
  if (!incident) return asked.failure ? <NotReadable why={asked.failure} again={asked.again} /> : null;
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

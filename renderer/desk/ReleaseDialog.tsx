/** Gives alerts back: nobody has them any more, and they stand among the open ones again. Closes only when it is on disk. */
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { closeDialog, say } from '../state/view.ts';
import { ChosenAlerts } from './ChosenAlerts.tsx';
import { SignedFields, useSigned } from './signed-form.tsx';

export function ReleaseDialog({ alerts }: { alerts: string[] }) {
  const table = useLive((live) => live.tables.alerts);
  const form = useSigned();
  const taken = alerts.flatMap((id) => (table[id]?.endedAt === null && table[id].acknowledgement ? [table[id]] : []));

  const submit = async () => {
    if (taken.length === 0) return;
    if (!(await form.submit(({ by, text }) => engine.release({ alerts: taken.map((alert) => alert.id), by, comment: text })))) return;
    say(taken.length === 1 ? 'Given back: nobody has it now.' : `${taken.length} alerts are given back: nobody has them now.`);
    closeDialog();
  };

  return (
    <Dialog
      open
      keepOpen={form.text.trim() !== ''}
      onClose={closeDialog}
      title="Give back"
      description="Nobody has it then: it stands among the open ones again, and whoever is on call is told."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={form.busy} disabled={taken.length === 0}>
            {form.busy ? 'Writing…' : 'Give back'}
          </Button>
        </>
      }
    >
      <ChosenAlerts alerts={taken} />
      {taken.length === 0 && <Notice>Nobody has this any more: there is nothing to give back.</Notice>}
      {form.failure && (
        <Notice tone="bad" title="Not given back.">
          {form.failure}
        </Notice>
      )}
      <SignedFields form={form} who="Who gives it back" what="Why" missing="Say why, so that the next person knows." />
    </Dialog>
  );
}

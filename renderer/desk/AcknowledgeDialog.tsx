/** "I am on it": takes one or several alerts on, with a name and what is done about them. Closes only when it is on disk. */
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { clearChosen, closeDialog, say, setCursor } from '../state/view.ts';
import css from './forms.module.css';
import { SignedFields, useSigned } from './signed-form.tsx';

export function AcknowledgeDialog({ alerts }: { alerts: string[] }) {
  const table = useLive((live) => live.tables.alerts);
  const form = useSigned();
  const there = alerts.flatMap((id) => table[id] ?? []);
  const running = there.filter((alert) => alert.endedAt === null);
  const over = alerts.length - running.length;
  const many = running.length > 1;

  const submit = async () => {
    if (running.length === 0) return;
    const done = await form.submit(({ by, text }) => engine.acknowledge({ alerts: running.map((alert) => alert.id), by, comment: text }));
    if (!done) return;
    say(many ? `${running.length} alerts are yours. It is on the timeline.` : `“${running[0]?.title}” is yours. It is on the timeline.`);
    clearChosen();
    // The next one that nobody has becomes the current one.
    setCursor(null);
    closeDialog();
  };

  return (
    <Dialog
      open
      keepOpen={form.text.trim() !== ''}
      onClose={closeDialog}
      title={many ? `Acknowledge ${running.length} alerts` : 'Acknowledge'}
      description="Tells everybody that somebody is on it. The alert stays until the trouble is over."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={form.busy} disabled={running.length === 0}>
            {form.busy ? 'Writing…' : 'Acknowledge'}
          </Button>
        </>
      }
    >
      <ul className={css.what}>
        {running.map((alert) => (
          <li key={alert.id}>
            <StandingMark standing={alert.severity} />
            {alert.title}
          </li>
        ))}
      </ul>
      {over > 0 && (
        <Notice>
          {running.length === 0
            ? 'This is over already: there is nothing left to acknowledge. A note can still be written.'
            : `${over} of the chosen alerts ${over === 1 ? 'is' : 'are'} over already and will be left out.`}
        </Notice>
      )}
      {form.failure && (
        <Notice tone="bad" title="Not acknowledged.">
          {form.failure}
        </Notice>
      )}
      <SignedFields
        form={form}
        who="Who has it"
        what="What you do about it"
        missing="Say what you do about it, so that the next person knows."
      />
    </Dialog>
  );
}

/** "I am on it": takes one or several alerts on, with a name and what is done about them. Closes only when it is on disk. */
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { clearChosen, closeDialog, say } from '../state/view.ts';
import { goOn } from './actions.ts';
import { ChosenAlerts, leftOut } from './ChosenAlerts.tsx';
import css from './forms.module.css';
import { IncidentChoice, useIncidentChoice } from './IncidentChoice.tsx';
import { SignedFields, useSigned } from './signed-form.tsx';
import { UntilField, useUntil } from './UntilField.tsx';

const offers = [
  ['2h', '2 h (suggested)'],
  ['30m', '30 min'],
  ['8h', '8 h'],
  ['none', 'No end'],
  ['custom', 'Until a certain time…'],
] as const;

export function AcknowledgeDialog({ alerts }: { alerts: string[] }) {
  const table = useLive((live) => live.tables.alerts);
  const form = useSigned();
  const until = useUntil('2h');
  const [sticky, setSticky] = useState(false);
  const [fromCard] = useState(() => document.activeElement?.closest('[data-alert]') != null);
  /** Ids that are acknowledged while their incident could not be opened or joined. */
  const [done, setDone] = useState<string[] | null>(null);
  const running = alerts.flatMap((id) => (table[id]?.endedAt === null ? [table[id]] : []));
  const over = alerts.length - running.length;
  const incident = useIncidentChoice(done ?? running.map((alert) => alert.id));
  const after = useSend();
  const many = running.length > 1;
  // Taking over is meant only where the person could see, before writing, that somebody has it.
  const [hadBefore] = useState(() => new Set(running.filter((alert) => alert.acknowledgement).map((alert) => alert.id)));
  const others = running.filter((alert) => alert.acknowledgement && alert.acknowledgement.by !== form.by.trim());
  const takesOver = others.length > 0 && others.every((alert) => hadBefore.has(alert.id));
  const owners = [...new Set(others.map((alert) => alert.acknowledgement?.by))];

  const submit = async (takeOver: boolean) => {
    const read = until.read();
    if (done) {
      if (await after.send(() => incident.apply(form.by))) finish(done, incident.said);
      return;
    }
    if (running.length === 0) return;
    const ids = running.map((alert) => alert.id);
    const acknowledged = await form.submit(
      ({ by, text }) =>
        engine.acknowledge({
          alerts: ids,
          by,
          comment: text,
          sticky,
          until: read.ok ? read.value : null,
          takeOver,
        }),
      read.ok,
    );
    if (!acknowledged) return;
    const yours = many ? `${running.length} alerts are yours.` : `“${running[0]?.title}” is yours.`;
    if (incident.wanted && !(await after.send(() => incident.apply(form.by)))) {
      setDone(ids);
      return;
    }
    finish(ids, incident.wanted ? `${yours} ${incident.said}` : `${yours} It is on the timeline.`);
  };
  const finish = (taken: readonly string[], words: string) => {
    say(words);
    clearChosen();
    closeDialog();
    goOn(taken, fromCard);
  };
  const verb = takesOver ? 'Take over' : 'Acknowledge';

  if (done) {
    return (
      <Dialog
        open
        onClose={closeDialog}
        title="Acknowledged"
        description="That stands, and is on the timeline."
        onSubmit={() => void submit(false)}
        footer={
          <>
            <Button onClick={closeDialog}>Leave it at that</Button>
            <Button variant="primary" type="submit" busy={after.busy}>
              {after.busy ? 'Writing…' : 'Try again'}
            </Button>
          </>
        }
      >
        <Notice tone="bad" title={incident.choice === 'open' ? 'The incident was not opened.' : 'The incident was not joined.'}>
          {after.failure}
        </Notice>
        <IncidentChoice form={incident} many={done.length > 1} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      keepOpen={form.text.trim() !== ''}
      onClose={closeDialog}
      title={many ? `${verb} ${running.length} alerts` : verb}
      description="Tells everybody that somebody is on it. The alert stays until the trouble is over."
      onSubmit={() => void submit(takesOver)}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={form.busy || after.busy} disabled={running.length === 0}>
            {form.busy || after.busy ? 'Writing…' : verb}
          </Button>
        </>
      }
    >
      <ChosenAlerts alerts={running} />
      {over > 0 && <Notice>{leftOut(over, running.length, 'acknowledge')}</Notice>}
      {takesOver && form.code !== 'already-taken' && (
        <Notice tone="warn">
          {owners.join(' and ')} {owners.length === 1 ? 'has' : 'have'} {many ? `${others.length} of these` : 'this'}. Taking over puts your
          name in the place of {owners.length === 1 ? 'that' : 'those'}, and is on the timeline.
        </Notice>
      )}
      {form.failure && (
        <Notice
          tone="bad"
          title="Not acknowledged."
          actions={
            form.code === 'already-taken' && (
              <Button busy={form.busy} onClick={() => void submit(true)}>
                Take over
              </Button>
            )
          }
        >
          {form.failure}
        </Notice>
      )}
      <SignedFields
        form={form}
        who="Who has it"
        what="What you do about it"
        missing="Say what you do about it, so that the next person knows."
      />
      <IncidentChoice form={incident} many={many} />
      <fieldset className={css.choice}>
        <legend>It counts</legend>
        <label>
          <input type="radio" name="ack-kind" checked={!sticky} onChange={() => setSticky(false)} /> until something else changes
        </label>
        <label>
          <input type="radio" name="ack-kind" checked={sticky} onChange={() => setSticky(true)} /> until all is ok
        </label>
        <p>Either way it opens again when more fails.</p>
      </fieldset>
      <UntilField form={until} label="Opens again by itself after" offers={offers} tried={form.tried} />
    </Dialog>
  );
}

/** "I am on it": takes one or several alerts on, with a name and what is done about them. Closes only when it is on disk. */
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { clearChosen, closeDialog, say, setCursor } from '../state/view.ts';
import css from './forms.module.css';

export function AcknowledgeDialog({ alerts }: { alerts: string[] }) {
  const table = useLive((live) => live.tables.alerts);
  const remembered = useSettings((settings) => settings.author);
  const [by, setBy] = useState(remembered);
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  const there = alerts.flatMap((id) => table[id] ?? []);
  const running = there.filter((alert) => alert.endedAt === null);
  const over = alerts.length - running.length;
  const many = running.length > 1;

  const submit = async () => {
    setTried(true);
    if (!by.trim() || !comment.trim() || running.length === 0) return;
    const done = await send(() => engine.acknowledge({ alerts: running.map((alert) => alert.id), by, comment }));
    if (!done) return;
    if (by.trim() !== remembered) void changeSettings({ author: by.trim() });
    say(many ? `${running.length} alerts are yours. It is on the timeline.` : `“${running[0]?.title}” is yours. It is on the timeline.`);
    clearChosen();
    // The next one that nobody has becomes the current one.
    setCursor(null);
    closeDialog();
  };

  return (
    <Dialog
      open
      keepOpen={comment.trim() !== ''}
      onClose={closeDialog}
      title={many ? `Acknowledge ${running.length} alerts` : 'Acknowledge'}
      description="Tells everybody that somebody is on it. The alert stays until the trouble is over."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy} disabled={running.length === 0}>
            {busy ? 'Writing…' : 'Acknowledge'}
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
      {failure && (
        <Notice tone="bad" title="Not acknowledged.">
          {failure}
        </Notice>
      )}
      <Field label="Who has it" error={tried && !by.trim() ? 'Say who you are.' : null}>
        {(tie) => (
          <input
            {...tie}
            value={by}
            onChange={(event) => setBy(event.target.value)}
            autoComplete="name"
            maxLength={80}
            autoFocus={!remembered}
          />
        )}
      </Field>
      <Field
        label="What you do about it"
        error={tried && !comment.trim() ? 'Say what you do about it, so that the next person knows.' : null}
        help="Ctrl+Enter sends it."
      >
        {(tie) => (
          <textarea
            {...tie}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
            maxLength={4_000}
            autoFocus={Boolean(remembered)}
          />
        )}
      </Field>
    </Dialog>
  );
}

/** Passwords, tokens and webhook addresses that checks and channels need. Only their names come to this page; a value goes in and never out. */
import { useState } from 'react';
import { idSchema } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { desktop } from '../state/desktop.ts';
import { useSend } from '../state/send.ts';
import { say } from '../state/view.ts';
import css from './Settings.module.css';

export function SecretsSection() {
  const asked = useAsk('secrets', () => desktop.secrets({}));
  /** The secret being set: "" for a new one. */
  const [setting, setSetting] = useState<string | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const names = asked.value?.names ?? [];
  return (
    <section className={css.section} aria-labelledby="settings-secrets">
      <h3 id="settings-secrets">Secrets</h3>
      <div className={css.body}>
        <p className={css.soft}>
          Passwords, tokens and webhook addresses: for checks that log in, and for channels that tell people. The inventory names them;
          their values stay on this computer and are never shown.
        </p>
        {asked.value?.weak && (
          <Notice tone="warn" title="Secrets are not well protected on this computer.">
            The system has no keyring that Nightdesk can use ({asked.value.backend}), so whoever can read the files of your account can read
            every password, token and webhook address below. Install and unlock a keyring, such as GNOME Keyring or KWallet, start Nightdesk
            again, and set each of them anew.
          </Notice>
        )}
        {asked.failure && (
          <Notice tone="bad" title="The secrets cannot be listed." actions={<Button onClick={asked.again}>Try again</Button>}>
            {asked.failure}
          </Notice>
        )}
        {asked.value && names.length === 0 && <p className={css.soft}>There are none yet.</p>}
        {names.length > 0 && (
          <ul className={css.secrets}>
            {names.map((name) => (
              <li key={name}>
                <code>{name}</code>
                <Button variant="quiet" aria-label={`Set anew: ${name}`} onClick={() => setSetting(name)}>
                  Set anew
                </Button>
                <Button variant="quiet" danger aria-label={`Remove: ${name}`} onClick={() => setRemoving(name)}>
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
        <div className={css.buttons}>
          <Button onClick={() => setSetting('')}>Add a secret</Button>
        </div>
      </div>
      {setting !== null && <SetSecret name={setting} taken={names} onClose={() => setSetting(null)} onDone={asked.again} />}
      {removing !== null && <RemoveSecret name={removing} onClose={() => setRemoving(null)} onDone={asked.again} />}
    </section>
  );
}

function SetSecret({ name: given, taken, onClose, onDone }: { name: string; taken: readonly string[]; onClose(): void; onDone(): void }) {
  const [name, setName] = useState(given);
  const [value, setValue] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  const plain = name.trim();
  const problem =
    plain === ''
      ? 'Give it a name, such as imap-probe.'
      : !idSchema.safeParse(plain).success
        ? 'Lower-case letters, digits, dot, dash and underscore; it starts with a letter or a digit.'
        : given === '' && taken.includes(plain)
          ? `There is one of this name already. Use "Set anew" beside it.`
          : null;
  const submit = async () => {
    setTried(true);
    if (problem || value === '' || busy) return;
    if (!(await send(() => desktop.setSecret({ name: plain, value })))) return;
    say(`${plain} is kept. Checks and channels use it from their next run.`);
    onDone();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={value !== ''}
      title={given ? `Set ${given} anew` : 'Add a secret'}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            {busy ? 'Writing…' : 'Keep it'}
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="bad" title="It was not kept.">
          {failure}
        </Notice>
      )}
      {given === '' && (
        <Field label="Name" error={tried ? problem : null} help="The inventory refers to it by this name.">
          {(tie) => (
            <input
              {...tie}
              autoFocus
              value={name}
              maxLength={63}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label="Value"
        error={tried && value === '' ? 'Type the password, token or address.' : null}
        help="It cannot be looked at afterwards."
      >
        {(tie) => (
          <input
            {...tie}
            autoFocus={given !== ''}
            type="password"
            value={value}
            maxLength={10_000}
            autoComplete="off"
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}

function RemoveSecret({ name, onClose, onDone }: { name: string; onClose(): void; onDone(): void }) {
  const { busy, failure, send } = useSend();
  const remove = async () => {
    if (!(await send(() => desktop.removeSecret({ name })))) return;
    say(`${name} is gone.`);
    onDone();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${name}?`}
      description="Checks that use it cannot log in any more, and channels that use it cannot tell anybody. The value cannot be brought back."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" danger busy={busy} onClick={() => void remove()}>
            Remove
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="bad" title="It was not removed.">
          {failure}
        </Notice>
      )}
    </Dialog>
  );
}

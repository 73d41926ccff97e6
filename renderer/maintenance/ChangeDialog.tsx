/** Enters something that we changed, or reads many from a file. Closes only when it is on disk. */
import { useState } from 'react';
import type { ChangeEntry } from '../../shared/contract.ts';
import { type ChangeProblem, parseChanges } from '../../shared/maintenance/import-changes.ts';
import { clean, count } from '../../shared/text.ts';
import { stamp } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { now } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { useLive, useZone } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { closeDialog, say } from '../state/view.ts';
import { readChange } from './change-form.ts';
import css from './forms.module.css';
import { MomentFields } from './MomentFields.tsx';
import { type Moment, momentOf } from './moments.ts';
import { SubjectPicker } from './SubjectPicker.tsx';
import { useWho, WhoField } from './WhoField.tsx';

/** A file that was read: its changes, or what is wrong with it. */
interface Imported {
  name: string;
  changes: ChangeEntry[];
  problems: ChangeProblem[];
}

export function ChangeDialog({ subject, onClose = closeDialog }: { subject: string | null; onClose?(): void }) {
  const zone = useZone();
  const who = useWho();
  const [text, setText] = useState('');
  const [about, setAbout] = useState<string[]>(subject === null ? [] : [subject]);
  /** Null = now, whenever it is sent. */
  const [when, setWhen] = useState<Moment | null>(null);
  const [imported, setImported] = useState<Imported | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  const reading = readChange({ text, about, when }, zone, now());

  const pick = async () => {
    setUnread(null);
    const reply = await desktop.openText({ title: 'Import changes', endings: ['csv', 'json', 'jsonl', 'txt'] });
    if (!reply.ok) return setUnread(reply.failure.text);
    if (reply.value === null) return;
    const read = parseChanges(reply.value.content, zone);
    setImported({ name: reply.value.name, changes: read.ok ? read.value : [], problems: read.ok ? [] : read.failure });
  };

  const submit = async () => {
    setTried(true);
    const changes = imported ? (imported.problems.length > 0 ? [] : imported.changes) : 'entry' in reading ? [reading.entry] : [];
    if (changes.length === 0 || who.by.trim() === '' || busy) return;
    if (!(await send(() => engine.addChanges({ changes, by: who.by })))) return;
    who.remember();
    say(
      imported
        ? `${count(changes.length, 'change')} from ${imported.name} ${changes.length === 1 ? 'is' : 'are'} on the timeline.`
        : 'The change is on the timeline.',
    );
    onClose();
  };

  return (
    <Dialog
      open
      wide={imported !== null}
      onClose={onClose}
      keepOpen={text.trim() !== '' || imported !== null}
      title={imported ? 'Import changes' : 'Enter a change'}
      description="Something we did, such as security patches. It is shown beside later faults of the same thing."
      onSubmit={() => void submit()}
      footer={
        <>
          {!imported && (
            <Button variant="quiet" onClick={() => void pick()}>
              Import a file…
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy} disabled={imported !== null && imported.problems.length > 0}>
            {busy ? 'Writing…' : imported ? `Import ${count(imported.changes.length, 'change')}` : 'Enter it'}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {failure && (
          <Notice tone="bad" title={imported ? 'Nothing was imported.' : 'It was not entered.'}>
            {failure}
          </Notice>
        )}
        {unread && (
          <Notice tone="bad" title="The file was not read.">
            {unread}
          </Notice>
        )}
        {imported ? (
          <Preview imported={imported} zone={zone} onPick={() => void pick()} onLeave={() => setImported(null)} />
        ) : (
          <>
            <Field label="What was changed" error={tried && 'problems' in reading ? reading.problems.text : null}>
              {(tie) => (
                <textarea
                  {...tie}
                  value={text}
                  maxLength={1_000}
                  placeholder="Security patches, restarted"
                  autoFocus
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
            <SubjectPicker
              label="On what"
              optional
              single
              help="Left empty: on everything, or on nothing by name."
              chosen={about}
              onChange={setAbout}
            />
            <label className={css.tick}>
              <input
                type="checkbox"
                checked={when === null}
                onChange={(event) => setWhen(event.target.checked ? null : momentOf(now(), zone))}
              />
              Just now
            </label>
            {when !== null && (
              <MomentFields
                label="When"
                zone={zone}
                value={when}
                error={'problems' in reading ? reading.problems.when : null}
                onChange={setWhen}
              />
            )}
          </>
        )}
        <WhoField who={who} label={imported ? 'Who imports it' : 'Who did it'} tried={tried} />
      </div>
    </Dialog>
  );
}

const shown = 100;

function Preview({ imported, zone, onPick, onLeave }: { imported: Imported; zone: string; onPick(): void; onLeave(): void }) {
  const subjects = useLive((live) => live.tables.subjects);
  const { name, changes, problems } = imported;
  const strangers = [...new Set(changes.flatMap((it) => (it.subject !== null && !subjects[it.subject] ? it.subject : [])))];
  return (
    <>
      {problems.length > 0 ? (
        <Notice tone="bad" title={`${name} cannot be imported as it is. Nothing was written.`}>
          <ol className={css.wrong}>
            {problems.map((it) => (
              <li key={`${it.line} ${it.expected}`}>
                Line {it.line}: expected {it.expected}
              </li>
            ))}
          </ol>
        </Notice>
      ) : (
        <p>
          {name}: {count(changes.length, 'change')}. All of them, or none.
        </p>
      )}
      {strangers.length > 0 && (
        <Notice tone="warn">
          Not in the inventory:{' '}
          {strangers
            .slice(0, 5)
            .map((it) => clean(it, 60))
            .join(', ')}
          {strangers.length > 5 && ` and ${strangers.length - 5} more`}. These changes are kept, but stand beside no fault.
        </Notice>
      )}
      {changes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className={css.scroll} tabIndex={0} aria-label={`Changes in ${name}`}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">On</th>
                <th scope="col">What</th>
                <th scope="col">Who</th>
              </tr>
            </thead>
            <tbody>
              {changes.slice(0, shown).map((it, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two lines of a file may be the same
                <tr key={index}>
                  <td>{stamp(it.at, zone)}</td>
                  <td>{it.subject === null ? 'in general' : (subjects[it.subject]?.name ?? it.subject)}</td>
                  <td>{it.text}</td>
                  <td>{it.by ?? 'you'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {changes.length > shown && <p className={css.help}>and {changes.length - shown} more</p>}
      <div className={css.quick}>
        <Button onClick={onPick}>Choose another file…</Button>
        <Button variant="quiet" onClick={onLeave}>
          Enter one by hand
        </Button>
      </div>
    </>
  );
}

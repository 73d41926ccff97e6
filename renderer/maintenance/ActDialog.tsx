/** Starts, finishes, extends, postpones or calls off planned work. Asks who and why; what the engine refuses is said in place. */
import { useState } from 'react';
import type { WindowLive } from '../../shared/live.ts';
import { HOUR, humanDuration, MINUTE } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { SignedFields, useSigned } from '../desk/signed-form.tsx';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useZone } from '../state/live.ts';
import { say } from '../state/view.ts';
import { type ActForm, type ActKind, fixesDay, readAct, shiftEnd, startAct } from './act-form.ts';
import css from './forms.module.css';
import { MomentFields } from './MomentFields.tsx';
import { momentOf, readMoment } from './moments.ts';
import { stateText, stretchText, timeOf } from './window-words.ts';

const words: Record<
  ActKind,
  { title: string; help: string; button: string; who: string; what: string; missing: string; done: string; failed: string }
> = {
  start: {
    title: 'Start now',
    help: 'From now on nobody is woken for what it affects.',
    button: 'Start now',
    who: 'Who starts it',
    what: 'Why now',
    missing: 'Say why it begins now.',
    done: 'runs',
    failed: 'It was not started.',
  },
  finish: {
    title: 'Finish',
    help: 'From now on what it affects raises alerts again.',
    button: 'Finish',
    who: 'Who finishes it',
    what: 'How it went',
    missing: 'Say how it went, so that the next person knows.',
    done: 'is finished',
    failed: 'It was not finished.',
  },
  extend: {
    title: 'Extend',
    help: 'It stays in force until the new end. The old one stays on record.',
    button: 'Extend',
    who: 'Who extends it',
    what: 'Why it takes longer',
    missing: 'Say why it takes longer.',
    done: 'is extended',
    failed: 'It was not extended.',
  },
  postpone: {
    title: 'Postpone',
    help: 'The old time stays on record.',
    button: 'Postpone',
    who: 'Who postpones it',
    what: 'Why',
    missing: 'Say why it is postponed.',
    done: 'is postponed',
    failed: 'It was not postponed.',
  },
  cancel: {
    title: 'Call off',
    help: 'What it affects raises alerts as always. This cannot be undone; it can be planned again.',
    button: 'Call it off',
    who: 'Who calls it off',
    what: 'Why',
    missing: 'Say why it is called off.',
    done: 'is called off',
    failed: 'It was not called off.',
  },
};
const fixing = {
  ...words.postpone,
  title: 'Fix the day',
  help: 'From now on it has its place in the calendar.',
  button: 'Fix the day',
  who: 'Who fixes it',
  what: 'Agreed with whom, or why then',
  missing: 'Say how this day came about.',
  done: 'has its day',
  failed: 'The day was not fixed.',
};

export function ActDialog({ act, window: it, onClose, onDone }: { act: ActKind; window: WindowLive; onClose(): void; onDone(): void }) {
  const zone = useZone();
  const now = useNow('quarter');
  const [form, setForm] = useState<ActForm>(() => startAct(act, it, zone, rightNow()));
  const [tried, setTried] = useState(false);
  const signed = useSigned();
  const said = act === 'postpone' && fixesDay(it) ? fixing : words[act];
  const reading = readAct(act, form, it, zone, now);
  const time = timeOf(it);
  const contradicts = 'at' in readMoment(form.to, zone) && (act === 'extend' || 'at' in readMoment(form.from, zone));

  const submit = async () => {
    setTried(true);
    const { change } = reading;
    // Without a change nothing is sent; what is missing is said all the same.
    const ask = ({ by, text }: { by: string; text: string }) =>
      engine.changeMaintenance({ window: it.id, by, reason: text, change: change ?? { kind: 'finish' } });
    if (!(await signed.submit(ask, change !== null))) return;
    say(`“${it.name}” ${said.done}. It is on the timeline.`);
    onDone();
    onClose();
  };
  const extendBy = (ms: number) => {
    const end = it.running?.to ?? it.overrunSince ?? now;
    setForm({ ...form, to: momentOf(Math.max(end, now) + ms, zone) });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={signed.text.trim() !== ''}
      title={`${said.title}: ${it.name}`}
      description={said.help}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>{act === 'cancel' ? 'Leave it' : 'Cancel'}</Button>
          <Button variant="primary" danger={act === 'cancel'} type="submit" busy={signed.busy}>
            {signed.busy ? 'Writing…' : said.button}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {signed.failure && (
          <Notice tone="bad" title={said.failed}>
            {signed.failure}
          </Notice>
        )}
        <p className={css.now}>{stateText(it, zone, now)}.</p>
        {act === 'extend' && (
          <div>
            <MomentFields
              label="New end"
              zone={zone}
              value={form.to}
              error={tried || contradicts ? reading.problems.to : null}
              onChange={(to) => setForm({ ...form, to })}
            />
            <div className={css.quick}>
              {[30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR].map((ms) => (
                <Button key={ms} variant="quiet" onClick={() => extendBy(ms)}>
                  {humanDuration(ms)} more
                </Button>
              ))}
            </div>
          </div>
        )}
        {act === 'postpone' && (
          <div className={css.pair}>
            <MomentFields
              label={it.kind === 'flexible' ? 'Begins at the earliest' : 'Begins'}
              zone={zone}
              value={form.from}
              error={tried || contradicts ? reading.problems.from : null}
              onChange={(from) => setForm(shiftEnd({ ...form, from }, it, zone))}
            />
            {it.kind !== 'open-ended' && (
              <MomentFields
                label={it.kind === 'flexible' ? 'Begins at the latest' : 'Ends'}
                zone={zone}
                value={form.to}
                error={tried || contradicts ? reading.problems.to : null}
                onChange={(to) => setForm({ ...form, to })}
              />
            )}
          </div>
        )}
        {act === 'cancel' && it.kind === 'recurring' && (
          <fieldset className={css.kinds}>
            <legend>What is called off</legend>
            {time && (
              <label className={css.kind}>
                <input type="radio" name="scope" checked={form.scope === 'once'} onChange={() => setForm({ ...form, scope: 'once' })} />
                <span className={css.kindLabel}>This time only</span>
                <span className={css.kindHelp}>{stretchText(time.from, time.to, zone, now)}</span>
              </label>
            )}
            <label className={css.kind}>
              <input
                type="radio"
                name="scope"
                checked={form.scope === 'series' || !time}
                onChange={() => setForm({ ...form, scope: 'series' })}
              />
              <span className={css.kindLabel}>The whole series</span>
              <span className={css.kindHelp}>It never comes again.</span>
            </label>
          </fieldset>
        )}
        <SignedFields form={signed} who={said.who} what={said.what} missing={said.missing} />
      </div>
    </Dialog>
  );
}

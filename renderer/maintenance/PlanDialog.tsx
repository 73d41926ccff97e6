/** Plans work, or changes a plan of the desk's own that has not begun. Closes only when it is on disk; until then nothing that was typed is lost. */
import { useState } from 'react';
import { humanDuration } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Field } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { useSend } from '../state/send.ts';
import { closeDialog, say } from '../state/view.ts';
import css from './forms.module.css';
import { MomentFields } from './MomentFields.tsx';
import { parseLength, readMoment } from './moments.ts';
import { NextTimes } from './NextTimes.tsx';
import {
  asksLength,
  emptyPlan,
  formOf,
  kindWords,
  moveStart,
  type PlanField,
  type PlanForm,
  type PlanKind,
  readPlan,
} from './plan-form.ts';
import { ScheduleFields } from './ScheduleFields.tsx';
import { SubjectPicker } from './SubjectPicker.tsx';
import { useWho, WhoField } from './WhoField.tsx';

export interface PlanDialogProps {
  /** The window whose plan is changed; null = a new one. */
  window: string | null;
  /** What a new one affects to begin with. */
  affects: string[];
  /** The day that was clicked, "2026-12-16". */
  day?: string | null;
  onClose?(): void;
  onDone?(window: string): void;
}

export function PlanDialog({ window: id, affects, day = null, onClose = closeDialog, onDone }: PlanDialogProps) {
  const zone = useZone();
  const now = useNow('quarter');
  const known = useLive((live) => (id === null ? undefined : live.tables.windows[id]));
  const [start] = useState(() => (known ? formOf(known, zone) : emptyPlan(affects, day, zone, rightNow())));
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  const who = useWho();
  const { busy, failure, send } = useSend();
  const change = (some: Partial<PlanForm>) => setForm((was) => ({ ...was, ...some }));
  const scheduleZone = known?.schedule?.zone ?? zone;
  const reading = readPlan(form, zone, scheduleZone, now);
  const told = (field: PlanField) => {
    const problem = reading.problems[field];
    return problem && (tried || problem.atOnce) ? problem.text : null;
  };
  const recurring = form.kind === 'recurring';
  const dayOpen = form.dayOpen && !recurring;

  const submit = async () => {
    setTried(true);
    const { plan } = reading;
    if (!plan || who.by.trim() === '' || busy) return;
    let made = '';
    const done = await send(async () => {
      const reply = await engine.planMaintenance({ id, plan, by: who.by });
      if (reply.ok) made = reply.value.id;
      return reply;
    });
    if (!done) return;
    who.remember();
    say(
      id === null ? `“${plan.name}” is planned. It is on the timeline.` : `The plan of “${plan.name}” is changed. It is on the timeline.`,
    );
    onDone?.(made);
    onClose();
  };

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      keepOpen={JSON.stringify(form) !== JSON.stringify(start)}
      title={id === null ? 'Plan work' : `Change the plan of “${known?.name ?? start.name}”`}
      description="Nobody is woken for what it affects. Checks go on, and uptime tells planned from unplanned."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy} disabled={id !== null && !known}>
            {busy ? 'Writing…' : id === null ? 'Plan it' : 'Change the plan'}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {failure && (
          <Notice tone="bad" title="It was not planned.">
            {failure}
          </Notice>
        )}
        {id !== null && !known && (
          <Notice tone="warn">This work is over or was called off meanwhile: its plan cannot be changed any more.</Notice>
        )}
        <Field label="What is done" error={told('name')}>
          {(tie) => (
            <input
              {...tie}
              value={form.name}
              maxLength={120}
              placeholder="Mail maintenance"
              autoComplete="off"
              autoFocus
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Kinds kind={form.kind} onChange={(kind) => change({ kind })} />
        {!recurring && (
          <label className={css.tick}>
            <input type="checkbox" checked={form.dayOpen} onChange={(event) => change({ dayOpen: event.target.checked })} />
            The day is not fixed yet
          </label>
        )}
        {!recurring && !dayOpen && (
          <div className={css.pair}>
            <MomentFields
              label={form.kind === 'flexible' ? 'Begins at the earliest' : 'Begins'}
              zone={zone}
              value={form.from}
              error={told('from')}
              help={reading.hints.from}
              onChange={(from) => setForm(moveStart(form, from, zone))}
            />
            {form.kind !== 'open-ended' && (
              <MomentFields
                label={form.kind === 'flexible' ? 'Begins at the latest' : 'Ends'}
                zone={zone}
                value={form.to}
                error={told('to')}
                help={reading.hints.to ?? (form.kind === 'fixed' ? lastsText(form, zone) : null)}
                onChange={(to) => change({ to })}
              />
            )}
          </div>
        )}
        {recurring && (
          <ScheduleFields
            zone={scheduleZone}
            repetition={form.repetition}
            firstDay={form.firstDay}
            lastDay={form.lastDay}
            error={told('schedule')}
            lastDayError={told('lastDay')}
            onChange={change}
          />
        )}
        {asksLength(form) && (
          <Field label="Takes" optional={dayOpen && form.kind === 'fixed'} error={told('length')} help={lengthHelp(form, dayOpen)}>
            {(tie) => (
              <input
                {...tie}
                value={form.length}
                maxLength={40}
                placeholder="30 min"
                autoComplete="off"
                onChange={(event) => change({ length: event.target.value })}
              />
            )}
          </Field>
        )}
        {recurring && reading.times && <NextTimes times={reading.times} zone={scheduleZone} now={now} />}
        <SubjectPicker
          label="Affects"
          help={reading.hints.affects ?? 'What may be down meanwhile. What is reached through it is covered too.'}
          error={told('affects')}
          chosen={form.affects}
          onChange={(chosen) => change({ affects: chosen })}
        />
        <SubjectPicker
          label="Keeps working"
          optional
          help="For the announcement to customers. It is watched as always."
          error={told('spares')}
          chosen={form.spares}
          onChange={(chosen) => change({ spares: chosen })}
        />
        <Field label="Why, and what people should know" optional help="Stands in the announcement. Ctrl+Enter sends the form.">
          {(tie) => (
            <textarea
              {...tie}
              value={form.reason}
              maxLength={1_000}
              placeholder={dayOpen ? 'Saturday or Sunday, as the datacenter has time' : 'Incoming mail is held and delivered afterwards'}
              onChange={(event) => change({ reason: event.target.value })}
            />
          )}
        </Field>
        <WhoField who={who} label="Who plans it" tried={tried} />
        {tried && !reading.plan && <p className={css.error}>Something above is missing or wrong: look for the lines in this colour.</p>}
      </div>
    </Dialog>
  );
}

function lastsText(form: PlanForm, zone: string): string | null {
  const from = readMoment(form.from, zone);
  const to = readMoment(form.to, zone);
  return 'at' in from && 'at' in to && to.at > from.at ? `It lasts ${humanDuration(to.at - from.at)}.` : null;
}

function lengthHelp(form: PlanForm, dayOpen: boolean): string {
  const read = parseLength(form.length);
  const understood = read === null ? '' : `${humanDuration(read)}. `;
  if (dayOpen && form.kind === 'fixed') return `${understood}As far as it is known, for the announcement.`;
  return `${understood}${form.kind === 'flexible' ? 'Counted from the first fault.' : 'Each time.'}`;
}

function Kinds({ kind, onChange }: { kind: PlanKind; onChange(kind: PlanKind): void }) {
  return (
    <fieldset className={css.kinds}>
      <legend>How it runs</legend>
      {(Object.keys(kindWords) as PlanKind[]).map((it) => (
        <label key={it} className={css.kind}>
          <input type="radio" name="plan-kind" checked={kind === it} onChange={() => onChange(it)} />
          <span className={css.kindLabel}>{kindWords[it].label}</span>
          <span className={css.kindHelp}>{kindWords[it].help}</span>
        </label>
      ))}
    </fieldset>
  );
}

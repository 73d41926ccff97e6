/** The fields that opening and changing an incident share. */
import { incidentSeverities } from '../../shared/model/incident.ts';
import { Field } from '../components/Field.tsx';
import forms from '../maintenance/forms.module.css';
import { MomentFields } from '../maintenance/MomentFields.tsx';
import { momentOf } from '../maintenance/moments.ts';
import { SubjectPicker } from '../maintenance/SubjectPicker.tsx';
import { now } from '../state/clock.ts';
import { useZone } from '../state/live.ts';
import type { IncidentForm, ReadTimes } from './incident-form.ts';
import { severityHelp } from './incident-words.ts';
import { SeverityWord } from './SeverityMark.tsx';

export type FieldName = 'title' | 'severity' | 'lead' | 'times' | 'about';

interface IncidentFieldsProps {
  form: IncidentForm;
  onChange(change: Partial<IncidentForm>): void;
  times: ReadTimes;
  tried: boolean;
  /** Where the cursor stands at first. */
  focus: FieldName;
  titleError: string | null;
  /** Said where the title may stay empty. */
  titleHelp?: string | undefined;
  hasAlerts: boolean;
}

export function IncidentFields({ form, onChange, times, tried, focus, titleError, titleHelp, hasAlerts }: IncidentFieldsProps) {
  const zone = useZone();
  // biome-ignore-start lint/a11y/noAutofocus: they stand in a dialog that the person has just opened
  return (
    <>
      <Field label="Title" error={tried ? titleError : null} help={titleHelp} optional={titleHelp !== undefined}>
        {(tie) => (
          <input
            {...tie}
            value={form.title}
            maxLength={200}
            autoFocus={focus === 'title'}
            onChange={(event) => onChange({ title: event.target.value })}
          />
        )}
      </Field>
      <fieldset className={forms.kinds} style={{ gridTemplateColumns: 'repeat(3, minmax(0, 1fr))' }}>
        <legend>How bad it is for customers</legend>
        {incidentSeverities.map((it) => (
          <label key={it} className={forms.kind}>
            <input
              type="radio"
              name="severity"
              checked={form.severity === it}
              autoFocus={focus === 'severity' && form.severity === it}
              onChange={() => onChange({ severity: it })}
            />
            <span className={forms.kindLabel}>
              <SeverityWord severity={it} />
            </span>
            <span className={forms.kindHelp}>{severityHelp[it]}</span>
          </label>
        ))}
      </fieldset>
      <Field label="Who leads" optional help="Decides, and keeps everybody informed.">
        {(tie) => (
          <input
            {...tie}
            value={form.lead}
            maxLength={80}
            autoComplete="name"
            autoFocus={focus === 'lead'}
            onChange={(event) => onChange({ lead: event.target.value })}
          />
        )}
      </Field>
      <fieldset className={forms.kinds}>
        <legend>When</legend>
        <label className={forms.kind}>
          <input
            type="radio"
            name="times"
            checked={form.times === 'alerts'}
            autoFocus={focus === 'times' && form.times === 'alerts'}
            onChange={() => onChange({ times: 'alerts' })}
          />
          <span className={forms.kindLabel}>{hasAlerts ? 'As its alerts say' : 'It begins now'}</span>
          <span className={forms.kindHelp}>
            {hasAlerts ? 'From the first symptom to the last recovery.' : 'Alerts that join it move its beginning back.'}
          </span>
        </label>
        <label className={forms.kind}>
          <input
            type="radio"
            name="times"
            checked={form.times === 'said'}
            autoFocus={focus === 'times' && form.times === 'said'}
            onChange={() => onChange({ times: 'said', ...(form.from.day === '' ? { from: { ...momentOf(now(), zone), time: '' } } : {}) })}
          />
          <span className={forms.kindLabel}>As I say</span>
          <span className={forms.kindHelp}>A stretch of time, also one that is over.</span>
        </label>
      </fieldset>
      {form.times === 'said' && (
        <div className={forms.pair}>
          <MomentFields
            label="Began"
            zone={zone}
            value={form.from}
            error={tried || form.from.time !== '' ? times.problems.from : null}
            help={times.hints.from}
            onChange={(from) => onChange({ from })}
          />
          <MomentFields
            label="Ended, if it is over"
            zone={zone}
            value={form.to}
            error={tried || form.to.time !== '' ? times.problems.to : null}
            help={times.hints.to}
            onChange={(to) => onChange({ to })}
          />
        </div>
      )}
      <SubjectPicker
        label="What it is about"
        help={hasAlerts ? 'Beside what its alerts are about.' : 'Servers, links or services.'}
        optional
        chosen={form.subjects}
        onChange={(subjects) => onChange({ subjects })}
      />
    </>
  );
  // biome-ignore-end lint/a11y/noAutofocus: end
}

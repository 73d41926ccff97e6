/** Taking alerts on as part of an incident: none, a new one, or one that is open. It comes after the acknowledgement, which stands by itself. */
import { useState } from 'react';
import type { Reply } from '../../shared/bind.ts';
import { type IncidentSeverity, incidentSeverities } from '../../shared/model/incident.ts';
import { ok } from '../../shared/result.ts';
import { Field } from '../components/Field.tsx';
import { isOpen } from '../incidents/incident-words.ts';
import { engine } from '../state/connect.ts';
import { incidentByAlert } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import css from './forms.module.css';

/** `none`, `open`, or the id of an incident. */
type Choice = string;

export function useIncidentChoice(alerts: readonly string[]) {
  const table = useLive((live) => live.tables.incidents);
  const byAlert = incidentByAlert(table);
  const [choice, setChoice] = useState<Choice>('none');
  const [title, setTitle] = useState('');
  const [severity, setSeverity] = useState<IncidentSeverity>('major');
  const free = alerts.filter((id) => !byAlert.has(id));
  const taken = [...new Set(alerts.flatMap((id) => byAlert.get(id) ?? []))];
  const open = Object.values(table)
    .filter(isOpen)
    .sort((a, b) => b.openedAt - a.openedAt);
  const chosen = choice === 'none' || choice === 'open' || table[choice] ? choice : 'none';
  return {
    choice: chosen,
    setChoice,
    title,
    setTitle,
    severity,
    setSeverity,
    /** Alerts that are part of no incident yet. */
    free,
    taken,
    open,
    wanted: free.length > 0 && chosen !== 'none',
    /** What was done, for the words afterwards: "“…” is open." */
    said: chosen === 'open' ? 'An incident is open.' : `${free.length === 1 ? 'It is' : 'They are'} part of “${table[chosen]?.title}”.`,
    /** Does what was chosen. */
    async apply(by: string): Promise<Reply<unknown>> {
      if (free.length === 0 || chosen === 'none') return ok(null);
      if (chosen !== 'open') return engine.changeIncident({ incident: chosen, by, reason: '', change: { kind: 'join', alerts: free } });
      return engine.openIncident({ title: title.trim() || null, severity, lead: by, alerts: free, subjects: [], from: null, to: null, by });
    },
  };
}

export function IncidentChoice({ form, many }: { form: ReturnType<typeof useIncidentChoice>; many: boolean }) {
  const { choice, free, taken } = form;
  if (free.length === 0) {
    return taken.length === 0 ? null : <p className={css.part}>Part of {taken.map((it) => `“${it.title}”`).join(' and ')} already.</p>;
  }
  return (
    <>
      <Field
        label="As part of an incident"
        help={
          choice === 'none'
            ? 'An incident keeps its log, what is owed to us and its reports together.'
            : taken.length > 0
              ? `${free.length} of them; the others are part of ${taken.map((it) => `“${it.title}”`).join(' and ')} already.`
              : undefined
        }
      >
        {(tie) => (
          <select {...tie} value={choice} onChange={(event) => form.setChoice(event.target.value)}>
            <option value="none">None</option>
            <option value="open">Open one</option>
            {form.open.length > 0 && (
              <optgroup label="Join">
                {form.open.map((it) => (
                  <option key={it.id} value={it.id}>
                    {it.title}
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        )}
      </Field>
      {choice === 'open' && (
        <>
          <Field
            label="Title of the incident"
            optional
            help={`Left empty, it is called after ${many ? 'the worst of them' : 'the alert'}.`}
          >
            {(tie) => <input {...tie} value={form.title} maxLength={200} onChange={(event) => form.setTitle(event.target.value)} />}
          </Field>
          <Field label="How bad it is for customers">
            {(tie) => (
              <select {...tie} value={form.severity} onChange={(event) => form.setSeverity(event.target.value as IncidentSeverity)}>
                {incidentSeverities.map((it) => (
                  <option key={it} value={it}>
                    {it}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </>
      )}
    </>
  );
}

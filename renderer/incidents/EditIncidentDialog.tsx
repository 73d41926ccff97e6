/** Changes what an incident is called, how bad it is, who leads, when it was and what it is about. Only what was changed is sent. */
import { useState } from 'react';
import type { Incident } from '../../shared/model/incident.ts';
import { ok } from '../../shared/result.ts';
import { Field } from '../components/Field.tsx';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useZone } from '../state/live.ts';
import { closeDialog, say } from '../state/view.ts';
import { ChangeDialog } from './ChangeDialog.tsx';
import { type FieldName, IncidentFields } from './IncidentFields.tsx';
import { changesOf, formOf, readTimes } from './incident-form.ts';
import { useChange } from './use-change.ts';

export function EditIncidentDialog({ incident, field }: { incident: Incident; field: FieldName }) {
  const zone = useZone();
  const now = useNow('quarter');
  const change = useChange();
  const [form, setForm] = useState(() => formOf(incident, zone));
  const [reason, setReason] = useState('');
  const times = readTimes(form, zone, now);
  const titled = form.title.trim() !== '';

  const submit = async () => {
    const fresh = readTimes(form, zone, rightNow());
    const changes = changesOf(incident, form, fresh);
    const done = await change.ask(
      async (by) => {
        for (const it of changes) {
          const reply = await engine.changeIncident({ incident: incident.id, by, reason, change: it });
          if (!reply.ok) return reply;
        }
        return ok(null);
      },
      titled && Object.keys(fresh.problems).length === 0,
    );
    if (!done) return;
    say(changes.length === 0 ? 'Nothing was changed.' : 'The incident is changed. It is on the timeline.');
    closeDialog();
  };

  return (
    <ChangeDialog
      change={change}
      wide
      keepOpen={changesOf(incident, form, times).length > 0}
      title="Change the incident"
      description="Every change is a line of its log; what it was before stays on record."
      button="Change it"
      who={{ label: 'Who changes it' }}
      failed="Not everything was changed."
      onSubmit={submit}
    >
      <IncidentFields
        form={form}
        onChange={(it) => setForm({ ...form, ...it })}
        times={times}
        tried={change.tried}
        focus={field}
        titleError={titled ? null : 'It needs a title.'}
        hasAlerts={incident.alerts.length > 0}
      />
      <Field label="Why" optional>
        {(tie) => <input {...tie} value={reason} maxLength={1_000} onChange={(event) => setReason(event.target.value)} />}
      </Field>
    </ChangeDialog>
  );
}

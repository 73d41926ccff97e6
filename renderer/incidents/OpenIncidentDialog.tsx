/** Opens an incident: from alerts, from a stretch of time, or by hand. Closes only when it is on disk, and shows it. */
import { useState } from 'react';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { clearChosen, closeDialog, openIncident, say } from '../state/view.ts';
import { AlertPicker } from './AlertPicker.tsx';
import { ChangeDialog } from './ChangeDialog.tsx';
import { IncidentFields } from './IncidentFields.tsx';
import { emptyForm, type IncidentForm, readTimes } from './incident-form.ts';
import { useChange } from './use-change.ts';

export function OpenIncidentDialog({ alerts: given }: { alerts: string[] }) {
  const zone = useZone();
  const now = useNow('quarter');
  const change = useChange();
  const [form, setForm] = useState<IncidentForm>(() => emptyForm(change.who.by));
  const [chosen, setChosen] = useState(given);
  const first = useLive((live) => live.tables.alerts[chosen[0] ?? '']?.title);
  const times = readTimes(form, zone, now);
  const named = form.title.trim() !== '' || chosen.length > 0 || form.subjects.length > 0;

  const submit = async () => {
    const fresh = readTimes(form, zone, rightNow());
    let id = '';
    const done = await change.ask(
      async (by) => {
        const reply = await engine.openIncident({
          title: form.title.trim() || null,
          severity: form.severity,
          lead: form.lead.trim() || null,
          alerts: chosen,
          subjects: form.subjects,
          from: fresh.from,
          to: fresh.to,
          by,
        });
        if (reply.ok) id = reply.value.id;
        return reply;
      },
      named && Object.keys(fresh.problems).length === 0,
    );
    if (!done) return;
    say('The incident is open. It is on the timeline.');
    clearChosen();
    closeDialog();
    openIncident(id);
  };

  return (
    <ChangeDialog
      change={change}
      wide
      keepOpen={form.title.trim() !== ''}
      title="Open an incident"
      description="Holds together what belongs together: alerts, what is said and done, what is owed, and the reports."
      button="Open it"
      who={{ label: 'Who opens it' }}
      failed="The incident was not opened."
      onSubmit={submit}
    >
      <IncidentFields
        form={form}
        onChange={(it) => setForm({ ...form, ...it })}
        times={times}
        tried={change.tried}
        focus="title"
        titleError={named ? null : 'Give it a title, or choose an alert.'}
        titleHelp={chosen.length > 0 ? `Left empty, it is called ${first ? `“${first}”` : 'after its worst alert'}.` : undefined}
        hasAlerts={chosen.length > 0}
      />
      <AlertPicker chosen={chosen} onChange={setChosen} own={null} from={times.from} to={times.to} />
    </ChangeDialog>
  );
}

/** Steps of an incident that ask once more: its status, merging it, alerts that come and go, what was owed. */
import { useState } from 'react';
import { type Incident, type IncidentStatus, incidentStatuses } from '../../shared/model/incident.ts';
import { count } from '../../shared/text.ts';
import { Notice } from '../components/Notice.tsx';
import forms from '../maintenance/forms.module.css';
import { useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { closeDialog, openIncident, say } from '../state/view.ts';
import { AlertPicker } from './AlertPicker.tsx';
import { Confirm, Reason } from './Confirm.tsx';
import { isOpen, owedText, spanOf, spanText, statusHelp, statusTitles } from './incident-words.ts';
import { SeverityWord } from './SeverityMark.tsx';
import { useChange } from './use-change.ts';

export function StatusDialog({ incident, to }: { incident: Incident; to: IncidentStatus }) {
  const change = useChange();
  const [reason, setReason] = useState('');
  const alerts = useLive((live) => live.tables.alerts);
  const reopens = !isOpen(incident) && incidentStatuses.indexOf(to) < incidentStatuses.indexOf('resolved');
  const failing = incident.alerts.filter((id) => alerts[id]?.endedAt === null).length;
  const owed = incident.owed.filter((it) => it.receivedAt === null).length;
  const missing = reopens && change.tried && reason.trim() === '' ? 'Say what has come back.' : null;
  const submit = async () => {
    if (!(await change.change(incident.id, { kind: 'status', status: to }, reason, !reopens || reason.trim() !== ''))) return;
    say(reopens ? 'The incident is open again.' : `The incident is ${to}.`);
    closeDialog();
  };
  return (
    <Confirm
      change={change}
      title={reopens ? 'Open it again' : `${statusTitles[to]}`}
      description={reopens ? `${statusHelp[to]} Its end, and that it was reported, are taken back.` : statusHelp[to]}
      button={
        reopens ? 'Open it again' : `It is ${to}`.replace('It is investigating', 'We investigate').replace('It is monitoring', 'We monitor')
      }
      failed="The status was not changed."
      keepOpen={reason.trim() !== ''}
      onSubmit={submit}
    >
      {to === 'resolved' && failing > 0 && (
        <Notice tone="warn">
          {count(failing, 'alert')} of it {failing === 1 ? 'is' : 'are'} still open.
        </Notice>
      )}
      {to === 'reported' && owed > 0 && (
        <Notice>
          {owed === 1
            ? 'Something is still owed to us: it stays in the list until it is in.'
            : `${owed} things are still owed to us: they stay in the list until they are in.`}
        </Notice>
      )}
      <Reason
        label={
          reopens ? 'Why' : to === 'identified' ? 'What it is, or who has to mend it' : to === 'reported' ? 'To whom' : 'How it stands'
        }
        value={reason}
        onChange={setReason}
        error={missing}
      />
    </Confirm>
  );
}

export function MergeDialog({ incident }: { incident: Incident }) {
  const zone = useZone();
  const now = useNow('quarter');
  const change = useChange();
  const table = useLive((live) => live.tables.incidents);
  const alerts = useLive((live) => live.tables.alerts);
  const others = Object.values(table)
    .filter((it) => it.id !== incident.id)
    .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.openedAt - a.openedAt);
  const [into, setInto] = useState(others[0]?.id ?? '');
  const other = others.find((it) => it.id === into);
  const submit = async () => {
    if (!(await change.change(incident.id, { kind: 'merge', into }, '', other !== undefined))) return;
    say(`It goes on as part of “${other?.title}”.`);
    closeDialog();
    openIncident(into);
  };
  return (
    <Confirm
      change={change}
      title="Merge with another incident"
      description={`“${incident.title}” goes on as part of the other one: its alerts, its log, what is owed and the customers that reported it. This cannot be taken apart again.`}
      button="Merge them"
      failed="They were not merged."
      onSubmit={submit}
    >
      <fieldset className={forms.kinds} style={{ gridTemplateColumns: '1fr', maxHeight: '18rem', overflowY: 'auto' }}>
        <legend>It goes on as part of</legend>
        {others.map((it) => (
          <label key={it.id} className={forms.kind}>
            <input type="radio" name="into" checked={it.id === into} onChange={() => setInto(it.id)} />
            <span className={forms.kindLabel}>{it.title}</span>
            <span className={forms.kindHelp}>
              <SeverityWord severity={it.severity} /> · {statusTitles[it.status].toLowerCase()} · {spanText(spanOf(it, alerts), zone, now)}
            </span>
          </label>
        ))}
      </fieldset>
    </Confirm>
  );
}

export function JoinDialog({ incident }: { incident: Incident }) {
  const change = useChange();
  const [chosen, setChosen] = useState<string[]>([]);
  const submit = async () => {
    if (!(await change.change(incident.id, { kind: 'join', alerts: chosen }, '', chosen.length > 0))) return;
    say(`${count(chosen.length, 'alert')} joined. It is on the timeline.`);
    closeDialog();
  };
  return (
    <Confirm
      change={change}
      wide
      title="Add alerts"
      description="An alert belongs to one incident. The incident begins with the first symptom of all its alerts."
      button={chosen.length > 1 ? `Add ${chosen.length} alerts` : 'Add it'}
      failed="They were not added."
      onSubmit={submit}
    >
      {change.tried && chosen.length === 0 && <Notice tone="warn">Choose an alert.</Notice>}
      <AlertPicker chosen={chosen} onChange={setChosen} own={incident.id} />
    </Confirm>
  );
}

export function LeaveDialog({ incident, alert }: { incident: Incident; alert: string }) {
  const change = useChange();
  const [reason, setReason] = useState('');
  const title = useLive((live) => live.tables.alerts[alert]?.title) ?? 'This alert';
  const submit = async () => {
    if (!(await change.change(incident.id, { kind: 'leave', alerts: [alert] }, reason))) return;
    say(`“${title}” is taken out. It can be added again.`);
    closeDialog();
  };
  return (
    <Confirm
      change={change}
      title="Take an alert out"
      description={`“${title}” has then no part in this incident, nor in its reports.`}
      button="Take it out"
      failed="It was not taken out."
      keepOpen={reason.trim() !== ''}
      onSubmit={submit}
    >
      <Reason label="Why" value={reason} onChange={setReason} error={null} />
    </Confirm>
  );
}

export function ReceivedDialog({ incident, owed }: { incident: Incident; owed: string }) {
  const zone = useZone();
  const now = useNow('quarter');
  const names = useLive((live) => eventNames(live.tables));
  const change = useChange();
  const [text, setText] = useState('');
  const debt = incident.owed.find((it) => it.id === owed);
  const submit = async () => {
    const entry = { type: 'owed-received' as const, owed, text };
    if (!(await change.ask((by) => engine.log({ incident: incident.id, by, at: null, entry })))) return;
    say('It is in. It is on the timeline.');
    closeDialog();
  };
  return (
    <Confirm
      change={change}
      title="Received"
      description={debt && `${owedText(debt, names, zone, now)}.`}
      button="It is in"
      failed="It was not written down."
      keepOpen={text.trim() !== ''}
      onSubmit={submit}
    >
      <Reason label="What it says, or where it is" value={text} onChange={setText} error={null} />
    </Confirm>
  );
}

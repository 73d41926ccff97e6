/** What stands beside the log: whom we wait for, what is owed to us, customers and progress, the alerts, the documents. */
import { Hourglass, Inbox, LogOut, Plus } from 'lucide-react';
import type { DocumentInfo } from '../../shared/contract.ts';
import { whoHas } from '../../shared/headline.ts';
import { leadOf } from '../../shared/incidents/about.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { sinceText } from '../components/Time.tsx';
import { openAlert } from '../desk/actions.ts';
import { stretchText, untilText } from '../maintenance/window-words.ts';
import { useNow } from '../state/clock.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openIncidentDialog, select } from '../state/view.ts';
import { Documents } from './Documents.tsx';
import css from './IncidentSide.module.css';
import { customersText, isLate, owedText, progressText } from './incident-words.ts';
import { focusQuickLine } from './QuickLine.tsx';
import { SidePart } from './SidePart.tsx';

interface IncidentSideProps {
  incident: Incident;
  alerts: readonly Alert[];
  documents: readonly DocumentInfo[];
}

export function IncidentSide({ incident, alerts, documents }: IncidentSideProps) {
  return (
    <aside className={css.side} aria-label="About this incident">
      <Waiting incident={incident} />
      <Owed incident={incident} />
      <Impact incident={incident} />
      <Alerts incident={incident} alerts={alerts} />
      <Documents incident={incident} documents={documents} />
    </aside>
  );
}

function Waiting({ incident: it }: { incident: Incident }) {
  const zone = useZone();
  const now = useNow('quarter');
  const names = useLive((live) => eventNames(live.tables));
  const open = it.waiting.filter((one) => one.endedAt === null);
  if (open.length === 0) return null;
  return (
    <SidePart title="We wait for">
      <ul className={css.rows}>
        {open.map((one) => (
          <li key={one.id} className={css.row}>
            <Hourglass aria-hidden />
            <div>
              <p>
                <strong>{names.byId(one.with)}</strong> <span className={css.clock}>{sinceText(one.since, now)}</span>
              </p>
              <p className={css.soft}>
                since {untilText(one.since, zone, now)}: {one.text}
              </p>
            </div>
            <Button
              aria-label={`${names.byId(one.with)} has answered`}
              onClick={() => focusQuickLine(it.id, `call from ${one.with}: `)}
              title="Write what they say: that ends the wait"
            >
              Answered
            </Button>
          </li>
        ))}
      </ul>
    </SidePart>
  );
}

function Owed({ incident: it }: { incident: Incident }) {
  const zone = useZone();
  const now = useNow('quarter');
  const names = useLive((live) => eventNames(live.tables));
  if (it.owed.length === 0) return null;
  const all = it.owed.toSorted((a, b) => Number(a.receivedAt !== null) - Number(b.receivedAt !== null) || a.since - b.since);
  return (
    <SidePart title="Owed to us">
      <ul className={css.rows}>
        {all.map((one) => (
          <li key={one.id} className={css.row} data-late={one.receivedAt === null && isLate(one, now) ? '' : undefined}>
            <Inbox aria-hidden />
            {one.receivedAt === null ? (
              <>
                <p>{owedText(one, names, zone, now)}</p>
                <Button
                  aria-label={`Received: ${one.what} from ${names.byId(one.with)}`}
                  onClick={() => openIncidentDialog({ what: 'received', incident: it.id, owed: one.id })}
                >
                  Received…
                </Button>
              </>
            ) : (
              <p className={css.soft}>
                {one.what} from {names.byId(one.with)} is in since {untilText(one.receivedAt, zone, now)}
              </p>
            )}
          </li>
        ))}
      </ul>
    </SidePart>
  );
}

function Impact({ incident: it }: { incident: Incident }) {
  const names = useLive((live) => eventNames(live.tables));
  if (it.customers === 0 && !it.progress && it.subjects.length === 0) return null;
  return (
    <SidePart title="Customers and progress">
      {it.customers > 0 && <p>{customersText(it.customers)}</p>}
      {it.progress && (
        <div className={css.progress}>
          <p>{progressText(it.progress)}</p>
          <progress max={it.progress.total} value={it.progress.done} aria-label={progressText(it.progress)} />
        </div>
      )}
      {it.subjects.length > 0 && (
        <p className={css.soft}>
          About{' '}
          {it.subjects.map((id, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <button type="button" className={css.link} onClick={() => select(id)}>
                {names.byId(id)}
              </button>
            </span>
          ))}
        </p>
      )}
    </SidePart>
  );
}

/** So many are drawn. */
const mostAlerts = 60;

function Alerts({ incident: it, alerts }: { incident: Incident; alerts: readonly Alert[] }) {
  const zone = useZone();
  const now = useNow('quarter');
  const live = useLive((all) => all.tables.alerts);
  const fixed = it.mergedInto !== null;
  const sorted = alerts.toSorted((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || a.firstAt - b.firstAt);
  const unknown = it.alerts.length - alerts.length;
  return (
    <SidePart
      title={`Alerts${it.alerts.length > 0 ? ` · ${it.alerts.length}` : ''}`}
      aside={
        !fixed && (
          <Button variant="quiet" icon={<Plus />} onClick={() => openIncidentDialog({ what: 'join', incident: it.id })}>
            Add alerts
          </Button>
        )
      }
    >
      {it.alerts.length === 0 && <p className={css.soft}>No alert is part of it.</p>}
      <ul className={css.rows}>
        {sorted.slice(0, mostAlerts).map((alert) => (
          <li key={alert.id} className={css.row} data-over={alert.endedAt === null ? undefined : ''}>
            <StandingMark standing={alert.endedAt === null ? alert.severity : 'ok'} />
            <div>
              {live[alert.id] ? (
                <button type="button" className={css.name} onClick={() => openAlert(alert.id)}>
                  {alert.title}
                </button>
              ) : (
                <span className={css.name}>{alert.title}</span>
              )}
              <p className={css.soft}>
                {alert.endedAt === null
                  ? `since ${untilText(alert.firstAt, zone, now)} · ${whoHas(alert.acknowledgement?.by ?? null, leadOf({ [it.id]: it }, alert.id))}`
                  : `over, ${stretchText(alert.firstAt, alert.endedAt, zone, now)}`}
              </p>
            </div>
            {!fixed && (
              <Button
                variant="quiet"
                icon={<LogOut />}
                aria-label={`Take “${alert.title}” out`}
                title="Take it out of this incident"
                onClick={() => openIncidentDialog({ what: 'leave', incident: it.id, alert: alert.id })}
              />
            )}
          </li>
        ))}
      </ul>
      {sorted.length > mostAlerts && <p className={css.soft}>and {sorted.length - mostAlerts} more</p>}
      {unknown > 0 && alerts.length > 0 && (
        <p className={css.soft}>
          {unknown === 1 ? 'One older alert is not kept any more.' : `${unknown} older alerts are not kept any more.`}
        </p>
      )}
    </SidePart>
  );
}

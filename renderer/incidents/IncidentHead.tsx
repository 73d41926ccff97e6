/** The head of an incident: what it is called, how bad it is, since when, who leads, and how far it is. */
import { Check, Pencil } from 'lucide-react';
import type { Alert } from '../../shared/model/alert.ts';
import { type Incident, type IncidentStatus, incidentStatuses } from '../../shared/model/incident.ts';
import { Button } from '../components/Button.tsx';
import { untilText } from '../maintenance/window-words.ts';
import { useNow } from '../state/clock.ts';
import { useLive, useZone } from '../state/live.ts';
import { openIncidentDialog } from '../state/view.ts';
import { Back } from './Back.tsx';
import css from './IncidentPage.module.css';
import { spanOf, spanText, statusHelp, statusTitles } from './incident-words.ts';
import { SeverityWord } from './SeverityMark.tsx';

export function IncidentHead({ incident: it, alerts }: { incident: Incident; alerts: readonly Alert[] }) {
  const zone = useZone();
  const now = useNow('quarter');
  const others = useLive((live) => Object.keys(live.tables.incidents).some((id) => id !== it.id));
  const span = spanOf(it, Object.fromEntries(alerts.map((alert) => [alert.id, alert])));
  const edit = (field: 'title' | 'severity' | 'lead' | 'times') => openIncidentDialog({ what: 'edit', incident: it.id, field });
  const fixed = it.mergedInto !== null;
  return (
    <header className={css.head}>
      <div className={css.titleLine}>
        <Back />
        <h2 className={css.title} id="incident-title">
          {it.title}
        </h2>
        {!fixed && (
          <>
            <Button variant="quiet" icon={<Pencil />} keyHint="e" onClick={() => edit('title')}>
              Change
            </Button>
            {others && (
              <Button variant="quiet" onClick={() => openIncidentDialog({ what: 'merge', incident: it.id })}>
                Merge…
              </Button>
            )}
          </>
        )}
      </div>
      <div className={css.factLine}>
        <button type="button" className={css.fact} disabled={fixed} title="Change how bad it is" onClick={() => edit('severity')}>
          <SeverityWord severity={it.severity} />
        </button>
        <button type="button" className={css.fact} disabled={fixed} title="Change when it began or ended" onClick={() => edit('times')}>
          {spanText(span, zone, now)}
        </button>
        <button type="button" className={css.fact} disabled={fixed} title="Change who leads" onClick={() => edit('lead')}>
          {it.lead === null ? <span className={css.nobody}>nobody leads yet</span> : `led by ${it.lead}`}
        </button>
        <span className={css.soft}>
          opened by {it.openedBy}, {untilText(it.openedAt, zone, now)}
        </span>
        <Steps incident={it} fixed={fixed} zone={zone} now={now} />
      </div>
    </header>
  );
}

const momentOf = (it: Incident, status: IncidentStatus): number | null =>
  ({ investigating: it.openedAt, identified: it.identifiedAt, monitoring: null, resolved: it.resolvedAt, reported: it.reportedAt })[status];

/** The steps that a story goes through: the ones behind it with their time, the one where it stands, the ones to come. */
function Steps({ incident: it, fixed, zone, now }: { incident: Incident; fixed: boolean; zone: string; now: number }) {
  const at = incidentStatuses.indexOf(it.status);
  return (
    <ol className={css.steps} aria-label="Status">
      {incidentStatuses.map((status, index) => {
        const moment = index <= at ? momentOf(it, status) : null;
        return (
          <li key={status} className={css.step} data-is={index < at ? 'past' : index === at ? 'here' : 'ahead'}>
            <button
              type="button"
              disabled={fixed || index === at}
              aria-current={index === at ? 'step' : undefined}
              title={`${statusHelp[status]}${moment === null ? '' : ` ${untilText(moment, zone, now)}`}`}
              onClick={() => openIncidentDialog({ what: 'status', incident: it.id, to: status })}
            >
              {index < at && <Check aria-hidden />}
              {statusTitles[status]}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/**
 * The alerts beside the grids: what nobody has yet first, then what somebody has, then what is silenced, then what is over, folded.
 * In a storm only the first ones are drawn; j and k, or the button at the end, bring more.
 */
import { X } from 'lucide-react';
import { useState } from 'react';
import type { Alert } from '../../shared/model/alert.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { alertLists, incidentByAlert, walkOf } from '../state/derive.ts';
import { useStaleness } from '../state/freshness.ts';
import { useLive } from '../state/live.ts';
import { chooseAlso, clearChosen, openIncidentDialog, openIncidents, useView } from '../state/view.ts';
import { AlertCard } from './AlertCard.tsx';
import css from './AlertList.module.css';
import { acknowledge, silence } from './actions.ts';
import { forAcknowledging } from './choice.ts';
import { EndedRow } from './EndedRow.tsx';
import { OnCall, Silences } from './ListFoot.tsx';

/** So many cards are drawn at first, and so many more each time. */
const page = 60;

export function AlertList() {
  const { open, taken, silenced, ended } = useLive((live) => alertLists(live.tables.alerts));
  const walk = useLive((live) => walkOf(live.tables.alerts));
  const cursor = useView((view) => view.cursor);
  const choosing = useView((view) => view.chosen.length > 0);
  const at = walk.findIndex((alert) => alert.id === cursor);
  const current = (walk[at] ?? walk[0])?.id ?? null;
  const [limit, setLimit] = useState(page);
  // The card at the cursor is always there, with some below it to go on to.
  const shown = Math.max(limit, at + 1 + page / 3);
  const draw = (alerts: readonly Alert[]) =>
    alerts.map((alert) => <AlertCard key={alert.id} alert={alert} current={alert.id === current} choosing={choosing} />);
  const upTo = (before: number, alerts: readonly Alert[]) => alerts.slice(0, Math.max(0, shown - before));
  return (
    <aside className={css.list} aria-labelledby="alerts-title">
      <header className={css.head}>
        <h2 className={css.title} id="alerts-title">
          Alerts
        </h2>
        <span className={css.counts}>
          {[`${open.length} open`, taken.length > 0 && `${taken.length} taken`, silenced.length > 0 && `${silenced.length} silenced`]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {open.length > 1 && (
          <button type="button" className={css.all} onClick={() => chooseAlso(open.map((alert) => alert.id))}>
            Choose all open
          </button>
        )}
      </header>
      <ChosenBar />
      <div className={css.scroll} tabIndex={-1}>
        {walk.length === 0 && <Quiet />}
        {open.length > 0 && <ul aria-label="Open: not acknowledged yet">{draw(upTo(0, open))}</ul>}
        {taken.length > 0 && <ul aria-label="Taken, the longest taken first">{draw(upTo(open.length, taken))}</ul>}
        {silenced.length > 0 && <ul aria-label="Silenced">{draw(upTo(open.length + taken.length, silenced))}</ul>}
        {walk.length > shown && (
          <div className={css.more}>
            <Button onClick={() => setLimit(shown + page)}>Show more</Button> {walk.length - shown} are not drawn yet
          </div>
        )}
        {ended.length > 0 && <Ended ended={ended} />}
        <Silences />
      </div>
      <OnCall />
    </aside>
  );
}

function Quiet() {
  const known = useLive((live) => live.connection !== 'connecting');
  const watching = useLive((live) => Object.keys(live.tables.plans).length > 0);
  const cutOff = useLive((live) => live.tables.desk.desk?.cutOffSince != null);
  const old = useStaleness() !== null;
  if (!known) return null;
  // No green for what nobody looks at.
  const quiet = watching && !old && !cutOff;
  return (
    <div className={css.quiet}>
      <StandingMark standing={quiet ? 'ok' : 'pending'} silent />
      <div>
        <p className={css.quietTitle}>
          {quiet
            ? 'Nothing wants you now.'
            : old
              ? 'No alert was open when the picture was fresh.'
              : cutOff
                ? 'No alert was open when this desk was last online.'
                : 'Nothing is watched yet.'}
        </p>
        <p>A problem comes up here as soon as it has failed its retries.</p>
      </div>
    </div>
  );
}

/** What can be done with several alerts at once; there only while some are chosen. */
function ChosenBar() {
  const picked = useView((view) => view.chosen);
  const table = useLive((live) => live.tables.alerts);
  const parts = useLive((live) => incidentByAlert(live.tables.incidents));
  const chosen = picked.filter((id) => table[id]);
  // Chosen for a report before they left the list of the last day: nothing that could be done here.
  if (chosen.length === 0) return null;
  const forAck = forAcknowledging(chosen, table);
  const forIncident = chosen.filter((id) => !parts.has(id));
  const allTaken = forAck.length > 0 && forAck.every((id) => table[id]?.acknowledgement);
  return (
    <section className={css.chosen} aria-label="Chosen alerts">
      <span>{chosen.length} chosen</span>
      {forAck.length > 0 && (
        <>
          <Button onClick={acknowledge}>{allTaken ? `Take over (${forAck.length})` : `Acknowledge (${forAck.length})`}</Button>
          <Button onClick={silence}>Silence</Button>
        </>
      )}
      <Button onClick={() => openIncidentDialog({ what: 'open', alerts: forIncident })}>Incident</Button>
      <Button onClick={() => openIncidents({ kind: 'report' })}>Draft report</Button>
      <Button variant="quiet" icon={<X />} aria-label="Clear" title="Choose none" onClick={clearChosen} />
    </section>
  );
}

/** Folded; drawn only once it is opened. */
function Ended({ ended }: { ended: readonly Alert[] }) {
  const [unfolded, setUnfolded] = useState(false);
  return (
    <details className={css.ended} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>
        Over in the last day <span className={css.counts}>{ended.length}</span>
      </summary>
      {unfolded && (
        <ul>
          {ended.map((alert) => (
            <EndedRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </details>
  );
}

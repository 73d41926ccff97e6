/** The alerts beside the grids: what nobody has yet first, then what somebody has, then what is over, folded. */
import { memo } from 'react';
import type { Alert } from '../../shared/model/alert.ts';
import { humanDuration } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { alertLists } from '../state/derive.ts';
import { useStaleness } from '../state/freshness.ts';
import { useLive } from '../state/live.ts';
import { clearChosen, openDialog, select, setCursor, showScreen, toggleChosen, useView } from '../state/view.ts';
import css from './AlertList.module.css';

export function AlertList() {
  const { open, taken, ended } = useLive((live) => alertLists(live.tables.alerts));
  const known = useLive((live) => live.connection !== 'connecting');
  const watching = useLive((live) => Object.keys(live.tables.plans).length > 0);
  const old = useStaleness() !== null;
  // No green for what nobody looks at.
  const quiet = watching && !old;
  const cursor = useView((view) => view.cursor);
  const walk = [...open, ...taken];
  const current = (walk.find((alert) => alert.id === cursor) ?? walk[0])?.id ?? null;
  return (
    <aside className={css.list} aria-labelledby="alerts-title">
      <header className={css.head}>
        <h2 className={css.title} id="alerts-title">
          Alerts
        </h2>
        <span className={css.counts}>
          {open.length} open{taken.length > 0 && ` · ${taken.length} taken`}
        </span>
        {open.length > 1 && <span className={css.order}>worst first</span>}
      </header>
      <ChosenBar />
      <div className={css.scroll} tabIndex={-1}>
        {known && walk.length === 0 && (
          <div className={css.quiet}>
            <StandingMark standing={quiet ? 'ok' : 'pending'} silent />
            <div>
              <p className={css.quietTitle}>
                {quiet ? 'Nothing wants you now.' : old ? 'No alert was open when the picture was fresh.' : 'Nothing is watched yet.'}
              </p>
              <p>A problem comes up here as soon as it has failed its retries.</p>
            </div>
          </div>
        )}
        <ul>
          {walk.map((alert) => (
            <AlertCard key={alert.id} alert={alert} current={alert.id === current} />
          ))}
        </ul>
        {ended.length > 0 && (
          <details className={css.ended}>
            <summary>
              Over in the last day <span className={css.counts}>{ended.length}</span>
            </summary>
            <ul>
              {ended.map((alert) => (
                <EndedRow key={alert.id} alert={alert} />
              ))}
            </ul>
          </details>
        )}
      </div>
    </aside>
  );
}

/** What can be done with several alerts at once; there only while some are chosen. */
function ChosenBar() {
  const picked = useView((view) => view.chosen);
  const table = useLive((live) => live.tables.alerts);
  const chosen = picked.filter((id) => table[id]);
  if (chosen.length === 0) return null;
  return (
    <section className={css.chosen} aria-label="Chosen alerts">
      <span>{chosen.length} chosen</span>
      <Button onClick={() => openDialog({ kind: 'acknowledge', alerts: chosen })}>Acknowledge</Button>
      <Button onClick={() => showScreen('incidents')}>Draft report</Button>
      <Button variant="quiet" onClick={clearChosen}>
        Clear
      </Button>
    </section>
  );
}

const AlertCard = memo(function AlertCard({ alert, current }: { alert: Alert; current: boolean }) {
  const isChosen = useView((view) => view.chosen.includes(alert.id));
  const taken = alert.acknowledgement;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list are in keys.ts; a click only says which card they speak of
    <li
      className={css.card}
      data-alert={alert.id}
      data-severity={alert.severity}
      data-taken={taken ? '' : undefined}
      data-current={current ? '' : undefined}
      data-chosen={isChosen ? '' : undefined}
      // Focus follows j and k, so that a screen reader reads the card.
      tabIndex={-1}
      onFocus={() => setCursor(alert.id)}
      onClick={() => setCursor(alert.id)}
    >
      <StandingMark standing={alert.severity} className={css.mark} />
      <div className={css.words}>
        <h3 className={css.cardTitle}>
          <button type="button" className={css.open} onClick={() => select(alert.subject.id, alert.checks[0] ?? null)}>
            {alert.title}
          </button>
        </h3>
        <p className={css.text}>{alert.text}</p>
        <p className={css.meta}>
          since <Time at={alert.firstAt} format="short" withZone /> · <Time at={alert.firstAt} format="since" />
          {!taken && ' · nobody has it yet'}
        </p>
        {taken && (
          <p className={css.taken}>
            Taken by {taken.by} at <Time at={taken.at} format="short" withZone />: “{taken.comment}”
          </p>
        )}
        <div className={css.actions}>
          {!taken && (
            <Button
              variant={current ? 'primary' : 'plain'}
              {...(current ? { keyHint: 'a' } : {})}
              onClick={() => openDialog({ kind: 'acknowledge', alerts: [alert.id] })}
            >
              Acknowledge
            </Button>
          )}
          <Button {...(current ? { keyHint: 'n' } : {})} onClick={() => openDialog({ kind: 'note', subject: alert.subject })}>
            Note
          </Button>
          <Button {...(current ? { keyHint: 'x' } : {})} aria-pressed={isChosen} onClick={() => toggleChosen(alert.id)}>
            {isChosen ? 'Chosen' : 'Choose'}
          </Button>
        </div>
      </div>
    </li>
  );
});

const EndedRow = memo(function EndedRow({ alert }: { alert: Alert }) {
  const isChosen = useView((view) => view.chosen.includes(alert.id));
  return (
    <li className={css.endedRow}>
      <StandingMark standing="ok" silent className={css.mark} />
      <div className={css.words}>
        <h3 className={css.endedTitle}>
          <button type="button" className={css.open} onClick={() => select(alert.subject.id, alert.checks[0] ?? null)}>
            {alert.title}
          </button>
        </h3>
        <p className={css.meta}>
          <Time at={alert.firstAt} format="short" />–<Time at={alert.endedAt ?? alert.updatedAt} format="short" withZone /> ·{' '}
          {humanDuration((alert.endedAt ?? alert.updatedAt) - alert.firstAt)}
        </p>
      </div>
      <Button
        variant="quiet"
        aria-pressed={isChosen}
        aria-label={`Choose “${alert.title}” for a draft`}
        onClick={() => toggleChosen(alert.id)}
      >
        {isChosen ? 'Chosen' : 'Choose'}
      </Button>
    </li>
  );
});

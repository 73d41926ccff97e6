/** The alerts of the last days, to tick for a draft: open ones first, then those that ended, newest first. */
import { useMemo } from 'react';
import type { Alert } from '../../shared/model/alert.ts';
import { DAY, dayKey, dayName, humanDuration } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { clearChosen, toggleChosen, useView } from '../state/view.ts';
import css from './Incidents.module.css';

const days = 7;

export function ChooseAlerts({ zone }: { zone: string }) {
  const chosen = useView((view) => view.chosen);
  const live = useLive((it) => it.tables.alerts);
  const asked = useAsk('alerts', () => engine.alerts({ from: rightNow() - days * DAY, to: rightNow() }), { everyMs: 60_000 });
  const alerts = useMemo(
    () => sortAlerts([...(asked.value ?? []).filter((alert) => !live[alert.id]), ...Object.values(live)]),
    [asked.value, live],
  );
  const known = new Set(alerts.map((alert) => alert.id));
  const lost = chosen.filter((id) => !known.has(id));
  return (
    <div className={css.choose}>
      <div className={css.chooseHead}>
        <span className={css.hint}>Open, and ended in the last {days} days</span>
        {chosen.length > 0 && (
          <Button variant="quiet" onClick={clearChosen}>
            Clear
          </Button>
        )}
      </div>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          Older alerts cannot be listed. {asked.failure}
        </Notice>
      )}
      {alerts.length === 0 && (
        <p className={css.hint}>
          {asked.asking ? 'Reading the alerts…' : `No alert in the last ${days} days. A time range can be drafted all the same.`}
        </p>
      )}
      <ul>
        {alerts.map((alert) => (
          <AlertLine key={alert.id} alert={alert} zone={zone} chosen={chosen.includes(alert.id)} />
        ))}
      </ul>
      {lost.length > 0 && asked.value && (
        <p className={css.hint}>
          {lost.length === 1 ? 'One chosen alert is older and not listed.' : `${lost.length} chosen alerts are older and not listed.`}
        </p>
      )}
    </div>
  );
}

function AlertLine({ alert, zone, chosen }: { alert: Alert; zone: string; chosen: boolean }) {
  const now = useNow('quarter');
  // Counted from a minute on while it is open, as the clock here ticks by quarters.
  const lasts = humanDuration(alert.endedAt === null ? Math.max(60_000, now - alert.firstAt) : alert.endedAt - alert.firstAt);
  return (
    <li>
      <label className={css.alert}>
        <input type="checkbox" checked={chosen} onChange={() => toggleChosen(alert.id)} />
        <StandingMark standing={alert.severity} />
        <span className={css.alertTitle}>{alert.title}</span>
        <span className={css.alertTime}>
          {dayKey(alert.firstAt, zone) === dayKey(now, zone) ? '' : `${dayName(alert.firstAt, zone).replace(/ \d{4}$/, '')} `}
          <Time at={alert.firstAt} format="short" zone={zone} withZone /> ·{' '}
          {alert.endedAt === null ? `open for ${lasts}` : `lasted ${lasts}`}
        </span>
      </label>
    </li>
  );
}

const sortAlerts = (alerts: Alert[]): Alert[] =>
  alerts.sort((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || b.firstAt - a.firstAt || (a.id < b.id ? 1 : -1));

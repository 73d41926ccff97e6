/** Alerts to tick: open ones, and those that ended in the last days or in a stretch of time. What belongs to another incident stays there. */
import { useMemo, useState } from 'react';
import type { Alert } from '../../shared/model/alert.ts';
import { DAY } from '../../shared/time.ts';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { stretchText } from '../maintenance/window-words.ts';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { incidentByAlert } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import css from './AlertPicker.module.css';

const days = 7;
/** So many are drawn. */
const most = 100;

interface AlertPickerProps {
  chosen: readonly string[];
  onChange(chosen: string[]): void;
  /** The incident they are chosen for; its own alerts are not offered. */
  own: string | null;
  from?: number | null;
  to?: number | null;
}

export function AlertPicker({ chosen, onChange, own, from = null, to = null }: AlertPickerProps) {
  const zone = useZone();
  const now = useNow('quarter');
  const live = useLive((it) => it.tables.alerts);
  const taken = useLive((it) => incidentByAlert(it.tables.incidents));
  const asked = useAsk(`alerts ${from} ${to}`, () =>
    engine.alerts({ from: Math.min(from ?? rightNow(), rightNow() - days * DAY), to: to ?? rightNow() }),
  );
  // The order must not change under the pointer while one ticks.
  const [given] = useState(chosen);
  const offered = useMemo(() => {
    const all = new Map([...(asked.value ?? []), ...Object.values(live)].map((alert) => [alert.id, alert]));
    const within = (alert: Alert): boolean => from === null || alert.endedAt === null || alert.endedAt >= from;
    return [...all.values()]
      .filter((alert) => chosen.includes(alert.id) || (within(alert) && (own === null || taken.get(alert.id)?.id !== own)))
      .sort((a, b) => rank(a) - rank(b) || b.firstAt - a.firstAt);
    function rank(alert: Alert): number {
      return given.includes(alert.id) ? 0 : alert.endedAt === null ? 1 : 2;
    }
  }, [asked.value, live, taken, from, own, chosen, given]);
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((it) => it !== id) : [...chosen, id]);
  return (
    <fieldset className={css.picker}>
      <legend>Alerts {chosen.length > 0 && <span className={css.soft}>{chosen.length} chosen</span>}</legend>
      {asked.failure && <Notice tone="warn">Older alerts cannot be listed. {asked.failure}</Notice>}
      {offered.length === 0 && (
        <p className={css.soft}>{asked.asking ? 'Reading the alerts…' : 'No alert is open, and none ended in the last days.'}</p>
      )}
      <ul>
        {offered.slice(0, most).map((alert) => {
          const other = taken.get(alert.id);
          const elsewhere = other !== undefined && other.id !== own;
          return (
            <li key={alert.id}>
              <label className={css.alert} data-elsewhere={elsewhere ? '' : undefined}>
                <input
                  type="checkbox"
                  checked={chosen.includes(alert.id)}
                  disabled={elsewhere && !chosen.includes(alert.id)}
                  onChange={() => toggle(alert.id)}
                />
                <StandingMark standing={alert.endedAt === null ? alert.severity : 'ok'} />
                <span className={css.title}>{alert.title}</span>
                <span className={css.soft}>
                  {elsewhere
                    ? `in “${other.title}”`
                    : `${alert.endedAt === null ? '' : 'over, '}${stretchText(alert.firstAt, alert.endedAt, zone, now)}`}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      {offered.length > most && <p className={css.soft}>and {offered.length - most} older ones: choose a stretch of time to see them</p>}
    </fieldset>
  );
}

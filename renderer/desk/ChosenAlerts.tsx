/** The alerts that a dialog speaks of. */
import type { Alert } from '../../shared/model/alert.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import css from './forms.module.css';

/** So many are named; a storm may have chosen thousands. */
const named = 50;

export function ChosenAlerts({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <ul className={css.what}>
      {alerts.slice(0, named).map((alert) => (
        <li key={alert.id}>
          <StandingMark standing={alert.severity} />
          {alert.title}
        </li>
      ))}
      {alerts.length > named && <li>and {alerts.length - named} more</li>}
    </ul>
  );
}

/** Says that some (or all) of what was chosen is over meanwhile. */
export const leftOut = (over: number, running: number, verb: string): string =>
  running === 0
    ? `This is over already: there is nothing left to ${verb}. A note can still be written.`
    : `${over} of the chosen alerts ${over === 1 ? 'is' : 'are'} over already and will be left out.`;

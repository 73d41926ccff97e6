/** An alert that is over, as one short row. */
import { memo } from 'react';
import type { Alert } from '../../shared/model/alert.ts';
import { humanDuration } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { toggleChosen, useView } from '../state/view.ts';
import css from './AlertList.module.css';
import { openAlert } from './actions.ts';

export const EndedRow = memo(function EndedRow({ alert }: { alert: Alert }) {
  const isChosen = useView((view) => view.chosen.includes(alert.id));
  return (
    <li className={css.endedRow}>
      <StandingMark standing="ok" silent className={css.mark} />
      <div className={css.words}>
        <h3 className={css.endedTitle}>
          <button type="button" className={css.open} onClick={() => openAlert(alert.id)}>
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

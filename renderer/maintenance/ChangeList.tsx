/** What was changed in the last 30 days, newest first: the first thing to look at when something fails. */
import { useState } from 'react';
import { count } from '../../shared/text.ts';
import { zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { now } from '../state/clock.ts';
import css from './Maintenance.module.css';
import { useChanges } from './use-maintenance.ts';

const first = 20;

export function ChangeList({ zone, nameOf }: { zone: string; nameOf(id: string): string }) {
  const { value, failure, again } = useChanges();
  const [all, setAll] = useState(false);
  const shown = all ? value : value?.slice(0, first);
  return (
    <section aria-labelledby="maintenance-changes">
      <header className={css.changesHead}>
        <h3 id="maintenance-changes">Changes</h3>
        <span className={css.hint}>the last 30 days, times in {zoneTitle(value?.[0]?.at ?? now(), zone)}</span>
      </header>
      {failure && (
        <Notice tone="bad" title="The changes could not be read." actions={<Button onClick={again}>Try again</Button>}>
          {failure}
        </Notice>
      )}
      {!value && !failure && <p className={css.hint}>Reading…</p>}
      {value?.length === 0 && (
        <p className={css.hint}>
          None was entered. Patches, moves and new settings that stand here are shown beside later faults of the same thing.
        </p>
      )}
      {shown && shown.length > 0 && (
        <ul className={css.changes}>
          {shown.map((it) => (
            <li key={it.id}>
              <Time at={it.at} format="stamp" />
              <span>{it.subject === null ? 'in general' : nameOf(it.subject)}</span>
              <span>{it.text}</span>
              <span className={css.by}>{it.by}</span>
            </li>
          ))}
        </ul>
      )}
      {value && !all && value.length > first && (
        <Button variant="quiet" onClick={() => setAll(true)}>
          Show all {count(value.length, 'change')}
        </Button>
      )}
    </section>
  );
}

/** What we changed on a subject within the last week, newest first: often the cause of what is seen now. */
import { DAY } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { now as rightNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { openDialog } from '../state/view.ts';
import css from './Detail.module.css';
import { newestOf } from './SubjectEvents.tsx';
import { useAsk } from './use-ask.ts';

const most = 5;

export function SubjectChanges({ subject }: { subject: string }) {
  const newest = useLive((live) => newestOf(live.tables.events, subject, 'change'));
  const ask = () => {
    const now = rightNow();
    return engine.changes({ from: now - 7 * DAY, to: now + DAY, subjects: [subject] });
  };
  const asked = useAsk(subject, ask, { version: newest });
  const changes = asked.value ?? [];
  return (
    <section className={css.changes} aria-label="Changes">
      <div className={css.eventsHead}>
        <h3 className={css.small}>Changes</h3>
        <span className={css.soft}>{asked.value && changes.length === 0 ? 'none in the last 7 days' : 'last 7 days'}</span>
        <Button variant="quiet" onClick={() => openDialog({ kind: 'change', subject })}>
          Add change
        </Button>
      </div>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          The changes cannot be shown. {asked.failure}
        </Notice>
      )}
      <ol className={css.eventList}>
        {changes.slice(0, most).map((change) => (
          <li key={change.id}>
            <span className={css.soft}>
              <Time at={change.at} format="stamp" /> · {change.by}
            </span>{' '}
            {change.text}
          </li>
        ))}
      </ol>
      {changes.length > most && <p className={css.soft}>and {changes.length - most} more</p>}
    </section>
  );
}

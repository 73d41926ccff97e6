/** One incident: its head, the quick line and the log, and beside them what waits, what is owed, its alerts and its documents. */
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { useLive } from '../state/live.ts';
import { openIncident } from '../state/view.ts';
import { Back } from './Back.tsx';
import { IncidentHead } from './IncidentHead.tsx';
import { IncidentLog } from './IncidentLog.tsx';
import css from './IncidentPage.module.css';
import { IncidentSide } from './IncidentSide.tsx';
import { QuickLine } from './QuickLine.tsx';
import { useIncident } from './use-incident.ts';

export function IncidentPage({ id }: { id: string }) {
  const story = useIncident(id);
  const { incident } = story;
  const into = useLive((live) => (incident?.mergedInto ? live.tables.incidents[incident.mergedInto] : undefined));
  if (!incident) {
    return (
      <section className={css.view} aria-label="Incident">
        <header className={css.bare}>
          <Back />
        </header>
        {story.failure ? (
          <Notice tone="bad" title="The incident cannot be shown." actions={<Button onClick={story.again}>Try again</Button>}>
            {story.failure}
          </Notice>
        ) : (
          <p className={css.waiting} role="status">
            Reading the incident…
          </p>
        )}
      </section>
    );
  }
  const merged = incident.mergedInto;
  return (
    <section className={css.view} aria-labelledby="incident-title">
      <IncidentHead incident={incident} alerts={story.alerts} />
      {merged !== null && (
        <Notice
          title="This incident goes on as part of another one."
          actions={<Button onClick={() => openIncident(merged)}>Open it</Button>}
        >
          {into ? ` “${into.title}” ` : ' '}has its alerts and its log. Nothing more can be written here.
        </Notice>
      )}
      {story.failure && (
        <Notice tone="warn" actions={<Button onClick={story.again}>Try again</Button>}>
          The log may be incomplete. {story.failure}
        </Notice>
      )}
      <div className={css.columns}>
        <div className={css.main}>
          {merged === null && <QuickLine incident={incident} />}
          <IncidentLog incident={incident} events={story.events} live={story.live} asking={story.asking} />
        </div>
        <IncidentSide incident={incident} alerts={story.alerts} documents={story.documents} />
      </div>
    </section>
  );
}

/** The first line of the desk: one sentence, the clocks, Find, and the one bright button. */
import { clock, clockShort, zoneName } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { useNow } from '../state/clock.ts';
import { incidentByAlert } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openDialog, openIncident } from '../state/view.ts';
import { draftReport } from './actions.ts';
import { HeadlineLine } from './HeadlineLine.tsx';
import { MuteControl } from './MuteControl.tsx';
import css from './TopBar.module.css';
import { useHeadline } from './use-headline.ts';

export function TopBar() {
  return (
    <header className={css.bar}>
      <Sentence />
      <Clocks />
      <MuteControl />
      <Button keyHint="Ctrl K" onClick={() => openDialog({ kind: 'find' })}>
        Find
      </Button>
      <Button variant="primary" keyHint="d" onClick={draftReport}>
        Draft incident report
      </Button>
    </header>
  );
}

function Sentence() {
  const { words, line } = useHeadline();
  const incident = useLive((live) => (words.alert === null ? undefined : incidentByAlert(live.tables.incidents).get(words.alert)));
  return (
    <div className={css.sentence} data-standing={words.standing} title={`${words.title}${line ? ` · ${line}` : ''}`}>
      <StandingMark standing={words.standing} className={css.mark} />
      <h1 className={css.title}>{words.title}</h1>
      {/* Said aloud when it changes; the line beside it moves too often for that. */}
      <p className="visually-hidden" role="status">
        {words.title}
      </p>
      {line && (
        <p className={css.line}>
          <HeadlineLine text={line} />
          {incident && (
            <>
              {' · incident '}
              <button type="button" className={css.incident} onClick={() => openIncident(incident.id)}>
                {incident.title}
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}

function Clocks() {
  const now = useNow('second');
  const zone = useZone();
  return (
    <p className={css.clocks}>
      <time dateTime={new Date(now).toISOString()}>
        {clock(now, zone)} {zoneName(now, zone)}
        {zoneName(now, zone) !== 'UTC' && <span className={css.utc}> · {clockShort(now, 'UTC')} UTC</span>}
      </time>
    </p>
  );
}

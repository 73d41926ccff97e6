/** One alert of the list: what failed, what fails because of it, what is known beside it, who has it, and what can be done. */
import { ArrowUpFromLine, BellOff, ChevronDown, ChevronRight, History, RotateCcw, Wrench } from 'lucide-react';
import { type MouseEvent, memo, type ReactNode, useMemo, useState } from 'react';
import { whoHas } from '../../shared/headline.ts';
import { whenText } from '../../shared/headline-words.ts';
import { leadOf } from '../../shared/incidents/about.ts';
import type { Alert, Related } from '../../shared/model/alert.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { SeverityMark } from '../incidents/SeverityMark.tsx';
import { useNow } from '../state/clock.ts';
import { incidentByAlert } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openDialog, openIncident, select, setCursor, toggleChosen, useView } from '../state/view.ts';
import css from './AlertList.module.css';
import { chooseUpTo, openAlert } from './actions.ts';
import { behindOf, causeOf, escalationText, holdsText, ownText } from './alert-words.ts';

export const AlertCard = memo(function AlertCard({ alert, current, choosing }: { alert: Alert; current: boolean; choosing: boolean }) {
  const isChosen = useView((view) => view.chosen.includes(alert.id));
  const subjects = useLive((live) => live.tables.subjects);
  const own = useMemo(() => ownText(alert, subjects), [alert, subjects]);
  const cause = useMemo(() => causeOf(alert), [alert]);
  const taken = alert.acknowledgement;
  const lead = useLive((live) => leadOf(live.tables.incidents, alert.id));
  const escalated = escalationText(alert);
  const pick = (event: MouseEvent) => {
    if (event.shiftKey) chooseUpTo(alert.id);
    else toggleChosen(alert.id);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list are in keys.ts; a click only says which card they speak of
    <li
      className={css.card}
      data-alert={alert.id}
      data-severity={alert.severity}
      data-taken={taken ? '' : undefined}
      data-silenced={alert.silencedUntil !== null ? '' : undefined}
      data-current={current ? '' : undefined}
      data-chosen={isChosen ? '' : undefined}
      // Focus follows j and k, so that a screen reader reads the card.
      tabIndex={-1}
      // Not on the press of a pointer: the card that was current folds then, and what is below would slip away before the click.
      onFocus={(event) => event.target.matches(':focus-visible') && setCursor(alert.id)}
      onClick={() => setCursor(alert.id)}
    >
      <span className={css.side} data-choosing={choosing ? '' : undefined}>
        <StandingMark standing={alert.severity} className={css.mark} />
        <input
          type="checkbox"
          className={css.pick}
          tabIndex={-1}
          checked={isChosen}
          aria-label={`Choose “${alert.title}”`}
          title="Choose; with Shift all up to here"
          onClick={pick}
          onChange={() => {}}
        />
      </span>
      <div className={css.words}>
        <h3 className={css.cardTitle}>
          <button type="button" className={css.open} onClick={() => openAlert(alert.id)}>
            {alert.title}
          </button>
        </h3>
        {cause && <CauseLine cause={cause} />}
        <p className={css.text}>{own}</p>
        {alert.consequences.length > 0 && <Behind alert={alert} />}
        {alert.related.map((it) => (
          <RelatedLine key={`${it.kind} ${it.at} ${it.text}`} related={it} />
        ))}
        <p className={css.meta}>
          since <Time at={alert.firstAt} format="short" withZone /> · <Time at={alert.firstAt} format="since" />
          {!taken && ` · ${whoHas(null, lead)}`}
          {escalated && (
            <>
              {' '}
              <span className={css.escalated}>
                · <ArrowUpFromLine aria-hidden /> {escalated}
              </span>
            </>
          )}
        </p>
        {alert.silencedUntil !== null && <Silenced until={alert.silencedUntil} />}
        {taken && <Taken alert={alert} />}
        <PartOf alert={alert.id} />
        <div className={css.actions}>
          <Button
            variant={current && !taken ? 'primary' : 'plain'}
            {...(current ? { keyHint: 'a' } : {})}
            onClick={() => openDialog({ kind: 'acknowledge', alerts: [alert.id] })}
          >
            {taken ? 'Take over' : 'Acknowledge'}
          </Button>
          {taken && <Button onClick={() => openDialog({ kind: 'release', alerts: [alert.id] })}>Give back</Button>}
          <Button {...(current ? { keyHint: 'n' } : {})} onClick={() => openDialog({ kind: 'note', subject: alert.subject })}>
            Note
          </Button>
          <Button {...(current ? { keyHint: 's' } : {})} onClick={() => openDialog({ kind: 'silence', subjects: [alert.subject.id] })}>
            Silence
          </Button>
        </div>
      </div>
    </li>
  );
});

/** What is broken, as far as it can be told. */
function CauseLine({ cause: { word, sentence, works } }: { cause: NonNullable<ReturnType<typeof causeOf>> }) {
  return (
    <p className={css.cause} data-guess={word === 'Perhaps' ? '' : undefined}>
      <span className={css.causeWord}>{word}:</span> {sentence}
      {works === null ? '.' : <span className={css.works}>. Known to work: {works}.</span>}
    </p>
  );
}

function Taken({ alert }: { alert: Alert }) {
  const zone = useZone();
  const now = useNow('quarter');
  const taken = alert.acknowledgement;
  if (!taken) return null;
  const holds = holdsText(taken, now, zone);
  return (
    <p className={css.taken}>
      Taken by {taken.by} at {whenText(taken.at, now, zone)}: “{taken.comment}”{holds && ` · ${holds}`}
    </p>
  );
}

function PartOf({ alert }: { alert: string }) {
  const incident = useLive((live) => incidentByAlert(live.tables.incidents).get(alert));
  if (!incident) return null;
  return (
    <p className={css.incident}>
      <SeverityMark severity={incident.severity} /> Incident, {incident.status}:{' '}
      <button type="button" className={css.open} onClick={() => openIncident(incident.id)}>
        {incident.title}
      </button>
    </p>
  );
}

function Silenced({ until }: { until: number }) {
  const zone = useZone();
  const now = useNow('quarter');
  return (
    <p className={css.silenced}>
      <BellOff aria-hidden /> silenced until {whenText(until, now, zone)}
    </p>
  );
}

/** What the failure took with it: one line, and the list of it once it is unfolded. */
function Behind({ alert }: { alert: Alert }) {
  const subjects = useLive((live) => live.tables.subjects);
  const plans = useLive((live) => live.tables.plans);
  const [unfolded, setUnfolded] = useState(false);
  const behind = useMemo(() => behindOf(alert, { subjects, plans }), [alert, subjects, plans]);
  if (!behind) return null;
  return (
    <div className={css.behind}>
      <button type="button" className={css.fold} aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
        {unfolded ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
        {behind.summary}
      </button>
      {unfolded && (
        <ul>
          {behind.lines.map((line) => (
            <li key={line.subject}>
              <button type="button" className={css.open} onClick={() => select(line.subject)}>
                {line.name}
              </button>{' '}
              <span>{line.checks}</span>
            </li>
          ))}
          {behind.more > 0 && <li>and {behind.more} more</li>}
        </ul>
      )}
    </div>
  );
}

const relatedMarks: Record<Related['kind'], { icon: ReactNode; word: string }> = {
  routine: { icon: <RotateCcw aria-hidden />, word: 'Routine' },
  maintenance: { icon: <Wrench aria-hidden />, word: 'Planned work' },
  change: { icon: <History aria-hidden />, word: 'Change' },
};

function RelatedLine({ related }: { related: Related }) {
  const { icon, word } = relatedMarks[related.kind];
  return (
    <p className={css.related}>
      {icon} {word}: {related.text}
    </p>
  );
}

/** Everything about the selected subject: how it stands, its checks, and for one of them why, since when and what the probe saw. */
import { RefreshCw, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { standingWord } from '../../shared/health/standing.ts';
import type { Subject } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { clockShort, dayKey, stamp, zoneName } from '../../shared/time.ts';
import { type SpanKey, writeMoment } from '../charts/axis.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { sinceText } from '../components/Time.tsx';
import { useNow } from '../state/clock.ts';
import { coverText, recordsOf } from '../state/derive.ts';
import { useLive, useSubject, useZone } from '../state/live.ts';
import { deselect, openDialog, openPlace, select, useView } from '../state/view.ts';
import { CheckDetail } from './CheckDetail.tsx';
import { CheckList } from './CheckList.tsx';
import css from './Detail.module.css';
import { DiagnosisPart } from './DiagnosisPart.tsx';
import { SubjectChanges } from './SubjectChanges.tsx';
import { SubjectEvents } from './SubjectEvents.tsx';
import { coverOf, kindWord, listedChecks, openAlertOf, placeOfSubject, shownCheck, standingSince } from './subject-view.ts';
import { useCheckNow } from './use-check-now.ts';

export function DetailPanel() {
  const selection = useView((view) => view.selection);
  const subject = useSubject(selection?.subject);
  if (!selection) return null;
  if (!subject) {
    return (
      <section className={css.panel} aria-label="Detail">
        <header className={css.head}>
          <h2 className={css.name}>{selection.subject}</h2>
          <CloseButton />
        </header>
        <p className={css.nothing}>This is not in the inventory any more. What happened to it is still in the timeline.</p>
      </section>
    );
  }
  return <SubjectDetail key={subject.id} subject={subject} chosen={selection.check} />;
}

function SubjectDetail({ subject, chosen }: { subject: Subject; chosen: string | null }) {
  const ids = useLive(useShallow((live) => listedChecks(live.tables, subject.id)));
  const [span, setSpan] = useState<SpanKey>('24h');
  const plan = useShown(ids, chosen);
  const panel = useRef<HTMLElement>(null);
  // Another subject is read from its top; the place that scrolls is the one that holds the panel.
  useEffect(() => panel.current?.parentElement?.scrollTo(0, 0), []);
  return (
    <section className={css.panel} aria-labelledby="detail-name" ref={panel}>
      <Head subject={subject} ids={ids} />
      {ids.length === 0 && (
        <p className={css.nothing}>
          {subject.kind === 'site'
            ? 'A site has no checks of its own: it is where other things stand.'
            : 'Nothing is checked here yet. Add a check to the inventory, and results appear by themselves.'}
        </p>
      )}
      {ids.length > 0 && <CheckList ids={ids} chosen={plan?.id ?? null} subject={subject} onChoose={(id) => select(subject.id, id)} />}
      <DiagnosisPart subject={subject.id} />
      <div className={css.columns}>
        {plan && <CheckDetail plan={plan} span={span} onSpan={setSpan} />}
        <div className={css.events}>
          <SubjectChanges subject={subject.id} />
          <SubjectEvents subject={subject.id} />
        </div>
      </div>
    </section>
  );
}

/** The chosen check; without a choice the worst, which stays while it exists so that the panel does not jump under the reader. */
function useShown(ids: readonly string[], chosen: string | null) {
  const [own, setOwn] = useState<string | null>(null);
  const plan = useLive((live) => shownCheck(live.tables, ids, chosen ?? own));
  const id = plan?.id ?? null;
  useEffect(() => setOwn(id), [id]);
  return plan;
}

function Head({ subject, ids }: { subject: Subject; ids: readonly string[] }) {
  const records = useLive(useShallow((live) => recordsOf(live.tables, ids)));
  const alert = useLive((live) => openAlertOf(live.tables, subject.id));
  const site = useSubject(subject.site);
  const { standing, since } = standingSince(records, subject.kind);
  const checkNow = useCheckNow(ids);
  const cover = coverText(coverOf(records, standing));
  return (
    <header className={css.head}>
      {ids.length > 0 && <StandingMark standing={standing} silent className={css.mark} />}
      <h2 className={css.name} id="detail-name">
        {subject.name}
      </h2>
      {ids.length > 0 && <StandingText standing={standing} since={since} />}
      {cover && (
        <span className={css.cover} data-standing={standing}>
          {cover}
        </span>
      )}
      <span className={css.what}>
        {[kindWord[subject.kind], site?.name, subject.note !== subject.name ? subject.note : ''].filter(Boolean).join(' · ')}
      </span>
      {alert?.acknowledgement && (
        <span className={css.taken} title={alert.acknowledgement.comment}>
          {alert.acknowledgement.by} has it: “{alert.acknowledgement.comment}”
        </span>
      )}
      <div className={css.actions}>
        {alert && !alert.acknowledgement && (
          <Button variant="primary" onClick={() => openDialog({ kind: 'acknowledge', alerts: [alert.id] })}>
            Acknowledge
          </Button>
        )}
        {ids.length > 0 && (
          <Button
            icon={<RefreshCw className={checkNow.running ? css.turning : undefined} />}
            busy={checkNow.running}
            onClick={checkNow.start}
          >
            {checkNow.running ? 'Checking…' : 'Check now'}
          </Button>
        )}
        <PlaceButton subject={subject} />
        <Button onClick={() => openDialog({ kind: 'note', subject: { kind: subject.kind, id: subject.id } })}>Note</Button>
        <Button onClick={() => openDialog({ kind: 'silence', subjects: [subject.id] })}>Silence</Button>
        <Button onClick={() => openDialog({ kind: 'plan', window: null, affects: [subject.id] })}>Plan work</Button>
        <CloseButton />
      </div>
    </header>
  );
}

function StandingText({ standing, since }: { standing: Standing; since: number | null }) {
  const zone = useZone();
  const now = useNow('quarter');
  return (
    <span className={css.standing} data-standing={standing}>
      {standingWord[standing]}
      {since !== null && (
        <>
          {' '}
          since{' '}
          <time dateTime={new Date(since).toISOString()} title={stamp(since, zone)}>
            {dayKey(since, zone) === dayKey(now, zone) ? clockShort(since, zone) : writeMoment(since, now, zone)} {zoneName(since, zone)}
          </time>{' '}
          · {sinceText(since, now)}
        </>
      )}
    </span>
  );
}

/** Leads to the page about it, with what stands around it. */
function PlaceButton({ subject }: { subject: Subject }) {
  const place = placeOfSubject(subject);
  return place && <Button onClick={() => openPlace(place)}>Open {place.kind === 'host' ? 'server' : place.kind} page</Button>;
}

function CloseButton() {
  return <Button variant="quiet" icon={<X />} aria-label="Close the detail" onClick={deselect} />;
}

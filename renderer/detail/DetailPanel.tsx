/** Everything about the selected subject: how it stands, its checks, and for one of them why, since when and what the probe saw. */
import { RefreshCw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { standingWord } from '../../shared/health/standing.ts';
import type { Subject } from '../../shared/model/plan.ts';
import type { SpanKey } from '../charts/axis.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { recordsOf } from '../state/derive.ts';
import { useLive, useSubject } from '../state/live.ts';
import { deselect, openDialog, select, useView } from '../state/view.ts';
import { CheckDetail } from './CheckDetail.tsx';
import { CheckList } from './CheckList.tsx';
import css from './Detail.module.css';
import { SubjectEvents } from './SubjectEvents.tsx';
import { kindWord, listedChecks, openAlertOf, shownCheck, standingSince } from './subject-view.ts';
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
  return (
    <section className={css.panel} aria-labelledby="detail-name">
      <Head subject={subject} ids={ids} />
      {ids.length === 0 && (
        <p className={css.nothing}>
          {subject.kind === 'site' ? 'A site has no checks of its own: it is where other things stand.' : 'Nothing is checked here yet. Add a check to the inventory, and results appear by themselves.'}
        </p>
      )}
      {ids.length > 0 && <CheckList ids={ids} chosen={plan?.id ?? null} subject={subject} onChoose={(id) => select(subject.id, id)} />}
      <div className={css.columns}>
        {plan && <CheckDetail plan={plan} span={span} onSpan={setSpan} />}
        <SubjectEvents subject={subject.id} />
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
  const { standing, since } = standingSince(records);
  const checkNow = useCheckNow(ids);
  return (
    <header className={css.head}>
      <StandingMark standing={standing} silent className={css.mark} />
      <h2 className={css.name} id="detail-name">
        {subject.name}
      </h2>
      <span className={css.standing} data-standing={standing}>
        {standingWord[standing]}
        {since !== null && (
          <>
            {' '}
            since <Time at={since} format="short" withZone /> · <Time at={since} format="since" />
          </>
        )}
      </span>
      <span className={css.what}>{[kindWord[subject.kind], site?.name, subject.note !== subject.name ? subject.note : ''].filter(Boolean).join(' · ')}</span>
      <div className={css.actions}>
        {alert?.acknowledgement && (
          <span className={css.taken} title={alert.acknowledgement.comment}>
            {alert.acknowledgement.by} has it: “{alert.acknowledgement.comment}”
          </span>
        )}
        {alert && !alert.acknowledgement && (
          <Button variant="primary" onClick={() => openDialog({ kind: 'acknowledge', alerts: [alert.id] })}>
            Acknowledge
          </Button>
        )}
        {ids.length > 0 && (
          <Button icon={<RefreshCw className={checkNow.running ? css.turning : undefined} />} busy={checkNow.running} onClick={checkNow.start}>
            {checkNow.running ? 'Checking…' : 'Check now'}
          </Button>
        )}
        <Button onClick={() => openDialog({ kind: 'note', subject: { kind: subject.kind, id: subject.id } })}>Note</Button>
        <CloseButton />
      </div>
    </header>
  );
}

function CloseButton() {
  return <Button variant="quiet" icon={<X />} aria-label="Close the detail" onClick={deselect} />;
}

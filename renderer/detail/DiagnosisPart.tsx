/** What is behind an alert: the explanation that fits best, how sure that is, what speaks against it, and what it may be instead. */
import { type ReactNode, useMemo } from 'react';
import { diagnosisOf } from '../../shared/diagnosis/types.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { Time } from '../components/Time.tsx';
import { useLive } from '../state/live.ts';
import { select } from '../state/view.ts';
import css from './DiagnosisPart.module.css';
import { diagnosedAlertOf, diagnosisView, type NamedChecks } from './diagnosis-view.ts';

export function DiagnosisPart({ subject }: { subject: string }) {
  const alert = useLive((live) => diagnosedAlertOf(live.tables, subject));
  const diagnosis = useMemo(() => alert && diagnosisOf(alert), [alert]);
  return alert && diagnosis ? <Known alert={alert} diagnosis={diagnosis} subject={subject} /> : null;
}

function Known({ alert, diagnosis, subject }: { alert: Alert; diagnosis: NonNullable<Alert['diagnosis']>; subject: string }) {
  const plans = useLive((live) => live.tables.plans);
  const subjects = useLive((live) => live.tables.subjects);
  const view = useMemo(() => diagnosisView(diagnosis, { plans, subjects }), [diagnosis, plans, subjects]);
  return (
    <section className={css.part} aria-labelledby="behind-title" data-confidence={view.confidence}>
      <div className={css.head}>
        <h3 className={css.title} id="behind-title">
          What is behind it
        </h3>
        <p className={css.sure}>
          <span className={css.word}>{view.word}</span>
          {view.best.percent !== null && <Share percent={view.best.percent} />}
        </p>
      </div>
      <p className={css.sentence}>
        {view.confidence === 'unsure' && 'Perhaps: '}
        {view.best.sentence}
      </p>
      <dl className={css.facts}>
        {alert.subject.id !== subject && (
          <Fact name="Alert">
            <button type="button" className={css.open} onClick={() => select(alert.subject.id)}>
              {alert.title}
            </button>
          </Fact>
        )}
        <Fact name="Since">
          <Time at={view.since} format="short" withZone /> · <Time at={view.since} format="since" />
        </Fact>
        {view.works !== null && <Fact name="Known to work">{view.works}</Fact>}
        <Fact name="Explains">{view.explains}</Fact>
        {view.contradicts.shown.length > 0 && (
          <Fact name="Against it">
            works, though it should not: <Checks checks={view.contradicts} />
          </Fact>
        )}
        {view.unexplained.shown.length > 0 && (
          <Fact name="Not explained">
            <Checks checks={view.unexplained} />
          </Fact>
        )}
        {view.doubt !== null && <Fact name="Why not surer">{view.doubt}</Fact>}
        {view.runnerUp !== null && (
          <Fact name="Or else">
            {view.runnerUp.sentence} {view.runnerUp.percent !== null && <Share percent={view.runnerUp.percent} />}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How likely, as a bar and in per cent. */
function Share({ percent }: { percent: number }) {
  return (
    <span className={css.share}>
      <span className={css.bar} aria-hidden>
        <span style={{ width: `${percent}%` }} />
      </span>
      {percent} %
    </span>
  );
}

function Checks({ checks }: { checks: NamedChecks }) {
  return (
    <>
      {checks.shown.map(({ check, subject, name }, index) => (
        <span key={check}>
          {index > 0 && ', '}
          <button type="button" className={css.open} onClick={() => select(subject, check)}>
            {name}
          </button>
        </span>
      ))}
      {checks.more > 0 && ` and ${checks.more} more`}
    </>
  );
}

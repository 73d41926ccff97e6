/** Everything about one planned work, and what can be done with it. */
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { WindowLive } from '../../shared/live.ts';
import { describeWindow } from '../../shared/maintenance/words.ts';
import type { DocumentKind } from '../../shared/model/document.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { humanDuration, stamp } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { listedChecks } from '../detail/subject-view.ts';
import { openDocument } from '../editor/open-document.ts';
import { recordsOf, standingOfRecords } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import { select } from '../state/view.ts';
import css from './Maintenance.module.css';
import { show } from './use-maintenance.ts';
import { type Act, actsOf, isUndecided, stateText } from './window-words.ts';

const actWords: Record<Act, string> = {
  start: 'Start now',
  finish: 'Finish',
  extend: 'Extend',
  postpone: 'Postpone',
  edit: 'Change the plan',
  cancel: 'Call off',
};

export function WindowDetail({ window: it, zone, now }: { window: WindowLive | MaintenanceWindow; zone: string; now: number }) {
  const live = 'running' in it ? it : null;
  const late = live?.overrunSince != null;
  const acts = actsOf(it);
  return (
    <Panel title={it.name} of={it.id}>
      <p className={css.state} data-late={late ? '' : undefined}>
        {(late || live?.running) && <StandingMark standing={late ? 'degraded' : 'maintenance'} silent />}
        <span>{stateText(it, zone, now)}</span>
      </p>
      {late && (
        <p className={css.lateText}>Its time is over and what it affects is not back. Extend it, or finish it so that alerts come again.</p>
      )}
      {!late && live?.overran && (
        <p className={css.hint}>It overran, and what it affects is back. Finish it, so that it goes on record when it was done.</p>
      )}
      {acts.length > 0 && (
        <div className={css.acts}>
          {acts.map((act, index) => (
            <Button
              key={act}
              variant={index === 0 ? 'primary' : act === 'cancel' ? 'quiet' : 'plain'}
              danger={act === 'cancel'}
              onClick={() =>
                show({ form: act === 'edit' ? { kind: 'plan', window: it.id, day: null } : { kind: 'act', act, window: it.id } })
              }
            >
              {act === 'postpone' && isUndecided(it) ? 'Fix the day' : actWords[act]}
            </Button>
          ))}
        </div>
      )}
      <dl className={css.facts}>
        <dt>When</dt>
        <dd>{describeWindow(it, zone, now)}</dd>
        {it.startedAt !== null && (
          <>
            <dt>Really began</dt>
            <dd>{stamp(it.startedAt, zone)}</dd>
          </>
        )}
        {it.endedAt !== null && (
          <>
            <dt>Really ended</dt>
            <dd>
              {stamp(it.endedAt, zone)}
              {it.startedAt !== null && `, after ${humanDuration(it.endedAt - it.startedAt)}`}
            </dd>
          </>
        )}
        <dt>Affects</dt>
        <dd>{it.affects.length > 0 ? <Subjects ids={it.affects} /> : 'nothing by name: alerts come as always'}</dd>
        <dt>Keeps working</dt>
        <dd>{it.spares.length > 0 ? <Subjects ids={it.spares} /> : 'not said'}</dd>
        <dt>Why</dt>
        <dd>{it.reason || 'not said'}</dd>
        <dt>Planned by</dt>
        <dd>{it.source === 'inventory' ? 'from the inventory file' : `${it.by}, ${stamp(it.createdAt, zone)}`}</dd>
      </dl>
      {it.source === 'inventory' && acts.length > 0 && (
        <p className={css.hint}>
          It stands in the inventory file: its name, days and lists are changed there. What is done here holds for this desk.
        </p>
      )}
      {live && (
        <>
          <p className={css.hint}>Checks go on meanwhile. Everything that it does not affect raises alerts as always.</p>
          <Announce window={it} zone={zone} />
        </>
      )}
    </Panel>
  );
}

/** What customers are told: drafted, and opened in the editor. A series has no day that could be put off as a whole. */
function Announce({ window: it, zone }: { window: MaintenanceWindow; zone: string }) {
  const [busy, setBusy] = useState<DocumentKind | null>(null);
  const open = async (kind: DocumentKind) => {
    setBusy(kind);
    await openDocument(kind, { window: it.id }, { zone, clock: '24h' });
    setBusy(null);
  };
  const button = (kind: DocumentKind, label: string) => (
    <Button busy={busy === kind} disabled={busy !== null} onClick={() => void open(kind)}>
      {label}
    </Button>
  );
  return (
    <div className={css.acts}>
      {button('maintenance-announcement', 'Announce…')}
      {it.kind !== 'recurring' && button('maintenance-postponement', 'Announce the postponement…')}
    </div>
  );
}

/** Things with how they stand now; a click shows one on the desk. */
function Subjects({ ids }: { ids: readonly string[] }) {
  return (
    <ul className={css.subjects}>
      {ids.map((id) => (
        <SubjectLine key={id} id={id} />
      ))}
    </ul>
  );
}

function SubjectLine({ id }: { id: string }) {
  const subject = useLive((live) => live.tables.subjects[id]);
  const standing = useLive(({ tables }) => standingOfRecords(recordsOf(tables, listedChecks(tables, id)), tables.subjects[id]?.kind));
  if (!subject) return <li className={css.hint}>{id} (no longer in the inventory)</li>;
  return (
    <li>
      <StandingMark standing={standing} />
      <button type="button" className={css.link} onClick={() => select(id)}>
        {subject.name}
      </button>
    </li>
  );
}

/** The frame of details: takes the focus when another thing is shown, so that the keyboard is where the eye is. */
export function Panel({ title, of, children }: { title: string; of: string; children: ReactNode }) {
  const head = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another thing is shown
  useEffect(() => {
    head.current?.focus({ preventScroll: true });
    head.current?.scrollIntoView({ block: 'nearest' });
  }, [of]);
  return (
    <section className={css.detail} aria-label={`Details: ${title}`}>
      <header className={css.detailHead}>
        <h3 ref={head} tabIndex={-1}>
          {title}
        </h3>
        <Button variant="quiet" aria-label="Close the details" icon={<X />} onClick={() => show({ selected: null })} />
      </header>
      {children}
    </section>
  );
}

/** A server on one page: what is known of it from inside, in groups; its checks; what it hangs on and what hangs on it. */
import { RefreshCw } from 'lucide-react';
import type { Subject } from '../../shared/model/plan.ts';
import { count } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { Time } from '../components/Time.tsx';
import { CheckList } from '../detail/CheckList.tsx';
import { kindWord } from '../detail/subject-view.ts';
import { useCheckNow } from '../detail/use-check-now.ts';
import { checksOf } from '../state/derive.ts';
import { useSubject } from '../state/live.ts';
import { openDialog, select } from '../state/view.ts';
import { groupFacts, type HostLine, isInsideCheck } from './host-facts.ts';
import { Head, Part, PlaceLink, PlannedWork, Soft, StandingWord } from './Parts.tsx';
import css from './Places.module.css';
import { type Dependence, dependantsOf, parentsOf, standingOfSubject } from './site-view.ts';
import { useDerived } from './use-derived.ts';
import { useFacts } from './use-facts.ts';

export function HostPage({ host }: { host: Subject }) {
  const site = useSubject(host.site);
  const plans = useDerived((tables) => checksOf(tables, host.id).flatMap((id) => tables.plans[id] ?? []));
  const ids = plans.map((plan) => plan.id);
  const thing = useDerived((tables) => standingOfSubject(tables, host));
  const inside = plans.filter(isInsideCheck);
  const asked = useFacts(inside.map((plan) => plan.id));
  const groups = groupFacts(inside, asked.seen);
  const oldest = Math.min(...inside.flatMap((plan) => asked.seen[plan.id]?.at ?? []));
  const checkNow = useCheckNow(ids);
  return (
    <>
      <Head
        name={host.name}
        standing={ids.length > 0 ? thing.standing : null}
        what={[site?.name, thing.note].filter(Boolean).join(' · ')}
        text={thing.text}
      >
        {ids.length > 0 && (
          <Button icon={<RefreshCw />} busy={checkNow.running} onClick={checkNow.start}>
            {checkNow.running ? 'Checking…' : 'Check now'}
          </Button>
        )}
        <Button onClick={() => openDialog({ kind: 'note', subject: { kind: 'host', id: host.id } })}>Note</Button>
        <Button onClick={() => openDialog({ kind: 'plan', window: null, affects: [host.id] })}>Plan work</Button>
        <Button onClick={() => select(host.id)}>Show on the desk</Button>
      </Head>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          What the probes saw cannot be shown. {asked.failure}
        </Notice>
      )}
      <div className={css.columns}>
        <div className={css.main}>
          <Part
            title="From inside"
            aside={
              Number.isFinite(oldest) && (
                <span className={css.soft}>
                  as of <Time at={oldest} format="short" withZone />
                </span>
              )
            }
          >
            {inside.length === 0 && (
              <Soft>Nobody looks into this server. A check of type inside (over ssh) or snmp shows load, memory, disks and more.</Soft>
            )}
            {inside.length > 0 && groups.length === 0 && (
              <Soft>
                {asked.asking
                  ? 'Reading what the probes saw…'
                  : 'Nothing has been seen since Nightdesk was started. The next look appears here.'}
              </Soft>
            )}
            <div className={css.factGroups}>
              {groups.map((it) => (
                <section key={it.group} aria-label={it.group}>
                  <h4 className={css.small}>{it.group}</h4>
                  <dl>
                    {it.lines.map((line) => (
                      <Fact key={line.key} line={line} />
                    ))}
                  </dl>
                </section>
              ))}
            </div>
          </Part>
          <Part title="Checks">
            {ids.length === 0 && <Soft>Nothing is checked here yet.</Soft>}
            {ids.length > 0 && <CheckList ids={ids} chosen={null} subject={host} onChoose={(id) => select(host.id, id)} />}
          </Part>
        </div>
        <div className={css.side}>
          <Reached host={host} />
          <Needed id={host.id} />
          <PlannedWork on={() => [host.id, host.site ?? host.id]} />
        </div>
      </div>
    </>
  );
}

function Fact({ line }: { line: HostLine }) {
  return (
    <div className={css.fact}>
      <dt>{line.label}</dt>
      <dd>
        {line.value}
        {line.percent !== null && (
          <span className={css.meter} aria-hidden>
            <span style={{ width: `${line.percent}%` }} />
          </span>
        )}
      </dd>
    </div>
  );
}

function Reached({ host }: { host: Subject }) {
  const groups = useDerived((tables) => parentsOf(tables, host));
  return (
    <Part title="Reached through">
      {groups.length === 0 && <Soft>No parents are written in the inventory: when it cannot be reached, it counts as down itself.</Soft>}
      <ul className={css.rows}>
        {groups.map((group) => (
          <li key={group.map((it) => it.subject.id).join(' ')} className={css.needs}>
            {group.map((it, index) => (
              <span key={it.subject.id} className={css.row}>
                {index > 0 && <span className={css.soft}>or</span>}
                <Other it={it} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Part>
  );
}

const most = 30;

function Needed({ id }: { id: string }) {
  const all = useDerived((tables) => dependantsOf(tables, id));
  return (
    <Part title="What depends on it" aside={all.length > 0 && <span className={css.soft}>{count(all.length, 'thing')}</span>}>
      {all.length === 0 && <Soft>Nothing that the inventory knows of.</Soft>}
      <ul className={css.rows}>
        {all.slice(0, most).map((it) => (
          <li key={it.subject.id} className={css.row}>
            <Other it={it} />
            <span className={css.soft}>{kindWord[it.kind]}</span>
          </li>
        ))}
      </ul>
      {all.length > most && <Soft>and {all.length - most} more</Soft>}
    </Part>
  );
}

/** Its page where it has one, else its detail on the desk. */
function Other({ it }: { it: Dependence }) {
  const { kind, subject } = it;
  return (
    <>
      <StandingMark standing={subject.standing} silent />
      {kind === 'host' || kind === 'link' || kind === 'site' ? (
        <PlaceLink place={{ kind, id: subject.id }}>{subject.name}</PlaceLink>
      ) : (
        <button type="button" className={css.link} onClick={() => select(subject.id)}>
          {subject.name}
        </button>
      )}
      <StandingWord standing={subject.standing} />
    </>
  );
}

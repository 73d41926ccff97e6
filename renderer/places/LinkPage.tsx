/** A circuit on one page: its smoke, its bandwidth, whom to call with which circuit id, where traces die, how its way changed. */
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { LiveTables } from '../../shared/live.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { SmokePoint } from '../../shared/smoke.ts';
import { leastPings } from '../../shared/smoke.ts';
import { zoneTitle } from '../../shared/time.ts';
import type { SpanKey } from '../charts/axis.ts';
import { HistoryPanel } from '../charts/HistoryPanel.tsx';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { CheckList } from '../detail/CheckList.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { useCheckNow } from '../detail/use-check-now.ts';
import { now } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { checkLabel, checksOf } from '../state/derive.ts';
import { useSubject, useZone } from '../state/live.ts';
import { openDialog, select } from '../state/view.ts';
import { aboutProbe, groupFacts } from './host-facts.ts';
import { columnOf, matrixOf, readMatrix, trafficOf } from './matrix.ts';
import { OwedPart } from './OwedPart.tsx';
import { Contacts, Head, Part, PlaceLink, PlannedWork, Sentences, Soft, StandingWord } from './Parts.tsx';
import { PathChanges } from './PathChanges.tsx';
import css from './Places.module.css';
import smoke from './Smoke.module.css';
import { SmokeChart } from './SmokeChart.tsx';
import { standingOfSubject } from './site-view.ts';
import { type SmokeSpan, smokeSpans } from './smoke-shape.ts';
import { Traces } from './Traces.tsx';
import { useDerived } from './use-derived.ts';
import { useFacts } from './use-facts.ts';

export function LinkPage({ link }: { link: Subject }) {
  const site = useSubject(link.site);
  const plans = useDerived((tables) => checksOf(tables, link.id).flatMap((id) => tables.plans[id] ?? []));
  const ids = plans.map((plan) => plan.id);
  const thing = useDerived((tables) => standingOfSubject(tables, link));
  const said = useDerived((tables) => readMatrix(columnOf(matrixOf(tables, link.site), link.id)));
  const checkNow = useCheckNow(ids);
  return (
    <>
      <Head
        name={link.name}
        standing={plans.length > 0 ? thing.standing : null}
        what={[site?.name, link.circuit && `circuit ${link.circuit}`].filter(Boolean).join(' · ')}
        text={thing.text}
      >
        {ids.length > 0 && (
          <Button icon={<RefreshCw />} busy={checkNow.running} onClick={checkNow.start}>
            {checkNow.running ? 'Checking…' : 'Check now'}
          </Button>
        )}
        <Button onClick={() => openDialog({ kind: 'note', subject: { kind: 'link', id: link.id } })}>Note</Button>
        <Button onClick={() => openDialog({ kind: 'plan', window: null, affects: [link.id] })}>Plan work</Button>
        <Button onClick={() => select(link.id)}>Show on the desk</Button>
      </Head>
      {plans.length === 0 && (
        <Soft>Nothing is checked here. Give the link a gateway in the inventory, and it is pinged with 20 packets at a time.</Soft>
      )}
      <Sentences said={said} />
      <div className={css.columns}>
        <div className={css.main}>
          <SmokePart plans={plans} />
          <Traces link={link} />
          <Bandwidth plans={plans} />
          {ids.length > 0 && (
            <Part title="Checks">
              <CheckList ids={ids} chosen={null} subject={link} onChoose={(id) => select(link.id, id)} />
            </Part>
          )}
        </div>
        <div className={css.side}>
          <Contacts contacts={link.contacts ?? []} circuit={link.circuit} />
          <OwedPart by={[link.id]} />
          <Carries link={link.id} />
          <PathChanges link={link.id} />
          <PlannedWork on={() => [link.id, link.site ?? link.id]} />
        </div>
      </div>
    </>
  );
}

/** Pings with enough packets for smoke. */
const smokes = (plan: PlannedCheck): boolean => plan.type === 'icmp' && Number(plan.config.packets) >= leastPings;

function SmokePart({ plans }: { plans: readonly PlannedCheck[] }) {
  const [span, setSpan] = useState<SmokeSpan>(smokeSpans[0]);
  const [chosen, setChosen] = useState<string | null>(null);
  const able = plans.filter(smokes);
  const plan = able.find((it) => it.id === chosen) ?? able.find((it) => it.name === 'gateway') ?? able[0];
  const choices = (
    <fieldset className={css.spans} aria-label="Stretch of time">
      {smokeSpans.map((it) => (
        <button key={it.key} type="button" className={css.span} aria-pressed={it.key === span.key} onClick={() => setSpan(it)}>
          {it.label}
        </button>
      ))}
    </fieldset>
  );
  return (
    <Part title="Round trips and loss" aside={plan && choices}>
      {able.length > 1 && (
        <fieldset className={css.spans} aria-label="Check">
          {able.map((it) => (
            <button key={it.id} type="button" className={css.span} aria-pressed={it.id === plan?.id} onClick={() => setChosen(it.id)}>
              {checkLabel(it)}
            </button>
          ))}
        </fieldset>
      )}
      {plan ? (
        <Smoke plan={plan} span={span} />
      ) : (
        <Soft>There is no smoke without a ping of at least {leastPings} packets: a gateway in the inventory gets 20.</Soft>
      )}
    </Part>
  );
}

/** A chart without a point yet is looked at again soon: the first pings of a new link are waited for. */
const emptyRefreshMs = 3_000;

function Smoke({ plan, span }: { plan: PlannedCheck; span: SmokeSpan }) {
  const zone = useZone();
  const [empty, setEmpty] = useState(false);
  const asked = useAsk<{ points: SmokePoint[]; range: { from: number; to: number } }>(
    `smoke ${plan.id} ${span.key}`,
    async () => {
      const to = now();
      const range = { from: to - span.ms, to };
      const reply = await engine.smoke({ check: plan.id, ...range });
      if (!reply.ok) return reply;
      setEmpty(reply.value.points.length === 0);
      return { ok: true, value: { points: reply.value.points, range } };
    },
    { everyMs: empty ? emptyRefreshMs : span.refreshMs },
  );
  const { value } = asked;
  return (
    <>
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          The round trips cannot be shown. {asked.failure}
        </Notice>
      )}
      {!value && !asked.failure && <div className={smoke.empty}>Reading the round trips…</div>}
      {value && value.points.length === 0 && (
        <div className={smoke.empty}>
          No probe of {leastPings} pings or more in {span.long}. Fewer make no smoke, so nothing can be drawn of that time.
        </div>
      )}
      {value && value.points.length > 0 && (
        <>
          <SmokeChart
            points={value.points}
            range={value.range}
            zone={zone}
            intervalMs={plan.intervalMs}
            label={`Round trips to ${plan.target} over ${span.long}`}
          />
          <Soft>Times in {zoneTitle(value.range.to, zone)}</Soft>
        </>
      )}
    </>
  );
}

const isInterface = (plan: PlannedCheck): boolean => plan.type === 'snmp' && plan.config.kind === 'interface';
/** Optics and the like. */
const isValue = (plan: PlannedCheck): boolean => plan.type === 'snmp' && plan.config.kind === 'value';

function Bandwidth({ plans }: { plans: readonly PlannedCheck[] }) {
  const told = plans.filter((plan) => isInterface(plan) || isValue(plan));
  const asked = useFacts(told.map((plan) => plan.id));
  const [span, setSpan] = useState<SpanKey>('24h');
  return (
    <Part title="Bandwidth">
      {told.length === 0 && (
        <Soft>Nobody counts here. A check of type snmp and kind interface on this link shows traffic, errors and drops.</Soft>
      )}
      {told.map((plan) => {
        const lines = groupFacts([plan], asked.seen)
          .flatMap((it) => it.lines)
          .filter((it) => !aboutProbe.test(it.label));
        return (
          <section key={plan.id} aria-label={checkLabel(plan)}>
            <h4 className={css.small}>
              <button type="button" className={css.link} onClick={() => select(plan.subject.id, plan.id)}>
                {checkLabel(plan)}
              </button>
            </h4>
            {lines.length === 0 && (
              <Soft>{asked.asking ? 'Reading what the probe saw…' : 'Nothing is remembered of the newest probe yet.'}</Soft>
            )}
            <dl className={css.facts}>
              {lines.map((line) => (
                <div key={line.key} className={css.fact}>
                  <dt>{line.label}</dt>
                  <dd>{line.value}</dd>
                </div>
              ))}
            </dl>
            <HistoryPanel plan={plan} span={span} onSpan={setSpan} />
          </section>
        );
      })}
    </Part>
  );
}

const carriedBy = (tables: LiveTables, link: string) =>
  Object.values(tables.subjects)
    .filter((it) => it.kind === 'prefix' && it.dependsOn.flat().includes(link))
    .map((it) => ({ id: it.id, name: it.name, site: it.site, traffic: trafficOf(tables, it.id) }));

function Carries({ link }: { link: string }) {
  const ranges = useDerived((tables) => carriedBy(tables, link));
  return (
    <Part title="Carries">
      {ranges.length === 0 && <Soft>No address range names this link in “via”.</Soft>}
      <ul className={css.rows}>
        {ranges.map((it) => (
          <li key={it.id} className={css.row}>
            <StandingMark standing={it.traffic.standing} silent />
            <PlaceLink place={{ kind: 'site', id: it.site }}>{it.name}</PlaceLink>
            <StandingWord standing={it.traffic.standing} />
            {it.traffic.dead > 0 && (
              <span className={css.soft}>
                {it.traffic.dead} of {it.traffic.all} dead
              </span>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

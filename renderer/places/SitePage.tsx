/** A site on one page: what the matrix says in a sentence, circuits, ranges, hosts, warmth, whom to call, what is planned. */
import { useMemo } from 'react';
import { checks } from '../../shared/checks/index.ts';
import type { SeenFacts } from '../../shared/contract.ts';
import { worstStanding } from '../../shared/health/standing.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { count } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { checksOf } from '../state/derive.ts';
import { useLive, useSubject } from '../state/live.ts';
import { openDialog, select } from '../state/view.ts';
import { isInsideCheck, temperaturesOf } from './host-facts.ts';
import { matrixOf, readMatrix } from './matrix.ts';
import { OwedPart } from './OwedPart.tsx';
import { Contacts, Head, Part, PlaceLink, PlannedWork, Sentences, Soft, StandingWord } from './Parts.tsx';
import css from './Places.module.css';
import { PrefixMatrix } from './PrefixMatrix.tsx';
import { idsAt, standingOfSubject, subjectsAt, type Thing } from './site-view.ts';
import { lossText } from './smoke-shape.ts';
import { useDerived } from './use-derived.ts';
import { useFacts } from './use-facts.ts';

/** @param site null = what stands at no site */
export function SitePage({ site }: { site: string | null }) {
  const subject = useSubject(site);
  const matrix = useDerived((tables) => matrixOf(tables, site));
  const said = useMemo(() => readMatrix(matrix), [matrix]);
  const links = useDerived((tables) => subjectsAt(tables, site, 'link').map((it) => standingOfSubject(tables, it)));
  const hosts = useDerived((tables) => subjectsAt(tables, site, 'host').map((it) => standingOfSubject(tables, it)));
  const plans = useDerived((tables) => plansToRead(tables, site));
  const asked = useFacts(plans.map((plan) => plan.id));
  const standing = worstStanding([...links, ...hosts, ...matrix.rows.map((row) => row.traffic)].map((it) => it.standing));
  const empty = links.length + hosts.length + matrix.rows.length === 0;
  return (
    <>
      <Head
        name={subject?.name ?? 'At no site'}
        standing={empty ? null : standing}
        what={[count(links.length, 'link'), count(matrix.rows.length, 'address range'), count(hosts.length, 'server')].join(' · ')}
      >
        {site !== null && <Button onClick={() => openDialog({ kind: 'note', subject: { kind: 'site', id: site } })}>Note</Button>}
        {site !== null && <Button onClick={() => openDialog({ kind: 'plan', window: null, affects: [site] })}>Plan work</Button>}
      </Head>
      <Sentences said={said} />
      {empty && <Soft>Nothing stands here yet. Servers, links and address ranges that name this site in the inventory appear here.</Soft>}
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          What the probes saw cannot be shown. {asked.failure}
        </Notice>
      )}
      {!empty && (
        <div className={css.columns}>
          <div className={css.main}>
            <Part title="Address ranges and the links that carry them">
              <PrefixMatrix matrix={matrix} />
            </Part>
            <Links links={links} plans={plans} seen={asked.seen} />
            <Hosts hosts={hosts} plans={plans} seen={asked.seen} />
          </div>
          <div className={css.side}>
            <Contacts contacts={subject?.contacts ?? []} />
            <OwedPart by={[...(site === null ? [] : [site]), ...links.map((it) => it.id)]} />
            <PlannedWork on={(tables) => idsAt(tables, site)} />
            <Temperatures hosts={hosts} plans={plans} seen={asked.seen} />
          </div>
        </div>
      )}
    </>
  );
}

type ReadPlan = Pick<PlannedCheck, 'id' | 'type' | 'name' | 'config' | 'subject'>;
/** Checks of the site whose facts the page tells: pings of links, and what looks into hosts. */
const plansToRead = (tables: LiveTables, site: string | null): PlannedCheck[] =>
  [...subjectsAt(tables, site, 'link'), ...subjectsAt(tables, site, 'host'), ...(site === null ? [] : [{ id: site }])]
    .flatMap(({ id }) => checksOf(tables, id))
    .flatMap((id) => tables.plans[id] ?? [])
    .filter((plan) => isInsideCheck(plan) || (plan.type === 'icmp' && plan.subject.kind === 'link'));

interface ListProps {
  plans: readonly ReadPlan[];
  seen: Record<string, SeenFacts | null>;
}

function Links({ links, plans, seen }: { links: readonly Thing[] } & ListProps) {
  return (
    <Part title="Links">
      {links.length === 0 ? (
        <Soft>No link ends here. Upstream circuits are written under “links” in the inventory.</Soft>
      ) : (
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">Link</th>
              <th scope="col">State</th>
              <th scope="col" className={css.number}>
                Loss
              </th>
              <th scope="col" className={css.number}>
                Median
              </th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {links.map((it) => {
              const pings = pingOf(plans, seen, it.id);
              return (
                <tr key={it.id}>
                  <th scope="row">
                    <PlaceLink place={{ kind: 'link', id: it.id }}>{it.name}</PlaceLink> <span className={css.soft}>{it.note}</span>
                  </th>
                  <td>
                    <StandingMark standing={it.standing} silent /> <StandingWord standing={it.standing} />
                  </td>
                  <td className={css.number}>{pings?.lossPercent === undefined ? '–' : lossText(pings.lossPercent)}</td>
                  <td className={css.number}>{pings?.medianMs == null ? '–' : humanLatency(pings.medianMs)}</td>
                  <td className={css.text}>{it.text}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Part>
  );
}

/** What the newest ping of a link saw: of its gateway, or of the first check that pings. */
function pingOf(plans: readonly ReadPlan[], seen: ListProps['seen'], link: string) {
  const own = plans.filter((plan) => plan.subject.id === link && plan.type === 'icmp');
  const plan = own.find((it) => it.name === 'gateway') ?? own[0];
  const facts = checks.icmp.observation.safeParse(plan && seen[plan.id]?.facts);
  return facts.success ? facts.data : null;
}

function Hosts({ hosts, plans, seen }: { hosts: readonly Thing[] } & ListProps) {
  return (
    <Part title="Servers">
      {hosts.length === 0 ? (
        <Soft>No server stands here.</Soft>
      ) : (
        <ul className={css.hosts}>
          {hosts.map((it) => {
            const [hottest] = temperaturesOf(plans.filter((plan) => plan.subject.id === it.id) as PlannedCheck[], seen);
            return (
              <li key={it.id} className={css.host} data-standing={it.standing}>
                <StandingMark standing={it.standing} />
                <PlaceLink place={{ kind: 'host', id: it.id }}>{it.name}</PlaceLink>
                {hottest && (
                  <span className={css.warmth} title={`Hottest sensor: ${hottest.sensor}`}>
                    {Math.round(hottest.celsius)} °C
                  </span>
                )}
                {it.text && <span className={css.text}>{it.text}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}

const mostSensors = 12;

function Temperatures({ hosts, plans, seen }: { hosts: readonly Thing[] } & ListProps) {
  const all = temperaturesOf(plans as PlannedCheck[], seen);
  const names = useLive((live) => live.tables.subjects);
  if (hosts.length === 0 && all.length === 0) return null;
  const ownerOf = (check: string): string => plans.find((plan) => plan.id === check)?.subject.id ?? '';
  return (
    <Part title="Temperatures">
      {all.length === 0 && <Soft>No check here knows a temperature. Checks from inside a server, and SNMP values in °C, do.</Soft>}
      <ul className={css.rows}>
        {all.slice(0, mostSensors).map((it) => (
          <li key={`${it.check} ${it.sensor}`} className={css.fact}>
            <button type="button" className={css.link} onClick={() => select(ownerOf(it.check), it.check)}>
              {names[ownerOf(it.check)]?.name ?? ownerOf(it.check)} · {it.sensor}
            </button>
            <span>{Math.round(it.celsius)} °C</span>
          </li>
        ))}
      </ul>
      {all.length > mostSensors && <Soft>and {all.length - mostSensors} cooler ones</Soft>}
    </Part>
  );
}

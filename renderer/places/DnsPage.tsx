/** DNS on one page: every zone on every server with its serial, and below it delegation, changed records on their way, registrations. */
import { type ReactNode, useMemo } from 'react';
import type { SeenFacts } from '../../shared/contract.ts';
import { count } from '../../shared/text.ts';
import { humanDuration, stamp } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { useNow } from '../state/clock.ts';
import { useLive, useZone } from '../state/live.ts';
import { select } from '../state/view.ts';
import css from './Dns.module.css';
import {
  type DnsLine,
  delegationLines,
  dnsChecks,
  dnsStanding,
  domainLines,
  propagationLines,
  recordLines,
  type ServerCell,
  type ZoneTable,
  zoneTables,
} from './dns-table.ts';
import { Head, Part, Soft } from './Parts.tsx';
import place from './Places.module.css';
import { useDerived } from './use-derived.ts';
import { useFacts } from './use-facts.ts';

type Seen = Record<string, SeenFacts | null>;

export function DnsPage() {
  const ids = useDerived((tables) =>
    (['zone', 'propagation', 'domain'] as const).flatMap((type) => dnsChecks(tables, type).map((plan) => plan.id)),
  );
  const asked = useFacts(ids);
  const standing = useLive((live) => dnsStanding(live.tables));
  const any = standing !== null;
  const zones = useLive((live) => dnsChecks(live.tables, 'zone').length);
  const lines = useDerived((tables) => ({ delegations: delegationLines(tables), records: recordLines(tables) }));
  return (
    <>
      <Head name="DNS" standing={standing} what={zones > 0 ? count(zones, 'zone') : ''} />
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          What the probes saw cannot be shown. {asked.failure}
        </Notice>
      )}
      {!any && (
        <Soft>No DNS is checked yet. Checks of type zone, delegation, propagation, domain and dns in the inventory appear here.</Soft>
      )}
      {any && (
        <>
          <Zones seen={asked.seen} />
          <Lines
            title="Delegation"
            lines={lines.delegations}
            empty="No delegation is checked: whether the zone above sends people to the right servers."
          />
          <Propagation seen={asked.seen} />
          <Domains seen={asked.seen} />
          {lines.records.length > 0 && <Lines title="Records and resolvers" lines={lines.records} empty="" />}
        </>
      )}
    </>
  );
}

function Zones({ seen }: { seen: Seen }) {
  const now = useNow('quarter');
  const tables = useDerived((live) => zoneTables(live, seen, now));
  return (
    <Part title="Zones and their servers">
      {tables.length === 0 && <Soft>No zone is checked: whether every name server answers for it, with the same serial.</Soft>}
      {tables.map((table) => (
        <ZoneGrid key={table.rows.map((row) => row.check).join(' ')} table={table} />
      ))}
    </Part>
  );
}

function ZoneGrid({ table }: { table: ZoneTable }) {
  const { servers, rows, behind } = table;
  return (
    <div className={css.block}>
      {behind.length > 0 && (
        <ul className={css.behind}>
          {behind.map((text) => (
            <li key={text}>{text}.</li>
          ))}
        </ul>
      )}
      <div className={css.scroll}>
        <table className={css.zones}>
          <thead>
            <tr>
              <th scope="col">Zone</th>
              <th scope="col">Should be</th>
              {servers.map((it) => (
                <th key={it.name} scope="col">
                  {it.name}
                  {it.hidden && <span className={place.soft}> primary</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.check}>
                <th scope="row">
                  <Named line={{ check: row.check, subject: row.subject, title: row.zone, standing: row.standing, text: row.verdict }} />
                </th>
                <td className={css.should}>{row.serial ?? '–'}</td>
                {row.cells.map((cells, index) => (
                  <td key={servers[index]?.name} className={css.server}>
                    {cells.length === 0 && <span className={place.soft}>not asked</span>}
                    {cells.map((cell, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the addresses of one server, in the order of the probe
                      <Server key={at} cell={cell} />
                    ))}
                  </td>
                ))}
                {servers.length === 0 && <td className={place.text}>{row.verdict}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const shapes = { ok: 'ok', late: 'degraded', bad: 'down', unknown: 'unknown' } as const;

function Server({ cell }: { cell: ServerCell }) {
  return (
    <span className={css.cell} data-tone={cell.tone}>
      <StandingMark standing={shapes[cell.tone]} silent />
      <span className={css.main}>{cell.main}</span>
      {cell.notes.map((note) => (
        <span key={note} className={css.note}>
          {note}
        </span>
      ))}
      {cell.latency && <span className={css.latency}>{cell.latency}</span>}
    </span>
  );
}

/** The mark and the name of a check; a click shows it on the desk. */
function Named({ line }: { line: DnsLine }) {
  return (
    <span className={css.named}>
      <StandingMark standing={line.standing} />
      <button type="button" className={place.link} title={line.text} onClick={() => select(line.subject, line.check)}>
        {line.title}
      </button>
    </span>
  );
}

function Lines({ title, lines, empty }: { title: string; lines: readonly DnsLine[]; empty: string }) {
  return (
    <Part title={title}>
      {lines.length === 0 && <Soft>{empty}</Soft>}
      <ul className={place.rows}>
        {lines.map((it) => (
          <Line key={it.check} line={it}>
            {it.text}
          </Line>
        ))}
      </ul>
    </Part>
  );
}

function Line({ line, children }: { line: DnsLine; children: ReactNode }) {
  return (
    <li className={css.line}>
      <Named line={line} />
      <span className={place.text}>{children}</span>
    </li>
  );
}

const outcomeShape = { seen: 'ok', old: 'degraded', failed: 'unknown' } as const;

function Propagation({ seen }: { seen: Seen }) {
  const lines = useDerived((tables) => propagationLines(tables, seen));
  if (lines.length === 0) return null;
  return (
    <Part title="Changed records on their way">
      <ul className={place.rows}>
        {lines.map((it) => (
          <li key={it.check}>
            <details className={css.details}>
              <summary className={css.line}>
                <Named line={it} />
                <span className={place.text}>{it.text}</span>
              </summary>
              {it.resolvers.length === 0 && <Soft>No answers are remembered yet.</Soft>}
              <ul className={css.resolvers}>
                {it.resolvers.map((resolver) => (
                  <li key={resolver.name}>
                    <StandingMark standing={outcomeShape[resolver.outcome]} silent />
                    <span>{resolver.name}</span>
                    <span className={place.soft}>
                      {resolver.outcome === 'seen' ? 'new' : resolver.outcome === 'old' ? 'old' : 'no answer'}: {resolver.text}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Domains({ seen }: { seen: Seen }) {
  const lines = useDerived((tables) => domainLines(tables, seen));
  const now = useNow('quarter');
  const zone = useZone();
  const soonest = useMemo(() => lines.find((it) => it.expiresAt !== null), [lines]);
  return (
    <Part
      title="Registrations"
      aside={soonest?.expiresAt != null && <span className={place.soft}>the first runs out {when(soonest.expiresAt, now)}</span>}
    >
      {lines.length === 0 && (
        <Soft>No registration is checked. Checks of type domain do it, once they are told which RDAP service to ask.</Soft>
      )}
      <ul className={place.rows}>
        {lines.map((it) => (
          <Line key={it.check} line={it}>
            {it.expiresAt === null ? it.text : `runs out ${when(it.expiresAt, now)}, ${stamp(it.expiresAt, zone)}`}
            {it.registrar && <span className={place.soft}> · {it.registrar}</span>}
          </Line>
        ))}
      </ul>
    </Part>
  );
}
const when = (at: number, now: number): string => (at > now ? `in ${humanDuration(at - now)}` : `${humanDuration(now - at)} ago`);
